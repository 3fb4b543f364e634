//! Outreach: when messages go out, and what follows when nobody answers.
//!
//! Owns the section's keys and defaults (design, "Outreach"). Must not know messages or texts.

use super::values::{Plain, Waits};
use crate::domain::case::CallOutcome;
use crate::domain::effort::Rule;
use crate::domain::person::Channel;
use crate::domain::policy::ReportCloses;
use crate::domain::template::{Target, TargetUnit};
use crate::domain::text::fold;
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
    /// Wait for a visit's report.
    pub report_reminder: Plain,
    /// Wait for word that a report arrived.
    pub report_unconfirmed: Plain,
    /// When a completed referral closes by itself.
    pub report_closes: ReportCloses,
    /// Hours of day between which patients are written to.
    pub patient_hours: (u32, u32),
    /// Whether a patient must have agreed before the first text message.
    pub sms_needs_consent: bool,
    /// On which channel a provider is written to first, by NPI or by name.
    pub provider_channels: BTreeMap<String, ProviderChannel>,
    /// When to call again, by the outcome of the last call.
    #[serde(deserialize_with = "calls_over_defaults")]
    pub call_again: BTreeMap<CallOutcome, Waits>,
    /// What must be tried before a referral may end because the patient could not be reached.
    pub effort: Effort,
}

/// The channels on which providers are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderChannel {
    /// Fax.
    Fax,
    /// E-mail.
    Email,
}

/// What must be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Effort {
    /// So many calls.
    pub calls: u32,
    /// On so many different days.
    pub days: u32,
    /// And a letter.
    pub letter: bool,
}

impl Default for Effort {
    fn default() -> Effort {
        // Three tries on three days and a letter: what referral offices commonly ask before they close a loop.
        Effort {
            calls: 3,
            days: 3,
            letter: true,
        }
    }
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
            // The measure of closed loops (CMS50) counts the days from the referral; three leave time to dictate and to sign.
            report_reminder: Plain::days(3),
            report_unconfirmed: Plain::days(3),
            report_closes: ReportCloses::Delivered,
            // 47 CFR 64.1200(c)(1) lets calls and texts out from 8 to 21; an hour earlier is kinder.
            patient_hours: (8, 20),
            sms_needs_consent: true,
            provider_channels: BTreeMap::new(),
            call_again: call_again(),
            effort: Effort::default(),
        }
    }
}

impl ProviderChannel {
    const fn channel(self) -> Channel {
        match self {
            ProviderChannel::Fax => Channel::Fax,
            ProviderChannel::Email => Channel::Email,
        }
    }
}

/// Whoever was reached, or has a wrong number, is not called again by the clock. The waits grow with the tries, and move them
/// to other hours and days: whoever is out at nine may be in at two.
fn call_again() -> BTreeMap<CallOutcome, Waits> {
    let bh = |amount| Target {
        amount,
        unit: TargetUnit::BusinessHours,
    };
    let bd = |amount| Target {
        amount,
        unit: TargetUnit::BusinessDays,
    };
    let half_an_hour = Target {
        amount: 30,
        unit: TargetUnit::Minutes,
    };
    [
        (CallOutcome::LeftMessage, vec![bd(1), bd(2)]),
        (CallOutcome::NoAnswer, vec![bh(4), bd(1), bd(2)]),
        (CallOutcome::Busy, vec![half_an_hour, bh(2), bd(1)]),
        (CallOutcome::CallLater, vec![bd(1)]),
    ]
    .map(|(outcome, waits)| (outcome, Waits(waits)))
    .into()
}

fn calls_over_defaults<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<CallOutcome, Waits>, D::Error> {
    let mut calls = call_again();
    calls.extend(BTreeMap::<CallOutcome, Waits>::deserialize(deserializer)?);
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
            report_reminder: self.report_reminder.span(),
            report_unconfirmed: self.report_unconfirmed.span(),
            report_closes: self.report_closes,
            patient_hours: self.patient_hours,
            sms_needs_consent: self.sms_needs_consent,
            provider_channels: self
                .provider_channels
                .iter()
                .map(|(who, channel)| (fold(who), channel.channel()))
                .collect(),
            call_again: self
                .call_again
                .iter()
                .map(|(outcome, waits)| (*outcome, waits.0.clone()))
                .collect(),
            effort: Rule {
                calls: self.effort.calls,
                days: self.effort.days,
                letter: self.effort.letter,
            },
        }
    }
}
