//! A session that outlives the program: `--state FILE`. The second run uses the token of the first without a request.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use pos_token::Credentials;
use pos_token::dialect::{Field, Purpose};
use pos_token::session::{Keep, NoSeal, Now, Policy, RecordError, Session, SessionState, Step, Unreadable};
use zeroize::Zeroizing;

use crate::log_in::{ask_for_code, show};
use crate::report::{Exit, now, print};
use crate::till::{Till, length};

/// How much of the file a record may take.
const SLOT: usize = 8 * 1024;

/// No log-in takes more exchanges: a refused refresh, a log-in, a code, and one more.
const EXCHANGES: usize = 4;

pub fn run(till: &mut Till<'_>, credentials: &Credentials<'_>, path: &Path) -> Result<Exit, String> {
    let mut file = StateFile::open(path)?;
    // One till: there is no chain to be spread. Every token is kept, since a disk bears more writing than flash does.
    let policy = Policy { keep: Keep::EveryToken, ..Policy::new(0) };
    let boot = Instant::now();
    let clock = || Now::uptime(u64::try_from(boot.elapsed().as_millis()).unwrap_or(u64::MAX)).device(now());
    let mut state = SessionState::new(till.provider, &policy, clock());
    let mut session = Session::new(till.provider, &policy, &mut state);
    let mut buf = Zeroizing::new([0; SLOT]);
    match session.restore(&mut till.store, &mut NoSeal, |slot, out| file.read(slot, out), &mut buf[..], clock()) {
        Ok(restored) => print(&format!("restored record {}", restored.number)),
        Err(error) if error.slots == [RecordError::Absent; 2] => print("no record yet"),
        Err(error) => print(&error.to_string()),
    }

    let mut last = None;
    let mut code_is_spent = false;
    for _ in 0..3 * EXCHANGES {
        let mut given = *credentials;
        let asked;
        match session.next(&till.store, clock()) {
            Step::Use(token) => {
                let life =
                    token.good_for.map_or("until the API answers 401".to_owned(), |left| format!("for {left} s"));
                let how = if last.is_some() { "" } else { ", without a request" };
                print(&format!("use a token of {} bytes {life}{how}", length(till.store.access_token())));
                return Ok(last.unwrap_or(Exit::Good));
            }
            Step::Save => {
                let record = session.save(&till.store, &mut NoSeal, 1, &mut buf[..], clock());
                let record = record.map_err(|error| error.to_string())?;
                let number = record.number;
                match file.write(record.slot, record.bytes) {
                    Ok(()) => session.saved(number),
                    Err(error) => {
                        eprintln!("kiosk: the state cannot be saved: {error}");
                        session.save_failed(number);
                    }
                }
                continue;
            }
            Step::Wait { seconds, reason } => {
                print(&format!("wait {seconds} s: {reason}"));
                return Ok(last.unwrap_or(Exit::Wait));
            }
            Step::Stop(stop) => {
                print(&stop.to_string());
                return Ok(last.unwrap_or(Exit::Stop));
            }
            Step::NeedCode(_) if code_is_spent => return Ok(Exit::AskForCode),
            Step::NeedCode(needed) => {
                // One code for each run, be it a PIN or that of a second factor.
                code_is_spent = true;
                asked = if needed.pending && given.get(Field::Code).is_none() { ask_for_code() } else { None };
                if let Some(code) = &asked {
                    given = given.code(code.as_str());
                }
                if given.get(Field::Code).is_none() && given.get(Field::Pin).is_none() {
                    return Ok(Exit::AskForCode);
                }
            }
            Step::Send(_) => {}
        }
        let begun = session.begin(&till.store, given, clock()).map_err(|error| error.to_string())?;
        let (number, purpose) = (begun.number, begun.purpose);
        let (line, result) = till.attempt(step_name(purpose), purpose, given);
        match result {
            Ok(answer) => session.accept(number, &answer, &till.store, clock()),
            Err(failure) => session.failed(number, failure, clock()),
        }
        show(&line);
        last = Some(line.conclusion.exit);
    }
    Ok(last.unwrap_or(Exit::Wait))
}

fn step_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Refresh => "refresh",
        Purpose::VerifyCode => "verify the code",
        _ => "log in",
    }
}

/// A file of two slots, for its owner's eyes only: it holds tokens.
struct StateFile(File);

impl StateFile {
    fn open(path: &Path) -> Result<Self, String> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(Self).map_err(|error| format!("the state file: {error}"))
    }

    fn read(&mut self, slot: u8, out: &mut [u8]) -> Result<usize, Unreadable> {
        let mut read = || {
            self.0.seek(SeekFrom::Start(u64::from(slot) * SLOT as u64))?;
            (&self.0).take(out.len() as u64).read(out)
        };
        read().map_err(|_: io::Error| Unreadable)
    }

    /// Returns when the record is on the disk.
    fn write(&mut self, slot: u8, record: &[u8]) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(u64::from(slot) * SLOT as u64))?;
        self.0.write_all(record)?;
        self.0.sync_all()
    }
}
