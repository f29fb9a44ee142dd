//! Rows as diesel reads them, and their conversion to the domain's types.
//!
//! Conversion happens value by value while a row is read, so a damaged value is an error of the
//! statement that met it, and names the column's type.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;
use wallet_domain::{
    Account, AccountId, Amount, Currency, CurrencyCode, Direction, Metadata, ShortText, Timestamp,
    Transfer, TransferDetails, TransferId, TransferPart, TransferState, TransferType,
};

type Raw<'a> = <Sqlite as Backend>::RawValue<'a>;

/// Makes a column type: a newtype around a domain type, read by one expression.
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
column!(Code(CurrencyCode) from Text, |value| value.read_text().parse()?);
column!(Version(u64) from BigInt, |value| u64::try_from(value.read_long())?);
column!(Moment(Timestamp) from BigInt, |value| Timestamp::from_micros(value.read_long()));
column!(Precision(u8) from Integer, |value| u8::try_from(value.read_integer())?);
column!(Name(ShortText) from Text, |value| {
    ShortText::new(value.read_text()).ok_or("a stored text is empty or too long")?
});
column!(Words(Metadata) from Text, |value| {
    Metadata::new(serde_json::from_str(value.read_text())?)?
});
column!(Type(TransferType) from Integer, |value| match value.read_integer() {
    1 => TransferType::Deposit,
    2 => TransferType::Withdraw,
    3 => TransferType::Internal,
    other => return Err(format!("{other} is no transfer type").into()),
});
column!(Way(Direction) from Integer, |value| match value.read_integer() {
    1 => Direction::Incoming,
    2 => Direction::Outgoing,
    other => return Err(format!("{other} is no direction").into()),
});

/// How a type is stored: what `Type` reads.
pub(crate) fn code_of_type(transfer_type: TransferType) -> i64 {
    match transfer_type {
        TransferType::Deposit => 1,
        TransferType::Withdraw => 2,
        TransferType::Internal => 3,
    }
}

/// How a direction is stored: what `Way` reads.
pub(crate) fn code_of_direction(direction: Direction) -> i64 {
    match direction {
        Direction::Incoming => 1,
        Direction::Outgoing => 2,
    }
}

/// How an id is stored: what `Id` reads.
pub(crate) fn stored_id(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

impl Id {
    pub(crate) fn account(&self) -> deserialize::Result<AccountId> {
        AccountId::new(self.0).ok_or_else(|| "an account id is nil".into())
    }

    fn transfer(&self) -> deserialize::Result<TransferId> {
        TransferId::new(self.0).ok_or_else(|| "a transfer id is nil".into())
    }
}

fn words(stored: Option<Words>) -> Metadata {
    stored.map_or_else(Metadata::default, |words| words.0)
}

/// A row of `currencies`.
#[derive(Queryable)]
pub(crate) struct CurrencyRow {
    code: Code,
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
    currency_code: Code,
    balance: Money,
    version: Version,
    created_at: Moment,
    updated_at: Moment,
    external_id: Option<Name>,
    opening_metadata: Option<Words>,
    metadata: Option<Words>,
    metadata_version: Version,
    /// By when the account is listed: its `updated_at`, or a time before.
    pub(crate) listed_at: Moment,
}

impl AccountRow {
    pub(crate) fn into_account(self) -> deserialize::Result<Account> {
        Ok(Account {
            id: self.id.account()?,
            currency_code: self.currency_code.0,
            balance: self.balance.0,
            version: self.version.0,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            external_id: self.external_id.map(|name| name.0),
            opening_metadata: words(self.opening_metadata),
            metadata: words(self.metadata),
            metadata_version: self.metadata_version.0,
        })
    }
}

/// A row of `transfer_parts`; the currency is its account's.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Id,
    version: Version,
    transfer_id: Id,
    transfer_type: Type,
    corresponding_account_id: Option<Id>,
    direction: Way,
    amount: Money,
    balance: Money,
    created_at: Moment,
    effective_at: Option<Moment>,
}

impl TransferPartRow {
    pub(crate) fn into_part(self, currency_code: Code) -> deserialize::Result<TransferPart> {
        let corresponding = self.corresponding_account_id.map(|id| id.account());
        Ok(TransferPart {
            account_id: self.account_id.account()?,
            version: self.version.0,
            transfer_id: self.transfer_id.transfer()?,
            transfer_type: self.transfer_type.0,
            corresponding_account_id: corresponding.transpose()?,
            direction: self.direction.0,
            amount: self.amount.0,
            currency_code: currency_code.0,
            balance: self.balance.0,
            created_at: self.created_at.0,
            effective_at: self.effective_at.map(|moment| moment.0),
        })
    }
}

/// One side of a [`TransferRow`]: the key of its part, and the part's balance.
type SideRow = (Option<Id>, Option<Version>, Option<Money>);

/// A row of `transfers`, with what only its parts know: their balances.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Id,
    transfer_type: Type,
    currency_code: Code,
    amount: Money,
    created_at: Moment,
    sender: SideRow,
    receiver: SideRow,
    details: DetailsRow,
    reverses: Option<Id>,
    reversed_amount: Option<Money>,
}

/// Reference, metadata and effective time of a transfer.
type DetailsRow = (Option<Name>, Option<Words>, Option<Moment>);

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let reversed = self.reversed_amount.as_ref().map(|money| money.0.clone());
        Ok(TransferState {
            transfer: self.into_transfer()?,
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        })
    }

    fn into_transfer(self) -> deserialize::Result<Transfer> {
        let account = |side: &SideRow| side.0.as_ref().map(Id::account).transpose();
        let sender_id = account(&self.sender)?;
        let receiver_id = account(&self.receiver)?;
        let (reference, metadata, effective_at) = self.details;
        let details = TransferDetails {
            reference: reference.map(|name| name.0),
            metadata: words(metadata),
            effective_at: effective_at.map(|moment| moment.0),
        };
        let reverses = self.reverses.map(|id| id.transfer());
        let mut transfer = Transfer {
            id: self.id.transfer()?,
            transfer_type: self.transfer_type.0,
            currency_code: self.currency_code.0,
            amount: self.amount.0,
            created_at: self.created_at.0,
            details,
            reverses: reverses.transpose()?,
            parts: Vec::with_capacity(2),
        };
        let sides = [
            (sender_id, self.sender, receiver_id, Direction::Outgoing),
            (receiver_id, self.receiver, sender_id, Direction::Incoming),
        ];
        for (account_id, side, corresponding_account_id, direction) in sides {
            let Some(account_id) = account_id else {
                continue;
            };
            let (_, Some(version), Some(balance)) = side else {
                return Err(format!("transfer {} lacks a part", self.id.0).into());
            };
            transfer.parts.push(TransferPart {
                account_id,
                version: version.0,
                transfer_id: transfer.id,
                transfer_type: transfer.transfer_type,
                corresponding_account_id,
                direction,
                amount: transfer.amount.clone(),
                currency_code: transfer.currency_code,
                balance: balance.0,
                created_at: transfer.created_at,
                effective_at: transfer.details.effective_at,
            });
        }
        Ok(transfer)
    }
}

/// A row that was read but makes no sense fails like a row that could not be read.
pub(crate) fn into_query_result<T>(converted: deserialize::Result<T>) -> QueryResult<T> {
    converted.map_err(diesel::result::Error::DeserializationError)
}
