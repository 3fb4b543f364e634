//! The milestones of a referral that is brought over: which were reached or missed there.
//!
//! Owns what a status says of them where nothing else does. Targets are this clinic's, from the original received time; what was
//! reached after its target was missed at the target, as it would have been here. What is late and next in line is work.

use super::super::draft::Draft;
use super::super::{milestones, tasks};
use crate::domain::case::{AppointmentState, Milestone, MilestoneKind};
use crate::domain::id::MilestoneId;
use crate::domain::priority::Priority;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::Stamp;

/// Makes them.
///
/// # Errors
/// Only a defect.
pub fn milestones(draft: &mut Draft<'_>, since: Stamp) -> Result<(), Refusal> {
    let (open, now, referral) = (draft.referral()?.status.is_open(), draft.now, draft.id()?);
    for kind in MilestoneKind::ALL {
        let Some((target_at, warn_at)) = milestones::target(draft, kind) else {
            continue;
        };
        let done_at = reached(&draft.next, kind, since);
        let late = done_at.map_or(open && target_at <= now && counts(&draft.next, kind), |done| {
            done > target_at
        });
        let milestone = Milestone {
            id: MilestoneId(draft.fresh()),
            referral,
            kind,
            target_at,
            warn_at,
            done_at,
            breached_at: late.then_some(target_at),
        };
        draft.put(milestone)?;
    }
    if open { hand_over(draft) } else { Ok(()) }
}

/// The report's target counts from the visit: before it there is nothing to be late with.
fn counts(snapshot: &Snapshot, kind: MilestoneKind) -> bool {
    let completed = snapshot
        .referral()
        .is_some_and(|referral| referral.status == Status::Completed);
    let paused = snapshot
        .referral()
        .and_then(|referral| referral.pauses.last())
        .is_some_and(|pause| pause.to.is_none());
    match kind {
        MilestoneKind::Report => completed,
        MilestoneKind::Decide => !paused,
        MilestoneKind::Acknowledge
        | MilestoneKind::FirstContact
        | MilestoneKind::Book
        | MilestoneKind::Visit => true,
    }
}

/// When a milestone was reached, as far as the status tells; the latest that it can have been.
fn reached(snapshot: &Snapshot, kind: MilestoneKind, since: Stamp) -> Option<Stamp> {
    let referral = snapshot.referral()?;
    let seen = || {
        let visits = snapshot.appointments.iter();
        visits
            .filter(|visit| visit.state == AppointmentState::Fulfilled)
            .map(|visit| visit.starts_at)
            .min()
    };
    let booked = !snapshot.appointments.is_empty();
    let over = matches!(referral.status, Status::Completed | Status::Closed);
    match kind {
        MilestoneKind::Acknowledge if referral.priority == Priority::Stat => referral.acknowledged_at,
        // That it arrived was that system's to say.
        MilestoneKind::Acknowledge => Some(referral.received_at),
        MilestoneKind::Decide => {
            let undecided = matches!(
                referral.status,
                Status::Received
                    | Status::NeedsInfo
                    | Status::InReview
                    | Status::CancelRequested
                    | Status::Cancelled
                    | Status::EnteredInError
            );
            (!undecided).then_some(since)
        }
        MilestoneKind::FirstContact | MilestoneKind::Book => {
            (booked || over).then(|| seen().map_or(since, |seen| seen.min(since)))
        }
        MilestoneKind::Visit => over.then(|| seen().unwrap_or(since)),
        MilestoneKind::Report => (referral.status == Status::Closed).then_some(since),
    }
}

/// Only what is next in line is work for somebody: that the visit is late follows from its not being booked.
fn hand_over(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let next = draft
        .next
        .milestones
        .iter()
        .filter(|each| each.done_at.is_none())
        .min_by_key(|each| each.kind)
        .filter(|each| each.breached_at.is_some())
        .map(|each| (each.id, each.kind, each.target_at));
    let Some((id, kind, target_at)) = next else {
        return Ok(());
    };
    let escalate_to = draft.policy.escalate_to.clone();
    tasks::add(
        draft,
        &format!("breach/{id}"),
        format!("Target missed: {}", kind.label()),
        Some(target_at),
        Some(escalate_to),
    )
}
