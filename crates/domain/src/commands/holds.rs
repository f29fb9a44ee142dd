//! Placing a hold, and changing it: increase, capture, void, expire.

use uuid::Uuid;

use super::{InternalTransfer, Replay, Terms};
use crate::records::{Hold, HoldAction, HoldState, TransferDetails};
use crate::values::{AccountId, Amount, CurrencyCode, Timestamp, TransferId};

/// Holds money of one account for another: an internal transfer that is prepared now, and applied
/// by captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceHold {
    pub(crate) transfer: InternalTransfer,
    pub(crate) expires_at: Option<Timestamp>,
}

impl PlaceHold {
    /// Holds what `transfer` would move. The hold has the id of the transfer.
    #[must_use]
    pub fn new(transfer: InternalTransfer, expires_at: Option<Timestamp>) -> Self {
        Self {
            transfer,
            expires_at,
        }
    }

    /// The id of the hold.
    #[must_use]
    pub fn id(&self) -> TransferId {
        self.transfer.transfer_id
    }

    /// The hold that this command places, for commands about it that are submitted before it is
    /// placed.
    #[must_use]
    pub fn hold(&self, created_at: Timestamp) -> Hold {
        Hold {
            id: self.transfer.transfer_id,
            sender_account_id: self.transfer.sender_account_id,
            receiver_account_id: self.transfer.receiver_account_id,
            currency_code: self.transfer.currency_code,
            amount: self.transfer.amount.clone(),
            captured: Amount::zero(),
            state: HoldState::Open,
            created_at,
            expires_at: self.expires_at,
        }
    }
}

/// Changes a hold. Built only by [`ChangeHold::new`] and [`ChangeHold::expire`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeHold {
    pub(crate) transfer_id: TransferId,
    pub(crate) hold_id: TransferId,
    pub(crate) sender_account_id: AccountId,
    pub(crate) receiver_account_id: AccountId,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) action: HoldAction,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
}

/// Namespace of the ids of expiries, which are derived from the hold's id. Random, and must never
/// change.
const EXPIRIES: Uuid = Uuid::from_u128(0x5b0f_7c52_9d1e_4f6a_8c37_2e64_a1d9_0b83);

impl ChangeHold {
    /// Changes `hold`. Its accounts and currency never change, so it may have been read at any
    /// time.
    #[must_use]
    pub fn new(
        hold: &Hold,
        transfer_id: TransferId,
        action: HoldAction,
        details: TransferDetails,
        terms: Terms,
    ) -> Self {
        Self {
            transfer_id,
            hold_id: hold.id,
            sender_account_id: hold.sender_account_id,
            receiver_account_id: hold.receiver_account_id,
            currency_code: hold.currency_code,
            action,
            details,
            terms,
        }
    }

    /// Releases the rest of an expired hold.
    ///
    /// The id is derived from the hold's. So any number of callers may expire a hold, repeatedly
    /// and concurrently. If a client has used exactly that id for something else, this is refused
    /// with `id_already_used`; [`HoldAction::Expire`] under any other id does the same.
    #[must_use]
    pub fn expire(hold: &Hold) -> Self {
        let id = Uuid::new_v5(&EXPIRIES, hold.id.as_uuid().as_bytes());
        // A UUID with a version is never the nil UUID.
        let transfer_id = TransferId::new(id).unwrap_or(hold.id);
        let terms = Terms {
            replay: Replay::SameContent,
            ..Terms::default()
        };
        let details = TransferDetails::default();
        Self::new(hold, transfer_id, HoldAction::Expire, details, terms)
    }
}
