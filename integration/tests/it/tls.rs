//! TLS without a proxy: the real binary with a generated certificate.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use conformance::Conversation;
use nix::sys::signal::Signal;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;
use wallet_integration::contract::CONTRACT;
use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

const PATIENCE: Duration = Duration::from_secs(30);

/// A certificate for this machine and its key, as files.
struct Certificate {
    folder: TempDir,
}

impl Certificate {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Self { folder };
        certificate.renew();
        certificate
    }

    /// Replaces this pair with another one.
    fn renew(&self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(self.file(), made.cert.pem()).unwrap();
        fs::write(self.key(), made.signing_key.serialize_pem()).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("tls.crt")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("tls.key")
    }

    fn on(&self, store: &TestStore) -> Launch {
        let files = [("--tls-cert", self.file()), ("--tls-key", self.key())];
        files
            .iter()
            .fold(Launch::on(store), |launch, (flag, file)| {
                launch.arg(*flag).arg(file.to_str().unwrap())
            })
    }

    /// A connection of a client that trusts this certificate as it is now, and no other.
    fn connect(&self, address: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(self.file()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        StreamOwned::new(connection, socket)
    }
}

/// Asks for a path; the document must allow the answer.
fn get(stream: &mut (impl Read + Write), path: &str) -> std::io::Result<conformance::Answer> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut conversation = Conversation::new(&CONTRACT);
    conversation.send(request.as_bytes());
    stream.write_all(request.as_bytes())?;
    let mut buffer = [0; 4096];
    loop {
        if let Some(answer) = conversation.answer().unwrap() {
            return Ok(answer);
        }
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        conversation.receive(&buffer[..length]);
    }
}

#[test]
fn a_client_that_trusts_the_certificate_is_served_and_one_without_tls_is_not() {
    let certificate = Certificate::new();
    let store = TestStore::sqlite();
    let service = certificate.on(&store).arg("--demo").start().unwrap();
    let said = service.stdout();
    assert!(said.contains("listening on https://"), "{said}");

    let mut stream = certificate.connect(service.address());
    let answer = get(&mut stream, "/accounts/").unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.header("strict-transport-security").is_some());
    assert!(answer.body.contains("\"balance\":\"1000\""), "{answer:?}");
    assert_eq!(
        stream.conn.protocol_version(),
        Some(rustls::ProtocolVersion::TLSv1_3)
    );

    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(get(&mut stream, "/accounts/").is_err());

    let stranger = Certificate::new();
    let error = get(&mut stranger.connect(service.address()), "/accounts/").unwrap_err();
    assert!(
        error.to_string().contains("invalid peer certificate"),
        "{error}"
    );
    service.stop().unwrap();
}

#[test]
fn a_renewed_certificate_is_used_without_a_restart() {
    let certificate = Certificate::new();
    let store = TestStore::sqlite();
    let service = certificate.on(&store).start().unwrap();
    get(&mut certificate.connect(service.address()), "/healthz").unwrap();
    certificate.renew();
    let deadline = Instant::now() + PATIENCE;
    while let Err(error) = get(&mut certificate.connect(service.address()), "/healthz") {
        assert!(Instant::now() < deadline, "{error}");
        thread::sleep(Duration::from_millis(200));
    }
    service.stop().unwrap();
}

#[test]
fn an_idle_client_does_not_delay_the_shutdown() {
    let certificate = Certificate::new();
    let store = TestStore::sqlite();
    let launch = certificate.on(&store).arg("--shutdown-timeout").arg("1s");
    let mut service = launch.start().unwrap();
    let _silent = TcpStream::connect(service.address()).unwrap();
    get(&mut certificate.connect(service.address()), "/healthz").unwrap();
    service.signal(Signal::SIGTERM).unwrap();
    assert!(service.wait(PATIENCE).unwrap().success());
}

#[test]
fn unusable_files_are_named_before_a_ledger_is_created() {
    let certificate = Certificate::new();
    let store = TestStore::sqlite();
    let refused = || certificate.on(&store).run_to_end(PATIENCE).unwrap();
    let other = Certificate::new();
    fs::copy(other.key(), certificate.key()).unwrap();
    failed(
        &refused(),
        &[certificate.key(), certificate.file()],
        "is not the key of",
    );
    fs::write(certificate.key(), "").unwrap();
    failed(&refused(), &[certificate.key()], "holds no private key");
    fs::remove_file(certificate.key()).unwrap();
    failed(&refused(), &[certificate.key()], "cannot be read");
    assert!(!store.file().unwrap().exists());
}

#[track_caller]
fn failed(ended: &Ended, files: &[PathBuf], words: &str) {
    assert!(!ended.status.success(), "{ended:?}");
    assert!(
        ended.stderr.contains(words),
        "no {words:?} in: {}",
        ended.stderr
    );
    for file in files {
        let file = file.to_str().unwrap();
        assert!(
            ended.stderr.contains(file),
            "no {file} in: {}",
            ended.stderr
        );
    }
}
