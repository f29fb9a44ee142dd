//! The one middleware: it gives a request its id, logs, counts and traces it, and catches panics.
//!
//! One layer does all of it because each layer costs every request. At level info and above, a
//! request that succeeded builds nothing for the log; at debug there is one line for each request.
//! A handler that failed leaves its [`ApiError`] in the response's extensions; it is logged here,
//! once, with the id.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpResponse, web};
use tracing::Instrument;

use crate::access::allowance::Left;
use crate::classic::{errors, routes};
use crate::observe::metrics::{self, Counting};
use crate::observe::trace::Trace;
use crate::request::body;
use crate::request::error::ApiError;
use crate::request::headers;
use crate::request::redacted::redacted;
use crate::request::request_id::{self, RequestId, X_REQUEST_ID};
use crate::state::app_state::AppState;
use crate::v1;

/// Wraps every request; see the module's text.
pub(crate) async fn watch(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, actix_web::Error> {
    let (begun, id) = (Instant::now(), request_id::from_headers(request.headers()));
    // All that is needed of the request is taken now: it must not be shared while it is served.
    // Cloning a path only counts a reference.
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let (peer, counting) = (request.peer_addr(), Counting::from_request(&request));
    let name = Name {
        id: &id,
        method: &method,
        path: redacted(uri.path()),
    };
    let label = metrics::method_label(&method);
    let trace = Trace::begin(&request, label, name.id());
    let count = |route: Option<String>, status: StatusCode, error: Option<&ApiError>| {
        let (status, code) = (status.as_u16(), error.map(ApiError::code));
        trace.answered(label, route.as_deref(), status, code);
        if let Some(counting) = &counting {
            counting.answered(label, route, status, error, begun.elapsed());
        }
    };
    let (is_v1, has_tls) = (v1::owns(uri.path()), request.app_config().secure());
    // The classic routes have no problems, so they do without it.
    if !routes::owns(uri.path()) {
        request.extensions_mut().insert(RequestId(id.clone()));
    }
    // The headers of every answer.
    let dress = |headers: &mut HeaderMap, left: Option<Left>| {
        trace.name_in(headers);
        headers.insert(X_REQUEST_ID, id.clone());
        headers::add_security_headers(headers, has_tls);
        if let Some(left) = left {
            left.write(headers);
        }
    };
    let unread = (!has_body(&method)).then(|| request.take_payload());

    let served = serve(request, next, &id).instrument(trace.span());
    let mut response = match catch_panic(served).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            count(None, error.as_response_error().status_code(), None);
            return Err(error);
        }
        Err(panic) => {
            let error = ApiError::Defect(format!("a handler panicked: {panic}"));
            error.log(name.id(), &name);
            count(None, StatusCode::INTERNAL_SERVER_ERROR, Some(&error));
            let mut response = broken(error, is_v1, &id);
            dress(response.headers_mut(), None);
            return Err(InternalError::from_response("a handler panicked", response).into());
        }
    };
    if let Some(unread) = unread {
        response = keep_unread(response, unread);
    }
    let left = response.request().extensions().get::<Left>().copied();
    dress(response.response_mut().headers_mut(), left);
    let extensions = response.response().extensions();
    let error = extensions.get::<ApiError>();
    if let Some(error) = error {
        error.log(name.id(), &name);
    }
    name.log(&response, error, begun, peer);
    count(response.request().match_pattern(), response.status(), error);
    drop(extensions);
    Ok(response)
}

async fn serve(
    request: ServiceRequest,
    next: Next<BoxBody>,
    id: &HeaderValue,
) -> Result<ServiceResponse, actix_web::Error> {
    match allowed(&request) {
        Ok(()) => next.call(request).await,
        Err(error) => Ok(refused(request, error, id)),
    }
}

/// Applies the guard of a service without keys, before any route is looked up.
fn allowed(request: &ServiceRequest) -> Result<(), ApiError> {
    let state = request.app_data::<web::Data<AppState>>();
    let guard = state.and_then(|state| state.guard.as_ref());
    guard.map_or(Ok(()), |guard| {
        guard.check(request.version(), request.uri(), request.headers())
    })
}

fn refused(request: ServiceRequest, error: ApiError, id: &HeaderValue) -> ServiceResponse {
    let (request, payload) = request.into_parts();
    let response = match routes::owns(request.path()) {
        true => errors::blocked(error),
        false => v1::broken(error, id),
    };
    ServiceResponse::new(request, body::hold(response, payload))
}

fn broken(error: ApiError, is_v1: bool, id: &HeaderValue) -> HttpResponse {
    match is_v1 {
        true => v1::broken(error, id),
        false => errors::broken(error),
    }
}

/// Methods whose handlers read the body; of all others it is held unread, see [`body::hold`].
fn has_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

fn keep_unread(response: ServiceResponse, unread: actix_web::dev::Payload) -> ServiceResponse {
    let (request, response) = response.into_parts();
    ServiceResponse::new(request, body::hold(response, unread))
}

/// The name of a request in the log: `POST /transfers/`.
struct Name<'a> {
    id: &'a HeaderValue,
    method: &'a Method,
    path: Cow<'a, str>,
}

impl Name<'_> {
    /// The line for one request at level debug.
    fn log(
        &self,
        response: &ServiceResponse,
        error: Option<&ApiError>,
        begun: Instant,
        peer: Option<SocketAddr>,
    ) {
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        tracing::debug!(
            request_id = self.id(),
            method = &*redacted(self.method.as_str()),
            path = &*self.path,
            route = response.request().match_pattern().as_deref(),
            status = response.status().as_u16(),
            code = error.map(ApiError::code),
            reason = error.map(tracing::field::display),
            duration_us = begun.elapsed().as_micros() as u64,
            peer = peer.map(tracing::field::display),
            "request"
        );
    }

    fn id(&self) -> &str {
        // Only visible ASCII gets into an id, see `request_id`.
        self.id.to_str().unwrap_or_default()
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", redacted(self.method.as_str()), self.path)
    }
}

/// Runs a future to its end; a panic inside becomes its message.
async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        // After a panic the future is dropped and never polled again, so its broken state is not
        // seen.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic_message(&*panic))),
        }
    })
    .await
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
