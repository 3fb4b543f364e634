//! Questions to payers: asked once each, noted, and where the answer comes at once, taken in with the note.
//!
//! Owns the pass over the checks that have begun and were not asked yet, and how long nobody asks where asking failed. Must not know how
//! a question looks, or what an answer means: what was answered is read and goes the way of every document.

use super::intake::{Coming, take};
use super::{Engine, Failure, perform};
use crate::channels::clearing::{Asked as Answer, Clearing, Unasked};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::coverage::Coverage;
use crate::domain::id::{CoverageId, ReferralId};
use crate::domain::policy::Actor;
use crate::domain::referral::Source;
use crate::domain::time::{Span, Stamp, day_in, whole_seconds};
use crate::intake::ReadDocument;
use crate::intake::document::{DocumentKind, Field, Found, How, Value};
use crate::store::{StoreError, lookup, records};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Questions of one pass; the next goes on. Of those that are answered at once, each may take its time.
const MOST: usize = 500;
const MOST_LIVE: usize = 20;
/// After a failure nobody asks for so long, and twice as long after each further one.
const FIRST: Span = Span::minutes(1);
const LONGEST: Span = Span::hours(1);

/// Reads what was answered: a name for it, and its bytes. Total, like the reader of documents.
pub type Reads = dyn Fn(&str, &[u8]) -> ReadDocument + Send + Sync;

/// Whom it is no use to ask yet.
#[derive(Default)]
pub(super) struct Patience {
    house: Option<Rest>,
    questions: BTreeMap<CoverageId, Rest>,
}

#[derive(Clone)]
struct Rest {
    until: Stamp,
    last: Span,
    why: String,
}

impl Rest {
    fn after(before: Option<&Rest>, now: Stamp, why: String) -> Rest {
        let last = before.map_or(FIRST, |before| (before.last * 2).min(LONGEST));
        Rest {
            until: now + last,
            last,
            why,
        }
    }
}

/// What a pass of the questions came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Handed over, or asked.
    pub asked: u64,
    /// Of these, answered at once.
    pub answered: u64,
    /// Could not be asked: they are asked again.
    pub later: u64,
    /// Why.
    pub trouble: Option<String>,
}

impl Engine {
    /// Payers are asked by this clearing house from now on.
    #[must_use]
    pub fn by_clearing(mut self, clearing: Option<Clearing>) -> Engine {
        self.clearing = clearing;
        self
    }

    /// What is answered at once is read by this from now on; until then it waits for a person, unread.
    #[must_use]
    pub fn by_reader(mut self, reads: Arc<Reads>) -> Engine {
        self.reads = Some(reads);
        self
    }

    /// The clearing house.
    pub fn clearing(&self) -> Option<&Clearing> {
        self.clearing.as_ref()
    }

    /// Whether a check waits to be asked.
    ///
    /// # Errors
    /// The store's.
    pub fn has_questions(&self) -> Result<bool, StoreError> {
        Ok(self.clearing.is_some() && !lookup::asking(self.store.connection(), 1)?.is_empty())
    }

    /// Asks what is to be asked. The caller holds the ticker's lock.
    ///
    /// # Errors
    /// The store's.
    pub fn ask_due(&mut self, now: Stamp) -> Result<Asked, StoreError> {
        let mut done = Asked::default();
        let Some(clearing) = self.clearing.clone() else {
            return Ok(done);
        };
        if crate::channels::hold::reason(&self.places.outbox).is_some() {
            return Ok(done);
        }
        if let Some(rest) = self.patience.house.as_ref().filter(|rest| rest.until > now) {
            done.trouble = Some(told(&rest.why));
            return Ok(done);
        }
        let most = if clearing.is_live() { MOST_LIVE } else { usize::MAX };
        let mut tried = 0;
        for referral in lookup::asking(self.store.connection(), MOST)? {
            for coverage in self.due(referral)? {
                let resting = self.patience.questions.get(&coverage.id);
                if let Some(rest) = resting.filter(|rest| rest.until > now) {
                    done.trouble = Some(told(&rest.why));
                    continue;
                }
                if tried >= most {
                    return Ok(done);
                }
                tried += 1;
                match self.ask(&clearing, referral, &coverage, now)? {
                    Some(Ok(answer)) => {
                        self.patience.house = None;
                        self.patience.questions.remove(&coverage.id);
                        self.note_asked(&clearing, referral, &coverage, &answer, now, &mut done)?;
                    }
                    Some(Err(Unasked::Question(why))) => {
                        done.later += 1;
                        done.trouble = Some(told(&why));
                        let rest = Rest::after(self.patience.questions.get(&coverage.id), now, why);
                        self.patience.questions.insert(coverage.id, rest);
                    }
                    // One that takes none takes no other: a later pass tries again.
                    Some(Err(Unasked::House(why))) => {
                        done.later += 1;
                        done.trouble = Some(told(&why));
                        if clearing.is_live() {
                            self.patience.house = Some(Rest::after(self.patience.house.as_ref(), now, why));
                        }
                        return Ok(done);
                    }
                    None => {}
                }
            }
        }
        Ok(done)
    }

