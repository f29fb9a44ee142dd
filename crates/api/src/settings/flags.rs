//! The command line, and the one list of settings.
//!
//! [`RawSettings`] is that list: what it has as fields are the flags, the keys of the settings file
//! and, in upper case behind `WALLET_`, the variables of the environment. All values are text here;
//! [`super::Settings`] is what they mean. Defaults are in [`DEFAULTS`] and not in clap, where they
//! would hide what the environment and the file say; `--help` prints them all the same.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser};
use serde::Deserialize;

use super::commands::Command;
use super::go_flags;
use crate::build_facts;

/// Defaults of settings. Settings that are not here compute their default; their help says how.
pub(super) const DEFAULTS: &[(&str, &str)] = &[
    ("allow_unsafe_durability", "false"),
    ("auto_migrate", "false"),
    ("batch_max", "2000"),
    ("connections_max", "900"),
    ("db", "sqlite:data/wallet.db"),
    ("db_readers", "8"),
    ("db_retry_count", "10"),
    ("db_retry_timeout", "2s"),
    ("demo", "false"),
    ("drain_delay", "0s"),
    ("host", "127.0.0.1"),
    ("log_level", "info"),
    ("port", "8080"),
    ("queue_max", "4096"),
    ("queue_wait_max", "100ms"),
    ("quote_valid_max", "1h"),
    ("request_timeout", "10s"),
    ("shutdown_timeout", "10s"),
];

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "wallet-api",
    version,
    long_version = build_facts::FACTS,
    about = "Stores account balances and moves money between accounts, over HTTP",
    after_help = "Flags override the environment, the environment overrides the settings file, and \
        the file overrides the defaults.\n\
        Every flag may also be written as the original service spells it: -db, -dbRetryCount, \
        --logLevel=debug."
)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,

    /// A settings file (TOML) with the names below, `-` written as `_`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,

    #[command(flatten)]
    settings: RawSettings,
}

/// Every setting, as text. `None` where it was not said.
#[derive(Args, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSettings {
    /// The ledger: a PostgreSQL URL, a "host=... port=..." string, or sqlite:PATH for an embedded
    /// file
    #[arg(long, global = true, help_heading = "Database")]
    pub(super) db: Option<String>,

    /// How often PostgreSQL is tried at the start before the service gives up; once if it
    /// refuses the connection (no such database or role, a wrong password)
    #[arg(long, global = true, help_heading = "Database", value_name = "COUNT")]
    pub(super) db_retry_count: Option<String>,

    /// The pause between two of these attempts, for example 500ms, 2s or 1m30s
    #[arg(
        long,
        global = true,
        help_heading = "Database",
        value_name = "DURATION"
    )]
    pub(super) db_retry_timeout: Option<String>,

    /// Connections that read, and the threads that use them
    #[arg(long, global = true, help_heading = "Database", value_name = "COUNT")]
    pub(super) db_readers: Option<String>,

    /// Threads that write, each with its own connection [default: 2 on PostgreSQL; SQLite has one]
    #[arg(long, global = true, help_heading = "Database", value_name = "COUNT")]
    pub(super) writers: Option<String>,

    /// The folder for the copy that `verify` and POST /v1/verifications make of an embedded ledger;
    /// it takes as much space as the ledger [default: the ledger's own folder]
    #[arg(long, global = true, help_heading = "Database", value_name = "FOLDER")]
    pub(super) temp_dir: Option<String>,

    /// Migrate PostgreSQL at the start; the embedded store always migrates itself
    #[arg(long, global = true, help_heading = "Database", value_name = "BOOL",
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) auto_migrate: Option<String>,

    /// Start although the database does not flush commits to disk: a power cut may then lose
    /// transfers that were answered OK
    #[arg(long, global = true, help_heading = "Database", value_name = "BOOL",
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) allow_unsafe_durability: Option<String>,

    /// The address to listen on; 0.0.0.0 is every network interface
    #[arg(long, global = true, help_heading = "HTTP", value_name = "ADDRESS")]
    pub(super) host: Option<String>,

    /// Authentication: keys (see `wallet-api keys create`), or off, which lets anyone in [default:
    /// off on a loopback address, else keys]
    #[arg(long, global = true, help_heading = "HTTP", value_name = "WHO")]
    pub(super) auth: Option<String>,

    /// Accept the tokens (JWTs) of an identity provider, too: its public keys, as a file or an
    /// https:// URL of a JSON Web Key Set
    #[arg(long, global = true, help_heading = "HTTP", value_name = "FILE|URL")]
    pub(super) auth_jwks: Option<String>,

    /// The issuer of these tokens: exactly their claim iss
    #[arg(long, global = true, help_heading = "HTTP", value_name = "ISSUER")]
    pub(super) auth_issuer: Option<String>,

    /// The audience of these tokens: one of the values of their claim aud
    #[arg(long, global = true, help_heading = "HTTP", value_name = "AUDIENCE")]
    pub(super) auth_audience: Option<String>,

    /// How many requests a second each key may send, and how many at once; more are answered 429
    /// [default: any number]
    #[arg(long, global = true, help_heading = "HTTP", value_name = "COUNT")]
    pub(super) rate_limit: Option<String>,

    /// Origins whose pages may use the API from a browser, separated by commas, for example
    /// `https://shop.example` [default: none]
    #[arg(long, global = true, help_heading = "HTTP", value_name = "ORIGINS")]
    pub(super) cors_origins: Option<String>,

    /// Another name or address than localhost, 127.0.0.1 and ::1 by which a service without keys
    /// may be called, and whose pages may use it; repeat it, or separate several by commas
    /// [default: none]
    #[arg(
        long,
        global = true,
        help_heading = "HTTP",
        value_name = "NAME",
        action = ArgAction::Append
    )]
    pub(super) allow_host: Option<String>,

    /// The port to listen on; 0 takes a free one
    #[arg(long, global = true, help_heading = "HTTP", value_name = "PORT")]
    pub(super) port: Option<String>,

    /// Threads that serve connections [default: the number of processors]
    #[arg(long, global = true, help_heading = "HTTP", value_name = "COUNT")]
    pub(super) http_workers: Option<String>,

    /// Open connections; more wait until one closes
    #[arg(long, global = true, help_heading = "HTTP", value_name = "COUNT")]
    pub(super) connections_max: Option<String>,

    /// How long one request may take
    #[arg(long, global = true, help_heading = "HTTP", value_name = "DURATION")]
    pub(super) request_timeout: Option<String>,

    /// How long a service that was asked to stop keeps serving, while /readyz already fails
    #[arg(long, global = true, help_heading = "HTTP", value_name = "DURATION")]
    pub(super) drain_delay: Option<String>,

    /// How long a stopping service waits for the requests in progress
    #[arg(long, global = true, help_heading = "HTTP", value_name = "DURATION")]
    pub(super) shutdown_timeout: Option<String>,

    /// Serve TLS with this certificate chain: PEM, the server's own certificate first. A renewed
    /// file is picked up without a restart
    #[arg(long, global = true, help_heading = "HTTP", value_name = "FILE")]
    pub(super) tls_cert: Option<String>,

    /// The private key of that certificate: PEM, without a passphrase
    #[arg(long, global = true, help_heading = "HTTP", value_name = "FILE")]
    pub(super) tls_key: Option<String>,

    /// The queue limit for single writes, by weight (a split counts its receivers); more are
    /// answered "unavailable" at once. Batches have their own queue
    #[arg(long, global = true, help_heading = "Ledger", value_name = "COUNT")]
    pub(super) queue_max: Option<String>,

    /// The queue limit for single writes, by time: what cannot be written within about this time is
    /// answered "unavailable" at once
    #[arg(long, global = true, help_heading = "Ledger", value_name = "DURATION")]
    pub(super) queue_wait_max: Option<String>,

    /// Transfers in one database transaction; far fewer while single writes and batches both wait
    #[arg(long, global = true, help_heading = "Ledger", value_name = "COUNT")]
    pub(super) batch_max: Option<String>,

    /// The longest time for which a quote may be valid: 30s to 24h. A quote fixes a rate until it
    /// is used or expires
    #[arg(long, global = true, help_heading = "Ledger", value_name = "DURATION")]
    pub(super) quote_valid_max: Option<String>,

    /// Load six demo accounts before serving; a second time changes nothing
    #[arg(long, global = true, help_heading = "Ledger", value_name = "BOOL",
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) demo: Option<String>,

    /// trace, debug, info, warn or error
    #[arg(long, global = true, help_heading = "Log", value_name = "LEVEL")]
    pub(super) log_level: Option<String>,

    /// json or pretty [default: pretty on a terminal, else json]
    #[arg(long, global = true, help_heading = "Log", value_name = "FORMAT")]
    pub(super) log_format: Option<String>,

    /// Send traces to this collector, by OTLP over HTTP: `http://127.0.0.1:4318`
    #[arg(long, global = true, help_heading = "Log", value_name = "URL")]
    pub(super) otlp: Option<String>,
}

