//! Learning from corrections: what a person's values say of the pages that they were read from.
//!
//! Owns when a lesson is one: seen on two documents of different patients, and contradicted by none. Pure; it keeps words of
//! forms and referrers' own data, and of patients only numbers, while it counts. Must not know where readings and records are.

use super::document::{Field, Found, How, Page, ReadDocument, Value};
use super::fields::{self, senders, taught, typed};
use super::learned::{Learned, LearnedLabel, LearnedSender, OF_SENDERS, may_teach};
use super::sheet::Sheet;
use crate::domain::text;
use std::collections::{BTreeMap, BTreeSet};

/// So many documents teach.
const ENOUGH: usize = 2;

/// A document that was read, and what the record of its referral says.
pub struct Lesson<'a> {
    /// The document.
    pub read: &'a ReadDocument,
    /// What the record says, by field, as it is shown.
    pub record: &'a [(Field, String)],
    /// A number for the patient: the same for the same one.
    pub patient: i64,
    /// The fields of its sender that a person has written: what the record says otherwise than the page, and nobody has
    /// corrected, may be the older of the two.
    pub corrected: &'a BTreeSet<Field>,
}

/// A value of a sender, as records have it.
struct OfSender {
    value: Value,
    /// What was read instead, each with the patients on whose papers, and whether a person corrected one of them.
    instead: BTreeMap<Option<String>, (BTreeSet<i64>, bool)>,
}

/// Who wrote under a letterhead.
#[derive(Default)]
struct Writers {
    npis: BTreeSet<String>,
    faxes: BTreeSet<String>,
    practices: BTreeSet<String>,
}

/// What was seen so far.
#[derive(Default)]
pub struct School {
    /// The clinic's own names and its facilities', folded: whoever writes to it has them on the paper.
    own: Vec<String>,
    letterheads: BTreeMap<String, Writers>,
    labels: BTreeMap<String, BTreeMap<Field, BTreeSet<i64>>>,
    senders: BTreeMap<(String, Field), Vec<OfSender>>,
    /// Labels that some document contradicts.
    refuted: BTreeSet<String>,
    /// Documents looked at.
    pub documents: u64,
    /// Of these, those in which a person had corrected something that their pages say, or that their sender always has.
    pub corrected: u64,
}

