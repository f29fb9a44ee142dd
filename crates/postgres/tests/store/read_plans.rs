//! No read scans a table or sorts its result, on the first page or further down.

use std::cell::RefCell;
use std::sync::OnceLock;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use throwaway_postgres::Database;
use wallet_domain::Timestamp;
use wallet_domain::testing::reads::bounded;

use crate::new_store;

/// Account 1 with 200,000 parts, one millisecond apart, one in a hundred of them backdated; the
/// same number of accounts; every hundredth transfer with a reference and metadata; the same number
/// of holds, all with account 1 on one side, half of them open.
const FILL: &str = "
    INSERT INTO accounts (id, currency_code, balance, version, created_at, updated_at, listed_at)
    SELECT CASE n WHEN 1 THEN '00000000-0000-0000-0000-000000000001' ELSE gen_random_uuid() END,
           'USD', 0, CASE n WHEN 1 THEN 200000 ELSE 0 END, t, t, t
    FROM (SELECT n, timestamptz '2026-01-01' + n * interval '1 ms' AS t
          FROM generate_series(1, 200000) n) AS times;
    INSERT INTO transfers
    SELECT gen_random_uuid(), 1, 'USD', 1, NULL, NULL, '00000000-0000-0000-0000-000000000001', n,
           timestamptz '2026-01-01' + n * interval '1 ms',
           CASE n % 100 WHEN 0 THEN 'reference' END, NULL,
           CASE n % 100 WHEN 0 THEN timestamptz '2026-01-01' + (n - n % 1000) * interval '1 ms' END
    FROM generate_series(1, 200000) n;
    INSERT INTO transfer_parts
    SELECT receiver_account_id, receiver_version, id, 1, NULL, 1, 1, receiver_version,
           created_at, effective_at
    FROM transfers;
    INSERT INTO transfer_metadata
    SELECT 'key', 'value', created_at, id FROM transfers WHERE reference IS NOT NULL;
    INSERT INTO holds
    SELECT gen_random_uuid(), CASE n % 2 WHEN 0 THEN receiver ELSE gen_random_uuid() END,
           CASE n % 2 WHEN 1 THEN receiver ELSE gen_random_uuid() END, 'USD', 2, 1, 1 + n % 2, t, t
    FROM (SELECT n, timestamptz '2026-01-01' + n * interval '1 ms' AS t,
                 '00000000-0000-0000-0000-000000000001'::uuid AS receiver
          FROM generate_series(1, 200000) n) AS times;
    VACUUM ANALYZE;";

/// 100 seconds after the first, in microseconds since 1970.
const MIDDLE: Timestamp = Timestamp::from_micros(1_767_225_700_000_000);

thread_local! {
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The settings of the sessions that read. The pool's own threads set them.
static SETTINGS: OnceLock<String> = OnceLock::new();

/// Records the statements of every connection that is opened from now on, by the thread that runs
/// them.
fn keep_statements() {
    fn keep(event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let statement = query.to_string();
            if statement.contains("SET statement_timeout") && !statement.contains("lock_timeout") {
                SETTINGS.get_or_init(|| statement.clone());
            }
            STATEMENTS.with_borrow_mut(|statements| statements.push(statement));
        }
    }
    set_default_instrumentation(|| Some(Box::new(keep))).unwrap();
}

/// The server's plan for exactly these values.
fn plan(database: &Database, statement: &str) -> String {
    let (text, values) = statement.split_once(" -- binds: ").unwrap();
    let values = values.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let values = values.unwrap();
    let array = values.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let values: Vec<(&str, String)> = match array {
        Some(array) => vec![("unknown", format!("'{{{array}}}'"))],
        None => values.split(", ").map(literal).collect(),
    };
    let (types, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let (types, values) = (types.join(", "), values.join(", "));
    let settings = SETTINGS.get().unwrap();
    database
        .psql(&format!(
            "{settings}
             SET plan_cache_mode = force_custom_plan;
             PREPARE explained ({types}) AS {text};
             EXPLAIN (COSTS OFF) EXECUTE explained({values})"
        ))
        .unwrap_or_else(|error| panic!("{statement}: {error:#}"))
}

/// The type and text of a value as Diesel prints it. PostgreSQL infers a type that is unknown here.
fn literal(printed: &str) -> (&'static str, String) {
    match printed.strip_prefix("PgTimestamp(") {
        Some(micros) => {
            let micros = micros.trim_end_matches(')');
            let time = format!("timestamptz '2000-01-01Z' + {micros} * interval '1 us'");
            ("timestamptz", time)
        }
        None if printed.len() == 36 => ("uuid", format!("'{printed}'")),
        None => ("unknown", printed.replace('"', "'")),
    }
}

#[test]
fn no_read_scans_a_table_or_sorts() {
    keep_statements();
    let (store, database) = new_store();
    database.psql(FILL).unwrap();
    for read in bounded(MIDDLE) {
        STATEMENTS.take();
        read.run(&store).unwrap();
        let statements = STATEMENTS.take();
        let selects = |statement: &&String| statement.contains("SELECT") && statement.contains('$');
        let statements: Vec<_> = statements.iter().filter(selects).collect();
        assert!(!statements.is_empty(), "{read} was not seen");
        for statement in statements {
            let plan = plan(&database, statement);
            println!("{read}\n{statement}\n{plan}\n");
            let unbounded = ["Seq Scan", "Sort", "Hash"];
            let unbounded = unbounded.iter().find(|step| plan.contains(**step));
            assert_eq!(unbounded, None, "{read}: {statement}:\n{plan}");
        }
    }
}
