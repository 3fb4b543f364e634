//! `refdesk import`: another system's referrals, standing here where they stood there.

use super::*;

const MAPPING: &str = r#"
[import.oldsys]
dates = ["MM/DD/YYYY", "MM/DD/YYYY hh:mm a", "YYYY-MM-DD"]
columns = { external = "Ref No", received = "Received", family = "Last Name", given = "First", dob = "DOB", sex = "Sex", status = "State", status_since = "Since", priority = "Prio", phone = "Phone", reason = "Reason", icd10 = "Dx", payer = "Payer", member_id = "Member", appointment = "Visit", performer = "With", owner = "Owner", note = ["Comment"] }
constants = { specialty = "cardiology" }
values.status = { "Open" = "received", "OK'd" = "accepted", "Appt made" = "scheduled", "Seen" = "completed", "Done" = "closed", "No" = "declined" }
values.priority = { "1" = "urgent", "2" = "routine", "" = "routine" }
values.sex = { "W" = "female" }
"#;

const HEAD: &str = "Ref No,Received,Last Name,First,DOB,Sex,State,Since,Prio,Phone,Reason,Dx,Payer,Member,Visit,With,Owner,Comment";

fn clinic() -> Clinic {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    std::fs::write(clinic.data().join("config.toml"), MAPPING).unwrap();
    clinic
}

