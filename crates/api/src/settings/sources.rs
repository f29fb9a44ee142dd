//! Where settings come from: flags override the environment, which overrides the file, which
//! overrides the defaults.
//!
//! The `config` crate merges the layers. We also keep them apart, so that an error can name the
//! very flag, variable or file that is wrong. Only variables that are settings are read:
//! Kubernetes adds others, for example `WALLET_API_PORT` for a Service called `wallet-api`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use config::{Config, Environment, File, FileFormat};

use super::flags::{self, DEFAULTS, RawSettings};

/// The layers, for naming what a value came from.
pub(super) struct Sources {
    flags: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    strange_variables: Vec<String>,
    file: Option<String>,
}

/// Prefixes of variables that Kubernetes sets for a Service called `wallet-api` or `wallet`, and of
/// those for this repository's tests.
const NOT_OURS: [&str; 5] = [
    "WALLET_API_",
    "WALLET_PORT_",
    "WALLET_SERVICE_",
    "WALLET_TEST_",
    "WALLET_PROPERTY_",
];

impl Sources {
    /// Reads the file that the flag `--config` or the environment names, if one does.
    ///
    /// `environment` is all of it: what is not a setting is left out here.
    ///
    /// # Errors
    /// Where the file cannot be read, is not TOML, or has a key that is not a setting.
    pub(super) fn read(
        config: Option<String>,
        flags: BTreeMap<String, String>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(Self, RawSettings)> {
        let mut environment: BTreeMap<_, _> = environment
            .into_iter()
            // docker compose and its like hand on variables that are not set as empty ones.
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let config = config.or_else(|| environment.remove(&flags::variable("config")));
        let known: BTreeSet<String> = flags::keys()
            .iter()
            .map(|key| flags::variable(key))
            .collect();
        environment.retain(|variable, _| variable.starts_with("WALLET_"));
        let is_strange = |variable: &&String| {
            !known.contains(*variable) && !NOT_OURS.iter().any(|start| variable.starts_with(start))
        };
        let strange_variables = environment.keys().filter(is_strange).cloned().collect();
        environment.retain(|variable, _| known.contains(variable));
        let sources = Self {
            flags,
            environment,
            strange_variables,
            file: config,
        };
        let raw = sources.merged()?;
        Ok((sources, raw))
    }

    fn merged(&self) -> Result<RawSettings> {
        let mut builder = Config::builder();
        for (key, value) in DEFAULTS {
            builder = builder.set_default(*key, *value)?;
        }
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("could not read the settings file {path}"))?;
            let file = File::from_str(&text, FileFormat::Toml);
            // Read alone first: then an unknown key is certainly the file's, and the error says so.
            Config::builder()
                .add_source(file.clone())
                .build()
                .and_then(Config::try_deserialize::<RawSettings>)
                .map_err(|error| anyhow!("the settings file {path}: {}", without_lines(&error)))?;
            builder = builder.add_source(file);
        }
        let environment = Environment::with_prefix("WALLET")
            .prefix_separator("_")
            .source(Some(self.environment.clone().into_iter().collect()));
        builder = builder.add_source(environment);
        for (key, value) in &self.flags {
            builder = builder.set_override(key, value.as_str())?;
        }
        let merged = builder.build().and_then(Config::try_deserialize);
        merged.context("the settings cannot be read")
    }

    /// How a setting was spelled where it was set: `--port`, `WALLET_PORT`, or `port` of a file.
    pub(super) fn spelling(&self, key: &str) -> String {
        let variable = flags::variable(key);
        if self.flags.contains_key(key) {
            format!("--{}", key.replace('_', "-"))
        } else if self.environment.contains_key(&variable) {
            variable
        } else if let Some(file) = &self.file {
            format!("{key} in {file}")
        } else {
            key.to_owned()
        }
    }

    /// Variables that look like settings and are none.
    pub(super) fn strange_variables(&self) -> &[String] {
        &self.strange_variables
    }
}

/// A parser's message without the lines of the file that it shows: a password may stand there.
fn without_lines(error: &config::ConfigError) -> String {
    let message = error.to_string();
    let is_message = |line: &&str| !line.trim().is_empty() && !line.contains(" |");
    message
        .lines()
        .filter(is_message)
        .collect::<Vec<_>>()
        .join(": ")
}
