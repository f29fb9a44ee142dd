//! Metrics: `GET /metrics` in the text format of Prometheus.
//!
//! Requests are counted here. What happens in the ports is counted by the code that connects them,
//! in the same [`Registry`], which this file only serves. Labels are bounded: routes are templates,
//! methods and codes come from lists. `docs/METRICS.md` explains all metrics.
//!
//! A counter is an atomic number, but looking one up by its labels takes a lock that all threads
//! share. So each worker remembers the counters that it has found ([`Counting`]) and finds them
//! again without a lock.

mod contract;
mod verifications;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TEXT_FORMAT, TextEncoder,
};

use crate::access::need::Need;
use crate::classic::errors;
use crate::request::error::ApiError;
use crate::state::app_state::AppState;
use crate::v1;
use crate::v1::protocol::codes;
use verifications::VerificationMetrics;

pub(crate) use contract::paths;

/// The bounds of the buckets of durations, in seconds: from the fastest request to the longest that
/// is allowed.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Metrics show how much money moves, so they need a key.
pub(crate) const NEED: Need = Need::READ;

/// How old a cached key may be while the database is away: metrics show what is wrong with it.
const AGE_MAX: Duration = Duration::from_secs(3600);

/// The metrics of requests; one for the process.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    /// By code; all exist from the start.
    refusals: HashMap<&'static str, IntCounter>,
    reads: IntGauge,
    verifications: VerificationMetrics,
}

impl Metrics {
    /// Adds the metrics of requests to a registry.
    ///
    /// # Errors
    /// If one of the names is taken.
    pub(crate) fn new(registry: Registry) -> prometheus::Result<Self> {
        let requests = Opts::new("wallet_http_requests_total", "Requests that were answered.");
        let requests = IntCounterVec::new(requests, &["method", "route", "status"])?;
        let help = "Time from the head of a request to the head of its answer.";
        let seconds = HistogramOpts::new("wallet_http_request_seconds", help);
        let seconds = HistogramVec::new(seconds.buckets(SECONDS.into()), &["method", "route"])?;
        let help = "Requests that were answered with an error, by its code.";
        let refusals =
            IntCounterVec::new(Opts::new("wallet_http_refusals_total", help), &["code"])?;
        let help = "Reads that run or wait for a thread.";
        let reads = IntGauge::new("wallet_http_reads", help)?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(refusals.clone()))?;
        registry.register(Box::new(reads.clone()))?;
        let verifications = VerificationMetrics::new(&registry)?;
        let codes = codes::all().into_iter().map(|code| code.code);
        let counted = |code| (code, refusals.with_label_values(&[code]));
        Ok(Self {
            registry,
            requests,
            seconds,
            refusals: codes.map(counted).collect(),
            reads,
            verifications,
        })
    }

    fn counters(&self, method: &'static str, route: &str, status: u16) -> Counted {
        let status = status.to_string();
        Counted {
            requests: self.requests.with_label_values(&[method, route, &status]),
            seconds: self.seconds.with_label_values(&[method, route]),
        }
    }
}

/// The counters of one worker; see the module's text.
pub(crate) struct Counting {
    metrics: Arc<Metrics>,
    /// By route, then by method and status; a route has few of them.
    found: RefCell<HashMap<String, Vec<Found>>>,
}

type Found = ((&'static str, u16), Counted);

struct Counted {
    requests: IntCounter,
    seconds: Histogram,
}

impl Counting {
    /// For a new worker.
    pub(crate) fn new(metrics: Arc<Metrics>) -> Rc<Self> {
        Rc::new(Self {
            metrics,
            found: RefCell::default(),
        })
    }

    /// The counters of the worker that serves a request.
    pub(crate) fn from_request(request: &ServiceRequest) -> Option<Rc<Self>> {
        request.app_data::<Rc<Self>>().cloned()
    }

    /// Counts an answer. An unknown path, or a request whose handler panicked, has no route.
    pub(crate) fn answered(
        &self,
        method: &'static str,
        route: Option<String>,
        status: u16,
        error: Option<&ApiError>,
        took: Duration,
    ) {
        let route = route.unwrap_or_else(|| "unknown".to_owned());
        let mut found = self.found.borrow_mut();
        if !found.contains_key(&route) {
            found.insert(route.clone(), Vec::new());
        }
        let of_route = found.get_mut(&route);
        if let Some(of_route) = of_route {
            let place = of_route
                .iter()
                .position(|(labels, _)| *labels == (method, status));
            let place = place.unwrap_or_else(|| {
                let counted = self.metrics.counters(method, &route, status);
                of_route.push(((method, status), counted));
                of_route.len() - 1
            });
            let (_, counted) = &of_route[place];
            counted.requests.inc();
            counted.seconds.observe(took.as_secs_f64());
        }
        if let Some(refused) =
            error.and_then(|error| self.metrics.refusals.get(codes::from_error(error)))
        {
            refused.inc();
        }
    }
}

/// Registers the route.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(
        web::resource("/metrics")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .default_service(web::to(errors::allow_get)),
    );
}

async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    metrics: web::Data<Metrics>,
) -> HttpResponse {
    let deadline = state.deadline();
    let admitted = state
        .authenticator
        .admit_with_stale_key(&request, NEED, deadline, AGE_MAX);
    if let Err(error) = admitted.await {
        return v1::failed(error, &request);
    }
    let reads = i64::try_from(state.reads_at_hand()).unwrap_or(i64::MAX);
    metrics.reads.set(reads);
    metrics.verifications.set(&state.verifications.facts());
    match TextEncoder::new().encode_to_string(&metrics.registry.gather()) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, TEXT_FORMAT))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text),
        Err(error) => {
            let defect = format!("the metrics cannot be written: {error}");
            v1::failed(ApiError::Defect(defect), &request)
        }
    }
}

/// A method as a label. Clients can make up methods, so those outside the list share one label.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
