//! Where traces are sent: the URL of a collector, checked before the service starts.

use std::str::FromStr;

/// What a collector's address looks like.
pub(super) const ALLOWED: &str = "the address of a collector that takes OTLP over HTTP, \
    for example http://127.0.0.1:4318, \
    without https (let one on this machine pass traces on) \
    and without a password (OTEL_EXPORTER_OTLP_HEADERS is for that)";

/// Where OTLP's specification wants spans, if nothing else is said.
const PATH: &str = "/v1/traces";

/// A collector that takes spans by OTLP over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Collector {
    url: String,
}

impl Collector {
    /// The whole address to which spans are posted.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl FromStr for Collector {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("http://").ok_or(())?;
        let (place, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let is_plain = |c: char| c.is_ascii_graphic() && !"@?#\\".contains(c);
        if place.is_empty() || place.starts_with(':') || !rest.chars().all(is_plain) {
            return Err(());
        }
        let path = if path.len() > 1 { path } else { PATH };
        Ok(Self {
            url: format!("http://{place}{path}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_gets_that_of_the_specification() {
        for (text, url) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("http://collector/", "http://collector/v1/traces"),
            ("http://[::1]:4318", "http://[::1]:4318/v1/traces"),
            ("http://gateway/otlp/spans", "http://gateway/otlp/spans"),
        ] {
            assert_eq!(
                text.parse(),
                Ok(Collector {
                    url: url.to_owned()
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_cannot_be_posted_to_is_refused() {
        for text in [
            "",
            "collector:4318",
            "https://collector",
            "http://",
            "http:///x",
            "http://:4318",
            "http://user:word@collector",
            "http://collector?a=b",
            "http://collector /x",
        ] {
            assert_eq!(text.parse::<Collector>(), Err(()), "{text}");
        }
    }
}
