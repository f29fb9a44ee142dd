//! Replies: what is new in them does no harm, and what is wrong with them is said.

use chrono::{TimeZone as _, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::server::{Server, Step, json as answer, problem};
use crate::{
    AccountChanges, AccountFilter, AccountStatus, BatchMode, BatchOutcome, Cause, Direction,
    ErrorCode, HoldStatus, ItemStatus, NewAccount, NewBatch, NewTransfer, Period, TransferType,
    VerificationStatus,
};

/// A transfer with a new id, as the service writes it.
pub(crate) fn transfer() -> Value {
    json!({
        "id": Uuid::now_v7(), "type": "transfer", "amount": "100.11", "currency_code": "USD",
        "reference": "invoice 4711", "metadata": {"shop": "7"},
        "created_at": "2026-01-01T00:00:02.5Z", "effective_at": null, "reverses": null,
        "parts": [{
            "account_id": Uuid::now_v7(), "direction": "outgoing", "amount": "100.11",
            "balance": "899.89", "held_balance": "0.00", "available_balance": "899.89",
            "version": 2,
        }],
    })
}

pub(crate) fn account() -> Value {
    json!({
        "id": Uuid::now_v7(), "currency_code": "USD", "balance": "900.00", "held_balance": "0.00",
        "available_balance": "950.00", "credit_limit": "50.00", "status": "active",
        "velocity_limits": [{"window_seconds": 60, "count_max": 5, "amount_max": null}],
        "version": 7, "external_id": null, "metadata": {}, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    })
}

/// A hold, as it is within a transfer.
fn hold() -> Value {
    json!({
        "id": Uuid::now_v7(), "sender_account_id": Uuid::now_v7(),
        "receiver_account_id": Uuid::now_v7(), "currency_code": "USD", "amount": "1.00",
        "captured_amount": "0.00", "held_amount": "1.00", "status": "open",
        "created_at": "2026-01-01T00:00:00Z", "expires_at": null,
    })
}

fn payment() -> NewTransfer {
    NewTransfer::new(Uuid::now_v7(), Uuid::now_v7(), 5.into(), "USD")
}

#[tokio::test]
async fn a_transfer_is_read_with_all_that_it_has() {
    let mut body = transfer();
    body["followers"] = json!([transfer()]);
    body["hold"] = hold();
    let server = Server::start([answer(200, body.clone())]).await;
    let transfer = server.client().read_transfer(Uuid::now_v7()).await.unwrap();
    assert_eq!(transfer.transfer_type, TransferType::Transfer);
    assert_eq!(transfer.amount.to_string(), "100.11");
    assert_eq!(transfer.parts[0].direction, Direction::Outgoing);
    assert_eq!(transfer.parts[0].balance.to_string(), "899.89");
    assert_eq!(transfer.metadata["shop"], "7");
    let created_at = Utc.timestamp_millis_opt(1_767_225_602_500).single();
    assert_eq!(Some(transfer.created_at), created_at);
    assert_eq!(transfer.followers.len(), 1);
    assert_eq!(transfer.hold.unwrap().status, HoldStatus::Open);
}

#[tokio::test]
async fn holds_and_entries_of_statements_have_what_was_said_about_them() {
    let mut described = hold();
    described["reference"] = "order 7".into();
    described["metadata"] = json!({"shop": "7"});
    let mut entry = transfer()["parts"][0].take();
    for (name, value) in [
        ("transfer_id", json!(Uuid::now_v7())),
        ("type", json!("transfer")),
        ("corresponding_account_id", Value::Null),
        ("currency_code", json!("USD")),
        ("created_at", json!("2026-01-01T00:00:00Z")),
        ("effective_at", Value::Null),
        ("reference", json!("a \"b\", c")),
    ] {
        entry[name] = value;
    }
    let mut silent = entry.clone();
    silent["reference"] = Value::Null;
    let page = json!({
        "account_id": Uuid::now_v7(), "currency_code": "USD", "opening_balance": "0.00",
        "closing_balance": "0.00", "total_incoming": "0.00", "total_outgoing": "0.00", "count": 2,
        "data": [entry, silent], "has_more": false, "next_cursor": null,
    });
    let server = Server::start([answer(200, described), answer(200, page)]).await;
    let client = server.client();
    let hold = client.read_hold(Uuid::now_v7()).await.unwrap();
    assert_eq!(hold.hold.status, HoldStatus::Open);
    assert_eq!(hold.reference.as_deref(), Some("order 7"));
    assert_eq!(hold.metadata["shop"], "7");
    let statement = client.statement(Uuid::now_v7(), Period::default());
    let page = statement.page(None).await.unwrap();
    let references: Vec<_> = page.data.iter().map(|it| it.reference.as_deref()).collect();
    assert_eq!(references, [Some("a \"b\", c"), None]);
    assert_eq!(page.data[0].entry.part.version, 2);
}

#[tokio::test]
async fn what_is_new_in_a_reply_does_no_harm() {
    let mut body = transfer();
    body["type"] = "teleport".into();
    body["parts"][0]["direction"] = "sideways".into();
    body["parts"][0]["colour"] = "green".into();
    body["rings"] = json!({"count": 3});
    let mut grown = account();
    grown["status"] = "sleeping".into();
    grown["risk"] = 0.5.into();
    let server = Server::start([answer(200, body), answer(200, grown)]).await;
    let client = server.client();
    let transfer = client.read_transfer(Uuid::now_v7()).await.unwrap();
    assert_eq!(transfer.transfer_type, TransferType::from("teleport"));
    assert_eq!(transfer.transfer_type.as_str(), "teleport");
    assert_eq!(transfer.parts[0].direction.as_str(), "sideways");
    let account = client.read_account(Uuid::now_v7()).await.unwrap();
    assert_eq!(account.status, AccountStatus::Other("sleeping".to_owned()));
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_says_that_the_write_was_done() {
    for body in ["", "[]", "{\"id\": 7}", "null"] {
        let step = Step::Answer(201, "", body.to_owned());
        let server = Server::start([step.clone(), step]).await;
        let error = server.client().transfer(&payment()).await.unwrap_err();
        let Cause::Unreadable {
            status: 201,
            detail,
        } = error.cause()
        else {
            panic!("{error}")
        };
        assert!(detail.ends_with(body), "{detail}");
        assert!(error.may_have_been_applied());
        let error = server.client().read_transfer(Uuid::now_v7()).await;
        assert!(!error.unwrap_err().may_have_been_applied());
        assert_eq!(server.seen().len(), 2);
    }
}

#[tokio::test]
async fn a_dry_run_that_was_none_is_an_error() {
    let dry = Step::Answer(200, "Dry-Run: true\r\n", transfer().to_string());
    let server = Server::start([dry, answer(201, transfer())]).await;
    let client = server.client().dry_run();
    assert!(client.transfer(&payment()).await.unwrap().is_dry_run);
    let error = client.transfer(&payment()).await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
}

#[tokio::test]
async fn the_tag_of_an_account_is_sent_with_the_change() {
    let tagged = |tag| Step::Answer(200, tag, account().to_string());
    let server = Server::start([
        tagged("ETag: \"7-2\"\r\n"),
        tagged("ETag: \"7-3\"\r\n"),
        problem(412, "account_changed"),
    ])
    .await;
    let client = server.client();
    let account = client.read_account(Uuid::now_v7()).await.unwrap();
    let mut changes = AccountChanges::default();
    changes
        .metadata
        .insert("tier".to_owned(), Some("gold".to_owned()));
    changes.metadata.insert("old".to_owned(), None);
    let tag = account.etag.as_ref();
    let written = client
        .change_account(account.id, &changes, tag)
        .await
        .unwrap();
    assert_eq!(written.value.etag.unwrap().as_str(), "\"7-3\"");
    let error = client.change_account(account.id, &changes, tag).await;
    assert_eq!(error.unwrap_err().code(), Some(&ErrorCode::AccountChanged));
    let seen = server.seen();
    assert_eq!(seen[1].method, "PATCH");
    assert_eq!(seen[1].header("if-match"), Some("\"7-2\""));
    assert_eq!(
        seen[1].json(),
        json!({"metadata": {"tier": "gold", "old": null}})
    );
}

#[tokio::test]
async fn the_outcome_of_each_item_of_a_batch_is_there_even_if_it_was_refused() {
    let problem = json!({"code": "insufficient_funds", "status": 422, "detail": "too little"});
    let items = json!([
        {"index": 0, "status": "created", "transfer": transfer()},
        {"index": 1, "status": "replayed", "account": account()},
        {"index": 2, "status": "rejected", "error": problem},
        {"index": 3, "status": "not_applied"},
        {"index": 4, "status": "created", "something": {"new": true}},
    ]);
    let outcome = json!({"mode": "atomic", "items": items, "failed_index": 2});
    let mut refused = outcome.clone();
    refused["code"] = "batch_refused".into();
    refused["status"] = 422.into();
    let server = Server::start([answer(200, outcome), answer(422, refused)]).await;
    let client = server.client();
    let batch = NewBatch::new(BatchMode::Atomic, vec![payment().into()]);
    let done = client.send_batch(&batch).await.unwrap().value;
    assert!(done.items[0].transfer.is_some() && done.items[0].account.is_none());
    assert!(done.items[1].account.is_some() && done.items[1].transfer.is_none());
    let error = done.items[2].error.as_ref().unwrap();
    assert_eq!(error.code, ErrorCode::InsufficientFunds);
    assert_eq!(done.items[3].status, ItemStatus::NotApplied);
    let newer = &done.items[4];
    assert!(newer.status == ItemStatus::Created && newer.transfer.is_none());
    let error = client.send_batch(&batch).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::BatchRefused));
    assert!(!error.may_have_been_applied());
    assert_eq!(
        BatchOutcome::from_problem(error.problem().unwrap()),
        Some(done)
    );
}

