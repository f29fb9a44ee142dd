//! Requests: the path, the query, the headers and the body of each call.

use chrono::{DateTime, TimeZone as _, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::replies::transfer;
use super::server::{Seen, Server, json as answer};
use crate::{
    AccountFilter, AccountStatus, BatchItem, BatchMode, Cause, Client, ClientOptions, Fee,
    FeePrice, FixedAmount, HoldFilter, HoldStatus, Money, NewAccount, NewBatch, NewCapture,
    NewControls, NewExchange, NewHold, NewQuote, NewSplit, NewTransfer, NewVoid, Period,
    QuoteFilter, QuoteStatus, SplitReceivers, TimeAxis, TransferFilter, TransferType,
    VelocityLimit,
};

const A: Uuid = Uuid::from_u128(0xa);
const B: Uuid = Uuid::from_u128(0xb);

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 31, 12, 0, 0).unwrap()
}

/// The request that a call sends; whether it can read the answer does not matter.
async fn sent<T>(call: impl AsyncFnOnce(Client) -> T) -> Seen {
    let server = Server::start([answer(200, transfer())]).await;
    call(server.client()).await;
    server.seen().remove(0)
}

fn body(value: &impl serde::Serialize) -> Value {
    let mut value = serde_json::to_value(value).unwrap();
    // The ids are new each time.
    if let Value::Object(fields) = &mut value {
        assert!(fields.remove("id").is_some());
    }
    value
}

