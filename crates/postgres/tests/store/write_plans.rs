//! No statement of a transaction scans a table, however small the table was when it was planned.

use std::time::{Duration, Instant};

use golden_sql::plans;
use wallet_domain::testing::fixtures::{
    NOW, capture, deposit, hold, internal, limit_velocity, open,
};
use wallet_domain::{Command, LedgerQueries, execute};

use crate::golden::folder;
use crate::new_store;

const FILL: &str = "
    INSERT INTO accounts
    SELECT gen_random_uuid(), 'USD', 0, 0, t, t, t
    FROM (SELECT now() - interval '1 day' + n * interval '1 millisecond' AS t
          FROM generate_series(1, 300000) n) AS times;
    INSERT INTO transfers
    SELECT gen_random_uuid(), 1, 'USD', 1, NULL, NULL, gen_random_uuid(), 1, now()
    FROM generate_series(1, 1000000);
    INSERT INTO transfer_parts
    SELECT gen_random_uuid(), 1, gen_random_uuid(), 1, NULL, 1, 1, 1, now()
    FROM generate_series(1, 1000000);
    INSERT INTO holds
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'USD', 1, 0, 1, now()
    FROM generate_series(1, 300000);
    ANALYZE;
    SELECT pg_stat_reset();";

const SCANS: &str = "
    SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables
    WHERE relname IN ('accounts', 'transfers', 'transfer_parts', 'holds')";

#[test]
fn plans_made_on_empty_tables_do_not_scan_a_million_rows() {
    let (store, database) = new_store();
    // Prepares and plans every statement now, while the tables are empty.
    let setup: Vec<Command> = (1..=50).map(|number| open(number, "USD")).collect();
    execute(&store, &setup, NOW).unwrap();
    let batch = |round: u128| -> Vec<Command> {
        let deposits = (1..=50).map(|number| deposit(round * 1_000 + number, number, "10"));
        let transfers =
            (1..=49).map(|number| internal(round * 1_000 + 500 + number, number, number + 1, "1"));
        let placed: Vec<Command> = (1..=49)
            .map(|number| hold(round * 1_000 + 600 + number, number, number + 1, "2"))
            .collect();
        let captures = placed.iter().zip(700..);
        let captures = captures
            .map(|(hold, number)| capture(round * 1_000 + number, hold, Some("1"), false))
            .collect::<Vec<_>>();
        deposits
            .chain(transfers)
            .chain(placed)
            .chain(captures)
            .collect()
    };
    execute(&store, &batch(1), NOW).unwrap();
    execute(&store, &batch(1), NOW).unwrap();

    database.psql(FILL).unwrap();
    for round in 2..12 {
        execute(&store, &batch(round), NOW).unwrap();
        execute(&store, &batch(round), NOW).unwrap();
    }
    store.accounts_least_recently_updated(100).unwrap();
    // Sessions report their statistics when they have been idle for a while, or end.
    drop(store);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(
        database.psql(SCANS).unwrap().trim(),
        "0",
        "sequential scans"
    );
}

#[test]
fn no_statement_of_a_write_scans_a_table_or_an_index() {
    for (file, plan) in plans(&folder().join("writes")) {
        let file = file.display();
        assert!(!plan.contains("Seq Scan"), "{file}: {plan}");
        // Without a condition, an index is as long as its table.
        let steps = plan.lines().zip(plan.lines().skip(1));
        let mut steps = steps.filter(|(step, _)| step.contains("Index"));
        let scan = steps.find(|(step, next)| {
            step.contains("->") && step.contains("Scan") && !next.contains("Index Cond")
        });
        assert_eq!(scan, None, "{file}: {plan}");
    }
}

#[test]
fn spendings_of_a_limited_account_are_found_by_time() {
    let (store, database) = new_store();
    let setup = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "100"),
        limit_velocity(2, 1, &[(60, 50, None)]),
    ];
    execute(&store, &setup, NOW).unwrap();
    for number in 10..30 {
        execute(&store, &[internal(number, 1, 2, "1")], NOW).unwrap();
    }
    // Sessions report their statistics when they have been idle for a while, or end.
    drop(store);
    let scans = |index: &str| {
        let sql =
            format!("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = '{index}'");
        let scans: u64 = database.psql(&sql).unwrap().trim().parse().unwrap();
        scans
    };
    let patience = Instant::now() + Duration::from_secs(30);
    while scans("spendings_by_time") < 20 {
        assert!(Instant::now() < patience, "the index is not used");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(scans("spendings_pkey"), 0);
}
