//! A large ledger, and the server's plans on it.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use golden_sql::text_of;
use throwaway_postgres::{Database, Gate, Options, PostgresServer, Prepared};
use wallet_domain::Timestamp;
use wallet_postgres::{PostgresOptions, PostgresStore, migrate};

/// Account 1 with 200,000 parts, one millisecond apart, one in a hundred of them backdated; the
/// same number of accounts; every hundredth transfer with a reference and metadata; the same number
/// of holds, all with account 1 on one side, half of them open. Ids are the same in each run.
const TRANSFERS: &str = "
    INSERT INTO accounts (id, currency_code, balance, version, created_at, updated_at, listed_at)
    SELECT CASE n WHEN 1 THEN '00000000-0000-0000-0000-000000000001' ELSE md5('a' || n)::uuid END,
           'USD', 0, CASE n WHEN 1 THEN 200000 ELSE 0 END, t, t, t
    FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 ms' AS t
          FROM generate_series(1, 200000) n) AS times;
    INSERT INTO transfers
    SELECT md5('t' || n)::uuid, 1, 'USD', 1, NULL, NULL, '00000000-0000-0000-0000-000000000001', n,
           timestamptz '2026-01-01Z' + n * interval '1 ms',
           CASE n % 100 WHEN 0 THEN 'reference' END, NULL,
           CASE n % 100 WHEN 0 THEN timestamptz '2026-01-01Z' + (n - n % 1000) * interval '1 ms' END
    FROM generate_series(1, 200000) n;
    INSERT INTO transfer_parts
    SELECT receiver_account_id, receiver_version, id, 1, NULL, 1, 1, receiver_version,
           created_at, effective_at
    FROM transfers;
    INSERT INTO transfer_metadata
    SELECT 'key', 'value', created_at, id FROM transfers WHERE reference IS NOT NULL;
    INSERT INTO holds
    SELECT md5('h' || n)::uuid, CASE n % 2 WHEN 0 THEN one ELSE other END,
           CASE n % 2 WHEN 1 THEN one ELSE other END, 'USD', 2, 1, 1 + n % 2, t, t
    FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 ms' AS t,
                 '00000000-0000-0000-0000-000000000001'::uuid AS one, md5('a' || n)::uuid AS other
          FROM generate_series(1, 200000) n) AS times;";

/// A spending for every tenth part of account 1, and as many rates of a hundred pairs, quotes of
/// one pair, half of them used, and links of a hundred lanes.
const OTHERS: &str = "
    INSERT INTO spendings
    SELECT account_id, version, 1, created_at FROM transfer_parts WHERE version % 10 = 0;
    INSERT INTO rates
    SELECT CASE n % 100 WHEN 0 THEN 'EUR'
           ELSE format('X%s%s', chr(65 + n % 10), chr(65 + n % 100 / 10)) END,
           'USD', n / 100 + 1, md5('r' || n)::uuid, 1, 1, now()
    FROM generate_series(0, 19999) n;
    INSERT INTO quotes
    SELECT md5('q' || n)::uuid, md5('r' || n)::uuid, 'EUR', 1, 'USD', 1, 0, 1,
           t, t + interval '1 min', CASE n % 2 WHEN 0 THEN md5('t' || n + 1)::uuid END
    FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '10 ms' AS t
          FROM generate_series(0, 19999) n) AS times;
    INSERT INTO chain_links (lane, number, hash, entries)
    SELECT md5((n % 100)::text)::uuid, n / 100 + 1, decode(repeat('00', 32), 'hex'), ''
    FROM generate_series(0, 19999) n;
    VACUUM ANALYZE;";

/// 100 seconds after the first part, in microseconds since 1970.
pub(crate) const MIDDLE: Timestamp = Timestamp::from_micros(1_767_225_700_000_000);

/// A server with a large ledger, behind a gate that knows what was prepared.
pub(crate) struct Filled {
    server: PostgresServer,
    gate: Gate,
    database: Database,
}

/// Filling takes some seconds, so the tests share it. None of them writes to it.
static FILLED: LazyLock<Filled> = LazyLock::new(|| {
    let options = Options {
        tcp: true,
        ..Options::fast()
    };
    let server = PostgresServer::start_or_panic(&options);
    let gate = Gate::start(([127, 0, 0, 1], server.port()).into()).unwrap();
    let database = server.create_database();
    migrate(&crate::options(&database)).unwrap();
    database.psql(&format!("{TRANSFERS}{OTHERS}")).unwrap();
    Filled {
        server,
        gate,
        database,
    }
});

pub(crate) fn filled() -> &'static Filled {
    &FILLED
}

/// What a plan is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// Any values.
    Any,
    /// Those of the statement.
    These,
}

