//! The listening side of a proxy.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};

/// Listens on a free port of the loopback interface, and forwards each connection on a thread of
/// its own. Returns the address. The threads end with their connections, the listener with the
/// process.
///
/// # Errors
/// If it cannot listen.
pub(crate) fn listen(
    forward: impl Fn(TcpStream) -> Result<()> + Send + Sync + 'static,
) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("a port for the proxy")?;
    let address = listener.local_addr()?;
    let forward = Arc::new(forward);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let forward = Arc::clone(&forward);
            // If a connection cannot be forwarded, the client should see that it is dropped.
            thread::spawn(move || drop(forward(client)));
        }
    });
    Ok(address)
}
