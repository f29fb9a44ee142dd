//! The items of a batch: each is the body that a write has alone, with its type.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{Command, Precision, Rejection};

use super::yield_to_others;
use crate::v1::protocol::{
    At, BoundedVec, Context, Describe, Draft, Faults, Field, Fields, Json, ObjectSchema, Parsed,
    Read, Schemas, Text, Write, WriteBody, idempotency, request, text_enum,
};
use crate::v1::resources::account_controls::NewAccountControls;
use crate::v1::resources::accounts::NewAccount;
use crate::v1::resources::exchange::NewExchange;
use crate::v1::resources::holds::{NewCapture, NewHold, NewIncrease, NewVoid};
use crate::v1::resources::transfers::{NewDeposit, NewSplit, NewTransfer, NewWithdrawal};

const ITEMS_MAX: usize = 1000;

/// How the items of a batch depend on each other.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// All are applied, or none.
    Atomic,
    /// Each is applied independently.
    Independent,
}

impl Mode {
    fn as_str(self) -> &'static str {
        match self {
            Self::Atomic => "atomic",
            Self::Independent => "independent",
        }
    }
}

text_enum! {
    Mode as "BatchMode" = [Self::Atomic, Self::Independent] => Self::as_str,
        "not \"atomic\" or \"independent\"",
        "`atomic`: all items are applied, or none. `independent`: each item is applied on its own.";
}

request! {
    /// A batch to execute.
    pub(crate) struct NewBatch {
        mode: ContinueOnFault<Mode>,
        items: BoundedVec<UnreadItem, 1, ITEMS_MAX>,
    }
}

/// A parsed batch: its mode, and the drafts of its items.
type Batch = (Mode, Vec<Result<Draft, Rejection>>);

impl NewBatch {
    /// Parses the items. `None` if something is wrong; the faults are added.
    pub(super) async fn read_items(self, write: &Write, faults: &mut Faults) -> Option<Batch> {
        let mut drafts = Vec::with_capacity(self.items.0.len());
        for (index, item) in self.items.0.into_iter().enumerate() {
            yield_to_others(index).await;
            let (items, key) = (At::Field(&At::Body, "items"), write.key);
            let key = key.map(|key| idempotency::item_key(key, index));
            drafts.extend(read(item.0, &At::Entry(&items, index), write, key, faults));
        }
        Some((self.mode.0?, drafts))
    }
}

/// A field that may be wrong while the parsing of the other fields continues.
pub(crate) struct ContinueOnFault<T>(Option<T>);

impl<T: Field> Field for ContinueOnFault<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        Some(Self(T::take_from(fields, name)))
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        T::describe(object, name, about);
    }
}

/// An item that is parsed later, so that the batch can yield to other requests between items.
pub(crate) struct UnreadItem(Json);

impl Read for UnreadItem {
    fn read(json: Json, _: &At<'_>, _: &mut Faults) -> Option<Self> {
        Some(Self(json))
    }
}

impl Describe for UnreadItem {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("NewBatchItem", |schemas| {
            let items: Vec<Value> = KINDS
                .iter()
                .map(|kind| (kind.describe)(kind.name, schemas))
                .collect();
            let places = KINDS.iter().zip(&items);
            let places = places.map(|(kind, item)| (kind.name.to_owned(), item["$ref"].clone()));
            json!({
                "description": "A write as you would send it alone, with its `type`.",
                "discriminator": {
                    "propertyName": "type",
                    "mapping": Value::Object(places.collect()),
                },
                "oneOf": items,
            })
        })
    }
}

type Drafted = Option<Result<Draft, Rejection>>;

