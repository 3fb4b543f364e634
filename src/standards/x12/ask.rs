//! The question to a payer: 270, printed.
//!
//! Owns the loops and elements of the eligibility inquiry (ASC X12N 005010X279A1) for one patient: the subscriber (loop 2000C), or a
//! dependant of the subscriber's (2000D). Text in an
//! element is cut to the guide's length and loses the separators: nothing that a patient is called can end a segment. Must not
//! know how it is handed over.

use crate::domain::coverage::{Relationship, Subscriber, control_number, trace};
use crate::domain::id::CoverageId;
use crate::domain::person::{HumanName, Sex};
use crate::domain::time::{Day, Stamp, print_stamp};
use std::fmt::Write;

/// Who asks whom, as the clearing house knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitter {
    /// The clinic's id at the clearing house (ISA06, GS02).
    pub sender: String,
    /// The clearing house's id (ISA08, GS03).
    pub receiver: String,
    /// The clinic's name (2100B NM103).
    pub name: String,
    /// The clinic's NPI (2100B NM109).
    pub npi: String,
    /// Whether it is for production (ISA15 `P`), or a test (`T`).
    pub production: bool,
}

/// What is asked.
pub struct Inquiry<'a> {
    /// The coverage and the how-manieth check of it: together they number the question.
    pub coverage: CoverageId,
    /// See `coverage`.
    pub round: u32,
    /// Payer's name (2100A NM103).
    pub payer: &'a str,
    /// The clearing house's number of the payer (2100A NM109).
    pub payer_id: &'a str,
    /// Member id (2100C NM109).
    pub member_id: &'a str,
    /// The patient.
    pub name: &'a HumanName,
    /// Date of birth (DMG02).
    pub dob: Day,
    /// Sex (DMG03).
    pub sex: Sex,
    /// Whose plan it is, where it is not the patient's own.
    pub subscriber: Option<&'a Subscriber>,
    /// The day that is asked about (DTP*291).
    pub day: Day,
    /// Service types (EQ01).
    pub services: &'a [String],
}

/// Prints a question as an interchange.
pub fn print(submitter: &Submitter, inquiry: &Inquiry<'_>, now: Stamp) -> String {
    let stamp: String = print_stamp(now).chars().filter(char::is_ascii_digit).collect();
    let at = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
    let (day, time) = (at(0, 8), at(8, 12));
    let trace = trace(inquiry.coverage, inquiry.round);
    let control = control_number(inquiry.coverage, inquiry.round);
    let compact = |day: Day| day.to_string().replace('-', "");
    // TRN03 is ten characters: `9` and what is known of the originator (guide, 2000C TRN03).
    let originator = text(&submitter.npi, 9);
    let mut body = vec![
        format!("BHT*0022*13*{trace}*{day}*{time}"),
        "HL*1**20*1".to_owned(),
        format!(
            "NM1*PR*2*{}*****PI*{}",
            text(inquiry.payer, 60),
            text(inquiry.payer_id, 80)
        ),
        "HL*2*1*21*1".to_owned(),
        format!(
            "NM1*1P*2*{}*****XX*{}",
            text(&submitter.name, 60),
            text(&submitter.npi, 80)
        ),
    ];
    let number = format!("TRN*1*{trace}*9{originator:0<9}");
    let called = |name: &HumanName| format!("{}*{}", text(&name.family, 60), text(&name.given, 35));
    let member = |name| format!("NM1*IL*1*{}****MI*{}", called(name), text(inquiry.member_id, 80));
    let born = format!("DMG*D8*{}{}", compact(inquiry.dob), sex(inquiry.sex));
    match inquiry.subscriber {
        None => body.extend(["HL*3*2*22*0".to_owned(), number, member(inquiry.name), born]),
        // The number of the question stands with whom it is about (2000D TRN).
        Some(subscriber) => {
            body.extend(["HL*3*2*22*1".to_owned(), member(&subscriber.name)]);
            body.extend(
                subscriber
                    .dob
                    .map(|dob| format!("DMG*D8*{}{}", compact(dob), sex(subscriber.sex))),
            );
            body.extend([
                "HL*4*3*23*0".to_owned(),
                number,
                format!("NM1*03*1*{}", called(inquiry.name)),
                born,
            ]);
            body.extend(relationship(subscriber.relationship).map(|code| format!("INS*N*{code}")));
        }
    }
    body.push(format!("DTP*291*D8*{}", compact(inquiry.day)));
    body.extend(
        inquiry
            .services
            .iter()
            .map(|service| format!("EQ*{}", text(service, 2))),
    );
    // ST and SE count themselves (SE01).
    let count = body.len() + 2;
    let usage = if submitter.production { 'P' } else { 'T' };
    let mut out = format!(
        "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*{}*{time}*^*00501*{control:09}*0*{usage}*:~\n\
         GS*HS*{}*{}*{day}*{time}*{control}*X*005010X279A1~\nST*270*0001*005010X279A1~\n",
        text(&submitter.sender, 15),
        text(&submitter.receiver, 15),
        at(2, 8),
        text(&submitter.sender, 15),
        text(&submitter.receiver, 15),
    );
    for segment in body {
        let _ = writeln!(out, "{segment}~");
    }
    let _ = write!(out, "SE*{count}*0001~\nGE*1*{control}~\nIEA*1*{control:09}~\n");
    out
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "*F",
        Sex::Male => "*M",
        Sex::Other | Sex::Unknown => "",
    }
}

