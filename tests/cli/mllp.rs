//! Messages over a connection: each is safe before it is answered, answered alike when it comes again, and never taken twice.

use super::service::Service;
use super::{Clinic, NOW};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// An address that is free for now.
pub fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn listening(more: &str) -> (Clinic, SocketAddr) {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let address = free();
    std::fs::write(
        clinic.data().join("config.toml"),
        format!("[intake.mllp]\nlisten = \"{address}\"\n{more}"),
    )
    .unwrap();
    (clinic, address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => {
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                return stream;
            }
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn block(message: &str) -> String {
    format!("\u{b}{message}\u{1c}\r")
}

/// The next answer, its segments a line each.
fn answer(stream: &mut TcpStream) -> String {
    let (mut out, mut byte) = (Vec::new(), [0]);
    while !out.ends_with(b"\x1c\r") {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "gone after {out:?}");
        out.push(byte[0]);
    }
    String::from_utf8(out)
        .unwrap()
        .trim_matches(['\u{b}', '\u{1c}', '\r'])
        .replace('\r', "\n")
}

/// `AA 7`: the code and the number of the message that is answered.
fn code(answer: &str) -> String {
    let (_, said) = answer.split_once("MSA|").unwrap();
    let both: Vec<&str> = said.lines().next().unwrap().split('|').take(2).collect();
    both.join(" ").trim_end().to_owned()
}

fn referral(number: u32, family: &str) -> String {
    format!(
        "MSH|^~\\&|EHR|ELM|DESK|HEART|20260302085900||REF^I12^REF_I12|{number}|P|2.5.1\r\
         RF1||U^Urgent^HL70280|CAR^Cardiology^L|||REF{number}\rPRD|RP|HALE^IRENE^^^^MD||||||1234567893^NPI\r\
         PID|1||88{number}||{family}^ROSA||19700504|F\rDG1|1||R00.2^Palpitations^I10\r"
    )
}

#[test]
fn a_message_is_in_the_database_before_it_is_answered_and_is_taken_once() {
    let (clinic, address) = listening("");
    let doctor = clinic.run(["doctor"]).out;
    assert!(
        doctor.contains(&format!("mllp           {address} is free: an open worklist or")),
        "{doctor}"
    );
    let service = Service::start(&clinic, &[]);
    let mut stream = connect(address);
    stream
        .write_all(block(&referral(7, "ALVAREZ")).as_bytes())
        .unwrap();
    let first = answer(&mut stream);
    // What was answered is there for everybody, at once.
    let shown = clinic.show("R-10001-W");
    assert_eq!(
        (&shown["referral"]["source"], &shown["referral"]["priority"]),
        (&"hl7v2".into(), &"urgent".into())
    );
    assert!(
        first.starts_with("MSH|^~\\&|DESK|HEART|EHR|ELM|20260302140000+0000||ACK^I12^ACK|RD"),
        "{first}"
    );
    assert_eq!(code(&first), "AA 7");
    // Sent again, with another time in its header or over another connection: the same answer, and nothing new.
    let again = referral(7, "ALVAREZ").replace("20260302085900", "20260302091500");
    let mut other = connect(address);
    for stream in [&mut stream, &mut other] {
        stream.write_all(block(&again).as_bytes()).unwrap();
        assert_eq!(answer(stream), first);
    }
    // Two in one packet; another patient under a number that was used before is another message.
    let two = [block(&referral(8, "BAKER")), block(&referral(7, "CHEN"))].concat();
    stream.write_all(two.as_bytes()).unwrap();
    assert_eq!(
        [code(&answer(&mut stream)), code(&answer(&mut stream))],
        ["AA 8", "AA 7"]
    );
    assert_eq!(clinic.run(["list", "--json"]).objects().len(), 3);
    assert!(service.says("mllp: received D-").ends_with(" R-10001-W"));
    assert!(service.says("mllp: received D-").contains(" R-"));
    let doctor = clinic.run(["doctor"]).out;
    assert!(
        doctor.contains(&format!("mllp           an open Refdesk listens at {address}")),
        "{doctor}"
    );
    let (status, err) = service.stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn what_is_not_understood_is_refused_or_waits_for_a_person_and_nothing_of_a_patient_is_said() {
    let (clinic, address) = listening("");
    let service = Service::start(&clinic, &[]);
    let mut stream = connect(address);
    let table = [
        (
            "SECRET PATIENT, no header",
            "AR",
            "ERR|||200^Unsupported message type^HL70357|E||||no HL7 v2",
        ),
        (
            "MSH|^~\\&|A|B|||||ADT^A08|1|P|2.5\rPID|1\rMSH|^~\\&|A|B|||||ADT^A08|2|P|2.5\rPID|1",
            "AR 1",
            "several messages in one block",
        ),
        (
            "MSH|^~\\&|A|B|||||ZZZ^Z01|3|P|2.5\rZZZ|\u{1}\u{1b}[2J",
            "AA 3",
            "",
        ),
        ("MSH|^~\\&|A|B|||||ADT^A08||P|2.5\rPID|1||9||SECRET^ANN", "AA", ""),
    ];
    for (message, expected, says) in table {
        stream.write_all(block(message).as_bytes()).unwrap();
        let said = answer(&mut stream);
        assert_eq!(code(&said), expected, "{message:?}");
        assert!(said.contains(says) && !said.contains("SECRET"), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{1}']), "{said:?}");
    }
    // An acknowledgement is kept and not acknowledged; whoever wants no answer gets none.
    let silent = [
        block("MSH|^~\\&|A|B|||||ACK^A08|5|P|2.5\rMSA|AA|1"),
        block("MSH|^~\\&|A|B|||||ADT^A08|6|P|2.5|||NE|NE\rPID|1||9||SECRET^EVE"),
        block("MSH|^~\\&|A|B|||||ADT^A08|7|P|2.5\rPID|1||9||SECRET^LEE"),
    ];
    stream.write_all(silent.concat().as_bytes()).unwrap();
    assert_eq!(code(&answer(&mut stream)), "AA 7");
    assert_eq!(
        clinic.run(["list", "--list", "intake", "--json"]).objects().len(),
        5
    );
    let mut said = String::new();
    for _ in 0..5 {
        said.push_str(&service.says("mllp: intake D-"));
    }
    let (_, err) = service.stop("-TERM");
    assert!(!said.contains("SECRET") && err.is_empty(), "{said} {err}");
}

#[test]
fn an_order_of_360x_is_answered_by_its_own_response_and_taken_back_over_the_same_line() {
    let (clinic, address) = listening("");
    let service = Service::start(&clinic, &[]);
    let mut stream = connect(address);
    let order = |number: u32, control: &str| {
        format!(
            "MSH|^~\\&||^1.2.840.9^ISO||^1.2.840.8^ISO|20260302085900+0000||OMG^O19^OMG_O19|{number}|P|2.5.1|||||||||360X\r\
             PID|1||T71^^^&1.2.840.9.5&ISO^MR||Packton^Peter^^^L||19580817|M\r\
             ORC|{control}|889342^^1.2.840.9.15^ISO||||||||||1234567893^Allen^Anthony^^^^MD\r\
             OBR|1|889342^^1.2.840.9.15^ISO||57133-1^Referral note^LN||||||||||||1234567893^Allen^Anthony\
             |||||||||||||||^Cardiology: palpitations\r\
             OBX|1|ED|ECG^Tracing^L||^application^pdf^Base64^JVBERi0xLjcgRUNH\r"
        )
    };
    stream.write_all(block(&order(1, "NW")).as_bytes()).unwrap();
    let said = answer(&mut stream);
    assert!(
        said.contains("|ORG^O20^ORG_O20|") && code(&said) == "AA 1",
        "{said}"
    );
    assert!(service.says("mllp: received D-").ends_with(" R-10001-W"));
    let shown = clinic.show("R-10001-W");
    assert_eq!(
        shown["documents"].as_array().unwrap().len(),
        2,
        "{}",
        shown["documents"]
    );
    clinic.does(serde_json::json!({ "command": "accept", "referral": "R-10001-W" }));
    stream.write_all(block(&order(2, "CA")).as_bytes()).unwrap();
    assert_eq!(code(&answer(&mut stream)), "AA 2");
    assert!(service.says("mllp: filed D-").ends_with(" R-10001-W"));
    let shown = clinic.show("R-10001-W");
    assert_eq!(shown["referral"]["status"], "cancel-requested");
    assert_eq!(
        shown["documents"].as_array().unwrap().len(),
        3,
        "the tracing is there once"
    );
    service.stop("-TERM");
    // The same by a folder.
    let other = order(3, "NW")
        .replace("Packton", "Baker")
        .replace("T71", "T72")
        .replace("889342", "889343");
    super::service::drop_in(&clinic.data().join("inbox"), "omg.hl7", &other, 100);
    let service = Service::start(&clinic, &[]);
    assert!(service.says("inbox: received D-").ends_with(" R-10002-X"));
    service.stop("-TERM");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn one_of_two_programs_listens_and_the_other_takes_over() {
    let (clinic, address) = listening("");
    let first = Service::start(&clinic, &[]);
    drop(connect(address));
    let second = Service::start(&clinic, &[]);
    second.says("running on ");
    std::thread::sleep(Duration::from_millis(600));
    let (_, err) = first.stop("-TERM");
    assert_eq!(err, "");
    let mut stream = connect(address);
    stream
        .write_all(block(&referral(1, "ALVAREZ")).as_bytes())
        .unwrap();
    assert_eq!(code(&answer(&mut stream)), "AA 1");
    let (_, err) = second.stop("-TERM");
    assert_eq!(err, "");
    // Somebody else has the address: that is said once, and `doctor` says it.
    let _taken = TcpListener::bind(address).unwrap();
    let doctor = clinic.run(["doctor"]);
    assert_eq!(doctor.code, 3);
    assert!(
        doctor
            .out
            .contains(&format!("FAIL mllp           {address} cannot be listened at:")),
        "{}",
        doctor.out
    );
    let third = Service::start(&clinic, &[]);
    third.says("running on ");
    std::thread::sleep(Duration::from_secs(3));
    let (status, err) = third.stop("-TERM");
    assert_eq!(status.code(), Some(0));
    assert_eq!(
        err.matches(&format!("nobody is listened to at {address}: "))
            .count(),
        1,
        "{err}"
    );
}

#[test]
fn only_the_clinics_own_network_is_listened_to() {
    let table = [
        (
            "listen = \"8.8.8.8:2575\"",
            "patients' data would cross a public network in the clear",
        ),
        (
            "listen = \"0.0.0.0:2575\"",
            "patients' data would cross a public network in the clear",
        ),
        (
            "listen = \"[::]:2575\"",
            "patients' data would cross a public network in the clear",
        ),
        ("listen = \"localhost:2575\"", "is no address with a port"),
        ("listen = \"127.0.0.1\"", "is no address with a port"),
        ("listen = \"127.0.0.1:0\"", "names no port"),
        (
            "listen = \"10.0.0.5:2575\"\npeers = [\"10.0.0.7\", \"9.9.9.9\"]",
            "is no address of this machine or of a private network",
        ),
    ];
    for (text, why) in table {
        let clinic = Clinic::new();
        clinic.file("a.toml", format!("[intake.mllp]\n{text}\n"));
        let said = clinic.run(["--config", "a.toml", "config", "check"]).fails(1);
        assert!(
            said.contains("intake.mllp") && said.contains(why),
            "{text}: {said}"
        );
    }
    for text in ["10.0.0.5:2575", "[::1]:2575", "192.168.1.9:6661"] {
        let clinic = Clinic::new();
        clinic.file("a.toml", format!("[intake.mllp]\nlisten = \"{text}\"\n"));
        clinic.at(NOW, &["--config", "a.toml", "config", "check"]).done();
    }
}
