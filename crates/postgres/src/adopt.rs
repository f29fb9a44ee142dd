//! Adoption of what is older than the actions of operators (see [`wallet_domain::adopt`]), in the
//! transaction of the step of the schema that asks for it.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel::{result, select};
use uuid::Uuid;
use wallet_domain::{AccessKey, AccountId, AdoptionStore, ChangedMetadata, OperatorAction, adopt};

use crate::keys;
use crate::rows::{account_id, into_query_result, metadata, time};
use crate::schema::{accounts, operator_actions};

/// Adopts what no action tells about; gives the number of actions that were stored.
pub(crate) fn adopt_found(connection: &mut PgConnection) -> QueryResult<u64> {
    keys::lock_lane(connection)?;
    let now: PgTimestamp = select(sql::<Timestamptz>("now()")).get_result(connection)?;
    adopt(&mut Adopting(connection), time(now))
}

struct Adopting<'a>(&'a mut PgConnection);

impl AdoptionStore for Adopting<'_> {
    type Error = result::Error;

    fn keys(&mut self) -> QueryResult<Vec<AccessKey>> {
        keys::list(self.0)
    }

    fn changed_metadata(
        &mut self,
        after: Option<AccountId>,
        limit: u32,
    ) -> QueryResult<Vec<ChangedMetadata>> {
        let after = after.map_or_else(Uuid::nil, |id| id.as_uuid());
        let rows: Vec<(Uuid, i64, Option<String>)> = accounts::table
            .filter(accounts::id.gt(after))
            .filter(accounts::metadata_version.gt(0))
            .order(accounts::id)
            .limit(i64::from(limit))
            .select((accounts::id, accounts::metadata_version, accounts::metadata))
            .load(self.0)?;
        let changed = |(id, version, stored): (Uuid, i64, Option<String>)| {
            into_query_result(account_id(id).and_then(|account_id| {
                Ok(ChangedMetadata {
                    account_id,
                    version: version.try_into()?,
                    metadata: metadata(stored.as_deref())?,
                })
            }))
        };
        rows.into_iter().map(changed).collect()
    }

    fn known_actions(&mut self, ids: &[Uuid]) -> QueryResult<HashSet<Uuid>> {
        let known = operator_actions::table
            .filter(operator_actions::id.eq_any(ids))
            .select(operator_actions::id)
            .load(self.0)?;
        Ok(known.into_iter().collect())
    }

    fn append(&mut self, made: &[AccessKey], actions: &[OperatorAction]) -> QueryResult<()> {
        keys::act(self.0, made, actions)
    }
}
