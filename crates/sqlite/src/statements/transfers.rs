//! Reads and writes transfers, and stores their effects other than moving money.

use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{ACTOR_MAX, Direction, Transfer};

use super::{
    AMOUNT, AMOUNT_WIDTH, CODE, CODE_WIDTH, Column, IDS, OPTIONAL_AMOUNT, records_from_ids,
};
use crate::fixed_width::{Field, Records, Statement, execute, insert, load, with_record};
use crate::rows::{DetailsOfTransferRow, TransferRow, stored_version};

/// Those of the transfers that exist, each with the balances of its parts.
pub(crate) fn transfer_load(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = Uuid>,
) -> QueryResult<Vec<TransferRow>> {
    load::<TransferLoad, _>(connection, &records_from_ids(ids))
}

pub(super) struct TransferLoad;

type Side = (
    Nullable<Binary>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
);

type Details = (
    Nullable<Text>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
);

type HoldOfTransfer = (
    Nullable<Binary>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
    Nullable<BigInt>,
    Nullable<BigInt>,
);

impl Statement for TransferLoad {
    type SqlType = (
        Binary,
        Integer,
        Text,
        Text,
        BigInt,
        Side,
        Side,
        Details,
        Nullable<Binary>,
        Nullable<Text>,
        HoldOfTransfer,
        (Nullable<Text>, Nullable<Integer>, Nullable<Text>),
        (Nullable<Binary>, Nullable<BigInt>, Nullable<Binary>),
    );

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT t.id, t.type, t.currency_code, t.amount, t.created_at, \
                   t.sender_account_id, t.sender_version, s.balance, \
                   s.held, s.credit_limit, s.status, \
                   t.receiver_account_id, t.receiver_version, r.balance, \
                   r.held, r.credit_limit, r.status, \
                   t.reference, t.metadata, t.effective_at, t.created_by, \
                   t.reverses, t.reversed_amount, \
                   e.hold_id, e.hold_amount, e.hold_captured, e.hold_state, e.hold_created_at, \
                   e.hold_expires_at, e.credit_limit, e.status, e.velocity_limits, \
                   e.leader_id, e.followers, e.quote_id \
                   FROM record CROSS JOIN transfers t ON t.id = substr(?1, at, 16) \
                   LEFT JOIN transfer_parts s \
                   ON s.account_id = t.sender_account_id AND s.version = t.sender_version \
                   LEFT JOIN transfer_parts r \
                   ON r.account_id = t.receiver_account_id AND r.version = t.receiver_version \
                   LEFT JOIN transfer_effects e ON e.transfer_id = t.id"
        });
        &SQL
    }
}

/// The details of those of the transfers that exist.
pub(crate) fn details_load(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = Uuid>,
) -> QueryResult<Vec<DetailsOfTransferRow>> {
    load::<DetailsLoad, _>(connection, &records_from_ids(ids))
}

pub(super) struct DetailsLoad;

impl Statement for DetailsLoad {
    type SqlType = (Binary, Details);

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT t.id, t.reference, t.metadata, t.effective_at, t.created_by \
                   FROM record CROSS JOIN transfers t ON t.id = substr(?1, at, 16)"
        });
        &SQL
    }
}

/// Stores new transfers, without their parts.
pub(crate) fn transfer_insert(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    // In the order of the table, so that neighbours share a page write.
    let mut sorted: Vec<&Transfer> = transfers.iter().collect();
    sorted.sort_unstable_by_key(|transfer| transfer.id);

    let has_actors = transfers.iter().any(|it| it.details.created_by.is_some());

    let mut records = Records::default();
    for transfer in sorted {
        let side = |direction| {
            transfer
                .parts
                .iter()
                .find(|part| part.direction == direction)
        };
        // A side without a part may be named by the part of the other side: the receiver of a hold.
        let named = || transfer.parts.first()?.corresponding_account_id;
        records.id(transfer.id.as_uuid());
        records.integer(transfer.transfer_type.number());
        records.text(transfer.currency_code, CODE_WIDTH);
        records.text(&transfer.amount, AMOUNT_WIDTH);
        for part in [side(Direction::Outgoing), side(Direction::Incoming)] {
            let account_id = part.map(|part| part.account_id).or_else(named);
            records.optional_id(account_id.map(|id| id.as_uuid()));
            records.integer(stored_version(part.map_or(0, |part| part.version))?);
        }
        records.integer(transfer.created_at.as_micros());
        if has_actors {
            records.optional_text(transfer.details.created_by.as_ref(), ACTOR_MAX);
        }
    }
    match has_actors {
        false => execute::<TransferInsert>(connection, &records),
        true => execute::<TransferInsertWithActors>(connection, &records),
    }
}

