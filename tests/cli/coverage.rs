//! Coverages: asked about by themselves, answered, not answered, answered for somebody else.

use super::Clinic;
use serde_json::{Value, json};
use std::path::Path;

const CONFIG: &str = "\
[eligibility]
folder = \"to-payers\"
sender = \"RIVERSIDE\"
receiver = \"CLEARHOUSE\"
npi = \"1234567893\"

[eligibility.payers]
\"Cedar Health PPO\" = \"60054\"
";

/// A clinic that asks its payers, with a referral of Maria Garcia's, and its question on the way.
pub fn asking(priority: &str) -> Clinic {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    asking_by(clinic, CONFIG, priority)
}

/// The same, by another configuration.
pub fn asking_by(clinic: Clinic, config: &str, priority: &str) -> Clinic {
    let plan = json!([{ "payer": "Cedar Health PPO", "member_id": "CH-123456" }]);
    covered_by(clinic, config, priority, &plan)
}

/// The same, on these plans.
pub fn sent(clinic: Clinic, priority: &str, plans: &Value) -> Clinic {
    covered_by(clinic, CONFIG, priority, plans)
}

fn covered_by(clinic: Clinic, config: &str, priority: &str, plans: &Value) -> Clinic {
    std::fs::write(clinic.data().join("config.toml"), config).unwrap();
    let received = json!({
        "command": "receive", "source": "phone", "template": "cardiology", "priority": priority, "reason_text": "palpitations",
        "reason_codes": ["I48.91"],
        "patient": { "new": { "name": { "family": "Garcia", "given": "Maria", "suffix": "" }, "dob": "1970-05-17", "sex": "female", "email": "m@example.org" } },
        "requester": { "new": { "name": { "family": "Hale", "given": "Irene", "suffix": "MD" }, "npi": "1234567893", "fax": "8025550100" } },
        "coverages": plans,
        "provided": ["ecg", "visit-note", "medications", "lipids"],
    });
    let receipt = clinic.does(received);
    assert_eq!(receipt["referral"], "R-10001-W", "{receipt}");
    assert_eq!(clinic.at("2026-03-02T14:01:00Z", &["tick"]).code, 0);
    clinic
}

pub fn coverage(clinic: &Clinic) -> Value {
    clinic.show("R-10001-W")["coverages"][0].clone()
}

pub fn question(clinic: &Clinic) -> (String, String) {
    let folder = clinic.data().join("to-payers");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let name = names.pop().unwrap();
    let text = std::fs::read_to_string(folder.join(&name)).unwrap();
    (name, text)
}

pub fn trace(clinic: &Clinic) -> String {
    coverage(clinic)["trace"].as_str().unwrap().to_owned()
}

pub fn answer_of(trace: &str, member: &str, name: &str, dob: &str, benefits: &str) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*RIVERSIDE      *260302*1410*^*00501*000000007*0*P*:~\
         GS*HB*CLEARHOUSE*RIVERSIDE*20260302*1410*7*X*005010X279A1~ST*271*0001*005010X279A1~BHT*0022*11*{trace}*20260302*1410~\
         HL*1**20*1~NM1*PR*2*CEDAR HEALTH*****PI*60054~HL*2*1*21*1~NM1*1P*2*RIVERSIDE*****XX*1234567893~HL*3*2*22*0~\
         TRN*2*{trace}*9123456789~NM1*IL*1*{name}****MI*{member}~DMG*D8*{dob}*F~{benefits}SE*12*0001~GE*1*7~IEA*1*000000007~"
    )
}

pub fn hers(trace: &str, benefits: &str) -> String {
    answer_of(trace, "CH123456", "GARCIA*MARIA", "19700517", benefits)
}

