//! What other systems say of appointments, and how the referral follows: to scheduled, no-show, appointment cancelled and
//! completed by itself (design, section 3). Never ends a referral.

use super::draft::Draft;
use super::outreach::{self, With};
use super::{documents, people, reports, step, tasks, triage, visits};
use crate::domain::case::{Activity, Appointment, AppointmentState};
use crate::domain::command::{NewDocument, Ref};
use crate::domain::event::Fact;
use crate::domain::id::{AppointmentId, DocumentId};
use crate::domain::message::MessageKind;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::texts::Facts;
use crate::domain::time::{Span, whole_seconds};

/// An appointment of which nobody has said how long it is.
const MINUTES: u32 = 30;
/// What is said of a time further away than this, either way, is a slip.
const HORIZON: Span = Span::days(20 * 366);
/// Why a status changed.
const BOOKED_THERE: &str = "booked in the scheduling system";

/// Records what was said of an appointment, and follows it.
///
/// # Errors
/// `bad-field`, `nothing-to-do` where it was heard before; `impossible` where an ended referral would have to move.
pub fn record(
    draft: &mut Draft<'_>,
    external: &str,
    activity: &Activity,
    document: Option<&Ref<DocumentId, NewDocument>>,
) -> Result<(), Refusal> {
    let external = people::required_line("external", external)?;
    let activity = checked(draft, activity)?;
    let (before, mut appointment) = found(draft, &external, &activity)?;
    appointment.hear(activity);
    may_still_move(draft, before.as_ref(), &appointment)?;
    if let Some(document) = document {
        let referral = draft.id()?;
        documents::file(draft, document, referral)?;
    } else if before.as_ref() == Some(&appointment) {
        return Err(Refusal::new(
            Code::NothingToDo,
            "this was heard of the appointment before",
            "nothing is needed",
        ));
    }
    let same = before
        .as_ref()
        .is_some_and(|before| shown(before) == shown(&appointment));
    draft.put(appointment.clone())?;
    if same {
        return Ok(());
    }
    taken_place(draft, &appointment)?;
    tell(draft, before.as_ref(), &appointment)?;
    follow(draft)
}

/// What people see of an appointment.
fn shown(appointment: &Appointment) -> (AppointmentState, crate::domain::time::Stamp, u32, &str, &str) {
    (
        appointment.state,
        appointment.starts_at,
        appointment.minutes,
        &appointment.performer,
        &appointment.place,
    )
}

fn checked(draft: &Draft<'_>, given: &Activity) -> Result<Activity, Refusal> {
    let mut activity = given.clone();
    if activity
        .minutes
        .is_some_and(|minutes| !(1..=visits::LONGEST).contains(&minutes))
    {
        activity.minutes = None;
    }
    activity.performer = people::optional_line("performer", given.performer.as_deref())?;
    activity.place = people::optional_line("place", given.place.as_deref())?;
    activity.as_of = given.as_of.map(whole_seconds);
    activity.starts_at = given.starts_at.map(whole_seconds);
    if activity
        .starts_at
        .is_some_and(|at| at < draft.now - HORIZON || at > draft.now + HORIZON)
    {
        return Err(Refusal::bad_field("starts_at", "is too far from today"));
    }
    Ok(activity)
}

/// The appointment that is spoken of: as it was, and as what is said is added to. One that was made here for the same time
/// is that one, known by its name there from now on.
fn found(
    draft: &mut Draft<'_>,
    external: &str,
    activity: &Activity,
) -> Result<(Option<Appointment>, Appointment), Refusal> {
    let known = draft
        .next
        .appointments
        .iter()
        .find(|each| each.external.as_deref() == Some(external))
        .cloned();
    if let Some(known) = known {
        return Ok((Some(known.clone()), known));
    }
    let made_here = draft
        .next
        .appointments
        .iter()
        .filter(|each| each.external.is_none() && each.state != AppointmentState::Rebooked)
        .filter(|each| activity.starts_at == Some(each.starts_at))
        .max_by_key(|each| (each.state.is_live(), each.id))
        .cloned();
    if let Some(before) = made_here {
        let mut appointment = before.clone();
        appointment.external = Some(external.to_owned());
        appointment.hear(before.as_made_here(draft.referral()?.status_since));
        return Ok((Some(before), appointment));
    }
    let appointment = Appointment {
        id: AppointmentId(draft.fresh()),
        referral: draft.id()?,
        starts_at: activity.starts_at.or(activity.as_of).unwrap_or(draft.now),
        minutes: MINUTES,
        performer: String::new(),
        place: String::new(),
        state: AppointmentState::Booked,
        external: Some(external.to_owned()),
        activity: Vec::new(),
    };
    Ok((None, appointment))
}

