//! What follows from what is: after every decision the records that rules keep are brought up to date.
//!
//! Owns the derived parts of a referral (missing items, holds, pauses, list, next action, due time, version) and calls on
//! milestones and timers to do theirs. Each rule says what should be; the difference becomes an event. So a decision never
//! has to remember to stop a timer, and undo never has to start one again.

use super::draft::Draft;
use super::{coverage, milestones, ritual, rules, timers, updates};
use crate::domain::case::{CallOutcome, Party};
use crate::domain::coverage::Coverage;
use crate::domain::event::Fact;
use crate::domain::lists::List;
use crate::domain::priority::Priority;
use crate::domain::referral::{Hold, HoldKind, NextAction, Owner, Pause, PauseReason, Referral};
use crate::domain::refusal::Refusal;
use crate::domain::requirements;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Span, Stamp};

/// Settles the referral of a draft, if it has one.
///
/// # Errors
/// Only a defect.
pub fn settle(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.next.referral().is_none() || draft.is_empty() {
        return Ok(());
    }
    follow(draft)?;
    draft.edit(|referral| referral.version += 1)
}

/// Settles it, lets the clinic's rules fire on what happened, and settles what they did.
///
/// # Errors
/// Only a defect.
pub fn with_rules(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.next.referral().is_none() || draft.is_empty() {
        return Ok(());
    }
    follow(draft)?;
    if rules::react(draft)? {
        follow(draft)?;
    }
    draft.edit(|referral| referral.version += 1)
}

fn follow(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    missing(draft)?;
    holds(draft)?;
    rules::holds(draft)?;
    pauses(draft)?;
    place(draft)?;
    coverage::horizon(draft)?;
    milestones::settle(draft)?;
    timers::settle(draft)?;
    updates::settle(draft)?;
    next_step(draft)
}

fn place(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let list = List::of(referral);
    if referral.list == list {
        return Ok(());
    }
    draft.edit(|referral| referral.list = list)
}

/// Settles a referral whose patient was corrected through another one; false where that changes nothing here.
///
/// # Errors
/// Only a defect.
pub fn settle_patient(draft: &mut Draft<'_>) -> Result<bool, Refusal> {
    missing(draft)?;
    rules::holds(draft)?;
    if draft.is_empty() {
        return Ok(false);
    }
    settle(draft)?;
    Ok(true)
}

fn missing(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let missing = draft
        .template()
        .map(|template| requirements::missing(&draft.next, template))
        .unwrap_or_default();
    if draft.referral()?.missing == missing {
        return Ok(());
    }
    draft.edit(|referral| referral.missing = missing)
}

/// The hold that the primary coverage's check sets, and lifts again.
fn holds(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let problem = draft
        .next
        .primary_coverage()
        .filter(|coverage| coverage.eligibility.is_problem())
        .map(problem);
    let held = draft.referral()?.holds.iter().any(is_own);
    let since = draft.now;
    match (problem, held) {
        (Some(reason), false) => {
            draft.edit(|referral| {
                referral.holds.push(Hold {
                    kind: HoldKind::Coverage,
                    reason,
                    since,
                    rule: None,
                })
            })?;
            draft.record(Fact::HoldSet {
                hold: HoldKind::Coverage,
                rule: None,
            });
        }
        (Some(reason), true) => draft.edit(|referral| {
            for hold in referral.holds.iter_mut().filter(|hold| is_own(hold)) {
                hold.reason.clone_from(&reason);
            }
        })?,
        (None, true) => {
            draft.edit(|referral| referral.holds.retain(|hold| !is_own(hold)))?;
            draft.record(Fact::HoldLifted {
                hold: HoldKind::Coverage,
                rule: None,
            });
        }
        (None, false) => {}
    }
    Ok(())
}

/// The hold that this sets, not one of the clinic's rules.
fn is_own(hold: &Hold) -> bool {
    hold.kind == HoldKind::Coverage && hold.rule.is_none()
}

fn problem(coverage: &Coverage) -> String {
    format!("{}: {}", coverage.payer, coverage.eligibility.label())
}

/// The clinic's clock stands still while somebody else has the ball: the provider who owes an answer, the payer whose
/// authorisation keeps the referral back, the patient who asked to be called later, until then. A coverage that is refused is the
/// desk's own work, and what is not kept back is not paused.
fn pauses(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let kept_back = List::of(referral) == Some(List::Insurance);
    let owes = if referral.status == Status::NeedsInfo {
        Some((PauseReason::Records, None))
    } else if kept_back && waits_for_payer(referral) {
        Some((PauseReason::Payer, None))
    } else {
        asked_to_wait(draft, referral).map(|until| (PauseReason::Patient, Some(until)))
    };
    let now = draft.now;
    let open = referral.pauses.last().filter(|pause| pause.stands(now));
    let paused = open.map(|pause| (pause.why, pause.to));
    if paused == owes {
        return Ok(());
    }
    if let Some((why, _)) = paused {
        draft.edit(|referral| {
            if let Some(pause) = referral.pauses.last_mut() {
                pause.to = Some(now);
            }
        })?;
        draft.record(Fact::ClockPaused { why, resumed: true });
    }
    if let Some((why, to)) = owes {
        let pause = Pause { from: now, to, why };
        draft.edit(|referral| referral.pauses.push(pause))?;
        draft.record(Fact::ClockPaused { why, resumed: false });
    }
    Ok(())
}

