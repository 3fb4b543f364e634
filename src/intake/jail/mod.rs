//! Reading in a child process that cannot do harm.
//!
//! Owns the deadline, the counting of pages and what is believed of the child's answer; `child` limits itself and reads,
//! `lock` takes the system away from it, `many` reads several side by side. Must not know how anything is read. The parsers
//! are third parties' and the bytes are strangers': a document may exhaust memory, loop or crash its reader, and still the
//! answer is a document, with a warning, and the caller still has the bytes.

mod answer;
mod child;
#[cfg(target_os = "linux")]
mod lock;
mod many;

pub use child::{child_main, draw_main};
pub use many::many;

use super::document::{ReadDocument, Shot};
use super::picture::Picture;
use super::unreadable;
use crate::domain::text;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A child that has said nothing for so long is stopped: it sends a space twice a second while it gets on, and ends itself
/// where it does not. Leading spaces are no part of its answer.
const SILENCE: Duration = Duration::from_secs(20);
/// The child must have answered by then, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(270);
/// Whoever gave up is heard within this.
const HEARD: Duration = Duration::from_millis(100);
/// More cores than this are not used for one document: each page that is read beside another costs its memory.
const CORES: usize = 3;
/// At most this much of the child's answer is taken.
const ANSWER: u64 = 8 << 20;
/// The largest document handed to a child: 64 MiB, more than any fax or message that a desk receives.
const LARGEST: usize = 64 << 20;
/// The child's name for itself on the command line.
const COMMAND: &str = "__read";
/// And where a page is to be drawn.
const DRAW: &str = "__draw";
/// What the child sends while it is busy, and for each page that it has done: space that no answer minds.
const BUSY: u8 = b' ';
const PAGE: u8 = b'\n';

/// A document to be read.
pub struct Order<'a> {
    /// The program itself, which dispatches `__read` to [`child_main`].
    pub exe: &'a Path,
    /// What the file is called.
    pub name: &'a str,
    /// The document.
    pub bytes: &'a [u8],
    /// Opens it, where it is locked.
    pub password: Option<&'a str>,
    /// What corrections taught, as JSON of [`super::learned::Learned`]; empty where nothing did.
    pub learned: &'a str,
    /// Cores that it may use.
    pub cores: usize,
    /// Set by whoever gives up.
    pub stop: &'a AtomicBool,
    /// Told how many pictured pages are done.
    pub pages: &'a (dyn Fn(usize) + Sync),
}

/// Reads a document in a child process of `exe`, which must dispatch `__read` to [`child_main`]. Total, as
/// [`super::read`] is: every failure becomes a document with a warning.
pub fn read_jailed(exe: &Path, name: &str, bytes: &[u8]) -> ReadDocument {
    let order = Order {
        exe,
        name,
        bytes,
        password: None,
        learned: "",
        cores: cores(),
        stop: &AtomicBool::new(false),
        pages: &|_| {},
    };
    order.read().unwrap_or_else(|| unreadable(name, STOPPED))
}

const STOPPED: &str = "reading was stopped; the document was kept";

/// Cores that one document may use where it is read alone.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(CORES))
}

/// What this system takes away from a process that reads a document, in words; tried on a thread that then ends.
pub fn locks() -> &'static str {
    #[cfg(target_os = "linux")]
    let found = std::thread::spawn(lock::lock).join().ok();
    #[cfg(target_os = "linux")]
    let found = found.map(|locked| (locked.files, locked.calls));
    #[cfg(not(target_os = "linux"))]
    let found = None;
    match found {
        Some((true, true)) => "without files, network or other programs (Landlock, seccomp)",
        Some((false, true)) => "without files, network or other programs (seccomp)",
        Some((true, false)) => "without files or network (Landlock)",
        Some((false, false)) | None => "within limits of time and memory; this system can take no more away",
    }
}

