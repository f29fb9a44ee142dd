use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use uuid::Uuid;

use super::load::BATCH;
use super::measured::SAMPLES;
use super::*;
use crate::response::Response;

#[test]
fn a_hold_is_placed_and_then_captured_and_after_a_failure_another_one_is_placed() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    let mut load = load(nowhere, None);
    load.traffic = Traffic::Holds;
    let mut requests = Requests::new(&load, 0);
    let path = |requests: &mut Requests| {
        let text = requests.next(&load);
        let body = text.split_once("\r\n\r\n").unwrap().1;
        let id = body.split('"').nth(3).unwrap().to_owned();
        (text.split(' ').nth(1).unwrap().to_owned(), id)
    };
    for _ in 0..2 {
        let (placed, hold) = path(&mut requests);
        assert_eq!(placed, "/v1/holds");
        let (captured, id) = path(&mut requests);
        assert_eq!(captured, format!("/v1/holds/{hold}/captures"));
        assert_ne!(id, hold);
    }
    path(&mut requests);
    requests.forget_hold();
    assert_eq!(path(&mut requests).0, "/v1/holds");
}

#[test]
fn ids_are_of_version_7_and_in_order_or_of_version_4() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut before = Uuid::nil();
    for _ in 0..3 {
        let id = Ids::Ordered.next(&mut random);
        assert_eq!(id.get_version_num(), 7);
        assert!(id.as_bytes()[..6] >= before.as_bytes()[..6]);
        before = id;
    }
    assert_eq!(Ids::Random.next(&mut random).get_version_num(), 4);
}

/// Answers every request on every connection with `answer`, in two pieces.
fn server(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || serve(&stream, answer));
        }
    });
    address
}

fn serve(mut stream: &std::net::TcpStream, answer: &str) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            (reader.read_line(&mut line).ok()? > 0).then_some(())?;
            length = line
                .strip_prefix("Content-Length: ")
                .map_or(length, |n| n.trim().parse().unwrap());
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n",
            answer.len()
        )
        .ok()?;
        write!(stream, "\r\n{answer}").ok()?;
    }
}

fn load(address: SocketAddr, rate: Option<f64>) -> Load {
    let accounts = (1..=10).map(Uuid::from_u128).collect();
    let duration = Duration::from_millis(300);
    Load {
        address,
        accounts,
        traffic: Traffic::Uniform,
        ids: Ids::Ordered,
        connections: 4,
        duration,
        rate,
        seed: 1,
        token: None,
    }
}

#[test]
fn every_ok_is_counted() {
    let measured = run(load(server(r#"{"result":"OK"}"#), None)).unwrap();
    assert!(measured.ok > 0, "{measured:?}");
    assert_eq!((measured.failed, measured.latency.len()), (0, measured.ok));
    assert!(measured.longest_pause > Duration::ZERO && measured.longest_pause < measured.elapsed);
}

#[test]
fn every_other_answer_is_a_failure_with_a_sample() {
    let measured = run(load(server(r#"{"result":"ERROR"}"#), Some(100.0))).unwrap();
    assert_eq!((measured.ok, measured.failed), (0, 30));
    assert_eq!(measured.samples.len(), SAMPLES);
    assert!(measured.samples[0].contains("ERROR"));
}

#[test]
fn concurrent_loads_are_counted_separately_and_send_their_token() {
    let (good, bad) = (
        server(r#"{"result":"OK"}"#),
        server(r#"{"result":"ERROR"}"#),
    );
    let loads = vec![load(good, Some(100.0)), load(bad, Some(50.0))];
    let counts = run_all(loads).unwrap().into_iter();
    let counts: Vec<_> = counts.map(|it| (it.ok, it.failed)).collect();
    assert_eq!(counts, [(30, 0), (0, 15)]);

    let mut load = load(good, None);
    load.token = Some("wallet_x".to_owned());
    let mut requests = Requests::new(&load, 0);
    let text = requests.next(&load);
    assert!(
        text.contains("\r\nAuthorization: Bearer wallet_x\r\n\r\n{"),
        "{text}"
    );
}

#[test]
fn a_request_over_the_queue_limit_counts_as_refused_and_not_failed() {
    let full = r#"{"code":"service_unavailable"}"#.as_bytes();
    let response = |has_retry_after| Response {
        status: 503,
        has_retry_after,
        body: 0..full.len(),
    };
    let answer = |has_retry_after| check(Traffic::Uniform, &response(has_retry_after), full);
    assert_eq!(answer(true).unwrap(), Answer::Refused);
    // Without a time to come again it is a failure.
    assert!(answer(false).is_err());
}

#[test]
fn a_batch_counts_for_all_its_transfers_and_fails_if_one_was_not_created() {
    let answer = |created: u64| -> &'static str {
        let item = r#"{"status":"created"},"#;
        item.repeat(created.try_into().unwrap()).leak()
    };
    for (created, is_ok) in [(BATCH, true), (BATCH - 1, false), (BATCH + 1, false)] {
        let mut load = load(server(answer(created)), Some(20.0));
        load.traffic = Traffic::Batches;
        let measured = run(load).unwrap();
        let requests = 6;
        let (ok, failed) = (measured.ok, measured.failed);
        let (counted, other) = if is_ok { (ok, failed) } else { (failed, ok) };
        assert_eq!((counted, other), (requests * BATCH, 0), "{created}");
    }
}

#[test]
fn an_open_loop_is_due_in_even_steps_over_all_connections() {
    let mut all: Vec<_> = (0..3)
        .flat_map(|number| (0..4).map(move |c| due(number, c, 4, 100.0)))
        .collect();
    all.sort();
    let even: Vec<_> = (0..12)
        .map(|step| Duration::from_secs_f64(f64::from(step) / 100.0))
        .collect();
    assert_eq!(all, even);
}
