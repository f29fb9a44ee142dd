//! Texts of clients, for logs and problems: long pieces are replaced by their length.

use std::borrow::Cow;

/// The longest piece of a path, and the longest name, that is repeated.
const PIECE_LEN_MAX: usize = 64;

/// A path or a name, for the log and for problems. Pieces that are longer than any valid one are
/// replaced by their length, because one may be a token that a client put into the wrong place.
pub(crate) fn redacted(text: &str) -> Cow<'_, str> {
    let is_usual = |piece: &str| piece.len() <= PIECE_LEN_MAX;
    if text.split('/').all(is_usual) {
        return Cow::Borrowed(text);
    }
    let pieces = text.split('/').map(|piece| match is_usual(piece) {
        true => Cow::Borrowed(piece),
        false => Cow::Owned(format!("({} bytes)", piece.len())),
    });
    Cow::Owned(pieces.collect::<Vec<_>>().join("/"))
}