#[tokio::test]
async fn a_key_a_dry_run_and_a_strict_write_are_said_in_each_request() {
    let server = Server::start([answer(200, transfer())]).await;
    let client = server.client_with(|options| options.key = Some("secret".parse().unwrap()));
    let new = NewTransfer::new(A, B, money("1.50"), "USD");
    let _ = client.dry_run().strict().transfer(&new).await;
    let seen = server.seen().remove(0);
    assert_eq!(seen.target, "/v1/transfers?dry_run=true");
    assert_eq!(seen.header("authorization"), Some("Bearer secret"));
    assert_eq!(seen.header("prefer"), Some("handling=strict"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert!(format!("{client:?}").contains(server.url()));
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn a_name_that_leads_to_another_path_is_not_sent() {
    let server = Server::start([answer(200, json!({"data": [], "has_more": false}))]).await;
    let client = server.client();
    let rates = client.rates_of_pair("..", "..").page(None).await;
    let error = rates.unwrap_err();
    assert!(matches!(error.cause(), Cause::Unsendable(_)), "{error}");
    let error = client.read_currency("").await.unwrap_err();
    assert!(matches!(error.cause(), Cause::Unsendable(_)), "{error}");
    assert_eq!((error.attempts(), server.seen().len()), (0, 0));
}

#[test]
fn a_url_that_is_refused_is_told_without_its_secrets() {
    for (url, told) in [
        ("http://user:secret@ledger.example", "…@ledger.example"),
        ("https://secret@ledger.example/a", "…@ledger.example/a"),
        ("http//user:p@secret@ledger.example", "…@ledger.example"),
        ("http://ledger.example?key=secret", "http://ledger.example…"),
        ("http://ledger.example#secret@", "http://ledger.example…"),
        ("ftp://ledger.example", "ftp://ledger.example"),
    ] {
        let error = Client::new(url, ClientOptions::default()).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.starts_with(&format!("{told}: ")), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

#[tokio::test]
async fn filters_and_paths_have_the_names_of_the_service() {
    let period = Period::new(Some(noon()), None);
    let seen = sent(async |client| client.statement(A, period).page(None).await.is_ok()).await;
    let times = "created_from=2026-01-31T12%3A00%3A00.000000Z";
    assert_eq!(seen.target, format!("/v1/accounts/{A}/statement?{times}"));

    let filter = TransferFilter {
        transfer_types: vec![TransferType::Transfer],
        metadata: Some(("shop".to_owned(), "7".to_owned())),
        period: Period::new(None, Some(noon())),
        ..TransferFilter::default()
    };
    let seen = sent(async |client| client.transfers(filter).page(Some("c")).await.is_ok()).await;
    let expected = "/v1/transfers?type=transfer&metadata_key=shop&metadata_value=7\
                    &created_before=2026-01-31T12%3A00%3A00.000000Z&cursor=c";
    assert_eq!(seen.target, expected);

    let balance = async |client: Client| client.read_balance(A, None, TimeAxis::Effective).await;
    let seen = sent(balance).await;
    assert_eq!(
        seen.target,
        format!("/v1/accounts/{A}/balance?axis=effective")
    );

    let controls = NewControls {
        credit_limit: Some(money("50.00")),
        status: Some(AccountStatus::OutgoingFrozen),
        velocity_limits: Some(vec![VelocityLimit::new(60, 5)]),
        ..NewControls::new()
    };
    let change = async |client: Client| client.change_controls(A, &controls, None).await;
    let seen = sent(change).await;
    assert_eq!(
        (seen.method.as_str(), &*seen.target),
        ("POST", &*format!("/v1/accounts/{A}/controls"))
    );
    let limits = json!([{"window_seconds": 60, "count_max": 5}]);
    let expected = json!({
        "credit_limit": "50.00", "status": "outgoing_frozen", "velocity_limits": limits,
    });
    assert_eq!(body(&seen.json()), expected);
}

#[tokio::test]
async fn several_values_of_a_filter_are_one_parameter() {
    let filter = AccountFilter {
        ids: Some(vec![A, B]),
        statuses: vec![AccountStatus::Frozen, AccountStatus::Closed],
        metadata: Some(("tier".to_owned(), "gold".to_owned())),
        ..AccountFilter::default()
    };
    let seen = sent(async |client| client.accounts(filter).page(None).await.is_ok()).await;
    let expected = format!(
        "/v1/accounts?ids={A}%2C{B}&status=frozen%2Cclosed&metadata_key=tier&metadata_value=gold"
    );
    assert_eq!(seen.target, expected);

    // All accounts would be the wrong answer.
    let filter = AccountFilter {
        ids: Some(Vec::new()),
        ..AccountFilter::default()
    };
    let seen = sent(async |client| client.accounts(filter).page(None).await.is_ok()).await;
    assert_eq!(seen.target, "/v1/accounts?ids=");

    let filter = TransferFilter {
        transfer_types: vec![TransferType::Deposit, TransferType::Withdrawal],
        effective_from: Some(noon()),
        created_by: Some("bank".to_owned()),
        ..TransferFilter::default()
    };
    let seen = sent(async |client| client.transfers(filter).page(None).await.is_ok()).await;
    let expected = "/v1/transfers?type=deposit%2Cwithdrawal\
                    &effective_from=2026-01-31T12%3A00%3A00.000000Z&created_by=bank";
    assert_eq!(seen.target, expected);

    let filter = HoldFilter {
        account_id: Some(A),
        statuses: vec![HoldStatus::Open, HoldStatus::Captured],
        reference: Some("order 7".to_owned()),
        expires_before: Some(noon()),
        ..HoldFilter::default()
    };
    let seen = sent(async |client| client.holds(filter).page(None).await.is_ok()).await;
    let expected = format!(
        "/v1/holds?account_id={A}&status=open%2Ccaptured&reference=order+7\
         &expires_before=2026-01-31T12%3A00%3A00.000000Z"
    );
    assert_eq!(seen.target, expected);

    let filter = QuoteFilter {
        buy_currency_code: Some("EUR".to_owned()),
        statuses: vec![QuoteStatus::Open],
        ..QuoteFilter::default()
    };
    let seen = sent(async |client| client.quotes(filter).page(None).await.is_ok()).await;
    assert_eq!(seen.target, "/v1/quotes?buy_currency_code=EUR&status=open");
}

#[test]
fn bodies_have_only_what_was_set() {
    let mut new = NewTransfer::new(A, B, money("100.11"), "USD");
    let mut expected = json!({
        "sender_account_id": A, "receiver_account_id": B, "amount": "100.11",
        "currency_code": "USD",
    });
    assert_eq!(body(&new), expected);
    new.fee = Some(Fee::new(A, FeePrice::BasisPoints(125)));
    new.details.reference = Some("invoice 4711".to_owned());
    new.details.effective_at = Some(noon());
    expected["fee"] = json!({"account_id": A, "basis_points": 125});
    expected["reference"] = "invoice 4711".into();
    expected["effective_at"] = "2026-01-31T12:00:00Z".into();
    assert_eq!(body(&new), expected);

    let amounts = SplitReceivers::from_amounts([(B, money("2.00"))]);
    let receivers = json!([{"account_id": B, "amount": "2.00"}]);
    let expected = json!({
        "sender_account_id": A, "currency_code": "USD", "receivers": receivers,
    });
    assert_eq!(body(&NewSplit::new(A, "USD", amounts)), expected);
    let shares = SplitReceivers::from_shares(money("2.00"), [(B, 3)]);
    let expected = json!({
        "sender_account_id": A, "currency_code": "USD", "amount": "2.00",
        "receivers": [{"account_id": B, "share": 3}],
    });
    assert_eq!(body(&NewSplit::new(A, "USD", shares)), expected);

    let quote = NewQuote::new("USD", "EUR", FixedAmount::Buy(money("5")));
    let expected = json!({
        "sell_currency_code": "USD", "buy_currency_code": "EUR", "buy_amount": "5",
    });
    assert_eq!(body(&quote), expected);
    assert_eq!(body(&NewCapture::new()), json!({}));
}

#[test]
fn each_item_of_a_batch_has_its_type() {
    let items: Vec<BatchItem> = vec![
        NewTransfer::new(A, B, money("1"), "USD").into(),
        NewAccount::new("USD").into(),
        NewHold::new(A, B, money("1"), "USD").into(),
        NewExchange::new(A, A, B).into(),
        BatchItem::Void {
            hold_id: A,
            void: NewVoid::new(),
        },
        BatchItem::AccountControls {
            account_id: B,
            controls: NewControls::new(),
        },
    ];
    let batch = serde_json::to_value(NewBatch::new(BatchMode::Independent, items)).unwrap();
    assert_eq!(batch["mode"], "independent");
    let items = batch["items"].as_array().unwrap();
    let types: Vec<_> = items
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    let expected = [
        "transfer",
        "account",
        "hold",
        "exchange",
        "void",
        "account_controls",
    ];
    assert_eq!(types, expected);
    assert!(items.iter().all(|item| item["id"].is_string()));
    assert_eq!(items[4]["hold_id"], json!(A));
}
