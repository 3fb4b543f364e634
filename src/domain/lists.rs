//! The lists of the worklist.
//!
//! Owns the pure function from a referral to the one list that it stands in (design, law 1). Must not know rows or counts.

use super::priority::Priority;
use super::referral::Referral;
use super::status::Status;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A list. Every open referral stands in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Listed as stat and not yet booked: fenced on top of everything.
    Emergency,
    /// A decision is due.
    Review,
    /// Something that is required is not there.
    MissingInfo,
    /// A coverage or authorisation problem.
    Insurance,
    /// To be booked.
    ToSchedule,
    /// Booked.
    Scheduled,
    /// The visit took place; the report is due.
    ReportsDue,
}

impl List {
    /// Every list, in the order of the header.
    pub const ALL: [List; 7] = [
        List::Emergency,
        List::Review,
        List::MissingInfo,
        List::Insurance,
        List::ToSchedule,
        List::Scheduled,
        List::ReportsDue,
    ];

    /// The name in commands, queries and the database.
    pub const fn code(self) -> &'static str {
        match self {
            List::Emergency => "emergency",
            List::Review => "review",
            List::MissingInfo => "missing-info",
            List::Insurance => "insurance",
            List::ToSchedule => "to-schedule",
            List::Scheduled => "scheduled",
            List::ReportsDue => "reports-due",
        }
    }

    /// The list with a code.
    pub fn from_code(code: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.code() == code)
    }

    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            List::Emergency => "Emergency",
            List::Review => "Review",
            List::MissingInfo => "Missing",
            List::Insurance => "Insurance",
            List::ToSchedule => "To schedule",
            List::Scheduled => "Scheduled",
            List::ReportsDue => "Reports",
        }
    }

    /// Where a referral stands. Holds never move an emergency, nor the review of an urgent or asap referral: a stat or
    /// urgent review is never blocked by insurance (design, section 3).
    pub fn of(referral: &Referral) -> Option<List> {
        let held = !referral.holds.is_empty();
        let listed_urgent = referral.priority >= Priority::Urgent;
        let waiting = match referral.status {
            Status::Closed | Status::Declined | Status::Cancelled | Status::EnteredInError => return None,
            Status::Scheduled => return Some(List::Scheduled),
            Status::Completed => return Some(List::ReportsDue),
            Status::Received if !referral.missing.is_empty() => List::MissingInfo,
            Status::NeedsInfo => List::MissingInfo,
            Status::Received | Status::InReview if held && !listed_urgent => List::Insurance,
            Status::Received | Status::InReview | Status::CancelRequested => List::Review,
            Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled if held => {
                List::Insurance
            }
            Status::Accepted | Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => {
                List::ToSchedule
            }
        };
        Some(if referral.priority == Priority::Stat {
            List::Emergency
        } else {
            waiting
        })
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}
