//! The ids of what the ledger keeps: UUIDs that their clients choose, each kind a type of its own.
//!
//! The nil UUID stands for "no id" and is none of them.

use uuid::Uuid;

/// Makes a type of id; its text says of what.
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
    /// The id of an account: any UUID but the nil one.
    AccountId
}

id! {
    /// The id of a transfer: any UUID but the nil one.
    TransferId
}

impl TransferId {
    /// The id of the transfer that follows this one in such a place, beginning with 1.
    #[must_use]
    pub fn follower(self, place: u8) -> Self {
        let id = Uuid::new_v5(&self.0, &[place]);
        // A UUID with a version in it is not the nil one.
        Self::new(id).unwrap_or(self)
    }
}

id! {
    /// The id of a rate: any UUID but the nil one.
    RateId
}

id! {
    /// The id of a quote: any UUID but the nil one.
    QuoteId
}
