//! Traces: spans that are sent to a collector by OTLP, if `--otlp` names one.
//!
//! The other crates only make spans, with the target `trace`. This module exports them in the
//! background, 512 at a time or every five seconds. If the collector is unreachable or slow, spans
//! are dropped; no request waits for it. The variables that OpenTelemetry defines for all programs
//! are honoured: those for sampling (`OTEL_TRACES_SAMPLER`), for the sender (`OTEL_BSP_…`,
//! `OTEL_EXPORTER_OTLP_HEADERS`) and for the description of the process (`OTEL_SERVICE_NAME`,
//! `OTEL_RESOURCE_ATTRIBUTES`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_http::{Bytes, HttpClient, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::build_facts;
use crate::settings::Collector;

/// What all spans of a trace are made under.
const TARGET: &str = "trace";

/// How long the collector may take to accept spans.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the last spans may take when the process ends.
const LAST_PATIENCE: Duration = Duration::from_secs(1);

/// The most of a collector's answer that is read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Where spans go.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send spans.
    ///
    /// # Errors
    /// If a variable of OpenTelemetry makes no sense.
    pub(crate) fn start(collector: &Collector) -> Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender::new())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(collector.url())
            .build()
            .context("traces cannot be sent with --otlp and the variables OTEL_*")?;
        let resource = Resource::builder()
            .with_attribute(KeyValue::new("service.version", build_facts::VERSION));
        let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
            Some(_) => resource,
            None => resource.with_service_name("wallet-api"),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Self(provider))
    }

    /// What hears of spans, and of nothing else: lines of the log are not part of a trace.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("wallet-api"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO))
    }

    /// Sends what has not been sent, for a second at most.
    pub(crate) fn end(&self) {
        // Why it cannot be sent was told by the sender; the books do not depend on it.
        let _ = self.0.shutdown_with_timeout(LAST_PATIENCE);
    }
}

/// Sends spans over HTTP, on the thread that gathers them, which may wait.
#[derive(Debug)]
struct Sender {
    agent: ureq::Agent,
    /// Said once for each time that it begins, and not for every five seconds of it.
    is_failing: AtomicBool,
}

impl Sender {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .proxy(None);
        Self {
            agent: config.build().new_agent(),
            is_failing: AtomicBool::new(false),
        }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, body.to_vec());
        let (head, mut body) = self.agent.run(request)?.into_parts();
        let body = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }

    fn tell(&self, problem: Option<String>) {
        let was_failing = self.is_failing.swap(problem.is_some(), Ordering::Relaxed);
        match problem {
            Some(problem) if !was_failing => tracing::warn!(
                "traces are not accepted and are thrown away: {problem}; check that the collector \
                 of --otlp runs and takes OTLP over HTTP with protobuf. Requests are not affected"
            ),
            None if was_failing => tracing::info!("traces are accepted again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, opentelemetry_http::HttpError> {
        let answered = self.send(request);
        self.tell(match &answered {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("the collector answered {}", answer.status())),
            Err(error) => Some(error.to_string()),
        });
        Ok(answered?)
    }
}
