//! One attempt: a request is sent once. A [`Failure`] says whether the request may have been
//! applied, and whether another attempt may succeed.

use std::error::Error as _;
use std::io;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use crate::errors::code::ErrorCode;
use crate::errors::error::{BoxError, Cause};
use crate::errors::problem::Problem;

/// The header that names a request; the answer repeats it.
pub(crate) const X_REQUEST_ID: &str = "x-request-id";

/// The largest answer that is read as a whole. It is several times as large as the answer to the
/// largest batch.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How many characters of an answer that cannot be read an error quotes.
const QUOTED_MAX: usize = 200;

/// An answer that is not a problem.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An attempt without a result.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// Whether this attempt may have been applied.
    pub(crate) is_unknown: bool,
    /// Whether another attempt may succeed.
    pub(crate) is_temporary: bool,
    /// How long the service asks to wait.
    pub(crate) retry_after: Option<Duration>,
}

/// Reads a whole answer to the request with this id.
pub(crate) async fn whole(
    sent: Result<Response, reqwest::Error>,
    request_id: &HeaderValue,
) -> Result<Answer, Failure> {
    let mut response = begun(sent, request_id).await?;
    let body = body(&mut response).await?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// Reads the head of an answer to the request with this id; the caller reads the body piece by
/// piece.
pub(crate) async fn begun(
    sent: Result<Response, reqwest::Error>,
    request_id: &HeaderValue,
) -> Result<Response, Failure> {
    let mut response = sent.map_err(unanswered)?;
    if is_of_another_request(response.headers().get(X_REQUEST_ID), request_id) {
        let what = "the answer to another request of this client came on the connection";
        return Err(no_answer(what.into()));
    }
    if response.status().is_success() {
        return Ok(response);
    }
    let body = body(&mut response).await?;
    Err(refused(response.status(), response.headers(), &body))
}

/// Whether an answer belongs to another request of this client. Ids of one client have the same
/// first part. An id with another first part is no evidence, because a gateway may replace ids by
/// its own.
fn is_of_another_request(answered: Option<&HeaderValue>, asked: &HeaderValue) -> bool {
    let first_part = |id: &HeaderValue| id.as_bytes().get(..16).map(<[u8]>::to_vec);
    answered.is_some_and(|answered| answered != asked && first_part(answered) == first_part(asked))
}

async fn body(response: &mut Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(unanswered)? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            let status = response.status().as_u16();
            let detail = format!("it has more than {ANSWER_BYTES_MAX} bytes");
            return Err(final_failure(Cause::Unreadable { status, detail }));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// A request without a complete answer.
pub(crate) fn unanswered(error: reqwest::Error) -> Failure {
    // The caller knows the URL, and it may contain personal data: keep it out of the error.
    let error = error.without_url();
    if error.is_builder() {
        let what = error.to_string();
        return Failure {
            is_unknown: false,
            ..final_failure(Cause::Unsendable(what))
        };
    }
    if error.is_connect() {
        let is_temporary = !is_about_certificates(&error);
        return Failure {
            cause: Cause::NotConnected(error.into()),
            is_unknown: false,
            is_temporary,
            retry_after: None,
        };
    }
    no_answer(error.into())
}

/// The same for any reason.
pub(crate) fn no_answer(error: BoxError) -> Failure {
    Failure {
        is_temporary: true,
        ..final_failure(Cause::NoAnswer(error))
    }
}

fn final_failure(cause: Cause) -> Failure {
    Failure {
        cause,
        is_unknown: true,
        is_temporary: false,
        retry_after: None,
    }
}

/// Whether TLS failed because of a certificate, as the next attempt would, too.
fn is_about_certificates(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(cause) = next {
        if matches!(
            innermost(cause).downcast_ref(),
            Some(rustls::Error::InvalidCertificate(_))
        ) {
            return true;
        }
        next = cause.source();
    }
    false
}

/// The error inside nested `io::Error`s. `source` does not return it.
fn innermost<'e>(
    error: &'e (dyn std::error::Error + 'static),
) -> &'e (dyn std::error::Error + 'static) {
    let mut inner = error;
    while let Some(next) = inner
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        inner = next;
    }
    inner
}

