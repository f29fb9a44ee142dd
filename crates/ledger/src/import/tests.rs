//! Imports into a real SQLite file: what is done, what is refused, and what a second time does.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use uuid::Uuid;
use wallet_domain::{AccountFilter, AccountId, Causes, LedgerQueries as _};
use wallet_sqlite::{SqliteOptions, SqliteStore};

use super::{GROUP, ImportError, Imported};

fn import(store: &SqliteStore, files: &[PathBuf]) -> Result<Imported, ImportError> {
    let read_line = |text: &[u8]| Ok(wallet_http::batch_item(text)?);
    super::import(store, files, &read_line, &mut |_| {})
}

struct Place {
    folder: TempDir,
    store: SqliteStore,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store =
            SqliteStore::open(&SqliteOptions::new(folder.path().join("wallet.db"))).unwrap();
        Self { folder, store }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The error without the folder's name.
    #[track_caller]
    fn refused(&self, files: &[PathBuf]) -> String {
        let error = import(&self.store, files).unwrap_err();
        let folder = format!("{}/", self.folder.path().display());
        Causes(&error).to_string().replace(&folder, "")
    }

    fn balance(&self, account: u128) -> String {
        let id = AccountId::new(Uuid::from_u128(account)).unwrap();
        self.store.account(id).unwrap().unwrap().balance.to_string()
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn deposit(number: u128, amount: &str) -> String {
    let (id, account) = (id(number), id(1));
    format!(
        r#"{{"type":"deposit","id":"{id}","account_id":"{account}","amount":"{amount}","currency_code":"USD"}}"#
    ) + "\n"
}

fn accounts() -> String {
    let (one, two) = (id(1), id(2));
    format!(
        "currency_code,id,metadata,external_id\nUSD,{one},\"{{\"\"tier\"\": \"\"gold\"\"}}\",anna\nEUR,{two},,\n"
    )
}

fn counts(created: u64, existed: u64) -> Imported {
    Imported { created, existed }
}

#[test]
fn files_are_applied_in_order_and_only_once() {
    let place = Place::new();
    let lines: String = (0..GROUP as u128 + 7)
        .map(|number| deposit(100 + number, "0.01"))
        .collect();
    let files = [
        place.file("a.csv", &accounts()),
        place.file("b.jsonl", &lines),
    ];
    assert_eq!(import(&place.store, &files).unwrap(), counts(1009, 0));
    assert_eq!(place.balance(1), "10.07");
    let listed = place
        .store
        .accounts(&AccountFilter::default(), None, 9)
        .unwrap();
    assert_eq!(listed[0].external_id.as_ref().unwrap().as_str(), "anna");
    assert_eq!(listed[0].metadata.entries()["tier"], "gold");
    assert_eq!(import(&place.store, &files).unwrap(), counts(0, 1009));
    assert_eq!(place.balance(1), "10.07");
}

#[test]
fn a_line_that_is_refused_stops_the_import_right_there() {
    let place = Place::new();
    let mut lines = [deposit(100, "1"), deposit(101, "0.001"), deposit(102, "1")];
    let accounts = place.file("a.csv", &accounts());
    let files = [accounts.clone(), place.file("b.jsonl", &lines.concat())];
    assert_eq!(
        place.refused(&files),
        "b.jsonl line 2: amount_precision_exceeded: the amount has more decimals than its currency. Stopped \
         there; of the lines before it 3 are new in the books and 0 were there already, of those behind it none \
         is. Fix it, and run the same command again"
    );
    assert_eq!(place.balance(1), "1");
    lines[1] = deposit(101, "0.01");
    let files = [accounts, place.file("b.jsonl", &lines.concat())];
    assert_eq!(import(&place.store, &files).unwrap(), counts(2, 3));
    assert_eq!(place.balance(1), "2.01");
}

#[test]
fn a_line_that_cannot_be_read_stops_the_import_and_is_named_with_what_is_wrong() {
    let long = format!("{{\"type\":\"{}\"}}\n", "x".repeat(70_000));
    let cases = [
        ("not json\n".to_owned(), "malformed_request: expected"),
        (
            deposit(5, "1e3"),
            "malformed_request: /amount: not a decimal in plain notation",
        ),
        (deposit(5, "0"), "transfer_amount_must_be_positive"),
        ("\n".to_owned(), "empty line"),
        (" \t\r\n".to_owned(), "empty line"),
        (
            r#"{"type":"account","currency_code":"USD"}"#.to_owned(),
            "id_missing: /id",
        ),
        (
            r#"{"type":"refund","id":"x","more":1}"#.to_owned(),
            "malformed_request: /type: not",
        ),
        (long, "the line is longer than 65536 bytes"),
        (deposit(4, "2"), "id_already_used"),
    ];
    for (line, expected) in cases {
        let place = Place::new();
        let lines = deposit(4, "1") + &line;
        let error = place.refused(&[
            place.file("a.csv", &accounts()),
            place.file("b.jsonl", &lines),
        ]);
        assert!(
            error.starts_with(&format!("b.jsonl line 2: {expected}")),
            "{error}"
        );
        assert_eq!(place.balance(1), "1", "what stands before is in the books");
    }
}

#[test]
fn a_file_that_is_not_one_of_ours_stops_it_before_anything_is_written() {
    let place = Place::new();
    let good = place.file("a.csv", &accounts());
    let bad_row = place.file(
        "row.csv",
        &format!("id,currency_code\n{},USD,more\n", id(9)),
    );
    let cases = [
        (
            place.file("x.csv", "id,currency_code,name\n"),
            "x.csv: line 1: there is no column \"name\"",
        ),
        (
            place.file("y.csv", "id\n"),
            "y.csv: line 1: the column \"currency_code\" is missing",
        ),
        (
            place.file("z.csv", "id,id,currency_code\n"),
            "z.csv: line 1: the column \"id\" occurs twice",
        ),
        (
            place.file("w.txt", ""),
            "w.txt is neither .csv (accounts) nor .jsonl",
        ),
        (
            Path::new("nowhere.jsonl").to_owned(),
            "nowhere.jsonl cannot be opened",
        ),
    ];
    for (bad, expected) in cases {
        let error = place.refused(&[good.clone(), bad]);
        assert!(error.starts_with(expected), "{error}");
    }
    let nothing = place
        .store
        .accounts(&AccountFilter::default(), None, 9)
        .unwrap();
    assert_eq!(nothing, []);
    let error = place.refused(&[bad_row]);
    assert!(error.starts_with("row.csv line 2: "), "{error}");
}

#[test]
fn a_type_that_cannot_be_imported_is_told_before_what_is_wrong_with_its_fields() {
    let place = Place::new();
    for kind in [
        "hold_increase",
        "capture",
        "void",
        "account_controls",
        "exchange",
    ] {
        let line = format!(r#"{{"type":"{kind}","amount":"x","more":1}}"#);
        let error = place.refused(&[place.file("b.jsonl", &line)]);
        let expected =
            format!("b.jsonl line 1: malformed_request: /type: {kind} cannot be imported");
        assert!(error.starts_with(&expected), "{error}");
    }
}
