//! The plot of requests a minute.

use crate::scenario::{Chain, Outcome, Scenario, Schedule};

pub fn svg(_chain: Chain, _outcomes: &[(Scenario, Schedule, Outcome)]) -> String {
    String::new()
}
