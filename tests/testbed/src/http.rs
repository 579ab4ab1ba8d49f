//! HTTP/1.1 as far as a token server needs it: requests read strictly, answers framed in every way.

use std::io::{BufRead, ErrorKind, Read};

use crate::time;

/// A request that was read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query, and without the scenario's prefix.
    pub(crate) path: String,
    fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The bytes as they came.
    pub(crate) raw: Vec<u8>,
}

/// Why a request was not answered by the provider.
pub(crate) enum Fault {
    /// The connection ended before a request began.
    Closed,
    /// What is wrong with the request.
    Wrong(String),
}

impl<T: Into<String>> From<T> for Fault {
    fn from(complaint: T) -> Fault {
        Fault::Wrong(complaint.into())
    }
}

const HEAD_LIMIT: usize = 16 * 1024;
const BODY_LIMIT: usize = 64 * 1024;

impl Request {
    /// Reads one request. `port` is the one that `Host` has to name.
    pub(crate) fn read(reader: &mut impl BufRead, port: u16) -> Result<Request, Fault> {
        let mut raw = Vec::new();
        let line = read_line(reader, &mut raw)?;
        let (method, path) = request_line(&line)?;
        let mut fields: Vec<(String, String)> = Vec::new();
        loop {
            let line = read_line(reader, &mut raw)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = field_line(&line)?;
            if fields.iter().any(|(earlier, _)| *earlier == name) {
                return Err(format!("the field {name} comes twice").into());
            }
            fields.push((name, value));
        }
        let mut request = Request { method, path, fields, body: Vec::new(), raw };
        request.check_host(port)?;
        request.read_body(reader)?;
        Ok(request)
    }

    /// The value of a field, by its lower-case name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The `Content-Type` without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.field("content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }

    /// Whether the client wants the connection to end after the answer.
    pub(crate) fn wants_close(&self) -> bool {
        self.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    fn check_host(&self, port: u16) -> Result<(), Fault> {
        let host = self.field("host").ok_or("there is no Host field")?;
        match host.rsplit_once(':') {
            Some((name, digits)) if !name.is_empty() && digits == port.to_string() => Ok(()),
            _ => Err(format!("Host is {host:?}, it has to be the server's name and :{port}").into()),
        }
    }

    fn read_body(&mut self, reader: &mut impl BufRead) -> Result<(), Fault> {
        if self.field("transfer-encoding").is_some() {
            return Err("a request body comes with Content-Length, not with Transfer-Encoding".into());
        }
        let length = match (self.method.as_str(), self.field("content-length")) {
            ("GET", None) => 0,
            ("GET", Some(_)) => return Err("a GET has no Content-Length".into()),
            (_, None) => return Err(format!("a {} needs Content-Length", self.method).into()),
            (_, Some(digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| "Content-Length is no number")?
            }
            (_, Some(other)) => return Err(format!("Content-Length is {other:?}").into()),
        };
        if length > BODY_LIMIT {
            return Err("the body is longer than 64 KiB".into());
        }
        let missing = |_| Fault::from(format!("the body is shorter than its Content-Length of {length}"));
        self.body.resize(length, 0);
        reader.read_exact(&mut self.body).map_err(missing)?;
        self.raw.extend(&self.body);
        Ok(())
    }
}

/// Reads to CR LF and takes it off.
fn read_line(reader: &mut impl BufRead, raw: &mut Vec<u8>) -> Result<String, Fault> {
    let begin = raw.len();
    let limit = (HEAD_LIMIT - begin) as u64;
    match reader.take(limit).read_until(b'\n', raw) {
        Ok(0) if raw.is_empty() => return Err(Fault::Closed),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset && raw.is_empty() => return Err(Fault::Closed),
        Err(error) => return Err(format!("the request's head did not arrive whole: {error}").into()),
    }
    let line = raw[begin..].strip_suffix(b"\n").ok_or("the request's head ends early or is longer than 16 KiB")?;
    let line = line.strip_suffix(b"\r").ok_or("a line of the head ends without CR")?;
    if line.iter().any(|byte| byte.is_ascii_control()) {
        return Err("a control character in the head".into());
    }
    String::from_utf8(line.to_owned()).map_err(|_| "the head is not UTF-8".into())
}

fn request_line(line: &str) -> Result<(String, String), Fault> {
    let wrong = || Fault::from(format!("{line:?} is not a request line"));
    let [method, target, "HTTP/1.1"] = line.split(' ').collect::<Vec<_>>()[..] else { return Err(wrong()) };
    if !matches!(method, "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS") || !target.starts_with('/') {
        return Err(wrong());
    }
    let path = target.split('?').next().unwrap_or(target);
    Ok((method.to_owned(), path.to_owned()))
}

fn field_line(line: &str) -> Result<(String, String), Fault> {
    let (name, value) = line.split_once(':').ok_or_else(|| format!("{line:?} is not a field line"))?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!("{name:?} is not a field name").into());
    }
    Ok((name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()))
}

