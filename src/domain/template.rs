//! A specialty's template: what it requires, by when, and what is created with a referral.
//!
//! Owns the shape of the TOML files under `assets/templates`. Must not know where they are kept or how they are loaded.

use super::case::MilestoneKind;
use super::person::Channel;
use super::priority::Priority;
use super::time::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::BTreeMap;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its key: the file's name without its ending.
    pub key: String,
    /// The specialty's name.
    pub specialty: String,
    /// Other names that referrers use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Services offered; the first is meant where none is named.
    pub services: Vec<String>,
    /// What must be there before a decision.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// Tasks made with the referral.
    #[serde(default)]
    pub tasks: Vec<TaskTemplate>,
    /// Targets per milestone and priority; those not named here are the clinic's.
    #[serde(default)]
    pub sla: Sla,
}

/// Targets per milestone and priority.
pub type Sla = BTreeMap<MilestoneKind, BTreeMap<Priority, Target>>;

/// Something that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its key, unique in the template.
    pub key: String,
    /// As the desk and the provider read it, by language; `en` is always there.
    pub label: BTreeMap<String, String>,
    /// What satisfies it.
    pub need: Need,
    /// Only for these payers (compared without case); for all where empty.
    #[serde(default)]
    pub payers: Vec<String>,
    /// Only for these services; for all where empty.
    #[serde(default)]
    pub services: Vec<String>,
}

impl Requirement {
    /// Its label in a language, else in English.
    pub fn label_in(&self, language: &str) -> &str {
        self.label
            .get(language)
            .or_else(|| self.label.get("en"))
            .unwrap_or(&self.key)
    }
}

/// What satisfies a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The patient's date of birth.
    PatientDob,
    /// A telephone or e-mail of the patient.
    PatientContact,
    /// The patient's address.
    PatientAddress,
    /// The referring practitioner.
    Requester,
    /// The referring practitioner's NPI.
    RequesterNpi,
    /// A reason in words.
    ReasonText,
    /// At least one ICD-10-CM code.
    ReasonCode,
    /// A payer.
    Payer,
    /// The member id on the primary plan.
    MemberId,
    /// An authorisation number.
    Authorization,
    /// A document that a person ticks off.
    Document,
}

/// A task made with a referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskTemplate {
    /// Its key, unique in the template.
    pub key: String,
    /// What to do.
    pub title: String,
    /// By when, from receipt.
    pub due: Target,
}

/// A length of time from receipt, on one of two clocks: `30 min`, `4 h`, `14 d` on the patient's, which never pauses;
/// `4 bh`, `2 bd` (business hours, business days) on the clinic's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: TargetUnit,
}

/// The unit of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetUnit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
    /// Opening hours.
    BusinessHours,
    /// Opening days.
    BusinessDays,
}

const UNITS: [(TargetUnit, &str); 5] = [
    (TargetUnit::Minutes, "min"),
    (TargetUnit::BusinessHours, "bh"),
    (TargetUnit::BusinessDays, "bd"),
    (TargetUnit::Hours, "h"),
    (TargetUnit::Days, "d"),
];

impl Target {
    /// Reads `4 bh`.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(text: &str) -> Result<Target, String> {
        let wrong = || {
            format!(
                "`{}` is not a length of time like `30 min`, `4 h`, `14 d`, `4 bh` or `2 bd`",
                super::text::line(text)
            )
        };
        let trimmed = text.trim();
        let (unit, number) = UNITS
            .iter()
            .find_map(|(unit, name)| trimmed.strip_suffix(name).map(|number| (*unit, number)))
            .ok_or_else(wrong)?;
        let amount = number.trim().parse().map_err(|_| wrong())?;
        if amount == 0 || amount > 100_000 {
            return Err(wrong());
        }
        Ok(Target { amount, unit })
    }

    /// The target as a span of the patient's clock, where it is one.
    pub fn span(self) -> Option<Span> {
        let amount = i64::from(self.amount);
        match self.unit {
            TargetUnit::Minutes => Some(Span::minutes(amount)),
            TargetUnit::Hours => Some(Span::hours(amount)),
            TargetUnit::Days => Some(Span::days(amount)),
            TargetUnit::BusinessHours | TargetUnit::BusinessDays => None,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = UNITS
            .iter()
            .find(|(unit, _)| *unit == self.unit)
            .map_or("", |(_, name)| name);
        write!(f, "{} {unit}", self.amount)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Target::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Channels on which a party can be written to automatically, in the order in which they are tried where no preference
/// is known.
pub const PATIENT_CHANNELS: [Channel; 3] = [Channel::Sms, Channel::Email, Channel::Letter];
/// As [`PATIENT_CHANNELS`], for a referring practice.
pub const PROVIDER_CHANNELS: [Channel; 2] = [Channel::Fax, Channel::Email];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_and_printed() {
        for text in ["30 min", "4 h", "14 d", "4 bh", "2 bd"] {
            assert_eq!(Target::parse(text).unwrap().to_string(), text);
        }
        for bad in ["", "d", "0 d", "-1 d", "2 weeks", "1.5 h", "999999999999 d"] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}
