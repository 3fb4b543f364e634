//! `refdesk import`: the referrals of another system, for going live.
//!
//! Owns the arguments and how the end is told. What is read and how it lands is `import`'s.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print, wording};
use crate::domain::text;
use crate::import::{Became, Done, Order, Row, Stopped, Total, run};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const AFTER: &str = "\
A file is FHIR (a resource, a bundle, lines of NDJSON, also resources spread over the files as bulk exports
have them), HL7 v2 (messages, batches), or a table by a mapping of the configuration, [import.NAME].
Each referral stands here where it stood there: with its status, its owner, its visits, and its clocks from
the day on which it was received. Nobody is written to about what happened before. The same referral of the
same system comes over once: a file that was stopped, or put right, is simply brought over again.
HL7 v2 about visits (SIU), patients (ADT) and requests that were taken back is heard as by a connection, and
nobody is written to about it; other messages wait in Intake. Each that does is told with its line.
What is refused is kept beside its file, as NAME.refused. Exit 1 where any was refused.";

#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Import {
    /// Files of the other system
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How tables are read: a table [import.NAME] of the configuration
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Read, say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// An import that takes longer than this says how far it is.
const SLOW: Duration = Duration::from_millis(500);

impl Import {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let settings = desk.config.settings().clone();
        let mapping = match &self.mapping {
            Some(name) => {
                let found = settings.import.get_key_value(name);
                let (name, mapping) = found.ok_or_else(|| no_mapping(name, settings.import.keys()))?;
                Some((name.as_str(), mapping))
            }
            None => None,
        };
        let (actor, now, as_json) = (desk.actor.clone(), desk.now(), desk.json());
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let order = Order {
            files: &self.files,
            mapping,
            actor: &actor,
            now,
            dry: self.dry_run,
            readers: cores.saturating_sub(1).max(1),
        };
        let mut progress = Progress::new();
        let mut told = |row: &Row| {
            progress.row();
            let file = self
                .files
                .get(row.file)
                .map(PathBuf::as_path)
                .unwrap_or(Path::new(""));
            tell(file, row, as_json, &mut progress)
        };
        let done = run(&mut desk.engine, &order, &mut told);
        progress.clear();
        let done = done.map_err(|stopped| trouble(&stopped))?;
        self.end(&done, as_json)
    }

    fn end(&self, done: &Done, as_json: bool) -> Ending {
        for (file, total) in self.files.iter().zip(&done.totals) {
            if as_json {
                print::json(&json!({
                    "file": name_of(file), "landed": total.landed, "there": total.there, "heard": total.heard,
                    "intake": total.intake,
                    "refused": total.refused, "kept": total.kept.as_ref().map(|path| path.display().to_string()),
                    "dry_run": self.dry_run,
                }))?;
            } else {
                print::line(&format!("{}: {}", name_of(file), counts(total, self.dry_run)))?;
            }
        }
        for (kind, count) in &done.left {
            print::error(&format!(
                "{count} {} belong to no referral in these files",
                text::line(kind)
            ));
        }
        let refused = done.totals.iter().any(|total| total.refused > 0);
        Ok(if refused { Exit::Failed } else { Exit::Done })
    }
}

fn counts(total: &Total, dry: bool) -> String {
    let mut parts = vec![
        format!("{} {}", total.landed, if dry { "would land" } else { "landed" }),
        format!("{} already there", total.there),
    ];
    if total.heard > 0 {
        parts.push(format!("{} heard about what is here", total.heard));
    }
    if total.intake > 0 {
        parts.push(format!("{} for a person, in Intake", total.intake));
    }
    let mut refused = format!("{} refused", total.refused);
    if let Some(kept) = &total.kept {
        refused.push_str(&format!(", kept in {}", kept.display()));
    }
    parts.push(refused);
    parts.join(", ")
}

fn no_mapping<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Trouble {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let known = if known.is_empty() {
        "it has none; `refdesk config example` shows one".to_owned()
    } else {
        format!("it has {}", known.join(", "))
    };
    Trouble(format!(
        "the configuration has no table [import.{}]: {known}. Nothing was brought over",
        text::line(name)
    ))
}

fn trouble(stopped: &Stopped) -> Trouble {
    let kept = match stopped {
        Stopped::File { .. } => "",
        Stopped::Engine(_) | Stopped::Told(_) => ". What had landed by then is kept; run it again to go on",
    };
    Trouble(wording::plain(&format!("{stopped}{kept}")))
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// With `--json` every referral is told; else only what a person has to do something about.
fn tell(file: &Path, row: &Row, as_json: bool, progress: &mut Progress) -> std::io::Result<()> {
    let plain = |trouble: Trouble| std::io::Error::other(trouble.0);
    let (status, why) = match &row.became {
        Became::Landed(_) => ("landed", None),
        Became::There(_) => ("there", None),
        Became::Heard(_, why) => ("heard", why.as_ref()),
        Became::Intake(_, why) => ("intake", Some(why)),
        Became::Refused(why) => ("refused", Some(why)),
    };
    if as_json {
        let (referral, document) = match &row.became {
            Became::Landed(referral) | Became::There(referral) | Became::Heard(referral, _) => {
                (*referral, None)
            }
            Became::Intake(document, _) => (None, *document),
            Became::Refused(_) => (None, None),
        };
        return print::json(&json!({
            "file": name_of(file), "line": row.line, "external": row.external, "status": status, "referral": referral,
            "document": document, "because": why, "warnings": row.warnings,
        }))
        .map_err(plain);
    }
    let news = !matches!(row.became, Became::Heard(..));
    if let Some(why) = why.filter(|_| news) {
        progress.clear();
        return print::line(&format!("{} line {}: {status}: {why}", name_of(file), row.line)).map_err(plain);
    }
    Ok(())
}

/// How far it is, on one line of a terminal that is drawn over; nowhere else.
struct Progress {
    shown: bool,
    rows: u64,
    began: Instant,
    drawn: Instant,
}

impl Progress {
    fn new() -> Progress {
        let now = Instant::now();
        Progress {
            shown: std::io::stderr().is_terminal(),
            rows: 0,
            began: now,
            drawn: now,
        }
    }

    fn row(&mut self) {
        self.rows += 1;
        if self.shown && self.drawn.elapsed() >= SLOW {
            self.drawn = Instant::now();
            let rate = self.rows as f64 / self.began.elapsed().as_secs_f64();
            let _ = write!(
                std::io::stderr(),
                "\r\u{1b}[K{} referrals, {rate:.0} a second; ctrl-c stops it, and what landed is kept",
                self.rows
            );
        }
    }

    fn clear(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
