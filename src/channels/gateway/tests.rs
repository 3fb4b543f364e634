//! A gateway on a socket of this machine: what it is told, and what each answer means.

use super::*;
use crate::channels::sample::{message, served};
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;

/// Answers one request, and gives it back.
fn answer(reply: &'static str) -> (String, std::thread::JoinHandle<String>) {
    served("/sms", reply.to_owned())
}

fn gateway(url: &str) -> Gateway {
    Gateway {
        url: url.to_owned(),
        body: Body::parse(r#"{"to": "{to}", "parts": ["{from}: {text}"], "ref": "{key}", "n": 1}"#).unwrap(),
        from: "HEART".into(),
        token: None,
        key_header: Some("Idempotency-Key".into()),
        country: "1".into(),
        patience: Duration::from_secs(5),
    }
}

#[test]
fn a_message_is_one_request_with_its_key() {
    let (url, served) = answer("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let sms = Message {
        body: "Say \"yes\" {to} us".into(),
        ..message(Channel::Sms)
    };
    assert_eq!(gateway(&url).hand_over(&sms, from_seconds(0)), Handover::Done);
    let asked = served.join().unwrap();
    assert!(asked.starts_with("POST /sms HTTP/1.1\r\n"), "{asked}");
    assert!(
        asked
            .to_lowercase()
            .contains("idempotency-key: booking-prompt/r-10001-w/1\r\n"),
        "{asked}"
    );
    let body: Value = serde_json::from_str(asked.rsplit_once('\n').unwrap().1).unwrap();
    assert_eq!(
        body,
        serde_json::json!({ "to": "+18025550147", "parts": ["HEART: Say \"yes\" {to} us"], "ref": sms.key, "n": 1 })
    );
}

#[test]
fn each_answer_has_its_meaning() {
    use Extent::{Channel as All, Message as One};
    let with = gateway("http://127.0.0.1:9/");
    let without = Gateway {
        key_header: None,
        ..with.clone()
    };
    let told = |gateway: &Gateway, status| match gateway.meaning(status) {
        Handover::Done | Handover::WasThere => "done",
        Handover::Later(_, One) => "later",
        Handover::Later(_, All) => "rest",
        Handover::Refused(_) => "refused",
        Handover::Unknown(_) => "unknown",
    };
    for (status, keyed, keyless) in [
        (200, "done", "done"),
        (202, "done", "done"),
        (301, "refused", "refused"),
        (400, "refused", "refused"),
        (401, "rest", "rest"),
        (409, "later", "refused"),
        (429, "rest", "rest"),
        (500, "later", "unknown"),
        (502, "later", "unknown"),
        (503, "later", "rest"),
    ] {
        assert_eq!(
            (told(&with, status), told(&without, status)),
            (keyed, keyless),
            "{status}"
        );
    }
}

#[test]
fn without_an_answer_it_is_asked_again_or_left_to_a_person() {
    let (url, served) = answer("");
    let keyless = Gateway {
        key_header: None,
        ..gateway(&url)
    };
    let said = keyless.hand_over(&message(Channel::Sms), from_seconds(0));
    assert!(matches!(said, Handover::Unknown(_)), "{said:?}");
    served.join().unwrap();
    assert_eq!(keyless.after_crash(), AfterCrash::Unknown);
    let (url, served) = answer("");
    let keyed = gateway(&url);
    let said = keyed.hand_over(&message(Channel::Sms), from_seconds(0));
    assert!(matches!(said, Handover::Later(_, Extent::Channel)), "{said:?}");
    served.join().unwrap();
    assert_eq!(keyed.after_crash(), AfterCrash::Again);
    // Nobody listens there: nothing left, key or no key.
    let gone = Gateway {
        key_header: None,
        ..gateway("http://127.0.0.1:1/")
    };
    let said = gone.hand_over(&message(Channel::Sms), from_seconds(0));
    assert!(matches!(said, Handover::Later(_, Extent::Channel)), "{said:?}");
}

#[test]
fn a_form_is_checked_whole() {
    let wrong = |raw: &str| Body::parse(raw).unwrap_err().join(" · ");
    assert!(wrong("{").starts_with("is not JSON"));
    assert_eq!(wrong(r#"{"a": "{to}"}"#), "says nowhere {text}");
    let both = wrong(r#"{"a": "{too} {text"}"#);
    for part in [
        "`{too}` is not known; known are {to}, {text}, {from}, {key}",
        "brace",
        "{to}",
        "{text}",
    ] {
        assert!(both.contains(part), "{both}");
    }
}

#[test]
fn a_secret_is_read_when_it_is_used_and_never_printed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    let secret = Secret::File(file.clone());
    let gateway = Gateway {
        token: Some(secret.clone()),
        ..gateway("http://127.0.0.1:1/")
    };
    assert!(!gateway.health().ok);
    std::fs::write(&file, "s3cret\n").unwrap();
    assert_eq!(secret.read().unwrap(), "s3cret");
    let said = format!("{:?} {gateway:?} {}", gateway.health(), secret);
    assert!(gateway.health().ok && !said.contains("s3cret"), "{said}");
    for bad in ["", "\n", "two\nlines"] {
        std::fs::write(&file, bad).unwrap();
        assert!(secret.read().is_err());
    }
}
