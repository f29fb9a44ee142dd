"""What the OpenAPI document cannot say about a request.

- A write has an `id` in its body or an `Idempotency-Key` of visible ASCII, never both, never neither.
- A cursor is one that a page of the same list gave.
- `metadata_key` and `metadata_value` go together, and a period does not end before it begins.
- What a dry run has made is not there afterwards.
- A field that is `null` counts as absent, so `null` is neither right nor wrong there.

Without these rules, schemathesis would treat a request generated from the document alone as valid.
Requests that are meant to be invalid stay unchanged.
"""

import uuid
from datetime import datetime

import schemathesis
from schemathesis import GenerationMode


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    if meta is not None and meta.generation.mode != GenerationMode.POSITIVE:
        return
    query = case.query if isinstance(case.query, dict) else {}
    query.pop("cursor", None)
    if ("metadata_key" in query) != ("metadata_value" in query):
        query.pop("metadata_key", None)
        query.pop("metadata_value", None)
    path = case.operation.path
    if path.endswith(("/statement", "/parts")) and "created_from" in query and "created_before" in query:
        begin, end = query["created_from"], query["created_before"]
        if moment(begin) > moment(end):
            query["created_from"], query["created_before"] = end, begin
    if meta is not None and meta.phase.name.value == "stateful":
        query.pop("dry_run", None)
    if case.operation.method.lower() == "post" and path.startswith("/v1/") and path != "/v1/currencies":
        choose_id(case, path)


def moment(text):
    """A time of RFC 3339; Python reads no leap second."""
    return datetime.fromisoformat(text.upper().replace(":60", ":59"))


@schemathesis.hook
def filter_body(context, body):
    return context.operation.method.lower() == "patch" or not has_null(body)


def has_null(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return any(it is None or has_null(it) for it in value)
    return False


def choose_id(case, path):
    """One id for each write: the key if there is one, else the one in the body, else a new one."""
    has_key = "Idempotency-Key" in (case.headers or {})
    if has_key:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    body = case.body
    if not isinstance(body, dict):
        if not has_key:
            case.headers["Idempotency-Key"] = str(uuid.uuid4())
        return
    for write in body.get("items", []) if path == "/v1/batches" else [body]:
        if has_key:
            write.pop("id", None)
        elif write.get("id") is None:
            write["id"] = str(uuid.uuid4())
