//! Documents as practices send them: letters, forms and e-mails that say what the referral says.
//!
//! Owns their layouts. Must not know what the reader makes of them.

use super::story::Paper;
use crate::domain::command::{NewCoverage, NewOrganization, NewPatient, NewPractitioner};
use crate::domain::person::Sex;
use crate::domain::priority::Priority;
use crate::domain::time::{Day, Stamp};

/// What a document says.
pub struct Facts<'a> {
    /// Number, for the file's name.
    pub number: u64,
    /// When it was sent.
    pub written: Stamp,
    /// The clinic's day then.
    pub day: Day,
    /// Patient, as far as the practice wrote it down.
    pub patient: &'a NewPatient,
    /// Practitioner.
    pub practitioner: &'a NewPractitioner,
    /// Practice.
    pub practice: &'a NewOrganization,
    /// Specialty.
    pub specialty: &'a str,
    /// Service, where one is named.
    pub service: Option<&'a str>,
    /// Reason.
    pub reason: &'a str,
    /// Codes.
    pub codes: &'a [String],
    /// Priority.
    pub priority: Priority,
    /// Coverage.
    pub coverage: Option<&'a NewCoverage>,
    /// Names of the documents that come along.
    pub enclosed: &'a [String],
}

/// A layout.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A form with a label before every value.
    Form,
    /// A letter in sentences.
    Letter,
    /// An e-mail.
    Email,
}

/// Writes the document.
pub fn write(layout: Layout, facts: &Facts<'_>) -> Paper {
    let (name, text) = match layout {
        Layout::Form => (format!("fax-{:06}.txt", facts.number), form(facts)),
        Layout::Letter => (format!("letter-{:06}.txt", facts.number), letter(facts)),
        Layout::Email => (format!("message-{:06}.eml", facts.number), email(facts)),
    };
    Paper {
        name,
        kind: "referral".into(),
        text,
    }
}

/// The answer to a request for information.
pub fn reply(facts: &Facts<'_>) -> Paper {
    let mut text = letterhead(facts);
    text.push_str(&format!(
        "Date: {}\n\nRE: your request for information\nPatient: {}\nDate of birth: {}\n\n",
        american(facts.day),
        facts.patient.name.filed(),
        dob(facts.patient)
    ));
    text.push_str("Please find enclosed what was missing.\n\n");
    for label in facts.enclosed {
        text.push_str(&format!("  [x] {label}\n"));
    }
    if let Some(coverage) = facts.coverage {
        text.push_str(&insurance(coverage));
    }
    text.push_str(&format!("\n{}\n", facts.practitioner.name.spoken()));
    Paper {
        name: format!("reply-{:06}.txt", facts.number),
        kind: "info_reply".into(),
        text,
    }
}

/// `04/17/1961`, as American forms have it.
fn american(day: Day) -> String {
    day.format("%m/%d/%Y").to_string()
}

fn dob(patient: &NewPatient) -> String {
    patient.dob.map(american).unwrap_or_default()
}

/// `(215) 555-0142`.
fn number(digits: Option<&str>) -> String {
    let digits = digits.unwrap_or_default();
    match (digits.get(0..3), digits.get(3..6), digits.get(6..)) {
        (Some(area), Some(exchange), Some(line)) => format!("({area}) {exchange}-{line}"),
        _ => digits.to_owned(),
    }
}

fn letterhead(facts: &Facts<'_>) -> String {
    let practice = facts.practice;
    let line = |label: &str, digits: &Option<String>| {
        digits.as_deref().map_or_else(String::new, |digits| {
            format!("{label} {}   ", number(Some(digits)))
        })
    };
    format!(
        "{}
{}
{}{}

",
        practice.name.to_uppercase(),
        practice.address.as_deref().unwrap_or_default(),
        line("Phone", &practice.phone),
        line("Fax", &practice.fax),
    )
}

fn insurance(coverage: &NewCoverage) -> String {
    let mut text = format!("\nInsurance: {}\n", coverage.payer);
    for (label, value) in [("Member ID", &coverage.member_id), ("Group", &coverage.group_no)] {
        if let Some(value) = value {
            text.push_str(&format!("{label}: {value}\n"));
        }
    }
    text
}

fn lines(fields: &[(&str, String)]) -> String {
    fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label}: {value}\n"))
        .collect()
}

fn sex(patient: &NewPatient) -> String {
    patient.sex.letter().to_owned()
}

