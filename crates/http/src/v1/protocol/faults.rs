//! Faults: everything that is wrong with a request, collected for one problem.

use std::fmt;

use super::object::reply;
use super::show::OmitNone;

/// How many faults a problem lists. The rest is only counted.
const LISTED_MAX: usize = 100;

reply! {
    /// A fault of the request, and where it is: one of `pointer`, `parameter` and `header`.
    pub(crate) struct FaultReply {
        /// The place in the body, as a JSON pointer (RFC 6901).
        pointer: OmitNone<String>,
        /// The name of a parameter of the query or the path.
        parameter: OmitNone<String>,
        /// The name of a header.
        header: OmitNone<String>,
        code: &'static str,
        detail: String,
    }
}

/// `/amount: not a decimal`
impl fmt::Display for FaultReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = [&self.pointer, &self.parameter, &self.header];
        let place = places.into_iter().find_map(|place| place.0.as_deref());
        let place = place.filter(|place| !place.is_empty());
        write!(f, "{}: {}", place.unwrap_or("the body"), self.detail)
    }
}

/// A place in a request.
pub(crate) enum Place {
    /// In the body, as a JSON pointer (RFC 6901).
    Body(String),
    /// In the query or in the path: the parameter's name.
    Parameter(String),
    /// The header's name.
    Header(&'static str),
}

/// The faults of one request, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) listed: Vec<FaultReply>,
    pub(crate) count: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, place: Place, code: &'static str, detail: impl Into<String>) {
        self.count += 1;
        if self.listed.len() == LISTED_MAX {
            return;
        }
        let (mut pointer, mut parameter, mut header) = (None, None, None);
        match place {
            Place::Body(place) => pointer = Some(place),
            Place::Parameter(name) => parameter = Some(name),
            Place::Header(name) => header = Some(name.to_owned()),
        }
        self.listed.push(FaultReply {
            pointer: OmitNone(pointer),
            parameter: OmitNone(parameter),
            header: OmitNone(header),
            code,
            detail: detail.into(),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }
}
