//! The guarantees of the server that other tests rely on.

use std::process::Command;

use throwaway_postgres::{Options, PostgresServer, create_database, shared};

#[test]
fn every_test_gets_a_database_of_its_own() {
    let (one, two) = (create_database(), create_database());
    one.psql("CREATE TABLE t (a int)").unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(one.psql(tables).unwrap().trim(), "1");
    assert_eq!(two.psql(tables).unwrap().trim(), "0");
}

#[test]
fn a_failed_statement_is_an_error_with_the_servers_words() {
    let error = create_database()
        .psql("SELECT 1; SELECT nonsense")
        .unwrap_err();
    assert!(error.to_string().contains("nonsense"), "{error}");
}

#[test]
fn what_was_committed_survives_a_kill_of_every_process() {
    let server = PostgresServer::start_or_panic(&Options {
        tcp: true,
        ..Options::durable()
    });
    let database = server.create_database();
    database.psql("CREATE TABLE t AS SELECT 42 AS a").unwrap();
    assert!(server.processes().len() > 1);
    server.kill().unwrap();
    assert!(database.psql("SELECT a FROM t").is_err());
    server.restart().unwrap();
    assert_eq!(database.psql("SELECT a FROM t").unwrap().trim(), "42");
    server.stop();
    assert!(database.psql("SELECT a FROM t").is_err());
    server.restart().unwrap();
    assert_eq!(database.psql("SHOW fsync").unwrap().trim(), "on");
}

/// The test below runs this one in a process of its own, which it kills.
#[test]
#[ignore = "a victim for the test below"]
fn victim() {
    println!(
        "folder {}",
        shared()
            .address()
            .split_whitespace()
            .next()
            .unwrap_or_default()
    );
    println!("processes {:?}", shared().processes());
    std::thread::sleep(std::time::Duration::from_secs(600));
}

#[test]
fn nothing_is_left_when_the_process_is_killed() {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--ignored", "--nocapture"])
        .env_remove("WALLET_TEST_DATABASE_URL")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let folder = lines
        .find_map(|line| Some(line.split_once("host=")?.1.to_owned()))
        .unwrap();
    let pids = lines
        .find_map(|line| Some(line.split_once("processes [")?.1.to_owned()))
        .unwrap();
    let first: u32 = pids.split([',', ']']).next().unwrap().parse().unwrap();
    assert!(std::path::Path::new(&folder).exists());
    child.kill().unwrap();
    child.wait().unwrap();
    for _ in 0..6_000 {
        let gone = !std::path::Path::new(&format!("/proc/{first}")).exists();
        if gone && !std::path::Path::new(&folder).exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the server {first} or its folder {folder} is still there");
}
