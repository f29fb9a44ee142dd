//! Enums that are stored as numbers. The migrations define the numbers.

use super::Damaged;
use crate::records::{AccountStatus, Direction, FixedSide, HoldState, TransferType};

/// A value that is stored as a number.
pub trait Numbered: Copy + 'static {
    /// What it is, for the message about another number.
    const NAME: &'static str;

    /// Every value.
    const VALUES: &'static [Self];

    /// Its number.
    fn number(self) -> i16;

    /// The value with this number.
    ///
    /// # Errors
    /// [`Damaged`] if there is none.
    fn from_number(number: i32) -> Result<Self, Damaged> {
        let mut values = Self::VALUES.iter().copied();
        let found = values.find(|it| i32::from(it.number()) == number);
        found.ok_or_else(|| Damaged(format!("unknown {}: {number}", Self::NAME)))
    }
}

impl Numbered for TransferType {
    const NAME: &'static str = "transfer type";
    const VALUES: &'static [Self] = &Self::ALL;

    fn number(self) -> i16 {
        match self {
            Self::Deposit => 1,
            Self::Withdraw => 2,
            Self::Internal => 3,
            Self::Hold => 4,
            Self::HoldIncrease => 5,
            Self::Capture => 6,
            Self::Void => 7,
            Self::Expire => 8,
            Self::AccountChange => 9,
            Self::Exchange => 10,
            Self::Spread => 11,
            Self::Fee => 12,
        }
    }
}

impl Numbered for Direction {
    const NAME: &'static str = "direction";
    const VALUES: &'static [Self] = &[Self::Incoming, Self::Outgoing];

    fn number(self) -> i16 {
        match self {
            Self::Incoming => 1,
            Self::Outgoing => 2,
        }
    }
}

impl Numbered for AccountStatus {
    const NAME: &'static str = "account status";
    const VALUES: &'static [Self] = &Self::ALL;

    fn number(self) -> i16 {
        match self {
            Self::Active => 0,
            Self::IncomingFrozen => 1,
            Self::OutgoingFrozen => 2,
            Self::Frozen => 3,
            Self::Closed => 4,
        }
    }
}

impl Numbered for HoldState {
    const NAME: &'static str = "hold state";
    const VALUES: &'static [Self] = &Self::ALL;

    fn number(self) -> i16 {
        match self {
            Self::Open => 1,
            Self::Captured => 2,
            Self::Voided => 3,
            Self::Expired => 4,
        }
    }
}

impl Numbered for FixedSide {
    const NAME: &'static str = "fixed side";
    const VALUES: &'static [Self] = &[Self::Sell, Self::Buy];

    fn number(self) -> i16 {
        match self {
            Self::Sell => 1,
            Self::Buy => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that the numbers count up, that each is read back, and that no other is read.
    fn check<T: Numbered + PartialEq + std::fmt::Debug>(first: i16) {
        let numbers = T::VALUES.iter().map(|it| it.number());
        let last = first + T::VALUES.len() as i16 - 1;
        assert!(numbers.eq(first..=last), "{}", T::NAME);
        for value in T::VALUES {
            assert_eq!(T::from_number(value.number().into()), Ok(*value));
        }
        // The last one is the first one in its lower half.
        let first = i32::from(first);
        for number in [first - 1, i32::from(last) + 1, first + 65_536] {
            let message = format!("unknown {}: {number}", T::NAME);
            assert_eq!(T::from_number(number), Err(Damaged(message)));
        }
    }

    #[test]
    fn every_number_is_read_back_and_no_other_is_read() {
        check::<TransferType>(1);
        check::<Direction>(1);
        check::<AccountStatus>(0);
        check::<HoldState>(1);
        check::<FixedSide>(1);
    }
}
