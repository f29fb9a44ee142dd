//! Stores for tests: a SQLite file in a temporary directory, or a PostgreSQL database of its own.
//! Both are gone when the value is dropped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use diesel::SqliteConnection;
use diesel::connection::{Connection, SimpleConnection};
use tempfile::TempDir;
use throwaway_postgres::{Database, Options, PostgresServer, create_database};
use wallet_ledger::{LedgerOptions, OpenStore};

/// An empty store that no other test uses.
#[derive(Debug)]
pub struct TestStore(Kind);

#[derive(Debug)]
enum Kind {
    Sqlite {
        file: PathBuf,
        _directory: TempDir,
    },
    // Dropped in this order: the database before its server.
    Postgres {
        database: Database,
        server: Option<PostgresServer>,
        durable: bool,
    },
}

impl TestStore {
    /// A SQLite file that is not there yet.
    ///
    /// # Panics
    /// If there is no temporary directory.
    #[must_use]
    pub fn sqlite() -> Self {
        let directory = TempDir::with_prefix("wallet-sqlite-").expect("a temporary directory");
        // Without links, as the service names it.
        let path = directory
            .path()
            .canonicalize()
            .expect("the directory that was just made");
        Self(Kind::Sqlite {
            file: path.join("wallet.db"),
            _directory: directory,
        })
    }

    /// An empty database on the server that all tests share. That server is fast and not durable.
    ///
    /// # Panics
    /// If there is no server and none can be started.
    #[must_use]
    pub fn postgres() -> Self {
        let database = create_database();
        Self(Kind::Postgres {
            database,
            server: None,
            durable: false,
        })
    }

    /// An empty database on a durable server of its own, which can be killed, and which also
    /// listens on the loopback interface.
    ///
    /// # Panics
    /// If no server can be started.
    #[must_use]
    pub fn dedicated_postgres() -> Self {
        Self::on(
            PostgresServer::start_or_panic(&Options {
                tcp: true,
                ..Options::durable()
            }),
            true,
        )
    }

    /// An empty database on a server of its own that does not sync.
    ///
    /// # Panics
    /// If no server can be started.
    #[must_use]
    pub fn postgres_without_sync() -> Self {
        Self::on(PostgresServer::start_or_panic(&Options::fast()), false)
    }

    /// An empty database on this server, which goes with it.
    ///
    /// # Panics
    /// If the database cannot be created.
    #[must_use]
    pub fn on(server: PostgresServer, durable: bool) -> Self {
        let database = server.create_database();
        Self(Kind::Postgres {
            database,
            server: Some(server),
            durable,
        })
    }

    /// An empty database on a durable server that the caller keeps running.
    #[must_use]
    pub fn on_shared(server: &PostgresServer) -> Self {
        Self(Kind::Postgres {
            database: server.create_database(),
            server: None,
            durable: true,
        })
    }

    /// The flags that make the service use this store, `--db` first.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let mut flags = self.flags_without_migration();
        if self.file().is_none() {
            flags.push("--auto-migrate".to_owned());
        }
        flags
    }

    /// The same, but without migrating the schema.
    #[must_use]
    pub fn flags_without_migration(&self) -> Vec<String> {
        let mut flags = vec!["--db".to_owned(), self.url()];
        if let Kind::Postgres { durable: false, .. } = self.0 {
            flags.push("--allow-unsafe-durability".to_owned());
        }
        flags
    }

    /// The store as the service's `--db` takes it; for PostgreSQL, as every client takes it.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.0 {
            Kind::Sqlite { file, .. } => format!("sqlite:{}", file.display()),
            Kind::Postgres { database, .. } => database.url(),
        }
    }

    /// Opens the ledger in this store, without a service. An empty store gets its schema.
    ///
    /// # Errors
    /// If it cannot be opened, for example because a service uses the file.
    pub fn open(&self) -> Result<OpenStore> {
        let mut options = LedgerOptions::default();
        options.auto_migrate = true;
        options.allow_unsafe_durability = true;
        Ok(OpenStore::open(&self.url().parse()?, &options)?)
    }

    /// The file of a SQLite store.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite { file, .. } => Some(file),
            Kind::Postgres { .. } => None,
        }
    }

    /// What a message must contain so that an operator finds the data: the file, or the database.
    #[must_use]
    pub fn place(&self) -> String {
        let url = self.url();
        let name = url
            .split_once("dbname=")
            .map(|(_, rest)| rest.split(' ').next());
        name.flatten().map_or_else(
            || url.trim_start_matches("sqlite:").to_owned(),
            str::to_owned,
        )
    }

    /// The PostgreSQL server of this store alone.
    ///
    /// # Errors
    /// If there is none.
    pub fn server(&self) -> Result<&PostgresServer> {
        match &self.0 {
            Kind::Postgres {
                server: Some(server),
                ..
            } => Ok(server),
            _ => None.context("this store has no server of its own"),
        }
    }

    /// Where that server listens on the loopback interface.
    ///
    /// # Errors
    /// If there is none.
    pub fn server_address(&self) -> Result<SocketAddr> {
        Ok(([127, 0, 0, 1], self.server()?.port()).into())
    }

    /// The flags of [`flags`](Self::flags), but connecting to that server through a proxy.
    ///
    /// # Errors
    /// If there is no such server.
    pub fn flags_through(&self, proxy: SocketAddr) -> Result<Vec<String>> {
        let direct = format!("port={} ", self.server()?.port());
        let detour = format!("port={} ", proxy.port());
        Ok(self
            .flags()
            .into_iter()
            .map(|flag| flag.replace(&direct, &detour))
            .collect())
    }

    /// Runs SQL directly on the store, without the service.
    ///
    /// # Errors
    /// What the database says.
    pub fn run_sql(&self, sql: &str) -> Result<()> {
        match &self.0 {
            Kind::Postgres { database, .. } => database.psql(sql).map(drop),
            Kind::Sqlite { file, .. } => {
                let mut connection = SqliteConnection::establish(&file.to_string_lossy())?;
                Ok(connection.batch_execute(sql)?)
            }
        }
    }
}