#[tokio::test]
async fn a_verification_is_read_at_every_stage() {
    let verification = json!({
        "id": Uuid::now_v7(), "status": "failed", "started_at": "2026-01-01T00:00:00Z",
        "finished_at": null, "expected_head": null, "head": null,
        "contradiction": {"place": "account 1", "finding": "it has 2"},
        "progress": {"accounts": 1, "parts": 2, "transfers": 3, "open_holds": 4, "links": 5},
    });
    let page = json!({"data": [verification], "has_more": false, "next_cursor": null});
    let server = Server::start([answer(200, page)]).await;
    let found = server.client().verifications().await.unwrap();
    assert_eq!(found[0].status, VerificationStatus::Failed);
    assert_eq!(found[0].contradiction.as_ref().unwrap().place, "account 1");
    assert_eq!((found[0].progress.links, found[0].progress.adopted), (5, 0));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Step::Answer(307, "Location: http://127.0.0.1:9/\r\n", String::new());
    let server = Server::start([elsewhere]).await;
    let new = NewAccount::new("USD");
    let error = server.client().open_account(&new).await.unwrap_err();
    assert!(matches!(
        error.cause(),
        Cause::Unreadable { status: 307, .. }
    ));
    assert_eq!(
        (error.may_have_been_applied(), server.seen().len()),
        (false, 1)
    );
    let _ = server.client().accounts(AccountFilter::default());
    assert_eq!(server.seen().len(), 1);
}
