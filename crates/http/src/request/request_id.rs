//! The id of a request: the client's, or a generated one. It is in the log, in the header of the
//! answer and in problems.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use data_encoding::HEXLOWER;
use uuid::Uuid;

/// The header in which a client may send an id, and in which the answer returns it.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that a client may send.
const REQUEST_ID_LEN_MAX: usize = 64;

/// The id of a request, for answers that repeat it: an extension of all requests except those to
/// the classic routes.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) HeaderValue);

/// The client's id if it is safe in logs and headers, otherwise a generated one.
pub(crate) fn from_headers(headers: &HeaderMap) -> HeaderValue {
    match headers.get(X_REQUEST_ID) {
        Some(id) if is_sane(id.as_bytes()) => id.clone(),
        _ => generated_id(),
    }
}

fn is_sane(id: &[u8]) -> bool {
    let safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    (1..=REQUEST_ID_LEN_MAX).contains(&id.len()) && id.iter().all(safe)
}

/// A random number of this process and a count: unique, without a system call for each request.
fn generated_id() -> HeaderValue {
    static PROCESS: LazyLock<u64> = LazyLock::new(|| Uuid::new_v4().as_u64_pair().0);
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut text = [0; 33];
    HEXLOWER.encode_mut(&PROCESS.to_be_bytes(), &mut text[..16]);
    text[16] = b'-';
    HEXLOWER.encode_mut(&count.to_be_bytes(), &mut text[17..]);
    // Hexadecimal digits and a dash are a header value.
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("-"))
}
