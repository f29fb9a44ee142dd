//! Observability: `/metrics`, docs/METRICS.md, the alerts and the dashboard name the same metrics.
//!
//! Whether Prometheus understands the expressions is checked by `tools/check-metrics`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use wallet_integration::exposition::{self, Metric};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;
use yaml_rust2::{Yaml, YamlLoader};

use crate::demo::{self, POOR_USD, RICH_USD};

each_store!(
    every_metric_is_documented_and_every_documented_metric_is_there,
    what_was_done_is_counted,
);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"))
}

/// What a metric is: its type, and the names of its labels.
type Kind = (String, BTreeSet<String>);

/// The metrics of docs/METRICS.md, by name: the rows of its tables that begin with one.
fn documented() -> BTreeMap<String, Kind> {
    let words = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut metrics = BTreeMap::new();
    for row in text("docs/METRICS.md")
        .lines()
        .filter(|line| line.starts_with("| `"))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let ["", name, kind, labels, meaning, _, ""] = cells[..] else {
            panic!("not five cells: {row}");
        };
        assert!(!meaning.is_empty(), "{row}");
        let kind = (kind.to_owned(), words(labels));
        let known = metrics.insert(name.trim_matches('`').to_owned(), kind);
        assert!(known.is_none(), "twice: {row}");
    }
    assert!(metrics.len() > 10, "the tables were not found: {metrics:?}");
    metrics
}

/// Transfers, a replay, a rejection, a read and two mistakes.
fn traffic(service: &Service) {
    let mut client = service.client();
    let transfer = |amount: &str| {
        json!({"id": demo::new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": amount, "currency_code": "USD"})
    };
    let paid = transfer("1.25");
    for body in [&paid, &paid, &transfer("2"), &transfer("1000000")] {
        client.post_transfer(body).unwrap();
    }
    client.post("/transfers/", "application/json", "{").unwrap();
    client.get("/accounts/").unwrap();
    client.get("/v1/nowhere").unwrap();
}

fn metrics_of(service: &Service) -> BTreeMap<String, Metric> {
    let answer = service.client().get("/metrics").unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.content_type, "text/plain; version=0.0.4");
    exposition::read(&answer.text).unwrap_or_else(|why| panic!("{why:#}\n{}", answer.text))
}

fn every_metric_is_documented_and_every_documented_metric_is_there(store: &TestStore) {
    let service = demo::service(store);
    traffic(&service);
    let kind = |metric: &Metric| {
        let labels = metric.labels().into_iter().map(str::to_owned).collect();
        (metric.kind.clone(), labels)
    };
    let metrics = metrics_of(&service);
    let there: BTreeMap<String, Kind> = metrics
        .iter()
        .map(|(name, metric)| (name.clone(), kind(metric)))
        .collect();
    let documented = documented();
    for (name, kind) in &there {
        assert_eq!(
            documented.get(name),
            Some(kind),
            "{name} in docs/METRICS.md"
        );
    }
    for name in documented.keys() {
        assert!(
            there.contains_key(name),
            "{name} of docs/METRICS.md is not at /metrics"
        );
    }
}

fn what_was_done_is_counted(store: &TestStore) {
    demo::service(store).stop().unwrap();
    let service = wallet_integration::service::Service::start(store).unwrap();
    traffic(&service);
    let metrics = metrics_of(&service);
    let value = |name: &str, labels: &[(&str, &str)]| {
        let value = metrics[name].value(labels);
        value.unwrap_or_else(|| panic!("{name} {labels:?}: {:?}", metrics[name]))
    };
    let classic = [
        ("method", "POST"),
        ("route", "/transfers/"),
        ("status", "200"),
    ];
    assert_eq!(value("wallet_http_requests_total", &classic), 5.0);
    assert_eq!(
        value("wallet_http_requests_total", &[("status", "404")]),
        1.0
    );
    for (code, count) in [
        ("insufficient_funds", 1.0),
        ("malformed_request", 1.0),
        ("not_found", 1.0),
    ] {
        assert_eq!(
            value("wallet_http_refusals_total", &[("code", code)]),
            count,
            "{code}"
        );
    }
    for (outcome, count) in [("created", 2.0), ("replayed", 1.0), ("rejected", 1.0)] {
        assert_eq!(
            value("wallet_commands_total", &[("outcome", outcome)]),
            count,
            "{outcome}"
        );
    }
    assert_eq!(
        value("wallet_rejections_total", &[("code", "insufficient_funds")]),
        1.0
    );
    assert_eq!(
        value("wallet_money_moved_total", &[("currency_code", "USD")]),
        3.25
    );
    assert_eq!(
        value("wallet_commits_total", &[]),
        2.0,
        "what writes nothing commits nothing"
    );
    assert!(value("wallet_commit_seconds_total", &[]) > 0.0);
    for (class, limit) in [
        ("single", 1_024.0..=4_096.0),
        ("bulk", 16_000.0..=16_000.0),
        ("housekeeping", 4_000.0..=4_000.0),
    ] {
        let of_class = [("class", class)];
        assert_eq!(value("wallet_queue_commands", &of_class), 0.0, "{class}");
        assert_eq!(
            value("wallet_queue_refused_total", &of_class),
            0.0,
            "{class}"
        );
        let may_wait = value("wallet_queue_commands_max", &of_class);
        assert!(limit.contains(&may_wait), "{class}: {may_wait}");
    }
    assert_eq!(
        value(
            "wallet_build_info",
            &[("version", env!("CARGO_PKG_VERSION"))]
        ),
        1.0
    );
}

/// A name in an expression: of a metric, a label, a function.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    // Quoted text is a value, and a name that begins with `$` is a variable of Grafana.
    let outside = expression.split('"').step_by(2);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_:$".contains(c);
    outside.flat_map(move |text| text.split(move |c| !is_part(c)))
}