/// Until when the patient asked to be left, where nothing is left to do but to find a day with them.
fn asked_to_wait(draft: &Draft<'_>, referral: &Referral) -> Option<Stamp> {
    let books = matches!(
        referral.status,
        Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled
    );
    let until = referral.callback_at.filter(|at| books && *at > draft.now)?;
    let last = ritual::last_with(&draft.next, Party::Patient);
    (last == Some(CallOutcome::CallLater)).then_some(until)
}

fn waits_for_payer(referral: &Referral) -> bool {
    let mut holds = referral.holds.iter();
    holds.any(|hold| hold.kind == HoldKind::Authorization)
}

/// Every open referral has an owner, a next action and a due time.
pub(super) fn next_step(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let nobody = Owner::Queue(String::new());
    let action = referral.status.is_open().then(|| next_action(referral));
    let due_at = action.map(|action| due(&draft.next, referral, action, draft));
    if (referral.next_action, referral.due_at) == (action, due_at) && referral.owner != nobody {
        return Ok(());
    }
    draft.edit(|referral| {
        referral.next_action = action;
        referral.due_at = due_at;
        if referral.owner == nobody {
            referral.owner = Owner::Queue("intake".into());
        }
    })
}

fn next_action(referral: &Referral) -> NextAction {
    let held = !referral.holds.is_empty();
    if referral.priority == Priority::Stat && referral.is_emergency() && referral.acknowledged_at.is_none() {
        return NextAction::CallEmergency;
    }
    if referral.callback_at.is_some() {
        return NextAction::CallBack;
    }
    match referral.status {
        Status::NeedsInfo => NextAction::AwaitInfo,
        Status::Received if !referral.missing.is_empty() => NextAction::RequestInfo,
        Status::Received | Status::InReview if held && referral.priority < Priority::Urgent => {
            NextAction::ResolveInsurance
        }
        Status::Received => NextAction::Decide,
        Status::InReview => NextAction::AwaitClinician,
        Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled if held => {
            NextAction::ResolveInsurance
        }
        Status::Waitlisted => NextAction::AwaitSlot,
        Status::Accepted | Status::NoShow | Status::AppointmentCancelled => NextAction::Book,
        Status::Scheduled => NextAction::AwaitVisit,
        Status::Completed => NextAction::SendReport,
        // An ended referral has no next action; the caller asks for open ones only.
        Status::CancelRequested
        | Status::Closed
        | Status::Declined
        | Status::Cancelled
        | Status::EnteredInError => NextAction::ConfirmCancel,
    }
}

fn due(snapshot: &Snapshot, referral: &Referral, action: NextAction, draft: &Draft<'_>) -> Stamp {
    use crate::domain::case::MilestoneKind as M;
    let outreach = &draft.policy.outreach;
    let target = |kind: M| {
        snapshot
            .milestones
            .iter()
            .find(|milestone| milestone.kind == kind)
            .map_or(referral.status_since + DEFAULT_DUE, |milestone| {
                milestone.target_at
            })
    };
    let early = matches!(
        referral.status,
        Status::Received | Status::InReview | Status::NeedsInfo
    );
    match action {
        NextAction::CallEmergency => referral.received_at + outreach.emergency,
        NextAction::CallBack => referral.callback_at.unwrap_or(draft.now),
        NextAction::Decide | NextAction::RequestInfo | NextAction::AwaitClinician => target(M::Decide),
        NextAction::ResolveInsurance => target(if early { M::Decide } else { M::Book }),
        NextAction::AwaitInfo => timers::next_info_due(snapshot)
            .or_else(|| {
                snapshot
                    .open_request()
                    .map(|request| request.sent_at + outreach.info_escalation)
            })
            .unwrap_or_else(|| target(M::Decide)),
        NextAction::Book | NextAction::AwaitSlot => target(M::Book).max(referral.status_since),
        NextAction::AwaitVisit => snapshot.live_appointment().map_or_else(
            || target(M::Visit),
            |appointment| appointment.ends_at() + outreach.outcome_grace,
        ),
        NextAction::SendReport => target(M::Report),
        NextAction::ConfirmCancel => draft.policy.calendar.add_days(referral.status_since, 1),
    }
}

/// Where a template and the clinic name no target at all, an action is still due: within a week.
const DEFAULT_DUE: Span = Span::days(7);
