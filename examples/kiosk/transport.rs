//! A connection as the library's exchanges want it: bytes over TCP or TLS, which are counted on the way.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pos_token::http::Scheme;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::server::Server;

/// How connections are opened.
pub struct Connector {
    tls: Arc<ClientConfig>,
    timeout: Duration,
    keep: bool,
}

impl Connector {
    /// Trusts the public certificate authorities, or only those in the PEM file `authorities`. No connection, read or
    /// write waits longer than `timeout`. With `keep`, what is sent and received is kept for a trace.
    pub fn new(authorities: Option<&Path>, timeout: Duration, keep: bool) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        match authorities {
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(file) => {
                let unusable = |error: &dyn std::fmt::Display| format!("--ca: {}: {error}", file.display());
                for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
                    let certificate = certificate.map_err(|error| unusable(&error))?;
                    roots.add(certificate).map_err(|error| unusable(&error))?;
                }
                if roots.is_empty() {
                    return Err(unusable(&"no certificate in it"));
                }
            }
        }
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Ok(Self { tls: Arc::new(tls), timeout, keep })
    }

    /// A connection to this server, which is opened when the first byte is sent.
    pub fn connection<'a>(&'a self, server: &'a Server) -> Connection<'a> {
        let record = self.keep.then(Record::default);
        Connection { connector: self, server, stream: None, sent: 0, received: 0, record }
    }

    fn open(&self, server: &Server) -> io::Result<Box<dyn Stream>> {
        let host = server.host.trim_start_matches('[').trim_end_matches(']');
        let tcp = self.open_tcp(host, server.port)?;
        match server.scheme {
            Scheme::Http => Ok(Box::new(tcp)),
            Scheme::Https => {
                let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
                let tls = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
                Ok(Box::new(StreamOwned::new(tls, tcp)))
            }
        }
    }

    fn open_tcp(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let mut result = Err(io::Error::new(ErrorKind::NotFound, "the host has no address"));
        for address in (host, port).to_socket_addrs()? {
            result = TcpStream::connect_timeout(&address, self.timeout);
            if result.is_ok() {
                break;
            }
        }
        let tcp = result?;
        tcp.set_read_timeout(Some(self.timeout))?;
        tcp.set_write_timeout(Some(self.timeout))?;
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }
}

trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// The bytes that went over a connection, for a trace. They hold secrets.
#[derive(Default)]
pub struct Record {
    pub sent: Vec<u8>,
    pub received: Vec<u8>,
}

/// One connection. It is the adapter from `std`'s streams to the traits of `embedded_io`.
pub struct Connection<'a> {
    connector: &'a Connector,
    server: &'a Server,
    stream: Option<Box<dyn Stream>>,
    pub sent: usize,
    pub received: usize,
    pub record: Option<Record>,
}

impl embedded_io::ErrorType for Connection<'_> {
    type Error = io::Error;
}

impl embedded_io::Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            closed => closed.insert(self.connector.open(self.server)?),
        };
        let count = uninterrupted(|| stream.write(bytes))?;
        self.sent += count;
        if let Some(record) = &mut self.record {
            record.sent.extend(&bytes[..count]);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.as_mut().map_or(Ok(()), |stream| uninterrupted(|| stream.flush()))
    }
}

impl embedded_io::Read for Connection<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(stream) = &mut self.stream else { return Ok(0) };
        let count = uninterrupted(|| stream.read(buffer))?;
        self.received += count;
        if let Some(record) = &mut self.record {
            record.received.extend(&buffer[..count]);
        }
        Ok(count)
    }
}

/// Tries again after a signal; and what a passed timeout is called depends on the system.
fn uninterrupted<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match work() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(io::Error::new(ErrorKind::TimedOut, "timed out"));
            }
            result => return result,
        }
    }
}
