//! The proof of the books: fed with one row at a time, it keeps a line for each account and each transfer.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Result, bail};
use bigdecimal::BigDecimal;
use uuid::Uuid;

use super::{Account, Direction, Part, Proved, Transfer};

/// More findings than this do not help anybody.
const FINDINGS_MAX: usize = 20;

/// What the rows so far add up to.
pub(super) struct Proof {
    accounts: HashMap<Uuid, Recomputed>,
    transfers: HashMap<Uuid, PartsOfTransfer>,
    transfer_ids: HashSet<Uuid>,
    deposits_minus_withdrawals: BTreeMap<String, BigDecimal>,
    findings: Vec<String>,
}

/// An account, and what its parts so far make of it.
struct Recomputed {
    stored: Account,
    version: u64,
    balance: BigDecimal,
}

/// The parts of a transfer that were met so far.
#[derive(Default)]
struct PartsOfTransfer {
    outgoing: Option<(Uuid, u64)>,
    incoming: Option<(Uuid, u64)>,
    amount: BigDecimal,
}

impl Proof {
    pub(super) fn of(accounts: Vec<Account>) -> Self {
        let start = |stored: Account| {
            (
                stored.id,
                Recomputed {
                    stored,
                    version: 0,
                    balance: BigDecimal::default(),
                },
            )
        };
        Self {
            accounts: accounts.into_iter().map(start).collect(),
            transfers: HashMap::new(),
            transfer_ids: HashSet::new(),
            deposits_minus_withdrawals: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// The next part, in the order of accounts and versions.
    pub(super) fn part(&mut self, part: &Part) {
        let Part {
            account_id,
            version,
            transfer_id,
            amount,
            ..
        } = part;
        let name = format!("account {account_id}, version {version}");
        let Some(account) = self.accounts.get_mut(account_id) else {
            return self.found(format!("{name}: there is no such account"));
        };
        let change = match part.direction {
            Direction::Incoming => amount.clone(),
            Direction::Outgoing => -amount,
        };
        let expected_version = account.version + 1;
        let expected_balance = &account.balance + &change;
        let currency_code = account.stored.currency_code.clone();
        account.version = *version;
        account.balance = part.balance.clone();

        if *version != expected_version {
            self.found(format!(
                "{name}: the version after the last one is {expected_version}"
            ));
        }
        if part.balance != expected_balance {
            let balance = &part.balance;
            self.found(format!(
                "{name}: the balance is {balance}, it should be {expected_balance}"
            ));
        }
        if part.balance < BigDecimal::default() {
            self.found(format!("{name}: the balance {} is negative", part.balance));
        }
        if *amount <= BigDecimal::default() {
            self.found(format!("{name}: the amount {amount} is not positive"));
        }
        if part.corresponding_account_id.is_none() {
            *self
                .deposits_minus_withdrawals
                .entry(currency_code)
                .or_default() += change;
        }
        let parts = self.transfers.entry(*transfer_id).or_default();
        let side = match part.direction {
            Direction::Incoming => &mut parts.incoming,
            Direction::Outgoing => &mut parts.outgoing,
        };
        let first_of_its_side = side.replace((*account_id, *version)).is_none();
        let other_amount = std::mem::replace(&mut parts.amount, amount.clone());
        if !first_of_its_side {
            self.found(format!(
                "transfer {transfer_id} has two parts of one direction: applied twice"
            ));
        }
        if other_amount != BigDecimal::default() && other_amount != *amount {
            self.found(format!(
                "transfer {transfer_id} has parts of {other_amount} and of {amount}"
            ));
        }
    }

    /// The next transfer, after all parts.
    pub(super) fn transfer(&mut self, transfer: &Transfer) {
        let Transfer {
            id,
            currency_code,
            amount,
            sender,
            receiver,
        } = transfer;
        let Some(parts) = self.transfers.remove(id) else {
            return self.found(format!("transfer {id} has no parts, or is there twice"));
        };
        self.transfer_ids.insert(*id);
        if parts.outgoing != *sender || parts.incoming != *receiver {
            self.found(format!(
                "transfer {id} says {sender:?} paid {receiver:?}; its parts say {:?} paid {:?}",
                parts.outgoing, parts.incoming
            ));
        }
        if parts.amount != *amount {
            self.found(format!(
                "transfer {id} of {amount} has parts of {}",
                parts.amount
            ));
        }
        for (account, _) in [sender, receiver].into_iter().flatten() {
            let holds = self
                .accounts
                .get(account)
                .map(|known| &known.stored.currency_code);
            if holds.is_some_and(|holds| holds != currency_code) {
                self.found(format!(
                    "transfer {id} of {currency_code} touches account {account}"
                ));
            }
        }
    }

    /// The verdict.
    pub(super) fn finish(mut self) -> Result<Proved> {
        for id in std::mem::take(&mut self.transfers).into_keys() {
            self.found(format!(
                "transfer {id} has parts, and is not among the transfers"
            ));
        }
        let mut totals: BTreeMap<String, BigDecimal> = BTreeMap::new();
        let mut accounts = Vec::with_capacity(self.accounts.len());
        for Recomputed {
            stored,
            version,
            balance,
        } in std::mem::take(&mut self.accounts).into_values()
        {
            let Account { id, .. } = stored;
            if stored.version != version {
                self.found(format!(
                    "account {id} has version {}, and {version} parts",
                    stored.version
                ));
            }
            if stored.balance != balance {
                self.found(format!(
                    "account {id} has {}, its parts make {balance}",
                    stored.balance
                ));
            }
            *totals.entry(stored.currency_code.clone()).or_default() += &stored.balance;
            accounts.push(stored);
        }
        for (currency, total) in totals {
            let moved = self
                .deposits_minus_withdrawals
                .remove(&currency)
                .unwrap_or_default();
            if moved != total {
                self.found(format!(
                    "all balances in {currency} are {total}, deposits minus withdrawals are {moved}"
                ));
            }
        }
        if !self.findings.is_empty() {
            bail!(
                "the books do not balance:\n  {}",
                self.findings.join("\n  ")
            );
        }
        Ok(Proved {
            accounts,
            transfer_ids: self.transfer_ids,
        })
    }

    fn found(&mut self, finding: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);
    const DEPOSIT: Uuid = Uuid::from_u128(10);
    const PAYMENT: Uuid = Uuid::from_u128(11);

    /// The rows of a small ledger: Ann deposits 100 and pays Bob 30.
    struct Rows {
        accounts: Vec<Account>,
        parts: Vec<Part>,
        transfers: Vec<Transfer>,
    }

    fn rows() -> Rows {
        let account = |id, balance: i64, version| Account {
            id,
            currency_code: "USD".to_owned(),
            balance: balance.into(),
            version,
        };
        let part =
            |account_id, version, transfer_id, other, direction, amount: i64, balance: i64| Part {
                account_id,
                version,
                transfer_id,
                corresponding_account_id: other,
                direction,
                amount: amount.into(),
                balance: balance.into(),
            };
        let transfer = |id, amount: i64, sender, receiver| Transfer {
            id,
            currency_code: "USD".to_owned(),
            amount: amount.into(),
            sender,
            receiver,
        };
        Rows {
            accounts: vec![account(ANN, 70, 2), account(BOB, 30, 1)],
            parts: vec![
                part(ANN, 1, DEPOSIT, None, Direction::Incoming, 100, 100),
                part(ANN, 2, PAYMENT, Some(BOB), Direction::Outgoing, 30, 70),
                part(BOB, 1, PAYMENT, Some(ANN), Direction::Incoming, 30, 30),
            ],
            transfers: vec![
                transfer(DEPOSIT, 100, None, Some((ANN, 1))),
                transfer(PAYMENT, 30, Some((ANN, 2)), Some((BOB, 1))),
            ],
        }
    }

    fn prove(rows: Rows) -> Result<Proved> {
        let mut proof = Proof::of(rows.accounts);
        rows.parts.iter().for_each(|part| proof.part(part));
        rows.transfers
            .iter()
            .for_each(|transfer| proof.transfer(transfer));
        proof.finish()
    }

    /// Damages the ledger and expects the proof to say `finding`.
    #[track_caller]
    fn refuted(finding: &str, damage: impl FnOnce(&mut Rows)) {
        let mut rows = rows();
        damage(&mut rows);
        let refutation = prove(rows)
            .expect_err("damaged books were proved")
            .to_string();
        assert!(refutation.contains(finding), "{refutation}");
    }

    #[test]
    fn sound_books_are_proved() {
        let proved = prove(rows()).unwrap();
        assert_eq!(proved.transfer_ids, HashSet::from([DEPOSIT, PAYMENT]));
        assert_eq!(proved.accounts.len(), 2);
    }

    #[test]
    fn an_edited_balance_is_found() {
        refuted("its parts make 30", |rows| {
            rows.accounts[1].balance = 31.into();
        });
    }

    #[test]
    fn money_from_nowhere_is_found_even_if_account_and_part_agree() {
        refuted("the balance is 31, it should be 30", |rows| {
            rows.accounts[1].balance = 31.into();
            rows.parts[2].balance = 31.into();
        });
    }

    #[test]
    fn a_payment_to_one_side_only_is_found() {
        refuted(
            "all balances in USD are 101, deposits minus withdrawals are 100",
            |rows| {
                rows.accounts[1].balance = 31.into();
                rows.parts[2].balance = 31.into();
                rows.parts[2].amount = 31.into();
            },
        );
    }

    #[test]
    fn a_missing_part_is_found() {
        refuted("its parts say Some", |rows| drop(rows.parts.pop()));
        refuted("version 1, and 0 parts", |rows| drop(rows.parts.pop()));
    }

    #[test]
    fn a_gap_in_the_versions_is_found() {
        refuted("the version after the last one is 2", |rows| {
            rows.parts[1].version = 3;
        });
    }

    #[test]
    fn a_transfer_that_was_applied_twice_is_found() {
        refuted("applied twice", |rows| {
            let again = Part {
                version: 3,
                balance: 40.into(),
                ..rows.parts[1].clone()
            };
            rows.parts.insert(2, again);
        });
    }

    #[test]
    fn an_overdrawn_account_is_found() {
        refuted("the balance -10 is negative", |rows| {
            rows.parts[1].balance = (-10).into();
        });
    }

    #[test]
    fn a_part_without_a_transfer_and_a_transfer_without_parts_are_found() {
        refuted("is not among the transfers", |rows| {
            drop(rows.transfers.pop());
        });
        refuted("has no parts", |rows| {
            let id = Uuid::from_u128(12);
            rows.transfers.push(Transfer {
                id,
                ..rows.transfers[0].clone()
            });
        });
    }

    #[test]
    fn a_transfer_that_says_another_amount_than_its_parts_is_found() {
        refuted("of 29 has parts of 30", |rows| {
            rows.transfers[1].amount = 29.into();
        });
    }

    #[test]
    fn a_transfer_between_currencies_is_found() {
        refuted("of USD touches account", |rows| {
            rows.accounts[1].currency_code = "EUR".to_owned();
        });
        refuted("of EUR touches account", |rows| {
            rows.transfers[1].currency_code = "EUR".to_owned();
        });
    }
}
