//! The members of the JSON object that a header or a payload is, by their whole names, which may hold dots.

use crate::json::{Container, Event, NameMatch, NotText, all};

/// How much of a part is decoded at a time: small enough for any stack, and whole groups of base64url.
pub(super) const PIECE: usize = 48;

/// Follows a reader's events through one object and tells which belong to a wanted member.
#[derive(Debug, Default)]
pub(super) struct Members {
    depth: u8,
    name: NameMatch,
    in_name: bool,
    /// One bit for each wanted name that was met.
    met: u16,
    wanted: Option<u8>,
}

/// An event of a wanted member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Which of the names.
    pub(super) index: u8,
    /// 0 for the value itself and the brackets around it, 1 for what is directly inside, and so on.
    pub(super) depth: u8,
}

/// Why an object cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreliable {
    NotAnObject,
    /// A wanted member came twice (RFC 7515 section 4, RFC 7519 section 4).
    Duplicate,
}

impl Members {
    /// Whether the next event stands directly in the object, as the names of its members do.
    pub(super) const fn at_top(&self) -> bool {
        self.depth == 1
    }

    /// Takes the next event. At most 16 names of at most 255 bytes can be found.
    pub(super) fn follow(&mut self, event: &Event<'_>, names: &[&[u8]]) -> Result<Option<Wanted>, Unreliable> {
        match event {
            Event::Name(piece) if self.at_top() => {
                if !self.in_name {
                    self.name = NameMatch::new(all(names.len()), 0);
                }
                self.in_name = !piece.last();
                match piece.text() {
                    Ok(text) => self.name.narrow(text, names, |given, due| given == due),
                    Err(NotText) => self.name = NameMatch::default(),
                }
                self.wanted = None;
                if piece.last()
                    && let Some(index) = self.name.ends(names).0
                {
                    let bit = 1 << (index & 15);
                    if self.met & bit != 0 {
                        return Err(Unreliable::Duplicate);
                    }
                    self.met |= bit;
                    self.wanted = Some(index);
                }
                return Ok(None);
            }
            Event::Open(container) => {
                if self.depth == 0 && *container != Container::Object {
                    return Err(Unreliable::NotAnObject);
                }
                self.depth = self.depth.saturating_add(1);
                if self.at_top() {
                    return Ok(None);
                }
                return Ok(self.wanted(2));
            }
            Event::Close(_) => {
                let event = self.wanted(2);
                self.depth = self.depth.saturating_sub(1);
                return Ok(event.filter(|_| self.depth > 0));
            }
            _ => {}
        }
        Ok(self.wanted(1))
    }

    /// The value's own depth counts as 0.
    fn wanted(&self, value: u8) -> Option<Wanted> {
        self.wanted.map(|index| Wanted { index, depth: self.depth.saturating_sub(value) })
    }
}
