//! The statements of a transaction: each is about all rows of a batch at once, has one bound value (see
//! [`crate::packed`]), and is prepared once in a connection's life.
//!
//! diesel keeps a prepared statement only where the type of a query says that its text never changes;
//! its own inserts of several rows and `sql_query` do not say so. Hence query types of our own.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;
use wallet_domain::{Account, AccountId, Direction, Transfer, TransferId, TransferPart};

use crate::packed::{Field, Layout, Records, insert, update, with_record};
use crate::rows::{AccountRow, TransferRow, code_of_direction, code_of_type};

/// Wide enough for 38 digits, a zero before the point, the point and a sign.
const AMOUNT_WIDTH: usize = 41;
/// The longest currency code.
const CODE_WIDTH: usize = 12;

const AMOUNT: Field = Field::Text(AMOUNT_WIDTH);
const CODE: Field = Field::Text(CODE_WIDTH);

const IDS: &Layout = &[("id", Field::Id)];

/// The accounts of these ids, whichever exist.
pub(crate) fn load_accounts(
    connection: &mut SqliteConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<Vec<AccountRow>> {
    load::<LoadAccounts, _>(connection, &records_of(ids.iter().map(AccountId::as_uuid)))
}

struct LoadAccounts;

impl Statement for LoadAccounts {
    type SqlType = (Binary, Text, Text, BigInt, BigInt, BigInt);

    fn sql() -> &'static str {
        // CROSS JOIN keeps the order of the tables: from the few ids to the many accounts.
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT id, currency_code, balance, version, created_at, updated_at \
                   FROM record CROSS JOIN accounts ON id = substr(?1, at, 16)"
        });
        &SQL
    }
}

/// The transfers of these ids, whichever exist, each with the balances of its parts.
pub(crate) fn load_transfers(
    connection: &mut SqliteConnection,
    ids: &BTreeSet<TransferId>,
) -> QueryResult<Vec<TransferRow>> {
    load::<LoadTransfers, _>(connection, &records_of(ids.iter().map(TransferId::as_uuid)))
}

struct LoadTransfers;

type Side = (Nullable<Binary>, Nullable<BigInt>, Nullable<Text>);

impl Statement for LoadTransfers {
    type SqlType = (Binary, Integer, Text, Text, BigInt, Side, Side);

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT t.id, t.type, t.currency_code, t.amount, t.created_at, \
                   t.sender_account_id, t.sender_version, s.balance, \
                   t.receiver_account_id, t.receiver_version, r.balance \
                   FROM record CROSS JOIN transfers t ON t.id = substr(?1, at, 16) \
                   LEFT JOIN transfer_parts s \
                   ON s.account_id = t.sender_account_id AND s.version = t.sender_version \
                   LEFT JOIN transfer_parts r \
                   ON r.account_id = t.receiver_account_id AND r.version = t.receiver_version"
        });
        &SQL
    }
}

/// Stores new accounts.
pub(crate) fn insert_accounts(
    connection: &mut SqliteConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let mut records = Records::default();
    for account in accounts {
        records.id(account.id.as_uuid());
        records.text(account.currency_code, CODE_WIDTH);
        records.text(&account.balance, AMOUNT_WIDTH);
        records.integer(stored(account.version)?);
        records.integer(account.created_at.as_micros());
        records.integer(account.updated_at.as_micros());
        records.integer(account.updated_at.as_micros());
    }
    execute::<InsertAccounts>(connection, &records)
}

struct InsertAccounts;

impl Statement for InsertAccounts {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [
                ("id", Field::Id),
                ("currency_code", CODE),
                ("balance", AMOUNT),
                ("version", Field::Integer),
                ("created_at", Field::Integer),
                ("updated_at", Field::Integer),
                ("listed_at", Field::Integer),
            ];
            insert("accounts", &layout)
        });
        &SQL
    }
}

