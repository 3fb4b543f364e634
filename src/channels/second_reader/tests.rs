//! A second reader on a socket of this machine: what it is sent, and that nothing it does holds anybody up.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers one request after a while, and gives it back.
fn answer(reply: String, after: Duration) -> (SecondReader, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        std::thread::sleep(after);
        // Who has lost patience has gone.
        let mut stream = stream;
        let _ = stream.write_all(reply.as_bytes());
        format!("{head}\n{}", String::from_utf8(body).unwrap())
    });
    (reader(&url), served)
}

fn reader(url: &str) -> SecondReader {
    SecondReader {
        url: url.to_owned(),
        model: "small".into(),
        token: None,
        patience: Duration::from_secs(10),
        rest: Rest::default(),
    }
}

fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn completion(content: &str) -> String {
    let message = json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] });
    http("200 OK", &message.to_string())
}

fn ask(reader: &SecondReader) -> Result<Map<String, Value>, String> {
    reader.ask("read", "[page 1]\nDOB 1/2/1990", &AtomicBool::new(false))
}

const NOW: Duration = Duration::ZERO;

#[test]
fn it_is_asked_once_and_answers_with_an_object() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, "s3cret\n").unwrap();
    let (mut second, served) = answer(completion("```json\n{\"dob\": \"1/2/1990\"}\n```"), NOW);
    second.token = Some(Secret::File(file));
    let said = ask(&second).unwrap();
    assert_eq!(Value::Object(said), json!({ "dob": "1/2/1990" }));
    let asked = served.join().unwrap();
    assert!(
        asked.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.to_lowercase().contains("authorization: bearer s3cret\r\n"));
    let body: Value = serde_json::from_str(asked.rsplit_once("\n").unwrap().1).unwrap();
    assert_eq!(body["model"], "small");
    assert_eq!(
        body["messages"][1],
        json!({ "role": "user", "content": "[page 1]\nDOB 1/2/1990" })
    );
    assert!(!format!("{second:?}").contains("s3cret"));
}

#[test]
fn what_is_no_answer_is_said_in_words_of_our_own() {
    let huge = "x".repeat(ANSWER as usize + 1);
    for (reply, why, rests) in [
        (
            completion("the patient is Ann Lee"),
            "its answer is no JSON object",
            false,
        ),
        (completion("[1]"), "its answer is no JSON object", false),
        (http("200 OK", "Ann Lee"), "its answer is no JSON object", false),
        (http("200 OK", &huge), "", true),
        (http("500 Oops", "Ann Lee"), "it answers 500", true),
        (
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "it answers 302",
            true,
        ),
        (String::new(), "", true),
    ] {
        let (second, served) = answer(reply, NOW);
        let said = ask(&second).unwrap_err();
        served.join().unwrap();
        assert!(said.starts_with(why) && !said.contains("Ann"), "{said} / {why}");
        assert_eq!(second.rest.lasts(), rests, "{said}");
    }
}

#[test]
fn nobody_waits_longer_than_it_has_patience() {
    let (second, served) = answer(completion("{}"), Duration::from_secs(3));
    let second = SecondReader {
        patience: Duration::from_millis(300),
        ..second
    };
    let start = Instant::now();
    assert_eq!(ask(&second).unwrap_err(), "it gave no answer within 0 s");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // The next is not asked at all.
    assert!(ask(&second).unwrap_err().contains("not asked"));
    served.join().unwrap();
    // Who stops is heard at once.
    let (second, served) = answer(completion("{}"), Duration::from_secs(1));
    assert_eq!(
        second.ask("", "", &AtomicBool::new(true)).unwrap_err(),
        "reading was stopped"
    );
    served.join().unwrap();
}

#[test]
fn a_name_that_leads_out_of_the_clinic_is_not_followed() {
    // The form is checked where the configuration is read; here it is what the name means.
    let away = ask(&reader("http://8.8.8.8:9/v1")).unwrap_err();
    assert!(away.contains("nothing was sent"), "{away}");
}

#[test]
fn its_health_needs_no_patient() {
    let (second, served) = answer(http("200 OK", r#"{"data": [{"id": "small"}]}"#), NOW);
    let health = second.health();
    assert!(health.ok && health.detail.ends_with("/v1 answers"), "{health:?}");
    assert!(served.join().unwrap().starts_with("GET /v1/models "));
    let (second, served) = answer(http("200 OK", r#"{"data": [{"id": "large"}]}"#), NOW);
    assert!(second.health().detail.contains("does not list the model small"));
    served.join().unwrap();
    assert!(!reader("http://127.0.0.1:1/v1").health().ok);
}
