//! A listening server: one thread accepts, one thread for each connection answers.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::http::{Fault, Request, Response};
use crate::state::Grants;
use crate::{Scenario, tricks};

/// What a provider's server adds to the tiny HTTP server.
pub(crate) trait Provider: Send + Sync + 'static {
    /// The provider's own answer to a request that is sound HTTP.
    fn answer(&self, request: &Request, scenario: Scenario) -> Response;

    /// Adds the fields and the framing that every answer of this server software has.
    fn dress(&self, response: Response) -> Response;

    fn grants(&self) -> &Grants;
}

/// One provider's server on 127.0.0.1. It stops when this is dropped.
pub struct Server {
    name: &'static str,
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    provider: Box<dyn Provider>,
    /// The port that clients write into `Host`.
    public_port: AtomicU16,
    stopping: AtomicBool,
    connections: Mutex<HashMap<SocketAddr, TcpStream>>,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    counts: HashMap<(String, String), usize>,
    complaints: Vec<String>,
    last_request: Vec<u8>,
    queue: VecDeque<Scenario>,
}

impl Server {
    pub(crate) fn start(name: &'static str, port: u16, provider: impl Provider) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            provider: Box::new(provider),
            public_port: AtomicU16::new(address.port()),
            stopping: AtomicBool::new(false),
            connections: Mutex::default(),
            record: Mutex::default(),
        });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Ok(Server { name, address, shared, acceptor: Some(acceptor) })
    }

    /// The name that the binary's `--provider` takes.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where the server listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came to an endpoint, by method and path without query and scenario prefix.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let endpoint = (method.to_owned(), path.to_owned());
        self.shared.record().counts.get(&endpoint).copied().unwrap_or(0)
    }

    /// What was wrong with requests that no correct client sends.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.record().complaints.clone()
    }

    /// The bytes of the last whole request; empty before the first.
    pub fn last_request(&self) -> Vec<u8> {
        self.shared.record().last_request.clone()
    }

    /// Puts a scenario in the queue for the next request that does not choose its own. May be called several times:
    /// each request takes one.
    pub fn play(&self, scenario: Scenario) {
        self.shared.record().queue.push_back(scenario);
    }

    /// Ends every token that was issued, as regenerated credentials do.
    pub fn revoke_everything(&self) {
        self.shared.provider.grants().clear();
    }

    /// The port that `Host` has to name, where a proxy (for TLS, say) stands before the server.
    pub fn set_public_port(&self, port: u16) {
        self.shared.public_port.store(port, Ordering::Relaxed);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the acceptor. It ends the connections itself, since it may be about to open one more.
        let woken = TcpStream::connect(self.address);
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take()) {
            acceptor.join().ok();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({} {})", self.name, self.url())
    }
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("no thread panics while it holds the lock")
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<SocketAddr, TcpStream>> {
        self.connections.lock().expect("no thread panics while it holds the lock")
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    while let Ok((stream, peer)) = listener.accept() {
        if shared.stopping.load(Ordering::SeqCst) {
            break;
        }
        let Ok(handle) = stream.try_clone() else { continue };
        shared.connections().insert(peer, handle);
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // An error is the client's going away, which is its own affair.
            serve(&stream, &shared).ok();
            shared.connections().remove(&peer);
            stream.shutdown(Shutdown::Both).ok();
        });
    }
    for connection in shared.connections().values() {
        connection.shutdown(Shutdown::Both).ok();
    }
}

/// Answers requests until one side wants to close.
fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(10);
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        // A connection may be idle for ever, a request may not dawdle.
        stream.set_read_timeout(None)?;
        reader.fill_buf()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let read = Request::read(&mut reader, shared.public_port.load(Ordering::Relaxed));
        // Clients of this kind do not pipeline: what follows a body was not counted into its length.
        let read = match read {
            Ok(request) if !reader.buffer().is_empty() => {
                Err(format!("bytes after the body of {} {}", request.method, request.path).into())
            }
            read => read,
        };
        match read {
            Ok(mut request) => {
                let scenario = shared.choose(&mut request);
                let close = request.wants_close() || tricks::closes(scenario);
                let response = shared.respond(&request, scenario);
                stream.set_read_timeout(None)?;
                tricks::deliver(scenario, stream, &response.encode(close))?;
                if close {
                    return linger(stream);
                }
            }
            Err(Fault::Closed) => return Ok(()),
            Err(Fault::Wrong(complaint)) => {
                let text = format!("testbed: {complaint}\n");
                shared.record().complaints.push(complaint);
                let response = Response::new(400).body("text/plain; charset=utf-8", text).encode(true);
                (&mut &*stream).write_all(&response)?;
                return linger(stream);
            }
        }
    }
}

/// Lets the client read the answer before the connection goes: closing with unread bytes would reset it.
fn linger(mut stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(())
}

impl Shared {
    /// Finds the request's scenario, and takes its prefix off the path.
    fn choose(&self, request: &mut Request) -> Scenario {
        if let Some((scenario, path)) = prefixed(&request.path) {
            request.path = path;
            return scenario;
        }
        match Scenario::of(request) {
            Scenario::Plain => self.record().queue.pop_front().unwrap_or(Scenario::Plain),
            chosen => chosen,
        }
    }

    fn respond(&self, request: &Request, scenario: Scenario) -> Response {
        let mut record = self.record();
        *record.counts.entry((request.method.clone(), request.path.clone())).or_default() += 1;
        record.last_request.clone_from(&request.raw);
        drop(record);
        tricks::stranger(scenario).unwrap_or_else(|| {
            let mut response = self.provider.dress(self.provider.answer(request, scenario));
            tricks::alter(scenario, &mut response);
            response
        })
    }
}

/// The scenario of a path `/~name/…`, and the rest of the path.
fn prefixed(path: &str) -> Option<(Scenario, String)> {
    let (name, rest) = path.strip_prefix("/~")?.split_once('/')?;
    Some((Scenario::named(name)?, format!("/{rest}")))
}
