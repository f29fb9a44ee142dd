//! The macros that declare a body: a struct that is also parsed or serialized, and described in the
//! document.
//!
//! A field is `name: Type`, or `name as "other": Type` if its name on the wire is a keyword of
//! Rust. The doc comment of a field is its description in the document, and that of the struct is
//! the description of the body. The type of a field decides whether the field is required, optional
//! (`Option`), flattened ([`Flatten`](super::describe::Flatten)), or, in a reply, omitted without a
//! value ([`OmitNone`](super::show::OmitNone)).

/// The name of a field on the wire.
macro_rules! field_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Declares what a request sends: a body, a part of a body, or the parameters of a query.
macro_rules! request {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $about:literal])*
                $field:ident $(as $wire:literal)?: $type:ty,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        $vis struct $name {
            $($(#[doc = $about])* $vis $field: $type,)*
        }

        const _: () = {
            use $crate::v1::protocol::describe::{Describe, ObjectSchema, Schemas};
            use $crate::v1::protocol::faults::Faults;
            use $crate::v1::protocol::json::Json;
            use $crate::v1::protocol::object::field_name;
            use $crate::v1::protocol::read::{At, Field, Fields, Object, Read};

            impl Object for $name {
                fn take_from(fields: &mut Fields<'_>) -> Option<Self> {
                    $(
                        let name = field_name!($field $($wire)?);
                        let $field = <$type as Field>::take_from(fields, name);
                    )*
                    Some(Self { $($field: $field?,)* })
                }

                fn describe(object: &mut ObjectSchema<'_>) {
                    $(
                        let about = concat!("", $($about),*).trim();
                        <$type as Field>::describe(object, field_name!($field $($wire)?), about);
                    )*
                }
            }

            impl Describe for $name {
                fn schema(schemas: &mut Schemas) -> ::serde_json::Value {
                    schemas.named(stringify!($name), |schemas| {
                        let mut object = ObjectSchema::new(schemas);
                        <Self as Object>::describe(&mut object);
                        object.closed(concat!("", $($doc),*).trim())
                    })
                }
            }

            impl Read for $name {
                fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
                    Self::take_all(Fields::new(json, at, faults)?)
                }
            }
        };
    };
}

/// Declares what a reply sends: a body, or a part of one. Its name in the document is the name of
/// the struct without `Reply`.
macro_rules! reply {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $about:literal])*
                $field:ident $(as $wire:literal)?: $type:ty,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        $vis struct $name {
            $($(#[doc = $about])* $vis $field: $type,)*
        }

        const _: () = {
            use ::serde::ser::{SerializeMap, Serializer};
            use $crate::v1::protocol::describe::{Describe, ObjectSchema, Schemas};
            use $crate::v1::protocol::object::field_name;
            use $crate::v1::protocol::show::{Member, Members, Show};

            impl Members for $name {
                fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                    $(Member::write(&self.$field, field_name!($field $($wire)?), map)?;)*
                    Ok(())
                }

                fn describe(object: &mut ObjectSchema<'_>) {
                    $(
                        let about = concat!("", $($about),*).trim();
                        <$type as Member>::describe(object, field_name!($field $($wire)?), about);
                    )*
                }
            }

            impl Describe for $name {
                fn schema(schemas: &mut Schemas) -> ::serde_json::Value {
                    let name = stringify!($name).trim_end_matches("Reply");
                    schemas.named(name, |schemas| {
                        let mut object = ObjectSchema::new(schemas);
                        <Self as Members>::describe(&mut object);
                        object.open(concat!("", $($doc),*).trim())
                    })
                }
            }

            impl Show for $name {
                fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut map = serializer.serialize_map(None)?;
                    Members::write(self, &mut map)?;
                    map.end()
                }
            }
        };
    };
}

pub(crate) use {field_name, reply, request};
