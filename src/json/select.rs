//! Finds the wanted members in a reader's events.

use super::{Container, Event, Piece};
use crate::words::has;

/// How many paths can be looked for at once: one bit each.
pub(crate) const MAX_PATHS: usize = 16;

/// The index of no path.
const NONE: u8 = u8::MAX;

/// How many segments a path can have.
const MAX_SEGMENTS: usize = 4;

/// A wanted member, or one that encloses one, came twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DuplicateMember;

/// Whether the path at this index can be found.
pub(crate) fn can_be_found(index: usize, path: &[u8]) -> bool {
    let segments = path.split(|byte| *byte == b'.').count();
    index < MAX_PATHS && !path.is_empty() && path.len() <= usize::from(u8::MAX) && segments <= MAX_SEGMENTS
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
    /// The paths that the name being read can still lead to, and how many bytes of them have been met.
    candidates: u16,
    position: u8,
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
        candidates: 0,
        position: 0,
        inside: 0,
        wanted: NONE,
        depth: 0,
        on_path: 0,
        in_name: false,
        in_value: false,
    };

    /// Takes the reader's next event. `Some(index)`: it belongs to the value of that path.
    #[inline(always)] // There is one place where this is asked, for each event.
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
        Ok(self.wanted())
    }

    /// The path that ends at the value at hand.
    fn wanted(&self) -> Option<u8> {
        Some(self.wanted).filter(|wanted| *wanted != NONE)
    }

    /// The innermost container, which lies on a wanted path.
    fn level(&mut self) -> Option<&mut Level> {
        self.levels.get_mut(usize::from(self.on_path).wrapping_sub(1))
    }

    fn name<P: AsRef<[u8]>>(&mut self, piece: &Piece<'_>, paths: &[P]) -> Result<(), DuplicateMember> {
        if !self.in_name {
            self.name_begins();
        }
        self.in_name = !piece.last();
        let text = piece.text().unwrap_or_else(|_| {
            self.candidates = 0;
            &[]
        });
        self.name_goes_on(text, piece.last(), paths)
    }

    /// Takes a whole name in place of its events. `Some(index)`: the value of that path follows.
    pub(crate) fn whole_name<P: AsRef<[u8]>>(
        &mut self,
        name: &[u8],
        paths: &[P],
    ) -> Result<Option<u8>, DuplicateMember> {
        if self.depth != self.on_path {
            return Ok(None);
        }
        self.name_begins();
        self.name_goes_on(name, true, paths)?;
        Ok(self.wanted())
    }

    fn name_begins(&mut self) {
        (self.candidates, self.position) = self.level().map_or((0, 0), |level| (level.candidates, level.start));
    }

    /// A value begins: in an array its index is its name.
    #[inline(always)]
    fn element<P: AsRef<[u8]>>(&mut self, paths: &[P]) -> Result<(), DuplicateMember> {
        match self.level() {
            Some(level) if level.array => {
                let index = level.next;
                level.next = index.saturating_add(1);
                self.index(index, paths)
            }
            _ => Ok(()),
        }
    }

    #[inline(never)] // Most values are in objects.
    fn index<P: AsRef<[u8]>>(&mut self, index: u16, paths: &[P]) -> Result<(), DuplicateMember> {
        self.name_begins();
        let mut divisor = 10_000;
        while divisor > 1 {
            if index >= divisor {
                self.name_goes_on(&[digit(index / divisor)], false, paths)?;
            }
            divisor /= 10;
        }
        self.name_goes_on(&[digit(index)], true, paths)
    }

    /// Drops the candidates that do not go on with this piece. Behind the last one the name is known.
    #[inline(never)] // In the middle of a large function it would lack registers.
    fn name_goes_on<P: AsRef<[u8]>>(&mut self, piece: &[u8], last: bool, paths: &[P]) -> Result<(), DuplicateMember> {
        if let Some(&first) = piece.first() {
            let from = usize::from(self.position);
            let to = from.saturating_add(piece.len());
            let mut matched = 0_u16;
            for path in paths.iter().rev() {
                // What is shifted out belongs to none.
                matched <<= 1;
                let path = path.as_ref();
                // Most differ in the first byte.
                if path.len() >= to
                    && path.get(from).is_some_and(|byte| *byte == first)
                    && path.get(from..to).is_some_and(|due| is_name(piece, due))
                {
                    matched |= 1;
                }
            }
            // Of a longer path not that much can be found.
            (matched, self.position) = u8::try_from(to).map_or((0, u8::MAX), |to| (matched, to));
            self.candidates &= matched;
        }
        if last { self.name_ends(paths) } else { Ok(()) }
    }

    /// The name of the value that comes next is known: of the candidates, some end there, and some lead on.
    fn name_ends<P: AsRef<[u8]>>(&mut self, paths: &[P]) -> Result<(), DuplicateMember> {
        let end = usize::from(self.position);
        let (mut wanted, mut inside, mut first) = (NONE, 0, 0);
        let mut rest = self.candidates;
        while rest != 0 {
            let (index, others) = (rest.trailing_zeros(), rest & rest.wrapping_sub(1));
            let bit = rest ^ others;
            rest = others;
            let path = usize::try_from(index).ok().and_then(|index| paths.get(index));
            match path.and_then(|path| path.as_ref().get(end)) {
                // Of paths that are the same, the first.
                None if first == 0 => (wanted, first) = (u8::try_from(index).unwrap_or(NONE), bit),
                Some(b'.') => inside |= bit,
                _ => {}
            }
        }
        (self.wanted, self.inside) = (wanted, inside);
        let met = inside | first;
        let Some(level) = self.level() else { return Ok(()) };
        if level.met & met != 0 {
            return Err(DuplicateMember);
        }
        level.met |= met;
        Ok(())
    }

    #[inline(never)] // Few values are containers.
    fn descend(&mut self, container: Container, paths: usize) {
        let (candidates, start) = match self.position.checked_add(1) {
            _ if self.depth == 0 => (all(paths), 0),
            Some(behind_dot) => (self.inside, behind_dot),
            // Of a longer path nothing can be found.
            None => (0, 0),
        };
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

/// Whether a part of a path is this part of a name. None with a dot in it can be found.
fn is_name(piece: &[u8], due: &[u8]) -> bool {
    let ((words, bytes), (due_words, due_bytes)) = (piece.as_chunks(), due.as_chunks());
    let mut pairs = words.iter().zip(due_words);
    pairs.all(|(given, due)| given == due && !has(usize::from_ne_bytes(*given), b'.'))
        && bytes.iter().zip(due_bytes).all(|(given, due)| given == due && *given != b'.')
}

/// The last digit of a number.
fn digit(number: u16) -> u8 {
    b'0' | u8::try_from(number % 10).unwrap_or(0)
}

/// One bit for each path.
fn all(paths: usize) -> u16 {
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
    fn sixteen_paths_of_255_bytes() {
        const SHORT: [&str; 18] =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p.q", "r", "a.z"];
        let json = r#"{"p":{"q":1},"r":2,"a":{"z":3},"b":4}"#;
        for piece in 1..=json.len() {
            assert_eq!(found(&SHORT, json, piece).unwrap(), ["15n1", "0c", "1n4"], "by {piece}");
        }
        for len in 250..260 {
            let name = "x".repeat(len);
            let json = std::format!(r#"{{"{name}":1,"y":{{"{name}":2}}}}"#);
            let paths = Vec::leak(Vec::from([&*name.clone().leak(), std::format!("y.{name}").leak(), "y"]));
            let mut expected = Vec::from(["2c"]);
            if len <= 255 {
                expected.insert(0, "0n1");
            }
            if len + 2 <= 255 {
                expected.push("1n2");
            }
            for piece in [1, 2, 63, json.len()] {
                assert_eq!(found(paths, &json, piece).unwrap(), expected, "{len} by {piece}");
            }
        }
    }

    /// Behind 255 bytes a path leads nowhere, so nothing in there is one of its members, nor comes twice.
    #[test]
    fn a_container_at_the_end_of_255_bytes() {
        for len in 252..258 {
            let name = "x".repeat(len);
            let json = std::format!(r#"{{"{name}":{{"":1,"":2,"y":3}}}}"#);
            let paths = Vec::leak(Vec::from([&*std::format!("{name}.y").leak()]));
            let expected: &[&str] = if len + 2 <= 255 { &["0n3"] } else { &[] };
            for piece in [1, 2, 63, json.len()] {
                assert_eq!(found(paths, &json, piece).unwrap(), expected, "{len} by {piece}");
            }
        }
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
            (&["abcdefg.hij"], r#"{"abcdefg.hij":1,"abcdefg":{"hij":2}}"#, &["0n2"]),
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
