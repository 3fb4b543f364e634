//! What an X12 interchange states: 270/271 eligibility, 278 authorisation, 275 attachments, acknowledgements.
//!
//! Owns the loops of the implementation guides (005010X279A1 for 270/271, 005010X217 for 278; 4010 reads alike). The answer
//! on a coverage is active only where EB says so and nothing was rejected: an AAA, no EB, or an EB that cannot be read is
//! *unknown*. The patient's items are the subscriber's (loop 2000C), whom the payer has as its member; where the loop of a
//! dependant follows (2000D), it is the dependant's coverage, and what stands with the subscriber says nothing of it. Must not
//! know the desk.

use super::benefits::{note_benefits, note_day, note_refusal};
use super::{Broken, Interchange, Segment};
use crate::domain::coverage::trace_of_control;
use crate::domain::person::{HumanName, is_npi};
use crate::standards::hl7v2::types::moment;
use crate::standards::{Sense, Stated, What};
use std::collections::BTreeSet;

/// The transaction sets (ST01) that say something here.
const SETS: [(&str, Sense); 6] = [
    ("270", Sense::EligibilityRequest),
    ("271", Sense::EligibilityResponse),
    ("275", Sense::Attachment),
    ("997", Sense::Acknowledgement),
    ("999", Sense::Acknowledgement),
    ("277", Sense::AuthorizationResponse),
];

/// Whom the loop that is being read is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Payer,
    Provider,
    Subscriber,
    Dependent,
    Receiver,
    Nobody,
}

/// What an interchange states.
///
/// # Errors
/// See [`Broken`].
pub fn read(text: &str) -> Result<Stated, Broken> {
    let interchange = Interchange::parse(text)?;
    let set = interchange.all().find(|segment| segment.id() == "ST");
    let set = set.map_or("TA1", |segment| segment.element(1));
    let answers = interchange
        .all()
        .find(|segment| segment.id() == "BHT")
        .is_some_and(|bht| matches!(bht.element(2), "11" | "AT" | "CN"));
    let sense = match set {
        "278" if answers => Sense::AuthorizationResponse,
        "278" => Sense::AuthorizationRequest,
        "TA1" => Sense::Acknowledgement,
        set => SETS
            .iter()
            .find(|(each, _)| *each == set)
            .map_or(Sense::Other, |(_, sense)| *sense),
    };
    let mut stated = Stated::new(sense, &format!("X12 {set}"));
    let patients = patients(&interchange);
    let mut about = About::Nobody;
    let mut in_patients_loop = false;
    let mut benefits = Vec::new();
    for segment in interchange.all() {
        if segment.id() == "HL" {
            in_patients_loop = segment.element(3) == patients.level;
        }
        // Whose dates and benefits they are is told by the loop alone.
        let of_another = patients.level == DEPENDENT && !in_patients_loop;
        if matches!(segment.id(), "EB" | "DTP") && of_another {
            continue;
        }
        note(segment, sense, &mut about, &mut stated);
        if segment.id() == "EB" {
            benefits.push(segment);
        }
    }
    if sense == Sense::EligibilityResponse {
        note_benefits(&benefits, &mut stated);
    }
    if patients.level == DEPENDENT {
        stated.doubt("it is about a dependant of the subscriber");
    }
    of_several_questions(&interchange, &mut stated);
    if patients.count > 1 && matches!(sense, Sense::EligibilityResponse | Sense::AuthorizationResponse) {
        of_several(&mut stated);
    }
    Ok(stated)
}

/// HL03 of a dependant's loop, and of a subscriber's.
pub(super) const DEPENDENT: &str = "23";
pub(super) const SUBSCRIBER: &str = "22";

/// Whom an interchange is about: in which loops they stand, and how many they are.
struct Patients {
    level: &'static str,
    count: usize,
}

fn patients(interchange: &Interchange<'_>) -> Patients {
    let of = |level: &str| {
        let loops = interchange.all().filter(|segment| segment.id() == "HL");
        loops.filter(|segment| segment.element(3) == level).count()
    };
    let (subscribers, dependants) = (of(SUBSCRIBER), of(DEPENDENT));
    Patients {
        level: if dependants > 0 { DEPENDENT } else { SUBSCRIBER },
        // A subscriber whose dependant it is about is no further patient; where some have dependants and others have none, the
        // more loops say so.
        count: dependants.max(subscribers),
    }
}

