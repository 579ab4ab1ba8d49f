//! Log-ins over TLS, with a certificate authority of the test's own.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use pos_token_testbed::Testbed;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::log_in::arguments;
use crate::program::{Run, kiosk};

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// The certificate as a file, for `--ca`.
    file: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
        fs::write(&file, certificate.pem()).unwrap();
        Self { issuer: Issuer::new(params, key), file }
    }

    /// What a server of this name needs.
    fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.issuer).unwrap().into();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
        Arc::new(config.unwrap())
    }
}

/// Takes TLS off what comes and hands it on to `inner`, one request and its answer at a time. Gives the port.
fn proxy(config: Arc<ServerConfig>, inner: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for outside in listener.incoming() {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client that trusts nobody hangs up.
            relay(StreamOwned::new(tls, outside.unwrap()), inner).ok();
        }
    });
    port
}

fn relay(mut outside: StreamOwned<ServerConnection, TcpStream>, inner: SocketAddr) -> io::Result<()> {
    let mut request = vec![0; 4096];
    let count = outside.read(&mut request)?;
    let mut inside = TcpStream::connect(inner)?;
    inside.write_all(&request[..count])?;
    io::copy(&mut inside, &mut outside)?;
    outside.conn.send_close_notify();
    outside.flush()
}

#[test]
fn only_a_trusted_server_gets_the_password() {
    let testbed = Testbed::start();
    let server = &testbed.zype;
    let (trusted, other) = (Authority::new("trusted"), Authority::new("other"));
    let port = proxy(trusted.server("localhost"), server.addr());
    server.set_public_port(port);
    let log_in = |host: &str, further: &[&str]| -> Run {
        let mut arguments = arguments(server);
        arguments.extend(["--url".to_owned(), format!("https://{host}:{port}"), "--trace".to_owned()]);
        arguments.extend(further.iter().map(|option| (*option).to_owned()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        kiosk(&arguments).hides(crate::SECRETS)
    };
    let ca = trusted.file.to_str().unwrap();
    log_in("localhost", &["--ca", ca]).exits(0).says("opaque");
    assert_eq!(server.count("POST", "/oauth/token"), 1);
    log_in("localhost", &[]).exits(7).says("certificate");
    log_in("localhost", &["--ca", other.file.to_str().unwrap()]).exits(7).says("certificate");
    // The certificate is for another name.
    log_in("127.0.0.1", &["--ca", ca]).exits(7).says("certificate");
    log_in("localhost", &["--ca", file!()]).exits(2);
    assert_eq!(server.count("POST", "/oauth/token"), 1);
    assert_eq!(testbed.complaints(), [""; 0]);
}
