//! The servers as a program, for make files and emulators. `--help` explains.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::thread;

use pos_token_testbed::{PROVIDERS, Scenario, start};

const HELP: &str = "\
Loopback servers that answer as the loyalty providers do.

usage: pos-token-testbed [--provider NAME|all]... [--port N]...

Listens on 127.0.0.1 and prints one line for each server, NAME http://127.0.0.1:PORT, then serves until it is killed, or
until its standard input closes where that is a pipe or a terminal.

  --provider NAME  which server; may be repeated; all of them without it
  --port N         the n-th --port is that of the n-th server; 0, or none, takes a free one
  --help           this text

servers:";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("pos-token-testbed: {complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return help().map_err(|error| error.to_string()),
            "--provider" => match arguments.next().ok_or("--provider needs a name")?.as_str() {
                "all" => names.extend(PROVIDERS.map(str::to_owned)),
                name => names.push(name.to_owned()),
            },
            "--port" => {
                let text = arguments.next().ok_or("--port needs a number")?;
                ports.push(text.parse::<u16>().map_err(|_| format!("{text} is no port"))?);
            }
            other => return Err(format!("{other} is not an option; --help lists them")),
        }
    }
    if names.is_empty() {
        names.extend(PROVIDERS.map(str::to_owned));
    }
    if ports.len() > names.len() {
        return Err("there are more ports than servers".to_owned());
    }
    ports.resize(names.len(), 0);
    let start =
        |(name, port): (&String, u16)| start(name, port).map_err(|error| format!("{name}, port {port}: {error}"));
    let servers: Vec<_> = names.iter().zip(ports).map(start).collect::<Result<_, _>>()?;

    let mut out = io::stdout().lock();
    for server in &servers {
        writeln!(out, "{} {}", server.name(), server.url()).map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())?;
    wait();
    Ok(())
}

fn help() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{HELP}")?;
    for (name, rows) in log_ins() {
        writeln!(out, "  {name}")?;
        rows.iter().try_for_each(|(what, value)| writeln!(out, "    {what:22} {value}"))?;
    }
    writeln!(out, "\nscenarios, chosen by a username, linked device or client id of that name (or NAME@anything),")?;
    writeln!(out, "or by /~NAME in front of the path:")?;
    Scenario::ALL.iter().try_for_each(|(_, name, effect)| writeln!(out, "  {name:14} {effect}"))
}

/// What each server accepts, and where its API is. The values are as they are, not encoded in any way.
fn log_ins() -> [(&'static str, Vec<(&'static str, &'static str)>); PROVIDERS.len()] {
    use pos_token_testbed::credentials::{loyalife, loyalty_dog, open_loyalty, rfc6749, zype};
    let text = |key: &'static [u8]| std::str::from_utf8(key).unwrap_or("no text");
    let [loyalty_dog_name, zype_name, loyalife_name, open_loyalty_name, rfc6749_name] = PROVIDERS;
    [
        (
            loyalty_dog_name,
            vec![
                ("username", loyalty_dog::USERNAME),
                ("password", loyalty_dog::PASSWORD),
                ("username with a code", loyalty_dog::MFA_USERNAME),
                ("its code", loyalty_dog::MFA_CODE),
                ("HS512 key", text(loyalty_dog::SIGNING_KEY)),
                ("API", "GET /v2/me"),
            ],
        ),
        (
            zype_name,
            vec![
                ("client id", zype::CLIENT_ID),
                ("client secret", zype::CLIENT_SECRET),
                ("username", zype::USERNAME),
                ("password", zype::PASSWORD),
                ("linked device id", zype::LINKED_DEVICE_ID),
                ("PIN", zype::PIN),
                ("API", "GET /api/me"),
            ],
        ),
        (
            loyalife_name,
            vec![
                ("client id", loyalife::CLIENT_ID),
                ("client secret", loyalife::CLIENT_SECRET),
                ("HS512 key", text(loyalife::SIGNING_KEY)),
                ("issuer", loyalife::ISSUER),
                ("audience", loyalife::AUDIENCE),
                ("API", "GET /lbms-ingress/api/me"),
            ],
        ),
        (
            open_loyalty_name,
            vec![
                ("administrator", open_loyalty::ADMIN_USERNAME),
                ("password", open_loyalty::ADMIN_PASSWORD),
                ("store code", open_loyalty::STORE_CODE),
                ("member", open_loyalty::MEMBER_USERNAME),
                ("password", open_loyalty::MEMBER_PASSWORD),
                ("API", "GET /api/me"),
            ],
        ),
        (
            rfc6749_name,
            vec![
                ("client id", rfc6749::CLIENT_ID),
                ("client secret", rfc6749::CLIENT_SECRET),
                ("username", rfc6749::USERNAME),
                ("password", rfc6749::PASSWORD),
                ("paths", "/token, /revoke"),
                ("API", "GET /api/me"),
            ],
        ),
    ]
}

/// Returns when whoever started the program has closed its end of standard input.
fn wait() {
    if stdin_is_a_leash() {
        io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
    } else {
        loop {
            thread::park();
        }
    }
}

/// A shell gives `/dev/null` to what it starts with `&`: its end, reached at once, means nothing.
#[cfg(unix)]
fn stdin_is_a_leash() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let stdin = io::stdin();
    let kind = stdin.as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    stdin.is_terminal() || kind.is_ok_and(|kind| kind.file_type().is_fifo() || kind.file_type().is_socket())
}

#[cfg(not(unix))]
fn stdin_is_a_leash() -> bool {
    true
}
