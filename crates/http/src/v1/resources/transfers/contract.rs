//! The operations on transfers, and their bodies, for the OpenAPI document.

use actix_web::http::StatusCode;
use serde_json::json;

use super::fields::{
    TYPES, detail_fields, fee_schema, new_deposit, new_split_schema, new_transfer, new_withdrawal,
    part, transfer_schema,
};
use super::reading::{get, list};
use super::{create, deposit, reverse, splits, withdraw};
use crate::access::need::Need;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};

/// The operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        list_transfers(),
        create_transfer(),
        get_transfer(),
        create_deposit(),
        create_withdrawal(),
        create_split(),
        reverse_transfer(),
    ]
}

fn as_write(operation: Operation) -> Operation {
    operation
        .takes_key()
        .creates("Transfer")
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY)
}

fn on_one(operation: Operation, example: &'static str) -> Operation {
    operation
        .names("id", reference("Id"), "The transfer's id.", example)
        .refuses(StatusCode::NOT_FOUND)
}

fn list_transfers() -> Operation {
    Operation::get("/transfers", "listTransfers", Need::READ_OWN, list)
        .says(
            "List transfers",
            "Deposits, withdrawals, internal transfers and reversals, newest first. All parameters \
             that are given must hold.",
        )
        .query(
            "account_id",
            reference("Id"),
            "Transfers with a part in this account.",
        )
        .query(
            "currency_code",
            reference("CurrencyCode"),
            "Transfers of this currency.",
        )
        .query("type", schema::one_of(&TYPES), "Transfers of this type.")
        .query(
            "reference",
            reference("ShortText"),
            "Transfers with this reference.",
        )
        .query(
            "metadata_key",
            schema::text(),
            "Transfers with this entry; needs `metadata_value`.",
        )
        .query(
            "metadata_value",
            schema::text(),
            "The value of `metadata_key`.",
        )
        .query(
            "created_from",
            reference("Time"),
            "Transfers that were applied then or later.",
        )
        .query(
            "created_before",
            reference("Time"),
            "Transfers that were applied before.",
        )
        .gives_pages_of("Transfer")
}

fn create_transfer() -> Operation {
    as_write(Operation::post(
        "/transfers",
        "createTransfer",
        Need::TRANSFER_OWN,
        create,
    ))
    .says(
        "Transfer money",
        "From one account to another of the same currency.",
    )
    .takes(
        "NewTransfer",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6c", "sender_account_id": RICH_USD,
            "receiver_account_id": POOR_USD, "amount": "100.11", "currency_code": "USD",
            "reference": "invoice 4711",
        }),
    )
}

fn get_transfer() -> Operation {
    on_one(
        Operation::get("/transfers/{id}", "getTransfer", Need::READ_OWN, get),
        DEMO_DEPOSIT,
    )
    .says(
        "Read a transfer",
        "With `reversed_amount`: how much of it was taken back.",
    )
    .gives(reference("Transfer"), &[])
}

fn create_deposit() -> Operation {
    as_write(Operation::post(
        "/deposits",
        "createDeposit",
        Need::TRANSFER,
        deposit,
    ))
    .says("Deposit money", "Money comes into the ledger from outside.")
    .takes(
        "NewDeposit",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6d", "account_id": RICH_USD,
            "amount": "50.00", "currency_code": "USD",
        }),
    )
}

fn create_withdrawal() -> Operation {
    as_write(Operation::post(
        "/withdrawals",
        "createWithdrawal",
        Need::TRANSFER,
        withdraw,
    ))
    .says("Withdraw money", "Money leaves the ledger.")
    .takes(
        "NewWithdrawal",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6e", "account_id": RICH_USD,
            "amount": "50.00", "currency_code": "USD", "if_available_at_least": "100.00",
        }),
    )
}

fn create_split() -> Operation {
    as_write(Operation::post(
        "/splits",
        "createSplit",
        Need::TRANSFER_OWN,
        splits::create,
    ))
    .says(
        "Split money",
        "From one account to up to 100 others: by amounts, or an `amount` by shares, of \
                 which no minor unit is lost (largest remainder). One transfer for each, all of \
                 them or none.",
    )
    .takes(
        "NewSplit",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a73", "sender_account_id": RICH_USD,
            "currency_code": "USD", "amount": "10.00",
            "receivers": [
                {"account_id": POOR_USD, "share": 2},
                {"account_id": POOR_USD, "share": 1},
            ],
        }),
    )
}

fn reverse_transfer() -> Operation {
    as_write(on_one(
        Operation::post(
            "/transfers/{id}/reversals",
            "reverseTransfer",
            Need::TRANSFER,
            reverse,
        ),
        DEMO_DEPOSIT,
    ))
    .says(
        "Take a transfer back",
        "In full, or in part; never more than the transfer in all. A reversal is a transfer of its \
         own, in the other direction.",
    )
    .takes(
        "NewReversal",
        json!({"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6f", "amount": "1.00"}),
    )
    .even_empty()
}

const RICH_USD: &str = "1836981e-7bce-4356-99a5-a001073e51fe";
const POOR_USD: &str = "8ff54aaa-31d7-4a04-908a-6fa375030432";
const DEMO_DEPOSIT: &str = "616f2ce5-ed3b-4888-9fad-81e66fa08c26";

/// The bodies of these operations.
pub(crate) fn schemas() -> Vec<Named> {
    let reversal = [
        &[
            ("id?", or_null(reference("Id"))),
            ("amount?", or_null(reference("Amount"))),
        ][..],
        &detail_fields(),
    ];
    vec![
        ("Transfer", transfer_schema()),
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
