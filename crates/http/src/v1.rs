//! The v1 API: resources, spoken as HTTP should be.
//!
//! One file for each resource (`accounts.rs`, `transfers.rs`, …) takes a [`call::Call`] and gives a
//! [`reply::Reply`] or a [`problem::Problem`]. What is read of a request is read in full before anything is
//! done, and all that is wrong with it is one answer (`faults.rs`). What a client is to rely on is in
//! `docs/API.md`.

mod accounts;
mod batches;
mod call;
mod currencies;
mod faults;
mod fields;
mod history;
mod idempotency;
mod json;
mod lists;
mod params;
mod parse;
mod problem;
mod reply;
mod transfers;
mod wire;

use actix_web::http::header::HeaderValue;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource};

use call::{Call, to};
use problem::Problem;
use reply::Reply;

use crate::error::ApiError;

/// Registers every route below `/v1`.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(collection(
            "/currencies",
            currencies::list,
            currencies::create,
        ))
        .service(get_only("/currencies/{code}", currencies::get))
        .service(collection("/accounts", accounts::list, accounts::create))
        .service(
            web::resource("/accounts/{id}")
                .route(to(web::get(), accounts::get))
                .route(to(web::head(), accounts::get))
                .route(to(web::patch(), accounts::change))
                .default_service(allow("GET, HEAD, PATCH")),
        )
        .service(get_only("/accounts/{id}/parts", history::parts))
        .service(get_only("/accounts/{id}/balance", history::balance))
        .service(collection("/transfers", transfers::list, transfers::create))
        .service(post_only("/deposits", transfers::deposit))
        .service(post_only("/withdrawals", transfers::withdraw))
        .service(post_only("/transfers/{id}/reversals", transfers::reverse))
        .service(get_only("/transfers/{id}", transfers::get))
        .service(post_only("/batches", batches::create))
        .default_service(to(web::route(), not_found));
}

fn collection<L, C>(path: &str, list: L, create: C) -> Resource
where
    L: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    C: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
{
    web::resource(path)
        .route(to(web::get(), list.clone()))
        .route(to(web::head(), list))
        .route(to(web::post(), create))
        .default_service(allow("GET, HEAD, POST"))
}

fn get_only<F>(path: &str, handler: F) -> Resource
where
    F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
{
    web::resource(path)
        .route(to(web::get(), handler.clone()))
        .route(to(web::head(), handler))
        .default_service(allow("GET, HEAD"))
}

fn post_only<F>(path: &str, handler: F) -> Resource
where
    F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
{
    web::resource(path)
        .route(to(web::post(), handler))
        .default_service(allow("POST"))
}

/// The answer to methods that a path does not know.
fn allow(methods: &'static str) -> actix_web::Route {
    to(web::route(), async move |_: &mut Call| {
        Err(Problem::method_not_allowed(methods))
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

/// The answer of a handler that panicked.
pub(crate) fn broken(error: ApiError, request_id: &HeaderValue) -> HttpResponse {
    Problem::from(error).into_response(Some(request_id))
}
