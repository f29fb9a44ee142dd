//! Checks every answer that a test receives against the OpenAPI document, whatever the test is
//! about.

use std::sync::LazyLock;

use conformance::Contract;

use super::Answer;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../../../docs/openapi.json");
    Contract::new(text).unwrap_or_else(|why| panic!("docs/openapi.json: {why}"))
});

/// Returns the answer unchanged.
///
/// # Panics
/// If the document does not describe it.
pub(super) fn checked(method: &str, target: &str, answer: Answer) -> Answer {
    let judged = CONTRACT.judge(&conformance::Answer {
        method,
        target,
        status: answer.status,
        content_type: &answer.content_type,
        body: &answer.text,
    });
    judged.unwrap_or_else(|why| panic!("{why}"));
    answer
}
