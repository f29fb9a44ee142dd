//! Rows as diesel reads them, and their conversion to and from the domain's types.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{
    Account, AccountId, Amount, Currency, Direction, Metadata, ShortText, Timestamp, Transfer,
    TransferDetails, TransferId, TransferPart, TransferState, TransferType,
};

/// PostgreSQL counts microseconds from 2000-01-01T00:00:00Z, the domain from 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

pub(crate) fn stored_time(timestamp: Timestamp) -> PgTimestamp {
    PgTimestamp(timestamp.as_micros().saturating_sub(EPOCH_MICROS))
}

pub(crate) fn time(stored: PgTimestamp) -> Timestamp {
    Timestamp::from_micros(stored.0).plus_micros(EPOCH_MICROS)
}

/// How a type is stored.
pub(crate) fn code_of_type(transfer_type: TransferType) -> i16 {
    match transfer_type {
        TransferType::Deposit => 1,
        TransferType::Withdraw => 2,
        TransferType::Internal => 3,
    }
}

fn type_of_code(code: i16) -> deserialize::Result<TransferType> {
    match code {
        1 => Ok(TransferType::Deposit),
        2 => Ok(TransferType::Withdraw),
        3 => Ok(TransferType::Internal),
        other => Err(format!("{other} is no transfer type").into()),
    }
}

/// How a direction is stored.
pub(crate) fn code_of_direction(direction: Direction) -> i16 {
    match direction {
        Direction::Incoming => 1,
        Direction::Outgoing => 2,
    }
}

fn direction_of_code(code: i16) -> deserialize::Result<Direction> {
    match code {
        1 => Ok(Direction::Incoming),
        2 => Ok(Direction::Outgoing),
        other => Err(format!("{other} is no direction").into()),
    }
}

/// A version as PostgreSQL's integer; there it ends at 2^63, which no history reaches.
pub(crate) fn stored_version(version: u64) -> QueryResult<i64> {
    i64::try_from(version).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

pub(crate) fn account_id(id: Uuid) -> deserialize::Result<AccountId> {
    AccountId::new(id).ok_or_else(|| "an account id is nil".into())
}

fn transfer_id(id: Uuid) -> deserialize::Result<TransferId> {
    TransferId::new(id).ok_or_else(|| "a transfer id is nil".into())
}

/// Metadata as it is stored: a JSON object, or nothing if it is empty.
pub(crate) fn stored_metadata(metadata: &Metadata) -> QueryResult<Option<String>> {
    if metadata.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(metadata.entries())
        .map(Some)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

fn metadata(stored: Option<&str>) -> deserialize::Result<Metadata> {
    match stored {
        Some(text) => Ok(Metadata::new(serde_json::from_str(text)?)?),
        None => Ok(Metadata::default()),
    }
}

fn short_text(text: String) -> deserialize::Result<ShortText> {
    ShortText::new(text).ok_or_else(|| "a stored text is empty or too long".into())
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
        })
    }
}

/// A row of `transfer_parts`; the currency is its account's.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Uuid,
    version: i64,
    transfer_id: Uuid,
    transfer_type: i16,
    corresponding_account_id: Option<Uuid>,
    direction: i16,
    amount: BigDecimal,
    balance: BigDecimal,
    created_at: PgTimestamp,
    effective_at: Option<PgTimestamp>,
}

impl TransferPartRow {
    pub(crate) fn into_part(self, currency_code: &str) -> deserialize::Result<TransferPart> {
        let corresponding = self.corresponding_account_id.map(account_id);
        Ok(TransferPart {
            account_id: account_id(self.account_id)?,
            version: self.version.try_into()?,
            transfer_id: transfer_id(self.transfer_id)?,
            transfer_type: type_of_code(self.transfer_type)?,
            corresponding_account_id: corresponding.transpose()?,
            direction: direction_of_code(self.direction)?,
            amount: Amount::from_decimal(self.amount)?,
            currency_code: currency_code.parse()?,
            balance: Amount::from_decimal(self.balance)?,
            created_at: time(self.created_at),
            effective_at: self.effective_at.map(time),
        })
    }
}

/// One side of a [`TransferRow`]: the key of its part, and the part's balance.
type SideRow = (Option<Uuid>, Option<i64>, Option<BigDecimal>);

/// A row of `transfers`, with what only its parts know: their balances.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Uuid,
    transfer_type: i16,
    currency_code: String,
    amount: BigDecimal,
    created_at: PgTimestamp,
    sender: SideRow,
    receiver: SideRow,
    details: DetailsRow,
    reverses: Option<Uuid>,
    reversed_amount: Option<BigDecimal>,
}

/// Reference, metadata and effective time of a transfer.
type DetailsRow = (Option<String>, Option<String>, Option<PgTimestamp>);

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let reversed = self.reversed_amount.clone().map(Amount::from_decimal);
        let reversed = reversed.transpose()?;
        Ok(TransferState {
            transfer: self.into_transfer()?,
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        })
    }

    fn into_transfer(self) -> deserialize::Result<Transfer> {
        let sender_id = self.sender.0.map(account_id).transpose()?;
        let receiver_id = self.receiver.0.map(account_id).transpose()?;
        let (reference, words, effective_at) = self.details;
        let details = TransferDetails {
            reference: reference.map(short_text).transpose()?,
            metadata: metadata(words.as_deref())?,
            effective_at: effective_at.map(time),
        };
        let mut transfer = Transfer {
            id: transfer_id(self.id)?,
            transfer_type: type_of_code(self.transfer_type)?,
            currency_code: self.currency_code.parse()?,
            amount: Amount::from_decimal(self.amount)?,
            created_at: time(self.created_at),
            details,
            reverses: self.reverses.map(transfer_id).transpose()?,
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
                return Err(format!("transfer {} lacks a part", self.id).into());
            };
            transfer.parts.push(TransferPart {
                account_id,
                version: version.try_into()?,
                transfer_id: transfer.id,
                transfer_type: transfer.transfer_type,
                corresponding_account_id,
                direction,
                amount: transfer.amount.clone(),
                currency_code: transfer.currency_code,
                balance: Amount::from_decimal(balance)?,
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
