//! Options.

use std::path::PathBuf;
use std::str::FromStr;

use crate::scenario::{Chain, Scenario};

pub const HELP: &str = "\
Simulates a chain of tills that log in to one provider, and counts.

cargo run --release --example fleet [-- OPTIONS]

    --tills N           1 to 100000; 1000 unless given
    --limit N           log-ins a minute that the provider allows; 40 unless given, which is Open Loyalty's
    --seed N            the same seed prints the same; 1 unless given
    --scenario NAME     one of those below, more than once for more of them; all of them unless given
    --svg FILE          write a plot of requests a minute
    --markdown          print the table as Markdown
    --help              this text

SCENARIOS
    power-cut       All tills boot within 2 seconds; nothing was saved.
    outage          An hour of timeouts and 503s, five days after the chain was switched on as one, and at the time of day
                    at which it was: when naive tills refresh.
    both            A power cut, and the provider comes back an hour after the tills.
    wrong-secret    All tills start with a wrong secret. When they stand still, all of them get the right one within
                    2 seconds. Each has an account of its own.
    one-account     The same, and one account for all.
    steady-month    30 days on which nothing happens, after 5 in which the chain settles.
    month           30 days: of 500 requests one gets no answer, one till of 100 reboots each day and restores its token,
                    the API refuses the token of one till of 200 each day.

SCHEDULES
    indices         The library's, of tills that know their number in the chain.
    seeds alone     The library's, of tills that know only how many there are.
    naive           Log in at boot, refresh at expiry, try again a second after each failure. Left out for more than
                    2000 tills: its requests grow with their square.

THE PROVIDER
    Lets in as many log-ins as its limit says within any 60 seconds, and answers 429 with Retry-After to the others. Tokens live 24 hours; refresh tokens work once. Five refusals in a row lock an account until nobody has
    tried for 15 minutes. A message takes 50 to 500 ms, each way.

COLUMNS
    Minutes are those of the provider's clock. The last till is served so long after the tills could be served: the boot,
    the end of the outage, the right secret; the limit's own minimum is the least time in which it lets all tills in: for 1000, 40 at
    once and 40 after each of 24 minutes.
    Locked out are tills that have the right secret and no token, since their account is locked.
";

pub struct Options {
    pub chain: Chain,
    pub scenarios: Vec<Scenario>,
    pub svg: Option<PathBuf>,
    pub markdown: bool,
}

/// `None`: help is wanted.
pub fn read() -> Result<Option<Options>, String> {
    let mut options = Options {
        chain: Chain { tills: 1000, limit: 40, seed: 1, days: 30 },
        scenarios: Vec::new(),
        svg: None,
        markdown: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name} wants a value"));
        match name.as_str() {
            "--help" => return Ok(None),
            "--markdown" => options.markdown = true,
            "--tills" => options.chain.tills = number(&name, &value()?, 1, 100_000)?,
            "--limit" => options.chain.limit = number(&name, &value()?, 1, u16::MAX)?,
            "--seed" => options.chain.seed = number(&name, &value()?, 0, u64::MAX)?,
            "--svg" => options.svg = Some(value()?.into()),
            "--scenario" => {
                let wanted = value()?;
                let found = Scenario::ALL.into_iter().find(|scenario| scenario.names().0 == wanted);
                options.scenarios.push(found.ok_or(format!("no scenario is called {wanted}; see --help"))?);
            }
            _ => return Err(format!("what is {name}? See --help")),
        }
    }
    if options.scenarios.is_empty() {
        options.scenarios = Scenario::ALL.to_vec();
    }
    Ok(Some(options))
}

fn number<N: FromStr + PartialOrd + std::fmt::Display>(name: &str, text: &str, least: N, most: N) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| (&least..=&most).contains(&number));
    number.ok_or(format!("{name} wants a number from {least} to {most}"))
}
