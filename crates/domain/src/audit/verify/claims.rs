//! Compares state that changes after it was written with its changes.
//!
//! Each side claims something about a subject, for example a hold: its row claims what the hold is
//! now, and the transfers that placed and changed it claim what they made of it. Claims of rows are
//! added, claims of changes are subtracted, so each subject sums up to zero if both agree. Changes
//! come in any order: a change of a hold subtracts the hold after it and adds the hold before it
//! again, and all of these but the last cancel each other out.

mod sums;

use std::fmt;

pub(super) use self::sums::Claims;
use super::{Contradiction, Verification, VerifyError, check};
use crate::audit::walk;
use crate::ports::{HoldFilter, TransferState};
use crate::records::{
    AccessKey, Effect, Hold, HoldState, OperatorAction, OperatorActionKind, Quote, Spending,
    Transfer, TransferType,
};
use crate::values::{AccountId, QuoteId, TransferId};

/// The subject of claims.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Subject {
    /// How much of a transfer was reversed.
    Reversed(TransferId),
    /// A hold, as it is now.
    Hold(TransferId),
    /// The exchange that consumed a quote.
    Quote(QuoteId),
    /// A spending of an account that has velocity limits, by its version.
    Spending(AccountId, u64),
    /// The index entries by which a transfer is found.
    MetadataIndex(TransferId),
    /// How often the metadata of an account was changed.
    MetadataVersion(String),
    /// When a key was revoked.
    Revocation(String),
}

/// The source of a claim.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    /// The row that changes.
    Row,
    /// The records that changed it.
    Changes,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reversed(id) | Self::MetadataIndex(id) => write!(f, "transfer {}", id.as_uuid()),
            Self::Hold(id) => write!(f, "hold {}", id.as_uuid()),
            Self::Quote(id) => write!(f, "quote {}", id.as_uuid()),
            Self::Spending(id, version) => {
                let id = id.as_uuid();
                write!(f, "spending of account {id}, version {version}")
            }
            Self::MetadataVersion(id) => write!(f, "account {id}"),
            Self::Revocation(prefix) => write!(f, "key {prefix}"),
        }
    }
}

impl Subject {
    fn finding(&self) -> &'static str {
        match self {
            Self::Reversed(_) => "what was taken back of it is not the sum of its reversals",
            Self::Hold(_) => "it is not as the transfers that placed and changed it left it",
            Self::Quote(_) => "another exchange than it says consumed it, or none did",
            Self::Spending(..) => "it is not what the account's history says, or is missing",
            Self::MetadataIndex(_) => "the index of metadata has other entries than its metadata",
            Self::MetadataVersion(_) => "its metadata was changed more or less often than it says",
            Self::Revocation(_) => "it was revoked at another time than it says, or never",
        }
    }
}

impl Claims {
    /// Adds the claims of a transfer about other rows. Most make none.
    pub(super) fn transfer(&mut self, state: &TransferState) {
        let TransferState {
            transfer,
            reversed_amount,
        } = state;
        if reversed_amount.is_positive() {
            self.claim_amount(Side::Row, Subject::Reversed(transfer.id), reversed_amount);
        }
        match &transfer.effect {
            Effect::Moves => {}
            Effect::Reverses(original) => {
                let subject = Subject::Reversed(*original);
                self.claim_amount(Side::Changes, subject, &transfer.amount);
            }
            Effect::Holds(hold) => {
                self.hold(Side::Changes, hold);
                if let Some(before) = hold_before(transfer, hold) {
                    self.hold(Side::Row, &before);
                }
            }
            // The proof of the accounts compares their rules with these changes.
            Effect::ChangesAccount(_) => {}
            Effect::Exchanges(quote_id) => {
                self.claim(Side::Changes, Subject::Quote(*quote_id), transfer.id);
            }
        }
        for entry in transfer.details.metadata.entries() {
            let subject = Subject::MetadataIndex(transfer.id);
            self.claim(Side::Changes, subject, (entry, transfer.created_at));
        }
    }

    pub(super) fn spending(&mut self, side: Side, spending: &Spending) {
        let Spending {
            account_id,
            version,
            amount,
            // The clock of the decision; the time of the part may be ahead of it.
            created_at: _,
        } = spending;
        let subject = Subject::Spending(*account_id, *version);
        self.claim(side, subject, amount);
    }

