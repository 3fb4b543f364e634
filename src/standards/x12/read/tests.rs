//! Loops, dependants, refusals and acknowledgements of interchanges.

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
fn a_dependant_stands_apart_from_the_member_and_only_its_own_benefits_count() {
    let dependant = "HL*4*3*23*0~NM1*03*1*ALVAREZ*LUIS~DMG*D8*20150201*M~";
    let stated = answer(&format!("{dependant}EB*1**30~"));
    let table = [
        (What::PatientName, "ALVAREZ, ROSA"),
        (What::Dob, "1970-05-04"),
        (What::Sex, "F"),
        (What::DependentName, "ALVAREZ, LUIS"),
        (What::DependentDob, "2015-02-01"),
        (What::DependentSex, "M"),
        (What::MemberId, "W123"),
        (What::EligibilityStatus, "active"),
    ];
    for (what, expected) in table {
        assert_eq!(stated.all(what).collect::<Vec<_>>(), [expected], "{what:?}");
    }
    let told = |benefits: &str| {
        let stated = answer(benefits);
        let of = |what| stated.first(what).map(str::to_owned);
        (of(What::EligibilityStatus), of(What::CoverageUntil))
    };
    let member_only = format!("EB*1**30~DTP*347*D8*20261231~{dependant}");
    assert_eq!(told(&member_only), (Some("unknown".into()), None));
    let ended = format!("EB*1**30~{dependant}DTP*347*D8*20260131~EB*6**30~");
    assert_eq!(told(&ended), (Some("inactive".into()), Some("2026-01-31".into())));
}

#[test]
fn an_answer_about_several_patients_is_nobodys() {
    let another = "TRN*2*RD1-1~EB*1**30~HL*4*2*22*0~TRN*2*RD2-1~NM1*IL*1*LEE*ANN****MI*W9~EB*6**30~";
    let stated = answer(another);
    assert_eq!(stated.first(What::EligibilityStatus), Some("unknown"));
    assert_eq!(
        (stated.first(What::Trace), stated.first(What::Covered)),
        (None, None)
    );
    let family = "HL*4*3*23*0~NM1*03*1*ALVAREZ*LUIS~EB*1**30~HL*5*3*23*0~NM1*03*1*ALVAREZ*ANA~EB*1**30~";
    assert_eq!(answer(family).first(What::EligibilityStatus), Some("unknown"));
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
    let response = interchange("ST*278*1~BHT*0007*11*1*20260101*1200*18~HCR*A1*AUTH9~HI*BF:41090~SE*3*1~");
    let stated = read(&response).unwrap();
    assert_eq!(stated.sense, Sense::AuthorizationResponse);
    assert_eq!(
        (stated.first(What::AuthNumber), stated.first(What::Icd9)),
        (Some("AUTH9"), Some("410.90"))
    );
}

#[test]
fn a_refusal_among_answers_to_several_questions_is_left_to_a_person() {
    let one = |number: &str, word: &str| {
        format!("ST*999*0001~AK1*HS*{number}*005010X279A1~IK5*{word}~AK9*{word}*1*1*0~SE*5*0001~")
    };
    let table = [
        (one("101", "R"), false),
        (format!("{}{}", one("101", "A"), one("201", "A")), false),
        (format!("{}{}", one("101", "A"), one("201", "R")), true),
        (
            format!("TA1*000000101*260101*1200*A*000~{}", one("101", "R")),
            false,
        ),
        (
            format!("TA1*000000201*260101*1200*R*006~{}", one("101", "A")),
            true,
        ),
    ];
    for (body, left) in table {
        assert_eq!(
            read(&interchange(&body)).unwrap().for_person.is_some(),
            left,
            "{body}"
        );
    }
    let mixed = format!("{}ST*271*1~EB*1**30~SE*3*1~", one("101", "A"));
    assert!(read(&interchange(&mixed)).unwrap().for_person.is_some());
}
