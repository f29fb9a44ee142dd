//! Settings from outside: a command line and an environment in, typed settings or a message out.

mod access;
mod command_line;
mod reference;

use super::*;

/// Settings from a command line and an environment, both as one text.
fn load(arguments: &str, environment: &str) -> Result<(Command, Settings)> {
    let words = arguments.split_whitespace().map(str::to_owned);
    load_words(words, environment)
}

fn load_words(
    arguments: impl IntoIterator<Item = String>,
    environment: &str,
) -> Result<(Command, Settings)> {
    let arguments = std::iter::once("wallet-api".to_owned()).chain(arguments);
    let parsed = flags::parse(arguments.map(Into::into))?;
    let variables = environment.split_whitespace().map(|variable| {
        let (name, value) = variable.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    });
    read(parsed, variables)
}

fn settings(arguments: &str, environment: &str) -> Settings {
    match load(arguments, environment) {
        Ok((_, settings)) => settings,
        Err(error) => panic!("{arguments} {environment}: {error:#}"),
    }
}

fn refusal(arguments: &str, environment: &str) -> String {
    match load(arguments, environment) {
        Ok((_, settings)) => panic!("{arguments} {environment}: {settings:?}"),
        Err(error) => format!("{error:#}"),
    }
}

/// A settings file that is there as long as the value is.
fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.toml");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn without_a_word_the_service_is_that_of_the_readme() {
    let (command, settings) = load("", "").unwrap();
    assert_eq!(command, Command::Serve);
    assert_eq!(settings.database, Database::Sqlite("data/wallet.db".into()));
    assert_eq!(settings.address, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(settings.retry.attempts, 10);
    assert_eq!(settings.retry.pause, Duration::from_secs(2));
    assert_eq!(settings.shutdown_timeout, Duration::from_secs(10));
    assert_eq!(settings.request_timeout, Duration::from_secs(10));
    assert_eq!(settings.log_level, LevelFilter::INFO);
    assert_eq!(settings.log_format, None);
    assert_eq!(settings.writers.get(), 1);
    assert_eq!((settings.queue_max, settings.batch_max), (4_096, 2_000));
    assert!(!settings.demo && !settings.auto_migrate && !settings.allow_unsafe_durability);
}

#[test]
fn every_default_belongs_to_a_setting() {
    for (key, _) in flags::DEFAULTS {
        assert!(flags::keys().iter().any(|known| known == key), "{key}");
    }
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let (_folder, path) = file("port = 3\ndemo = true");
    let in_file = format!("--config {path}");
    for (arguments, environment, port) in [
        ("", "", 8080),
        (in_file.as_str(), "", 3),
        ("", &format!("WALLET_CONFIG={path}"), 3),
        ("", "WALLET_PORT=2", 2),
        (&in_file, "WALLET_PORT=2", 2),
        ("--port 1", "", 1),
        ("--port 1", "WALLET_PORT=2", 1),
        (&format!("{in_file} --port 1"), "WALLET_PORT=2", 1),
        ("", "WALLET_PORT=", 8080),
    ] {
        let found = settings(arguments, environment).address.port();
        assert_eq!(found, port, "{arguments} {environment}");
    }
    assert!(settings(&in_file, "").demo);
    assert!(!settings(&in_file, "WALLET_DEMO=false").demo);
    assert!(!settings(&format!("{in_file} --demo=false"), "WALLET_DEMO=1").demo);
    assert!(settings("--demo", "WALLET_DEMO=no").demo);
}

#[test]
fn durations_are_read_as_go_prints_them() {
    for (text, millis) in [
        ("2s", 2_000),
        ("1m30s", 90_000),
        ("500ms", 500),
        ("1.5s", 1_500),
        ("0", 0),
        ("0s", 0),
        ("1h0m0s", 3_600_000),
        ("100ms", 100),
    ] {
        let pause = settings(&format!("-dbRetryTimeout {text}"), "").retry.pause;
        assert_eq!(pause, Duration::from_millis(millis), "{text}");
    }
    for text in ["5", "soon", "-1s", "1h1s", "s", "1e3s"] {
        let refused = refusal(&format!("-dbRetryTimeout {text}"), "");
        let named = format!("--db-retry-timeout = {text}: allowed is a duration, for example");
        assert!(refused.starts_with(&named), "{refused}");
    }
}

