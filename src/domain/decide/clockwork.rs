//! What a timer does when it goes off. Never ends a referral.

use super::draft::Draft;
use super::{coverage, outreach, reports, tasks, triage};
use crate::domain::case::{Timer, TimerKind, TimerState};
use crate::domain::event::Fact;
use crate::domain::message::MessageKind;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::texts::Facts;
use crate::domain::time::show_span;

/// Fires the timer with a key.
///
/// # Errors
/// `already-done` where it went off or is no longer wanted, `impossible` where its time has not come.
pub fn fire(draft: &mut Draft<'_>, key: &str) -> Result<(), Refusal> {
    let mut timer = draft
        .next
        .timers
        .iter()
        .find(|timer| timer.key == key)
        .cloned()
        .ok_or_else(|| Refusal::not_found("such timer"))?;
    if timer.state != TimerState::Pending {
        return Err(Refusal::new(
            Code::AlreadyDone,
            "the timer went off or is no longer wanted",
            "nothing is needed",
        ));
    }
    if timer.due_at > draft.now {
        return Err(Refusal::new(
            Code::Impossible,
            "the timer's time has not come",
            "wait",
        ));
    }
    timer.state = TimerState::Fired;
    draft.put(timer.clone())?;
    draft.record(Fact::TimerFired { rule: timer.kind });
    act(draft, &timer)
}

fn act(draft: &mut Draft<'_>, timer: &Timer) -> Result<(), Refusal> {
    let occasion = timer.key.rsplit('/').next().unwrap_or_default().to_owned();
    let now = draft.now;
    match timer.kind {
        TimerKind::InfoReminder => {
            let Some(request) = draft.next.open_request().cloned() else {
                return Ok(());
            };
            let facts = triage::info_facts(draft, &request.items, request.code);
            outreach::queue(draft, MessageKind::InfoReminder, &occasion, facts)
        }
        TimerKind::InfoEscalation => {
            let title = "Call the provider: the request for information has no answer".to_owned();
            tasks::add(
                draft,
                &format!("call-provider/{occasion}"),
                title,
                Some(now),
                None,
            )
        }
        TimerKind::BookingEmail => outreach::queue(draft, MessageKind::BookingEmail, &occasion, Facts::new()),
        TimerKind::BookingEscalation => {
            let title = "Call the patient: accepted, and still no appointment".to_owned();
            tasks::add(draft, &format!("call-patient/{occasion}"), title, Some(now), None)
        }
        TimerKind::SlaWarning => {
            if let Some(milestone) = timer.milestone {
                draft.record(Fact::MilestoneWarned { milestone });
            }
            Ok(())
        }
        TimerKind::SlaBreach => breach(draft, timer),
        TimerKind::EmergencyEscalation => {
            let waited = show_span(now - draft.referral()?.received_at);
            let title = format!("Emergency not acknowledged for {waited}: call the referrer now");
            // One task at a time is enough: it stays until the call is recorded.
            let open = draft.next.tasks.iter().any(|task| {
                task.key.starts_with("emergency/") && task.state == crate::domain::case::TaskState::Open
            });
            if open {
                Ok(())
            } else {
                let escalate_to = draft.policy.escalate_to.clone();
                tasks::add(
                    draft,
                    &format!("emergency/{occasion}"),
                    title,
                    Some(now),
                    Some(escalate_to),
                )
            }
        }
        // The program may have stood still until the appointment was over.
        TimerKind::AppointmentReminder if outreach::is_over(draft, MessageKind::AppointmentReminder) => {
            Ok(())
        }
        TimerKind::AppointmentReminder => {
            outreach::queue(draft, MessageKind::AppointmentReminder, &occasion, Facts::new())
        }
        TimerKind::AppointmentPassed => {
            let title = "Record the outcome of the appointment: took place, no-show or cancelled".to_owned();
            tasks::add(
                draft,
                &format!("visit-outcome/{occasion}"),
                title,
                Some(now),
                None,
            )
        }
        TimerKind::ReportReminder => reports::chase(draft, &occasion),
        TimerKind::CoverageCheck => coverage::begin_due(draft, &occasion),
        TimerKind::CoverageTimeout => coverage::timed_out(draft, &occasion),
        TimerKind::CoverageRecheck => coverage::again(draft, &occasion),
        TimerKind::ReportUnconfirmed => reports::ask_whether_it_arrived(draft, &occasion),
    }
}

fn breach(draft: &mut Draft<'_>, timer: &Timer) -> Result<(), Refusal> {
    let Some(kind) = timer.milestone else {
        return Ok(());
    };
    let Some(mut milestone) = draft
        .next
        .milestones
        .iter()
        .find(|milestone| milestone.kind == kind)
        .cloned()
    else {
        return Ok(());
    };
    if milestone.done_at.is_some() || milestone.breached_at.is_some() {
        return Ok(());
    }
    milestone.breached_at = Some(draft.now);
    let (id, target_at) = (milestone.id, milestone.target_at);
    draft.put(milestone)?;
    draft.record(Fact::MilestoneMissed { milestone: kind });
    // Only what is next in line is work for somebody: that the visit is late follows from its not being booked.
    let next_in_line = draft
        .next
        .milestones
        .iter()
        .filter(|each| each.done_at.is_none())
        .map(|each| each.kind)
        .min();
    if next_in_line != Some(kind) {
        return Ok(());
    }
    let title = format!("Target missed: {}", kind.label());
    let escalate_to = draft.policy.escalate_to.clone();
    tasks::add(
        draft,
        &format!("breach/{id}"),
        title,
        Some(target_at),
        Some(escalate_to),
    )
}
