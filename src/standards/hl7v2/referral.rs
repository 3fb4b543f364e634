//! Referrals: REF^I12 to I15 and the other messages that speak of a patient.
//!
//! Owns RF1, PRD, AUT (HL7 v2.5.1 chapter 11, §11.6), DG1, PR1 and the free text around them. Senders shift RF1's fields:
//! a coded element is taken for what its coding system says before its number is believed. Must not decide what the desk
//! does with a referral.

use super::patient::{note_insurance, note_others, note_patient, note_since};
use super::report::note_report;
use super::types::{Coded, Reach, coded, person, reach, urgency};
use super::{Message, Part, Segment, kinds, messages, order, schedule};
use crate::domain::person::is_npi;
use crate::domain::text;
use crate::standards::{Sense, Stated, What};
use std::borrow::Cow;

/// What each message of a text states. Empty where there is none.
pub fn read(raw: &str) -> Vec<Stated> {
    messages(raw)
        .iter()
        .filter_map(|message| Message::parse(message))
        .map(|message| state(&message))
        .collect()
}

/// What one message states.
pub fn state(message: &Message<'_>) -> Stated {
    let (code, event) = message.event();
    let placed = code == "OMG" && event == "O19";
    let sense = if placed {
        order::sense(message)
    } else {
        kinds::sense(&code, &event)
    };
    let mut stated = Stated::new(sense, &format!("HL7 v2 {code}^{event}"));
    note_patient(message, &mut stated);
    note_others(message, &mut stated);
    if matches!(sense, Sense::Appointment(_)) {
        schedule::note_appointment(message, &mut stated);
    } else if sense == Sense::Demographics {
        note_since(message, &mut stated);
    } else if sense != Sense::Acknowledgement {
        if placed && sense != Sense::Order {
            order::note_order(message, &mut stated);
        }
        note_request(message, &mut stated);
        note_insurance(message, &mut stated);
    }
    note_report(message, &mut stated);
    if stated.sense == Sense::Referral && reports_only(message, &stated) {
        stated.sense = Sense::Report;
        stated.doubt("sent as a referral, but nobody is asked to see the patient");
    }
    if stated.first(What::PatientName).is_none() {
        stated.doubt("the message names no patient");
    }
    stated
}

/// A report to the patient's own doctor that came as a referral: it names a primary care provider, nobody who is referred
/// to, no RF1, and its text refers nobody.
fn reports_only(message: &Message<'_>, stated: &Stated) -> bool {
    let role = |code: &str| message.all("PRD").any(|prd| prd.field(1).text() == code);
    let refers = |words: &str| {
        let words = text::fold(words);
        ["refer", "assess for", "for assessment", "opinion", "please see"]
            .iter()
            .any(|word| words.contains(word))
    };
    role("PP") && role("RP") && !role("RT") && !message.has("RF1") && !stated.all(What::Narrative).any(refers)
}

fn note_request(message: &Message<'_>, stated: &mut Stated) {
    note_rf1(message.first("RF1"), stated);
    for provider in message.all("PRD") {
        match provider.field(1).text().to_ascii_uppercase().as_str() {
            "RP" => note_sender(provider, stated),
            "RT" => note_receiver(provider, stated),
            _ => {}
        }
    }
    if let Some(name) =
        person(message.first("PV1").field(8)).filter(|_| stated.first(What::ProviderName).is_none())
    {
        stated.note_person(What::ProviderName, name, "PV1-8");
    }
    for diagnosis in message.all("DG1") {
        let stands = coded(diagnosis.field(3));
        if is_icd10(&stands) {
            stated.note(What::Icd10, &stands.code.to_ascii_uppercase(), "DG1-3");
        }
        // Table 0396: I9, I9C, I9CDX are ICD-9-CM.
        if stands.system.starts_with("I9") && !stands.code.is_empty() {
            stated.note_icd9(&stands.code.to_ascii_uppercase(), "DG1-3");
        }
        if stands.text.is_empty() {
            stated.note(What::Reason, &diagnosis.field(4).text(), "DG1-3");
        } else {
            stated.note(What::Reason, &stands.text, "DG1-3");
        }
    }
    for procedure in message.all("PR1") {
        let stands = coded(procedure.field(3));
        stated.note(What::Service, &stands.text, "PR1-3");
        if matches!(stands.system.as_str(), "C4" | "CPT" | "CPT4") {
            stated.note(What::Procedure, &stands.code, "PR1-3");
        }
    }
    for granted in message.all("AUT") {
        stated.note(What::AuthNumber, &granted.field(6).text(), "AUT-6");
    }
    for note in message.all("NTE") {
        stated.note(What::Narrative, &note.field(3).whole(), "NTE-3");
    }
    for seen in message
        .all("OBX")
        .filter(|obx| matches!(&*obx.field(2).text(), "FT" | "TX" | "ST"))
    {
        stated.note(What::Narrative, &seen.field(5).whole(), "OBX-5");
    }
}

