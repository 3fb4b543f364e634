//! `refdesk intake`: documents in, a line for each.

use super::asked::{Asked, name_of};
use super::desk::Desk;
use super::second::Second;
use super::{Ending, Exit, Trouble, print, reader, wording};
use crate::channels::second_reader::Rest;
use crate::domain::id::DocumentId;
use crate::domain::referral::Source;
use crate::engine::{Outcome, Taken, kind_code};
use crate::intake::document::{Field, Found, How, ReadDocument, Value};
use crate::intake::jail::{self, many};
use crate::store::content;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Reading that takes longer than this says how far it is.
const SLOW: Duration = Duration::from_millis(500);

#[derive(clap::Args, Debug)]
pub(crate) struct Intake {
    /// Documents: faxes and scans (TIFF, PNG, JPEG, PDF), e-mail (.eml), Word, RTF, text, ZIP; what cannot be read waits in the list intake
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read, say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// File whose first line is the password of locked documents; one that waits in Intake is read again
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Intake {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let password = self.password_file.as_deref().map(password).transpose()?;
        let exe = std::env::current_exe()?;
        let stop = AtomicBool::new(false);
        let progress = Progress::new(self.files.len());
        let second = Second::of(desk.config.settings(), Rest::default());
        let learned = reader::handed(desk);
        let read = |path: &PathBuf, cores: usize| {
            let asked = Asked {
                exe: &exe,
                password: password.as_deref(),
                second: second.as_ref(),
                learned: &learned,
                stop: &stop,
                pages: &|pages| progress.pages(pages),
            };
            asked.read(path, cores)
        };
        let mut exit = Exit::Done;
        let mut ended = Ok(());
        many(&self.files, read, |path, read| {
            progress.clear();
            ended = match read {
                Ok(came) => came
                    .documents
                    .into_iter()
                    .enumerate()
                    .try_for_each(|(place, document)| {
                        let number = document.own.is_some().then_some(place + 1);
                        let read = desk.engine.offered(document.read);
                        let bytes = document.own.as_deref().unwrap_or(&came.bytes);
                        match take_in(desk, bytes, &read, read.container.source(), self.dry_run) {
                            Ok(taken) => report(desk, path, number, &read, &taken),
                            Err(Trouble(why)) => {
                                exit = Exit::Failed;
                                failed(desk, path, number, &why)
                            }
                        }
                    }),
                Err(Trouble(why)) => {
                    exit = Exit::Failed;
                    failed(desk, path, None, &why)
                }
            };
            progress.done();
            ended.is_ok()
        });
        ended.map(|()| exit)
    }
}

/// A password from a file: an argument would stand in the list of processes.
fn password(file: &Path) -> Result<String, Trouble> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Trouble(format!(
            "{}: {}. No document was read",
            file.display(),
            wording::cause(&error)
        ))
    })?;
    let first = text.lines().next().unwrap_or_default();
    if first.is_empty() {
        return Err(Trouble(format!(
            "{}: its first line is empty, and no password. No document was read",
            file.display()
        )));
    }
    Ok(first.to_owned())
}

fn failed(desk: &Desk, path: &Path, number: Option<usize>, why: &str) -> Result<(), Trouble> {
    if desk.json() {
        let mut line = json!({
            "file": name_of(path), "status": "failed", "doc_type": null, "referral": null, "fields": {}, "missing": [],
            "warnings": [why],
        });
        numbered(&mut line, number);
        print::json(&line)?;
    }
    let which = number.map_or(String::new(), |number| format!(", message {number}"));
    print::error(&format!("{}{which}: {why}", path.display()));
    Ok(())
}

/// How far the reading is, on one line of a terminal that is drawn over; nowhere else.
struct Progress {
    total: usize,
    shown: bool,
    state: Mutex<(usize, usize)>,
    start: Instant,
}

impl Progress {
    fn new(total: usize) -> Progress {
        Progress {
            total,
            shown: std::io::stderr().is_terminal(),
            state: Mutex::new((0, 0)),
            start: Instant::now(),
        }
    }

    fn pages(&self, pages: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 = pages;
        self.draw(*state);
    }

    fn done(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = (state.0 + 1, 0);
        self.draw(*state);
    }

    fn draw(&self, (documents, pages): (usize, usize)) {
        if self.shown && self.start.elapsed() >= SLOW && documents < self.total {
            let _ = write!(
                std::io::stderr(),
                "\r\u{1b}[Kreading {} of {}: {pages} pages done; ctrl-c stops it",
                documents + 1,
                self.total
            );
        }
    }

