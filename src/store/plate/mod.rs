//! A plate: one referral's records and log, cut so that others can be printed from it with other people, numbers and times.
//!
//! Owns the cutting (what in a history is a number, a time or a name, and what is text that stays) and the printing of rows
//! and of lines for the log. It is how an invented clinic gets an archive of a million without living a million lives
//! ([`crate::demo`]); nobody's real data is made this way. Must not know what a history means.

mod press;
mod stencil;

pub use press::{Press, Print};

use super::StoreError;
use super::row::{Kind, Stored};
use super::spool::UNNUMBERED;
use crate::domain::event::Event;
use crate::domain::id::PatientId;
use crate::domain::person::Patient;
use crate::domain::record::{Entity, Fields, Patch};
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::time::Stamp;
use serde_json::{Map, Value as Json};
use stencil::{Marks, Stencil};

/// One action of a history, with its events.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// What stood behind it.
    pub cause: String,
    /// The command's name.
    pub command: String,
    /// What happened.
    pub events: Vec<Event>,
}

/// One value of a row.
enum Cell {
    /// As it is.
    Number(i64),
    Nothing,
    /// Filled in.
    Text(Stencil),
}

/// A row but for the patient's, which is written whole.
struct Row {
    sql: String,
    cells: Vec<Cell>,
}

struct Line {
    fact: Stencil,
    patches: Stencil,
}

struct Page {
    at: Stencil,
    actor: String,
    role: String,
    cause: String,
    command: String,
    receipt: Stencil,
    lines: Vec<Line>,
}

/// A plate.
pub struct Plate {
    marks: Marks,
    rows: Vec<Row>,
    pages: Vec<Page>,
    patient: PatientId,
    received: Stamp,
}

impl Plate {
    /// Cuts a plate from a history and the records that it leads to. `words` are texts that each print has in its own way,
    /// such as a member number. None where the history cannot be another's: it names a shared record as new, or a patient
    /// who was there before, or the patient's name outside the patient's record.
    ///
    /// # Errors
    /// `Corrupt` where a record cannot be written.
    pub fn cut(chapters: &[Chapter], last: &Snapshot, words: &[String]) -> Result<Option<Plate>, StoreError> {
        let (Some(referral), [patient]) = (last.referral(), last.patients.as_slice()) else {
            return Ok(None);
        };
        let patches = || {
            chapters
                .iter()
                .flat_map(|page| &page.events)
                .flat_map(|event| &event.patches)
        };
        let of_patient: Vec<&Patch> = patches()
            .filter(|patch| patch.entity == Entity::Patient)
            .collect();
        let shared = |patch: &Patch| matches!(patch.entity, Entity::Practitioner | Entity::Organization);
        let made_here = matches!(of_patient.as_slice(), [one] if one.before.is_none());
        if !made_here || patches().any(shared) {
            return Ok(None);
        }
        let numbers: Vec<i64> = patches()
            .filter(|patch| patch.entity != Entity::Referral)
            .map(|patch| patch.id)
            .collect();
        let mut marks = Marks::new(referral.id, numbers, words);
        let mut pages = Vec::new();
        for chapter in chapters {
            pages.push(page(&mut marks, chapter)?);
        }
        let mut rows = Vec::new();
        of_kind::<crate::domain::referral::Referral>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::coverage::Coverage>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::case::Milestone>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::case::Task>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::case::Timer>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::case::Note>(&mut marks, last, &mut rows)?;
        of_kind::<crate::domain::case::Appointment>(&mut marks, last, &mut rows)?;
        let plate = Plate {
            patient: patient.id,
            received: referral.received_at,
            marks,
            rows,
            pages,
        };
        Ok((!plate.names(patient)).then_some(plate))
    }

    /// Whether the patient's name stands anywhere but in the patient's own record.
    fn names(&self, patient: &Patient) -> bool {
        let name = |text: &str| {
            [&patient.name.family, &patient.name.given]
                .into_iter()
                .any(|name| !name.is_empty() && text.contains(name.as_str()))
        };
        let pages = self.pages.iter().flat_map(|page| &page.lines);
        let lines = pages.flat_map(|line| [&line.fact, &line.patches]);
        let cells = self
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter_map(|cell| match cell {
                Cell::Text(stencil) => Some(stencil),
                Cell::Number(_) | Cell::Nothing => None,
            });
        lines.chain(cells).any(|stencil| stencil.has(name))
    }

    /// When the referral was received.
    pub fn received(&self) -> Stamp {
        self.received
    }

    /// How many record numbers a print takes.
    pub fn numbers(&self) -> i64 {
        self.marks.numbers()
    }

