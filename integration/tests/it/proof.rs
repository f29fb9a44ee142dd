//! What `verify` proves: which columns, and that it names every change that bypasses the ledger.
//!
//! `migrations/proved-columns.txt` lists the columns: every column of every table is proved, or is
//! not for a stated reason. The tests compare that file with the schema of both stores, and tamper
//! with everything that is proved.

mod cells;
mod init_sql;
mod table;
mod upgraded;

use std::collections::BTreeSet;
use std::time::Instant;

use wallet_domain::testing::fixtures::everything;
use wallet_domain::{ChainHead, Verified, VerifyError};
use wallet_integration::store::TestStore;
use wallet_ledger::OpenStore;

use cells::{Cell, cells};
pub(crate) use table::{Column, Database};

each_store!(
    every_column_is_proved_or_is_not_for_a_reason,
    tampering_is_named_in_the_first_quarter_of_the_cells,
    tampering_is_named_in_the_second_quarter_of_the_cells,
    tampering_is_named_in_the_third_quarter_of_the_cells,
    tampering_is_named_in_the_last_quarter_of_the_cells,
);

const COLUMNS: &str = include_str!("../../../migrations/proved-columns.txt");

/// The tables. Each finding about a table contains at least one of its words.
const WORDS: [(&str, &[&str]); 13] = [
    ("access_keys", &["key ", "the keys"]),
    ("accounts", &["account ", "the accounts"]),
    ("chain_links", &["link ", "lane ", "the chain"]),
    ("currencies", &["currency ", "the currencies"]),
    ("holds", &["hold ", "the holds"]),
    (
        "operator_actions",
        &["operator action ", "operators did", "account ", "key "],
    ),
    ("quotes", &["quote ", "the quotes"]),
    ("rates", &["rate ", "the rates"]),
    ("spendings", &["spending ", "the spendings"]),
    // Findings about velocity limits name the account that has them.
    (
        "transfer_effects",
        &["transfer", "hold ", "velocity limits"],
    ),
    ("transfer_metadata", &["transfer ", "index of metadata"]),
    ("transfer_parts", &["account ", "transfer"]),
    ("transfers", &["transfer", "velocity limits"]),
];

/// `table.column`, of each kind.
struct Lists {
    proved: BTreeSet<&'static str>,
    /// With the reason.
    not_proved: Vec<(&'static str, &'static str)>,
}

fn lists() -> Lists {
    let lines = COLUMNS.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut lists = Lists {
        proved: BTreeSet::new(),
        not_proved: Vec::new(),
    };
    for line in lines {
        match line.split_once(": ") {
            Some(not_proved) => lists.not_proved.push(not_proved),
            None => assert!(lists.proved.insert(line), "{line} is listed twice"),
        }
    }
    lists
}

fn named(column: &Column) -> String {
    format!("{}.{}", column.table_name, column.name)
}

fn proved(ledger: &OpenStore) -> Result<Verified, VerifyError> {
    ledger.verify(&ChainHead::default(), &mut |_| {})
}

fn every_column_is_proved_or_is_not_for_a_reason(store: &TestStore) {
    drop(store.open().unwrap());
    let lists = lists();
    let not_proved: BTreeSet<&str> = lists.not_proved.iter().map(|(name, _)| *name).collect();
    let both: Vec<_> = lists.proved.intersection(&not_proved).collect();
    assert!(both.is_empty(), "in both lists: {both:?}");
    let columns: BTreeSet<String> = Database::new(store).columns().iter().map(named).collect();
    let is_in_neither = |name: &&String| {
        !lists.proved.contains(name.as_str()) && !not_proved.contains(name.as_str())
    };
    let neither: Vec<_> = columns.iter().filter(is_in_neither).collect();
    assert!(
        neither.is_empty(),
        "these columns are in none of the lists of migrations/proved-columns.txt: {neither:?}"
    );
}

/// The file names no column that neither store has.
#[test]
fn every_listed_column_is_one_of_a_store() {
    let mut columns = BTreeSet::new();
    for store in [TestStore::sqlite(), TestStore::postgres()] {
        drop(store.open().unwrap());
        columns.extend(Database::new(&store).columns().iter().map(named));
    }
    let lists = lists();
    let listed = lists.not_proved.iter().map(|(name, _)| *name);
    let gone: Vec<&str> = listed
        .chain(lists.proved.iter().copied())
        .filter(|name| !columns.contains(*name))
        .collect();
    assert!(gone.is_empty(), "no store has these: {gone:?}");
}

#[test]
fn the_operations_page_lists_what_is_not_proved_and_why() {
    let page = include_str!("../../../docs/OPERATIONS.md");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = flat(page);
    for (name, reason) in lists().not_proved {
        let line = flat(&format!("| `{name}` | {reason} |"));
        assert!(page.contains(&line), "docs/OPERATIONS.md lacks {line}");
    }
}

