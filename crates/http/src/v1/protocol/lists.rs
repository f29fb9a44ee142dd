//! Lists: pages, and the cursors that link them.
//!
//! A cursor is the key of the last entry that was sent: a page costs the same wherever it is, and
//! new entries neither hide nor duplicate others. The cursor also has a hash of the list's path and
//! filters, because a cursor of another list would silently skip entries. Nothing else proves that
//! a cursor is ours, so its key is parsed as strictly as any other text: a key that no entry can
//! have is refused.

use actix_web::http::StatusCode;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{AccountId, CurrencyPair, QuoteId, Timestamp, TransferId};

use super::describe::{Describe, ObjectSchema, Schemas};
use super::faults::{Faults, Place};
use super::json::Json;
use super::problem::Problem;
use super::read::{Field, Fields};
use super::show::{Member, Members, Show};
use super::values::Limit;
use crate::request::time;

const LIMIT_DEFAULT: u32 = 20;

/// Versions are stored as signed numbers of 64 bits.
pub(crate) const VERSION_MAX: u64 = i64::MAX as u64;

/// The length of the hash of a list's filters, in bytes.
const HASH_LEN: usize = 8;

/// The key of an entry, as the bytes of a cursor.
pub(crate) trait Key: Sized {
    fn to_bytes(&self) -> Vec<u8>;
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Key for AccountId {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_uuid().as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().and_then(Self::new)
    }
}

/// A version.
impl Key for u64 {
    fn to_bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let version = bytes.try_into().ok().map(Self::from_be_bytes);
        version.filter(|version| (1..VERSION_MAX).contains(version))
    }
}

/// Lists that are newest first, then by id.
impl Key for (Timestamp, Uuid) {
    fn to_bytes(&self) -> Vec<u8> {
        let micros = self.0.as_micros().to_be_bytes();
        [&micros[..], self.1.as_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_first_chunk()?;
        let at = time::from_micros(i64::from_be_bytes(*micros))?;
        Some((at, Uuid::from_slice(id).ok()?))
    }
}

impl Key for (Timestamp, TransferId) {
    fn to_bytes(&self) -> Vec<u8> {
        (self.0, self.1.as_uuid()).to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (at, id) = <(Timestamp, Uuid)>::from_bytes(bytes)?;
        Some((at, TransferId::new(id)?))
    }
}

impl Key for (Timestamp, QuoteId) {
    fn to_bytes(&self) -> Vec<u8> {
        (self.0, self.1.as_uuid()).to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (at, id) = <(Timestamp, Uuid)>::from_bytes(bytes)?;
        Some((at, QuoteId::new(id)?))
    }
}

impl Key for CurrencyPair {
    fn to_bytes(&self) -> Vec<u8> {
        format!("{}/{}", self.base, self.counter).into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (base, counter) = std::str::from_utf8(bytes).ok()?.split_once('/')?;
        Some(Self {
            base: base.parse().ok()?,
            counter: counter.parse().ok()?,
        })
    }
}

/// The page that a request asks for.
pub(crate) struct PageRequest<K> {
    /// The key of the last entry of the previous page.
    pub(crate) after: Option<K>,
    limit: u32,
    filters: [u8; HASH_LEN],
}

/// The parameters of every list.
pub(crate) fn describe_page(object: &mut ObjectSchema<'_>) {
    let mut limit = Limit::schema(object.schemas);
    limit["default"] = json!(LIMIT_DEFAULT);
    let about = "The most entries of the page; 20 if omitted.";
    object.optional("limit", about, limit);
    let about = "Where the page begins: the `next_cursor` of the previous page, with all other \
                 parameters unchanged.";
    object.optional("cursor", about, json!({"type": "string", "minLength": 1}));
}

impl<K: Key> PageRequest<K> {
    /// Takes `limit` and `cursor`; call it before any filter is taken.
    ///
    /// # Errors
    /// A cursor that does not belong to this list.
    pub(crate) fn take(path: &str, fields: &mut Fields<'_>) -> Result<Self, Problem> {
        let limit = Option::<Limit>::take_from(fields, "limit").flatten();
        let cursor = fields.take_optional("cursor");
        let list = format!("{path}?{}", fields.rest());
        let hash = Uuid::new_v5(&Uuid::NAMESPACE_URL, list.as_bytes());
        let mut filters = [0; HASH_LEN];
        filters.copy_from_slice(&hash.as_bytes()[..HASH_LEN]);
        let after = match cursor {
            Some(Json::Text(cursor)) => Some(key_in(&cursor, filters).ok_or_else(invalid_cursor)?),
            _ => None,
        };
        Ok(Self {
            after,
            limit: limit.map_or(LIMIT_DEFAULT, |limit| limit.0),
            filters,
        })
    }

