//! The advice that a refused request gets.

use super::*;

#[test]
fn a_refusal_names_the_host_that_was_called_and_those_that_are_allowed() {
    let guard = guard(&["friend.test"], &[]);
    let long = format!("host: {}", "x".repeat(5_000));
    for (target, lines, said) in [
        ("/", &["host: evil.test:8080"][..], "\"evil.test:8080\""),
        ("/", &["host: a\"b\u{e4}\\c"], r#""a\"b\xc3\xa4\\c""#),
        ("http://evil.test/", &["host: localhost"], "\"evil.test\""),
        ("/", &[], "no Host"),
        ("/", &["host: a.test", "host: b.test"], "more than one Host"),
        ("/", &[&long], "5000 bytes in all"),
    ] {
        let advice = advice(&guard, target, lines);
        assert!(advice.contains(said), "{said}: {advice}");
        let allowed = "localhost, 127.0.0.1, [::1] and friend.test";
        assert!(advice.contains(allowed), "{advice}");
        assert!(advice.contains("--allow-host"), "{advice}");
        assert!(advice.len() < 600 && advice.is_ascii(), "{advice}");
    }
}

#[test]
fn a_refusal_names_the_origin_of_the_page_and_those_that_are_allowed() {
    let guard = guard(&["friend.test"], &["https://shop.example"]);
    let long = format!("origin: http://{}", "x".repeat(5_000));
    for (lines, said) in [
        (
            &["origin: http://localhost:3000"][..],
            "\"http://localhost:3000\"",
        ),
        (&["origin: null"], "\"null\""),
        (
            &["origin: http://a.test", "origin: http://b.test"],
            "more than one Origin",
        ),
        (
            &["sec-fetch-site: cross-site"],
            "Sec-Fetch-Site: \"cross-site\"",
        ),
        (&[&long], "5007 bytes in all"),
    ] {
        let advice = advice(&guard, "/", &[&["host: localhost:8080"], lines].concat());
        assert!(advice.contains(said), "{said}: {advice}");
        for part in [
            "another origin (scheme, name or port)",
            "its own pages, pages of friend.test on any port, pages of https://shop.example",
            "--cors-origins",
            "--allow-host",
        ] {
            assert!(advice.contains(part), "{part}: {advice}");
        }
        assert!(advice.len() < 700 && advice.is_ascii(), "{advice}");
    }
}

#[test]
fn a_refusal_names_the_header_of_the_proxy() {
    let lines = ["host: localhost", "CF-Connecting-IP: 192.0.2.60"];
    let advice = advice(&guard(&[], &[]), "/", &lines);
    assert!(advice.contains("\"cf-connecting-ip\""), "{advice}");
    assert!(advice.contains("--auth keys"), "{advice}");
}

#[test]
fn a_refusal_names_the_first_of_many_allowed_names() {
    let names: Vec<String> = (0..100).map(|it| format!("n{it}.test")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let advice = advice(&guard(&names, &[]), "/", &["host: evil.test"]);
    assert!(advice.contains("n6.test and 93 more"), "{advice}");
}

#[test]
fn a_page_of_another_port_needs_one_of_two_settings() {
    let lines = ["host: localhost:8080", "origin: http://localhost:3000"];
    let page = "http://localhost:3000";
    assert_eq!(answer(&guard(&[], &[]), "/", &lines), "origin_not_allowed");
    assert_eq!(answer(&guard(&[], &[page]), "/", &lines), "");
    assert_eq!(answer(&guard(&["localhost"], &[]), "/", &lines), "");
}
