//! Two that are one: referrals that are merged, or known to belong together; patients are in `merge/patients.rs`.
//!
//! Owns what goes where. Nothing is lost: the referral that ends keeps its history and its link, its documents go with the
//! request, and the patient's record that is given up stays as it was. Each referral that a merging moves is decided on
//! by itself; the engine sees to it that all of them stand and fall together. Must not decide who is alike.

mod patients;

pub(super) use patients::ask;
pub use patients::{QUESTION, asked_in, patient, patient_joined, patient_moved, question, tell_apart};

use super::draft::{Decision, Draft};
use super::{desk, outreach, receive, settle, step, tasks};
use crate::domain::case::{Task, TaskState};
use crate::domain::command::{Envelope, NewCoverage};
use crate::domain::event::Fact;
use crate::domain::id::ReferralId;
use crate::domain::message::MessageKind;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, show_stamp};

/// The key of the task to compare with a referral that looks alike.
pub const LOOK_ALIKE: &str = "look-alike";
/// Work that a merging must not end: what people wrote, whom to tell, what to put right, and what did not get through. Each goes
/// on with the referral that goes on.
const GOES_ON: [&str; 5] = [
    "by-hand/",
    "tell-also/",
    "put-right/",
    "message-trouble/",
    "message-returned/",
];

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
        // Who was asked for twice has waited since the first time.
        referral.received_at = referral.received_at.min(from.received_at);
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
    compared(&mut draft, from.id, &alike_in(&ended.tasks))?;
    work_goes_on(&mut draft, &ended.tasks, from.id)?;
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
    compared(draft, with, &[])
}

/// The question about one look-alike is answered. What the same task, or one of the referral that ended, asks about others is
/// still asked.
fn compared(draft: &mut Draft<'_>, with: ReferralId, theirs: &[ReferralId]) -> Result<(), Refusal> {
    let own = draft.id()?;
    let answered = |task: &Task| task.key.starts_with(LOOK_ALIKE) && named(&task.title).contains(&with);
    let open: Vec<Task> = draft
        .next
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open)
        .cloned()
        .collect();
    let (ends, stays): (Vec<Task>, Vec<Task>) = open.into_iter().partition(|task| answered(task));
    let still = alike_in(&stays);
    let mut others: Vec<ReferralId> = alike_in(&ends);
    others.extend(theirs);
    others.retain(|id| *id != own && *id != with && !still.contains(id));
    others.sort_unstable();
    others.dedup();
    tasks::end_where(draft, answered, true)?;
    let key = format!("{LOOK_ALIKE}/{}", draft.next.fresh.record);
    ask_to_compare(draft, &key, &others)
}

/// The referrals that open tasks ask to compare with.
fn alike_in(tasks: &[Task]) -> Vec<ReferralId> {
    let asks = tasks
        .iter()
        .filter(|task| task.state == TaskState::Open && task.key.starts_with(LOOK_ALIKE));
    asks.flat_map(|task| named(&task.title)).collect()
}

fn named(title: &str) -> Vec<ReferralId> {
    let words = title.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Asks to compare with these, where there are any.
///
/// # Errors
/// Only a defect.
pub(super) fn ask_to_compare(draft: &mut Draft<'_>, key: &str, with: &[ReferralId]) -> Result<(), Refusal> {
    if with.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = with.iter().map(ToString::to_string).collect();
    let title = format!(
        "Looks like {}: same patient and specialty. Compare them.",
        ids.join(", ")
    );
    tasks::add(draft, key, title, None, None)
}

/// What was to be done on the referral that ended is to be done on the one that goes on.
fn work_goes_on(draft: &mut Draft<'_>, theirs: &[Task], from: ReferralId) -> Result<(), Refusal> {
    let open = theirs.iter().filter(|task| task.state == TaskState::Open);
    for task in open.filter(|task| GOES_ON.iter().any(|prefix| task.key.starts_with(prefix))) {
        let title = format!("{} (from {from})", task.title);
        tasks::add(draft, &task.key, title, task.due_at, task.owner.clone())?;
    }
    Ok(())
}
