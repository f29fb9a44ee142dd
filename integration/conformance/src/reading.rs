//! Helpers to read the document and answers: paths, members, codes.

use serde_json::{Map, Value, json};

use crate::answer::Received;

/// The code of an error, in a problem or in the classic envelope.
pub(crate) fn code(body: &Value) -> &str {
    let code = body["code"].as_str().or(body["error"].as_str());
    code.unwrap_or_default()
}

/// The media type of an answer, without parameters.
pub(crate) fn media_type(received: &Received) -> &str {
    let value = received.header("content-type").unwrap_or_default();
    value.split(';').next().unwrap_or_default()
}

/// The path of a target, which may be a whole URL.
pub(crate) fn path_of(target: &str) -> &str {
    let target = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    };
    target.split('?').next().unwrap_or_default()
}

pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Forbids additional fields in every object schema that lists its fields. The document allows
/// them in a reply, because later versions may have more; this version must not.
pub(crate) fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_schema = members.get("type").is_some_and(|kind| kind == "object");
            if is_schema && members.contains_key("properties") {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// Whether a path matches a template.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(name), Some(given)) if name.starts_with('{') && !given.is_empty() => {}
            (Some(name), Some(given)) if name == given => {}
            _ => return false,
        }
    }
}
