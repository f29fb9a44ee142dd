//! The table of the three routes, and the answers to other paths and methods next to them.

use actix_web::Route;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::errors::{allow_get, allow_post};
use super::{accounts, transfers};
use crate::access::need::Need;

/// One of the three routes.
pub(crate) struct ClassicRoute {
    pub(crate) method: Method,
    /// With its slash at the end, which is optional.
    pub(crate) path: &'static str,
    /// What its caller must be allowed to.
    pub(crate) need: Need,
    route: fn(Need) -> Route,
}

/// The three routes.
pub(crate) const ROUTES: [ClassicRoute; 3] = [
    ClassicRoute {
        method: Method::POST,
        path: "/transfers/",
        need: Need::TRANSFER_OWN,
        route: transfers::route,
    },
    ClassicRoute {
        method: Method::GET,
        path: "/accounts/",
        need: Need::READ_OWN,
        route: accounts::route,
    },
    ClassicRoute {
        method: Method::GET,
        path: "/accounts/{id}/transfers/",
        need: Need::READ_OWN,
        route: accounts::route_of_transfers,
    },
];

/// Registers the three routes.
pub(crate) fn configure(config: &mut ServiceConfig) {
    for ClassicRoute {
        method,
        path,
        need,
        route,
    } in ROUTES
    {
        // Two resources with plain paths are compared as strings; one with two patterns would run
        // regular expressions for every request.
        for path in [path, path.trim_end_matches('/')] {
            let resource = web::resource(path);
            config.service(match method == Method::POST {
                true => resource
                    .route(route(need).method(Method::POST))
                    .default_service(web::to(allow_post)),
                false => resource
                    .route(route(need).method(Method::GET))
                    .route(route(need).method(Method::HEAD))
                    .default_service(web::to(allow_get)),
            });
        }
    }
}

/// Whether a path is one of the three routes, with any method.
pub(crate) fn owns(path: &str) -> bool {
    let mut pieces = path.trim_matches('/').split('/');
    matches!(pieces.next(), Some("transfers" | "accounts"))
}
