//! Loopback servers.
