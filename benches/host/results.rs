//! What was measured, as tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use host_bench::{FLOOR, OURS, Series, Work, growth, workloads};
use serde::Serialize;

use crate::counted::{count, environment};
use crate::timed::time;

/// What results.json holds; docs/footprint.md shows `about` and `tables`.
#[derive(Serialize)]
pub struct Results {
    environment: Option<String>,
    figures: BTreeMap<String, u64>,
    about: String,
    tables: Vec<Table>,
}

#[derive(Serialize)]
struct Table {
    title: String,
    note: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Of one work, by its contenders.
struct Measured {
    instructions: Vec<Option<u64>>,
    nanoseconds: f64,
    ratios: Vec<f64>,
}

impl Measured {
    fn of(work: &Work, counts: &Counts) -> Self {
        let (nanoseconds, ratios) = time(work);
        let library = |at: usize| (work.name.clone(), work.contenders[at].library);
        let instructions = (0..work.contenders.len()).map(|at| counts.get(&library(at)).copied()).collect();
        Self { instructions, nanoseconds, ratios }
    }

    fn instructions(&self, at: usize) -> String {
        self.instructions[at].map_or("–".to_owned(), grouped)
    }

    /// How many times those of pos-token.
    fn share(&self, at: usize) -> String {
        match (self.instructions[at], self.instructions[0]) {
            (Some(its), Some(ours)) => ratio(its as f64 / ours as f64),
            _ => "–".to_owned(),
        }
    }

