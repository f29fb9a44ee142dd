//! Rules about keys, and about recorded callers.

use uuid::Uuid;

use super::chain::proved;
use super::{Store, run};
use crate::testing::fixtures::{
    NOW, access_key, account_id, capture, deposit, hold, internal, open, quote, set_rate, split,
};
use crate::{
    AccessKey, Actor, ChangeMetadata, Command, Currency, FixedSide, KEYS_LANE, OperatorAction,
    OperatorActionKind, Outcome, Recorded, Rejection, Scope, Terms, Unit, execute, execute_units,
};

fn key(byte: u8) -> AccessKey {
    AccessKey {
        created_at: NOW.plus_micros(byte.into()),
        ..access_key(byte)
    }
}

fn actor(name: &str) -> Actor {
    Actor::new(name).expect("the name is one")
}

/// Keys are stored with all their fields, and the first time of a revocation stays.
pub fn keys_are_kept_found_listed_and_revoked_once(store: &impl Store) {
    let plain = key(1);
    let limited = AccessKey {
        scopes: [Scope::Transfer].into(),
        accounts: Some([account_id(1), account_id(2)].into()),
        expires_at: Some(NOW.plus_micros(7)),
        ..key(2)
    };
    assert_eq!(store.access_keys().expect("lists"), []);
    for key in [&plain, &limited] {
        store
            .add_access_key(key, Some(&actor("root")))
            .expect("keeps");
    }
    let known = |key: &AccessKey| store.access_key(&key.prefix).expect("finds");
    assert_eq!(known(&plain), Some(plain.clone()));
    assert_eq!(known(&limited), Some(limited.clone()));
    assert_eq!(known(&key(3)), None);
    let again = store.add_access_key(&plain, None);
    assert!(again.is_err(), "a prefix is one key");
    assert_eq!(
        store.access_keys().expect("lists"),
        [limited, plain.clone()]
    );

    let revoke = |prefix: &str, micros| {
        let at = NOW.plus_micros(micros);
        store.revoke_access_key(prefix, at, None).expect("revokes")
    };
    assert!(revoke(&plain.prefix, 10));
    assert!(revoke(&plain.prefix, 20));
    assert!(!revoke(&key(3).prefix, 30));
    let revoked_at = known(&plain).and_then(|key| key.revoked_at);
    assert_eq!(revoked_at, Some(NOW.plus_micros(10)));

    // Two were created and one was revoked, each with a link in the lane of keys, next to those of
    // batches.
    run(store, &[open(1, "USD")]);
    let ends = proved(store).head;
    let keys_end = ends.ends().iter().find(|end| end.lane == KEYS_LANE);
    assert_eq!(keys_end.map(|end| end.number), Some(3));
    assert_eq!(ends.ends().len(), 2);
}

/// Everything that is not a transfer is recorded with who requested it and when, once, and not for
/// a dry run or a refusal.
pub fn actions_of_operators_are_recorded(store: &impl Store) {
    let root = actor("root");
    let change = Command::ChangeMetadata(ChangeMetadata {
        account_id: account_id(1),
        changes: [("tier".to_owned(), Some("gold".to_owned()))].into(),
        expected: None,
        created_by: None,
    });
    let currency = Currency {
        code: "JPY".parse().expect("a code"),
        precision: 0,
    };
    let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "5");
    let first = [
        Command::CreateCurrency(currency.into()),
        open(1, "USD"),
        open(9, "GBP"),
        set_rate(1, "EUR", "USD", "1.08", "1.1"),
        quoted,
    ];
    let asked = |command: Command| command.requested_by(Some(&root));
    let dry = Unit {
        commands: vec![open(2, "USD")],
        dry_run: true,
    };
    let mut units = vec![dry];
    units.extend(first.map(asked).map(Unit::from));
    execute_units(store, &units, NOW).expect("the store carries it out");
    let later = [asked(change.clone()), asked(change), open(1, "USD")];
    execute(store, &later, NOW.plus_micros(100)).expect("the store carries it out");

    let actions = store.operator_actions(None, 100).expect("the store lists");
    let summary = |action: &OperatorAction| {
        let micros = action.created_at.as_micros() - NOW.as_micros();
        (action.kind, action.subject.clone(), action.number, micros)
    };
    let mut all: Vec<_> = actions.iter().map(summary).collect();
    all.sort_by_key(|(kind, _, _, micros)| (*micros, *kind));
    let kinds: Vec<_> = all.iter().map(|it| (it.0, it.3)).collect();
    let opened = OperatorActionKind::AccountOpened;
    assert_eq!(
        kinds,
        [
            (OperatorActionKind::CurrencyCreated, 1),
            (opened, 2),
            // The accounts through which the ledger exchanges.
            (opened, 4),
            (opened, 4),
            (opened, 4),
            (opened, 4),
            (OperatorActionKind::RateSet, 4),
            (OperatorActionKind::QuoteCreated, 5),
            (OperatorActionKind::MetadataChanged, 100),
        ]
    );
    assert_eq!(all[1].1, account_id(1).as_uuid().to_string());
    let by_root = |action: &OperatorAction| action.created_by.as_ref() == Some(&root);
    assert!(actions.iter().all(by_root), "{actions:?}");

    let id = OperatorAction::id_of_metadata_change(account_id(1), 1);
    let other = actions.iter().find(|action| action.id() != id);
    let other = other.expect("there are others");
    let found = store.find_operator_actions(&[other.id(), Uuid::nil(), id]);
    let mut found = found.expect("the store reads");
    found.sort_by_key(|action| action.id() != id);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].metadata.entries()["tier"], "gold");
    assert_eq!(&found[1], other);
    assert_eq!(store.find_operator_actions(&[]).expect("it reads"), []);
    let page = store.operator_actions(None, 4).expect("the store lists");
    let rest = store.operator_actions(page.last().map(OperatorAction::id), 100);
    let paged: Vec<_> = page.into_iter().chain(rest.expect("it lists")).collect();
    assert_eq!(paged, actions);
    proved(store);
}

