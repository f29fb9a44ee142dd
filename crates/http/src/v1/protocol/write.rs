//! The options of a write: what all writes take in addition to their bodies.

use std::time::Duration;

use actix_web::HttpRequest;
use uuid::Uuid;
use wallet_domain::{Actor, Amount, Precision, QUOTE_VALID_MICROS_MAX, Replay, Terms};

use super::faults::Faults;
use super::idempotency;
use super::object::request;
use super::read::{Fields, Object as _};

request! {
    /// The query of every write.
    pub(crate) struct WriteParams {
        /// `true`: check all rules and return the same response, but change nothing.
        dry_run: Option<bool>,
    }
}

/// The options of a write, from the query and the headers.
pub(crate) struct Write {
    /// Whether to decide only, and change nothing.
    pub(crate) dry_run: bool,
    /// What happens to digits beyond the currency's precision.
    pub(crate) precision: Precision,
    /// The id that the request's idempotency key derives.
    pub(crate) key: Option<Uuid>,
    /// The longest validity of a quote, in microseconds.
    pub(crate) quote_micros_max: i64,
}

impl Write {
    /// Parses the options from the query and the headers. `route` is the path, with ids in lower
    /// case. The operator sets `quote_valid_max`.
    pub(crate) fn from_request(
        request: &HttpRequest,
        caller: Option<&Actor>,
        route: &str,
        quote_valid_max: Duration,
        faults: &mut Faults,
    ) -> Self {
        let key = idempotency::header_key(request, route, caller, faults);
        let params = WriteParams::take_all(Fields::from_query(request.query_string(), faults));
        let dry_run = params.and_then(|params| params.dry_run);
        let precision = match prefers_strict(request) {
            true => Precision::Strict,
            false => Precision::Rounded,
        };
        Self {
            dry_run: dry_run.unwrap_or(false),
            precision,
            key,
            quote_micros_max: i64::try_from(quote_valid_max.as_micros())
                .unwrap_or(QUOTE_VALID_MICROS_MAX),
        }
    }

    /// The terms of `/v1`: a replay must have the same content. `least` is what the sender must
    /// have before.
    pub(crate) fn terms(&self, least: Option<Amount>) -> Terms {
        let mut terms = Terms::new(Replay::SameContent, self.precision);
        terms.sender_available_at_least = least;
        terms
    }
}

/// Whether there is a `Prefer: handling=strict` (RFC 7240).
fn prefers_strict(request: &HttpRequest) -> bool {
    let values = request.headers().get_all("Prefer");
    let texts = values.filter_map(|value| value.to_str().ok());
    let mut preferences = texts.flat_map(|text| text.split(','));
    let is_strict = |preference: &str| {
        let preference = preference.split(';').next().unwrap_or_default();
        let (name, value) = preference.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("handling") && value.trim().trim_matches('"') == "strict"
    };
    preferences.any(is_strict)
}
