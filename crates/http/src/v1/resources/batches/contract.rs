//! The operation on batches, and its bodies, for the OpenAPI document.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::items::KINDS;
use super::{ITEMS_MAX, create};
use crate::access::need::Need;
use crate::v1::protocol::operation::{DRY_RUN, Operation};
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};

/// The operations.
pub(crate) fn operations() -> Vec<Operation> {
    let example = json!({
        "mode": "atomic",
        "items": [
            {
                "type": "deposit", "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a71",
                "account_id": "1836981e-7bce-4356-99a5-a001073e51fe",
                "amount": "20.00", "currency_code": "USD",
            },
            {
                "type": "transfer", "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a72",
                "sender_account_id": "1836981e-7bce-4356-99a5-a001073e51fe",
                "receiver_account_id": "8ff54aaa-31d7-4a04-908a-6fa375030432",
                "amount": "20.00", "currency_code": "USD",
            },
        ],
    });
    vec![
        Operation::post("/batches", "createBatch", Need::TRANSFER, create)
            .says(
                "Carry out many writes",
                "Up to 1,000, in order, later ones seeing earlier ones. `atomic`: all or none. \
                 `independent`: each for itself. There is one outcome for each item. With an \
                 `Idempotency-Key` each item without an id has one that is derived from the key \
                 and its place.",
            )
            .takes("NewBatch", example)
            .takes_key()
            .writes()
            .gives(reference("Batch"), &[DRY_RUN])
            .refuses(StatusCode::UNPROCESSABLE_ENTITY),
    ]
}

/// The bodies of these operations.
pub(crate) fn schemas() -> Vec<Named> {
    let item = |word: &str, mut fields: Vec<(&'static str, Value)>| {
        fields.push(("type", json!({"type": "string", "const": word})));
        object("A write, as it would be alone, and its type.", &fields)
    };
    let kinds = KINDS.map(|(word, _, fields)| item(word, fields()));
    let items = json!({
        "type": "array", "minItems": 1, "maxItems": ITEMS_MAX, "items": {"oneOf": kinds},
    });
    let mode = || schema::one_of(&["atomic", "independent"]);
    let index = || schema::whole_number("Counted from 0.");
    let result = object(
        "What became of an item.",
        &[
            ("index", index()),
            (
                "status",
                schema::one_of(&["created", "replayed", "rejected", "not_carried_out"]),
            ),
            (
                "result?",
                json!({"oneOf": [reference("Transfer"), reference("Account")]}),
            ),
            ("error?", reference("Problem")),
        ],
    );
    let reply = object(
        "What became of a batch.",
        &[
            ("mode", mode()),
            ("items", schema::list(reference("BatchItemResult"))),
            ("failed_index", or_null(index())),
        ],
    );
    vec![
        (
            "NewBatch",
            object(
                "Writes to carry out.",
                &[("mode", mode()), ("items", items)],
            ),
        ),
        ("BatchItemResult", result),
        ("Batch", reply),
    ]
}
