//! What every write has in common: the key of idempotency, the terms, the dry run, the replay, the reply.
//!
//! The id that a client chooses is the key, for ever. It stands in the body, or it is derived from the header
//! `Idempotency-Key` and the route. Nothing but the write itself is stored: the answer to a repetition is made
//! again from what the write recorded.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;
use wallet_domain::{Command, Outcome, Precision, Recorded, Rejection, Unit};

use super::fields::{self, Fields};
use super::lists::Parameters;
use super::problem::{self, FieldError, Place};
use super::reply;
use crate::body;
use crate::classic::transfers::content_length;
use crate::error::ApiError;
use crate::ports::Ports;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const DRY_RUN: HeaderName = HeaderName::from_static("dry-run");
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The longest key; shorter ones are as good.
const KEY_LEN_MAX: usize = 255;

/// What ids that are derived from keys are derived in (RFC 9562, version 5).
const KEYS: Uuid = Uuid::from_u128(0x0f7c_98a1_6d26_4b0c_9d3b_5a3e_7d0c_41e2);

/// A write on its way from the request to a command.
pub(super) struct Write {
    /// The body.
    pub(super) fields: Fields,
    /// Whether nothing is to be changed.
    pub(super) dry_run: bool,
    /// What happens to digits beyond the currency's precision.
    pub(super) precision: Precision,
    /// When an answer is due.
    pub(super) deadline: Instant,
    key: Option<String>,
    by_key: bool,
    errors: Vec<FieldError>,
}

impl Write {
    /// Reads the request, a body of at most `bytes_max` bytes included.
    ///
    /// # Errors
    /// The answer, where the body cannot be read.
    pub(super) async fn read(
        ports: &Ports,
        request: &HttpRequest,
        mut payload: web::Payload,
        bytes_max: usize,
    ) -> Result<Self, HttpResponse> {
        let deadline = ports.deadline();
        if !is_json(request) {
            let response = problem::respond(ApiError::MediaType, request);
            return Err(body::hold(response, payload.into_inner()));
        }
        let body_deadline = deadline.min(Instant::now() + ports.body_timeout);
        let announced = content_length(request);
        let text = match body::read(&mut payload, announced, bytes_max, body_deadline).await {
            Ok(text) => text,
            Err(error) => {
                let response = problem::respond(error, request);
                return Err(body::hold(response, payload.into_inner()));
            }
        };
        Self::of(request, &text, deadline).map_err(|error| problem::respond(error, request))
    }

    fn of(request: &HttpRequest, body: &[u8], deadline: Instant) -> Result<Self, ApiError> {
        let fields = Fields::parse(body)?;
        let mut errors = Vec::new();
        let mut parameters = Parameters::of(request)?;
        let dry_run = parameters.optional("dry_run", |text| {
            let known = text.parse();
            known.map_err(|_| "this is true or false".to_owned())
        });
        if let Err(ApiError::Fields(more)) = parameters.finish() {
            errors.extend(more);
        }
        let key = match request.headers().get(IDEMPOTENCY_KEY).map(key_of) {
            Some(Ok(key)) => Some(key),
            Some(Err(detail)) => {
                let place = Place::Header("Idempotency-Key");
                errors.push(FieldError { place, detail });
                None
            }
            None => None,
        };
        Ok(Self {
            fields,
            dry_run: dry_run.unwrap_or(false),
            precision: precision(request),
            deadline,
            key,
            by_key: false,
            errors,
        })
    }

    /// The id that this write has, from the body or the key. `route` is what the key is a key of.
    pub(super) fn id(&mut self, route: &str) -> Option<Uuid> {
        let id = self.fields.optional("id", fields::uuid);
        match (id, self.key.take()) {
            (Some(_), Some(_)) => {
                let detail = "there is an id and an Idempotency-Key; give one of them";
                self.fields.error("id", detail);
                None
            }
            (None, Some(key)) => {
                self.by_key = true;
                Some(Uuid::new_v5(&KEYS, format!("{route}\n{key}").as_bytes()))
            }
            (id, None) => id,
        }
    }

