//! The rows of a store, read page by page in one snapshot, with SQL of its own: a checker that
//! shared the service's statements would share its mistakes.

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use super::{Account, Direction, Hold, Part, Transfer};
use crate::store::TestStore;

/// Rows read at a time.
const PAGE_ROWS: usize = 10_000;

/// A snapshot of a store.
pub(super) struct Reader {
    connection: Connected,
    dialect: Dialect,
}

enum Connected {
    Sqlite(SqliteConnection),
    Postgres(Box<PgConnection>),
}

/// Where the SQL of the two stores differs.
struct Dialect {
    /// An id column as text.
    id_as_text: fn(&str) -> String,
    /// An id as a literal.
    id_literal: fn(Uuid) -> String,
    /// An account's balance, what is held of it, and its version: columns of its own, or those of
    /// its last part.
    balance_and_version: &'static str,
}

const SQLITE: Dialect = Dialect {
    id_as_text: |column| format!("lower(hex({column}))"),
    id_literal: |id| format!("x'{}'", id.simple()),
    balance_and_version: "coalesce((SELECT part.balance FROM transfer_parts part \
         WHERE part.account_id = accounts.id ORDER BY part.version DESC LIMIT 1), '0') AS balance, \
         coalesce((SELECT part.held FROM transfer_parts part \
         WHERE part.account_id = accounts.id ORDER BY part.version DESC LIMIT 1), '0') AS held, \
         (SELECT coalesce(max(part.version), 0) FROM transfer_parts part \
         WHERE part.account_id = accounts.id) AS version",
};

const POSTGRES: Dialect = Dialect {
    id_as_text: |column| format!("{column}::text"),
    id_literal: |id| format!("'{id}'::uuid"),
    balance_and_version: "CAST(balance AS text) AS balance, \
         CAST(coalesce(held, 0) AS text) AS held, version",
};

impl Reader {
    /// Opens a store that other processes may be using.
    pub(super) fn open(store: &TestStore) -> Result<Self> {
        if let Some(file) = store.file() {
            // Opening would create a missing file.
            if !file.exists() {
                bail!("there is no store at {}", file.display());
            }
            let mut connection = SqliteConnection::establish(&file.to_string_lossy())?;
            let setup = "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON; BEGIN";
            connection.batch_execute(setup)?;
            Ok(Self {
                connection: Connected::Sqlite(connection),
                dialect: SQLITE,
            })
        } else {
            let mut connection = PgConnection::establish(&store.url())?;
            connection.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            Ok(Self {
                connection: Connected::Postgres(Box::new(connection)),
                dialect: POSTGRES,
            })
        }
    }

    /// All accounts.
    pub(super) fn accounts(&mut self) -> Result<Vec<Account>> {
        let columns = format!(
            "{} AS id, currency_code, {}",
            (self.dialect.id_as_text)("id"),
            self.dialect.balance_and_version,
        );
        let mut accounts: Vec<Account> = Vec::new();
        loop {
            let after = accounts
                .last()
                .map(|account| account.id)
                .unwrap_or_default();
            let after = format!("id > {}", (self.dialect.id_literal)(after));
            let rows: Vec<AccountRow> = self.page(&columns, "accounts", &after, "accounts.id")?;
            let done = rows.len() < PAGE_ROWS;
            for row in rows {
                accounts.push(row.into_account()?);
            }
            if done {
                return Ok(accounts);
            }
        }
    }

    /// All parts, by account and version.
    pub(super) fn for_each_part(&mut self, mut take: impl FnMut(Part)) -> Result<()> {
        let id = self.dialect.id_as_text;
        let columns = format!(
            "{} AS account_id, version, {} AS transfer_id, \
             {} AS corresponding_account_id, CAST(direction AS text) AS direction, \
             CAST(amount AS text) AS amount, CAST(type AS text) AS type, \
             CAST(balance AS text) AS balance, coalesce(CAST(held AS text), '0') AS held, \
             CASE WHEN credit_limit IS NULL THEN '' ELSE 'credit' END AS credit",
            id("account_id"),
            id("transfer_id"),
            // SQLite makes an empty text of NULL otherwise.
            format_args!(
                "CASE WHEN corresponding_account_id IS NOT NULL THEN {} END",
                id("corresponding_account_id")
            ),
        );
        let (mut account, mut version) = (Uuid::nil(), 0);
        loop {
            let account_literal = (self.dialect.id_literal)(account);
            let after = format!("(account_id, version) > ({account_literal}, {version})");
            let key = "transfer_parts.account_id, transfer_parts.version";
            let rows: Vec<PartRow> = self.page(&columns, "transfer_parts", &after, key)?;
            let done = rows.len() < PAGE_ROWS;
            for row in rows {
                let part = row.into_part()?;
                (account, version) = (part.account_id, part.version);
                take(part);
            }
            if done {
                return Ok(());
            }
        }
    }

    /// All transfers.
    pub(super) fn for_each_transfer(&mut self, mut take: impl FnMut(Transfer)) -> Result<()> {
        let id = self.dialect.id_as_text;
        let side = |name: &str| {
            let account = id(&format!("{name}_account_id"));
            format!(
                "CASE WHEN {name}_account_id IS NOT NULL THEN {account} END AS {name}_account_id, \
                 {name}_version"
            )
        };
        let columns = format!(
            "{} AS id, currency_code, CAST(amount AS text) AS amount, \
             CAST(type AS text) AS type, {}, {}",
            id("id"),
            side("sender"),
            side("receiver"),
        );
        let mut last = Uuid::nil();
        loop {
            let after = format!("id > {}", (self.dialect.id_literal)(last));
            let rows: Vec<TransferRow> =
                self.page(&columns, "transfers", &after, "transfers.id")?;
            let done = rows.len() < PAGE_ROWS;
            for row in rows {
                let transfer = row.into_transfer()?;
                last = transfer.id;
                take(transfer);
            }
            if done {
                return Ok(());
            }
        }
    }