fn tampering_is_named_in_the_first_quarter_of_the_cells(store: &TestStore) {
    whatever_is_tampered_with_is_named(store, 0);
}

fn tampering_is_named_in_the_second_quarter_of_the_cells(store: &TestStore) {
    whatever_is_tampered_with_is_named(store, 1);
}

fn tampering_is_named_in_the_third_quarter_of_the_cells(store: &TestStore) {
    whatever_is_tampered_with_is_named(store, 2);
}

fn tampering_is_named_in_the_last_quarter_of_the_cells(store: &TestStore) {
    whatever_is_tampered_with_is_named(store, 3);
}

/// Every fourth cell, because each is a proof of the whole ledger: all of them in one test would
/// take longer than a test may on a busy machine.
fn whatever_is_tampered_with_is_named(store: &TestStore, quarter: usize) {
    let begin = Instant::now();
    let ledger = store.open().unwrap();
    everything(&**ledger.whole());
    proved(&ledger).unwrap();
    let mut database = Database::new(store);
    let tables = database.tables();
    let lists = lists();
    let mut counts = [0; 2];
    let (mut unnamed, mut refused) = (Vec::new(), Vec::new());
    let mut number = 0;
    for table in &tables {
        assert!(table.rows.len() > 1, "{} has too few rows", table.name);
        table.keep(&mut database);
        let (_, words) = WORDS.iter().find(|(name, _)| *name == table.name).unwrap();
        for cell in cells(table, |column| lists.proved.contains(&*named(column))) {
            number += 1;
            if number % 4 != quarter {
                continue;
            }
            let Some(sql) = tampered(&mut database, &cell) else {
                refused.push(cell.name);
                continue;
            };
            counts[0] += 1;
            match proved(&ledger) {
                Err(VerifyError::Contradiction(found))
                    if words.iter().any(|word| found.to_string().contains(word)) => {}
                other => unnamed.push(format!("{sql}\n    {other:?}")),
            }
            table.put_back(&mut database);
        }
    }
    let by_hand = escapes(store).into_iter().filter(|_| quarter == 0);
    for (name, sql, word) in by_hand {
        database.execute(&sql).unwrap();
        counts[1] += 1;
        match proved(&ledger) {
            Err(VerifyError::Contradiction(found)) if found.to_string().contains(word) => {}
            other => unnamed.push(format!("{name}: {sql}\n    {other:?}")),
        }
        tables
            .iter()
            .for_each(|table| table.put_back(&mut database));
    }
    proved(&ledger).unwrap();
    refused.dedup();
    let (cells, by_hand) = (counts[0], counts[1]);
    let took = begin.elapsed();
    println!(
        "{cells} cells made of the schema, {by_hand} made by hand, {took:.1?}; \
         the database itself refused {}: {}",
        refused.len(),
        refused.join(", ")
    );
    assert!(
        unnamed.is_empty(),
        "{} of {} are not named:\n{}",
        unnamed.len(),
        cells + by_hand,
        unnamed.join("\n")
    );
}

/// Tampers; returns the statement, or `None` if the database refused all of them.
fn tampered<'a>(database: &mut Database, cell: &'a Cell) -> Option<&'a str> {
    let mut statements = cell.statements.iter();
    statements
        .find(|sql| database.execute(sql).is_ok())
        .map(String::as_str)
}

/// Damage that an earlier version did not find.
fn escapes(store: &TestStore) -> Vec<(&'static str, String, &'static str)> {
    let fresh = match store.file() {
        Some(_) => "x'77777777777747778777777777777777'",
        None => "'77777777-7777-4777-8777-777777777777'",
    };
    let quote = format!(
        "INSERT INTO quotes (id, rate_id, sell_currency_code, sell_amount, buy_currency_code, \
         buy_amount, spread_amount, fixed_side, created_at, expires_at) \
         SELECT {fresh}, rate_id, 'USD', '1', 'EUR', '500', '0', 1, created_at, expires_at \
         FROM quotes LIMIT 1"
    );
    let receiver = "UPDATE holds SET receiver_account_id = (SELECT id FROM accounts \
                    WHERE currency_code = 'EUR' ORDER BY id LIMIT 1) WHERE state = 1";
    let all = [
        (
            "nothing was taken back",
            "UPDATE transfers SET reversed_amount = NULL",
            "taken back",
        ),
        ("holds for another receiver", receiver, "hold "),
        (
            "quotes that can be used again",
            "UPDATE quotes SET exchange_id = NULL",
            "quote ",
        ),
        ("a quote without a creator", &quote, "quote "),
        (
            "no velocity limits",
            "UPDATE accounts SET velocity_limits = NULL",
            "velocity limits",
        ),
        ("nothing has left", "DELETE FROM spendings", "spending "),
        (
            "no digits after the point",
            "UPDATE currencies SET precision = 0",
            "currency ",
        ),
    ];
    let all = all.into_iter();
    all.map(|(name, sql, word)| (name, sql.to_owned(), word))
        .collect()
}