/// ICD-10 by its coding system (table 0396), or by its shape where none is named.
fn is_icd10(stands: &Coded) -> bool {
    let shaped = stands.code.len() >= 3
        && stands.code.starts_with(|c: char| c.is_ascii_alphabetic())
        && stands
            .code
            .chars()
            .skip(1)
            .take(2)
            .all(|c| c.is_ascii_alphanumeric())
        && stands.code.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    shaped && (stands.system.starts_with("I10") || stands.system.contains("ICD") || stands.system.is_empty())
}

/// RF1: priority (table 0280), specialty, identifiers, reason.
fn note_rf1(rf1: Segment<'_>, stated: &mut Stated) {
    let stands: Vec<(usize, Coded)> = rf1
        .fields()
        .enumerate()
        .filter(|(_, field)| !field.is_empty())
        .map(|(index, field)| (index + 1, coded(field)))
        .collect();
    let listed = stands
        .iter()
        .find(|(_, coded)| coded.system.ends_with("0280"))
        .or_else(|| {
            stands
                .iter()
                .find(|(number, coded)| *number == 2 && coded.system.is_empty())
        });
    if let Some((number, listed)) = listed.and_then(|(number, coded)| Some((number, urgency(coded)?))) {
        stated.note(What::Urgency, listed, &format!("RF1-{number}"));
    }
    // A specialty is a local code with a text; the standard's own tables say status, priority, type and disposition.
    for (number, coded) in &stands {
        let local = !coded.text.is_empty() && matches!(coded.system.as_str(), "L" | "LOCAL" | "99LOC" | "");
        if local && (3..=5).contains(number) {
            stated.note(What::Specialty, &coded.text, &format!("RF1-{number}"));
        }
    }
    // A code that is none of table 0281's (referral type) may be a specialty's, as some senders abbreviate it.
    let kind = rf1.field(3).text();
    if !["LAB", "RAD", "MED", "SKN", "PSY", "HOM"].contains(&kind.to_ascii_uppercase().as_str())
        && rf1.field(3).component(2).is_empty()
    {
        stated.note(What::Specialty, &kind, "RF1-3");
    }
    stated.note(What::ReferralId, &rf1.field(6).text(), "RF1-6");
    // Ours, where the sender of a change gives it back (RRI brought it).
    if matches!(stated.sense, Sense::ReferralChange | Sense::ReferralCancel) {
        stated.note(What::ReferralId, &rf1.field(11).text(), "RF1-11");
    }
    stated.note(What::Reason, &rf1.field(10).component(2).text(), "RF1-10");
}

/// PRD of the referring provider.
fn note_sender(provider: Segment<'_>, stated: &mut Stated) {
    if let Some(name) = person(provider.field(2)) {
        stated.note_person(What::ProviderName, name, "PRD-2");
    }
    note_practice(provider, stated);
    // PRD-5; a field later where the sender put the practice before it.
    let reachable = [5, 6].map(|number| {
        provider
            .field(number)
            .repetitions()
            .filter_map(reach)
            .collect::<Vec<_>>()
    });
    for found in reachable.into_iter().flatten() {
        match found {
            Reach::Phone(phone) => stated.note(What::ProviderPhone, &phone, "PRD-5"),
            Reach::Fax(fax) => stated.note(What::ProviderFax, &fax, "PRD-5"),
            Reach::Email(email) => stated.note(What::ProviderEmail, &email, "PRD-5"),
        }
    }
    // PRD-7 holds the identifiers; a field to either side where the sender left one out or put one in. There, an identifier
    // is told from a date or a telephone by the type that goes with it.
    for id in provider.field(7).repetitions() {
        note_identifier(id, stated);
    }
    for number in [8, 6] {
        let typed = |id: &Part<'_>| !id.component(2).is_empty() && reach(*id).is_none();
        for id in provider.field(number).repetitions().filter(typed) {
            note_identifier(id, stated);
        }
    }
}

fn note_identifier(id: Part<'_>, stated: &mut Stated) {
    let number = id.text();
    if number.is_empty() || !number.chars().any(|c| c.is_ascii_digit()) {
        return;
    }
    if is_npi(&number) {
        stated.note(What::Npi, &number, "PRD-7");
    } else {
        stated.note(What::ProviderId, &number, "PRD-7");
    }
}

/// The practice: PRD-10 since version 2.7, else where senders put it: the first part of the address where that is no
/// street, or the location.
fn note_practice(provider: Segment<'_>, stated: &mut Stated) {
    let named = provider.field(10);
    let address = provider.field(3);
    let first = address.component(1).whole();
    let is_street = first.chars().any(|c| c.is_ascii_digit());
    let location = provider.field(4);
    let names = [
        (named.text(), "PRD-10"),
        (if is_street { Cow::Borrowed("") } else { first }, "PRD-3"),
        (location.component(9).text(), "PRD-4"),
        (location.component(1).text(), "PRD-4"),
    ];
    let looks_named = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    if let Some((name, at)) = names.iter().find(|(name, _)| looks_named(name)) {
        stated.note(What::Organization, name, at);
    }
}

