//! Transfers and their parts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::account::{AccountStatus, VelocityLimit};
use super::hold::Hold;
use crate::values::money::Money;
use crate::values::words::words;

/// A transfer, as it was applied.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Transfer {
    /// Its id.
    pub id: Uuid,
    /// Its type.
    #[serde(rename = "type")]
    pub transfer_type: TransferType,
    /// How much it moved, held or released, with the decimals of its currency.
    pub amount: Money,
    /// The code of the currency.
    pub currency_code: String,
    /// Your reference.
    pub reference: Option<String>,
    /// Your metadata.
    pub metadata: BTreeMap<String, String>,
    /// When the service applied it.
    pub created_at: DateTime<Utc>,
    /// The name of the key or token that requested it. A key that is limited to accounts sees only
    /// its own name.
    pub created_by: Option<String>,
    /// When it happened in the world, if you said so.
    pub effective_at: Option<DateTime<Utc>>,
    /// The transfer that it reverses.
    pub reverses: Option<Uuid>,
    /// How much of it has been reversed; only in the result of a read.
    pub reversed_amount: Option<Money>,
    /// The hold that it placed or changed, as it was afterwards.
    pub hold: Option<Hold>,
    /// What it changed about the controls of its account.
    pub account_change: Option<AccountChange>,
    /// The quote that it used.
    pub quote_id: Option<Uuid>,
    /// The transfer that it follows: both were applied together.
    pub follows: Option<Uuid>,
    /// The transfers that follow it, for example its fee: all were applied together.
    #[serde(default)]
    pub follower_ids: Vec<Uuid>,
    /// What it did to each account that this key sees.
    pub parts: Vec<TransferPart>,
    /// The transfers that follow it, in full; only in the answer to the write.
    #[serde(default)]
    pub followers: Vec<Transfer>,
}

words! {
    /// The type of a transfer.
    TransferType {
        /// Brings money into the ledger.
        Deposit = "deposit",
        /// Takes money out of the ledger.
        Withdrawal = "withdrawal",
        /// Moves money from one account to another.
        Transfer = "transfer",
        /// Reserves money.
        Hold = "hold",
        /// Reserves more.
        HoldIncrease = "hold_increase",
        /// Pays reserved money to the receiver.
        Capture = "capture",
        /// Releases reserved money.
        Void = "void",
        /// Releases reserved money, because the hold has expired.
        Expire = "expire",
        /// Changes the controls of an account.
        AccountChange = "account_change",
        /// Exchanges one currency for another.
        Exchange = "exchange",
        /// Pays what the ledger earns by an exchange.
        Spread = "spread",
        /// Pays a fee.
        Fee = "fee",
    }
}

/// What a transfer did to one account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TransferPart {
    /// The account.
    pub account_id: Uuid,
    /// Into the account, or out of it.
    pub direction: Direction,
    /// How much.
    pub amount: Money,
    /// The balance of the account after the transfer.
    pub balance: Money,
    /// How much of that balance was held.
    pub held_balance: Money,
    /// What the account could spend.
    pub available_balance: Money,
    /// The number of this part in the history of the account, counted from 1.
    pub version: u64,
}

words! {
    /// Into an account, or out of it.
    Direction {
        /// Into it.
        Incoming = "incoming",
        /// Out of it.
        Outgoing = "outgoing",
    }
}

/// The controls of an account that a transfer changed; `None` if it did not change them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccountChange {
    /// The credit limit from then on.
    pub credit_limit: Option<Money>,
    /// The status from then on.
    pub status: Option<AccountStatus>,
    /// All velocity limits from then on.
    pub velocity_limits: Option<Vec<VelocityLimit>>,
}
