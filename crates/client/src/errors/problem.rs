//! Problems: the answers to requests that were refused or failed (RFC 9457).

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::errors::code::ErrorCode;

/// The service's answer to a request that was refused or failed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// The reason, for programs.
    pub code: ErrorCode,
    /// The HTTP status.
    pub status: u16,
    /// The reason in this case, for people.
    #[serde(default)]
    pub detail: String,
    /// Each fault of a request that cannot be read.
    #[serde(default, rename = "errors")]
    pub faults: Vec<Fault>,
    /// The id of the request in the service's log.
    #[serde(default)]
    pub request_id: Option<String>,
    /// All other members, by name.
    /// [`BatchOutcome::from_problem`](crate::BatchOutcome::from_problem) reads those of a batch.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// One fault of a request, and where: one of `pointer`, `parameter` and `header`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// A place in the body, as a JSON pointer (RFC 6901): `/amount`.
    #[serde(default)]
    pub pointer: Option<String>,
    /// The name of a parameter of the query or the path.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The name of a header.
    #[serde(default)]
    pub header: Option<String>,
    /// What is wrong, for programs: `missing`, `invalid`, …
    pub code: String,
    /// What is wrong, for people.
    #[serde(default)]
    pub detail: String,
}

/// `insufficient_funds: the sender has less available than the amount`, then the faults.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        for fault in &self.faults {
            write!(f, "; {fault}")?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

/// `/amount: not a decimal`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = [&self.pointer, &self.parameter, &self.header];
        let place = places.into_iter().flatten().next();
        let place = place.filter(|place| !place.is_empty());
        write!(
            f,
            "{}: {}",
            place.map_or("the body", String::as_str),
            self.detail
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_has_its_code_its_faults_and_all_that_is_new() {
        let problem: Problem = serde_json::from_value(json!({
            "type": "/docs/errors#malformed_request", "title": "Malformed request", "status": 400,
            "code": "malformed_request", "detail": "2 faults", "request_id": "r-1", "hint": [1],
            "errors": [
                {"pointer": "/amount", "code": "missing", "detail": "it is missing"},
                {"parameter": "limit", "code": "invalid", "detail": "not a number", "new": 1},
            ],
        }))
        .unwrap();
        assert_eq!(problem.code, ErrorCode::MalformedRequest);
        assert_eq!(problem.faults[0].pointer.as_deref(), Some("/amount"));
        assert_eq!(problem.faults[1].parameter.as_deref(), Some("limit"));
        assert_eq!(problem.members["hint"], json!([1]));
        assert_eq!(
            problem.to_string(),
            "malformed_request: 2 faults; /amount: it is missing; limit: not a number \
             (request r-1)"
        );
    }

    #[test]
    fn a_code_that_is_not_known_yet_is_kept() {
        let problem = json!({"code": "moon_too_full", "status": 422});
        let problem: Problem = serde_json::from_value(problem).unwrap();
        assert_eq!(problem.code, ErrorCode::Other("moon_too_full".to_owned()));
        assert_eq!(problem.to_string(), "moon_too_full: ");
    }
}
