//! One write of each kind, one after the other, for the stores' tests of statements. The reads are
//! in [`reads`](super::reads).

use std::slice;

use super::InMemoryStore;
use super::fixtures::{
    NOW, access_key, account_id, amount, capture, change_account, change_hold, deposit, deposit_in,
    exchange, expire, hold, hold_until, internal, internal_for_fee, limit_velocity, open, quote,
    set_rate, split, transfer_id, withdraw,
};
use crate::{
    AccountId, AccountStatus, Actor, ChangeMetadata, Charge, Command, Currency, Deposit, FixedSide,
    HoldAction, LedgerQueries, Metadata, OpenAccount, OperatorAction, Outcome, Reversal, ShortText,
    Terms, Timestamp, TransferDetails, TransferId, WholeStore, execute,
};

/// One write, with its name.
pub struct KindOfWrite {
    /// For example `a hold`.
    pub name: &'static str,
    write: Box<Write>,
}

type Write = dyn Fn(&dyn WholeStore, Timestamp);

impl KindOfWrite {
    fn new(name: &'static str, write: impl Fn(&dyn WholeStore, Timestamp) + 'static) -> Self {
        let write = Box::new(write);
        Self { name, write }
    }

    /// A batch of commands, none of which is rejected.
    fn batch(name: &'static str, commands: impl Into<Vec<Command>>) -> Self {
        let commands = commands.into();
        Self::new(name, move |store, now| {
            let outcomes = execute(store, &commands, now).expect("the store executes it");
            let rejected = outcomes.iter().any(is_rejected);
            assert!(!rejected, "{name}: {outcomes:?}");
        })
    }

    /// A command that is rejected.
    fn refused(name: &'static str, command: Command) -> Self {
        Self::new(name, move |store, now| {
            let outcomes = execute(store, slice::from_ref(&command), now);
            let outcomes = outcomes.expect("the store executes it");
            assert!(is_rejected(&outcomes[0]), "{name}: {outcomes:?}");
        })
    }

    /// Executes the write.
    ///
    /// # Panics
    /// If the store fails or refuses it.
    pub fn run(&self, store: &dyn WholeStore, now: Timestamp) {
        (self.write)(store, now);
    }
}

fn is_rejected(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rejected(_))
}

/// All kinds of writes, the most frequent ones first, for an empty ledger that was
/// [prepared](prepare).
///
/// Execute them in this order, each a minute after the one before, the first a minute after
/// [`NOW`].
#[must_use]
pub fn kinds_of_writes() -> Vec<KindOfWrite> {
    let kinds = [
        transfers(),
        holds(),
        accounts(),
        rules(),
        exchanges(),
        keys(),
    ];
    kinds.into_iter().flatten().collect()
}

/// Opens the accounts that the writes need, with money.
///
/// # Panics
/// If the store fails.
pub fn prepare(store: &dyn WholeStore) {
    let opened = [1, 2, 3].map(|number| open(number, "USD"));
    let funded = [1, 2].map(|number| deposit(number, number, "1000"));
    let reversible = internal(REVERSIBLE, 1, 2, "1");
    let commands = [&opened[..], &funded, &[reversible, open(5, "EUR")]].concat();
    let outcomes = execute(store, &commands, NOW).expect("the store executes it");
    let created = outcomes.iter().all(|it| matches!(it, Outcome::Created(_)));
    assert!(created, "{outcomes:?}");
}

fn accounts() -> Vec<KindOfWrite> {
    let code = "JPY".parse().expect("a code");
    let named = Command::OpenAccount(OpenAccount {
        external_id: ShortText::new("alice"),
        metadata: metadata(&[("tier", "gold")]),
        ..OpenAccount::new(account_id(4), "USD".parse().expect("a code"))
    });
    let change = Command::ChangeMetadata(ChangeMetadata {
        account_id: account_id(4),
        changes: [("tier".to_owned(), None)].into(),
        expected: None,
        created_by: None,
    });
    let currency = Command::CreateCurrency(Currency { code, precision: 0 }.into());
    vec![
        KindOfWrite::batch("a currency", [currency]),
        KindOfWrite::batch("accounts", [open(6, "USD"), open(7, "JPY")]),
        KindOfWrite::batch("an account with an external id", [named]),
        KindOfWrite::batch("metadata of an account", [change]),
    ]
}

fn transfers() -> Vec<KindOfWrite> {
    let actor = actor();
    let by_actor = internal(12, 1, 2, "1").requested_by(Some(&actor));
    let described = match internal(13, 1, 2, "1") {
        Command::InternalTransfer(transfer) => {
            let details = TransferDetails {
                reference: ShortText::new("invoice 1"),
                metadata: metadata(&[("order", "1")]),
                effective_at: Some(NOW),
                created_by: None,
            };
            Command::InternalTransfer(transfer.with(details, Terms::default()))
        }
        other => panic!("no transfer between accounts: {other:?}"),
    };
    vec![
        KindOfWrite::batch("a transfer", [internal(11, 1, 2, "1")]),
        KindOfWrite::batch("a deposit", [deposit(17, 1, "1")]),
        KindOfWrite::batch("a withdrawal", [withdraw(10, 1, "1")]),
        KindOfWrite::batch("a repetition", [internal(11, 1, 2, "1")]),
        KindOfWrite::refused("a refusal", internal(19, 1, 2, "1000000")),
        KindOfWrite::batch("a transfer of an actor", [by_actor]),
        KindOfWrite::batch("a transfer with details", [described]),
        KindOfWrite::batch(
            "a transfer with a fee",
            [internal_for_fee(
                (14, 1, 2),
                "10",
                3,
                Charge::BasisPoints(100),
            )],
        ),
        KindOfWrite::batch("a split", [split(15, 1, &[(2, "1"), (3, "2")])]),
        KindOfWrite::batch("a reversal", [reversal()]),
    ]
}

