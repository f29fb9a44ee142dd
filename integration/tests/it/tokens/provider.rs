//! An identity provider as a service sees it: a server that returns its keys.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A provider that answers every request with a configured text, over TLS or without.
pub(super) struct Provider {
    pub(super) address: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl Provider {
    pub(super) fn start(
        listener: TcpListener,
        answer: String,
        tls: Option<Arc<ServerConfig>>,
    ) -> Self {
        let provider = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::new(Mutex::new(answer)),
            asked: Arc::default(),
            stopped: Arc::default(),
        };
        let (answer, asked) = (provider.answer.clone(), provider.asked.clone());
        let stopped = provider.stopped.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                asked.fetch_add(1, Ordering::SeqCst);
                let answer = answer.lock().unwrap().clone();
                // A client that rejects the certificate disconnects.
                let _ = match &tls {
                    None => serve(stream, &answer),
                    Some(config) => {
                        let connection = ServerConnection::new(config.clone()).unwrap();
                        serve(StreamOwned::new(connection, stream), &answer)
                    }
                };
            }
        });
        provider
    }

    pub(super) fn answers(&self, text: String) {
        *self.answer.lock().unwrap() = text;
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Goes away: its port is free.
    pub(super) fn stop(self) -> SocketAddr {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.address
    }
}

fn serve(stream: impl Read + Write, answer: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line)? > 2 {
        line.clear();
    }
    let length = answer.len();
    let head = match answer.is_empty() {
        true => "HTTP/1.1 500 Internal Server Error",
        false => "HTTP/1.1 200 OK\r\nContent-Type: application/json",
    };
    let stream = stream.get_mut();
    write!(
        stream,
        "{head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{answer}"
    )?;
    stream.flush()
}
