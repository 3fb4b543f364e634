//! Payers asked in real time, and the simulator of an invented clinic: what is answered stands on the referral at once, and what is no
//! answer is never active.

use super::coverage::{asking_by, coverage, hers};
use super::{Clinic, Said};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A clearing house: status and body of its next replies, and what it was asked.
#[derive(Clone, Default)]
struct House {
    replies: Arc<Mutex<Vec<(u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl House {
    fn open(listener: TcpListener) -> House {
        let house = House::default();
        let own = house.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut head, mut length, mut line) = (String::new(), 0, String::new());
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    head.push_str(&std::mem::take(&mut line));
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                own.asked
                    .lock()
                    .unwrap()
                    .push(format!("{head}\n{}", String::from_utf8(body).unwrap()));
                let (status, body) = own.replies.lock().unwrap().remove(0);
                write!(
                    stream,
                    "HTTP/1.1 {status} .\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                )
                .unwrap();
            }
        });
        house
    }

    fn answers(&self, status: u16, body: &str) {
        self.replies.lock().unwrap().push((status, body.to_owned()));
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn config(url: &str) -> String {
    format!(
        "[eligibility]\nurl = \"{url}\"\nuser = \"ann\"\nsecret_file = \"secret\"\nsender = \"RIVERSIDE\"\nreceiver = \"CLEARHOUSE\"\n\
         npi = \"1234567893\"\n[eligibility.payers]\n\"Cedar Health PPO\" = \"60054\"\n"
    )
}

/// A clinic whose house answers so when it is asked for the first time.
fn answered(status: u16, body: &str) -> (Clinic, House) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/270", listener.local_addr().unwrap());
    let house = House::open(listener);
    house.answers(status, body);
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    std::fs::write(clinic.data().join("secret"), "open sesame\n").unwrap();
    (asking_by(clinic, &config(&url), "routine"), house)
}

fn trouble(said: Said) -> String {
    assert_eq!(said.code, 0, "{}", said.err);
    said.err
}

#[test]
fn the_answer_in_the_reply_stands_on_the_referral_at_once() {
    // The house says whose question it answers; the number of the first check is known.
    let (clinic, house) = answered(200, "");
    // An empty reply is no answer.
    assert_eq!(coverage(&clinic)["eligibility"], "pending");
    let trace = coverage(&clinic)["trace"].as_str().unwrap().to_owned();
    house.answers(
        200,
        &hers(&trace, "EB*1*IND*30**GOLD PPO~EB*B**98****20*****Y~EB*1**98~"),
    );
    clinic.at("2026-03-02T14:10:00Z", &["tick"]).done();
    let now = coverage(&clinic);
    assert_eq!(
        json!([
            now["eligibility"],
            now["asked_at"],
            now["checked_at"],
            now["note"]
        ]),
        json!([
            "active",
            "2026-03-02T14:10:00Z",
            "2026-03-02T14:10:00Z",
            "GOLD PPO · co-pay 20"
        ])
    );
    let asked = house.asked.lock().unwrap()[1].clone();
    assert!(
        asked.contains("authorization: Basic YW5uOm9wZW4gc2VzYW1l\r\n")
            && asked.contains("NM1*IL*1*GARCIA*MARIA****MI*CH-123456~"),
        "{asked}"
    );
    // Nobody asks again; the answer is kept with the referral, and everything is accounted for.
    clinic.at("2026-03-02T14:30:00Z", &["tick"]).done();
    assert_eq!(house.asked(), 2);
    let sheet = clinic.show("R-10001-W");
    assert!(
        sheet["documents"]
            .to_string()
            .contains(&format!("271-{trace}.edi")),
        "{sheet}"
    );
    clinic.run(["check", "--deep"]).done();
    let doctor = clinic.run(["doctor"]).done();
    assert!(
        doctor.contains("eligibility    in real time: http://127.0.0.1:"),
        "{doctor}"
    );
    assert!(!doctor.contains("sesame"));
}

