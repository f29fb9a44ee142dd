//! The command line: every spelling that it has had, the commands, the help.

use super::*;

#[test]
fn the_flags_of_the_original_are_read_in_every_spelling() {
    for arguments in [
        "-db sqlite:x -dbRetryCount 3 -dbRetryTimeout 1m30s -logLevel warn -port 9 -shutdownTimeout 1.5s",
        "-db=sqlite:x -dbRetryCount=3 -dbRetryTimeout=1m30s -logLevel=warn -port=9 -shutdownTimeout=1.5s",
        "--db sqlite:x --dbRetryCount 3 --dbRetryTimeout 1m30s --logLevel warn --port 9 --shutdownTimeout 1.5s",
        "--db=sqlite:x --dbRetryCount=3 --dbRetryTimeout=1m30s --logLevel=warn --port=9 --shutdownTimeout=1.5s",
        "--db sqlite:x --db-retry-count 3 --db-retry-timeout 1m30s --log-level warn --port 9 --shutdown-timeout 1.5s",
        "-db-retry-count 3 -db-retry-timeout 90s -log-level WARN -port 9 -shutdown-timeout=1500ms -db sqlite://x",
        "serve -db sqlite:x -dbRetryCount 3 -dbRetryTimeout 1m30s -logLevel warn -port 9 -shutdownTimeout 1.5s",
        "-db sqlite:x -dbRetryCount 3 serve -dbRetryTimeout 1m30s -logLevel warn -port 9 -shutdownTimeout 1.5s",
    ] {
        let settings = settings(arguments, "");
        assert_eq!(
            settings.database,
            Database::Sqlite("x".into()),
            "{arguments}"
        );
        assert_eq!(settings.retry.attempts, 3, "{arguments}");
        assert_eq!(settings.retry.pause, Duration::from_secs(90), "{arguments}");
        assert_eq!(settings.log_level, LevelFilter::WARN, "{arguments}");
        assert_eq!(settings.address.port(), 9, "{arguments}");
        assert_eq!(
            settings.shutdown_timeout,
            Duration::from_millis(1500),
            "{arguments}"
        );
    }
    let environment = "WALLET_DB=sqlite:x WALLET_DB_RETRY_COUNT=3 WALLET_DB_RETRY_TIMEOUT=90s \
        WALLET_LOG_LEVEL=warn WALLET_PORT=9 WALLET_SHUTDOWN_TIMEOUT=1.5s";
    let by_flags = "-db sqlite:x -dbRetryCount 3 -dbRetryTimeout 90s -logLevel warn -port 9 -shutdownTimeout 1.5s";
    assert_eq!(settings("", environment), settings(by_flags, ""));
}

#[test]
fn a_value_stays_a_value_whatever_it_looks_like() {
    for db in [
        "host=127.0.0.1 port=1",
        "host=/run user=-db",
        "postgres://u:p@h/d?a=b",
    ] {
        for arguments in [
            vec!["-db".to_owned(), db.to_owned()],
            vec![format!("-db={db}")],
        ] {
            let (_, settings) = load_words(arguments, "").unwrap();
            let Database::Postgres(url) = settings.database else {
                panic!("{db} is not PostgreSQL");
            };
            assert_eq!(url.expose(), db);
        }
    }
    let refused = refusal("-port -1", "");
    assert!(refused.starts_with("--port = -1: allowed is"), "{refused}");
}

#[test]
fn the_default_command_needs_no_name() {
    for (arguments, command) in [
        ("--demo", Command::Serve),
        ("-port 9000", Command::Serve),
        ("serve --demo", Command::Serve),
        ("demo", Command::Demo),
        ("-db sqlite:x demo", Command::Demo),
        ("migrate -db sqlite:x", Command::Migrate),
    ] {
        assert_eq!(load(arguments, "").unwrap().0, command, "{arguments}");
    }
}

#[test]
fn the_help_has_every_setting_with_its_default_and_variable() {
    for arguments in ["--help", "-h", "-help", "migrate --help"] {
        let help = load(arguments, "").unwrap_err().to_string();
        for key in flags::keys() {
            assert!(
                help.contains(&format!("--{}", key.replace('_', "-"))),
                "{key}: {help}"
            );
            assert!(
                help.contains(&format!("[env: {}]", flags::variable(&key))),
                "{key}: {help}"
            );
        }
        for (_, default) in flags::DEFAULTS {
            assert!(help.contains(&format!("[default: {default}]")), "{help}");
        }
    }
}

#[test]
fn the_version_is_the_package_s_and_the_long_one_says_what_was_built() {
    let package = concat!("wallet-api ", env!("CARGO_PKG_VERSION"));
    assert_eq!(load("-V", "").unwrap_err().to_string().trim(), package);
    for arguments in ["--version", "-version"] {
        let version = load(arguments, "").unwrap_err().to_string();
        let lines: Vec<&str> = version.trim().lines().collect();
        let [name, commit, build, features] = lines[..] else {
            panic!("{version}");
        };
        assert_eq!(name, package);
        let commit = commit.strip_prefix("commit: ").unwrap();
        let is_id = |word: &str| word.len() >= 7 && word.bytes().all(|one| one.is_ascii_hexdigit());
        let first = commit.split(' ').next().unwrap();
        assert!(is_id(first) || commit == "unknown", "{commit}");
        let profile = ["build: debug for ", "build: release for "];
        assert!(
            profile.iter().any(|start| build.starts_with(start)),
            "{build}"
        );
        assert!(build.contains(" by rustc 1."), "{build}");
        assert!(features.starts_with("features: "), "{features}");
    }
}

#[test]
fn a_flag_that_does_not_exist_is_refused_as_it_was_typed() {
    for flag in ["-noSuchFlag", "--noSuchFlag=1", "-x"] {
        let refused = refusal(flag, "");
        let name = flag.trim_start_matches('-').trim_end_matches("=1");
        assert!(refused.contains(&format!("-{name}")), "{refused}");
    }
    assert!(refusal("-- -port 9", "").contains("-port"));
    assert!(refusal("-port", "").contains("--port"));
}