    /// The coverages of a referral that are to be asked about.
    fn due(&self, id: ReferralId) -> Result<Vec<Coverage>, StoreError> {
        let snapshot = records::of_referral(self.store.connection(), id)?;
        let due = |each: &&Coverage| each.trace.is_some() && each.asked_at.is_none();
        Ok(snapshot.coverages.iter().filter(due).cloned().collect())
    }

    /// Asks one question, outside of any transaction; none where something that it needs is gone.
    fn ask(
        &self,
        clearing: &Clearing,
        id: ReferralId,
        coverage: &Coverage,
        now: Stamp,
    ) -> Result<Option<Result<Answer, Unasked>>, StoreError> {
        let snapshot = records::of_referral(self.store.connection(), id)?;
        let patient = snapshot
            .referral()
            .and_then(|referral| snapshot.patient(referral.patient));
        let (Some(patient), Some(checks)) = (patient, self.policy.checks.as_ref()) else {
            return Ok(None);
        };
        let (Some(trace), Some(member_id), Some(dob)) = (&coverage.trace, &coverage.member_id, patient.dob)
        else {
            return Ok(None);
        };
        let Some(payer_id) = checks.payer_id(&coverage.payer) else {
            return Ok(None);
        };
        let day = day_in(self.policy.clinic.zone, now);
        let question = clearing.question(coverage, payer_id, member_id, patient, dob, day, &checks.services);
        Ok(Some(clearing.ask(trace, &question, now)))
    }

    /// Notes that a question was asked, and takes its answer in, in one transaction: a crash asks again, and loses no answer.
    fn note_asked(
        &mut self,
        clearing: &Clearing,
        referral: ReferralId,
        coverage: &Coverage,
        answer: &Answer,
        now: Stamp,
        done: &mut Asked,
    ) -> Result<(), StoreError> {
        let Some(trace) = coverage.trace.clone() else {
            return Ok(());
        };
        let name = if clearing.is_simulated() {
            format!("simulated-271-{trace}.edi")
        } else {
            format!("271-{trace}.edi")
        };
        let came = match answer {
            Answer::Answered(bytes) => {
                Some((bytes, self.read(&name, bytes, &trace, clearing.is_simulated())))
            }
            Answer::HandedOver | Answer::Silent => None,
        };
        let (seed, policy) = (self.random.u64(..), Arc::clone(&self.policy));
        let asked = Envelope::new(
            Command::NoteAsked {
                referral,
                coverage: coverage.id,
                trace,
            },
            Actor::system(),
            Cause::Outbox,
        );
        let now = whole_seconds(now);
        let noted = self.store.write(|connection| {
            perform::perform(connection, &asked, now, &policy, seed)?;
            if let Some((bytes, read)) = &came {
                let coming = Coming {
                    bytes,
                    read,
                    source: Source::Import,
                    actor: &Actor::system(),
                    occasion: None,
                    cause: Cause::Intake,
                };
                take(connection, &policy, &coming, now, seed)?;
            }
            Ok::<_, Failure>(())
        });
        match noted {
            Ok(()) => {
                done.asked += 1;
                done.answered += u64::from(came.is_some());
                Ok(())
            }
            // Another program was quicker.
            Err(Failure::Refused(_)) => Ok(()),
            Err(Failure::Store(error)) => Err(error),
        }
    }

    /// Reads an answer. One that does not say to which question it is, is to the one that was asked; one that was invented says so.
    fn read(&self, name: &str, bytes: &[u8], trace: &str, simulated: bool) -> ReadDocument {
        let mut read = match &self.reads {
            Some(reads) => reads(name, bytes),
            None => crate::intake::unreadable(name, "nothing here reads it; a person must"),
        };
        if read.kind == DocumentKind::EligibilityResponse && read.best(Field::CheckTrace).is_none() {
            let found = Found {
                value: Value::Text(trace.to_owned()),
                confidence: 1.0,
                place: None,
                how: How::Derived,
            };
            read.fields.insert(Field::CheckTrace, vec![found]);
        }
        if simulated {
            for found in read.fields.get_mut(&Field::ToCorrect).into_iter().flatten() {
                if let Value::Text(text) = &mut found.value {
                    *text = format!("simulated answer: {text}");
                }
            }
        }
        read
    }
}

fn told(why: &str) -> String {
    format!("payers cannot be asked: {why}. It is tried again by itself")
}