/// An ended referral hears what changes nothing; what would move it is for a person.
fn may_still_move(
    draft: &Draft<'_>,
    before: Option<&Appointment>,
    after: &Appointment,
) -> Result<(), Refusal> {
    let status = draft.referral()?.status;
    if status.is_open() || before.is_some_and(|before| before.state == after.state && !after.state.is_live())
    {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Impossible,
        format!(
            "an appointment is {} for a referral that is {status}",
            after.state.label()
        ),
        "reopen the referral, then attach the document to it; or set the document aside",
    ))
}

/// What the scheduling system has booked takes the place of what was booked here for another time.
fn taken_place(draft: &mut Draft<'_>, booked: &Appointment) -> Result<(), Refusal> {
    if !booked.state.is_live() {
        return Ok(());
    }
    let made_here: Vec<Appointment> = draft
        .next
        .appointments
        .iter()
        .filter(|each| each.external.is_none() && each.state.is_live())
        .cloned()
        .collect();
    for mut earlier in made_here {
        earlier.state = AppointmentState::Rebooked;
        draft.put(earlier)?;
        outreach::drop_unsent(draft, &visits::OF_APPOINTMENT, "another time was booked")?;
    }
    Ok(())
}

/// Says on the timeline and to the parties what became of it.
fn tell(draft: &mut Draft<'_>, before: Option<&Appointment>, after: &Appointment) -> Result<(), Refusal> {
    let was = before.filter(|before| before.state.is_live());
    let ahead = after.starts_at > draft.now;
    let about = With::visit(after);
    if after.state.is_live() {
        let moved = was.is_none_or(|was| was.starts_at != after.starts_at);
        if !moved {
            draft.record(Fact::AppointmentChanged {
                how: after.state.label().to_owned(),
            });
            return Ok(());
        }
        draft.record(Fact::Booked { at: after.starts_at });
        outreach::drop_unsent(draft, &visits::OF_APPOINTMENT, "another time was booked")?;
        outreach::drop_unsent(draft, &visits::PROMPTS, "an appointment is booked")?;
        tasks::end_by_rule(draft, &["call-patient/", "visit-outcome/"], true)?;
        if ahead {
            let occasion = after.occasion();
            outreach::queue_with(
                draft,
                MessageKind::ScheduledPatient,
                &occasion,
                Facts::new(),
                about,
            )?;
            outreach::queue_with(
                draft,
                MessageKind::ScheduledProvider,
                &occasion,
                Facts::new(),
                about,
            )?;
        }
        return Ok(());
    }
    draft.record(Fact::AppointmentChanged {
        how: after.state.label().to_owned(),
    });
    outreach::drop_unsent(draft, &visits::OF_APPOINTMENT, "the appointment is over")?;
    tasks::end_by_rule(draft, &["visit-outcome/"], true)?;
    if after.state == AppointmentState::Cancelled && was.is_some() && ahead {
        let occasion = format!("{}/off", after.occasion());
        let kind = MessageKind::AppointmentCancelledPatient;
        outreach::queue_with(draft, kind, &occasion, Facts::new(), about)?;
    }
    Ok(())
}

