//! Answers are what the standard says, and read back as answers.

use super::*;
use crate::domain::id::ReferralId;
use crate::domain::message::MessageKind;
use crate::domain::person::Channel;
use crate::domain::time::{parse_day, parse_stamp};
use crate::standards::fhir::chart::sample;
use crate::standards::hl7v2::referral::read;
use crate::standards::{Sense, What};

const REF: &str = "MSH|^~\\&|EPIC|HILL|REFDESK|CLINIC|20260302||REF^I12^REF_I12|MSG7|T|2.4\rRF1||R^Routine^HL70280||||S-77^HILL\r\
    PRD|RP|Hale^Irene\rPID|1||11^^^HILL||Lee^Ann";
const OMG: &str = "MSH:*~!%:EPIC:HILL:R:C:20260302::OMG*O19*OMG_O19:MSG8:P:2.5.1\rPID:1::11::Lee*Ann\rORC:NW:P-9*HILL::G-1*HILL\r\
    OBR:1:P-9*HILL::34104*Cardiology";

fn chart(status: Status, reason: Option<&str>) -> (Chart, Message) {
    let (mut chart, _) = sample::chart(5);
    chart.referral.id = ReferralId(20_417);
    chart.referral.status = status;
    chart.referral.status_reason = reason.map(str::to_owned);
    chart.patient.name.family = "Lee".into();
    chart.patient.name.given = "Ann".into();
    chart.patient.dob = parse_day("1970-05-04").ok();
    let at = parse_stamp("2026-03-02T15:04:05Z").unwrap();
    let mut message = sample::message(9, MessageKind::StatusUpdate, Channel::Exchange);
    message.key = "status-update/R-20417-S/2".into();
    message.subject = status.code().into();
    message.body = status.to_string();
    message.created_at = at;
    (chart, message)
}

fn answer(asked: &str, status: Status, reason: Option<&str>) -> Option<String> {
    let (chart, message) = chart(status, reason);
    let now = parse_stamp("2026-03-02T15:05:00Z").unwrap();
    print(
        asked,
        &chart,
        &message,
        Answering {
            clinic: "Heart & Vascular",
            now,
        },
    )
}

#[test]
fn a_referral_is_answered_with_its_status() {
    let said = answer(REF, Status::Declined, Some("no echo | here")).unwrap();
    assert_eq!(
        said.replace('\r', "\n"),
        "MSH|^~\\&|REFDESK|Heart \\T\\ Vascular|EPIC|HILL|20260302150500+0000||RRI^I12^RRI_I12|R-20417-S/2|T|2.4\n\
         MSA|AA|MSG7\n\
         RF1|R^Rejected^HL70283|R^Routine^HL70280||||S-77^HILL|||20260302150405+0000|^no echo \\F\\ here|R-20417-S^REFDESK\n\
         PRD|RP|Hale^Irene\n\
         PID|1||11^^^HILL||Lee^Ann\n\
         NTE|1||declined (BSeR 4.0 Service Request Declined)\n"
    );
    let read = read(&said).remove(0);
    assert_eq!(
        (read.sense, read.first(What::ReferralId)),
        (Sense::ReferralStatus, Some("S-77"))
    );
}

#[test]
fn an_order_is_answered_with_the_senders_delimiters() {
    let table = [
        (Status::Accepted, "OK", "IP"),
        (Status::Declined, "UA", "CA"),
        (Status::Scheduled, "SC", "SC"),
        (Status::Closed, "SC", "CM"),
        (Status::Cancelled, "OC", "CA"),
    ];
    for (status, control, state) in table {
        let said = answer(OMG, status, None).unwrap();
        let message = Asked::parse(&said).unwrap();
        assert_eq!(message.event(), ("OSU".into(), "O51".into()));
        let orc = message.first("ORC");
        assert_eq!(
            (orc.field(1).text(), orc.field(5).text()),
            (control.into(), state.into()),
            "{status}"
        );
        assert_eq!(
            (orc.field(2).text(), orc.field(3).text(), orc.field(4).text()),
            ("P-9".into(), "R-20417-S".into(), "G-1".into())
        );
        assert_eq!(message.first("OBR").field(4).component(2).text(), "Cardiology");
        assert_eq!(message.first("PID").field(5).component(2).text(), "Ann");
    }
}

#[test]
fn of_many_the_patients_own_is_answered_and_nothing_else_is() {
    let other = REF
        .replace("Lee^Ann", "Okafor^Ngozi")
        .replace("MSG7", "MSG6")
        .replace("S-77", "S-76");
    let both = format!("{other}\r{REF}");
    assert!(
        answer(&both, Status::Accepted, None)
            .unwrap()
            .contains("MSA|AA|MSG7")
    );
    // Of one family, one number, and a change of the patient's own.
    let brother = other.replace("Okafor^Ngozi", "Lee^Omar");
    let daughter = other.replace("Okafor^Ngozi", "Lee^Ann||20150204");
    for relative in [&brother, &daughter] {
        let both = format!("{relative}\r{REF}");
        assert!(
            answer(&both, Status::Accepted, None)
                .unwrap()
                .contains("MSA|AA|MSG7"),
            "{relative}"
        );
    }
    let change = REF.replace("I12", "I13").replace("MSG7", "MSG9");
    let changed = format!("{REF}\r{change}");
    assert!(
        answer(&changed, Status::Accepted, None)
            .unwrap()
            .contains("MSA|AA|MSG9")
    );
    let two = format!("{REF}\r{}", change.replace("S-77", "S-78"));
    assert_eq!(
        answer(&two, Status::Accepted, None),
        None,
        "which of the two is meant"
    );
    let neither = format!("{other}\r{other}");
    assert_eq!(
        answer(&neither, Status::Accepted, None),
        None,
        "nobody knows which"
    );
    assert!(
        answer(&other, Status::Accepted, None)
            .unwrap()
            .contains("MSA|AA|MSG6"),
        "corrected here since"
    );
    for asked in ["", "MSH|^~\\&|A\rPID|1", &REF.replace("REF^I12", "ADT^A08")] {
        assert_eq!(answer(asked, Status::Accepted, None), None);
    }
}
