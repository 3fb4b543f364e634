//! Visits: waiting list, booking, what became of the appointment, and the end of the loop.

use super::draft::Draft;
use super::outreach::With;
use super::triage::{ended, occasion};
use super::{activity, outreach, people, reports, ritual, step, tasks};
use crate::domain::case::{Activity, Appointment, AppointmentState};
use crate::domain::event::Fact;
use crate::domain::id::AppointmentId;
use crate::domain::message::MessageKind;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::texts::{Facts, Placeholder};
use crate::domain::time::{Span, Stamp};

/// Longest appointment, in minutes: a day.
pub(super) const LONGEST: u32 = 24 * 60;
/// Bookings further ahead than this are a slip of the year.
const HORIZON: Span = Span::days(3 * 366);
/// A booking may be written down a little after it began; anything older is a slip.
const LATE_ENTRY: Span = Span::days(31);

pub(super) const PROMPTS: [MessageKind; 3] = [
    MessageKind::BookingPrompt,
    MessageKind::BookingEmail,
    MessageKind::NoShowPatient,
];
pub(super) const OF_APPOINTMENT: [MessageKind; 3] = [
    MessageKind::ScheduledPatient,
    MessageKind::ScheduledProvider,
    MessageKind::AppointmentReminder,
];

/// No slot: wait for one.
///
/// # Errors
/// `impossible`.
pub fn waitlist(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = people::optional_line("reason", Some(reason))?;
    step::take(draft, Status::Waitlisted, reason)?;
    outreach::drop_unsent(draft, &PROMPTS, "there is no slot yet")?;
    let occasion = occasion(draft)?;
    outreach::queue(draft, MessageKind::WaitlistedProvider, &occasion, Facts::new())?;
    outreach::queue(draft, MessageKind::WaitlistedPatient, &occasion, Facts::new())
}

/// Books, or books another time: the earlier appointment then counts as rebooked.
///
/// # Errors
/// `impossible`, or `bad-field` for a time or length that cannot be.
pub fn schedule(
    draft: &mut Draft<'_>,
    starts_at: Stamp,
    minutes: u32,
    performer: &str,
    place: &str,
) -> Result<(), Refusal> {
    if !(1..=LONGEST).contains(&minutes) {
        return Err(Refusal::bad_field("minutes", format!("must be 1 to {LONGEST}")));
    }
    if starts_at < draft.now - LATE_ENTRY || starts_at > draft.now + HORIZON {
        return Err(Refusal::bad_field("starts_at", "is too far from today"));
    }
    let performer = people::required_line("performer", performer)?;
    let place = people::required_line("place", place)?;
    step::take(draft, Status::Scheduled, None)?;
    while let Some(earlier) = draft.next.live_appointment().cloned() {
        said_here(draft, earlier, AppointmentState::Rebooked)?;
        outreach::drop_unsent(draft, &OF_APPOINTMENT, "another time was booked")?;
    }
    outreach::drop_unsent(draft, &PROMPTS, "an appointment is booked")?;
    let appointment = Appointment {
        id: AppointmentId(draft.fresh()),
        referral: draft.id()?,
        starts_at: crate::domain::time::whole_seconds(starts_at),
        minutes,
        performer: performer.clone(),
        place,
        state: AppointmentState::Booked,
        external: None,
        activity: Vec::new(),
    };
    let occasion = appointment.id.to_string();
    draft.put(appointment)?;
    draft.edit(|referral| referral.performer = Some(performer))?;
    draft.record(Fact::Booked { at: starts_at });
    tasks::end_by_rule(draft, &["call-patient/", "visit-outcome/"], true)?;
    outreach::queue(draft, MessageKind::ScheduledPatient, &occasion, Facts::new())?;
    outreach::queue(draft, MessageKind::ScheduledProvider, &occasion, Facts::new())
}

/// The patient confirmed.
///
/// # Errors
/// `impossible` where no appointment waits for it.
pub fn confirm(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let appointment = draft
        .next
        .live_appointment()
        .cloned()
        .ok_or_else(no_appointment)?;
    if appointment.state == AppointmentState::Confirmed {
        return Err(Refusal::new(
            Code::NothingToDo,
            "the appointment is confirmed already",
            "nothing is needed",
        ));
    }
    said_here(draft, appointment, AppointmentState::Confirmed)?;
    draft.record(Fact::AppointmentConfirmed);
    Ok(())
}

fn no_appointment() -> Refusal {
    Refusal::new(Code::Impossible, "no appointment is booked", "book one first")
}

/// A person says what became of an appointment. Where another system keeps it, this is part of what is known of it: it holds
/// until that system says something newer.
fn said_here(
    draft: &mut Draft<'_>,
    mut appointment: Appointment,
    state: AppointmentState,
) -> Result<(), Refusal> {
    if appointment.external.is_some() {
        // Whatever that system's clock says: what is decided here, now, is the latest.
        let latest = appointment.activity.last().and_then(|each| each.as_of);
        let now = latest.map_or(draft.now, |latest| draft.now.max(latest + Span::seconds(1)));
        appointment.hear(Activity::by_hand(now, state));
    }
    appointment.state = state;
    draft.put(appointment)
}

fn end_appointment(draft: &mut Draft<'_>, state: AppointmentState) -> Result<Appointment, Refusal> {
    let appointment = draft
        .next
        .live_appointment()
        .cloned()
        .ok_or_else(no_appointment)?;
    said_here(draft, appointment.clone(), state)?;
    draft.record(Fact::AppointmentChanged {
        how: state.label().to_owned(),
    });
    outreach::drop_unsent(draft, &OF_APPOINTMENT, "the appointment is over")?;
    tasks::end_by_rule(draft, &["visit-outcome/"], true)?;
    Ok(appointment)
}

