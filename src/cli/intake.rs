//! `refdesk intake`, and the inbox: documents in, a line for each.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print, wording};
use crate::domain::id::{DocumentId, ReferralId};
use crate::engine::{Outcome, Taken, kind_code};
use crate::intake::document::{Field, Found, ReadDocument, Value};
use crate::intake::jail;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A document larger than this is no document: it is refused before it is read (design: pages and pixels are bounded).
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(clap::Args, Debug)]
pub(crate) struct Intake {
    /// Documents: text, e-mail (.eml), PDF with a text layer; what cannot be read waits in the list intake
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read, say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Intake {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let mut exit = Exit::Done;
        for path in &self.files {
            match one(desk, path, self.dry_run) {
                Ok((read, taken)) => report(desk, path, &read, &taken)?,
                Err(Trouble(why)) => {
                    exit = Exit::Failed;
                    if desk.json() {
                        print::json(&json!({
                            "file": name_of(path), "status": "failed", "doc_type": null, "referral": null, "fields": {}, "missing": [],
                            "warnings": [why],
                        }))?;
                    }
                    print::error(&format!("{}: {why}", path.display()));
                }
            }
        }
        Ok(exit)
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn one(desk: &mut Desk, path: &Path, dry: bool) -> Result<(ReadDocument, Taken), Trouble> {
    let unread = |error: std::io::Error| {
        Trouble(format!(
            "it was not read, and stays where it is: {}",
            wording::cause(&error)
        ))
    };
    let about = std::fs::metadata(path).map_err(unread)?;
    if about.is_dir() {
        return Err(Trouble("it is a folder; name the files in it".into()));
    }
    if about.len() > LARGEST {
        return Err(Trouble(format!(
            "its {} MB are more than a document has ({} MB); it was not read, and stays where it is",
            about.len() >> 20,
            LARGEST >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    let read = jail::read_jailed(&std::env::current_exe()?, &name_of(path), &bytes);
    let source = read.container.source();
    let read = desk.engine.offered(read);
    let (actor, now) = (desk.actor.clone(), desk.now());
    let taken = desk
        .engine
        .take_in(&bytes, &read, source, &actor, now, dry)
        .map_err(|failure| Trouble(failure.to_string()))?;
    Ok((read, taken))
}

fn status(taken: &Taken) -> &'static str {
    match taken.outcome {
        Outcome::Received => "received",
        Outcome::Answered => "answered",
        Outcome::Filed => "filed",
        Outcome::Intake => "intake",
        Outcome::SeenBefore => "seen-before",
    }
}

fn report(desk: &Desk, path: &Path, read: &ReadDocument, taken: &Taken) -> Result<(), Trouble> {
    if !desk.json() {
        let ids = [
            taken.referral.map(|id| id.to_string()),
            taken.document.map(|id| id.to_string()),
        ];
        // The referral where there is one, else the document.
        let id = ids.into_iter().flatten().next().unwrap_or_default();
        let mut line = format!("{}: {} {id}", name_of(path), status(taken));
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
        let value = if matches!(
            field,
            Field::Icd10 | Field::Cpt | Field::Mrn | Field::ApptId | Field::AaaCode
        ) {
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

/// A file that was written within this time may not be whole yet.
const SETTLED: Duration = Duration::from_secs(2);

/// What became of a file in the inbox. Its name is left out: people name files after patients, and this goes to logs.
pub(crate) struct Line {
    pub status: &'static str,
    pub document: Option<DocumentId>,
    pub referral: Option<ReferralId>,
}

/// What a look into the inbox came to.
#[derive(Default)]
pub(crate) struct Swept {
    pub taken: Vec<Line>,
    pub troubles: Vec<String>,
}

/// Takes in what lies in the inbox; each file moves to `inbox/done` once it is durable in the database. A file that cannot be
/// taken in stays, and why is said.
///
/// # Errors
/// Where the inbox itself cannot be read.
pub(crate) fn sweep(desk: &mut Desk) -> Result<Swept, Trouble> {
    let inbox = desk.dir.inbox();
    let mut swept = Swept::default();
    for path in crate::channels::inbox::settled_files(&inbox, SETTLED)? {
        let (taken, moved) = match one(desk, &path, false) {
            Ok((_, taken)) => (taken, crate::channels::inbox::put_away(&inbox, &path)),
            // A neighbour was quicker.
            Err(_) if !path.exists() => continue,
            Err(Trouble(why)) => {
                swept.troubles.push(format!("a file in the inbox waits: {why}"));
                continue;
            }
        };
        match moved {
            Ok(_) => {}
            Err(_) if !path.exists() => {}
            Err(error) => swept.troubles.push(format!(
                "a file in the inbox is taken in, but cannot be moved to inbox/done: {}",
                wording::cause(&error)
            )),
        }
        if taken.outcome != Outcome::SeenBefore || !path.exists() {
            swept.taken.push(Line {
                status: status(&taken),
                document: taken.document,
                referral: taken.referral,
            });
        }
    }
    Ok(swept)
}