    fn hold(&mut self, side: Side, hold: &Hold) {
        let Hold {
            id,
            sender_account_id,
            receiver_account_id,
            currency_code,
            amount,
            captured,
            state,
            created_at,
            expires_at,
        } = hold;
        let parties = (sender_account_id, receiver_account_id, currency_code);
        let content = (parties, amount, captured, state, created_at, expires_at);
        self.claim(side, Subject::Hold(*id), content);
    }

    pub(super) fn quote(&mut self, quote: &Quote) {
        if let Some(exchange_id) = quote.exchange_id {
            self.claim(Side::Row, Subject::Quote(quote.id), exchange_id);
        }
    }

    pub(super) fn key(&mut self, key: &AccessKey) {
        if let Some(at) = key.revoked_at {
            self.claim(Side::Row, Subject::Revocation(key.prefix.clone()), at);
        }
    }

    pub(super) fn action(&mut self, action: &OperatorAction) {
        let subject = || action.subject.clone();
        match action.kind {
            OperatorActionKind::MetadataChanged | OperatorActionKind::MetadataAdopted => {
                self.claim_count(Side::Changes, Subject::MetadataVersion(subject()), 1);
            }
            OperatorActionKind::KeyRevoked | OperatorActionKind::RevocationAdopted => {
                self.claim(
                    Side::Changes,
                    Subject::Revocation(subject()),
                    action.created_at,
                );
            }
            OperatorActionKind::CurrencyCreated
            | OperatorActionKind::AccountOpened
            | OperatorActionKind::RateSet
            | OperatorActionKind::QuoteCreated
            | OperatorActionKind::KeyCreated
            | OperatorActionKind::KeyAdopted => {}
        }
    }
}

/// The hold before a transfer changed it: it was open, or no change would have been possible.
/// `None` for the transfer that placed it.
fn hold_before(transfer: &Transfer, hold: &Hold) -> Option<Hold> {
    let mut before = Hold {
        state: HoldState::Open,
        ..hold.clone()
    };
    match transfer.transfer_type {
        TransferType::HoldIncrease => before.amount = hold.amount.checked_sub(&transfer.amount)?,
        TransferType::Capture => before.captured = hold.captured.checked_sub(&transfer.amount)?,
        TransferType::Void | TransferType::Expire => {}
        _ => return None,
    }
    Some(before)
}

impl Verification<'_> {
    /// Adds the claims of rows that only their own lists contain.
    pub(super) fn rows_of_state(&mut self) -> Result<(), VerifyError> {
        let whole = self.whole;
        walk::holds(whole, &HoldFilter::default(), |holds| {
            holds
                .iter()
                .for_each(|hold| self.claims.hold(Side::Row, hold));
            Ok::<_, VerifyError>(())
        })?;
        walk::spendings(whole, |spendings| {
            let mut spendings = spendings.iter();
            spendings.try_for_each(|it| {
                self.claims.spending(Side::Row, it);
                Ok::<_, VerifyError>(())
            })
        })?;
        walk::metadata_index(whole, |entries| {
            for entry in &entries {
                let subject = Subject::MetadataIndex(entry.transfer_id);
                let content = ((&entry.key, &entry.value), entry.created_at);
                self.claims.claim(Side::Row, subject, content);
            }
            Ok::<_, VerifyError>(())
        })
    }

    /// Checks that all changing state is the result of its changes.
    pub(super) fn state(&mut self) -> Result<(), VerifyError> {
        match self.claims.first_difference() {
            None => Ok(()),
            Some(bucket) => self.report_subject(bucket),
        }
    }

    /// Reads everything again, to find the wrong subject.
    fn report_subject(&self, bucket: usize) -> Result<(), VerifyError> {
        let mut progress = |_: &super::Verified| {};
        let mut again = Verification::new(self.whole, &mut progress);
        again.claims = self.claims.within_bucket(bucket);
        again.accounts()?;
        again.transfers()?;
        again.rows_of_state()?;
        again.records()?;
        let sums = again.claims.within.into_iter().flat_map(|(_, sums)| sums);
        let mut wrong = sums
            .filter(|(_, sum)| *sum != 0)
            .map(|(subject, _)| subject);
        let wrong = wrong.next();
        // If it has disappeared, a writer was active during the proof.
        check(false, || match &wrong {
            Some(subject) => Contradiction {
                place: subject.to_string(),
                finding: subject.finding().to_owned(),
            },
            None => Contradiction {
                place: "the books".to_owned(),
                finding: "the ledger changed while it was verified; \
                          verify a snapshot, or stop all writers"
                    .to_owned(),
            },
        })
    }
}

#[cfg(test)]
mod tests;