    /// The number of the patient of a print whose numbers begin here.
    pub fn patient(&self, first: i64) -> PatientId {
        PatientId(first + self.marks.place(self.patient.0).unwrap_or(0))
    }

    /// By how many seconds the moments that are on no round minute may be moved without overtaking those that are.
    pub fn slack(&self) -> i64 {
        self.marks.slack()
    }
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt {
        what: "history",
        why: error.to_string(),
    }
}

fn page(marks: &mut Marks, chapter: &Chapter) -> Result<Page, StoreError> {
    let mut lines = Vec::new();
    for event in &chapter.events {
        let fact = serde_json::to_value(&event.fact).map_err(corrupt)?;
        let mut patches = Vec::new();
        for patch in &event.patches {
            patches.push(marked(marks, patch)?);
        }
        lines.push(Line {
            fact: marks.json(fact)?,
            patches: marks.cut(&serde_json::to_string(&patches).map_err(corrupt)?),
        });
    }
    let at = serde_json::to_value(chapter.at).map_err(corrupt)?;
    let receipt = serde_json::json!({
        "action": UNNUMBERED, "referral": marks.referral().to_string(), "at": at, "changed": [],
    });
    Ok(Page {
        at: marks.text(&crate::domain::time::print_stamp(chapter.at)),
        actor: chapter.actor.clone(),
        role: chapter.role.clone(),
        cause: chapter.cause.clone(),
        command: chapter.command.clone(),
        receipt: marks.json(receipt)?,
        lines,
    })
}

/// A patch with everything marked that a print has in its own way.
fn marked(marks: &mut Marks, patch: &Patch) -> Result<Json, StoreError> {
    let id = if patch.entity == Entity::Referral {
        Json::String(Marks::REFERRAL_NUMBER.to_owned())
    } else {
        marks.number(patch.id)
    };
    let mut side = |fields: &Option<Fields>| -> Result<Option<Json>, StoreError> {
        Ok(match fields {
            Some(_) if patch.entity == Entity::Patient => Some(Json::String(Marks::PATIENT.to_owned())),
            Some(fields) => Some(Json::Object(mark_fields(marks, fields.read()))),
            None => None,
        })
    };
    let (before, after) = (side(&patch.before)?, side(&patch.after)?);
    let mut out = Map::new();
    out.insert("of".into(), serde_json::to_value(patch.entity).map_err(corrupt)?);
    out.insert("id".into(), id);
    out.extend(before.map(|before| ("before".to_owned(), before)));
    out.extend(after.map(|after| ("after".to_owned(), after)));
    Ok(Json::Object(out))
}

/// The fields of a record that are record numbers.
const NUMBERS: [&str; 2] = ["id", "patient"];

fn mark_fields(marks: &mut Marks, fields: Map<String, Json>) -> Map<String, Json> {
    fields
        .into_iter()
        .map(|(name, value)| {
            let value = match value.as_i64().filter(|_| NUMBERS.contains(&name.as_str())) {
                Some(number) => marks.number(number),
                None => marks.mark(value),
            };
            (name, value)
        })
        .collect()
}

fn of_kind<T: Stored + Kept>(
    marks: &mut Marks,
    last: &Snapshot,
    rows: &mut Vec<Row>,
) -> Result<(), StoreError> {
    let names: Vec<&str> = T::COLUMNS.iter().map(|(name, _)| *name).collect();
    let holes: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        T::TABLE,
        names.join(", "),
        holes.join(", ")
    );
    for record in T::of(last) {
        let mut fields = Fields::of(record)
            .map_err(|refusal| corrupt(refusal.because))?
            .read();
        let mut cells = Vec::new();
        for (name, kind) in T::COLUMNS {
            let value = fields.get_mut(*name).map(Json::take).unwrap_or(Json::Null);
            cells.push(cell(marks, name, *kind, value)?);
        }
        rows.push(Row {
            sql: sql.clone(),
            cells,
        });
    }
    Ok(())
}

fn cell(marks: &mut Marks, name: &str, kind: Kind, value: Json) -> Result<Cell, StoreError> {
    Ok(match (kind, value) {
        (_, Json::Null) => Cell::Nothing,
        (Kind::Int, Json::Number(number)) => {
            let number = number.as_i64().unwrap_or(0);
            match NUMBERS.contains(&name) {
                true => Cell::Text(marks.number_alone(number)),
                false => Cell::Number(number),
            }
        }
        (Kind::Referral, _) => Cell::Text(marks.cut(Marks::REFERRAL_NUMBER)),
        (Kind::Text, Json::String(text)) => Cell::Text(marks.text(&text)),
        (_, other) => Cell::Text(marks.json(other)?),
    })
}
