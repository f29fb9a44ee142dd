//! The whole route table.

use actix_web::web::{self, ServiceConfig};

use crate::classic::{self, accounts, transfers};
use crate::docs;
use crate::health;
use crate::metrics;
use crate::v1;

/// Registers every route. A known path with another method is 405, an unknown path is 404.
pub(crate) fn configure(config: &mut ServiceConfig) {
    // The trailing slash is optional. Two resources with plain paths are compared as strings; one
    // with two patterns would run regular expressions for every request.
    for path in ["/transfers/", "/transfers"] {
        config.service(
            web::resource(path)
                .route(web::post().to(transfers::create))
                .default_service(web::to(classic::allow_post)),
        );
    }
    for path in ["/accounts/", "/accounts"] {
        config.service(
            web::resource(path)
                .route(web::get().to(accounts::list))
                .route(web::head().to(accounts::list))
                .default_service(web::to(classic::allow_get)),
        );
    }
    for path in ["/accounts/{id}/transfers/", "/accounts/{id}/transfers"] {
        config.service(
            web::resource(path)
                .route(web::get().to(accounts::transfers))
                .route(web::head().to(accounts::transfers))
                .default_service(web::to(classic::allow_get)),
        );
    }
    docs::configure(config);
    health::configure(config);
    metrics::configure(config);
    config.service(web::scope("/v1").configure(v1::configure));
    config.default_service(web::to(classic::not_found));
}
