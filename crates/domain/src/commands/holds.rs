//! Commands about money that is set aside.

use uuid::Uuid;

use super::{InternalTransfer, Replay, Terms};
use crate::records::{Hold, HoldAction, HoldState, TransferDetails};
use crate::values::{AccountId, Amount, CurrencyCode, Timestamp, TransferId};

/// Sets money aside for another account: an internal transfer that is prepared, and carried out by captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceHold {
    pub(crate) transfer: InternalTransfer,
    pub(crate) expires_at: Option<Timestamp>,
}

impl PlaceHold {
    /// Holds what `transfer` would move. The hold's id is the transfer's.
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

    /// The hold that this places, for commands about it that are handed in before it is placed.
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

/// Does something with a hold. Built by [`ChangeHold::new`] and [`ChangeHold::expire`] only.
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

/// Of ids that are derived from a hold's. Random, and never to change.
const EXPIRIES: Uuid = Uuid::from_u128(0x5b0f_7c52_9d1e_4f6a_8c37_2e64_a1d9_0b83);

impl ChangeHold {
    /// Does something with `hold`, whose accounts and currency never change; so it may have been read at any time.
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

    /// Lets go what is left of a hold whose time is over.
    ///
    /// The id is made of the hold's, so whoever sees to expired holds may do so as often as they want, and several at
    /// the same time. If a client has used just that id for something else, this is refused with `id_already_used`;
    /// [`HoldAction::Expire`] under any other id does the same.
    #[must_use]
    pub fn expire(hold: &Hold) -> Self {
        let id = Uuid::new_v5(&EXPIRIES, hold.id.as_uuid().as_bytes());
        // A UUID with a version in it is not the nil one.
        let transfer_id = TransferId::new(id).unwrap_or(hold.id);
        let terms = Terms {
            replay: Replay::SameContent,
            ..Terms::default()
        };
        let details = TransferDetails::default();
        Self::new(hold, transfer_id, HoldAction::Expire, details, terms)
    }
}
