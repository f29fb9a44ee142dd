//! Compares the transfers with the parts of the accounts.

use super::{Contradiction, Verification, VerifyError, check};
use crate::audit::walk;
use crate::chain::transfer_entry;
use crate::records::{Transfer, TransferPart};
use crate::values::Amount;

impl Verification<'_> {
    pub(super) fn transfers(&mut self) -> Result<(), VerifyError> {
        let mut fingerprint = self.fingerprint.fresh();
        let mut parts = 0;
        let whole = self.whole;
        walk::transfers(whole, |states| {
            for state in &states {
                check_transfer(&state.transfer, &state.reversed_amount)?;
                for part in &state.transfer.parts {
                    fingerprint.add(part);
                    parts += 1;
                }
                self.tally.found(&transfer_entry(&state.transfer));
                self.claims.transfer(state);
                self.so_far.transfers += 1;
            }
            (self.progress)(&self.so_far);
            Ok::<_, VerifyError>(())
        })?;
        if parts == self.so_far.parts && fingerprint.sums == self.fingerprint.sums {
            return Ok(());
        }
        self.first_difference()?;
        // Every part matches its transfer; so two transfers claim one part.
        self.report_changed_record()?;
        let known = self.so_far.parts;
        Err(VerifyError::Contradiction(Contradiction {
            place: "the transfers".to_owned(),
            finding: format!("they have {parts} parts, the accounts have {known}"),
        }))
    }

    /// Looks up the transfer of every part: slow, and only done after a mismatch.
    pub(super) fn first_difference(&self) -> Result<(), VerifyError> {
        walk::accounts(self.whole, |accounts| {
            accounts.iter().try_for_each(|account| {
                walk::parts(self.whole, account.id, |parts| {
                    parts
                        .iter()
                        .try_for_each(|part| self.check_part_of_transfer(part))
                })
            })
        })
    }

    fn check_part_of_transfer(&self, part: &TransferPart) -> Result<(), VerifyError> {
        let wrong = |finding: String| Contradiction {
            place: format!(
                "account {}, version {}",
                part.account_id.as_uuid(),
                part.version
            ),
            finding,
        };
        let id = part.transfer_id.as_uuid();
        let state = self.whole.transfer(part.transfer_id)?;
        let Some(state) = state else {
            let finding = wrong(format!(
                "it is a part of transfer {id}, which does not exist"
            ));
            return Err(VerifyError::Contradiction(finding));
        };
        let mut parts = state.transfer.parts.iter();
        let is_one = parts.any(|known| known == part);
        check(is_one, || {
            wrong(format!(
                "transfer {id} says another thing than this part of it"
            ))
        })
    }
}

/// Checks that a transfer is consistent.
fn check_transfer(transfer: &Transfer, reversed: &Amount) -> Result<(), VerifyError> {
    let wrong = |finding: String| Contradiction {
        place: format!("transfer {}", transfer.id.as_uuid()),
        finding,
    };
    check(!transfer.parts.is_empty(), || {
        wrong("it has no parts".to_owned())
    })?;
    check(*reversed <= transfer.amount, || {
        wrong(format!("{reversed} of {} was taken back", transfer.amount))
    })?;
    if let Some(hold) = transfer.hold() {
        check(hold.captured <= hold.amount, || {
            wrong(format!("{} of {} was captured", hold.captured, hold.amount))
        })?;
    }
    Ok(())
}
