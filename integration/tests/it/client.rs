//! `wallet-client` against the real binary: every call, over TLS, with keys, and over a line that
//! loses and doubles what it carries.

mod access;
mod calls;
mod coverage;
mod faulty_proxy;
mod holds;
mod readme;

use std::time::Duration;

use tokio::runtime;
use wallet_client::{Client, ClientOptions};
use wallet_integration::judged_line::JudgedLine;

/// The most time for the calls of one test; it only keeps a test from hanging.
const PATIENCE: Duration = Duration::from_secs(200);

/// Runs the calls of a test.
fn run<T>(calls: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let calls = async { tokio::time::timeout(PATIENCE, calls).await };
    runtime.unwrap().block_on(calls).unwrap()
}

/// A client; what it gets over the line is judged.
fn client(line: &JudgedLine) -> Client {
    let url = format!("http://{}", line.address());
    Client::new(&url, ClientOptions::default()).unwrap()
}
