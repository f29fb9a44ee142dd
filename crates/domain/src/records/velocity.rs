//! Velocity limits: how much, and how often, money may leave an account within a rolling window.

use crate::values::{AccountId, Amount, Rejection, Timestamp};

/// The maximum number of limits of an account.
pub const VELOCITY_LIMITS_MAX: usize = 4;

/// The longest window: 31 days.
pub const VELOCITY_WINDOW_SECONDS_MAX: u32 = 31 * 86_400;

/// The maximum number of transfers that a limit allows within its window. The bound is needed
/// because every write reads what has left within the window.
pub const VELOCITY_COUNT_MAX: u32 = 1_000;

/// The number of transfers, and the amount, that may leave an account within any window of this
/// length.
///
/// Outgoing money counts: transfers, withdrawals, captures, fees. Held money does not count until
/// it is captured. Spendings count from when the account has limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VelocityLimit {
    /// The length of the window.
    pub window_seconds: u32,
    /// The most transfers.
    pub count_max: u32,
    /// The most money in total.
    pub amount_max: Option<Amount>,
}

/// Money that left an account with limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The account.
    pub account_id: AccountId,
    /// The account's version after it.
    pub version: u64,
    /// How much.
    pub amount: Amount,
    /// When, by the clock of the decision. The part may be booked later.
    pub created_at: Timestamp,
}

impl VelocityLimit {
    /// Whether its numbers are in their ranges.
    pub(crate) fn is_valid(&self) -> bool {
        (1..=VELOCITY_WINDOW_SECONDS_MAX).contains(&self.window_seconds)
            && (1..=VELOCITY_COUNT_MAX).contains(&self.count_max)
            && self.amount_max.as_ref().is_none_or(Amount::is_positive)
    }

    /// Whether `amount` may leave at this time, after `earlier`.
    ///
    /// A spending that is further ahead than a whole window was written while a clock was wrong,
    /// and does not count: it would block the account until that date.
    pub(crate) fn check<'a>(
        &self,
        earlier: impl Iterator<Item = &'a Spending>,
        amount: &Amount,
        at: Timestamp,
    ) -> Result<(), Rejection> {
        use Rejection::{VelocityAmountExceeded, VelocityCountExceeded};
        let window = i64::from(self.window_seconds) * 1_000_000;
        let (begin, end) = (at.plus_micros(-window), at.plus_micros(window));
        let is_within = |it: &&Spending| begin < it.created_at && it.created_at <= end;
        let mut count = 1;
        let mut sum = amount.clone();
        for spending in earlier.filter(is_within) {
            count += 1;
            if count > self.count_max {
                return Err(VelocityCountExceeded);
            }
            if self.amount_max.is_some() {
                sum = sum
                    .checked_add(&spending.amount)
                    .ok_or(VelocityAmountExceeded)?;
            }
        }
        match self.amount_max.as_ref().is_some_and(|most| sum > *most) {
            true => Err(VelocityAmountExceeded),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
