//! Where a server is: `http[s]://host[:port][/prefix]`.

use pos_token::Endpoint;
use pos_token::http::{Connection, Scheme};

/// A server's address, taken apart.
#[derive(Clone)]
pub struct Server {
    pub scheme: Scheme,
    /// As it stands in `Host`: an IPv6 address is in brackets.
    pub host: String,
    pub port: u16,
    /// What comes before each of the provider's paths.
    pub prefix: String,
    /// What stands in place of the provider's path, where the provider has none.
    pub path: Option<String>,
}

impl Server {
    /// Takes a URL apart. The complaint never repeats the URL: it may hold a key.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let (scheme, default_port, rest) = if let Some(rest) = url.strip_prefix("https://") {
            (Scheme::Https, 443, rest)
        } else if let Some(rest) = url.strip_prefix("http://") {
            (Scheme::Http, 80, rest)
        } else {
            return Err("--url begins with https:// or http://");
        };
        let (authority, prefix) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("--url holds no credentials: they have options of their own");
        }
        // The colons of an IPv6 address stand before its bracket.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| "--url: not a port")?),
            _ => (authority, default_port),
        };
        if host.is_empty() {
            return Err("--url has no host");
        }
        Ok(Self { scheme, host: host.to_owned(), port, prefix: prefix.to_owned(), path: None })
    }

    /// What the URL says behind the host is the whole path, not a prefix.
    pub fn path_is_given(mut self) -> Self {
        let path = std::mem::take(&mut self.prefix);
        self.path = Some(path).filter(|path| !path.is_empty());
        self
    }

    /// The same for the library. Each request has a connection of its own, since that is the simplest client.
    pub fn endpoint(&self) -> Endpoint<'_> {
        let endpoint = Endpoint::new(self.scheme, &self.host)
            .port(self.port)
            .prefix(&self.prefix)
            .user_agent(concat!("pos-token-kiosk/", env!("CARGO_PKG_VERSION")))
            .connection(Connection::Close);
        match &self.path {
            Some(path) => endpoint.path(path),
            None => endpoint,
        }
    }
}
