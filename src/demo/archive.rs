//! The archive of a large clinic: referrals that ended long ago, laid down after the pattern of some that were lived.
//!
//! Owns which lives become patterns, what of a history stays in an archive (what people did and decided, without the post
//! and the clock's own steps), and who and when each copy is. How a copy is cut and printed is the store's. A copy is whole:
//! its log is chained and replays to its records.

use super::chance::{Chance, Stream};
use super::fate::Fate;
use super::patient::namesake;
use super::pools::Pools;
use super::settings::Settings;
use super::size::Size;
use super::stage::{Copy, Stage};
use crate::domain::event::{Event, Fact};
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::person::Patient;
use crate::domain::record::Entity;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Day, Span, Stamp, day_in, from_seconds, seconds};
use crate::engine::Failure;
use crate::store::plate::{Chapter, Plate};
use std::collections::BTreeSet;
use std::rc::Rc;

/// So many lives are patterns at most: with five years of weeks to move to, hardly two copies arrive at the same second.
const PATTERNS: u64 = 1_200;

/// A copy comes in at most so much earlier than its moment: a week and the hour of a changed clock.
const EARLIER: Span = Span::days(8);

/// A life that others are laid down after.
struct Pattern {
    plate: Rc<Plate>,
    sex: crate::domain::person::Sex,
    born: Option<Day>,
    words: Vec<String>,
}

/// The archive of a clinic in the making.
pub struct Archive<'a> {
    seed: u64,
    size: Size,
    now: Stamp,
    settings: &'a Settings,
    patterns: Vec<Pattern>,
    first: ReferralId,
    laid: u64,
}

