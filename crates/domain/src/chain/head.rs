//! Where a chain ends: to be published, and compared with later.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;
use uuid::Uuid;

use crate::records::{ChainEnd, ChainHash};

/// The ends of all lanes, in order. As text: the id of each lane, the number of its last link and
/// its hash, separated by colons, with commas between lanes.
///
/// Store it where the ledger's operators cannot reach it. Then you can detect later whether
/// anything that was written until then was changed or removed. It proves a state, and all later
/// states contain it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainHead(Vec<ChainEnd>);

impl ChainHead {
    /// Creates a head from the ends of lanes, in any order.
    #[must_use]
    pub fn new(mut ends: Vec<ChainEnd>) -> Self {
        ends.sort_unstable();
        Self(ends)
    }

    /// The ends of the lanes, in lane order.
    #[must_use]
    pub fn ends(&self) -> &[ChainEnd] {
        &self.0
    }
}

impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for end in &self.0 {
            write!(f, "{comma}{}:{}:{}", end.lane, end.number, end.hash)?;
            comma = ",";
        }
        Ok(())
    }
}

/// Why a text is not a head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseHeadError {
    /// It names no lane, so every ledger would contain it.
    #[error("the head is empty, which proves nothing; leave it out to expect none")]
    Empty,
    /// A piece between commas is not the end of a lane.
    #[error(
        "{0:?} is not the end of a lane: its id, a number from 1 and 64 hexadecimal digits, with \
         colons between them"
    )]
    NotAnEnd(String),
}

impl FromStr for ChainHead {
    type Err = ParseHeadError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text
            .trim_matches(|c: char| c.is_whitespace() || c == ',')
            .is_empty()
        {
            return Err(ParseHeadError::Empty);
        }
        let ends = text.trim().split(',');
        let end = |text: &str| end(text).ok_or_else(|| ParseHeadError::NotAnEnd(text.to_owned()));
        Ok(Self::new(ends.map(end).collect::<Result<_, _>>()?))
    }
}

fn end(text: &str) -> Option<ChainEnd> {
    let mut fields = text.trim().split(':');
    let (lane, number, hash) = (fields.next()?, fields.next()?, fields.next()?);
    // The parser of integers would take a sign.
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    if fields.next().is_some() || !is_number {
        return None;
    }
    let hash = HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).ok()?;
    Some(ChainEnd {
        lane: Uuid::parse_str(lane).ok()?,
        number: number.parse().ok().filter(|number| *number > 0)?,
        hash: ChainHash(hash.try_into().ok()?),
    })
}