/// Stores what a batch changed about accounts.
pub(crate) fn update_accounts(
    connection: &mut SqliteConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let mut records = Records::default();
    for account in accounts {
        records.id(account.id.as_uuid());
        records.text(&account.balance, AMOUNT_WIDTH);
        records.integer(stored(account.version)?);
        records.integer(account.updated_at.as_micros());
    }
    execute::<UpdateAccounts>(connection, &records)
}

struct UpdateAccounts;

impl Statement for UpdateAccounts {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [
                ("id", Field::Id),
                ("balance", AMOUNT),
                ("version", Field::Integer),
                ("updated_at", Field::Integer),
            ];
            update("accounts", &layout)
        });
        &SQL
    }
}

/// Brings the place in the list of accounts up to date, for those that have fallen behind.
pub(crate) fn relist_accounts(
    connection: &mut SqliteConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let records = records_of(accounts.iter().map(|account| account.id.as_uuid()));
    execute::<RelistAccounts>(connection, &records)
}

struct RelistAccounts;

impl Statement for RelistAccounts {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "UPDATE OR FAIL accounts SET listed_at = updated_at FROM record \
                   WHERE id = substr(?1, at, 16) AND updated_at > listed_at + 10000000"
        });
        &SQL
    }
}

/// Stores new transfers, without their parts.
pub(crate) fn insert_transfers(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    // In the order of the table, so that neighbours are written to a page together.
    let mut sorted: Vec<&Transfer> = transfers.iter().collect();
    sorted.sort_unstable_by_key(|transfer| transfer.id);

    let mut records = Records::default();
    for transfer in sorted {
        let side = |direction| {
            transfer
                .parts
                .iter()
                .find(|part| part.direction == direction)
        };
        records.id(transfer.id.as_uuid());
        records.integer(code_of_type(transfer.transfer_type));
        records.text(transfer.currency_code, CODE_WIDTH);
        records.text(&transfer.amount, AMOUNT_WIDTH);
        for part in [side(Direction::Outgoing), side(Direction::Incoming)] {
            records.optional_id(part.map(|part| part.account_id.as_uuid()));
            records.integer(stored(part.map_or(0, |part| part.version))?);
        }
        records.integer(transfer.created_at.as_micros());
    }
    execute::<InsertTransfers>(connection, &records)
}

struct InsertTransfers;

impl Statement for InsertTransfers {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [
                ("id", Field::Id),
                ("type", Field::Integer),
                ("currency_code", CODE),
                ("amount", AMOUNT),
                ("sender_account_id", Field::OptionalId),
                ("sender_version", Field::OptionalInteger),
                ("receiver_account_id", Field::OptionalId),
                ("receiver_version", Field::OptionalInteger),
                ("created_at", Field::Integer),
            ];
            insert("transfers", &layout)
        });
        &SQL
    }
}

/// Stores the parts of new transfers.
pub(crate) fn insert_transfer_parts(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let mut sorted: Vec<&TransferPart> = transfers.iter().flat_map(|t| &t.parts).collect();
    sorted.sort_unstable_by_key(|part| (part.account_id, part.version));

    let mut records = Records::default();
    for part in sorted {
        records.id(part.account_id.as_uuid());
        records.integer(stored(part.version)?);
        records.id(part.transfer_id.as_uuid());
        records.integer(code_of_type(part.transfer_type));
        records.optional_id(part.corresponding_account_id.map(|id| id.as_uuid()));
        records.integer(code_of_direction(part.direction));
        records.text(&part.amount, AMOUNT_WIDTH);
        records.text(&part.balance, AMOUNT_WIDTH);
        records.integer(part.created_at.as_micros());
    }
    execute::<InsertTransferParts>(connection, &records)
}

struct InsertTransferParts;

impl Statement for InsertTransferParts {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [
                ("account_id", Field::Id),
                ("version", Field::Integer),
                ("transfer_id", Field::Id),
                ("type", Field::Integer),
                ("corresponding_account_id", Field::OptionalId),
                ("direction", Field::Integer),
                ("amount", AMOUNT),
                ("balance", AMOUNT),
                ("created_at", Field::Integer),
            ];
            insert("transfer_parts", &layout)
        });
        &SQL
    }
}

