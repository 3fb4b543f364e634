//! Timers: which ones a referral should have, as a pure function of what it is.
//!
//! Owns the rules that start and stop timers. A timer's key names rule, referral and occasion, never a time, so that the
//! same occasion never goes off twice whatever happens to clocks. What a timer does when it goes off is `clockwork`'s.

use super::draft::Draft;
use crate::domain::case::{Appointment, InfoRequest, MilestoneKind, Timer, TimerKind, TimerState};
use crate::domain::coverage::Eligibility;
use crate::domain::id::{CoverageId, TimerId};
use crate::domain::message::MessageState;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, day_in};

struct Wanted {
    kind: TimerKind,
    milestone: Option<MilestoneKind>,
    occasion: String,
    due_at: Stamp,
    /// Keep the time that the timer has, once it is set.
    keeps_its_time: bool,
}

/// Starts the timers that should be there and are not, and stops those that should not.
///
/// # Errors
/// Only a defect.
pub fn settle(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let id = draft.id()?;
    let wanted = wanted(draft)?;
    let mut keys = Vec::with_capacity(wanted.len());
    for want in wanted {
        let key = format!("{}/{id}/{}", want.kind.code(), want.occasion);
        let existing = draft.next.timers.iter().find(|timer| timer.key == key).cloned();
        match existing {
            Some(timer) if timer.state == TimerState::Fired => {}
            Some(mut timer) => {
                if !(want.keeps_its_time && timer.state == TimerState::Pending) {
                    timer.due_at = want.due_at;
                }
                timer.state = TimerState::Pending;
                draft.put(timer)?;
            }
            None => {
                let timer = Timer {
                    id: TimerId(draft.fresh()),
                    referral: id,
                    key: key.clone(),
                    kind: want.kind,
                    milestone: want.milestone,
                    due_at: want.due_at,
                    state: TimerState::Pending,
                };
                draft.put(timer)?;
            }
        }
        keys.push(key);
    }
    let unwanted: Vec<Timer> = draft
        .next
        .timers
        .iter()
        .filter(|timer| timer.state == TimerState::Pending && !keys.contains(&timer.key))
        .cloned()
        .collect();
    for mut timer in unwanted {
        timer.state = TimerState::Cancelled;
        draft.put(timer)?;
    }
    Ok(())
}

