//! Accounts and their rules, as replies have them.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{Account, AccountStatus, Amount, CurrencyCode, VelocityLimit};

use crate::v1::protocol::wire::{Moment, Money, Shown};

#[derive(Serialize)]
pub(crate) struct AccountReply<'a> {
    id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    balance: Shown<Money<'a>>,
    held_balance: Shown<Money<'a>>,
    available_balance: String,
    credit_limit: Option<Shown<Money<'a>>>,
    status: &'static str,
    velocity_limits: Vec<VelocityLimitReply<'a>>,
    version: u64,
    external_id: Option<&'a str>,
    metadata: &'a BTreeMap<String, String>,
    created_at: Moment,
    updated_at: Moment,
}

impl<'a> AccountReply<'a> {
    /// The account as it is.
    pub(crate) fn new(account: &'a Account, precision: u8) -> Self {
        let money = |amount| Shown(Money(amount, precision));
        let limits = account.velocity_limits.iter();
        Self {
            id: Shown(account.id.as_uuid()),
            currency_code: Shown(account.currency_code),
            balance: money(&account.balance),
            held_balance: money(&account.held),
            available_balance: Money(&account.available(), precision).to_string(),
            credit_limit: account.credit_limit.as_ref().map(money),
            status: account.status.as_str(),
            velocity_limits: limits
                .map(|limit| VelocityLimitReply::new(limit, precision))
                .collect(),
            version: account.version,
            external_id: account.external_id.as_ref().map(|text| text.as_str()),
            metadata: account.metadata.entries(),
            created_at: Moment(account.created_at),
            updated_at: Moment(account.updated_at),
        }
    }
}

/// The account as it was when it was opened: the reply to opening it, whatever happened later.
pub(crate) fn as_opened(account: &Account) -> Account {
    Account {
        balance: Amount::zero(),
        held: Amount::zero(),
        credit_limit: None,
        status: AccountStatus::Active,
        velocity_limits: Vec::new(),
        version: 0,
        updated_at: account.created_at,
        metadata: account.opening_metadata.clone(),
        metadata_version: 0,
        ..account.clone()
    }
}

/// A velocity limit.
#[derive(Serialize)]
pub(crate) struct VelocityLimitReply<'a> {
    window_seconds: u32,
    count_max: u32,
    amount_max: Option<Shown<Money<'a>>>,
}

impl<'a> VelocityLimitReply<'a> {
    pub(crate) fn new(limit: &'a VelocityLimit, precision: u8) -> Self {
        let most = limit.amount_max.as_ref();
        Self {
            window_seconds: limit.window_seconds,
            count_max: limit.count_max,
            amount_max: most.map(|amount| Shown(Money(amount, precision))),
        }
    }
}
