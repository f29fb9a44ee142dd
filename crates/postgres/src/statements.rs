//! The statements of a transaction: each is about all rows of a batch at once, takes the rows as arrays
//! (see [`crate::columns`]), and is prepared once in a connection's life.
//!
//! diesel keeps a prepared statement only where the type of a query says that its text never changes;
//! its own inserts of several rows and `sql_query` do not say so. Hence query types of our own, each with
//! a `QueryId` that does.

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::{Account, AccountId, WriteSet};

use crate::columns::{AccountStates, Details, NewAccounts, TransferParts, Transfers};
use crate::rows::{AccountRow, TransferRow};

/// The accounts of these ids, whichever exist.
pub(crate) fn load_accounts(
    connection: &mut PgConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<Vec<AccountRow>> {
    LoadAccounts(ids.iter().map(AccountId::as_uuid).collect()).load(connection)
}

/// Locks the accounts of these ids, whichever exist, in id order, and gives them as they are under the
/// lock: a row that had to be waited for is read again when its lock is granted.
pub(crate) fn lock_accounts(
    connection: &mut PgConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<Vec<AccountRow>> {
    LockAccounts(LoadAccounts(ids.iter().map(AccountId::as_uuid).collect())).load(connection)
}

struct LoadAccounts(Vec<Uuid>);

impl QueryId for LoadAccounts {
    type QueryId = LoadAccounts;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LoadAccounts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT id, currency_code, balance, version, created_at, updated_at, \
             external_id, opening_metadata, metadata, metadata_version \
             FROM accounts WHERE id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl Query for LoadAccounts {
    type SqlType = (
        SqlUuid,
        Text,
        Numeric,
        BigInt,
        Timestamptz,
        Timestamptz,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        BigInt,
    );
}

impl RunQueryDsl<PgConnection> for LoadAccounts {}

struct LockAccounts(LoadAccounts);

impl QueryId for LockAccounts {
    type QueryId = LockAccounts;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LockAccounts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY id FOR NO KEY UPDATE");
        Ok(())
    }
}

impl Query for LockAccounts {
    type SqlType = <LoadAccounts as Query>::SqlType;
}

impl RunQueryDsl<PgConnection> for LockAccounts {}

/// The transfers of these ids, whichever exist, each with the balances of its parts.
pub(crate) fn load_transfers(
    connection: &mut PgConnection,
    ids: impl IntoIterator<Item = Uuid>,
) -> QueryResult<Vec<TransferRow>> {
    LoadTransfers(ids.into_iter().collect()).load(connection)
}

struct LoadTransfers(Vec<Uuid>);

impl QueryId for LoadTransfers {
    type QueryId = LoadTransfers;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LoadTransfers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT t.id, t.type, t.currency_code, t.amount, t.created_at, \
             t.sender_account_id, t.sender_version, s.balance, \
             t.receiver_account_id, t.receiver_version, r.balance, \
             t.reference, t.metadata, t.effective_at, t.reverses, t.reversed_amount \
             FROM transfers t \
             LEFT JOIN transfer_parts s \
             ON s.account_id = t.sender_account_id AND s.version = t.sender_version \
             LEFT JOIN transfer_parts r \
             ON r.account_id = t.receiver_account_id AND r.version = t.receiver_version \
             WHERE t.id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

type Side = (Nullable<SqlUuid>, Nullable<BigInt>, Nullable<Numeric>);

impl Query for LoadTransfers {
    type SqlType = (
        SqlUuid,
        SmallInt,
        Text,
        Numeric,
        Timestamptz,
        Side,
        Side,
        (Nullable<Text>, Nullable<Text>, Nullable<Timestamptz>),
        Nullable<SqlUuid>,
        Nullable<Numeric>,
    );
}

impl RunQueryDsl<PgConnection> for LoadTransfers {}

/// Stores new accounts as they are after a batch.
pub(crate) fn insert_accounts(
    connection: &mut PgConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    InsertAccounts(NewAccounts::of(accounts)?).execute(connection)
}

struct InsertAccounts<'a>(NewAccounts<'a>);

impl QueryId for InsertAccounts<'_> {
    type QueryId = InsertAccounts<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for InsertAccounts<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO accounts \
             (currency_code, created_at, external_id, opening_metadata, id, balance, version, \
             updated_at, listed_at, metadata) \
             SELECT *, updated_at, opening_metadata FROM unnest(",
        );
        self.0.push(&mut out)?;
        out.push_sql(
            ") AS row (currency_code, created_at, external_id, opening_metadata, id, balance, \
             version, updated_at)",
        );
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for InsertAccounts<'_> {}

/// Stores new transfers with their parts and what they made of the accounts: the three tables in one
/// statement, which is one round trip.
pub(crate) fn record(connection: &mut PgConnection, writes: &WriteSet) -> QueryResult<usize> {
    let details = Details::of(&writes.transfers)?;
    let record = Record::<false> {
        accounts: AccountStates::of(writes.accounts_changed.iter())?,
        transfers: Transfers::of(&writes.transfers)?,
        parts: TransferParts::of(&writes.transfers)?,
        details: None,
    };
    match details {
        None => record.execute(connection),
        Some(details) => record.with(details).execute(connection),
    }
}

/// Two statements: most transfers have no details, and columns that are not written cost nothing.
struct Record<'a, const DETAILS: bool> {
    accounts: AccountStates<'a>,
    transfers: Transfers<'a>,
    parts: TransferParts<'a>,
    /// As the type says.
    details: Option<Details<'a>>,
}

impl<'a> Record<'a, false> {
    fn with(self, details: Details<'a>) -> Record<'a, true> {
        Record {
            accounts: self.accounts,
            transfers: self.transfers,
            parts: self.parts,
            details: Some(details),
        }
    }
}

impl<const DETAILS: bool> QueryId for Record<'_, DETAILS> {
    type QueryId = Record<'static, DETAILS>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const DETAILS: bool> QueryFragment<Pg> for Record<'_, DETAILS> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH new_transfers AS (\
             INSERT INTO transfers \
             (id, type, currency_code, amount, sender_account_id, sender_version, \
             receiver_account_id, receiver_version, created_at",
        );
        if DETAILS {
            out.push_sql(", reference, metadata, effective_at, reverses");
        }
        out.push_sql(") SELECT * FROM unnest(");
        self.transfers.push(&mut out)?;
        if let Some(details) = &self.details {
            out.push_sql(", ");
            details.push(&mut out)?;
        }
        out.push_sql(
            ")), new_parts AS (\
             INSERT INTO transfer_parts \
             (account_id, version, transfer_id, type, corresponding_account_id, direction, \
             amount, balance, created_at",
        );
        if DETAILS {
            out.push_sql(", effective_at");
        }
        out.push_sql(") SELECT * FROM unnest(");
        self.parts.push(&mut out)?;
        if DETAILS {
            out.push_sql(", ");
            self.parts.push_effective_at(&mut out)?;
        }
        out.push_sql(
            ")) \
             UPDATE accounts SET balance = row.balance, version = row.version, \
             updated_at = row.updated_at, \
             listed_at = CASE WHEN row.updated_at > listed_at + interval '10 seconds' \
             THEN row.updated_at ELSE listed_at END \
             FROM unnest(",
        );
        self.accounts.push(&mut out)?;
        out.push_sql(") AS row (id, balance, version, updated_at) WHERE accounts.id = row.id");
        Ok(())
    }
}

impl<const DETAILS: bool> RunQueryDsl<PgConnection> for Record<'_, DETAILS> {}
