//! Where settings come from: flags override the environment, which overrides the file, which
//! overrides the defaults.
//!
//! The `config` crate merges the layers, and its values say where they came from, so an error can
//! name the very flag, variable or file that is wrong. Only variables that are settings are read:
//! Kubernetes adds others, for example `WALLET_API_PORT` for a Service called `wallet-api`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use config::{Config, Environment, File, FileFormat, Map, Source as _, Value};

use super::flags::{self, DEFAULTS, RawSettings};

/// What was set, for naming where a value came from.
pub(super) struct Sources {
    values: Map<String, Value>,
    file: Option<String>,
    strange_variables: Vec<String>,
}

/// The origin of the values of [`Environment`].
const ENVIRONMENT: &str = "the environment";

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
    /// If the file cannot be read, is not TOML, or has a key that is not a setting.
    pub(super) fn read(
        config: Option<String>,
        flags: BTreeMap<String, String>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(Self, RawSettings)> {
        let mut environment: BTreeMap<_, _> = environment
            .into_iter()
            // docker compose and its like hand on variables that are not set as empty ones.
            .filter(|(variable, value)| variable.starts_with("WALLET_") && !value.is_empty())
            .collect();
        let file = environment.remove(&flags::variable("config"));
        let file = config.or(file);
        let known: Vec<String> = flags::keys().iter().map(|it| flags::variable(it)).collect();
        let (environment, others): (BTreeMap<_, _>, BTreeMap<_, _>) = environment
            .into_iter()
            .partition(|(variable, _)| known.contains(variable));
        let is_strange = |name: &String| !NOT_OURS.iter().any(|start| name.starts_with(start));
        let strange_variables = others.into_keys().filter(is_strange).collect();

        let mut layers = Config::builder();
        for (key, value) in DEFAULTS {
            layers = layers.set_default(*key, *value)?;
        }
        if let Some(path) = &file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("could not read the settings file {path}"))?;
            layers = layers.add_source(File::from_str(&text, FileFormat::Toml));
            // Before the other layers: they may set the key that is wrong here.
            let read = layers.build_cloned();
            read.and_then(Config::try_deserialize::<RawSettings>)
                .map_err(|error| anyhow!("the settings file {path}: {}", without_lines(&error)))?;
        }
        let environment = Some(environment.into_iter().collect());
        layers = layers.add_source(Environment::with_prefix("WALLET").source(environment));
        for (key, value) in flags {
            let flag = format!("--{}", key.replace('_', "-"));
            layers = layers.set_override(key, Value::new(Some(&flag), value))?;
        }
        // Flags and variables are texts with known names: only the file can be wrong.
        let merged = layers.build()?;
        let (values, raw) = (merged.collect()?, merged.try_deserialize()?);
        let sources = Self {
            values,
            file,
            strange_variables,
        };
        Ok((sources, raw))
    }

    /// How a setting was spelled where it was set: `--port`, `WALLET_PORT`, or `port` of a file.
    pub(super) fn spelling(&self, key: &str) -> String {
        match (self.values.get(key).and_then(Value::origin), &self.file) {
            (Some(ENVIRONMENT), _) => flags::variable(key),
            (Some(flag), _) => flag.to_owned(),
            (None, Some(file)) => format!("{key} in {file}"),
            (None, None) => key.to_owned(),
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
