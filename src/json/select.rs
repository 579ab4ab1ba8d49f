//! Finds the wanted members in a reader's events.

use super::{Container, Event, Piece};

/// How many paths can be looked for at once: one bit each.
const MAX_PATHS: usize = 16;

/// The index of no path.
const NONE: u8 = u8::MAX;

/// How many segments a path can have.
const MAX_SEGMENTS: usize = 4;

/// A wanted member, or one that encloses one, came twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DuplicateMember;

/// Which of up to 16 texts a text that comes in pieces can still be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NameMatch {
    candidates: u16,
    /// How much of each candidate has been matched.
    position: u8,
}

impl NameMatch {
    /// All of `candidates`, each matched as far as `position`.
    pub(crate) const fn new(candidates: u16, position: u8) -> Self {
        Self { candidates, position }
    }

    /// Drops the candidates that do not go on with `piece`, each byte of which has to be `as_due(given, due)`.
    #[inline(never)] // Each name is compared with each path: in the middle of a large function it would lack registers.
    pub(crate) fn narrow<T: AsRef<[u8]>>(&mut self, piece: &[u8], texts: &[T], as_due: impl Fn(u8, u8) -> bool) {
        let Some(to) = u8::try_from(piece.len()).ok().and_then(|len| self.position.checked_add(len)) else {
            self.candidates = 0;
            return;
        };
        let due = usize::from(self.position)..usize::from(to);
        let mut candidates = self.candidates;
        let mut bit = 1;
        for text in texts {
            let due = text.as_ref().get(due.clone());
            if !due.is_some_and(|due| piece.iter().zip(due).all(|(given, due)| as_due(*given, *due))) {
                candidates &= !bit;
            }
            bit <<= 1;
        }
        (self.candidates, self.position) = (candidates, to);
    }

    /// The first candidate that ends where the pieces end, and those that go on with a dot.
    pub(crate) fn ends<T: AsRef<[u8]>>(self, texts: &[T]) -> (Option<u8>, u16) {
        let (mut whole, mut inside, mut rest) = (None, 0, self.candidates);
        while rest != 0 {
            let index = rest.trailing_zeros();
            let others = rest & rest.wrapping_sub(1);
            let text = usize::try_from(index).ok().and_then(|index| texts.get(index));
            match text.map(|text| text.as_ref().get(usize::from(self.position))) {
                Some(None) => whole = whole.or(u8::try_from(index).ok()),
                Some(Some(b'.')) => inside |= rest ^ others,
                _ => {}
            }
            rest = others;
        }
        (whole, inside)
    }
}

/// Follows a reader's events and tells which belong to a wanted member: names from the document's root, joined by
/// dots, indexes of arrays in decimal: `detail.0.msg`. Only the first 16 paths and paths of at most 4 segments and 255
/// bytes can be found, and no name with a dot in it.
///
/// Holds no path: where names on the way down match, the paths that go on are known by one bit each and, as their
/// beginnings are the same, by one length.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    levels: [Level; MAX_SEGMENTS],
    /// The name being read.
    name: NameMatch,
    /// The paths that lead on into the value at hand, and the one that ends there.
    inside: u16,
    wanted: u8,
    /// How many containers are open, and how many of the outermost of them lie on a wanted path.
    depth: u8,
    on_path: u8,
    /// Whether a name has begun, and whether a string or a number has.
    in_name: bool,
    in_value: bool,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    /// The paths that lead here, and those met here before.
    candidates: u16,
    met: u16,
    /// How many bytes of these paths lead here.
    start: u8,
    /// Whether this is an array, and the index of its next element there.
    array: bool,
    next: u16,
}

impl Select {
    /// At the document's start.
    pub(crate) const NEW: Self = Self {
        levels: [Level { candidates: 0, met: 0, start: 0, array: false, next: 0 }; MAX_SEGMENTS],
        name: NameMatch::new(0, 0),
        inside: 0,
        wanted: NONE,
        depth: 0,
        on_path: 0,
        in_name: false,
        in_value: false,
    };

