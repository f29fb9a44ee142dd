//! Lists the answers that `docs/openapi.json` promises and that no run has seen: see `seen.rs`.

use std::collections::BTreeSet;
use std::fs;

use conformance::Contract;

fn main() -> Result<(), String> {
    let file = std::env::args()
        .nth(1)
        .ok_or("name the file of WALLET_SEEN")?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let seen: BTreeSet<&str> = text.lines().collect();
    let promised = Contract::new(include_str!("../../../docs/openapi.json"))?.promises();
    let total = promised.len();
    let lines = promised.iter().map(ToString::to_string);
    let unseen: Vec<String> = lines.filter(|line| !seen.contains(&**line)).collect();
    for line in &unseen {
        println!("{line}");
    }
    eprintln!("{} of {total} promises were seen", total - unseen.len());
    Ok(())
}
