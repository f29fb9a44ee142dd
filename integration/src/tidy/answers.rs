//! Tests read responses of the service only through the check against the OpenAPI document. So
//! only these files open connections.

/// The code that opens a connection.
const WAYS: [&str; 3] = ["TcpStream::connect", "ureq::Agent", "reqwest::Client"];

/// The files that open connections, and why.
pub const CONNECTING: [(&str, &str); 11] = [
    ("crates/http/src/tests/client.rs", "judges"),
    ("integration/src/client.rs", "judges"),
    ("integration/src/client/raw.rs", "judges"),
    ("integration/src/judged_line.rs", "judges"),
    ("integration/tests/it/tls.rs", "judges"),
    (
        "integration/src/faulty_proxy.rs",
        "forwards from a judged line",
    ),
    (
        "integration/tests/it/pages/servers.rs",
        "forwards from a judged line",
    ),
    (
        "integration/tests/it/lifecycle.rs",
        "sends a part of a request, and gets no answer",
    ),
    (
        "integration/tests/it/tokens/provider.rs",
        "wakes its own listener",
    ),
    ("integration/src/proxy.rs", "leads to PostgreSQL"),
    (
        "integration/throwaway-postgres/src/gate.rs",
        "leads to PostgreSQL",
    ),
];

/// Whether a file belongs to tests.
fn is_of_tests(path: &str) -> bool {
    // The benchmark measures other services, too.
    let is_benchmark = path.starts_with("integration/bench/");
    let is_integration = path.starts_with("integration/") && !is_benchmark;
    is_integration || (path.contains("/tests") && path.starts_with("crates/"))
}

/// The code in a file of tests that opens connections.
#[must_use]
pub fn connections(path: &str, text: &str) -> Vec<&'static str> {
    let is_checker = path == "integration/src/tidy/answers.rs";
    let found = WAYS.iter().filter(|way| text.contains(**way));
    match is_of_tests(path) && !is_checker {
        true => found.copied().collect(),
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_found_in_tests_and_nowhere_else() {
        let code = "let stream = TcpStream::connect(address)?;";
        for (path, is_found) in [
            ("crates/http/src/tests/new.rs", true),
            ("crates/http/src/tests.rs", true),
            ("integration/tests/it/new.rs", true),
            ("integration/bench/src/new.rs", false),
            ("crates/http/src/server.rs", false),
        ] {
            assert_eq!(!connections(path, code).is_empty(), is_found, "{path}");
            assert!(connections(path, "let line = JudgedLine::start(address)?;").is_empty());
        }
    }
}
