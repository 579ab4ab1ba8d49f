//! What happens to a chain, and what is measured.

use pos_token::session::{Fleet, Keep};

use crate::random::Random;
use crate::server::{MINUTE, Server};
use crate::till::{Library, Naive, Till};
use crate::world::{DAY, HOUR, Happening, Noise, SECOND, World};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    PowerCut,
    Outage,
    PowerCutAndOutage,
    WrongSecret,
    WrongSecretOneAccount,
    SteadyMonth,
    Month,
}

impl Scenario {
    pub const ALL: [Self; 7] = [
        Self::PowerCut,
        Self::Outage,
        Self::PowerCutAndOutage,
        Self::WrongSecret,
        Self::WrongSecretOneAccount,
        Self::SteadyMonth,
        Self::Month,
    ];

    /// As `--scenario` takes it, and as the table has it.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::PowerCut => ("power-cut", "power cut"),
            Self::Outage => ("outage", "provider outage"),
            Self::PowerCutAndOutage => ("both", "power cut in an outage"),
            Self::WrongSecret => ("wrong-secret", "wrong secret, an account each"),
            Self::WrongSecretOneAccount => ("one-account", "wrong secret, one account"),
            Self::SteadyMonth => ("steady-month", "a steady month"),
            Self::Month => ("month", "a month of ordinary days"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    Indices,
    Seeds,
    Naive,
}

impl Schedule {
    pub const ALL: [Self; 3] = [Self::Indices, Self::Seeds, Self::Naive];

    pub fn name(self) -> &'static str {
        match self {
            Self::Indices => "indices",
            Self::Seeds => "seeds alone",
            Self::Naive => "naive",
        }
    }
}

#[derive(Clone, Copy)]
pub struct Chain {
    pub tills: u32,
    /// Log-ins a minute that the provider allows.
    pub limit: u16,
    pub seed: u64,
    /// How long a month is.
    pub days: u64,
}

impl Chain {
    /// The least time in which the limit lets all tills in, in milliseconds: as many as it says at once, and so many again
    /// after each minute.
    pub fn minimum(self) -> u64 {
        u64::from((self.tills - 1) / u32::from(self.limit)) * MINUTE
    }
}

/// What came out.
pub struct Outcome {
    /// By the minute, as long as it was measured.
    pub requests: Vec<u32>,
    pub too_many: u64,
    pub served: usize,
    /// Milliseconds from the moment at which tills could be served to the last that was, where all of them were waiting.
    pub last_served: Option<u64>,
    pub locked: usize,
    pub locked_out: usize,
    /// Milliseconds without a token, of all tills.
    pub lacked: u64,
}

impl Outcome {
    pub fn total(&self) -> u64 {
        self.requests.iter().map(|count| u64::from(*count)).sum()
    }

    pub fn peak(&self) -> u32 {
        self.requests.iter().copied().max().unwrap_or(0)
    }

    pub fn mean(&self) -> f64 {
        self.total() as f64 / self.requests.len().max(1) as f64
    }

    /// The share of requests that were answered 429.
    pub fn share(&self) -> f64 {
        self.too_many as f64 / (self.total() as f64).max(1.0)
    }
}

/// When what is measured begins, when tills can be served, and when it ends at the latest.
struct Times {
    from: u64,
    relief: u64,
    end: u64,
}

/// Days in which a chain settles.
const WARM_UP: u64 = 5;

/// Boots differ by so many milliseconds.
const SAME_SECOND: u64 = 2 * SECOND;

fn times(scenario: Scenario, chain: Chain) -> Times {
    let minimum = chain.minimum();
    let burst = |relief: u64| relief + 5 * minimum / 2 + HOUR;
    match scenario {
        Scenario::PowerCut => Times { from: 0, relief: 0, end: burst(0) },
        Scenario::Outage => {
            let down = WARM_UP * DAY - HOUR / 4;
            Times { from: down, relief: down + HOUR, end: burst(down + HOUR) }
        }
        Scenario::PowerCutAndOutage => Times { from: 0, relief: HOUR, end: 2 * burst(HOUR) },
        // All stand still by then.
        Scenario::WrongSecret | Scenario::WrongSecretOneAccount => {
            let corrected = 2 * minimum + HOUR / 2;
            Times { from: 0, relief: corrected, end: burst(corrected) }
        }
        Scenario::SteadyMonth | Scenario::Month => {
            let end = (WARM_UP + chain.days) * DAY;
            Times { from: WARM_UP * DAY, relief: end, end }
        }
    }
}

/// Lets this happen to a chain of tills with this schedule.
pub fn run(scenario: Scenario, schedule: Schedule, chain: Chain) -> Outcome {
    let right_secret = !matches!(scenario, Scenario::WrongSecret | Scenario::WrongSecretOneAccount);
    if schedule == Schedule::Naive {
        let tills = (0..chain.tills).map(|_| Naive::new(right_secret)).collect();
        return run_tills(scenario, chain, tills);
    }
    let keep = if scenario == Scenario::Month { Keep::EveryToken } else { Keep::Nothing };
    let mut seeds = Random(chain.seed);
    let tills = (0..chain.tills).map(|index| {
        let index = (schedule == Schedule::Indices).then_some(index);
        let fleet = Fleet { tills: chain.tills, index, log_ins_per_minute: Some(chain.limit) };
        Library::new(seeds.number(), fleet, keep, right_secret)
    });
    run_tills(scenario, chain, tills.collect())
}

fn run_tills<T: Till>(scenario: Scenario, chain: Chain, tills: Vec<T>) -> Outcome {
    let Times { from, relief, end } = times(scenario, chain);
    let down = match scenario {
        Scenario::Outage | Scenario::PowerCutAndOutage => from..relief,
        _ => 0..0,
    };
    let noise = match scenario {
        Scenario::Month => Noise { lost_one_in: 500, reboot_one_in: 100, rejected_one_in: 200 },
        _ => Noise::default(),
    };
    let one_account = scenario == Scenario::WrongSecretOneAccount;
    let server = Server::new(chain.limit.into(), tills.len(), one_account, down);
    let mut world = World::new(tills, server, noise, !chain.seed, from);
    world.happens_to_all(Happening::Boot, 0, SAME_SECOND);
    let is_month = matches!(scenario, Scenario::SteadyMonth | Scenario::Month);
    let all_wait = !is_month && scenario != Scenario::Outage;
    if matches!(scenario, Scenario::WrongSecret | Scenario::WrongSecretOneAccount) {
        world.happens_to_all(Happening::Corrected, relief, SAME_SECOND);
    }
    world.run(end, (!is_month).then_some(relief + SAME_SECOND));
    let served = world.served();
    // Where some are never served, all of the time is measured.
    let end = if is_month || served < chain.tills as usize { end } else { world.last_served.max(relief) };
    let measured = |minutes: &[u32]| {
        let mut measured = minutes.get((from / MINUTE) as usize..).unwrap_or(&[]).to_vec();
        measured.resize(((end - from).div_ceil(MINUTE)) as usize, 0);
        measured
    };
    let is_served = all_wait && served == chain.tills as usize && chain.minimum() > 0;
    Outcome {
        requests: measured(&world.server.requests),
        too_many: measured(&world.server.too_many).iter().map(|count| u64::from(*count)).sum(),
        served,
        last_served: is_served.then(|| world.last_served.saturating_sub(relief)),
        locked: world.server.locked(),
        locked_out: world.locked_out(),
        lacked: world.lacked,
    }
}
