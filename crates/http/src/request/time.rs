//! Times as text, as every route writes them and `/v1` parses them; and durations in seconds.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Datelike, Timelike, Utc};
use wallet_domain::Timestamp;

/// RFC 3339 in UTC, with only the digits of a second that it needs, as Go writes it:
/// `2020-09-20T08:56:20.75Z`, `2020-09-20T08:56:20Z`.
pub(crate) fn rfc3339(timestamp: Timestamp) -> String {
    // A time outside the calendar, 260,000 years away, is written as the calendar's last.
    let moment = DateTime::from_timestamp_micros(timestamp.as_micros());
    let moment = moment.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    let whole = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let fraction = format!(".{:06}", moment.timestamp_subsec_micros());
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{whole}{fraction}Z")
}

/// The first and the last microsecond that RFC 3339 can write in UTC, without the year 0, which
/// databases do not know.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_999_999;

/// Parses RFC 3339 with any offset; digits beyond a microsecond are dropped. `None` for anything
/// else, and for times outside the years 1 to 9999 of UTC, which an offset or a leap second may
/// lead to.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    from_micros(moment.timestamp_micros())
}

/// A time from its microseconds since 1970; `None` outside the years 1 to 9999.
pub(crate) fn from_micros(micros: i64) -> Option<Timestamp> {
    let is_writable = (FIRST..=LAST).contains(&micros);
    is_writable.then(|| Timestamp::from_micros(micros))
}

/// The time on the clock of this machine.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_micros(since.map_or(0, |since| since.as_micros() as i64))
}

/// A duration in whole seconds, rounded up.
pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_the_years_1_to_9999_of_utc() {
        for text in [
            "0001-01-01T00:00:00Z",
            "0001-01-01T23:59:00+23:59",
            "9999-12-31T23:59:59.999999Z",
            "9999-12-31T00:00:59-23:59",
            "2016-12-31T23:59:60Z",
        ] {
            let moment = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(parse(&rfc3339(moment)), Some(moment), "{text}");
        }
        for text in [
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "9999-12-31T23:59:59-23:59",
            "9999-12-31T23:59:60Z",
            "10000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "+9999-01-01T00:00:00Z",
            "2026-01-01",
            "2026-01-01T00:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(
            rfc3339(Timestamp::from_micros(FIRST)),
            "0001-01-01T00:00:00Z"
        );
        assert_eq!(
            rfc3339(Timestamp::from_micros(LAST)),
            "9999-12-31T23:59:59.999999Z"
        );
    }

    #[test]
    fn timestamps_have_the_digits_that_they_need() {
        let second = 1_600_592_180_000_000;
        let cases = [
            (second + 754_286, "2020-09-20T08:56:20.754286Z"),
            (second + 750_000, "2020-09-20T08:56:20.75Z"),
            (second + 1, "2020-09-20T08:56:20.000001Z"),
            (second, "2020-09-20T08:56:20Z"),
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ];
        for (micros, text) in cases {
            assert_eq!(rfc3339(Timestamp::from_micros(micros)), text);
        }
    }
}
