//! A referral is brought over from another system: it stands here where it stood there, and nobody is written to about what
//! happened before.
//!
//! Owns what is taken for granted (status, times, visits, notes) and what is this clinic's own (list, next action, due time,
//! targets, timers). Outreach whose time came before the referral was here counts as done there; what is late is work for a
//! person. Must not know any format.

mod agree;
pub mod chart;
mod lenient;
mod past;
mod reached;

use super::draft::Draft;
use super::{merge, people, receive, settle, tasks, triage};
use crate::domain::case::{Timer, TimerKind, TimerState};
use crate::domain::command::{Import, Standing};
use crate::domain::event::Fact;
use crate::domain::policy::Role;
use crate::domain::priority::Priority;
use crate::domain::referral::{Pause, PauseReason};
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::template::Template;
use crate::domain::time::{Stamp, whole_seconds};

/// Brings it over.
///
/// # Errors
/// `not-allowed` but for a manager; `bad-field` where the referral itself cannot be: no patient's name, no template, a time in the
/// future.
pub fn import(draft: &mut Draft<'_>, import: &Import) -> Result<(), Refusal> {
    not_for(draft)?;
    let system = people::required_line("system", &import.system)?;
    let external = people::required_line("external", &import.external)?;
    let mut receive = import.referral.clone();
    let template = receive::template(draft, &receive)?;
    let mut doubts = lenient::clean(draft, &mut receive, template);
    receive::make(draft, &receive, template)?;
    let received_at = draft.referral()?.received_at;
    let (now, standing) = (draft.now, &import.standing);
    let since = standing
        .since
        .map_or(received_at, whole_seconds)
        .clamp(received_at, now.max(received_at));
    past::appointments(draft, &import.appointments)?;
    let stands = agree::agree(draft, standing.status.unwrap_or(Status::Received), since)?;
    place(draft, standing, stands.status, since)?;
    coverages(draft, standing)?;
    reached::milestones(draft, since)?;
    doubts.extend(receive.remarks.iter().cloned());
    past::notes(draft, &import.notes, &doubts)?;
    work(draft, template, stands.asks)?;
    settle::settle(draft)?;
    quiet(draft)?;
    draft.record(Fact::Imported {
        system,
        external,
        status: stands.status,
    });
    Ok(())
}

/// Nothing that guards a decision here was asked there: only who may take every decision brings them over.
fn not_for(draft: &Draft<'_>) -> Result<(), Refusal> {
    match draft.actor.role {
        Role::Manager => Ok(()),
        role @ (Role::ReadOnly | Role::Coordinator | Role::Clinician | Role::System) => Err(
            triage::not_allowed(role, "bring referrals over from another system"),
        ),
    }
}

/// The referral's own fields.
fn place(draft: &mut Draft<'_>, standing: &Standing, status: Status, since: Stamp) -> Result<(), Refusal> {
    let reason = people::optional_line("standing.reason", standing.reason.as_deref()).unwrap_or_default();
    let owner = standing
        .owner
        .as_ref()
        .and_then(|owner| people::owner(owner).ok());
    let seen_by = people::optional_line("standing.performer", standing.performer.as_deref())
        .unwrap_or_default()
        .or_else(|| {
            let last = draft.next.appointments.iter().max_by_key(|each| each.starts_at);
            last.map(|each| each.performer.clone())
        })
        .filter(|name| !name.is_empty());
    let before = status.may_return().then_some(left(status));
    let now = draft.now;
    draft.edit(|referral| {
        referral.status = status;
        referral.status_since = since;
        referral.status_reason = reason;
        referral.status_before = before;
        referral.episode = u32::from(status != Status::Received);
        referral.ended_at = (!status.is_open()).then_some(since);
        if let Some(owner) = owner {
            referral.owner = owner;
        }
        referral.performer = seen_by;
        // Whoever took an emergency further has spoken with somebody about it.
        let further = referral.priority == Priority::Stat && status != Status::Received;
        referral.acknowledged_at = standing.acknowledged_at.or(further.then_some(since));
        if status == Status::NeedsInfo {
            referral.pauses.push(Pause {
                from: since.min(now),
                to: None,
                why: PauseReason::Records,
            });
        }
    })
}

/// What a referral of this status has left behind, where nothing is said of it.
const fn left(status: Status) -> Status {
    match status {
        Status::Closed => Status::Completed,
        Status::Declined => Status::Received,
        Status::Received
        | Status::NeedsInfo
        | Status::InReview
        | Status::Accepted
        | Status::Waitlisted
        | Status::Scheduled
        | Status::NoShow
        | Status::AppointmentCancelled
        | Status::Completed
        | Status::CancelRequested
        | Status::Cancelled
        | Status::EnteredInError => Status::Accepted,
    }
}

fn coverages(draft: &mut Draft<'_>, standing: &Standing) -> Result<(), Refusal> {
    let coverages = draft.next.coverages.clone();
    for (mut coverage, checked) in coverages.into_iter().zip(&standing.checks) {
        coverage.eligibility = checked.eligibility;
        coverage.checked_at = checked.checked_at.map(whole_seconds);
        coverage.valid_until = checked.valid_until;
        coverage.note = people::optional_line("coverage.note", checked.note.as_deref()).unwrap_or_default();
        draft.put(coverage)?;
    }
    Ok(())
}

/// What somebody has to do here because of how it came: the template's tasks while no decision was taken, what the status asks
/// for and did not come along, a look at what is alike.
fn work(draft: &mut Draft<'_>, template: &Template, asks: Option<&'static str>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let (status, received_at) = (referral.status, referral.received_at);
    if !status.is_open() {
        return Ok(());
    }
    if let Some(title) = asks {
        let now = draft.now;
        tasks::add(draft, "brought-over", title.to_owned(), Some(now), None)?;
    }
    let undecided = matches!(status, Status::Received | Status::NeedsInfo | Status::InReview);
    for task in template.tasks.iter().filter(|_| undecided) {
        receive::make_task(draft, task, received_at)?;
    }
    merge::ask(draft)?;
    receive::look_alikes(draft)
}

/// Timers whose time had come before the referral was here: what they would send was for that system to send. What they hand to a
/// person is handed over.
fn quiet(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = draft.now;
    let late: Vec<Timer> = draft
        .next
        .timers
        .iter()
        .filter(|timer| timer.state == TimerState::Pending && timer.due_at <= now && writes(timer.kind))
        .cloned()
        .collect();
    if late.is_empty() {
        return Ok(());
    }
    for mut timer in late {
        timer.state = TimerState::Fired;
        draft.put(timer)?;
    }
    settle::next_step(draft)
}

/// Whether a timer of this kind writes to somebody.
const fn writes(kind: TimerKind) -> bool {
    match kind {
        TimerKind::InfoReminder | TimerKind::BookingEmail | TimerKind::AppointmentReminder => true,
        TimerKind::InfoEscalation
        | TimerKind::BookingEscalation
        | TimerKind::SlaWarning
        | TimerKind::SlaBreach
        | TimerKind::EmergencyEscalation
        | TimerKind::AppointmentPassed
        | TimerKind::ReportReminder
        | TimerKind::ReportUnconfirmed
        | TimerKind::CoverageCheck
        | TimerKind::CoverageTimeout
        | TimerKind::CoverageRecheck => false,
    }
}
