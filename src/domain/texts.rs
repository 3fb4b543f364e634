//! The texts of messages, by kind and language.
//!
//! Owns the placeholders, the rule of what may be said to whom (minimum patient data), and the rendering. Must not know
//! files: texts come in as TOML and are checked when they are built, so that rendering cannot fail.

mod dates;
mod form;
mod load;

pub use dates::{day_in_words, time_in_words};
pub use load::{TextError, TextFault, TextSource};

use super::case::Party;
use super::message::MessageKind;
use super::text;
use form::Form;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The language that every kind has, and to which the others fall back.
pub const FALLBACK_LANGUAGE: &str = "en";

/// The longest form of a text message before its values are put in: with them it stays within three segments of a
/// concatenated SMS (153 characters each in the GSM 7-bit alphabet, 3GPP TS 23.040).
pub const SHORT_MAX: usize = 320;

/// The longest subject; RFC 5322 2.1.1 allows 998 octets a line, people read far fewer.
const SUBJECT_MAX: usize = 160;

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
    /// What the desk adds in its own words.
    Note,
    /// What a rule of the clinic says.
    Words,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Placeholder; 20] = [
        Placeholder::Clinic,
        Placeholder::ClinicPhone,
        Placeholder::ClinicFax,
        Placeholder::Referral,
        Placeholder::PatientName,
        Placeholder::PatientGiven,
        Placeholder::PatientDob,
        Placeholder::Provider,
        Placeholder::Specialty,
        Placeholder::Service,
        Placeholder::Received,
        Placeholder::Items,
        Placeholder::Code,
        Placeholder::Reason,
        Placeholder::Remedy,
        Placeholder::Appointment,
        Placeholder::Performer,
        Placeholder::Place,
        Placeholder::Note,
        Placeholder::Words,
    ];

    /// The name between the braces.
    pub const fn code(self) -> &'static str {
        match self {
            Placeholder::Clinic => "clinic",
            Placeholder::ClinicPhone => "clinic-phone",
            Placeholder::ClinicFax => "clinic-fax",
            Placeholder::Referral => "referral",
            Placeholder::PatientName => "patient-name",
            Placeholder::PatientGiven => "patient-given",
            Placeholder::PatientDob => "patient-dob",
            Placeholder::Provider => "provider",
            Placeholder::Specialty => "specialty",
            Placeholder::Service => "service",
            Placeholder::Received => "received",
            Placeholder::Items => "items",
            Placeholder::Code => "code",
            Placeholder::Reason => "reason",
            Placeholder::Remedy => "remedy",
            Placeholder::Appointment => "appointment",
            Placeholder::Performer => "performer",
            Placeholder::Place => "place",
            Placeholder::Note => "note",
            Placeholder::Words => "words",
        }
    }

    /// The placeholder with a name.
    pub fn from_code(code: &str) -> Option<Placeholder> {
        Placeholder::ALL.into_iter().find(|each| each.code() == code)
    }

    /// Whether a value may run over several lines of a body. A name never may: it would let its bearer write lines of
    /// their own into the clinic's letter.
    const fn is_block(self) -> bool {
        matches!(
            self,
            Placeholder::Items | Placeholder::Reason | Placeholder::Remedy | Placeholder::Note
        )
    }

    /// Whether a part of a message to a party may carry it: the minimum of patient data (HIPAA, 45 CFR 164.502(b)).
    /// Subjects and text messages are read on lock screens and kept by carriers, so neither names the patient in full nor
    /// says why; a letter to a patient needs only the given name, since what is in the wrong hands then says little.
    pub const fn allowed(self, party: Party, part: Part) -> bool {
        match (self, part) {
            (Placeholder::PatientName | Placeholder::PatientDob, Part::Subject | Part::Short) => false,
            (Placeholder::PatientName | Placeholder::PatientDob, Part::Body) => {
                matches!(party, Party::Provider)
            }
            (
                Placeholder::PatientGiven
                | Placeholder::Reason
                | Placeholder::Remedy
                | Placeholder::Items
                | Placeholder::Note
                | Placeholder::Words,
                Part::Subject,
            ) => false,
            (Placeholder::Reason | Placeholder::Remedy | Placeholder::Note, Part::Short) => false,
            (
                Placeholder::PatientGiven
                | Placeholder::Items
                | Placeholder::Reason
                | Placeholder::Remedy
                | Placeholder::Note
                | Placeholder::Words
                | Placeholder::Clinic
                | Placeholder::ClinicPhone
                | Placeholder::ClinicFax
                | Placeholder::Referral
                | Placeholder::Provider
                | Placeholder::Specialty
                | Placeholder::Service
                | Placeholder::Received
                | Placeholder::Code
                | Placeholder::Appointment
                | Placeholder::Performer
                | Placeholder::Place,
                Part::Subject | Part::Body | Part::Short,
            ) => true,
        }
    }
}

