//! Requests that no HTTP client would send: raw bytes over a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Answer;

/// Sends bytes as they are over a new connection, and returns what comes back until the other side
/// closes, a whole answer has arrived, or `patience` has passed.
///
/// # Errors
/// If there is no connection, or nothing came back in time.
pub fn exchange(address: SocketAddr, request: &[u8], patience: Duration) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_write_timeout(Some(patience))?;
    let deadline = Instant::now() + patience;
    // The service may answer and close before it has read everything: that is no failure.
    let sent = stream.write_all(request);
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while whole_answer(&received).is_none() {
        let left = deadline.saturating_duration_since(Instant::now());
        ensure!(
            !left.is_zero(),
            "no answer within {patience:?}; so far: {}",
            lossy(&received)
        );
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) if !received.is_empty() => break,
            Ok(0) => anyhow::bail!("closed without an answer (sending: {sent:?})"),
            Ok(length) => received.extend_from_slice(&buffer[..length]),
            Err(error) => return Err(error).context(format!("no answer (sending: {sent:?})")),
        }
    }
    whole_answer(&received).with_context(|| format!("not an answer: {}", lossy(&received)))
}

/// The answer, if it is there as a whole: its header, and as many bytes as the header says.
fn whole_answer(received: &[u8]) -> Option<Answer> {
    let text = lossy(received);
    let (header, body) = text.split_once("\r\n\r\n")?;
    let status = header.split_whitespace().nth(1)?.parse().ok()?;
    let field = |name: &str| {
        let mut fields = header.lines().filter_map(|line| line.split_once(':'));
        fields
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let length: usize = field("content-length")?.parse().ok()?;
    let content_type = field("content-type").unwrap_or_default().to_owned();
    let is_replay = field("idempotent-replayed").is_some();
    (body.len() >= length).then(|| Answer {
        status,
        content_type,
        is_replay,
        text: body[..length].to_owned(),
    })
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
