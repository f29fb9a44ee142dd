//! The macro that lists the operations of a resource.

/// Declares the operations of a resource. The doc comment of an operation is its summary and, after
/// an empty line, its description. Then come its name in generated clients, its method, its path
/// below `/v1`, what it needs of its caller, its handler, and what it takes and returns.
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
                    .documented($title.trim(), concat!("", $($about),*).trim())
                    .with($with)
            ),*]
        }
    };
}

pub(crate) use operations;
