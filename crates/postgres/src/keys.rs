//! The keys of the API: few rows, read one at a time and seldom written.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Nullable, Text, Timestamptz};
use wallet_domain::{AccessKey, AccessKeys, StoreError, Timestamp};

use crate::rows::{AccessKeyRow, into_query_result, stored_accounts, stored_scopes, stored_time};
use crate::schema::access_keys;
use crate::store::PostgresStore;

impl AccessKeys for PostgresStore {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        self.look_up("read a key", |connection| {
            let row: Option<AccessKeyRow> = access_keys::table
                .find(prefix)
                .first(connection)
                .optional()?;
            row.map(|row| into_query_result(row.into_key())).transpose()
        })
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.read("list the keys", |connection| {
            let order = (access_keys::created_at.desc(), access_keys::prefix);
            let rows: Vec<AccessKeyRow> = access_keys::table.order(order).load(connection)?;
            let keys = rows
                .into_iter()
                .map(|row| into_query_result(row.into_key()));
            keys.collect()
        })
    }

    fn add_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        self.write("keep a key", |connection| {
            sql_query(
                "INSERT INTO access_keys \
                 (prefix, actor, secret_hash, scopes, accounts, created_at, expires_at, revoked_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind::<Text, _>(&key.prefix)
            .bind::<Text, _>(key.actor.as_str())
            .bind::<Binary, _>(&key.secret_hash.0[..])
            .bind::<Text, _>(stored_scopes(&key.scopes))
            .bind::<Nullable<Text>, _>(key.accounts.as_ref().map(stored_accounts))
            .bind::<Timestamptz, _>(stored_time(key.created_at))
            .bind::<Nullable<Timestamptz>, _>(key.expires_at.map(stored_time))
            .bind::<Nullable<Timestamptz>, _>(key.revoked_at.map(stored_time))
            .execute(connection)?;
            Ok(())
        })
    }

    fn revoke_access_key(&self, prefix: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.write("revoke a key", |connection| {
            let changed = sql_query(
                "UPDATE access_keys SET revoked_at = coalesce(revoked_at, $2) WHERE prefix = $1",
            )
            .bind::<Text, _>(prefix)
            .bind::<Timestamptz, _>(stored_time(at))
            .execute(connection)?;
            Ok(changed > 0)
        })
    }
}
