//! The health routes: whether the process is alive and ready, for orchestrators and load balancers.
//!
//! `/healthz` says only that the process answers: restarting it because the database is away makes
//! things worse. `/readyz` says whether requests should be sent to this process now, and if not,
//! why: the database does not answer, its schema lacks something that this program needs, or the
//! process is stopping and serves on until load balancers have noticed.

mod contract;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;
use tokio::time::Instant;

use crate::classic::errors;
use crate::request::error::ApiError;
use crate::state::app_state::AppState;
use crate::state::health::Reason;

pub(crate) use contract::described;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Registers both routes.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(
        web::resource("/healthz")
            .route(web::get().to(alive))
            .route(web::head().to(alive))
            .default_service(web::to(errors::allow_get)),
    );
    config.service(
        web::resource("/readyz")
            .route(web::get().to(ready))
            .route(web::head().to(ready))
            .default_service(web::to(errors::allow_get)),
    );
}

async fn alive() -> HttpResponse {
    uncached(StatusCode::OK).json(json!({"status": "alive"}))
}

async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let is_stopping = state.health.is_stopping();
    let mut reasons: Vec<Reason> = Vec::new();
    reasons.extend(is_stopping.then_some("stopping"));
    reasons.extend(wrong_with_database(&state).await);
    if reasons.is_empty() {
        return uncached(StatusCode::OK).json(json!({"status": "ready"}));
    }
    uncached(StatusCode::SERVICE_UNAVAILABLE)
        .insert_header((RETRY_AFTER, "1"))
        .json(json!({"status": "not_ready", "reasons": reasons}))
}

fn uncached(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    response
}

async fn wrong_with_database(state: &web::Data<AppState>) -> Option<Reason> {
    if let Some(wrong) = state.health.recently_wrong() {
        return wrong;
    }
    let shared = state.clone();
    let asked = state.look_up(Instant::now() + PATIENCE, move |queries| {
        queries.currencies()?;
        shared.health.schema_lacks_something()
    });
    let wrong = match asked.await {
        Ok(false) => None,
        Ok(true) => Some("schema"),
        // The limit of reads is reached, so the database works.
        Err(ApiError::TooManyReads) => return None,
        Err(_) => Some("database"),
    };
    state.health.remember(wrong);
    wrong
}