    /// The same, where a write cannot do without.
    pub(super) fn required_id(&mut self, route: &str) -> Option<Uuid> {
        let was_wrong = self.fields.has_errors();
        let id = self.id(route);
        if id.is_none() && self.fields.has_errors() == was_wrong {
            let detail = "choose an id for this write, or send an Idempotency-Key";
            self.fields.error("id", detail);
        }
        id
    }

    /// Ends the reading of the request.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(super) fn finish(self) -> Result<Ready, ApiError> {
        let mut errors = self.errors;
        errors.extend(self.fields.errors());
        if !errors.is_empty() {
            return Err(ApiError::Fields(errors));
        }
        Ok(Ready {
            dry_run: self.dry_run,
            by_key: self.by_key,
            deadline: self.deadline,
        })
    }
}

/// What is left of a [`Write`] when its command is made.
pub(super) struct Ready {
    pub(super) dry_run: bool,
    pub(super) by_key: bool,
    pub(super) deadline: Instant,
}

/// What became of a write.
pub(super) struct Done {
    pub(super) recorded: Recorded,
    pub(super) replayed: bool,
    dry_run: bool,
}

impl Ready {
    /// Carries out a command.
    pub(super) async fn carry_out(self, ports: &Ports, command: Command) -> Result<Done, ApiError> {
        let unit = Unit {
            commands: vec![command],
            dry_run: self.dry_run,
        };
        let outcomes = ports.submit(vec![unit], self.deadline).await?;
        let (recorded, replayed) = match outcomes.into_iter().next() {
            Some(Outcome::Created(recorded)) => (recorded, false),
            Some(Outcome::Exists(recorded)) => (recorded, true),
            Some(Outcome::Rejected(Rejection::IdAlreadyUsed)) if self.by_key => {
                return Err(ApiError::KeyReused);
            }
            Some(Outcome::Rejected(rejection)) => return Err(rejection.into()),
            Some(Outcome::NotCarriedOut) | None => {
                return Err(ApiError::Defect("a command has no outcome".to_owned()));
            }
        };
        Ok(Done {
            recorded,
            replayed,
            dry_run: self.dry_run,
        })
    }
}

impl Done {
    /// The answer to a POST: as the first time, whenever it comes.
    pub(super) fn created(&self, location: &str, body: &Value) -> HttpResponse {
        let status = match self.dry_run {
            true => StatusCode::OK,
            false => StatusCode::CREATED,
        };
        let mut response = reply::respond(status, body);
        let headers = response.headers_mut();
        if self.dry_run {
            headers.insert(DRY_RUN, HeaderValue::from_static("true"));
        } else if let Ok(location) = HeaderValue::from_str(location) {
            headers.insert(LOCATION, location);
        }
        if self.replayed {
            headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE);
    let text = content_type.and_then(|value| value.to_str().ok());
    let essence = text
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// A key, bare or as a quoted string of RFC 9651.
fn key_of(value: &HeaderValue) -> Result<String, String> {
    let text = value.to_str().unwrap_or_default().trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    match (1..=KEY_LEN_MAX).contains(&key.len()) {
        true => Ok(key.to_owned()),
        false => Err(format!(
            "a key has 1 to {KEY_LEN_MAX} visible characters of ASCII"
        )),
    }
}

/// RFC 7240: `Prefer: handling=strict`.
fn precision(request: &HttpRequest) -> Precision {
    let values = request.headers().get_all(PREFER);
    let mut preferences = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']));
    let is_strict = |it: &str| it.replace(' ', "").eq_ignore_ascii_case("handling=strict");
    match preferences.any(is_strict) {
        true => Precision::Strict,
        false => Precision::Rounded,
    }
}