    /// Takes the reader's next event. `Some(index)`: it belongs to the value of that path.
    pub(crate) fn follow<P: AsRef<[u8]>>(
        &mut self,
        event: &Event<'_>,
        paths: &[P],
    ) -> Result<Option<u8>, DuplicateMember> {
        if self.depth != self.on_path {
            // Inside something that nobody wants.
            match event {
                Event::Open(_) => self.depth = self.depth.saturating_add(1),
                Event::Close(_) => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            return Ok(None);
        }
        match event {
            Event::Name(piece) => {
                self.name(piece, paths)?;
                return Ok(None);
            }
            Event::Close(_) => {
                self.depth = self.depth.saturating_sub(1);
                self.on_path = self.on_path.saturating_sub(1);
                return Ok(None);
            }
            Event::Text(piece) | Event::Number(piece) => {
                let begins = !core::mem::replace(&mut self.in_value, !piece.last());
                if begins {
                    self.element(paths)?;
                }
            }
            Event::Bool(_) | Event::Null => self.element(paths)?,
            Event::Open(container) => {
                self.element(paths)?;
                self.descend(*container, paths.len());
            }
        }
        Ok(Some(self.wanted).filter(|wanted| *wanted != NONE))
    }

    /// The innermost container, which lies on a wanted path.
    fn level(&mut self) -> Option<&mut Level> {
        self.levels.get_mut(usize::from(self.on_path).wrapping_sub(1))
    }

    fn name<P: AsRef<[u8]>>(&mut self, piece: &Piece<'_>, paths: &[P]) -> Result<(), DuplicateMember> {
        if !self.in_name {
            self.name = self.level().map_or(NameMatch::default(), |l| NameMatch::new(l.candidates, l.start));
        }
        self.in_name = !piece.last();
        match piece.text() {
            Ok(text) => self.name.narrow(text, paths, |given, due| given == due && given != b'.'),
            Err(_) => self.name.candidates = 0,
        }
        if self.in_name { Ok(()) } else { self.arrive(paths) }
    }

    /// A value begins: in an array its index is its name.
    fn element<P: AsRef<[u8]>>(&mut self, paths: &[P]) -> Result<(), DuplicateMember> {
        match self.level() {
            Some(level) if level.array => {
                let index = level.next;
                level.next = index.saturating_add(1);
                self.name = NameMatch::new(level.candidates, level.start);
                self.index(index, paths)
            }
            _ => Ok(()),
        }
    }

    #[inline(never)] // Most values are in objects.
    fn index<P: AsRef<[u8]>>(&mut self, index: u16, paths: &[P]) -> Result<(), DuplicateMember> {
        let mut divisor = 10_000;
        while divisor > 0 {
            if index >= divisor || divisor == 1 {
                let digit = u8::try_from(index / divisor % 10).unwrap_or(0);
                self.name.narrow(&[b'0' | digit], paths, |given, due| given == due);
            }
            divisor /= 10;
        }
        self.arrive(paths)
    }

    /// The name of the value that comes next is known.
    fn arrive<P: AsRef<[u8]>>(&mut self, paths: &[P]) -> Result<(), DuplicateMember> {
        let (wanted, inside) = self.name.ends(paths);
        (self.wanted, self.inside) = (wanted.unwrap_or(NONE), inside);
        let met = inside | wanted.map_or(0, |index| 1 << (index & 15));
        let Some(level) = self.level() else { return Ok(()) };
        if level.met & met != 0 {
            return Err(DuplicateMember);
        }
        level.met |= met;
        Ok(())
    }

    fn descend(&mut self, container: Container, paths: usize) {
        let (candidates, start) =
            if self.depth == 0 { (all(paths), 0) } else { (self.inside, self.name.position.saturating_add(1)) };
        self.depth = self.depth.saturating_add(1);
        let Some(level) = self.levels.get_mut(usize::from(self.on_path)) else { return };
        if candidates == 0 {
            return;
        }
        // `met` stays: a path leads through each of its containers once.
        level.candidates = candidates;
        level.start = start;
        level.array = container == Container::Array;
        level.next = 0;
        self.on_path = self.on_path.saturating_add(1);
    }
}

/// One bit for each path.
pub(crate) fn all(paths: usize) -> u16 {
    let unused = MAX_PATHS.saturating_sub(paths);
    u16::try_from(unused).map_or(0, |unused| u16::MAX.checked_shr(unused.into()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    /// What is found, one line for each member: index, then a letter for the type, then its text.
    fn found(paths: &'static [&'static str], json: &str, piece: usize) -> Result<Vec<String>, DuplicateMember> {
        let mut reader = Reader::new();
        let mut select = Select::NEW;
        let mut lines: Vec<String> = Vec::new();
        let mut open = false;
        for mut input in json.as_bytes().chunks(piece) {
            while let Some(event) = reader.next(&mut input).unwrap() {
                let Some(index) = select.follow(&event, paths)? else { continue };
                let (kind, bytes, last) = match &event {
                    Event::Text(p) => ('s', p.bytes(), p.last()),
                    Event::Number(p) => ('n', p.bytes(), p.last()),
                    Event::Bool(true) => ('t', &b""[..], true),
                    Event::Bool(false) => ('f', &b""[..], true),
                    Event::Null => ('0', &b""[..], true),
                    Event::Open(_) => ('c', &b""[..], true),
                    Event::Name(_) | Event::Close(_) => panic!("{event:?}"),
                };
                if !open {
                    lines.push(std::format!("{index}{kind}"));
                }
                lines.last_mut().unwrap().push_str(core::str::from_utf8(bytes).unwrap());
                open = !last;
            }
        }
        reader.finish().unwrap();
        Ok(lines)
    }

    #[test]
    fn table() {
        const DUPLICATE: &[&str] = &["duplicate"];
        for (paths, json, expected) in [
            (&["a"][..], r#"{"a":1}"#, &["0n1"][..]),
            (&["a"], r#"{"b":{"a":1},"a":"x","aa":2,"":3}"#, &["0sx"]),
            (&["ab", "a", "abc"], r#"{"abc":1,"a":2,"ab":3}"#, &["2n1", "1n2", "0n3"]),
            (&["a.b", "a"], r#"{"a":{"b":true}}"#, &["1c", "0t"]),
            (&["a.b", "a"], r#"{"a":null}"#, &["10"]),
            (&["a.b"], r#"{"a.b":1,"a":{"b":2}}"#, &["0n2"]),
            (&["a.b"], r#"{"a\u002eb":1}"#, &[]),
            (&["a.b"], r#"{"\u0061":{"\u0062":"\/"}}"#, &["0s/"]),
            (&["d", "d.0.msg"], r#"{"d":[{"x":[1,{}],"msg":"m"},{"msg":"n"}]}"#, &["0c", "1sm"]),
            (&["d.10", "d.1"], r#"{"d":[0,1,2,3,4,5,6,7,8,9,10,11]}"#, &["1n1", "0n10"]),
            (&["0.t"], r#"[{"t":"v"},{"t":"w"}]"#, &["0sv"]),
            (&["0"], r#"{"0":1}"#, &["0n1"]),
            (&["a.b.c.d"], r#"{"a":{"b":{"c":{"d":1,"e":2}}}}"#, &["0n1"]),
            (&["a.b.c.d.e"], r#"{"a":{"b":{"c":{"d":{"e":1}}}}}"#, &[]),
            (&["a"], r#"{"a":1,"a":2}"#, DUPLICATE),
            (&["a"], r#"{"a":null,"\u0061":2}"#, DUPLICATE),
            (&["a.b", "a.c"], r#"{"a":{"b":1},"a":{"c":2}}"#, DUPLICATE),
            (&["a.b"], r#"{"a":{"b":1,"b":1}}"#, DUPLICATE),
            (&["a.b"], r#"{"x":{"b":1,"b":1},"b":1,"b":2}"#, &[]),
            (&["d.0.m"], r#"{"d":[[{"m":1}],{"m":2}]}"#, &[]),
            (&["\u{e9}"], r#"{"\u00e9":1}"#, &["0n1"]),
            (&["a"], r#"{"a\ud800":1,"a":2}"#, &["0n2"]),
        ] {
            for piece in 1..=json.len() {
                match found(paths, json, piece) {
                    Ok(lines) => assert_eq!(lines, expected, "{json} by {piece}"),
                    Err(DuplicateMember) => assert_eq!(expected, DUPLICATE, "{json} by {piece}"),
                }
            }
        }
    }
}