/// The parts of a text; the keys under a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// One line, where the channel has subjects.
    Subject,
    /// The whole text.
    Body,
    /// The form of a text message.
    Short,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 3] = [Part::Subject, Part::Body, Part::Short];

    /// The key in the files.
    pub const fn code(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Body => "body",
            Part::Short => "short",
        }
    }
}

/// Values for a text.
pub type Facts = BTreeMap<Placeholder, String>;

/// A text ready to be queued. Holds what is said of a patient: never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The language that it is in: the one asked for, or English.
    pub language: String,
    /// One line; empty where the channel has no subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({})", self.language)
    }
}

/// One kind's text in one language.
#[derive(Clone, Debug)]
struct Text {
    subject: Form,
    body: Form,
    short: Form,
}

/// By language, then by the kind's code.
type ByLanguage = BTreeMap<String, BTreeMap<&'static str, Text>>;

/// All texts. The default has none: a test's stand-in, where what a message says does not matter.
#[derive(Clone)]
pub struct Texts {
    /// Shared by all who hold these texts, and made when the first of them asks.
    by_language: Arc<LazyLock<ByLanguage, Box<dyn FnOnce() -> ByLanguage + Send>>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts")
    }
}

impl Default for Texts {
    fn default() -> Texts {
        Texts::of(ByLanguage::new())
    }
}

impl Texts {
    fn of(texts: ByLanguage) -> Texts {
        Texts::later(|| texts)
    }

    fn later(make: impl FnOnce() -> ByLanguage + Send + 'static) -> Texts {
        Texts {
            by_language: Arc::new(LazyLock::new(Box::new(make))),
        }
    }

    /// Texts that are known to be right, as the built-in ones are by a test: they are read when the first message is written, so
    /// that no start waits for them. Those that turn out wrong all the same are left out.
    pub fn trusted(sources: &'static [(&'static str, &'static str)]) -> Texts {
        Texts::later(|| load::by_language(&load::sources(sources), &mut Vec::new()))
    }

    /// Builds texts from (language, TOML). A later source of a language replaces, kind by kind, what an earlier one said.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(sources: &[(&str, &str)]) -> Result<Texts, Vec<TextError>> {
        Texts::read(&load::sources(sources))
    }

    /// The languages there are.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.by_language.keys().map(String::as_str)
    }

    /// Whether there is a text of this kind in a language itself, and not only in English.
    pub fn speaks(&self, kind: MessageKind, language: &str) -> bool {
        let of_language = self.by_language.get(&primary_tag(language));
        of_language.is_some_and(|texts| texts.contains_key(kind.code()))
    }

    /// Renders a message. `short` asks for the form of a text message.
    pub fn render(&self, kind: MessageKind, language: &str, short: bool, facts: &Facts) -> Rendered {
        let wanted = primary_tag(language);
        let found = [wanted.as_str(), FALLBACK_LANGUAGE]
            .into_iter()
            .find_map(|language| Some((language, self.by_language.get(language)?.get(kind.code())?)));
        let Some((language, text)) = found else {
            return Rendered {
                language: FALLBACK_LANGUAGE.to_owned(),
                subject: kind.code().to_owned(),
                body: String::new(),
            };
        };
        if short {
            return Rendered {
                language: language.to_owned(),
                subject: String::new(),
                body: text.short.one_line(facts),
            };
        }
        Rendered {
            language: language.to_owned(),
            subject: cut(&text.subject.one_line(facts), SUBJECT_MAX),
            body: text.body.lines(facts),
        }
    }
}

/// `es` of `es-MX`: texts are kept by BCP 47 primary tag.
pub fn primary_tag(language: &str) -> String {
    language
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn cut(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A value made safe for where it goes.
fn value(facts: &Facts, placeholder: Placeholder, keep_lines: bool) -> String {
    let raw = facts.get(&placeholder).map_or("", String::as_str);
    if keep_lines && placeholder.is_block() {
        text::block(raw).trim().to_owned()
    } else {
        text::squeeze(&text::line(raw))
    }
}

#[cfg(test)]
mod tests;
