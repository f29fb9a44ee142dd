//! What an operation takes and answers: parameters, bodies, answers.

use actix_web::http::StatusCode;
use serde_json::Value;

/// A parameter of a request.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) schema: Value,
    pub(crate) description: &'static str,
    /// A value that works with the demo accounts.
    pub(crate) example: Option<&'static str>,
}

/// Where a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    /// Its text in OpenAPI.
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
    /// An example that works with the demo accounts.
    pub(crate) example: Value,
    pub(crate) is_required: bool,
}

/// A successful answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) media: Vec<(&'static str, Value)>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
}
