//! `refdesk export`: referrals for other systems, as FHIR bundles or as a table.
//!
//! Owns the choice of referrals, the entry in the log that precedes every export, and the file. What is written goes out
//! referral by referral, so that memory does not grow with their number.

mod table;

use super::desk::Desk;
use super::list::wrong;
use super::{Ending, Exit, Trouble, print, wording};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::id::ReferralId;
use crate::domain::query::Query;
use crate::domain::time::Stamp;
use crate::engine::Failure;
use crate::standards::fhir::chart::{self, Original, With};
use crate::store::board::{Anchor, Shelf};
use crate::store::charts;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Referrals looked up at once.
const PAGE: usize = 500;

#[derive(clap::Args, Debug)]
pub(crate) struct Export {
    /// Referral ids, such as R-20417-S
    #[arg(value_name = "ID", conflicts_with_all = ["query", "all"])]
    ids: Vec<ReferralId>,
    /// Open referrals that match, as in `refdesk list --query`; with --all ended ones too
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Every referral, ended ones too
    #[arg(long)]
    all: bool,
    /// fhir is one bundle, ndjson a bundle a line, csv a table [default: fhir for one referral, else ndjson]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// File to write; one that is there is not overwritten [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave the documents' own bytes out; their names and hashes stay
    #[arg(long)]
    without_originals: bool,
    /// Leave the timeline out (FHIR Provenance): who did what, and when
    #[arg(long)]
    without_history: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Fhir,
    Ndjson,
    Csv,
}

impl Format {
    const fn label(self) -> &'static str {
        match self {
            Format::Fhir => "a FHIR bundle",
            Format::Ndjson => "FHIR bundles",
            Format::Csv => "a table",
        }
    }
}