/// What the command line says, taken apart.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) command: Command,
    pub(super) config: Option<String>,
    /// The settings from flags, by key.
    pub(super) flags: BTreeMap<String, String>,
}

/// Reads the command line, the program's name first.
///
/// # Errors
/// What clap has to say, `--help` and `--version` among it.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Parsed, clap::Error> {
    let command = CommandLine::command().mut_args(describe);
    let arguments = go_flags::to_kebab_case(&command, arguments);
    let matches = command.try_get_matches_from(arguments)?;
    let line = CommandLine::from_arg_matches(&matches)?;
    Ok(Parsed {
        command: line.command.unwrap_or(Command::Serve),
        config: line.config,
        flags: values(&matches),
    })
}

/// The keys of all settings: `db`, `db_retry_count`, …
pub(super) fn keys() -> Vec<String> {
    let command = RawSettings::augment_args(clap::Command::new("settings"));
    let key = |argument: &Arg| argument.get_id().to_string();
    command.get_arguments().map(key).collect()
}

/// The default of a setting; empty where it is found elsewhere.
pub(super) fn default_value(key: &str) -> &'static str {
    let found = DEFAULTS.iter().find(|(name, _)| *name == key);
    found.map_or("", |(_, value)| value)
}

/// How a setting is spelled in the environment.
pub(super) fn variable(key: &str) -> String {
    format!("WALLET_{}", key.to_uppercase())
}

/// Puts default and variable behind the text of a flag.
fn describe(argument: Arg) -> Arg {
    let key = argument.get_id().to_string();
    let Some(text) = argument.get_help().map(ToString::to_string) else {
        return argument;
    };
    let default = match default_value(&key) {
        "" => String::new(),
        value => format!(" [default: {value}]"),
    };
    argument.help(format!("{text}{default} [env: {}]", variable(&key)))
}

fn values(matches: &ArgMatches) -> BTreeMap<String, String> {
    let value = |key: String| {
        // A flag that may be repeated is a list with commas, as it is elsewhere.
        let values: Vec<&str> = matches.get_many(&key)?.map(String::as_str).collect();
        Some((key, values.join(",")))
    };
    keys().into_iter().filter_map(value).collect()
}
