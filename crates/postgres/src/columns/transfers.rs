//! The columns of transfers and of their parts.

use bigdecimal::BigDecimal;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::pg::data_types::PgTimestamp;
use diesel::query_builder::AstPass;
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{Actor, Direction, ShortText, Transfer, TransferPart};

use super::{in_id_order, in_key_order};
use crate::rows::{stored_metadata, stored_time, stored_version};

/// Transfers without their parts.
pub(crate) struct Transfers<'a> {
    id: Vec<Uuid>,
    transfer_type: Vec<i16>,
    currency_code: Vec<&'a str>,
    amount: Vec<&'a BigDecimal>,
    sender_account_id: Vec<Option<Uuid>>,
    sender_version: Vec<Option<i64>>,
    receiver_account_id: Vec<Option<Uuid>>,
    receiver_version: Vec<Option<i64>>,
    created_at: Vec<PgTimestamp>,
}

impl<'a> Transfers<'a> {
    pub(crate) fn new(transfers: &'a [Transfer]) -> QueryResult<Self> {
        let transfers = in_id_order(transfers);
        let side = |direction| {
            let parts = transfers.iter().map(move |transfer| {
                transfer
                    .parts
                    .iter()
                    .find(|part| part.direction == direction)
            });
            // A side without a part may be named by the part of the other side: the receiver of a
            // hold.
            let ids = transfers.iter().zip(parts.clone()).map(|(transfer, part)| {
                let named = || transfer.parts.first()?.corresponding_account_id;
                let id = part.map(|part| part.account_id).or_else(named);
                id.map(|id| id.as_uuid())
            });
            let versions = parts.map(|part| part.map(|part| stored_version(part.version)));
            let versions: QueryResult<Vec<_>> = versions.map(Option::transpose).collect();
            versions.map(|versions| (ids.collect(), versions))
        };
        let (sender_account_id, sender_version) = side(Direction::Outgoing)?;
        let (receiver_account_id, receiver_version) = side(Direction::Incoming)?;
        Ok(Self {
            id: transfers
                .iter()
                .map(|transfer| transfer.id.as_uuid())
                .collect(),
            transfer_type: transfers.iter().map(|t| t.transfer_type.number()).collect(),
            currency_code: transfers.iter().map(|t| t.currency_code.as_str()).collect(),
            amount: transfers
                .iter()
                .map(|transfer| transfer.amount.as_decimal())
                .collect(),
            sender_account_id,
            sender_version,
            receiver_account_id,
            receiver_version,
            created_at: transfers
                .iter()
                .map(|t| stored_time(t.created_at))
                .collect(),
        })
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<SqlUuid>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&self.transfer_type)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.currency_code)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amount)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.sender_account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&self.sender_version)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.receiver_account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&self.receiver_version)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.created_at)
    }
}

/// The details of transfers, and what they reverse, in the order of [`Transfers`].
pub(crate) struct Details<'a> {
    reference: Vec<Option<&'a str>>,
    metadata: Vec<Option<String>>,
    effective_at: Vec<Option<PgTimestamp>>,
    reverses: Vec<Option<Uuid>>,
    created_by: Vec<Option<&'a str>>,
}

impl<'a> Details<'a> {
    /// `None` if no transfer has any, which is the usual case.
    pub(crate) fn new(transfers: &'a [Transfer]) -> QueryResult<Option<Self>> {
        let is_silent = |t: &Transfer| t.details.is_empty() && t.reverses().is_none();
        if transfers.iter().all(is_silent) {
            return Ok(None);
        }
        let transfers = in_id_order(transfers);
        let details = transfers.iter().map(|transfer| &transfer.details);
        let metadata = details.clone().map(|it| stored_metadata(&it.metadata));
        Ok(Some(Self {
            metadata: metadata.collect(),
            reference: details
                .clone()
                .map(|it| it.reference.as_ref().map(ShortText::as_str))
                .collect(),
            effective_at: details
                .clone()
                .map(|it| it.effective_at.map(stored_time))
                .collect(),
            created_by: details
                .map(|it| it.created_by.as_ref().map(Actor::as_str))
                .collect(),
            reverses: transfers
                .iter()
                .map(|transfer| transfer.reverses().map(|id| id.as_uuid()))
                .collect(),
        }))
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.reference)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.metadata)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.effective_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.reverses)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.created_by)
    }
}

/// The parts of transfers, in primary key order.
pub(crate) struct TransferParts<'a> {
    account_id: Vec<Uuid>,
    version: Vec<i64>,
    transfer_id: Vec<Uuid>,
    transfer_type: Vec<i16>,
    corresponding_account_id: Vec<Option<Uuid>>,
    direction: Vec<i16>,
    amount: Vec<&'a BigDecimal>,
    balance: Vec<&'a BigDecimal>,
    created_at: Vec<PgTimestamp>,
    effective_at: Vec<Option<PgTimestamp>>,
}

impl<'a> TransferParts<'a> {
    pub(crate) fn new(transfers: &'a [Transfer]) -> QueryResult<Self> {
        let parts = in_key_order(transfers);
        let versions = parts.iter().map(|part| stored_version(part.version));
        let corresponding = |part: &TransferPart| part.corresponding_account_id;
        Ok(Self {
            account_id: parts.iter().map(|part| part.account_id.as_uuid()).collect(),
            version: versions.collect::<QueryResult<_>>()?,
            transfer_id: parts
                .iter()
                .map(|part| part.transfer_id.as_uuid())
                .collect(),
            transfer_type: parts
                .iter()
                .map(|part| part.transfer_type.number())
                .collect(),
            corresponding_account_id: parts
                .iter()
                .map(|part| corresponding(part).map(|id| id.as_uuid()))
                .collect(),
            direction: parts.iter().map(|part| part.direction.number()).collect(),
            amount: parts.iter().map(|part| part.amount.as_decimal()).collect(),
            balance: parts.iter().map(|part| part.balance.as_decimal()).collect(),
            created_at: parts
                .iter()
                .map(|part| stored_time(part.created_at))
                .collect(),
            effective_at: parts
                .iter()
                .map(|part| part.effective_at.map(stored_time))
                .collect(),
        })
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<SqlUuid>, _>(&self.account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.version)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.transfer_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&self.transfer_type)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.corresponding_account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&self.direction)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amount)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.balance)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.created_at)
    }

    /// The column that is written only together with [`Details`].
    pub(crate) fn push_effective_at<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.effective_at)
    }
}