    fn clear(&self) {
        if self.shown && self.start.elapsed() >= SLOW {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// One message of several in a file is told by its number, from 1.
fn numbered(line: &mut serde_json::Value, number: Option<usize>) {
    if let (Some(number), Some(line)) = (number, line.as_object_mut()) {
        line.insert("message".to_owned(), json!(number));
    }
}

/// Reads a document that waits in Intake again, with its password; says what became of it.
pub(crate) fn again(
    desk: &mut Desk,
    document: DocumentId,
    password: &str,
    stop: &AtomicBool,
) -> Result<String, Trouble> {
    let store = desk.engine.store();
    let lost = || Trouble("its bytes are not there; run `refdesk check`".into());
    let record = store.document(document)?.ok_or_else(lost)?;
    let bytes = content::bytes(store.connection(), &record.hash)?.ok_or_else(lost)?;
    let order = jail::Order {
        exe: &std::env::current_exe()?,
        name: &record.name,
        bytes: &bytes,
        password: Some(password),
        learned: &reader::handed(desk),
        cores: jail::cores(),
        stop,
        pages: &|_| {},
    };
    let stopped = || Trouble("reading was stopped; nothing was changed".into());
    let mut read = order.read().ok_or_else(stopped)?;
    if read.locked {
        return Err(Trouble(
            "this password does not open it. Nothing was changed; ask the sender".into(),
        ));
    }
    let second = Second::of(desk.config.settings(), Rest::default());
    if second.is_some_and(|second| !second.look(&mut read, stop)) {
        return Err(stopped());
    }
    let taken = take_in(desk, &bytes, &read, read.container.source(), false)?;
    let referral = taken.referral.map(|id| format!(" {id}")).unwrap_or_default();
    Ok(format!("{document} opened: {}{referral}", status(&taken)))
}

/// Takes a document in that was read.
pub(crate) fn take_in(
    desk: &mut Desk,
    bytes: &[u8],
    read: &ReadDocument,
    source: Source,
    dry: bool,
) -> Result<Taken, Trouble> {
    let (actor, now) = (desk.actor.clone(), desk.now());
    desk.engine
        .take_in(bytes, read, source, &actor, now, dry)
        .map_err(|failure| Trouble(failure.to_string()))
}

/// The same, once for an occasion.
pub(crate) fn take_in_once(
    desk: &mut Desk,
    bytes: &[u8],
    read: &ReadDocument,
    source: Source,
    occasion: Option<&str>,
) -> Result<Taken, Trouble> {
    let (actor, now) = (desk.actor.clone(), desk.now());
    desk.engine
        .take_in_once(bytes, read, source, &actor, now, false, occasion)
        .map_err(|failure| Trouble(failure.to_string()))
}

pub(crate) fn status(taken: &Taken) -> &'static str {
    match taken.outcome {
        Outcome::Received => "received",
        Outcome::Answered => "answered",
        Outcome::Filed => "filed",
        Outcome::Visit => "visit",
        Outcome::Coverage => "coverage",
        Outcome::Patient => "patient",
        Outcome::Intake => "intake",
        Outcome::SeenBefore => "seen-before",
    }
}

fn report(
    desk: &Desk,
    path: &Path,
    number: Option<usize>,
    read: &ReadDocument,
    taken: &Taken,
) -> Result<(), Trouble> {
    if !desk.json() {
        let ids = [
            taken.referral.map(|id| id.to_string()),
            taken.document.map(|id| id.to_string()),
        ];
        // The referral where there is one, else the document.
        let id = ids.into_iter().flatten().next().unwrap_or_default();
        let which = number.map_or(String::new(), |number| format!(", message {number}"));
        let mut line = format!("{}{which}: {} {id}", name_of(path), status(taken));
        if !taken.missing.is_empty() {
            line.push_str(&format!(" · missing: {}", taken.missing.join(", ")));
        }
        for remark in &taken.remarks {
            line.push_str(&format!(" · {remark}"));
        }
        return print::line(&line);
    }
    let mut warnings = read.warnings.clone();
    warnings.extend(
        taken
            .remarks
            .iter()
            .filter(|remark| !read.warnings.contains(remark))
            .cloned(),
    );
    let mut line = json!({
        "file": name_of(path), "status": status(taken), "doc_type": kind_code(read.kind), "kind_confidence": read.kind_confidence,
        "referral": taken.referral, "document": taken.document, "fields": fields(&read.fields), "missing": taken.missing,
        "warnings": warnings,
    });
    numbered(&mut line, number);
    if let (false, Some(line)) = (read.segments.is_empty(), line.as_object_mut()) {
        let parts = read.segments.iter().map(|part| {
            json!({
                "pages": part.pages, "doc_type": kind_code(part.kind), "kind_confidence": part.kind_confidence,
                "fields": fields(&part.fields),
            })
        });
        line.insert("segments".to_owned(), parts.collect());
    }
    print::json(&line)
}

/// Fields as the contract has them: one value a name; lists for codes and for what has several numbers.
fn fields(read: &BTreeMap<Field, Vec<Found>>) -> Map<String, serde_json::Value> {
    let mut all = Map::new();
    for (field, found) in read {
        let name = serde_json::to_value(field)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default();
        // Another system may state several telephones of a patient, several names of a service, and whom and whose house a
        // patient is referred to, all of them as sure.
        let stated = found.iter().filter(|each| each.how == How::Stated).count();
        let value = if matches!(
            field,
            Field::Icd10 | Field::Cpt | Field::Mrn | Field::ApptId | Field::AaaCode
        ) || matches!(
            field,
            Field::PatientPhone | Field::ServiceRequested | Field::ReferredTo
        ) && stated > 1
        {
            Some(several(found))
        } else {
            found.first().map(single)
        };
        all.extend(value.map(|value| (name, value)));
    }
    all
}

/// Codes are all of them right at once; the list is as sure as the least sure of them.
fn several(found: &[Found]) -> serde_json::Value {
    let confidence = found.iter().map(|each| each.confidence).fold(1.0, f32::min);
    let place = found.first().and_then(|each| each.place);
    let values: Vec<_> = found
        .iter()
        .map(|each| json!({ "value": plain(&each.value), "confidence": each.confidence }))
        .collect();
    json!({
        "value": values, "confidence": confidence, "page": place.map(|place| place.page), "box": place.map(|place| place.area),
    })
}

fn single(found: &Found) -> serde_json::Value {
    json!({
        "value": plain(&found.value), "confidence": found.confidence, "page": found.place.map(|place| place.page),
        "box": found.place.map(|place| place.area), "how": found.how,
    })
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text),
        Value::Name { family, given } => json!({ "family": family, "given": given }),
    }
}
