//! `tools/watch-tests`, the test runner: it ends a test that hangs, and prints its name and the
//! stacks of its threads.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(120);

/// What the runner exits with after it killed the tests.
const KILLED: Option<i32> = Some(124);

/// The runner for this program, with limits of a second and of a minute.
fn runner(program: &Path) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/watch-tests");
    let mut command = Command::new(script);
    command.arg(program).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("WALLET_TEST_HANG_SECONDS", "1");
    command.env("WALLET_TEST_BINARY_SECONDS", "60");
    command.env_remove("WALLET_TEST_WATCH");
    command
}

/// A script in a folder of this name, by which the runner recognises test binaries.
fn program(folder: &str, script: &str) -> (TempDir, PathBuf) {
    let place = TempDir::with_prefix("wallet-watchdog-").unwrap();
    let path = place.path().join(folder).join("program");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (place, path)
}

/// Standard output, and standard error.
fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Whether a process runs. A zombie does not.
fn is_running(pid: i32) -> bool {
    let mut ps = Command::new("ps");
    let output = ps.args(["-o", "stat=", "-p", &pid.to_string()]).output();
    let (state, _) = said(&output.unwrap());
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The test below runs this one under the runner.
#[test]
#[ignore = "a victim for the test below"]
fn a_planted_test_hangs() {
    let mut sleeper = Command::new("sleep").arg("1000").spawn().unwrap();
    println!("sleeper={}", sleeper.id());
    sleeper.wait().unwrap();
}

#[test]
fn a_test_that_hangs_is_named_with_its_stacks_and_killed_with_its_children() {
    let mut runner = runner(&std::env::current_exe().unwrap());
    runner.env("WALLET_TEST_BINARY_SECONDS", "1");
    runner.args(["--ignored", "--nocapture", "--exact"]);
    let output = runner.arg("watchdog::a_planted_test_hangs").output();
    let output = output.unwrap();
    let (stdout, stderr) = said(&output);
    assert_eq!(output.status.code(), KILLED, "{stdout}{stderr}");
    let name = "== hangs: watchdog::a_planted_test_hangs\n";
    assert!(stderr.contains(name), "{stderr}");
    // A line for each thread, from gdb or from the system, where either is available.
    if cfg!(target_os = "linux") {
        // The kernel keeps 15 bytes of a thread's name, and libtest calls a test's thread after it.
        assert!(stderr.contains("watchdog::a_pla"), "{stderr}");
        assert!(stderr.matches("\nThread ").count() + stderr.matches("\nthread ").count() > 1);
    }
    let (_, sleeper) = stdout.split_once("sleeper=").unwrap();
    let sleeper = sleeper.lines().next().unwrap().parse().unwrap();
    wait_until("what the test started is still there", || {
        !is_running(sleeper)
    });
}

#[test]
fn a_test_without_a_result_after_libtests_warning_is_named_and_one_with_a_result_is_not() {
    let script = r#"
        echo "test slow::one has been running for over 60 seconds"
        echo "test stuck::two has been running for over 60 seconds"
        echo "test slow::one ... ok"
        sleep 1000"#;
    let (_place, program) = program("deps", script);
    let output = runner(&program).output().unwrap();
    let (_, stderr) = said(&output);
    assert_eq!(output.status.code(), KILLED, "{stderr}");
    assert!(stderr.contains("== hangs: stuck::two\n"), "{stderr}");
    assert!(!stderr.contains("slow::one"), "{stderr}");
}

#[test]
fn the_time_of_a_test_that_waits_for_its_turn_is_not_counted_until_it_has_it() {
    let script = r#"
        echo "test heavy::one waits for its turn"
        echo "test heavy::one has been running for over 60 seconds"
        sleep 3; echo "still there"
        echo "test heavy::one has its turn"
        sleep 1000"#;
    let (_place, program) = program("deps", script);
    let output = runner(&program).output().unwrap();
    let (stdout, stderr) = said(&output);
    assert_eq!(output.status.code(), KILLED, "{stderr}");
    assert!(stderr.contains("no result 1 s after"), "{stderr}");
    assert!(stderr.contains("== hangs: heavy::one\n"), "{stderr}");
    assert!(stdout.contains("still there"), "{stdout}");
}

#[test]
fn a_slow_test_that_ends_is_left_alone_and_output_and_exit_code_pass_through() {
    // With many threads, and with one, where libtest prints the name before it starts the test.
    for script in [
        r#"echo "test a::b has been running for over 60 seconds"
        sleep 1; echo "test a::b ... ok""#,
        r#"echo "test a::b ... test a::b has been running for over 60 seconds"; sleep 1; echo ok"#,
    ] {
        let script = format!("{script}\nsleep 3; echo to stderr >&2; exit 7");
        let (_place, program) = program("deps", &script);
        let mut runner = runner(&program);
        // Longer than the test above takes, however slow the machine: only the result is looked
        // for.
        let output = runner.env("WALLET_TEST_HANG_SECONDS", "3").output();
        let output = output.unwrap();
        let (stdout, stderr) = said(&output);
        assert_eq!(output.status.code(), Some(7), "{stdout}{stderr}");
        assert!(stdout.contains("a::b") && stdout.contains("ok"), "{stdout}");
        assert_eq!(stderr, "to stderr\n");
    }
}

#[test]
fn other_programs_than_test_binaries_are_executed_directly() {
    let (_place, program) = program("debug", "echo $$; cat; exit 7");
    let mut child = runner(&program).stdin(Stdio::piped()).spawn().unwrap();
    let pid = child.id();
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(said(&output), (format!("{pid}\n"), String::new()));
}

#[test]
fn a_signal_to_the_runner_reaches_the_tests() {
    let place = TempDir::with_prefix("wallet-watchdog-").unwrap();
    let file = place.path().join("pid");
    let (_place, program) = program("deps", r#"echo $$ >"$1.new"; mv "$1.new" "$1"; sleep 1000"#);
    let mut runner = runner(&program);
    let mut child: Child = runner.arg(&file).spawn().unwrap();
    wait_until("the tests did not start", || file.exists());
    let tests: i32 = fs::read_to_string(&file).unwrap().trim().parse().unwrap();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::SIGTERM as i32));
    wait_until("the tests are still there", || !is_running(tests));
}
