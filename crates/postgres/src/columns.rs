//! Rows as columns: PostgreSQL takes any number of rows as one array for each column.
//!
//! The order of the fields is the order of the arrays in a statement's `unnest`. The rows are in
//! primary key order. An insert of an id that another open transaction has inserted waits for that
//! transaction, so two batches that insert in the same order cannot deadlock.

mod chain;
mod holds;
mod transfers;

use bigdecimal::BigDecimal;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::pg::data_types::PgTimestamp;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, BigInt, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::{Account, ShortText, Transfer, TransferPart};

pub(crate) use chain::Links;
pub(crate) use holds::Rules;
pub(crate) use transfers::{Details, TransferParts, Transfers};

use crate::columns::holds::RuleColumns;
use crate::rows::{stored_metadata, stored_time, stored_version};

/// New accounts.
pub(crate) struct NewAccounts<'a> {
    currency_code: Vec<&'a str>,
    created_at: Vec<PgTimestamp>,
    external_id: Vec<Option<&'a str>>,
    /// Written to both columns.
    metadata: Vec<Option<String>>,
    state: AccountStates<'a>,
    rules: RuleColumns<'a>,
}

impl<'a> NewAccounts<'a> {
    pub(crate) fn new(accounts: &'a [Account]) -> QueryResult<Self> {
        let mut accounts: Vec<&Account> = accounts.iter().collect();
        accounts.sort_unstable_by_key(|account| account.id);
        Ok(Self {
            currency_code: accounts
                .iter()
                .map(|account| account.currency_code.as_str())
                .collect(),
            created_at: accounts
                .iter()
                .map(|account| stored_time(account.created_at))
                .collect(),
            external_id: accounts
                .iter()
                .map(|account| account.external_id.as_ref().map(ShortText::as_str))
                .collect(),
            metadata: accounts
                .iter()
                .map(|account| stored_metadata(&account.opening_metadata))
                .collect(),
            state: AccountStates::new(accounts.iter().copied())?,
            rules: RuleColumns::from_accounts(accounts.iter().copied()),
        })
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<Text>, _>(&self.currency_code)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.external_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.metadata)?;
        out.push_sql(", ");
        self.state.push(out)?;
        out.push_sql(", ");
        self.rules.push(out)
    }
}

/// The columns of an account that a batch changes.
pub(crate) struct AccountStates<'a> {
    id: Vec<Uuid>,
    balance: Vec<&'a BigDecimal>,
    version: Vec<i64>,
    updated_at: Vec<PgTimestamp>,
}

impl<'a> AccountStates<'a> {
    /// The accounts must be in id order.
    pub(crate) fn new(accounts: impl Iterator<Item = &'a Account> + Clone) -> QueryResult<Self> {
        let versions = accounts
            .clone()
            .map(|account| stored_version(account.version));
        Ok(Self {
            version: versions.collect::<QueryResult<_>>()?,
            id: accounts
                .clone()
                .map(|account| account.id.as_uuid())
                .collect(),
            balance: accounts
                .clone()
                .map(|account| account.balance.as_decimal())
                .collect(),
            updated_at: accounts
                .map(|account| stored_time(account.updated_at))
                .collect(),
        })
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<SqlUuid>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.balance)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.version)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.updated_at)
    }
}

fn in_id_order(transfers: &[Transfer]) -> Vec<&Transfer> {
    let mut transfers: Vec<&Transfer> = transfers.iter().collect();
    transfers.sort_unstable_by_key(|transfer| transfer.id);
    transfers
}

fn in_key_order(transfers: &[Transfer]) -> Vec<&TransferPart> {
    let mut parts: Vec<&TransferPart> = transfers.iter().flat_map(|t| &t.parts).collect();
    parts.sort_unstable_by_key(|part| (part.account_id, part.version));
    parts
}
