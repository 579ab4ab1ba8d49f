//! Every public function of the core is reachable from C, or `reach.txt` says why only Rust has it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

mod support;

/// File and name of every public function, tests left out.
fn public_functions(folder: &Path, source: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            public_functions(&path, source, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let file = path.strip_prefix(source).unwrap().to_str().unwrap().to_owned();
        for line in code.lines() {
            let Some(declaration) = line.trim_start().strip_prefix("pub ") else { continue };
            let declaration = declaration.trim_start_matches("const ").trim_start_matches("async ");
            if let Some(rest) = declaration.strip_prefix("fn ") {
                let name = rest.split(['(', '<']).next().unwrap();
                found.insert((file.clone(), name.to_owned()));
            }
        }
    }
}

#[test]
fn every_public_function_is_reachable_from_c_or_has_a_reason() {
    let source = support::root().join("src");
    let mut found = BTreeSet::new();
    public_functions(&source, &source, &mut found);
    assert!(found.len() > 150, "the sources are not where they were");

    let header = support::header();
    let words: BTreeSet<&str> = header.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut listed = BTreeMap::new();
    for line in include_str!("reach.txt").lines().filter(|line| !line.starts_with('#')) {
        let (file, rest) = line.split_once(' ').unwrap();
        let names = match (rest.split_once(" = "), rest.split_once(": only in Rust")) {
            (Some((names, in_c)), None) => {
                assert!(words.contains(in_c), "{in_c} is not in the header");
                names
            }
            (None, Some((names, reason))) => {
                assert!(reason.len() > 10, "{line}: why?");
                names
            }
            _ => panic!("{line}"),
        };
        for name in names.split(", ") {
            let twice = listed.insert((file.to_owned(), name.to_owned()), line);
            assert!(twice.is_none(), "{file} {name} stands twice");
        }
    }
    let listed: BTreeSet<_> = listed.into_keys().collect();
    let missing: Vec<_> = found.difference(&listed).collect();
    assert!(missing.is_empty(), "public functions of the core that reach.txt does not have: {missing:?}");
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(gone.is_empty(), "reach.txt has what the core has not: {gone:?}");
}