/// A type of item.
struct Kind {
    name: &'static str,
    /// Whether the item changes or uses something that exists, which must be looked up.
    changes_existing: bool,
    read: fn(&mut Fields<'_>, &Write) -> Drafted,
    describe: fn(&'static str, &mut Schemas) -> Value,
}

impl Kind {
    /// A type of item that creates something from its own fields only.
    const fn new<B: WriteBody>(name: &'static str) -> Self {
        Self {
            name,
            changes_existing: false,
            read: read_body::<B>,
            describe: describe::<B>,
        }
    }

    /// A type of item that changes or uses something that exists.
    const fn changing<B: WriteBody>(name: &'static str) -> Self {
        Self {
            changes_existing: true,
            ..Self::new::<B>(name)
        }
    }

    fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }
}

fn read_body<B: WriteBody>(fields: &mut Fields<'_>, write: &Write) -> Drafted {
    B::take_from(fields).map(|body| body.draft(write))
}

/// Every type of item.
static KINDS: [Kind; 11] = [
    Kind::new::<NewTransfer>("transfer"),
    Kind::new::<NewDeposit>("deposit"),
    Kind::new::<NewWithdrawal>("withdrawal"),
    Kind::new::<NewAccount>("account"),
    Kind::new::<NewSplit>("split"),
    Kind::new::<NewHold>("hold"),
    Kind::changing::<NewIncrease>("hold_increase"),
    Kind::changing::<NewCapture>("capture"),
    Kind::changing::<NewVoid>("void"),
    Kind::changing::<NewAccountControls>("account_controls"),
    Kind::changing::<NewExchange>("exchange"),
];

/// The schema of an item: the body of the write with a `type`, under a name of its own.
fn describe<B: WriteBody>(kind: &'static str, schemas: &mut Schemas) -> Value {
    let body = B::schema(schemas);
    let body = body["$ref"].as_str().unwrap_or_default();
    let body = body.rsplit('/').next().unwrap_or_default();
    schemas.named(&format!("{body}Item"), |schemas| {
        let mut object = ObjectSchema::new(schemas);
        object.is_item = true;
        object.required("type", "", json!({"type": "string", "const": kind}));
        B::describe(&mut object);
        object.closed("")
    })
}

impl Text for &'static Kind {
    const NAME: &'static str = "";

    fn parse(text: &str) -> Parsed<Self> {
        Kind::find(text).ok_or("not a type of items, for example \"transfer\"")
    }

    fn text(&self) -> impl std::fmt::Display {
        self.name
    }

    fn described() -> Value {
        Value::Null
    }
}

/// Parses an item. `key` is the id that the request's idempotency key derives for it.
fn read(json: Json, at: &At<'_>, write: &Write, key: Option<Uuid>, faults: &mut Faults) -> Drafted {
    let mut fields = Fields::new(json, at, faults)?.within(Context {
        key,
        ..Context::default()
    });
    // Without a type it is unknown which other fields the item should have.
    let kind = <&'static Kind>::take_from(&mut fields, "type")?;
    let draft = (kind.read)(&mut fields, write);
    fields.close();
    draft
}

/// Parses one write in the form of a batch item, for callers that receive writes in another way
/// than by HTTP. The item must have an id and an amount that needs no rounding, and must not need a
/// look-up.
///
/// # Errors
/// What is wrong with it, field by field; or why a rule rejects it without looking at state.
pub fn batch_item(text: &[u8]) -> Result<Command, BatchItemError> {
    let refused = |what: String| Err(BatchItemError(what));
    let json: Json = match serde_json::from_slice(text) {
        Ok(json) => json,
        Err(error) => return refused(format!("malformed_request: {error}")),
    };
    // Checked first, because the faults of its fields do not matter.
    if let Some(kind) = kind_changing_existing(&json) {
        return refused(format!(
            "malformed_request: /type: {kind} cannot be imported, because it changes something \
             that exists"
        ));
    }
    let has_id = matches!(&json, Json::Object(fields) if fields.contains_key("id"));
    let write = Write {
        dry_run: false,
        precision: Precision::Strict,
        key: None,
        quote_micros_max: wallet_domain::QUOTE_VALID_MICROS_MAX,
    };
    let mut faults = Faults::default();
    let draft = read(json, &At::Body, &write, None, &mut faults);
    match draft.filter(|_| faults.is_empty()) {
        Some(Ok(_)) if !has_id => refused("id_missing: /id: every line needs an id".to_owned()),
        Some(Ok(Draft::Ready(command))) => Ok(command),
        Some(Ok(_)) => refused(
            "malformed_request: /type: what changes something that exists cannot be imported"
                .to_owned(),
        ),
        Some(Err(error)) => refused(format!("{error}: {}", error.explanation())),
        None => {
            let listed = faults.listed.iter().map(ToString::to_string);
            let listed = listed.collect::<Vec<_>>().join("; ");
            refused(format!("malformed_request: {listed}"))
        }
    }
}

fn kind_changing_existing(item: &Json) -> Option<&'static str> {
    let Json::Object(fields) = item else {
        return None;
    };
    let Some(Json::Text(kind)) = fields.get("type") else {
        return None;
    };
    let kind = Kind::find(kind)?;
    kind.changes_existing.then_some(kind.name)
}

/// Why a text is not an item of a batch: a code, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BatchItemError(String);
