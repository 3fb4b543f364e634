//! Who a message is about: PID and the insurance around it.
//!
//! Owns the fields of PID (HL7 v2.5.1 §3.4.2) and IN1 (§6.5.6). A social security number is passed over wherever it stands:
//! the desk has no use for it. Must not know what the message is for.

use super::types::{Reach, address, coded, day, instant, person, reach, sex};
use super::{Message, Part, Segment};
use crate::domain::coverage::{Relationship, Subscriber};
use crate::domain::person::{HumanName, Sex};
use crate::domain::text::fold;
use crate::domain::time::parse_day;
use crate::standards::{Stated, What, language_tag};

/// The doubt about a merging of two numbers that are not of one authority (CX.4): A40 merges within one (§3.3.40).
pub const OTHER_AUTHORITY: &str = "the two record numbers are of different authorities";

/// Notes when what a message says of a patient was so: EVN-2, else MSH-7.
pub fn note_since(message: &Message<'_>, stated: &mut Stated) {
    for (field, at) in [
        (message.first("EVN").field(2), "EVN-2"),
        (message.first("MSH").field(7), "MSH-7"),
    ] {
        if let Some(since) = instant(&field.text()) {
            return stated.note(What::AsOf, &since, at);
        }
    }
}

/// Leaves to a person what speaks of several patients (ORU^R01 repeats PATIENT_RESULT, §7.3.1) or merges several records (ADT^A40
/// repeats PATIENT, §3.3.40): only the first of them is read.
pub fn note_others(message: &Message<'_>, stated: &mut Stated) {
    let id = |pid: &Segment<'_>| {
        let numbers = pid.field(3);
        let own = numbers.repetitions().find(|id| !is_social_security(*id));
        own.map(|id| id.text().to_ascii_uppercase()).unwrap_or_default()
    };
    let name = |pid: &Segment<'_>| {
        let named = pid.field(5).repetitions().find_map(person);
        named.map(|name| fold(&name.filed())).unwrap_or_default()
    };
    let mut patients: Vec<Segment<'_>> = Vec::new();
    for pid in message.all("PID") {
        let other = |known: &Segment<'_>| {
            let apart = |one: String, other: String| !one.is_empty() && !other.is_empty() && one != other;
            apart(id(known), id(&pid)) || apart(name(known), name(&pid))
        };
        if patients.iter().all(other) {
            patients.push(pid);
        }
    }
    if patients.len() > 1 {
        stated.leave(&format!(
            "holds what is said of {} patients: take each in by itself",
            patients.len()
        ));
    }
    let merged = message.all("MRG").count();
    if merged > 1 {
        stated.leave(&format!(
            "merges {merged} records in one message: take each in by itself"
        ));
    }
}

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
    let given_up = message.first("MRG").field(1);
    let merged = given_up.text();
    let authority = |id: Part<'_>| id.component(4).text().to_ascii_uppercase();
    let numbers = pid.field(3);
    let own = numbers.repetitions().find(|id| !is_social_security(*id));
    let (mine, theirs) = (own.map(authority).unwrap_or_default(), authority(given_up));
    if !merged.is_empty() && !mine.is_empty() && !theirs.is_empty() && mine != theirs {
        stated.doubt(OTHER_AUTHORITY);
    }
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
    if let Some(tag) = spoken.iter().find_map(|code| language_tag(code)) {
        stated.note(What::PatientLanguage, &tag, "PID-15");
    }
}

/// Identifier types (table 0203) and authorities that mean a social security number.
fn is_social_security(id: Part<'_>) -> bool {
    let is = |part: Part<'_>| matches!(part.whole().to_ascii_uppercase().as_str(), "SS" | "SSN" | "USSSA");
    (4..=6).any(|number| is(id.component(number)))
}

/// Whose plan it is, where it is another's (IN1-16 to IN1-18, IN1-43): said by the relationship, or by a name that is not the
/// patient's.
fn subscriber(plan: Segment<'_>, pid: Segment<'_>) -> Option<Subscriber> {
    let name = plan.field(16).repetitions().find_map(person)?;
    let says = coded(plan.field(17));
    let word = says.code.to_ascii_uppercase();
    // Table 0063 and what billing systems write there: X12's codes, or those of the claim form.
    if matches!(word.as_str(), "SEL" | "SELF" | "S" | "18" | "1" | "PT") {
        return None;
    }
    let is_patient = |own: HumanName| {
        let first = |given: &str| fold(given).split(' ').next().unwrap_or_default().to_owned();
        fold(&own.family) == fold(&name.family) && first(&own.given) == first(&name.given)
    };
    let born = day(plan.field(18));
    let own = pid.field(5).repetitions().filter_map(person).any(is_patient);
    let other_day = born.is_some() && day(pid.field(7)).is_some() && born != day(pid.field(7));
    if own && !other_day {
        return None;
    }
    Some(Subscriber {
        name,
        dob: born.and_then(|day| parse_day(&day).ok()),
        sex: match sex(plan.field(43)) {
            Some("F") => Sex::Female,
            Some("M") => Sex::Male,
            Some(_) => Sex::Other,
            None => Sex::Unknown,
        },
        // Senders differ in whose relationship to whom they write: a parent of the patient is meant by both.
        relationship: match word.as_str() {
            "SPO" | "SPOUSE" | "01" | "2" | "DOM" => Relationship::Spouse,
            "CHD" | "CHILD" | "NCH" | "NCF" | "SCH" | "ACH" | "FCH" | "19" | "3" | "PAR" | "PARENT"
            | "MTH" | "FTH" => Relationship::Child,
            _ => Relationship::Other,
        },
    })
}

/// Notes the coverages, in the order of their IN1.
pub fn note_insurance(message: &Message<'_>, stated: &mut Stated) {
    for plan in message.all("IN1") {
        let before = stated.items.len();
        stated.note(What::Payer, &plan.field(4).text(), "IN1-4");
        let is_another = stated.items.len() > before;
        if is_another && let Some(subscriber) = subscriber(plan, message.first("PID")) {
            stated.note_subscriber(&subscriber, "IN1-16");
        }
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
