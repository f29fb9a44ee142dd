//! Finds the end of an HTTP response in the bytes read so far. The function is pure, so that split
//! reads are easy to test.

use anyhow::{Context, Result};

/// Where a complete response lies in the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) has_retry_after: bool,
    pub(crate) body: std::ops::Range<usize>,
}

/// The response at the start of `buffer`; `None` while a part of it is missing.
///
/// # Errors
/// What is not HTTP, or has no `Content-Length`.
pub(crate) fn parse(buffer: &[u8]) -> Result<Option<Response>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(buffer)? else {
        return Ok(None);
    };
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.context("an answer without Content-Length")?.value;
    let length: usize = std::str::from_utf8(length)?.trim().parse()?;
    let mut names = head.headers.iter().map(|header| header.name);
    let has_retry_after = names.any(|name| name.eq_ignore_ascii_case("retry-after"));
    let end = start
        .checked_add(length)
        .context("an absurd Content-Length")?;
    let status = head.code.context("an answer without a status")?;
    Ok((buffer.len() >= end).then_some(Response {
        status,
        has_retry_after,
        body: start..end,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_complete_at_its_last_byte_and_not_before() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 15\r\nX: y\r\n\r\n{\"result\":\"OK\"}";
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]).unwrap(), None, "{end} bytes");
        }
        let response = parse(whole).unwrap().unwrap();
        assert_eq!(response.status, 200);
        assert_eq!(&whole[response.body], b"{\"result\":\"OK\"}");
    }

    #[test]
    fn what_is_not_http_or_has_no_length_is_an_error() {
        assert!(parse(b"\x00\x01nonsense\r\n\r\n").is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