/// An answer about several patients says nothing of any one of them here: neither whose number a check's is, nor who is covered.
fn of_several(stated: &mut Stated) {
    let told = [
        What::Trace,
        What::EligibilityStatus,
        What::Covered,
        What::Certified,
        What::AuthNumber,
    ];
    stated.items.retain(|item| !told.contains(&item.what));
    if stated.sense == Sense::EligibilityResponse {
        stated.note(What::EligibilityStatus, "unknown", "EB01");
    }
    stated.doubt("it answers about several patients: who is covered has to be read in it");
}

/// A refusal among the answers to several questions is one question's, and stands with none; a file of several kinds of answers is
/// read as the first kind.
fn of_several_questions(interchange: &Interchange<'_>, stated: &mut Stated) {
    let numbers = interchange.all().filter_map(|segment| match segment.id() {
        "TA1" => Some(segment.element(1)),
        "AK1" => Some(segment.element(2)),
        _ => None,
    });
    let numbers: BTreeSet<&str> = numbers.map(|number| number.trim_start_matches('0')).collect();
    let acknowledges = stated.sense == Sense::Acknowledgement;
    if acknowledges && numbers.len() > 1 && stated.first(What::ToCorrect).is_some() {
        stated.leave(&format!(
            "answers {} questions, and one is refused: read in it which, and correct that one",
            numbers.len()
        ));
    }
    let sets = interchange.all().filter(|segment| segment.id() == "ST");
    let sets: BTreeSet<&str> = sets.map(|segment| segment.element(1)).collect();
    if sets.len() > 1 {
        stated.leave("holds several kinds of transactions: take each in by itself");
    }
}

fn note(segment: Segment<'_>, sense: Sense, about: &mut About, stated: &mut Stated) {
    match segment.id() {
        "HL" => {
            *about = match segment.element(3) {
                SUBSCRIBER => About::Subscriber,
                DEPENDENT => About::Dependent,
                _ => About::Nobody,
            };
        }
        "NM1" => note_name(segment, sense, about, stated),
        "DMG" if matches!(*about, About::Subscriber | About::Dependent) => {
            let day = moment(&format!("{}0000", segment.element(2)));
            let day = day
                .as_deref()
                .and_then(|day| day.split('T').next())
                .unwrap_or_default();
            let (born, of) = match about {
                About::Dependent => (What::DependentDob, What::DependentSex),
                About::Subscriber | About::Payer | About::Provider | About::Receiver | About::Nobody => {
                    (What::Dob, What::Sex)
                }
            };
            stated.note(born, day, "DMG02");
            stated.note(of, sex(segment.element(3)), "DMG03");
        }
        "AAA" => note_refusal(segment, stated),
        // The number of the question comes back with the answer: TRN01 is 2 where it is the asker's (2000C TRN).
        "TRN" if segment.element(1) == "2" => stated.note(What::Trace, segment.element(2), "TRN02"),
        "DTP" if sense == Sense::EligibilityResponse => note_day(segment, stated),
        "DTP" if sense == Sense::AuthorizationResponse => note_certified(segment, stated),
        "HSD" if segment.element(1) == "VS" => {
            stated.note(What::AuthorizedVisits, segment.element(2), "HSD02")
        }
        "HCR" => {
            stated.note(What::AuthNumber, segment.element(2), "HCR02");
            stated.note(What::Certified, segment.element(1), "HCR01");
        }
        // What the clearing house says of the question's form: TA1 of its envelope, 999 of what is in it.
        "TA1" => {
            stated.note(What::Trace, &of_control(segment.element(1)), "TA101");
            if segment.element(4) == "R" {
                refused(&format!("TA1 {}", segment.element(5)), stated);
            }
        }
        "AK1" => stated.note(What::Trace, &of_control(segment.element(2)), "AK102"),
        "AK9" | "IK5" | "AK5" if matches!(segment.element(1), "R" | "M" | "W" | "X") => {
            refused(&format!("999 {} {}", segment.id(), segment.element(1)), stated);
        }
        "HI" => {
            for number in 1..=12 {
                let code = segment.component(number, 2);
                match segment.component(number, 1) {
                    "ABK" | "ABF" | "ABJ" | "ABN" => stated.note(What::Icd10, &dotted(code), "HI"),
                    // The same qualifiers of ICD-9-CM.
                    "BK" | "BF" | "BJ" | "BN" if !code.is_empty() => stated.note_icd9(&dotted(code), "HI"),
                    _ => stated.note(What::Reason, &dotted(code), "HI"),
                }
            }
        }
        "PER" if *about == About::Provider => {
            for number in [3, 5, 7] {
                let what = match segment.element(number) {
                    "TE" => What::ProviderPhone,
                    "FX" => What::ProviderFax,
                    "EM" => What::ProviderEmail,
                    _ => continue,
                };
                stated.note(what, segment.element(number + 1), "PER");
            }
        }
        _ => {}
    }
}