#[test]
fn a_refusal_names_the_setting_as_it_was_spelled_and_what_is_allowed() {
    for (arguments, environment, message) in [
        (
            "-port 70000",
            "",
            "--port = 70000: allowed is a whole number from 0 to 65535",
        ),
        (
            "",
            "WALLET_PORT=http",
            "WALLET_PORT = http: allowed is a whole number from 0 to 65535",
        ),
        (
            "-logLevel loud",
            "",
            "--log-level = loud: allowed is trace, debug, info, warn, error",
        ),
        (
            "--log-format xml",
            "",
            "--log-format = xml: allowed is json, pretty",
        ),
        (
            "--demo=maybe",
            "",
            "--demo = maybe: allowed is true, false, 1, 0, yes, no",
        ),
        (
            "--host example.com",
            "",
            "--host = example.com: allowed is an IP address, for example 127.0.0.1, 0.0.0.0 or ::1",
        ),
        (
            "--batch-max 4001",
            "",
            "--batch-max = 4001: allowed is a whole number from 1 to 4000",
        ),
        (
            "--writers 2",
            "",
            "an SQLite file has one writer: --writers = 2: allowed is 1",
        ),
        (
            "--request-timeout 0s",
            "",
            "--request-timeout = 0s: allowed is a duration, for example 500ms, 2s or 1m30s, from 1ms to 1h",
        ),
        (
            "--db-readers 0",
            "",
            "--db-readers = 0: allowed is a whole number from 1 to 1000",
        ),
    ] {
        assert_eq!(refusal(arguments, environment), message);
    }
    let refused = refusal("-db mysql://u:secret@localhost/wallet", "");
    let named =
        "--db = mysql://u:***@localhost/wallet: no such kind of database; allowed: postgres://";
    assert!(refused.starts_with(named), "{refused}");
    let refused = refusal("", "WALLET_PORT=tcp://10.0.0.1:80");
    assert!(refused.contains("enableServiceLinks: false"), "{refused}");
}

#[test]
fn a_file_that_is_wrong_is_refused_by_name_and_shows_no_secret() {
    for (text, words) in [
        ("prot = 1", &["prot", "expected one of"] as &[&str]),
        ("[http]\nport = 1", &["http"]),
        ("port = [1]", &["port"]),
        ("db = postgres://u:secret@h/d", &["line 1"]),
        ("db = \"postgres://u:secret@h/d\nport = 1", &["line 1"]),
    ] {
        let (_folder, path) = file(text);
        let refused = refusal(&format!("--config {path}"), "");
        for word in words.iter().chain(&[path.as_str()]) {
            assert!(refused.contains(word), "{word:?} is not in: {refused}");
        }
        assert!(!refused.contains("secret"), "{refused}");
    }
    let (_folder, path) = file("[db]\npassword = \"secret\"");
    let refused = refusal(&format!("--config {path} --db sqlite:x.db"), "");
    assert!(
        refused.starts_with(&format!("the settings file {path}: ")),
        "{refused}"
    );
    assert!(!refused.contains("secret"), "{refused}");
    let (_folder, path) = file("db = \"\"");
    let refused = refusal(&format!("--config {path}"), "");
    assert_eq!(
        refused,
        format!("db in {path} is empty; leave it out for sqlite:data/wallet.db")
    );
    let (_folder, path) = file("port = 70000");
    let refused = refusal(&format!("--config {path}"), "");
    assert!(
        refused.starts_with(&format!("port in {path} = 70000: ")),
        "{refused}"
    );
    let refused = refusal("--config /nowhere/wallet.toml", "");
    assert!(
        refused.starts_with("could not read the settings file /nowhere/wallet.toml: "),
        "{refused}"
    );
}

