//! `refdesk reader`: what the reader of documents learned from corrections, only when it is told to.
//!
//! Owns the file of lessons: read for every document, written by `learn` alone. Must not know how anything is learned.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, print, wording};
use crate::config::DataDir;
use crate::config::paths::replace_private;
use crate::intake::learned::Learned;
use crate::intake::{described, field_named};
use serde_json::json;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Learning that takes longer than this says how far it is.
const SLOW: Duration = Duration::from_millis(500);

const HEAD: &str = "\
# What the reader of documents learned from this desk's corrections; `refdesk reader learn` writes it, `refdesk reader forget`
# takes it away. Texts of forms and referrers' own data, nothing of a patient. A lesson may be taken out by hand: what `taught`
# names and no lesson says any more is not learned again, until it is taken out of `taught` too.
";

#[derive(clap::Args, Debug)]
pub(crate) struct Reader {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Learn from the corrections that people made to what was read: labels of forms, and what a sender's papers always get wrong
    Learn {
        /// Say what would be learned, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Print what was learned
    Learned,
    /// Forget all of it
    Forget,
}

impl Reader {
    pub fn run(&self, place: &Place) -> Ending {
        match &self.what {
            What::Learn { dry_run } => learn(&Desk::open(place.clone())?, *dry_run),
            What::Learned => {
                let learned = lessons(&place.dir()?)?;
                tell(place.json, &learned)?;
                if learned.is_empty() && !place.json {
                    print::line(
                        "nothing was learned; `refdesk reader learn` learns from the corrections made so far",
                    )?;
                }
                Ok(Exit::Done)
            }
            What::Forget => forget(&place.dir()?, place.json),
        }
    }
}

fn learn(desk: &Desk, dry: bool) -> Ending {
    let before = lessons(&desk.dir)?;
    let (start, shown) = (Instant::now(), std::io::stderr().is_terminal());
    let mut drawn = false;
    let school = desk.engine.lessons(&mut |documents| {
        if shown && start.elapsed() >= SLOW && documents % 50 == 0 {
            drawn = true;
            let _ = write!(
                std::io::stderr(),
                "\r\u{1b}[K{documents} documents looked at; ctrl-c stops it"
            );
        }
        true
    })?;
    if drawn {
        let _ = write!(std::io::stderr(), "\r\u{1b}[K");
    }
    let (learned, taken_out) = school.learned().without_removed(&before);
    tell(desk.json(), &learned)?;
    let file = desk.dir.learned();
    if !dry {
        save(&file, &learned)?;
    }
    let count = learned.label.len() + learned.sender.len();
    let (documents, corrected) = (school.documents, school.corrected);
    if desk.json() {
        print::json(&json!({
            "lessons": count, "documents": documents, "corrected": corrected, "kept": !dry,
            "taken_out": taken_out,
        }))?;
        return Ok(Exit::Done);
    }
    let kept = if dry {
        "nothing was changed".to_owned()
    } else {
        format!(
            "kept in {}; documents are read with it from now on",
            file.display()
        )
    };
    let out = match taken_out {
        0 => String::new(),
        _ => format!(
            "; {} taken out by hand, and not learned again",
            many(taken_out as u64, "lesson")
        ),
    };
    print::line(&format!(
        "{} from {}, {corrected} of them corrected{out}; {kept}",
        many(count as u64, "lesson"),
        many(documents, "document")
    ))?;
    Ok(Exit::Done)
}

fn many(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn tell(json: bool, learned: &Learned) -> Result<(), Trouble> {
    for lesson in &learned.label {
        if json {
            print::json(
                &json!({ "label": lesson.text, "field": field_named(lesson.field), "documents": lesson.documents }),
            )?;
        } else {
            print::line(&format!(
                "\"{}\" is {} ({} documents)",
                lesson.text,
                described(lesson.field),
                lesson.documents
            ))?;
        }
    }
    for lesson in &learned.sender {
        if json {
            print::json(&json!({
                "sender": lesson.sender, "field": field_named(lesson.field), "value": lesson.value,
                "in_place_of": lesson.in_place_of, "documents": lesson.documents,
            }))?;
            continue;
        }
        let wrong = lesson.in_place_of.as_ref();
        let wrong = wrong.map(|wrong| format!(", not {wrong}")).unwrap_or_default();
        print::line(&format!(
            "from {}: {} is {}{wrong} ({} documents)",
            lesson.sender,
            described(lesson.field),
            lesson.value,
            lesson.documents
        ))?;
    }
    Ok(())
}

fn forget(dir: &DataDir, json: bool) -> Ending {
    let file = dir.learned();
    let was_there = match std::fs::remove_file(&file) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => {
            return Err(Trouble(format!(
                "{} cannot be taken away: {}. Nothing was forgotten",
                file.display(),
                wording::cause(&error)
            )));
        }
    };
    if json {
        print::json(&json!({ "forgotten": was_there }))?;
    } else if was_there {
        print::line("forgotten; documents are read as at the beginning")?;
    } else {
        print::line("there was nothing to forget")?;
    }
    Ok(Exit::Done)
}

/// The lessons of a data folder; none where there is no file.
pub(crate) fn lessons(dir: &DataDir) -> Result<Learned, Trouble> {
    let file = dir.learned();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Learned::default()),
        Err(error) => return Err(unread(&file, &wording::cause(&error))),
    };
    let learned: Learned = toml::from_str(&text).map_err(|error| unread(&file, error.message()))?;
    Ok(learned.cleaned())
}

fn unread(file: &Path, why: &str) -> Trouble {
    Trouble(format!(
        "{} cannot be read: {}. Documents are read without it until it is put right, or `refdesk reader forget` takes it away",
        file.display(),
        crate::domain::text::line(why)
    ))
}

/// The lessons as they are handed to a reading process, and whether rules alone read; empty where there are none, or their
/// file cannot be read, which `doctor` says: no document waits for it.
pub(crate) fn handed(desk: &Desk) -> String {
    let mut learned = lessons(&desk.dir).unwrap_or_default();
    learned.taught.clear();
    learned.rules_only = !desk.config.settings().reading.model;
    if learned.is_empty() {
        return String::new();
    }
    serde_json::to_string(&learned).unwrap_or_default()
}

fn save(file: &Path, learned: &Learned) -> Result<(), Trouble> {
    let body = toml::to_string(learned)?;
    replace_private(file, format!("{HEAD}\n{body}").as_bytes()).map_err(|error| {
        Trouble(format!(
            "{} cannot be written: {}. What was learned before is still in force",
            file.display(),
            wording::cause(&error)
        ))
    })
}
