//! Which requests came through a proxy.

use super::*;

#[test]
fn what_came_through_a_proxy_is_refused() {
    let guard = guard(&["friend.test"], &[]);
    for line in [
        "forwarded: for=192.0.2.60",
        "X-Forwarded-For: 192.0.2.60",
        "x-forwarded-host: localhost",
        "x-forwarded-proto: https",
        "x-forwarded-anything: 1",
        "x-forwarded: 1",
        "x-real-ip: ::1",
        "x-real-ip: ",
        "via: 1.1 proxy",
        "cf-connecting-ip: 192.0.2.60",
        "True-Client-IP: 192.0.2.60",
        "x-client-ip: 192.0.2.60",
        "X-Cluster-Client-IP: 192.0.2.60",
        "X-Envoy-External-Address: 192.0.2.60",
        "Fastly-Client-IP: 192.0.2.60",
        "CDN-Loop: cloudflare",
        "x-original-host: wallet.example",
        "proxy-connection: keep-alive",
        "Via: ",
    ] {
        for host in ["localhost", "friend.test", "evil.test"] {
            let host = format!("host: {host}");
            assert_eq!(
                answer(&guard, "/", &[&host, line]),
                "proxy_not_allowed",
                "{line}"
            );
        }
    }
    assert_eq!(
        answer(&guard, "/", &["host: localhost", "x-forward: 1"]),
        ""
    );
}