/// A statement whose text never changes, over the records of `?1`.
trait Statement: 'static {
    /// The types of the columns that it gives.
    type SqlType;

    fn sql() -> &'static str;
}

/// A [`Statement`] with the records that it is about, as diesel sees it.
struct Over<'a, S> {
    records: &'a [u8],
    statement: PhantomData<S>,
}

impl<'a, S> Over<'a, S> {
    fn new(records: &'a Records) -> Self {
        Self {
            records: records.bytes(),
            statement: PhantomData,
        }
    }
}

impl<S: Statement> QueryFragment<Sqlite> for Over<'_, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        // diesel writes a placeholder as "?"; the first one is number 1, and "?1" means it again.
        let (before, after) = S::sql().split_once("?1").unwrap_or((S::sql(), ""));
        out.push_sql(before);
        out.push_bind_param::<Binary, _>(self.records)?;
        out.push_sql(after);
        Ok(())
    }
}

/// One type, one text: this is what lets diesel keep the prepared statement.
impl<S: Statement> QueryId for Over<'_, S> {
    type QueryId = Over<'static, S>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Statement> Query for Over<'_, S> {
    type SqlType = S::SqlType;
}

impl<S> RunQueryDsl<SqliteConnection> for Over<'_, S> {}

fn load<'q, S, Row>(
    connection: &mut SqliteConnection,
    records: &'q Records,
) -> QueryResult<Vec<Row>>
where
    S: Statement,
    Over<'q, S>: diesel::query_dsl::LoadQuery<'q, SqliteConnection, Row>,
{
    Over::<S>::new(records).load(connection)
}

fn execute<S: Statement>(
    connection: &mut SqliteConnection,
    records: &Records,
) -> QueryResult<usize> {
    Over::<S>::new(records).execute(connection)
}

fn records_of(ids: impl Iterator<Item = Uuid>) -> Records {
    let mut records = Records::default();
    for id in ids {
        records.id(id);
    }
    records
}

/// A version as SQLite's integer; there it ends at 2^63, which no history reaches.
fn stored(version: u64) -> QueryResult<i64> {
    i64::try_from(version).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

#[cfg(test)]
mod tests {
    use diesel::dsl::sql;
    use diesel::sqlite::SqliteConnection;

    use super::*;
    use crate::migrate::migrate;

    /// The plan of a statement, a line for each step.
    fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
        type Step = (Integer, Integer, Integer, Text);
        let explained = format!("EXPLAIN QUERY PLAN {statement}");
        let steps = sql::<Step>(&explained).load::<(i32, i32, i32, String)>(connection);
        steps
            .expect("the statement has a plan")
            .into_iter()
            .map(|step| step.3)
            .collect()
    }

    #[test]
    fn no_statement_of_a_transaction_walks_through_a_table() {
        let mut connection = SqliteConnection::establish(":memory:").expect("memory opens");
        migrate(&mut connection, std::path::Path::new(":memory:")).expect("migrates");
        let statements = [
            (LoadAccounts::sql(), 1),
            (LoadTransfers::sql(), 3),
            (InsertAccounts::sql(), 0),
            (UpdateAccounts::sql(), 1),
            (RelistAccounts::sql(), 1),
            (InsertTransfers::sql(), 0),
            (InsertTransferParts::sql(), 0),
        ];
        for (statement, searches) in statements {
            let plan = plan(&mut connection, statement);
            // "record" is the batch itself.
            let walks = |step: &&String| step.contains("SCAN") && !step.contains("SCAN record");
            let walks: Vec<_> = plan
                .iter()
                .filter(walks)
                .filter(|step| *step != "SCAN CONSTANT ROW")
                .collect();
            assert!(walks.is_empty(), "{statement}: {plan:#?}");
            let found = plan.iter().filter(|step| step.contains("SEARCH")).count();
            assert_eq!(found, searches, "{statement}: {plan:#?}");
        }
    }
}