#[test]
fn what_is_no_answer_or_another_patients_is_never_active_and_is_asked_again() {
    let trace = "T";
    let table = [
        (200, "<html>sign in</html>".to_owned(), "holds no interchange"),
        (500, hers(trace, "EB*1**30~"), "answers 500"),
        (401, hers(trace, "EB*1**30~"), "answers 401"),
        (302, String::new(), "answers 302"),
    ];
    for (status, body, why) in table {
        let (clinic, house) = answered(status, &body);
        assert_eq!(coverage(&clinic)["eligibility"], "pending", "{status}");
        assert_eq!(coverage(&clinic)["asked_at"], json!(null), "{status}");
        house.answers(status, &body);
        let said = trouble(clinic.at("2026-03-02T14:20:00Z", &["tick"]));
        assert!(
            said.contains("payers cannot be asked: ") && said.contains(why),
            "{said}"
        );
        assert!(!said.contains("GARCIA") && !said.contains("sesame"), "{said}");
        // It goes on like that until its time is over: then a person checks, and it is asked still.
        house.answers(status, &body);
        house.answers(status, &body);
        trouble(clinic.at("2026-03-03T14:05:00Z", &["tick"]));
        assert_eq!(coverage(&clinic)["eligibility"], "timed-out", "{status}");
        let late = coverage(&clinic)["trace"].as_str().unwrap().to_owned();
        house.replies.lock().unwrap().clear();
        house.answers(200, &hers(&late, "EB*1**30~"));
        clinic.at("2026-03-03T16:00:00Z", &["tick"]).done();
        assert_eq!(coverage(&clinic)["eligibility"], "active", "{status}");
    }
    // An answer about somebody else waits for a person, and the check for its time.
    let other = hers("RD999-1", "EB*1**30~").replace("GARCIA*MARIA", "SMITH*ANN");
    let (clinic, _) = answered(200, &other);
    assert_eq!(coverage(&clinic)["eligibility"], "pending");
    assert_eq!(
        clinic.run(["list", "--list", "intake", "--json"]).objects().len(),
        1
    );
    clinic.at("2026-03-03T15:00:00Z", &["tick"]).done();
    assert_eq!(coverage(&clinic)["eligibility"], "timed-out");
    // A reply that does not say to which question it is, is to the one that was asked.
    let nameless = hers("T", "EB*6**30~").replace("TRN*2*T*9123456789~", "");
    let (clinic, _) = answered(200, &nameless);
    assert_eq!(coverage(&clinic)["eligibility"], "inactive");
}

#[test]
fn an_address_is_checked_before_anything_is_sent_to_it() {
    let table = [
        (
            "http://payers.example.com/270",
            "is not an address that begins with https://",
        ),
        (
            "https://ann@payers.example.com/270",
            "is not an address that begins with https://",
        ),
        ("ftp://127.0.0.1/", "is not an address that begins with https://"),
    ];
    for (url, why) in table {
        let clinic = Clinic::new();
        clinic.file("a.toml", config(url));
        let said = clinic.run(["--config", "a.toml", "config", "check"]).fails(1);
        assert!(
            said.contains("eligibility.url") && said.contains(why),
            "{url}: {said}"
        );
    }
    let clinic = Clinic::new();
    let both = config("https://payers.example.com/270").replace("user", "folder = \"out\"\nuser");
    clinic.file("a.toml", both);
    let said = clinic.run(["--config", "a.toml", "config", "check"]).fails(1);
    assert!(said.contains("there is a folder and an address"), "{said}");
    let open = config("https://payers.example.com/270").replace("secret_file = \"secret\"\n", "");
    clinic.file("a.toml", open);
    let said = clinic.run(["--config", "a.toml", "config", "check"]).fails(1);
    assert!(said.contains("there is a user, and no password"), "{said}");
}

#[test]
fn an_invented_clinics_payers_answer_what_is_invented_and_say_so() {
    let clinic = Clinic::new();
    clinic.run(["demo", "--referrals", "30", "--build-only"]).done();
    let doctor = clinic.run(["doctor"]).out;
    assert!(
        doctor.contains("eligibility    simulated: the answers in this invented clinic"),
        "{doctor}"
    );
    let ids: Vec<String> = clinic
        .run(["list", "--json"])
        .objects()
        .iter()
        .map(|row| {
            row["referral"]
                .as_str()
                .unwrap_or_else(|| panic!("{row}"))
                .to_owned()
        })
        .collect();
    for id in &ids {
        clinic.run(["eligibility", "check", id]);
    }
    clinic.at("2026-03-02T14:01:00Z", &["tick"]).done();
    let (mut answered, mut notes) = (0, String::new());
    for id in &ids {
        for line in clinic.run(["eligibility", "show", id, "--json"]).objects() {
            if line["checked"] == "2026-03-02T14:01:00Z" {
                answered += 1;
                let note = line["note"].as_str().unwrap();
                assert!(note.to_lowercase().contains("simulated answer"), "{line}");
                notes.push_str(note);
            }
        }
    }
    assert!(answered > 3, "{answered} of {}", ids.len());
    clinic.run(["check", "--deep"]).done();
    // In a clinic of one's own there is none, whatever the configuration says.
    let own = Clinic::new();
    own.receive("Lee", "routine");
    assert!(!own.run(["doctor"]).out.contains("eligibility"));
    let refused = own.run(["eligibility", "check", "R-10001-W"]).fails(1);
    assert!(refused.contains("no clearing house is configured"), "{refused}");
    own.file("a.toml", "[eligibility]\nsimulated = true\n");
    own.run(["--config", "a.toml", "config", "check"]).fails(1);
}
