//! What clients attach to accounts and transfers: their own words, stored and returned, never
//! interpreted.
//!
//! Its size is bounded on input, so that no store and no reply has to handle it.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The maximum number of entries of a [`Metadata`].
pub const METADATA_ENTRIES_MAX: usize = 50;

/// The maximum number of characters of a metadata key.
pub const METADATA_KEY_MAX: usize = 40;

/// The maximum number of characters of a metadata value.
pub const METADATA_VALUE_MAX: usize = 500;

/// The maximum number of characters of a [`ShortText`].
pub const SHORT_TEXT_MAX: usize = 200;

/// A client's keys and values, in key order. Clones share them: every copy of an account or a
/// transfer has its metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `None` if there are none: nothing is allocated for the many that are empty.
    entries: Option<Arc<BTreeMap<String, String>>>,
}

static NO_ENTRIES: BTreeMap<String, String> = BTreeMap::new();

impl Metadata {
    /// Checks the bounds: [`METADATA_ENTRIES_MAX`], [`METADATA_KEY_MAX`], [`METADATA_VALUE_MAX`].
    ///
    /// # Errors
    /// [`MetadataError`], which names the entry.
    pub fn new(entries: BTreeMap<String, String>) -> Result<Self, MetadataError> {
        if entries.len() > METADATA_ENTRIES_MAX {
            return Err(MetadataError::TooManyEntries);
        }
        for (key, value) in &entries {
            check_entry(key, value)?;
        }
        let is_something = !entries.is_empty();
        Ok(Self {
            entries: is_something.then(|| Arc::new(entries)),
        })
    }

    /// The keys and values.
    #[must_use]
    pub fn entries(&self) -> &BTreeMap<String, String> {
        self.entries.as_deref().unwrap_or(&NO_ENTRIES)
    }

    /// Whether nothing is attached.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_none()
    }
}

/// One entry that some metadata has, for a list of what has it. A text that no metadata can have is
/// no entry, so no store is ever asked for one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataPair {
    key: String,
    value: String,
}

impl MetadataPair {
    /// Checks the bounds of an entry of [`Metadata`].
    ///
    /// # Errors
    /// [`MetadataError`].
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Result<Self, MetadataError> {
        let (key, value) = (key.into(), value.into());
        check_entry(&key, &value)?;
        Ok(Self { key, value })
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether the metadata has this entry.
    #[must_use]
    pub fn is_in(&self, metadata: &Metadata) -> bool {
        metadata.entries().get(&self.key) == Some(&self.value)
    }
}

/// Why a map is not a [`Metadata`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// Too many entries.
    #[error("metadata has at most {METADATA_ENTRIES_MAX} entries")]
    TooManyEntries,
    /// The key is empty, too long, or has control characters.
    #[error(
        "a metadata key has 1 to {METADATA_KEY_MAX} characters, none of them a control character"
    )]
    Key(String),
    /// The value of this key is too long or has control characters.
    #[error(
        "a metadata value has at most {METADATA_VALUE_MAX} characters, \
         none of them a control character"
    )]
    Value(String),
}

/// A name from another system of the client: the reference of a transfer, the external id of an
/// account. Clones share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortText(Arc<str>);

impl ShortText {
    /// `None` unless the text has 1 to [`SHORT_TEXT_MAX`] characters, none of them a control
    /// character.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Option<Self> {
        let text = text.into();
        is_text(&text, 1, SHORT_TEXT_MAX).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_entry(key: &str, value: &str) -> Result<(), MetadataError> {
    if !is_text(key, 1, METADATA_KEY_MAX) {
        return Err(MetadataError::Key(key.to_owned()));
    }
    if !is_text(value, 0, METADATA_VALUE_MAX) {
        return Err(MetadataError::Value(key.to_owned()));
    }
    Ok(())
}

fn is_text(text: &str, min: usize, max: usize) -> bool {
    // Bytes first: counting the characters of a large text costs time linear in its length.
    text.len() <= 4 * max
        && (min..=max).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(key: &str, value: &str) -> Result<Metadata, MetadataError> {
        Metadata::new([(key.to_owned(), value.to_owned())].into())
    }

    #[test]
    fn texts_are_bounded_in_characters_not_bytes() {
        assert!(ShortText::new("ä".repeat(SHORT_TEXT_MAX)).is_some());
        assert!(ShortText::new("ä".repeat(SHORT_TEXT_MAX + 1)).is_none());
        assert!(ShortText::new("").is_none() && ShortText::new("a\u{0}b").is_none());
    }

    #[test]
    fn an_entry_is_in_the_metadata_that_has_its_key_with_its_value() {
        let attached = metadata("tier", "gold").unwrap();
        let is_in = |key, value| MetadataPair::new(key, value).unwrap().is_in(&attached);
        assert!(is_in("tier", "gold") && !is_in("tier", "tin") && !is_in("gold", "tier"));
    }

    #[test]
    fn metadata_is_bounded_and_the_error_names_the_entry() {
        assert!(
            metadata(
                &"k".repeat(METADATA_KEY_MAX),
                &"v".repeat(METADATA_VALUE_MAX)
            )
            .is_ok()
        );
        assert!(metadata("empty", "").is_ok());
        assert_eq!(metadata("", "v"), Err(MetadataError::Key(String::new())));
        let long = "v".repeat(METADATA_VALUE_MAX + 1);
        assert_eq!(metadata("k", &long), Err(MetadataError::Value("k".into())));
        assert_eq!(metadata("k", "a\nb"), Err(MetadataError::Value("k".into())));
        let pair = MetadataPair::new;
        assert_eq!(pair("", "v"), Err(MetadataError::Key(String::new())));
        assert_eq!(pair("k", &long), Err(MetadataError::Value("k".into())));
        assert_eq!(pair("k\0", "v"), Err(MetadataError::Key("k\0".into())));
        assert_eq!(pair("k", "\0"), Err(MetadataError::Value("k".into())));
        let many = (0..=METADATA_ENTRIES_MAX).map(|n| (n.to_string(), String::new()));
        assert_eq!(
            Metadata::new(many.collect()),
            Err(MetadataError::TooManyEntries)
        );
    }
}