/// Checks that a Prometheus expression uses documented metrics and their labels, and returns the
/// metrics.
fn check(expression: &str, documented: &BTreeMap<String, Kind>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut labels: BTreeSet<&str> = ["le", "instance", "job", "alertname"].into();
    for word in
        words(expression).filter(|word| word.starts_with("wallet_") || word.starts_with("process_"))
    {
        let histogram = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| word.strip_suffix(end));
        let name = histogram.unwrap_or(word);
        let known = documented.get(name);
        let (kind, of_metric) =
            known.unwrap_or_else(|| panic!("{word} is not in docs/METRICS.md: {expression}"));
        assert_eq!(
            histogram.is_some(),
            kind == "histogram",
            "{word}: {expression}"
        );
        labels.extend(of_metric.iter().map(String::as_str));
        used.insert(name.to_owned());
    }
    // A name that is compared with a text, or grouped by, is a label.
    let compared = expression
        .match_indices("=\"")
        .chain(expression.match_indices("=~\""));
    let compared = compared.map(|(at, _)| words(&expression[..at]).last().unwrap_or_default());
    let grouped = expression.split("by (").skip(1);
    let grouped =
        grouped.flat_map(|behind| behind.split(')').next().unwrap_or_default().split(", "));
    for label in compared.chain(grouped) {
        assert!(
            labels.contains(label),
            "no metric of it has the label {label:?}: {expression}"
        );
    }
    assert!(
        !used.is_empty(),
        "an expression without a metric: {expression}"
    );
    used
}

#[test]
fn the_alerts_know_the_metrics_and_say_what_to_do() {
    let documented = documented();
    let mut file = YamlLoader::load_from_str(&text("deploy/prometheus/alerts.yml")).unwrap();
    let groups = file.remove(0)["groups"].clone();
    let rules: Vec<Yaml> = groups
        .into_iter()
        .flat_map(|group| group["rules"].clone().into_iter())
        .collect();
    assert!(rules.len() >= 10, "{rules:?}");
    let tests = text("deploy/prometheus/alerts.test.yml");
    for rule in &rules {
        let of = |value: &Yaml| value.as_str().unwrap_or_default().to_owned();
        let name = of(&rule["alert"]);
        check(&of(&rule["expr"]), &documented);
        let severity = of(&rule["labels"]["severity"]);
        assert!(
            ["critical", "warning"].contains(&severity.as_str()),
            "{name}: {severity}"
        );
        for annotation in ["summary", "description"] {
            let said = of(&rule["annotations"][annotation]);
            assert!(said.len() > 20, "{name}: {annotation}: {said}");
        }
        let alert = format!("alertname=\"{name}\"");
        assert!(
            tests.contains(&alert),
            "no test in alerts.test.yml lets {name} fire"
        );
    }
}

#[test]
fn the_dashboard_shows_the_metrics_that_there_are() {
    let documented = documented();
    let dashboard: Value = serde_json::from_str(&text("deploy/grafana/dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut displayed = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for panel in panels {
        assert!(
            ids.insert(panel["id"].as_i64().unwrap()),
            "an id twice: {panel}"
        );
        let targets = panel["targets"].as_array().cloned().unwrap_or_default();
        assert_eq!(targets.is_empty(), panel["type"] == "row", "{panel}");
        for target in &targets {
            displayed.extend(check(target["expr"].as_str().unwrap(), &documented));
        }
    }
    let missing: Vec<&String> = documented
        .keys()
        .filter(|name| !displayed.contains(*name))
        .collect();
    assert!(
        missing.is_empty(),
        "the dashboard does not show {missing:?}"
    );
}

#[test]
#[should_panic(expected = "is not in docs/METRICS.md")]
fn an_undocumented_metric_is_found() {
    check("rate(wallet_nothing_total[5m])", &documented());
}

#[test]
#[should_panic(expected = "has the label \"colour\"")]
fn an_undocumented_label_is_found() {
    check(r#"wallet_commits_total{colour="red"}"#, &documented());
}
