//! Invented answers to questions about coverages, for an invented clinic: 271, printed.
//!
//! Owns what is answered: always the same to the same member and service, mostly yes, now and then a no, a refusal or nothing, so that
//! every state of a check can be met. Each says that it is simulated where a real one has the plan's or the payer's name. Must never be
//! asked about anybody who lives; the command line sees to that.

use super::ask::{self, Inquiry, Submitter};
use crate::domain::time::{Stamp, print_stamp};
use sha2::{Digest, Sha256};

/// What stands in each answer, wherever it is shown.
pub const SIMULATED: &str = "SIMULATED ANSWER";

/// What a hundred members are told: up to which of a hundred, and the segments.
const TOLD: [(u8, &[&str]); 7] = [
    (
        60,
        &[
            "EB*1*IND*30**{}",
            "EB*B**98****25*****Y",
            "EB*C*IND*30***29*350*****Y",
            "EB*1**98",
        ],
    ),
    (
        72,
        &["EB*1*IND*30**{}", "EB*B**98****40*****Y", "EB*1**98**{}*****Y"],
    ),
    (80, &["EB*1*IND*30**{}", "EB*I**98"]),
    (88, &["EB*6*IND*30**{}"]),
    (93, &["AAA*N**72*C"]),
    (96, &["AAA*Y**42*R"]),
    // Nobody answers: the check runs into its time.
    (100, &[]),
];

/// Who asks in an invented clinic.
pub fn submitter(clinic: &str) -> Submitter {
    Submitter {
        sender: "SIMULATED".into(),
        receiver: "SIMULATOR".into(),
        name: clinic.to_owned(),
        // The NPI of CMS's own examples: its check digit is right, and it is nobody's.
        npi: "1234567893".into(),
        production: false,
    }
}

/// The answer; none where nobody answers.
pub fn answer(submitter: &Submitter, inquiry: &Inquiry<'_>, now: Stamp) -> Option<String> {
    let mut hash = Sha256::new();
    hash.update(inquiry.payer);
    hash.update(inquiry.member_id);
    let drawn = hash.finalize().first().copied().unwrap_or_default() % 100;
    let told = TOLD.iter().find(|(below, _)| drawn < *below)?.1;
    if told.is_empty() {
        return None;
    }
    let stamp: String = print_stamp(now).chars().filter(char::is_ascii_digit).collect();
    let at = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
    // The question names everybody; its answer names them back.
    let question = ask::print(submitter, inquiry, now);
    let mut segments = Vec::new();
    for segment in question.split(['~', '\n']).filter(|segment| !segment.is_empty()) {
        let mut parts = segment.split('*');
        match parts.next().unwrap_or_default() {
            "ISA" | "GS" | "ST" | "SE" | "GE" | "IEA" | "EQ" | "DTP" => {}
            "BHT" => segments.push(segment.replacen("BHT*0022*13", "BHT*0022*11", 1)),
            "TRN" => segments.push(segment.replacen("TRN*1", "TRN*2", 1)),
            _ => segments.push(segment.to_owned()),
        }
    }
    segments.extend(told.iter().map(|segment| segment.replace("{}", SIMULATED)));
    let body: String = segments.iter().map(|segment| format!("{segment}~\n")).collect();
    let count = segments.len() + 2;
    let (date, time, day) = (at(2, 8), at(8, 12), at(0, 8));
    Some(format!(
        "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*{date}*{time}*^*00501*000000001*0*T*:~\n\
         GS*HB*{}*{}*{day}*{time}*1*X*005010X279A1~\nST*271*0001*005010X279A1~\n{body}SE*{count}*0001~\nGE*1*1~\nIEA*1*000000001~\n",
        submitter.receiver, submitter.sender, submitter.receiver, submitter.sender,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coverage::trace;
    use crate::domain::id::CoverageId;
    use crate::domain::person::{HumanName, Sex};
    use crate::domain::time::{parse_day, parse_stamp};
    use crate::standards::x12::read;
    use crate::standards::{Sense, What};
    use std::collections::BTreeMap;

    #[test]
    fn an_answer_is_an_answer_to_its_question_and_says_that_it_is_simulated() {
        let name = HumanName {
            family: "Garcia".into(),
            given: "Maria".into(),
            suffix: String::new(),
        };
        let (own, now) = (
            submitter("Riverside"),
            parse_stamp("2026-03-02T14:05:00Z").unwrap(),
        );
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for number in 0..400 {
            let member_id = format!("CH-{number}");
            let inquiry = Inquiry {
                coverage: CoverageId(12),
                round: 3,
                payer: "Cedar Health PPO",
                payer_id: "SIM",
                member_id: &member_id,
                name: &name,
                dob: parse_day("1970-05-17").unwrap(),
                sex: Sex::Female,
                subscriber: None,
                day: parse_day("2026-03-10").unwrap(),
                services: &["30".into(), "98".into()],
            };
            let Some(text) = answer(&own, &inquiry, now) else {
                *told.entry("nothing").or_default() += 1;
                continue;
            };
            assert_eq!(answer(&own, &inquiry, now), Some(text.clone()));
            let stated = read(&text).unwrap();
            assert_eq!(stated.sense, Sense::EligibilityResponse);
            assert_eq!(
                [What::Trace, What::MemberId, What::PatientName, What::Dob].map(|what| stated.first(what)),
                [
                    Some(trace(CoverageId(12), 3).as_str()),
                    Some(member_id.as_str()),
                    Some("GARCIA, MARIA"),
                    Some("1970-05-17")
                ]
            );
            let status = stated.first(What::EligibilityStatus).unwrap();
            let kind = match (
                status,
                stated.first(What::Rejection),
                stated.first(What::NotCovered),
            ) {
                ("active", None, None) => "active",
                ("active", None, Some("98")) => "partial",
                ("inactive", None, _) => "inactive",
                ("unknown", Some(_), _) => "refused",
                other => panic!("{other:?}"),
            };
            *told.entry(kind).or_default() += 1;
            assert!(
                kind == "refused" || stated.first(What::Plan) == Some(SIMULATED),
                "{text}"
            );
        }
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told["active"] > 200, "{told:?}");
    }
}
