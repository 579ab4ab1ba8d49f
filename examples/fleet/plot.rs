//! The plot: requests a minute, one panel for each scenario, one line for each schedule.

use std::fmt::Write;

use crate::report::clock;
use crate::scenario::{Chain, Outcome, Scenario, Schedule};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 64.0;
const PANEL: f64 = 170.0;
const PLOT: f64 = 110.0;

/// No line has more points; each is the highest minute of those that it stands for.
const POINTS: usize = 240;

/// They stand out from black and from white.
const fn color(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::Indices => "#1a9850",
        Schedule::Seeds => "#3b82f6",
        Schedule::Naive => "#e0532f",
    }
}

const GRAY: &str = "#808080";

pub fn svg(chain: Chain, outcomes: &[(Scenario, Schedule, Outcome)]) -> String {
    let panels: Vec<_> = outcomes.chunk_by(|a, b| a.0 == b.0).collect();
    let height = TOP + PANEL * panels.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\" fill=\"{GRAY}\">\n<text x=\"{LEFT}\" y=\"22\" font-size=\"15\">Requests a minute: {} tills, {} \
         log-ins a minute</text>\n",
        chain.tills, chain.limit
    );
    let mut x = LEFT;
    for schedule in Schedule::ALL {
        line(&mut out, [x, 40.0, x + 24.0, 40.0], color(schedule), "stroke-width=\"3\"");
        text(&mut out, x + 30.0, 44.0, "start", schedule.name());
        x += 130.0;
    }
    for (number, panel) in panels.into_iter().enumerate() {
        draw(&mut out, TOP + PANEL * number as f64, chain, panel);
    }
    out + "</svg>\n"
}

fn draw(out: &mut String, top: f64, chain: Chain, panel: &[(Scenario, Schedule, Outcome)]) {
    let minutes = panel.iter().map(|(_, _, outcome)| outcome.requests.len()).max().unwrap_or(1).max(1);
    let peak = panel.iter().map(|(_, _, outcome)| outcome.peak()).max().unwrap_or(1);
    let highest = peak.max(chain.limit.into());
    let decades = (1..9).find(|decade| 10_u32.pow(*decade) >= highest).unwrap_or(9);
    let (bottom, right) = (top + 20.0 + PLOT, WIDTH - 20.0);
    // From 1 up by its logarithm; 0 lies a bit below 1.
    let y = |count: u32| match count {
        0 => bottom,
        count => bottom - 8.0 - (PLOT - 8.0) * f64::from(count).log10() / f64::from(decades),
    };
    for (scenario, _, _) in panel.iter().take(1) {
        text(out, LEFT, top + 10.0, "start", scenario.names().1);
    }
    for decade in 0..=decades {
        let count = 10_u32.pow(decade);
        line(out, [LEFT, y(count), right, y(count)], GRAY, "stroke-opacity=\"0.25\"");
        text(out, LEFT - 6.0, y(count) + 4.0, "end", &count.to_string());
    }
    line(out, [LEFT, y(chain.limit.into()), right, y(chain.limit.into())], GRAY, "stroke-dasharray=\"4 4\"");
    line(out, [LEFT, bottom, right, bottom], GRAY, "");
    text(out, LEFT, bottom + 15.0, "start", "0");
    text(out, right, bottom + 15.0, "end", &clock(minutes as u64 * 60));
    for (_, schedule, outcome) in panel.iter().rev() {
        let step = minutes.div_ceil(POINTS);
        let mut points = String::new();
        for (number, counts) in outcome.requests.chunks(step).enumerate() {
            let x = LEFT + (right - LEFT) * (number * step) as f64 / minutes as f64;
            let count = counts.iter().copied().max().unwrap_or(0);
            write!(points, "{x:.0},{:.0} ", y(count)).expect("a string takes everything");
        }
        let (stroke, points) = (color(*schedule), points.trim_end());
        writeln!(out, "<polyline points=\"{points}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.5\"/>")
            .expect("a string takes everything");
    }
}

fn line(out: &mut String, [x1, y1, x2, y2]: [f64; 4], stroke: &str, more: &str) {
    let ends = format!("x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"");
    writeln!(out, "<line {ends} stroke=\"{stroke}\" {more}/>").expect("a string takes everything");
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>")
        .expect("a string takes everything");
}
