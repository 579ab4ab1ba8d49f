//! Every server, driven over TCP by a client that knows nothing of the library.

mod client;
mod http;
mod loyalife;
mod loyalty_dog;
mod open_loyalty;
mod rfc6749;
mod scenarios;
mod token;
mod zype;
