//! The fields of the bodies about transfers, as the OpenAPI document describes them.

use serde_json::{Value, json};
use wallet_domain::{BASIS_POINTS_MAX, SPLIT_RECEIVERS_MAX, TransferType};

use crate::v1::protocol::schema::{self, object, or_null, reference};

/// The text of every type.
pub(crate) const TYPES: [&str; TransferType::ALL.len()] = {
    let mut words = [""; TransferType::ALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = TransferType::ALL[place].as_str();
        place += 1;
    }
    words
};

/// A transfer, as replies have it.
pub(super) fn transfer_schema() -> Value {
    let reversed = schema::described(
        reference("Money"),
        "How much of it was taken back; only where it is read.",
    );
    let hold = schema::described(
        reference("Hold"),
        "The hold that it placed or changed, as it left it.",
    );
    let followers = schema::described(
        schema::list(reference("Transfer")),
        "What was applied with it; only in the answer to the write.",
    );
    object(
        "A transfer, as it was applied.",
        &[
            ("id", reference("Id")),
            ("type", schema::one_of(&TYPES)),
            ("amount", reference("Money")),
            ("currency_code", reference("CurrencyCode")),
            ("reference", or_null(reference("ShortText"))),
            ("metadata", reference("Metadata")),
            ("created_at", reference("Time")),
            (
                "created_by?",
                schema::described(
                    schema::text(),
                    "The name of the key that asked for it; not told to keys of some accounts, \
                     unless it is their own.",
                ),
            ),
            ("effective_at", or_null(reference("Time"))),
            ("reverses", or_null(reference("Id"))),
            ("reversed_amount?", reversed),
            ("hold?", hold),
            ("account_change?", reference("AccountChange")),
            (
                "quote_id?",
                schema::described(reference("Id"), "The quote that it used."),
            ),
            (
                "follows?",
                schema::described(reference("Id"), "What it was applied with, and follows."),
            ),
            ("follower_ids?", schema::list(reference("Id"))),
            ("parts", schema::list(reference("TransferPart"))),
            ("followers?", followers),
        ],
    )
}

/// The fields of a part.
pub(crate) fn part() -> Vec<(&'static str, Value)> {
    vec![
        ("account_id", reference("Id")),
        ("direction", schema::one_of(&["incoming", "outgoing"])),
        ("amount", reference("Money")),
        (
            "balance",
            schema::described(reference("Money"), "After it."),
        ),
        (
            "held_balance",
            schema::described(reference("Money"), "After it."),
        ),
        (
            "available_balance",
            schema::described(reference("Money"), "After it."),
        ),
        (
            "version",
            schema::whole_number("Which part of its account it is, counted from 1."),
        ),
    ]
}

/// The fields of a transfer to make.
pub(crate) fn new_transfer() -> Vec<(&'static str, Value)> {
    [new_transfer_without_fee(), vec![fee_field()]].concat()
}

/// The same of a hold.
pub(crate) fn new_transfer_without_fee() -> Vec<(&'static str, Value)> {
    let accounts = vec![
        ("sender_account_id", reference("Id")),
        ("receiver_account_id", reference("Id")),
        ("if_available_at_least?", or_null(reference("Amount"))),
    ];
    [accounts, movement()].concat()
}

/// The field of a fee.
pub(crate) fn fee_field() -> (&'static str, Value) {
    ("fee?", or_null(reference("Fee")))
}

pub(super) fn fee_schema() -> Value {
    let points = json!({
        "type": "integer", "minimum": 0, "maximum": BASIS_POINTS_MAX,
        "description": "Hundredths of a percent of the amount, rounded half away from zero.",
    });
    let mut fee = object(
        "What the sender pays on top, to another account: an amount, or basis points. Never more \
         than the amount.",
        &[
            ("account_id", reference("Id")),
            ("amount?", or_null(reference("Amount"))),
            ("basis_points?", or_null(points)),
        ],
    );
    fee["oneOf"] = schema::either("amount", "basis_points");
    fee
}

/// The fields of a split to make by amounts.
pub(crate) fn new_split_by_amounts() -> Vec<(&'static str, Value)> {
    let null = || json!({"type": "null"});
    let amount = ("amount", reference("Amount"));
    new_split(("amount?", null()), amount, ("share?", null()))
}

/// The same of an amount by shares.
pub(crate) fn new_split_by_shares() -> Vec<(&'static str, Value)> {
    let share = json!({"type": "integer", "minimum": 1, "maximum": u32::MAX});
    let amount = ("amount", reference("Amount"));
    new_split(
        amount,
        ("share", share),
        ("amount?", json!({"type": "null"})),
    )
}

type Field = (&'static str, Value);

fn new_split(whole: Field, part: Field, other: Field) -> Vec<Field> {
    let account = ("account_id", reference("Id"));
    let receiver = object("Who gets how much.", &[account, part, other]);
    let receivers = json!({
        "type": "array", "minItems": 1, "maxItems": SPLIT_RECEIVERS_MAX, "items": receiver,
    });
    let fields = vec![
        ("id?", or_null(reference("Id"))),
        ("sender_account_id", reference("Id")),
        ("currency_code", reference("CurrencyCode")),
        whole,
        ("receivers", receivers),
        ("if_available_at_least?", or_null(reference("Amount"))),
    ];
    [fields, detail_fields()].concat()
}

pub(super) fn new_split_schema() -> Value {
    json!({"oneOf": [
        object("Money to split by amounts.", &new_split_by_amounts()),
        object("Money to split by shares.", &new_split_by_shares()),
    ]})
}

/// The fields of a deposit to make.
pub(crate) fn new_deposit() -> Vec<(&'static str, Value)> {
    [vec![("account_id", reference("Id"))], movement()].concat()
}

/// The fields of a withdrawal to make.
pub(crate) fn new_withdrawal() -> Vec<(&'static str, Value)> {
    let account = vec![
        ("account_id", reference("Id")),
        ("if_available_at_least?", or_null(reference("Amount"))),
    ];
    [account, movement()].concat()
}

fn movement() -> Vec<(&'static str, Value)> {
    let fields = vec![
        ("id?", or_null(reference("Id"))),
        ("amount", reference("Amount")),
        ("currency_code", reference("CurrencyCode")),
    ];
    [fields, detail_fields()].concat()
}

/// What a client may say about every transfer.
pub(crate) fn detail_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("reference?", or_null(reference("ShortText"))),
        ("metadata?", or_null(reference("Metadata"))),
        ("effective_at?", or_null(reference("Time"))),
    ]
}
