//! The classic API, code by code: what clients of the original service rely on.

mod lists;
mod transfers;

use serde_json::{Value, json};
use wallet_integration::client::Answer;

use crate::demo::{POOR_USD, RICH_USD, new_id};

pub(super) const UNKNOWN_ID: &str = "00000000-0000-4000-8000-00000000dead";
pub(super) const OTHER_UNKNOWN_ID: &str = "00000000-0000-4000-8000-00000000beef";
pub(super) const NIL: &str = "00000000-0000-0000-0000-000000000000";
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// A valid transfer of 1 USD, under a new id.
pub(super) fn good() -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "1", "currency_code": "USD",
    })
}

/// The same with some fields changed; `null` leaves the field out.
pub(super) fn with(mut body: Value, changes: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    for (field, value) in changes.as_object().unwrap() {
        if value.is_null() {
            fields.remove(field);
        } else {
            fields.insert(field.clone(), value.clone());
        }
    }
    body
}

#[track_caller]
pub(super) fn ok(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, r#"{"result":"OK"}"#)
    );
    assert_eq!(answer.content_type.to_lowercase(), JSON);
}

#[track_caller]
pub(super) fn refused(answer: &Answer, code: &str) {
    let expected = format!(r#"{{"result":"ERROR","error":"{code}"}}"#);
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, expected.as_str())
    );
    assert_eq!(answer.content_type.to_lowercase(), JSON);
}