    fn a_byte(&self, at: usize, bytes: usize) -> String {
        self.instructions[at].map_or("–".to_owned(), |count| ratio(count as f64 / bytes as f64))
    }
}

type Counts = BTreeMap<(String, &'static str), u64>;

fn counts<'a>(works: impl Iterator<Item = &'a Work>, wanted: fn(&str) -> bool) -> Counts {
    let jobs: Vec<(&str, &'static str)> = works
        .flat_map(|work| work.contenders.iter().map(|contender| (work.name.as_str(), contender.library)))
        .filter(|(_, library)| wanted(library))
        .collect();
    let counted = count(&jobs);
    jobs.iter().map(|(work, library)| ((*work).to_owned(), *library)).zip(counted).collect()
}

/// The instructions that budgets.json holds: pos-token's, and the floor's.
fn kept(counts: &Counts) -> BTreeMap<String, u64> {
    let name = |(work, library): &(String, &'static str)| match *library {
        OURS => Some(work.clone()),
        FLOOR => Some(format!("{work} floor")),
        _ => None,
    };
    counts.iter().filter_map(|(key, count)| Some((name(key)?, *count))).collect()
}

/// pos-token's own, as JSON.
pub fn figures() -> String {
    let (workloads, growth, environment) = (workloads(), growth(), environment());
    let is_kept = |library: &str| library == OURS || library == FLOOR;
    let figures = match environment {
        Some(_) => kept(&counts(every(&workloads, &growth), is_kept)),
        None => BTreeMap::new(),
    };
    serde_json::json!({ "environment": environment, "figures": figures }).to_string()
}

fn every<'a>(workloads: &'a [Work], growth: &'a [Series]) -> impl Iterator<Item = &'a Work> {
    workloads.iter().chain(growth.iter().flat_map(|series| series.works.iter().map(|grown| &grown.work)))
}

pub fn measure() -> Results {
    let (workloads, growth, environment) = (workloads(), growth(), environment());
    let counts = match environment {
        Some(_) => counts(every(&workloads, &growth), |_| true),
        None => {
            eprintln!("NOTE: without valgrind no instructions are counted");
            Counts::new()
        }
    };
    let measured: Vec<Measured> = workloads.iter().map(|work| Measured::of(work, &counts)).collect();
    let mut tables = vec![beside(&workloads, &measured), floor(&workloads, &measured)];
    tables.extend(growth.iter().map(|series| grown(series, &counts)));
    let about = ABOUT
        .replace("ENVIRONMENT", environment.as_deref().unwrap_or("without valgrind"))
        .replace("VERSIONS", &versions());
    Results { environment, figures: kept(&counts), about, tables }
}

fn beside(workloads: &[Work], measured: &[Measured]) -> Table {
    let mut rows = Vec::new();
    for (work, found) in workloads.iter().zip(measured) {
        for (at, contender) in work.contenders.iter().enumerate() {
            let title = if at == 0 { work.title.as_str() } else { "" };
            let time = if at == 0 { format!("{:.2} µs", found.nanoseconds / 1e3) } else { ratio(found.ratios[at]) };
            let share = if at == 0 { String::new() } else { found.share(at) };
            let cells = [title, contender.library, &found.instructions(at), &share, &time, contender.note];
            rows.push(cells.map(str::to_owned).to_vec());
        }
    }
    let head = ["", "library", "instructions", "× pos-token's", "time, × pos-token's", "its part of the work"];
    Table { title: "The workloads".to_owned(), note: BESIDE.to_owned(), head: head.map(str::to_owned).to_vec(), rows }
}

/// How far a verification is above its compressions.
fn floor(workloads: &[Work], measured: &[Measured]) -> Table {
    let mut rows = Vec::new();
    for (work, found) in workloads.iter().zip(measured) {
        let Some(at) = work.contenders.iter().position(|contender| contender.library == FLOOR) else { continue };
        let in_instructions = match (found.instructions[0], found.instructions[at]) {
            (Some(ours), Some(floor)) => ratio(ours as f64 / floor as f64),
            _ => "–".to_owned(),
        };
        let counted = [found.instructions(0), found.instructions(at)];
        rows.push(["instructions", &counted[0], &counted[1], &in_instructions, "1.3"].map(str::to_owned).to_vec());
        let nanoseconds = [found.nanoseconds, found.nanoseconds * found.ratios[at]].map(|time| format!("{time:.0}"));
        let in_time = ratio(1.0 / found.ratios[at]);
        rows.push(["nanoseconds", &nanoseconds[0], &nanoseconds[1], &in_time, "1.3"].map(str::to_owned).to_vec());
    }
    let head = ["", "W3, key prepared", "its five compressions", "ratio", "wanted"];
    Table {
        title: "A verification and its floor".to_owned(),
        note: FLOOR_NOTE.to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows,
    }
}

fn grown(series: &Series, counts: &Counts) -> Table {
    let mut head = vec![series.by.to_owned(), "bytes".to_owned()];
    for (at, contender) in series.works[0].work.contenders.iter().enumerate() {
        if at == 0 {
            head.push(format!("{}, instructions", contender.library));
        }
        head.push(format!("{}, a byte", contender.library));
        if at > 0 {
            head.push("time, × pos-token's".to_owned());
        }
    }
    let rows = series.works.iter().map(|one| {
        let (found, bytes) = (Measured::of(&one.work, counts), (one.bytes)());
        let mut row = vec![grouped(one.number as u64), grouped(bytes as u64), found.instructions(0)];
        for at in 0..found.ratios.len() {
            row.push(found.a_byte(at, bytes));
            if at > 0 {
                row.push(ratio(found.ratios[at]));
            }
        }
        row
    });
    Table { title: format!("Growth: {}", series.title), note: series.note.to_owned(), rows: rows.collect(), head }
}

impl Results {
    pub fn text(&self) -> String {
        let mut text = self.about.clone();
        for table in &self.tables {
            text += &format!("\n\n{}\n{}\n", table.title, table.note);
            let lines: Vec<&Vec<String>> = std::iter::once(&table.head).chain(&table.rows).collect();
            let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
            for line in &lines {
                let cells = line.iter().enumerate().map(|(at, cell)| format!("{cell:<0$}", width(at)));
                text += "\n";
                text += cells.collect::<Vec<_>>().join("  ").trim_end();
            }
        }
        text
    }

    pub fn write(&self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("results.json");
        let json = serde_json::to_string_pretty(self).expect("texts and numbers");
        fs::write(&path, json + "\n").expect("results.json can be written");
        println!("{}", self.text());
    }
}

/// Of the libraries named in Cargo.toml, from Cargo.lock.
fn versions() -> String {
    const LIBRARIES: [&str; 10] = [
        "serde_json",
        "simd-json",
        "jsonwebtoken",
        "jwt-simple",
        "jwt-compact",
        "form_urlencoded",
        "httparse",
        "ring",
        "base64",
        "sha2",
    ];
    let lock = include_str!("Cargo.lock");
    // sha2 is there twice: the last is the one that is used here.
    let version = |name: &str| {
        let (_, behind) = lock.rsplit_once(&format!("name = \"{name}\"\nversion = \""))?;
        behind.split_once('"').map(|(version, _)| version)
    };
    LIBRARIES.map(|name| format!("{name} {}", version(name).expect("a library of Cargo.lock"))).join(", ")
}

fn ratio(number: f64) -> String {
    if number >= 100.0 { grouped(number.round() as u64) } else { format!("{number:.2}") }
}

/// 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const ABOUT: &str = "The same work on the same bytes, by pos-token and by the libraries that a program on a host would take, all \
called from Rust and compiled alike (`opt-level = 3`, link-time optimisation). `cargo bench --manifest-path \
benches/host/Cargo.toml` measures all of it again and prints it, with ` -- write` behind it for this page.

- **Instructions** are those of one call, counted by callgrind: 13 calls less 3 calls, so that a program's start drops \
out. They are of ENVIRONMENT. sha2 (pos-token's too) takes its AVX2 code when it runs, where the processor has AVX2, and \
so it does under valgrind; simd-json too; no library here uses AVX-512, but libc's copies do outside of valgrind, and where \
they would be one `rep movsb` they are counted as the loops that libc has beside it. \
`.ci/run` holds those of pos-token to `benches/host/budgets.json` by 2 %.
- **Time** is given as a ratio, above 1 where pos-token is ahead: the libraries take turns, each starts in turn, and the \
median of 301 rounds' ratios counts. It is of one shared machine and is never a gate.
- **Libraries.** VERSIONS. What is made once stays: vectors keep their room, a prepared key is each library's own type. \
Each result is compared with what it has to be, within what is measured (but the floor's). pos-token's figures have its \
wiping of tokens, keys and stack in them.";

const BESIDE: &str = "The first row of each is pos-token with its time; the others' time is a ratio to it. \
jsonwebtoken, jwt-simple and jwt-compact refuse the URI that W3's token has for an algorithm, so they are compared on the \
same claims under a header that they take. pos-token's store holds the tokens of the log-in before, as a till's does.";

const FLOOR_NOTE: &str = "SHA-512's compression of sha2, as a verification calls it: the whole blocks of what is signed \
together, its last block, the outer hash's block.";
