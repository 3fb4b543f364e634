//! Two that are one: referrals and patients that are merged, told apart, or known to belong together.
//!
//! Owns what goes where. Nothing is lost: the referral that ends keeps its history and its link, its documents go with the
//! request, and the patient's record that is given up stays as it was. Each referral that a merging moves is decided on
//! by itself; the engine sees to it that all of them stand and fall together. Must not decide who is alike.

use super::draft::{Decision, Draft};
use super::{desk, outreach, receive, settle, step, tasks};
use crate::domain::command::{Envelope, NewCoverage};
use crate::domain::event::Fact;
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::message::MessageKind;
use crate::domain::person::{Consent, Patient, Sex};
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, show_stamp};

/// The key of the question whether the referral's patient is another one on record.
pub fn question(other: PatientId) -> String {
    format!("{QUESTION}{other}")
}

/// What the keys of these questions begin with.
pub const QUESTION: &str = "same-patient/";
/// The key of the task to compare with a referral that looks alike.
pub const LOOK_ALIKE: &str = "look-alike";

fn impossible(because: String, fix: &str) -> Refusal {
    Refusal::new(Code::Impossible, because, fix)
}

fn beside(draft: &Draft<'_>, id: ReferralId) -> Result<Referral, Refusal> {
    if draft.id()? == id {
        return Err(Refusal::bad_field("referral", "the two are one already"));
    }
    let found = draft.next.beside.iter().find(|referral| referral.id == id);
    found
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("referral {id}")))
}

/// The same request came twice: this one ends, and the other goes on with what it brought (see [`take_over`]). Nobody is
/// written to: for patient and referrer nothing changes.
///
/// # Errors
/// `impossible` where one of them has ended, where this one has a visit of its own, or where the patients are two;
/// `emergency` where nobody has called yet; `reason-needed`.
pub fn referral(draft: &mut Draft<'_>, into: ReferralId, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let other = beside(draft, into)?;
    let going = draft.referral()?.clone();
    if going.patient != other.patient {
        return Err(impossible(
            format!("{into} is of another patient"),
            "if the two patients are one, merge them first",
        ));
    }
    if !going.status.is_open() {
        return Err(impossible(
            format!("{} is {}", going.id, going.status),
            "only an open referral is merged into another",
        ));
    }
    if !other.status.is_open() {
        return Err(impossible(
            format!("{into} is {}", other.status),
            "reopen it first, or merge that one into this",
        ));
    }
    if draft.next.live_appointment().is_some() || !going.status.may_become(Status::Cancelled) {
        return Err(impossible(
            format!("{} is {}, with a visit of its own", going.id, going.status),
            "merge the other one into it",
        ));
    }
    if going.priority == Priority::Stat && going.acknowledged_at.is_none() && !other.is_emergency() {
        return Err(Refusal::new(
            Code::Emergency,
            "an emergency that nobody has called about is never merged away",
            "record the call first",
        ));
    }
    step::take(
        draft,
        Status::Cancelled,
        Some(format!("merged into {into}: {reason}")),
    )?;
    draft.edit(|referral| referral.merged_into = Some(into))?;
    draft.record(Fact::MergedInto { into, reason });
    tasks::end_by_rule(draft, &[""], false)?;
    outreach::drop_unsent(draft, &MessageKind::ALL, "the referral was merged into another")
}

