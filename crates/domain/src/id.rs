//! The ids of what the ledger keeps: UUIDs that their clients choose, each kind a type of its own.
//!
//! The nil UUID stands for "no id" and is none of them.

/// Makes a type of id; its text says of what.
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// `None` for the nil UUID, which stands for "no id".
            #[must_use]
            pub fn new(id: uuid::Uuid) -> Option<Self> {
                (!id.is_nil()).then_some(Self(id))
            }

            /// The UUID.
            #[must_use]
            pub fn as_uuid(&self) -> uuid::Uuid {
                self.0
            }
        }
    };
}

pub(crate) use id;
