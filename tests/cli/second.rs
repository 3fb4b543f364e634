//! A second reader on this machine: what it is shown, what becomes of its word, and that it holds up nothing.

use super::service::{Service, drop_in};
use super::{Clinic, Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

const LETTER: &str = "\
GREEN MOUNTAIN FAMILY PRACTICE
REFERRAL REQUEST

Referring Provider: Irene Hale, MD
NPI: 1234567893

Patient Name: Garcia, Maria
DOB: 05/17/1970
Specialty Requested: Cardiology
Reason for Referral: palpitations, new murmur
Insurance: Cedar Health PPO

Her card says W772031 for the plan; she was born on the 7th of May, she says (05/07/1970).
";

/// Serves so many requests with one answer; what it was asked.
fn serve(content: &Value, requests: usize) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let message = json!({ "choices": [{ "message": { "content": content.to_string() } }] }).to_string();
    let served = std::thread::spawn(move || {
        (0..requests)
            .map(|_| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    if line == "\r\n" {
                        break;
                    }
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    message.len()
                );
                stream.write_all(format!("{head}{message}").as_bytes()).unwrap();
                String::from_utf8(body).unwrap()
            })
            .collect()
    });
    (port, served)
}

fn clinic(port: u16) -> Clinic {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let config = format!(
        "[second_reader]\nurl = \"http://127.0.0.1:{port}/v1\"\nmodel = \"small\"\npatience_seconds = 5\n"
    );
    std::fs::write(clinic.data().join("config.toml"), config).unwrap();
    clinic
}

#[test]
fn its_word_is_offered_and_nothing_of_it_is_filled_in() {
    let said = json!({
        "patient_name": { "family": "Garcia", "given": "Maria" }, "dob": "05/07/1970", "member_id": "W772031",
        "group_no": "G-55-1", "specialty_requested": "Cardiology",
    });
    let (port, served) = serve(&said, 1);
    let clinic = clinic(port);
    let file = clinic.file("letter.txt", LETTER);
    let line = clinic
        .run(["intake", file.to_str().unwrap(), "--json"])
        .objects()
        .remove(0);
    let asked: Value = serde_json::from_str(&served.join().unwrap()[0]).unwrap();
    let pages = asked["messages"][1]["content"].as_str().unwrap();
    assert!(
        pages.starts_with("[page 1]\nGREEN MOUNTAIN") && pages.contains("W772031"),
        "{pages}"
    );
    assert_eq!(line["status"], "received");
    assert_eq!(line["fields"]["member_id"]["how"], "second-reader");
    assert_eq!(line["fields"]["dob"]["value"], "1970-05-17");
    let warnings = line["warnings"].to_string();
    for part in [
        "a second reader reads the date of birth otherwise; a person must decide",
        "a second reader named a value that stands nowhere on the pages; left out",
        "read with doubt, not filled in: dob, member id",
    ] {
        assert!(warnings.contains(part), "{warnings}");
    }
    let sheet = clinic.show(line["referral"].as_str().unwrap()).to_string();
    assert!(
        sheet.contains("Garcia") && sheet.contains("Cedar Health PPO"),
        "{sheet}"
    );
    assert!(
        !sheet.contains("W772031") && !sheet.contains("1970-05-"),
        "{sheet}"
    );
}

#[test]
fn one_that_is_not_there_is_a_warning_and_no_document_is_lost() {
    // Nobody listens on the port of a listener that has gone.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let clinic = clinic(port);
    let first = clinic.file("letter.txt", LETTER);
    let second = clinic.file(
        "other.txt",
        LETTER
            .replace("Garcia, Maria", "Lee, Ann")
            .replace("1970", "1981"),
    );
    let said = clinic.run([
        "intake",
        first.to_str().unwrap(),
        second.to_str().unwrap(),
        "--json",
    ]);
    let lines = said.objects();
    for line in &lines {
        assert_eq!(line["status"], "received", "{line}");
        assert!(
            line["warnings"]
                .to_string()
                .contains("not seen by the second reader: "),
            "{line}"
        );
    }
    let said = clinic.run(["doctor"]);
    let line = said
        .out
        .lines()
        .find(|line| line.contains("second reader"))
        .unwrap();
    assert!(said.code == 3 && line.starts_with("FAIL second reader"), "{line}");
}

#[test]
fn an_address_outside_the_clinic_is_refused_at_once() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.data()).unwrap();
    let config = "[second_reader]\nmodel = \"large\"\nurl = \"https://api.example.com/v1\"\nfields = [\"dob\", \"return_code\", \"shoe\"]\n";
    std::fs::write(clinic.data().join("config.toml"), config).unwrap();
    let err = clinic.run(["list"]).fails(1);
    for part in [
        "config.toml:3: second_reader.url: api.example.com is outside the clinic, and patients' text must not leave it — name this machine",
        "config.toml:4: second_reader.fields: a return code decides",
        "config.toml:4: second_reader.fields: no field `shoe` is read",
    ] {
        assert!(err.contains(part), "{err}");
    }
}

#[test]
fn what_lies_in_the_inbox_is_shown_to_it_and_waits_for_nobody() {
    let (port, served) = serve(&json!({ "member_id": "W772031" }), 1);
    let clinic = clinic(port);
    clinic.run(["tick"]).done();
    let inbox = clinic.data().join("inbox");
    drop_in(&inbox, "a.txt", LETTER, 90);
    let service = Service::start(&clinic, &[]);
    let first = service.says("inbox: received");
    assert!(served.join().unwrap()[0].contains("W772031"));
    // It has gone; the next document goes its way.
    drop_in(&inbox, "b.txt", &LETTER.replace("Garcia, Maria", "Lee, Ann"), 60);
    let second = service.says("inbox: received");
    service.stop("-TERM");
    let remarks = |line: &str| clinic.show(line.rsplit(' ').next().unwrap())["notes"].to_string();
    assert!(
        remarks(&first).contains("not filled in: member id"),
        "{}",
        remarks(&first)
    );
    assert!(
        remarks(&second).contains("not seen by the second reader: "),
        "{}",
        remarks(&second)
    );
}

#[test]
fn a_file_that_stays_in_its_folder_is_not_read_again_by_every_start() {
    let (port, served) = serve(&json!({}), 2);
    let clinic = clinic(port);
    let scans = clinic.data().join("scans");
    std::fs::create_dir_all(&scans).unwrap();
    let config = clinic.data().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let watched = "[intake]\nfolders = [{ path = \"scans\", taken = \"keep\" }]\n";
    std::fs::write(&config, format!("{text}{watched}")).unwrap();
    drop_in(&scans, "one.txt", LETTER, 90);
    let service = Service::start(&clinic, &[]);
    service.says("inbox: received");
    service.stop("-TERM");
    // A start with nothing new in the folder, and then something.
    let service = Service::start(&clinic, &[]);
    service.says("running on ");
    std::thread::sleep(std::time::Duration::from_secs(2));
    drop_in(&scans, "two.txt", &LETTER.replace("Maria", "Ngozi"), 60);
    service.says("inbox: ");
    service.stop("-TERM");
    let asked = served.join().unwrap();
    assert!(
        asked[0].contains("Maria") && asked[1].contains("Ngozi"),
        "{asked:?}"
    );
}
