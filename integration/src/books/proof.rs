//! The proof of the books. It takes one row at a time and keeps one entry per account and per
//! transfer.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Result, bail};
use bigdecimal::BigDecimal;
use uuid::Uuid;

use super::{Account, Direction, Hold, Part, Proved, Transfer};

/// More findings than this add nothing.
const FINDINGS_MAX: usize = 20;

/// The state of the proof after the rows so far.
pub(super) struct Proof {
    accounts: HashMap<Uuid, Recomputed>,
    transfers: HashMap<Uuid, PartsOfTransfer>,
    transfer_ids: HashSet<Uuid>,
    deposits_minus_withdrawals: BTreeMap<String, BigDecimal>,
    findings: Vec<String>,
}

/// An account, and the state that its parts so far result in.
struct Recomputed {
    stored: Account,
    version: u64,
    balance: BigDecimal,
    held: BigDecimal,
    /// What its open holds have left.
    rests: BigDecimal,
}

/// The parts of a transfer seen so far.
#[derive(Default)]
struct PartsOfTransfer {
    outgoing: Option<(Uuid, u64)>,
    incoming: Option<(Uuid, u64)>,
    amount: BigDecimal,
}

impl Proof {
    pub(super) fn new(accounts: Vec<Account>) -> Self {
        let start = |stored: Account| {
            (
                stored.id,
                Recomputed {
                    stored,
                    version: 0,
                    balance: BigDecimal::default(),
                    held: BigDecimal::default(),
                    rests: BigDecimal::default(),
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
        account.held = part.held.clone();

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
        if part.balance < part.held && !part.has_credit {
            self.found(match part.held == BigDecimal::default() {
                true => format!("{name}: the balance {} is negative", part.balance),
                false => format!("{name}: {} of {} is held", part.held, part.balance),
            });
        }
        if part.held < BigDecimal::default() {
            self.found(format!("{name}: {} is held, less than nothing", part.held));
        }
        if part.moves_money && *amount <= BigDecimal::default() {
            self.found(format!("{name}: the amount {amount} is not positive"));
        }
        if !part.moves_money && *amount != BigDecimal::default() {
            self.found(format!("{name}: {amount} was moved where nothing moves"));
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
            moves_money,
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
        if *moves_money && parts.amount != *amount {
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

    /// The next hold, after all parts.
    pub(super) fn hold(&mut self, hold: &Hold) {
        let Hold {
            id,
            sender_account_id,
            amount,
            captured,
            is_open,
        } = hold;
        if captured > amount {
            self.found(format!("hold {id} of {amount}: {captured} was captured"));
        }
        if !self.transfer_ids.contains(id) {
            self.found(format!("hold {id}: no transfer has placed it"));
        }
        let Some(sender) = self.accounts.get_mut(sender_account_id) else {
            return self.found(format!(
                "hold {id}: there is no account {sender_account_id}"
            ));
        };
        if *is_open {
            sender.rests += amount - captured;
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
            held,
            rests,
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
            if stored.held != held || held != rests {
                self.found(format!(
                    "account {id} says that {} is held, its last part {held}, \
                     its open holds {rests}",
                    stored.held
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
mod tests;
