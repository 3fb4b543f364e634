//! The business status of a referral and what it may become.
//!
//! Owns the one transition table (design, section 3) and the map to FHIR R4 and BSeR codes. Must not know who asks for a
//! transition or why: roles and reasons are decided elsewhere.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Business status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Arrived; a decision is due.
    Received,
    /// The provider was asked for what is missing.
    NeedsInfo,
    /// A clinician was asked.
    InReview,
    /// The clinic will see the patient.
    Accepted,
    /// Accepted, but there is no slot.
    Waitlisted,
    /// An appointment is booked.
    Scheduled,
    /// The patient did not come.
    NoShow,
    /// The appointment was cancelled; another is wanted.
    AppointmentCancelled,
    /// The visit took place; the report is due.
    Completed,
    /// Somebody asked to cancel; a person confirms.
    CancelRequested,
    /// The report was delivered.
    Closed,
    /// The clinic will not see the patient.
    Declined,
    /// Withdrawn.
    Cancelled,
    /// Should never have been here; kept, with its reason.
    EnteredInError,
}

impl Status {
    /// Every status, in the order of the path.
    pub const ALL: [Status; 14] = [
        Status::Received,
        Status::NeedsInfo,
        Status::InReview,
        Status::Accepted,
        Status::Waitlisted,
        Status::Scheduled,
        Status::NoShow,
        Status::AppointmentCancelled,
        Status::Completed,
        Status::CancelRequested,
        Status::Closed,
        Status::Declined,
        Status::Cancelled,
        Status::EnteredInError,
    ];

