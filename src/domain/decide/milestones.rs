//! The milestones of the service level agreement: targets and when they are reached.
//!
//! Owns the targets (from receipt; the report's from the visit) and the rule by which each is reached. Warnings and misses
//! come from timers.

use super::draft::Draft;
use super::tasks;
use crate::domain::case::{CallOutcome, Milestone, MilestoneKind, Party};
use crate::domain::clocks::paused_time;
use crate::domain::event::Fact;
use crate::domain::id::MilestoneId;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::priority::Priority;
use crate::domain::referral::Referral;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::template::{Target, TargetUnit};
use crate::domain::time::{Span, Stamp};

/// Makes the milestones of a new referral, moves targets that are still ahead, and marks those that are reached.
///
/// # Errors
/// Only a defect.
pub fn settle(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    for kind in MilestoneKind::ALL {
        let existing = draft.next.milestones.iter().find(|each| each.kind == kind);
        // What was reached stays as it was.
        if existing.is_some_and(|milestone| milestone.done_at.is_some()) {
            continue;
        }
        let existing = existing.cloned();
        let Some((target_at, warn_at)) = target(draft, kind) else {
            continue;
        };
        let mut milestone = match existing {
            Some(milestone) => milestone,
            None => Milestone {
                id: MilestoneId(draft.fresh()),
                referral: draft.id()?,
                kind,
                target_at,
                warn_at,
                done_at: None,
                breached_at: None,
            },
        };
        // What was missed does, too: history is not moved to look better.
        if milestone.breached_at.is_none() {
            milestone.target_at = target_at;
            milestone.warn_at = warn_at;
        }
        let reached = is_reached(&draft.next, draft.referral()?, kind);
        if reached {
            milestone.done_at = Some(draft.now);
        }
        let id = milestone.id;
        draft.put(milestone)?;
        if reached {
            draft.record(Fact::MilestoneReached { milestone: kind });
            tasks::end_by_rule(draft, &[&format!("breach/{id}")], true)?;
        }
    }
    Ok(())
}

/// When a milestone is due, and when a warning is.
pub(super) fn target(draft: &Draft<'_>, kind: MilestoneKind) -> Option<(Stamp, Stamp)> {
    let referral = draft.next.referral()?;
    let target = draft.policy.target(draft.template()?, kind, referral.priority)?;
    let from = match kind {
        MilestoneKind::Report => draft
            .next
            .last_visit()
            .map(|appointment| appointment.ends_at())
            .or_else(|| {
                draft
                    .next
                    .milestones
                    .iter()
                    .find(|each| each.kind == MilestoneKind::Visit)
                    .map(|visit| visit.target_at)
            })
            .unwrap_or(referral.received_at),
        MilestoneKind::Acknowledge
        | MilestoneKind::Decide
        | MilestoneKind::FirstContact
        | MilestoneKind::Book
        | MilestoneKind::Visit => referral.received_at,
    };
    let due = reach(draft, target, from, kind);
    let share = i32::try_from(draft.policy.warn_at_percent).unwrap_or(75);
    Some((due, from + (due - from) * share / 100))
}

fn reach(draft: &Draft<'_>, target: Target, from: Stamp, kind: MilestoneKind) -> Stamp {
    let calendar = &draft.policy.calendar;
    let due = match target.unit {
        TargetUnit::Minutes => return from + Span::minutes(i64::from(target.amount)),
        TargetUnit::Hours => return from + Span::hours(i64::from(target.amount)),
        TargetUnit::Days => return from + Span::days(i64::from(target.amount)),
        TargetUnit::BusinessHours => calendar.add_hours(from, target.amount),
        TargetUnit::BusinessDays => calendar.add_days(from, target.amount),
    };
    // Only the decision waits for what others owe; the patient's own targets never pause.
    let paused = draft
        .next
        .referral()
        .filter(|_| kind == MilestoneKind::Decide)
        .map(|referral| paused_time(referral, calendar, draft.now));
    match paused {
        Some(paused) if paused > Span::zero() => calendar.add_open(due, paused),
        Some(_) | None => due,
    }
}

fn is_reached(snapshot: &Snapshot, referral: &Referral, kind: MilestoneKind) -> bool {
    let called = |party: Party| {
        snapshot.notes.iter().any(|note| {
            note.call
                .is_some_and(|call| call.party == party && call.outcome == CallOutcome::Reached)
        })
    };
    let went = |kinds: &[MessageKind]| {
        snapshot.messages.iter().any(|message| {
            kinds.contains(&message.kind)
                && matches!(
                    message.state,
                    MessageState::HandedOver | MessageState::Delivered | MessageState::Acknowledged
                )
        })
    };
    match kind {
        // An emergency is acknowledged by the phone call and by nothing else.
        MilestoneKind::Acknowledge if referral.priority == Priority::Stat => {
            referral.acknowledged_at.is_some()
        }
        MilestoneKind::Acknowledge => went(&[MessageKind::AckProvider]) || called(Party::Provider),
        MilestoneKind::Decide => !matches!(
            referral.status,
            Status::Received
                | Status::NeedsInfo
                | Status::InReview
                | Status::CancelRequested
                | Status::Cancelled
                | Status::EnteredInError
        ),
        MilestoneKind::FirstContact => {
            called(Party::Patient) || !snapshot.appointments.is_empty() || went(&[MessageKind::BookingPrompt])
        }
        MilestoneKind::Book => !snapshot.appointments.is_empty(),
        MilestoneKind::Visit => matches!(referral.status, Status::Completed | Status::Closed),
        MilestoneKind::Report => referral.status == Status::Closed,
    }
}
