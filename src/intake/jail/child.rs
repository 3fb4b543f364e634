//! The child's side: it limits itself, reads the document from standard input and writes the answer to standard output.
//!
//! Owns its limits and the form in which a document is handed over. Must not know what becomes of the answer.

use super::{BUSY, LARGEST, PAGE};
use crate::intake::read_within;
use crate::intake::reading::Allowance;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The variable that says how many cores may be used.
pub const CORES: &str = "REFDESK_CORES";
/// What it may spend on pictures: the pages beyond are reported, so that a long fax is not lost for its length.
const PICTURES: Duration = Duration::from_secs(60);
/// Spaces are sent no oftener than this.
const BEAT: Duration = Duration::from_millis(250);
/// The child's address space: 1.5 GiB. What it touches stays within 400 MiB; its allocator and threads reserve more than
/// they use.
const MEMORY: u64 = 3 << 29;
/// Seconds of processor time, on each of its cores.
const CPU_SECONDS: u64 = 60;
/// Standard input, output and error, and nothing more to come.
const FILES: u64 = 3;
/// The reading thread's stack: nested documents recurse.
const STACK: usize = 64 << 20;
/// A longer password is none.
const MAX_PASSWORD: usize = 1_000;

/// Hands a document over: the password's length in four bytes, the password, the document.
pub fn send(to: &mut impl Write, password: Option<&str>, bytes: &[u8]) -> io::Result<()> {
    let password = password
        .filter(|password| password.len() <= MAX_PASSWORD)
        .unwrap_or_default();
    let length = u32::try_from(password.len()).unwrap_or(0);
    to.write_all(&length.to_le_bytes())?;
    to.write_all(password.as_bytes())?;
    to.write_all(bytes)
}

/// What was handed over.
fn receive(from: &mut impl Read) -> io::Result<(Option<String>, Vec<u8>)> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = (u32::from_le_bytes(length) as usize).min(MAX_PASSWORD);
    let mut password = vec![0; length];
    from.read_exact(&mut password)?;
    let password = String::from_utf8(password)
        .ok()
        .filter(|password| !password.is_empty());
    let mut bytes = Vec::new();
    from.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok((password, bytes))
}

/// What the child runs.
///
/// # Errors
/// The system's; the parent then takes the document for one that could not be read.
pub fn child_main(name: &str) -> io::Result<()> {
    let cores = std::env::var(CORES)
        .ok()
        .and_then(|cores| cores.parse().ok())
        .unwrap_or(1);
    limit(cores)?;
    // What no kernel of this machine can take away stays: the limits hold in any case.
    #[cfg(target_os = "linux")]
    let _ = super::lock::lock();
    // A parser's panic message may quote the document; nothing of a patient goes to a log.
    std::panic::set_hook(Box::new(|_| {}));
    let (password, bytes) = receive(&mut io::stdin().lock())?;
    let name = name.to_owned();
    let reading = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let last = Mutex::new(Instant::now());
        let beat = |page: bool| {
            let Ok(mut last) = last.lock() else { return };
            if !page && last.elapsed() < BEAT {
                return;
            }
            *last = Instant::now();
            let mut out = io::stdout().lock();
            let sent = out
                .write_all(&[if page { PAGE } else { BUSY }])
                .and_then(|()| out.flush());
            if sent.is_err() {
                // Nobody listens any more.
                std::process::exit(1);
            }
        };
        let allowance = Allowance {
            time: PICTURES,
            cores,
            password,
            beat: &beat,
        };
        read_within(allowance, &name, &bytes)
    })?;
    let document = reading
        .join()
        .map_err(|_| io::Error::other("the reader failed"))?;
    let answer = serde_json::to_vec(&document)?;
    let mut out = io::stdout().lock();
    out.write_all(&answer)?;
    out.flush()
}

fn limit(cores: usize) -> io::Result<()> {
    let both = |limit: u64| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::As, both(MEMORY))?;
    setrlimit(Resource::Cpu, both(CPU_SECONDS * cores.max(1) as u64))?;
    setrlimit(Resource::Fsize, both(0))?;
    setrlimit(Resource::Core, both(0))?;
    setrlimit(Resource::Nofile, both(FILES))?;
    Ok(())
}