impl Order<'_> {
    /// Reads it; none where it was told to stop. Every other failure is a document with a warning.
    pub fn read(&self) -> Option<ReadDocument> {
        let failed = |why: &str| Some(unreadable(self.name, why));
        if self.bytes.len() > LARGEST {
            return failed("the file is larger than 64 MB and was not read; a person must look");
        }
        match self.ask(COMMAND, &self.called()) {
            _ if self.stop.load(Ordering::Relaxed) => None,
            Ok(Some(answer)) => match serde_json::from_slice::<ReadDocument>(&answer) {
                Ok(document) => Some(answer::clean(self.name, document)),
                Err(_) => failed("the reader gave no usable answer; a person must read the document"),
            },
            Ok(None) => {
                failed("the document took too long or too much memory to read; a person must read it")
            }
            Err(_) => {
                failed("the reader could not be started; the document was kept and a person must read it")
            }
        }
    }

    /// The name tells the child only what the file is called.
    fn called(&self) -> String {
        let plain: String = text::line(self.name)
            .chars()
            .filter(|c| *c != '\0')
            .take(200)
            .collect();
        format!("./{}", plain.trim_start_matches(['/', '.']))
    }

    /// Draws a page, counted from 1, which was read from this shot; none where it has no picture, or was told to stop.
    pub fn draw(&self, page: u32, shot: Option<Shot>) -> Option<Picture> {
        if self.bytes.len() > LARGEST {
            return None;
        }
        let held = shot.map(|shot| format!("{} {}", shot.number, shot.turn));
        let order = format!("{page} {} {}", held.as_deref().unwrap_or("- -"), self.called());
        let answer = self.ask(DRAW, &order).ok()??;
        answer::picture(&answer).filter(|_| !self.stop.load(Ordering::Relaxed))
    }

    /// Runs the child with an order, which it hears with the document; `None` where it did not finish well in time.
    fn ask(&self, command: &str, order: &str) -> io::Result<Option<Vec<u8>>> {
        let mut child = Command::new(self.exe)
            .arg(command)
            .env_clear()
            .env(child::CORES, self.cores.to_string())
            // Pages are read side by side, each on one thread: the reader of pictures need not start its own.
            .env("RTEN_NUM_THREADS", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (sender, receiver) = channel();
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        // Writing and reading happen aside, so that a child that does neither cannot hold the caller past the deadline. A
        // child that was ended closes its pipes, which ends both.
        let answer = std::thread::scope(|scope| {
            scope.spawn(|| {
                if let Some(mut stdin) = stdin {
                    // A child that has seen enough closes its end; what it says is on the other pipe.
                    let _ = child::send(&mut stdin, order, self.password, self.learned, self.bytes);
                }
            });
            scope.spawn(move || {
                let Some(stdout) = stdout else { return };
                let mut stdout = stdout.take(ANSWER + 1);
                let mut chunk = vec![0; 1 << 16];
                while let Ok(count) = stdout.read(&mut chunk) {
                    let got = chunk.get(..count).unwrap_or_default().to_vec();
                    if sender.send(got).is_err() || count == 0 {
                        break;
                    }
                }
            });
            let answer = self.listen(&receiver);
            drop(receiver);
            let ended_well = finish(&mut child, answer.is_some());
            answer.filter(|answer| ended_well && answer.len() as u64 <= ANSWER)
        });
        Ok(answer)
    }

    /// Gathers what the child says; `None` where it fell silent, broke off, went on for too long or is not wanted any more.
    fn listen(&self, receiver: &Receiver<Vec<u8>>) -> Option<Vec<u8>> {
        let end = Instant::now() + DEADLINE;
        let mut heard = Instant::now();
        let mut answer = Vec::new();
        let mut pages = 0;
        loop {
            let now = Instant::now();
            if self.stop.load(Ordering::Relaxed) || now >= end || now.duration_since(heard) >= SILENCE {
                return None;
            }
            let got = match receiver.recv_timeout(HEARD) {
                Ok(got) => got,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            heard = Instant::now();
            if got.is_empty() {
                return Some(answer);
            }
            if answer.iter().all(u8::is_ascii_whitespace) {
                let done = got.iter().take_while(|byte| byte.is_ascii_whitespace());
                let done = done.filter(|byte| **byte == PAGE).count();
                if done > 0 {
                    pages += done;
                    (self.pages)(pages);
                }
            }
            answer.extend(got);
        }
    }
}

/// Waits a moment for a child that has answered, ends one that has not, and reaps it either way.
fn finish(child: &mut Child, answered: bool) -> bool {
    // It has closed its answer and has only to go: that takes less than a millisecond.
    let mut pause = Duration::from_micros(100);
    let end = Instant::now() + Duration::from_millis(500);
    while answered && Instant::now() < end {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

#[cfg(test)]
mod tests;
