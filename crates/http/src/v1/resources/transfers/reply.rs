//! The replies with transfers and their parts.

use wallet_domain::{
    AccountChange, AccountId, AccountStatus, Amount, CurrencyCode, Direction, Metadata, QuoteId,
    ShortText, Timestamp, Transfer, TransferId, TransferPart, TransferType,
};

use crate::v1::protocol::{Money, OmitNone, reply};
use crate::v1::resources::accounts::reply::VelocityLimitReply;
use crate::v1::resources::holds::reply::HoldOfTransferReply;

reply! {
    /// A transfer, as it was applied.
    pub(crate) struct TransferReply {
        id: TransferId,
        transfer_type as "type": TransferType,
        amount: Money,
        currency_code: CurrencyCode,
        reference: Option<ShortText>,
        metadata: Metadata,
        created_at: Timestamp,
        /// The name of the key or token that requested the transfer. A caller that is limited to
        /// accounts sees only its own name.
        created_by: OmitNone<String>,
        effective_at: Option<Timestamp>,
        /// The transfer that this one reverses.
        reverses: Option<TransferId>,
        /// How much of the transfer has been reversed; only in the response to a read.
        reversed_amount: OmitNone<Money>,
        /// The hold that the transfer placed or changed, as it was afterwards.
        hold: OmitNone<HoldOfTransferReply>,
        account_change: OmitNone<AccountChangeReply>,
        /// The quote that the transfer used.
        quote_id: OmitNone<QuoteId>,
        /// The transfer that this one follows: both were applied together.
        follows: OmitNone<TransferId>,
        /// The transfers that follow this one, for example its fee: all were applied together.
        follower_ids: OmitNone<Vec<TransferId>>,
        parts: Vec<TransferPartReply>,
        /// The transfers of `follower_ids`, in full; only in the response to the write.
        followers: OmitNone<Vec<TransferReply>>,
    }
}

impl TransferReply {
    /// The transfer as it was decided, and how much of it has been reversed, if the reply shows
    /// that.
    pub(crate) fn new(transfer: Transfer, reversed: Option<Amount>, precision: u8) -> Self {
        let money = |amount| Money::new(amount, precision);
        let (reverses, quote_id) = (transfer.reverses(), transfer.quote_id());
        let hold = transfer
            .hold()
            .map(|hold| HoldOfTransferReply::new(hold, precision));
        let change = transfer.account_change();
        let change = change.map(|change| AccountChangeReply::new(change, precision));
        let follower_ids: Vec<TransferId> = transfer.followers().collect();
        let parts = transfer.parts.into_iter();
        let parts = parts.map(|part| TransferPartReply::new(part, precision));
        let parts = parts.collect();
        let details = transfer.details;
        let created_by = details.created_by.map(|actor| actor.as_str().to_owned());
        Self {
            id: transfer.id,
            transfer_type: transfer.transfer_type,
            amount: money(transfer.amount),
            currency_code: transfer.currency_code,
            reference: details.reference,
            metadata: details.metadata,
            created_at: transfer.created_at,
            created_by: created_by.into(),
            effective_at: details.effective_at,
            reverses,
            reversed_amount: reversed.map(money).into(),
            hold: hold.into(),
            account_change: change.into(),
            quote_id: quote_id.into(),
            follows: transfer.link.leader().into(),
            follower_ids: follower_ids.into(),
            parts,
            followers: OmitNone(None),
        }
    }
}

reply! {
    /// The controls of an account that a transfer changed; null if it did not change them.
    pub(crate) struct AccountChangeReply {
        credit_limit: Option<Money>,
        status: Option<AccountStatus>,
        velocity_limits: Option<Vec<VelocityLimitReply>>,
    }
}

impl AccountChangeReply {
    fn new(change: &AccountChange, precision: u8) -> Self {
        let limit = change.credit_limit.clone();
        let limits = change.velocity_limits.as_ref();
        Self {
            credit_limit: limit.map(|amount| Money::new(amount, precision)),
            status: change.status,
            velocity_limits: limits.map(|limits| VelocityLimitReply::list(limits, precision)),
        }
    }
}

reply! {
    /// One side of a transfer: what it did to one account.
    pub(crate) struct TransferPartReply {
        account_id: AccountId,
        direction: Direction,
        amount: Money,
        /// The balance after the transfer.
        balance: Money,
        /// The held balance after the transfer.
        held_balance: Money,
        /// The available balance after the transfer.
        available_balance: Money,
        /// The number of this part among those of its account, counted from 1.
        version: u64,
    }
}

impl TransferPartReply {
    pub(crate) fn new(part: TransferPart, precision: u8) -> Self {
        let money = |amount| Money::new(amount, precision);
        Self {
            account_id: part.account_id,
            direction: part.direction,
            available_balance: money(part.available()),
            amount: money(part.amount),
            balance: money(part.balance),
            held_balance: money(part.held),
            version: part.version,
        }
    }
}
