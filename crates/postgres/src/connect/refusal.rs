//! Decides from the message of libpq whether a failed connection is worth another attempt.
//!
//! Only the text is available, as for statements (see [`crate::error`]). An unknown text counts as
//! a server that may come back, which is only more patient.

/// Messages of a server that accepts no connection until its settings or ours change.
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

/// The server's message if it refused the connection and waiting does not help. With several hosts,
/// all of them must have refused: libpq reports one line for each host.
pub(crate) fn refusal(message: &str) -> Option<String> {
    let reason = |line: &str| {
        let (_, reason) = line.split_once("failed: ")?;
        let reason = reason.strip_prefix("FATAL:").unwrap_or(reason).trim();
        let is_closed = CLOSED.iter().any(|text| reason.contains(text));
        is_closed.then(|| reason.to_owned())
    };
    let attempts = message.lines();
    let mut attempts = attempts.filter(|line| line.starts_with("connection to server"));
    let first = attempts.next().and_then(reason)?;
    attempts.all(|line| reason(line).is_some()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_needs_the_refusal_of_every_server() {
        let at = |host: &str, reason: &str| {
            format!("connection to server at \"{host}\", port 5432 failed: {reason}\n")
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
