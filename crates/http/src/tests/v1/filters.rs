//! Filters of lists: which entries each of them leaves.

use serde_json::{Value, json};

use super::{ANN, BOB, id, server, transfer};
use crate::tests::support::TestServer;

/// The field of the entries of a list.
fn listed(server: &TestServer, path: &str, field: &str) -> Vec<Value> {
    let page = server.get(path).expect_status(200);
    let entries = page["data"].as_array().unwrap();
    entries.iter().map(|entry| entry[field].clone()).collect()
}

fn ids(numbers: &[u128]) -> Vec<Value> {
    numbers.iter().map(|it| json!(id(*it))).collect()
}

#[test]
fn accounts_are_found_by_ids_status_and_metadata() {
    let server = server();
    let tier = json!({"metadata": {"tier": "gold"}});
    let path = format!("/v1/accounts/{}", id(BOB));
    server
        .call("PATCH", &path, &[], &tier.to_string())
        .expect_status(200);
    let frozen = json!({"id": id(50), "status": "frozen"});
    let path = format!("/v1/accounts/{}/controls", id(BOB));
    server.post_v1(&path, &frozen).expect_status(201);
    let both = format!("ids={},{}", id(BOB), id(ANN));
    for (filter, expected) in [
        (both.clone(), &[ANN, BOB][..]),
        (format!("ids={}", id(77)), &[]),
        ("status=frozen,closed".to_owned(), &[BOB]),
        ("metadata_key=tier&metadata_value=gold".to_owned(), &[BOB]),
        (format!("{both}&status=active"), &[ANN]),
    ] {
        let path = format!("/v1/accounts?{filter}");
        assert_eq!(listed(&server, &path, "id"), ids(expected), "{filter}");
    }
}

#[test]
fn transfers_are_found_by_types_effective_time_and_name() {
    let server = server();
    let mut early = transfer(1, "1");
    early["effective_at"] = json!("2020-05-01T00:00:00Z");
    server.post_v1("/v1/transfers", &early).expect_status(201);
    let late = transfer(2, "2");
    server.post_v1("/v1/transfers", &late).expect_status(201);
    for (filter, expected) in [
        ("type=transfer", &[2, 1][..]),
        ("type=deposit,transfer", &[2, 1, 100]),
        ("effective_before=2021-01-01T00:00:00Z", &[1]),
        ("effective_from=2021-01-01T00:00:00Z&type=transfer", &[2]),
        ("created_by=someone", &[]),
    ] {
        let path = format!("/v1/transfers?{filter}");
        assert_eq!(listed(&server, &path, "id"), ids(expected), "{filter}");
    }
}

#[test]
fn holds_are_found_and_shown_with_what_they_were_placed_with() {
    let server = server();
    for (number, reference) in [(10, "room 1"), (11, "room 2")] {
        let mut hold = transfer(number, "5");
        hold["reference"] = json!(reference);
        hold["metadata"] = json!({"room": reference});
        hold["expires_at"] = json!(format!("2999-01-{number}T00:00:00Z"));
        server.post_v1("/v1/holds", &hold).expect_status(201);
    }
    let void = json!({"id": id(12)});
    let path = format!("/v1/holds/{}/voids", id(11));
    server.post_v1(&path, &void).expect_status(201);
    for (filter, expected) in [
        ("status=open,voided", &[11, 10][..]),
        ("status=open", &[10]),
        ("reference=room%202", &[11]),
        ("metadata_key=room&metadata_value=room%201", &[10]),
        ("expires_from=2999-01-11T00:00:00Z", &[11]),
        ("expires_before=2999-01-11T00:00:00Z", &[10]),
    ] {
        let path = format!("/v1/holds?{filter}");
        assert_eq!(listed(&server, &path, "id"), ids(expected), "{filter}");
    }
    let hold = server
        .get(&format!("/v1/holds/{}", id(10)))
        .expect_status(200);
    assert_eq!(hold["reference"], "room 1");
    assert_eq!(hold["metadata"], json!({"room": "room 1"}));
}

#[test]
fn parts_are_found_by_their_time() {
    let server = server();
    let transfer = transfer(1, "1");
    let made = server
        .post_v1("/v1/transfers", &transfer)
        .expect_status(201);
    let moment = made["created_at"].as_str().unwrap();
    let path = format!("/v1/accounts/{}/parts", id(ANN));
    for (filter, expected) in [
        (format!("created_from={moment}"), &[1][..]),
        (format!("created_before={moment}"), &[100]),
    ] {
        let path = format!("{path}?{filter}");
        assert_eq!(listed(&server, &path, "transfer_id"), ids(expected));
    }
    let wrong = "created_from=2026-01-02T00:00:00Z&created_before=2026-01-01T00:00:00Z";
    let answer = server.get(&format!("{path}?{wrong}"));
    answer.expect_problem(400, "malformed_request");
}

#[test]
fn a_statement_has_the_references_of_its_lines_and_csv_quotes_them() {
    let server = server();
    let mut body = transfer(1, "1");
    body["reference"] = json!("2 rooms, \"sea\" side");
    server.post_v1("/v1/transfers", &body).expect_status(201);
    let path = format!("/v1/accounts/{}/statement", id(ANN));
    let references = listed(&server, &path, "reference");
    assert_eq!(references, [Value::Null, body["reference"].clone()]);
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\naccept: text/csv\r\n\r\n");
    let csv = server.send(&request).body.clone();
    assert!(csv.contains(",\"2 rooms, \"\"sea\"\" side\"\r\n"), "{csv}");
}

#[test]
fn a_list_of_values_is_refused_with_the_name_of_its_parameter() {
    let server = server();
    let many = vec![id(1); 101].join(",");
    for (path, parameter) in [
        ("/v1/accounts?status=frozen,lost".to_owned(), "status"),
        ("/v1/accounts?status=".to_owned(), "status"),
        (format!("/v1/accounts?ids={many}"), "ids"),
        ("/v1/transfers?type=transfer,".to_owned(), "type"),
        ("/v1/transfers?created_by=a%00b".to_owned(), "created_by"),
        ("/v1/quotes?status=used".to_owned(), "status"),
        ("/v1/holds?reference=a%00b".to_owned(), "reference"),
    ] {
        let problem = server.get(&path).expect_problem(400, "malformed_request");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{path}");
    }
}
