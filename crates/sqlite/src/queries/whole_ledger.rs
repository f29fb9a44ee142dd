//! The reads of a verification and of a copy of the whole ledger.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use uuid::Uuid;
use wallet_domain::storage::transfer_id;
use wallet_domain::{
    AccessKey, AccountId, MetadataEntry, OperatorAction, Quote, QuoteId, Spending, StoreError,
    Timestamp, WholeLedger,
};

use crate::keys;
use crate::readers::Readers;
use crate::rows::{
    OperatorActionRow, QuoteRow, SpendingRow, into_query_result, stored_id, stored_version,
};
use crate::schema::{operator_actions, quotes, transfer_effects, transfers};

impl WholeLedger for Readers {
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError> {
        self.read("list the quotes", |connection| {
            let after = after.map_or_else(Vec::new, |id| stored_id(id.as_uuid()));
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
            let after = after.map(|(id, version)| (stored_id(id.as_uuid()), version));
            let (id, version) = after.unwrap_or_default();
            let version = stored_version(version)?;
            // A row comparison by the key, which the DSL cannot express.
            let rows: Vec<SpendingRow> = sql_query(
                "SELECT account_id, version, amount, created_at FROM spendings \
                 WHERE (account_id, version) > (?1, ?2) ORDER BY account_id, version LIMIT ?3",
            )
            .bind::<Binary, _>(id)
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
            let at = after.map_or(i64::MIN, |it| it.created_at.as_micros());
            let id = after.map_or_else(Vec::new, |it| stored_id(it.transfer_id.as_uuid()));
            // A row comparison by the key, which the DSL cannot express.
            let rows: Vec<EntryRow> = sql_query(
                "SELECT key, value, created_at, transfer_id FROM transfer_metadata \
                 WHERE (key, value, created_at, transfer_id) > (?1, ?2, ?3, ?4) \
                 ORDER BY key, value, created_at, transfer_id LIMIT ?5",
            )
            .bind::<Text, _>(key)
            .bind::<Text, _>(value)
            .bind::<BigInt, _>(at)
            .bind::<Binary, _>(id)
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
            let after = after.map_or_else(Vec::new, stored_id);
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
            let ids = ids.iter().copied().map(stored_id);
            let rows: Vec<OperatorActionRow> = operator_actions::table
                .filter(operator_actions::id.eq_any(ids))
                .load(connection)?;
            rows.into_iter()
                .map(|row| into_query_result(row.into_action()))
                .collect()
        })
    }

    fn stray_row(&self) -> Result<Option<String>, StoreError> {
        self.read("look for effects without a transfer", |connection| {
            let stray: Option<Vec<u8>> = transfer_effects::table
                .filter(not(exists(
                    transfers::table.filter(transfers::id.eq(transfer_effects::transfer_id)),
                )))
                .select(transfer_effects::transfer_id)
                .first(connection)
                .optional()?;
            let id = stray.map(|id| into_query_result(Uuid::from_slice(&id)));
            Ok(id
                .transpose()?
                .map(|id| format!("effects of transfer {id}")))
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
    created_at: i64,
    transfer_id: Vec<u8>,
}

impl EntryRow {
    fn into_entry(self) -> QueryResult<MetadataEntry> {
        let id = into_query_result(Uuid::from_slice(&self.transfer_id))?;
        Ok(MetadataEntry {
            key: self.key,
            value: self.value,
            created_at: Timestamp::from_micros(self.created_at),
            transfer_id: into_query_result(transfer_id(id))?,
        })
    }
}