/// Where the appointments say that a referral stands; none where they say nothing. The order in which they came is no part
/// of it: what lies ahead first, then a visit that took place, then what became of the last of the others.
pub(super) fn standing(appointments: &[Appointment]) -> Option<(Status, &Appointment)> {
    let status = |each: &Appointment| match each.state {
        AppointmentState::Booked | AppointmentState::Confirmed => Some((3, Status::Scheduled)),
        AppointmentState::Fulfilled => Some((2, Status::Completed)),
        AppointmentState::NoShow => Some((1, Status::NoShow)),
        AppointmentState::Cancelled => Some((1, Status::AppointmentCancelled)),
        AppointmentState::Rebooked => None,
    };
    appointments
        .iter()
        .filter_map(|each| status(each).map(|(weight, to)| (weight, to, each)))
        .max_by_key(|(weight, _, each)| {
            // Of several ahead the next one counts, of several that are over the last.
            let at = each.starts_at.timestamp();
            (
                *weight,
                if *weight == 3 { -at } else { at },
                each.state,
                &each.external,
            )
        })
        .map(|(_, to, each)| (to, each))
}

/// Who sees the patient is whom the appointment is with. Where it names nobody, whom another appointment named is not who sees the
/// patient any more; whom a person named here stays.
fn seen_by(draft: &mut Draft<'_>, appointment: &Appointment) -> Result<(), Refusal> {
    let named = |name: &String| {
        draft.next.appointments.iter().any(|each| {
            each.performer == *name
                || each
                    .activity
                    .iter()
                    .any(|said| said.performer.as_ref() == Some(name))
        })
    };
    let current = draft.referral()?.performer.clone();
    let performer = if appointment.performer.is_empty() {
        current.filter(|name| !named(name))
    } else {
        Some(appointment.performer.clone())
    };
    draft.edit(|referral| referral.performer = performer)
}

/// Takes the steps of the table that lead to where the appointments say that the referral stands.
///
/// # Errors
/// Only a defect.
pub(super) fn follow(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let Some((to, appointment)) = standing(&draft.next.appointments).map(|(to, each)| (to, each.clone()))
    else {
        return Ok(());
    };
    let from = draft.referral()?.status;
    if from == Status::CancelRequested {
        let title = format!(
            "The appointment is {} in the scheduling system, and a request to cancel waits",
            appointment.state.label()
        );
        let due = draft.policy.calendar.add_days(draft.now, 1);
        return tasks::add(
            draft,
            &format!("visit-while-cancelling/{}", appointment.id),
            title,
            Some(due),
            None,
        );
    }
    seen_by(draft, &appointment)?;
    if from == to || !from.is_open() {
        return Ok(());
    }
    let undecided = matches!(from, Status::Received | Status::NeedsInfo | Status::InReview);
    if undecided {
        // Whoever books a visit has decided.
        step::take(draft, Status::Accepted, Some(BOOKED_THERE.to_owned()))?;
        tasks::end_by_rule(draft, &["ask-clinician/", "call-provider/"], true)?;
    }
    if from != Status::Scheduled {
        step::take(draft, Status::Scheduled, Some(BOOKED_THERE.to_owned()))?;
    }
    if to == Status::Scheduled {
        return Ok(());
    }
    step::take(draft, to, None)?;
    let occasion = triage::occasion(draft)?;
    let about = With::visit(&appointment);
    let kinds: &[MessageKind] = match to {
        Status::NoShow => &[MessageKind::NoShowProvider, MessageKind::NoShowPatient],
        Status::Completed => &[MessageKind::CompletedProvider],
        Status::AppointmentCancelled
        | Status::Received
        | Status::NeedsInfo
        | Status::InReview
        | Status::Accepted
        | Status::Waitlisted
        | Status::Scheduled
        | Status::CancelRequested
        | Status::Closed
        | Status::Declined
        | Status::Cancelled
        | Status::EnteredInError => &[],
    };
    for kind in kinds {
        outreach::queue_with(draft, *kind, &occasion, Facts::new(), about)?;
    }
    if to == Status::Completed {
        reports::send_waiting(draft)?;
    }
    Ok(())
}
