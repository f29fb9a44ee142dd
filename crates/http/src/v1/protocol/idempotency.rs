//! Idempotency: the id of a write, from the body or derived from the header `Idempotency-Key`.
//!
//! The id that belongs to a header is a hash over the key, the route and the caller. So there is no
//! table of keys: the id is stored like every id, and two callers with the same key have two ids. A
//! store has one ledger, so the hash does not include the name of a ledger; a service with several
//! ledgers would have their names in the route.

use actix_web::HttpRequest;
use uuid::Uuid;
use wallet_domain::Actor;

use super::describe::ObjectSchema;
use super::faults::{Faults, Place};
use super::read::{Field, Fields};
use super::values::Text;

/// The namespace of the ids that are derived from keys. It never changes: with another one, a used
/// key would count as new.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f0b_2a1e_8d64_4c3b_9e57_1f2d_3c4b_5a69);

const HEADER: &str = "Idempotency-Key";
const KEY_LEN_MAX: usize = 255;

/// The id that the request's `Idempotency-Key` derives. `None` if there is no key, or if it is a
/// fault.
pub(crate) fn header_key(
    request: &HttpRequest,
    route: &str,
    caller: Option<&Actor>,
    faults: &mut Faults,
) -> Option<Uuid> {
    let mut values = request.headers().get_all(HEADER);
    let value = values.next()?;
    let key = value.to_str().ok().and_then(unquoted);
    match key.filter(|_| values.next().is_none()) {
        Some(key) => Some(derived(route, &key, caller)),
        None => {
            let detail = "not one key of 1 to 255 printable ASCII characters, bare or quoted";
            faults.add(Place::Header(HEADER), "invalid", detail);
            None
        }
    }
}

/// The id of an item of a batch, derived from the id of the batch.
pub(crate) fn item_key(batch: Uuid, index: usize) -> Uuid {
    Uuid::new_v5(&batch, index.to_string().as_bytes())
}

/// The id of a key. Neither a key nor the name of a caller contains a line break, so two different
/// inputs never have the same text.
fn derived(route: &str, key: &str, caller: Option<&Actor>) -> Uuid {
    let mut text = format!("POST {route}\n{key}");
    if let Some(caller) = caller {
        text = text + "\n" + caller.as_str();
    }
    Uuid::new_v5(&NAMESPACE, text.as_bytes())
}

/// The key: bare, or from the quotes of a structured header's string (RFC 8941).
fn unquoted(value: &str) -> Option<String> {
    let value = value.trim();
    let inner = value.strip_prefix('"').map(|rest| rest.strip_suffix('"'));
    let key = match inner {
        None => value.to_owned(),
        Some(inner) => unescaped(inner?)?,
    };
    let is_printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    (is_printable && (1..=KEY_LEN_MAX).contains(&key.len())).then_some(key)
}

fn unescaped(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => key.push(characters.next().filter(|next| "\"\\".contains(*next))?),
            '"' => return None,
            other => key.push(other),
        }
    }
    Some(key)
}

/// The id of a write: the field that the client sent, or the id that the request's key derives.
/// Both or neither is a fault.
pub(crate) struct NewId<T>(pub(crate) T);

impl<T: Text> Field for NewId<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        match either_id(fields, name)? {
            Some(id) => Some(Self(id)),
            None => {
                let detail = "send an id or an Idempotency-Key, so that a retry is safe";
                fields.fault(name, "id_missing", detail);
                None
            }
        }
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        Option::<T>::describe(object, name, about);
    }
}

/// The id of a write for which the service can choose the id. Both an id and a key are a fault.
pub(crate) struct OptionalId<T>(pub(crate) Option<T>);

impl<T: Text> Field for OptionalId<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        either_id(fields, name).map(Self)
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        Option::<T>::describe(object, name, about);
    }
}

/// The id from the body or from the key, if there is one.
fn either_id<T: Text>(fields: &mut Fields<'_>, name: &'static str) -> Option<Option<T>> {
    let id = Option::<T>::take_from(fields, name)?;
    // An id that is derived from a key has the form of every id.
    let key = fields.context.key;
    let key = key.and_then(|key| T::parse(&key.to_string()).ok());
    if id.is_some() && key.is_some() {
        let detail = "there are both an id and an Idempotency-Key; send one of them";
        fields.fault(name, "id_ambiguous", detail);
        return None;
    }
    Some(id.or(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_in_quotes_and_without() {
        let plain = unquoted("a-key");
        assert_eq!(plain.as_deref(), Some("a-key"));
        assert_eq!(unquoted("\"a-key\""), plain);
        assert_eq!(unquoted(r#""a\"\\b""#).as_deref(), Some(r#"a"\b"#));
        assert_eq!(unquoted("\"a key\""), unquoted("a key"));
        for wrong in [
            "",
            "\"\"",
            "\"",
            "\"a",
            r#""a"b""#,
            r#""\a""#,
            "a\tkey",
            "\"a\tkey\"",
        ] {
            assert_eq!(unquoted(wrong), None, "{wrong}");
        }
        assert!(unquoted(&"k".repeat(255)).is_some());
        assert!(unquoted(&"k".repeat(256)).is_none());
    }

    #[test]
    fn the_id_of_a_key_never_changes() {
        // Without a caller it is as it was before callers counted, which OPERATIONS.md describes.
        let of = |route, caller: &str| derived(route, "a-key", Actor::new(caller).as_ref());
        let id = of("/v1/transfers", "");
        assert_eq!(id.to_string(), "5b08a76b-15dc-5730-af1c-985be6bc5431");
        let shop = of("/v1/transfers", "shop");
        let others = [id, of("/v1/transfers", "till"), of("/v1/deposits", "shop")];
        assert!(!others.contains(&shop), "{shop}");
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/OPERATIONS.md");
        let documented = std::fs::read_to_string(page).unwrap();
        assert!(documented.contains(&NAMESPACE.to_string()));
        let older = Uuid::new_v5(&NAMESPACE, b"POST /v1/transfers\na-key");
        assert_eq!(older, id);
    }
}
