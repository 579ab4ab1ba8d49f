//! Runs the kiosk, and what it may never print.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What a run of the kiosk came to.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text) || self.stderr.contains(text), "{text}\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// None of these is in the output, in any of the forms in which they go over the wire.
    #[track_caller]
    pub fn hides<'t>(self, secrets: impl IntoIterator<Item = &'t str>) -> Self {
        for secret in secrets {
            for form in forms(secret) {
                let shown = self.stdout.contains(&form) || self.stderr.contains(&form);
                assert!(!shown, "{form:?} of {secret:?} in\n{}\n{}", self.stdout, self.stderr);
            }
        }
        self
    }
}

/// As it is, in JSON, in a form, in base64 and in base64url.
fn forms(secret: &str) -> Vec<String> {
    use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        Base64Unpadded::encode_string(secret.as_bytes()),
        Base64UrlUnpadded::encode_string(secret.as_bytes()),
    ]
}

/// Runs the kiosk with these arguments.
pub fn kiosk(arguments: &[&str]) -> Run {
    kiosk_with(&[], arguments)
}

/// The same with these environment variables.
pub fn kiosk_with(variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = Command::new(path());
    forget(&mut command, &["POS_TOKEN_"]);
    command.envs(variables.iter().copied()).args(arguments).stdin(Stdio::null());
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Takes the environment variables off whose names begin so.
fn forget(command: &mut Command, prefixes: &[&str]) {
    for (name, _) in std::env::vars_os() {
        if prefixes.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}

/// The program. Cargo tells tests where binaries are, but not where examples are; after `cargo test` it is built.
fn path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", "kiosk", "--message-format", "json"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        build.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit());
        // What cargo says to tests; build scripts would take it for a change and run again.
        forget(&mut build, &["CARGO_PKG_", "CARGO_MANIFEST_"]);
        let output = build.output().unwrap();
        assert!(output.status.success(), "the example does not build");
        let messages = String::from_utf8(output.stdout).unwrap();
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            (message["target"]["name"] == "kiosk").then(|| message["executable"].as_str().map(str::to_owned))?
        };
        messages.lines().find_map(executable).expect("cargo names the executable")
    })
}
