//! The accounts, one after the other, each with all of its parts.

use std::collections::HashMap;

use bigdecimal::BigDecimal;

use super::claims::{Side, Subject};
use super::{Contradiction, Verification, VerifyError, check, plain};
use crate::audit::walk;
use crate::chain::account_entry;
use crate::ports::HoldFilter;
use crate::records::{
    Account, AccountStatus, Direction, HoldState, OperatorAction, Spending, TransferPart,
    TransferType, VelocityLimit,
};
use crate::values::{AccountId, Amount};

impl Verification<'_> {
    pub(super) fn accounts(&mut self) -> Result<(), VerifyError> {
        let mut held = self.open_holds()?;
        let whole = self.whole;
        walk::accounts(whole, |accounts| {
            for account in &accounts {
                self.account(account)?;
                self.metadata(account)?;
                self.tally.found(&account_entry(account));
                let by_holds = held.remove(&account.id).unwrap_or_default();
                check(*account.held.as_decimal() == by_holds, || Contradiction {
                    place: account_name(account),
                    finding: format!(
                        "{} is held, its open holds hold {}",
                        account.held,
                        plain(&by_holds)
                    ),
                })?;
            }
            Ok::<_, VerifyError>(())
        })?;
        match held.into_keys().next() {
            None => Ok(()),
            Some(id) => Err(VerifyError::Contradiction(Contradiction {
                place: format!("account {}", id.as_uuid()),
                finding: "it has open holds, and does not exist".to_owned(),
            })),
        }
    }

    /// The sum of the open holds of each sender.
    fn open_holds(&mut self) -> Result<HashMap<AccountId, BigDecimal>, VerifyError> {
        let mut held: HashMap<AccountId, BigDecimal> = HashMap::new();
        let filter = HoldFilter {
            states: vec![HoldState::Open],
            ..HoldFilter::default()
        };
        let whole = self.whole;
        walk::holds(whole, &filter, |holds| {
            for hold in &holds {
                let rest = hold.amount.as_decimal() - hold.captured.as_decimal();
                check(rest > BigDecimal::default(), || Contradiction {
                    place: format!("hold {}", hold.id.as_uuid()),
                    finding: format!(
                        "{} of {} was captured, and it is open",
                        hold.captured, hold.amount
                    ),
                })?;
                *held.entry(hold.sender_account_id).or_default() += rest;
                self.so_far.open_holds += 1;
            }
            Ok::<_, VerifyError>(())
        })?;
        Ok(held)
    }

    fn account(&mut self, account: &Account) -> Result<(), VerifyError> {
        let mut last: Option<TransferPart> = None;
        let mut limits: Vec<VelocityLimit> = Vec::new();
        let whole = self.whole;
        walk::parts(whole, account.id, |parts| {
            for part in parts {
                check_part(account, last.as_ref(), &part)?;
                self.count(&part);
                if part.transfer_type == TransferType::AccountChange {
                    self.follow_limits(&part, &mut limits)?;
                }
                if !limits.is_empty() {
                    self.spend(&part);
                }
                last = Some(part);
            }
            (self.progress)(&self.so_far);
            Ok::<_, VerifyError>(())
        })?;
        check_end(account, last.as_ref(), &limits)?;
        self.so_far.accounts += 1;
        let sums = self.so_far.currencies.entry(account.currency_code);
        sums.or_default().balances += account.balance.as_decimal();
        Ok(())
    }

    /// The velocity limits after a change of the account's rules. The transfer contains them, the
    /// part does not.
    fn follow_limits(
        &self,
        part: &TransferPart,
        limits: &mut Vec<VelocityLimit>,
    ) -> Result<(), VerifyError> {
        let state = self.whole.transfer(part.transfer_id)?;
        let transfer = state.map(|state| state.transfer);
        if let Some(new) = transfer.as_ref().and_then(|it| it.velocity_limits()) {
            *limits = new.to_vec();
        }
        Ok(())
    }

    /// Counts a part for the velocity limits of an account that has some.
    fn spend(&mut self, part: &TransferPart) {
        if part.direction == Direction::Outgoing && part.transfer_type.moves_money() {
            let spending = Spending {
                account_id: part.account_id,
                version: part.version,
                amount: part.amount.clone(),
                created_at: part.created_at,
            };
            self.claims.spending(Side::Changes, &spending);
        }
    }

    /// Checks that an account's metadata is what was attached last.
    fn metadata(&mut self, account: &Account) -> Result<(), VerifyError> {
        let last = match account.metadata_version {
            0 => Some(account.opening_metadata.clone()),
            version => {
                let subject = Subject::MetadataVersion(account.id.to_string());
                self.claims.claim_count(Side::Row, subject, version);
                let change = OperatorAction::id_of_metadata_change(account.id, version);
                let adopted = OperatorAction::id_of_adopted_change(account.id, version);
                let found = self.whole.find_operator_actions(&[change, adopted])?;
                let action = found.iter().find(|action| action.id() == change);
                action.or(found.first()).map(|it| it.metadata.clone())
            }
        };
        check(last.as_ref() == Some(&account.metadata), || Contradiction {
            place: account_name(account),
            finding: "its metadata is not what it was opened with or last changed to".to_owned(),
        })
    }

    fn count(&mut self, part: &TransferPart) {
        self.so_far.parts += 1;
        self.fingerprint.add(part);
        let is_between_accounts = part.corresponding_account_id.is_some();
        if is_between_accounts || !part.transfer_type.moves_money() {
            return;
        }
        let sums = self
            .so_far
            .currencies
            .entry(part.currency_code)
            .or_default();
        match part.direction {
            Direction::Incoming => sums.deposits_less_withdrawals += part.amount.as_decimal(),
            Direction::Outgoing => sums.deposits_less_withdrawals -= part.amount.as_decimal(),
        }
    }
}

