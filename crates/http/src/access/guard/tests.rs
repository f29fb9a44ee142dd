//! Which requests a service without keys answers: every spelling of its names, and of others'.

use actix_web::http::header::HeaderMap;

use super::*;

mod advice;
mod origins;
mod proxies;

fn guard(hosts: &[&str], origins: &[&str]) -> Guard {
    Guard {
        hosts: hosts.iter().filter_map(|it| HostName::parse(it)).collect(),
        origins: origins.iter().map(ToString::to_string).collect(),
    }
}

/// The code with which a request is refused; empty if it is let through.
fn answer(guard: &Guard, target: &str, lines: &[&str]) -> &'static str {
    checked(guard, target, lines).map_or_else(|error| error.code(), |()| "")
}

/// The advice that a refused request gets.
fn advice(guard: &Guard, target: &str, lines: &[&str]) -> String {
    checked(guard, target, lines).unwrap_err().to_string()
}

fn checked(guard: &Guard, target: &str, lines: &[&str]) -> Result<(), ApiError> {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    guard.check(Version::HTTP_11, &target.parse().unwrap(), &headers)
}

/// Spellings of names of this machine.
const OWN_NAMES: [&str; 15] = [
    "localhost",
    "localhost:8080",
    "LOCALHOST:8080",
    "LocalHost",
    "localhost.",
    "localhost.:80",
    "localhost:",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:65535",
    "127.0.0.1.",
    "[::1]",
    "[::1]:8080",
    "[0:0:0:0:0:0:0:1]:8080",
    "[::0001]",
];

/// Names of others, and what is no name.
const OTHER_NAMES: [&str; 46] = [
    "",
    ".",
    ":8080",
    "evil.test",
    "evil.test:8080",
    "localhost.evil.test",
    "evil.test.localhost",
    "127.0.0.1.evil.test",
    "evil-localhost",
    "xlocalhost",
    "localhost..",
    "localhost@evil.test",
    "evil.test@localhost",
    "user:pass@localhost",
    "localhost:80@evil.test",
    "localhost:65536",
    "localhost:80:80",
    "localhost:8o",
    "localhost:-1",
    "localhost:+80",
    "localhost/",
    "localhost#",
    "localhost,evil.test",
    "localhost evil.test",
    " localhost x",
    "http://localhost",
    "127.1",
    "127.0.0.01",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.2",
    "0.0.0.0",
    "10.0.0.1",
    "::1",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1]]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::1%25lo]",
    "[fe80::1]",
    "[localhost]",
    "*",
    "localhost\u{e4}",
];

#[test]
fn only_names_of_this_machine_are_answered() {
    let guard = guard(&[], &[]);
    for host in OWN_NAMES {
        assert_eq!(
            answer(&guard, "/", &[&format!("host: {host}")]),
            "",
            "{host}"
        );
    }
    for host in OTHER_NAMES {
        let line = format!("host: {host}");
        assert_eq!(answer(&guard, "/", &[&line]), "host_not_allowed", "{host}");
    }
}

#[test]
fn a_request_without_one_host_is_refused() {
    let guard = guard(&[], &[]);
    for (target, lines, expected) in [
        ("/", &[][..], "host_not_allowed"),
        (
            "/",
            &["host: localhost", "host: localhost"],
            "host_not_allowed",
        ),
        (
            "/",
            &["host: localhost", "host: evil.test"],
            "host_not_allowed",
        ),
        // An absolute target, as a proxy gets it, and as HTTP/2 brings its :authority.
        ("http://localhost:8080/", &[], ""),
        ("http://localhost:8080/", &["host: localhost:8080"], ""),
        (
            "http://evil.test/",
            &["host: localhost"],
            "host_not_allowed",
        ),
        (
            "http://localhost/",
            &["host: evil.test"],
            "host_not_allowed",
        ),
        (
            "http://user@localhost/",
            &["host: localhost"],
            "host_not_allowed",
        ),
        (
            "http://localhost@evil.test/",
            &["host: localhost"],
            "host_not_allowed",
        ),
    ] {
        assert_eq!(
            answer(&guard, target, lines),
            expected,
            "{target} {lines:?}"
        );
    }
}

#[test]
fn names_that_are_added_are_answered_and_no_others() {
    let guard = guard(&["Wallet.Internal", "10.0.0.5", "fd00::5"], &[]);
    for (host, expected) in [
        ("wallet.internal:8080", ""),
        ("WALLET.internal.", ""),
        ("10.0.0.5", ""),
        ("[fd00::5]:8080", ""),
        ("localhost", ""),
        ("a.wallet.internal", "host_not_allowed"),
        ("internal", "host_not_allowed"),
        ("10.0.0.50", "host_not_allowed"),
    ] {
        assert_eq!(
            answer(&guard, "/", &[&format!("host: {host}")]),
            expected,
            "{host}"
        );
    }
    for wrong in [
        "", "*", "*.test", "a:80", "http://a", "a/b", "a b", "[::1]:80", "a:", "a@b",
    ] {
        assert_eq!(HostName::parse(wrong), None, "{wrong}");
    }
}
