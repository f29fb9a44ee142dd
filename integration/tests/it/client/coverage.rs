//! `wallet-client` has a call for every operation of the OpenAPI document, with all its parameters.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;
use wallet_client::{
    AccountChanges, AccountFilter, AccountStatus, BatchMode, Client, ClientOptions, ETag,
    FixedAmount, HoldFilter, HoldStatus, Money, NewAccount, NewBatch, NewCapture, NewControls,
    NewCurrency, NewDeposit, NewExchange, NewHold, NewIncrease, NewQuote, NewRate, NewReversal,
    NewSplit, NewTransfer, NewVerification, NewVoid, NewWithdrawal, Period, QuoteFilter,
    QuoteStatus, SplitReceivers, TimeAxis, TransferFilter, TransferType,
};

use super::run;

/// Parameters that the client does without: the id in each body is the key.
const UNUSED: [&str; 1] = ["Idempotency-Key"];

const ID: Uuid = Uuid::from_u128(7);

#[test]
fn the_client_has_a_call_for_every_operation_and_every_parameter() {
    let document = include_str!("../../../../docs/openapi.json");
    let document: Value = serde_json::from_str(document).unwrap();
    let expected = operations(&document);
    assert!(
        expected.len() > 30,
        "the document was misread: {expected:?}"
    );
    let recorder = Recorder::start();
    run(call_everything(&recorder.client()));
    let found: BTreeSet<String> = recorder.requests().into_iter().collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing: {missing:#?}\nin no document: {surplus:#?}"
    );
}

/// Each operation of `/v1` as a line: the method, the path with `{}` for what it names, and the
/// names of the parameters in order.
fn operations(document: &Value) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap().iter();
        for (method, operation) in methods.filter(|_| path.starts_with("/v1/")) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters
                .filter(|parameter| parameter["in"] != "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .filter(|name| !UNUSED.contains(name));
            let path = path
                .split('/')
                .map(|segment| match segment.starts_with('{') {
                    true => "{}",
                    false => segment,
                });
            let path = path.collect::<Vec<_>>().join("/");
            lines.insert(line(&method.to_uppercase(), &path, names));
        }
    }
    lines
}

fn line<'a>(method: &str, path: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<String> = names.into_iter().map(str::to_lowercase).collect();
    let names: Vec<String> = names.into_iter().collect();
    format!("{method} {path} {}", names.join(","))
}

