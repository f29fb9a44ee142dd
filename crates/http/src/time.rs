//! Moments as text: how every route writes them, and how `/v1` reads them.

use std::time::SystemTime;

use chrono::{DateTime, Datelike, Timelike, Utc};
use wallet_domain::Timestamp;

/// RFC 3339 in UTC with as many digits of a second as it takes, as Go writes it:
/// `2020-09-20T08:56:20.75Z`, `2020-09-20T08:56:20Z`.
pub(crate) fn rfc3339(timestamp: Timestamp) -> String {
    // A moment outside the calendar, 260,000 years away, is shown as the calendar's last.
    let moment = DateTime::from_timestamp_micros(timestamp.as_micros());
    let moment = moment.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    let whole = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let fraction = format!(".{:06}", moment.timestamp_subsec_micros());
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{whole}{fraction}Z")
}

/// Reads RFC 3339 with any offset; digits beyond a microsecond are cut off. `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    Some(Timestamp::from_micros(moment.timestamp_micros()))
}

/// What time it is.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_micros(since.map_or(0, |since| since.as_micros() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

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
