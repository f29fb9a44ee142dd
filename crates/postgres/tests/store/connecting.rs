//! Connecting and migrating, and their refusals.

use std::thread;

use throwaway_postgres::{Options, PostgresServer, create_database};
use wallet_domain::testing::fixtures::{NOW, deposit, open};
use wallet_domain::{Causes, LedgerQueries, StoreError, execute};
use wallet_postgres::{ConnectError, PostgresOptions, PostgresStore, migrate};

use crate::options;

#[test]
fn replicas_that_start_together_migrate_once() {
    let database = create_database();
    let options = options(&database);
    let applied: usize = thread::scope(|scope| {
        let replicas: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| migrate(&options).unwrap()))
            .collect();
        replicas
            .into_iter()
            .map(|replica| replica.join().unwrap().applied.len())
            .sum()
    });
    let migrations = std::fs::read_dir("../../migrations/postgres")
        .unwrap()
        .count();
    assert_eq!(
        applied, migrations,
        "each migration, applied by one of them"
    );
    assert!(PostgresStore::connect(&options).is_ok());
}

#[test]
fn an_empty_database_is_refused_until_it_is_migrated_and_left_unchanged() {
    let database = create_database();
    let options = options(&database);
    let error = PostgresStore::connect(&options).err().unwrap();
    assert!(
        matches!(error, ConnectError::OutdatedSchema { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("wallet-api migrate"), "{error}");
    assert!(!error.is_retryable());
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(database.psql(tables).unwrap().trim(), "0");
}

#[test]
fn a_newer_schema_is_refused_by_connect_and_by_migrate() {
    let database = create_database();
    let options = options(&database);
    migrate(&options).unwrap();
    database
        .psql("INSERT INTO __diesel_schema_migrations VALUES ('20990101000000')")
        .unwrap();
    let errors = [
        PostgresStore::connect(&options).err(),
        migrate(&options).err(),
    ];
    for error in errors.map(Option::unwrap) {
        assert!(matches!(error, ConnectError::NewerSchema { .. }), "{error}");
        assert!(error.to_string().contains("20990101000000"), "{error}");
    }
}

#[test]
fn a_server_that_does_not_sync_is_refused_and_the_error_names_the_setting() {
    // Its own servers, so that `WALLET_TEST_DATABASE_URL` does not matter here.
    let unsafe_server = PostgresServer::start_or_panic(&Options::fast());
    let safe_server = PostgresServer::start_or_panic(&Options::durable());
    for (server, refused) in [(&unsafe_server, true), (&safe_server, false)] {
        let database = server.create_database();
        let options = PostgresOptions::new(database.url());
        migrate(&options).unwrap();
        match PostgresStore::connect(&options) {
            Ok(_) => assert!(!refused),
            Err(error) => {
                assert!(refused, "{error}");
                assert!(error.to_string().contains("fsync is off"), "{error}");
                assert!(!error.is_retryable());
            }
        }
    }
    let database = safe_server.create_database();
    migrate(&PostgresOptions::new(database.url())).unwrap();
    database
        .psql("ALTER ROLE wallet SET synchronous_commit = off")
        .unwrap();
    let error = PostgresStore::connect(&PostgresOptions::new(database.url()))
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("synchronous_commit is off"),
        "{error}"
    );
}

#[test]
fn an_unreachable_server_is_named_and_retryable() {
    let error = PostgresStore::connect(&PostgresOptions::new(
        "host=127.0.0.1 port=1 password=xyzzy",
    ));
    let error = error.err().unwrap();
    assert!(error.is_retryable());
    assert!(
        error.to_string().contains("host 127.0.0.1 port 1"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("xyzzy"));
}

/// Waiting does not help, and the server does answer.
#[test]
fn a_server_that_refuses_the_connection_is_reported_and_not_retried() {
    let server = PostgresServer::start_or_panic(&Options::fast());
    let database = server.create_database();
    database
        .psql("CREATE ROLE stranger LOGIN PASSWORD 'right'")
        .unwrap();
    let rules = database.psql("SHOW hba_file").unwrap();
    let before = std::fs::read_to_string(rules.trim()).unwrap();
    let with_password = format!("local all stranger scram-sha-256\n{before}");
    std::fs::write(rules.trim(), with_password).unwrap();
    database.psql("SELECT pg_reload_conf()").unwrap();
    let url = |field: &str, value: &str| {
        let url = database.url();
        let fields = url.split_whitespace();
        let fields = fields.filter(|it| !it.starts_with(&format!("{field}=")));
        let fields: Vec<&str> = fields.collect();
        format!("{} {field}={value}", fields.join(" "))
    };
    let stranger = format!("{} password=xyzzy", url("user", "stranger"));
    let cases = [
        (
            url("dbname", "nowhere"),
            "database \"nowhere\" does not exist",
        ),
        (url("user", "unknown"), "role \"unknown\" does not exist"),
        (
            stranger,
            "password authentication failed for user \"stranger\"",
        ),
    ];
    for (url, message) in cases {
        let options = PostgresOptions::new(url);
        let refusals = [
            PostgresStore::connect(&options).err(),
            migrate(&options).err(),
        ];
        for error in refusals.map(Option::unwrap) {
            let expected = format!("PostgreSQL refused the connection: {message}");
            assert!(error.to_string().ends_with(&expected), "{error}");
            assert!(error.to_string().contains(&options.database()), "{error}");
            assert!(!error.is_retryable(), "{error}");
            assert!(!format!("{error:?}").contains("xyzzy"), "{error:?}");
        }
    }
}

#[test]
fn a_url_and_a_keyword_string_reach_the_same_database() {
    let database = create_database();
    let keywords = options(&database);
    migrate(&keywords).unwrap();
    let field = |name: &str| {
        let url = database.url();
        let value = url
            .split_whitespace()
            .find_map(|field| field.strip_prefix(&format!("{name}=")));
        value.unwrap_or_default().to_owned()
    };
    let mut url = keywords.clone();
    url.url = format!(
        "postgres://{}:{}@{}:{}/{}?sslmode=disable",
        field("user"),
        field("password"),
        field("host").replace('/', "%2F"),
        field("port"),
        field("dbname")
    );
    assert!(PostgresStore::connect(&url).is_ok());
}

#[test]
fn a_malformed_connection_string_is_refused_without_revealing_the_password() {
    for url in [
        "postgres://wallet:xy%zzy@127.0.0.1:1/wallet",
        "postgres://wallet:xyzzy/xyzzy@127.0.0.1:1/wallet",
        "postgres://wallet:xyzzy@[::1:1/wallet",
        "host=127.0.0.1 port=1 password=xy xyzzy",
        "host=127.0.0.1 port=1 password='xyzzy",
    ] {
        let error = PostgresStore::connect(&PostgresOptions::new(url))
            .err()
            .unwrap();
        let printed = format!(
            "{error} {error:?} {:?}",
            std::error::Error::source(&error).map(ToString::to_string)
        );
        assert!(!printed.contains("zzy"), "{printed}");
    }
}

#[test]
fn a_server_that_restarts_without_durability_gets_no_more_writes() {
    let server = PostgresServer::start_or_panic(&Options::durable());
    let database = server.create_database();
    let options = PostgresOptions::new(database.url());
    migrate(&options).unwrap();
    let store = PostgresStore::connect(&options).unwrap();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    database
        .psql("ALTER SYSTEM SET full_page_writes = off")
        .unwrap();
    server.restart().unwrap();
    let refused = execute(&store, &[deposit(1, 1, "1")], NOW);
    let Err(StoreError::Unavailable(cause)) = refused else {
        panic!("{refused:?}")
    };
    let chain = Causes(&*cause).to_string();
    assert!(chain.contains("full_page_writes is off"), "{chain}");
    // Reads still work.
    assert_eq!(store.accounts_least_recently_updated(9).unwrap().len(), 1);
}
