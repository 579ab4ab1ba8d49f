//! The program that make files and emulators start. Not among the tests of `wire`: between `fork` and `exec` a child
//! holds the listeners of every server in the process that starts it, and one that was dropped still seems to listen.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pos-token-testbed"))
}

#[test]
fn it_prints_a_line_for_each_server_and_stops_with_its_standard_input() {
    let mut child = program().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    for name in pos_token_testbed::PROVIDERS {
        let line = lines.next().unwrap();
        let address = line.strip_prefix(&format!("{name} http://")).unwrap();
        std::net::TcpStream::connect(address).unwrap();
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_goes_on_without_a_standard_input() {
    let mut child = program().args(["--provider", "zype"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("zype http://127.0.0.1:"));
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn help_lists_the_scenarios_and_nonsense_is_refused() {
    let help = program().arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("busy-date"));
    for wrong in [&["--provider", "x"][..], &["--port"], &["--port", "x"], &["--frob"]] {
        let output = program().args(wrong).stdin(Stdio::null()).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{wrong:?}");
    }
}