    /// What this status may become by a command, apart from entered-in-error, which any may become, and the way back that
    /// cancel-requested, closed, declined and cancelled have to where they were (see [`Status::may_return`]).
    pub const fn next(self) -> &'static [Status] {
        use Status as S;
        match self {
            S::Received => &[S::InReview, S::NeedsInfo, S::Accepted, S::Declined, S::Cancelled],
            S::NeedsInfo => &[S::Received, S::Accepted, S::Declined, S::Cancelled],
            S::InReview => &[S::Accepted, S::NeedsInfo, S::Declined, S::Cancelled],
            S::Accepted => &[
                S::Scheduled,
                S::Waitlisted,
                S::Declined,
                S::CancelRequested,
                S::Cancelled,
            ],
            S::Waitlisted => &[S::Scheduled, S::Declined, S::CancelRequested, S::Cancelled],
            S::Scheduled => &[
                S::Scheduled,
                S::NoShow,
                S::AppointmentCancelled,
                S::Completed,
                S::CancelRequested,
            ],
            S::NoShow | S::AppointmentCancelled => &[
                S::Scheduled,
                S::Waitlisted,
                S::Declined,
                S::CancelRequested,
                S::Cancelled,
            ],
            S::Completed => &[S::Closed, S::Scheduled],
            S::CancelRequested => &[S::Cancelled],
            S::Closed | S::Declined | S::Cancelled | S::EnteredInError => &[],
        }
    }

    /// Whether the table allows the step.
    pub fn may_become(self, to: Status) -> bool {
        to == Status::EnteredInError && self != Status::EnteredInError || self.next().contains(&to)
    }

    /// Whether it may go back to the status that it had before: cancel-requested when the request is withdrawn, an ended
    /// referral when it is reopened.
    pub const fn may_return(self) -> bool {
        matches!(
            self,
            Status::CancelRequested | Status::Closed | Status::Declined | Status::Cancelled
        )
    }

    /// Whether the referral still has an owner, a next action and a place in a list.
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Status::Closed | Status::Declined | Status::Cancelled | Status::EnteredInError
        )
    }

    /// The name in commands, queries and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Status::Received => "received",
            Status::NeedsInfo => "needs-info",
            Status::InReview => "in-review",
            Status::Accepted => "accepted",
            Status::Waitlisted => "waitlisted",
            Status::Scheduled => "scheduled",
            Status::NoShow => "no-show",
            Status::AppointmentCancelled => "appointment-cancelled",
            Status::Completed => "completed",
            Status::CancelRequested => "cancel-requested",
            Status::Closed => "closed",
            Status::Declined => "declined",
            Status::Cancelled => "cancelled",
            Status::EnteredInError => "entered-in-error",
        }
    }

    /// The status with a code.
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// As people at the desk say it.
    pub const fn label(self) -> &'static str {
        match self {
            Status::Received => "received",
            Status::NeedsInfo => "needs info",
            Status::InReview => "in review",
            Status::Accepted => "accepted",
            Status::Waitlisted => "waitlisted",
            Status::Scheduled => "scheduled",
            Status::NoShow => "no-show",
            Status::AppointmentCancelled => "appointment cancelled",
            Status::Completed => "completed",
            Status::CancelRequested => "cancel requested",
            Status::Closed => "closed",
            Status::Declined => "declined",
            Status::Cancelled => "cancelled",
            Status::EnteredInError => "entered in error",
        }
    }

    /// How other systems see the status.
    pub const fn exchange(self) -> Exchange {
        let (request, task, bser, name) = match self {
            Status::Received | Status::NeedsInfo => ("active", "received", "2.0", "Service Request Created"),
            Status::InReview => ("active", "in-progress", "2.0", "Service Request Created"),
            Status::Accepted | Status::Waitlisted => {
                ("active", "accepted", "3.0", "Service Request Accepted")
            }
            Status::Scheduled => (
                "active",
                "in-progress",
                "5.1.1",
                "Service Request Event Scheduled",
            ),
            Status::NoShow => (
                "active",
                "in-progress",
                "5.1.2",
                "Scheduled Service Request Event Unattended",
            ),
            Status::AppointmentCancelled => (
                "active",
                "in-progress",
                "5.1.3",
                "Scheduled Service Request Event Cancelled",
            ),
            Status::Completed => (
                "active",
                "in-progress",
                "5.1.4",
                "Service Request Event Completed",
            ),
            Status::CancelRequested => (
                "active",
                "in-progress",
                "5.2",
                "Service Request Cancellation Requested",
            ),
            Status::Closed => (
                "completed",
                "completed",
                "7.0",
                "Service Request Fulfillment Completed",
            ),
            Status::Declined => ("revoked", "rejected", "4.0", "Service Request Declined"),
            Status::Cancelled => (
                "revoked",
                "cancelled",
                "6.0",
                "Service Request Fulfillment Cancelled",
            ),
            Status::EnteredInError => (
                "entered-in-error",
                "entered-in-error",
                "6.0",
                "Service Request Fulfillment Cancelled",
            ),
        };
        Exchange {
            service_request: request,
            task,
            business_status: bser,
            business_name: name,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// A status in FHIR R4: ServiceRequest.status, Task.status, and the BSeR code of Task.businessStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// ServiceRequest.status (request-status value set).
    pub service_request: &'static str,
    /// Task.status (task-status value set).
    pub task: &'static str,
    /// Task.businessStatus, the code of the BSeR implementation guide.
    pub business_status: &'static str,
    /// Its display in the guide's code system, `TaskBusinessStatusCS`.
    pub business_name: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the design, written out a second time on purpose: the code is held to the document.
    const DESIGN: &[(&str, &[&str])] = &[
        (
            "received",
            &["in-review", "needs-info", "accepted", "declined", "cancelled"],
        ),
        ("needs-info", &["received", "accepted", "declined", "cancelled"]),
        ("in-review", &["accepted", "needs-info", "declined", "cancelled"]),
        (
            "accepted",
            &[
                "scheduled",
                "waitlisted",
                "declined",
                "cancel-requested",
                "cancelled",
            ],
        ),
        (
            "waitlisted",
            &["scheduled", "declined", "cancel-requested", "cancelled"],
        ),
        (
            "scheduled",
            &[
                "scheduled",
                "no-show",
                "appointment-cancelled",
                "completed",
                "cancel-requested",
            ],
        ),
        (
            "no-show",
            &[
                "scheduled",
                "waitlisted",
                "declined",
                "cancel-requested",
                "cancelled",
            ],
        ),
        (
            "appointment-cancelled",
            &[
                "scheduled",
                "waitlisted",
                "declined",
                "cancel-requested",
                "cancelled",
            ],
        ),
        ("completed", &["closed", "scheduled"]),
        ("cancel-requested", &["cancelled"]),
        ("closed", &[]),
        ("declined", &[]),
        ("cancelled", &[]),
        ("entered-in-error", &[]),
    ];

    #[test]
    fn the_code_is_the_table_of_the_design() {
        assert_eq!(DESIGN.len(), Status::ALL.len());
        for (from, allowed) in DESIGN {
            let from = Status::from_code(from).unwrap();
            for to in Status::ALL {
                let expected = allowed.contains(&to.code())
                    || to == Status::EnteredInError && from != Status::EnteredInError;
                assert_eq!(from.may_become(to), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn codes_are_the_serde_names() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.code());
        }
    }

    #[test]
    fn a_no_show_never_becomes_completed_directly() {
        assert!(!Status::NoShow.may_become(Status::Completed));
    }
}
