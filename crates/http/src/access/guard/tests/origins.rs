//! Which pages a service without keys answers.

use super::*;

/// Sends a request to `localhost:8080` with each row's lines, and expects its code; empty if it is
/// answered.
#[track_caller]
fn expect_origins(rows: &[(&[&str], &str)]) {
    let guard = guard(&["friend.test"], &["https://shop.example"]);
    for (lines, expected) in rows {
        let lines = [&["host: localhost:8080"], *lines].concat();
        assert_eq!(answer(&guard, "/", &lines), *expected, "{lines:?}");
    }
}

#[test]
fn what_a_browser_sends_for_another_site_is_refused() {
    let refused = "origin_not_allowed";
    expect_origins(&[
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
    ]);
}

#[test]
fn other_ports_and_sites_are_refused_unless_they_are_named() {
    let refused = "origin_not_allowed";
    expect_origins(&[
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
    ]);
}

#[test]
fn a_page_of_this_origin_needs_one_of_the_services_names() {
    let guard = guard(&["friend.test"], &["https://shop.example"]);
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
