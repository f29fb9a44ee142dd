//! The v1 API: routes, and the answers that no resource gives.
//!
//! A handler takes a [`call::Call`](protocol::call::Call) and returns a [`Reply`] or a [`Problem`].
//! It parses the whole request before it has any effect, so that one problem lists all faults of
//! the request (`protocol/faults.rs`). `docs/API.md` describes what clients can rely on.

pub(crate) mod protocol;
pub(crate) mod resources;

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, Resource, Route};
use serde_json::Value;

use crate::request::error::ApiError;
use crate::request::request_id::RequestId;
use protocol::call::{Call, to};
use protocol::openapi;
use protocol::operation::Operation;
use protocol::problem::Problem;
use protocol::reply::Reply;

/// The OpenAPI document of all operations.
pub(crate) fn openapi() -> Value {
    openapi::document(&resources::operations())
}

/// Registers every route below `/v1`. A known path with another method is 405.
pub(crate) fn configure(config: &mut ServiceConfig) {
    let mut paths: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    for operation in resources::operations() {
        paths.entry(operation.path).or_default().push(operation);
    }
    for (path, operations) in paths {
        let routes = operations.iter().flat_map(Operation::routes);
        let resource = routes.fold(web::resource(path), Resource::route);
        config.service(resource.default_service(allow(&operations)));
    }
    config.default_service(to(web::route(), None, not_found));
}

/// The route for the methods that a path does not support: `405` with the methods that it supports.
fn allow(operations: &[Operation]) -> Route {
    let methods = operations.iter().map(|operation| match operation.method {
        Method::GET => "GET, HEAD",
        Method::POST => "POST",
        _ => "PATCH",
    });
    let methods = methods.collect::<Vec<_>>().join(", ");
    to(web::route(), None, async move |_: &mut Call| {
        Err(Problem::method_not_allowed(&methods))
    })
}

async fn not_found(_: &mut Call) -> Result<Reply, Problem> {
    Err(ApiError::NotFound.into())
}

/// Whether a path belongs to this API, even if it has no such route.
pub(crate) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/v1");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The problem for an error of a route outside this API, for example `/metrics`.
pub(crate) fn failed(error: ApiError, request: &HttpRequest) -> HttpResponse {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().map(|id| &id.0);
    Problem::from(error).into_response(id)
}

/// The problem for a handler that panicked.
pub(crate) fn broken(error: ApiError, request_id: &HeaderValue) -> HttpResponse {
    Problem::from(error).into_response(Some(request_id))
}
