//! Plots: how each fate is lived, step by step.
//!
//! Owns the order of steps and what is said at each. Moments are the life's business, people the cast's.

use super::fate::Fate;
use super::life::Life;
use super::pools::Remarks;
use super::story::Paper;
use crate::domain::case::{CallOutcome, Party};
use crate::domain::command::Command;
use crate::domain::priority::Priority;

/// A life with what its people say.
pub struct Plot<'a> {
    /// The life.
    pub life: Life<'a>,
    /// What people say.
    pub remarks: &'static Remarks,
    /// Listed priority.
    pub priority: Priority,
    /// The letter that answers a request.
    pub reply: Paper,
    /// Its turn among those of its fate: what differs between them is dealt by it.
    pub turn: u64,
}

impl Plot<'_> {
    /// Lives a fate. The arrival has been taken already.
    pub fn live(&mut self, fate: Fate) {
        match fate {
            Fate::EmergencyNew | Fate::Stray => {}
            Fate::EmergencyCalled => {
                self.emergency_call();
                self.life.wait(2, 6);
                self.clinician_asked();
            }
            Fate::EmergencyBooking => {
                self.emergency_call();
                self.life.wait(20, 40);
                self.life.desk(|referral| Command::Accept { referral });
                self.life.wait(10, 30);
                self.call(Party::Patient, CallOutcome::LeftMessage);
            }
            Fate::Review => {
                self.looked_through(10, 240);
                self.now_and_then();
            }
            Fate::Missing => {
                if self.life.chance.percent(30) {
                    self.life.office(30, 300);
                    self.note();
                }
            }
            Fate::Chasing => {
                self.asked();
                if self.life.chance.percent(55) {
                    self.life.share(0.45, 0.9);
                    self.chased();
                }
            }
            Fate::Answered => {
                self.asked();
                self.answered(0.4, 0.8);
            }
            Fate::Clinician => {
                self.looked_through(15, 400);
                self.life.share(0.2, 0.6);
                self.clinician_asked();
            }
            Fate::Insurance => self.insurance(),
            Fate::Booking => {
                self.accepted(0.1, 0.5);
                self.now_and_then();
            }
            Fate::Calling => {
                self.accepted(0.05, 0.25);
                self.calls_in_vain();
            }
            Fate::Waitlisted => {
                self.accepted(0.05, 0.2);
                self.life.share(0.25, 0.5);
                let reason = self.life.chance.text(&self.remarks.waitlist);
                self.life.desk(|referral| Command::Waitlist { referral, reason });
            }
            Fate::Scheduled | Fate::Confirmed => {
                self.accepted(0.05, 0.3);
                self.booked_ahead();
                if fate == Fate::Confirmed {
                    self.life.share(0.75, 0.95);
                    self.life
                        .desk(|referral| Command::ConfirmAppointment { referral });
                } else if self.life.chance.percent(20) {
                    self.booked_ahead();
                }
            }
            Fate::Passed => {
                self.accepted(0.05, 0.2);
                self.booked(0.88, 0.94);
            }
            Fate::NoShow => {
                self.accepted(0.05, 0.2);
                self.missed();
                if self.life.chance.percent(50) {
                    self.life.share(0.75, 0.95);
                    self.call(Party::Patient, CallOutcome::NoAnswer);
                }
            }
            Fate::AppointmentCancelled => {
                self.accepted(0.05, 0.2);
                self.booked_ahead();
                self.life.share(0.6, 0.9);
                let reason = self.life.chance.text(&self.remarks.appointment_cancelled);
                self.life
                    .desk(|referral| Command::CancelAppointment { referral, reason });
            }
            Fate::CancelRequested => {
                self.accepted(0.05, 0.2);
                if self.life.chance.percent(50) {
                    self.booked_ahead();
                }
                self.life.share(0.7, 0.95);
                let reason = self.life.chance.text(&self.remarks.cancel_requested);
                self.life
                    .desk(|referral| Command::RequestCancel { referral, reason });
            }
            Fate::ReportDue => {
                self.decided();
                self.visited(0.5, 0.85);
            }
            Fate::Closed => {
                self.decided();
                self.visited(0.4, 0.6);
                self.closed();
            }
            Fate::ClosedLate => {
                self.decided();
                self.missed();
                self.visited(0.72, 0.82);
                self.closed();
            }
            Fate::Declined => self.declined(0.1, 0.4),
            Fate::Cancelled => {
                self.accepted(0.05, 0.2);
                self.calls_in_vain();
                self.life.share(0.75, 0.95);
                let reason = self.life.chance.text(&self.remarks.cancelled);
                self.life.desk(|referral| Command::Cancel { referral, reason });
            }
            Fate::InError => {
                self.life.office(20, 600);
                let reason = self.life.chance.text(&self.remarks.entered_in_error);
                self.life
                    .desk(|referral| Command::EnterInError { referral, reason });
            }
            Fate::Reopened => {
                self.declined(0.1, 0.3);
                self.life.share(0.5, 0.9);
                let reason = self.life.chance.text(&self.remarks.reopened);
                let manager = self.life.manager();
                self.life
                    .by(manager, |referral| Command::Reopen { referral, reason });
            }
        }
    }
}
