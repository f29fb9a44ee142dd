//! Whether the process lives, and whether it should get requests: what an orchestrator and a load balancer ask.
//!
//! `/healthz` says that the process answers, and nothing else: who restarts it because the database is away makes
//! things worse. `/readyz` says whether a request would be served now, and if not, why. A process that stops takes no more
//! connections, so there is nobody to tell of it.

mod contract;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;
use tokio::time::Instant;

use crate::classic;
use crate::error::ApiError;
use crate::ports::Ports;

pub(crate) use contract::{paths, schemas};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How old an answer of the database may be, so that probes cost next to nothing, however many there are.
const AGE_MAX: Duration = Duration::from_secs(1);

/// When the database was asked last, and whether it answered.
#[derive(Default)]
pub(crate) struct Health(Mutex<Option<(Instant, bool)>>);

/// Registers both routes.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(
        web::resource("/healthz")
            .route(web::get().to(alive))
            .route(web::head().to(alive))
            .default_service(web::to(classic::allow_get)),
    );
    config.service(
        web::resource("/readyz")
            .route(web::get().to(ready))
            .route(web::head().to(ready))
            .default_service(web::to(classic::allow_get)),
    );
}

async fn alive() -> HttpResponse {
    uncached(StatusCode::OK).json(json!({"status": "alive"}))
}

async fn ready(ports: web::Data<Ports>) -> HttpResponse {
    match database_answers(&ports).await {
        true => uncached(StatusCode::OK).json(json!({"status": "ready"})),
        false => uncached(StatusCode::SERVICE_UNAVAILABLE)
            .insert_header((RETRY_AFTER, "1"))
            .json(json!({"status": "not_ready", "reasons": ["database"]})),
    }
}

fn uncached(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    response
}

async fn database_answers(ports: &Ports) -> bool {
    let seen = || {
        ports
            .health
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    let recent = seen().filter(|(at, _)| at.elapsed() < AGE_MAX);
    if let Some((_, answers)) = recent {
        return answers;
    }
    let asked = ports.read(Instant::now() + PATIENCE, |queries| queries.currencies());
    let answers = match asked.await {
        Ok(_) => true,
        // It has so much to do that nobody can ask: it works.
        Err(ApiError::TooManyReads) => return true,
        Err(_) => false,
    };
    *seen() = Some((Instant::now(), answers));
    answers
}
