//! The v1 API: resources, spoken as HTTP should be.
//!
//! One file for each resource (`accounts.rs`, `transfers.rs`, …) takes a [`call::Call`] and gives a
//! [`reply::Reply`] or a [`problem::Problem`]. What is read of a request is read in full before anything is
//! done, and all that is wrong with it is one answer (`faults.rs`). What a client is to rely on is in
//! `docs/API.md`.

mod accounts;
mod batches;
mod call;
mod codes;
mod currencies;
mod draft;
mod exchange;
mod faults;
mod fields;
mod history;
mod holds;
mod idempotency;
mod json;
mod lists;
mod openapi;
mod operation;
mod params;
mod parse;
mod problem;
mod reply;
mod rules;
mod schema;
mod statements;
mod transfers;
mod verifications;
mod wire;
mod write;

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, Resource, Route};
use serde_json::Value;

use call::{Call, to};
use operation::Operation;
use problem::Problem;
use reply::Reply;

use crate::error::ApiError;
use crate::request_id::RequestId;

pub use batches::{BatchItemError, batch_item};
pub(crate) use codes::{Code, all as codes};
pub(crate) use openapi::needs;

/// Everything that can be asked for.
fn operations() -> Vec<Operation> {
    let resources = [
        currencies::operations(),
        accounts::operations(),
        history::operations(),
        statements::operations(),
        transfers::operations(),
        holds::operations(),
        rules::operations(),
        exchange::operations(),
        batches::operations(),
        verifications::operations(),
    ];
    resources.into_iter().flatten().collect()
}

/// The OpenAPI document of [`operations`].
pub(crate) fn openapi() -> Value {
    let schemas = [
        currencies::schemas(),
        accounts::schemas(),
        history::schemas(),
        statements::schemas(),
        transfers::schemas(),
        holds::schemas(),
        rules::schemas(),
        exchange::schemas(),
        batches::schemas(),
        verifications::schemas(),
    ];
    openapi::document(&operations(), schemas.concat())
}

/// Registers every route below `/v1`: those of [`operations`]. A known path with another method is 405.
pub(crate) fn configure(config: &mut ServiceConfig) {
    let mut paths: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    for operation in operations() {
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

/// The answer of a route beside this API that words its errors as problems, too.
pub(crate) fn failed(error: ApiError, request: &HttpRequest) -> HttpResponse {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().map(|id| &id.0);
    Problem::from(error).into_response(id)
}

/// The answer of a handler that panicked.
pub(crate) fn broken(error: ApiError, request_id: &HeaderValue) -> HttpResponse {
    Problem::from(error).into_response(Some(request_id))
}
