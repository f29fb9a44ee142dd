//! What libpq says about a connection that was not made: whether waiting helps.
//!
//! Only the text is there, as for statements (see [`crate::error`]). A text that is not known
//! counts as a server that may come back, which is only more patient.

/// What a server says that lets nobody in until somebody changes its settings or ours.
const CLOSED: &[&str] = &[
    "does not exist",
    "authentication failed",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "is not permitted to log in",
    "is not currently accepting connections",
    "permission denied for database",
    "no password supplied",
];

/// What the server said, if it let nobody in and waiting does not help. Of several hosts, all have
/// to: libpq says a line about each.
pub(crate) fn refusal(message: &str) -> Option<String> {
    let said = |line: &str| {
        let (_, said) = line.split_once("failed: ")?;
        let said = said.strip_prefix("FATAL:").unwrap_or(said).trim();
        let is_closed = CLOSED.iter().any(|text| said.contains(text));
        is_closed.then(|| said.to_owned())
    };
    let attempts = message.lines();
    let mut attempts = attempts.filter(|line| line.starts_with("connection to server"));
    let first = attempts.next().and_then(said)?;
    attempts.all(|line| said(line).is_some()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_what_every_server_says_that_was_asked() {
        let at = |host: &str, said: &str| {
            format!("connection to server at \"{host}\", port 5432 failed: {said}\n")
        };
        let closed = at("a", "FATAL:  database \"w\" does not exist");
        assert_eq!(
            refusal(&closed).as_deref(),
            Some("database \"w\" does not exist")
        );
        let no_password = at("a", "fe_sendauth: no password supplied");
        assert_eq!(
            refusal(&no_password).as_deref(),
            Some("fe_sendauth: no password supplied")
        );
        for passes in [
            "FATAL:  the database system is starting up",
            "FATAL:  sorry, too many clients already",
            "Connection refused",
            "session is read-only",
        ] {
            assert_eq!(refusal(&at("a", passes)), None, "{passes}");
            let several = format!("{closed}{}", at("b", passes));
            assert_eq!(refusal(&several), None, "{several}");
        }
        assert!(refusal(&format!("{closed}{closed}")).is_some());
        let name = "could not translate host name \"db\" to address: it does not exist";
        assert_eq!(refusal(name), None);
    }
}
