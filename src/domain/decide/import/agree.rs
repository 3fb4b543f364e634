//! A status and the visits that came along with it, brought to agree.
//!
//! Owns the rule: what is booked is scheduled, what took place is completed, and no status claims a visit that nobody knows of.
//! Here the two always agree (`activity::standing`); elsewhere they need not.

use super::super::activity::standing;
use super::super::draft::Draft;
use crate::domain::case::{Appointment, AppointmentState};
use crate::domain::id::AppointmentId;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::time::Stamp;

/// Where the referral stands, and what that leaves to a person.
pub struct Stands {
    pub status: Status,
    pub asks: Option<&'static str>,
}

/// A visit whose length nobody stated, in minutes.
const MINUTES: u32 = 30;

/// Brings them to agree; visits may be put right or added.
///
/// # Errors
/// Only a defect.
pub fn agree(draft: &mut Draft<'_>, stated: Status, since: Stamp) -> Result<Stands, Refusal> {
    let plain = |status| Stands { status, asks: None };
    let live: Vec<Appointment> = draft
        .next
        .appointments
        .iter()
        .filter(|each| each.state.is_live())
        .cloned()
        .collect();
    match stated {
        Status::CancelRequested => Ok(plain(stated)),
        Status::Closed | Status::Declined | Status::Cancelled | Status::EnteredInError => {
            for mut each in live {
                let took_place = stated == Status::Closed && each.starts_at <= since;
                each.state = if took_place {
                    AppointmentState::Fulfilled
                } else {
                    AppointmentState::Cancelled
                };
                draft.put(each)?;
            }
            Ok(plain(stated))
        }
        Status::Completed => {
            let now = draft.now;
            for mut each in live.into_iter().filter(|each| each.starts_at <= now) {
                each.state = AppointmentState::Fulfilled;
                draft.put(each)?;
            }
            if draft.next.live_appointment().is_some() {
                return Ok(plain(Status::Scheduled));
            }
            if draft.next.last_visit().is_none() {
                // It took place; nobody said when. The time of what was said stands in.
                let visit = Appointment {
                    id: AppointmentId(draft.fresh()),
                    referral: draft.id()?,
                    starts_at: since,
                    minutes: MINUTES,
                    performer: String::new(),
                    place: String::new(),
                    state: AppointmentState::Fulfilled,
                    external: None,
                    activity: Vec::new(),
                };
                draft.put(visit)?;
            }
            Ok(plain(Status::Completed))
        }
        // What is booked is scheduled, whatever else was said.
        Status::Received
        | Status::NeedsInfo
        | Status::InReview
        | Status::Accepted
        | Status::Waitlisted
        | Status::NoShow
        | Status::AppointmentCancelled
            if !live.is_empty() =>
        {
            Ok(plain(Status::Scheduled))
        }
        Status::Scheduled if !live.is_empty() => Ok(plain(stated)),
        Status::Scheduled => Ok(match standing(&draft.next.appointments) {
            Some((status, _)) => plain(status),
            None => Stands {
                status: Status::Accepted,
                asks: Some(
                    "Find the appointment: it was scheduled in the system that it came from, and no time came along",
                ),
            },
        }),
        // Whoever booked a visit had decided, whatever became of it.
        Status::Received | Status::NeedsInfo | Status::InReview | Status::Accepted => {
            let visits = standing(&draft.next.appointments);
            Ok(plain(visits.map_or(stated, |(status, _)| status)))
        }
        Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => Ok(plain(stated)),
    }
}