impl Export {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        if self.ids.is_empty() && self.query.is_none() && !self.all {
            print::error("say which: ids, --query, or --all");
            return Ok(Exit::Usage);
        }
        let single = self.ids.len() == 1;
        let format = self
            .format
            .unwrap_or(if single { Format::Fhir } else { Format::Ndjson });
        if format == Format::Fhir && !single {
            print::error(
                "a bundle is about one referral; several are written with --format ndjson, a bundle a line",
            );
            return Ok(Exit::Usage);
        }
        let query = match self.query.as_deref().map(Query::parse).transpose() {
            Ok(query) => query.map(|query| desk.engine.policy().as_asked(query, desk.now())),
            Err(error) => return Ok(wrong(self.query.as_deref().unwrap_or_default(), &error)),
        };
        let mut sink = Sink::open(self.out.as_deref())?;
        if let Err(exit) = self.enter(desk, format)? {
            return Ok(exit);
        }
        let now = desk.now();
        if format == Format::Csv {
            sink.put(&table::HEADER.join(","))?;
        }
        let mut written = 0_u64;
        let mut source = self.source(query);
        loop {
            let ids = source.next(desk, now)?;
            if ids.is_empty() {
                break;
            }
            for id in &ids {
                if format != Format::Csv
                    && let Some((mut chart, bytes)) =
                        charts::chart(desk.engine.store().connection(), *id, !self.without_originals)?
                {
                    if self.without_history {
                        chart.history.clear();
                    }
                    let originals: Vec<Original> = bytes
                        .into_iter()
                        .map(|(hash, bytes)| Original { hash, bytes })
                        .collect();
                    let clinic = &desk.engine.policy().clinic.name;
                    let bundle = chart::print(
                        &chart,
                        With {
                            clinic,
                            now,
                            originals: &originals,
                        },
                    );
                    let text = match format {
                        Format::Fhir => serde_json::to_string_pretty(&bundle)?,
                        Format::Ndjson | Format::Csv => serde_json::to_string(&bundle)?,
                    };
                    sink.put(&print::escaped(&text))?;
                    written += 1;
                }
            }
            if format == Format::Csv {
                let targets = &desk.engine.policy().score_targets;
                for row in desk.engine.store().rows(&ids, now, targets)? {
                    sink.put(&table::line(&row))?;
                    written += 1;
                }
            }
        }
        sink.close()?;
        self.tell(desk, written)?;
        Ok(Exit::Done)
    }

    /// Every export stands in the log before anything is written: of referrals by name with each of them, of many once.
    fn enter(&self, desk: &mut Desk, format: Format) -> Result<Result<(), Exit>, Trouble> {
        let envelope = |referral, scope: String| {
            let format = format.label().to_owned();
            let command = Command::Export {
                referral,
                scope,
                format,
            };
            Envelope::new(command, desk.actor.clone(), Cause::Script)
        };
        let scope = match (&self.query, self.all) {
            (Some(query), true) => format!("all that match \"{query}\", ended ones too"),
            (Some(query), false) => format!("open ones that match \"{query}\""),
            (None, _) => "every referral".to_owned(),
        };
        let scope = format!("{scope}, {}", self.along());
        let envelopes: Vec<Envelope> = if self.ids.is_empty() {
            vec![envelope(None, scope)]
        } else {
            self.ids
                .iter()
                .map(|id| envelope(Some(*id), self.along().to_owned()))
                .collect()
        };
        let now = desk.now();
        for envelope in envelopes {
            match desk.engine.execute(&envelope, now) {
                Ok(_) => {}
                Err(Failure::Refused(refusal)) if desk.json() => {
                    print::error(&serde_json::to_string(&json!({ "refused": refusal }))?);
                    return Ok(Err(Exit::Failed));
                }
                Err(Failure::Refused(refusal)) => {
                    print::error(&format!("{refusal}. Nothing was exported"));
                    return Ok(Err(Exit::Failed));
                }
                Err(failure) => return Err(Trouble(failure.to_string())),
            }
        }
        Ok(Ok(()))
    }

    /// What goes along, as the log says it.
    const fn along(&self) -> &'static str {
        match (self.without_originals, self.without_history) {
            (false, false) => "with documents",
            (true, false) => "without documents",
            (false, true) => "with documents, without history",
            (true, true) => "without documents and history",
        }
    }

    fn source(&self, query: Option<Query>) -> Source {
        if !self.ids.is_empty() {
            return Source::Named(self.ids.clone());
        }
        match query {
            None => Source::All(None),
            Some(query) => {
                let shelves = if self.all {
                    vec![Shelf::Closed, Shelf::Open]
                } else {
                    vec![Shelf::Open]
                };
                Source::Found {
                    query,
                    shelves,
                    anchor: Anchor::Start,
                }
            }
        }
    }

    /// What was done, beside what was written.
    fn tell(&self, desk: &Desk, written: u64) -> Result<(), Trouble> {
        let noun = if written == 1 { "referral" } else { "referrals" };
        match &self.out {
            Some(path) if desk.json() => {
                print::json(&json!({ "exported": written, "file": path.display().to_string() }))
            }
            Some(path) => print::line(&format!("{written} {noun} in {}", path.display())),
            None if written == 0 => {
                print::error("no referral matches");
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// Where the ids come from, a page at a time.
enum Source {
    Named(Vec<ReferralId>),
    All(Option<ReferralId>),
    Found {
        query: Query,
        shelves: Vec<Shelf>,
        anchor: Anchor,
    },
}

impl Source {
    fn next(&mut self, desk: &Desk, now: Stamp) -> Result<Vec<ReferralId>, Trouble> {
        let store = desk.engine.store();
        match self {
            Source::Named(ids) => Ok(std::mem::take(ids)),
            Source::All(last) => {
                let ids = charts::ids_after(store.connection(), *last, PAGE)?;
                *last = ids.last().copied().or(*last);
                Ok(ids)
            }
            Source::Found {
                query,
                shelves,
                anchor,
            } => {
                let targets = &desk.engine.policy().score_targets;
                while let Some(shelf) = shelves.last().copied() {
                    let window = store.window(shelf, query, *anchor, PAGE, now, targets)?;
                    let ids: Vec<ReferralId> = window.rows.iter().map(|row| row.id).collect();
                    match ids.last() {
                        Some(last) if !window.at_end => *anchor = Anchor::After(*last),
                        Some(_) | None => {
                            shelves.pop();
                            *anchor = Anchor::Start;
                        }
                    }
                    if !ids.is_empty() {
                        return Ok(ids);
                    }
                }
                Ok(Vec::new())
            }
        }
    }
}

/// Where the lines go. A file has its name only when it is whole; it is for whoever asked for it alone.
enum Sink {
    Out,
    File {
        file: BufWriter<File>,
        partial: PathBuf,
        path: PathBuf,
    },
}

impl Sink {
    fn open(path: Option<&Path>) -> Result<Sink, Trouble> {
        let Some(path) = path else {
            return Ok(Sink::Out);
        };
        if path.exists() {
            return Err(Trouble(format!(
                "{} is there already. Nothing was overwritten; name another",
                path.display()
            )));
        }
        let partial = path.with_added_extension("partial");
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(|error| failed(path, &error))?;
        Ok(Sink::File {
            file: BufWriter::new(file),
            partial,
            path: path.to_owned(),
        })
    }

    fn put(&mut self, line: &str) -> Result<(), Trouble> {
        match self {
            Sink::Out => {
                print::bytes(line.as_bytes())?;
                print::bytes(b"\n")
            }
            Sink::File { file, path, .. } => writeln!(file, "{line}").map_err(|error| failed(path, &error)),
        }
    }

    fn close(self) -> Result<(), Trouble> {
        let Sink::File { file, partial, path } = self else {
            return Ok(());
        };
        let whole = || {
            file.into_inner()
                .map_err(std::io::IntoInnerError::into_error)?
                .sync_all()?;
            // A name that somebody took meanwhile is theirs.
            std::fs::hard_link(&partial, &path)?;
            std::fs::remove_file(&partial)
        };
        whole().map_err(|error| failed(&path, &error))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble(format!(
        "{}: {}. What was written so far stands beside it as .partial; nothing else was changed",
        path.display(),
        wording::cause(error)
    ))
}
