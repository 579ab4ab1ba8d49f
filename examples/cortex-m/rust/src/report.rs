//! One line for each step, on the debug channel: what was done, the status, the short code, the trust in the token and
//! the verdict. No text that a server sent, and no secret.

use core::ffi::CStr;

use pos_token::Verdict;
use pos_token::http::RetryAfter;

use crate::board::{print, print_number};

/// What is known about the token that a step brought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It brought none.
    Nothing,
    /// A code is missing.
    Pending,
    /// It is no JWT.
    Opaque,
    /// Its times were read, without a key.
    OnlyRead,
    Verified,
    /// Its signature is right, and by this till's clock it is not valid yet.
    Early,
    /// It does not pass the checks.
    Refused,
}

pub struct Line {
    pub status: u16,
    pub code: u16,
    pub trust: Trust,
    pub verdict: Verdict,
}

impl Line {
    pub fn print(&self, server: &CStr, step: &CStr) {
        print(server, 12);
        print(step, 34);
        number_or_dash(self.status);
        number_or_dash(self.code);
        let trust = match self.trust {
            Trust::Nothing => c"-",
            Trust::Pending => c"pending",
            Trust::Opaque => c"opaque",
            Trust::OnlyRead => c"read",
            Trust::Verified => c"verified",
            Trust::Early => c"early",
            Trust::Refused => c"refused",
        };
        print(trust, 10);
        match self.verdict {
            Verdict::Use => print(c"use\n", 0),
            Verdict::Done => print(c"done\n", 0),
            Verdict::LogIn => print(c"log in again\n", 0),
            Verdict::AskForCode => print(c"ask for a code\n", 0),
            Verdict::Stop => print(c"stop\n", 0),
            Verdict::Wait(None) => print(c"wait\n", 0),
            Verdict::Wait(Some(RetryAfter::At(_))) => print(c"wait until a date\n", 0),
            Verdict::Wait(Some(RetryAfter::Seconds(seconds))) => {
                print(c"wait ", 0);
                print_number(seconds, 0);
                print(c" s\n", 0);
            }
        }
    }
}

fn number_or_dash(number: u16) {
    if number == 0 { print(c"-", 5) } else { print_number(u32::from(number), 5) }
}
