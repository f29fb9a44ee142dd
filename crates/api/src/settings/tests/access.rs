//! Which settings of authentication are accepted, and which contradict each other.

use wallet_http::KeySource;

use super::*;

#[test]
fn keys_are_wanted_wherever_others_can_reach_the_service_unless_it_is_said_that_they_are_not() {
    assert_eq!(settings("", "").auth, Auth::Off);
    assert_eq!(settings("--host ::1", "").auth, Auth::Off);
    assert_eq!(settings("--host 0.0.0.0", "").auth, Auth::Keys(None));
    assert_eq!(settings("--host 0.0.0.0 --auth off", "").auth, Auth::Off);
    assert_eq!(settings("", "WALLET_AUTH=keys").auth, Auth::Keys(None));
    assert_eq!(
        refusal("--auth none", ""),
        "--auth = none: allowed is keys, off"
    );
}

const OTHERS: &str = "--auth-issuer https://id.example.com/ --auth-audience wallet";

#[test]
fn an_identity_provider_is_a_source_an_issuer_and_an_audience() {
    for (source, expected) in [
        ("/etc/jwks.json", KeySource::File("/etc/jwks.json".into())),
        (
            "https://id.example.com/jwks",
            KeySource::Url("https://id.example.com/jwks".parse().unwrap()),
        ),
    ] {
        let arguments = format!("--auth-jwks {source} {OTHERS}");
        let Auth::Keys(Some(tokens)) = settings(&arguments, "").auth else {
            panic!("{arguments}");
        };
        assert_eq!(tokens.keys, expected);
        assert_eq!(tokens.issuer, "https://id.example.com/");
        assert_eq!(tokens.audience, "wallet");
    }
}

#[test]
fn half_an_identity_provider_is_refused_by_the_name_of_the_other_half() {
    for (arguments, told) in [
        (
            "--auth-jwks a --auth-issuer b",
            "--auth-jwks needs --auth-audience as well",
        ),
        (
            "--auth-audience b --auth-jwks a",
            "--auth-jwks needs --auth-issuer as well",
        ),
        (
            "--auth-issuer b --auth-audience c",
            "--auth-issuer needs --auth-jwks as well",
        ),
    ] {
        assert_eq!(refusal(arguments, ""), told);
    }
    let told = refusal(&format!("--auth off --auth-jwks a {OTHERS}"), "");
    assert!(told.contains("--auth = off"), "{told}");
    assert!(told.contains("--auth-jwks names an issuer"), "{told}");
}

#[test]
fn keys_that_others_could_change_on_their_way_are_refused_and_not_repeated() {
    for source in [
        "http://id.example.com/s3cret",
        "https://u:s3cret@id.example.com/",
        "ftp://s3cret/",
    ] {
        let told = refusal(&format!("--auth-jwks {source} {OTHERS}"), "");
        assert!(told.starts_with("--auth-jwks: "), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
    let queried = format!("--auth-jwks https://id.example.com/?key=s3cret {OTHERS}");
    let shown = format!("{:?}", settings(&queried, ""));
    assert!(!shown.contains("s3cret"), "{shown}");
}
