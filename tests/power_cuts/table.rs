//! What is done after a cut at each point, provider by provider: the documentation's table.

use std::cmp::Ordering;
use std::fmt::Write as _;

use pos_token::dialect::Rotation;
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::Keep;
use pos_token::time::UnixTime;

use crate::doorkeeper::{Action, Seen};
use crate::flash::{Cut, Point, Reads};
use crate::model::{BEGIN, Grants, LOYALIFE_GRANTS, LOYALTY_DOG_GRANTS, Model, OPEN_LOYALTY_GRANTS, STANDARD};
use crate::tables;
use crate::till::{End, World};

/// Providers that do the same, with a server that rotates so, and what the till does after a cut: where the old access
/// token is still good, and where it has expired.
struct Column {
    title: &'static str,
    providers: &'static [(Provider<'static>, Grants)],
    rotation: Rotation,
    keep: Keep,
    pin: bool,
    /// The server has not renewed anything.
    untouched: [&'static str; 2],
    /// It has, and the new tokens are lost.
    lost: [&'static str; 2],
    /// The new tokens are saved, or can be read at least.
    kept: [&'static str; 2],
}

const COLUMNS: [Column; 5] = [
    Column {
        title: "Zype: the old refresh token works until the new access token is used",
        providers: &[(ZYPE, STANDARD)],
        rotation: Rotation::UntilFirstUse,
        keep: Keep::RefreshTokens,
        pin: false,
        untouched: ["save, use the old token", "save, refresh with the old token, save, use the new token"],
        lost: ["save, use the old token", "save, refresh with the old token, save, use another token"],
        kept: ["save, use the new token", "save, refresh with the new token, save, use another token"],
    },
    Column {
        title: "Open Loyalty, RFC 6749, and Zype if it is set so: a refresh token works once",
        providers: &[(OPEN_LOYALTY, OPEN_LOYALTY_GRANTS), (RFC6749, STANDARD), (ZYPE, STANDARD)],
        rotation: Rotation::SingleUse,
        keep: Keep::RefreshTokens,
        pin: false,
        untouched: ["save, use the old token", "save, refresh with the old token, save, use the new token"],
        lost: [
            "save, use the old token: 401, refresh with the old token: refused, **log in**, save, use another token",
            "save, refresh with the old token: refused, **log in**, save, use another token",
        ],
        kept: ["save, use the new token", "save, refresh with the new token, save, use another token"],
    },
    Column {
        title: "The same where a log-in takes a code that only a person has",
        providers: &[(ZYPE, STANDARD)],
        rotation: Rotation::SingleUse,
        keep: Keep::RefreshTokens,
        pin: true,
        untouched: ["save, use the old token", "save, refresh with the old token, save, use the new token"],
        lost: [
            "save, use the old token: 401, refresh with the old token: refused, **NeedCode**",
            "save, refresh with the old token: refused, **NeedCode**",
        ],
        kept: ["save, use the new token", "save, refresh with the new token, save, use another token"],
    },
    Column {
        title: "LoyaltyDog, Loyalife, with `Keep::EveryToken`: there are no refresh tokens",
        providers: &[(LOYALTY_DOG, LOYALTY_DOG_GRANTS), (LOYALIFE, LOYALIFE_GRANTS)],
        rotation: Rotation::NoRefresh,
        keep: Keep::EveryToken,
        pin: false,
        untouched: ["use the old token", "**log in**, save, use the new token"],
        lost: ["use the old token", "**log in**, save, use another token"],
        kept: ["use the new token", "**log in**, save, use another token"],
    },
    Column {
        title: "LoyaltyDog, Loyalife, with `Keep::RefreshTokens`: no token is kept",
        providers: &[(LOYALTY_DOG, LOYALTY_DOG_GRANTS), (LOYALIFE, LOYALIFE_GRANTS)],
        rotation: Rotation::NoRefresh,
        keep: Keep::RefreshTokens,
        pin: false,
        untouched: ["**log in**, use the new token"; 2],
        lost: ["**log in**, use another token"; 2],
        kept: ["**log in**, use another token"; 2],
    },
];

const UNIT: usize = 16;

/// What becomes of the new tokens where the power goes there and what is torn is read so.
type Outcome = fn(&Column) -> [&'static str; 2];
const UNTOUCHED: Outcome = |column| column.untouched;
const LOST: Outcome = |column| column.lost;
const KEPT: Outcome = |column| column.kept;

const TABLE: [(&str, Point, Reads, Outcome); 15] = [
    ("before the request is sent", Point::Due, Reads::Old, UNTOUCHED),
    ("before the server has it", Point::Sent, Reads::Old, UNTOUCHED),
    ("before the answer is there", Point::Processed, Reads::Old, LOST),
    ("before the record is written", Point::Answered, Reads::Old, LOST),
    ("in the erase, which reads as if it had not begun", Point::Erase, Reads::Old, LOST),
    ("in the erase, which reads as if it had ended", Point::Erase, Reads::New, LOST),
    ("in the erase, which cannot be read", Point::Erase, Reads::Error, LOST),
    ("in the record, which cannot be read", Point::before_last(4), Reads::Error, LOST),
    ("in its last unit before the mark, which reads as if not written", Point::before_last(1), Reads::Old, LOST),
    ("in its last unit before the mark, which reads whole", Point::before_last(1), Reads::New, KEPT),
    ("in the mark, which reads as if not written", Point::before_last(0), Reads::Old, KEPT),
    ("in the mark, which cannot be read", Point::before_last(0), Reads::Error, KEPT),
    ("before `saved`", Point::Written, Reads::Old, KEPT),
    ("before the new token is used", Point::Saved, Reads::Old, KEPT),
    ("after that", Point::Used, Reads::Old, KEPT),
];

/// Cuts the power at this point of the next renewal, and tells what the till does afterwards. `None`: nothing is saved.
fn after_the_cut(column: &Column, which: usize, point: Point, reads: Reads, over: bool) -> Option<String> {
    let (provider, grants) = column.providers[which];
    let mut world = World::new(provider, column.keep, UNIT, 256, Model::new(column.rotation, grants));
    world.clock = Some(UnixTime::from_seconds(BEGIN));
    world.pin = column.pin.then_some(0);
    // Both slots are written, and the restored token has been saved anew.
    assert_eq!(world.run(2, None), Ok(End::Uses));
    world.off(false);
    let mut rehearsal = world.clone();
    assert_eq!(rehearsal.run(1, None), Ok(End::Uses));
    // The renewal's, behind what came after the boot.
    let at = rehearsal.power.seen.iter().rposition(|seen| seen.counted_back() == point)?;
    assert_eq!(world.run(1, Some(at)), Err(Cut));
    let new = rehearsal.server.newest().1 - 1;
    world.flash.reads = reads;
    world.off(over);
    let begin = world.server.steps.len();
    world.saves.clear();
    let end = world.run(0, None).unwrap();
    let which = |token: usize| match token.cmp(&new) {
        Ordering::Less => "the old token",
        Ordering::Equal => "the new token",
        Ordering::Greater => "another token",
    };
    let mut words = Vec::new();
    for (at, step) in world.server.steps.iter().enumerate().skip(begin) {
        words.extend(world.saves.iter().filter(|save| **save == at).map(|_| "save".to_owned()));
        words.push(match *step {
            (Action::LogIn, Seen::Granted) => "**log in**".to_owned(),
            (Action::Refresh(token), Seen::Granted) => format!("refresh with {}", which(token)),
            (Action::Refresh(token), _) => format!("refresh with {}: refused", which(token)),
            (Action::Use(token), Seen::Ok) => format!("use {}", which(token)),
            (Action::Use(token), _) => format!("use {}: 401", which(token)),
            step => panic!("{step:?}"),
        });
    }
    if end == End::NeedCode {
        words.push("**NeedCode**".to_owned());
    } else {
        assert_eq!(end, End::Uses);
    }
    Some(words.join(", "))
}

#[test]
fn what_is_done_after_a_cut() {
    let mut markdown = String::new();
    for column in &COLUMNS {
        let mut rows = Vec::new();
        for (name, point, reads, outcome) in TABLE {
            let expected = outcome(column);
            let mut saves = false;
            for which in 0..column.providers.len() {
                for (over, expected) in [false, true].into_iter().zip(expected) {
                    let seen = after_the_cut(column, which, point, reads, over);
                    saves = seen.is_some();
                    assert_eq!(seen.unwrap_or(expected.to_owned()), expected, "{name}, {}, {which}", column.title);
                }
            }
            // Where nothing is saved the power cannot go meanwhile.
            if saves {
                rows.push(std::iter::once(name).chain(expected).map(str::to_owned).collect());
            }
        }
        let all = column.rotation != Rotation::NoRefresh || column.keep == Keep::EveryToken;
        assert_eq!(rows.len(), if all { TABLE.len() } else { 5 });
        let table = tables::table(&["the power goes", "the old token has not expired", "it has"], rows);
        write!(markdown, "### {}\n\n{table}\n", column.title).unwrap();
    }
    tables::check("power-cuts", &markdown);
}
