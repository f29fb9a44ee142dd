//! Settings: flags, environment and file, validated into types.
//!
//! An error names the setting as it was spelled, its value, and what is allowed. No other module
//! reads the environment or parses a setting.

mod access;
mod collector;
mod commands;
mod flags;
mod go_flags;
mod setting;
mod sources;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Result, bail};
use tracing::level_filters::LevelFilter;
use wallet_http::HostName;
use wallet_ledger::{BATCH_MAX, Database, LedgerOptions, ParseDatabaseError, Retry, redacted};

pub(crate) use access::{Auth, Tokens};
pub(crate) use collector::Collector;
pub(crate) use commands::{Command, KeysCommand};

use flags::{Parsed, RawSettings};
use setting::Setting;
use sources::Sources;

/// Everything that can be set. Its debug text has no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) database: Database,
    pub(crate) retry: Retry,
    pub(crate) readers: NonZeroUsize,
    pub(crate) writers: NonZeroUsize,
    pub(crate) temp_dir: Option<PathBuf>,
    pub(crate) auto_migrate: bool,
    pub(crate) allow_unsafe_durability: bool,
    pub(crate) address: SocketAddr,
    pub(crate) auth: Auth,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) allowed_hosts: Vec<HostName>,
    pub(crate) http_workers: NonZeroUsize,
    pub(crate) connections_max: NonZeroUsize,
    pub(crate) request_timeout: Duration,
    pub(crate) drain_delay: Duration,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) queue_max: usize,
    pub(crate) queue_wait_max: Duration,
    pub(crate) batch_max: usize,
    pub(crate) quote_valid_max: Duration,
    pub(crate) demo: bool,
    pub(crate) log_level: LevelFilter,
    pub(crate) log_format: Option<LogFormat>,
    pub(crate) otlp: Option<Collector>,
    /// Variables that look like settings and are none; most likely misspelled.
    pub(crate) strange_variables: Vec<String>,
}

impl Settings {
    /// What of the settings is the ledger's.
    pub(crate) fn ledger_options(&self) -> LedgerOptions {
        let mut options = LedgerOptions::default();
        options.retry = self.retry;
        options.readers = self.readers;
        options.writers = Some(self.writers);
        options.temp_dir.clone_from(&self.temp_dir);
        options.auto_migrate = self.auto_migrate;
        options.allow_unsafe_durability = self.allow_unsafe_durability;
        options.queue_max = self.queue_max;
        options.queue_wait_max = self.queue_wait_max;
        options.batch_max = self.batch_max;
        options
    }
}

/// Where the certificate is, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// Text, for people.
    Pretty,
}

/// Reads this process's command line and environment. Ends the process for `--help`, `--version`
/// and a flag that does not exist.
///
/// # Errors
/// What is wrong with a setting.
pub(crate) fn from_process() -> Result<(Command, Settings)> {
    let parsed = flags::parse(std::env::args_os()).unwrap_or_else(|error| error.exit());
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((
            name.into_string().ok()?,
            value.to_string_lossy().into_owned(),
        ))
    };
    read(parsed, std::env::vars_os().filter_map(text))
}

