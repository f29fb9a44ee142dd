//! What the service promises: `docs/openapi.json`.

use std::sync::LazyLock;

use conformance::Contract;

/// Judges every answer that a test receives, whatever the test is about.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../../docs/openapi.json");
    Contract::new(text).unwrap_or_else(|why| panic!("docs/openapi.json: {why}"))
});
