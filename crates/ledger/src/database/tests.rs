//! Which texts name a ledger.

use super::*;

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
