//! The span of a request, as part of the caller's trace.
//!
//! An incoming `traceparent` (W3C Trace Context) makes the request part of the caller's trace, and
//! the answer's `traceparent` names the request. The process sets the propagator that reads and
//! writes it. Without a subscriber for spans no span is made, and a request pays for one
//! comparison.
//!
//! A span has the route, the status, the code of an error, and the request's id, which finds it in
//! the log. It has no headers, bodies or paths: a path names accounts.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::global;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Routes that machines poll every few seconds; traces of them are useless.
const UNTRACED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The span of a request, or none.
pub(crate) struct Trace(Span);

impl Trace {
    /// Begins a span for a request, below the caller's if it names one.
    pub(crate) fn begin(request: &ServiceRequest, method: &'static str, id: &str) -> Self {
        if UNTRACED.contains(&request.path()) {
            return Self(Span::none());
        }
        let span = tracing::info_span!(
            target: "trace",
            "request",
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = Empty,
            http.response.status_code = Empty,
            "error.type" = Empty,
            request_id = id,
        );
        if span.is_disabled() {
            return Self(Span::none());
        }
        let headers = Incoming(request.headers());
        let parent = global::get_text_map_propagator(|known| known.extract(&headers));
        // It cannot fail: the span was just made, and this layer is its subscriber.
        let _ = span.set_parent(parent);
        Self(span)
    }

    /// The span that the work for the request runs in.
    pub(crate) fn span(&self) -> Span {
        self.0.clone()
    }

    /// Records how the request was answered, and with which code if it was refused.
    pub(crate) fn answered(
        &self,
        method: &str,
        route: Option<&str>,
        status: u16,
        code: Option<&str>,
    ) {
        if self.0.is_disabled() {
            return;
        }
        let mut name = method.to_owned();
        if let Some(route) = route {
            self.0.record("http.route", route);
            name = format!("{method} {route}");
        }
        // The route is known only now, and a field cannot rename a span that has begun.
        self.0.context().span().update_name(name);
        self.0.record("http.response.status_code", status);
        if let Some(code) = code {
            self.0.record("error.type", code);
        }
        // The classic routes always answer 200, so the code counts as well.
        if status >= 500
            || matches!(
                code,
                Some("internal_error" | "service_unavailable" | "outcome_unknown")
            )
        {
            self.0.record("otel.status_code", "ERROR");
        }
    }

    /// Adds the span to the headers of an answer (`traceparent`).
    pub(crate) fn name_in(&self, headers: &mut HeaderMap) {
        if !self.0.is_disabled() {
            let context = self.0.context();
            let mut headers = Outgoing(headers);
            global::get_text_map_propagator(|known| known.inject_context(&context, &mut headers));
        }
    }
}

struct Incoming<'a>(&'a HeaderMap);

impl Extractor for Incoming<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct Outgoing<'a>(&'a mut HeaderMap);

impl Injector for Outgoing<'_> {
    fn set(&mut self, key: &str, value: String) {
        // A state that the caller sent is returned unchanged; an empty one says nothing.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value))
            && !value.is_empty()
        {
            self.0.insert(name, value);
        }
    }
}
