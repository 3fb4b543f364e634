//! Patients on somebody else's plan: asked about below the subscriber, and answered for them and nobody else.

use super::Clinic;
use super::coverage::{answer_of, coverage, question, sent, takes, trace};
use serde_json::json;

/// A referral of Maria Garcia's, who is covered by the plan of Luis Garcia, and its question on the way.
fn asking() -> Clinic {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let plan = json!([{
        "payer": "Cedar Health PPO", "member_id": "CH-123456",
        "subscriber": { "name": { "family": "Garcia", "given": "Luis" }, "dob": "1944-05-31", "sex": "male", "relationship": "child" },
    }]);
    sent(clinic, "routine", &plan)
}

/// The loops of a member and of a dependant: name, date of birth.
fn told(trace: &str, member: [&str; 2], dependant: Option<[&str; 2]>, benefits: &str) -> String {
    let below = dependant.map_or_else(String::new, |[name, dob]| {
        let born = if dob.is_empty() {
            String::new()
        } else {
            format!("DMG*D8*{dob}*F~")
        };
        format!("HL*4*3*23*0~TRN*2*{trace}*9123456789~NM1*03*1*{name}~{born}")
    });
    answer_of(
        trace,
        "CH123456",
        member[0],
        member[1],
        &format!("{below}{benefits}"),
    )
}

const LUIS: [&str; 2] = ["GARCIA*LUIS", "19440531"];
const MARIA: [&str; 2] = ["GARCIA*MARIA", "19700517"];
const ACTIVE: &str = "EB*1**30~EB*1**98~";

#[test]
fn the_question_names_the_subscriber_and_below_the_patient() {
    let clinic = asking();
    let (_, text) = question(&clinic);
    let expected = format!(
        "HL*3*2*22*1~\nNM1*IL*1*GARCIA*LUIS****MI*CH-123456~\nDMG*D8*19440531*M~\nHL*4*3*23*0~\nTRN*1*{}*9123456789~\n\
         NM1*03*1*GARCIA*MARIA~\nDMG*D8*19700517*F~\nINS*N*19~\n",
        trace(&clinic)
    );
    assert!(text.contains(&expected), "{text}");
    let shown = clinic.run(["eligibility", "show", "R-10001-W"]).done();
    assert!(shown.contains("child of Garcia, Luis"), "{shown}");
    let shown = clinic.run(["show", "R-10001-W"]).done();
    assert!(
        shown.contains("coverage Cedar Health PPO (child of Garcia, Luis): check pending"),
        "{shown}"
    );
}

#[test]
fn only_an_answer_about_the_patient_counts() {
    let table = [
        ("the dependant", LUIS, Some(MARIA), ACTIVE, "coverage", "active"),
        (
            "without a birth date",
            LUIS,
            Some(["GARCIA*MARIA", ""]),
            ACTIVE,
            "coverage",
            "active",
        ),
        (
            "a member by a number of her own",
            MARIA,
            None,
            ACTIVE,
            "coverage",
            "active",
        ),
        ("over", LUIS, Some(MARIA), "EB*6**30~", "coverage", "inactive"),
        (
            "nothing of the dependant",
            LUIS,
            Some(MARIA),
            "",
            "coverage",
            "error",
        ),
        ("the subscriber alone", LUIS, None, ACTIVE, "intake", "pending"),
        (
            "a sister",
            LUIS,
            Some(["GARCIA*ANA", "19700517"]),
            ACTIVE,
            "intake",
            "pending",
        ),
        (
            "another day",
            LUIS,
            Some(["GARCIA*MARIA", "19710517"]),
            ACTIVE,
            "intake",
            "pending",
        ),
        (
            "another's dependant",
            ["GARCIA*PEDRO", "19440531"],
            Some(MARIA),
            ACTIVE,
            "intake",
            "pending",
        ),
        (
            "a plan of one born later",
            ["GARCIA*LUIS", "19640531"],
            Some(MARIA),
            ACTIVE,
            "intake",
            "pending",
        ),
        (
            "a name without a day",
            ["GARCIA*MARIA", ""],
            None,
            ACTIVE,
            "intake",
            "pending",
        ),
    ];
    for (what, member, dependant, benefits, status, state) in table {
        let clinic = asking();
        let text = told(&trace(&clinic), member, dependant, benefits);
        let said = takes(&clinic, &text, "2026-03-02T14:10:00Z");
        assert_eq!(
            (&said["status"], &coverage(&clinic)["eligibility"]),
            (&json!(status), &json!(state)),
            "{what}: {said}"
        );
    }
    // Benefits that stand with the subscriber are not the dependant's.
    let clinic = asking();
    let text = told(&trace(&clinic), LUIS, Some(MARIA), "").replace("HL*4*3*23", "EB*1**30~HL*4*3*23");
    takes(&clinic, &text, "2026-03-02T14:10:00Z");
    assert_eq!(coverage(&clinic)["eligibility"], "error");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn whose_plan_it_is_leaves_as_fhir_and_comes_back() {
    let clinic = asking();
    let bundle = clinic.run(["export", "R-10001-W"]).done();
    let bundle: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    let resources = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["resource"]);
    let mut coverages = resources.filter(|resource| resource["resourceType"] == "Coverage");
    let exported = coverages.next().unwrap();
    let person = &exported["contained"][0];
    assert_eq!(
        json!([
            exported["subscriber"]["reference"]
                .as_str()
                .unwrap()
                .trim_start_matches('#'),
            exported["relationship"]["coding"][0]["code"],
            person["resourceType"],
            person["name"][0]["family"],
            person["birthDate"],
            person["gender"],
        ]),
        json!([
            person["id"],
            "child",
            "RelatedPerson",
            "Garcia",
            "1944-05-31",
            "male"
        ])
    );
    let other = Clinic::new();
    other.run(["tick"]).done();
    let file = other.file("bundle.json", bundle.to_string());
    other.run(["import", file.to_str().unwrap()]).done();
    assert_eq!(coverage(&other)["subscriber"], coverage(&clinic)["subscriber"]);
}

