//! Requests that no HTTP client would send: raw bytes over a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use conformance::Conversation;

use super::Answer;
use crate::contract::CONTRACT;

/// Sends bytes as they are over a new connection, and returns what comes back until a whole answer
/// has arrived, or `patience` has passed.
///
/// # Errors
/// If there is no connection, or no whole answer came in time.
///
/// # Panics
/// If the document does not allow the answer.
pub fn exchange(address: SocketAddr, request: &[u8], patience: Duration) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_write_timeout(Some(patience))?;
    let deadline = Instant::now() + patience;
    let mut conversation = Conversation::new(&CONTRACT);
    conversation.send(request);
    // The service may answer and close before it has read everything: that is no failure.
    let sent = stream.write_all(request);
    let mut buffer = [0; 4096];
    loop {
        match conversation.answer() {
            Ok(Some(answer)) => return Ok(answer.into()),
            Ok(None) => {}
            Err(why) => panic!("{why}"),
        }
        let so_far = String::from_utf8_lossy(conversation.unread());
        let left = deadline.saturating_duration_since(Instant::now());
        ensure!(
            !left.is_zero(),
            "no answer within {patience:?}; so far: {so_far}"
        );
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => bail!("closed without a whole answer (sending: {sent:?}): {so_far}"),
            Ok(length) => conversation.receive(&buffer[..length]),
            Err(error) => return Err(error).context(format!("no answer (sending: {sent:?})")),
        }
    }
}
