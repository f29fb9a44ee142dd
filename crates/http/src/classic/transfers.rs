//! `POST /transfers/`: moves money from one account to another.
//!
//! The whole body is read into its five fields first, and anything unreadable is
//! `malformed_request`. Only then are the rules checked, in their order.

use std::borrow::Cow;
use std::fmt;

use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;
use wallet_domain::{
    Amount, Command, InternalTransfer, InternalTransferFields, Outcome, Precision, Replay, Terms,
    TransferDetails,
};

use super::admission::admitted;
use super::envelope;
use crate::access::need::{ID_IS_DERIVED, Need};
use crate::request::body;
use crate::request::error::ApiError;
use crate::state::app_state::AppState;

/// `POST /transfers/`
pub(super) fn route(need: Need) -> Route {
    web::to(move |state, request, payload| create(need, state, request, payload))
}

/// Applies the transfer that the body describes.
async fn create(
    need: Need,
    state: web::Data<AppState>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let deadline = state.deadline();
    let caller = match admitted(&state, &request, need, deadline).await {
        Ok(caller) => caller,
        Err(response) => return body::hold(response, payload.into_inner()),
    };
    let body_deadline = deadline.min(tokio::time::Instant::now() + state.body_timeout);
    let content_length = body::content_length(&request);
    let limit = state.body_bytes_max;
    let text = match body::read(&mut payload, content_length, limit, body_deadline).await {
        Ok(text) => text,
        Err(error) => return body::hold(envelope::error(error), payload.into_inner()),
    };
    let transfer = match parse_transfer(&text) {
        Ok(transfer) => transfer,
        Err(error) => return envelope::error(error),
    };
    let command = Command::InternalTransfer(transfer).requested_by(caller.actor.as_ref());
    if let Err(rejection) = caller.may_apply(&command) {
        return envelope::error(rejection.into());
    }
    if !caller.may_choose_id(&command) {
        return envelope::error(ApiError::Malformed(ID_IS_DERIVED));
    }
    let outcomes = match state.submit(vec![command.into()], deadline).await {
        Ok(outcomes) => outcomes,
        Err(error) => return envelope::error(error),
    };
    match outcomes.first() {
        Some(Outcome::Created(_) | Outcome::Exists(_)) => envelope::ok(),
        Some(Outcome::Rejected(rejection)) => envelope::error((*rejection).into()),
        Some(Outcome::NotApplied) | None => {
            let defect = "a command that stood for itself was not applied";
            envelope::error(ApiError::Defect(defect.to_owned()))
        }
    }
}

/// The body as it came. Fields that are not named here are ignored.
#[derive(serde::Deserialize)]
struct TransferBody<'a> {
    id: Option<WireUuid>,
    sender_account_id: Option<WireUuid>,
    receiver_account_id: Option<WireUuid>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
    #[serde(borrow)]
    currency_code: Option<WireText<'a>>,
}

fn parse_transfer(body: &[u8]) -> Result<InternalTransfer, ApiError> {
    // Checked for the whole body at once: serde_json does not look into what it ignores.
    let text = std::str::from_utf8(body).map_err(|_| ApiError::Malformed("not UTF-8"))?;
    // serde would take a list for a struct, field by field.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(ApiError::Malformed("the body is not a JSON object"));
    }
    let body: TransferBody<'_> = serde_json::from_str(text)
        .map_err(|_| ApiError::Malformed("the body is not JSON, or a field has the wrong type"))?;
    let amount = match body.amount {
        Some(raw) => parse_amount(raw)?,
        None => Amount::zero(),
    };
    let fields = InternalTransferFields {
        transfer_id: body.id.map(|id| id.0),
        sender_account_id: body.sender_account_id.map(|id| id.0),
        receiver_account_id: body.receiver_account_id.map(|id| id.0),
        amount,
        currency_code: body.currency_code.as_ref().map_or("", |code| &code.0),
    };
    let transfer = InternalTransfer::new(&fields)?;
    // What the original service promises: a known id is a retry, and digits are rounded.
    let terms = Terms::new(Replay::AnyContent, Precision::Rounded);
    Ok(transfer.with(TransferDetails::default(), terms))
}

/// An amount is a JSON string or a JSON number; of a number every digit counts, so it is read from
/// its text and never becomes a float.
fn parse_amount(raw: &RawValue) -> Result<Amount, ApiError> {
    let raw = raw.get();
    let text = match raw.as_bytes() {
        [b'"', .., b'"'] => {
            let text: Result<WireText<'_>, _> = serde_json::from_str(raw);
            text.map_err(|_| ApiError::Malformed("the amount is not text"))?
                .0
        }
        [b'-' | b'0'..=b'9', ..] => Cow::Borrowed(raw),
        _ => {
            return Err(ApiError::Malformed(
                "the amount is neither text nor a number",
            ));
        }
    };
    Amount::parse(&text).map_err(|_| ApiError::Malformed("the amount is not a plain decimal"))
}

/// A JSON string, borrowed from the body unless it has escapes.
struct WireText<'a>(Cow<'a, str>);

impl<'a, 'de: 'a> Deserialize<'de> for WireText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = WireText<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(WireText(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(WireText(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A JSON string that is a UUID, in any case; nil is one too.
struct WireUuid(Uuid);

impl<'de> Deserialize<'de> for WireUuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = WireText::deserialize(deserializer)?;
        Uuid::parse_str(&text.0)
            .map(Self)
            .map_err(de::Error::custom)
    }
}