fn import(clinic: &Clinic, name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> Said {
    let path = clinic.file(name, bytes);
    let mut args = vec!["import", path.to_str().unwrap()];
    args.extend(more);
    clinic.run(args)
}

fn listed(clinic: &Clinic, list: &str) -> Vec<Value> {
    clinic.run(["list", "--list", list, "--json"]).objects()
}

fn sound(clinic: &Clinic) {
    let said = clinic.run(["check", "--deep"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[test]
fn a_table_lands_where_it_stood_and_only_once() {
    let clinic = clinic();
    let rows = [
        HEAD,
        "1,02/20/2026,Lee,Ann,05/04/1970,W,OK'd,02/25/2026,2,802-555-0101,Palpitations,R00.2,Cedar Health,C1,,,,called twice",
        "2,02/21/2026 02:30 PM,\"O'Neil, Jr\",Sean,,M,Appt made,02/26/2026,1,,\"short of\nbreath\",I48.91,,,03/09/2026 10:15 AM,\"Chen, MD\",,",
        "3,02/01/2026,Diaz,Eva,1980-02-03,F,Seen,02/27/2026,2,555-CALL,,,,,02/27/2026 09:00 am,Chen,,",
        "4,01/10/2026,Roy,Max,,M,Done,02/01/2026,2,,,,,,,,,",
        "5,01/11/2026,Kim,Lou,,X,No,01/20/2026,2,,,,,,,,,",
        "6,02/24/2026,Olsen,Kaja,01/01/1990,F,Open,,1,802-555-0102,Syncope,R55,Cedar Health,C2,,,Bea Ortiz,",
        "1,02/20/2026,Lee,Ann,05/04/1970,W,OK'd,02/25/2026,2,,,,,,,,,",
    ]
    .join("\r\n");
    let said = import(
        &clinic,
        "old.csv",
        format!("\u{FEFF}{rows}\r\n"),
        &["--mapping", "oldsys"],
    );
    assert_eq!(said.done(), "old.csv: 6 landed, 1 already there, 0 refused\n");
    // Nobody is written to about what happened before.
    assert_eq!(clinic.run(["outbox", "--json"]).done(), "");
    let accepted = listed(&clinic, "to-schedule");
    assert_eq!(accepted.len(), 1);
    let shown = clinic.show(accepted[0]["referral"].as_str().unwrap());
    assert_eq!(shown["referral"]["received_at"], "2026-02-20T05:00:00Z");
    assert_eq!(shown["referral"]["status"], "accepted");
    assert_eq!(shown["referral"]["status_since"], "2026-02-25T05:00:00Z");
    assert_eq!(listed(&clinic, "scheduled").len(), 1);
    assert_eq!(listed(&clinic, "reports-due").len(), 1);
    // Its papers are elsewhere: they are missing here, and it is whose it was.
    let waiting = listed(&clinic, "missing-info");
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["owner"], "Bea Ortiz");
    assert_eq!(listed(&clinic, "closed").len(), 2);
    let before = clinic.stored();
    let said = import(
        &clinic,
        "old.csv",
        format!("\u{FEFF}{rows}\r\n"),
        &["--mapping", "oldsys"],
    );
    assert_eq!(said.done(), "old.csv: 0 landed, 7 already there, 0 refused\n");
    assert_eq!(clinic.stored(), before, "the same file again changes nothing");
    sound(&clinic);
    // What is due by now writes to nobody either: a person has it.
    clinic.run(["tick"]).done();
    assert_eq!(clinic.run(["outbox", "--json"]).done(), "");
}

#[test]
fn what_is_refused_says_why_and_is_kept_to_be_put_right() {
    let clinic = clinic();
    let rows = [
        HEAD,
        "1,02/20/2026,Lee,Ann,05/04/1970,W,OK'd,,2,,,,,,,,,",
        "2,2026/20/02,Roy,Max,,M,Open,,2,,,,,,,,,",
        "3,02/20/2026,Roy,Max,,M,Lost,,2,,,,,,,,,",
        "4,02/20/2026,,,,M,Open,,2,,,,,,,,,",
        "5,02/20/2026,Roy,\"Max,,M,Open,,2,,,,,,,,,",
        "6,02/20/2026,Roy,Max,,M,Open,,2,,,,,,,,,,,one,too,many",
        "7,05/20/2026,Roy,Max,,M,Open,,2,,,,,,,,,",
        "8,02/20/2026,Kim,Lou,,F,Open,,2,,,,,,,,,",
    ]
    .join("\n");
    let dry = import(&clinic, "old.csv", &rows, &["--mapping", "oldsys", "--dry-run"]);
    let said = import(&clinic, "old.csv", &rows, &["--mapping", "oldsys"]);
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    let kept = clinic.dir.path().join("old.refused.csv");
    let lines: Vec<&str> = said.out.lines().collect();
    let expected = [
        "old.csv line 3: refused: received: it is in none of the forms that the mapping's `dates` name",
        "old.csv line 4: refused: status: `Lost` is none of our words, and not among values.status of the mapping",
        "old.csv line 5: refused: no patient is named",
        "old.csv line 6: refused: a quotation mark is opened and not closed",
        "old.csv line 7: refused: it has 22 cells under 18 headings",
        "old.csv line 8: refused: received_at: lies in the future",
        &format!(
            "old.csv: 2 landed, 0 already there, 6 refused, kept in {}",
            kept.display()
        ),
    ];
    assert_eq!(lines, expected);
    assert_eq!(
        dry.out.lines().last().unwrap(),
        "old.csv: 2 would land, 0 already there, 6 refused"
    );
    let text = std::fs::read_to_string(&kept).unwrap();
    assert_eq!(text.lines().count(), 7, "the headings and the refused rows");
    // Brought over again, the same file stands for what is refused again; what a person has begun to put right in it stays.
    let again = import(&clinic, "old.csv", &rows, &["--mapping", "oldsys"]);
    assert!(
        again
            .out
            .ends_with(&format!("6 refused, kept in {}\n", kept.display())),
        "{}",
        again.out
    );
    let begun = text.replace("2026/20/02", "02/20/2026");
    std::fs::write(&kept, &begun).unwrap();
    let again = import(&clinic, "old.csv", &rows, &["--mapping", "oldsys"]);
    assert!(
        again.out.contains("kept in") && again.out.ends_with("old.refused-2.csv\n"),
        "{}",
        again.out
    );
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), begun);
    // Put right, the rest comes over by itself.
    let right = text.replace("2026/20/02", "02/20/2026").replace("Lost", "Open");
    let said = import(&clinic, "right.csv", right, &["--mapping", "oldsys"]);
    assert!(
        said.out
            .contains("right.csv: 2 landed, 0 already there, 4 refused"),
        "{}",
        said.out
    );
    sound(&clinic);
}

#[test]
fn a_table_in_another_encoding_and_with_other_separators_says_so_in_its_mapping() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let mapping = "[import.latin]\nencoding = \"latin1\"\nseparator = \";\"\ndates = [\"D.M.YYYY\"]\n\
        columns = { received = \"Eingang\", patient = \"Name\", specialty = \"Fach\" }\n";
    let utf8 = mapping
        .replace("[import.latin]", "[import.utf]")
        .replace("encoding = \"latin1\"\n", "");
    std::fs::write(clinic.data().join("config.toml"), format!("{mapping}{utf8}")).unwrap();
    let bytes = b"Eingang;Name;Fach\n5.2.2026;M\xFCller, J\xF6rg;Cardiology\n";
    let refused = import(&clinic, "a.csv", bytes, &["--mapping", "utf"]);
    assert!(
        refused
            .out
            .contains("line 2: refused: it is not UTF-8: name the table's encoding"),
        "{}",
        refused.out
    );
    let said = import(&clinic, "b.csv", bytes, &["--mapping", "latin"]);
    assert_eq!(said.done(), "b.csv: 1 landed, 0 already there, 0 refused\n");
    let row = listed(&clinic, "missing-info").remove(0);
    assert_eq!(row["patient"], "Müller, Jörg");
}

