//! The one middleware: it gives a request its id, logs and counts it, and catches what panics.
//!
//! One layer does it all because each layer costs every request. At level info and above nothing is
//! built for the log of a request that went well: one line per request is written at debug. A handler
//! that failed leaves its [`ApiError`] in the response's extensions; it is told here, with the id,
//! once.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use actix_web::HttpMessage as _;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;

use crate::access::Left;
use crate::body;
use crate::classic;
use crate::error::ApiError;
use crate::headers;
use crate::metrics::Counting;
use crate::request_id::{self, RequestId, X_REQUEST_ID};
use crate::v1;

/// Wraps every request; see the module's text.
pub(crate) async fn watch(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, actix_web::Error> {
    let begun = Instant::now();
    let id = request_id::of(request.headers());
    // All that is needed of the request is taken now: it must not be shared while it is served. A
    // clone of a path is a counted reference.
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let peer = request.peer_addr();
    let name = Name {
        id: &id,
        method: &method,
        path: shown(uri.path()),
    };
    let counting = Counting::of(&request);
    let count = |route, status: StatusCode, error: Option<&ApiError>| {
        if let Some(counting) = &counting {
            counting.answered(&method, route, status.as_u16(), error, begun.elapsed());
        }
    };
    let is_v1 = v1::owns(uri.path());
    let has_tls = request.app_config().secure();
    if is_v1 {
        request.extensions_mut().insert(RequestId(id.clone()));
    }
    let unread = (!has_body(&method)).then(|| request.take_payload());

    let mut response = match catch_panic(async { next.call(request).await }).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            count(None, error.as_response_error().status_code(), None);
            return Err(error);
        }
        Err(panic) => {
            let error = ApiError::Defect(format!("a handler panicked: {panic}"));
            error.log(name.id(), &name);
            count(None, StatusCode::INTERNAL_SERVER_ERROR, Some(&error));
            let mut response = match is_v1 {
                true => v1::broken(error, &id),
                false => classic::broken(error),
            };
            response.headers_mut().insert(X_REQUEST_ID, id);
            return Err(InternalError::from_response("a handler panicked", response).into());
        }
    };
    if let Some(unread) = unread {
        response = hold_unread(response, unread);
    }
    let answer = response.response_mut();
    answer.headers_mut().insert(X_REQUEST_ID, id.clone());
    headers::harden(answer.headers_mut(), has_tls);
    let left = response.request().extensions().get::<Left>().copied();
    if let Some(left) = left {
        left.tell(response.response_mut().headers_mut());
    }
    let extensions = response.response().extensions();
    let error = extensions.get::<ApiError>();
    if let Some(error) = error {
        error.log(name.id(), &name);
    }
    let route = response.request().match_pattern();
    if tracing::enabled!(tracing::Level::DEBUG) {
        tracing::debug!(
            request_id = name.id(),
            method = &*shown(method.as_str()),
            path = &*name.path,
            route = route.as_deref(),
            status = response.status().as_u16(),
            code = error.map(ApiError::code),
            reason = error.map(tracing::field::display),
            duration_us = begun.elapsed().as_micros() as u64,
            peer = peer.map(tracing::field::display),
            "request"
        );
    }
    count(route, response.status(), error);
    drop(extensions);
    Ok(response)
}

/// Methods whose handlers read the body; of all others it is held unread, see [`body::hold`].
fn has_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

fn hold_unread(response: ServiceResponse, unread: actix_web::dev::Payload) -> ServiceResponse {
    let (request, response) = response.into_parts();
    ServiceResponse::new(request, body::hold(response, unread))
}

/// The longest piece of a path, and the longest name, that is repeated.
const PIECE_LEN_MAX: usize = 64;

/// A path or a name for the log and for problems. What is longer than anything of ours is not repeated: it may be a
/// token that somebody put into the wrong place.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let is_usual = |piece: &str| piece.len() <= PIECE_LEN_MAX;
    if text.split('/').all(is_usual) {
        return Cow::Borrowed(text);
    }
    let pieces = text.split('/').map(|piece| match is_usual(piece) {
        true => Cow::Borrowed(piece),
        false => Cow::Owned(format!("({} bytes)", piece.len())),
    });
    Cow::Owned(pieces.collect::<Vec<_>>().join("/"))
}

/// How a request is called in the log: `POST /transfers/`.
struct Name<'a> {
    id: &'a HeaderValue,
    method: &'a Method,
    path: Cow<'a, str>,
}

impl Name<'_> {
    fn id(&self) -> &str {
        // Only visible ASCII gets into an id, see `request_id`.
        self.id.to_str().unwrap_or_default()
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", shown(self.method.as_str()), self.path)
    }
}

/// Runs a future to its end; a panic inside becomes its message.
async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        // After a panic the future is dropped and never polled again, so nobody sees it half done.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(message_of(&*panic))),
        }
    })
    .await
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