impl Filled {
    /// A store on the large ledger.
    pub(crate) fn store(&self) -> PostgresStore {
        self.store_on(&self.database)
    }

    /// A store on an empty ledger of the same server.
    pub(crate) fn empty_store(&self) -> (PostgresStore, Database) {
        let database = self.server.create_database();
        migrate(&crate::options(&database)).unwrap();
        (self.store_on(&database), database)
    }

    fn store_on(&self, database: &Database) -> PostgresStore {
        let mut options: PostgresOptions = crate::options(database);
        options.url = self.gate.detour(&options.url);
        PostgresStore::connect(&options).unwrap()
    }

    /// The name of what plans.
    pub(crate) fn engine(&self) -> String {
        let number = self.psql("SHOW server_version_num");
        let number: u32 = number.trim().parse().unwrap();
        format!("PostgreSQL {}", number / 10_000)
    }

    /// The plans of recorded statements on the large ledger, as a session with these settings makes
    /// them.
    pub(crate) fn plans(&self, settings: &str, statements: &[&str], of: Values) -> Vec<String> {
        let prepared = self.gate.prepared();
        let names = self.names_of_types(&prepared);
        let mode = match of {
            Values::Any => "force_generic_plan",
            Values::These => "force_custom_plan",
        };
        let mut script =
            format!("{settings} SET plan_cache_mode = {mode}; SET TimeZone = 'UTC';\n");
        for (number, statement) in statements.iter().enumerate() {
            let text = text_of(statement);
            let known = prepared.iter().find(|it| it.text.trim() == text);
            let types = known.map_or(&[][..], |it| &it.types);
            let types: Vec<String> = types.iter().map(|it| names[it].clone()).collect();
            let values = match of {
                Values::Any => vec!["NULL".to_owned(); types.len()],
                Values::These => literals(statement),
            };
            let (types, values) = (in_parentheses(&types), in_parentheses(&values));
            script += &format!(
                "\\echo @@\nPREPARE explained_{number}{types} AS {text};\n\
                 EXPLAIN (COSTS OFF) EXECUTE explained_{number}{values};\n"
            );
        }
        let printed = self.psql(&script);
        let plans = printed.split("@@\n").skip(1);
        let plans: Vec<String> = plans.map(str::to_owned).collect();
        assert_eq!(plans.len(), statements.len());
        plans
    }

    fn names_of_types(&self, prepared: &[Prepared]) -> HashMap<u32, String> {
        let types: BTreeSet<u32> = prepared.iter().flat_map(|it| it.types.clone()).collect();
        let types: Vec<String> = types.iter().map(u32::to_string).collect();
        let sql = format!(
            "SELECT oid, format_type(oid, NULL) FROM pg_type WHERE oid IN ({})",
            types.join(", ")
        );
        let rows = self.psql(&sql);
        let rows = rows.lines().filter_map(|row| row.split_once('|'));
        let names = rows.map(|(oid, name)| (oid.parse().unwrap(), name.to_owned()));
        // The server infers the type.
        names.chain([(0, "unknown".to_owned())]).collect()
    }

    fn psql(&self, sql: &str) -> String {
        let printed = self.database.psql(sql);
        printed.unwrap_or_else(|error| panic!("{sql}: {error:#}"))
    }
}

fn in_parentheses(list: &[String]) -> String {
    match list {
        [] => String::new(),
        list => format!("({})", list.join(", ")),
    }
}

/// The values of a recorded statement: single values without commas, and lists of them.
fn literals(statement: &str) -> Vec<String> {
    let values = statement.split_once(" -- binds: [");
    let values = values.and_then(|(_, values)| values.strip_suffix(']'));
    let mut rest = values.unwrap_or_default();
    let mut literals = Vec::new();
    while !rest.is_empty() {
        let list = rest.strip_prefix('[').and_then(|it| it.split_once(']'));
        let (value, after) = match list {
            Some((list, after)) => (format!("'{{{list}}}'"), after),
            None => {
                let end = rest.find(", ").unwrap_or(rest.len());
                (literal(&rest[..end]), &rest[end..])
            }
        };
        literals.push(value);
        rest = after.trim_start_matches(", ");
    }
    literals
}

/// A value as Diesel prints it, in SQL.
fn literal(printed: &str) -> String {
    let micros = printed.strip_prefix("PgTimestamp(");
    match micros.map(|micros| micros.trim_end_matches(')')) {
        Some(micros) if micros == i64::MIN.to_string() => "'-infinity'".to_owned(),
        Some(micros) if micros == i64::MAX.to_string() => "'infinity'".to_owned(),
        Some(micros) => format!("timestamptz '2000-01-01Z' + {micros} * interval '1 us'"),
        None => format!("'{}'", printed.trim_matches('"')),
    }
}
