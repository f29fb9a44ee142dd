//! Stores transfer parts.
//!
//! There are two statements. Most accounts have no holds and no rules, and a batch about them does
//! not even bind those columns.

use std::sync::LazyLock;

use diesel::prelude::*;
use wallet_domain::storage::Numbered;
use wallet_domain::{Transfer, TransferPart};

use super::{AMOUNT, AMOUNT_WIDTH, Column, OPTIONAL_AMOUNT};
use crate::fixed_width::{Field, Records, Statement, execute, insert};
use crate::rows::stored_version;

/// Stores the parts of new transfers.
pub(crate) fn transfer_part_insert(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let mut sorted: Vec<&TransferPart> = transfers.iter().flat_map(|t| &t.parts).collect();
    sorted.sort_unstable_by_key(|part| (part.account_id, part.version));
    let is_plain = sorted.iter().all(|part| part.is_plain());

    let mut records = Records::default();
    for part in sorted {
        records.id(part.account_id.as_uuid());
        records.integer(stored_version(part.version)?);
        records.id(part.transfer_id.as_uuid());
        records.integer(part.transfer_type.number());
        records.optional_id(part.corresponding_account_id.map(|id| id.as_uuid()));
        records.integer(part.direction.number());
        records.text(&part.amount, AMOUNT_WIDTH);
        records.text(&part.balance, AMOUNT_WIDTH);
        records.integer(part.created_at.as_micros());
        if !is_plain {
            add_rules(&mut records, part);
        }
    }
    match is_plain {
        true => execute::<TransferPartInsert>(connection, &records),
        false => execute::<TransferPartInsertWithRules>(connection, &records),
    }
}

fn add_rules(records: &mut Records, part: &TransferPart) {
    let something = (!part.held.is_zero()).then_some(&part.held);
    records.optional_text(something, AMOUNT_WIDTH);
    records.optional_text(part.credit_limit.as_ref(), AMOUNT_WIDTH);
    let code = part.status.number();
    records.optional_number((code != 0).then_some(code));
}

const PART: [Column; 9] = [
    ("account_id", Field::Id),
    ("version", Field::Integer),
    ("transfer_id", Field::Id),
    ("type", Field::Integer),
    ("corresponding_account_id", Field::OptionalId),
    ("direction", Field::Integer),
    ("amount", AMOUNT),
    ("balance", AMOUNT),
    ("created_at", Field::Integer),
];

const PART_RULES: [Column; 3] = [
    ("held", OPTIONAL_AMOUNT),
    ("credit_limit", OPTIONAL_AMOUNT),
    ("status", Field::OptionalNumber),
];

pub(super) struct TransferPartInsert;

impl Statement for TransferPartInsert {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| insert("transfer_parts", &PART));
        &SQL
    }
}

pub(super) struct TransferPartInsertWithRules;

impl Statement for TransferPartInsertWithRules {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> =
            LazyLock::new(|| insert("transfer_parts", &[&PART[..], &PART_RULES].concat()));
        &SQL
    }
}
