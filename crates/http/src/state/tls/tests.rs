//! Files that are wrong are named; files that change are noticed.

use std::fs::File;

use super::*;

/// A folder with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// A new certificate for localhost: `NAME.pem`, and its key, `NAME.key`.
    fn certificate(&self, name: &str) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        self.write(&format!("{name}.pem"), &made.cert.pem());
        self.write(&format!("{name}.key"), &made.signing_key.serialize_pem());
    }

    fn read(&self, certificate: &str, key: &str) -> Result<Tls, TlsError> {
        Tls::from_files(&self.path(certificate), &self.path(key))
    }

    #[track_caller]
    fn refusal(&self, certificate: &str, key: &str, words: &[&str]) {
        let error = self.read(certificate, key).unwrap_err().to_string();
        for word in words {
            assert!(error.contains(word), "no {word:?} in: {error}");
        }
    }
}

#[test]
fn a_certificate_with_its_key_is_taken() {
    let folder = Folder::new();
    folder.certificate("a");
    let tls = folder.read("a.pem", "a.key").unwrap();
    assert!(format!("{tls:?}").contains("a.key"));
    tls.config();
}

#[test]
fn each_file_that_is_wrong_is_named_with_what_is_wrong() {
    let folder = Folder::new();
    folder.certificate("a");
    folder.certificate("b");
    folder.write("empty", "");
    folder.write("half", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    folder.write(
        "locked",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    folder.write(
        "odd",
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
    );
    folder.write(
        "not-one",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    );
    folder.refusal("none", "a.key", &["none: ", "cannot be read"]);
    folder.refusal("a.pem", "none", &["none: ", "cannot be read"]);
    folder.refusal("empty", "a.key", &["empty: ", "holds no certificate"]);
    folder.refusal("a.key", "a.key", &["a.key: ", "holds no certificate"]);
    folder.refusal("half", "a.key", &["half: ", "not PEM"]);
    folder.refusal("not-one", "a.key", &["not-one: ", "first certificate"]);
    folder.refusal("a.pem", "empty", &["empty: ", "holds no private key"]);
    folder.refusal("a.pem", "a.pem", &["a.pem: ", "holds no private key"]);
    folder.refusal("a.pem", "locked", &["locked: ", "passphrase"]);
    folder.refusal("a.pem", "odd", &["odd: ", "cannot be used"]);
    folder.refusal("a.pem", "b.key", &["b.key: is not the key of", "a.pem"]);
}

/// Changes when a file was changed, as if that had been later.
fn touch(path: &Path, seconds: u64) {
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(seconds))
        .unwrap();
}

#[test]
fn a_newer_pair_is_taken_and_half_of_one_is_not() {
    let folder = Folder::new();
    folder.certificate("a");
    let tls = folder.read("a.pem", "a.key").unwrap();
    let mut certificate = Arc::into_inner(tls.certificate).unwrap();
    let first = certificate.current();

    folder.certificate("b");
    fs::copy(folder.path("b.pem"), folder.path("a.pem")).unwrap();
    touch(&folder.path("a.pem"), 1);
    assert!(
        Arc::ptr_eq(&first, &certificate.current()),
        "it was looked at a moment ago"
    );
    certificate.pause = Duration::ZERO;
    assert!(
        Arc::ptr_eq(&first, &certificate.current()),
        "the key is not there yet"
    );

    fs::copy(folder.path("b.key"), folder.path("a.key")).unwrap();
    touch(&folder.path("a.key"), 2);
    let second = certificate.current();
    assert_ne!(first.cert, second.cert);
    assert!(
        Arc::ptr_eq(&second, &certificate.current()),
        "nothing has changed since"
    );

    fs::remove_file(folder.path("a.key")).unwrap();
    assert!(
        Arc::ptr_eq(&second, &certificate.current()),
        "the last good one serves on"
    );
}
