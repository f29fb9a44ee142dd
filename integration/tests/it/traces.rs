//! Traces: the path of a transfer from its caller through the queue into a transaction, as a
//! collector sees it.

mod collector;

use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::client::exchange;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD};
use collector::{Collector, attributes, hex};

each_store!(
    a_transfer_appears_in_the_trace_of_its_caller,
    callers_who_share_a_transaction_keep_traces_of_their_own,
);

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A secret of the caller.
const SECRET: &str = "canary-that-must-not-leak";

fn traced(store: &TestStore, url: &str) -> Service {
    demo::service(store).stop().unwrap();
    // Export often, so that the tests need not wait.
    let launch = Launch::on(store).arg("--otlp").arg(url);
    launch
        .environment("OTEL_BSP_SCHEDULE_DELAY", "50")
        .start()
        .unwrap()
}

/// The answer to a transfer: its body, and its `traceparent`.
fn transfer(service: &Service, traceparent: Option<&str>) -> (Value, Option<String>) {
    let body = json!({
        "id": demo::new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "1.07", "currency_code": "USD", "comment": SECRET,
    });
    let body = body.to_string();
    let traceparent = traceparent.map(|value| format!("traceparent: {value}\r\n"));
    let request = format!(
        "POST /transfers/ HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {SECRET}\r\n{}\
         content-length: {}\r\n\r\n{body}",
        traceparent.unwrap_or_default(),
        body.len()
    );
    let answer = exchange(service.address(), request.as_bytes(), PATIENCE).unwrap();
    let traceparent = answer.header("traceparent").map(str::to_owned);
    (answer.json(), traceparent)
}

/// A new trace, and the header with which its caller names a span of it.
fn new_trace() -> (String, &'static str, String) {
    let (trace, span) = (Uuid::new_v4().simple().to_string(), "00f067aa0ba902b7");
    let header = format!("00-{trace}-{span}-01");
    (trace, span, header)
}

/// The one span of this name.
fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found
        .next()
        .unwrap_or_else(|| panic!("no {name}: {spans:#?}"));
    assert!(found.next().is_none(), "{name} twice: {spans:#?}");
    span
}

const REQUEST: &str = "POST /transfers/";

fn a_transfer_appears_in_the_trace_of_its_caller(store: &TestStore) {
    let collector = Collector::start();
    let service = traced(store, &collector.url());
    let (trace, caller, header) = new_trace();
    let (answer, named_back) = transfer(&service, Some(&header));
    assert_eq!(answer["result"], "OK");

    let last: &[&str] = match store.file() {
        Some(_) => &["write", "commit"],
        None => &["write and commit"],
    };
    let steps = [&["read", "decide"], last].concat();
    let count = 4 + steps.len();
    let spans = collector.trace(&trace, |spans| spans.len() >= count);
    assert_eq!(spans.len(), count, "{spans:#?}");
    let request = named(&spans, REQUEST);
    assert_eq!(hex(&request.parent_span_id), caller);
    let answered = format!("00-{trace}-{}-01", hex(&request.span_id));
    assert_eq!(named_back, Some(answered));
    assert_eq!(request.kind(), SpanKind::Server);
    let about = attributes(&request.attributes);
    assert_eq!(about["http.route"], "/transfers/");
    assert_eq!(about["http.response.status_code"], "200");

    let transaction = named(&spans, "transaction");
    assert_eq!(attributes(&transaction.attributes)["commands"], "1");
    let mut below = vec![
        ("queue", request),
        ("batch", request),
        ("transaction", named(&spans, "batch")),
    ];
    below.extend(steps.iter().map(|&step| (step, transaction)));
    for (name, parent) in below {
        let span = named(&spans, name);
        assert_eq!(
            hex(&span.parent_span_id),
            hex(&parent.span_id),
            "{name}: {spans:#?}"
        );
        assert!(
            span.start_time_unix_nano >= parent.start_time_unix_nano,
            "{name}: {spans:#?}"
        );
        assert!(
            span.end_time_unix_nano >= span.start_time_unix_nano,
            "{name}: {spans:#?}"
        );
        assert!(span.events.is_empty(), "{span:#?}");
    }
    for pair in ["queue", "transaction"]
        .into_iter()
        .chain(steps)
        .collect::<Vec<_>>()
        .windows(2)
    {
        let (first, second) = (named(&spans, pair[0]), named(&spans, pair[1]));
        assert!(
            first.start_time_unix_nano <= second.start_time_unix_nano,
            "{pair:?}: {spans:#?}"
        );
    }

    service.stop().unwrap();
    let everything = collector.everything();
    for secret in [SECRET, RICH_USD, "1.07", "password"] {
        assert!(!everything.contains(secret), "{secret} was sent");
    }
}

