//! The bodies of replies.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use serde::{Serialize, Serializer};
use uuid::Uuid;
use wallet_domain::{
    Account, Amount, Currency, CurrencyCode, Direction, TimeAxis, Timestamp, Transfer, TransferPart,
};

use crate::time::rfc3339;

/// Whatever has a text, as a JSON string.
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An amount with all decimals of its currency: `900.00`.
pub(super) struct Money<'a>(pub(super) &'a Amount, pub(super) u8);

impl Display for Money<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let width = usize::from(self.1);
        match width {
            0 if decimals.is_empty() => f.write_str(whole),
            _ => write!(f, "{whole}.{decimals:0<width$}"),
        }
    }
}

/// A moment.
pub(super) struct Moment(pub(super) Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

/// A page of a list.
#[derive(Serialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    pub(super) has_more: bool,
    pub(super) next_cursor: Option<String>,
}

#[derive(Serialize)]
pub(super) struct CurrencyReply {
    code: Shown<CurrencyCode>,
    precision: u8,
}

impl CurrencyReply {
    pub(super) fn of(currency: Currency) -> Self {
        Self {
            code: Shown(currency.code),
            precision: currency.precision,
        }
    }
}

#[derive(Serialize)]
pub(super) struct AccountReply<'a> {
    id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    balance: Shown<Money<'a>>,
    available_balance: Shown<Money<'a>>,
    version: u64,
    external_id: Option<&'a str>,
    metadata: &'a BTreeMap<String, String>,
    created_at: Moment,
    updated_at: Moment,
}

impl<'a> AccountReply<'a> {
    /// The account as it is.
    pub(super) fn of(account: &'a Account, precision: u8) -> Self {
        let balance = || Shown(Money(&account.balance, precision));
        Self {
            id: Shown(account.id.as_uuid()),
            currency_code: Shown(account.currency_code),
            balance: balance(),
            available_balance: balance(),
            version: account.version,
            external_id: account.external_id.as_ref().map(|text| text.as_str()),
            metadata: account.metadata.entries(),
            created_at: Moment(account.created_at),
            updated_at: Moment(account.updated_at),
        }
    }
}

/// The account as it was when it was opened: the answer to opening it, whatever happened since.
pub(super) fn as_opened(account: &Account) -> Account {
    Account {
        balance: Amount::zero(),
        version: 0,
        updated_at: account.created_at,
        metadata: account.opening_metadata.clone(),
        metadata_version: 0,
        ..account.clone()
    }
}

/// What an account had at an instant.
#[derive(Serialize)]
pub(super) struct BalanceReply<'a> {
    account_id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    at: Moment,
    axis: &'static str,
    balance: Shown<Money<'a>>,
}

impl<'a> BalanceReply<'a> {
    pub(super) fn of(
        account: &Account,
        balance: &'a Amount,
        at: Timestamp,
        axis: TimeAxis,
        precision: u8,
    ) -> Self {
        Self {
            account_id: Shown(account.id.as_uuid()),
            currency_code: Shown(account.currency_code),
            at: Moment(at),
            axis: match axis {
                TimeAxis::System => "system",
                TimeAxis::Effective => "effective",
            },
            balance: Shown(Money(balance, precision)),
        }
    }
}

#[derive(Serialize)]
pub(super) struct TransferReply<'a> {
    id: Shown<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    amount: Shown<Money<'a>>,
    currency_code: Shown<CurrencyCode>,
    reference: Option<&'a str>,
    metadata: &'a BTreeMap<String, String>,
    created_at: Moment,
    effective_at: Option<Moment>,
    reverses: Option<Shown<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_amount: Option<Shown<Money<'a>>>,
    parts: Vec<TransferPartReply<'a>>,
}

impl<'a> TransferReply<'a> {
    /// The transfer as it was decided, and how much was taken back since, if that is to be told.
    pub(super) fn of(transfer: &'a Transfer, reversed: Option<&'a Amount>, precision: u8) -> Self {
        let details = &transfer.details;
        let parts = transfer.parts.iter();
        Self {
            id: Shown(transfer.id.as_uuid()),
            transfer_type: transfer.transfer_type.word(),
            amount: Shown(Money(&transfer.amount, precision)),
            currency_code: Shown(transfer.currency_code),
            reference: details.reference.as_ref().map(|text| text.as_str()),
            metadata: details.metadata.entries(),
            created_at: Moment(transfer.created_at),
            effective_at: details.effective_at.map(Moment),
            reverses: transfer.reverses.map(|id| Shown(id.as_uuid())),
            reversed_amount: reversed.map(|amount| Shown(Money(amount, precision))),
            parts: parts
                .map(|part| TransferPartReply::of(part, precision))
                .collect(),
        }
    }
}

/// A part, inside its transfer.
#[derive(Serialize)]
pub(super) struct TransferPartReply<'a> {
    account_id: Shown<Uuid>,
    direction: &'static str,
    amount: Shown<Money<'a>>,
    balance: Shown<Money<'a>>,
    available_balance: Shown<Money<'a>>,
    version: u64,
}

impl<'a> TransferPartReply<'a> {
    fn of(part: &'a TransferPart, precision: u8) -> Self {
        let balance = || Shown(Money(&part.balance, precision));
        Self {
            account_id: Shown(part.account_id.as_uuid()),
            direction: match part.direction {
                Direction::Incoming => "incoming",
                Direction::Outgoing => "outgoing",
            },
            amount: Shown(Money(&part.amount, precision)),
            balance: balance(),
            available_balance: balance(),
            version: part.version,
        }
    }
}

/// A part, in its account's history.
#[derive(Serialize)]
pub(super) struct HistoryEntry<'a> {
    transfer_id: Shown<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    corresponding_account_id: Option<Shown<Uuid>>,
    currency_code: Shown<CurrencyCode>,
    created_at: Moment,
    effective_at: Option<Moment>,
    #[serde(flatten)]
    part: TransferPartReply<'a>,
}

impl<'a> HistoryEntry<'a> {
    pub(super) fn of(part: &'a TransferPart, precision: u8) -> Self {
        let corresponding = part.corresponding_account_id;
        Self {
            transfer_id: Shown(part.transfer_id.as_uuid()),
            transfer_type: part.transfer_type.word(),
            corresponding_account_id: corresponding.map(|id| Shown(id.as_uuid())),
            currency_code: Shown(part.currency_code),
            created_at: Moment(part.created_at),
            effective_at: part.effective_at.map(Moment),
            part: TransferPartReply::of(part, precision),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_all_decimals_of_its_currency() {
        let cases = [
            ("900", 2, "900.00"),
            ("899.9", 2, "899.90"),
            ("0", 0, "0"),
            ("100", 0, "100"),
            ("-0.5", 2, "-0.50"),
            ("0", 18, "0.000000000000000000"),
        ];
        for (text, precision, expected) in cases {
            let amount = Amount::parse(text).unwrap();
            assert_eq!(Money(&amount, precision).to_string(), expected);
        }
    }
}
