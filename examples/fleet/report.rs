//! The table.

use crate::scenario::{Chain, Outcome, Scenario, Schedule};

const HEAD: [&str; 13] = [
    "scenario",
    "schedule",
    "requests",
    "peak a minute",
    "mean",
    "429s",
    "share",
    "with a token",
    "last served after",
    "of the minimum",
    "accounts locked",
    "locked out",
    "hours without a token",
];

fn row(scenario: Scenario, schedule: Schedule, chain: Chain, outcome: &Outcome) -> [String; 13] {
    let last = outcome.last_served;
    [
        scenario.names().1.into(),
        schedule.name().into(),
        outcome.total().to_string(),
        outcome.peak().to_string(),
        format!("{:.2}", outcome.mean()),
        outcome.too_many.to_string(),
        format!("{:.2} %", 100.0 * outcome.share()),
        outcome.served.to_string(),
        last.map_or("–".into(), |last| clock(last / 1000)),
        last.map_or("–".into(), |last| format!("{:.3}", last as f64 / chain.minimum() as f64)),
        outcome.locked.to_string(),
        outcome.locked_out.to_string(),
        format!("{:.1}", outcome.lacked as f64 / 3.6e6),
    ]
}

/// Hours, minutes and seconds; days where there are some.
pub fn clock(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]);
    let [hours, minutes, seconds] = time;
    let time = format!("{hours}:{minutes:02}:{seconds:02}");
    if days > 0 { format!("{days} d {time}") } else { time }
}

/// For a terminal or, as Markdown, for the docs.
pub fn table(chain: Chain, outcomes: &[(Scenario, Schedule, Outcome)], markdown: bool) -> String {
    let rows: Vec<_> =
        outcomes.iter().map(|(scenario, schedule, outcome)| row(*scenario, *schedule, chain, outcome)).collect();
    let head = HEAD.map(String::from);
    let mut text = String::new();
    if markdown {
        let mut line = |cells: &[String; 13]| text += &format!("| {} |\n", cells.join(" | "));
        line(&head);
        line(&HEAD.map(|_| "---".to_string()));
        rows.iter().for_each(line);
        return text;
    }
    let width = |column: usize| {
        let cells = [&head].into_iter().chain(&rows).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..HEAD.len()).map(width).collect();
    for row in [&head].into_iter().chain(&rows) {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
