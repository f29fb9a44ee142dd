//! Published heads that are not in the chain.

use super::{Contradiction, VerifyError};
use crate::records::ChainEnd;

/// What is wrong with the published end of a lane: `replaced` are the links in the positions of
/// other, published ones, `ends` the ends of all lanes.
pub(super) fn missing_end(
    published: &ChainEnd,
    replaced: &[ChainEnd],
    ends: &[ChainEnd],
) -> VerifyError {
    let ChainEnd { lane, number, hash } = published;
    let mut replaced = replaced.iter();
    let other = replaced.find(|it| (it.lane, it.number) == (*lane, *number));
    let end = ends.iter().find(|end| end.lane == *lane);
    let finding = match (other, end) {
        (Some(other), _) => format!(
            "its hash is {}: the chain was made anew, or the head is of another copy of the ledger",
            other.hash
        ),
        (None, Some(end)) => format!(
            "the lane ends with link {}: what was written after it was cut off, or the ledger was \
             restored from an older backup",
            end.number
        ),
        (None, None) => {
            "the chain has no such lane: the head is of another ledger, or the lane was taken out"
                .to_owned()
        }
    };
    VerifyError::Contradiction(Contradiction {
        place: format!("lane {lane} of the chain, link {number}"),
        finding: format!("it was published with the hash {hash}; {finding}"),
    })
}
