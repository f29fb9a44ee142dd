//! Ids and idempotency keys of several callers.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{OTHER, OWN, SHOP, id, pay, post, server_with_callers};

#[test]
fn one_idempotency_key_of_two_callers_is_two_ids() {
    let (server, _store, callers) = server_with_callers();
    let of = |name: &str| callers.iter().find(|one| one.name == name).unwrap();
    let key = "idempotency-key: order-1002\r\n";
    // A limited key that is first takes nothing from the shop, and sees nothing of it.
    let own = post(
        &server,
        of("limited"),
        "/v1/transfers",
        key,
        &pay(None, OWN, SHOP, "1"),
    );
    assert_eq!(own.status, 201, "{}", own.body);
    let paid = post(
        &server,
        of("all"),
        "/v1/transfers",
        key,
        &pay(None, OTHER, SHOP, "70"),
    );
    assert_eq!(paid.status, 201, "{}", paid.body);
    assert_eq!(paid.header("idempotent-replayed"), None);
    assert_ne!(own.json()["id"], paid.json()["id"]);
    let again = post(
        &server,
        of("limited"),
        "/v1/transfers",
        key,
        &pay(None, OWN, SHOP, "1"),
    );
    assert_eq!((again.status, &again.body), (201, &own.body));
    // Two operators that open accounts with one key get two accounts.
    let account = json!({"currency_code": "USD"});
    let [one, other] = ["operate", "all"].map(|name| {
        let opened = post(&server, of(name), "/v1/accounts", key, &account);
        assert_eq!(opened.status, 201, "{}", opened.body);
        opened.json()["id"].clone()
    });
    assert_ne!(one, other);
    // Items of batches have ids of their callers, too.
    let item = json!({
        "type": "deposit", "account_id": id(OWN), "amount": "1", "currency_code": "USD",
    });
    let batch = json!({"mode": "atomic", "items": [item]});
    let [one, other] = ["transfer", "all"].map(|name| {
        let made = post(&server, of(name), "/v1/batches", key, &batch);
        assert_eq!(made.status, 200, "{}", made.body);
        made.json()["items"][0]["transfer"]["id"].clone()
    });
    assert_ne!(one, other);
}

#[test]
fn an_id_that_a_limited_key_took_is_told_to_others_and_never_answered_as_theirs() {
    let (server, _store, callers) = server_with_callers();
    let of = |name: &str| callers.iter().find(|one| one.name == name).unwrap();
    for (first, second) in [
        ("/v1/transfers", "/transfers/"),
        ("/transfers/", "/v1/transfers"),
    ] {
        let taken = Uuid::new_v4().to_string();
        let body = pay(Some(&taken), OWN, SHOP, "1");
        let own = post(&server, of("limited"), first, "", &body);
        assert!(
            own.status < 300 && !own.body.contains("ERROR"),
            "{}",
            own.body
        );
        // The same to the letter, and another content.
        for body in [body, pay(Some(&taken), OTHER, SHOP, "70")] {
            for name in ["all", "transfer"] {
                let v1 = post(&server, of(name), "/v1/transfers", "", &body);
                assert_eq!(
                    (v1.status, &v1.json()["code"]),
                    (409, &json!("id_already_used"))
                );
                let classic = post(&server, of(name), "/transfers/", "", &body);
                let expected = r#"{"result":"ERROR","error":"id_already_used"}"#;
                assert_eq!((classic.status, classic.body.as_str()), (200, expected));
            }
        }
        // For the caller itself the classic promise holds, whatever the fields say.
        for body in [
            pay(Some(&taken), OWN, SHOP, "1"),
            pay(Some(&taken), OWN, OTHER, "7"),
        ] {
            let again = post(&server, of("limited"), "/transfers/", "", &body);
            assert_eq!(again.body, r#"{"result":"OK"}"#, "{first}");
        }
        let again = post(
            &server,
            of("limited"),
            second,
            "",
            &pay(Some(&taken), OWN, SHOP, "1"),
        );
        assert!(!again.body.contains("already_used"), "{}", again.body);
    }
}

#[test]
fn a_limited_key_cannot_choose_an_id_that_is_derived_from_something_else() {
    let (server, _store, callers) = server_with_callers();
    let of = |name: &str| callers.iter().find(|one| one.name == name).unwrap();
    // The id of the shop's Idempotency-Key: it can be computed by anyone who knows the key's text.
    let key = "idempotency-key: order-1003\r\n";
    let dry = "/v1/transfers?dry_run=true";
    let body = pay(None, OTHER, SHOP, "70");
    let foreseen = post(&server, of("all"), dry, key, &body).json()["id"].clone();
    let body = |id: &Value| pay(id.as_str(), OWN, SHOP, "1");
    let split = json!({
        "id": foreseen, "sender_account_id": id(OWN), "currency_code": "USD",
        "receivers": [{"account_id": id(SHOP), "amount": "1"}],
    });
    for (path, body) in [
        ("/v1/transfers", body(&foreseen)),
        ("/v1/holds", body(&foreseen)),
        ("/v1/splits", split),
    ] {
        let refused = post(&server, of("limited"), path, "", &body);
        assert_eq!(refused.status, 400, "{path}: {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/id", "{path}");
    }
    let classic = post(&server, of("limited"), "/transfers/", "", &body(&foreseen));
    classic.expect_error("malformed_request");
    // Callers that see all accounts may choose it.
    let derived = json!(Uuid::new_v5(&Uuid::nil(), b"1").to_string());
    let free = post(&server, of("all"), "/transfers/", "", &body(&derived));
    free.expect_body(r#"{"result":"OK"}"#);
}
