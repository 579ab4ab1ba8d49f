//! A session that survives in flash: `cargo run --example flash`.
//!
//! `records.rs` is what firmware needs: save and restore over any flash whose driver implements the traits of
//! `embedded-storage`. Here the flash is in `memory.rs`, and the server is a text.

// A program on a desk may stop with a message where a library may not.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub)]

mod memory;
pub mod records;

use std::fmt::Write;

use memory::Memory;
use pos_token::provider::ZYPE;
use pos_token::session::{Now, Policy, Session, SessionState, Step};
use pos_token::{AnswerReader, Credentials, TokenStore};

const ANSWERS: [&str; 2] = [
    r#"{"access_token":"first","expires_in":7200,"refresh_token":"a"}"#,
    r#"{"access_token":"second","expires_in":7200,"refresh_token":"b"}"#,
];

fn main() {
    print!("{}", three_boots());
}

pub fn three_boots() -> String {
    let mut report = String::new();
    let mut flash = Memory::new();
    let mut answers = ANSWERS.into_iter();
    for boot in 1..=3 {
        writeln!(report, "boot {boot}").unwrap();
        until_power_goes(&mut flash, &mut answers, boot, &mut report);
    }
    report
}

/// Everything that is no flash dies with this.
fn until_power_goes(
    flash: &mut Memory,
    answers: &mut dyn Iterator<Item = &'static str>,
    boot: u32,
    report: &mut String,
) {
    let mut say = |what: String| writeln!(report, "    {what}").unwrap();
    let policy = Policy::new(0x5eed);
    let mut now = Now::uptime(0);
    let mut arena = [0; 256];
    let mut store = TokenStore::new(&mut arena);
    let mut state = SessionState::new(&ZYPE, &policy, now);
    let mut session = Session::new(&ZYPE, &policy, &mut state);
    match records::restore(flash, &mut session, &mut store, now) {
        Ok(restored) => say(format!("restored record {} from slot {}", restored.number, restored.slot)),
        Err(error) => say(error.to_string()),
    }
    loop {
        match session.next(&store, now) {
            Step::Save => {
                records::save(flash, &mut session, &store, now).unwrap();
                say("saved".to_owned());
            }
            Step::Send(purpose) => {
                let client = Credentials::new().client_id("id").client_secret("secret");
                let begun = session.begin(&store, client.username("till-7").password("horse"), now).unwrap();
                let number = begun.number;
                let mut reader = AnswerReader::new(&ZYPE, purpose, &mut store);
                reader.status(200).unwrap();
                let _progress = reader.body(answers.next().unwrap().as_bytes()).unwrap();
                let answer = reader.finish().unwrap();
                session.accept(number, &answer, &store, now);
                say(format!("{purpose:?}: {:?}", answer.verdict()));
            }
            Step::Use(token) => {
                say(format!("used token {}", token.generation));
                // The power goes while the first token is in use; the second boot lives until the next one is.
                if boot != 2 || token.generation == 2 {
                    return;
                }
                now = Now::uptime(7200 * 1000);
                session.rejected(1, now);
            }
            Step::Wait { seconds, .. } => now.uptime += u64::from(seconds) * 1000,
            Step::NeedCode(_) | Step::Stop(_) => panic!("not with these answers"),
        }
    }
}