#[test]
fn other_systems_say_whose_plan_it_is() {
    let mut plan = vec![""; 37];
    for (number, value) in [
        (0, "IN1"),
        (4, "Cedar Health PPO"),
        (16, "GARCIA^LUIS"),
        (17, "CHD"),
        (18, "19440531"),
        (36, "W123"),
    ] {
        plan[number] = value;
    }
    let hl7 = format!(
        "MSH|^~\\&|EHR|ELM|DESK|HEART|20260105||REF^I12|1|P|2.5.1\rRF1||R|CAR^Cardiology^L\rPRD|RP|LEE^ANN^^^DR^MD\r\
         PID|1||8812||GARCIA^MARIA||19700517|F\r{}",
        plan.join("|")
    );
    let fhir = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": { "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
            "code": { "text": "Cardiology consultation" }, "subject": { "reference": "Patient/p" },
            "performerType": { "text": "Cardiology" }, "insurance": [{ "reference": "Coverage/c" }] } },
        { "resource": { "resourceType": "Patient", "id": "p", "name": [{ "family": "Garcia", "given": ["Maria"] }],
            "birthDate": "1970-05-17" } },
        { "resource": { "resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": "W123",
            "beneficiary": { "reference": "Patient/p" }, "payor": [{ "display": "Cedar Health PPO" }],
            "contained": [{ "resourceType": "RelatedPerson", "id": "f", "birthDate": "1944-05-31",
                "name": [{ "family": "Garcia", "given": ["Luis"] }] }],
            "subscriber": { "reference": "#f" }, "relationship": { "coding": [{ "code": "child" }] } } },
    ] });
    let csv = "Ref,Got,Who,Plan,Member,Of,Born,Is\n7,2026-02-27,\"Garcia, Maria\",Cedar Health PPO,W123,\"Garcia, Luis\",1944-05-31,child\n";
    let mapping = "[import.old]\ncolumns = { external = \"Ref\", received = \"Got\", patient = \"Who\", payer = \"Plan\", \
                   member_id = \"Member\", subscriber = \"Of\", subscriber_dob = \"Born\", relationship = \"Is\" }\n\
                   constants = { specialty = \"cardiology\" }\n";
    let expected = json!([{ "family": "Garcia", "given": "Luis" }, "1944-05-31", "child", "W123"]);
    let files: [(&str, &str, &str, &[&str]); 4] = [
        ("a.hl7", &hl7, "intake", &[]),
        ("b.json", &fhir.to_string(), "intake", &[]),
        ("c.json", &fhir.to_string(), "import", &[]),
        ("d.csv", csv, "import", &["--mapping", "old"]),
    ];
    for (name, text, verb, more) in files {
        let clinic = Clinic::new();
        clinic.run(["tick"]).done();
        std::fs::write(clinic.data().join("config.toml"), mapping).unwrap();
        let file = clinic.file(name, text);
        let ran = clinic.run(
            [verb, file.to_str().unwrap()]
                .into_iter()
                .chain(more.iter().copied()),
        );
        let plan = coverage(&clinic);
        let subscriber = &plan["subscriber"];
        assert_eq!(
            json!([
                subscriber["name"],
                subscriber["dob"],
                subscriber["relationship"],
                plan["member_id"]
            ]),
            expected,
            "{name}: {ran:?}"
        );
    }
}