pub fn takes(clinic: &Clinic, text: &str, now: &str) -> Value {
    let file = clinic.file("answer.edi", text);
    let said = clinic.at(now, &["--json", "intake", file.to_str().unwrap()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.objects().remove(0)
}

#[test]
fn a_coverage_is_asked_about_by_itself_once_and_the_answer_stands_on_the_referral() {
    let clinic = asking("routine");
    let (name, text) = question(&clinic);
    let trace = trace(&clinic);
    assert_eq!(name, format!("270-{trace}.edi"));
    assert!(
        text.contains("NM1*IL*1*GARCIA*MARIA****MI*CH-123456~")
            && text.contains("NM1*PR*2*CEDAR HEALTH PPO*****PI*60054~"),
        "{text}"
    );
    assert_eq!(coverage(&clinic)["asked_at"], "2026-03-02T14:01:00Z");
    // The clearing house's program takes it; the clock does not ask again.
    std::fs::remove_file(clinic.data().join("to-payers").join(&name)).unwrap();
    clinic.at("2026-03-02T14:05:00Z", &["tick"]).done();
    assert!(
        std::fs::read_dir(clinic.data().join("to-payers"))
            .unwrap()
            .next()
            .is_none()
    );
    let said = takes(
        &clinic,
        &hers(
            &trace,
            "EB*1*IND*30**GOLD PPO~DTP*347*D8*20260320~EB*B**98****20*****Y~EB*C*IND*30***29*350*****Y~EB*1**98~",
        ),
        "2026-03-02T14:10:00Z",
    );
    assert_eq!(
        (&said["status"], &said["referral"]),
        (&json!("coverage"), &json!("R-10001-W"))
    );
    let now = coverage(&clinic);
    assert_eq!(
        json!([now["eligibility"], now["valid_until"], now["note"]]),
        json!([
            "active",
            "2026-03-20",
            "GOLD PPO · co-pay 20 · deductible 350 left"
        ])
    );
    let shown = clinic.run(["eligibility", "show", "R-10001-W"]).done();
    assert!(
        shown.contains(
            "Cedar Health PPO active · asked 2 Mar 09:01 · answered 2 Mar 09:10 · counts until 20 Mar 2026"
        ),
        "{shown}"
    );
    // The same answer once more changes nothing.
    let again = takes(
        &clinic,
        &format!("{}\n", hers(&trace, "EB*6**30~")),
        "2026-03-02T14:11:00Z",
    );
    assert_eq!(
        (&again["status"], &coverage(&clinic)["eligibility"]),
        (&json!("intake"), &json!("active"))
    );
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn no_answer_a_refusal_and_a_wrong_patient_are_never_active() {
    let active = "EB*1**30~";
    type Answer = fn(&str) -> String;
    let table: [(&str, Answer, &str); 10] = [
        ("a refused question", |trace| hers(trace, "AAA*N**75*C~"), "error"),
        (
            "refused, with a benefit beside it",
            |trace| hers(trace, "AAA*Y**42*R~EB*1**30~"),
            "error",
        ),
        (
            "nothing of the coverage",
            |trace| hers(trace, "EB*V**98~"),
            "error",
        ),
        ("over", |trace| hers(trace, "EB*6**30~"), "inactive"),
        (
            "ended last month",
            |trace| hers(trace, "EB*1**30~DTP*347*D8*20260228~"),
            "inactive",
        ),
        (
            "the visit left out",
            |trace| hers(trace, "EB*1**30~EB*I**98~"),
            "partial",
        ),
        (
            "the visit left out, in a list",
            |trace| hers(trace, "EB*1**30~EB*I**33!98~").replace("*^*00501*", "*!*00501*"),
            "partial",
        ),
        ("another service", |trace| hers(trace, "EB*1**33~"), "partial"),
        (
            "silent about the plan",
            |trace| hers(trace, "EB*1**98~EB*1**35^88~"),
            "partial",
        ),
        (
            "refused in its form",
            |trace| {
                let number: i64 = trace
                    .trim_start_matches("RD")
                    .split('-')
                    .next()
                    .unwrap()
                    .parse()
                    .unwrap();
                format!(
                    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000008*0*P*:~GS*FA*A*B*20260302*1410*8*X*005010X231A1~\
                 ST*999*0001*005010X231A1~AK1*HS*{}*005010X279A1~IK5*R*5~AK9*R*1*1*0~SE*5*0001~GE*1*8~IEA*1*000000008~",
                    number * 100 + 1
                )
            },
            "error",
        ),
    ];
    for (what, text, expected) in table {
        let clinic = asking("routine");
        let said = takes(&clinic, &text(&trace(&clinic)), "2026-03-02T14:10:00Z");
        assert_eq!(
            (&said["status"], &coverage(&clinic)["eligibility"]),
            (&json!("coverage"), &json!(expected)),
            "{what}"
        );
        let sheet = clinic.show("R-10001-W");
        assert_eq!(
            sheet["referral"]["list"], "insurance",
            "{what}: it is held until somebody has put it right"
        );
    }
    let others = [
        (
            "another member",
            answer_of("T", "ZZ999", "GARCIA*MARIA", "19700517", active),
        ),
        (
            "another birth date",
            answer_of("T", "CH123456", "GARCIA*MARIA", "19710517", active),
        ),
        (
            "another name",
            answer_of("T", "CH123456", "SMITH*ANN", "19700517", active),
        ),
        ("nobody", answer_of("T", "", "", "", active)),
        ("a number of nobody's", hers("RD999-1", active)),
        ("cut off", hers("T", active).replace("IEA*1*000000007~", "")),
    ];
    let clinic = asking("routine");
    for (what, text) in others {
        let said = takes(
            &clinic,
            &text.replace("*T*", &format!("*{}*", trace(&clinic))),
            "2026-03-02T14:10:00Z",
        );
        assert_eq!(
            (&said["status"], &coverage(&clinic)["eligibility"]),
            (&json!("intake"), &json!("pending")),
            "{what}"
        );
    }
    // Nobody answered in time.
    clinic.at("2026-03-03T15:00:00Z", &["tick"]).done();
    assert_eq!(coverage(&clinic)["eligibility"], "timed-out");
    let tasks = clinic.show("R-10001-W")["tasks"].to_string();
    assert!(
        tasks.contains("No answer from Cedar Health PPO: check the coverage by telephone or portal"),
        "{tasks}"
    );
    // An answer that comes late is still one.
    let late = takes(&clinic, &hers(&trace(&clinic), active), "2026-03-03T16:00:00Z");
    assert_eq!(
        (&late["status"], &coverage(&clinic)["eligibility"]),
        (&json!("coverage"), &json!("active"))
    );
}

#[test]
fn what_to_correct_is_work_and_a_person_asks_again() {
    let clinic = asking("routine");
    takes(
        &clinic,
        &hers(&trace(&clinic), "AAA*N**75*C~"),
        "2026-03-02T14:10:00Z",
    );
    let tasks = clinic.show("R-10001-W")["tasks"].to_string();
    assert!(
        tasks.contains("correct member id, name and date of birth, or the payer (AAA 75)"),
        "{tasks}"
    );
    let id = coverage(&clinic)["id"].clone();
    clinic.does(json!({
        "command": "set-coverage", "referral": "R-10001-W", "coverage": id,
        "values": { "payer": "Cedar Health PPO", "member_id": "CH-123457" },
    }));
    clinic.at("2026-03-02T14:20:00Z", &["tick"]).done();
    let (name, text) = question(&clinic);
    assert!(
        name.ends_with("-2.edi") && text.contains("MI*CH-123457~"),
        "{name} {text}"
    );
    let busy = clinic.at("2026-03-02T14:21:00Z", &["eligibility", "check", "R-10001-W"]);
    assert_eq!(
        (busy.code, busy.err.contains("a check is on its way")),
        (1, true),
        "{}",
        busy.err
    );
    takes(
        &clinic,
        &answer_of(
            &trace(&clinic),
            "CH123457",
            "GARCIA*MARIA",
            "19700517",
            "EB*1**30~",
        ),
        "2026-03-02T14:30:00Z",
    );
    assert_eq!(coverage(&clinic)["eligibility"], "active");
    let by_hand = clinic
        .at("2026-03-04T14:30:00Z", &["eligibility", "check", "R-10001-W"])
        .done();
    assert!(
        by_hand.starts_with("R-10001-W: coverage changed · coverage check begun"),
        "{by_hand}"
    );
    assert_eq!(coverage(&clinic)["eligibility"], "pending");
}

#[test]
fn an_emergency_and_an_urgent_review_wait_for_no_payer() {
    for (priority, list) in [("stat", "emergency"), ("urgent", "review")] {
        let clinic = asking(priority);
        takes(
            &clinic,
            &hers(&trace(&clinic), "EB*6**30~"),
            "2026-03-02T14:10:00Z",
        );
        assert_eq!(clinic.show("R-10001-W")["referral"]["list"], list);
        let receipt = clinic.does(json!({ "command": "accept", "referral": "R-10001-W" }));
        assert!(receipt["action"].is_i64(), "{receipt}");
    }
}

#[test]
fn a_payer_that_the_clearing_house_does_not_know_is_checked_by_hand() {
    let clinic = asking("routine");
    clinic.does(json!({ "command": "set-coverage", "referral": "R-10001-W", "values": { "payer": "Elm Mutual", "member_id": "1" } }));
    clinic.at("2026-03-02T14:20:00Z", &["tick"]).done();
    let second = clinic.show("R-10001-W")["coverages"][1].clone();
    assert_eq!(second["eligibility"], "manual");
    let tasks = clinic.show("R-10001-W")["tasks"].to_string();
    assert!(tasks.contains("Check the coverage with Elm Mutual by hand: the clearing house's number of this payer is not in the configuration"), "{tasks}");
}

#[test]
fn what_does_not_reach_to_the_visit_is_told_or_asked_again_before_it() {
    let clinic = asking("routine");
    takes(
        &clinic,
        &hers(&trace(&clinic), "EB*1**30~"),
        "2026-03-02T14:10:00Z",
    );
    assert_eq!(coverage(&clinic)["valid_until"], "2026-04-01");
    clinic.does(json!({ "command": "accept", "referral": "R-10001-W" }));
    clinic.does(json!({
        "command": "set-authorization", "referral": "R-10001-W", "authorization": { "number": "AU-1", "to": "2026-04-05" },
    }));
    clinic.does(json!({
        "command": "schedule", "referral": "R-10001-W", "starts_at": "2026-04-10T14:00:00Z", "minutes": 30, "performer": "Dr. Osei", "place": "Room 2",
    }));
    let told = "The authorisation ends 5 Apr 2026, the visit is on 10 Apr 2026: extend it or rebook";
    let open = |title: &str| {
        let sheet = clinic.show("R-10001-W");
        sheet["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|task| task["title"] == title && task["state"] == "open")
    };
    assert!(open(told), "a warning before, not a denial after");
    clinic.at("2026-04-07T15:00:00Z", &["tick"]).done();
    assert_eq!(
        coverage(&clinic)["round"],
        2,
        "asked again three days before the visit"
    );
    clinic.does(json!({
        "command": "set-authorization", "referral": "R-10001-W", "authorization": { "number": "AU-1", "to": "2026-05-05" },
    }));
    assert!(!open(told));
}

#[test]
fn an_answer_on_an_authorisation_sets_it_only_where_the_payer_certified_it() {
    let text = |hcr: &str| {
        format!(
            "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000009*0*P*:~GS*HI*A*B*20260302*1410*9*X*005010X217~\
             ST*278*0001*005010X217~BHT*0007*11*1*20260302*1410*18~HL*1**20*1~NM1*X3*2*CEDAR HEALTH*****PI*60054~HL*2*1*21*1~NM1*1P*2*RIVERSIDE*****XX*1234567893~\
             HL*3*2*22*1~NM1*IL*1*GARCIA*MARIA****MI*CH123456~DMG*D8*19700517*F~HL*4*3*EV*0~{hcr}~DTP*472*RD8*20260301-20260601~HSD*VS*3~SE*12*0001~GE*1*9~IEA*1*000000009~"
        )
    };
    let clinic = asking("routine");
    let denied = takes(&clinic, &text("HCR*A3*AUTH7"), "2026-03-02T14:10:00Z");
    assert_eq!(
        (
            &denied["status"],
            &clinic.show("R-10001-W")["referral"]["authorization"]
        ),
        (&json!("intake"), &Value::Null)
    );
    // Some of it certified and some not, or two numbers: a person reads which.
    for hcr in [
        "HCR*A1*AUTH7~HCR*A3",
        "HCR*A1*AUTH7~HCR*A1*AUTH8",
        "HCR*A1*AUTH7~HCR*A4",
    ] {
        let partly = takes(&clinic, &text(hcr), "2026-03-02T14:10:10Z");
        assert_eq!(
            (
                &partly["status"],
                &clinic.show("R-10001-W")["referral"]["authorization"]
            ),
            (&json!("intake"), &Value::Null),
            "{hcr}"
        );
    }
    // What cannot be recorded is not hidden in the file.
    let turned = text("HCR*A1*AUTH7").replace("20260301-20260601", "20260601-20260301");
    let turned = takes(&clinic, &turned, "2026-03-02T14:10:30Z");
    assert_eq!(turned["status"], "intake", "{turned}");
    assert!(
        turned["warnings"].to_string().contains("not recorded: "),
        "{turned}"
    );
    clinic.does(json!({ "command": "request-info", "referral": "R-10001-W", "items": ["ecg"] }));
    let given = takes(&clinic, &text("HCR*A1*AUTH7"), "2026-03-02T14:11:00Z");
    assert_eq!(given["status"], "filed", "{given}");
    let sheet = clinic.show("R-10001-W");
    assert_eq!(
        sheet["referral"]["status"], "needs-info",
        "the payer's word is not the provider's answer"
    );
    let tasks = sheet["tasks"].to_string();
    assert!(
        tasks.contains("Look at the payer's answer on the authorisation") && !tasks.contains("check-answer/"),
        "{tasks}"
    );
    assert_eq!(
        clinic.show("R-10001-W")["referral"]["authorization"],
        json!({ "number": "AUTH7", "visits": 3, "from": "2026-03-01", "to": "2026-06-01" })
    );
}

#[test]
fn who_asks_must_be_known() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let config: &Path = &clinic.data().join("config.toml");
    std::fs::write(
        config,
        CONFIG
            .replace("1234567893", "1234567890")
            .replace("RIVERSIDE", "*"),
    )
    .unwrap();
    let said = clinic.run(["config", "check"]);
    assert_eq!(said.code, 1);
    let all = format!("{}{}", said.out, said.err);
    assert!(
        all.contains("eligibility.npi") && all.contains("eligibility.sender"),
        "{all}"
    );
}
