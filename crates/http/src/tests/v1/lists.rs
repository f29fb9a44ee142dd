//! Pages and filters.

use serde_json::{Value, json};

use super::{ANN, BOB, id, server, transfer};
use crate::tests::support::TestServer;

/// The entries of all pages, and how many pages there are.
fn all_pages(server: &TestServer, path: &str) -> (Vec<Value>, usize) {
    let (mut entries, mut pages, mut next) = (Vec::new(), 0, path.to_owned());
    loop {
        let page = server.get(&next).expect_status(200);
        entries.extend(page["data"].as_array().unwrap().iter().cloned());
        pages += 1;
        assert_eq!(page["has_more"], !page["next_cursor"].is_null());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}&cursor={cursor}"),
            None => return (entries, pages),
        }
    }
}

fn with_transfers(count: u128) -> TestServer {
    let server = server();
    for number in 1..=count {
        let mut body = transfer(number, "1");
        let parity = ["even", "odd"][number as usize % 2];
        body["metadata"] = json!({ "parity": parity });
        body["reference"] = json!(format!("order {}", number % 3));
        server.post_v1("/v1/transfers", &body).expect_status(201);
    }
    server
}

#[test]
fn pages_together_are_the_whole_list_once() {
    let server = with_transfers(8);
    let ids = |entries: &[Value], field: &str| -> Vec<String> {
        let texts = entries
            .iter()
            .map(|entry| entry[field].as_str().unwrap().to_owned());
        texts.collect()
    };
    let (transfers, pages) = all_pages(&server, "/v1/transfers?limit=2");
    assert_eq!(pages, 5);
    let newest_first: Vec<_> = (1..=8).rev().chain([100]).map(id).collect();
    assert_eq!(ids(&transfers, "id"), newest_first);
    assert_eq!(transfers[0]["reversed_amount"], "0.00");
    let (accounts, pages) = all_pages(&server, "/v1/accounts?limit=1");
    assert_eq!(
        (ids(&accounts, "id"), pages),
        ([1, 2, 3].map(id).to_vec(), 3)
    );
    let (parts, pages) = all_pages(&server, &format!("/v1/accounts/{}/parts?limit=3", id(ANN)));
    assert_eq!((ids(&parts, "transfer_id"), pages), (newest_first, 3));
    let versions: Vec<_> = parts
        .iter()
        .map(|part| part["version"].as_u64().unwrap())
        .collect();
    assert_eq!(versions, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let expected = json!({
        "transfer_id": id(8), "type": "transfer", "corresponding_account_id": id(BOB),
        "currency_code": "USD", "created_at": parts[0]["created_at"], "effective_at": null,
        "account_id": id(ANN), "direction": "outgoing", "amount": "1.00", "balance": "992.00",
        "held_balance": "0.00", "available_balance": "992.00", "version": 9,
    });
    assert_eq!(parts[0], expected);
}

#[test]
fn filters_hold_on_every_page() {
    let server = with_transfers(8);
    let created = |number: u128| {
        let path = format!("/v1/transfers/{}", id(number));
        server.get(&path).json()["created_at"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let cases = [
        ("type=deposit".to_owned(), vec![100]),
        ("type=withdrawal".to_owned(), vec![]),
        (
            "metadata_key=parity&metadata_value=even".to_owned(),
            vec![8, 6, 4, 2],
        ),
        (
            "reference=order%201&currency_code=usd".to_owned(),
            vec![7, 4, 1],
        ),
        (
            format!("account_id={}", id(BOB)),
            vec![8, 7, 6, 5, 4, 3, 2, 1],
        ),
        (
            format!("created_from={}&created_before={}", created(3), created(5)),
            vec![4, 3],
        ),
    ];
    for (filter, numbers) in cases {
        let (found, _) = all_pages(&server, &format!("/v1/transfers?{filter}&limit=2"));
        let ids: Vec<_> = found
            .iter()
            .map(|transfer| transfer["id"].clone())
            .collect();
        let expected: Vec<_> = numbers
            .into_iter()
            .map(|number| json!(id(number)))
            .collect();
        assert_eq!(ids, expected, "{filter}");
    }
    let (accounts, _) = all_pages(&server, "/v1/accounts?currency_code=EUR");
    assert_eq!(accounts.len(), 1);
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let server = with_transfers(3);
    let page = server.get("/v1/transfers?limit=1").json();
    let cursor = page["next_cursor"].as_str().unwrap();
    for query in [
        format!("cursor={cursor}&type=transfer"),
        "cursor=".to_owned(),
        "cursor=zz".to_owned(),
        format!("cursor={}", &cursor[2..]),
    ] {
        let answer = server.get(&format!("/v1/transfers?{query}"));
        answer.expect_problem(400, "invalid_cursor");
    }
    let other_limit = server.get(&format!("/v1/transfers?cursor={cursor}&limit=50"));
    assert_eq!(other_limit.expect_status(200)["data"][0]["id"], id(2));
}

#[test]
fn a_limit_is_written_in_digits_only() {
    let server = server();
    for limit in ["", "+5", "%2B5", "-1", "5.0", "0x5", "%D9%A1"] {
        let answer = server.get(&format!("/v1/transfers?limit={limit}"));
        let problem = answer.expect_problem(400, "malformed_request");
        assert_eq!(problem["errors"][0]["parameter"], "limit");
    }
}

#[test]
fn a_parameter_that_is_not_utf8_is_a_fault_and_not_another_text() {
    let server = server();
    for (query, parameter) in [
        ("reference=%FF", "reference"),
        ("reference=%EF%BF%BD%ef%bf", "reference"),
        ("&limit=1&&external_id=%C3&currency_code=USD", "external_id"),
        ("%80=1", "\u{fffd}"),
    ] {
        let list = if query.contains("external_id") {
            "accounts"
        } else {
            "transfers"
        };
        let answer = server.get(&format!("/v1/{list}?{query}"));
        let problem = answer.expect_problem(400, "malformed_request");
        assert_eq!(problem["errors"][0]["parameter"], parameter);
        assert_eq!(problem["errors"][0]["detail"], "it is not UTF-8");
    }
    for reference in ["%EF%BF%BD", "%ef%Bf%bd+%F0%9F%99%82", "%25FF"] {
        let answer = server.get(&format!("/v1/transfers?reference={reference}"));
        answer.expect_status(200);
    }
}

#[test]
fn what_is_wrong_with_a_query_is_named() {
    let query = "limit=0&type=x&created_from=now&metadata_key=k&colour=red&account_id=7";
    let answer = server().get(&format!("/v1/transfers?{query}"));
    let problem = answer.expect_problem(400, "malformed_request");
    let errors = problem["errors"].as_array().unwrap().iter();
    let mut parameters: Vec<_> = errors
        .map(|error| error["parameter"].as_str().unwrap())
        .collect();
    parameters.sort_unstable();
    let expected = [
        "account_id",
        "colour",
        "created_from",
        "limit",
        "metadata_value",
        "type",
    ];
    assert_eq!(parameters, expected);
}