#[test]
fn a_mapping_that_cannot_be_is_told_line_by_line_and_a_table_without_its_columns_before_anything_lands() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let text = "[import.bad]\ndates = [\"DD/MM\"]\nencoding = \"klingon\"\n[import.bad.columns]\nsurname = \"Last\"\n\
        [import.bad.values.status]\n\"Open\" = \"opened\"\n[import.bad.constants]\nspecialty = \"astrology\"\n";
    std::fs::write(clinic.data().join("config.toml"), text).unwrap();
    let said = clinic.run(["config", "check"]);
    assert_eq!(said.code, 1);
    for (line, part) in [
        (2, "import.bad.dates[0]: `DD/MM`: it has no year, month and day"),
        (
            3,
            "import.bad.encoding: `klingon` is no encoding that a table can be in",
        ),
        (5, "import.bad.columns.surname: there is no such field"),
        (7, "import.bad.values.status.Open: `opened` is no status"),
        (
            9,
            "import.bad.constants.specialty: there is no template `astrology`",
        ),
        (4, "no column says whose referral it is"),
        (4, "no column says when the referral was received"),
    ] {
        let found = said
            .err
            .lines()
            .any(|each| each.contains(&format!("config.toml:{line}: ")) && each.contains(part));
        assert!(found, "{line} {part}\n{}", said.err);
    }
    let clinic = super::import::clinic();
    let said = import(
        &clinic,
        "old.csv",
        "Ref No,Received\n1,02/20/2026\n",
        &["--mapping", "oldsys"],
    );
    let why = said.fails(1);
    assert!(
        why.contains("it has no column `")
            && why.contains("it has Ref No, Received. Nothing was brought over"),
        "{why}"
    );
    let said = import(&clinic, "old.csv", "a,b\n1,2\n", &[]);
    assert!(said.fails(1).contains("a table needs --mapping NAME"));
    let said = import(&clinic, "old.csv", "a,b\n1,2\n", &["--mapping", "new"]);
    assert!(said.fails(1).contains("no table [import.new]: it has oldsys"));
}

fn bundle(number: u32, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
        {{"fullUrl":"urn:uuid:r{number}","resource":{{"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"urgent",
          "identifier":[{{"system":"http://old.example/ref","value":"S-{number}"}}],"authoredOn":"2026-02-20T10:00:00-05:00",
          "code":{{"text":"Cardiology consultation"}},"subject":{{"reference":"urn:uuid:p{number}"}},"reasonCode":[{{"text":"Palpitations"}}]}}}},
        {{"fullUrl":"urn:uuid:p{number}","resource":{{"resourceType":"Patient","name":[{{"family":"Alvarez{number}","given":["Rosa"]}}],
          "birthDate":"1970-05-04","telecom":[{{"system":"phone","value":"412-555-0199"}}]}}}}{more}]}}"#
    )
    .replace('\n', " ")
}

