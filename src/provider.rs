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

impl<'a> Dialect for Provider<'a> {
    type Member = Member<'a>;

    fn exchange(&self, index: usize) -> Option<Exchange<'_>> {
        self.exchanges.get(index).map(|(exchange, _)| *exchange)
    }

    fn parameters(&self, exchange: usize) -> impl Iterator<Item = Parameter<'_>> {
        self.exchanges.get(exchange).map_or(&[][..], |(_, parameters)| *parameters).iter().copied()
    }

    fn parameter(&self, exchange: usize, index: usize) -> Option<Parameter<'_>> {
        self.exchanges.get(exchange)?.1.get(index).copied()
    }

    fn members(&self) -> &[Member<'a>] {
        self.members
    }

    fn transient_code(&self, index: usize) -> Option<&[u8]> {
        self.transient_codes.get(index).copied()
    }

    fn settings(&self) -> Settings<'_> {
        self.settings
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    /// A dialect that leaves to the trait what it can.
    struct Plain(Provider<'static>);

    impl Dialect for Plain {
        type Member = Member<'static>;

        fn exchange(&self, index: usize) -> Option<Exchange<'_>> {
            self.0.exchange(index)
        }

        fn parameter(&self, exchange: usize, index: usize) -> Option<Parameter<'_>> {
            self.0.parameter(exchange, index)
        }

        fn members(&self) -> &[Member<'static>] {
            self.0.members()
        }

        fn transient_code(&self, index: usize) -> Option<&[u8]> {
            self.0.transient_code(index)
        }

        fn settings(&self) -> Settings<'_> {
            self.0.settings()
        }
    }

    #[test]
    fn the_parameters_are_each_of_them() {
        for provider in [LOYALTY_DOG, ZYPE, LOYALIFE, OPEN_LOYALTY, RFC6749, RFC6749_BODY] {
            for exchange in 0..10 {
                let each: Vec<_> = (0..).map_while(|index| provider.parameter(exchange, index)).collect();
                assert_eq!(provider.parameters(exchange).collect::<Vec<_>>(), each);
                assert_eq!(Plain(provider).parameters(exchange).collect::<Vec<_>>(), each);
            }
        }
    }
}

/// Golden requests: what each provider's file expects of its own exchanges.
#[cfg(test)]
mod golden {
    use std::string::String;
    use std::vec::Vec;

    use super::Provider;
    use crate::dialect::Purpose;
    use crate::{Credentials, Endpoint, TokenRequest};

    /// The request line, and behind the head's other lines the body, each on a line.
    pub(super) fn request(provider: &Provider<'_>, purpose: Purpose, credentials: Credentials<'_>) -> String {
        let endpoint = Endpoint::https("api.example.com").prefix("/p");
        let whole = written(provider, purpose, credentials, &endpoint);
        let text = String::from_utf8(whole).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (line, fields) = head.split_once("\r\n").unwrap();
        let fields = fields
            .strip_prefix("Host: api.example.com\r\nAccept: application/json\r\nAccept-Encoding: identity")
            .unwrap()
            .replace("\r\n", "\n");
        std::format!("{line}{fields}\n{body}")
    }

    /// The whole request.
    pub(super) fn written(
        provider: &Provider<'_>,
        purpose: Purpose,
        credentials: Credentials<'_>,
        endpoint: &Endpoint<'_>,
    ) -> Vec<u8> {
        let request = TokenRequest::new(provider, purpose, credentials).unwrap();
        let mut buf = [0; 2048];
        request.write_http(endpoint, &mut buf).unwrap().to_vec()
    }

    /// What follows the first line where the body is a form.
    pub(super) fn form(body: &str) -> String {
        content("application/x-www-form-urlencoded", body)
    }

    /// What follows the first line where the body is JSON.
    pub(super) fn json(body: &str) -> String {
        content("application/json", body)
    }

    fn content(media_type: &str, body: &str) -> String {
        std::format!("\nContent-Type: {media_type}\nContent-Length: {}\n{body}", body.len())
    }
}
