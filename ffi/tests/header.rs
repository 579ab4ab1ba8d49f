//! `include/pos_token.h` is what cbindgen writes from `ffi/src`. To write it anew:
//! `POS_TOKEN_WRITE_HEADER=1 cargo test -p pos-token-ffi --test header`. And it is what it says that it is: compiled by
//! every compiler that there is, every example in it too.
#![cfg(not(miri))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use support::{C_STANDARDS, COMPILERS, CPP_STANDARDS, compiler, have, run, scratch};

/// Behind the declarations: what only C can say.
const TRAILER: &str = include_str!("../header_end.h");

/// The module's front page, as one comment.
fn front_page(lib: &str) -> String {
    let mut page = String::from("/**\n * \\file pos_token.h\n *\n");
    for line in lib.lines().map_while(|line| line.strip_prefix("//!")) {
        page += &format!(" *{line}\n");
    }
    page + " *\n * Written by cbindgen from the library's source: do not edit.\n */\n\n#ifndef POS_TOKEN_H\n#define POS_TOKEN_H"
}

fn header() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let lib = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    config.header = Some(front_page(&lib));
    config.trailer = Some(format!("{TRAILER}\n#endif // POS_TOKEN_H"));
    let bindings = cbindgen::Builder::new().with_crate(root).with_config(config).generate().unwrap();
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_committed_header_is_the_sources() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/pos_token.h");
    let header = header();
    if env::var_os("POS_TOKEN_WRITE_HEADER").is_some() {
        fs::write(&path, &header).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == header, "include/pos_token.h differs from ffi/src: see the top of ffi/tests/header.rs");
}

/// Compiles a text in every way that the header promises.
fn compiles(test: &str, text: &str, further: &[&str]) {
    let directory = scratch(test);
    for compiler_name in COMPILERS {
        if !have(compiler_name) {
            continue;
        }
        for standard in C_STANDARDS.iter().chain(&CPP_STANDARDS) {
            for enums in ["-fno-short-enums", "-fshort-enums"] {
                let source = directory.join(format!("{test}.c"));
                fs::write(&source, text).unwrap();
                let mut compile = compiler(compiler_name, standard);
                compile.args(further).args([enums, "-c", "-o"]).arg(directory.join("object.o")).arg(&source);
                run(&mut compile);
            }
        }
    }
}

#[test]
fn compiles_everywhere() {
    compiles("header", "#include \"pos_token.h\"\n#include \"pos_token.h\"\nextern int nothing;\nint nothing;\n", &[]);
}

/// The texts between `\code` and `\endcode`.
fn examples(header: &str) -> Vec<String> {
    let mut examples = Vec::new();
    for block in header.split("\\code\n").skip(1) {
        let (code, _) = block.split_once(" * \\endcode").expect("every example ends");
        let lines = code.lines().map(|line| line.strip_prefix(" *").expect("every line stands in the comment"));
        examples.push(lines.map(|line| format!("{line}\n")).collect());
    }
    examples
}

#[test]
fn every_example_compiles() {
    let examples = examples(&support::header());
    assert!(examples.len() >= 10, "{}", examples.len());
    for (index, example) in examples.iter().enumerate() {
        let text = format!("#include \"pos_token.h\"\n{example}");
        let allowed = ["-Wno-unused-function", "-Wno-unused-variable"];
        compiles(&format!("example_{index}"), &text, &allowed);
    }
}

/// What stands in the page as C.
#[test]
fn every_example_of_the_page_compiles() {
    let page = fs::read_to_string(support::root().join("docs/c-api.md")).unwrap();
    let examples: Vec<&str> =
        page.split("\n```c\n").skip(1).map(|block| block.split_once("\n```\n").unwrap().0).collect();
    assert!(!examples.is_empty());
    for (index, example) in examples.into_iter().enumerate() {
        compiles(&format!("page_{index}"), &format!("{example}\n"), &[]);
    }
}

/// The two lists of sizes are one.
#[test]
fn both_sides_prove_the_same_sizes() {
    let list = |text: &str, start: &str, end: &str| -> Vec<String> {
        let rows = text.lines().filter_map(|line| line.trim().strip_prefix(start)?.strip_suffix(end));
        rows.map(|row| row.replace("POS_TOKEN_P", "P")).collect()
    };
    let rust = fs::read_to_string(support::root().join("ffi/src/abi.rs")).unwrap();
    let rust: Vec<String> = rust
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';')?.split_once("::pos_token_"))
        .map(|(_, row)| format!("pos_token_{row}"))
        .collect();
    let c = list(&support::header(), "POS_TOKEN_SIZE(", ");");
    assert_eq!(c.first().unwrap(), "size_t, P");
    assert_eq!(c.get(1).unwrap(), "bool, 1");
    assert_eq!(c.get(2..).unwrap(), rust);
    let structures = support::header().matches("\ntypedef struct ").count();
    assert_eq!(rust.len(), structures);
}

/// What the header says of its statuses and functions.
struct Reference {
    /// Each status with its number and what stands with it.
    statuses: Vec<(String, u32, String)>,
    /// Each function that returns a status, with what it says about that.
    functions: Vec<(String, String)>,
}

/// The text of a comment as one line.
fn comment(text: &str) -> String {
    text.lines().map(|line| line.trim_start().trim_start_matches(['/', '*']).trim()).collect::<Vec<_>>().join("\n")
}

