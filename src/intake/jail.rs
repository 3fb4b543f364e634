//! Reading in a child process that cannot do harm.
//!
//! Owns the child's limits, the deadline and what is believed of the child's answer. Must not know how anything is read.
//! The parsers of mail and PDF are third parties' and the bytes are strangers': a document may exhaust memory, loop or
//! crash its reader, and still the answer is a document, with a warning, and the caller still has the bytes.

use super::document::{Part, ReadDocument, Value};
use super::sheet::{MAX_PAGES, MAX_RUN_CHARS, MAX_RUNS};
use super::{read_within, unreadable};
use crate::domain::text;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::cell::Cell;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A child that has said nothing for so long hangs (reliability rule: 10 s a document). While it reads pictures it sends a
/// space now and then: leading spaces are no part of its answer.
const SILENCE: Duration = Duration::from_secs(10);
/// The child must have answered by then, however busy it is.
const DEADLINE: Duration = Duration::from_secs(75);
/// What it may spend on pictures: the pages beyond are reported, so that a long fax is not lost for its length.
const PICTURES: Duration = Duration::from_secs(60);
/// Spaces are sent no oftener than this.
const BEAT: Duration = Duration::from_millis(250);
/// The child's address space: 1.5 GiB. What it touches stays within 512 MiB; its allocator and threads reserve more than
/// they use.
const MEMORY: u64 = 3 << 29;
/// Seconds of processor time, on each of the cores that read pictures.
const CPU_SECONDS: u64 = 60;
/// More cores than this are not used for one document.
const CORES: u64 = 4;
/// At most this much of the child's answer is taken.
const ANSWER: u64 = 8 << 20;
/// The largest document handed to a child: 64 MiB, more than any fax or message that a desk receives.
const LARGEST: usize = 64 << 20;
/// The reading thread's stack: nested documents recurse.
const STACK: usize = 64 << 20;
/// The child's name for itself on the command line.
const COMMAND: &str = "__read";
/// Bounds on the child's lists.
const MAX_PARTS: usize = 1_000;
const MAX_WARNINGS: usize = 100;
const MAX_CANDIDATES: usize = 32;
const MAX_VALUE_CHARS: usize = 4_000;

/// Reads a document in a child process of `exe`, which must dispatch `__read NAME` to [`child_main`]. Total, as
/// [`super::read`] is: every failure becomes a document with a warning.
pub fn read_jailed(exe: &Path, name: &str, bytes: &[u8]) -> ReadDocument {
    if bytes.len() > LARGEST {
        return unreadable(
            name,
            "the file is larger than 64 MB and was not read; a person must look",
        );
    }
    match ask(exe, name, bytes) {
        Ok(Some(answer)) => match serde_json::from_slice::<ReadDocument>(&answer) {
            Ok(document) => clean(name, document),
            Err(_) => unreadable(
                name,
                "the reader gave no usable answer; a person must read the document",
            ),
        },
        Ok(None) => unreadable(
            name,
            "the document took too long or too much memory to read; a person must read it",
        ),
        Err(_) => unreadable(
            name,
            "the reader could not be started; the document was kept and a person must read it",
        ),
    }
}

/// Runs the child; `None` where it did not finish well in time.
fn ask(exe: &Path, name: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    // The name tells the child only what the file is called; a leading hyphen must not look like an option.
    let plain: String = text::line(name)
        .chars()
        .filter(|c| *c != '\0')
        .take(200)
        .collect();
    let mut child = Command::new(exe)
        .arg(COMMAND)
        .arg(format!("./{}", plain.trim_start_matches(['/', '.'])))
        .env_clear()
        // The reader of pictures would start a thread for each core, and each reserves memory.
        .env("RTEN_NUM_THREADS", cores().to_string())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (sender, receiver) = mpsc::channel();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let document = bytes.to_vec();
    // Writing and reading happen aside, so that a child that does neither cannot hold the caller past the deadline.
    std::thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A child that has seen enough closes its end; what it says is on the other pipe.
            let _ = stdin.write_all(&document);
        }
    });
    std::thread::spawn(move || {
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
    let answer = listen(&receiver);
    let ended_well = finish(&mut child, answer.is_some());
    Ok(answer.filter(|answer| ended_well && answer.len() as u64 <= ANSWER))
}

/// Gathers what the child says; `None` where it fell silent, broke off or went on for too long.
fn listen(receiver: &mpsc::Receiver<Vec<u8>>) -> Option<Vec<u8>> {
    let end = Instant::now() + DEADLINE;
    let mut answer = Vec::new();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let got = receiver.recv_timeout(SILENCE.min(left)).ok()?;
        if got.is_empty() {
            return Some(answer);
        }
        answer.extend(got);
    }
}

