//! The operations on accounts, and their bodies, for the OpenAPI document.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use wallet_domain::AccountStatus;

use super::{change, create, get, list};
use crate::access::need::Need;
use crate::v1::protocol::operation::{DRY_RUN, Operation};
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};

/// The operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        list_accounts(),
        open_account(),
        get_account(),
        change_account(),
    ]
}

fn on_one(operation: Operation) -> Operation {
    operation
        .names("id", reference("Id"), "The account's id.", EXAMPLE)
        .refuses(StatusCode::NOT_FOUND)
}

fn list_accounts() -> Operation {
    Operation::get("/accounts", "listAccounts", Need::READ_OWN, list)
        .says("List accounts", "In the order of their ids.")
        .query(
            "currency_code",
            reference("CurrencyCode"),
            "Accounts of this currency.",
        )
        .query(
            "external_id",
            reference("ShortText"),
            "The account that you call so.",
        )
        .gives_pages_of("Account")
}

fn open_account() -> Operation {
    Operation::post("/accounts", "openAccount", Need::OPERATE, create)
        .says(
            "Open an account",
            "The answer is the account as it was opened, whenever the request is repeated. Without \
             an `id` and without a key the account gets an id, and a retry opens another one.",
        )
        .takes(
            "NewAccount",
            json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6b", "currency_code": "USD",
                "external_id": "customer-4711", "metadata": {"tier": "gold"},
            }),
        )
        .takes_key()
        .creates("Account")
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY)
}

fn get_account() -> Operation {
    on_one(Operation::get(
        "/accounts/{id}",
        "getAccount",
        Need::READ_OWN,
        get,
    ))
    .says("Read an account", "")
    .gives(reference("Account"), &[TAG])
}

fn change_account() -> Operation {
    on_one(Operation::patch(
        "/accounts/{id}",
        "changeAccount",
        Need::OPERATE,
        change,
    ))
    .says(
        "Change an account's metadata",
        "Entries that are not named stay as they are.",
    )
    .takes(
        "AccountChanges",
        json!({"metadata": {"tier": "gold", "region": null}}),
    )
    .writes()
    .header(
        "If-Match",
        schema::text(),
        "Change it only if it still has this `ETag`.",
    )
    .gives(reference("Account"), &[TAG, DRY_RUN])
    .refuses(StatusCode::PRECONDITION_FAILED)
    .refuses(StatusCode::UNPROCESSABLE_ENTITY)
}

pub(crate) const EXAMPLE: &str = "1836981e-7bce-4356-99a5-a001073e51fe";

const TAG: (&str, &str) = ("ETag", "The state of the account, for `If-Match`.");

/// The bodies of these operations.
pub(crate) fn schemas() -> Vec<Named> {
    let described = |text| schema::described(reference("Money"), text);
    let account = object(
        "An account.",
        &[
            ("id", reference("Id")),
            ("currency_code", reference("CurrencyCode")),
            ("balance", reference("Money")),
            ("held_balance", described("What open holds hold of it.")),
            (
                "available_balance",
                described("What can be spent: balance, less what is held, and the credit limit."),
            ),
            ("credit_limit", or_null(reference("Money"))),
            ("status", schema::one_of(&STATUSES)),
            ("velocity_limits", schema::list(reference("VelocityLimit"))),
            (
                "version",
                schema::whole_number("How many transfer parts it has."),
            ),
            ("external_id", or_null(reference("ShortText"))),
            ("metadata", reference("Metadata")),
            ("created_at", reference("Time")),
            ("updated_at", reference("Time")),
        ],
    );
    let changes = object(
        "What to change.",
        &[("metadata", reference("MetadataChanges"))],
    );
    vec![
        ("Account", account),
        ("NewAccount", object("An account to open.", &new_account())),
        ("AccountChanges", changes),
    ]
}

/// The fields of an account to open.
pub(crate) fn new_account() -> Vec<(&'static str, Value)> {
    vec![
        ("id?", or_null(reference("Id"))),
        ("currency_code", reference("CurrencyCode")),
        ("external_id?", or_null(reference("ShortText"))),
        ("metadata?", or_null(reference("Metadata"))),
    ]
}

/// The text of every status.
pub(crate) const STATUSES: [&str; AccountStatus::ALL.len()] = {
    let mut words = [""; AccountStatus::ALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = AccountStatus::ALL[place].as_str();
        place += 1;
    }
    words
};
