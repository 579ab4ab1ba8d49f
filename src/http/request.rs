//! The head of a request: where it goes, and the fields that go with it.
//!
//! Nothing that a caller gives is written before it was checked, so that no part of a request can end its line, its
//! head or its message.

use core::fmt;

use super::{is, is_tchar, is_value_byte};
use crate::buffer::Writer;
use crate::form;

/// The request's method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// `GET`, without content.
    Get = 1,
    /// `POST`, with content, if only of length 0.
    Post = 2,
}

/// How the server is reached. This library writes the same bytes for both; only the default port differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Scheme {
    /// Over plain TCP, port 80 unless another is given.
    Http = 1,
    /// Over TLS, port 443 unless another is given.
    Https = 2,
}

impl Scheme {
    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// What the request says about the connection's future (RFC 9110, section 7.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Connection {
    /// Nothing, which HTTP/1.1 takes for "keep it".
    Unstated = 1,
    /// `Connection: keep-alive`, for what stands in between and speaks HTTP/1.0.
    KeepAlive = 2,
    /// `Connection: close`: the server closes it after its response.
    Close = 3,
}

/// A server, and how it wants to be addressed.
///
/// ```
/// use pos_token::http::{Connection, Endpoint};
///
/// const SERVER: Endpoint = Endpoint::https("api.example.com")
///     .port(8443)
///     .prefix("/loyalty")
///     .user_agent("till/1.2")
///     .headers(&[("X-Store", "17")])
///     .connection(Connection::Close);
/// ```
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    scheme: Scheme,
    host: &'a str,
    port: Option<u16>,
    prefix: &'a str,
    path: Option<&'a str>,
    user_agent: Option<&'a str>,
    headers: &'a [(&'a str, &'a str)],
    connection: Connection,
}

impl<'a> Endpoint<'a> {
    /// A server at a host: a name in ASCII, an IPv4 address, or an IPv6 address in brackets.
    pub const fn new(scheme: Scheme, host: &'a str) -> Self {
        Self {
            scheme,
            host,
            port: None,
            prefix: "",
            path: None,
            user_agent: None,
            headers: &[],
            connection: Connection::Unstated,
        }
    }

    /// A server that is reached over plain TCP.
    pub const fn http(host: &'a str) -> Self {
        Self::new(Scheme::Http, host)
    }

    /// A server that is reached over TLS.
    pub const fn https(host: &'a str) -> Self {
        Self::new(Scheme::Https, host)
    }

    /// Another port than the scheme's own; it is told to the server in `Host`.
    pub const fn port(self, port: u16) -> Self {
        Self { port: Some(port), ..self }
    }

    /// What a reverse proxy wants before every path: begins with `/`, percent-encoded, without a query. A `/` at its
    /// end is left out.
    pub const fn prefix(self, prefix: &'a str) -> Self {
        Self { prefix, ..self }
    }

    /// The path to use in place of the provider's: begins with `/`, percent-encoded, a query may follow.
    pub const fn path(self, path: &'a str) -> Self {
        Self { path: Some(path), ..self }
    }

    /// The `User-Agent`, without which some firewalls block.
    pub const fn user_agent(self, user_agent: &'a str) -> Self {
        Self { user_agent: Some(user_agent), ..self }
    }

    /// Further fields, as names and values, in the order given. Those that this library writes itself or that would
    /// change how the message is framed are refused.
    pub const fn headers(self, headers: &'a [(&'a str, &'a str)]) -> Self {
        Self { headers, ..self }
    }

    /// What to say about the connection.
    pub const fn connection(self, connection: Connection) -> Self {
        Self { connection, ..self }
    }

