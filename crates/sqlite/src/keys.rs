//! The API keys: few rows, read one at a time and rarely written.

use std::path::Path;
use std::slice;

use diesel::prelude::*;
use wallet_domain::storage::{Cause, stored_scopes};
use wallet_domain::{AccessKey, AccessKeys, Actor, OperatorAction, StoreError, Timestamp};

use crate::connect::SharedFile;
use crate::error::{OpenError, failed, failed_write};
use crate::rows::{AccessKeyRow, into_query_result, stored_accounts};
use crate::schema::access_keys;
use crate::store::SqliteStore;
use crate::{chain, occasional};

impl AccessKeys for SqliteStore {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        self.readers
            .look_up("read a key", |connection| find(connection, prefix))
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.readers.read("list the keys", list)
    }

    fn add_access_key(
        &self,
        key: &AccessKey,
        created_by: Option<&Actor>,
    ) -> Result<(), StoreError> {
        self.write("keep a key", |connection| add(connection, key, created_by))
    }

    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        self.write("revoke a key", |connection| {
            revoke(connection, prefix, at, created_by)
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
            record_adopted(connection, keys, actions)
        })
    }
}

/// The keys of a ledger that another process may have open. SQLite's own locks serialize their
/// writes, and the other process caches nothing that depends on them.
pub struct SqliteKeys(SharedFile);

impl SqliteKeys {
    /// Opens the file of an existing ledger with an up-to-date schema.
    ///
    /// # Errors
    /// [`OpenError`], which names the file.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        SharedFile::open(path).map(Self)
    }

    fn read<T>(
        &self,
        action: &'static str,
        query: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connect(action)?;
        query(&mut connection).map_err(|error| self.failed(action, error.into()))
    }

    /// `statements` are one transaction.
    fn write<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connect(action)?;
        statements(&mut connection).map_err(|error| failed_write(self.name(), action, error))
    }

    fn connect(&self, action: &'static str) -> Result<SqliteConnection, StoreError> {
        self.0.connect().map_err(|error| self.failed(action, error))
    }

    fn failed(&self, action: &'static str, source: Cause) -> StoreError {
        failed(self.name(), action, source).not_committed()
    }

    fn name(&self) -> String {
        self.0.path().display().to_string()
    }
}

impl AccessKeys for SqliteKeys {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        self.read("read a key", |connection| find(connection, prefix))
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.read("list the keys", list)
    }

    fn add_access_key(
        &self,
        key: &AccessKey,
        created_by: Option<&Actor>,
    ) -> Result<(), StoreError> {
        self.write("keep a key", |connection| add(connection, key, created_by))
    }

    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        self.write("revoke a key", |connection| {
            revoke(connection, prefix, at, created_by)
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
            record_adopted(connection, keys, actions)
        })
    }
}

fn find(connection: &mut SqliteConnection, prefix: &str) -> QueryResult<Option<AccessKey>> {
    let row: Option<AccessKeyRow> = access_keys::table
        .find(prefix)
        .first(connection)
        .optional()?;
    row.map(|row| into_query_result(row.into_key())).transpose()
}

pub(crate) fn list(connection: &mut SqliteConnection) -> QueryResult<Vec<AccessKey>> {
    let order = (access_keys::created_at.desc(), access_keys::prefix);
    let rows: Vec<AccessKeyRow> = access_keys::table.order(order).load(connection)?;
    let keys = rows
        .into_iter()
        .map(|row| into_query_result(row.into_key()));
    keys.collect()
}

fn add(
    connection: &mut SqliteConnection,
    key: &AccessKey,
    created_by: Option<&Actor>,
) -> QueryResult<()> {
    connection.immediate_transaction(|connection| {
        insert(connection, key)?;
        let action = OperatorAction::key_created(key, created_by);
        record_actions(connection, slice::from_ref(key), &[action])
    })
}

fn record_adopted(
    connection: &mut SqliteConnection,
    keys: &[AccessKey],
    actions: &[OperatorAction],
) -> QueryResult<()> {
    connection.immediate_transaction(|connection| record_actions(connection, keys, actions))
}

/// Stores actions on keys, and their link.
fn record_actions(
    connection: &mut SqliteConnection,
    keys: &[AccessKey],
    actions: &[OperatorAction],
) -> QueryResult<()> {
    chain::append_actions(connection, keys, actions)?;
    occasional::operator_action_insert(connection, actions)?;
    Ok(())
}

fn insert(connection: &mut SqliteConnection, key: &AccessKey) -> QueryResult<()> {
    diesel::insert_into(access_keys::table)
        .values((
            access_keys::prefix.eq(&key.prefix),
            access_keys::actor.eq(key.actor.as_str()),
            access_keys::secret_hash.eq(&key.secret_hash.0[..]),
            access_keys::scopes.eq(stored_scopes(&key.scopes)),
            access_keys::accounts.eq(key.accounts.as_ref().map(stored_accounts)),
            access_keys::created_at.eq(key.created_at.as_micros()),
            access_keys::expires_at.eq(key.expires_at.map(Timestamp::as_micros)),
            access_keys::revoked_at.eq(key.revoked_at.map(Timestamp::as_micros)),
        ))
        .execute(connection)?;
    Ok(())
}

fn revoke(
    connection: &mut SqliteConnection,
    prefix: &str,
    at: Timestamp,
    created_by: Option<&Actor>,
) -> QueryResult<bool> {
    connection.immediate_transaction(|connection| {
        let revoked_at: Option<Option<i64>> = access_keys::table
            .find(prefix)
            .select(access_keys::revoked_at)
            .first(connection)
            .optional()?;
        if revoked_at == Some(None) {
            diesel::update(access_keys::table.find(prefix))
                .set(access_keys::revoked_at.eq(at.as_micros()))
                .execute(connection)?;
            record_actions(
                connection,
                &[],
                &[OperatorAction::key_revoked(prefix, at, created_by)],
            )?;
        }
        Ok(revoked_at.is_some())
    })
}
