//! The text of a setting, parsed into a type. An error names the setting as it was spelled, its
//! value, and what is allowed.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, bail};
use wallet_http::HostName;

use super::sources::Sources;

const SWITCH: [(&str, bool); 6] = [
    ("true", true),
    ("false", false),
    ("1", true),
    ("0", false),
    ("yes", true),
    ("no", false),
];

/// A setting's text on its way to a type.
pub(super) struct Setting<'a> {
    pub(super) key: &'static str,
    pub(super) value: &'a Option<String>,
    pub(super) sources: &'a Sources,
}

impl Setting<'_> {
    pub(super) fn text(&self) -> &str {
        self.value.as_deref().map(str::trim).unwrap_or_default()
    }

    pub(super) fn parse<T: FromStr>(&self, allowed: &str) -> Result<T> {
        self.text().parse().or_else(|_| self.refuse(allowed))
    }

    pub(super) fn number<T: FromStr + PartialOrd + fmt::Display>(
        &self,
        range: RangeInclusive<T>,
    ) -> Result<T> {
        let allowed = if range.start() == range.end() {
            range.start().to_string()
        } else {
            format!("a whole number from {} to {}", range.start(), range.end())
        };
        match self.parse(&allowed)? {
            number if range.contains(&number) => Ok(number),
            _ => self.refuse(&allowed),
        }
    }

    /// Go's notation, which humantime's covers.
    pub(super) fn duration(&self, range: RangeInclusive<Duration>) -> Result<Duration> {
        let [least, most] =
            [range.start(), range.end()].map(|end| humantime::format_duration(*end));
        let allowed = format!("a duration, for example 500ms, 2s or 1m30s, from {least} to {most}");
        match humantime::parse_duration(self.text()) {
            Ok(duration) if range.contains(&duration) => Ok(duration),
            _ => self.refuse(&allowed),
        }
    }

    pub(super) fn switch(&self) -> Result<bool> {
        self.one_of(&SWITCH)
    }

    pub(super) fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T> {
        let is_meant = |(name, _): &&(&str, T)| name.eq_ignore_ascii_case(self.text());
        match choices.iter().find(is_meant) {
            Some((_, choice)) => Ok(*choice),
            None => {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                self.refuse(&names.join(", "))
            }
        }
    }

    /// Origins as browsers write them, with commas between them.
    pub(super) fn origins(&self) -> Result<Vec<String>> {
        let origins = self.text().split(',').map(str::trim);
        let origins = origins.filter(|origin| !origin.is_empty());
        let is_origin = |origin: &str| {
            let rest = ["https://", "http://"]
                .iter()
                .find_map(|it| origin.strip_prefix(it));
            rest.is_some_and(|rest| {
                !rest.is_empty() && !rest.contains(['/', '*', '?', '#', '@', ' '])
            })
        };
        let origins: Vec<String> = origins.map(str::to_owned).collect();
        match origins.iter().all(|origin| is_origin(origin)) {
            true => Ok(origins),
            false => {
                self.refuse("origins, for example https://shop.example, with commas between them")
            }
        }
    }

    /// Names of hosts, with commas between them.
    pub(super) fn hosts(&self) -> Result<Vec<HostName>> {
        let names = self.text().split(',').map(str::trim);
        let names = names.filter(|name| !name.is_empty()).map(HostName::parse);
        match names.collect() {
            Some(names) => Ok(names),
            None => self.refuse(
                "names or addresses without a port, for example wallet.internal, 10.0.0.5 or \
                 [::1], with commas between them",
            ),
        }
    }

    pub(super) fn refuse<T>(&self, allowed: &str) -> Result<T> {
        let text = self.text();
        let hint = if text.starts_with("tcp://") {
            " (Kubernetes sets such variables for a Service of this name: \
             `enableServiceLinks: false` stops it)"
        } else {
            ""
        };
        let setting = self.sources.spelling(self.key);
        bail!("{setting} = {text}: allowed is {allowed}{hint}")
    }
}