/// The patient did not come.
///
/// # Errors
/// `impossible`, also before the appointment has begun.
pub fn no_show(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    begun(draft)?;
    step::take(draft, Status::NoShow, None)?;
    let visit = end_appointment(draft, AppointmentState::NoShow)?;
    let occasion = occasion(draft)?;
    for kind in [MessageKind::NoShowProvider, MessageKind::NoShowPatient] {
        outreach::queue_with(draft, kind, &occasion, Facts::new(), With::visit(&visit))?;
    }
    next_one(draft)
}

/// Where another system has booked a further visit, that one is ahead now.
fn next_one(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.next.live_appointment().is_some() {
        return activity::follow(draft);
    }
    Ok(())
}

/// The appointment is cancelled; the referral goes on.
///
/// # Errors
/// `impossible`, `reason-needed`.
pub fn cancel_appointment(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    step::take(draft, Status::AppointmentCancelled, Some(reason))?;
    // The message names the appointment, so it is written before the appointment ends.
    let occasion = occasion(draft)?;
    outreach::queue(
        draft,
        MessageKind::AppointmentCancelledPatient,
        &occasion,
        Facts::new(),
    )?;
    end_appointment(draft, AppointmentState::Cancelled)?;
    next_one(draft)
}

/// The visit took place.
///
/// # Errors
/// `impossible`, also before the appointment has begun.
pub fn complete(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    begun(draft)?;
    step::take(draft, Status::Completed, None)?;
    let visit = end_appointment(draft, AppointmentState::Fulfilled)?;
    let occasion = occasion(draft)?;
    let (kind, about) = (MessageKind::CompletedProvider, With::visit(&visit));
    outreach::queue_with(draft, kind, &occasion, Facts::new(), about)?;
    reports::send_waiting(draft)?;
    next_one(draft)
}

/// An outcome cannot be recorded before there can be one.
fn begun(draft: &Draft<'_>) -> Result<(), Refusal> {
    match draft.next.live_appointment() {
        Some(appointment)
            if appointment.starts_at > draft.now && draft.referral()?.status == Status::Scheduled =>
        {
            Err(Refusal::new(
                Code::Impossible,
                "the appointment has not begun",
                "cancel it, or book another time",
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// The report was delivered: the loop is closed.
///
/// # Errors
/// `impossible`.
pub fn close(draft: &mut Draft<'_>, note: &str) -> Result<(), Refusal> {
    let note = people::optional_line("note", Some(note))?;
    ritual::heard(draft, note.as_deref().unwrap_or_default())?;
    step::take(draft, Status::Closed, note)?;
    tasks::end_by_rule(draft, &[""], true)?;
    // Whoever has the report knows that it is completed.
    if draft.next.report().is_some_and(|report| report.state.has_left()) {
        return Ok(());
    }
    let occasion = occasion(draft)?;
    outreach::queue(draft, MessageKind::ClosedProvider, &occasion, Facts::new())
}

/// Somebody asks to cancel.
///
/// # Errors
/// `impossible`, `reason-needed`.
pub fn request_cancel(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    step::take(draft, Status::CancelRequested, Some(reason))
}

/// The request is withdrawn.
///
/// # Errors
/// `impossible`.
pub fn keep_open(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.referral()?.status != Status::CancelRequested {
        return Err(Refusal::new(
            Code::Impossible,
            "nobody asked to cancel it",
            "nothing is needed",
        ));
    }
    step::back(draft, None)?;
    // What was heard of the visit meanwhile counts now.
    let status = draft.referral()?.status;
    if draft.next.live_appointment().is_some() || status == Status::AppointmentCancelled {
        return activity::follow(draft);
    }
    Ok(())
}

/// Cancels.
///
/// # Errors
/// `impossible`, `reason-needed`.
pub fn cancel(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    ritual::heard(draft, &reason)?;
    step::take(draft, Status::Cancelled, Some(reason.clone()))?;
    while draft.next.live_appointment().is_some() {
        end_appointment(draft, AppointmentState::Cancelled)?;
    }
    ended(draft)?;
    let occasion = occasion(draft)?;
    let facts = Facts::from([(Placeholder::Reason, reason)]);
    outreach::queue(draft, MessageKind::CancelledProvider, &occasion, facts)?;
    outreach::queue(draft, MessageKind::CancelledPatient, &occasion, Facts::new())
}

/// Takes an ended referral up again where it was.
///
/// # Errors
/// `impossible`, `reason-needed`.
pub fn reopen(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    let (status, merged) = (draft.referral()?.status, draft.referral()?.merged_into);
    if let Some(into) = merged {
        return Err(Refusal::new(
            Code::Impossible,
            format!("it was merged into {into}, which goes on"),
            "undo the merging if they are two",
        ));
    }
    if status.is_open() {
        return Err(Refusal::new(
            Code::Impossible,
            "the referral is open",
            "nothing is needed",
        ));
    }
    let ended = draft.referral()?.ended_at;
    step::back(draft, Some(reason))?;
    // What was still to be done when it ended is to be done again.
    tasks::open_again(draft, ended)
}

/// It should never have been here. It is kept, with its reason; nothing that has not left leaves.
///
/// # Errors
/// `impossible`, `reason-needed`.
pub fn enter_in_error(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    let reason = step::reason(reason)?;
    ritual::heard(draft, &reason)?;
    step::take(draft, Status::EnteredInError, Some(reason))?;
    while draft.next.live_appointment().is_some() {
        end_appointment(draft, AppointmentState::Cancelled)?;
    }
    tasks::end_by_rule(draft, &[""], false)?;
    outreach::drop_unsent(draft, &MessageKind::ALL, "the referral was entered in error")
}
