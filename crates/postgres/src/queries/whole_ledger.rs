//! The reads of a verification and of a copy of the whole ledger.

use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::storage::transfer_id;
use wallet_domain::{
    AccessKey, AccountId, MetadataEntry, OperatorAction, Quote, QuoteId, Spending, StoreError,
    WholeLedger,
};

use crate::keys;
use crate::readers::Readers;
use crate::rows::{
    OperatorActionRow, QuoteRow, SpendingRow, into_query_result, stored_time, stored_version, time,
};
use crate::schema::{operator_actions, quotes};

impl WholeLedger for Readers {
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError> {
        self.read("list the quotes", |connection| {
            let after = after.map_or_else(Uuid::nil, |id| id.as_uuid());
            let rows: Vec<QuoteRow> = quotes::table
                .filter(quotes::id.gt(after))
                .order(quotes::id)
                .limit(i64::from(limit))
                .load(connection)?;
            let rows = rows.into_iter();
            rows.map(|row| into_query_result(row.into_quote()))
                .collect()
        })
    }

    fn spendings(
        &self,
        after: Option<(AccountId, u64)>,
        limit: u32,
    ) -> Result<Vec<Spending>, StoreError> {
        self.read("list the spendings", |connection| {
            let (id, version) =
                after.map_or((Uuid::nil(), 0), |(id, version)| (id.as_uuid(), version));
            let version = stored_version(version)?;
            // A row comparison by the key, which the DSL cannot express.
            let rows: Vec<SpendingRow> = sql_query(
                "SELECT account_id, version, amount, created_at FROM spendings \
                 WHERE (account_id, version) > ($1, $2) ORDER BY account_id, version LIMIT $3",
            )
            .bind::<SqlUuid, _>(id)
            .bind::<BigInt, _>(version)
            .bind::<BigInt, _>(i64::from(limit))
            .load(connection)?;
            let rows = rows.into_iter();
            rows.map(|row| into_query_result(row.into_spending()))
                .collect()
        })
    }

    fn metadata_index(
        &self,
        after: Option<&MetadataEntry>,
        limit: u32,
    ) -> Result<Vec<MetadataEntry>, StoreError> {
        self.read("list the index of metadata", |connection| {
            let (key, value) = after.map_or(("", ""), |it| (&*it.key, &*it.value));
            let at = after.map_or(PgTimestamp(i64::MIN), |it| stored_time(it.created_at));
            let id = after.map_or_else(Uuid::nil, |it| it.transfer_id.as_uuid());
            // A row comparison by the key, which the DSL cannot express.
            let rows: Vec<EntryRow> = sql_query(
                "SELECT key, value, created_at, transfer_id FROM transfer_metadata \
                 WHERE (key, value, created_at, transfer_id) > ($1, $2, $3, $4) \
                 ORDER BY key, value, created_at, transfer_id LIMIT $5",
            )
            .bind::<Text, _>(key)
            .bind::<Text, _>(value)
            .bind::<Timestamptz, _>(at)
            .bind::<SqlUuid, _>(id)
            .bind::<BigInt, _>(i64::from(limit))
            .load(connection)?;
            rows.into_iter().map(EntryRow::into_entry).collect()
        })
    }

    fn operator_actions(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OperatorAction>, StoreError> {
        self.read("list what operators did", |connection| {
            let after = after.unwrap_or_default();
            let rows: Vec<OperatorActionRow> = operator_actions::table
                .filter(operator_actions::id.gt(after))
                .order(operator_actions::id)
                .limit(i64::from(limit))
                .load(connection)?;
            let rows = rows.into_iter();
            rows.map(|row| into_query_result(row.into_action()))
                .collect()
        })
    }

    fn find_operator_actions(&self, ids: &[Uuid]) -> Result<Vec<OperatorAction>, StoreError> {
        self.read("read what operators did", |connection| {
            let rows: Vec<OperatorActionRow> = operator_actions::table
                .filter(operator_actions::id.eq_any(ids))
                .load(connection)?;
            rows.into_iter()
                .map(|row| into_query_result(row.into_action()))
                .collect()
        })
    }

    fn all_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.read("list the keys", keys::list)
    }
}

#[derive(QueryableByName)]
#[diesel(table_name = crate::schema::transfer_metadata)]
struct EntryRow {
    key: String,
    value: String,
    created_at: PgTimestamp,
    transfer_id: Uuid,
}

impl EntryRow {
    fn into_entry(self) -> QueryResult<MetadataEntry> {
        Ok(MetadataEntry {
            key: self.key,
            value: self.value,
            created_at: time(self.created_at),
            transfer_id: into_query_result(transfer_id(self.transfer_id))?,
        })
    }
}
