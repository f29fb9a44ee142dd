//! A strict parser of Prometheus' text format: it refuses what Prometheus merely tolerates.
//!
//! Beyond the grammar, it requires what `promtool check metrics` requires: help, types, and names
//! that fit them. Existing crates are too lenient for this: they skip what they do not understand,
//! for example a `}` in the value of a label.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

/// A metric with all its samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metric {
    /// What it counts.
    pub help: String,
    /// `counter`, `gauge` or `histogram`.
    pub kind: String,
    /// In the order in which they come.
    pub samples: Vec<Sample>,
}

/// A line with a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The metric's, and for a histogram `_bucket`, `_sum` or `_count`.
    pub name: String,
    /// By name.
    pub labels: BTreeMap<String, String>,
    /// The number.
    pub value: f64,
}

impl Metric {
    /// The names of all labels, without the one that makes a bucket.
    #[must_use]
    pub fn labels(&self) -> BTreeSet<&str> {
        let names = self.samples.iter().flat_map(|sample| sample.labels.keys());
        names
            .map(String::as_str)
            .filter(|&name| name != "le")
            .collect()
    }

    /// The value of the one sample that has these labels, among others.
    #[must_use]
    pub fn value(&self, labels: &[(&str, &str)]) -> Option<f64> {
        let has = |sample: &&Sample| {
            let mut labels = labels.iter();
            labels.all(|&(name, value)| sample.labels.get(name).is_some_and(|is| is == value))
        };
        let mut found = self.samples.iter().filter(has);
        let value = found.next()?.value;
        found.next().is_none().then_some(value)
    }
}

/// Reads all metrics, by name.
///
/// # Errors
/// The first line that is wrong, or the metric, and why.
pub fn read(text: &str) -> Result<BTreeMap<String, Metric>> {
    ensure!(text.ends_with('\n'), "the last line does not end");
    let mut metrics: BTreeMap<String, Metric> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        read_line(line, &mut current, &mut metrics).with_context(|| format!("in {line:?}"))?;
    }
    for (name, metric) in &metrics {
        check(name, metric).with_context(|| format!("in the metric {name}"))?;
    }
    Ok(metrics)
}

fn read_line(
    line: &str,
    current: &mut String,
    metrics: &mut BTreeMap<String, Metric>,
) -> Result<()> {
    if let Some(help) = line.strip_prefix("# HELP ") {
        let (name, help) = help.split_once(' ').context("no help")?;
        let metric = Metric {
            help: help.to_owned(),
            ..Metric::default()
        };
        ensure!(
            metrics.insert(name.to_owned(), metric).is_none(),
            "a second time"
        );
        name.clone_into(current);
        return Ok(());
    }
    let metric = metrics.get_mut(current).context("comes before any help")?;
    if let Some(kind) = line.strip_prefix("# TYPE ") {
        let (name, kind) = kind.split_once(' ').context("no type")?;
        ensure!(name == current, "the type of another metric");
        ensure!(metric.kind.is_empty(), "a second type");
        kind.clone_into(&mut metric.kind);
        return Ok(());
    }
    let sample = sample(line)?;
    let suffix = sample.name.strip_prefix(current.as_str());
    let fits = match metric.kind.as_str() {
        "counter" | "gauge" => suffix == Some(""),
        "histogram" => matches!(suffix, Some("_bucket" | "_sum" | "_count")),
        kind => bail!("the type {kind:?} is none"),
    };
    ensure!(fits, "a sample of another metric");
    let same = |other: &Sample| other.name == sample.name && other.labels == sample.labels;
    ensure!(!metric.samples.iter().any(same), "a second time");
    metric.samples.push(sample);
    Ok(())
}

/// `name{label="value",…} number`
fn sample(line: &str) -> Result<Sample> {
    let end = line.find(['{', ' ']).context("no value")?;
    let (name, mut rest) = line.split_at(end);
    ensure!(is_name(name), "no name of a metric");
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, value) = rest.split_once("=\"").context("no label")?;
            ensure!(
                is_name(label) && !label.contains(':'),
                "no name of a label: {label:?}"
            );
            let (value, behind) = unescaped(value)?;
            ensure!(
                labels.insert(label.to_owned(), value).is_none(),
                "{label} a second time"
            );
            match behind
                .split_at_checked(1)
                .context("the labels do not end")?
            {
                (",", next) => rest = next,
                ("}", next) => {
                    rest = next;
                    break;
                }
                (other, _) => bail!("{other:?} behind a label"),
            }
        }
    }
    let value = rest
        .strip_prefix(' ')
        .context("no space before the value")?;
    let value: f64 = value.parse().context("no number, or a time behind it")?;
    ensure!(value.is_finite(), "not finite");
    Ok(Sample {
        name: name.to_owned(),
        labels,
        value,
    })
}