impl Reference {
    fn of(header: &str) -> Self {
        let (mut statuses, mut functions) = (Vec::new(), Vec::new());
        for part in header.split("/**").skip(1) {
            let (text, behind) = part.split_once("*/").expect("a comment ends");
            let (text, behind) = (comment(text), behind.trim_start());
            if let Some((name, number)) = behind.lines().next().and_then(|line| line.split_once(" = "))
                && let Ok(number) = number.trim_end_matches(',').parse()
                && (number == 0 || number > 100)
            {
                statuses.push((name.to_string(), number, text));
            } else if let Some((name, _)) =
                behind.strip_prefix("pos_token_status ").and_then(|text| text.split_once('('))
            {
                let (_, returns) = text.split_once("\\return").unwrap_or_else(|| panic!("{name} returns what?"));
                let (returns, _) = returns.split_once("\n\n").unwrap_or((returns, ""));
                functions.push((name.to_string(), returns.replace('\n', " ")));
            }
        }
        Self { statuses, functions }
    }

    /// The statuses that a function says it returns: those that it names, by `*` too, and those of functions that it
    /// names, but not those that stand between "without" and a semicolon.
    fn returned_by(&self, function: &str) -> BTreeSet<String> {
        let (_, text) = self.functions.iter().find(|(name, _)| name == function).expect(function);
        let (mut with, mut without) = (BTreeSet::new(), BTreeSet::new());
        for part in text.split(';') {
            let (included, excluded) = part.split_once("without").unwrap_or((part, ""));
            with.extend(self.named(included));
            without.extend(self.named(excluded));
            for name in calls(included) {
                with.extend(self.returned_by(&name));
            }
        }
        with.difference(&without).cloned().collect()
    }

    fn named(&self, text: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for name in text.split('`').filter(|name| name.starts_with("POS_TOKEN_")) {
            let before = found.len();
            found.extend(self.statuses.iter().map(|(status, ..)| status).filter(|s| matches(name, s)).cloned());
            assert!(found.len() > before || text.matches(name).count() > 1, "{name} is no status");
        }
        found
    }

    /// The functions that a status says it comes from.
    fn named_by(&self, text: &str) -> BTreeSet<String> {
        let from = text.rsplit_once("From ").expect("a status says where it comes from").1;
        let listed = |text: &str| -> BTreeSet<String> {
            let mut all = BTreeSet::new();
            for name in calls(text) {
                let before = all.len();
                all.extend(self.functions.iter().map(|(function, _)| function).filter(|f| matches(&name, f)).cloned());
                assert!(all.len() > before, "{name}() is no function, or is listed twice");
            }
            all
        };
        match from.replace('\n', " ").split_once("every function that returns a pos_token_status") {
            Some((_, but)) => {
                let all: BTreeSet<String> = self.functions.iter().map(|(name, _)| name.clone()).collect();
                all.difference(&listed(but)).cloned().collect()
            }
            None => listed(from),
        }
    }
}

/// Whether a name is this one, or begins as one that ends with `*` does.
fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

/// What stands before `()`.
fn calls(text: &str) -> Vec<String> {
    let words = text.split_whitespace().filter_map(|word| Some(word.split_once("()")?.0));
    words.map(|word| word.trim_start_matches('(').to_string()).collect()
}

#[test]
fn statuses_and_functions_name_each_other() {
    let reference = Reference::of(&support::header());
    assert!(reference.statuses.len() > 100 && reference.functions.len() > 45);
    for (status, _, text) in &reference.statuses {
        let said: BTreeSet<String> = reference.named_by(text);
        let returning = reference.functions.iter().map(|(name, _)| name);
        let returning = returning.filter(|name| reference.returned_by(name).contains(status)).cloned();
        assert_eq!(said, returning.collect(), "{status}");
    }
}

/// Every code in the core's source is a status, and each status is one of the core's or in the block of this interface.
/// 721: a buffer that is too small for a record, which in C is POS_TOKEN_BUFFER_TOO_SMALL as everywhere.
const ONLY_IN_RUST: [u32; 1] = [721];

#[test]
fn statuses_are_the_cores_codes() {
    let source = support::root().join("src");
    let mut codes = BTreeSet::from([0]);
    for file in ["error.rs", "http/error.rs", "http/request.rs", "json/reader.rs", "jwt/claims.rs", "jwt/hs512.rs"]
        .into_iter()
        .chain(["jwt/token.rs", "oauth/answer.rs", "oauth/exchange.rs", "oauth/request_error.rs", "time.rs"])
        .chain(["session/record.rs", "session/step.rs"])
    {
        let text = fs::read_to_string(source.join(file)).unwrap();
        let mut functions = 0;
        for function in text.split("pub const fn code(").skip(1) {
            functions += 1;
            let (body, _) = function.split_once("\n    }\n").unwrap();
            let arms = body.lines().filter_map(|line| line.split_once("=> ")?.1.strip_suffix(',')?.parse::<u32>().ok());
            codes.extend(arms);
        }
        assert!(functions > 0, "{file}");
    }
    // Those of a session that stops by itself.
    let events = fs::read_to_string(source.join("session/events.rs")).unwrap();
    let stops = events.split("self.stop(StopReason::").filter_map(|stop| stop.split_once(", ")?.1.split_once(')'));
    let stops: Vec<u32> = stops.filter_map(|(code, _)| code.parse().ok()).collect();
    assert!(!stops.is_empty());
    codes.extend(stops);
    let statuses: BTreeSet<u32> = Reference::of(&support::header()).statuses.iter().map(|(_, n, _)| *n).collect();
    assert!(codes.len() > 90, "{codes:?}");
    let own: BTreeSet<u32> = statuses.difference(&codes).copied().collect();
    let only_in_rust: Vec<u32> =
        codes.difference(&statuses).copied().filter(|code| !ONLY_IN_RUST.contains(code)).collect();
    assert!(only_in_rust.is_empty(), "{only_in_rust:?}");
    assert!(own.iter().all(|code| (140..160).contains(code)), "{own:?}");
}
