//! How large the store's arena has to be, by trying.

use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, ZYPE};
use pos_token::session::{Keep, NoSeal, Policy, SaveError, record_len};
use pos_token::{AnswerOptions, AnswerReader};

use crate::tables;
use crate::till::{Till, UNIT, http};

/// A log-in and a renewal, in an arena of this size: where they end.
fn renewed(provider: &'static Provider<'static>, body: &str, arena: usize) -> Result<(), String> {
    let mut till = Till::new(provider, Policy::new(1));
    till.shrink_arena(arena);
    for _ in 0..2 {
        let begun = till.with(|session, store, now| {
            session.begin(store, Till::credentials(), now).map(|begun| (begun.number, begun.purpose))
        });
        let (number, purpose) =
            begun.map_err(|_| "the refresh is not begun; when the token is over, nothing goes on")?;
        till.answer(number, purpose, &http("200 OK", "", body));
        till.save();
        if till.step().starts_with("Stop") {
            return Err(till.step());
        }
        let _ = till.rejected();
    }
    Ok(())
}

#[test]
fn a_record_has_a_longest_token() {
    for (len, error) in [(65_483, None), (65_484, Some(SaveError::Seal))] {
        let mut till = Till::new(&ZYPE, Policy { keep: Keep::EveryToken, ..Policy::new(1) });
        till.largest_arena();
        let body = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(len));
        let (number, purpose) = till.begin(Till::credentials());
        till.with(|session, store, now| {
            let options = AnswerOptions { body_limit: 70_000, ..AnswerOptions::default() };
            let mut reader = AnswerReader::with_options(&ZYPE, purpose, options, store);
            reader.status(200).unwrap();
            let _ = reader.body(body.as_bytes()).unwrap();
            let answer = reader.finish().unwrap();
            session.accept(number, &answer, store, now);
        });
        assert_eq!(till.step(), "Save");
        let mut out = vec![0; 70_000];
        let result = till.with(|session, store, now| session.save(store, &mut NoSeal, 1, &mut out, now).map(|_| ()));
        assert_eq!(result.err(), error, "{len}");
    }
}

#[test]
fn the_arena_holds_old_and_new() {
    let mut rows = vec![];
    for (name, provider, access, refresh) in [
        ("LoyaltyDog", &LOYALTY_DOG, 400, 0),
        ("Zype", &ZYPE, 64, 64),
        ("Loyalife", &LOYALIFE, 890, 0),
        ("Open Loyalty", &OPEN_LOYALTY, 1519, 128),
    ] {
        let (token, second) = ("x".repeat(access), "y".repeat(refresh));
        let body = match name {
            "LoyaltyDog" => format!(r#"{{"accessToken":"{token}"}}"#),
            "Zype" => format!(r#"{{"access_token":"{token}","refresh_token":"{second}"}}"#),
            "Loyalife" => format!(r#"{{"results":{{"token":"{token}"}}}}"#),
            _ => format!(r#"{{"token":"{token}","refresh_token":"{second}"}}"#),
        };
        let least = (0..4096).find(|arena| renewed(provider, &body, *arena).is_ok()).unwrap();
        assert_eq!(least, 2 * (access + refresh), "{name}");
        let short = renewed(provider, &body, least - 1).unwrap_err();
        let risk = if short == "Stop 110" { "the renewal is lost: Stop 110".to_owned() } else { short };
        let record = record_len(access + refresh, 0, usize::from(UNIT));
        let cells = [least.to_string(), risk, record.to_string()];
        rows.push([&[name.to_owned(), format!("{access} + {refresh}")], &cells[..]].concat());
    }
    let columns = ["provider", "largest tokens", "arena", "with a byte less", "record in units of 8"];
    tables::check("stores", &tables::table(&columns, rows));
}
