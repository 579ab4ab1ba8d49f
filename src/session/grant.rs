//! How long a granted token is good for, by what the answer, the token itself and the clocks say.

use super::clock::{Clock, Now};
use crate::dialect::Settings;
use crate::jwt::UnverifiedClaims;
use crate::oauth::{Expiry, Grant};
use crate::time::UnixTime;

/// What is known of a token's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// Seconds from the moment at which its request was begun; `None`: use it until a 401.
    pub(super) seconds: Option<u32>,
    /// The moment of its end by the server's clock.
    pub(super) expires_at: Option<UnixTime>,
}

impl Lifetime {
    /// A duration counts as it is. A moment is compared with the best clock there is; without one, or where a token
    /// would be over as it arrives, its own span from `iat` or `nbf` to `exp` counts, up to the dialect's default. What
    /// nobody vouches for may shorten what the server said, and never lengthens it.
    pub(super) fn of(
        grant: &Grant,
        settings: &Settings<'_>,
        claims: Option<&UnverifiedClaims<'_>>,
        clock: &Clock,
        granted_at: Option<UnixTime>,
        now: &Now,
    ) -> Self {
        let exp = claims.and_then(UnverifiedClaims::expires_at);
        let start = claims.and_then(|claims| claims.issued_at().or(claims.not_before()));
        let span = exp.zip(start).and_then(|(exp, start)| positive(exp.since(start)));
        let time = clock.time(now);
        // The way of the answer comes off twice, so that the doubt about it never lengthens a life.
        let left = |end: UnixTime| time.and_then(|time| positive(end.since(time)));
        let ends_at = |life: Option<u32>| life.zip(granted_at).map(|(life, granted_at)| granted_at.plus(life));
        match (grant.expiry, exp) {
            (Expiry::In(stated), _) => {
                let by_exp = exp.filter(|_| clock.server(now).is_some());
                let stated = positive(stated.into());
                let seconds = stated.and_then(|_| least([stated, span, by_exp.and_then(left)]));
                Self { seconds, expires_at: ends_at(seconds) }
            }
            (Expiry::At(end), _) | (Expiry::Unstated, Some(end)) => {
                let end = exp.map_or(end, |exp| exp.min(end));
                let seconds = match left(end) {
                    Some(left) => least([Some(left), span, None]),
                    None => span.map(|span| settings.default_lifetime.map_or(span, |most| span.min(most))),
                };
                Self { seconds, expires_at: Some(end) }
            }
            (Expiry::Unstated, None) => {
                let seconds = settings.default_lifetime;
                Self { seconds, expires_at: ends_at(seconds) }
            }
        }
    }
}

/// Seconds that have not passed yet, the most there are where they do not fit.
fn positive(seconds: i64) -> Option<u32> {
    (seconds > 0).then(|| u32::try_from(seconds).unwrap_or(u32::MAX))
}

fn least(lifetimes: [Option<u32>; 3]) -> Option<u32> {
    lifetimes.into_iter().flatten().min()
}