/// Waits a moment for a child that has answered, ends one that has not, and reaps it either way.
fn finish(child: &mut Child, answered: bool) -> bool {
    for _ in 0..if answered { 100 } else { 0 } {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// What the child runs: limits itself, reads the document from standard input and writes the answer to standard
/// output.
pub fn child_main(name: &str) -> io::Result<()> {
    limit()?;
    // A parser's panic message may quote the document; nothing of a patient goes to a log.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut bytes)?;
    let name = name.to_owned();
    let reading = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let last = Cell::new(Instant::now());
        let beat = || {
            if last.get().elapsed() >= BEAT {
                last.set(Instant::now());
                let mut out = io::stdout().lock();
                // A parent that no longer listens ends the child soon enough.
                let _ = out.write_all(b" ").and_then(|()| out.flush());
            }
        };
        read_within(PICTURES, &beat, &name, &bytes)
    })?;
    let document = reading
        .join()
        .map_err(|_| io::Error::other("the reader failed"))?;
    let answer = serde_json::to_vec(&document)?;
    let mut out = io::stdout().lock();
    out.write_all(&answer)?;
    out.flush()
}

/// Cores used for one document.
fn cores() -> u64 {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() as u64).min(CORES))
}

fn limit() -> io::Result<()> {
    let both = |limit: u64| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::As, both(MEMORY))?;
    setrlimit(Resource::Cpu, both(CPU_SECONDS * cores()))?;
    setrlimit(Resource::Fsize, both(0))?;
    setrlimit(Resource::Core, both(0))?;
    Ok(())
}

/// The child's answer is a stranger's too: every text is sanitised again and every list bounded.
fn clean(name: &str, mut document: ReadDocument) -> ReadDocument {
    let short = |raw: &str, most: usize| -> String { text::line(raw).chars().take(most).collect() };
    let share = |side: f32| {
        if side.is_finite() {
            side.clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    document.name = unreadable(name, "").name;
    document.kind_confidence = share(document.kind_confidence);
    document.pages.truncate(MAX_PAGES);
    for page in &mut document.pages {
        page.lines.truncate(MAX_RUNS);
        for line in &mut page.lines {
            line.text = short(&line.text, MAX_RUN_CHARS);
            line.area = line.area.map(share);
        }
    }
    let pages = document.pages.len();
    for found in document.fields.values_mut() {
        found.truncate(MAX_CANDIDATES);
        for one in found.iter_mut() {
            one.value = match &one.value {
                Value::Name { family, given } => Value::Name {
                    family: short(family, MAX_VALUE_CHARS),
                    given: short(given, MAX_VALUE_CHARS),
                },
                Value::Text(raw) => Value::Text(short(raw, MAX_VALUE_CHARS)),
            };
            one.confidence = share(one.confidence);
            one.place = one
                .place
                .filter(|place| place.page >= 1 && place.page as usize <= pages);
            if let Some(place) = &mut one.place {
                place.area = place.area.map(share);
            }
        }
    }
    document.fields.retain(|_, found| !found.is_empty());
    document.parts.truncate(MAX_PARTS);
    for part in &mut document.parts {
        let Part { name, .. } = part;
        *name = short(name, 200);
    }
    document.warnings.truncate(MAX_WARNINGS);
    for warning in &mut document.warnings {
        *warning = short(warning, 300);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::read;

    #[test]
    fn a_reader_that_cannot_start_is_a_warning() {
        let document = read_jailed(Path::new("/nonexistent/reader"), "a.txt", b"hello");
        assert_eq!(document.name, "a.txt");
        assert!(document.pages.is_empty() && document.warnings.len() == 1);
    }

    #[test]
    fn a_reader_that_answers_nonsense_is_a_warning() {
        let document = read_jailed(Path::new("/bin/echo"), "../x/a\u{1b}[2J.txt", b"hello");
        assert_eq!(document.name, "a[2J.txt");
        assert_eq!(document.warnings.len(), 1);
    }

    #[test]
    fn the_answer_is_cleaned() {
        let mut document = read("a.txt", b"Patient name: Ann Lee\nDOB: 01/02/1990");
        document.warnings.push("\u{1b}]0;x".to_owned());
        document.kind_confidence = f32::NAN;
        for page in &mut document.pages {
            page.lines[0].text = "\u{202e}evil".to_owned();
        }
        let cleaned = clean("b.txt", document);
        assert_eq!(cleaned.name, "b.txt");
        assert_eq!(cleaned.pages[0].lines[0].text, "evil");
        assert_eq!(cleaned.kind_confidence, 0.0);
        assert!(cleaned.warnings.iter().all(|warning| !warning.contains('\u{1b}')));
    }
}
