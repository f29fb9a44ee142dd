//! The demo: six accounts, opened and funded through the domain, as any money is.

use std::fmt;

use uuid::{Uuid, uuid};
use wallet_domain::{
    AccountId, Amount, Command, CurrencyCode, Deposit, LedgerStore, OpenAccount, Outcome,
    Rejection, StoreError, TransferId, execute,
};

use crate::clock::now;

/// The account that holds 1000 USD.
pub const RICH_USD: Uuid = uuid!("1836981e-7bce-4356-99a5-a001073e51fe");
/// The account that holds 100 USD.
pub const POOR_USD: Uuid = uuid!("8ff54aaa-31d7-4a04-908a-6fa375030432");

/// An account of the demo, and how it gets its money.
struct DemoAccount {
    id: Uuid,
    currency_code: &'static str,
    /// The id of a deposit and its amount.
    funds: Option<(Uuid, &'static str)>,
}

/// The same in SQL is `integration/init.sql`.
const ACCOUNTS: [DemoAccount; 6] = [
    DemoAccount {
        id: RICH_USD,
        currency_code: "USD",
        funds: Some((uuid!("616f2ce5-ed3b-4888-9fad-81e66fa08c26"), "1000")),
    },
    DemoAccount {
        id: POOR_USD,
        currency_code: "USD",
        funds: Some((uuid!("41afbc83-95f5-4c79-b0f0-fa327b684b9c"), "100")),
    },
    DemoAccount {
        id: uuid!("78c3c61f-70fa-477d-88fe-9767638b61a0"),
        currency_code: "EUR",
        funds: Some((uuid!("208473c8-1b85-4f41-90ce-cdc8a70023d1"), "100")),
    },
    DemoAccount {
        id: uuid!("742dda95-3205-49fb-8bad-5cac4de9ee39"),
        currency_code: "EUR",
        funds: None,
    },
    DemoAccount {
        id: uuid!("6d75c6a3-212b-426b-9cca-991cbad8a007"),
        currency_code: "BTC",
        funds: Some((uuid!("fe307752-8771-4d1c-845a-3b4cab375325"), "1")),
    },
    DemoAccount {
        id: uuid!("3aa42e32-1117-4533-a1b2-86714e9f842e"),
        currency_code: "BTC",
        funds: None,
    },
];

/// What [`load`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loaded {
    /// Accounts and deposits that are new.
    pub created: usize,
    /// Accounts and deposits that existed before.
    pub existed: usize,
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.created {
            0 => f.write_str("the demo accounts were there already; nothing was changed"),
            created => write!(
                f,
                "the demo accounts are loaded ({created} accounts and deposits are new, \
                 {} were there)",
                self.existed
            ),
        }
    }
}

/// Why the demo is not in the ledger, or not as a whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// The store failed.
    #[error("the demo accounts could not be loaded")]
    Store(#[source] StoreError),
    /// The ledger refused a part: something else has one of the ids.
    #[error("the ledger refused a part of the demo: {rejection}: {command:?}")]
    Refused {
        /// Why.
        rejection: Rejection,
        /// The part.
        command: Box<Command>,
    },
    /// The demo itself is wrong: a defect.
    #[error("a defect of the demo: {0}")]
    Defect(&'static str),
}

/// Opens the demo accounts and funds them, in one transaction. A second time changes nothing.
/// Blocks.
///
/// # Errors
/// The store fails, or something else has one of the ids.
pub fn load(store: &dyn LedgerStore) -> Result<Loaded, DemoError> {
    let commands = commands()?;
    let outcomes = execute(store, &commands, now()).map_err(DemoError::Store)?;
    let mut loaded = Loaded {
        created: 0,
        existed: 0,
    };
    for (command, outcome) in commands.into_iter().zip(outcomes) {
        match outcome {
            Outcome::Created(_) => loaded.created += 1,
            Outcome::Exists(_) => loaded.existed += 1,
            Outcome::Rejected(rejection) => {
                let command = Box::new(command);
                return Err(DemoError::Refused { rejection, command });
            }
            Outcome::NotApplied => return Err(DemoError::Defect("a part was not executed")),
        }
    }
    Ok(loaded)
}

/// The commands that open the demo accounts and fund them, in this order.
///
/// # Errors
/// None but defects of this list.
pub fn commands() -> Result<Vec<Command>, DemoError> {
    let mut openings = Vec::new();
    let mut deposits = Vec::new();
    for account in ACCOUNTS {
        let account_id = AccountId::new(account.id);
        let account_id = account_id.ok_or(DemoError::Defect("an account has the nil UUID"))?;
        let currency_code: Result<CurrencyCode, _> = account.currency_code.parse();
        let currency_code =
            currency_code.map_err(|_| DemoError::Defect("a currency has no code"))?;
        openings.push(Command::OpenAccount(OpenAccount::new(
            account_id,
            currency_code,
        )));
        if let Some((id, amount)) = account.funds {
            let id = TransferId::new(id);
            let id = id.ok_or(DemoError::Defect("a deposit has the nil UUID"))?;
            let amount = Amount::parse(amount);
            deposits.push(Command::Deposit(Deposit::new(
                id,
                account_id,
                amount.map_err(|_| DemoError::Defect("an amount is not a decimal"))?,
                currency_code,
            )));
        }
    }
    openings.append(&mut deposits);
    Ok(openings)
}

#[cfg(test)]
mod tests {
    use wallet_domain::LedgerQueries;
    use wallet_sqlite::{SqliteOptions, SqliteStore};

    use super::*;

    #[test]
    fn the_demo_twice_is_the_demo_once() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("wallet.db"));
        let store = SqliteStore::open(&options).unwrap();

        let first = load(&store).unwrap();
        assert_eq!((first.created, first.existed), (10, 0));
        let accounts = store.accounts_least_recently_updated(100).unwrap();
        let mut money: Vec<String> = accounts
            .iter()
            .map(|account| format!("{} {}", account.currency_code, account.balance))
            .collect();
        money.sort();
        assert_eq!(
            money,
            ["BTC 0", "BTC 1", "EUR 0", "EUR 100", "USD 100", "USD 1000"]
        );

        let second = load(&store).unwrap();
        assert_eq!((second.created, second.existed), (0, 10));
        assert_eq!(
            store.accounts_least_recently_updated(100).unwrap(),
            accounts
        );
    }

    #[test]
    fn the_demo_is_refused_where_one_of_its_ids_is_another_account() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("wallet.db"));
        let store = SqliteStore::open(&options).unwrap();
        let other = Command::OpenAccount(OpenAccount::new(
            AccountId::new(RICH_USD).unwrap(),
            "BTC".parse().unwrap(),
        ));
        execute(&store, &[other], now()).unwrap();
        let error = load(&store).unwrap_err().to_string();
        assert!(error.contains("id_already_used"), "{error}");
    }
}
