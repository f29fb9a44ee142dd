//! The classic routes as OpenAPI, including that the status is always 200. They are frozen, so
//! their description is a file; who may send a request is what the routes say.

use serde_json::Value;

use super::routes::ROUTES;

/// The paths and the bodies, by name.
pub(crate) fn described() -> Value {
    // A test reads it.
    let described = serde_json::from_str(include_str!("../../assets/classic.json"));
    let mut described: Value = described.unwrap_or_default();
    for route in ROUTES {
        let method = route.method.as_str().to_ascii_lowercase();
        let operation = &mut described["paths"][route.path][method];
        operation["security"] = route.need.security();
        operation["x-needs"] = route.need.to_json();
    }
    described
}
