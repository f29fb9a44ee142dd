//! Adoption of what is older than the actions of operators (see [`wallet_domain::adopt`]), in the
//! transaction of the step of the schema that asks for it.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{result, select};
use uuid::Uuid;
use wallet_domain::{
    AccessKey, AccountId, AdoptionStore, ChangedMetadata, OperatorAction, Timestamp, adopt,
};

use crate::keys;
use crate::rows::{Id, Version, Words, into_query_result, stored_id, words};
use crate::schema::{account_states, operator_actions};

/// Adopts what no action tells about; gives the number of actions that were stored. The transaction
/// must have the lock for writing.
pub(crate) fn adopt_found(connection: &mut SqliteConnection) -> QueryResult<u64> {
    let now = sql::<BigInt>("CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000");
    let now = Timestamp::from_micros(select(now).get_result(connection)?);
    adopt(&mut Adopting(connection), now)
}

struct Adopting<'a>(&'a mut SqliteConnection);

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
        let after = after.map_or_else(Vec::new, |id| stored_id(id.as_uuid()));
        let columns = (
            account_states::id,
            account_states::metadata_version,
            account_states::metadata,
        );
        let rows: Vec<(Id, Version, Option<Words>)> = account_states::table
            .filter(account_states::id.gt(after))
            .filter(account_states::metadata_version.gt(0))
            .order(account_states::id)
            .limit(i64::from(limit))
            .select(columns)
            .load(self.0)?;
        let changed = |(id, version, metadata): (Id, Version, Option<Words>)| {
            Ok(ChangedMetadata {
                account_id: into_query_result(id.account())?,
                version: version.0,
                metadata: words(metadata),
            })
        };
        rows.into_iter().map(changed).collect()
    }

    fn known_actions(&mut self, ids: &[Uuid]) -> QueryResult<HashSet<Uuid>> {
        let ids = ids.iter().map(|id| stored_id(*id));
        let known: Vec<Id> = operator_actions::table
            .filter(operator_actions::id.eq_any(ids))
            .select(operator_actions::id)
            .load(self.0)?;
        Ok(known.into_iter().map(|id| id.0).collect())
    }

    fn append(&mut self, made: &[AccessKey], actions: &[OperatorAction]) -> QueryResult<()> {
        keys::act(self.0, made, actions)
    }
}