    /// The path that replaces the provider's.
    pub(crate) fn own_path(&self) -> Option<&'a [u8]> {
        self.path.map(str::as_bytes)
    }

    /// Whether the request asks the server to close the connection.
    pub(crate) fn closes(&self) -> bool {
        self.connection == Connection::Close
    }

    /// To be called before anything is written.
    ///
    /// # Errors
    ///
    /// The first part that cannot be sent as it is.
    pub(crate) fn check(&self) -> Result<(), InvalidPart> {
        let agent_is_valid = self.user_agent.is_none_or(|agent| is_field_value(agent.as_bytes()));
        if !is_host(self.host.as_bytes()) {
            Err(InvalidPart::Host)
        } else if !self.prefix.is_empty() && !is_path(self.prefix.as_bytes(), false) {
            Err(InvalidPart::Prefix)
        } else if self.path.is_some_and(|path| !is_path(path.as_bytes(), true)) {
            Err(InvalidPart::Path)
        } else if !agent_is_valid {
            Err(InvalidPart::UserAgent)
        } else if !self.headers.iter().all(|(name, _)| is_callers_field(name.as_bytes())) {
            Err(InvalidPart::HeaderName)
        } else if !self.headers.iter().all(|(_, value)| is_field_value(value.as_bytes())) {
            Err(InvalidPart::HeaderValue)
        } else {
            Ok(())
        }
    }
}

/// Without the query of the path and the values of the further headers, which may be API keys.
impl fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Names<'a>(&'a [(&'a str, &'a str)]);
        impl fmt::Debug for Names<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_map().entries(self.0.iter().map(|(name, _)| (name, format_args!("[redacted]")))).finish()
            }
        }
        let query_at = |path: &str| path.bytes().position(|byte| byte == b'?').unwrap_or(path.len());
        f.debug_struct("Endpoint")
            .field("scheme", &self.scheme)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("prefix", &self.prefix)
            .field("path", &self.path.and_then(|path| path.get(..query_at(path))))
            .field("user_agent", &self.user_agent)
            .field("headers", &Names(self.headers))
            .field("connection", &self.connection)
            .finish()
    }
}

/// The part of a request that cannot be sent: it is empty where it must not be, or holds a byte that could split the
/// message or change its meaning. What it holds is not part of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPart {
    /// The host is neither a name in ASCII nor an address; an IPv6 address goes in brackets.
    Host,
    /// The prefix does not begin with `/`, or holds `?`, `#`, a space, a control or what is not ASCII.
    Prefix,
    /// The path does not begin with `/`, or holds `#`, a space, a control or what is not ASCII.
    Path,
    /// The user agent holds a control.
    UserAgent,
    /// A header's name is empty or holds what names do not have, or the field is one that this library writes itself.
    HeaderName,
    /// A header's value holds a control.
    HeaderValue,
    /// The value of `Authorization` holds what it must not.
    Authorization,
}

impl InvalidPart {
    /// The stable short code.
    pub const fn code(self) -> u16 {
        match self {
            Self::Host => 121,
            Self::Prefix => 122,
            Self::Path => 123,
            Self::UserAgent => 124,
            Self::HeaderName => 125,
            Self::HeaderValue => 126,
            Self::Authorization => 127,
        }
    }
}

impl fmt::Display for InvalidPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => "the host cannot be sent",
            Self::Prefix => "the path prefix cannot be sent",
            Self::Path => "the path cannot be sent",
            Self::UserAgent => "the user agent cannot be sent",
            Self::HeaderName => "a header with this name cannot be sent",
            Self::HeaderValue => "a header with this value cannot be sent",
            Self::Authorization => "the authorization cannot be sent",
        })
    }
}

impl core::error::Error for InvalidPart {}

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'c> {
    /// The media type.
    pub(crate) media_type: &'c [u8],
    /// In bytes.
    pub(crate) length: usize,
}

/// The fields that are not a caller's to give.
const OWN_FIELDS: [&[u8]; 10] = [
    b"Host",
    b"Accept",
    b"Accept-Encoding",
    b"User-Agent",
    b"Connection",
    b"Content-Type",
    b"Content-Length",
    b"Authorization",
    b"Transfer-Encoding",
    b"Upgrade",
];

/// Begins a request: the method and the endpoint's prefix. The path comes next, and then [`fields`].
pub(crate) fn begin(w: &mut Writer<'_>, method: Method, endpoint: &Endpoint<'_>) {
    w.bytes(match method {
        Method::Get => b"GET ",
        Method::Post => b"POST ",
    });
    let prefix = endpoint.prefix.as_bytes();
    w.bytes(prefix.strip_suffix(b"/").unwrap_or(prefix));
}