/// The failure that an answer with an error status means.
fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let retry_after = headers.get(RETRY_AFTER);
    let retry_after =
        retry_after.and_then(|value| pause(value.to_str().ok()?, SystemTime::now().into()));
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    let code = problem.as_ref().map(|problem| problem.code.clone());
    let is_temporary = match (&code, status.as_u16()) {
        // The same list takes as long again.
        (Some(ErrorCode::QueryTooSlow), _) => false,
        (_, 408 | 429 | 502 | 503 | 504) => true,
        _ => false,
    };
    let is_unknown = match (&code, status.as_u16()) {
        (Some(ErrorCode::ServiceUnavailable), _) | (_, 429) => false,
        (_, 500..) => true,
        // The service says that of a head that did not come, a gateway also later.
        (_, 408) => true,
        _ => false,
    };
    let status = status.as_u16();
    let unreadable = || Cause::Unreadable {
        status,
        detail: format!("not a problem: {}", quoted(body)),
    };
    Failure {
        cause: problem.map_or_else(unreadable, Cause::Problem),
        is_unknown,
        is_temporary,
        retry_after,
    }
}

/// The value of `Retry-After`: seconds, or a date.
fn pause(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(text.trim()).ok()?;
    Some((until.to_utc() - now).to_std().unwrap_or_default())
}

/// The beginning of an answer, for a message.
pub(crate) fn quoted(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    text.take(QUOTED_MAX).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        let status = StatusCode::from_u16(status).unwrap();
        refused(status, &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn each_answer_says_whether_it_was_done_and_whether_to_try_again() {
        let cases = [
            (503, "service_unavailable", false, true),
            (503, "outcome_unknown", true, true),
            (503, "a_new_code", true, true),
            (503, "query_too_slow", true, false),
            (429, "too_many_requests", false, true),
            (500, "internal_error", true, false),
            (422, "insufficient_funds", false, false),
            (409, "id_already_used", false, false),
            (412, "account_changed", false, false),
        ];
        for (status, code, is_unknown, is_temporary) in cases {
            let body = format!(r#"{{"code": "{code}", "status": {status}}}"#);
            let failure = failure(status, &body);
            assert!(matches!(&failure.cause, Cause::Problem(it) if it.code.as_str() == code));
            let found = (failure.is_unknown, failure.is_temporary);
            assert_eq!(found, (is_unknown, is_temporary), "{code}");
        }
    }

    #[test]
    fn an_answer_of_a_gateway_says_nothing_about_the_write() {
        for (status, is_unknown, is_temporary) in [
            (502, true, true),
            (503, true, true),
            (504, true, true),
            (429, false, true),
            (408, true, true),
            (404, false, false),
            (301, false, false),
        ] {
            let failure = failure(status, "<html>\nBad Gateway");
            let found = (failure.is_unknown, failure.is_temporary);
            assert_eq!(found, (is_unknown, is_temporary), "{status}");
            let text = failure.cause.to_string();
            assert!(
                text.ends_with("not a problem: <html> Bad Gateway"),
                "{text}"
            );
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Utc.with_ymd_and_hms(2026, 1, 31, 12, 0, 0).unwrap();
        let seconds = |text| pause(text, now).map(|pause| pause.as_secs());
        assert_eq!(seconds("3"), Some(3));
        assert_eq!(seconds("Sat, 31 Jan 2026 12:00:09 GMT"), Some(9));
        assert_eq!(seconds("Sat, 31 Jan 2026 11:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-1"), None);
    }

    #[test]
    fn only_an_id_of_this_client_is_of_another_request() {
        let id = |text: &'static str| HeaderValue::from_static(text);
        let asked = id("00000000000000aa-00000002");
        for (answered, is_other) in [
            ("00000000000000aa-00000002", false),
            ("00000000000000aa-00000001", true),
            ("00000000000000bb-00000001", false),
            ("of-a-gateway", false),
        ] {
            let found = is_of_another_request(Some(&id(answered)), &asked);
            assert_eq!(found, is_other, "{answered}");
        }
        assert!(!is_of_another_request(None, &asked));
    }
}