/// INS02 of a dependant: spouse or child. The guide has a third, another adult; whether somebody is one is not known here, and a
/// question need not say.
fn relationship(relationship: Relationship) -> Option<&'static str> {
    match relationship {
        Relationship::Spouse => Some("01"),
        Relationship::Child => Some("19"),
        Relationship::Other => None,
    }
}

/// A text of X12's basic and extended character set (X12.6 §3.3) without the separators, at most so long.
fn text(raw: &str, most: usize) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = raw
        .nfd()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .filter(|c| !matches!(c, '*' | '~' | ':' | '^' | '|' | '\\' | '`'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let squeezed = crate::domain::text::squeeze(&plain);
    squeezed
        .chars()
        .take(most)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_day, parse_stamp};
    use crate::standards::x12::{Interchange, read};
    use crate::standards::{Sense, What};

    fn printed(family: &str) -> String {
        asked(family, None)
    }

    fn asked(family: &str, subscriber: Option<&Subscriber>) -> String {
        asked_by("1234567893", family, subscriber)
    }

    fn asked_by(npi: &str, family: &str, subscriber: Option<&Subscriber>) -> String {
        let submitter = Submitter {
            sender: "RIVERSIDE".into(),
            receiver: "CLEARHOUSE".into(),
            name: "Riverside Cardiology".into(),
            npi: npi.into(),
            production: true,
        };
        let name = HumanName {
            family: family.into(),
            given: "María".into(),
            suffix: String::new(),
        };
        let inquiry = Inquiry {
            coverage: CoverageId(12),
            round: 3,
            payer: "Aetna",
            payer_id: "60054",
            member_id: "W123",
            name: &name,
            dob: parse_day("1970-05-04").unwrap(),
            sex: Sex::Female,
            subscriber,
            day: parse_day("2026-03-10").unwrap(),
            services: &["30".into(), "98".into()],
        };
        print(&submitter, &inquiry, parse_stamp("2026-03-02T14:05:00Z").unwrap())
    }

    #[test]
    fn a_question_is_an_interchange_of_the_guide() {
        let expected = "\
ISA*00*          *00*          *ZZ*RIVERSIDE      *ZZ*CLEARHOUSE     *260302*1405*^*00501*000001203*0*P*:~
GS*HS*RIVERSIDE*CLEARHOUSE*20260302*1405*1203*X*005010X279A1~
ST*270*0001*005010X279A1~
BHT*0022*13*RD12-3*20260302*1405~
HL*1**20*1~
NM1*PR*2*AETNA*****PI*60054~
HL*2*1*21*1~
NM1*1P*2*RIVERSIDE CARDIOLOGY*****XX*1234567893~
HL*3*2*22*0~
TRN*1*RD12-3*9123456789~
NM1*IL*1*ALVAREZ*MARIA****MI*W123~
DMG*D8*19700504*F~
DTP*291*D8*20260310~
EQ*30~
EQ*98~
SE*14*0001~
GE*1*1203~
IEA*1*000001203~
";
        assert_eq!(printed("Álvarez"), expected);
        let stated = read(expected).unwrap();
        assert_eq!(
            (stated.sense, stated.first(What::MemberId)),
            (Sense::EligibilityRequest, Some("W123"))
        );
    }

    #[test]
    fn a_dependant_is_asked_about_below_the_subscriber() {
        let mut subscriber = Subscriber {
            name: HumanName {
                family: "Álvarez".into(),
                given: "Luis".into(),
                suffix: String::new(),
            },
            dob: parse_day("1944-05-31").ok(),
            sex: Sex::Male,
            relationship: Relationship::Child,
        };
        let expected = "\
HL*3*2*22*1~
NM1*IL*1*ALVAREZ*LUIS****MI*W123~
DMG*D8*19440531*M~
HL*4*3*23*0~
TRN*1*RD12-3*9123456789~
NM1*03*1*JONES*MARIA~
DMG*D8*19700504*F~
INS*N*19~
DTP*291*D8*20260310~
EQ*30~
EQ*98~
SE*18*0001~
";
        let text = asked("Jones", Some(&subscriber));
        assert!(text.contains(expected), "{text}");
        let stated = read(&text).unwrap();
        let said = |what| stated.first(what);
        assert_eq!(
            [What::PatientName, What::DependentName, What::DependentDob].map(said),
            [Some("ALVAREZ, LUIS"), Some("JONES, MARIA"), Some("1970-05-04")]
        );
        // What is not known is not said, and the count of segments follows.
        subscriber.dob = None;
        subscriber.relationship = Relationship::Other;
        let text = asked("Jones", Some(&subscriber));
        assert!(
            text.contains("W123~\nHL*4*3*23*0~") && text.contains("SE*16*0001~"),
            "{text}"
        );
        assert!(!text.contains("INS*"), "{text}");
    }

    #[test]
    fn no_number_of_ours_ends_a_segment() {
        let text = asked_by("12~3*45\u{fffd}", "Jones", None);
        assert!(text.contains("TRN*1*RD12-3*9123450000~\n"), "{text}");
        assert_eq!(Interchange::parse(&text).unwrap().all().count(), 18, "{text}");
    }

    #[test]
    fn no_name_ends_a_segment() {
        for name in [
            "O'Neil~IEA*1",
            "a*b:c^d|e",
            "\n\r\u{1b}[31m",
            "王",
            &"x".repeat(500),
        ] {
            let text = printed(name);
            let interchange = Interchange::parse(&text).unwrap();
            assert_eq!(interchange.all().count(), 18, "{name}");
            assert!(
                text.is_ascii() && text.lines().all(|line| line.len() < 140),
                "{name}"
            );
        }
    }
}
