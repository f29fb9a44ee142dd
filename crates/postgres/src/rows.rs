//! Rows as Diesel reads them, and their conversion to and from the types of the domain.
//!
//! | file | holds |
//! |---|---|
//! | `rows.rs` | single values, currencies and accounts |
//! | `rows/exchange.rs` | rates and quotes |
//! | `rows/holds.rs` | holds |
//! | `rows/keys.rs` | API keys |
//! | `rows/operator_actions.rs` | operator actions |
//! | `rows/transfers.rs` | transfers and their parts |
//! | `rows/velocity.rs` | velocity limits and spendings |

mod exchange;
mod holds;
mod keys;
mod operator_actions;
mod transfers;
mod velocity;

use std::ops::RangeInclusive;

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::storage::{Cause, Numbered, account_id, short_text};
use wallet_domain::{Account, AccountStatus, Amount, Currency, Metadata, Timestamp};

pub(crate) use exchange::{QuoteRow, RateRow};
pub(crate) use holds::HoldRow;
pub(crate) use keys::{AccessKeyRow, stored_accounts};
pub(crate) use operator_actions::OperatorActionRow;
pub(crate) use transfers::{DetailsOfTransferRow, TransferPartRow, TransferRow};
use velocity::limits;
pub(crate) use velocity::{SpendingRow, stored_limits};

/// PostgreSQL counts microseconds from 2000-01-01T00:00:00Z, the domain from 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

pub(crate) fn stored_time(timestamp: Timestamp) -> PgTimestamp {
    PgTimestamp(timestamp.as_micros().saturating_sub(EPOCH_MICROS))
}

/// What PostgreSQL can store, and shift by some centuries, in microseconds since 2000.
const BOUNDS: RangeInclusive<i64> = -200_000_000_000_000_000..=9_000_000_000_000_000_000;

/// A moment as a bound of a list: any moment may be one. Beyond what is ever stored it is infinite,
/// where PostgreSQL would refuse the statement.
pub(crate) fn stored_bound(timestamp: Timestamp) -> PgTimestamp {
    let stored = stored_time(timestamp);
    match stored.0 {
        micros if BOUNDS.contains(&micros) => stored,
        micros if micros < 0 => PgTimestamp(i64::MIN),
        _ => PgTimestamp(i64::MAX),
    }
}

pub(crate) fn time(stored: PgTimestamp) -> Timestamp {
    Timestamp::from_micros(stored.0).plus_micros(EPOCH_MICROS)
}

/// An amount that is stored as `NULL` if it is zero.
fn sum(stored: Option<BigDecimal>) -> deserialize::Result<Amount> {
    let sum = stored.map(Amount::from_decimal).transpose()?;
    Ok(sum.unwrap_or_else(Amount::zero))
}

/// A version as a bound of a list: any number may be one, and no history has 2^63 parts.
pub(crate) fn version_bound(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

/// A version as PostgreSQL's integer. The limit is 2^63, which no history reaches.
pub(crate) fn stored_version(version: u64) -> QueryResult<i64> {
    i64::try_from(version).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

/// A status that is stored as `NULL` if it is active.
fn status(stored: Option<i16>) -> deserialize::Result<AccountStatus> {
    Ok(Numbered::from_number(stored.unwrap_or_default().into())?)
}

/// Metadata as stored: a JSON object, or `NULL` if it is empty.
pub(crate) fn stored_metadata(metadata: &Metadata) -> Option<String> {
    let is_something = !metadata.is_empty();
    is_something.then(|| serde_json::json!(metadata.entries()).to_string())
}

pub(crate) fn metadata(stored: Option<&str>) -> deserialize::Result<Metadata> {
    match stored {
        Some(text) => Ok(Metadata::new(serde_json::from_str(text)?)?),
        None => Ok(Metadata::default()),
    }
}

/// A row of `currencies`.
#[derive(Queryable)]
pub(crate) struct CurrencyRow {
    code: String,
    precision: i16,
}

impl CurrencyRow {
    pub(crate) fn into_currency(self) -> deserialize::Result<Currency> {
        Ok(Currency {
            code: self.code.parse()?,
            precision: self.precision.try_into()?,
        })
    }
}

/// A row of `accounts`, without the column that only its index needs.
#[derive(Queryable)]
pub(crate) struct AccountRow {
    id: Uuid,
    currency_code: String,
    balance: BigDecimal,
    version: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    external_id: Option<String>,
    opening_metadata: Option<String>,
    metadata: Option<String>,
    metadata_version: i64,
    held: Option<BigDecimal>,
    credit_limit: Option<BigDecimal>,
    status: Option<i16>,
    velocity_limits: Option<String>,
}

impl AccountRow {
    pub(crate) fn into_account(self) -> deserialize::Result<Account> {
        Ok(Account {
            id: account_id(self.id)?,
            currency_code: self.currency_code.parse()?,
            balance: Amount::from_decimal(self.balance)?,
            version: self.version.try_into()?,
            created_at: time(self.created_at),
            updated_at: time(self.updated_at),
            external_id: self.external_id.map(short_text).transpose()?,
            opening_metadata: metadata(self.opening_metadata.as_deref())?,
            metadata: metadata(self.metadata.as_deref())?,
            metadata_version: self.metadata_version.try_into()?,
            held: sum(self.held)?,
            credit_limit: self.credit_limit.map(Amount::from_decimal).transpose()?,
            status: status(self.status)?,
            velocity_limits: limits(self.velocity_limits.as_deref().unwrap_or("[]"))?,
        })
    }
}

/// Turns a failed conversion into the error of a row that could not be read.
pub(crate) fn into_query_result<T>(converted: Result<T, impl Into<Cause>>) -> QueryResult<T> {
    converted.map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}
