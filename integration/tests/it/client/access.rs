//! Keys and TLS.

use std::fs;

use wallet_client::{AccountFilter, Cause, Client, ClientOptions, ErrorCode};
use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

use super::run;
use crate::keys::{create_key, guarded};

#[test]
fn a_key_of_the_service_is_accepted_and_a_wrong_one_is_refused() {
    let store = TestStore::sqlite();
    let service = guarded(&store).start().unwrap();
    let key = create_key(&store, "--name shop --scope read");
    let line = JudgedLine::start(service.address()).unwrap();
    let url = format!("http://{}", line.address());
    let client = |key: &str| {
        let mut options = ClientOptions::default();
        options.key = Some(key.parse().unwrap());
        Client::new(&url, options).unwrap()
    };
    run(async {
        let accounts = client(&key).accounts(AccountFilter::default());
        assert_eq!(accounts.page(None).await.unwrap().data.len(), 6);
        let accounts = client("wrong").accounts(AccountFilter::default());
        let error = accounts.page(None).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::Unauthorized));
        let error = client(&key).currencies().await.map(|all| all.len());
        assert!(error.is_ok());
        let bare = Client::new(&url, ClientOptions::default()).unwrap();
        assert!(bare.currencies().await.is_err());
    });
    service.stop().unwrap();
}

#[test]
fn tls_is_used_with_the_authorities_that_are_given_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let pem = made.cert.pem();
    let files = ["tls.crt", "tls.key"].map(|name| folder.path().join(name));
    fs::write(&files[0], &pem).unwrap();
    fs::write(&files[1], made.signing_key.serialize_pem()).unwrap();
    let [certificate, key] = files.map(|file| file.to_str().unwrap().to_owned());
    let store = TestStore::sqlite();
    let launch = Launch::on(&store).arg("--tls-cert").arg(certificate);
    let service = launch.arg("--tls-key").arg(key).start().unwrap();
    let url = format!("https://localhost:{}", service.address().port());
    let client = |authorities: String| {
        let mut options = ClientOptions::default();
        options.authorities = Some(authorities.into_bytes());
        Client::new(&url, options).unwrap()
    };
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    run(async {
        assert!(!client(pem).currencies().await.unwrap().is_empty());
        let error = client(other.cert.pem()).currencies().await.unwrap_err();
        assert!(matches!(error.cause(), Cause::NotConnected(_)), "{error}");
        // Another attempt would find the same certificate.
        assert_eq!(error.attempts(), 1, "{error:?}");
    });
    service.stop().unwrap();
}
