//! What an X12 interchange states: 270/271 eligibility, 278 authorisation, 275 attachments, acknowledgements.
//!
//! Owns the loops of the implementation guides (005010X279A1 for 270/271, 005010X217 for 278; 4010 reads alike). The answer
//! on a coverage is active only where EB says so and nothing was rejected: an AAA, no EB, or an EB that cannot be read is
//! *unknown*. Must not know the desk.

use super::benefits::{note_benefits, note_day, note_refusal};
use super::{Broken, Interchange, Segment};
use crate::domain::coverage::trace_of_control;
use crate::domain::person::{HumanName, is_npi};
use crate::standards::hl7v2::types::moment;
use crate::standards::{Sense, Stated, What};

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
    let mut about = About::Nobody;
    let mut benefits = Vec::new();
    for segment in interchange.all() {
        note(segment, sense, &mut about, &mut stated);
        if segment.id() == "EB" {
            benefits.push(segment);
        }
    }
    if sense == Sense::EligibilityResponse {
        note_benefits(&benefits, &mut stated);
    }
    Ok(stated)
}

fn note(segment: Segment<'_>, sense: Sense, about: &mut About, stated: &mut Stated) {
    match segment.id() {
        "HL" => {
            *about = match segment.element(3) {
                "22" => About::Subscriber,
                "23" => About::Dependent,
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
            stated.note(What::Dob, day, "DMG02");
            stated.note(What::Sex, sex(segment.element(3)), "DMG03");
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
                if matches!(segment.component(number, 1), "ABK" | "ABF" | "ABJ" | "ABN") {
                    stated.note(What::Icd10, &dotted(code), "HI");
                } else {
                    stated.note(What::Reason, &dotted(code), "HI");
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
        // The dependant is the patient where there is one (loop 2000D): whose card it is says nothing of the patient.
        About::Dependent => {
            let whose = [What::PatientName, What::Dob, What::Sex];
            stated.items.retain(|item| !whose.contains(&item.what));
            if !whole.is_empty() {
                stated.note_person(What::PatientName, name, "NM103");
            }
            stated.doubt("it is about a dependant of the subscriber");
        }
        About::Receiver | About::Nobody => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interchange(body: &str) -> String {
        format!(
            "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*00501*000000001*0*P*:~\
             GS*HB*A*B*20260101*1200*1*X*005010X279A1~{body}GE*1*1~IEA*1*000000001~"
        )
    }

    fn answer(benefits: &str) -> Stated {
        let body = format!(
            "ST*271*1~HL*1**20*1~NM1*PR*2*AETNA*****PI*1~HL*2*1*21*1~NM1*1P*2*HEART CLINIC*****XX*1234567893~\
             HL*3*2*22*0~NM1*IL*1*ALVAREZ*ROSA****MI*W123~DMG*D8*19700504*F~{benefits}SE*9*1~"
        );
        read(&interchange(&body)).unwrap()
    }

    #[test]
    fn an_answer_states_the_coverage() {
        let stated = answer("EB*1**30**GOLD~EB*B**98****20*****Y~");
        let table = [
            (What::PatientName, "ALVAREZ, ROSA"),
            (What::Dob, "1970-05-04"),
            (What::Payer, "AETNA"),
            (What::MemberId, "W123"),
            (What::Npi, "1234567893"),
            (What::EligibilityStatus, "active"),
            (What::Plan, "GOLD"),
            (What::Copay, "20"),
        ];
        for (what, expected) in table {
            assert_eq!(stated.first(what), Some(expected), "{what:?}");
        }
    }

    #[test]
    fn the_dependant_is_the_patient_where_there_is_one() {
        let stated = answer("HL*4*3*23*0~NM1*03*1*ALVAREZ*LUIS~DMG*D8*20150201*M~EB*1**30~");
        let table = [
            (What::PatientName, "ALVAREZ, LUIS"),
            (What::Dob, "2015-02-01"),
            (What::Sex, "M"),
            (What::MemberId, "W123"),
        ];
        for (what, expected) in table {
            assert_eq!(stated.all(what).collect::<Vec<_>>(), [expected], "{what:?}");
        }
    }

    #[test]
    fn no_answer_is_never_eligible() {
        let table = [
            ("EB*1**30~", "active"),
            ("EB*6**30~", "inactive"),
            ("", "unknown"),
            ("AAA*N**72*C~", "unknown"),
            ("AAA*N**42*Y~EB*1**30~", "unknown"),
            ("EB*Z**30~", "unknown"),
        ];
        for (benefits, expected) in table {
            assert_eq!(
                answer(benefits).first(What::EligibilityStatus),
                Some(expected),
                "{benefits}"
            );
        }
    }

    #[test]
    fn an_authorisation_is_a_request_or_its_answer() {
        let request = interchange("ST*278*1~BHT*0007*13*1*20260101*1200~SE*3*1~");
        assert_eq!(read(&request).unwrap().sense, Sense::AuthorizationRequest);
        let response =
            interchange("ST*278*1~BHT*0007*11*1*20260101*1200*18~HCR*A1*AUTH9~HI*BF:41090~SE*3*1~");
        let stated = read(&response).unwrap();
        assert_eq!(stated.sense, Sense::AuthorizationResponse);
        assert_eq!(
            (stated.first(What::AuthNumber), stated.first(What::Reason)),
            (Some("AUTH9"), Some("410.90"))
        );
    }
}
