//! The statements of a transaction: each is about all rows of a batch at once, takes the rows as arrays
//! (see [`crate::columns`]), and is prepared once in a connection's life.
//!
//! diesel keeps a prepared statement only where the type of a query says that its text never changes;
//! its own inserts of several rows and `sql_query` do not say so. Hence query types of our own, each with
//! a `QueryId` that does.

mod record;

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::{Account, AccountId};

pub(crate) use record::record;

use crate::columns::NewAccounts;
use crate::rows::{AccountRow, HoldRow, TransferRow};
use crate::schema::holds;

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
             external_id, opening_metadata, metadata, metadata_version, \
             held, credit_limit, status, velocity_limits \
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
        Nullable<Numeric>,
        Nullable<Numeric>,
        Nullable<SmallInt>,
        Nullable<Text>,
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
             s.held, s.credit_limit, s.status, \
             t.receiver_account_id, t.receiver_version, r.balance, \
             r.held, r.credit_limit, r.status, \
             t.reference, t.metadata, t.effective_at, t.created_by, t.reverses, t.reversed_amount, \
             t.hold_id, t.hold_amount, t.hold_captured, t.hold_state, t.hold_created_at, \
             t.hold_expires_at, t.credit_limit, t.status, t.velocity_limits, \
             t.leader_id, t.followers, t.quote_id \
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

type Side = (
    Nullable<SqlUuid>,
    Nullable<BigInt>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<SmallInt>,
);

type HoldOfTransfer = (
    Nullable<SqlUuid>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<SmallInt>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
);

impl Query for LoadTransfers {
    type SqlType = (
        SqlUuid,
        SmallInt,
        Text,
        Numeric,
        Timestamptz,
        Side,
        Side,
        (
            Nullable<Text>,
            Nullable<Text>,
            Nullable<Timestamptz>,
            Nullable<Text>,
        ),
        Nullable<SqlUuid>,
        Nullable<Numeric>,
        HoldOfTransfer,
        (Nullable<Numeric>, Nullable<SmallInt>, Nullable<Text>),
        (Nullable<SqlUuid>, Nullable<SmallInt>, Nullable<SqlUuid>),
    );
}

impl RunQueryDsl<PgConnection> for LoadTransfers {}

/// The holds of these ids, whichever exist.
pub(crate) fn load_holds(
    connection: &mut PgConnection,
    ids: impl IntoIterator<Item = Uuid>,
) -> QueryResult<Vec<HoldRow>> {
    LoadHolds(ids.into_iter().collect()).load(connection)
}

struct LoadHolds(Vec<Uuid>);

impl QueryId for LoadHolds {
    type QueryId = LoadHolds;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LoadHolds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT id, sender_account_id, receiver_account_id, currency_code, amount, captured, \
             state, created_at, expires_at FROM holds WHERE id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl Query for LoadHolds {
    type SqlType = holds::SqlType;
}

impl RunQueryDsl<PgConnection> for LoadHolds {}

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
             updated_at, held, credit_limit, status, listed_at, metadata) \
             SELECT *, updated_at, opening_metadata FROM unnest(",
        );
        self.0.push(&mut out)?;
        out.push_sql(
            ") AS row (currency_code, created_at, external_id, opening_metadata, id, balance, \
             version, updated_at, held, credit_limit, status)",
        );
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for InsertAccounts<'_> {}
