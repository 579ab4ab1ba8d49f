//! The example program, run as a user runs it: what it prints, what it never prints, and its exit status.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, unreachable_pub)]

mod hostile;
mod log_in;
mod program;
mod tls;

use pos_token_testbed::credentials::{loyalife, loyalty_dog, open_loyalty, rfc6749, zype};
use program::kiosk;

/// Everything secret that the testbed knows.
const SECRETS: [&str; 12] = [
    loyalty_dog::PASSWORD,
    loyalty_dog::USERNAME,
    loyalty_dog::MFA_CODE,
    zype::CLIENT_SECRET,
    zype::CLIENT_ID,
    zype::PASSWORD,
    zype::PIN,
    loyalife::CLIENT_SECRET,
    open_loyalty::ADMIN_PASSWORD,
    open_loyalty::MEMBER_PASSWORD,
    rfc6749::CLIENT_SECRET,
    rfc6749::PASSWORD,
];

#[test]
fn without_arguments_everything_comes_out_as_expected() {
    for arguments in [&[][..], &["--trace"]] {
        let run = kiosk(arguments).exits(0).hides(SECRETS);
        for (provider, steps) in [
            ("loyaltydog", &["log in", "call the API", "verify the code", "the 422 echoes the password"][..]),
            ("zype", &["log in", "call the API", "refresh", "log in as a linked device", "revoke"]),
            ("loyalife", &["log in", "call the API", "log in for a member", "exception on the server"]),
            ("openloyalty", &["log in", "call the API", "refresh", "log out", "log in as a member"]),
            ("rfc6749", &["log in as the client", "log in as a user", "call the API", "refresh", "revoke"]),
        ] {
            let failures = ["captive portal", "too many requests", "redirect", "cut off in the middle", "hung up"];
            for step in steps.iter().chain(&failures) {
                let begin = format!("{provider:<11}  {step:<34}  ");
                assert!(run.stdout.lines().any(|line| line.starts_with(&begin)), "{begin}\n{}", run.stdout);
            }
        }
        assert!(!run.stdout.contains("expected:"), "{}", run.stdout);
        // No JWT, whole or in part: each begins with a brace and a quote.
        run.hides(["eyJ"]);
    }
}

#[test]
fn lines_are_aligned() {
    let run = kiosk(&[]).exits(0);
    let mut lines = run.stdout.lines();
    let heading = lines.next().unwrap();
    let (status, expires, verdict) =
        (heading.find("status").unwrap(), heading.find("expires").unwrap(), heading.find("verdict").unwrap());
    let rows = lines.filter(|line| !line.is_empty() && !line.contains(" steps, "));
    for row in rows {
        for column in [status, expires, verdict] {
            assert_eq!(&row[column - 2..column], "  ", "column {column} of\n{heading}\n{row}");
            assert_ne!(&row[verdict..=verdict], " ", "{row}");
        }
    }
}

#[test]
fn help_names_every_option_and_every_exit_status() {
    let help = kiosk(&["--help"]).exits(0).stdout;
    for option in [
        "provider",
        "url",
        "ca",
        "timeout",
        "username",
        "password",
        "client-id",
        "client-secret",
        "linked-device-id",
        "pin",
        "scope",
        "scope-member",
        "store-code",
        "refresh-token",
        "code",
        "hs512-key",
        "hs512-key-base64url",
        "allow-short-key",
        "issuer",
        "audience",
        "trace",
        "help",
    ] {
        assert!(help.contains(&format!("--{option}")), "{option}");
    }
    for status in 0..=9 {
        assert!(help.contains(&format!("\n    {status}  ")), "{status}");
    }
    assert!(help.contains("(ps)") && help.contains("POS_TOKEN_PASSWORD"));
    assert!(help.lines().all(|line| line.len() <= 120));
}

#[test]
fn wrong_options_are_named_but_never_repeated() {
    for arguments in [
        &["--provider", "zype"][..],
        &["--url", "https://hunter2.example"],
        &["--provider", "hunter2", "--url", "https://x"],
        &["--provider", "zype", "--url", "ftp://hunter2"],
        &["--provider", "zype", "--url", "https://user:hunter2@host"],
        &["--provider", "zype", "--url", "https://host:hunter2"],
        &["--pasword=hunter2"],
        &["--hunter2"],
        &["hunter2"],
        &["--username", "hunter2"],
        &["--password"],
        &["--trace=hunter2"],
        &["--timeout", "hunter2", "--provider", "zype", "--url", "https://x"],
        &["--provider", "zype", "--url", "https://x", "--hs512-key", "hunter2"],
        &["--provider", "zype", "--url", "https://x", "--hs512-key-base64url", "hunter2!"],
        &["--provider", "zype", "--url", "https://x", "--issuer", "hunter2"],
        &["--provider", "zype", "--url", "https://x", "--client-id", "hunter2"],
    ] {
        kiosk(arguments).exits(2).hides(["hunter2"]);
    }
    kiosk(&["--provider", "zype", "--url", "https://x", "--client-id", "x"]).exits(2).says("client_secret is missing");
    let no_such_file = ["--provider", "zype", "--url", "https://x", "--ca", "/no/such/file.pem"];
    kiosk(&no_such_file).exits(2).says("--ca: /no/such/file.pem");
}
