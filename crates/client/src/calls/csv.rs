//! A statement as CSV, while it arrives. The last lines prove that it is whole.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use reqwest::Response;

use crate::errors::error::{Cause, Error};
use crate::transport::attempt::unanswered;

/// The pieces of a CSV text. Together they are the text; a piece may end anywhere.
pub type CsvPieces = BoxStream<'static, Result<Bytes, Error>>;

/// The beginnings of the last two lines. No other line begins so, as no field has a line break.
const LAST_LINES: [&str; 2] = ["closing_balance,", "total,"];

/// How many bytes of the end are kept: more than the last two lines have.
const END_BYTES: usize = 512;

/// The body of an answer. If it does not end like a whole statement, the last piece is an error.
pub(crate) fn checked(response: Response) -> CsvPieces {
    let state = Some((response, Vec::new()));
    let pieces = stream::try_unfold(state, |state| async move {
        let Some((mut response, mut end)) = state else {
            return Ok(None);
        };
        let piece = response.chunk().await;
        match piece.map_err(|error| Error::new(unanswered(error).cause, 1, false))? {
            Some(piece) => {
                keep_end(&mut end, &piece);
                Ok(Some((piece, Some((response, end)))))
            }
            None if is_whole(&end) => Ok(None),
            None => {
                let cut = "the statement was cut off: its last lines are not there";
                Err(Error::new(Cause::NoAnswer(cut.into()), 1, false))
            }
        }
    });
    pieces.boxed()
}

/// Appends a piece, and keeps the last bytes only.
fn keep_end(end: &mut Vec<u8>, piece: &[u8]) {
    end.extend_from_slice(piece);
    let surplus = end.len().saturating_sub(END_BYTES);
    end.drain(..surplus);
}

/// Whether a text with this end is a whole statement.
fn is_whole(end: &[u8]) -> bool {
    let text = String::from_utf8_lossy(end);
    let Some(text) = text.strip_suffix("\r\n") else {
        return false;
    };
    let mut lines = text.rsplit("\r\n");
    let last = [lines.next(), lines.next()].map(Option::unwrap_or_default);
    last[1].starts_with(LAST_LINES[0]) && last[0].starts_with(LAST_LINES[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_whole_with_its_last_lines_only() {
        let whole = "a\r\nclosing_balance,,1\r\ntotal,1,2,\r\n";
        for pieces in [1, 3, whole.len()] {
            let mut end = Vec::new();
            for piece in whole.as_bytes().chunks(pieces) {
                assert!(!is_whole(&end));
                keep_end(&mut end, piece);
            }
            assert!(is_whole(&end));
        }
        let mut end = Vec::new();
        keep_end(&mut end, &b"x,y\r\n".repeat(10_000));
        assert!(!is_whole(&end) && end.len() == END_BYTES);
        keep_end(&mut end, whole.as_bytes());
        assert!(is_whole(&end));
        assert!(!is_whole(b"total,1,2,\r\nclosing_balance,,1\r\n"));
        // The texts of callers are the last fields of other lines.
        let texts = "transfer_part,1,\"closing_balance,\"\"\"\r\ntransfer_part,2,\"total,\"\r\n";
        assert!(!is_whole(texts.as_bytes()));
        let whole = format!("{texts}closing_balance,,1,\r\ntotal,1,2,,\r\n");
        assert!(is_whole(whole.as_bytes()));
    }
}
