//! The dependencies between the crates, read from cargo's metadata: these tests fail if they differ
//! from `docs/ARCHITECTURE.md`.

use std::collections::{BTreeSet, HashMap};
use std::process::Command;

use serde_json::Value;

/// A dependency of the first package on the second, by name.
type Edge = (String, String);

/// The allowed arrows. There are no others.
const ARROWS: [(&str, &str); 13] = [
    ("wallet-api", "wallet-domain"),
    ("wallet-api", "wallet-http"),
    ("wallet-api", "wallet-ledger"),
    ("wallet-batcher", "wallet-domain"),
    ("wallet-http", "wallet-domain"),
    ("wallet-ledger", "wallet-batcher"),
    ("wallet-ledger", "wallet-domain"),
    ("wallet-ledger", "wallet-postgres"),
    ("wallet-ledger", "wallet-sqlite"),
    ("wallet-postgres", "wallet-domain"),
    ("wallet-postgres", "wallet-migrations"),
    ("wallet-sqlite", "wallet-domain"),
    ("wallet-sqlite", "wallet-migrations"),
];

/// The crates of the product; tests and tools may depend on what they like.
const PRODUCT: [&str; 9] = [
    "wallet-api",
    "wallet-batcher",
    "wallet-client",
    "wallet-domain",
    "wallet-http",
    "wallet-ledger",
    "wallet-migrations",
    "wallet-postgres",
    "wallet-sqlite",
];

/// Crates that must not be in the domain's dependency tree: async, HTTP, SQL, wire formats, clocks,
/// logs.
const NOT_IN_THE_DOMAIN: [&str; 14] = [
    "actix-rt",
    "actix-web",
    "chrono",
    "diesel",
    "futures-util",
    "http",
    "hyper",
    "libsqlite3-sys",
    "pq-sys",
    "r2d2",
    "serde",
    "serde_json",
    "tokio",
    "tracing",
];

#[test]
fn the_arrows_between_the_crates_are_the_documented_ones() {
    assert_eq!(wrong_arrows(&edges()), Vec::<String>::new());
}

#[test]
fn the_domain_has_no_async_http_or_sql_in_its_tree() {
    let tree = cargo(&[
        "tree",
        "-p",
        "wallet-domain",
        "-e",
        "normal",
        "--prefix",
        "none",
    ]);
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        names.contains(&"bigdecimal"),
        "cargo tree was misread: {tree}"
    );
    assert_eq!(wrong_in_the_domain(&names), Vec::<String>::new());
}

#[test]
fn an_added_arrow_and_a_removed_one_are_caught() {
    let sound: Vec<Edge> = ARROWS.map(edge).to_vec();
    assert_eq!(wrong_arrows(&sound), Vec::<String>::new());
    for added in [
        ("wallet-http", "wallet-sqlite"),
        ("wallet-batcher", "wallet-postgres"),
        ("wallet-postgres", "wallet-sqlite"),
        ("wallet-domain", "wallet-batcher"),
        ("wallet-ledger", "wallet-http"),
        ("wallet-api", "wallet-postgres"),
        ("wallet-client", "wallet-domain"),
        ("wallet-http", "wallet-integration"),
    ] {
        let edges = [&sound[..], &[edge(added)]].concat();
        assert_eq!(
            wrong_arrows(&edges),
            [format!("{} must not know {}", added.0, added.1)]
        );
    }
    assert_eq!(
        wrong_arrows(&sound[1..]),
        ["wallet-api does not know wallet-domain any more"]
    );
}

#[test]
fn a_forbidden_crate_is_caught() {
    let sound = [
        "wallet-domain",
        "bigdecimal",
        "num-bigint",
        "thiserror",
        "uuid",
    ];
    assert_eq!(wrong_in_the_domain(&sound), Vec::<String>::new());
    let damaged = [&sound[..], &["tokio"]].concat();
    assert_eq!(
        wrong_in_the_domain(&damaged),
        ["wallet-domain must not bring in tokio"]
    );
}

fn edge((from, to): (&str, &str)) -> Edge {
    (from.to_owned(), to.to_owned())
}

/// Where the arrows from crates of the product to crates of this workspace are not [`ARROWS`].
fn wrong_arrows(edges: &[Edge]) -> Vec<String> {
    let for_tests = ["golden-sql", "throwaway-postgres"];
    let ours = |name: &str| name.starts_with("wallet-") || for_tests.contains(&name);
    let of_product = edges
        .iter()
        .filter(|(from, to)| PRODUCT.contains(&from.as_str()) && ours(to));
    let found: BTreeSet<Edge> = of_product.cloned().collect();
    let wanted = BTreeSet::from(ARROWS.map(edge));
    let added = found
        .difference(&wanted)
        .map(|(from, to)| format!("{from} must not know {to}"));
    let gone = wanted
        .difference(&found)
        .map(|(from, to)| format!("{from} does not know {to} any more"));
    added.chain(gone).collect()
}

/// Which forbidden crates are among those that the domain brings in, directly or not.
fn wrong_in_the_domain(tree: &[&str]) -> Vec<String> {
    let forbidden = NOT_IN_THE_DOMAIN.iter().filter(|name| tree.contains(name));
    forbidden
        .map(|name| format!("wallet-domain must not bring in {name}"))
        .collect()
}

/// All normal dependencies, without those of build scripts and tests.
fn edges() -> Vec<Edge> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();

    let packages = list(&metadata["packages"]);
    let names: HashMap<String, String> = packages
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let mut edges = Vec::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let from = &names[&text(&node["id"])];
        for dependency in list(&node["deps"]) {
            let mut kinds = list(&dependency["dep_kinds"]).into_iter();
            if kinds.any(|kind| kind["kind"].is_null()) {
                edges.push((from.clone(), names[&text(&dependency["pkg"])].clone()));
            }
        }
    }
    assert!(
        edges.len() > 100,
        "cargo metadata was misread: {} dependencies",
        edges.len()
    );
    edges
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let command = Command::new(cargo)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let output = command.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
