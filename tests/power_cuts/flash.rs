//! Flash of two slots whose power can be cut inside any program unit and inside the erase.

use pos_token::session::Unreadable;

/// The power went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut;

/// Where the power can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// An exchange is due and was not begun.
    Due,
    /// The request was sent, and the server has not seen it.
    Sent,
    /// The server has done what it was asked for, and its answer is on the way.
    Processed,
    /// The answer was taken, and nothing was saved yet.
    Answered,
    /// In the erase of a slot.
    Erase,
    /// In a program unit, counted from 0 on; `last` is that of the mark.
    Unit { at: usize, last: usize },
    /// The record was written, and the session does not know yet.
    Written,
    /// It was saved, and the token was not used yet.
    Saved,
    /// The token was used.
    Used,
}

impl Point {
    /// A program unit, so many before that of the mark, however long the record is.
    pub const fn before_last(units: usize) -> Self {
        Self::Unit { at: 0, last: units }
    }

    pub const fn counted_back(self) -> Self {
        match self {
            Self::Unit { at, last } => Self::before_last(last - at),
            point => point,
        }
    }
}

/// Goes at one of the points, or never.
#[derive(Clone, Debug, Default)]
pub struct Power {
    /// How many points are passed before it goes.
    pub lasts: Option<usize>,
    /// The points that were reached.
    pub seen: Vec<Point>,
}

impl Power {
    pub fn point(&mut self, point: Point) -> Result<(), Cut> {
        let cut = self.lasts == Some(self.seen.len());
        self.seen.push(point);
        if cut { Err(Cut) } else { Ok(()) }
    }
}

/// As what a torn unit is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Error,
    /// As it was before.
    Old,
    /// As it was to be.
    New,
    Random,
    /// Each time otherwise: sometimes each unit by itself, sometimes all of them alike.
    Mixed,
}

impl Reads {
    pub const ALL: [Self; 5] = [Self::Error, Self::Old, Self::New, Self::Random, Self::Mixed];
}

#[derive(Clone, Debug)]
enum Unit {
    Erased,
    Programmed(Vec<u8>),
    /// It may be any of these: first the oldest, at last what it was to be.
    Torn(Vec<Vec<u8>>),
}

#[derive(Clone, Debug)]
pub struct Flash {
    pub unit: usize,
    pub reads: Reads,
    slots: [Vec<Unit>; 2],
    random: u64,
}

impl Flash {
    pub fn new(unit: usize, len: usize) -> Self {
        let slot = vec![Unit::Erased; len / unit];
        Self { unit, reads: Reads::Mixed, slots: [slot.clone(), slot], random: 0x5eed }
    }

    pub fn seed(&mut self, seed: usize) {
        self.random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::try_from(seed).unwrap() + 1);
    }

    /// Marsaglia's xorshift.
    pub fn draw(&mut self, below: usize) -> usize {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            self.random ^= if left { self.random << by } else { self.random >> by };
        }
        usize::try_from(self.random >> 33).unwrap() % below
    }

    pub fn erase(&mut self, slot: u8, power: &mut Power) -> Result<(), Cut> {
        let result = power.point(Point::Erase);
        let erased = vec![0xff; self.unit];
        for unit in &mut self.slots[usize::from(slot)] {
            *unit = match (&result, core::mem::replace(unit, Unit::Erased)) {
                (Ok(()), _) | (Err(_), Unit::Erased) => Unit::Erased,
                (Err(_), Unit::Programmed(bytes)) => Unit::Torn(vec![bytes, erased.clone()]),
                (Err(_), Unit::Torn(mut values)) => {
                    values.push(erased.clone());
                    Unit::Torn(values)
                }
            };
        }
        result
    }

    /// Programs a record into an erased slot, unit by unit.
    pub fn program(&mut self, slot: u8, record: &[u8], power: &mut Power) -> Result<(), Cut> {
        assert_eq!(record.len() % self.unit, 0);
        let last = record.len() / self.unit - 1;
        for (at, bytes) in record.chunks(self.unit).enumerate() {
            let result = power.point(Point::Unit { at, last });
            let unit = &mut self.slots[usize::from(slot)][at];
            assert!(matches!(unit, Unit::Erased), "unit {at} of slot {slot} is programmed twice between erases");
            *unit = match result {
                Ok(()) => Unit::Programmed(bytes.to_vec()),
                Err(_) => Unit::Torn(vec![vec![0xff; bytes.len()], bytes.to_vec()]),
            };
            result?;
        }
        Ok(())
    }

    /// Fills the buffer from the start of a slot, as drivers do: all of it, or nothing where a unit cannot be read.
    pub fn read(&mut self, slot: u8, out: &mut [u8]) -> Result<usize, Unreadable> {
        let (unit, slot) = (self.unit, usize::from(slot));
        let len = out.len().min(self.slots[slot].len() * unit);
        let reads = match self.reads {
            // All of an interrupted erase may look as if nothing had happened, or as if it had ended.
            Reads::Mixed => [Reads::Old, Reads::New, Reads::Mixed, Reads::Mixed][self.draw(4)],
            reads => reads,
        };
        for (at, piece) in out[..len].chunks_mut(unit).enumerate() {
            let bytes = match &self.slots[slot][at] {
                Unit::Erased => vec![0xff; unit],
                Unit::Programmed(bytes) => bytes.clone(),
                Unit::Torn(values) => {
                    let values = values.clone();
                    match reads {
                        Reads::Mixed => match self.draw(values.len() + 2) {
                            0 => return Err(Unreadable),
                            1 => self.noise(),
                            value => values[value - 2].clone(),
                        },
                        Reads::Error => return Err(Unreadable),
                        Reads::Old => values[0].clone(),
                        Reads::New => values[values.len() - 1].clone(),
                        Reads::Random => self.noise(),
                    }
                }
            };
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
        Ok(len)
    }

    fn noise(&mut self) -> Vec<u8> {
        (0..self.unit).map(|_| u8::try_from(self.draw(256)).unwrap()).collect()
    }
}
