//! Patients, practitioners and organisations.
//!
//! Owns who a referral is about and who sent it (FHIR Patient, Practitioner, Organization) and how they like to be reached.
//! Must not know referrals. Values of a patient have no `Debug` that prints them and no `Display`.

use super::id::{OrganizationId, PatientId, PractitionerId};
use super::time::Day;
use serde::{Deserialize, Serialize};

/// Prints a record as its id alone, so that nothing of a patient reaches a log or a panic.
macro_rules! redacted {
    ($($kind:ty),* $(,)?) => {$(
        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($kind), "({})"), self.id)
            }
        }
    )*};
}
pub(crate) use redacted;

/// A name in the parts of FHIR's HumanName.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HumanName {
    /// Family name, all of it.
    pub family: String,
    /// Given names.
    #[serde(default)]
    pub given: String,
    /// `Jr`, `III`, or a practitioner's credentials.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl std::fmt::Debug for HumanName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HumanName(..)")
    }
}

impl HumanName {
    /// `Garcia Lopez, Maria`: the order in which the desk files people.
    pub fn filed(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (_, true) => self.family.clone(),
            (true, false) => self.given.clone(),
            (false, false) => format!("{}, {}", self.family, self.given),
        }
    }

    /// `Maria Garcia Lopez`: the order in which people are addressed.
    pub fn spoken(&self) -> String {
        [self.given.as_str(), self.family.as_str(), self.suffix.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// FHIR AdministrativeGender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Other.
    Other,
    /// Not known.
    #[default]
    Unknown,
}

impl Sex {
    /// `F`, `M`, `X`, or nothing.
    pub const fn letter(self) -> &'static str {
        match self {
            Sex::Female => "F",
            Sex::Male => "M",
            Sex::Other => "X",
            Sex::Unknown => "",
        }
    }
}

/// A way to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Fax.
    Fax,
    /// A letter.
    Letter,
    /// A person calls: never automatic.
    Phone,
    /// Data to the system that sent the referral; never to a person.
    Exchange,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Channel; 6] = [
        Channel::Email,
        Channel::Sms,
        Channel::Fax,
        Channel::Letter,
        Channel::Phone,
        Channel::Exchange,
    ];

    /// The name in commands and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Fax => "fax",
            Channel::Letter => "letter",
            Channel::Phone => "phone",
            Channel::Exchange => "exchange",
        }
    }
}

/// What a person said about being written to on a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// Never asked. Transactional notices go out unless the clinic's policy asks for consent first.
    #[default]
    Unknown,
    /// Agreed.
    Given,
    /// Opted out: nothing automatic goes out on this channel.
    Refused,
}

/// A patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Number.
    pub id: PatientId,
    /// Counts the changes.
    pub version: i64,
    /// Name.
    pub name: HumanName,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Sex,
    /// Telephone, digits with an optional leading `+`.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address on one line.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Preferred language, a BCP 47 primary tag (`en`, `es`).
    pub language: String,
    /// Preferred channel.
    pub preferred: Option<Channel>,
    /// About e-mail.
    pub email_consent: Consent,
    /// About text messages.
    pub sms_consent: Consent,
    /// The patient whose record goes on, where this one turned out to be the same person (FHIR Patient.link, replaced-by).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<PatientId>,
}

/// A referring practitioner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practitioner {
    /// Number.
    pub id: PractitionerId,
    /// Counts the changes.
    pub version: i64,
    /// Name, credentials as its suffix.
    pub name: HumanName,
    /// National Provider Identifier, ten digits, Luhn-checked with the prefix 80840 (45 CFR 162.406).
    pub npi: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Practice.
    pub organization: Option<OrganizationId>,
}

/// What an organisation is to the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganizationKind {
    /// Sends referrals.
    Practice,
    /// A site where patients are seen.
    Facility,
}

/// A practice or a facility.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Number.
    pub id: OrganizationId,
    /// Counts the changes.
    pub version: i64,
    /// Name.
    pub name: String,
    /// What it is to the clinic.
    pub kind: OrganizationKind,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address on one line.
    pub address: Option<String>,
}

redacted!(Patient, Practitioner, Organization);

/// Whether ten digits are an NPI: ISO/IEC 7812 Luhn over `80840` and the digits (CMS, NPI check digit).
pub fn is_npi(text: &str) -> bool {
    text.len() == 10
        && text.bytes().all(|b| b.is_ascii_digit())
        && text
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, byte)| {
                let digit = u32::from(byte - b'0');
                if place % 2 == 0 {
                    digit
                } else {
                    digit * 2 / 10 + digit * 2 % 10
                }
            })
            .sum::<u32>()
            // 24 is what the constant prefix 80840 adds to the sum.
            .wrapping_add(24)
            .is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npi_check_digits() {
        for (text, good) in [
            ("1234567893", true),
            ("1234567890", false),
            ("1245319599", true),
            ("123456789", false),
            ("12345678九3", false),
        ] {
            assert_eq!(is_npi(text), good, "{text}");
        }
    }

    #[test]
    fn names_are_filed_and_spoken() {
        let name = HumanName {
            family: "García López".into(),
            given: "María".into(),
            suffix: String::new(),
        };
        assert_eq!(name.filed(), "García López, María");
        assert_eq!(name.spoken(), "María García López");
    }

    #[test]
    fn nothing_of_a_patient_is_printed_by_debug() {
        let name = HumanName {
            family: "Secret".into(),
            given: "Very".into(),
            suffix: String::new(),
        };
        assert!(!format!("{name:?}").contains("Secret"));
    }
}
