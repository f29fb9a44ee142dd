//! The whole route table: the one place that knows all families of routes.

use actix_web::web::{self, ServiceConfig};

use super::docs;
use crate::classic;
use crate::observe::health;
use crate::observe::metrics;
use crate::v1;

/// Registers every route. A known path with another method is 405, an unknown path is 404.
pub(crate) fn configure(config: &mut ServiceConfig) {
    classic::routes::configure(config);
    docs::configure(config);
    health::configure(config);
    metrics::configure(config);
    config.service(web::scope("/v1").configure(v1::configure));
    config.default_service(web::to(classic::errors::not_found));
}
