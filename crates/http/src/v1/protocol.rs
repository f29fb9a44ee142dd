//! How every call to v1 speaks: bodies, ids and replay, problems, lists, the OpenAPI document.

pub(crate) mod call;
pub(crate) mod codes;
pub(crate) mod draft;
pub(crate) mod faults;
pub(crate) mod fields;
pub(crate) mod idempotency;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod openapi;
pub(crate) mod operation;
pub(crate) mod params;
pub(crate) mod parse;
pub(crate) mod problem;
pub(crate) mod reply;
pub(crate) mod schema;
pub(crate) mod wire;
pub(crate) mod write;