/// The transfer that is reversed.
const REVERSIBLE: u128 = 9;

fn reversal() -> Command {
    // The transfer is the same in every store.
    let ledger = InMemoryStore::new();
    prepare(&ledger);
    let original = ledger.transfer(transfer_id(REVERSIBLE));
    let original = original.expect("the store reads").expect("it was executed");
    let (details, terms) = (TransferDetails::default(), Terms::default());
    let reversal = Reversal::new(&original.transfer, transfer_id(16), None, details, terms);
    Command::Reversal(reversal)
}

fn holds() -> Vec<KindOfWrite> {
    let placed = hold(20, 1, 2, "10");
    // A minute passes from one write to the next.
    let half_a_minute = 30_000_000;
    let until = |at: Timestamp| hold_until(21, 1, 2, "5", Some(at));
    let more = HoldAction::Increase {
        amount: amount("1"),
    };
    vec![
        KindOfWrite::batch("a hold", [placed.clone()]),
        KindOfWrite::batch("an increase of a hold", [change_hold(22, &placed, more)]),
        KindOfWrite::batch(
            "a hold of an actor",
            [hold(24, 2, 1, "10").requested_by(Some(&actor()))],
        ),
        KindOfWrite::batch("a capture", [capture(23, &placed, Some("1"), true)]),
        KindOfWrite::new("a hold that expires", move |store, now| {
            let placed = until(now.plus_micros(half_a_minute));
            execute(store, &[placed], now).expect("the store executes it");
        }),
        KindOfWrite::new("an expiry", move |store, now| {
            let expired = expire(&until(now.plus_micros(-half_a_minute)));
            execute(store, &[expired], now).expect("the store executes it");
        }),
    ]
}

/// The limits of velocity come last: from then on, account 1 has spendings.
fn rules() -> Vec<KindOfWrite> {
    let frozen = Some(AccountStatus::IncomingFrozen);
    vec![
        KindOfWrite::batch("a credit limit", [change_account(30, 1, Some("100"), None)]),
        KindOfWrite::batch("a status", [change_account(31, 3, None, frozen)]),
        KindOfWrite::batch(
            "a velocity limit",
            [limit_velocity(32, 1, &[(60, 9, None)])],
        ),
        KindOfWrite::batch("a limited transfer", [internal(33, 1, 2, "1")]),
    ]
}

fn exchanges() -> Vec<KindOfWrite> {
    let quoted = quote(41, "USD", "EUR", FixedSide::Sell, "11");
    let liquidity = |currency: &str| {
        let code = currency.parse().expect("a code");
        let account = AccountId::liquidity(code);
        let id = TransferId::new(account.as_uuid()).expect("it is not nil");
        Command::Deposit(Deposit::new(id, account, amount("1000"), code))
    };
    let used = exchange(42, &quoted, 2, 5);
    vec![
        KindOfWrite::batch("a rate", [set_rate(40, "EUR", "USD", "1.08", "1.1")]),
        KindOfWrite::batch(
            "liquidity",
            [
                liquidity("EUR"),
                liquidity("USD"),
                deposit_in("EUR", 43, 5, "1"),
            ],
        ),
        KindOfWrite::batch("a quote", [quoted.clone()]),
        // A quote is valid for a minute.
        KindOfWrite::new("an exchange", move |store, now| {
            let at = now.plus_micros(-30_000_000);
            let outcomes = execute(store, slice::from_ref(&used), at).expect("it is executed");
            assert!(matches!(outcomes[0], Outcome::Created(_)), "{outcomes:?}");
        }),
        KindOfWrite::batch(
            "a batch of everything",
            [
                open(8, "BTC"),
                internal(50, 1, 2, "1"),
                capture(51, &hold(24, 2, 1, "10"), None, true),
                quote(52, "USD", "EUR", FixedSide::Sell, "12"),
            ],
        ),
    ]
}

fn keys() -> Vec<KindOfWrite> {
    vec![
        KindOfWrite::new("a key", |store, _| {
            let added = store.add_access_key(&access_key(1), Some(&actor()));
            added.expect("the store keeps it");
        }),
        KindOfWrite::new("a revocation", |store, now| {
            let revoked = store.revoke_access_key(&access_key(1).prefix, now, Some(&actor()));
            assert!(revoked.expect("the store revokes it"));
        }),
        KindOfWrite::new("a copied key", |store, _| {
            let copied = store.copy_access_key(&access_key(2));
            copied.expect("the store keeps it");
        }),
        KindOfWrite::new("adopted records", |store, _| {
            let key = access_key(2);
            let action = OperatorAction::key_created(&key, None);
            let recorded = store.record_adopted(slice::from_ref(&key), &[action]);
            recorded.expect("the store records it");
        }),
    ]
}

fn actor() -> Actor {
    Actor::new("shop").expect("it is a name")
}

fn metadata(entries: &[(&str, &str)]) -> Metadata {
    let entries = entries.iter();
    let entries = entries.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Metadata::new(entries.collect()).expect("little metadata")
}
