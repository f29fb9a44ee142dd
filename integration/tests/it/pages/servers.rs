//! Where pages come from: a server that serves one and hears its report, and one whose name is
//! rebound.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// The page that is served next.
type Page = Arc<Mutex<Option<String>>>;

/// Serves a page at `/`, and takes reports at `/report`. It ends with the process.
pub(super) struct PageServer {
    address: SocketAddr,
    page: Page,
    reports: Receiver<Value>,
}

impl PageServer {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let page = Page::default();
        let (report, reports) = mpsc::channel();
        let served = Arc::clone(&page);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (page, report) = (Arc::clone(&served), report.clone());
                thread::spawn(move || {
                    let (head, body) = request(&client)?;
                    if head.starts_with("POST /report ") {
                        report.send(serde_json::from_slice(&body).ok()?).ok()?;
                        return answer(&client, "");
                    }
                    match head.starts_with("GET / ") {
                        true => answer(&client, locked(&page).as_deref().unwrap_or_default()),
                        false => answer(&client, ""),
                    }
                });
            }
        });
        Self {
            address,
            page,
            reports,
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn report_url(&self) -> String {
        format!("http://127.0.0.1:{}/report", self.address.port())
    }

    pub(super) fn serve(&self, page: String) {
        *locked(&self.page) = Some(page);
    }

    /// The next report.
    pub(super) fn report(&self, patience: Duration) -> Option<Value> {
        self.reports.recv_timeout(patience).ok()
    }
}

/// Serves a page once; every connection after that leads to the service, as after a change of DNS.
/// It ends with the process.
pub(super) struct Rebinder {
    address: SocketAddr,
    page: Page,
}

impl Rebinder {
    pub(super) fn start(service: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let page = Page::default();
        let served = Arc::clone(&page);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let page = Arc::clone(&served);
                thread::spawn(move || {
                    // A browser may open a connection that it never uses: it takes no page away.
                    client.peek(&mut [0]).ok().filter(|count| *count > 0)?;
                    let page = locked(&page).take();
                    match page {
                        Some(page) => {
                            request(&client)?;
                            answer(&client, &page)
                        }
                        None => splice(&client, &TcpStream::connect(service).ok()?),
                    }
                });
            }
        });
        Self { address, page }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn serve(&self, page: String) {
        *locked(&self.page) = Some(page);
    }
}

fn locked(page: &Page) -> std::sync::MutexGuard<'_, Option<String>> {
    page.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first line of a request, and its body.
fn request(client: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first, body))
}

fn answer(mut client: &TcpStream, page: &str) -> Option<()> {
    let length = page.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    client.write_all(head.as_bytes()).ok()?;
    client.write_all(page.as_bytes()).ok()
}

/// Both directions, until one side closes.
fn splice(client: &TcpStream, service: &TcpStream) -> Option<()> {
    thread::scope(|scope| {
        for (mut from, mut to) in [(client, service), (service, client)] {
            scope.spawn(move || {
                // Errors are the ends of connections.
                let _ = std::io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    });
    Some(())
}
