//! The work that is measured, and who does it: pos-token first, then others on the same bytes.

mod answers;
mod growth;
mod http;
mod inputs;
mod requests;
mod session;
mod token;

pub use growth::{Grown, Series};
pub use token::FLOOR;

/// Does the work once, and says whether the result is right.
pub type Job = Box<dyn FnMut() -> bool>;

/// Who does a piece of work: a library, or several together.
pub struct Contender {
    pub library: &'static str,
    /// What differs from what pos-token does, for the page.
    pub note: &'static str,
    /// Makes everything that is not measured.
    pub make: Box<dyn Fn() -> Job + Sync>,
}

/// One piece of work.
pub struct Work {
    pub name: String,
    pub title: String,
    pub contenders: Vec<Contender>,
}

/// The name of the library that all others are compared with.
pub const OURS: &str = "pos-token";

impl Work {
    fn new(name: impl Into<String>, title: impl Into<String>, ours: impl Fn() -> Job + Sync + 'static) -> Self {
        Self { name: name.into(), title: title.into(), contenders: Vec::new() }.beside(OURS, "", ours)
    }

    fn beside(mut self, library: &'static str, note: &'static str, make: impl Fn() -> Job + Sync + 'static) -> Self {
        self.contenders.push(Contender { library, note, make: Box::new(make) });
        self
    }
}

/// W1 to W7.
pub fn workloads() -> Vec<Work> {
    [answers::works(), token::works(), requests::works(), http::works(), session::works()]
        .into_iter()
        .flatten()
        .collect()
}

/// How work grows with its input.
pub fn growth() -> Vec<Series> {
    growth::series()
}

/// A copy that lives as long as the program, so that jobs can borrow it.
fn keep<T: ?Sized + ToOwned<Owned = Vec<u8>> + AsRef<[u8]>>(bytes: &T) -> &'static mut [u8] {
    bytes.as_ref().to_vec().leak()
}
