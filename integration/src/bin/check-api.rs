//! Checks the running API against its own OpenAPI document, on each store. `tools/check-api` runs
//! it.
//!
//! schemathesis generates valid and invalid requests from the document, and checks the answers. The
//! configuration in `integration/schemathesis/` adds what the document cannot express.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use wallet_integration::books;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, more @ ..] = &arguments[..] else {
        anyhow::bail!("say where the program schemathesis is; use tools/check-api");
    };
    let mut is_clean = true;
    for (name, store) in [
        ("SQLite", TestStore::sqlite()),
        ("PostgreSQL", TestStore::postgres()),
    ] {
        println!("== the API on {name}");
        is_clean &= check(&store, program, more)?;
    }
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether schemathesis found nothing; fails if the books do not balance afterwards.
fn check(store: &TestStore, program: &str, more: &[String]) -> Result<bool> {
    let service = Launch::on(store).arg("--demo").start()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis");
    let status = Command::new(program)
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("http://{}/openapi.json", service.address()))
        .args(more)
        .current_dir(folder)
        .status()
        .with_context(|| format!("{program} cannot be run"))?;
    service.stop()?;
    books::prove(store)?;
    Ok(status.success())
}
