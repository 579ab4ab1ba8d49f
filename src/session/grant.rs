//! How long a granted token is good for, by what the answer, the token itself and the clocks say.

use super::state::Seconds;
use crate::jwt::Registered;
use crate::oauth::{Expiry, Grant};
use crate::time::UnixTime;

/// What is known of a token's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// Seconds from the moment at which its request was begun; `None`: use it until a 401.
    pub(super) seconds: Option<Seconds>,
    /// The moment of its end by the server's clock.
    pub(super) expires_at: Option<UnixTime>,
}

impl Lifetime {
    /// A duration counts as it is. A moment is compared with the best clock there is; without one, or where a token
    /// would be over as it arrives, its own span from `iat` or `nbf` to `exp` counts, up to the dialect's default. What
    /// nobody vouches for may shorten what the server said, and never lengthens it.
    #[inline(never)] // One for all.
    pub(super) fn of(
        grant: &Grant,
        default_lifetime: Option<u32>,
        claims: &Registered,
        time: Option<UnixTime>,
        by_server: bool,
        granted_at: Option<UnixTime>,
    ) -> Self {
        let exp = claims.expires_at;
        let span = between(claims.issued_at.or(claims.not_before), exp);
        // The way of the answer comes off twice, so that the doubt about it never lengthens a life.
        let left = |end| between(time, Some(end));
        let ends_at = |life: Option<u32>| life.zip(granted_at).map(|(life, granted_at)| granted_at.plus(life));
        match (grant.expiry, exp) {
            (Expiry::In(stated), _) => {
                let by_exp = exp.filter(|_| by_server);
                let stated = Seconds::new(stated);
                let seconds = stated.and_then(|_| lesser(lesser(stated, span), by_exp.and_then(left)));
                Self { seconds, expires_at: ends_at(seconds.map(Seconds::get)) }
            }
            (Expiry::At(end), _) | (Expiry::Unstated, Some(end)) => {
                let end = exp.map_or(end, |exp| exp.min(end));
                let seconds = match left(end) {
                    None => span.and_then(|span| {
                        default_lifetime.map_or(Some(span), |most| Seconds::new(span.get().min(most)))
                    }),
                    left => lesser(left, span),
                };
                Self { seconds, expires_at: Some(end) }
            }
            (Expiry::Unstated, None) => {
                Self { seconds: default_lifetime.and_then(Seconds::new), expires_at: ends_at(default_lifetime) }
            }
        }
    }
}

/// Where both are known, and the one has not come at the other.
#[inline(never)]
fn between(start: Option<UnixTime>, end: Option<UnixTime>) -> Option<Seconds> {
    Seconds::new(end?.left(start?))
}

fn lesser(a: Option<Seconds>, b: Option<Seconds>) -> Option<Seconds> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
