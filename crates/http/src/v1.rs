//! The v1 API: resources, spoken as HTTP should be.
//!
//! A handler of a resource takes a [`call::Call`](protocol::call::Call) and gives a
//! [`Reply`] or a [`Problem`]. It reads the whole request before it does anything, and all that is
//! wrong with the request is one answer (`protocol/faults.rs`). What a client may rely on is in
//! `docs/API.md`.

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

/// The answer to methods that a path does not know.
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

/// Whether a path is one of this API, known or not.
pub(crate) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/v1");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The answer of a route outside this API that also answers errors as problems.
pub(crate) fn failed(error: ApiError, request: &HttpRequest) -> HttpResponse {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().map(|id| &id.0);
    Problem::from(error).into_response(id)
}

/// The answer of a handler that panicked.
pub(crate) fn broken(error: ApiError, request_id: &HeaderValue) -> HttpResponse {
    Problem::from(error).into_response(Some(request_id))
}
