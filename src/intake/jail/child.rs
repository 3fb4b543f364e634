//! The child's side: it limits itself, reads the document from standard input and writes the answer to standard output.
//!
//! Owns its limits and the form in which a document is handed over. Must not know what becomes of the answer.

use super::{BUSY, LARGEST, PAGE};
use crate::intake::document::Shot;
use crate::intake::glimpse;
use crate::intake::learned::Learned;
use crate::intake::picture::Picture;
use crate::intake::read_within;
use crate::intake::reading::{Allowance, processor_time};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The variable that says how many cores may be used.
pub const CORES: &str = "REFDESK_CORES";
/// Processor time that it may spend on pictures, on each core: the pages beyond are reported, so that a long fax is not lost
/// for its length.
const PICTURES: Duration = Duration::from_secs(60);
/// Processor time without progress after which it hangs (reliability rule: 10 s a document).
const STUCK: Duration = Duration::from_secs(8);
/// Time on the wall without progress after which it waits for something that does not come.
const STILL: Duration = Duration::from_secs(100);
/// It says that it lives this often.
const PULSE: Duration = Duration::from_millis(500);
/// The child's address space: 1.5 GiB; its allocator and threads reserve more than they use.
const SPACE: u64 = 3 << 29;
/// What it may write to: 480 MiB, so that with the program itself it stays below 512 (reliability rule). Linux counts so.
const MEMORY: u64 = 480 << 20;
/// Seconds of processor time, on each of its cores.
const CPU_SECONDS: u64 = 90;
/// Standard input, output and error, and nothing more to come.
const FILES: u64 = 3;
/// The reading thread's stack: nested documents recurse.
const STACK: usize = 32 << 20;
/// A longer order is none: a name has at most 200 characters.
const MAX_ORDER: usize = 2_000;
/// A longer password is none.
const MAX_PASSWORD: usize = 1_000;
/// Lessons of more than 1 MiB are none: see the bounds of their kinds.
const MAX_LEARNED: usize = 1 << 20;

/// Hands a document over: what is asked for with the file's name, the password and what was learned, each behind its length in four bytes,
/// then the document. Nothing of it stands on a command line, which everybody on the machine can read: a file is often called after its
/// patient.
pub fn send(
    to: &mut impl Write,
    order: &str,
    password: Option<&str>,
    learned: &str,
    bytes: &[u8],
) -> io::Result<()> {
    for (text, most) in [
        (order, MAX_ORDER),
        (password.unwrap_or_default(), MAX_PASSWORD),
        (learned, MAX_LEARNED),
    ] {
        let text = if text.len() <= most { text } else { "" };
        let length = u32::try_from(text.len()).unwrap_or(0);
        to.write_all(&length.to_le_bytes())?;
        to.write_all(text.as_bytes())?;
    }
    to.write_all(bytes)
}

/// A text behind its length; none where it is empty.
fn text(from: &mut impl Read, most: usize) -> io::Result<Option<String>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut text = vec![0; (u32::from_le_bytes(length) as usize).min(most)];
    from.read_exact(&mut text)?;
    Ok(String::from_utf8(text).ok().filter(|text| !text.is_empty()))
}

/// What was handed over. Lessons that cannot be read are none.
fn receive(from: &mut impl Read) -> io::Result<(String, Option<String>, Learned, Vec<u8>)> {
    let order = text(from, MAX_ORDER)?.unwrap_or_default();
    let password = text(from, MAX_PASSWORD)?;
    let learned = text(from, MAX_LEARNED)?;
    let learned = learned.and_then(|text| serde_json::from_str::<Learned>(&text).ok());
    let mut bytes = Vec::new();
    from.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok((order, password, learned.unwrap_or_default().cleaned(), bytes))
}

/// What the child runs to read a document; the order is the file's name.
///
/// # Errors
/// The system's; the parent then takes the document for one that could not be read.
pub fn child_main() -> io::Result<()> {
    let document = jailed(|name, allowance, bytes| read_within(allowance, name, bytes))?;
    say(&serde_json::to_vec(&document)?)
}

