//! Runs the service that embeds the ledger, twice on one file: the second run finds it closed well.

use std::process::Command;

#[test]
fn a_hold_of_an_embedded_ledger_expires_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("shop.db").display());
    for _ in 0..2 {
        let program = env!("CARGO_BIN_EXE_embedding");
        let ended = Command::new(program).arg(&url).output().unwrap();
        let printed = String::from_utf8(ended.stdout).unwrap();
        let failed = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{printed}{failed}");
        assert_eq!(printed, "available: 100\nreserved: 70\nexpired: 100\n");
    }
}
