//! The list of accounts: exact even if its index is behind, and cheap however many accounts there
//! are.

use std::cell::Cell;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::Sqlite;

use super::*;
use crate::migrate::migrate;

const COUNT: u32 = 20_000;

/// Accounts with one part each. SQL expressions of a number `n` define when they were listed, and
/// how much later they were updated, in microseconds.
fn accounts(listed_at: &str, later: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    migrate(&mut connection, std::path::Path::new(":memory:")).unwrap();
    let fill = format!(
        "CREATE TEMP TABLE numbers AS
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL 
         SELECT n + 1 FROM numbers WHERE n < {COUNT})
         SELECT n, randomblob(16) AS id, {listed_at} AS listed_at FROM numbers;
         INSERT INTO accounts (id, currency_code, created_at, listed_at)
         SELECT id, 'USD', 0, listed_at FROM numbers;
         INSERT INTO transfer_parts
         SELECT id, 1, id, 1, NULL, 1, '1', '1', listed_at + {later}, NULL, NULL, NULL, NULL
         FROM numbers;"
    );
    connection.batch_execute(&fill).unwrap();
    connection
}

/// The first 100 accounts, and how many rows were read for them.
fn list(connection: &mut SqliteConnection) -> (Vec<Account>, u32) {
    let read = Cell::new(0);
    let rows = by_place().load_iter(connection).unwrap();
    let listed = least_recently_updated(rows.inspect(|_| read.set(read.get() + 1)), 100).unwrap();
    (listed, read.get())
}

#[test]
fn the_list_is_exact_and_reads_few_of_many_accounts() {
    for (listed_at, later, read_at_most) in [
        ("n * 1000", "0", 101),
        // All places are up to ten seconds behind.
        ("n * 1000", "abs(random()) % 10000000", 3_000),
        // The oldest accounts are the busy ones.
        ("n * 1000", "(n < 1000) * 9000000", 1_101),
        ("0", "0", 101),
        ("0", "n % 3", 1_000),
    ] {
        let mut connection = accounts(listed_at, later);
        let (listed, read) = list(&mut connection);
        let all = account_states::table.load::<AccountRow>(&mut connection);
        let mut all: Vec<Account> = all
            .unwrap()
            .into_iter()
            .map(|row| row.into_account().unwrap())
            .collect();
        all.sort_by_key(|account| (account.updated_at, account.id));
        assert_eq!(listed, all[..100], "{listed_at} + {later}");
        assert!(read <= read_at_most, "{listed_at} + {later}: {read} read");
    }
}

#[test]
fn the_list_follows_its_index_and_sorts_nothing() {
    type Step = (Integer, Integer, Integer, Text);
    let mut connection = accounts("n", "0");
    let query = diesel::debug_query::<Sqlite, _>(&by_place()).to_string();
    let steps = sql::<Step>(&format!("EXPLAIN QUERY PLAN {query}"))
        .load::<(i32, i32, i32, String)>(&mut connection)
        .unwrap();
    let steps: Vec<_> = steps.iter().map(|step| step.3.as_str()).collect();
    assert_eq!(
        steps,
        [
            "SCAN accounts USING INDEX accounts_by_listed_at",
            "SEARCH last USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN",
            "CORRELATED SCALAR SUBQUERY 3",
            "SEARCH transfer_parts USING PRIMARY KEY (account_id=?)",
        ]
    );
}
