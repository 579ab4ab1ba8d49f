//! Instructions, counted by callgrind.

use std::env;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The first calls are not counted: what is made once, as the detection of the processor, is not the work.
const BEFORE: u32 = 3;
const COUNTED: u32 = 10;

/// libc copies and fills long pieces by `rep movsb` and `rep stosb`, of which callgrind counts each byte as an
/// instruction. So it shall take its loops there too.
const NO_REP: &str = "glibc.cpu.x86_rep_stosb_threshold=1073741824:glibc.cpu.x86_rep_movsb_threshold=1073741824";

/// What the counts depend on besides the code: compiler, valgrind, libc's copies, and the processor's features, by which
/// sha2, simd-json, ring and libc choose their code when they run.
pub fn environment() -> Option<String> {
    let said = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.lines().next()?.to_owned())
    };
    let rust = said("rustc", "--version")?.split(' ').nth(1)?.to_owned();
    let libc = said("ldd", "--version")?.rsplit(' ').next()?.to_owned();
    Some(format!("Rust {rust}, {}, libc {libc}, {}", said("valgrind", "--version")?, features()))
}

/// As valgrind shows them: it has no AVX-512.
fn features() -> String {
    #[cfg(target_arch = "x86_64")]
    {
        let has = [
            ("AVX2", is_x86_feature_detected!("avx2")),
            ("AVX", is_x86_feature_detected!("avx")),
            ("BMI2", is_x86_feature_detected!("bmi2")),
        ];
        let with: Vec<&str> = has.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect();
        format!("x86-64 with {}", if with.is_empty() { "no AVX".to_owned() } else { with.join(", ") })
    }
    #[cfg(not(target_arch = "x86_64"))]
    env::consts::ARCH.to_owned()
}

/// The instructions of one call: those of 13 calls less those of 3, so that the program's start drops out.
fn instructions(work: &str, library: &str) -> u64 {
    (collected(work, library, BEFORE + COUNTED) - collected(work, library, BEFORE)) / u64::from(COUNTED)
}

fn collected(work: &str, library: &str, times: u32) -> u64 {
    // Without the environment's variables, whose length moves the stack, and copies are not the same at every address.
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program's path"))
        .args(["run", work, library, &format!("{times:02}")])
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("GLIBC_TUNABLES", NO_REP)
        .output()
        .expect("valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    match counted {
        Some(counted) if output.status.success() => counted,
        _ => panic!("{work}, {library}, under valgrind:\n{said}"),
    }
}

/// Of each work and library, in their order. As many at once as there are cores: counts do not depend on how busy they are.
pub fn count(jobs: &[(&str, &str)]) -> Vec<u64> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![0; jobs.len()]));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((work, library)) = jobs.get(at) else { break };
                    let count = instructions(work, library);
                    found.lock().expect("no thread panicked")[at] = count;
                }
            });
        }
    });
    found.into_inner().expect("no thread panicked")
}
