//! Processes of the operating system, by their ids.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use nix::sys::signal::kill;
use nix::unistd::Pid;

/// Polls until `done`; fails with `otherwise` after `most`.
pub(super) fn wait_until(most: Duration, otherwise: &str, done: impl Fn() -> bool) -> Result<()> {
    let started = Instant::now();
    while !done() {
        ensure!(started.elapsed() < most, "{otherwise} after {most:?}");
        sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Alive, and not a zombie that its parent has not waited for yet.
pub(super) fn is_alive(pid: i32) -> bool {
    match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => !stat
            .rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('Z')),
        Err(_) if Path::new("/proc").join("self").exists() => false,
        Err(_) => kill(Pid::from_raw(pid), None).is_ok(),
    }
}

/// The parent of a process, on Linux.
pub(super) fn parent_of(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}
