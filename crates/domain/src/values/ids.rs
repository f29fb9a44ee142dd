//! The ids of what the ledger stores: UUIDs that clients choose, a separate type for each kind.
//!
//! The nil UUID stands for "no id" and is not a valid id.
//!
//! An id has one text, `Display`: the form with hyphens, in lower case. `FromStr` reads that form,
//! in any case, and no other.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The length of the form with hyphens.
const TEXT_LEN: usize = 36;

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID in the form 5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11; the nil UUID is not allowed")]
#[non_exhaustive]
pub struct ParseIdError;

/// Only the form with hyphens, and not the nil UUID.
fn parse(text: &str) -> Option<Uuid> {
    let has_form = text.len() == TEXT_LEN;
    has_form.then(|| Uuid::parse_str(text).ok()).flatten()
}

/// Defines an id type; its text names what it identifies.
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// `None` for the nil UUID, which stands for "no id".
            #[must_use]
            pub fn new(id: Uuid) -> Option<Self> {
                (!id.is_nil()).then_some(Self(id))
            }

            /// The UUID.
            #[must_use]
            pub fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse(text).and_then(Self::new).ok_or(ParseIdError)
            }
        }
    };
}

id! {
    /// The id of an account: any UUID except the nil UUID.
    AccountId
}

id! {
    /// The id of a transfer: any UUID except the nil UUID.
    TransferId
}

impl TransferId {
    /// The id of the transfer that follows this one at the given place, starting with 1.
    #[must_use]
    pub fn follower(self, number: u8) -> Self {
        let id = Uuid::new_v5(&self.0, &[number]);
        // A UUID with a version is never the nil UUID.
        Self::new(id).unwrap_or(self)
    }
}

id! {
    /// The id of a rate: any UUID except the nil UUID.
    RateId
}

id! {
    /// The id of a quote: any UUID except the nil UUID.
    QuoteId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_text_and_is_read_from_it_in_any_case() {
        let text = "5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11";
        let id: AccountId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        let transfer: TransferId = text.parse().unwrap();
        let (rate, quote): (RateId, QuoteId) = (text.parse().unwrap(), text.parse().unwrap());
        assert_eq!(transfer.to_string(), text);
        assert_eq!(
            (rate.to_string(), quote.to_string()),
            (text.into(), text.into())
        );
    }

    #[test]
    fn no_other_form_of_a_uuid_is_an_id_and_neither_is_the_nil_one() {
        for text in [
            "",
            "5f2c1a536a5c4b539d5d0d5a3f0c7a11",
            "{5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11}",
            "urn:uuid:5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11",
            " 5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a1",
            "5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a1g",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(text.parse::<AccountId>(), Err(ParseIdError), "{text}");
        }
    }
}