fn task(number: u32, code: &str) -> String {
    format!(
        r#",{{"resource":{{"resourceType":"Task","status":"in-progress","intent":"order","focus":{{"reference":"urn:uuid:r{number}"}},
        "lastModified":"2026-02-25T10:00:00Z","owner":{{"display":"Bea Ortiz"}},"businessStatus":{{"coding":[{{"code":"{code}"}}]}}}}}}"#
    )
}

fn visit(number: u32, status: &str, start: &str) -> String {
    format!(
        r#",{{"resource":{{"resourceType":"Appointment","id":"a{number}","status":"{status}","start":"{start}","minutesDuration":40,
        "basedOn":[{{"reference":"urn:uuid:r{number}"}}],"participant":[{{"actor":{{"type":"Practitioner","display":"Wei Chen"}},"status":"accepted"}}]}}}}"#
    )
}

#[test]
fn bundles_stand_where_their_tasks_and_appointments_say() {
    let clinic = Clinic::new();
    let lines = [
        bundle(1, ""),
        bundle(2, &task(2, "3.0")),
        bundle(
            3,
            &(task(3, "5.1.1") + &visit(3, "booked", "2026-03-10T15:00:00Z")),
        ),
        bundle(
            4,
            &(task(4, "5.1.4") + &visit(4, "fulfilled", "2026-02-24T15:00:00Z")),
        ),
        bundle(5, &task(5, "7.0")),
        bundle(6, &task(6, "5.1.1")),
        bundle(7, &visit(7, "booked", "2026-03-11T15:00:00Z")),
        bundle(8, &task(8, "4.0")),
    ];
    let said = import(&clinic, "old.ndjson", lines.join("\n"), &["--json"]);
    let objects = said.objects();
    assert_eq!((said.code, objects.len()), (0, 9), "{}", said.out);
    let status = |place: usize| {
        let id = objects[place]["referral"].as_str().unwrap();
        clinic.show(id)["referral"]["status"].as_str().unwrap().to_owned()
    };
    let statuses: Vec<String> = (0..8).map(status).collect();
    // Scheduled, and no time came along: it is booked here, or found, by somebody who has a task for it.
    let expected = [
        "received",
        "accepted",
        "scheduled",
        "completed",
        "closed",
        "accepted",
        "scheduled",
        "declined",
    ];
    assert_eq!(statuses, expected);
    assert_eq!(objects[2]["external"], "S-3");
    let lost = clinic.show(objects[5]["referral"].as_str().unwrap());
    assert!(
        lost["tasks"].to_string().contains("Find the appointment"),
        "{lost}"
    );
    assert_eq!(clinic.run(["outbox", "--json"]).done(), "");
    sound(&clinic);
    let said = import(&clinic, "again.ndjson", lines.join("\n"), &[]);
    assert_eq!(
        said.done(),
        "again.ndjson: 0 landed, 8 already there, 0 refused\n"
    );
}