/// A server that refuses everything, and keeps what it was asked.
struct Recorder {
    address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let line = recorded(&mut stream);
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
                let body = r#"{"code": "not_found", "status": 404}"#;
                let head = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: ";
                let answer = format!("{head}{}\r\n\r\n{body}", body.len());
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { address, lines }
    }

    /// A client whose writes have all parameters that writes can have.
    fn client(&self) -> Client {
        let url = format!("http://{}", self.address);
        let client = Client::new(&url, ClientOptions::default()).unwrap();
        client.dry_run().strict()
    }

    fn requests(&self) -> Vec<String> {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Reads a request: its line as in [`operations`].
fn recorded(stream: &mut BufReader<std::net::TcpStream>) -> String {
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first).unwrap();
    let mut names = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else {
            break;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            name @ ("prefer" | "if-match") => names.push(name.to_owned()),
            _ => {}
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let in_query = query.split('&').filter_map(|pair| pair.split_once('='));
    names.extend(in_query.map(|(name, _)| name.to_owned()));
    let is_name = |segment: &&str| segment.parse::<Uuid>().is_ok() || segment.starts_with("X");
    let path = path
        .split('/')
        .map(|it| if is_name(&it) { "{}" } else { it });
    let path = path.collect::<Vec<_>>().join("/");
    line(method, &path, names.iter().map(String::as_str))
}

/// Makes each call once, with all that it can be given.
async fn call_everything(client: &Client) {
    read_everything(client).await;
    move_everything(client).await;
    let tag: ETag = "\"1-1\"".parse().unwrap();
    let (one, two) = (Money::from(1), Money::from(2));
    let _ = client.open_account(&NewAccount::new("XTS")).await;
    let _ = client
        .change_account(ID, &AccountChanges::default(), Some(&tag))
        .await;
    let _ = client
        .change_controls(ID, &NewControls::new(), Some(&tag))
        .await;
    let _ = client.create_currency(&NewCurrency::new("XTS", 2)).await;
    let _ = client
        .set_rate(&NewRate::new("XTS", "XXX", one.clone(), two))
        .await;
    let quote = NewQuote::new("XTS", "XXX", FixedAmount::Sell(one));
    let _ = client.create_quote(&quote).await;
    let _ = client.exchange(&NewExchange::new(ID, ID, ID)).await;
    let _ = client
        .send_batch(&NewBatch::new(BatchMode::Atomic, Vec::new()))
        .await;
    let _ = client.start_verification(&NewVerification::new()).await;
}

async fn move_everything(client: &Client) {
    let one = || Money::from(1);
    let _ = client
        .transfer(&NewTransfer::new(ID, ID, one(), "XTS"))
        .await;
    let _ = client.deposit(&NewDeposit::new(ID, one(), "XTS")).await;
    let _ = client.withdraw(&NewWithdrawal::new(ID, one(), "XTS")).await;
    let split = NewSplit::new(ID, "XTS", SplitReceivers::from_amounts([]));
    let _ = client.split(&split).await;
    let _ = client.reverse(ID, &NewReversal::new()).await;
    let _ = client.place_hold(&NewHold::new(ID, ID, one(), "XTS")).await;
    let _ = client.increase_hold(ID, &NewIncrease::new(one())).await;
    let _ = client.capture_hold(ID, &NewCapture::new()).await;
    let _ = client.void_hold(ID, &NewVoid::new()).await;
}

async fn read_everything(client: &Client) {
    let text = || Some("XTS".to_owned());
    let (cursor, now) = (Some("c"), Some(DateTime::<Utc>::UNIX_EPOCH));
    let period = Period::new(now, now);
    let _ = client.read_account(ID).await;
    let mut filter = AccountFilter::default();
    (filter.currency_code, filter.external_id) = (text(), text());
    (filter.ids, filter.metadata) = (Some(vec![ID, ID]), text().zip(text()));
    filter.statuses = vec![AccountStatus::Active, AccountStatus::Frozen];
    let _ = client.accounts(filter).with_page_size(1).page(cursor).await;
    let _ = client.read_currency("XTS").await;
    let _ = client.currencies().await;
    let _ = client.read_transfer(ID).await;
    let mut filter = TransferFilter::default();
    (filter.account_id, filter.period) = (Some(ID), period);
    (filter.currency_code, filter.reference) = (text(), text());
    filter.transfer_types = vec![TransferType::Deposit, TransferType::Fee];
    (filter.created_by, filter.metadata) = (text(), text().zip(text()));
    (filter.effective_from, filter.effective_before) = (now, now);
    let _ = client
        .transfers(filter)
        .with_page_size(1)
        .page(cursor)
        .await;
    let _ = client.read_hold(ID).await;
    let mut filter = HoldFilter::default();
    (filter.account_id, filter.reference) = (Some(ID), text());
    filter.statuses = vec![HoldStatus::Open, HoldStatus::Voided];
    filter.metadata = text().zip(text());
    (filter.expires_from, filter.expires_before) = (now, now);
    let _ = client.holds(filter).with_page_size(1).page(cursor).await;
    let _ = client.rates().with_page_size(1).page(cursor).await;
    let rates = client.rates_of_pair("XTS", "XXX").with_page_size(1);
    let _ = rates.page(cursor).await;
    let _ = client.read_quote(ID).await;
    let mut filter = QuoteFilter::default();
    (filter.sell_currency_code, filter.buy_currency_code) = (text(), text());
    filter.statuses = vec![QuoteStatus::Open, QuoteStatus::Expired];
    let _ = client.quotes(filter).with_page_size(1).page(cursor).await;
    let parts = client.parts(ID, period).with_page_size(1);
    let _ = parts.page(cursor).await;
    let _ = client.read_balance(ID, now, TimeAxis::System).await;
    let statement = client.statement(ID, period).with_page_size(1);
    let _ = statement.page(cursor).await;
    let _ = client.read_verification(ID).await;
    let _ = client.verifications().await;
}