/// PRD of the provider referred to: a person, or a department and its house.
fn note_receiver(provider: Segment<'_>, stated: &mut Stated) {
    let name = provider.field(2);
    let (first, second) = (name.component(1).text(), name.component(2).text());
    let house = [
        "hospital",
        "clinic",
        "centre",
        "center",
        "department",
        "unit",
        "service",
    ];
    if house.iter().any(|word| text::fold(&second).contains(word)) {
        stated.note(What::Specialty, &first, "PRD-2");
        stated.note(What::ReferredTo, &second, "PRD-2");
    } else if let Some(name) = person(name) {
        stated.note_person(What::ReferredTo, name, "PRD-2");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::Happening;

    fn one(text: &str) -> Stated {
        read(text).into_iter().next().unwrap()
    }

    #[test]
    fn a_referral_states_who_what_and_why() {
        let stated = one(concat!(
            "MSH|^~\\&|EHR|ELM STREET|DESK|HEART|20260105||REF^I12^REF_I12|1|P|2.5.1\r",
            "RF1|P^Pending^HL70283|U^Urgent^HL70280|CAR^Cardiology^L|||REF77\r",
            "PRD|RP^Referring^HL70286|LEE^ANN^^^DR^MD|12 Elm St^^Springfield|^^^^^^^^ELM STREET FAMILY PRACTICE|",
            "^WPN^PH^^^412^5550101~^WPN^FX^^^412^5550102||1234567893^NPI\r",
            "PRD|RT^Referred to^HL70286|CHEN^WEI^^^DR^MD\r",
            "PID|1||8812^^^ELM^MR~123456789^^^^SS||ALVAREZ^ROSA^M||19700504|F|||9 Oak Ave^^Springfield^IL^62701||",
            "^PRN^PH^^^412^5550199~^NET^Internet^rosa@example.org||es\r",
            "DG1|1||R00.2^Palpitations^I10\rIN1|1|PPO^Choice PPO|A1|Aetna||||G-9||||||||||||||||||||||||||||W123\r",
            "AUT|PPO||||||X\rNTE|1||Please assess.\\.br\\Thank you.",
        ));
        assert_eq!(stated.sense, Sense::Referral);
        let table = [
            (What::PatientName, "ALVAREZ, ROSA M"),
            (What::Dob, "1970-05-04"),
            (What::Sex, "F"),
            (What::Mrn, "8812"),
            (What::PatientPhone, "412 5550199"),
            (What::PatientEmail, "rosa@example.org"),
            (What::PatientAddress, "9 Oak Ave, Springfield, IL 62701"),
            (What::PatientLanguage, "es"),
            (What::ProviderName, "ANN LEE MD"),
            (What::Npi, "1234567893"),
            (What::ProviderPhone, "412 5550101"),
            (What::ProviderFax, "412 5550102"),
            (What::Organization, "ELM STREET FAMILY PRACTICE"),
            (What::ReferredTo, "WEI CHEN MD"),
            (What::Specialty, "Cardiology"),
            (What::Urgency, "urgent"),
            (What::Icd10, "R00.2"),
            (What::Reason, "Palpitations"),
            (What::Payer, "Aetna"),
            (What::MemberId, "W123"),
            (What::GroupNo, "G-9"),
            (What::ReferralId, "REF77"),
        ];
        for (what, expected) in table {
            assert_eq!(stated.first(what), Some(expected), "{what:?}");
        }
        assert_eq!(stated.all(What::Mrn).count(), 1, "no social security number");
    }

    #[test]
    fn what_a_message_is_for_is_told_by_its_event_and_its_text() {
        let table = [
            ("MSH|^~\\&|||||||REF^I14\rPID|1||||A^B", Sense::ReferralCancel),
            (
                "MSH|^~\\&|||||||SIU^S26\rPID|1||||A^B",
                Sense::Appointment(Happening::NoShow),
            ),
            ("MSH|^~\\&|||||||ADT^A40\rPID|1||||A^B", Sense::Demographics),
            ("MSH|^~\\&|||||||ACK\rMSA|AA|1", Sense::Acknowledgement),
            (
                "MSH|^~\\&|||||||REF^I12\rPRD|RP|A^B\rPRD|PP|C^D\rPID|1||||E^F\rNTE|||Seen tonight, sent home.",
                Sense::Report,
            ),
            (
                "MSH|^~\\&|||||||REF^I12\rPRD|RP|A^B\rPRD|PP|C^D\rPID|1||||E^F\rNTE|||Referred for review.",
                Sense::Referral,
            ),
        ];
        for (text, expected) in table {
            assert_eq!(one(text).sense, expected, "{text}");
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic() {
        for text in [
            "MSH|",
            "MSH|^~\\&",
            "MSH|||||||||\r|||",
            "MSH|^~\\&|\rRF1|~^~\\&\rPID|\u{0}|^^^^&&&&~~~\rPRD|RP",
        ] {
            let _ = read(text);
        }
    }
}
