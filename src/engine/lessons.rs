//! Going through what was read and what people made of it, for what the reader can learn.
//!
//! Owns which documents teach: those that made a referral which a person had in hand. In steps, each short, so that nobody at
//! the desk waits. Must not know when a lesson is one (`intake::lessons`), or where lessons are kept.

use super::{Engine, recorded};
use crate::domain::command::Cause;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::record::Entity;
use crate::intake::ReadDocument;
use crate::intake::document::Field;
use crate::intake::lessons::{Lesson, School};
use crate::intake::second::ASKED;
use crate::store::board::LogEntry;
use crate::store::{Connection, StoreError, content, log, lookup, records};
use std::collections::BTreeSet;

/// Documents of a step.
const STEP: usize = 100;
/// What a sender's record says of a practitioner, by the name of its field.
const OF_PERSONS: [(Field, &str); 3] = [
    (Field::ReferringProviderName, "name"),
    (Field::ReferringPhone, "phone"),
    (Field::ReferringFax, "fax"),
];
/// Of a referral's history, the latest of so many entries are looked at.
const HISTORY: usize = 200;

/// What a lesson is made of.
struct Taught {
    read: ReadDocument,
    record: Vec<(Field, String)>,
    patient: i64,
    corrected: BTreeSet<Field>,
}

impl Engine {
    /// Learns from all that is kept. `told` hears how many documents were looked at, and says whether to go on.
    ///
    /// # Errors
    /// The store's.
    pub fn lessons(&self, told: &mut dyn FnMut(u64) -> bool) -> Result<School, StoreError> {
        let mut own = vec![self.policy.clinic.name.clone()];
        let facilities = lookup::facilities(self.store.connection())?;
        own.extend(facilities.into_iter().map(|facility| facility.name));
        let mut school = School::of(own.iter().map(String::as_str));
        let on = self.each_lesson(&mut |lesson| {
            school.hear(lesson);
            told(school.documents)
        })?;
        if on && school.has_labels() {
            let mut looked = school.documents;
            self.each_lesson(&mut |lesson| {
                school.try_out(lesson);
                looked += 1;
                told(looked)
            })?;
        }
        Ok(school)
    }

    /// Calls back with each document that teaches; says whether it came to the end.
    fn each_lesson(&self, take: &mut dyn FnMut(&Lesson<'_>) -> bool) -> Result<bool, StoreError> {
        let connection = self.store.connection();
        let mut after = DocumentId(0);
        loop {
            let step = content::filed_after(connection, after, STEP)?;
            let Some((last, ..)) = step.last() else {
                return Ok(true);
            };
            after = *last;
            for (document, hash, referral) in &step {
                let Some(taught) = self.taught_by(*document, hash, *referral)? else {
                    continue;
                };
                let lesson = Lesson {
                    read: &taught.read,
                    record: &taught.record,
                    patient: taught.patient,
                    corrected: &taught.corrected,
                };
                if !take(&lesson) {
                    return Ok(false);
                }
            }
        }
    }

    /// A document's reading, what the record of its referral says, and whose it is; none where no person had it in hand, or
    /// it is not what the referral was made of.
    fn taught_by(
        &self,
        document: DocumentId,
        hash: &str,
        referral: ReferralId,
    ) -> Result<Option<Taught>, StoreError> {
        let connection = self.store.connection();
        let snapshot = records::of_referral(connection, referral)?;
        let Some(row) = snapshot
            .referral()
            .filter(|row| row.source_document == Some(document))
        else {
            return Ok(None);
        };
        let history = log::timeline(connection, referral, HISTORY)?;
        let by_hand = |cause: &str| cause == Cause::Key.code() || cause == Cause::Script.code();
        if !history.iter().any(|entry| by_hand(&entry.cause)) {
            return Ok(None);
        }
        // A reading of another version that is not understood any more teaches nothing.
        let read = content::reading(connection, hash)?;
        let Some(read) = read.and_then(|text| serde_json::from_str::<ReadDocument>(&text).ok()) else {
            return Ok(None);
        };
        let corrected = corrected(connection, history.iter().filter(|entry| by_hand(&entry.cause)))?;
        let says = |field: Field| recorded(field, &snapshot).filter(|text| !text.is_empty());
        let record = ASKED.into_iter().filter_map(|field| Some((field, says(field)?)));
        Ok(Some(Taught {
            read,
            record: record.collect(),
            patient: row.patient.0,
            corrected,
        }))
    }
}

/// The fields of a sender that people's actions have written.
fn corrected<'a>(
    connection: &Connection,
    entries: impl Iterator<Item = &'a LogEntry>,
) -> Result<BTreeSet<Field>, StoreError> {
    let actions: BTreeSet<i64> = entries.map(|entry| entry.action).collect();
    let mut all = BTreeSet::new();
    for action in actions {
        for patch in log::changes_of(connection, action)?.1 {
            let wrote = |name: &str| patch.after.as_ref().is_some_and(|after| after.has(name));
            // Of a new referral who sent it is what was read; of one that is there it is a correction.
            let resent = patch.entity == Entity::Referral && patch.before.is_some();
            let person = patch.entity == Entity::Practitioner;
            let practice = patch.entity == Entity::Organization;
            for (field, name) in OF_PERSONS {
                if person && wrote(name) || resent && wrote("requester") {
                    all.insert(field);
                }
            }
            if practice && wrote("name") || resent && wrote("requester_org") {
                all.insert(Field::ReferringOrg);
            }
        }
    }
    Ok(all)
}
