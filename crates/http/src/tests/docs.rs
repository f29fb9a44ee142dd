//! What the service says about itself is true, complete, and there without a network.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::{Rejection, hold_table_markdown};

use super::client::Answer;
use super::support::{TestServer, ledger_over, options};
use crate::Access;
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
    assert_eq!((served.status, &served.body), (200, &made));
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
            assert_eq!(
                connection.answer().status,
                200,
                "{path} leads to {reference}"
            );
        }
    }
    assert_eq!(
        server
            .send("POST /docs HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n")
            .status,
        405
    );
}

/// The documents in `docs` for users and operators, by the table of contents, and their paths.
fn documents() -> Vec<(String, String)> {
    let contents = std::fs::read_to_string(file("SUMMARY.md")).unwrap();
    let (served, _) = contents.split_once("# For developers").unwrap();
    let links = served.split("](").skip(1);
    let files = links.map(|link| link.split(')').next().unwrap());
    let with_path = |file: &str| {
        let path = file.replace("README", "").replace(".md", "");
        (file.to_owned(), format!("/docs/{}", path.to_lowercase()))
    };
    files.map(with_path).collect()
}

/// The tags of a page, without their brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split('<').skip(1);
    tags.map(|tag| tag.split('>').next().unwrap())
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split('"').next()
}

#[test]
fn every_link_and_anchor_leads_somewhere_and_every_document_is_reached() {
    let server = TestServer::with(&[]);
    let mut unread = vec!["/docs".to_owned()];
    let mut anchors: HashMap<String, HashSet<String>> = HashMap::new();
    let mut links = Vec::new();
    while let Some(path) = unread.pop() {
        if anchors.contains_key(&path) {
            continue;
        }
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        let is_page = answer.header("content-type") == Some("text/html; charset=utf-8");
        let tags: Vec<&str> = tags(&answer.body).filter(|_| is_page).collect();
        let of_page = tags.iter().filter_map(|tag| attribute(tag, "id"));
        anchors.insert(path.clone(), of_page.map(str::to_owned).collect());
        for tag in tags {
            let name = tag.split(' ').next().unwrap();
            assert!(
                name != "style" && attribute(tag, "style").is_none(),
                "{path}: <{tag}>"
            );
            let target = attribute(tag, "href").or(attribute(tag, "src"));
            match (name, target) {
                ("a", Some(target)) if target.starts_with("https://") => {}
                ("a", Some(target)) => {
                    let (page, anchor) = target.split_once('#').unwrap_or((target, ""));
                    let page = if page.is_empty() { &path } else { page };
                    assert!(page.starts_with('/'), "{path}: <{tag}>");
                    unread.push(page.to_owned());
                    links.push((path.clone(), page.to_owned(), anchor.to_owned()));
                }
                ("link" | "script" | "img", Some(target)) => {
                    assert!(target.starts_with("/docs/"), "{path}: <{tag}>");
                    assert_eq!(head(&server, target).status, 200, "{path}: <{tag}>");
                }
                ("a" | "link" | "script" | "img", None) => panic!("{path}: <{tag}>"),
                _ => {}
            }
        }
    }
    assert!(links.len() > 500, "{}", links.len());
    let is_dead = |(_, page, anchor): &&(String, String, String)| {
        !anchor.is_empty() && !anchors[page].contains(anchor)
    };
    assert_eq!(links.iter().find(is_dead), None);

    let mut expected: HashSet<String> = documents().into_iter().map(|(_, path)| path).collect();
    assert!(expected.len() > 20, "{expected:?}");
    expected.extend(["/docs", "/docs/errors", "/openapi.json"].map(str::to_owned));
    assert_eq!(anchors.into_keys().collect::<HashSet<_>>(), expected);
}

fn head(server: &TestServer, path: &str) -> Answer {
    let mut connection = server.connect();
    connection.write(format!("HEAD {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes());
    connection.answer()
}

#[test]
fn documents_are_served_like_the_other_pages_and_without_a_key() {
    let store = Arc::new(InMemoryStore::new());
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options(), ledger_over(&store), store, access);
    for (document, path) in documents() {
        let page = server.get(&path);
        assert_eq!(page.status, 200, "{path}");
        let markdown = std::fs::read_to_string(file(&document)).unwrap();
        let title = markdown.lines().next().unwrap().trim_start_matches("# ");
        assert!(page.body.contains(&format!(">{title}</h1>")), "{path}");
        let rules = markdown.lines().filter(|line| line.starts_with("|--"));
        assert_eq!(
            rules.count(),
            page.body.matches("<table>").count(),
            "{path}"
        );
        let current = format!("<a href=\"{path}\" aria-current=\"page\">");
        assert_eq!(page.body.matches(&current).count(), 1, "{path}");

        let of_head = head(&server, &path);
        for name in [
            "content-type",
            "content-length",
            "cache-control",
            "content-security-policy",
        ] {
            assert_eq!(page.header(name), of_head.header(name), "{path}: {name}");
        }
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';"),
            "{policy}"
        );

        let post = format!("POST {path} HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");
        let post = server.send(&post);
        assert_eq!(
            (post.status, post.header("allow")),
            (405, Some("GET, HEAD")),
            "{path}"
        );
    }
    assert_eq!(
        server.get("/docs/guides").body,
        server.get("/docs/guides/").body
    );
}

#[test]
fn what_is_no_document_is_an_unknown_path() {
    let server = TestServer::with(&[]);
    let unknown = server.get("/nothing").body.clone();
    for path in [
        "/docs/nothing",
        "/docs/architecture",
        "/docs/holds",
        "/docs/API.md",
        "/docs/API",
        "/docs/guides/api",
        "/docs/guides/holds/",
        "/docs/guides/holds.md",
        "/docs/guides/../../Cargo.toml",
        "/docs/guides/%2e%2e/api",
    ] {
        let answer = server.get(path);
        assert_eq!(
            (answer.status, answer.body.clone()),
            (404, unknown.clone()),
            "{path}"
        );
        let put = format!("PUT {path} HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(server.send(&put).status, 404, "{path}");
    }
    // As many labels as patterns, whatever clients ask for.
    server.get("/docs/api");
    server.get("/docs/guides/");
    server.get("/docs/guides/holds");
    let metrics = server.get("/metrics").body.clone();
    let labels = metrics.split("route=\"").skip(1);
    let labels = labels.map(|label| label.split('"').next().unwrap());
    let labels: BTreeSet<_> = labels.collect();
    let expected = [
        "/docs/guides/",
        "/docs/guides/{page}",
        "/docs/{page}",
        "unknown",
    ];
    assert_eq!(labels.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn every_code_is_explained_where_the_type_of_a_problem_leads_to_and_in_the_manual() {
    let page = TestServer::with(&[]).get("/docs/errors").body.clone();
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
