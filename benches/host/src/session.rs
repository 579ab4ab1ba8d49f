//! W7, a step of the session: what it is asked all day, and what it adds to a renewal. Nobody else has one.

use pos_token::dialect::Purpose;
use pos_token::provider::ZYPE;
use pos_token::session::{NoSeal, Now, Policy, Session, SessionState, Step};
use pos_token::time::UnixTime;
use pos_token::{Answer, AnswerReader, Credentials, TokenStore};

use crate::inputs::W1;
use crate::{Job, Work, keep};

const NOW: Now = Now::uptime(3_600_000).device(UnixTime::from_seconds(1_773_670_502));
const POLICY: Policy = Policy::new(7);

fn granted(store: &mut TokenStore<'_>) -> Option<Answer> {
    let mut reader = AnswerReader::new(&ZYPE, Purpose::LogIn, store);
    reader.status(200).ok()?;
    let _ = reader.body(W1.as_ref()).ok()?;
    reader.finish().ok()
}

fn renewed(state: &mut SessionState, store: &TokenStore<'_>, answer: &Answer, out: &mut [u8]) -> Option<usize> {
    *state = SessionState::new(&ZYPE, &POLICY, NOW);
    let mut session = Session::new(&ZYPE, &POLICY, state);
    let credentials = Credentials::new().client_id("c").client_secret("s").username("u").password("p");
    let number = session.begin(store, credentials, NOW).ok()?.number;
    session.accept(number, answer, store, NOW);
    let record = session.save(store, &mut NoSeal, 8, out, NOW).ok()?;
    session.saved(record.number);
    Some(record.bytes.len())
}

fn renewal() -> Job {
    let mut store = TokenStore::new(keep(&[0; 512][..]));
    let answer = granted(&mut store).unwrap();
    let mut state = SessionState::new(&ZYPE, &POLICY, NOW);
    Box::new(move || renewed(&mut state, &store, &answer, &mut [0; 256]) == Some(208))
}

fn step() -> Job {
    let mut store = TokenStore::new(keep(&[0; 512][..]));
    let answer = granted(&mut store).unwrap();
    let mut state = SessionState::new(&ZYPE, &POLICY, NOW);
    renewed(&mut state, &store, &answer, &mut [0; 256]).unwrap();
    Box::new(move || {
        let session = Session::new(&ZYPE, &POLICY, &mut state);
        matches!(session.next(&store, NOW), Step::Use(token) if token.generation == 1)
    })
}

pub(crate) fn works() -> Vec<Work> {
    vec![
        Work::new("w7", "W7: a session is asked for its step, which is to use the token", step),
        Work::new(
            "w7_renewal",
            "W7: what a session adds to an exchange: begun, accepted, its record made, saved",
            renewal,
        ),
    ]
}
