//! What a person sees on stdout: where the service listens and, at the first start, how to use it.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use wallet_ledger::demo::{POOR_USD, RICH_USD};

/// What there is to say.
pub(crate) struct Banner<'a> {
    /// Where the service listens.
    pub(crate) address: SocketAddr,
    /// It speaks TLS.
    pub(crate) has_tls: bool,
    /// Where the data is; no secrets.
    pub(crate) place: &'a str,
    /// Nothing was in the ledger when it was opened.
    pub(crate) is_first_start: bool,
    /// The demo accounts were loaded.
    pub(crate) has_demo: bool,
    /// Only who has a key is let in.
    pub(crate) needs_key: bool,
}

impl Banner<'_> {
    /// Prints it. A closed stdout is no reason to stop.
    pub(crate) fn print(&self) {
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(self.text().as_bytes());
        let _ = stdout.flush();
    }

    fn text(&self) -> String {
        let mut text = format!("listening on {}://{}\n", self.scheme(), self.address);
        if self.is_first_start {
            text.push_str(&self.first_steps());
        }
        text
    }

    fn scheme(&self) -> &'static str {
        if self.has_tls { "https" } else { "http" }
    }

    fn first_steps(&self) -> String {
        let url = format!("{}://{}", self.scheme(), reachable(self.address));
        let (key, header) = if self.needs_key {
            (
                "First create a key, with the --db of this service:\n\n  \
                 KEY=$(wallet-api keys create --name me --scope read,transfer)\n\n",
                "-H \"Authorization: Bearer $KEY\" ",
            )
        } else {
            ("", "")
        };
        let try_it = if self.has_demo {
            format!(
                "{key}Six demo accounts are loaded. Move 25.00 USD, then read the account:\n\
                \n  \
                curl -X POST {url}/v1/transfers {header}-H 'Content-Type: application/json' -d '{{\
                \"id\": \"0192f0c1-5d2e-7a63-9f0b-3c1d2e4f0001\", \
                \"sender_account_id\": \"{RICH_USD}\", \"receiver_account_id\": \"{POOR_USD}\", \
                \"amount\": \"25.00\", \"currency_code\": \"USD\"}}'\n  \
                curl {header}{url}/v1/accounts/{RICH_USD}\n"
            )
        } else {
            format!("{key}The ledger is empty; start with --demo to try it with six accounts.\n")
        };
        format!(
            "the data is in {place}\n\n{try_it}\nOperations and guides: {url}/docs\n",
            place = self.place,
        )
    }
}

/// An address that a client on this machine can connect to: "all interfaces" is none.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(address: &str, is_first_start: bool, has_demo: bool) -> String {
        let banner = Banner {
            address: address.parse().unwrap(),
            has_tls: false,
            place: "/srv/wallet.db",
            is_first_start,
            has_demo,
            needs_key: false,
        };
        banner.text()
    }

    #[test]
    fn a_later_start_says_where_it_listens_and_no_more() {
        assert_eq!(
            text("[::1]:8080", false, true),
            "listening on http://[::1]:8080\n"
        );
    }

    #[test]
    fn a_first_start_says_where_the_data_is_and_how_to_move_money() {
        let text = text("0.0.0.0:9000", true, true);
        assert!(text.starts_with("listening on http://0.0.0.0:9000\n"));
        assert!(text.contains("the data is in /srv/wallet.db\n"));
        let curl: Vec<&str> = text.lines().filter(|line| line.contains("curl")).collect();
        assert_eq!(curl.len(), 2);
        assert!(curl[0].contains("http://127.0.0.1:9000/v1/transfers -H 'Content-Type"));
        assert!(curl[0].ends_with(r#""currency_code": "USD"}'"#));
        let account = format!("curl http://127.0.0.1:9000/v1/accounts/{RICH_USD}");
        assert_eq!(curl[1].trim(), account);
        assert!(text.ends_with("guides: http://127.0.0.1:9000/docs\n"));
        assert!(!text.contains("--demo"));
    }

    #[test]
    fn a_first_start_of_a_service_that_wants_a_key_says_how_to_make_one() {
        let banner = Banner {
            address: "0.0.0.0:9000".parse().unwrap(),
            place: "/srv/wallet.db",
            is_first_start: true,
            has_demo: true,
            needs_key: true,
            has_tls: false,
        };
        let text = banner.text();
        assert!(text.contains("KEY=$(wallet-api keys create --name me --scope read,transfer)"));
        let header = "-H \"Authorization: Bearer $KEY\"";
        assert_eq!(text.matches(header).count(), 2, "{text}");
    }

    #[test]
    fn a_first_start_without_the_demo_says_how_to_get_it() {
        let text = text("127.0.0.1:8080", true, false);
        assert!(text.contains("start with --demo") && !text.contains("curl"));
    }
}
