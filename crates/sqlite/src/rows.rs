//! Rows as Diesel reads them, and their conversion to the types of the domain.
//!
//! Each value is converted while its row is read. So a damaged value is an error of the statement
//! that reads it, and the error names the column's type.
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

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;
use wallet_domain::storage::{Cause, Numbered, account_id, short_text};
use wallet_domain::{
    Account, AccountStatus, Amount, Currency, CurrencyCode, Metadata, ShortText, Timestamp,
    VelocityLimit,
};

pub(crate) use exchange::{QuoteRow, RateRow};
pub(crate) use holds::HoldRow;
pub(crate) use keys::{AccessKeyRow, stored_accounts};
pub(crate) use operator_actions::OperatorActionRow;
pub(crate) use transfers::{DetailsOfTransferRow, TransferPartRow, TransferRow};
use velocity::limits;
pub(crate) use velocity::{SpendingRow, stored_limits};

type Raw<'a> = <Sqlite as Backend>::RawValue<'a>;

/// Defines a column type: a newtype around a domain type, read by one expression.
macro_rules! column {
    ($name:ident($domain:ty) from $sql:ident, |$value:ident| $read:expr) => {
        #[derive(Clone, Debug, FromSqlRow)]
        pub(crate) struct $name(pub(crate) $domain);

        impl FromSql<$sql, Sqlite> for $name {
            fn from_sql(mut $value: Raw<'_>) -> deserialize::Result<Self> {
                Ok(Self($read))
            }
        }
    };
}

column!(Id(Uuid) from Binary, |value| Uuid::from_slice(value.read_blob())?);
column!(Money(Amount) from Text, |value| Amount::parse(value.read_text())?);
column!(CurrencyText(CurrencyCode) from Text, |value| value.read_text().parse()?);
column!(Version(u64) from BigInt, |value| u64::try_from(value.read_long())?);
column!(Moment(Timestamp) from BigInt, |value| Timestamp::from_micros(value.read_long()));
column!(Precision(u8) from Integer, |value| u8::try_from(value.read_integer())?);
column!(ShortString(ShortText) from Text, |value| short_text(value.read_text())?);
column!(LimitsText(Vec<VelocityLimit>) from Text, |value| limits(value.read_text())?);
column!(MetadataText(Metadata) from Text, |value| {
    Metadata::new(serde_json::from_str(value.read_text())?)?
});

/// An enum, as its number.
#[derive(Clone, Copy, Debug, FromSqlRow)]
pub(crate) struct Number<T>(pub(crate) T);

impl<T: Numbered> FromSql<Integer, Sqlite> for Number<T> {
    fn from_sql(mut value: Raw<'_>) -> deserialize::Result<Self> {
        Ok(Self(T::from_number(value.read_integer())?))
    }
}

/// A version as a bound of a list: any number may be one, and no history has 2^63 parts.
pub(crate) fn version_bound(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

/// A version as SQLite's integer. The limit is 2^63, which no history reaches.
pub(crate) fn stored_version(version: u64) -> QueryResult<i64> {
    i64::try_from(version).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

/// Metadata as stored: a JSON object, or `NULL` if it is empty.
pub(crate) fn stored_metadata(metadata: &Metadata) -> Option<String> {
    let is_something = !metadata.is_empty();
    is_something.then(|| serde_json::json!(metadata.entries()).to_string())
}

/// An id as stored; `Id` reads it.
pub(crate) fn stored_id(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

pub(crate) fn metadata_or_default(stored: Option<MetadataText>) -> Metadata {
    stored.map_or_else(Metadata::default, |stored| stored.0)
}

/// An amount that is stored as `NULL` if it is zero.
fn sum(stored: Option<Money>) -> Amount {
    stored.map_or_else(Amount::zero, |money| money.0)
}

/// A status that is stored as `NULL` if it is active.
fn status(stored: Option<Number<AccountStatus>>) -> AccountStatus {
    stored.map_or(AccountStatus::Active, |status| status.0)
}

/// A row of `currencies`.
#[derive(Queryable)]
pub(crate) struct CurrencyRow {
    code: CurrencyText,
    precision: Precision,
}

impl From<CurrencyRow> for Currency {
    fn from(row: CurrencyRow) -> Self {
        Self {
            code: row.code.0,
            precision: row.precision.0,
        }
    }
}

/// A row of `account_states`.
#[derive(Queryable)]
pub(crate) struct AccountRow {
    id: Id,
    currency_code: CurrencyText,
    balance: Money,
    version: Version,
    created_at: Moment,
    updated_at: Moment,
    external_id: Option<ShortString>,
    opening_metadata: Option<MetadataText>,
    metadata: Option<MetadataText>,
    metadata_version: Version,
    /// The time by which the account is listed: its `updated_at`, or an earlier time.
    pub(crate) listed_at: Moment,
    held: Option<Money>,
    credit_limit: Option<Money>,
    status: Option<Number<AccountStatus>>,
    velocity_limits: Option<LimitsText>,
}

impl AccountRow {
    pub(crate) fn into_account(self) -> deserialize::Result<Account> {
        Ok(Account {
            id: account_id(self.id.0)?,
            currency_code: self.currency_code.0,
            balance: self.balance.0,
            version: self.version.0,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            external_id: self.external_id.map(|name| name.0),
            opening_metadata: metadata_or_default(self.opening_metadata),
            metadata: metadata_or_default(self.metadata),
            metadata_version: self.metadata_version.0,
            held: sum(self.held),
            credit_limit: self.credit_limit.map(|money| money.0),
            status: status(self.status),
            velocity_limits: self.velocity_limits.map_or_else(Vec::new, |it| it.0),
        })
    }
}

/// Turns a failed conversion into the error of a row that could not be read.
pub(crate) fn into_query_result<T>(converted: Result<T, impl Into<Cause>>) -> QueryResult<T> {
    converted.map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}
