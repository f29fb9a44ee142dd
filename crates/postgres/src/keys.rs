//! The API keys: few rows, read one at a time and rarely written.

use std::slice;

use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_query;
use wallet_domain::storage::stored_scopes;
use wallet_domain::{AccessKey, AccessKeys, Actor, OperatorAction, StoreError, Timestamp};

use crate::rows::{AccessKeyRow, into_query_result, stored_accounts, stored_time};
use crate::schema::access_keys;
use crate::store::PostgresStore;
use crate::{chain, occasional};

/// The advisory lock for changes to keys; "keys" in ASCII.
const LANE_LOCK: i64 = 0x6b_65_79_73;

impl AccessKeys for PostgresStore {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        self.readers.look_up("read a key", |connection| {
            let row: Option<AccessKeyRow> = access_keys::table
                .find(prefix)
                .first(connection)
                .optional()?;
            row.map(|row| into_query_result(row.into_key())).transpose()
        })
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.readers.read("list the keys", list)
    }

    fn add_access_key(
        &self,
        key: &AccessKey,
        created_by: Option<&Actor>,
    ) -> Result<(), StoreError> {
        self.write("keep a key", |connection| {
            with_lane_lock(connection, |connection| {
                insert(connection, key)?;
                let action = OperatorAction::key_created(key, created_by);
                record_actions(connection, slice::from_ref(key), &[action])
            })
        })
    }

    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        self.write("revoke a key", |connection| {
            with_lane_lock(connection, |connection| {
                let revoked_at: Option<Option<PgTimestamp>> = access_keys::table
                    .find(prefix)
                    .select(access_keys::revoked_at)
                    .for_update()
                    .first(connection)
                    .optional()?;
                if revoked_at == Some(None) {
                    diesel::update(access_keys::table.find(prefix))
                        .set(access_keys::revoked_at.eq(stored_time(at)))
                        .execute(connection)?;
                    let action = OperatorAction::key_revoked(prefix, at, created_by);
                    record_actions(connection, &[], &[action])?;
                }
                Ok(revoked_at.is_some())
            })
        })
    }

    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        self.write("keep a key", |connection| insert(connection, key))
    }

    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError> {
        self.write("adopt records", |connection| {
            with_lane_lock(connection, |connection| {
                record_actions(connection, keys, actions)
            })
        })
    }
}

/// Runs a transaction that continues the lane of keys, one at a time.
fn with_lane_lock<T>(
    connection: &mut PgConnection,
    statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    connection.transaction(|connection| {
        lock_lane(connection)?;
        statements(connection)
    })
}

/// Waits until no other transaction changes keys, and blocks others until this one ends.
///
/// Call it first: a transaction that waits for the lane must not hold the lock of a key. Later
/// statements must see what earlier holders committed, so this needs READ COMMITTED, which every
/// session has.
fn lock_lane(connection: &mut PgConnection) -> QueryResult<()> {
    // The DSL has no functions that return nothing.
    sql_query(format!("SELECT pg_advisory_xact_lock({LANE_LOCK})")).execute(connection)?;
    Ok(())
}

pub(crate) fn list(connection: &mut PgConnection) -> QueryResult<Vec<AccessKey>> {
    let order = (access_keys::created_at.desc(), access_keys::prefix);
    let rows: Vec<AccessKeyRow> = access_keys::table.order(order).load(connection)?;
    let keys = rows
        .into_iter()
        .map(|row| into_query_result(row.into_key()));
    keys.collect()
}

fn insert(connection: &mut PgConnection, key: &AccessKey) -> QueryResult<()> {
    diesel::insert_into(access_keys::table)
        .values((
            access_keys::prefix.eq(&key.prefix),
            access_keys::actor.eq(key.actor.as_str()),
            access_keys::secret_hash.eq(&key.secret_hash.0[..]),
            access_keys::scopes.eq(stored_scopes(&key.scopes)),
            access_keys::accounts.eq(key.accounts.as_ref().map(stored_accounts)),
            access_keys::created_at.eq(stored_time(key.created_at)),
            access_keys::expires_at.eq(key.expires_at.map(stored_time)),
            access_keys::revoked_at.eq(key.revoked_at.map(stored_time)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Stores actions on keys, and their link.
fn record_actions(
    connection: &mut PgConnection,
    keys: &[AccessKey],
    actions: &[OperatorAction],
) -> QueryResult<()> {
    chain::append_actions(connection, keys, actions)?;
    occasional::operator_action_insert(connection, actions)?;
    Ok(())
}
