//! Transfers and their parts, as replies have them.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountStatus, Amount, CurrencyCode, Direction, Transfer, TransferPart,
};

use crate::v1::protocol::wire::{Moment, Money, Shown};
use crate::v1::resources::accounts::wire::VelocityLimitReply;
use crate::v1::resources::holds::wire::HoldReply;

#[derive(Serialize)]
pub(crate) struct TransferReply<'a> {
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
    /// The transfer as it was decided, and how much was reversed since, if that is shown.
    pub(crate) fn new(transfer: &'a Transfer, reversed: Option<&'a Amount>, precision: u8) -> Self {
        let details = &transfer.details;
        let parts = transfer.parts.iter();
        let change = transfer.account_change();
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
            reverses: transfer.reverses().map(|id| Shown(id.as_uuid())),
            reversed_amount: reversed.map(|amount| Shown(Money(amount, precision))),
            hold: transfer.hold().map(|hold| HoldReply::new(hold, precision)),
            account_change: change.map(|change| AccountChangeReply::new(change, precision)),
            quote_id: transfer.quote_id().map(|id| Shown(id.as_uuid())),
            follows: transfer.link.leader().map(|id| Shown(id.as_uuid())),
            follower_ids: transfer.followers().map(|id| Shown(id.as_uuid())).collect(),
            parts: parts
                .map(|part| TransferPartReply::new(part, precision))
                .collect(),
            followers: Vec::new(),
        }
    }

    /// The same with its followers, each with the precision of its currency.
    pub(crate) fn followed_by(self, followers: impl Iterator<Item = (&'a Transfer, u8)>) -> Self {
        let followers = followers.map(|(transfer, precision)| Self::new(transfer, None, precision));
        Self {
            followers: followers.collect(),
            ..self
        }
    }
}

/// What changed in the rules of an account; null where nothing did.
#[derive(Serialize)]
struct AccountChangeReply<'a> {
    credit_limit: Option<Shown<Money<'a>>>,
    status: Option<&'static str>,
    velocity_limits: Option<Vec<VelocityLimitReply<'a>>>,
}

impl<'a> AccountChangeReply<'a> {
    fn new(change: &'a AccountChange, precision: u8) -> Self {
        let limit = change.credit_limit.as_ref();
        let limits = change.velocity_limits.as_ref().map(|limits| {
            let limits = limits.iter();
            limits
                .map(|limit| VelocityLimitReply::new(limit, precision))
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
pub(crate) struct TransferPartReply<'a> {
    account_id: Shown<Uuid>,
    direction: &'static str,
    amount: Shown<Money<'a>>,
    balance: Shown<Money<'a>>,
    held_balance: Shown<Money<'a>>,
    available_balance: String,
    version: u64,
}

impl<'a> TransferPartReply<'a> {
    pub(crate) fn new(part: &'a TransferPart, precision: u8) -> Self {
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
