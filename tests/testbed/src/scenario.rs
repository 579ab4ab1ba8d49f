//! What can happen beside a plain answer, and how a request chooses it.

use crate::http::Request;
use crate::json::Json;
use crate::parameters;

/// Makes the enumeration and its name table from one list, so that documentation, names and `--help` agree.
macro_rules! scenarios {
    ($($variant:ident $name:literal $effect:literal,)*) => {
        /// What can happen beside a plain answer; see the [crate's page](crate#scenarios) for how a client chooses it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Scenario {
            /// The plain answer.
            Plain,
            $(#[doc = concat!("`", $name, "`: ", $effect)] $variant,)*
        }

        impl Scenario {
            /// Every scenario but [`Scenario::Plain`]: itself, the name that chooses it, and its effect.
            pub const ALL: &[(Scenario, &str, &str)] = &[$((Scenario::$variant, $name, $effect),)*];
        }
    };
}

scenarios! {
    // Another answers in the provider's place, whatever the credentials.
    Portal "portal" "200 with the HTML page of a captive portal",
    PortalBig "portal-big" "the same, of 50 KiB",
    Blocked "blocked" "403 with a firewall's HTML page",
    Broken "broken" "500 with a short HTML page",
    Empty "empty" "200 with an empty body",
    Busy "busy" "429 with `Retry-After: 30`",
    BusyDate "busy-date" "503 with a `Retry-After` date 120 seconds ahead, and an HTML page",
    BusyBare "busy-bare" "429 without `Retry-After`",
    Redirect "redirect" "302 to a portal's log-in page",
    Hangup "hangup" "closes without a byte",
    Silent "silent" "reads the request and never answers",
    Garbage "garbage" "answers in another protocol",
    NoToken "no-token" "200 with the JSON object `{}`",
    // The provider's own answer arrives in another way.
    Drip "drip" "one byte in each write",
    Modem "modem" "63 bytes in each write, 2 ms apart",
    Chunks "chunks" "chunks of one byte with extensions, and a trailer section",
    UntilClose "until-close" "HTTP/1.0, the body ends when the connection closes",
    Interim "interim" "100 and 103 before the answer",
    BigHead "big-head" "a head of 4 KiB",
    Gzip "gzip" "the body in gzip, although none was asked for",
    Bom "bom" "a UTF-8 byte order mark before the JSON",
    Escaped "escaped" "every `-`, `.`, `_` and the like in the JSON as `\\u00XX`",
    Malformed "malformed" "the JSON's last brace is a bracket",
    Truncated "truncated" "closes in the middle of the body",
    Trailing "trailing" "bytes after the message",
    BothLengths "both-lengths" "`Content-Length` beside `Transfer-Encoding`",
    // The provider's own answer says something else.
    Mfa "mfa" "LoyaltyDog: `mfaPending` and a `pendingToken` in place of a token",
    Echo "echo" "LoyaltyDog: 422 that echoes the whole form, password included",
    Refused "refused" "the log-in fails as with a wrong password or secret, a refresh as with a dead token",
    Exception "exception" "Loyalife: 200 with the error code 997",
    Brief "brief" "the token lives 2 seconds",
    Long "long" "the longest token that the provider is known to give",
    Rotate "rotate" "Open Loyalty: a refresh token can be used once",
    StringLife "string-life" "Zype and RFC 6749: `expires_in` as a string",
    TextClock "text-clock" "Zype: `created_at` as a text without a year",
    Offset "offset" "Loyalife: `tokenExpiresOn` at +05:30, without a fraction",
    Hs512 "hs512" "Loyalife: the JWT's algorithm is written `HS512`",
    Forged "forged" "LoyaltyDog, Loyalife: the last bytes of the JWT's signature are wrong",
    Unsigned "unsigned" "LoyaltyDog, Loyalife: the JWT's algorithm is `none`",
    Expired "expired" "the token died a minute ago: `exp`, `tokenExpiresOn`, and an `expires_in` of -60",
    Early "early" "LoyaltyDog, Loyalife: the JWT's `nbf` is an hour ahead",
}

impl Scenario {
    /// The scenario that a name chooses: `drip`, or `drip@` and anything.
    pub fn named(name: &str) -> Option<Scenario> {
        let name = name.split_once('@').map_or(name, |(local, _)| local);
        Scenario::ALL.iter().find(|(_, known, _)| *known == name).map(|(scenario, ..)| *scenario)
    }

    /// The one that the request's credentials choose.
    pub(crate) fn of(request: &Request) -> Scenario {
        parameters::identities(request).iter().find_map(|name| Scenario::named(name)).unwrap_or(Scenario::Plain)
    }

    /// Seconds of life for a token that usually lives `usual`.
    pub(crate) fn lifetime(self, usual: i64) -> i64 {
        match self {
            Scenario::Brief => 2,
            Scenario::Expired => -60,
            _ => usual,
        }
    }

    /// The `expires_in` of a token that lives so long.
    pub(crate) fn expires_in(self, lifetime: i64) -> Json {
        match self {
            Scenario::StringLife => lifetime.to_string().into(),
            _ => lifetime.into(),
        }
    }
}

/// Whether a user or client is known: the valid one, or a scenario's.
pub(crate) fn is_known(name: Option<&str>, valid: &str) -> bool {
    name.is_some_and(|name| name == valid || Scenario::named(name).is_some())
}
