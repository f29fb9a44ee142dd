//! What the service says about itself is true, complete, and there without a network.

use std::path::Path;

use wallet_domain::{Rejection, hold_table_markdown};

use super::support::TestServer;
use crate::server::docs;
use crate::v1::protocol::codes;

fn file(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(path)
}

#[test]
fn the_document_that_is_kept_is_the_one_that_is_served() {
    let made = docs::openapi();
    if std::env::var_os("WALLET_WRITE_OPENAPI").is_some() {
        std::fs::write(file("openapi.json"), &made).unwrap();
    }
    let kept = std::fs::read_to_string(file("openapi.json")).unwrap();
    assert!(
        kept == made,
        "docs/openapi.json is not what the code says; write it anew with WALLET_WRITE_OPENAPI=1 \
         cargo test -p wallet-http kept"
    );
    let served = TestServer::with(&[]).get("/openapi.json");
    assert_eq!((served.status, served.body), (200, made));
    assert_eq!(
        served
            .headers
            .iter()
            .filter(|(name, _)| name == "content-type")
            .count(),
        1
    );
}

#[test]
fn every_page_is_part_of_the_binary_and_names_nothing_outside() {
    let server = TestServer::with(&[]);
    for path in ["/docs", "/docs/", "/docs/errors"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(
            !page.body.contains("http://") && !page.body.contains("https://"),
            "{path}"
        );
        let references = page.body.split(['"']).filter(|text| text.starts_with('/'));
        for reference in references {
            let mut connection = server.connect();
            connection.write(format!("HEAD {reference} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes());
            assert_eq!(connection.head().status, 200, "{path} leads to {reference}");
        }
    }
    assert_eq!(
        server
            .send("POST /docs HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n")
            .status,
        405
    );
}

#[test]
fn every_code_is_explained_where_the_type_of_a_problem_leads_to_and_in_the_manual() {
    let page = TestServer::with(&[]).get("/docs/errors").body;
    let manual = std::fs::read_to_string(file("guides/errors.md")).unwrap();
    let codes = codes::all();
    assert!(codes.len() > Rejection::ALL.len());
    for code in codes {
        let (code, status) = (code.code, code.status.as_u16());
        let entry = format!("id=\"{code}\"");
        assert!(page.contains(&entry), "the page lacks {code}");
        let entry = format!("| `{code}` | {status} |");
        assert!(
            manual.contains(&entry),
            "docs/guides/errors.md lacks {entry}"
        );
    }
}

#[test]
fn the_manual_shows_what_may_be_done_with_a_hold() {
    let manual = std::fs::read_to_string(file("guides/holds.md")).unwrap();
    let table = hold_table_markdown();
    assert!(
        manual.contains(&table),
        "docs/guides/holds.md lacks\n{table}"
    );
}
