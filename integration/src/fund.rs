//! Accounts with money for tests and measurements.
//!
//! The classic API can neither open accounts nor deposit money. So this module executes commands on
//! the store directly, by the same rules as the service, before the service starts.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use bigdecimal::BigDecimal;
use uuid::Uuid;
use wallet_domain::{
    AccountId, Amount, Command, Deposit, InternalTransfer, InternalTransferFields, OpenAccount,
    Outcome, Terms, TransferDetails, TransferId, execute,
};
use wallet_ledger::now;

use crate::store::TestStore;

/// How many accounts are opened in one transaction.
const BATCH_ACCOUNTS: usize = 500;

/// An account to open.
#[derive(Clone, Debug)]
pub struct Funded {
    /// Its id.
    pub id: Uuid,
    /// Its currency.
    pub currency_code: &'static str,
    /// Its opening balance; a deposit, unless it is zero.
    pub balance: BigDecimal,
}

/// Opens accounts, each with its money, in a store that no service is using. An empty store gets
/// its schema.
///
/// # Errors
/// If the store cannot be opened, or refuses one of them.
pub fn fund(store: &TestStore, accounts: impl IntoIterator<Item = Funded>) -> Result<()> {
    let ledger = store.open()?;
    let commands: Result<Vec<_>> = accounts.into_iter().map(commands).collect();
    for batch in commands?.chunks(BATCH_ACCOUNTS) {
        let batch = batch.concat();
        let outcomes = execute(&**ledger.store(), &batch, now())?;
        for (command, outcome) in batch.iter().zip(outcomes) {
            ensure!(
                matches!(outcome, Outcome::Created(_)),
                "{command:?} is {outcome:?}"
            );
        }
    }
    Ok(())
}

/// How many transfers are stored in one transaction.
const BATCH_TRANSFERS: usize = 1_000;

/// Stores `count` transfers of 0.01 USD, each from one account of the list to the next, to give a
/// store a history. `new_id` makes their ids. No service may be using the store.
///
/// # Errors
/// If the store cannot be opened, or refuses a transfer.
pub fn store_transfers(
    store: &TestStore,
    accounts: &[Uuid],
    count: usize,
    new_id: impl FnMut() -> Uuid,
) -> Result<()> {
    store_backdated(store, accounts, count, new_id, |_| None)
}

/// The same, but transfer number `n`, counted from 0, took effect `ago(n)` before now, or now if
/// that is `None`.
///
/// # Errors
/// As [`store_transfers`].
pub fn store_backdated(
    store: &TestStore,
    accounts: &[Uuid],
    count: usize,
    mut new_id: impl FnMut() -> Uuid,
    ago: impl Fn(usize) -> Option<Duration>,
) -> Result<()> {
    let ledger = store.open()?;
    let pairs = accounts.iter().zip(accounts.iter().cycle().skip(1)).cycle();
    let mut transfers = (0..count).zip(pairs).map(|(number, (sender, receiver))| {
        let ago = ago(number).map(|ago| i64::try_from(ago.as_micros()));
        let ago = ago.transpose()?;
        let details = TransferDetails {
            effective_at: ago.map(|micros| now().plus_micros(-micros)),
            ..TransferDetails::default()
        };
        InternalTransfer::new(&InternalTransferFields {
            transfer_id: Some(new_id()),
            sender_account_id: Some(*sender),
            receiver_account_id: Some(*receiver),
            amount: Amount::parse("0.01")?,
            currency_code: "USD",
        })
        .map(|transfer| Command::InternalTransfer(transfer.with(details, Terms::default())))
        .map_err(|rejection| anyhow!("{rejection}"))
    });
    loop {
        let batch = transfers
            .by_ref()
            .take(BATCH_TRANSFERS)
            .collect::<Result<Vec<_>>>()?;
        if batch.is_empty() {
            return Ok(());
        }
        let outcomes = execute(&**ledger.store(), &batch, now())?;
        let created = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
        ensure!(outcomes.iter().all(created), "a transfer was refused");
    }
}

fn commands(account: Funded) -> Result<Vec<Command>> {
    let account_id = AccountId::new(account.id).context("an account cannot have the nil id")?;
    let currency_code = account.currency_code.parse()?;
    let amount = Amount::from_decimal(account.balance)?;
    let mut commands = vec![Command::OpenAccount(OpenAccount::new(
        account_id,
        currency_code,
    ))];
    if amount.is_positive() {
        let transfer_id = TransferId::new(Uuid::now_v7()).context("a new id is nil")?;
        commands.push(Command::Deposit(Deposit::new(
            transfer_id,
            account_id,
            amount,
            currency_code,
        )));
    }
    Ok(commands)
}