#[test]
fn what_is_of_another_request_or_patient_stays_away_and_a_done_errand_ends_nothing() {
    let clinic = Clinic::new();
    let resource = |text: &str| format!(r#",{{"resource":{text}}}"#);
    let errand = r#"{"resourceType":"Task","status":"completed","code":{"text":"collect ECG"},"focus":{"reference":"urn:uuid:r1"}}"#;
    let done = r#"{"resourceType":"Task","status":"completed","focus":{"reference":"urn:uuid:r2"}}"#;
    let old =
        r#"{"resourceType":"Task","status":"completed","focus":{"reference":"ServiceRequest/old-999"}}"#;
    let visit = |about: &str| {
        format!(
            r#"{{"resourceType":"Appointment","id":"v","status":"booked","start":"2026-03-11T15:00:00Z",{about}}}"#
        )
    };
    let hers = visit(r#""participant":[{"actor":{"reference":"Patient/p6"}}]"#);
    let elsewhere = visit(r#""basedOn":[{"reference":"ServiceRequest/derm-1"}]"#);
    let second = |name: &str| {
        bundle(8, "")
            .replace(r#"{"resourceType":"Bundle","type":"collection","entry":["#, ",")
            .trim_end_matches("]}")
            .replace("Alvarez8", name)
    };
    let title = |patient: &str, title: &str| {
        resource(&format!(
            r#"{{"resourceType":"DocumentReference","subject":{{"reference":"urn:uuid:{patient}"}},"description":"{title}"}}"#
        ))
    };
    let lines = [
        bundle(1, &resource(errand)).replace("urgent", "stat"),
        bundle(2, &resource(done)),
        bundle(3, &resource(old)),
        bundle(4, &resource(&hers)),
        bundle(5, &resource(&elsewhere)),
        bundle(
            7,
            &(second("Quux") + &title("p8", "Result of Mary Quux") + &title("p7", "Echo")),
        ),
    ];
    let said = import(&clinic, "old.ndjson", lines.join("\n"), &["--json"]);
    let objects = said.objects();
    assert_eq!((said.code, objects.len()), (0, 8), "{} {}", said.out, said.err);
    let shown = |place: usize| clinic.show(objects[place]["referral"].as_str().unwrap());
    for place in 0..7 {
        assert_eq!(shown(place)["referral"]["status"], "received", "{place}");
        assert_eq!(shown(place)["appointments"], json!([]), "{place}");
    }
    assert_eq!(shown(0)["referral"]["list"], "emergency");
    let notes = |place: usize| shown(place)["notes"].to_string();
    assert!(
        notes(5).contains("Echo") && !notes(5).contains("Quux"),
        "{}",
        notes(5)
    );
    assert!(
        notes(6).contains("Quux") && !notes(6).contains("Echo"),
        "{}",
        notes(6)
    );
    sound(&clinic);
}

#[test]
fn resources_that_are_spread_over_files_are_put_together_again() {
    let clinic = Clinic::new();
    let requests = (1..=3)
        .map(|number| {
            format!(
                r#"{{"resourceType":"ServiceRequest","id":"s{number}","status":"active","intent":"order","authoredOn":"2026-02-20","code":{{"text":"Cardiology"}},"subject":{{"reference":"Patient/p{number}"}},"requester":{{"reference":"PractitionerRole/x"}}}}"#
            )
        })
        .collect::<Vec<_>>()
        .join("\n");
    let patients = (1..=4)
        .map(|number| format!(r#"{{"resourceType":"Patient","id":"p{number}","name":[{{"family":"Lee{number}"}}],"birthDate":"1970-01-0{number}"}}"#))
        .collect::<Vec<_>>()
        .join("\n");
    let others = [
        r#"{"resourceType":"PractitionerRole","id":"x","practitioner":{"reference":"Practitioner/d"}}"#,
        r#"{"resourceType":"Practitioner","id":"d","name":[{"family":"Hale","given":["Irene"]}]}"#,
        r#"{"resourceType":"Task","id":"t","status":"accepted","focus":{"reference":"ServiceRequest/s2"},"lastModified":"2026-02-26T10:00:00Z"}"#,
        r#"{"resourceType":"Appointment","id":"v","status":"noshow","start":"2026-02-27T15:00:00Z","basedOn":[{"reference":"ServiceRequest/s3"}]}"#,
    ]
    .join("\n");
    let a = clinic.file("ServiceRequest.ndjson", requests);
    let b = clinic.file("Patient.ndjson", patients);
    let c = clinic.file("Other.ndjson", others);
    let said = clinic.run([Path::new("import"), &a, &b, &c]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(
        said.out
            .starts_with("ServiceRequest.ndjson: 3 landed, 0 already there, 0 refused\n"),
        "{}",
        said.out
    );
    assert_eq!(
        said.err,
        "refdesk: 1 Patient belong to no referral in these files\n"
    );
    let found = clinic.run(["list", "--query", "Lee2", "--json"]).objects();
    assert_eq!(found[0]["status"], "accepted");
    let shown = clinic.show(found[0]["referral"].as_str().unwrap());
    assert!(shown.to_string().contains("Hale"), "{shown}");
    let missed = clinic.run(["list", "--query", "Lee3", "--json"]).objects();
    assert_eq!(missed[0]["status"], "no-show");
    sound(&clinic);
}

#[test]
fn messages_land_and_what_is_no_referral_waits_for_a_person() {
    let clinic = Clinic::new();
    let referral = |number: u32, status: &str| {
        format!(
            "MSH|^~\\&|EHR|ELM|DESK|HEART|20260220101500-0500||REF^I12|M{number}|P|2.5.1\rRF1|{status}||CAR^Cardiology^L|||REF{number}\r\
             PRD|RP|LEE^ANN^^^DR^MD\rPID|1||88{number}^^^ELM^MR||ALVAREZ^ROSA{number}||19700504|F\r"
        )
    };
    let batch = format!(
        "FHS|^~\\&\rBHS|^~\\&\r{}{}MSH|^~\\&|EHR|ELM|||20260221||SIU^S12|M9|P|2.5.1\rPID|1||5||LEE^MAX\rSCH|7\r{}BTS|3\rFTS|1\r",
        referral(1, ""),
        referral(2, "A"),
        referral(1, "")
    );
    let said = import(&clinic, "old.hl7", batch, &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(
        said.out,
        "old.hl7 line 11: intake: not a referral: HL7 v2 SIU^S12: an appointment of a patient who has no referral here\nold.hl7: 2 landed, 1 already there, 1 for a person, in Intake, 0 refused\n"
    );
    let rows = clinic.run(["list", "--query", "Alvarez", "--json"]).objects();
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == "accepted").count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        rows[0]["patient"].as_str().unwrap().split(',').next(),
        Some("Alvarez")
    );
    assert_eq!(listed(&clinic, "intake").len(), 1);
    sound(&clinic);
}

#[test]
fn messages_of_every_kind_in_one_file_do_what_they_say_and_nobody_is_written_to() {
    let clinic = Clinic::new();
    let head = |kind: &str, number: u32| {
        format!("MSH|^~\\&|EHR|ELM|DESK|HEART|202602201015{number:02}||{kind}|M{number}|P|2.5.1\r")
    };
    let pid = |number: u32| {
        format!(
            "PID|1||88{number}^^^ELM^MR||ALVAREZ^ROSA||1970050{number}|F|||||^PRN^PH^^^412^555019{number}\r"
        )
    };
    let referral = |number: u32| {
        let rf1 = format!("RF1|A||CAR^Cardiology^L|||REF{number}\rPRD|RP|LEE^ANN^^^DR^MD\r");
        format!("{}{rf1}{}", head("REF^I12", number), pid(number))
    };
    let visit = |number: u32, about: u32, event: &str, day: &str| {
        let sch = format!("SCH||V{about}^SCHED|||||ROUTINE^Consultation||30|min|^^^{day}093000\r");
        format!("{}{sch}{}", head(&format!("SIU^{event}"), number), pid(about))
    };
    let order = format!(
        "{}{}ORC|NW|O5|||IP||||||||7^HALE^IRENE\rOBR|1|O5||57133-1^Referral note^LN\
         |||||||||||||||||||||||||||^Cardiology: palpitations\r",
        head("OMG^O19", 5),
        pid(5)
    );
    let moved = pid(1).replace("555019", "555020");
    let file = [
        referral(1),
        referral(2),
        referral(3),
        order.clone(),
        visit(11, 1, "S12", "20260310"),
        visit(12, 2, "S12", "20260220"),
        visit(13, 2, "S26", "20260220"),
        format!("{}EVN|A08|20260221\r{moved}", head("ADT^A08", 14)),
        format!("{}RF1|||CAR^Cardiology^L|||REF3\r{}", head("REF^I14", 15), pid(3)),
        format!("{}{}OBR|1|||718-7^Hemoglobin^LN\r", head("ORU^R01", 16), pid(1)),
        visit(17, 9, "S12", "20260310"),
    ]
    .concat();
    let said = import(&clinic, "all.hl7", &file, &["--json"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let rows = said.objects();
    let told: Vec<(&str, i64)> = rows
        .iter()
        .filter_map(|row| Some((row["status"].as_str()?, row["line"].as_i64()?)))
        .collect();
    let kinds: Vec<&str> = told.iter().map(|(status, _)| *status).collect();
    assert_eq!(
        kinds,
        [
            "landed", "landed", "landed", "landed", "heard", "heard", "heard", "heard", "heard", "intake",
            "intake"
        ],
        "{}",
        said.out
    );
    let statuses: Vec<String> = (1..=4)
        .map(|place: usize| rows[place - 1]["referral"].as_str().unwrap().to_owned())
        .map(|id| {
            clinic.show(&id)["referral"]["status"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(statuses, ["scheduled", "no-show", "cancel-requested", "accepted"]);
    let first = clinic.show(rows[0]["referral"].as_str().unwrap());
    assert!(first.to_string().contains("5550201"), "{first}");
    assert_eq!(rows[3]["external"], "O5");
    assert_eq!(
        clinic.run(["--json", "outbox"]).objects().len(),
        0,
        "nobody is written to"
    );
    let again = import(&clinic, "all.hl7", &file, &[]).out;
    assert!(
        again.ends_with("all.hl7: 0 landed, 11 already there, 0 refused\n"),
        "{again}"
    );
    sound(&clinic);
}

#[test]
fn an_import_that_is_killed_and_run_again_comes_to_the_same_as_once() {
    let lines: Vec<String> = (1..=400)
        .map(|number| {
            bundle(
                number,
                &if number % 3 == 0 {
                    task(number, "3.0")
                } else {
                    String::new()
                },
            )
        })
        .collect();
    let text = lines.join("\n");
    let once = Clinic::new();
    import(&once, "old.ndjson", &text, &[]).done();
    let killed = Clinic::new();
    let path = killed.file("old.ndjson", &text);
    for wait in [150, 250, 400] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_refdesk"))
            .args(["--now", NOW, "--data"])
            .arg(killed.data())
            .arg("import")
            .arg(&path)
            .env("USER", "ana")
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let _ = child.kill();
        child.wait().unwrap();
    }
    let said = killed.run([Path::new("import"), &path]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(killed.stored(), once.stored());
    sound(&killed);
}

#[test]
fn what_this_program_printed_comes_back_as_it_was() {
    let from = Clinic::new();
    let id = from.receive("Lee", "urgent");
    from.does(json!({ "command": "accept", "referral": id }));
    from.does(json!({ "command": "add-note", "referral": id, "text": "She calls back on Friday" }));
    let other = from.receive("Kim", "routine");
    from.does(json!({ "command": "decline", "referral": other, "reason": "capacity" }));
    let file = from.dir.path().join("all.ndjson");
    from.run(["export", "--all", "--out", file.to_str().unwrap()]);
    let to = Clinic::new();
    let said = to.run([Path::new("import"), &file]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "all.ndjson: 2 landed, 0 already there, 0 refused\n"),
        "{}",
        said.err
    );
    let row = to.run(["list", "--query", "Lee", "--json"]).objects().remove(0);
    let shown = to.show(row["referral"].as_str().unwrap());
    let was = from.show(&id);
    for part in [
        "status",
        "status_since",
        "received_at",
        "priority",
        "due_at",
        "list",
        "next_action",
    ] {
        assert_eq!(shown["referral"][part], was["referral"][part], "{part}");
    }
    assert!(shown.to_string().contains("She calls back on Friday"));
    // What had not left there does not leave here by itself.
    let states = to.run(["outbox", "--json"]).objects();
    assert!(
        states.iter().all(|message| message["state"] == "held"),
        "{states:?}"
    );
    sound(&to);
    let again = to.run([Path::new("import"), &file]);
    assert_eq!(again.out, "all.ndjson: 0 landed, 2 already there, 0 refused\n");
}

/// Half a day is not left out, whatever the mapping's patterns are.
#[test]
fn afternoons_with_seconds_are_afternoons() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let mapping = MAPPING.replace("\"YYYY-MM-DD\"]", "\"YYYY-MM-DD\", \"YYYY-MM-DD hh:mm:ss a\"]");
    std::fs::write(clinic.data().join("config.toml"), mapping).unwrap();
    let rows = [
        HEAD,
        "1,2026-02-20 03:15:30 PM,Lee,Ann,,F,Appt made,02/26/2026,2,,,,,,2027-11-23 02:30:00 PM,Chen,,",
        "2,2026-02-20 10:00:00 EST,Roy,Max,,M,Open,,2,,,,,,,,,",
    ];
    let said = import(
        &clinic,
        "old.csv",
        rows.join("\n"),
        &["--mapping", "oldsys", "--json"],
    )
    .objects();
    assert!(
        said[1]["because"]
            .as_str()
            .unwrap()
            .starts_with("received: it is in none"),
        "{said:?}"
    );
    let shown = clinic.show(said[0]["referral"].as_str().unwrap());
    assert_eq!(shown["referral"]["received_at"], "2026-02-20T20:15:00Z");
    assert_eq!(shown["appointments"][0]["starts_at"], "2027-11-23T19:30:00Z");
}

/// Charts that a person or a program has changed: what is at odds is refused by itself, and whoever may be on record is asked about.
#[test]
fn a_chart_at_odds_is_refused_alone_and_doubles_are_asked_about() {
    let from = Clinic::new();
    let ids = ["Lee", "Kim"].map(|family| from.receive(family, "urgent"));
    let lines: Vec<String> = ids.iter().map(|id| from.run(["export", id]).done()).collect();
    let line = |text: &str| text.replace('\n', " ");
    // The second chart's messages all have one key.
    let mut broken: Value = serde_json::from_str(&lines[1]).unwrap();
    let mut keys = 0;
    each_text(&mut broken, &mut |text| {
        if text.starts_with("ack-p") && text.contains('/') {
            *text = "ack-p/one".to_owned();
            keys += 1;
        }
    });
    assert!(keys > 1, "{}", lines[1]);
    let to = Clinic::new();
    // Somebody of her name, a digit of her day of birth off, is here already.
    let mut near = received("Lee", "routine");
    near["patient"]["new"]["dob"] = json!("1970-05-11");
    near["coverages"] = json!([]);
    to.does(near);
    let said = import(
        &to,
        "all.ndjson",
        [broken.to_string(), line(&lines[0])].join("\n"),
        &[],
    );
    assert!(
        said.out
            .contains("all.ndjson: 1 landed, 0 already there, 1 refused"),
        "{}",
        said.out
    );
    assert!(said.out.contains("the same key"), "{}", said.out);
    let rows = to.run(["list", "--query", "priority:urgent", "--json"]).objects();
    let shown = to.show(rows[0]["referral"].as_str().unwrap());
    assert!(
        shown["tasks"]
            .to_string()
            .contains("Is this the same patient as Lee, Ann"),
        "{}",
        shown["tasks"]
    );
    // The same person from a third desk: two open referrals of one patient are compared by somebody.
    let elsewhere = Clinic::new();
    let twin = ["Roy", "Ito", "Lee"].map(|family| elsewhere.receive(family, "urgent"))[2].clone();
    let said = import(
        &to,
        "twin.ndjson",
        line(&elsewhere.run(["export", &twin]).done()),
        &[],
    );
    assert!(said.out.contains("1 landed"), "{}", said.out);
    let twins = to.run(["list", "--query", "priority:urgent", "--json"]).objects();
    let tasks: String = twins
        .iter()
        .map(|row| to.show(row["referral"].as_str().unwrap())["tasks"].to_string())
        .collect();
    assert!(tasks.contains("Looks like R-"), "{tasks}");
    sound(&to);
}

fn each_text(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(all) => all.iter_mut().for_each(|each| each_text(each, change)),
        Value::Object(all) => all.values_mut().for_each(|each| each_text(each, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn only_a_manager_brings_referrals_over() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let staff = "staff = [{ name = \"ana\", role = \"coordinator\" }]\n";
    std::fs::write(clinic.data().join("config.toml"), staff).unwrap();
    let said = import(&clinic, "old.ndjson", bundle(1, ""), &[]);
    assert_eq!(said.code, 1);
    assert!(
        said.out
            .contains("refused: a coordinator may not bring referrals over from another system"),
        "{}",
        said.out
    );
}
