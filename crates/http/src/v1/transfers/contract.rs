//! What can be asked for about transfers, and the bodies of it.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use wallet_domain::{BASIS_POINTS_MAX, SPLIT_RECEIVERS_MAX, TransferType};

use super::{create, deposit, get, links, list, reverse, withdraw};
use crate::access::Need;
use crate::v1::operation::Operation;
use crate::v1::schema::{self, Named, object, or_null, reference};

/// What can be asked for.
pub(in crate::v1) fn operations() -> Vec<Operation> {
    let write = |operation: Operation| {
        operation
            .takes_key()
            .creates("Transfer")
            .refuses(StatusCode::CONFLICT)
            .refuses(StatusCode::UNPROCESSABLE_ENTITY)
    };
    let id = |operation: Operation, example| {
        operation
            .names("id", reference("Id"), "The transfer's id.", example)
            .refuses(StatusCode::NOT_FOUND)
    };
    vec![
        Operation::get("/transfers", "listTransfers", Need::READ_OWN, list)
            .says(
                "List transfers",
                "Deposits, withdrawals, internal transfers and reversals, newest first. All parameters that are given \
                 must hold.",
            )
            .query("account_id", reference("Id"), "Transfers with a part in this account.")
            .query("currency_code", reference("CurrencyCode"), "Transfers of this currency.")
            .query("type", schema::one_of(&TYPES), "Transfers of this type.")
            .query("reference", reference("ShortText"), "Transfers with this reference.")
            .query("metadata_key", schema::text(), "Transfers with this entry; needs `metadata_value`.")
            .query("metadata_value", schema::text(), "The value of `metadata_key`.")
            .query("created_from", reference("Time"), "Transfers that were carried out then or later.")
            .query("created_before", reference("Time"), "Transfers that were carried out before.")
            .gives_pages_of("Transfer"),
        write(Operation::post("/transfers", "createTransfer", Need::TRANSFER_OWN, create))
            .says("Transfer money", "From one account to another of the same currency.")
            .takes("NewTransfer", json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6c", "sender_account_id": RICH_USD,
                "receiver_account_id": POOR_USD, "amount": "100.11", "currency_code": "USD",
                "reference": "invoice 4711",
            })),
        id(Operation::get("/transfers/{id}", "getTransfer", Need::READ_OWN, get), DEMO_DEPOSIT)
            .says("Read a transfer", "With `reversed_amount`: how much of it was taken back.")
            .gives(reference("Transfer"), &[]),
        write(Operation::post("/deposits", "createDeposit", Need::TRANSFER, deposit))
            .says("Deposit money", "Money comes into the ledger from outside.")
            .takes("NewDeposit", json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6d", "account_id": RICH_USD,
                "amount": "50.00", "currency_code": "USD",
            })),
        write(Operation::post("/withdrawals", "createWithdrawal", Need::TRANSFER, withdraw))
            .says("Withdraw money", "Money leaves the ledger.")
            .takes("NewWithdrawal", json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6e", "account_id": RICH_USD,
                "amount": "50.00", "currency_code": "USD", "if_available_at_least": "100.00",
            })),
        write(Operation::post("/splits", "createSplit", Need::TRANSFER_OWN, links::create))
            .says(
                "Split money",
                "From one account to up to 100 others: by amounts, or an `amount` by shares, of which no minor unit is \
                 lost (largest remainder). One transfer for each, all of them or none.",
            )
            .takes("NewSplit", json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a73", "sender_account_id": RICH_USD,
                "currency_code": "USD", "amount": "10.00",
                "receivers": [{"account_id": POOR_USD, "share": 2}, {"account_id": POOR_USD, "share": 1}],
            })),
        write(id(Operation::post("/transfers/{id}/reversals", "reverseTransfer", Need::TRANSFER, reverse), DEMO_DEPOSIT))
            .says(
                "Take a transfer back",
                "In full, or in part; never more than the transfer in all. A reversal is a transfer of its own, in the \
                 other direction.",
            )
            .takes("NewReversal", json!({"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6f", "amount": "1.00"}))
            .even_empty(),
    ]
}

const RICH_USD: &str = "1836981e-7bce-4356-99a5-a001073e51fe";
const POOR_USD: &str = "8ff54aaa-31d7-4a04-908a-6fa375030432";
const DEMO_DEPOSIT: &str = "616f2ce5-ed3b-4888-9fad-81e66fa08c26";