/// The caller is recorded with a transfer, next to transfers without a caller; for other callers
/// the id is taken.
pub fn the_caller_is_recorded_and_no_other_caller_repeats_it(store: &impl Store) {
    let shop = actor("shop");
    let asked = |name: Option<&str>| {
        let exact = Terms {
            replay: crate::Replay::SameContent,
            ..Terms::default()
        };
        let Command::Deposit(mut deposit) = deposit(1, 1, "1") else {
            unreachable!("a deposit is one");
        };
        deposit.terms = exact;
        Command::Deposit(deposit).requested_by(name.map(actor).as_ref())
    };
    let batch = [open(1, "USD"), asked(Some("shop")), deposit(2, 1, "1")];
    for outcome in run(store, &batch) {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    let again = [
        asked(Some("shop")),
        asked(Some("thief")),
        asked(None),
        deposit(2, 1, "1"),
    ];
    let outcomes = run(store, &again);
    let by = |outcome: &Outcome| match outcome {
        Outcome::Exists(Recorded::Transfer(transfer)) => transfer.details.created_by.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(by(&outcomes[0]), Some(shop.clone()));
    assert_eq!(outcomes[1], Outcome::Rejected(Rejection::IdAlreadyUsed));
    assert_eq!(by(&outcomes[2]), Some(shop));
    assert_eq!(by(&outcomes[3]), None);
}

/// An id that one caller has used is taken for every other one, even if a retry may have any
/// content: otherwise one caller could take the id that another is about to use, and the other
/// would learn that its own transfer succeeded.
pub fn an_id_belongs_to_the_caller_that_used_it(store: &impl Store) {
    let by = |command: Command, name: &str| command.requested_by(Some(&actor(name)));
    let placed = hold(11, 1, 2, "1");
    let batch = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "100"),
        by(internal(10, 1, 2, "1"), "owner"),
        by(placed.clone(), "owner"),
        by(capture(12, &placed, Some("1"), false), "owner"),
        by(split(13, 1, &[(2, "1"), (3, "1")]), "owner"),
    ];
    let batch = [&[open(3, "USD")], &batch[..]].concat();
    for outcome in run(store, &batch) {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    let others = [
        internal(10, 1, 3, "50"),
        hold(11, 1, 3, "50"),
        capture(12, &placed, Some("1"), true),
        // A split is a retry only if it is identical.
        split(13, 1, &[(2, "1"), (3, "1")]),
        // Of another kind, and identical.
        internal(11, 1, 3, "50"),
        internal(10, 1, 2, "1"),
    ];
    for command in others {
        let shop = by(command.clone(), "shop");
        let taken = Outcome::Rejected(Rejection::IdAlreadyUsed);
        assert_eq!(run(store, &[shop]), [taken], "{command:?}");
        // The caller itself, and a service without authentication, are promised success.
        for again in [by(command.clone(), "owner"), command] {
            let outcomes = run(store, std::slice::from_ref(&again));
            assert!(
                matches!(outcomes[..], [Outcome::Exists(_)]),
                "{again:?}: {outcomes:?}"
            );
        }
    }
    // Transfers without a caller belong to all.
    let again = by(deposit(1, 1, "100"), "shop");
    assert!(matches!(run(store, &[again])[..], [Outcome::Exists(_)]));
}
