//! The bodies of replies.
//!
//! | file | holds |
//! |---|---|
//! | `wire.rs` | single values, pages, currencies, balances |
//! | `wire/accounts.rs` | accounts and their rules |
//! | `wire/transfers.rs` | transfers, their parts, and holds |
//! | `wire/exchange.rs` | rates and quotes |

mod accounts;
mod exchange;
mod transfers;

use std::fmt::{self, Display};

use serde::{Serialize, Serializer};
use uuid::Uuid;
use wallet_domain::{Account, AccountId, Amount, Currency, CurrencyCode, TimeAxis, Timestamp};

pub(super) use accounts::{AccountReply, as_opened};
pub(super) use exchange::{QuoteReply, RateReply};
pub(super) use transfers::{HistoryEntry, HoldReply, TransferReply};

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
    liquidity_account_id: Shown<Uuid>,
    spread_account_id: Shown<Uuid>,
}

impl CurrencyReply {
    pub(super) fn of(currency: Currency) -> Self {
        Self {
            code: Shown(currency.code),
            precision: currency.precision,
            liquidity_account_id: Shown(AccountId::liquidity_of(currency.code).as_uuid()),
            spread_account_id: Shown(AccountId::spread_of(currency.code).as_uuid()),
        }
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
