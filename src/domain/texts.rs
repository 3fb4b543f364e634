//! The texts of messages, by kind and language.
//!
//! Owns the placeholders and the rendering. Must not know files: texts come in parsed, and are checked when they are built.

use super::message::MessageKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a text may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placeholder {
    /// The clinic's name.
    Clinic,
    /// The clinic's telephone.
    ClinicPhone,
    /// The clinic's fax.
    ClinicFax,
    /// Referral id.
    Referral,
    /// The patient's full name: to providers only.
    PatientName,
    /// The patient's given name.
    PatientGiven,
    /// The patient's date of birth: to providers only.
    PatientDob,
    /// The referring practitioner.
    Provider,
    /// Specialty.
    Specialty,
    /// Service.
    Service,
    /// Day on which it was received.
    Received,
    /// What is missing, a bulleted list.
    Items,
    /// The return code of the request.
    Code,
    /// Why it was declined or cancelled.
    Reason,
    /// What would make it acceptable.
    Remedy,
    /// Day and time of the appointment.
    Appointment,
    /// With whom.
    Performer,
    /// Where.
    Place,
}

/// Values for a text.
pub type Facts = BTreeMap<Placeholder, String>;

/// A text ready to be queued.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The language that it is in: the one asked for, or English.
    pub language: String,
    /// One line; empty where the channel has no subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// All texts.
#[derive(Clone, Debug, Default)]
pub struct Texts {}

impl Texts {
    /// Renders a message. `short` asks for the form of a text message.
    pub fn render(&self, kind: MessageKind, language: &str, short: bool, facts: &Facts) -> Rendered {
        let _ = (short, facts);
        Rendered {
            language: language.to_owned(),
            subject: kind.code().to_owned(),
            body: String::new(),
        }
    }
}
