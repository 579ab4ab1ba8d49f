//! Tables in the documentation that are made from what a test has just run.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Tests of one program run at the same time.
static PAGE: Mutex<()> = Mutex::new(());

/// The text between `<!-- name -->` and `<!-- /name -->` in `docs/session.md` has to be this; where
/// `POS_TOKEN_WRITE_DOCS` is set, it is replaced by it.
pub(crate) fn check(name: &str, markdown: &str) {
    let _one_at_a_time = PAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let path = folders.map(|folder| folder.join("docs/session.md")).find(|path| path.exists()).unwrap();
    let page = fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("docs/session.md has no {begin}"));
    let (there, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/session.md has no {end}"));
    let wanted = format!("\n{}\n\n", markdown.trim_end());
    if there == wanted {
        return;
    }
    assert!(
        std::env::var_os("POS_TOKEN_WRITE_DOCS").is_some(),
        "docs/session.md is not what was run ({name}); POS_TOKEN_WRITE_DOCS=1 cargo test writes it:\n{markdown}"
    );
    fs::write(&path, format!("{before}{begin}{wanted}{end}{after}")).unwrap();
}

/// A table of these columns and rows.
pub(crate) fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let rule = vec!["---".to_owned(); columns.len()];
    let mut text = line(&head) + &line(&rule).replace(' ', "");
    rows.into_iter().for_each(|row| text += &line(&row));
    text
}