fn form(facts: &Facts<'_>) -> String {
    let (patient, doctor) = (facts.patient, facts.practitioner);
    let tick = |priority: Priority| if facts.priority == priority { "[x]" } else { "[ ]" };
    let mut text = letterhead(facts);
    text.push_str("REFERRAL REQUEST\n\n");
    text.push_str(&lines(&[
        ("Date", american(facts.day)),
        ("Refer to", facts.specialty.to_owned()),
        ("Service requested", facts.service.unwrap_or_default().to_owned()),
    ]));
    text.push_str(&format!(
        "Priority: {} Routine  {} Urgent  {} ASAP  {} STAT\n\nPATIENT\n",
        tick(Priority::Routine),
        tick(Priority::Urgent),
        tick(Priority::Asap),
        tick(Priority::Stat),
    ));
    text.push_str(&lines(&[
        ("Name", patient.name.filed()),
        ("Date of birth", dob(patient)),
        ("Sex", sex(patient)),
        (
            "Phone",
            patient
                .phone
                .as_deref()
                .map(|phone| number(Some(phone)))
                .unwrap_or_default(),
        ),
        ("E-mail", patient.email.clone().unwrap_or_default()),
        ("Address", patient.address.clone().unwrap_or_default()),
        ("Language", spoken_language(patient).to_owned()),
    ]));
    text.push_str(&facts.coverage.map(insurance).unwrap_or_default());
    text.push_str(&format!("\nReason for referral: {}\n", facts.reason));
    text.push_str(&lines(&[
        ("ICD-10", facts.codes.join(", ")),
        ("Enclosed", facts.enclosed.join("; ")),
        ("\nReferring provider", doctor.name.spoken()),
        ("NPI", doctor.npi.clone().unwrap_or_default()),
    ]));
    text
}

fn spoken_language(patient: &NewPatient) -> &str {
    const NAMES: [(&str, &str); 6] = [
        ("es", "Spanish"),
        ("vi", "Vietnamese"),
        ("zh", "Chinese"),
        ("ar", "Arabic"),
        ("ru", "Russian"),
        ("en", "English"),
    ];
    let tag = patient.language.as_deref().unwrap_or("en");
    NAMES
        .iter()
        .find(|(known, _)| *known == tag)
        .map_or("English", |(_, name)| name)
}

fn letter(facts: &Facts<'_>) -> String {
    let (patient, doctor) = (facts.patient, facts.practitioner);
    let they = match patient.sex {
        Sex::Female => "She",
        Sex::Male => "He",
        Sex::Other | Sex::Unknown => "The patient",
    };
    let mut text = letterhead(facts);
    text.push_str(&format!("{}\n\n", american(facts.day)));
    text.push_str(&format!(
        "RE: {}   DOB: {}\n\n",
        patient.name.spoken(),
        dob(patient)
    ));
    text.push_str("Dear colleague,\n\n");
    text.push_str(&format!(
        "Thank you for seeing our patient in {}.\n{}\n",
        facts.specialty, facts.reason
    ));
    if !facts.codes.is_empty() {
        text.push_str(&format!("Diagnosis: {}\n", facts.codes.join(", ")));
    }
    if facts.priority != Priority::Routine {
        text.push_str(&format!("Priority: {}\n", facts.priority.code().to_uppercase()));
    }
    if let Some(phone) = &patient.phone {
        text.push_str(&format!("{they} can be reached at {}.\n", number(Some(phone))));
    }
    if let Some(address) = &patient.address {
        text.push_str(&format!("Address: {address}\n"));
    }
    text.push_str(&facts.coverage.map(insurance).unwrap_or_default());
    if !facts.enclosed.is_empty() {
        text.push_str(&format!("Enclosed: {}\n", facts.enclosed.join("; ")));
    }
    text.push_str(&format!(
        "\nSincerely,\n\n{}\n{}\n",
        doctor.name.spoken(),
        doctor
            .npi
            .as_ref()
            .map(|npi| format!("NPI {npi}"))
            .unwrap_or_default()
    ));
    text
}

fn email(facts: &Facts<'_>) -> String {
    let practice = facts.practice;
    format!(
        "From: {} <{}>\nTo: Intake <intake@clinic.example.com>\nSubject: Referral to {}\nDate: {} +0000\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}",
        practice.name.replace('\'', ""),
        practice
            .email
            .as_deref()
            .unwrap_or("referrals@practice.example.com"),
        facts.specialty,
        facts.written.format("%a, %d %b %Y %H:%M:%S"),
        form(facts)
    )
}
