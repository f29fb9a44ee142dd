//! The ids of what the ledger stores: UUIDs that clients choose, a separate type for each kind.
//!
//! The nil UUID stands for "no id" and is not a valid id.

use uuid::Uuid;

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
