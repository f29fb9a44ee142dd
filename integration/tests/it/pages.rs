//! Web pages against a service without keys: a real Chromium opens them, and they try to move money
//! and to read. `crates/http` tests case by case which requests the guard refuses; these tests
//! cover what a browser really sends, and what it lets a page see. `documents` opens the pages of
//! the service itself.
//!
//! They need Chromium (Debian: `chromium`), or its path in `WALLET_TEST_CHROMIUM`, and print a note
//! where there is none.

mod browser;
mod devtools;
mod documents;
mod servers;

use std::net::SocketAddr;

use serde_json::{Value, json};
use wallet_integration::client::{Client, Replicas};
use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use browser::Browser;
use servers::{PageServer, Rebinder};

/// Names that Chromium resolves to this machine.
const PAGE: &str = "page.test";
const REBOUND: &str = "rebound.test";

/// What a page tries: each attempt moves a dollar, or reads.
const WRITES: [&str; 3] = ["plain_post", "form", "json_post"];
const READS: [&str; 3] = ["read", "classic_read", "document"];

/// A page that tries everything on `target` and sends what it saw to `report`.
fn page(target: &str, report: &str) -> String {
    let transfer = |_: &str| {
        json!({
            "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": "1", "currency_code": "USD",
        })
    };
    let [plain, form, json] = WRITES.map(transfer);
    include_str!("pages/page.html")
        .replace("{target}", target)
        .replace("{report}", report)
        .replace("{plain}", &plain.to_string())
        .replace("{form}", &form.to_string())
        .replace("{json}", &json.to_string())
}

fn service(store: &TestStore, flags: &[&str]) -> Service {
    let launch = Launch::on(store).arg("--demo");
    let launch = flags.iter().fold(launch, |launch, flag| launch.arg(*flag));
    launch.start().unwrap()
}

/// What the page saw, and how many dollars it moved.
fn visit(browser: &Browser, pages: &PageServer, url: &str, service: &Service) -> (Value, u32) {
    let balance = || {
        let balance = demo::balance(service, RICH_USD);
        balance.parse::<u32>().unwrap()
    };
    let before = balance();
    let saw = browser.visit(url, pages);
    for tried in WRITES.iter().chain(&READS) {
        assert!(saw[tried].is_string(), "{tried} was not tried: {saw}");
    }
    (saw, before - balance())
}

fn saw_accounts(saw: &Value) -> bool {
    saw.to_string().contains(RICH_USD)
}

#[test]
fn a_page_of_another_origin_moves_and_reads_only_what_it_is_allowed_to() {
    let Some(browser) = Browser::find(&[PAGE, REBOUND]) else {
        return;
    };
    let store = TestStore::sqlite();
    let pages = PageServer::start();
    let port = pages.address().port();
    let closed = service(&store, &[]);
    for (host, called) in [
        (PAGE, "localhost"),
        (PAGE, "127.0.0.1"),
        ("localhost", "localhost"),
    ] {
        let target = format!("http://{called}:{}", closed.address().port());
        pages.serve(page(&target, &pages.report_url()));
        let url = format!("http://{host}:{port}/");
        let (saw, moved) = visit(&browser, &pages, &url, &closed);
        assert_eq!(moved, 0, "{host} to {called}: {saw}");
        assert!(!saw_accounts(&saw), "{host} to {called}: {saw}");
        assert!(!saw.to_string().contains("openapi"), "{saw}");
    }
    assert!(
        closed.log().contains("origin_not_allowed"),
        "{}",
        closed.log()
    );
    closed.stop().unwrap();

    // The same page where its name is allowed: what needs no look at the answer works.
    let open = service(&store, &["--allow-host", PAGE]);
    let target = format!("http://localhost:{}", open.address().port());
    pages.serve(page(&target, &pages.report_url()));
    let url = format!("http://{PAGE}:{port}/");
    let (saw, moved) = visit(&browser, &pages, &url, &open);
    assert_eq!(moved, 2, "{saw}");
    assert!(!saw_accounts(&saw), "{saw}");
    open.stop().unwrap();

    // And where its origin may read, all of it.
    let origin = format!("http://{PAGE}:{port}");
    let open = service(&store, &["--allow-host", PAGE, "--cors-origins", &origin]);
    let target = format!("http://localhost:{}", open.address().port());
    pages.serve(page(&target, &pages.report_url()));
    let (saw, moved) = visit(&browser, &pages, &url, &open);
    assert_eq!(moved, 3, "{saw}");
    assert!(saw_accounts(&saw), "{saw}");
    open.stop().unwrap();
}

#[test]
fn a_page_whose_name_was_rebound_moves_and_reads_only_what_it_is_allowed_to() {
    let Some(browser) = Browser::find(&[PAGE, REBOUND]) else {
        return;
    };
    let store = TestStore::sqlite();
    let pages = PageServer::start();
    for (flags, expected) in [(&[][..], 0), (&["--allow-host", REBOUND], 3)] {
        let service = service(&store, flags);
        // The page comes from its own server; from then on its name leads to the service.
        let line = JudgedLine::start(service.address()).unwrap();
        let rebinder = Rebinder::start(line.address());
        let origin = format!("http://{REBOUND}:{}", rebinder.address().port());
        rebinder.serve(page(&origin, &pages.report_url()));
        let (saw, moved) = visit(&browser, &pages, &format!("{origin}/"), &service);
        assert_eq!(moved, expected, "{flags:?}: {saw}");
        assert_eq!(saw_accounts(&saw), expected > 0, "{flags:?}: {saw}");
        if expected == 0 {
            let detail = saw["read"].as_str().unwrap();
            assert!(
                detail.contains("host_not_allowed") && detail.contains("--allow-host"),
                "{detail}"
            );
        }
        service.stop().unwrap();
    }
}

/// The names are those of the real binary's settings, over a real socket.
#[test]
fn local_programs_are_served_under_every_allowed_name() {
    let store = TestStore::sqlite();
    let service = service(
        &store,
        &["--allow-host", "wallet.internal", "--allow-host=10.0.0.5"],
    );
    let address: SocketAddr = service.address();
    let mut client = Client::new(&Replicas::new(&[address]));
    assert_eq!(client.get("/v1/accounts").unwrap().status, 200);
    for (host, status) in [
        ("localhost", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("wallet.internal", 200),
        ("10.0.0.5:8080", 200),
        ("evil.test", 403),
    ] {
        for path in [
            "/v1/accounts",
            "/accounts/",
            "/readyz",
            "/metrics",
            "/openapi.json",
            "/docs",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let patience = std::time::Duration::from_secs(15);
            let answer =
                wallet_integration::client::exchange(address, request.as_bytes(), patience);
            let answer = answer.unwrap();
            assert_eq!(answer.status, status, "{host} {path}");
            assert!(
                status == 200 || answer.text.contains("host_not_allowed"),
                "{}",
                answer.text
            );
        }
    }
    service.stop().unwrap();
}
