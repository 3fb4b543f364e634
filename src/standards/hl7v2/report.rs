//! Reports on a visit: MDM with a document in it, and ORU whose observation is one (HL7 v2.5.1 chapters 9 and 7).
//!
//! Owns which observation is a clinician's report rather than a result, whether it is final, which numbers it carries of the request that it
//! answers, and the document that travels inside. Must not decide whose it is.

use super::{Message, Segment, messages};
use crate::domain::text;
use crate::standards::{Sense, Stated, What};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// LOINC codes of notes that a clinician writes about a visit (LOINC's document ontology, class DOC.ONTOLOGY).
const NOTES: [&str; 12] = [
    "11488-4", "34099-2", "34111-5", "34117-2", "34133-9", "51845-6", "51847-2", "11506-3", "18842-5",
    "28570-0", "34108-1", "68608-9",
];
/// And how they are called where no such code stands.
const CALLED: [&str; 7] = [
    "consult note",
    "consultation",
    "consult report",
    "specialist report",
    "clinic letter",
    "visit note",
    "visit report",
];
/// OBR-25 (table 0123) of what may still change, and of what does not stand any more.
const NOT_FINAL: [&str; 8] = ["A", "I", "O", "P", "R", "S", "X", "Y"];
/// TXA-17 (table 0271): dictated, incomplete, in progress, pre-authenticated.
const UNSIGNED: [&str; 4] = ["DI", "IN", "IP", "PA"];

/// Notes what a report carries beside its text, and makes an observation that is a report one.
pub fn note_report(message: &Message<'_>, stated: &mut Stated) {
    if stated.sense == Sense::Result && is_note(message) {
        stated.sense = Sense::Report;
    }
    if stated.sense != Sense::Report {
        return;
    }
    let open = message
        .all("OBR")
        .any(|obr| NOT_FINAL.contains(&obr.field(25).text().to_ascii_uppercase().as_str()));
    let unsigned = UNSIGNED.contains(
        &message
            .first("TXA")
            .field(17)
            .text()
            .to_ascii_uppercase()
            .as_str(),
    );
    if open || unsigned {
        // It is kept with the referral, and goes to nobody before somebody has looked.
        stated.sense = Sense::Result;
        stated.doubt("the report is not final yet");
    }
    // The placer's number is that of whoever asked for the visit.
    for (name, number) in [("ORC", 2), ("ORC", 4), ("OBR", 2), ("TXA", 14)] {
        for segment in message.all(name) {
            for placed in segment.field(number).repetitions() {
                stated.note(What::ReferralId, &placed.text(), &format!("{name}-{number}"));
            }
        }
    }
    // The visit's own number, which an earlier message of the same system may have given to the appointment.
    stated.note(
        What::AppointmentId,
        &message.first("PV1").field(19).text(),
        "PV1-19",
    );
    for document in message.all("OBX").filter_map(|obx| decoded(&obx)) {
        let size = document.len().div_ceil(1024);
        stated.note(What::Narrative, &format!("Enclosed: a PDF of {size} kB"), "OBX-5");
    }
}

fn is_note(message: &Message<'_>) -> bool {
    let asked = message.all("OBR").map(|obr| obr.field(4));
    let seen = message.all("OBX").map(|obx| obx.field(3));
    asked.chain(seen).any(|coded| {
        let is = |part: usize| NOTES.contains(&&*coded.component(part).text());
        let called = text::fold(&coded.whole());
        is(1) || is(4) || CALLED.iter().any(|words| called.contains(words))
    })
}

/// The document in an OBX: encapsulated data (ED §2A.24) in base64, a PDF.
fn decoded(obx: &Segment<'_>) -> Option<Vec<u8>> {
    let value = obx.field(5);
    let is = |part: usize, word: &str| value.component(part).text().eq_ignore_ascii_case(word);
    if !obx.field(2).text().eq_ignore_ascii_case("ED") || !is(4, "Base64") {
        return None;
    }
    let data = value.component(5).whole();
    let plain: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(plain).ok()?;
    bytes.starts_with(b"%PDF-").then_some(bytes)
}

/// The first document in a text of messages.
pub fn enclosed(raw: &str) -> Option<Vec<u8>> {
    messages(raw).iter().find_map(|text| {
        let message = Message::parse(text)?;
        message.all("OBX").find_map(|obx| decoded(&obx))
    })
}

#[cfg(test)]
mod tests {
    use super::super::referral::read;
    use super::*;

    fn sense(text: &str) -> (Sense, Stated) {
        let stated = read(text).into_iter().next().unwrap();
        (stated.sense, stated)
    }

    #[test]
    fn a_report_is_told_from_a_result_and_a_draft_from_a_report() {
        let of = |rest: &str| format!("MSH|^~\\&|||||||ORU^R01|1|P|2.5\rPID|1||||A^B\r{rest}");
        let table = [
            (
                "OBR|1|||11488-4^Consult note^LN|||||||||||||||||||||F",
                Sense::Report,
            ),
            (
                "OBR|1|||NOTE^Cardiology consultation^L\rOBX|1|TX|||Fine",
                Sense::Report,
            ),
            ("OBR|1|||X^Y^L\rOBX|1|TX|34099-2^^LN||Fine", Sense::Report),
            (
                "OBR|1|||718-7^Hemoglobin^LN\rOBX|1|NM|718-7^Hgb^LN||13.2",
                Sense::Result,
            ),
            (
                "OBR|1|||11488-4^Consult note^LN|||||||||||||||||||||P",
                Sense::Result,
            ),
        ];
        for (rest, expected) in table {
            assert_eq!(sense(&of(rest)).0, expected, "{rest}");
        }
        let of = |event: &str, txa: &str| {
            format!("MSH|^~\\&|||||||MDM^{event}|1|P|2.5\rPID|1||||A^B\rTXA|1|CN{txa}")
        };
        let table = [
            ("T02", "", Sense::Report),
            ("T02", "|||||||||||||||AU", Sense::Report),
            ("T02", "|||||||||||||||DI", Sense::Result),
            ("T10", "", Sense::Report),
            ("T01", "", Sense::Communication),
            ("T11", "", Sense::Communication),
        ];
        for (event, txa, expected) in table {
            assert_eq!(sense(&of(event, txa)).0, expected, "{event} {txa}");
        }
    }

    #[test]
    fn it_carries_the_number_of_the_request_and_its_document() {
        let pdf = STANDARD.encode(b"%PDF-1.7 a report");
        let text = format!(
            "MSH|^~\\&|||||||ORU^R01|1|P|2.5\rPID|1||||A^B\rPV1|1|O|||||||||||||||||V-9\rORC|RE|R-10001-W^DESK\r\
             OBR|1|R-10001-W||11488-4^Consult note^LN\rOBX|1|ED|PDF^Report^L||^application^pdf^Base64^{pdf}\r"
        );
        let (_, stated) = sense(&text);
        assert_eq!(stated.all(What::ReferralId).collect::<Vec<_>>(), ["R-10001-W"]);
        assert_eq!(stated.first(What::AppointmentId), Some("V-9"));
        assert_eq!(stated.first(What::Narrative), Some("Enclosed: a PDF of 1 kB"));
        assert_eq!(enclosed(&text).unwrap(), b"%PDF-1.7 a report");
        for other in ["^Base64^AAAA", "^Base64^%%%", "^Hex^00", ""] {
            let text = format!("MSH|^~\\&|||||||ORU^R01|1\rOBX|1|ED|||^application^pdf{other}\r");
            assert_eq!(enclosed(&text), None, "{other}");
        }
    }
}