fn account_name(account: &Account) -> String {
    format!("account {}", account.id.as_uuid())
}

/// Checks that a part continues the previous one.
fn check_part(
    account: &Account,
    last: Option<&TransferPart>,
    part: &TransferPart,
) -> Result<(), VerifyError> {
    let wrong = |finding: String| Contradiction {
        place: format!("{}, version {}", account_name(account), part.version),
        finding,
    };
    let expected = last.map_or(1, |last| last.version + 1);
    check(part.version == expected, || {
        wrong(format!("the version after the one before is {expected}"))
    })?;
    let before = last.map_or_else(Amount::zero, |last| last.balance.clone());
    let after = match part.direction {
        Direction::Incoming => before.checked_add(&part.amount),
        Direction::Outgoing => before.checked_sub(&part.amount),
    };
    check(after.as_ref() == Some(&part.balance), || {
        let expected = after.map_or_else(|| "another".to_owned(), |after| after.to_string());
        wrong(format!(
            "the balance is {}, it should be {expected}",
            part.balance
        ))
    })?;
    check(
        part.amount.is_positive() == part.transfer_type.moves_money(),
        || {
            let word = part.transfer_type.as_str();
            wrong(format!(
                "the amount of a part of the type {word} is {}",
                part.amount
            ))
        },
    )?;
    let may_be_negative = part.credit_limit.is_some();
    check(!part.balance.is_negative() || may_be_negative, || {
        wrong(format!(
            "the balance {} is negative, without credit",
            part.balance
        ))
    })?;
    let is_later = last.is_none_or(|last| last.created_at < part.created_at);
    check(is_later, || {
        wrong("it is not later than the one before".to_owned())
    })
}

/// Checks that the account matches its last part.
fn check_end(
    account: &Account,
    last: Option<&TransferPart>,
    limits: &[VelocityLimit],
) -> Result<(), VerifyError> {
    let version = last.map_or(0, |last| last.version);
    let wrong = |finding: String| Contradiction {
        place: account_name(account),
        finding,
    };
    check(account.version == version, || {
        wrong(format!(
            "its version is {}, its last part is {version}",
            account.version
        ))
    })?;
    let Some(last) = last else {
        let is_empty = account.balance.is_zero() && account.held.is_zero();
        check(is_empty, || {
            wrong(format!("it has {}, and no parts", account.balance))
        })?;
        let is_new = account.credit_limit.is_none()
            && account.status == AccountStatus::Active
            && account.velocity_limits.is_empty()
            && account.updated_at == account.created_at;
        return check(is_new, || {
            wrong("it has no parts, and is not as it was opened".to_owned())
        });
    };
    check(account.balance == last.balance, || {
        wrong(format!(
            "it has {}, after its last part {}",
            account.balance, last.balance
        ))
    })?;
    let rules = |held: &Amount, limit: &Option<Amount>| (held.clone(), limit.clone());
    let now = (rules(&account.held, &account.credit_limit), account.status);
    let then = (rules(&last.held, &last.credit_limit), last.status);
    check(now == then, || {
        wrong(
            "what is held, its credit limit or its status is not as after its last part".to_owned(),
        )
    })?;
    check(account.velocity_limits == limits, || {
        wrong("its velocity limits are not those that it was given last".to_owned())
    })?;
    check(account.updated_at == last.created_at, || {
        wrong("it was updated at another time than its last part".to_owned())
    })
}