    /// How many entries to read: one more than the page has, to know whether there are more.
    pub(crate) fn count(&self) -> u32 {
        self.limit + 1
    }

    /// Truncates the entries to the page. Returns the cursor of the next page, if there is one.
    pub(crate) fn cut<T>(&self, entries: &mut Vec<T>, key: impl Fn(&T) -> K) -> Option<String> {
        let has_more = entries.len() > self.limit as usize;
        entries.truncate(self.limit as usize);
        let last = entries.last().filter(|_| has_more)?;
        let bytes = [&self.filters[..], &key(last).to_bytes()].concat();
        Some(HEXLOWER.encode(&bytes))
    }
}

/// The account by which a list is filtered. A caller that is limited to accounts must send one.
pub(crate) struct AccountOfList(pub(crate) Option<AccountId>);

impl Field for AccountOfList {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        let id = Option::<AccountId>::take_from(fields, name);
        if fields.context.is_limited && !matches!(id, Some(Some(_))) {
            let why = "this key is limited to accounts: send the id of one of them";
            fields.fault(name, "missing", why);
        }
        id.map(Self)
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        <Option<AccountId> as Field>::describe(object, name, about);
    }
}

/// A page of a list.
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    pub(crate) const EMPTY: Self = Self {
        data: Vec::new(),
        next_cursor: None,
    };
}

impl<T: Show> Members for Page<T> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        Member::write(&self.data, "data", map)?;
        Member::write(&self.next_cursor.is_some(), "has_more", map)?;
        Member::write(&self.next_cursor, "next_cursor", map)
    }

    fn describe(object: &mut ObjectSchema<'_>) {
        <Vec<T> as Member>::describe(object, "data", "");
        <bool as Member>::describe(object, "has_more", "");
        let about = "The `cursor` of the next page; null on the last page.";
        <Option<String> as Member>::describe(object, "next_cursor", about);
    }
}

impl<T: Show> Describe for Page<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        let entry = T::schema(schemas);
        let name = entry["$ref"].as_str().unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        schemas.named(&format!("{name}Page"), |schemas| {
            let mut object = ObjectSchema::new(schemas);
            <Self as Members>::describe(&mut object);
            object.open("A page of a list.")
        })
    }
}

impl<T: Show> Show for Page<T> {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        Members::write(self, &mut map)?;
        map.end()
    }
}

fn key_in<K: Key>(cursor: &str, filters: [u8; HASH_LEN]) -> Option<K> {
    let bytes = HEXLOWER_PERMISSIVE.decode(cursor.as_bytes()).ok()?;
    K::from_bytes(bytes.strip_prefix(&filters)?)
}

/// The problem for a cursor that does not belong to this list.
pub(crate) fn invalid_cursor() -> Problem {
    let detail = "the cursor is not one of this list with these parameters; begin again without a \
                  cursor";
    let mut faults = Faults::default();
    let place = Place::Parameter("cursor".to_owned());
    faults.add(place, "invalid_cursor", detail);
    Problem::refused(StatusCode::BAD_REQUEST, "invalid_cursor", detail).listing(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<K: Key>(parts: &[&[u8]]) -> Option<K> {
        K::from_bytes(&parts.concat())
    }

    #[test]
    fn a_key_that_no_entry_can_have_is_no_key() {
        let (id, nil) = ([7; 16], [0; 16]);
        assert!(read::<AccountId>(&[&id]).is_some());
        assert!(read::<AccountId>(&[&nil]).is_none() && read::<AccountId>(&[&id, &id]).is_none());
        for (version, is_one) in [
            (0, false),
            (1, true),
            (VERSION_MAX, false),
            (u64::MAX, false),
        ] {
            assert_eq!(
                read::<u64>(&[&version.to_be_bytes()]).is_some(),
                is_one,
                "{version}"
            );
        }
        for (micros, is_one) in [(0, true), (-1, true), (i64::MIN, false), (i64::MAX, false)] {
            let key = read::<(Timestamp, TransferId)>(&[&i64::to_be_bytes(micros), &id]);
            assert_eq!(key.is_some(), is_one, "{micros}");
        }
        assert!(read::<(Timestamp, TransferId)>(&[&[0; 8], &nil]).is_none());
        for (pair, is_one) in [("USD/EUR", true), ("USD", false), ("US\0/EUR", false)] {
            assert_eq!(
                read::<CurrencyPair>(&[pair.as_bytes()]).is_some(),
                is_one,
                "{pair}"
            );
        }
    }
}