    /// All holds.
    pub(super) fn for_each_hold(&mut self, mut take: impl FnMut(Hold)) -> Result<()> {
        let id = self.dialect.id_as_text;
        let columns = format!(
            "{} AS id, {} AS sender_account_id, CAST(amount AS text) AS amount, \
             CAST(captured AS text) AS captured, CAST(state AS text) AS state",
            id("id"),
            id("sender_account_id"),
        );
        let mut last = Uuid::nil();
        loop {
            let after = format!("id > {}", (self.dialect.id_literal)(last));
            let rows: Vec<HoldRow> = self.page(&columns, "holds", &after, "holds.id")?;
            let done = rows.len() < PAGE_ROWS;
            for row in rows {
                let hold = row.into_hold()?;
                last = hold.id;
                take(hold);
            }
            if done {
                return Ok(());
            }
        }
    }

    fn page<R>(&mut self, columns: &str, table: &str, after: &str, key: &str) -> Result<Vec<R>>
    where
        R: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        // The key is qualified, or PostgreSQL would sort by the text column of the same name.
        let query =
            format!("SELECT {columns} FROM {table} WHERE {after} ORDER BY {key} LIMIT {PAGE_ROWS}");
        let query = diesel::sql_query(query);
        match &mut self.connection {
            Connected::Sqlite(connection) => query.load(connection),
            Connected::Postgres(connection) => query.load(connection.as_mut()),
        }
        .with_context(|| format!("cannot read {table}"))
    }
}

#[derive(QueryableByName)]
struct AccountRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    currency_code: String,
    #[diesel(sql_type = Text)]
    balance: String,
    #[diesel(sql_type = Text)]
    held: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

impl AccountRow {
    fn into_account(self) -> Result<Account> {
        Ok(Account {
            id: self.id.parse()?,
            currency_code: self.currency_code,
            balance: self.balance.parse()?,
            held: self.held.parse()?,
            version: self.version.try_into()?,
        })
    }
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = Text)]
    account_id: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Text)]
    transfer_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    corresponding_account_id: Option<String>,
    #[diesel(sql_type = Text)]
    direction: String,
    #[diesel(sql_type = Text)]
    amount: String,
    #[diesel(sql_type = Text)]
    r#type: String,
    #[diesel(sql_type = Text)]
    balance: String,
    #[diesel(sql_type = Text)]
    held: String,
    #[diesel(sql_type = Text)]
    credit: String,
}

impl PartRow {
    fn into_part(self) -> Result<Part> {
        let other = self.corresponding_account_id.as_deref().map(str::parse);
        Ok(Part {
            account_id: self.account_id.parse()?,
            version: self.version.try_into()?,
            transfer_id: self.transfer_id.parse()?,
            corresponding_account_id: other.transpose()?,
            direction: match self.direction.as_str() {
                "1" => Direction::Incoming,
                "2" => Direction::Outgoing,
                other => bail!("a direction is 1 or 2, not {other:?}"),
            },
            amount: self.amount.parse()?,
            moves_money: moves_money(&self.r#type),
            balance: self.balance.parse()?,
            held: self.held.parse()?,
            has_credit: !self.credit.is_empty(),
        })
    }
}

#[derive(QueryableByName)]
struct TransferRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    currency_code: String,
    #[diesel(sql_type = Text)]
    amount: String,
    #[diesel(sql_type = Text)]
    r#type: String,
    #[diesel(sql_type = Nullable<Text>)]
    sender_account_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    sender_version: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    receiver_account_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    receiver_version: Option<i64>,
}

impl TransferRow {
    fn into_transfer(self) -> Result<Transfer> {
        let side = |account: Option<String>, version: Option<i64>| -> Result<_> {
            let (Some(account), Some(version)) = (account, version) else {
                return Ok(None);
            };
            Ok(Some((account.parse()?, version.try_into()?)))
        };
        Ok(Transfer {
            id: self.id.parse()?,
            currency_code: self.currency_code,
            amount: self.amount.parse()?,
            moves_money: moves_money(&self.r#type),
            sender: side(self.sender_account_id, self.sender_version)?,
            receiver: side(self.receiver_account_id, self.receiver_version)?,
        })
    }
}

#[derive(QueryableByName)]
struct HoldRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    sender_account_id: String,
    #[diesel(sql_type = Text)]
    amount: String,
    #[diesel(sql_type = Text)]
    captured: String,
    #[diesel(sql_type = Text)]
    state: String,
}

impl HoldRow {
    fn into_hold(self) -> Result<Hold> {
        Ok(Hold {
            id: self.id.parse()?,
            sender_account_id: self.sender_account_id.parse()?,
            amount: self.amount.parse()?,
            captured: self.captured.parse()?,
            is_open: self.state == "1",
        })
    }
}

/// Types that move no money: hold, hold increase, void, expire, account change.
fn moves_money(transfer_type: &str) -> bool {
    !matches!(transfer_type, "4" | "5" | "7" | "8" | "9")
}
