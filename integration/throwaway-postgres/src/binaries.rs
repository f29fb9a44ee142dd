//! Finding PostgreSQL's programs.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The folder with `initdb`, `postgres` and, usually, `psql` and `pgbench`.
#[derive(Clone, Debug)]
pub struct Binaries {
    folder: PathBuf,
}

/// Where distributions put the programs, a folder for each version below.
const VERSIONED_FOLDERS: [&str; 5] = [
    "/usr/lib/postgresql",
    "/usr/local/opt",
    "/opt/homebrew/opt",
    "/usr/pgsql",
    "/usr/local/pgsql",
];

impl Binaries {
    /// Looks in the folder that `PG_BIN` names, then along `PATH`, then where distributions keep
    /// them, newest version first.
    ///
    /// # Errors
    /// A message that says what to install.
    pub fn find() -> Result<Self> {
        if let Some(folder) = std::env::var_os("PG_BIN").map(PathBuf::from) {
            if is_complete(&folder) {
                return Ok(Self { folder });
            }
            bail!(
                "PG_BIN is {}, which has no initdb and postgres",
                folder.display()
            );
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).filter_map(|folder| {
            // A link on the path leads to the folder where all the programs are.
            let initdb = folder.join("initdb").canonicalize().ok()?;
            Some(initdb.parent()?.to_path_buf())
        });
        let mut versioned: Vec<PathBuf> = VERSIONED_FOLDERS.iter().flat_map(versions).collect();
        versioned.sort_by_key(|folder| std::cmp::Reverse(version_of(folder)));
        match on_path.chain(versioned).find(|folder| is_complete(folder)) {
            Some(folder) => Ok(Self { folder }),
            None => bail!(
                "PostgreSQL's server programs (initdb, postgres) are not on this machine. Install \
                 them (Debian, Ubuntu: apt-get install postgresql; macOS: brew install \
                 postgresql), or name their folder in PG_BIN, or a running server in \
                 WALLET_TEST_DATABASE_URL"
            ),
        }
    }

    /// The path of a program: next to the server's, or on `PATH`.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        let sibling = self.folder.join(name);
        if sibling.exists() {
            sibling
        } else {
            PathBuf::from(name)
        }
    }
}

fn is_complete(folder: &Path) -> bool {
    folder.join("initdb").exists() && folder.join("postgres").exists()
}

fn versions(parent: &&str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    entries.map(|entry| entry.path().join("bin")).collect()
}

/// The version in a path like `/usr/lib/postgresql/15/bin` or `…/postgresql@16/bin`.
fn version_of(folder: &Path) -> u32 {
    let name = folder
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    let digits = name
        .unwrap_or_default()
        .trim_start_matches(|letter: char| !letter.is_ascii_digit());
    digits.parse().unwrap_or(0)
}
