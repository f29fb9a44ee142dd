//! The macro that lists the operations of a resource.

/// Defines the operations of a resource. The comment above one is its title, and what it does in
/// full; then come its name in generated clients, its path below `/v1`, what its caller needs, its
/// handler, and what it takes and answers.
macro_rules! operations {
    ($(
        #[doc = $title:literal]
        $(#[doc = $about:literal])*
        $id:ident: $method:ident $path:literal for $need:ident => $handler:expr, $with:expr;
    )*) => {
        /// The operations.
        pub(super) fn operations() -> Vec<$crate::v1::protocol::Operation> {
            use $crate::access::need::Need;
            use $crate::v1::protocol::Operation;
            vec![$(
                Operation::$method($path, stringify!($id), Need::$need, $handler)
                    .says($title.trim(), concat!("", $($about),*).trim())
                    .with($with)
            ),*]
        }
    };
}

pub(crate) use operations;
