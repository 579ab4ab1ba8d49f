//! The functions of the example `flash`, with power cuts; and the example itself.

use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use pos_token::dialect::Purpose;
use pos_token::provider::ZYPE;
use pos_token::session::{Now, Policy, Restored, Session, SessionState, Step};
use pos_token::{AnswerReader, Credentials, TokenStore};

use crate::flash::{Flash, Power, Reads};
use crate::program::{self, records};

/// One sector is a slot.
const SECTOR: usize = 2048;
const UNIT: usize = 8;

struct Driver {
    flash: Flash,
    power: Power,
}

impl ErrorType for Driver {
    type Error = NorFlashErrorKind;
}

fn slot(offset: u32) -> u8 {
    let sector = u32::try_from(SECTOR).unwrap();
    assert_eq!(offset % sector, 0);
    u8::try_from(offset / sector).unwrap()
}

impl ReadNorFlash for Driver {
    const READ_SIZE: usize = UNIT;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        assert_eq!(bytes.len() % UNIT, 0);
        let read = self.flash.read(slot(offset), bytes).map_err(|_| NorFlashErrorKind::Other)?;
        assert_eq!(read, bytes.len());
        Ok(())
    }

    fn capacity(&self) -> usize {
        2 * SECTOR
    }
}

impl NorFlash for Driver {
    const WRITE_SIZE: usize = UNIT;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Self::Error> {
        assert_eq!(slot(to), slot(from) + 1);
        self.flash.erase(slot(from), &mut self.power).map_err(|_| NorFlashErrorKind::Other)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        self.flash.program(slot(offset), bytes, &mut self.power).map_err(|_| NorFlashErrorKind::Other)
    }
}

/// Saves one record whole and a second one until the power goes; then restores. Returns whether it went, and the access
/// token that is there.
fn cut_at(lasts: usize, reads: Reads) -> (bool, Vec<u8>) {
    let (policy, now) = (Policy::new(7), Now::uptime(0));
    let mut driver = Driver { flash: Flash::new(UNIT, SECTOR), power: Power::default() };
    let mut arena = [0; 256];
    let mut store = TokenStore::new(&mut arena);
    let mut state = SessionState::new(&ZYPE, &policy, now);
    let mut session = Session::new(&ZYPE, &policy, &mut state);
    for (token, lasts) in [("first", None), ("second", Some(lasts))] {
        let client = Credentials::new().client_id("c").client_secret("s").username("u").password("p");
        let number = session.begin(&store, client, now).unwrap().number;
        let mut reader = AnswerReader::new(&ZYPE, Purpose::LogIn, &mut store);
        reader.status(200).unwrap();
        let body = format!(r#"{{"access_token":"{token}","refresh_token":"{token}"}}"#);
        let _progress = reader.body(body.as_bytes()).unwrap();
        let answer = reader.finish().unwrap();
        session.accept(number, &answer, &store, now);
        driver.power = Power { lasts, seen: Vec::new() };
        assert!(matches!(session.next(&store, now), Step::Save));
        records::save(&mut driver, &mut session, &store, now).unwrap();
        session.rejected(1, now);
    }
    let cut = lasts < driver.power.seen.len();
    // The driver's own failure is told apart from the record that is whole.
    assert_eq!(session.token(&store, now).is_some_and(|token| token.unsaved), cut);
    driver.flash.reads = reads;
    store.clear();
    let mut state = SessionState::new(&ZYPE, &policy, now);
    let restored = records::restore(&mut driver, &mut Session::new(&ZYPE, &policy, &mut state), &mut store, now);
    assert!(matches!(restored, Ok(Restored { tokens: true, .. })), "{restored:?}");
    (cut, store.access_token().unwrap().expose().to_vec())
}

#[test]
fn the_examples_functions_lose_nothing() {
    for reads in Reads::ALL {
        let mut tokens = Vec::new();
        loop {
            let (cut, token) = cut_at(tokens.len(), reads);
            if !cut {
                assert_eq!(token, b"second");
                break;
            }
            tokens.push(token);
        }
        // The new one where only its mark is torn, or its end reads well; before that the old one.
        let old = tokens.iter().take_while(|token| *token == b"first").count();
        assert!(old >= tokens.len() - 2, "{reads:?}: {old} of {}", tokens.len());
        assert!(tokens[old..].iter().all(|token| token == b"second"));
    }
}

#[test]
fn the_example_logs_in_once() {
    let expected = "\
boot 1
    nothing to restore: no record; no record
    LogIn: Use
    saved
    used token 1
boot 2
    restored record 2 from slot 0
    saved
    used token 1
    Refresh: Use
    saved
    used token 2
boot 3
    restored record 5 from slot 0
    saved
    used token 2
";
    assert_eq!(program::three_boots(), expected);
}
