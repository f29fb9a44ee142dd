//! Accounts: who holds money, how much, how often it moved, and which ways it may move.

use bigdecimal::{BigDecimal, Zero};

use crate::records::VelocityLimit;
use crate::values::{AccountId, Amount, CurrencyCode, Metadata, ShortText, Timestamp};

/// An account as of its last applied transfer part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Chosen by the caller that opened the account.
    pub id: AccountId,
    /// The one currency that this account holds.
    pub currency_code: CurrencyCode,
    /// Posted money; negative only on credit.
    pub balance: Amount,
    /// How much of it is held: the sum of the account's open holds.
    pub held: Amount,
    /// By how much more than its balance the account may spend or hold. `None` if it never had a
    /// limit; only then it is certain that the balance is not negative, because a limit may be
    /// lowered below the amount already used.
    pub credit_limit: Option<Amount>,
    /// Which ways money may move.
    pub status: AccountStatus,
    /// How much, and how often, money may leave.
    pub velocity_limits: Vec<VelocityLimit>,
    /// The number of applied transfer parts: parts are numbered `1..=version` without a gap.
    pub version: u64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the last part was applied, or it was opened.
    pub updated_at: Timestamp,
    /// The account's name in another system; unique within a ledger.
    pub external_id: Option<ShortText>,
    /// The client's metadata at the opening of the account; never changes.
    pub opening_metadata: Metadata,
    /// The current metadata.
    pub metadata: Metadata,
    /// How often the metadata was changed.
    pub metadata_version: u64,
}

impl Account {
    /// What can be spent or held: `balance - held + credit_limit`. Not negative after a write,
    /// unless the credit limit was lowered below the amount already used.
    #[must_use]
    pub fn available(&self) -> Amount {
        available(&self.balance, &self.held, self.credit_limit.as_ref())
    }

    /// Whether more is spent and held than was available.
    pub(crate) fn is_overdrawn(&self) -> bool {
        match self.held.is_zero() && self.credit_limit.is_none() {
            true => self.balance.is_negative(),
            false => {
                let limit = self.credit_limit.as_ref();
                unbounded(&self.balance, &self.held, limit) < BigDecimal::zero()
            }
        }
    }

    /// Whether the available amount always is an [`Amount`]: nothing needs more digits than one
    /// has.
    pub(crate) fn fits(&self) -> bool {
        let limit = self.credit_limit.as_ref();
        limit.is_none_or(|limit| self.balance.checked_add(limit).is_some())
    }
}

/// What can be spent of a balance.
pub(crate) fn available(balance: &Amount, held: &Amount, credit_limit: Option<&Amount>) -> Amount {
    // The rules ensure that balance and limit together have no more digits than an amount, and
    // nothing is held that was not available; so the result is an amount.
    Amount::from_decimal(unbounded(balance, held, credit_limit)).unwrap_or_else(|_| Amount::zero())
}

/// The same for values that are not accepted yet: it may have more digits than an amount, and that
/// must not count as zero.
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
    /// Neither, temporarily.
    Frozen,
    /// Neither, permanently: such an account is empty.
    Closed,
}

impl AccountStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::IncomingFrozen,
        Self::OutgoingFrozen,
        Self::Frozen,
        Self::Closed,
    ];

    /// The stable name of this status.
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

/// A command's changes of the rules of an account; `None` fields do not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The new credit limit.
    pub credit_limit: Option<Amount>,
    /// The new status. Closing needs an account without money and holds, and is permanent.
    pub status: Option<AccountStatus>,
    /// The new velocity limits, which replace all earlier ones.
    pub velocity_limits: Option<Vec<VelocityLimit>>,
}
