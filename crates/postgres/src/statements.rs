//! The statements of a transaction: each is about all rows of a batch at once, takes the rows as arrays
//! (see [`crate::columns`]), and is prepared once in a connection's life.
//!
//! diesel keeps a prepared statement for each type of query that has a static `QueryId`, and else for each
//! text, unless the query says that its text differs each time. Inserts of several rows and `sql_query` say
//! so, and are planned at every call. Hence query types of our own.

mod load;
mod record;

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use uuid::Uuid;
use wallet_domain::{Account, AccountId};

pub(crate) use load::{Loaded, load, load_transfers};
pub(crate) use record::record;

use crate::columns::NewAccounts;
use crate::schema::accounts;

/// Locks the accounts of these ids, whichever exist, in id order. Other writers of them wait until the transaction ends;
/// what they committed before is seen by the next statement.
pub(crate) fn lock_accounts(
    connection: &mut PgConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<()> {
    let ids: Vec<Uuid> = ids.iter().map(AccountId::as_uuid).collect();
    let locked = accounts::table
        .filter(accounts::id.eq_any(ids))
        .order(accounts::id)
        .select(accounts::id)
        .for_no_key_update();
    locked.load::<Uuid>(connection).map(drop)
}

/// Stores new accounts as they are after a batch.
pub(crate) fn insert_accounts(
    connection: &mut PgConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    InsertAccounts(NewAccounts::new(accounts)?).execute(connection)
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