/// Writes one segment of a path, with everything percent-encoded but the unreserved (RFC 3986, section 2.3): a form's text
/// but for three characters.
pub(crate) fn path_segment(w: &mut Writer<'_>, segment: &[u8]) {
    for byte in segment {
        match byte {
            b' ' => w.bytes(b"%20"),
            b'*' => w.bytes(b"%2A"),
            b'~' => w.byte(*byte),
            _ => form::texts(w, &[(0, &[*byte]), (0, b"")]),
        }
    }
}

/// Ends the request line and writes all fields but `Authorization`. That may follow, and then an empty line must.
///
/// A `POST` has content, if only of length 0, and a `GET` has none.
pub(crate) fn fields(w: &mut Writer<'_>, endpoint: &Endpoint<'_>, content: Option<Content<'_>>) {
    w.bytes(b" HTTP/1.1\r\nHost: ");
    w.bytes(endpoint.host.as_bytes());
    if let Some(port) = endpoint.port.filter(|port| *port != endpoint.scheme.default_port()) {
        w.byte(b':');
        w.number(usize::from(port));
    }
    // Identity: there is no decompressor here.
    w.bytes(b"\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n");
    if let Some(user_agent) = endpoint.user_agent {
        field(w, b"User-Agent", user_agent.as_bytes());
    }
    for (name, value) in endpoint.headers {
        field(w, name.as_bytes(), value.as_bytes());
    }
    match endpoint.connection {
        Connection::Unstated => {}
        Connection::KeepAlive => field(w, b"Connection", b"keep-alive"),
        Connection::Close => field(w, b"Connection", b"close"),
    }
    if let Some(content) = content {
        field(w, b"Content-Type", content.media_type);
        w.bytes(b"Content-Length: ");
        w.number(content.length);
        w.bytes(b"\r\n");
    }
}

fn field(w: &mut Writer<'_>, name: &[u8], value: &[u8]) {
    w.bytes(name);
    w.bytes(b": ");
    w.bytes(value);
    w.bytes(b"\r\n");
}

/// Whether this can be a field's value: no control but the tab.
fn is_field_value(value: &[u8]) -> bool {
    value.iter().all(|byte| is_value_byte(*byte))
}

/// Whether this is a token (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| is_tchar(*byte))
}

/// Whether a caller may give a field of this name.
fn is_callers_field(name: &[u8]) -> bool {
    is_token(name) && !OWN_FIELDS.iter().any(|own| is(name, own))
}

/// Whether this is a host as it stands in `Host` (RFC 3986, section 3.2.2), of the bytes that names in use are made of.
fn is_host(host: &[u8]) -> bool {
    match host.strip_prefix(b"[") {
        Some(bracketed) => bracketed.strip_suffix(b"]").is_some_and(is_ipv6),
        None => !host.is_empty() && host.iter().all(|byte| is_unreserved(*byte)),
    }
}

fn is_ipv6(address: &[u8]) -> bool {
    !address.is_empty() && address.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
}

/// Whether this begins as a path does and holds visible ASCII only, without a fragment and, unless `with_query`,
/// without a query.
fn is_path(path: &[u8], with_query: bool) -> bool {
    let is_path_byte = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#' && (with_query || *byte != b'?');
    path.first() == Some(&b'/') && path.iter().all(is_path_byte)
}