/// The value of a label up to its closing quote, and what is behind that.
fn unescaped(text: &str) -> Result<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next().context("a value does not end")? {
            '"' => return Ok((value, rest.as_str())),
            '\\' => match rest.next() {
                Some('n') => value.push('\n'),
                Some(same @ ('\\' | '"')) => value.push(same),
                other => bail!("{other:?} must not be escaped"),
            },
            other => value.push(other),
        }
    }
}

fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// What can only be judged once all samples are there.
fn check(name: &str, metric: &Metric) -> Result<()> {
    ensure!(is_name(name), "the name is none");
    ensure!(!metric.samples.is_empty(), "it has no samples");
    let is_counter = metric.kind == "counter";
    ensure!(
        is_counter == name.ends_with("_total"),
        "`_total` is for counters, and for all of them"
    );
    for suffix in ["_bucket", "_sum", "_count", "_info_total"] {
        ensure!(!name.ends_with(suffix), "{suffix} is no end for a name");
    }
    let negative = metric.samples.iter().any(|sample| sample.value < 0.0);
    ensure!(metric.kind == "gauge" || !negative, "it counts backwards");
    if metric.kind == "histogram" {
        check_histogram(name, metric)
    } else {
        Ok(())
    }
}

/// Buckets that include each other, with the last one for all that was observed.
fn check_histogram(name: &str, metric: &Metric) -> Result<()> {
    let of = |suffix: &'static str| {
        let full = format!("{name}{suffix}");
        metric
            .samples
            .iter()
            .filter(move |sample| sample.name == full)
    };
    let without_le = |sample: &Sample| {
        let mut labels = sample.labels.clone();
        labels.remove("le");
        labels
    };
    ensure!(
        of("_sum").count() == of("_count").count(),
        "a sum or a count is missing"
    );
    for total in of("_count") {
        let (mut end, mut count) = (f64::NEG_INFINITY, 0.0);
        for bucket in of("_bucket").filter(|bucket| without_le(bucket) == total.labels) {
            let le = bucket.labels.get("le").context("a bucket without le")?;
            let le: f64 = le.parse().context("le is no number")?;
            ensure!(
                le > end && bucket.value >= count,
                "the bucket up to {le} is out of order"
            );
            (end, count) = (le, bucket.value);
        }
        ensure!(end == f64::INFINITY, "no bucket for all");
        ensure!(
            count == total.value,
            "the buckets hold {count} of {}",
            total.value
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# HELP a_total Some \"a\".\n# TYPE a_total counter\n\
        a_total{r=\"/x/{id}\\n\\\"\",s=\"\"} 1.5\na_total 2\n\
        # HELP h Some.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\n\
        h_bucket{le=\"+Inf\"} 2\nh_sum 4\nh_count 2\n";

    #[test]
    fn what_is_well_formed_is_read() {
        let metrics = read(GOOD).unwrap();
        assert_eq!(metrics["a_total"].value(&[("r", "/x/{id}\n\"")]), Some(1.5));
        assert_eq!(metrics["a_total"].value(&[]), None, "it has two samples");
        assert_eq!(metrics["a_total"].labels(), BTreeSet::from(["r", "s"]));
        assert_eq!(metrics["h"].labels(), BTreeSet::new());
    }

    #[test]
    fn every_fault_is_refused() {
        for (right, wrong) in [
            ("# HELP a_total Some \"a\".\n", ""),
            ("# TYPE a_total counter\n", ""),
            ("a_total counter", "a_total gauge"),
            ("a_total 2\n", "a_total 2\na_total 2\n"),
            ("a_total 2\n", "b_total 2\n"),
            ("a_total 2\n", "a_total NaN\n"),
            ("a_total 2\n", "a_total -2\n"),
            ("a_total 2\n", "a_total  2\n"),
            ("a_total 2\n", "a_total 2 1700000000\n"),
            (",s=", ";s="),
            ("s=\"\"", "r=\"\""),
            ("\\n", "\\t"),
            ("h_bucket{le=\"+Inf\"} 2\n", ""),
            ("h_bucket{le=\"+Inf\"} 2", "h_bucket{le=\"+Inf\"} 3"),
            ("h_bucket{le=\"1\"} 1", "h_bucket{le=\"1\"} 3"),
            ("h_sum 4\n", ""),
            ("h_count 2\n", "h_count 2"),
        ] {
            let text = GOOD.replace(right, wrong);
            assert_ne!(text, GOOD, "{right} is not there");
            assert!(read(&text).is_err(), "{wrong:?} for {right:?}");
        }
    }
}