fn wanted(draft: &Draft<'_>) -> Result<Vec<Wanted>, Refusal> {
    let referral = draft.referral()?;
    let outreach = &draft.policy.outreach;
    let mut all = Vec::new();
    if !referral.status.is_open() {
        return Ok(all);
    }
    let mut want = |kind, milestone, occasion: String, due_at, keeps_its_time| {
        all.push(Wanted {
            kind,
            milestone,
            occasion,
            due_at,
            keeps_its_time,
        });
    };
    for milestone in &draft.next.milestones {
        // While somebody else has the ball the decision's clock stands still, and so do its warnings.
        let stands = referral.pauses.last().is_some_and(|pause| pause.to.is_none());
        let paused = milestone.kind == MilestoneKind::Decide && stands;
        // The report's target counts from the visit: before it there is nothing to be late with.
        let early = milestone.kind == MilestoneKind::Report && referral.status != Status::Completed;
        if milestone.done_at.is_some() || paused || early {
            continue;
        }
        // Only the decision's target moves with a pause, and warns anew; the others' occasion stays the same.
        let pauses = if milestone.kind == MilestoneKind::Decide {
            referral.pauses.len()
        } else {
            0
        };
        let occasion = format!("{}/{}/{pauses}", milestone.kind.code(), referral.priority);
        if milestone.breached_at.is_none() {
            want(
                TimerKind::SlaWarning,
                Some(milestone.kind),
                occasion.clone(),
                milestone.warn_at,
                false,
            );
            want(
                TimerKind::SlaBreach,
                Some(milestone.kind),
                occasion,
                milestone.target_at,
                false,
            );
        }
    }
    if let Some(request) = draft
        .next
        .open_request()
        .filter(|_| referral.status == Status::NeedsInfo)
    {
        want(
            TimerKind::InfoReminder,
            None,
            request.id.to_string(),
            request.sent_at + outreach.info_reminder,
            false,
        );
        want(
            TimerKind::InfoEscalation,
            None,
            request.id.to_string(),
            request.sent_at + outreach.info_escalation,
            false,
        );
    }
    if matches!(
        referral.status,
        Status::Accepted | Status::NoShow | Status::AppointmentCancelled
    ) && referral.holds.is_empty()
    {
        let occasion = format!("e{}", referral.episode);
        want(
            TimerKind::BookingEmail,
            None,
            occasion.clone(),
            referral.status_since + outreach.booking_email,
            false,
        );
        want(
            TimerKind::BookingEscalation,
            None,
            occasion,
            referral.status_since + outreach.booking_escalation,
            false,
        );
    }
    if referral.is_emergency() && referral.acknowledged_at.is_none() {
        let fired = draft
            .next
            .timers
            .iter()
            .filter(|timer| timer.kind == TimerKind::EmergencyEscalation && timer.state == TimerState::Fired)
            .count();
        // After a night without the program an emergency escalates once, not once for every half hour of the night.
        let from = if fired == 0 {
            referral.received_at
        } else {
            draft.now
        };
        want(
            TimerKind::EmergencyEscalation,
            None,
            (fired + 1).to_string(),
            from + outreach.emergency,
            true,
        );
    }
    if let Some(appointment) = draft
        .next
        .live_appointment()
        .filter(|_| referral.status == Status::Scheduled)
    {
        let remind_at = appointment.starts_at - outreach.appointment_reminder;
        let occasion = appointment.occasion();
        if remind_at > draft.now
            || draft.next.timers.iter().any(|timer| {
                timer.kind == TimerKind::AppointmentReminder && timer.key.ends_with(&format!("/{occasion}"))
            })
        {
            want(
                TimerKind::AppointmentReminder,
                None,
                occasion.clone(),
                remind_at,
                false,
            );
        }
        want(
            TimerKind::AppointmentPassed,
            None,
            occasion,
            appointment.ends_at() + outreach.outcome_grace,
            false,
        );
    }
    if let Some(checks) = &draft.policy.checks {
        let visit = draft.next.live_appointment();
        for coverage in &draft.next.coverages {
            let name = coverage.id.to_string();
            let pending = coverage.eligibility == Eligibility::Pending;
            if pending && coverage.trace.is_none() {
                let occasion = format!("{name}.{}", coverage.round + 1);
                want(TimerKind::CoverageCheck, None, occasion, draft.now, true);
            }
            if pending && coverage.trace.is_some() {
                // A question that cannot be asked is not answered either: its time counts from when it was to be asked.
                let (since, waits) = coverage.asked_at.map_or((draft.now, true), |at| (at, false));
                let occasion = format!("{name}.{}", coverage.round);
                want(
                    TimerKind::CoverageTimeout,
                    None,
                    occasion,
                    since + checks.timeout,
                    waits,
                );
            }
            let counts = matches!(coverage.eligibility, Eligibility::Active | Eligibility::Partial);
            if let Some((visit, until)) = visit.zip(coverage.valid_until).filter(|_| counts)
                && day_in(draft.policy.clinic.zone, visit.starts_at) > until
            {
                let due = visit.starts_at - checks.recheck;
                want(
                    TimerKind::CoverageRecheck,
                    None,
                    recheck(coverage.id, visit),
                    due,
                    false,
                );
            }
        }
    }
    if referral.status == Status::Completed
        && let Some(visit) = draft.next.last_visit()
    {
        match draft.next.report() {
            None => want(
                TimerKind::ReportReminder,
                None,
                visit.id.to_string(),
                visit.ends_at() + outreach.report_reminder,
                false,
            ),
            Some(report) if report.state == MessageState::HandedOver => want(
                TimerKind::ReportUnconfirmed,
                None,
                report.id.to_string(),
                report.sent_at.unwrap_or(draft.now) + outreach.report_unconfirmed,
                false,
            ),
            Some(_) => {}
        }
    }
    Ok(all)
}

/// A coverage is checked again once before a visit: an answer that does not reach it is not asked for without end.
fn recheck(coverage: CoverageId, visit: &Appointment) -> String {
    format!("{coverage}.{}", visit.occasion())
}

/// Whether the check before a visit has been made.
pub fn is_rechecked(snapshot: &Snapshot, coverage: CoverageId, visit: &Appointment) -> bool {
    let occasion = format!("/{}", recheck(coverage, visit));
    snapshot.timers.iter().any(|timer| {
        timer.kind == TimerKind::CoverageRecheck
            && timer.state == TimerState::Fired
            && timer.key.ends_with(&occasion)
    })
}

/// When the next step of an unanswered request is due.
pub fn next_info_due(snapshot: &Snapshot) -> Option<Stamp> {
    let request: &InfoRequest = snapshot.open_request()?;
    let occasion = format!("/{}", request.id);
    snapshot
        .timers
        .iter()
        .filter(|timer| {
            matches!(timer.kind, TimerKind::InfoReminder | TimerKind::InfoEscalation)
                && timer.state == TimerState::Pending
                && timer.key.ends_with(&occasion)
        })
        .map(|timer| timer.due_at)
        .min()
}