pub(in crate::v1) const TYPES: [&str; TransferType::ALL.len()] = {
    let mut words = [""; TransferType::ALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = TransferType::ALL[place].as_str();
        place += 1;
    }
    words
};

/// The bodies of these operations.
pub(in crate::v1) fn schemas() -> Vec<Named> {
    let reversed = schema::described(
        reference("Money"),
        "How much of it was taken back; only where it is read.",
    );
    let hold = schema::described(
        reference("Hold"),
        "The hold that it placed or changed, as it left it.",
    );
    let followers = schema::described(
        schema::list_of(reference("Transfer")),
        "What was carried out with it; only in the answer to the write.",
    );
    let transfer = object(
        "A transfer, as it was carried out.",
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
                    "The name of the key that asked for it; not told to keys of some accounts, unless it is their own.",
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
                schema::described(
                    reference("Id"),
                    "What it was carried out with, and follows.",
                ),
            ),
            ("follower_ids?", schema::list_of(reference("Id"))),
            ("parts", schema::list_of(reference("TransferPart"))),
            ("followers?", followers),
        ],
    );
    let reversal = [
        &[
            ("id?", or_null(reference("Id"))),
            ("amount?", or_null(reference("Amount"))),
        ][..],
        &detail_fields(),
    ];
    vec![
        ("Transfer", transfer),
        (
            "TransferPart",
            object("What a transfer did to one account.", &part()),
        ),
        ("NewTransfer", object("Money to transfer.", &new_transfer())),
        ("NewDeposit", object("Money to deposit.", &new_deposit())),
        (
            "NewWithdrawal",
            object("Money to withdraw.", &new_withdrawal()),
        ),
        ("NewSplit", new_split_schema()),
        ("Fee", fee_schema()),
        (
            "NewReversal",
            object(
                "What to take back; without an amount all that is left.",
                &reversal.concat(),
            ),
        ),
    ]
}

/// The fields of a part.
pub(in crate::v1) fn part() -> Vec<(&'static str, Value)> {
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
pub(in crate::v1) fn new_transfer() -> Vec<(&'static str, Value)> {
    [new_transfer_without_fee(), vec![fee_field()]].concat()
}

/// The same of a hold.
pub(in crate::v1) fn new_transfer_without_fee() -> Vec<(&'static str, Value)> {
    let accounts = vec![
        ("sender_account_id", reference("Id")),
        ("receiver_account_id", reference("Id")),
        ("if_available_at_least?", or_null(reference("Amount"))),
    ];
    [accounts, movement()].concat()
}

/// The field of a fee.
pub(in crate::v1) fn fee_field() -> (&'static str, Value) {
    ("fee?", or_null(reference("Fee")))
}

fn fee_schema() -> Value {
    let points = json!({
        "type": "integer", "minimum": 0, "maximum": BASIS_POINTS_MAX,
        "description": "Hundredths of a percent of the amount, rounded half away from zero.",
    });
    let mut fee = object(
        "What the sender pays on top, to another account: an amount, or basis points. Never more than the amount.",
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
pub(in crate::v1) fn new_split_by_amounts() -> Vec<(&'static str, Value)> {
    let null = || json!({"type": "null"});
    let amount = ("amount", reference("Amount"));
    new_split(("amount?", null()), amount, ("share?", null()))
}

/// The same of an amount by shares.
pub(in crate::v1) fn new_split_by_shares() -> Vec<(&'static str, Value)> {
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

fn new_split_schema() -> Value {
    json!({"oneOf": [
        object("Money to split by amounts.", &new_split_by_amounts()),
        object("Money to split by shares.", &new_split_by_shares()),
    ]})
}

/// The fields of a deposit to make.
pub(in crate::v1) fn new_deposit() -> Vec<(&'static str, Value)> {
    [vec![("account_id", reference("Id"))], movement()].concat()
}

/// The fields of a withdrawal to make.
pub(in crate::v1) fn new_withdrawal() -> Vec<(&'static str, Value)> {
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
pub(in crate::v1) fn detail_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("reference?", or_null(reference("ShortText"))),
        ("metadata?", or_null(reference("Metadata"))),
        ("effective_at?", or_null(reference("Time"))),
    ]
}
