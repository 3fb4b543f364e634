//! What stands in a mail, and what cannot.

use super::*;
use crate::channels::sample::message;
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;

const FROM: &str = "intake@clinic.example";

fn rendered(message: &Message) -> String {
    let mail = render(message, None, FROM, "Heart Clinic", from_seconds(1_772_460_000)).unwrap();
    String::from_utf8(mail.bytes).unwrap()
}

#[test]
fn a_mail_has_one_recipient_a_date_and_an_id_of_its_own() {
    let mail = rendered(&message(Channel::Email));
    for header in [
        "From: \"Heart Clinic\" <intake@clinic.example>\r\n",
        "To: noor@example.org\r\n",
        "Subject: Please book your visit\r\n",
        "Date: Mon, 02 Mar 2026 14:00:00 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Language: en\r\n",
    ] {
        assert!(mail.contains(header), "{header} in {mail}");
    }
    assert_eq!(mail.matches("\r\nTo: ").count(), 1);
    assert!(!mail.contains("Nguy"), "the name of the patient is no header");
}

#[test]
fn the_id_leads_back_to_its_message_and_to_no_other() {
    let (one, other) = (
        message(Channel::Email),
        Message {
            key: "booking-prompt/R-10001-W/2".into(),
            ..message(Channel::Email)
        },
    );
    let id = format!("<{}>", message_id(&one, "clinic.example"));
    assert!(rendered(&one).contains(&format!("Message-ID: {id}\r\n")));
    assert_eq!(number_in(&id), Some(one.id));
    assert!(is_of(&id, &one) && !is_of(&id, &other));
    for strange in [
        "",
        "<>",
        "<m12@clinic.example>",
        "<mx.0123456789abcdef@a>",
        "<12.0123456789abcdef@a>",
    ] {
        assert_eq!(number_in(strange), None, "{strange}");
    }
}

#[test]
fn what_would_break_a_header_is_refused() {
    let base = || message(Channel::Email);
    let injected = [
        Message {
            subject: "Visit\r\nBcc: all@example.org".into(),
            ..base()
        },
        Message {
            subject: "Visit\nBcc: all@example.org".into(),
            ..base()
        },
        Message {
            subject: "Visit\0".into(),
            ..base()
        },
        Message {
            address: "noor@example.org\r\nBcc: all@example.org".into(),
            ..base()
        },
        Message {
            address: "noor@example.org, all@example.org".into(),
            ..base()
        },
        Message {
            address: "noor".into(),
            ..base()
        },
    ];
    for message in injected {
        let why = render(&message, None, FROM, "Clinic", from_seconds(0))
            .map(|_| ())
            .unwrap_err();
        assert!(
            why.contains("line break") || why.contains("not an e-mail address"),
            "{why}"
        );
    }
    // A name with a line break loses it.
    let name = render(
        &base(),
        None,
        FROM,
        "Clinic\r\nBcc: all@example.org",
        from_seconds(0),
    )
    .unwrap();
    assert!(!String::from_utf8(name.bytes).unwrap().contains("\nBcc:"));
}

#[test]
fn every_mail_is_plain_bytes_of_seven_bits() {
    let long = Message {
        body: format!("Bună ziua, señora Nguyễn.\n.\n{}", "word ".repeat(500)),
        subject: "Cita en cardiología — José Peña".into(),
        ..message(Channel::Email)
    };
    let mail = render(&long, None, FROM, "Clínica", from_seconds(0)).unwrap();
    assert!(mail.bytes.is_ascii());
    let longest = mail.bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
    assert!(longest <= Some(998), "RFC 5322 2.1.1: {longest:?}");
}