/// The number of a check of ours that a control number stands for; empty where it is none's.
fn of_control(number: &str) -> String {
    number
        .trim()
        .parse()
        .ok()
        .and_then(trace_of_control)
        .unwrap_or_default()
}

fn refused(how: &str, stated: &mut Stated) {
    let words = format!("the clearing house refused the question's form ({how}): tell its support");
    stated.note(What::ToCorrect, &words, "AK9");
}

/// The days of a certification (278 DTP01 472 service, 007 effective, 607 certification period; 036 expiration).
fn note_certified(dtp: Segment<'_>, stated: &mut Stated) {
    let day = |raw: &str| {
        let iso = format!("{}-{}-{}", raw.get(..4)?, raw.get(4..6)?, raw.get(6..8)?);
        crate::domain::time::parse_day(&iso).ok().map(|_| iso)
    };
    let value = dtp.element(3);
    let (from, to) = match (dtp.element(1), dtp.element(2)) {
        ("472" | "007" | "607", "RD8") => {
            let (from, to) = value.split_once('-').unwrap_or((value, ""));
            (day(from), day(to))
        }
        ("007", "D8") => (day(value), None),
        ("036", "D8") => (None, day(value)),
        _ => return,
    };
    stated.note(What::AuthorizedFrom, &from.unwrap_or_default(), "DTP");
    stated.note(What::AuthorizedTo, &to.unwrap_or_default(), "DTP");
}

/// Codes in X12 leave the point out: `41090` is `410.90`.
fn dotted(code: &str) -> String {
    match (code.get(..3), code.get(3..)) {
        (Some(head), Some(tail)) if !tail.is_empty() && !code.contains('.') => format!("{head}.{tail}"),
        _ => code.to_owned(),
    }
}

fn sex(code: &str) -> &'static str {
    match code {
        "F" => "F",
        "M" => "M",
        _ => "",
    }
}

/// NM1: who (NM101), a person or not (NM102), the name, and the identifier (NM108, NM109).
fn note_name(segment: Segment<'_>, sense: Sense, about: &mut About, stated: &mut Stated) {
    let entity = segment.element(1);
    *about = match entity {
        "PR" | "X3" => About::Payer,
        "1P" | "FA" | "P3" | "80" => About::Provider,
        "IL" => About::Subscriber,
        "03" | "QC" => About::Dependent,
        "SJ" | "1T" | "2B" => About::Receiver,
        _ => About::Nobody,
    };
    let is_person = segment.element(2) == "1";
    let name = HumanName {
        family: segment.element(3).to_owned(),
        given: [segment.element(4), segment.element(5)]
            .join(" ")
            .trim()
            .to_owned(),
        suffix: segment.element(7).to_owned(),
    };
    let whole = segment.element(3);
    let id = segment.element(9);
    match about {
        About::Payer => stated.note(What::Payer, whole, "NM103"),
        About::Provider => {
            if is_person {
                if !whole.is_empty() {
                    stated.note_person(What::ProviderName, name, "NM103");
                }
            } else {
                stated.note(What::Organization, whole, "NM103");
            }
            if segment.element(8) == "XX" && is_npi(id) {
                stated.note(What::Npi, id, "NM109");
            } else if segment.element(8) != "34" {
                stated.note(What::ProviderId, id, "NM109");
            }
        }
        About::Subscriber => {
            if !whole.is_empty() {
                stated.note_person(What::PatientName, name, "NM103");
            }
            stated.note(What::MemberId, id, "NM109");
        }
        About::Receiver if sense != Sense::EligibilityResponse && !whole.is_empty() => {
            if is_person {
                stated.note_person(What::ReferredTo, name, "NM103");
            } else {
                stated.note(What::ReferredTo, whole, "NM103");
            }
        }
        About::Dependent if !whole.is_empty() => stated.note_person(What::DependentName, name, "NM103"),
        About::Receiver | About::Dependent | About::Nobody => {}
    }
}

#[cfg(test)]
mod tests;
