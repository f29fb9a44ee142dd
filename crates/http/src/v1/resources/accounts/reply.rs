//! The replies with accounts.

use wallet_domain::{
    Account, AccountId, AccountStatus, Amount, CurrencyCode, Metadata, ShortText, Timestamp,
    VelocityLimit,
};

use crate::v1::protocol::{Money, reply};

reply! {
    /// An account.
    pub(crate) struct AccountReply {
        id: AccountId,
        currency_code: CurrencyCode,
        balance: Money,
        /// The part of the balance that open holds reserve.
        held_balance: Money,
        /// What the account can spend: its balance, less what is held, plus the credit limit.
        available_balance: Money,
        credit_limit: Option<Money>,
        status: AccountStatus,
        velocity_limits: Vec<VelocityLimitReply>,
        /// The number of transfer parts of the account.
        version: u64,
        /// Your id for the account.
        external_id: Option<ShortText>,
        metadata: Metadata,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

impl AccountReply {
    /// The account as it is.
    pub(crate) fn new(account: Account, precision: u8) -> Self {
        let money = |amount| Money::new(amount, precision);
        Self {
            id: account.id,
            currency_code: account.currency_code,
            available_balance: money(account.available()),
            balance: money(account.balance),
            held_balance: money(account.held),
            credit_limit: account.credit_limit.map(money),
            status: account.status,
            velocity_limits: VelocityLimitReply::list(&account.velocity_limits, precision),
            version: account.version,
            external_id: account.external_id,
            metadata: account.metadata,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// The account as it was when it was opened: the reply to opening it, whatever happened later.
pub(crate) fn as_opened(account: Account) -> Account {
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
        ..account
    }
}

reply! {
    /// A limit on how often, and how much, money may leave an account within a rolling window.
    pub(crate) struct VelocityLimitReply {
        /// The length of the window, in seconds.
        window_seconds: u32,
        /// The most transfers that may leave the account within the window.
        count_max: u32,
        /// The most money that may leave the account within the window; any amount if there is
        /// none.
        amount_max: Option<Money>,
    }
}

impl VelocityLimitReply {
    pub(crate) fn list(limits: &[VelocityLimit], precision: u8) -> Vec<Self> {
        let reply = |limit: &VelocityLimit| Self {
            window_seconds: limit.window_seconds,
            count_max: limit.count_max,
            amount_max: limit
                .amount_max
                .clone()
                .map(|amount| Money::new(amount, precision)),
        };
        limits.iter().map(reply).collect()
    }
}
