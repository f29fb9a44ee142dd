//! Values that are texts: ids, codes, times, words.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serializer;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{
    ACTOR_MAX, AccountId, AccountStatus, Actor, ChainHead, CurrencyCode, Direction, FixedSide,
    HoldState, ParseHeadError, QuoteId, QuoteStatus, RateId, SHORT_TEXT_MAX, ShortText, TimeAxis,
    Timestamp, TransferId, TransferType,
};

use super::{Parsed, Text};
use crate::request::time;
use crate::v1::protocol::describe::{Describe, Schemas};
use crate::v1::protocol::show::Show;

const UUID_EXPECTED: &str =
    "not a UUID in the form 5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11; the nil UUID is not allowed";

const TIME_EXPECTED: &str =
    "not a time of RFC 3339 in the years 1 to 9999 of UTC, for example 2026-01-01T00:00:00Z";

/// Any character that is not a control character, in a pattern.
pub(super) const NO_CONTROL: &str = "[^\\u0000-\\u001f\\u007f-\\u009f]";

/// The end of one lane of the chain, in a pattern.
const CHAIN_END: &str = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}:[1-9][0-9]{0,17}:\
                         [0-9a-fA-F]{64}";

fn id_described() -> Value {
    json!({
        "type": "string", "format": "uuid",
        "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        "not": {"const": "00000000-0000-0000-0000-000000000000"},
        "description": "A UUID. You choose the id of each write, preferably of version 7: it is \
                        the idempotency key, and never expires.",
    })
}

/// Ids: only the form with hyphens, so an id has one spelling, except for upper and lower case.
macro_rules! ids {
    ($($id:ty: $parse:expr;)*) => {
        $(impl Text for $id {
            const NAME: &'static str = "Id";

            fn parse(text: &str) -> Parsed<Self> {
                let parse: fn(&str) -> Option<Self> = $parse;
                parse(text).ok_or(UUID_EXPECTED)
            }

            fn text(&self) -> impl Display {
                self
            }

            fn described() -> Value {
                id_described()
            }
        })*
    };
}

fn id<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

ids! {
    AccountId: id;
    TransferId: id;
    RateId: id;
    QuoteId: id;
    // The same form as the ids of the ledger.
    Uuid: |text| id(text).map(|id: TransferId| id.as_uuid());
}

/// Implements [`Text`] for enums whose variants are words.
macro_rules! text_enum {
    ($(
        $type:ty as $name:literal = $all:expr => $word:expr, $expected:literal, $about:literal;
    )*) => {
        $(impl $crate::v1::protocol::values::Text for $type {
            const NAME: &'static str = $name;

            fn parse(text: &str) -> Result<Self, &'static str> {
                let word: fn(Self) -> &'static str = $word;
                let mut all = $all.into_iter();
                all.find(|it| word(*it) == text).ok_or($expected)
            }

            fn text(&self) -> impl ::std::fmt::Display {
                let word: fn(Self) -> &'static str = $word;
                word(*self)
            }

            fn described() -> ::serde_json::Value {
                let word: fn(Self) -> &'static str = $word;
                ::serde_json::json!({
                    "type": "string", "enum": $all.map(word), "description": $about,
                })
            }
        })*
    };
}

pub(crate) use text_enum;

text_enum! {
    TransferType as "TransferType" = Self::ALL => transfer_type,
        "not a type of transfers, for example \"transfer\"", "The type of a transfer.";
    AccountStatus as "AccountStatus" = Self::ALL => Self::as_str,
        "not a status of accounts, for example \"frozen\"",
        "Which ways money may move through the account; `closed` is permanent.";
    HoldState as "HoldStatus" = Self::ALL => Self::as_str,
        "not \"open\", \"captured\", \"voided\" or \"expired\"",
        "The status of a hold. An expired hold is `open` until the service releases it.";
    QuoteStatus as "QuoteStatus" = Self::ALL => Self::as_str,
        "not \"open\", \"consumed\" or \"expired\"",
        "`open`: an exchange can use the quote. `consumed`: an exchange has used it. `expired`: it \
         can no longer be used.";
    TimeAxis as "TimeAxis" = [Self::System, Self::Effective] =>
        |axis| match axis { Self::System => "system", Self::Effective => "effective" },
        "not \"system\" or \"effective\"",
        "`system`: when transfers were applied; `effective`: when they took effect in the world.";
    Direction as "Direction" = [Self::Incoming, Self::Outgoing] =>
        |it| match it { Self::Incoming => "incoming", Self::Outgoing => "outgoing" },
        "not \"incoming\" or \"outgoing\"", "Whether money came into the account or left it.";
    FixedSide as "FixedSide" = [Self::Sell, Self::Buy] =>
        |side| match side { Self::Sell => "sell", Self::Buy => "buy" },
        "not \"sell\" or \"buy\"", "The amount that the request fixed; the service computed the \
                                    other one.";
}

/// The API has one word for a transfer between accounts, alone or as an item of a batch. The chain
/// has an older one.
pub(crate) fn transfer_type(kind: TransferType) -> &'static str {
    match kind {
        TransferType::Internal => "transfer",
        other => other.as_str(),
    }
}

/// Implements [`Text`] for other types: how each is parsed, serialized and described.
macro_rules! text_types {
    ($(
        $type:ty as $name:literal =
        |$text:ident| $parse:expr, |$value:ident| $shown:expr, $described:tt;
    )*) => {
        $(impl Text for $type {
            const NAME: &'static str = $name;

            fn parse($text: &str) -> Parsed<Self> {
                $parse
            }

            fn text(&self) -> impl Display {
                let $value = self;
                $shown
            }

            fn described() -> Value {
                json!($described)
            }
        })*
    };
}

pub(super) use text_types;

text_types! {
    CurrencyCode as "CurrencyCode" =
        |text| text.parse()
            .map_err(|_| "not a currency code: 1 to 12 letters and digits of ASCII"),
        |code| code,
        {
            "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$", "examples": ["USD"],
            "description": "The code of a currency. Case does not matter; responses have upper \
                            case.",
        };
    ShortText as "ShortText" =
        |text| Self::new(text).ok_or("not 1 to 200 characters without control characters"),
        |text| text.as_str(),
        {
            "type": "string", "pattern": format!("^{NO_CONTROL}{{1,{SHORT_TEXT_MAX}}}$"),
            "description": "A text of yours, without control characters.",
        };
    Timestamp as "Time" =
        |text| time::parse(text).ok_or(TIME_EXPECTED),
        |moment| time::rfc3339(*moment),
        {
            "type": "string", "format": "date-time", "examples": ["2026-01-31T12:00:00Z"],
            "description": "A time (RFC 3339), to the microsecond. Responses are in UTC.",
        };
    Actor as "" =
        |text| Self::new(text).ok_or("not 1 to 64 letters, digits and -_.:@| of ASCII"),
        |actor| actor.as_str(),
        {"type": "string", "pattern": format!("^[A-Za-z0-9_.:@|-]{{1,{ACTOR_MAX}}}$")};
    ChainHead as "ChainHead" =
        |text| text.parse().map_err(|error| match error {
            ParseHeadError::Empty => "an empty head proves nothing; leave it out to expect none",
            _ => "not a head: of each lane its id, a number and 64 hexadecimal digits",
        }),
        |head| head,
        {
            "type": "string",
            "pattern": format!("^{CHAIN_END}(,{CHAIN_END})*$"),
            "description": "The end of the hash chain of the ledger, lane by lane.",
        };
}

/// A text that the service writes.
impl Describe for String {
    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "string"})
    }
}

impl Show for String {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}
