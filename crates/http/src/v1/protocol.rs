//! What all calls of v1 share: bodies, idempotency, problems, lists, the OpenAPI document.
//!
//! A body is a type, declared once with `request!` or `reply!` (`object.rs`). From its fields
//! follow how it is parsed or serialized, which faults it can have, and its schema in the document.
//! The types of the fields each define the same for themselves (`values.rs`).

pub(crate) mod call;
pub(crate) mod codes;
pub(crate) mod describe;
pub(crate) mod draft;
pub(crate) mod faults;
pub(crate) mod idempotency;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod object;
pub(crate) mod openapi;
pub(crate) mod operation;
pub(crate) mod problem;
pub(crate) mod read;
pub(crate) mod reply;
pub(crate) mod show;
pub(crate) mod values;
pub(crate) mod write;

pub(crate) use call::{Call, checked, unexpected_outcome};
pub(crate) use codes::{AMOUNT, BALANCE, CURRENCY, FEE, PAYEE, PAYER, RECEIVER, SENDER, VELOCITY};
pub(crate) use describe::{Describe, Flatten, ObjectSchema, Schemas};
pub(crate) use draft::{Draft, WriteBody};
pub(crate) use faults::Faults;
pub(crate) use idempotency::{NewId, OptionalId};
pub(crate) use json::Json;
pub(crate) use lists::{AccountOfList, Page};
pub(crate) use object::{reply, request};
pub(crate) use operation::{Operation, operations};
pub(crate) use problem::{Problem, ProblemReply};
pub(crate) use read::{Absent, At, CommaSeparated, Context, Either, Field, Fields, FromPath, Read};
pub(crate) use reply::Reply;
pub(crate) use show::OmitNone;
pub(crate) use values::{
    BoundedInt, BoundedVec, MetadataChanges, MetadataFilter, Money, Parsed, Text, text_enum,
    transfer_type,
};
pub(crate) use write::Write;
