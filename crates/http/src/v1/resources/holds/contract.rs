//! The operations on holds, and their bodies, for the OpenAPI document.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use wallet_domain::HoldState;

use super::{capture, get, increase, list, place, void};
use crate::access::need::Need;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};
use crate::v1::resources::transfers::{detail_fields, new_transfer_without_fee};

/// The operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        list_holds(),
        place_hold(),
        get_hold(),
        increase_hold(),
        capture_hold(),
        void_hold(),
    ]
}

fn as_write(operation: Operation) -> Operation {
    operation
        .takes_key()
        .creates("Transfer")
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY)
}

fn on_one(operation: Operation) -> Operation {
    operation
        .names("id", reference("Id"), "The hold's id.", DEMO_HOLD)
        .refuses(StatusCode::NOT_FOUND)
}

fn list_holds() -> Operation {
    Operation::get("/holds", "listHolds", Need::READ_OWN, list)
        .says(
            "List holds",
            "Newest first. All parameters that are given must hold.",
        )
        .query(
            "account_id",
            reference("Id"),
            "Holds of which this account is the sender or the receiver.",
        )
        .query(
            "state",
            states(),
            "Holds in this state. One that is due is open until it is released.",
        )
        .gives_pages_of("Hold")
}

fn place_hold() -> Operation {
    as_write(Operation::post(
        "/holds",
        "placeHold",
        Need::TRANSFER_OWN,
        place,
    ))
    .says(
        "Hold money",
        "Set money of the sender aside for the receiver, until it is captured, voided, or expires. \
         The hold's id is the id of this transfer.",
    )
    .takes(
        "NewHold",
        json!({
            "id": DEMO_HOLD, "sender_account_id": "1836981e-7bce-4356-99a5-a001073e51fe",
            "receiver_account_id": "8ff54aaa-31d7-4a04-908a-6fa375030432",
            "amount": "30.00", "currency_code": "USD", "expires_at": "2999-01-31T12:00:00Z",
        }),
    )
}

fn get_hold() -> Operation {
    on_one(Operation::get(
        "/holds/{id}",
        "getHold",
        Need::READ_OWN,
        get,
    ))
    .says("Read a hold", "")
    .gives(reference("Hold"), &[])
}

fn increase_hold() -> Operation {
    as_write(on_one(Operation::post(
        "/holds/{id}/increases",
        "increaseHold",
        Need::TRANSFER,
        increase,
    )))
    .says("Hold more", "")
    .takes(
        "NewIncrease",
        json!({"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a75", "amount": "5.00"}),
    )
}

fn capture_hold() -> Operation {
    as_write(on_one(Operation::post(
        "/holds/{id}/captures",
        "captureHold",
        Need::TRANSFER,
        capture,
    )))
    .says(
        "Capture what is held",
        "Pay the receiver some of it, or all that is left. Any number of times, until nothing is \
         left, or `final` lets go of the rest.",
    )
    .takes(
        "NewCapture",
        json!({"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a76", "amount": "10.00"}),
    )
    .even_empty()
}

fn void_hold() -> Operation {
    as_write(on_one(Operation::post(
        "/holds/{id}/voids",
        "voidHold",
        Need::TRANSFER,
        void,
    )))
    .says("Void a hold", "Let go of all that is left.")
    .takes(
        "NewVoid",
        json!({"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a77"}),
    )
    .even_empty()
}

/// The hold of the examples, in the order of the operations: one places it, and the last one voids
/// it.
const DEMO_HOLD: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a74";

fn states() -> Value {
    schema::one_of(&HoldState::ALL.map(|state| state.as_str()))
}

/// The bodies of these operations.
pub(crate) fn schemas() -> Vec<Named> {
    let money = |text| schema::described(reference("Money"), text);
    let hold = object(
        "Money that is, or was, set aside.",
        &[
            ("id", reference("Id")),
            ("sender_account_id", reference("Id")),
            ("receiver_account_id", reference("Id")),
            ("currency_code", reference("CurrencyCode")),
            ("amount", money("How much was held in all.")),
            ("captured_amount", money("How much of it was captured.")),
            ("held_amount", money("How much is held now.")),
            ("state", states()),
            ("created_at", reference("Time")),
            ("expires_at", or_null(reference("Time"))),
        ],
    );
    vec![
        ("Hold", hold),
        ("NewHold", object("Money to hold.", &new_hold())),
        (
            "NewIncrease",
            object("How much more to hold.", &new_increase()),
        ),
        (
            "NewCapture",
            object(
                "How much to capture; without an amount all that is left.",
                &new_capture(),
            ),
        ),
        ("NewVoid", object("The end of a hold.", &new_void())),
    ]
}

/// The fields of a hold to place.
pub(crate) fn new_hold() -> Vec<(&'static str, Value)> {
    let end = vec![("expires_at?", or_null(reference("Time")))];
    [new_transfer_without_fee(), end].concat()
}

fn new_void() -> Vec<(&'static str, Value)> {
    [vec![("id?", or_null(reference("Id")))], detail_fields()].concat()
}

fn new_increase() -> Vec<(&'static str, Value)> {
    [vec![("amount", reference("Amount"))], new_void()].concat()
}

fn new_capture() -> Vec<(&'static str, Value)> {
    let fields = vec![
        ("amount?", or_null(reference("Amount"))),
        ("final?", or_null(schema::boolean())),
    ];
    [fields, new_void()].concat()
}

/// The same as items of a batch, which name their hold.
pub(crate) fn increase_item() -> Vec<(&'static str, Value)> {
    [vec![("hold_id", reference("Id"))], new_increase()].concat()
}

pub(crate) fn capture_item() -> Vec<(&'static str, Value)> {
    [vec![("hold_id", reference("Id"))], new_capture()].concat()
}

pub(crate) fn void_item() -> Vec<(&'static str, Value)> {
    [vec![("hold_id", reference("Id"))], new_void()].concat()
}
