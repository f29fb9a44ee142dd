//! The command that breaks rules.

use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, deposit, hold_of, hold_until, internal, open, transfer_id, withdraw,
};
use crate::{
    Amount, ChangeHold, Command, CurrencyCode, Deposit, Hold, HoldAction, InternalTransfer,
    InternalTransferFields, LedgerQueries, Outcome, PlaceHold, Precision, Replay, Reversal, Terms,
    Timestamp, Transfer, TransferDetails, Withdraw, execute,
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Deposit,
    Withdraw,
    Internal,
    Reversal,
    PlaceHold,
    Capture,
    Increase,
}

/// A command in which account 1 pays account 2 5 US dollars, unless a rule is broken.
pub(super) struct Case {
    pub(super) store: InMemoryStore,
    pub(super) id: u128,
    pub(super) sender: u128,
    pub(super) receiver: u128,
    pub(super) code: &'static str,
    pub(super) amount: Amount,
    pub(super) terms: Terms,
    pub(super) at: Timestamp,
    /// The number of the transfer to reverse, or of the hold to change.
    pub(super) target: u128,
}

impl Case {
    pub(super) fn run(&self, command: &Command) -> Outcome {
        let outcomes = execute(&self.store, std::slice::from_ref(command), NOW);
        outcomes.expect("memory does not fail").remove(0)
    }

    pub(super) fn prepare(&self, command: &Command) {
        let outcome = self.run(command);
        assert!(
            matches!(outcome, Outcome::Created(_)),
            "{command:?}: {outcome:?}"
        );
    }

    /// Withdraws what an account has available.
    pub(super) fn drain(&self, account: u128, id: u128) {
        let account_id = account_id(account);
        let known = self.store.account(account_id).expect("memory reads");
        let all = known.expect("it exists").available();
        if all.is_positive() {
            self.prepare(&withdraw(id, account, &all.to_string()));
        }
    }

    pub(super) fn hold(&self, id: u128) -> Command {
        hold_until(id, 1, 2, "10", Some(NOW.plus_micros(60_000_000)))
    }

    pub(super) fn new(kind: Kind) -> Self {
        let case = Self {
            store: InMemoryStore::new(),
            id: 100,
            sender: 1,
            receiver: 2,
            code: "USD",
            amount: amount("5"),
            terms: Terms::new(Replay::SameContent, Precision::Rounded),
            at: NOW.plus_micros(1_000_000),
            target: 10,
        };
        for command in [open(1, "USD"), open(2, "USD"), deposit(1, 1, "100")] {
            case.prepare(&command);
        }
        match kind {
            // Account 2 paid the reversed transfer, so that account 1 pays it back.
            Kind::Reversal => {
                case.prepare(&internal(9, 1, 2, "40"));
                case.prepare(&internal(10, 2, 1, "40"));
            }
            Kind::Capture | Kind::Increase => case.prepare(&case.hold(10)),
            _ => {}
        }
        case
    }

    pub(super) fn transfer(&self, id: u128) -> Transfer {
        let found = self.store.transfer(transfer_id(id)).expect("memory reads");
        found.expect("the transfer exists").transfer
    }

    fn code(&self) -> CurrencyCode {
        self.code.parse().expect("a code")
    }

    pub(super) fn command(&self, kind: Kind) -> Command {
        let amount = self.amount.clone();
        match kind {
            Kind::Internal => Command::InternalTransfer(self.internal_transfer()),
            Kind::PlaceHold => {
                let ends_at = NOW.plus_micros(if self.target == 66 { 1 } else { 60_000_000 });
                Command::PlaceHold(PlaceHold::new(self.internal_transfer(), Some(ends_at)))
            }
            Kind::Deposit => {
                let (id, receiver) = (transfer_id(self.id), account_id(self.receiver));
                Command::Deposit(Deposit {
                    terms: self.terms.clone(),
                    ..Deposit::new(id, receiver, amount, self.code())
                })
            }
            Kind::Withdraw => {
                let (id, sender) = (transfer_id(self.id), account_id(self.sender));
                Command::Withdraw(Withdraw {
                    terms: self.terms.clone(),
                    ..Withdraw::new(id, sender, amount, self.code())
                })
            }
            Kind::Capture => self.change_hold(HoldAction::Capture {
                amount: Some(amount),
                is_final: false,
            }),
            Kind::Increase => self.change_hold(HoldAction::Increase { amount }),
            Kind::Reversal => self.reversal(),
        }
    }

    fn internal_transfer(&self) -> InternalTransfer {
        let fields = InternalTransferFields {
            transfer_id: Some(transfer_id(self.id).as_uuid()),
            sender_account_id: Some(account_id(self.sender).as_uuid()),
            receiver_account_id: Some(account_id(self.receiver).as_uuid()),
            amount: self.amount.clone(),
            currency_code: self.code,
        };
        let transfer = InternalTransfer::new(&fields).expect("an internal transfer");
        transfer.with(TransferDetails::default(), self.terms.clone())
    }

    fn change_hold(&self, action: HoldAction) -> Command {
        let known = self.store.hold(transfer_id(self.target));
        let known = known.expect("memory reads");
        let hold = Hold {
            currency_code: self.code(),
            ..known.unwrap_or_else(|| hold_of(&self.hold(self.target)))
        };
        let (details, terms) = (TransferDetails::default(), self.terms.clone());
        let change = ChangeHold::new(&hold, transfer_id(self.id), action, details, terms);
        Command::ChangeHold(change)
    }

    fn reversal(&self) -> Command {
        let original = match self.target {
            77 => Transfer {
                id: transfer_id(77),
                ..self.transfer(10)
            },
            target => self.transfer(target),
        };
        let original = Transfer {
            currency_code: match self.code {
                "USD" => original.currency_code,
                _ => self.code(),
            },
            ..original
        };
        let (details, terms) = (TransferDetails::default(), self.terms.clone());
        let (id, amount) = (transfer_id(self.id), Some(self.amount.clone()));
        Command::Reversal(Reversal::new(&original, id, amount, details, terms))
    }
}
