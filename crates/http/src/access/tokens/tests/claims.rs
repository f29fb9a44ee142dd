//! What a token says, signed as it should be.

use uuid::Uuid;
use wallet_domain::AccountId;

use super::*;
use crate::access::need::{Limited, Need};

#[test]
fn what_a_provider_may_write_in_other_ways_is_taken() {
    let house = House::new();
    let ed = house.ed();
    for claims in [
        but(json!({"aud": ["other", AUDIENCE]})),
        but(json!({"nbf": null, "iat": null})),
        // Clocks are never quite together.
        but(json!({"exp": now() - 10})),
        but(json!({"nbf": now() + 10})),
        but(json!({"wallet:admin": true, "groups": vec!["a"; 50]})),
    ] {
        house.ask(&ed.token(&header("EdDSA"), &claims)).unwrap();
    }
    for typ in [json!("at+jwt"), json!("AT+JWT"), json!("jwt")] {
        let mut header = header("EdDSA");
        header["typ"] = typ;
        house.ask(&ed.token(&header, &claims())).unwrap();
    }
}

#[test]
fn scopes_are_those_with_our_prefix_and_nothing_else() {
    let house = House::new();
    for (scope, expected) in [
        (
            json!("wallet:read wallet:transfer wallet:operate"),
            Scope::ALL.into(),
        ),
        (
            json!("wallet:operate  other:read"),
            BTreeSet::from([Scope::Operate]),
        ),
        (
            json!("read transfer operate wallet: wallet:all WALLET:READ"),
            [].into(),
        ),
        (json!("wallet:reading xwallet:read wallet:read,"), [].into()),
        (json!(""), [].into()),
        (Value::Null, [].into()),
    ] {
        let claims = but(json!({"scope": scope}));
        let caller = house.ask(&house.ed().token(&header("EdDSA"), &claims));
        assert_eq!(caller.unwrap().scopes, expected, "{scope}");
    }
}

#[test]
fn a_token_without_a_scope_learns_the_scope_as_tokens_spell_it() {
    let house = House::new();
    let claims = but(json!({"scope": "read transfer operate"}));
    let caller = house.ask(&house.ed().token(&header("EdDSA"), &claims));
    let caller = caller.unwrap();
    for scope in Scope::ALL {
        let refused = Need::new(scope, Limited::All).check(&caller);
        let Err(ApiError::Forbidden(why)) = refused else {
            panic!("{refused:?}");
        };
        let spelled = format!("{SCOPE_PREFIX}{}", scope.as_str());
        assert!(why.contains(&spelled), "{why}");
    }
}

#[test]
fn wallet_accounts_is_the_limit_and_never_none_by_mistake() {
    let house = House::new();
    let ask = |accounts: &Value| {
        // `but` would take a `null` away, which is another token.
        let mut claims = claims();
        claims["wallet_accounts"] = accounts.clone();
        house.ask(&house.ed().token(&header("EdDSA"), &claims))
    };
    let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
    let limit: BTreeSet<_> = ids.iter().map(|id| AccountId::new(*id).unwrap()).collect();
    let caller = ask(&json!(ids.map(|id| id.to_string()))).unwrap();
    assert_eq!(caller.accounts.as_deref(), Some(&limit));
    assert_eq!(
        ask(&json!([])).unwrap().accounts.as_deref(),
        Some(&[].into())
    );
    let refused = "the token's wallet_accounts must be an array of at most 100 ids of accounts";
    let too_many: Vec<String> = (1..=101)
        .map(|number| Uuid::from_u128(number).to_string())
        .collect();
    for accounts in [
        Value::Null,
        json!(true),
        json!(ids[0].to_string()),
        json!({}),
        json!(["all"]),
        json!([1]),
        json!([null]),
        json!([Uuid::nil().to_string()]),
        json!(too_many),
    ] {
        assert_eq!(ask(&accounts), Err(refused.to_owned()), "{accounts}");
    }
}

#[test]
fn claims_that_are_not_right_are_refused_by_name() {
    let house = House::new();
    let lacks = "the token lacks one of exp, iss and aud";
    let sub = "the token's sub must be 1 to 64 letters, digits and -_.:@|, because it is recorded";
    let expired = "the token has expired";
    let unreadable = "the token cannot be read";
    let rows = [
        (json!({"exp": now() - 60}), expired),
        (json!({"exp": 0}), expired),
        (json!({"exp": null}), lacks),
        (json!({"exp": "soon"}), lacks),
        (json!({"exp": (now() + 60).to_string()}), lacks),
        (json!({"exp": -1}), lacks),
        (json!({"nbf": now() + 60}), "the token is not valid yet"),
        (json!({"nbf": "later"}), unreadable),
        (json!({"iss": null}), lacks),
        (
            json!({"iss": "https://id.example.com"}),
            "the token is from another issuer",
        ),
        (
            json!({"iss": "https://evil.example.com/"}),
            "the token is from another issuer",
        ),
        (json!({"iss": 1}), lacks),
        (json!({"aud": null}), lacks),
        (json!({"aud": "shop"}), "the token is for another audience"),
        (
            json!({"aud": ["shop", "Wallet"]}),
            "the token is for another audience",
        ),
        (json!({"aud": []}), "the token is for another audience"),
        (json!({"sub": null}), sub),
        (json!({"sub": ""}), sub),
        (json!({"sub": "a b"}), sub),
        (json!({"sub": "x".repeat(65)}), sub),
        (json!({"sub": "line\nbreak"}), sub),
        (json!({"sub": 7}), unreadable),
        (json!({"scope": ["wallet:read"]}), unreadable),
    ];
    for (changes, why) in rows {
        house.refuses(&house.ed().token(&header("EdDSA"), &but(changes)), why);
    }
    // Twice the same claim: a parser that reads the other one reads another token.
    let twice = format!(r#"{{"aud":"shop",{}"#, &claims().to_string()[1..]);
    let header = base64(header("EdDSA").to_string().as_bytes());
    let message = format!("{header}.{}", base64(twice.as_bytes()));
    house.refuses(&house.ed().signed(&message), unreadable);
}