/// The other half: what goes on takes what the one that ended brought. Its documents and whatever this one lacks; the higher
/// priority of the two; the rest is told in a note.
///
/// # Errors
/// Only a defect: [`referral`] has checked both.
pub fn take_over(
    snapshot: &Snapshot,
    ended: &Snapshot,
    reason: &str,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Decision, Refusal> {
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    let from = ended
        .referral()
        .cloned()
        .ok_or_else(|| Refusal::not_found("such referral"))?;
    let id = draft.id()?;
    for document in &ended.documents {
        let mut document = document.clone();
        document.referral = Some(id);
        draft.put(document)?;
    }
    let before = draft.referral()?.clone();
    draft.edit(|referral| {
        add_new(&mut referral.reason_codes, &from.reason_codes);
        add_new(&mut referral.procedure_codes, &from.procedure_codes);
        add_new(&mut referral.provided, &from.provided);
        if referral.authorization.is_none() {
            referral.authorization.clone_from(&from.authorization);
        }
        if referral.requester.is_none() && referral.requester_org.is_none() {
            referral.requester = from.requester;
            referral.requester_org = from.requester_org;
        }
        if referral.reason_text.is_empty() {
            referral.reason_text.clone_from(&from.reason_text);
        }
    })?;
    draft.record(Fact::TookOver {
        from: from.id,
        reason: reason.to_owned(),
    });
    if from.priority > before.priority {
        draft.edit(|referral| referral.priority = from.priority)?;
        draft.record(Fact::PriorityChanged {
            from: before.priority,
            to: from.priority,
            reason: format!("{} was listed so", from.id),
        });
    }
    for coverage in &ended.coverages {
        let known = draft.next.coverages.iter().any(|own| {
            own.payer == coverage.payer
                && (own.member_id == coverage.member_id || coverage.member_id.is_none())
        });
        if !known {
            let rank = draft.next.coverages.iter().map(|own| own.rank).max().unwrap_or(0) + 1;
            let new = NewCoverage {
                payer: coverage.payer.clone(),
                member_id: coverage.member_id.clone(),
                group_no: coverage.group_no.clone(),
                subscriber: coverage.subscriber.clone(),
            };
            receive::put_coverage(&mut draft, id, rank, &new)?;
            draft.record(Fact::CoverageChanged);
        }
    }
    tell(&mut draft, &from)?;
    tasks::end_by_rule(&mut draft, &[LOOK_ALIKE], true)?;
    if other_sender(&before, &from) {
        let title = format!("Another sender asked for the same in {}: tell them too", from.id);
        tasks::add(&mut draft, &format!("tell-also/{}", from.id), title, None, None)?;
    }
    settle::with_rules(&mut draft)?;
    draft.finish()
}

/// Whether both came from somebody, and not from the same.
fn other_sender(one: &Referral, other: &Referral) -> bool {
    match (one.requester, other.requester) {
        (Some(one), Some(other)) => one != other,
        (Some(_) | None, None) | (None, Some(_)) => match (one.requester_org, other.requester_org) {
            (Some(one), Some(other)) => one != other,
            (Some(_) | None, None) | (None, Some(_)) => false,
        },
    }
}

fn add_new(known: &mut Vec<String>, more: &[String]) {
    for each in more {
        if !known.contains(each) {
            known.push(each.clone());
        }
    }
}

/// What the referral that ended said, for whoever reads this one.
fn tell(draft: &mut Draft<'_>, from: &Referral) -> Result<(), Refusal> {
    let received = show_stamp(draft.policy.clinic.zone, from.received_at, draft.now);
    let mut text = format!(
        "Merged with {}: {}, received {received} by {}.",
        from.id,
        from.service,
        from.source.label()
    );
    if !from.reason_text.is_empty() && from.reason_text != draft.referral()?.reason_text {
        text.push('\n');
        text.push_str(&from.reason_text);
    }
    desk::note(draft, text)
}

/// Two referrals belong together, and each goes its own way.
///
/// # Errors
/// `nothing-to-do` where that is known; `impossible` where the patients are two.
pub fn link(draft: &mut Draft<'_>, with: ReferralId) -> Result<(), Refusal> {
    let other = beside(draft, with)?;
    let own = draft.referral()?.clone();
    if own.patient != other.patient {
        return Err(impossible(
            format!("{with} is of another patient"),
            "if the two patients are one, merge them first",
        ));
    }
    if own.requisition.is_some() && own.requisition == other.requisition {
        return Err(Refusal::new(
            Code::NothingToDo,
            "it is known that they belong together",
            "nothing is needed",
        ));
    }
    join(draft, group(&own, &other), with)
}

/// The number under which two referrals belong together: that of the first of them.
pub fn group(one: &Referral, other: &Referral) -> ReferralId {
    let known = one.requisition.into_iter().chain(other.requisition).min();
    known.unwrap_or(one.id.min(other.id))
}

/// The other half of [`link`], for each referral that comes into the group with it.
///
/// # Errors
/// Only a defect.
pub fn linked(
    snapshot: &Snapshot,
    group: ReferralId,
    with: ReferralId,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Decision, Refusal> {
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    join(&mut draft, group, with)?;
    settle::with_rules(&mut draft)?;
    draft.finish()
}

fn join(draft: &mut Draft<'_>, group: ReferralId, with: ReferralId) -> Result<(), Refusal> {
    draft.edit(|referral| referral.requisition = Some(group))?;
    draft.record(Fact::Linked { with });
    tasks::end_by_rule(draft, &[LOOK_ALIKE], true)
}

/// The referral's patient is another one on record: that record goes on. What it lacks comes from this one; where the two
/// say different things, the one that goes on keeps its own, and this one is kept as it was. Whoever opted out has opted out.
///
/// # Errors
/// `nothing-to-do`, `not-found`, `impossible` where the other was merged itself, `reason-needed`.
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
    tasks::end_by_rule(draft, &[&question(into)], true)
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
    tasks::end_by_rule(draft, &[&question(other)], true)?;
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
pub(super) fn ask(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    for other in draft.next.may_be.clone() {
        let born = other.dob.map(|dob| format!(", born {dob}")).unwrap_or_default();
        let title = format!("Is this the same patient as {}{born}? ({})", other.name, other.id);
        tasks::add(draft, &question(other.id), title, None, None)?;
    }
    Ok(())
}
