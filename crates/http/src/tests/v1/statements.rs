//! Statements, page by page and as one stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, deposit, internal, open, withdraw};
use wallet_domain::{LedgerSnapshots, ReadsThrough, SnapshotUse, StoreError, WholeLedger, execute};

use super::{ANN, id};
use crate::tests::support::{TestServer, ledger_over, options};

/// ANN gets 100 and 20, and gives 30 and 5.
fn server() -> TestServer {
    TestServer::with(&[
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "100"),
        internal(2, 1, 2, "30"),
        deposit(3, 1, "20"),
        withdraw(4, 1, "5.5"),
    ])
}

fn path(query: &str) -> String {
    format!("/v1/accounts/{}/statement{query}", id(ANN))
}

#[test]
fn pages_of_a_statement_have_one_head_and_all_parts_in_order() {
    let server = server();
    let whole = server.get(&path("")).expect_status(200);
    let head = |page: &Value| {
        let mut page = page.clone();
        for field in ["data", "has_more", "next_cursor", "created_before"] {
            page.as_object_mut().unwrap().remove(field);
        }
        page
    };
    let expected = json!({
        "account_id": id(ANN), "currency_code": "USD", "created_from": "2026-01-01T00:00:00Z",
        "opening_balance": "0.00", "total_incoming": "120.00", "total_outgoing": "35.50",
        "closing_balance": "84.50", "count": 4,
    });
    assert_eq!(head(&whole), expected);
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server
            .get(&path(&format!("?limit=3{cursor}")))
            .expect_status(200);
        assert_eq!(head(&page), expected);
        entries.extend(page["data"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        // Later parts are not part of it.
        let body =
            json!({"id": id(90), "account_id": id(ANN), "amount": "1", "currency_code": "USD"});
        server.post_v1("/v1/deposits", &body);
        cursor = format!("&cursor={next}");
    }
    assert_eq!(json!(entries), whole["data"]);
    let balances: Vec<_> = entries.iter().map(|entry| &entry["balance"]).collect();
    assert_eq!(
        json!(balances),
        json!(["100.00", "70.00", "90.00", "84.50"])
    );
}

/// Counts its snapshots, and the queries outside of them.
#[derive(Default)]
struct Counted {
    store: InMemoryStore,
    snapshots: AtomicU32,
    queries: AtomicU32,
}

impl ReadsThrough for Counted {
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError> {
        self.queries.fetch_add(1, Ordering::SeqCst);
        Ok(&self.store)
    }
}

impl LedgerSnapshots for Counted {
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        self.snapshots.fetch_add(1, Ordering::SeqCst);
        LedgerSnapshots::snapshot(&self.store, usage)
    }
}

#[test]
fn a_page_of_a_statement_takes_one_snapshot_and_no_query_outside_of_it() {
    let counted = Arc::new(Counted::default());
    let commands = [open(1, "USD"), deposit(1, 1, "100"), withdraw(2, 1, "5.5")];
    execute(&counted.store, &commands, NOW).unwrap();
    let ledger = ledger_over(&Arc::new(InMemoryStore::new()));
    let server = TestServer::start(options(), ledger, counted.clone());
    let first = server.get(&path("?limit=1")).expect_status(200);
    // The digits of the currency are read once.
    counted.queries.store(0, Ordering::SeqCst);
    let next = first["next_cursor"].as_str().unwrap();
    server
        .get(&path(&format!("?limit=1&cursor={next}")))
        .expect_status(200);
    assert_eq!(counted.snapshots.load(Ordering::SeqCst), 2);
    assert_eq!(counted.queries.load(Ordering::SeqCst), 0);
}

#[test]
fn a_statement_as_csv_ends_with_its_totals() {
    let server = server();
    let request = |accept: &str| {
        let path = path("");
        server.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: test\r\naccept: {accept}\r\n\r\n"
        ))
    };
    let csv = request("text/csv");
    assert_eq!(
        (csv.status, csv.header("content-type")),
        (200, Some("text/csv; charset=utf-8"))
    );
    let moment = "2026-01-01T00:00:00";
    let line = |version: u8, kind: &str, other: &str, sums: &str| {
        let transfer = id(u128::from(version));
        // Two accounts were opened before.
        let fraction = format!(".{:06}Z", version + 1);
        let other = if other.is_empty() {
            String::new()
        } else {
            id(other.parse().unwrap())
        };
        format!("transfer_part,{version},{moment}{fraction},,{transfer},{kind},{other},{sums},\r\n")
    };
    let expected = [
        "entry,version,created_at,effective_at,transfer_id,type,corresponding_account_id,\
         incoming,outgoing,balance,reference\r\n"
            .to_owned(),
        "opening_balance,,,,,,,,,0.00,\r\n".to_owned(),
        line(1, "deposit", "", "100.00,,100.00"),
        line(2, "transfer", "2", ",30.00,70.00"),
        line(3, "deposit", "", "20.00,,90.00"),
        line(4, "withdrawal", "", ",5.50,84.50"),
        "closing_balance,,,,,,,,,84.50,\r\n".to_owned(),
        "total,,,,,,,120.00,35.50,,\r\n".to_owned(),
    ];
    assert_eq!(csv.body, expected.concat());
    let columns = |line: &str| line.split(',').count();
    assert!(
        csv.body.lines().all(|line| columns(line) == 11),
        "{}",
        csv.body
    );
    for accept in [
        "application/json",
        "*/*",
        "text/csv;q=0.5, application/json",
        "image/png",
    ] {
        assert_eq!(
            request(accept).header("content-type"),
            Some("application/json"),
            "{accept}"
        );
    }
    let mut connection = server.connect();
    let head = format!(
        "HEAD {} HTTP/1.1\r\nhost: test\r\naccept: text/csv\r\n\r\n",
        path("")
    );
    // Twice: nothing but the head was sent, and it names no length that GET would not have.
    for _ in 0..2 {
        connection.write(head.as_bytes());
        let answer = connection.answer();
        let content_type = answer.header("content-type");
        assert_eq!(content_type, Some("text/csv; charset=utf-8"));
        assert_eq!(answer.header("content-length"), None);
    }
}

#[test]
fn a_period_has_its_beginning_before_its_end_and_an_account() {
    let server = server();
    let wrong = server.get(&path(
        "?created_from=2026-01-02T00:00:00Z&created_before=2026-01-01T00:00:00Z&more=1",
    ));
    let problem = wrong.expect_problem(400, "malformed_request");
    let parameters: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["parameter"])
        .collect();
    assert_eq!(json!(parameters), json!(["created_before", "more"]));
    let empty = server
        .get(&path(
            "?created_before=2025-01-01T00:00:00Z&created_from=2024-01-01T00:00:00Z",
        ))
        .expect_status(200);
    assert_eq!(
        (&empty["count"], &empty["closing_balance"]),
        (&json!(0), &json!("0.00"))
    );
    let missing = server.get(&format!("/v1/accounts/{}/statement", id(77)));
    missing.expect_problem(404, "account_not_found");
    let cursor = server.get(&path("?cursor=00"));
    cursor.expect_problem(400, "invalid_cursor");
}
