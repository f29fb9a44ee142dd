//! What an operation takes and answers: parameters, bodies, answers.

use actix_web::http::StatusCode;
use serde_json::Value;

/// Something beside the body that a request brings.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) schema: Value,
    pub(crate) description: &'static str,
    /// A value that works against the demo accounts.
    pub(crate) example: Option<&'static str>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    /// The word for it in OpenAPI.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A body of JSON.
pub(crate) struct Body {
    /// The name of its schema.
    pub(crate) schema: &'static str,
    /// One that works against the demo accounts.
    pub(crate) example: Value,
    pub(crate) is_required: bool,
}

/// An answer that is no problem.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) media: Vec<(&'static str, Value)>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
}
