//! Rules about keys, and about who is recorded.

use super::{Store, run};
use crate::testing::fixtures::{NOW, account_id, deposit, open};
use crate::{
    AccessKey, Actor, Command, Outcome, Recorded, Rejection, Scope, TOKEN_BYTES, Terms, Token,
};

fn key(byte: u8) -> AccessKey {
    let token = Token::of([byte; TOKEN_BYTES]);
    AccessKey {
        prefix: token.prefix().to_owned(),
        actor: actor("shop"),
        secret_hash: token.secret_hash(),
        scopes: Scope::ALL.into(),
        accounts: None,
        created_at: NOW.plus_micros(byte.into()),
        expires_at: None,
        revoked_at: None,
    }
}

fn actor(name: &str) -> Actor {
    Actor::new(name).expect("the name is one")
}

/// Keys are kept with all that is said about them, and the first time of a revocation stays.
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
}

/// Who asked is recorded with a transfer, beside transfers of nobody; to somebody else the id is taken.
pub fn who_asked_is_kept_and_nobody_else_repeats_it(store: &impl Store) {
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
        Command::Deposit(deposit).asked_by(name.map(actor).as_ref())
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