impl School {
    /// One of a clinic with these names.
    pub fn of<'a>(own: impl Iterator<Item = &'a str>) -> School {
        let own = own.map(text::fold).filter(|name| !name.is_empty());
        School {
            own: own.collect(),
            ..School::default()
        }
    }

    /// Whether somebody is told by a key: by a letterhead only where it is not the clinic's, and one sender alone writes under it.
    fn tells(&self, key: &str) -> bool {
        let Some(head) = key.strip_prefix(senders::LETTERHEAD) else {
            return true;
        };
        let one = |seen: &BTreeSet<String>| seen.len() < 2;
        !self.own.iter().any(|own| own == head)
            && self
                .letterheads
                .get(key)
                .is_none_or(|by| one(&by.npis) && one(&by.faxes) && one(&by.practices))
    }

    /// Notes who wrote under the letterheads of a document, as its record has them, else as it was read.
    fn note_writers(&mut self, lesson: &Lesson<'_>, told: &[String]) {
        let value = |field: Field| {
            let recorded = lesson.record.iter().find(|(of, _)| *of == field);
            let read = || {
                read_of(lesson.read, field)
                    .first()
                    .and_then(|found| text_of(&found.value))
            };
            let raw = recorded.map(|(_, raw)| raw.clone()).or_else(read)?;
            let plain: String = text::fold(&raw).chars().filter(|c| c.is_alphanumeric()).collect();
            (!plain.is_empty()).then_some(plain)
        };
        for key in told.iter().filter(|key| key.starts_with(senders::LETTERHEAD)) {
            let by = self.letterheads.entry(key.clone()).or_default();
            by.npis.extend(value(Field::ReferringNpi));
            by.faxes.extend(value(Field::ReferringFax));
            by.practices.extend(value(Field::ReferringOrg));
        }
    }

    /// Takes a document in.
    pub fn hear(&mut self, lesson: &Lesson<'_>) {
        self.documents += 1;
        let own = own_pages(lesson.read);
        let avoid = names(lesson);
        let lines = first_lines(own);
        let told = senders::told_by(&lesson.read.fields, lines.into_iter());
        let mut taught_something = false;
        self.note_writers(lesson, &told);
        for (field, raw) in lesson.record {
            let Some(value) = typed::value_of(*field, raw) else {
                continue;
            };
            let by = (lesson.patient, lesson.corrected.contains(field));
            let read = read_of(lesson.read, *field);
            let known = read.iter().any(|found| typed::same(*field, &found.value, &value));
            if !known {
                for label in taught::labels_of(*field, &value, own, &avoid) {
                    let fields = self.labels.entry(label).or_default();
                    fields.entry(*field).or_default().insert(lesson.patient);
                    taught_something = true;
                }
            }
            if OF_SENDERS.contains(field) {
                taught_something |= self.of_sender(&told, *field, &value, read.first().copied(), by);
            }
        }
        self.corrected += u64::from(taught_something);
    }

    /// Notes what a sender's record says, and whether the reader had it otherwise.
    fn of_sender(
        &mut self,
        told: &[String],
        field: Field,
        value: &Value,
        best: Option<&Found>,
        (patient, corrected): (i64, bool),
    ) -> bool {
        let right = best.is_some_and(|best| typed::same(field, &best.value, value));
        for key in told.iter().filter(|key| may_teach(field, key)) {
            let all = self.senders.entry((key.clone(), field)).or_default();
            let index = all.iter().position(|one| typed::same(field, &one.value, value));
            let index = index.unwrap_or_else(|| {
                all.push(OfSender {
                    value: value.clone(),
                    instead: BTreeMap::new(),
                });
                all.len() - 1
            });
            if let Some(one) = all.get_mut(index).filter(|_| !right) {
                let instead = best.and_then(|best| text_of(&best.value));
                let (patients, taught) = one.instead.entry(instead).or_default();
                patients.insert(patient);
                *taught |= corrected;
            }
        }
        !right && !told.is_empty()
    }

    /// Whether a second look at the documents is needed before anything is learned.
    pub fn has_labels(&self) -> bool {
        !self.seen_enough().is_empty()
    }

    /// Reads a document as it would be read with each of the labels, and strikes those that give what its record denies.
    pub fn try_out(&mut self, lesson: &Lesson<'_>) {
        let pages = own_pages(lesson.read);
        let keys: BTreeSet<String> = pages
            .iter()
            .flat_map(|page| &page.lines)
            .flat_map(|line| beginnings(&line.text))
            .collect();
        for label in self.seen_enough() {
            if self.refuted.contains(&label.text) || !keys.contains(&label.text) {
                continue;
            }
            let (field, text) = (label.field, label.text.clone());
            let Some((_, raw)) = lesson.record.iter().find(|(of, _)| *of == field) else {
                continue;
            };
            let sheets: Vec<Sheet> = pages.iter().map(taught::sheet).collect();
            let learned = Learned {
                label: vec![label],
                rules_only: true,
                ..Learned::default()
            };
            let (found, _) = fields::read_with(&sheets, &learned);
            let value = typed::value_of(field, raw);
            let says = found
                .get(&field)
                .into_iter()
                .flatten()
                .filter(|found| found.how == How::Learned);
            let denied = |found: &Found| {
                value
                    .as_ref()
                    .is_some_and(|value| !typed::same(field, &found.value, value))
            };
            if says.into_iter().any(denied) {
                self.refuted.insert(text);
            }
        }
    }

    /// Labels of one field that documents of enough patients have.
    fn seen_enough(&self) -> Vec<LearnedLabel> {
        let one = |(text, fields): (&String, &BTreeMap<Field, BTreeSet<i64>>)| {
            let mut all = fields.iter();
            let (field, patients) = all.next()?;
            (all.next().is_none() && patients.len() >= ENOUGH).then(|| LearnedLabel {
                text: text.clone(),
                field: *field,
                documents: u32::try_from(patients.len()).unwrap_or(u32::MAX),
            })
        };
        self.labels.iter().filter_map(one).collect()
    }

    /// What was learned.
    pub fn learned(&self) -> Learned {
        let mut label = self.seen_enough();
        label.retain(|lesson| !self.refuted.contains(&lesson.text));
        let told = self.senders.iter().filter(|((sender, _), _)| self.tells(sender));
        let sender = told.filter_map(|((sender, field), all)| {
            // One value, whatever was read: a sender with two telephones teaches nothing.
            let [one] = all.as_slice() else { return None };
            let papers = one.instead.iter();
            let (instead, (patients, corrected)) = papers.max_by_key(|(_, (patients, _))| patients.len())?;
            (*corrected && patients.len() >= ENOUGH).then(|| {
                Some(LearnedSender {
                    sender: sender.clone(),
                    field: *field,
                    value: text_of(&one.value)?,
                    in_place_of: instead.clone(),
                    documents: u32::try_from(patients.len()).unwrap_or(u32::MAX),
                })
            })?
        });
        let learned = Learned {
            label,
            sender: sender.collect(),
            ..Learned::default()
        };
        learned.cleaned()
    }
}

/// Every way in which a line may begin with a label: its first words, one more at a time.
fn beginnings(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().take(8).collect();
    let part = |count: usize| taught::key(&words.get(..count).unwrap_or_default().join(" "));
    (1..=words.len()).map(part).collect()
}

/// The pages that teach: those of one patient.
fn own_pages(read: &ReadDocument) -> &[Page] {
    if read.segments.is_empty() {
        &read.pages
    } else {
        &[]
    }
}

fn first_lines(pages: &[Page]) -> Vec<(&str, f32)> {
    let first = pages.iter().find(|page| !page.lines.is_empty());
    let lines = first.into_iter().flat_map(|page| &page.lines);
    lines.map(|line| (line.text.as_str(), line.area[1])).collect()
}

/// What this program read by itself for a field, without lessons and without a second reader.
fn read_of(read: &ReadDocument, field: Field) -> Vec<&Found> {
    let found = read.fields.get(&field).map(Vec::as_slice).unwrap_or_default();
    let own = found
        .iter()
        .filter(|found| !matches!(found.how, How::Learned | How::Trained | How::SecondReader));
    own.collect()
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Name { .. } => None,
    }
}

/// The words of the patient's name, as it is on record and as it was read: no lesson has one of them.
fn names(lesson: &Lesson<'_>) -> Vec<String> {
    let recorded = lesson
        .record
        .iter()
        .filter(|(field, _)| *field == Field::PatientName);
    let recorded = recorded.map(|(_, name)| name.clone());
    let read = lesson.read.fields.get(&Field::PatientName).into_iter().flatten();
    let read = read.map(|found| match &found.value {
        Value::Name { family, given } => format!("{given} {family}"),
        Value::Text(whole) => whole.clone(),
    });
    let whole: Vec<String> = recorded.chain(read).map(|name| text::fold(&name)).collect();
    let words = whole.iter().flat_map(|name| name.split(' '));
    words
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;
