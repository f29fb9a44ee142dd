//! Locks accounts, and stores new ones.

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use uuid::Uuid;
use wallet_domain::{Account, AccountId};

use crate::columns::NewAccounts;
use crate::schema::accounts;

/// Locks those of the accounts that exist, in id order. Other writers of them wait until the
/// transaction ends. The next statement sees what they have committed before.
pub(crate) fn account_lock(
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
pub(crate) fn account_insert(
    connection: &mut PgConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    AccountInsert(NewAccounts::new(accounts)?).execute(connection)
}

struct AccountInsert<'a>(NewAccounts<'a>);

impl QueryId for AccountInsert<'_> {
    type QueryId = AccountInsert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for AccountInsert<'_> {
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

impl RunQueryDsl<PgConnection> for AccountInsert<'_> {}
