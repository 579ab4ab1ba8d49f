//! The providers, each as one constant. A further one is a constant like these, in the caller's own code.

mod loyalife;
mod loyalty_dog;
mod open_loyalty;
mod rfc6749;
mod zype;

pub use loyalife::LOYALIFE;
pub use loyalty_dog::LOYALTY_DOG;
pub use open_loyalty::OPEN_LOYALTY;
pub use rfc6749::{RFC6749, RFC6749_BODY};
pub use zype::ZYPE;

use crate::dialect::{Dialect, Exchange, Member, Parameter, Settings};

/// A provider as a table in Rust. See [`dialect`](crate::dialect) for the vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'a> {
    /// Each exchange with the parameters of its body, in the order in which they are sent.
    pub exchanges: &'a [(Exchange<'a>, &'a [Parameter<'a>])],
    /// What the members of an answer mean; at most 16.
    pub members: &'a [Member<'a>],
    /// Codes with which the provider refuses what it may grant later.
    pub transient_codes: &'a [&'a [u8]],
    /// What holds for the provider as a whole.
    pub settings: Settings<'a>,
}

impl Dialect for Provider<'_> {
    fn exchange(&self, index: usize) -> Option<Exchange<'_>> {
        self.exchanges.get(index).map(|(exchange, _)| *exchange)
    }

    fn parameter(&self, exchange: usize, index: usize) -> Option<Parameter<'_>> {
        self.exchanges.get(exchange)?.1.get(index).copied()
    }

    fn member(&self, index: usize) -> Option<Member<'_>> {
        self.members.get(index).copied()
    }

    fn transient_code(&self, index: usize) -> Option<&[u8]> {
        self.transient_codes.get(index).copied()
    }

    fn settings(&self) -> Settings<'_> {
        self.settings
    }
}
