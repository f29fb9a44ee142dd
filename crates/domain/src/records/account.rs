//! Accounts: who holds money, how much, how often it moved, and which ways it may move.

use bigdecimal::{BigDecimal, Zero};

use crate::records::VelocityLimit;
use crate::values::{AccountId, Amount, CurrencyCode, Metadata, ShortText, Timestamp};

/// An account as of its last applied transfer part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Chosen by whoever opened the account.
    pub id: AccountId,
    /// The one currency that this account holds.
    pub currency_code: CurrencyCode,
    /// Posted money; negative only on credit.
    pub balance: Amount,
    /// How much of it is set aside: the sum of what the account's open holds hold.
    pub held: Amount,
    /// By how much more than its balance the account may spend or hold. `None` if it never was allowed any; only then
    /// it is certain that the balance is not negative, because a limit may be lowered below what was used of it.
    pub credit_limit: Option<Amount>,
    /// Which ways money may move.
    pub status: AccountStatus,
    /// How fast it may leave.
    pub velocity_limits: Vec<VelocityLimit>,
    /// How many transfer parts were applied: parts are numbered `1..=version` without a gap.
    pub version: u64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the last part was applied, or it was opened.
    pub updated_at: Timestamp,
    /// What the account is called elsewhere; no two accounts of a ledger have the same.
    pub external_id: Option<ShortText>,
    /// What the client attached when it opened the account; never changes.
    pub opening_metadata: Metadata,
    /// What is attached now.
    pub metadata: Metadata,
    /// How often the metadata was changed.
    pub metadata_version: u64,
}

impl Account {
    /// What can be spent or held: `balance - held + credit_limit`. Not negative after a write, unless the credit
    /// limit was lowered below what was used of it.
    #[must_use]
    pub fn available(&self) -> Amount {
        available(&self.balance, &self.held, self.credit_limit.as_ref())
    }

    /// Whether more is spent and held than there was to spend.
    pub(crate) fn is_overdrawn(&self) -> bool {
        match self.held.is_zero() && self.credit_limit.is_none() {
            true => self.balance.is_negative(),
            false => {
                let limit = self.credit_limit.as_ref();
                unbounded(&self.balance, &self.held, limit) < BigDecimal::zero()
            }
        }
    }

    /// Whether what is available always is an amount: nothing needs more digits than one has.
    pub(crate) fn fits(&self) -> bool {
        let limit = self.credit_limit.as_ref();
        limit.is_none_or(|limit| self.balance.checked_add(limit).is_some())
    }
}

/// What can be spent of a balance.
pub(crate) fn available(balance: &Amount, held: &Amount, credit_limit: Option<&Amount>) -> Amount {
    // The rules see to it that balance and limit together have no more digits than an amount, and nothing is held
    // that was not available; so there is one.
    Amount::from_decimal(unbounded(balance, held, credit_limit)).unwrap_or_else(|_| Amount::zero())
}

/// The same of what is not accepted yet: it may have more digits than an amount, and that must not pass for nothing.
fn unbounded(balance: &Amount, held: &Amount, credit_limit: Option<&Amount>) -> BigDecimal {
    let free = balance.as_decimal() - held.as_decimal();
    match credit_limit {
        Some(limit) => free + limit.as_decimal(),
        None => free,
    }
}

/// Which ways money may move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// In and out.
    #[default]
    Active,
    /// Out only.
    IncomingFrozen,
    /// In only.
    OutgoingFrozen,
    /// Neither, for the time being.
    Frozen,
    /// Neither, for ever: such an account is empty.
    Closed,
}

impl AccountStatus {
    /// Every status that there is.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::IncomingFrozen,
        Self::OutgoingFrozen,
        Self::Frozen,
        Self::Closed,
    ];

    /// The stable word for this status.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::IncomingFrozen => "incoming_frozen",
            Self::OutgoingFrozen => "outgoing_frozen",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        }
    }

    /// Whether no money may reach the account.
    #[must_use]
    pub const fn stops_incoming(self) -> bool {
        matches!(self, Self::IncomingFrozen | Self::Frozen | Self::Closed)
    }

    /// Whether no money may leave the account, and none may be held.
    #[must_use]
    pub const fn stops_outgoing(self) -> bool {
        matches!(self, Self::OutgoingFrozen | Self::Frozen | Self::Closed)
    }
}

/// What a command changes about the rules of an account; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The new credit limit.
    pub credit_limit: Option<Amount>,
    /// The new status. Closing needs an account without money and holds, and is never taken back.
    pub status: Option<AccountStatus>,
    /// The new velocity limits, instead of all that there were.
    pub velocity_limits: Option<Vec<VelocityLimit>>,
}
