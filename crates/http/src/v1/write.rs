//! How a write is to be done: what all writes take beside their bodies.

use actix_web::{HttpRequest, web};
use uuid::Uuid;
use wallet_domain::{Precision, QUOTE_VALID_MICROS_MAX, Replay, Terms};

use super::call::Call;
use super::faults::Faults;
use super::idempotency;
use super::params::Params;
use super::parse;
use crate::ports::Ports;

/// How a write is to be done, from the query and the headers.
pub(super) struct Write {
    /// Decide, and change nothing.
    pub(super) dry_run: bool,
    /// What happens to digits beyond the currency's precision.
    pub(super) precision: Precision,
    /// The id that the request's key of idempotency stands for.
    pub(super) key: Option<Uuid>,
    /// How long a quote may stand, at most, in microseconds.
    pub(super) quote_micros_max: i64,
}

impl Write {
    /// Reads it from the query and the headers. `route` is the path, ids in lower case.
    pub(super) fn of(call: &Call, route: &str, faults: &mut Faults) -> Self {
        let request = &call.request;
        let key = idempotency::key_of(request, route, call.caller.actor.as_ref(), faults);
        let mut params = Params::of(request.query_string(), faults);
        let dry_run = params.optional("dry_run", parse::boolean).unwrap_or(false);
        params.close();
        let precision = match prefers_strict(request) {
            true => Precision::Strict,
            false => Precision::Rounded,
        };
        Self {
            dry_run,
            precision,
            key,
            quote_micros_max: quote_micros_max(request),
        }
    }

    /// The terms of `/v1`, where a replay says the same.
    pub(super) fn terms(&self) -> Terms {
        Terms {
            replay: Replay::SameContent,
            precision: self.precision,
            sender_available_at_least: None,
        }
    }
}

/// What the operator allows; what the domain does, where a request was built without a server.
fn quote_micros_max(request: &HttpRequest) -> i64 {
    let ports = request.app_data::<web::Data<Ports>>();
    let most = ports.map(|ports| ports.quote_valid_max.as_micros());
    let most = most.and_then(|most| i64::try_from(most).ok());
    most.unwrap_or(QUOTE_VALID_MICROS_MAX)
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