impl<'a> Archive<'a> {
    /// An archive that nothing is in yet.
    pub fn new(seed: u64, size: Size, now: Stamp, settings: &'a Settings) -> Archive<'a> {
        Archive {
            seed,
            size,
            now,
            settings,
            patterns: Vec::new(),
            first: ReferralId(0),
            laid: 0,
        }
    }

    /// The number of its first referral.
    pub fn begins_at(&mut self, first: ReferralId) {
        self.first = first;
    }

    /// Takes a life that was just lived as a pattern, where it ended and can be another's.
    ///
    /// # Errors
    /// The store's failure.
    pub fn take_after(
        &mut self,
        stage: &mut dyn Stage,
        (index, fate): &(u64, Fate),
        referral: ReferralId,
    ) -> Result<(), Failure> {
        // A week of lives and more: every weekday is among them.
        let every = (self.size.played * 8 / (PATTERNS * 100)).max(1);
        let wanted = self.size.copied > 0 && !self.is_ready() && index % every == 0;
        if !wanted || !is_over(*fate) {
            return Ok(());
        }
        let sheet = stage.sheet(referral)?;
        if sheet.referral().is_none_or(|referral| referral.status.is_open()) {
            return Ok(());
        }
        let Some((chapters, last)) = thin(&stage.history(referral)?)? else {
            return Ok(());
        };
        let words: Vec<String> = last
            .coverages
            .iter()
            .flat_map(|coverage| coverage.member_id.iter().chain(&coverage.group_no))
            .cloned()
            .collect();
        let Some(patient) = last.patients.first() else {
            return Ok(());
        };
        let (sex, born) = (patient.sex, patient.dob);
        if let Some(plate) = Plate::cut(&chapters, &last, &words)? {
            self.patterns.push(Pattern {
                plate: Rc::new(plate),
                sex,
                born,
                words,
            });
        }
        Ok(())
    }

    /// Whether there are patterns enough.
    pub fn is_ready(&self) -> bool {
        self.patterns.len() as u64 >= PATTERNS
    }

    /// Lays down as many as are left, at most so many; how many.
    ///
    /// # Errors
    /// The store's failure.
    pub fn lay_down(&mut self, stage: &mut dyn Stage, most: u64) -> Result<u64, Failure> {
        let (from, to) = (self.laid, (self.laid + most).min(self.size.copied));
        let mut index = from;
        stage.print(&mut |record| {
            let copy = (index < to).then(|| self.copy(index, record)).flatten();
            index += u64::from(copy.is_some());
            copy
        })?;
        self.laid = index;
        // What no later copy can precede is written up, so that little has to wait.
        stage.write_up(Some(self.moment(index) - EARLIER), u64::MAX)?;
        Ok(index - from)
    }

    /// About when a copy came in.
    fn moment(&self, index: u64) -> Stamp {
        let (oldest, youngest) = (self.size.archive, self.size.history);
        // Evenly over the years; truncation is meant: minutes.
        let share = index as f64 / self.size.copied.max(1) as f64;
        self.now - Span::minutes(oldest - ((oldest - youngest) as f64 * share) as i64)
    }

    fn copy(&self, index: u64, record: i64) -> Option<Copy> {
        let mut chance = Chance::of(self.seed, index, Stream::Archive);
        let pattern = chance.pick(&self.patterns)?;
        let shift = self.shift(pattern.plate.received(), self.moment(index));
        let patient = namesake(Pools::built_in(), &mut chance, pattern.sex, pattern.born);
        let words = pattern
            .words
            .iter()
            .map(|word| other_digits(&mut chance, word))
            .collect();
        Some(Copy {
            patient: known_as(pattern.plate.patient(record), patient, shift),
            referral: ReferralId(self.first.0 + i64::try_from(index).ok()?),
            words,
            shift,
            slide: Span::seconds(chance.between(0, pattern.plate.slack())),
            plate: Rc::clone(&pattern.plate),
        })
    }

    /// Whole weeks back, on the clinic's own clock: weekdays, opening hours and slots stay what they are.
    fn shift(&self, lived: Stamp, wanted: Stamp) -> Span {
        let zone = self.settings.calendar.zone();
        let week = 7 * 86_400;
        let weeks = ((seconds(lived) - seconds(wanted) + week - 1) / week).max(1);
        let moved = from_seconds(seconds(lived) - weeks * week);
        let hour = |at: Stamp| {
            let midnight =
                crate::domain::time::at_local(zone, day_in(zone, at), crate::domain::time::clock(12, 0));
            seconds(midnight).rem_euclid(86_400)
        };
        Span::seconds(hour(moved) - hour(lived) - weeks * week)
    }
}

/// Whether a life of this fate has come to its end.
fn is_over(fate: Fate) -> bool {
    matches!(
        fate,
        Fate::Closed | Fate::ClosedLate | Fate::Declined | Fate::Cancelled | Fate::InError
    )
}

fn other_digits(chance: &mut Chance, word: &str) -> String {
    word.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                chance.digits(1).chars().next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

fn known_as(id: PatientId, new: crate::domain::command::NewPatient, shift: Span) -> Patient {
    Patient {
        id,
        version: 1,
        name: new.name,
        dob: new.dob.map(|dob| dob + Span::days(shift.num_days())),
        sex: new.sex,
        phone: new.phone,
        email: new.email,
        address: new.address,
        mrn: new.mrn,
        language: new.language.unwrap_or_else(|| "en".into()),
        preferred: new.preferred,
        email_consent: new.email_consent,
        sms_consent: new.sms_consent,
        merged_into: None,
    }
}

/// What stays in an archive: what people did and decided.
fn is_told(fact: &Fact) -> bool {
    match fact {
        Fact::Received { .. }
        | Fact::StatusChanged { .. }
        | Fact::PriorityChanged { .. }
        | Fact::Assigned { .. }
        | Fact::NoteAdded
        | Fact::CallRecorded { .. }
        | Fact::Booked { .. }
        | Fact::AppointmentConfirmed
        | Fact::AppointmentChanged { .. }
        | Fact::CoverageAsked { .. }
        | Fact::AuthorizationChanged => true,
        Fact::PersonAdded
        | Fact::Imported { .. }
        | Fact::Before { .. }
        | Fact::Amended { .. }
        | Fact::EmergencyAcknowledged
        | Fact::InfoRequested { .. }
        | Fact::ItemsProvided { .. }
        | Fact::ItemsWaived { .. }
        | Fact::CoverageChanged
        | Fact::HoldSet { .. }
        | Fact::HoldLifted { .. }
        | Fact::RuleFired { .. }
        | Fact::ClockPaused { .. }
        | Fact::TaskAdded { .. }
        | Fact::TaskEnded { .. }
        | Fact::MilestoneReached { .. }
        | Fact::MilestoneWarned { .. }
        | Fact::MilestoneMissed { .. }
        | Fact::TimerFired { .. }
        | Fact::Settled
        | Fact::MessageQueued { .. }
        | Fact::MessageBlocked { .. }
        | Fact::MessageMoved { .. }
        | Fact::MessageEdited { .. }
        | Fact::DocumentTaken { .. }
        | Fact::DocumentFiled
        | Fact::DocumentDismissed { .. }
        | Fact::Exported { .. }
        | Fact::MergedInto { .. }
        | Fact::TookOver { .. }
        | Fact::Linked { .. }
        | Fact::PatientMerged { .. }
        | Fact::ToldApart { .. }
        | Fact::Undone { .. } => false,
    }
}

/// A history without the post, the clock's steps and the papers, and the records that it leads to then. None where there is
/// none, or where it is not a stranger's own from beginning to end.
fn thin(chapters: &[Chapter]) -> Result<Option<(Vec<Chapter>, Snapshot)>, Refusal> {
    let (mut whole, mut last) = (Snapshot::default(), Snapshot::default());
    let mut touched = BTreeSet::new();
    let mut told: Vec<Chapter> = Vec::new();
    let patient_there = |snapshot: &Snapshot| !snapshot.patients.is_empty();
    for chapter in chapters {
        for patch in chapter.events.iter().flat_map(|event| &event.patches) {
            // Of shared records the store has the last word: a history that changes one is no pattern.
            if whole.apply(patch, &[]).is_err() {
                return Ok(None);
            }
            touched.insert((patch.entity, patch.id));
        }
        let facts: Vec<&Fact> = chapter
            .events
            .iter()
            .map(|event| &event.fact)
            .filter(|fact| is_told(fact))
            .collect();
        if facts.is_empty() || !patient_there(&whole) {
            continue;
        }
        told.push(Chapter {
            events: facts
                .into_iter()
                .map(|fact| Event {
                    fact: fact.clone(),
                    patches: Vec::new(),
                })
                .collect(),
            ..chapter.clone()
        });
        changes(&mut told, &mut last, &whole, &mut touched)?;
    }
    changes(&mut told, &mut last, &whole, &mut touched)?;
    Ok((!told.is_empty()).then_some((told, last)))
}

/// Puts what changed since the last chapter that was told into that one.
fn changes(
    told: &mut [Chapter],
    last: &mut Snapshot,
    whole: &Snapshot,
    touched: &mut BTreeSet<(Entity, i64)>,
) -> Result<(), Refusal> {
    let mut next = whole.clone();
    next.timers.clear();
    next.messages.clear();
    next.requests.clear();
    next.documents.clear();
    next.tasks.clear();
    for referral in &mut next.referrals {
        referral.source_document = None;
    }
    let Some(event) = told.last_mut().and_then(|chapter| chapter.events.last_mut()) else {
        return Ok(());
    };
    for (entity, id) in std::mem::take(touched) {
        event.patches.extend(last.change_of(&next, entity, id)?);
    }
    *last = next;
    Ok(())
}
