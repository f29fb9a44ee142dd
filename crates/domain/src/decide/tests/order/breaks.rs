//! Ways to break the rules.

use super::case::{Case, Kind};
use crate::testing::fixtures::{
    NOW, amount, capture, change_account, change_hold, deposit, exchange, limit_velocity, open,
    quote, set_rate, transfer_id, transfer_of, withdraw,
};
use crate::{
    AccountId, AccountStatus, Command, Deposit, FixedSide, HoldAction, Precision, Rejection,
    Reversal, Terms, TransferDetails,
};

pub(super) type Break = (Rejection, &'static str, fn(&mut Case));

/// Ways to break one rule each. Two of one slot exclude each other.
pub(super) fn breaks(kind: Kind) -> Vec<Break> {
    let mut breaks = breaks_of_commands();
    if kind != Kind::Deposit {
        breaks.extend(breaks_of_senders(kind));
    }
    if kind != Kind::Withdraw {
        breaks.extend(breaks_of_receivers(kind));
    }
    match kind {
        Kind::Reversal => breaks.extend(breaks_of_reversals()),
        Kind::Capture | Kind::Increase => breaks.extend(breaks_of_holds(kind)),
        Kind::PlaceHold => breaks.push((Rejection::HoldExpired, "hold", |case| case.target = 66)),
        _ => {}
    }
    breaks
}

/// Whether the command names its accounts.
fn names_accounts(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Deposit | Kind::Withdraw | Kind::Internal | Kind::PlaceHold
    )
}

fn moves_money(kind: Kind) -> bool {
    !matches!(kind, Kind::PlaceHold | Kind::Increase)
}

fn breaks_of_commands() -> Vec<Break> {
    use Rejection as R;
    vec![
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
    ]
}

fn breaks_of_senders(kind: Kind) -> Vec<Break> {
    use Rejection as R;
    let mut breaks: Vec<Break> = Vec::new();
    if names_accounts(kind) {
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
    breaks.extend::<[Break; 2]>([
        (R::SenderAccountFrozen, "sender", |case| {
            let frozen = Some(AccountStatus::OutgoingFrozen);
            case.prepare(&change_account(330, 1, None, frozen));
        }),
        (R::SenderAvailableTooLow, "terms", |case| {
            case.terms.sender_available_at_least = Some(amount("1000"));
        }),
    ]);
    if kind != Kind::Capture {
        breaks.push((R::InsufficientFunds, "funds", |case| {
            case.drain(1, 510);
        }));
    }
    if moves_money(kind) {
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
    breaks
}

fn breaks_of_receivers(kind: Kind) -> Vec<Break> {
    use Rejection as R;
    let mut breaks: Vec<Break> = Vec::new();
    if names_accounts(kind) {
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
    breaks.extend::<[Break; 2]>([
        (R::ReceiverAccountFrozen, "receiver", |case| {
            let frozen = Some(AccountStatus::IncomingFrozen);
            case.prepare(&change_account(430, 2, None, frozen));
        }),
        (R::ReceiverAccountClosed, "receiver", |case| {
            let closed = Some(AccountStatus::Closed);
            case.drain(2, 441);
            case.prepare(&change_account(440, 2, None, closed));
        }),
    ]);
    if moves_money(kind) {
        breaks.push((R::ReceiverBalanceTooLarge, "receiver", |case| {
            let most = format!("{}.99", "9".repeat(36));
            case.drain(2, 541);
            case.prepare(&deposit(540, 2, &most));
        }));
    }
    breaks
}

fn breaks_of_reversals() -> [Break; 5] {
    use Rejection as R;
    fn reverse(case: &Case, id: u128) -> Command {
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
        (R::TransferNotExist, "original", |case| case.target = 77),
        (R::TransferIsReversal, "original", |case| {
            case.prepare(&reverse(case, 600));
            case.target = 600;
        }),
        (R::TransferMovesNoMoney, "original", |case| {
            case.prepare(&case.hold(610));
            case.target = 610;
        }),
        (R::TransferIsExchange, "original", |case| {
            let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "5");
            let code = "EUR".parse().expect("a code");
            let liquidity = AccountId::liquidity(code);
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
            case.target = 620;
        }),
        (R::ReversalExceedsTransfer, "original", |case| {
            let back = case.run(&reverse(case, 630));
            assert_eq!(transfer_of(&back).amount, amount("40"));
            case.prepare(&deposit(631, 1, "40"));
        }),
    ]
}

fn breaks_of_holds(kind: Kind) -> Vec<Break> {
    use Rejection as R;
    let mut breaks: Vec<Break> = vec![
        (R::HoldNotExist, "hold", |case| case.target = 700),
        (R::HoldAlreadyCaptured, "hold", |case| {
            let placed = case.hold(710);
            case.prepare(&placed);
            case.prepare(&capture(711, &placed, None, true));
            case.target = 710;
        }),
        (R::HoldAlreadyVoided, "hold", |case| {
            let placed = case.hold(720);
            case.prepare(&placed);
            case.prepare(&change_hold(721, &placed, HoldAction::Void));
            case.target = 720;
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
