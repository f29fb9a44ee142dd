//! Which texts name a ledger, and that none of them prints its password.

use super::*;

fn postgres(text: &str) -> String {
    match text.parse::<Database>() {
        Ok(Database::Postgres(url)) => format!("{url:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_embedded_file_is_named_by_its_path() {
    for (text, path) in [
        ("sqlite:data/wallet.db", "data/wallet.db"),
        ("sqlite:/srv/wallet.db", "/srv/wallet.db"),
        ("sqlite:///srv/wallet.db", "/srv/wallet.db"),
        ("sqlite://data/wallet.db", "data/wallet.db"),
    ] {
        assert_eq!(text.parse::<Database>(), Ok(Database::Sqlite(path.into())));
    }
}

#[test]
fn what_names_no_ledger_is_refused() {
    for text in [
        "sqlite:",
        "sqlite::memory:",
        "wallet.db",
        "mysql://localhost/wallet",
        "host=h password=my secret",
        "host=h password='open",
        "= x",
        "postgres://u:se/cret@h/d",
        "postgres://u:se@cret@h/d",
        "postgres://u:se%zzcret@h/d",
        "postgres://u:secret%4",
        "postgres://u:se cret@h/d",
    ] {
        assert!(text.parse::<Database>().is_err(), "{text}");
    }
}

#[test]
fn a_password_is_masked_wherever_it_stands() {
    for (text, shown) in [
        ("postgres://u:secret@h:1/d", "postgres://u:***@h:1/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgres://h:1/d", "postgres://h:1/d"),
        (
            "postgres://h/d?sslmode=disable&password=secret&application_name=x",
            "postgres://h/d?sslmode=disable&password=***&application_name=x",
        ),
        (
            "postgres://u:sec?ret@h/d?sslpassword=secret",
            "postgres://u:***@h/d?sslpassword=***",
        ),
        ("host=h port=1", "host=h port=1"),
        (
            "host=h password=secret port=1",
            "host=h password=*** port=1",
        ),
        ("password = 'sec ret' host=h", "password = *** host=h"),
        (r"password='sec\'ret' host=h", "password=*** host=h"),
        (r"password=sec\ ret host=h", "password=*** host=h"),
        ("password= host=h", "password= ***"),
    ] {
        assert_eq!(postgres(text), shown, "{text}");
    }
}

#[test]
fn a_malformed_text_is_shown_without_its_secrets_too() {
    for text in [
        "host=h password=my secret",
        "password='secret",
        "postgres://u:my/secret@h/d",
        "postgres://u:my@secret@h/d",
        "mysql://u:secret@h/d",
        "postgres:/u:secret@h/d",
        "//u:secret@h/d",
        "u:secret@h/d",
        "u:secret@h/d?sslmode=disable",
        "secret sauce=h",
    ] {
        assert!(!redacted(text).contains("secret"), "{}", redacted(text));
    }
    assert_eq!(
        redacted("mysql://localhost/wallet"),
        "mysql://localhost/wallet"
    );
    assert_eq!(redacted("wallet.db"), "wallet.db");
}
