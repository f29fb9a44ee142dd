//! The order in which a movement of money is checked is that of [`Rejection`]: every pair of rules
//! is broken at once, and the first of the two is the answer.

use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit, exchange, expire,
    hold_of, hold_until, internal, limit_velocity, open, quote, set_rate, transfer_id, transfer_of,
    withdraw,
};
use crate::{
    AccountStatus, Amount, ChangeHold, Command, Deposit, FixedSide, HoldAction, InternalTransfer,
    InternalTransferFields, LedgerQueries, Outcome, PlaceHold, Precision, Rejection, Replay,
    Reversal, Terms, Timestamp, Transfer, TransferDetails, Withdraw, execute,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Deposit,
    Withdraw,
    Internal,
    Reversal,
    PlaceHold,
    Capture,
    Increase,
}

/// A command in which account 1 pays account 2 5 US dollars, unless a rule is broken.
struct Case {
    store: InMemoryStore,
    id: u128,
    sender: u128,
    receiver: u128,
    code: &'static str,
    amount: Amount,
    terms: Terms,
    at: Timestamp,
    /// The number of the transfer to reverse, or of the hold to change.
    of: u128,
}

impl Case {
    fn run(&self, command: &Command) -> Outcome {
        let outcomes = execute(&self.store, std::slice::from_ref(command), NOW);
        outcomes.expect("memory does not fail").remove(0)
    }

    fn prepare(&self, command: &Command) {
        let outcome = self.run(command);
        assert!(
            matches!(outcome, Outcome::Created(_)),
            "{command:?}: {outcome:?}"
        );
    }

    /// Withdraws what an account has available.
    fn empty(&self, account: u128, id: u128) {
        let account_id = account_id(account);
        let known = self.store.account(account_id).expect("memory reads");
        let all = known.expect("it exists").available();
        if all.is_positive() {
            self.prepare(&withdraw(id, account, &all.to_string()));
        }
    }

    fn hold(&self, id: u128) -> Command {
        hold_until(id, 1, 2, "10", Some(NOW.plus_micros(60_000_000)))
    }

