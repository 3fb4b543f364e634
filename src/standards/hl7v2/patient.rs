//! Who a message is about: PID and the insurance around it.
//!
//! Owns the fields of PID (HL7 v2.5.1 §3.4.2) and IN1 (§6.5.6). A social security number is passed over wherever it stands:
//! the desk has no use for it. Must not know what the message is for.

use super::types::{Reach, address, day, person, reach, sex};
use super::{Message, Part};
use crate::standards::{Stated, What};

/// Notes the patient.
pub fn note_patient(message: &Message<'_>, stated: &mut Stated) {
    let pid = message.first("PID");
    let names = pid.field(5);
    if let Some(name) = names.repetitions().find_map(person) {
        stated.note_person(What::PatientName, name, "PID-5");
    }
    if let Some(born) = day(pid.field(7)) {
        stated.note(What::Dob, &born, "PID-7");
    }
    if let Some(sex) = sex(pid.field(8)) {
        stated.note(What::Sex, sex, "PID-8");
    }
    for (number, at) in [(3, "PID-3"), (2, "PID-2")] {
        for id in pid
            .field(number)
            .repetitions()
            .filter(|id| !is_social_security(*id))
        {
            stated.note(What::Mrn, &id.text(), at);
        }
    }
    // The record that is merged into this one (ADT^A40).
    let merged = message.first("MRG").field(1).text();
    stated.note(What::Mrn, &merged, "MRG-1");
    stated.note(What::MergedMrn, &merged, "MRG-1");
    stated.note(What::PatientAddress, &address(pid.field(11)), "PID-11");
    for (number, at) in [(13, "PID-13"), (14, "PID-14"), (40, "PID-40")] {
        for found in pid.field(number).repetitions().filter_map(reach) {
            match found {
                Reach::Phone(phone) => stated.note(What::PatientPhone, &phone, at),
                Reach::Email(email) => stated.note(What::PatientEmail, &email, at),
                Reach::Fax(_) => {}
            }
        }
    }
    let language = pid.field(15);
    let spoken = [language.component(1).text(), language.component(4).text()];
    if let Some(tag) = spoken.iter().find(|tag| (2..=3).contains(&tag.len())) {
        stated.note(What::PatientLanguage, &tag.to_lowercase(), "PID-15");
    }
}

/// Identifier types (table 0203) and authorities that mean a social security number.
fn is_social_security(id: Part<'_>) -> bool {
    let is = |part: Part<'_>| matches!(part.whole().to_ascii_uppercase().as_str(), "SS" | "SSN" | "USSSA");
    (4..=6).any(|number| is(id.component(number)))
}

/// Notes the coverages, in the order of their IN1.
pub fn note_insurance(message: &Message<'_>, stated: &mut Stated) {
    for plan in message.all("IN1") {
        stated.note(What::Payer, &plan.field(4).text(), "IN1-4");
        stated.note(What::Plan, &plan.field(2).component(2).text(), "IN1-2");
        stated.note(What::GroupNo, &plan.field(8).text(), "IN1-8");
        // The policy number (IN1-36), else the insured's own number (IN1-49).
        let member = [plan.field(36), plan.field(49)]
            .into_iter()
            .find(|field| !field.is_empty());
        if let Some(member) = member {
            stated.note(What::MemberId, &member.text(), "IN1-36");
        }
    }
}
