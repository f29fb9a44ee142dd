//! The books, read directly from a store and proved, without any code of the service.
//!
//! [`prove`] recomputes everything that the service claims from the individual parts, in one pass,
//! so that it handles a million transfers as well as ten. [`Ledger::load`] also keeps the parts, to
//! compare them with what clients saw.

mod proof;
mod rows;

use std::collections::HashSet;

use anyhow::Result;
use bigdecimal::BigDecimal;
use uuid::Uuid;

use crate::store::TestStore;
use proof::Proof;
use rows::Reader;

/// All that a store holds.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every account.
    pub accounts: Vec<Account>,
    /// Every transfer part, by account and version.
    pub parts: Vec<Part>,
}

impl Ledger {
    /// Proves the books of a store, and returns all accounts and parts in them.
    ///
    /// # Errors
    /// As [`prove`].
    pub fn load(store: &TestStore) -> Result<Self> {
        let mut parts = Vec::new();
        let accounts = read(store, |part| parts.push(part))?.accounts;
        Ok(Self { accounts, parts })
    }

    /// The ids of all transfers.
    #[must_use]
    pub fn transfer_ids(&self) -> HashSet<Uuid> {
        self.parts.iter().map(|part| part.transfer_id).collect()
    }

    /// The account with this id.
    #[must_use]
    pub fn account(&self, id: Uuid) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }
}

/// What proved books hold.
#[derive(Clone, Debug)]
pub struct Proved {
    /// Every account.
    pub accounts: Vec<Account>,
    /// The id of every transfer.
    pub transfer_ids: HashSet<Uuid>,
}

/// Reads a store from outside and proves that
/// - each account's parts are numbered from 1 without a gap, and its version is their number;
/// - each balance is the one before, plus or minus the amount, and never less than what is held,
///   but for accounts with a credit limit; the account's balance is the last one, and so the sum of
///   what came in minus what went out;
/// - no more is captured than was held, and what an account says is held is what its open holds
///   have left;
/// - each transfer has exactly the parts that it says, with its amount and currency, and no part is
///   without a transfer;
/// - in each currency the balances add up to deposits minus withdrawals.
///
/// # Errors
/// If the store cannot be read, or with the first contradictions found, a line each.
pub fn prove(store: &TestStore) -> Result<Proved> {
    read(store, drop)
}

fn read(store: &TestStore, mut keep: impl FnMut(Part)) -> Result<Proved> {
    let mut reader = Reader::open(store)?;
    let mut proof = Proof::new(reader.accounts()?);
    reader.for_each_part(|part| {
        proof.part(&part);
        keep(part);
    })?;
    reader.for_each_transfer(|transfer| proof.transfer(&transfer))?;
    reader.for_each_hold(|hold| proof.hold(&hold))?;
    proof.finish()
}

/// An account as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Its currency.
    pub currency_code: String,
    /// Its balance.
    pub balance: BigDecimal,
    /// How much of it is held.
    pub held: BigDecimal,
    /// How many parts it has.
    pub version: u64,
}

/// A transfer part as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose history it belongs to.
    pub account_id: Uuid,
    /// Its number there.
    pub version: u64,
    /// The transfer.
    pub transfer_id: Uuid,
    /// The other account; `None` for deposits and withdrawals.
    pub corresponding_account_id: Option<Uuid>,
    /// Into the account or out of it.
    pub direction: Direction,
    /// How much, in the account's currency; zero where no money moves.
    pub amount: BigDecimal,
    /// Whether its transfer is of a kind that moves money.
    pub moves_money: bool,
    /// The account's balance after it.
    pub balance: BigDecimal,
    /// How much of that is held.
    pub held: BigDecimal,
    /// Whether the account has, or had, a credit limit, and so may have less than is held.
    pub has_credit: bool,
}

/// The two directions of a [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into the account.
    Incoming,
    /// Out of the account.
    Outgoing,
}

/// A transfer as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: Uuid,
    /// In which currency.
    pub currency_code: String,
    /// How much was moved, reserved or released.
    pub amount: BigDecimal,
    /// Whether it is of a kind that moves money.
    pub moves_money: bool,
    /// The account that paid and the version that this gave it; `None` for deposits.
    pub sender: Option<(Uuid, u64)>,
    /// The account that received and the version that this gave it; `None` for withdrawals.
    pub receiver: Option<(Uuid, u64)>,
}

/// A hold as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: Uuid,
    /// Whose money is held.
    pub sender_account_id: Uuid,
    /// How much was held in all.
    pub amount: BigDecimal,
    /// How much of it was captured.
    pub captured: BigDecimal,
    /// Whether the rest is still held.
    pub is_open: bool,
}
