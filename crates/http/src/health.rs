//! Whether the process lives, and whether it should get requests: what an orchestrator and a load balancer ask.
//!
//! `/healthz` says that the process answers, and nothing else: who restarts it because the database is away makes
//! things worse. `/readyz` says whether a request should be sent here now, and if not, why: the database does not answer,
//! its schema lacks what this program needs, or the process is about to stop and still serves while that gets around.

mod contract;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;
use tokio::time::Instant;
use wallet_domain::StoreError;

use crate::classic;
use crate::error::ApiError;
use crate::ports::Ports;

pub(crate) use contract::{paths, schemas};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How old an answer of the database may be, so that probes cost next to nothing, however many there are.
const AGE_MAX: Duration = Duration::from_secs(1);

/// What the process knows about itself.
#[derive(Default)]
pub(crate) struct Health {
    /// When the database was asked last, and what was wrong with it.
    database: Mutex<Option<(Instant, Option<Reason>)>>,
    /// Whether the schema has all that this program needs; nobody looks where this is not set.
    schema: OnceLock<SchemaCheck>,
    is_stopping: AtomicBool,
}

/// Looks whether the schema has all that this program needs. It may block.
pub(crate) type SchemaCheck = Box<dyn Fn() -> Result<bool, StoreError> + Send + Sync>;

/// Why no requests should be sent here, in the word of the API.
type Reason = &'static str;

impl Health {
    /// Looks at the schema, too, from now on.
    pub(crate) fn check_schema(&self, check: SchemaCheck) {
        // Whoever comes second has the same to say.
        let _ = self.schema.set(check);
    }

    /// Says from now on that no more requests should come.
    pub(crate) fn stops(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn schema_lacks_something(&self) -> Result<bool, StoreError> {
        let checked = self.schema.get().map(|check| check());
        Ok(!checked.transpose()?.unwrap_or(true))
    }
}

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
    let is_stopping = ports.health.is_stopping.load(Ordering::Relaxed);
    let mut reasons: Vec<Reason> = Vec::new();
    reasons.extend(is_stopping.then_some("stopping"));
    reasons.extend(wrong_with_database(&ports).await);
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

async fn wrong_with_database(ports: &web::Data<Ports>) -> Option<Reason> {
    let seen = || {
        let seen = ports.health.database.lock();
        seen.unwrap_or_else(PoisonError::into_inner)
    };
    let recent = seen().filter(|(at, _)| at.elapsed() < AGE_MAX);
    if let Some((_, wrong)) = recent {
        return wrong;
    }
    let shared = ports.clone();
    let asked = ports.look_up(Instant::now() + PATIENCE, move |queries| {
        queries.currencies()?;
        shared.health.schema_lacks_something()
    });
    let wrong = match asked.await {
        Ok(false) => None,
        Ok(true) => Some("schema"),
        // It has so much to do that nobody can ask: it works.
        Err(ApiError::TooManyReads) => return None,
        Err(_) => Some("database"),
    };
    *seen() = Some((Instant::now(), wrong));
    wrong
}
