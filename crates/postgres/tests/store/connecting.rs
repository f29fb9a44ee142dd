//! Connecting, migrating, and refusing to.

use std::thread;

use throwaway_postgres::{Options, PostgresServer, create_database};
use wallet_domain::testing::fixtures::{NOW, deposit, open};
use wallet_domain::{LedgerQueries, StoreError, execute};
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
fn an_empty_database_is_refused_until_it_is_migrated_and_is_not_touched_by_looking() {
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
fn a_server_that_does_not_sync_is_refused_by_the_name_of_the_setting() {
    // Servers of its own, so that `WALLET_TEST_DATABASE_URL` does not matter here.
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
fn a_server_that_is_not_there_is_named_and_may_be_tried_again() {
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

/// Waiting does not cure it, and the server does answer.
#[test]
fn a_server_that_lets_nobody_in_is_told_by_what_it_says_and_not_tried_again() {
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
        (url("user", "nobody"), "role \"nobody\" does not exist"),
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
fn a_url_and_the_words_of_libpq_lead_to_the_same_database() {
    let database = create_database();
    let words = options(&database);
    migrate(&words).unwrap();
    let field = |name: &str| {
        let url = database.url();
        let value = url
            .split_whitespace()
            .find_map(|word| word.strip_prefix(&format!("{name}=")));
        value.unwrap_or_default().to_owned()
    };
    let mut url = words.clone();
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
fn a_malformed_connection_string_is_refused_without_a_piece_of_the_password() {
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
        let told = format!(
            "{error} {error:?} {:?}",
            std::error::Error::source(&error).map(ToString::to_string)
        );
        assert!(!told.contains("zzy"), "{told}");
    }
}

#[test]
fn a_server_that_comes_back_without_durability_gets_no_more_writes() {
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
    let chain = format!("{cause}: {}", cause.source().unwrap());
    assert!(chain.contains("full_page_writes is off"), "{chain}");
    // Reading is as good as before.
    assert_eq!(store.accounts_least_recently_updated(9).unwrap().len(), 1);
}
