//! A minimal collector of traces: it accepts OTLP over HTTP and keeps everything.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// Spans arrive within a tenth of a second, if at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The received bodies; shared with the receiving threads.
#[derive(Clone, Default)]
struct Received {
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// A collector that runs until the test ends.
pub(super) struct Collector {
    address: SocketAddr,
    received: Received,
}

impl Collector {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Received::default();
        let kept = received.clone();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let kept = kept.clone();
                thread::spawn(move || kept.serve(connection.unwrap()));
            }
        });
        Self { address, received }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The spans of a trace, once `is_whole` says that all are there.
    pub(super) fn trace(&self, id: &str, is_whole: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let spans = self.spans_so_far(id);
            if is_whole(&spans) {
                return spans;
            }
            assert!(
                Instant::now() < deadline,
                "the trace {id} is not whole: {spans:#?}"
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The spans of a trace that have arrived.
    pub(super) fn spans_so_far(&self, id: &str) -> Vec<Span> {
        let requests = self.received.requests().clone();
        let spans = requests.iter().flat_map(|body| spans_of(body));
        spans.filter(|span| hex(&span.trace_id) == id).collect()
    }

    /// All received bytes, as lossy text.
    pub(super) fn everything(&self) -> String {
        let requests = self.received.requests().concat();
        String::from_utf8_lossy(&requests).into_owned()
    }
}

impl Received {
    fn requests(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.requests.lock().unwrap()
    }

    /// Takes request after request, until the other side closes.
    fn serve(&self, connection: TcpStream) {
        let mut reader = BufReader::new(connection);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                // A broken connection sends nothing more.
                if !matches!(reader.read_line(&mut head), Ok(length) if length > 0) {
                    return;
                }
            }
            let head = head.to_lowercase();
            assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
            assert!(
                head.contains("content-type: application/x-protobuf\r\n"),
                "{head}"
            );
            let (_, length) = head.split_once("content-length: ").unwrap();
            let length = length.lines().next().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            self.requests().push(body);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\n\
                content-length: 0\r\n\r\n";
            reader.get_mut().write_all(answer).unwrap();
        }
    }
}

fn spans_of(body: &[u8]) -> Vec<Span> {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let mut spans = Vec::new();
    for resource in request.resource_spans {
        let about = attributes(&resource.resource.unwrap().attributes);
        assert_eq!(about["service.name"], "wallet-api");
        assert_eq!(about["service.version"], env!("CARGO_PKG_VERSION"));
        let scopes = resource.scope_spans.into_iter();
        spans.extend(scopes.flat_map(|scope| scope.spans));
    }
    spans
}

/// Attributes by name, as text.
pub(super) fn attributes(
    attributes: &[opentelemetry_proto::tonic::common::v1::KeyValue],
) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let pair = |attribute: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        let value = attribute
            .value
            .as_ref()
            .and_then(|value| value.value.as_ref());
        (attribute.key.clone(), value.map(text).unwrap_or_default())
    };
    attributes.iter().map(pair).collect()
}

/// An id as it is written in headers.
pub(super) fn hex(id: &[u8]) -> String {
    HEXLOWER.encode(id)
}
