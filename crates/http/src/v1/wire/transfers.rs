//! Transfers, their parts, and holds.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountStatus, Amount, CurrencyCode, Direction, Hold, Transfer, TransferPart,
};

use super::accounts::VelocityLimitReply;
use super::{Moment, Money, Shown};

#[derive(Serialize)]
pub(in crate::v1) struct TransferReply<'a> {
    id: Shown<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    amount: Shown<Money<'a>>,
    currency_code: Shown<CurrencyCode>,
    reference: Option<&'a str>,
    metadata: &'a BTreeMap<String, String>,
    created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'a str>,
    effective_at: Option<Moment>,
    reverses: Option<Shown<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_amount: Option<Shown<Money<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<HoldReply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_change: Option<AccountChangeReply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_id: Option<Shown<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<Shown<Uuid>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    follower_ids: Vec<Shown<Uuid>>,
    parts: Vec<TransferPartReply<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    followers: Vec<TransferReply<'a>>,
}

impl<'a> TransferReply<'a> {
    /// The transfer as it was decided, and how much was taken back since, if that is to be told.
    pub(in crate::v1) fn of(
        transfer: &'a Transfer,
        reversed: Option<&'a Amount>,
        precision: u8,
    ) -> Self {
        let details = &transfer.details;
        let parts = transfer.parts.iter();
        let change = transfer.account_change.as_ref();
        Self {
            id: Shown(transfer.id.as_uuid()),
            transfer_type: transfer.transfer_type.as_str(),
            amount: Shown(Money(&transfer.amount, precision)),
            currency_code: Shown(transfer.currency_code),
            reference: details.reference.as_ref().map(|text| text.as_str()),
            metadata: details.metadata.entries(),
            created_at: Moment(transfer.created_at),
            created_by: details.created_by.as_ref().map(|actor| actor.as_str()),
            effective_at: details.effective_at.map(Moment),
            reverses: transfer.reverses.map(|id| Shown(id.as_uuid())),
            reversed_amount: reversed.map(|amount| Shown(Money(amount, precision))),
            hold: transfer
                .hold
                .as_ref()
                .map(|hold| HoldReply::of(hold, precision)),
            account_change: change.map(|change| AccountChangeReply::of(change, precision)),
            quote_id: transfer.quote_id.map(|id| Shown(id.as_uuid())),
            follows: transfer.link.leader().map(|id| Shown(id.as_uuid())),
            follower_ids: transfer.followers().map(|id| Shown(id.as_uuid())).collect(),
            parts: parts
                .map(|part| TransferPartReply::of(part, precision))
                .collect(),
            followers: Vec::new(),
        }
    }

    /// The same with what was carried out with it, each with the precision of its currency.
    pub(in crate::v1) fn followed_by(
        self,
        followers: impl Iterator<Item = (&'a Transfer, u8)>,
    ) -> Self {
        let followers = followers.map(|(transfer, precision)| Self::of(transfer, None, precision));
        Self {
            followers: followers.collect(),
            ..self
        }
    }
}

/// A hold.
#[derive(Serialize)]
pub(in crate::v1) struct HoldReply<'a> {
    id: Shown<Uuid>,
    sender_account_id: Shown<Uuid>,
    receiver_account_id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    amount: Shown<Money<'a>>,
    captured_amount: Shown<Money<'a>>,
    held_amount: String,
    state: &'static str,
    created_at: Moment,
    expires_at: Option<Moment>,
}

impl<'a> HoldReply<'a> {
    pub(in crate::v1) fn of(hold: &'a Hold, precision: u8) -> Self {
        Self {
            id: Shown(hold.id.as_uuid()),
            sender_account_id: Shown(hold.sender_account_id.as_uuid()),
            receiver_account_id: Shown(hold.receiver_account_id.as_uuid()),
            currency_code: Shown(hold.currency_code),
            amount: Shown(Money(&hold.amount, precision)),
            captured_amount: Shown(Money(&hold.captured, precision)),
            held_amount: Money(&hold.held(), precision).to_string(),
            state: hold.state.as_str(),
            created_at: Moment(hold.created_at),
            expires_at: hold.expires_at.map(Moment),
        }
    }
}

/// What was changed about the rules of an account; null where it was not.
#[derive(Serialize)]
struct AccountChangeReply<'a> {
    credit_limit: Option<Shown<Money<'a>>>,
    status: Option<&'static str>,
    velocity_limits: Option<Vec<VelocityLimitReply<'a>>>,
}

impl<'a> AccountChangeReply<'a> {
    fn of(change: &'a AccountChange, precision: u8) -> Self {
        let limit = change.credit_limit.as_ref();
        let limits = change.velocity_limits.as_ref().map(|limits| {
            let limits = limits.iter();
            limits
                .map(|limit| VelocityLimitReply::of(limit, precision))
                .collect()
        });
        Self {
            credit_limit: limit.map(|amount| Shown(Money(amount, precision))),
            status: change.status.map(AccountStatus::as_str),
            velocity_limits: limits,
        }
    }
}

/// A part, inside its transfer.
#[derive(Serialize)]
struct TransferPartReply<'a> {
    account_id: Shown<Uuid>,
    direction: &'static str,
    amount: Shown<Money<'a>>,
    balance: Shown<Money<'a>>,
    held_balance: Shown<Money<'a>>,
    available_balance: String,
    version: u64,
}

impl<'a> TransferPartReply<'a> {
    fn of(part: &'a TransferPart, precision: u8) -> Self {
        let money = |amount| Shown(Money(amount, precision));
        Self {
            account_id: Shown(part.account_id.as_uuid()),
            direction: match part.direction {
                Direction::Incoming => "incoming",
                Direction::Outgoing => "outgoing",
            },
            amount: money(&part.amount),
            balance: money(&part.balance),
            held_balance: money(&part.held),
            available_balance: Money(&part.available(), precision).to_string(),
            version: part.version,
        }
    }
}

/// A part, in its account's history.
#[derive(Serialize)]
pub(in crate::v1) struct HistoryEntry<'a> {
    transfer_id: Shown<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    corresponding_account_id: Option<Shown<Uuid>>,
    currency_code: Shown<CurrencyCode>,
    created_at: Moment,
    effective_at: Option<Moment>,
    #[serde(flatten)]
    part: TransferPartReply<'a>,
}

impl<'a> HistoryEntry<'a> {
    pub(in crate::v1) fn of(part: &'a TransferPart, precision: u8) -> Self {
        let corresponding = part.corresponding_account_id;
        Self {
            transfer_id: Shown(part.transfer_id.as_uuid()),
            transfer_type: part.transfer_type.as_str(),
            corresponding_account_id: corresponding.map(|id| Shown(id.as_uuid())),
            currency_code: Shown(part.currency_code),
            created_at: Moment(part.created_at),
            effective_at: part.effective_at.map(Moment),
            part: TransferPartReply::of(part, precision),
        }
    }
}