/// Whether a description's path can be sent, once its fields in braces are filled in; an empty one is the caller's.
pub(crate) fn is_path_template(path: &[u8]) -> bool {
    path.is_empty() || is_path(path, true)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    use super::InvalidPart::*;
    use super::*;

    const BARE: Endpoint<'_> = Endpoint::https("api.example.com");

    fn written(write: impl Fn(&mut Writer<'_>)) -> String {
        let mut counter = Writer::counter();
        write(&mut counter);
        let mut out = vec![0; counter.total()];
        let mut writer = Writer::new(&mut out);
        write(&mut writer);
        assert_eq!(writer.total(), counter.total());
        String::from_utf8(out).unwrap()
    }

    fn head(method: Method, endpoint: &Endpoint<'_>, content: Option<Content<'_>>) -> String {
        assert_eq!(endpoint.check(), Ok(()));
        written(|w| {
            begin(w, method, endpoint);
            w.bytes(b"/login");
            fields(w, endpoint, content);
        })
    }

    #[test]
    fn smallest() {
        assert_eq!(
            head(Method::Get, &BARE, None),
            "GET /login HTTP/1.1\r\nHost: api.example.com\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"
        );
    }

    #[test]
    fn with_everything() {
        let endpoint = Endpoint::http("10.0.0.1")
            .port(8080)
            .prefix("/loyalty")
            .user_agent("till/1.2 (lane 4)")
            .headers(&[("X-Store", "17"), ("x-empty", "")])
            .connection(Connection::KeepAlive);
        assert_eq!(
            head(Method::Post, &endpoint, Some(Content { media_type: b"application/json", length: 92 })),
            "POST /loyalty/login HTTP/1.1\r\nHost: 10.0.0.1:8080\r\nAccept: application/json\r\n\
             Accept-Encoding: identity\r\nUser-Agent: till/1.2 (lane 4)\r\nX-Store: 17\r\nx-empty: \r\n\
             Connection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: 92\r\n"
        );
    }

    #[test]
    fn empty_content_has_a_length() {
        let head = head(Method::Post, &BARE, Some(Content { media_type: b"application/json", length: 0 }));
        assert!(head.ends_with("\r\nContent-Type: application/json\r\nContent-Length: 0\r\n"), "{head}");
    }

    #[test]
    fn port_where_it_is_not_the_default() {
        for (endpoint, host) in [
            (Endpoint::https("a"), "a"),
            (Endpoint::https("a").port(443), "a"),
            (Endpoint::https("a").port(80), "a:80"),
            (Endpoint::http("a"), "a"),
            (Endpoint::http("a").port(80), "a"),
            (Endpoint::http("a").port(443), "a:443"),
            (Endpoint::https("[2001:db8::1]").port(65_535), "[2001:db8::1]:65535"),
        ] {
            let head = head(Method::Get, &endpoint, None);
            assert!(head.contains(&format!("\r\nHost: {host}\r\n")), "{head}");
        }
    }

    #[test]
    fn connection() {
        for (connection, field) in [
            (Connection::Unstated, None),
            (Connection::KeepAlive, Some("Connection: keep-alive")),
            (Connection::Close, Some("Connection: close")),
        ] {
            let head = head(Method::Get, &BARE.connection(connection), None);
            assert_eq!(head.lines().find(|line| line.starts_with("Connection")), field);
        }
    }

    #[test]
    fn prefixes_end_without_a_slash() {
        for (prefix, path) in [("", "/login"), ("/", "/login"), ("/a", "/a/login"), ("/a/b/", "/a/b/login")] {
            let head = head(Method::Get, &BARE.prefix(prefix), None);
            assert!(head.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{head}");
        }
    }

    #[test]
    fn path_segments() {
        let segment = |text: &[u8]| written(|w| path_segment(w, text));
        assert_eq!(segment(b""), "");
        assert_eq!(segment(b"AZaz09-._~"), "AZaz09-._~");
        assert_eq!(segment(b"../a b?#%\r\n\0"), "..%2Fa%20b%3F%23%25%0D%0A%00");
        assert_eq!(segment("é€".as_bytes()), "%C3%A9%E2%82%AC");
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(segment(&all).len(), 66 + 3 * (256 - 66));
        for byte in all {
            let stays = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let expected = if stays { char::from(byte).into() } else { format!("%{byte:02X}") };
            assert_eq!(segment(&[byte]), expected);
        }
    }

    /// Tries every byte of ASCII within a text.
    fn refused_bytes(before: &str, check: impl Fn(&str) -> Result<(), InvalidPart>, part: InvalidPart) -> String {
        (0..=127_u8)
            .map(char::from)
            .filter(|c| {
                let result = check(&format!("{before}a{c}b"));
                assert!(result.is_ok() || result == Err(part), "{c:?}: {result:?}");
                result.is_err()
            })
            .collect()
    }

    #[test]
    fn bytes_refused_by_each_part() {
        let controls: String = (0..=31_u8).chain([127]).map(char::from).collect();
        let without_tab = controls.replace('\t', "");
        let graphic = |except: &str| (33..127_u8).map(char::from).filter(|c| !except.contains(*c)).collect::<String>();
        let sorted = |text: String| {
            let mut bytes = text.into_bytes();
            bytes.sort_unstable();
            String::from_utf8(bytes).unwrap()
        };
        let spaced = format!("{controls} ");

        let host = refused_bytes("", |text| Endpoint::http(text).check(), Host);
        let letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        assert_eq!(host, sorted(spaced.clone() + &graphic(&format!("{letters}-._~"))));
        let prefix = refused_bytes("/", |text| BARE.prefix(text).check(), Prefix);
        assert_eq!(prefix, sorted(format!("{spaced}?#")));
        let path = refused_bytes("/", |text| BARE.path(text).check(), Path);
        assert_eq!(path, sorted(format!("{spaced}#")));
        let agent = refused_bytes("/", |text| BARE.user_agent(text).check(), UserAgent);
        assert_eq!(agent, without_tab);
        let name = refused_bytes("", |text| BARE.headers(&[(text, "")]).check(), HeaderName);
        assert_eq!(name, sorted(format!("{spaced}\"(),/:;<=>?@[\\]{{}}")));
        let value = refused_bytes("/", |text| BARE.headers(&[("X", text)]).check(), HeaderValue);
        assert_eq!(value, without_tab);
    }

    #[test]
    fn refused() {
        for host in ["", "[", "[]", "[::1", "::1", "a:80", "[::1]:80", "[g]", "u@a", "http://a", "a/b", "café"] {
            assert_eq!(Endpoint::http(host).check(), Err(Host), "{host}");
        }
        for path in ["", "a", "login/", "/caf\u{e9}"] {
            assert_eq!(BARE.path(path).check(), Err(Path), "{path}");
            assert_eq!(BARE.prefix(path).check(), if path.is_empty() { Ok(()) } else { Err(Prefix) }, "{path}");
        }
        for name in OWN_FIELDS {
            let name = core::str::from_utf8(name).unwrap();
            for name in [name, &name.to_ascii_lowercase(), &name.to_ascii_uppercase()] {
                assert_eq!(BARE.headers(&[("X-A", "b"), (name, "x")]).check(), Err(HeaderName), "{name}");
            }
        }
        assert_eq!(BARE.headers(&[("", "x")]).check(), Err(HeaderName));
        assert_eq!(BARE.headers(&[("X-A", "b\r\nHost: c")]).check(), Err(HeaderValue));
    }

    #[test]
    fn accepted() {
        for host in ["localhost", "a.b-c_d.example", "192.0.2.1", "[::1]", "[2001:DB8::192.0.2.1]"] {
            assert_eq!(Endpoint::http(host).check(), Ok(()), "{host}");
        }
        assert_eq!(BARE.path("/oauth2/login?tenant=a%20b").own_path(), Some(&b"/oauth2/login?tenant=a%20b"[..]));
        assert_eq!(BARE.path("/oauth2/login?tenant=a%20b").check(), Ok(()));
        assert_eq!(BARE.user_agent("till \u{e9}\t1").headers(&[("Proxy-Authorization", "x y")]).check(), Ok(()));
    }

    #[test]
    fn debug_shows_no_header_value() {
        let shown = format!("{:?}", BARE.headers(&[("X-Auth-Token", "hunter2")]));
        assert!(
            shown.contains("X-Auth-Token") && shown.contains("[redacted]") && !shown.contains("hunter2"),
            "{shown}"
        );
    }

    #[test]
    fn codes_are_stable() {
        let parts = [Host, Prefix, Path, UserAgent, HeaderName, HeaderValue, Authorization];
        assert_eq!(parts.map(InvalidPart::code), [121, 122, 123, 124, 125, 126, 127]);
    }
}
