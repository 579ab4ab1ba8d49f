//! The scenarios' effects on the wire: another's answer, the provider's answer altered, and how it is delivered.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::encoding::gzip;
use crate::http::{Framing, Response};
use crate::{Scenario, time};

/// The answer that comes in the provider's place.
pub(crate) fn stranger(scenario: Scenario) -> Option<Response> {
    let html = |status, text: &str| {
        Response::new(status).date().body("text/html; charset=utf-8", text).field("Server", "proxy")
    };
    let busy = || Response::new(429).date().body("application/json", r#"{"message":"Too Many Attempts."}"#);
    Some(match scenario {
        Scenario::Portal => html(200, PORTAL),
        Scenario::PortalBig => html(200, &format!("{PORTAL}<!-- {} -->", "a page of many words ".repeat(2_500))),
        Scenario::Blocked => html(403, "<html><body>Request blocked by the web application firewall</body></html>\n"),
        Scenario::Broken => html(500, "<html><h1>500 Internal Server Error</h1></html>\n"),
        Scenario::Empty => Response::new(200).date(),
        Scenario::Busy => busy().field("Retry-After", "30"),
        Scenario::BusyBare => busy(),
        Scenario::BusyDate => {
            let later = time::http_date(time::now() + 120);
            html(503, "<html><h1>Down for maintenance</h1></html>\n").field("Retry-After", later)
        }
        Scenario::Redirect => html(302, "").field("Location", "http://portal.example/login?next=/"),
        Scenario::NoToken => Response::new(200).date().body("application/json", "{}"),
        _ => return None,
    })
}

const PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Guest network</title></head>\
    <body><form action=\"/login\">Accept the terms to go on-line</form></body></html>\n";

/// What a scenario changes in the provider's own answer.
pub(crate) fn alter(scenario: Scenario, response: &mut Response) {
    match scenario {
        Scenario::Chunks => response.framing = Framing::TinyChunks,
        Scenario::UntilClose => response.framing = Framing::UntilClose,
        Scenario::BothLengths => response.framing = Framing::Both,
        Scenario::BigHead => {
            let cookie =
                |index| ("Set-Cookie".to_owned(), format!("edge-{index}={}; Path=/; HttpOnly", "c".repeat(200)));
            response.fields.extend((0..16).map(cookie));
        }
        Scenario::Gzip => {
            response.body = gzip(&response.body);
            response.fields.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
        }
        Scenario::Bom => drop(response.body.splice(..0, *b"\xEF\xBB\xBF")),
        Scenario::Malformed => {
            if let Some(last) = response.body.last_mut() {
                *last = b']';
            }
        }
        _ => {}
    }
}

/// Whether the connection ends after this scenario's answer, whatever the client asked for.
pub(crate) fn closes(scenario: Scenario) -> bool {
    use Scenario::{BothLengths, Garbage, Hangup, Silent, Trailing, Truncated, UntilClose};
    matches!(scenario, BothLengths | Garbage | Hangup | Silent | Trailing | Truncated | UntilClose)
}

/// Writes the message, or what the scenario leaves of it.
pub(crate) fn deliver(scenario: Scenario, mut stream: &TcpStream, message: &[u8]) -> io::Result<()> {
    match scenario {
        Scenario::Hangup => Ok(()),
        // Ends when the client gives up, or when the server stops.
        Scenario::Silent => stream.read(&mut [0]).map(drop),
        Scenario::Garbage => stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n"),
        Scenario::Truncated => stream.write_all(&message[..truncation(message)]),
        Scenario::Trailing => {
            stream.write_all(message)?;
            stream.write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        }
        Scenario::Interim => {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")?;
            stream.write_all(message)
        }
        // Without the pause the bytes would meet again in the receiver's buffer.
        Scenario::Drip => pieces(stream, message, 1, Duration::from_micros(50)),
        Scenario::Modem => pieces(stream, message, 63, Duration::from_millis(2)),
        _ => stream.write_all(message),
    }
}

fn pieces(mut stream: &TcpStream, message: &[u8], size: usize, pause: Duration) -> io::Result<()> {
    for piece in message.chunks(size) {
        stream.write_all(piece)?;
        thread::sleep(pause);
    }
    Ok(())
}

/// The middle of the body, framing included.
fn truncation(message: &[u8]) -> usize {
    let body = message.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |head| head + 4);
    body + (message.len() - body) / 2
}