    fn new(kind: Kind) -> Self {
        let case = Self {
            store: InMemoryStore::new(),
            id: 100,
            sender: 1,
            receiver: 2,
            code: "USD",
            amount: amount("5"),
            terms: Terms {
                replay: Replay::SameContent,
                ..Terms::default()
            },
            at: NOW.plus_micros(1_000_000),
            of: 10,
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

    fn transfer(&self, id: u128) -> Transfer {
        let found = self.store.transfer(transfer_id(id)).expect("memory reads");
        found.expect("the transfer exists").transfer
    }

    fn command(&self, kind: Kind) -> Command {
        let details = TransferDetails::default();
        let code = self.code.parse().expect("a code");
        let fields = InternalTransferFields {
            transfer_id: Some(transfer_id(self.id).as_uuid()),
            sender_account_id: Some(account_id(self.sender).as_uuid()),
            receiver_account_id: Some(account_id(self.receiver).as_uuid()),
            amount: self.amount.clone(),
            currency_code: self.code,
        };
        let transfer = InternalTransfer::new(&fields).expect("an internal transfer");
        let transfer = transfer.with(details.clone(), self.terms.clone());
        let amount = self.amount.clone();
        let change = |action| {
            let hold = self.store.hold(transfer_id(self.of)).expect("memory reads");
            let hold = hold.unwrap_or_else(|| hold_of(&self.hold(self.of)));
            let hold = crate::Hold {
                currency_code: code,
                ..hold
            };
            let id = transfer_id(self.id);
            let terms = self.terms.clone();
            Command::ChangeHold(ChangeHold::new(&hold, id, action, details.clone(), terms))
        };
        match kind {
            Kind::Internal => Command::InternalTransfer(transfer),
            Kind::PlaceHold => {
                let ends_at = NOW.plus_micros(if self.of == 66 { 1 } else { 60_000_000 });
                Command::PlaceHold(PlaceHold::new(transfer, Some(ends_at)))
            }
            Kind::Deposit => {
                let deposit = Deposit::new(
                    transfer_id(self.id),
                    account_id(self.receiver),
                    amount,
                    code,
                );
                Command::Deposit(Deposit {
                    terms: self.terms.clone(),
                    ..deposit
                })
            }
            Kind::Withdraw => {
                let withdraw =
                    Withdraw::new(transfer_id(self.id), account_id(self.sender), amount, code);
                Command::Withdraw(Withdraw {
                    terms: self.terms.clone(),
                    ..withdraw
                })
            }
            Kind::Capture => change(HoldAction::Capture {
                amount: Some(amount),
                is_final: false,
            }),
            Kind::Increase => change(HoldAction::Increase { amount }),
            Kind::Reversal => {
                let original = match self.of {
                    77 => Transfer {
                        id: transfer_id(77),
                        ..self.transfer(10)
                    },
                    of => self.transfer(of),
                };
                let original = Transfer {
                    currency_code: if self.code == "USD" {
                        original.currency_code
                    } else {
                        code
                    },
                    ..original
                };
                let id = transfer_id(self.id);
                let amount = Some(amount);
                Command::Reversal(Reversal::new(
                    &original,
                    id,
                    amount,
                    details,
                    self.terms.clone(),
                ))
            }
        }
    }
}

type Break = (Rejection, &'static str, fn(&mut Case));

/// Ways to break one rule each. Two of one slot exclude each other.
fn breaks(kind: Kind) -> Vec<Break> {
    use Rejection as R;
    let mut breaks: Vec<Break> = vec![
        (R::CurrencyNotSupported, "currency", |case| {
            case.code = "XXX";
        }),
        (R::TransferAmountTooLarge, "amount", |case| {
            case.amount = amount(&"9".repeat(38));
        }),
        (R::AmountPrecisionExceeded, "amount", |case| {
            case.amount = amount("5.001");
            case.terms.precision = Precision::Strict;
        }),
        (R::TransferAmountMustBePositive, "amount", |case| {
            case.amount = amount("0");
        }),
        (R::IdAlreadyUsed, "id", |case| case.id = 1),
    ];
    let pays = kind != Kind::Deposit;
    let receives = kind != Kind::Withdraw;
    let names = matches!(
        kind,
        Kind::Deposit | Kind::Withdraw | Kind::Internal | Kind::PlaceHold
    );
    let moves = !matches!(kind, Kind::PlaceHold | Kind::Increase);
    if names && pays {
        breaks.extend::<[Break; 3]>([
            (R::SenderAccountNotExist, "sender", |case| case.sender = 30),
            (R::SenderAccountWrongCurrency, "sender", |case| {
                case.prepare(&open(31, "EUR"));
                case.sender = 31;
            }),
            (R::SenderAccountClosed, "sender", |case| {
                case.prepare(&open(32, "USD"));
                case.prepare(&change_account(320, 32, None, Some(AccountStatus::Closed)));
                case.sender = 32;
            }),
        ]);
    }
    if names && receives {
        breaks.extend::<[Break; 2]>([
            (R::ReceiverAccountNotExist, "receiver", |case| {
                case.receiver = 40;
            }),
            (R::ReceiverAccountWrongCurrency, "receiver", |case| {
                case.prepare(&open(41, "EUR"));
                case.receiver = 41;
            }),
        ]);
    }
    if pays {
        breaks.extend::<[Break; 2]>([
            (R::SenderAccountFrozen, "sender", |case| {
                let frozen = Some(AccountStatus::OutgoingFrozen);
                case.prepare(&change_account(330, 1, None, frozen));
            }),
            (R::SenderAvailableTooLow, "terms", |case| {
                case.terms.sender_available_at_least = Some(amount("1000"));
            }),
        ]);
    }
    if receives {
        breaks.extend::<[Break; 2]>([
            (R::ReceiverAccountFrozen, "receiver", |case| {
                let frozen = Some(AccountStatus::IncomingFrozen);
                case.prepare(&change_account(430, 2, None, frozen));
            }),
            (R::ReceiverAccountClosed, "receiver", |case| {
                let closed = Some(AccountStatus::Closed);
                case.empty(2, 441);
                case.prepare(&change_account(440, 2, None, closed));
            }),
        ]);
    }
    if pays && kind != Kind::Capture {
        breaks.push((R::InsufficientFunds, "funds", |case| {
            case.empty(1, 510);
        }));
    }
    if pays && moves {
        breaks.extend::<[Break; 2]>([
            (R::VelocityCountExceeded, "velocity", |case| {
                case.prepare(&limit_velocity(520, 1, &[(3_600, 1, None)]));
                case.prepare(&deposit(521, 1, "1"));
                case.prepare(&withdraw(522, 1, "1"));
            }),
            (R::VelocityAmountExceeded, "velocity", |case| {
                case.prepare(&limit_velocity(530, 1, &[(3_600, 9, Some("1"))]));
            }),
        ]);
    }
    if receives && moves {
        breaks.push((R::ReceiverBalanceTooLarge, "receiver", |case| {
            let most = format!("{}.99", "9".repeat(36));
            case.empty(2, 541);
            case.prepare(&deposit(540, 2, &most));
        }));
    }
    match kind {
        Kind::Reversal => breaks.extend(breaks_of_reversals()),
        Kind::Capture | Kind::Increase => breaks.extend(breaks_of_holds(kind)),
        Kind::PlaceHold => breaks.push((R::HoldExpired, "hold", |case| case.of = 66)),
        _ => {}
    }
    breaks
}

fn breaks_of_reversals() -> [Break; 5] {
    use Rejection as R;
    fn take_back(case: &Case, id: u128) -> Command {
        let (details, terms) = (TransferDetails::default(), Terms::default());
        let original = case.transfer(10);
        Command::Reversal(Reversal::new(
            &original,
            transfer_id(id),
            None,
            details,
            terms,
        ))
    }
    [
        (R::TransferNotExist, "original", |case| case.of = 77),
        (R::TransferIsReversal, "original", |case| {
            case.prepare(&take_back(case, 600));
            case.of = 600;
        }),
        (R::TransferMovesNoMoney, "original", |case| {
            case.prepare(&case.hold(610));
            case.of = 610;
        }),
        (R::TransferIsExchange, "original", |case| {
            let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "5");
            let code = "EUR".parse().expect("a code");
            let liquidity = crate::AccountId::liquidity_of(code);
            let fund = Deposit::new(transfer_id(622), liquidity, amount("50"), code);
            for command in [
                set_rate(1, "EUR", "USD", "1", "1"),
                Command::Deposit(fund),
                open(3, "EUR"),
                quoted.clone(),
                exchange(620, &quoted, 1, 3),
            ] {
                case.prepare(&command);
            }
            case.of = 620;
        }),
        (R::ReversalExceedsTransfer, "original", |case| {
            let back = case.run(&take_back(case, 630));
            assert_eq!(transfer_of(&back).amount, amount("40"));
            case.prepare(&deposit(631, 1, "40"));
        }),
    ]
}

fn breaks_of_holds(kind: Kind) -> Vec<Break> {
    use Rejection as R;
    let mut breaks: Vec<Break> = vec![
        (R::HoldNotExist, "hold", |case| case.of = 700),
        (R::HoldAlreadyCaptured, "hold", |case| {
            let placed = case.hold(710);
            case.prepare(&placed);
            case.prepare(&capture(711, &placed, None, true));
            case.of = 710;
        }),
        (R::HoldAlreadyVoided, "hold", |case| {
            let placed = case.hold(720);
            case.prepare(&placed);
            case.prepare(&change_hold(721, &placed, HoldAction::Void));
            case.of = 720;
        }),
        (R::HoldExpired, "hold", |case| {
            case.at = NOW.plus_micros(60_000_000);
        }),
    ];
    if kind == Kind::Capture {
        breaks.push((R::CaptureExceedsHold, "amount", |case| {
            case.amount = amount("10.01");
        }));
    }
    breaks
}

#[test]
fn of_two_rules_that_a_movement_breaks_the_one_that_stands_first_is_the_answer() {
    use Kind::{Capture, Deposit, Increase, Internal, PlaceHold, Reversal, Withdraw};
    let mut pairs = 0;
    for kind in [
        Deposit, Withdraw, Internal, Reversal, PlaceHold, Capture, Increase,
    ] {
        let breaks = breaks(kind);
        for (one, place, break_one) in &breaks {
            for (two, other_place, break_two) in &breaks {
                let is_pair = place != other_place && (*one as usize) < *two as usize;
                if !is_pair && !std::ptr::eq(one, two) {
                    continue;
                }
                let mut case = Case::new(kind);
                // Statuses come last, because they would prevent the preparation of the others.
                let is_status = |why: &Rejection| {
                    why.code().ends_with("frozen") || why.code().ends_with("closed")
                };
                let mut steps = vec![(is_status(one), break_one)];
                if is_pair {
                    steps.push((is_status(two), break_two));
                }
                steps.sort_by_key(|(is_status, _)| *is_status);
                for (_, step) in steps {
                    step(&mut case);
                }
                let command = case.command(kind);
                let outcome = execute(&case.store, &[command], case.at);
                let outcome = outcome.expect("memory does not fail").remove(0);
                let name = format!("{kind:?} that breaks {one} and {two}");
                assert_eq!(outcome, Outcome::Rejected(*one), "{name}");
                pairs += 1;
            }
        }
    }
    assert!(pairs > 300, "{pairs} pairs");
}

#[test]
fn letting_go_too_early_is_told_before_anything_about_the_accounts() {
    let case = Case::new(Kind::Capture);
    let frozen = Some(AccountStatus::Frozen);
    case.prepare(&change_account(330, 1, None, frozen));
    let early = case.run(&expire(&case.hold(10)));
    assert_eq!(early, Outcome::Rejected(Rejection::HoldNotDue));
}