const TRANSFER: [Column; 9] = [
    ("id", Field::Id),
    ("type", Field::Integer),
    ("currency_code", CODE),
    ("amount", AMOUNT),
    ("sender_account_id", Field::OptionalId),
    ("sender_version", Field::OptionalInteger),
    ("receiver_account_id", Field::OptionalId),
    ("receiver_version", Field::OptionalInteger),
    ("created_at", Field::Integer),
];

/// Without authentication there are no actors, and the column is not bound.
const TRANSFER_ACTOR: [Column; 1] = [("created_by", Field::OptionalText(ACTOR_MAX))];

pub(super) struct TransferInsert;

impl Statement for TransferInsert {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| insert("transfers", &TRANSFER));
        &SQL
    }
}

pub(super) struct TransferInsertWithActors;

impl Statement for TransferInsertWithActors {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> =
            LazyLock::new(|| insert("transfers", &[&TRANSFER[..], &TRANSFER_ACTOR].concat()));
        &SQL
    }
}

/// Stores the effects of new transfers other than moving money, if there are any.
pub(crate) fn transfer_effect_insert(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let has_effect = |it: &&Transfer| !it.moves_money_alone();
    let mut sorted: Vec<&Transfer> = transfers.iter().filter(has_effect).collect();
    if sorted.is_empty() {
        return Ok(0);
    }
    sorted.sort_unstable_by_key(|transfer| transfer.id);

    let mut records = Records::default();
    for transfer in sorted {
        let hold = transfer.hold();
        let expires_at = hold.and_then(|hold| hold.expires_at);
        records.id(transfer.id.as_uuid());
        records.optional_id(hold.map(|hold| hold.id.as_uuid()));
        records.optional_text(hold.map(|hold| &hold.amount), AMOUNT_WIDTH);
        records.optional_text(hold.map(|hold| &hold.captured), AMOUNT_WIDTH);
        records.optional_number(hold.map(|hold| hold.state.number()));
        records.optional_number(hold.map(|hold| hold.created_at.as_micros()));
        records.optional_number(expires_at.map(|at| at.as_micros()));
        let change = transfer.account_change();
        let credit_limit = change.and_then(|change| change.credit_limit.as_ref());
        let status = change.and_then(|change| change.status);
        records.optional_text(credit_limit, AMOUNT_WIDTH);
        records.optional_number(status.map(Numbered::number));
        records.optional_id(transfer.link.leader().map(|id| id.as_uuid()));
        records.optional_number(transfer.link.followers());
        records.optional_id(transfer.quote_id().map(|id| id.as_uuid()));
    }
    execute::<TransferEffectInsert>(connection, &records)
}

const EFFECT: [Column; 12] = [
    ("transfer_id", Field::Id),
    ("hold_id", Field::OptionalId),
    ("hold_amount", OPTIONAL_AMOUNT),
    ("hold_captured", OPTIONAL_AMOUNT),
    ("hold_state", Field::OptionalNumber),
    ("hold_created_at", Field::OptionalNumber),
    ("hold_expires_at", Field::OptionalNumber),
    ("credit_limit", OPTIONAL_AMOUNT),
    ("status", Field::OptionalNumber),
    ("leader_id", Field::OptionalId),
    ("followers", Field::OptionalNumber),
    ("quote_id", Field::OptionalId),
];

pub(super) struct TransferEffectInsert;

impl Statement for TransferEffectInsert {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| insert("transfer_effects", &EFFECT));
        &SQL
    }
}
