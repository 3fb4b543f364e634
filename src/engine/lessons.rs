//! Going through what was read and what people made of it, for what the reader can learn.
//!
//! Owns which documents teach: those that made a referral which a person had in hand. In steps, each short, so that nobody at
//! the desk waits. Must not know when a lesson is one (`intake::lessons`), or where lessons are kept.

use super::{Engine, recorded};
use crate::domain::command::Cause;
use crate::domain::id::{DocumentId, ReferralId};
use crate::intake::ReadDocument;
use crate::intake::document::Field;
use crate::intake::lessons::{Lesson, School};
use crate::intake::second::ASKED;
use crate::store::{StoreError, content, log, records};

/// Documents of a step.
const STEP: usize = 100;
/// Of a referral's history, the latest of so many entries are looked at.
const HISTORY: usize = 200;

impl Engine {
    /// Learns from all that is kept. `told` hears how many documents were looked at, and says whether to go on.
    ///
    /// # Errors
    /// The store's.
    pub fn lessons(&self, told: &mut dyn FnMut(u64) -> bool) -> Result<School, StoreError> {
        let mut school = School::default();
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
                let Some((read, record, patient)) = self.taught_by(*document, hash, *referral)? else {
                    continue;
                };
                let lesson = Lesson {
                    read: &read,
                    record: &record,
                    patient,
                };
                if !take(&lesson) {
                    return Ok(false);
                }
            }
        }
    }

    /// A document's reading, what the record of its referral says, and whose it is; none where no person had it in hand, or
    /// it is not what the referral was made of.
    #[allow(clippy::type_complexity, reason = "what a lesson is made of")]
    fn taught_by(
        &self,
        document: DocumentId,
        hash: &str,
        referral: ReferralId,
    ) -> Result<Option<(ReadDocument, Vec<(Field, String)>, i64)>, StoreError> {
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
        let says = |field: Field| recorded(field, &snapshot).filter(|text| !text.is_empty());
        let record = ASKED.into_iter().filter_map(|field| Some((field, says(field)?)));
        Ok(Some((read, record.collect(), row.patient.0)))
    }
}
