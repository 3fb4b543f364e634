//! Outreach: when messages go out, and what follows when nobody answers.
//!
//! Owns the section's keys and defaults (design, "Outreach"). Must not know messages or texts.

use super::values::Plain;
use crate::domain::case::CallOutcome;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// When messages go out, and what follows when nobody answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outreach {
    /// How long undo still catches a message.
    pub undo_window: Plain,
    /// Remind the provider.
    pub info_reminder: Plain,
    /// Ask a person to call the provider.
    pub info_escalation: Plain,
    /// E-mail the patient who has not booked.
    pub booking_email: Plain,
    /// Ask a person to call the patient who has not booked.
    pub booking_escalation: Plain,
    /// An emergency that nobody acknowledged escalates.
    pub emergency: Plain,
    /// Remind the patient before the appointment.
    pub appointment_reminder: Plain,
    /// Wait for an appointment's outcome.
    pub outcome_grace: Plain,
    /// Hours of day between which patients are written to.
    pub patient_hours: (u32, u32),
    /// Whether a patient must have agreed before the first text message.
    pub sms_needs_consent: bool,
    /// When to call again, by the outcome of the last call.
    #[serde(deserialize_with = "calls_over_defaults")]
    pub call_again: BTreeMap<CallOutcome, Plain>,
}

impl Default for Outreach {
    fn default() -> Outreach {
        Outreach {
            undo_window: Plain::minutes(1),
            info_reminder: Plain::days(3),
            info_escalation: Plain::days(6),
            booking_email: Plain::days(3),
            booking_escalation: Plain::days(7),
            emergency: Plain::minutes(30),
            appointment_reminder: Plain::days(2),
            outcome_grace: Plain::hours(2),
            // 47 CFR 64.1200(c)(1) lets calls and texts out from 8 to 21; an hour earlier is kinder.
            patient_hours: (8, 20),
            sms_needs_consent: true,
            call_again: call_again(),
        }
    }
}

/// Whoever was reached, or has a wrong number, is not called again by the clock.
fn call_again() -> BTreeMap<CallOutcome, Plain> {
    [
        (CallOutcome::LeftMessage, Plain::days(1)),
        (CallOutcome::NoAnswer, Plain::hours(4)),
        (CallOutcome::Busy, Plain::minutes(30)),
        (CallOutcome::CallLater, Plain::days(1)),
    ]
    .into()
}

fn calls_over_defaults<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<CallOutcome, Plain>, D::Error> {
    let mut calls = call_again();
    calls.extend(BTreeMap::<CallOutcome, Plain>::deserialize(deserializer)?);
    Ok(calls)
}

impl Outreach {
    pub(super) fn outreach(&self) -> crate::domain::policy::Outreach {
        crate::domain::policy::Outreach {
            undo_window: self.undo_window.span(),
            info_reminder: self.info_reminder.span(),
            info_escalation: self.info_escalation.span(),
            booking_email: self.booking_email.span(),
            booking_escalation: self.booking_escalation.span(),
            emergency: self.emergency.span(),
            appointment_reminder: self.appointment_reminder.span(),
            outcome_grace: self.outcome_grace.span(),
            patient_hours: self.patient_hours,
            sms_needs_consent: self.sms_needs_consent,
            call_again: self
                .call_again
                .iter()
                .map(|(outcome, after)| (*outcome, after.span()))
                .collect(),
        }
    }
}
