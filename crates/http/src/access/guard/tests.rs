//! Which requests a service without keys answers: every spelling of its names, and of others'.

use actix_web::http::header::HeaderMap;

use super::*;

mod advice;
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

/// What a refused request is told.
fn told(guard: &Guard, target: &str, lines: &[&str]) -> String {
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

#[test]
fn only_names_of_this_machine_are_answered() {
    let guard = guard(&[], &[]);
    for host in [
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
    ] {
        assert_eq!(
            answer(&guard, "/", &[&format!("host: {host}")]),
            "",
            "{host}"
        );
    }
    for host in [
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
    ] {
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

#[test]
fn what_a_browser_sends_for_another_site_is_refused() {
    let guard = guard(&["friend.test"], &["https://shop.example"]);
    let refused = "origin_not_allowed";
    for (lines, expected) in [
        // curl, and other programs.
        (&[][..], ""),
        // The address bar, and the service's own page.
        (&["sec-fetch-site: none"], ""),
        (&["sec-fetch-site: same-origin"], ""),
        (
            &[
                "origin: http://localhost:8080",
                "sec-fetch-site: same-origin",
            ],
            "",
        ),
        (&["origin: http://localhost:8080"], ""),
        (&["origin: http://LOCALHOST.:8080"], ""),
        // Links, images, forms and scripts of other pages.
        (&["sec-fetch-site: cross-site"], refused),
        (&["sec-fetch-site: same-site"], refused),
        (
            &["sec-fetch-site: none", "sec-fetch-site: cross-site"],
            refused,
        ),
        (&["sec-fetch-site: anything"], refused),
        (&["origin: http://evil.test"], refused),
        (
            &["origin: http://evil.test", "sec-fetch-site: same-origin"],
            refused,
        ),
        (
            &[
                "origin: http://localhost:8080",
                "sec-fetch-site: cross-site",
            ],
            refused,
        ),
        (
            &["origin: http://localhost:8080", "origin: http://evil.test"],
            refused,
        ),
        (&["origin: null"], refused),
        (&["origin: "], refused),
        (&["origin: file://"], refused),
        (&["origin: chrome-extension://abc"], refused),
        (&["origin: http://localhost:8080/"], refused),
        (&["origin: http://localhost:8080.evil.test"], refused),
        (&["origin: http://localhost:8080@evil.test"], refused),
        // Another program of this machine is another site.
        (
            &["origin: http://localhost:3000", "sec-fetch-site: same-site"],
            refused,
        ),
        (&["origin: http://localhost:3000"], refused),
        (&["origin: http://localhost"], refused),
        (&["origin: http://127.0.0.1:8080"], refused),
        // Sites that were named, on any port.
        (
            &[
                "origin: http://friend.test:3000",
                "sec-fetch-site: cross-site",
            ],
            "",
        ),
        (&["origin: https://friend.test"], ""),
        (&["origin: https://a.friend.test"], refused),
        (
            &["origin: https://shop.example", "sec-fetch-site: cross-site"],
            "",
        ),
        (
            &["origin: http://shop.example", "sec-fetch-site: cross-site"],
            refused,
        ),
        (&["origin: https://shop.example:444"], refused),
    ] {
        let lines = [&["host: localhost:8080"], lines].concat();
        assert_eq!(answer(&guard, "/", &lines), expected, "{lines:?}");
    }
    // A page whose name was made to lead here is of the same origin, and of another name.
    let rebound = [
        "host: evil.test",
        "origin: http://evil.test",
        "sec-fetch-site: same-origin",
    ];
    assert_eq!(answer(&guard, "/", &rebound), "host_not_allowed");
    for (host, origin) in [
        ("localhost", "http://localhost:80"),
        ("localhost:443", "https://localhost"),
    ] {
        let lines = [format!("host: {host}"), format!("origin: {origin}")];
        let lines = lines.each_ref().map(String::as_str);
        assert_eq!(answer(&guard, "/", &lines), "", "{lines:?}");
    }
}