#[test]
fn variables_that_only_look_like_settings_are_left_out_and_the_odd_ones_told() {
    let environment = "WALLET_API_PORT=tcp://10.0.0.1:80 WALLET_API_SERVICE_HOST=10.0.0.1 \
        WALLET_PORT_80_TCP=tcp://10.0.0.1:80 WALLET_DB_URL=postgres://h/d PATH=/bin";
    let settings = settings("", environment);
    assert_eq!(settings.database, Database::Sqlite("data/wallet.db".into()));
    assert_eq!(settings.strange_variables, ["WALLET_DB_URL"]);
}

#[test]
fn tls_needs_the_certificate_and_its_key() {
    let files = settings("--tls-cert a.pem", "WALLET_TLS_KEY=a.key")
        .tls
        .unwrap();
    assert_eq!(files.certificate, PathBuf::from("a.pem"));
    assert_eq!(files.key, PathBuf::from("a.key"));
    assert_eq!(settings("", "").tls, None);
    assert_eq!(
        refusal("--tls-cert a.pem", ""),
        "--tls-cert needs --tls-key as well"
    );
    assert_eq!(
        refusal("", "WALLET_TLS_KEY=a.key"),
        "WALLET_TLS_KEY needs --tls-cert as well"
    );
}

#[test]
fn origins_are_those_of_browsers() {
    let origins =
        settings("--cors-origins https://a.example,http://localhost:3000", "").cors_origins;
    assert_eq!(origins, ["https://a.example", "http://localhost:3000"]);
    assert!(settings("", "").cors_origins.is_empty());
    for text in [
        "*",
        "a.example",
        "https://",
        "https://a.example/",
        "https://*.example",
    ] {
        let told = refusal(&format!("--cors-origins {text}"), "");
        assert!(
            told.starts_with(&format!("--cors-origins = {text}: allowed is origins")),
            "{told}"
        );
    }
}

#[test]
fn allowed_hosts_are_names_without_ports_and_add_up() {
    let hosts = |arguments: &str, environment: &str| {
        let hosts = settings(arguments, environment).allowed_hosts;
        hosts.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(hosts("", "").is_empty());
    let three = ["wallet.internal", "10.0.0.5", "[::2]"];
    assert_eq!(
        hosts("--allow-host Wallet.Internal,10.0.0.5,[::2]", ""),
        three
    );
    let repeated = "--allow-host wallet.internal --allow-host=10.0.0.5 --allow-host ::2";
    assert_eq!(hosts(repeated, ""), three);
    assert_eq!(
        hosts("", "WALLET_ALLOW_HOST=wallet.internal,10.0.0.5,::2"),
        three
    );
    // As always, the flags go before the environment.
    assert_eq!(hosts("--allow-host a", "WALLET_ALLOW_HOST=b"), ["a"]);
    for text in ["*", "http://a", "a:80", "a/b", "a,*"] {
        let told = refusal(&format!("--allow-host {text}"), "");
        let expected = format!("--allow-host = {text}: allowed is names or addresses");
        assert!(told.starts_with(&expected), "{told}");
    }
}

#[test]
fn sqlite_has_one_writer_and_postgresql_two_unless_it_is_told_otherwise() {
    let postgres = "-db postgres://h/d";
    assert_eq!(settings(postgres, "").writers.get(), 2);
    let four = settings(&format!("{postgres} --writers 4"), "");
    assert_eq!(four.writers.get(), 4);
    assert_eq!(settings("--writers 1", "").writers.get(), 1);
}

#[test]
fn the_settings_are_printed_without_the_password() {
    for db in ["postgres://u:secret@h/d", "host=h password=secret"] {
        let words = ["-db".to_owned(), db.to_owned()];
        let (_, settings) = load_words(words, "").unwrap();
        let printed = format!("{settings:?}");
        assert!(
            printed.contains("***") && !printed.contains("secret"),
            "{printed}"
        );
    }
}
