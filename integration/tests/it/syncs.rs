//! Durable means on disk: the service asks the operating system to flush before it acknowledges.
//!
//! Killing the process cannot reveal a missing sync, because the kernel keeps what was written. So
//! the test counts the system calls from outside, with `strace`.

use std::fs;
use std::path::Path;
use std::process::Command;

use wallet_integration::client::Payment;
use wallet_integration::history::Outcome;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

use crate::demo::{POOR_USD, RICH_USD};

const TRANSFERS: usize = 100;

#[test]
fn each_acknowledged_transfer_on_sqlite_was_synced() {
    let strace = Command::new("strace").arg("-V").output();
    assert!(
        strace.is_ok_and(|output| output.status.success()),
        "this test counts system calls with `strace`, which does not run here: \
         install the package `strace`"
    );
    let store = TestStore::sqlite();
    let directory = tempfile::tempdir().unwrap();
    let calls = directory.path().join("calls");
    // `-D` makes strace a grandchild, so that the process that is started is the service itself.
    let strace = [
        "strace",
        "-D",
        "-f",
        "-q",
        "-e",
        "trace=fsync,fdatasync",
        "-o",
    ];
    let strace = [&strace[..], &[calls.to_str().unwrap()]].concat();
    let service = Launch::on(&store)
        .arg("--demo")
        .under(&strace)
        .start()
        .unwrap();

    let mut client = service.client();
    let mut synced = syncs(&calls);
    for number in 0..TRANSFERS {
        let payment = Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), 1);
        assert_eq!(client.try_pay(&payment), Outcome::Ok);
        let synced_now = syncs(&calls);
        assert!(
            synced_now > synced,
            "transfer {number} was acknowledged without a sync"
        );
        synced = synced_now;
    }
}

/// How many syncs were asked for until now.
fn syncs(calls: &Path) -> usize {
    let calls = fs::read_to_string(calls).unwrap();
    calls.lines().filter(|line| line.contains("sync(")).count()
}
