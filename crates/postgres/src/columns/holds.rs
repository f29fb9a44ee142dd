//! The columns that only holds and account rules fill, in the same row order as the other columns.

use bigdecimal::BigDecimal;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::pg::data_types::PgTimestamp;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{Account, AccountStatus, Amount, Hold, Transfer, TransferPart, WriteSet};

use super::{in_id_order, in_key_order};
use crate::rows::stored_time;

/// All of them for a batch.
pub(crate) struct Rules<'a> {
    pub(crate) accounts: RuleColumns<'a>,
    pub(crate) parts: RuleColumns<'a>,
    pub(crate) transfers: Effects<'a>,
    pub(crate) holds: Holds<'a>,
}

impl<'a> Rules<'a> {
    /// `None` if there is nothing to fill in, which is the usual case.
    pub(crate) fn new(writes: &'a WriteSet) -> Option<Self> {
        if writes.holds.is_empty() && writes.transfers.iter().all(Transfer::is_plain) {
            return None;
        }
        Some(Self {
            accounts: RuleColumns::from_accounts(writes.accounts_changed.iter()),
            parts: RuleColumns::from_parts(&in_key_order(&writes.transfers)),
            transfers: Effects::new(&writes.transfers),
            holds: Holds::new(&writes.holds),
        })
    }
}

/// The state of accounts other than the balance, now or after a part.
pub(crate) struct RuleColumns<'a> {
    held: Vec<Option<&'a BigDecimal>>,
    credit_limit: Vec<Option<&'a BigDecimal>>,
    status: Vec<Option<i16>>,
}

impl<'a> RuleColumns<'a> {
    pub(super) fn from_accounts(accounts: impl Iterator<Item = &'a Account>) -> Self {
        Self::new(accounts.map(|it| (&it.held, it.credit_limit.as_ref(), it.status)))
    }

    fn from_parts(parts: &[&'a TransferPart]) -> Self {
        let parts = parts.iter();
        Self::new(parts.map(|it| (&it.held, it.credit_limit.as_ref(), it.status)))
    }

    fn new(rows: impl Iterator<Item = (&'a Amount, Option<&'a Amount>, AccountStatus)>) -> Self {
        let mut columns = Self {
            held: Vec::new(),
            credit_limit: Vec::new(),
            status: Vec::new(),
        };
        for (held, credit_limit, status) in rows {
            let something = (!held.is_zero()).then(|| held.as_decimal());
            columns.held.push(something);
            let limit = credit_limit.map(Amount::as_decimal);
            columns.credit_limit.push(limit);
            let is_special = status != AccountStatus::Active;
            columns.status.push(is_special.then(|| status.number()));
        }
        columns
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.held)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.credit_limit)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.status)
    }
}

/// For each transfer: its hold after the transfer, its account change, and what was applied
/// together with it.
pub(crate) struct Effects<'a> {
    id: Vec<Option<Uuid>>,
    amount: Vec<Option<&'a BigDecimal>>,
    captured: Vec<Option<&'a BigDecimal>>,
    state: Vec<Option<i16>>,
    created_at: Vec<Option<PgTimestamp>>,
    expires_at: Vec<Option<PgTimestamp>>,
    credit_limit: Vec<Option<&'a BigDecimal>>,
    status: Vec<Option<i16>>,
    leader_id: Vec<Option<Uuid>>,
    followers: Vec<Option<i16>>,
    quote_id: Vec<Option<Uuid>>,
}

impl<'a> Effects<'a> {
    fn new(transfers: &'a [Transfer]) -> Self {
        let transfers = in_id_order(transfers);
        let holds = transfers.iter().map(|transfer| transfer.hold());
        let changes = transfers.iter().map(|it| it.account_change());
        let links = transfers.iter().map(|it| it.link);
        let limits = changes.clone().map(|it| it?.credit_limit.as_ref());
        let expiries = holds.clone().map(|it| it?.expires_at.map(stored_time));
        Self {
            id: holds.clone().map(|it| Some(it?.id.as_uuid())).collect(),
            amount: holds
                .clone()
                .map(|it| Some(it?.amount.as_decimal()))
                .collect(),
            captured: holds
                .clone()
                .map(|it| Some(it?.captured.as_decimal()))
                .collect(),
            state: holds.clone().map(|it| Some(it?.state.number())).collect(),
            created_at: holds.map(|it| Some(stored_time(it?.created_at))).collect(),
            expires_at: expiries.collect(),
            credit_limit: limits.map(|it| it.map(Amount::as_decimal)).collect(),
            status: changes.map(|it| it?.status.map(Numbered::number)).collect(),
            leader_id: links
                .clone()
                .map(|link| link.leader().map(|id| id.as_uuid()))
                .collect(),
            followers: links.map(|link| link.followers().map(i16::from)).collect(),
            quote_id: transfers
                .iter()
                .map(|it| it.quote_id().map(|id| id.as_uuid()))
                .collect(),
        }
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.amount)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.captured)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.state)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.expires_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.credit_limit)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.status)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.leader_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.followers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.quote_id)
    }
}

/// Holds as they are after a batch.
pub(crate) struct Holds<'a> {
    id: Vec<Uuid>,
    sender_account_id: Vec<Uuid>,
    receiver_account_id: Vec<Uuid>,
    currency_code: Vec<&'a str>,
    amount: Vec<&'a BigDecimal>,
    captured: Vec<&'a BigDecimal>,
    state: Vec<i16>,
    created_at: Vec<PgTimestamp>,
    expires_at: Vec<Option<PgTimestamp>>,
}

impl<'a> Holds<'a> {
    /// The holds must be in id order.
    fn new(holds: &'a [Hold]) -> Self {
        let senders = holds.iter().map(|hold| hold.sender_account_id);
        let receivers = holds.iter().map(|hold| hold.receiver_account_id);
        let ends = holds.iter().map(|hold| hold.expires_at.map(stored_time));
        let starts = holds.iter().map(|hold| stored_time(hold.created_at));
        let codes = holds.iter().map(|hold| hold.currency_code.as_str());
        Self {
            id: holds.iter().map(|hold| hold.id.as_uuid()).collect(),
            sender_account_id: senders.map(|id| id.as_uuid()).collect(),
            receiver_account_id: receivers.map(|id| id.as_uuid()).collect(),
            currency_code: codes.collect(),
            amount: holds.iter().map(|hold| hold.amount.as_decimal()).collect(),
            captured: holds
                .iter()
                .map(|hold| hold.captured.as_decimal())
                .collect(),
            state: holds.iter().map(|hold| hold.state.number()).collect(),
            created_at: starts.collect(),
            expires_at: ends.collect(),
        }
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<SqlUuid>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.sender_account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.receiver_account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.currency_code)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amount)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.captured)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&self.state)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.expires_at)
    }
}