/// What the child runs to draw a page; the order is `PAGE NUMBER TURN NAME`, the two in the middle `-` where the page was read from text. It answers with
/// a grey picture (PGM, "P5"), or with nothing where there is none.
///
/// # Errors
/// As [`child_main`]; the page then has no picture.
pub fn draw_main() -> io::Result<()> {
    let Some(picture) = jailed(draw)? else {
        return Ok(());
    };
    let mut answer = format!("P5 {} {} 255\n", picture.width(), picture.height()).into_bytes();
    for y in 0..picture.height() {
        answer.extend_from_slice(picture.row(y));
    }
    say(&answer)
}

fn draw(order: &str, allowance: Allowance<'_>, bytes: &[u8]) -> Option<Picture> {
    let mut parts = order.splitn(4, ' ');
    let mut number = || parts.next().and_then(|number| number.parse::<u32>().ok());
    let (page, shot, turn) = (number(), number(), number());
    let name = parts.next().unwrap_or_default();
    let page = page.and_then(|page| usize::try_from(page).ok()).unwrap_or(0);
    let shot = shot.zip(turn).map(|(number, turn)| Shot {
        number,
        turn: u8::try_from(turn % 4).unwrap_or(0),
    });
    glimpse::draw(allowance, name, bytes, page, shot)
}

/// Limits this process, takes the document in and does something with it, for as long as that gets on.
fn jailed<T: Send + 'static>(
    work: impl FnOnce(&str, Allowance<'_>, &[u8]) -> T + Send + 'static,
) -> io::Result<T> {
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
    let (order, password, learned, bytes) = receive(&mut io::stdin().lock())?;
    let progress = Arc::new(Progress::start());
    let watched = Arc::clone(&progress);
    std::thread::Builder::new().spawn(move || watched.watch())?;
    let working = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let beat = |page: bool| {
            progress.note();
            if page {
                tell(PAGE);
            }
        };
        let allowance = Allowance {
            time: PICTURES,
            cores,
            password,
            learned,
            beat: &beat,
        };
        let done = work(&order, allowance, &bytes);
        progress.done.store(true, Ordering::Relaxed);
        done
    })?;
    working.join().map_err(|_| io::Error::other("the reader failed"))
}

fn say(answer: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(answer)?;
    out.flush()
}

/// When the reading last got on.
struct Progress {
    at: Mutex<(Duration, Instant)>,
    done: AtomicBool,
}

impl Progress {
    fn start() -> Self {
        Progress {
            at: Mutex::new((processor_time(), Instant::now())),
            done: AtomicBool::new(false),
        }
    }

    fn note(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = (processor_time(), Instant::now());
    }

    /// Says that the child lives as long as it gets on, and ends it where it does not: a machine that is busy with other
    /// things makes a reader slow, not stuck.
    fn watch(&self) {
        while !self.done.load(Ordering::Relaxed) {
            std::thread::sleep(PULSE);
            let (spent, at) = *self.at.lock().unwrap_or_else(PoisonError::into_inner);
            if processor_time().saturating_sub(spent) > STUCK || at.elapsed() > STILL {
                std::process::exit(2);
            }
            if !self.done.load(Ordering::Relaxed) {
                tell(BUSY);
            }
        }
    }
}

/// Tells the parent something; where nobody listens any more, there is nothing left to do.
fn tell(what: u8) {
    let mut out = io::stdout().lock();
    if out.write_all(&[what]).and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

fn limit(cores: usize) -> io::Result<()> {
    let both = |limit: u64| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::As, both(SPACE))?;
    setrlimit(Resource::Data, both(MEMORY))?;
    setrlimit(Resource::Cpu, both(CPU_SECONDS * cores.max(1) as u64))?;
    setrlimit(Resource::Fsize, both(0))?;
    setrlimit(Resource::Core, both(0))?;
    setrlimit(Resource::Nofile, both(FILES))?;
    Ok(())
}