fn callers_who_share_a_transaction_keep_traces_of_their_own(store: &TestStore) {
    let collector = Collector::start();
    let service = traced(store, &collector.url());
    let traces: Vec<String> = thread::scope(|scope| {
        let caller = || {
            let (trace, _, header) = new_trace();
            assert_eq!(transfer(&service, Some(&header)).0["result"], "OK");
            trace
        };
        let callers: Vec<_> = (0..20).map(|_| scope.spawn(caller)).collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    let mut transactions = Vec::new();
    let mut linked = Vec::new();
    for trace in &traces {
        let has = |spans: &[Span], name: &str| spans.iter().any(|span| span.name == name);
        let spans = collector.trace(trace, |spans| {
            has(spans, REQUEST) && has(spans, "batch") && has(spans, "queue")
        });
        let batch = named(&spans, "batch");
        assert_eq!(batch.parent_span_id, named(&spans, REQUEST).span_id);
        match &batch.links[..] {
            [] => transactions.push(trace.clone()),
            [link] => linked.push((link.trace_id.clone(), link.span_id.clone())),
            more => panic!("{more:#?}"),
        }
    }
    let mut callers = 0;
    for trace in &transactions {
        let spans = collector.trace(trace, |spans| {
            spans.iter().any(|span| span.name == "transaction")
        });
        let transaction = named(&spans, "transaction");
        let place = (transaction.trace_id.clone(), transaction.span_id.clone());
        let others = linked.iter().filter(|link| **link == place).count();
        let count = &attributes(&transaction.attributes)["callers"];
        assert_eq!(*count, (others + 1).to_string(), "{transaction:#?}");
        callers += others + 1;
    }
    assert_eq!(callers, traces.len(), "a link leads nowhere");
    service.stop().unwrap();
}

#[test]
fn a_request_without_a_trace_gets_a_new_one_and_an_unsampled_one_sends_no_spans() {
    let (store, collector) = (TestStore::sqlite(), Collector::start());
    let service = traced(&store, &collector.url());
    let (unwanted, _, header) = new_trace();
    transfer(&service, Some(&header.replace("-01", "-00")));
    let (_, named_back) = transfer(&service, None);
    let named_back = named_back.unwrap();
    let parts: Vec<&str> = named_back.split('-').collect();
    let ["00", trace, _, "01"] = parts[..] else {
        panic!("{named_back}")
    };
    let spans = collector.trace(trace, |spans| spans.iter().any(|span| span.name == REQUEST));
    assert!(named(&spans, REQUEST).parent_span_id.is_empty());
    service.stop().unwrap();
    assert!(collector.spans_so_far(&unwanted).is_empty());
}

#[test]
fn the_last_spans_are_sent_when_the_service_stops() {
    let (store, collector) = (TestStore::sqlite(), Collector::start());
    demo::service(&store).stop().unwrap();
    let launch = Launch::on(&store).arg("--otlp").arg(collector.url());
    let service = launch
        .environment("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        .start()
        .unwrap();
    let (trace, _, header) = new_trace();
    transfer(&service, Some(&header));
    assert!(collector.spans_so_far(&trace).is_empty());
    service.stop().unwrap();
    named(&collector.spans_so_far(&trace), REQUEST);
}

#[test]
fn an_unreachable_collector_is_logged_once_and_fails_no_request() {
    let store = TestStore::sqlite();
    let mut service = traced(&store, "http://127.0.0.1:1");
    let warnings = |service: &Service| service.log().matches("traces are not accepted").count();
    let deadline = Instant::now() + Duration::from_secs(60);
    while warnings(&service) == 0 {
        assert!(Instant::now() < deadline, "{}", service.log());
        assert_eq!(transfer(&service, None).0["result"], "OK");
        thread::sleep(Duration::from_millis(20));
    }
    for _ in 0..5 {
        assert_eq!(transfer(&service, None).0["result"], "OK");
        thread::sleep(Duration::from_millis(60));
    }
    assert_eq!(warnings(&service), 1, "{}", service.log());
    service.signal(Signal::SIGTERM).unwrap();
    assert!(service.wait(Duration::from_secs(60)).unwrap().success());
}

#[test]
fn without_a_collector_there_are_no_traces() {
    let store = TestStore::sqlite();
    let service = demo::service(&store);
    let (_, _, header) = new_trace();
    let (answer, named_back) = transfer(&service, Some(&header));
    assert_eq!((answer["result"].as_str(), named_back), (Some("OK"), None));
    service.stop().unwrap();
}

#[test]
fn an_unusable_collector_address_is_refused() {
    let store = TestStore::sqlite();
    for url in [
        "https://collector:4318",
        "collector:4318",
        "http://user:word@collector",
    ] {
        let launch = Launch::on(&store).arg("--otlp").arg(url);
        let ended = launch.run_to_end(Duration::from_secs(20)).unwrap();
        assert!(!ended.status.success());
        assert!(ended.stderr.contains("--otlp"), "{}", ended.stderr);
    }
}
