//! The command `verify`: proves the books of the ledger, and names the first thing in them that is wrong.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wallet_domain::{Verified, verify};

use crate::settings::Settings;
use crate::store;

/// How often it is told how far the proof is.
const PAUSE: Duration = Duration::from_secs(5);

/// Proves the books of the ledger of the settings; says what was proved.
///
/// # Errors
/// Where the ledger cannot be opened or read, or its books contradict themselves.
pub(crate) fn run(settings: &Settings) -> Result<String> {
    let opened = store::open(settings)?;
    let started = Instant::now();
    let mut told = started;
    let mut progress = |so_far: &Verified| {
        if told.elapsed() >= PAUSE {
            told = Instant::now();
            let rate = rows(so_far) as f64 / started.elapsed().as_secs_f64();
            tracing::info!("{}; {rate:.0} rows a second", counted(so_far));
        }
    };
    let verified = verify(&*opened.queries, &mut progress);
    let verified = verified.with_context(|| format!("{} is not proved", opened.place))?;
    Ok(format!(
        "{}: proved {}",
        opened.place,
        told_in_full(&verified)
    ))
}

fn rows(verified: &Verified) -> u64 {
    verified.parts + verified.transfers
}

fn counted(verified: &Verified) -> String {
    let Verified {
        accounts,
        parts,
        transfers,
        open_holds,
        ..
    } = verified;
    format!(
        "accounts: {accounts}, parts: {parts}, transfers: {transfers}, open holds: {open_holds}"
    )
}

fn told_in_full(verified: &Verified) -> String {
    let mut text = counted(verified);
    for (code, sums) in &verified.currencies {
        let sum = sums.balances.normalized().to_plain_string();
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "\n  {code}: all balances are {sum}, as are deposits less withdrawals"
        );
    }
    text
}
