//! Bodies and answers of an operation.

use actix_web::http::StatusCode;
use serde_json::Value;

use crate::v1::protocol::describe::Schemas;

/// The schema of a type; see [`Describe`](crate::v1::protocol::describe::Describe).
pub(crate) type Described = Box<dyn Fn(&mut Schemas) -> Value>;

/// A body of JSON.
pub(crate) struct Body {
    pub(crate) schema: Described,
    pub(crate) is_required: bool,
}

/// A successful answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) media: Vec<(&'static str, Described)>,
    pub(crate) headers: Vec<&'static str>,
}