/// How an answer says where its body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    Chunked,
    /// One byte to a chunk, with extensions and trailers.
    TinyChunks,
    /// HTTP/1.0, and the end of the connection.
    UntilClose,
    /// Two lengths that contradict each other.
    Both,
}

/// An answer before it is framed.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) framing: Framing,
    /// Whether this server writes its field names in lower case.
    pub(crate) lower_case: bool,
}

impl Response {
    pub(crate) fn new(status: u16) -> Response {
        Response { status, fields: Vec::new(), body: Vec::new(), framing: Framing::Length, lower_case: false }
    }

    pub(crate) fn field(mut self, name: &str, value: impl Into<String>) -> Response {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        self.body = body.into();
        self.field("Content-Type", content_type)
    }

    pub(crate) fn framing(self, framing: Framing) -> Response {
        Response { framing, ..self }
    }

    pub(crate) fn date(self) -> Response {
        self.field("Date", time::http_date(time::now()))
    }

    /// The message's bytes; `close` announces the connection's end.
    pub(crate) fn encode(&self, close: bool) -> Vec<u8> {
        let version = if self.framing == Framing::UntilClose { "HTTP/1.0" } else { "HTTP/1.1" };
        let mut message = format!("{version} {} {}\r\n", self.status, reason(self.status));
        let mut field = |name: &str, value: &str| {
            let name = if self.lower_case { name.to_ascii_lowercase() } else { name.to_owned() };
            message.push_str(&format!("{name}: {value}\r\n"));
        };
        self.fields.iter().for_each(|(name, value)| field(name, value));
        let has_body = self.status != 204;
        if has_body && matches!(self.framing, Framing::Length | Framing::Both) {
            field("Content-Length", &self.body.len().to_string());
        }
        if has_body && matches!(self.framing, Framing::Chunked | Framing::TinyChunks | Framing::Both) {
            field("Transfer-Encoding", "chunked");
        }
        if close {
            field("Connection", "close");
        }
        message.push_str("\r\n");
        let mut message = message.into_bytes();
        match self.framing {
            _ if !has_body => {}
            Framing::Length | Framing::UntilClose => message.extend(&self.body),
            Framing::Chunked | Framing::Both => push_chunks(&mut message, self.body.chunks(usize::MAX), "", ""),
            Framing::TinyChunks => {
                push_chunks(&mut message, self.body.chunks(1), ";part=\"a;b\"", "X-Checksum: none\r\n");
            }
        }
        message
    }
}

fn push_chunks<'a>(message: &mut Vec<u8>, chunks: impl Iterator<Item = &'a [u8]>, extension: &str, trailer: &str) {
    for chunk in chunks {
        message.extend(format!("{:x}{extension}\r\n", chunk.len()).bytes());
        message.extend(chunk);
        message.extend(b"\r\n");
    }
    message.extend(format!("0\r\n{trailer}\r\n").bytes());
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Unknown",
    }
}