fn read(
    parsed: Parsed,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(Command, Settings)> {
    let (sources, raw) = Sources::read(parsed.config, parsed.flags, environment)?;
    Ok((parsed.command, validated(&raw, &sources)?))
}

fn validated(raw: &RawSettings, sources: &Sources) -> Result<Settings> {
    let database = database(raw, sources)?;
    let setting = |key, value| Setting {
        key,
        value,
        sources,
    };
    let count = |key, value, range| setting(key, value).number::<usize>(range).map(at_least_one);
    let host = setting("host", &raw.host);
    let host: IpAddr = host.parse("an IP address, for example 127.0.0.1, 0.0.0.0 or ::1")?;
    let port = setting("port", &raw.port).number(0..=u16::MAX)?;
    Ok(Settings {
        retry: Retry::new(
            setting("db_retry_count", &raw.db_retry_count).number(0..=1_000_000)?,
            setting("db_retry_timeout", &raw.db_retry_timeout).duration(ANY_TIME)?,
        ),
        readers: count("db_readers", &raw.db_readers, 1..=1_000)?,
        writers: writers(&database, raw, sources)?,
        database,
        temp_dir: raw.temp_dir.as_ref().map(PathBuf::from),
        auto_migrate: setting("auto_migrate", &raw.auto_migrate).switch()?,
        allow_unsafe_durability: setting("allow_unsafe_durability", &raw.allow_unsafe_durability)
            .switch()?,
        address: SocketAddr::new(host, port),
        auth: access::auth(raw, sources, host)?,
        rate_limit: match &raw.rate_limit {
            Some(_) => Some(setting("rate_limit", &raw.rate_limit).number(1..=1_000_000)?),
            None => None,
        },
        cors_origins: setting("cors_origins", &raw.cors_origins).origins()?,
        allowed_hosts: setting("allow_host", &raw.allow_host).hosts()?,
        http_workers: match &raw.http_workers {
            Some(_) => count("http_workers", &raw.http_workers, 1..=1_000)?,
            None => available_parallelism().unwrap_or(NonZeroUsize::MIN),
        },
        connections_max: count("connections_max", &raw.connections_max, 1..=1_000_000)?,
        request_timeout: setting("request_timeout", &raw.request_timeout).duration(SOME_TIME)?,
        drain_delay: setting("drain_delay", &raw.drain_delay).duration(ANY_TIME)?,
        shutdown_timeout: setting("shutdown_timeout", &raw.shutdown_timeout).duration(ANY_TIME)?,
        tls: tls_files(raw, sources)?,
        queue_max: setting("queue_max", &raw.queue_max).number(1..=1_000_000)?,
        queue_wait_max: setting("queue_wait_max", &raw.queue_wait_max).duration(SOME_TIME)?,
        batch_max: setting("batch_max", &raw.batch_max).number(1..=BATCH_MAX)?,
        quote_valid_max: setting("quote_valid_max", &raw.quote_valid_max).duration(QUOTE_TIME)?,
        demo: setting("demo", &raw.demo).switch()?,
        log_level: setting("log_level", &raw.log_level).one_of(&LOG_LEVELS)?,
        log_format: match &raw.log_format {
            Some(_) => Some(setting("log_format", &raw.log_format).one_of(&LOG_FORMATS)?),
            None => None,
        },
        otlp: match &raw.otlp {
            Some(_) => Some(setting("otlp", &raw.otlp).parse(collector::ALLOWED)?),
            None => None,
        },
        strange_variables: sources.strange_variables().to_vec(),
    })
}

const HOUR: Duration = Duration::from_secs(3600);
const ANY_TIME: RangeInclusive<Duration> = Duration::ZERO..=HOUR;
const SOME_TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=HOUR;

/// From what is asked for where nothing is said, to what the domain allows.
const QUOTE_TIME: RangeInclusive<Duration> = Duration::from_secs(30)..=Duration::from_secs(86_400);

const LOG_LEVELS: [(&str, LevelFilter); 5] = [
    ("trace", LevelFilter::TRACE),
    ("debug", LevelFilter::DEBUG),
    ("info", LevelFilter::INFO),
    ("warn", LevelFilter::WARN),
    ("error", LevelFilter::ERROR),
];

const LOG_FORMATS: [(&str, LogFormat); 2] =
    [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];

fn database(raw: &RawSettings, sources: &Sources) -> Result<Database> {
    let default = flags::default_value("db");
    let text = raw.db.as_deref().map_or(default, str::trim);
    if text.is_empty() {
        // An unset variable of a shell must not open other books than the ones that it names.
        let spelling = sources.spelling("db");
        bail!("{spelling} is empty; leave it out for {default}");
    }
    text.parse().or_else(|problem: ParseDatabaseError| {
        bail!(
            "{} = {}: {problem}; allowed: {}",
            sources.spelling("db"),
            redacted(text),
            Database::ALLOWED,
        )
    })
}

fn writers(database: &Database, raw: &RawSettings, sources: &Sources) -> Result<NonZeroUsize> {
    let setting = Setting {
        key: "writers",
        value: &raw.writers,
        sources,
    };
    match database {
        _ if raw.writers.is_none() => Ok(database.default_writers()),
        Database::Sqlite(_) => setting
            .number(1..=1)
            .map(at_least_one)
            .map_err(|error| error.context("an SQLite file has one writer")),
        Database::Postgres(_) => setting.number(1..=100).map(at_least_one),
    }
}

fn tls_files(raw: &RawSettings, sources: &Sources) -> Result<Option<TlsFiles>> {
    match (&raw.tls_cert, &raw.tls_key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles {
            certificate: certificate.into(),
            key: key.into(),
        })),
        (Some(_), None) => bail!("{} needs --tls-key as well", sources.spelling("tls_cert")),
        (None, Some(_)) => bail!("{} needs --tls-cert as well", sources.spelling("tls_key")),
    }
}

fn at_least_one(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN)
}
