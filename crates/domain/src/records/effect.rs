//! Effects: what a transfer does in addition to moving money, or instead of it. One value and not
//! an option for each, so that no transfer can have two. Stores keep them in separate columns.

use crate::records::{AccountChange, Hold, TransferType};
use crate::values::{QuoteId, TransferId};

/// What a transfer does in addition to moving money, or instead of it. No transfer does two of
/// these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It moves money, and does nothing else.
    #[default]
    Moves,
    /// It reverses this transfer, completely or partially. Its kind is the opposite of the
    /// original's: the reversal of a deposit is a withdrawal.
    Reverses(TransferId),
    /// It places or changes this hold, which is as the transfer leaves it. Only a capture also
    /// moves money.
    Holds(Hold),
    /// It changes the rules of its account.
    ChangesAccount(AccountChange),
    /// It leads an exchange, and uses this quote.
    Exchanges(QuoteId),
}

impl Effect {
    /// The effect of a transfer, from the separate columns in which a store keeps it.
    /// `account_change` is empty if they are.
    ///
    /// `None` if the columns contradict each other, or a transfer of this type cannot have this
    /// effect.
    #[must_use]
    pub fn new(
        transfer_type: TransferType,
        reverses: Option<TransferId>,
        hold: Option<Hold>,
        account_change: AccountChange,
        quote_id: Option<QuoteId>,
    ) -> Option<Self> {
        // A change of an account may change nothing.
        let changes_account = transfer_type == TransferType::AccountChange
            || account_change != AccountChange::default();
        let effect = match (reverses, hold, changes_account, quote_id) {
            (None, None, false, None) => Self::Moves,
            (Some(original), None, false, None) => Self::Reverses(original),
            (None, Some(hold), false, None) => Self::Holds(hold),
            (None, None, true, None) => Self::ChangesAccount(account_change),
            (None, None, false, Some(quote_id)) => Self::Exchanges(quote_id),
            _ => return None,
        };
        effect.is_possible_for(transfer_type).then_some(effect)
    }

    const fn is_possible_for(&self, transfer_type: TransferType) -> bool {
        use TransferType as Type;
        match transfer_type {
            Type::Deposit | Type::Withdraw | Type::Internal => {
                matches!(self, Self::Moves | Self::Reverses(_))
            }
            Type::Hold | Type::HoldIncrease | Type::Capture | Type::Void | Type::Expire => {
                matches!(self, Self::Holds(_))
            }
            Type::AccountChange => matches!(self, Self::ChangesAccount(_)),
            Type::Exchange => matches!(self, Self::Moves | Self::Exchanges(_)),
            Type::Spread | Type::Fee => matches!(self, Self::Moves),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{amount, hold, hold_of, quote_id, transfer_id};

    /// What a store keeps of an effect.
    #[derive(Clone, Default)]
    struct Kept {
        reverses: Option<TransferId>,
        hold: Option<Hold>,
        account_change: AccountChange,
        quote_id: Option<QuoteId>,
    }

    impl Kept {
        fn new(effect: Effect) -> Self {
            let mut kept = Self::default();
            match effect {
                Effect::Moves => {}
                Effect::Reverses(original) => kept.reverses = Some(original),
                Effect::Holds(hold) => kept.hold = Some(hold),
                Effect::ChangesAccount(change) => kept.account_change = change,
                Effect::Exchanges(quote_id) => kept.quote_id = Some(quote_id),
            }
            kept
        }

        /// What is kept of both.
        fn and(self, other: Self) -> Self {
            let is_changed = self.account_change != AccountChange::default();
            Self {
                reverses: self.reverses.or(other.reverses),
                hold: self.hold.or(other.hold),
                account_change: match is_changed {
                    true => self.account_change,
                    false => other.account_change,
                },
                quote_id: self.quote_id.or(other.quote_id),
            }
        }

        fn read(self, transfer_type: TransferType) -> Option<Effect> {
            let (reverses, hold) = (self.reverses, self.hold);
            Effect::new(
                transfer_type,
                reverses,
                hold,
                self.account_change,
                self.quote_id,
            )
        }
    }

    /// Each effect, the one that changes nothing of an account, too.
    fn effects() -> [Effect; 6] {
        let change = AccountChange {
            credit_limit: Some(amount("5")),
            ..AccountChange::default()
        };
        [
            Effect::Moves,
            Effect::Reverses(transfer_id(1)),
            Effect::Holds(hold_of(&hold(10, 1, 2, "30"))),
            Effect::ChangesAccount(change),
            Effect::ChangesAccount(AccountChange::default()),
            Effect::Exchanges(quote_id(1)),
        ]
    }

    #[test]
    fn an_effect_is_read_as_it_was_written_by_transfers_that_can_have_it() {
        for transfer_type in TransferType::ALL {
            let possible = effects().map(|effect| effect.is_possible_for(transfer_type));
            for (effect, is_possible) in effects().into_iter().zip(possible) {
                let read = Kept::new(effect.clone()).read(transfer_type);
                let nothing_is_kept = match transfer_type {
                    TransferType::AccountChange => effect == Effect::Moves,
                    _ => effect == Effect::ChangesAccount(AccountChange::default()),
                };
                if !nothing_is_kept {
                    assert_eq!(read, is_possible.then_some(effect), "{transfer_type:?}");
                }
            }
            assert!(possible.contains(&true), "{transfer_type:?} has no effect");
        }
    }

    #[test]
    fn no_transfer_has_two_effects() {
        let kept = effects().into_iter().filter_map(|effect| {
            let something = effect != Effect::Moves
                && effect != Effect::ChangesAccount(AccountChange::default());
            something.then(|| Kept::new(effect))
        });
        let kept: Vec<Kept> = kept.collect();
        for transfer_type in TransferType::ALL {
            for (index, one) in kept.iter().enumerate() {
                for other in &kept[index + 1..] {
                    let read = one.clone().and(other.clone()).read(transfer_type);
                    assert_eq!(read, None, "{transfer_type:?}");
                }
            }
        }
    }
}
