//! Two patients who are one: the record that is given up, the one that goes on, and the question whether they are.
//!
//! Owns what the record that goes on is given, and when a question is answered. Must not decide who is alike.

use super::impossible;
use crate::domain::case::TaskState;
use crate::domain::command::{Cause, Envelope};
use crate::domain::decide::draft::{Decision, Draft};
use crate::domain::decide::{receive, settle, step, tasks};
use crate::domain::event::Fact;
use crate::domain::id::PatientId;
use crate::domain::person::{Consent, Patient, Sex};
use crate::domain::policy::Policy;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Stamp;

/// The key of the question whether the referral's patient is another one on record.
pub fn question(other: PatientId) -> String {
    format!("{QUESTION}{other}")
}

/// The patient about whom a task asks whether they are the referral's own, by its key.
pub fn asked_in(key: &str) -> Option<PatientId> {
    let id = key.strip_prefix(QUESTION)?.strip_prefix("P-")?;
    id.parse().ok().map(PatientId)
}

/// What the keys of these questions begin with.
pub const QUESTION: &str = "same-patient/";
/// The referral's patient is another one on record: that record goes on. What it lacks comes from this one; where the two
/// say different things, the one that goes on keeps its own, and this one is kept as it was. Whoever opted out has opted out.
///
/// # Errors
/// `nothing-to-do`, `not-found`, `reason-needed`; `impossible` where the other was merged itself, or where a key answers what
/// is not asked.
pub fn patient(draft: &mut Draft<'_>, into: PatientId, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let from = draft.referral()?.patient;
    if from == into {
        return Err(Refusal::new(
            Code::NothingToDo,
            "it is this patient already",
            "nothing is needed",
        ));
    }
    let record = |id: PatientId| {
        let found = draft.next.patient(id).cloned();
        found.ok_or_else(|| Refusal::not_found(format!("patient {id}")))
    };
    let (mut gone, mut goes_on) = (record(from)?, record(into)?);
    if goes_on.merged_into.is_some() {
        return Err(impossible(
            format!("{into} was merged into another patient"),
            "name the patient whose record goes on",
        ));
    }
    // A key answers the question that stands on this referral, and no other: what was compared was these two.
    let asked = open_questions(draft).any(|id| survivor(&draft.next, id) == into);
    if draft.cause == Cause::Key && !asked {
        return Err(impossible(
            format!("whether this patient is {into} is not asked on this referral"),
            "look at it again: its own question names whom to compare with",
        ));
    }
    complete(&mut goes_on, &gone);
    if draft.next.patient(into) != Some(&goes_on) {
        goes_on.version += 1;
    }
    gone.merged_into = Some(into);
    gone.version += 1;
    draft.put(goes_on)?;
    draft.put(gone)?;
    moved(draft, from, into, reason)?;
    receive::look_alikes(draft)
}

/// The same for another referral of the patient whose record is given up.
///
/// # Errors
/// Only a defect.
pub fn patient_moved(
    snapshot: &Snapshot,
    into: PatientId,
    reason: &str,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Decision, Refusal> {
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    let from = draft.referral()?.patient;
    moved(&mut draft, from, into, reason.to_owned())?;
    settle::with_rules(&mut draft)?;
    draft.finish()
}

fn moved(draft: &mut Draft<'_>, from: PatientId, into: PatientId, reason: String) -> Result<(), Refusal> {
    draft.edit(|referral| referral.patient = into)?;
    draft.record(Fact::PatientMerged { from, into, reason });
    end_answered(draft)
}

/// The same for a referral of the patient whose record goes on: where it asked about the one that was given up, that is answered.
///
/// # Errors
/// Only a defect.
pub fn patient_joined(
    snapshot: &Snapshot,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Decision, Refusal> {
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    end_answered(&mut draft)?;
    settle::with_rules(&mut draft)?;
    draft.finish()
}

/// Whoever was asked about and is the referral's own patient by now, however many mergings later, is not asked about any more.
fn end_answered(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let own = draft.referral()?.patient;
    let keys: Vec<String> = open_questions(draft)
        .filter(|id| survivor(&draft.next, *id) == own)
        .map(question)
        .collect();
    tasks::end_where(draft, |task| keys.contains(&task.key), true)
}

fn open_questions<'a>(draft: &'a Draft<'_>) -> impl Iterator<Item = PatientId> + 'a {
    let tasks = draft.next.tasks.iter();
    let open = tasks.filter(|task| task.state == TaskState::Open);
    open.filter_map(|task| asked_in(&task.key))
}

/// Whose record goes on for this one, as far as the snapshot knows.
fn survivor(snapshot: &Snapshot, id: PatientId) -> PatientId {
    let mut last = id;
    // A ring cannot be made by a command: no longer than there are records.
    for _ in &snapshot.patients {
        match snapshot.patient(last).and_then(|patient| patient.merged_into) {
            Some(next) => last = next,
            None => break,
        }
    }
    last
}

fn complete(goes_on: &mut Patient, gone: &Patient) {
    let texts = [
        (&mut goes_on.phone, &gone.phone),
        (&mut goes_on.email, &gone.email),
        (&mut goes_on.address, &gone.address),
        (&mut goes_on.mrn, &gone.mrn),
    ];
    for (own, theirs) in texts {
        if own.is_none() {
            own.clone_from(theirs);
        }
    }
    goes_on.dob = goes_on.dob.or(gone.dob);
    goes_on.preferred = goes_on.preferred.or(gone.preferred);
    if goes_on.sex == Sex::Unknown {
        goes_on.sex = gone.sex;
    }
    for (own, theirs) in [
        (&mut goes_on.email_consent, gone.email_consent),
        (&mut goes_on.sms_consent, gone.sms_consent),
    ] {
        if theirs == Consent::Refused || *own == Consent::Unknown {
            *own = theirs;
        }
    }
}

/// The referral's patient is not the other one: the question is answered.
///
/// # Errors
/// `nothing-to-do` where it was not asked, or is answered.
pub fn tell_apart(draft: &mut Draft<'_>, other: PatientId) -> Result<(), Refusal> {
    let key = question(other);
    tasks::end_where(draft, |task| task.key == key, true)?;
    if draft.is_empty() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "whether it is this patient is not asked, or answered",
            "nothing is needed",
        ));
    }
    draft.record(Fact::ToldApart { from: other });
    Ok(())
}

/// The question is asked for each who may be the same.
///
/// # Errors
/// Only a defect.
pub(in crate::domain::decide) fn ask(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    for other in draft.next.may_be.clone() {
        let born = other.dob.map(|dob| format!(", born {dob}")).unwrap_or_default();
        let title = format!("Is this the same patient as {}{born}? ({})", other.name, other.id);
        tasks::add(draft, &question(other.id), title, None, None)?;
    }
    Ok(())
}
