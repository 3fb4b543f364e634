//! What is understood of an answer, and what is left to a person.

use super::mail::{Report, look};
use super::*;
use crate::domain::id::MessageId;

#[test]
fn a_word_is_the_whole_of_what_is_said() {
    for (said, wanted) in [
        ("STOP", Some(Word::Stop)),
        ("  stop.\n\n", Some(Word::Stop)),
        ("Yes\nbut my address has changed", None),
        ("1\n2", None),
        ("stop\n\nthe pain is worse", None),
        ("\n¡Baja!", Some(Word::Stop)),
        ("Arrêt", Some(Word::Stop)),
        ("YES", Some(Word::Yes)),
        ("1", Some(Word::Yes)),
        ("Sí", Some(Word::Yes)),
        ("Ja!", Some(Word::Yes)),
        ("yes, but later", None),
        ("please stop by", None),
        ("11", None),
        ("cancel", None),
        ("no", None),
        ("", None),
        ("> YES", Some(Word::Yes)),
    ] {
        assert_eq!(word(said), wanted, "{said:?}");
    }
}

#[test]
fn a_quotation_and_a_signature_are_not_said_and_everything_else_is() {
    let wrote = "On Mon, Mar 2, 2026 at 9:00 AM Riverside Cardiology <desk@clinic.example> wrote:";
    for (said, wanted) in [
        (
            "Yes\n\n> Please confirm.\n> Riverside".to_owned(),
            Some(Word::Yes),
        ),
        (format!("Yes\n\n{wrote}\n\n> Please confirm."), Some(Word::Yes)),
        (
            format!("Yes\n{}\n> Please confirm.", wrote.replace("AM ", "AM\n")),
            Some(Word::Yes),
        ),
        ("Stop\n-- \nAnn Lee\n(802) 555-0147".to_owned(), Some(Word::Stop)),
        ("Yes\n\nSent by Ann, who cannot walk any more".to_owned(), None),
        (
            "Yes\nBut is it at 9:00 in 2026, and where do I park:\n> Please confirm.".to_owned(),
            None,
        ),
        (
            format!("Yes\n{wrote}\n> Please confirm.\nI have chest pain"),
            None,
        ),
        (format!("Yes\n{wrote}\nPlease confirm."), None),
        (format!("Yes\n{wrote}\n> Please confirm."), Some(Word::Yes)),
        (format!("No\nYes\n{wrote}\n> Please confirm."), None),
        ("> Please confirm.\nYes".to_owned(), Some(Word::Yes)),
    ] {
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        assert_eq!(word(&own_words(&lines)), wanted, "{said:?}");
    }
}

const BOUNCE: &str = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nMessage-ID: <b1@mx.example>\r\nAuto-Submitted: auto-replied\r\n\
    Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"b\"\r\n\r\n--b\r\n\r\nSorry.\r\n\r\n--b\r\n\
    Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; noor@example.org\r\n\
    Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such\r\n mailbox\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
    Message-ID: <m12.0123456789abcdef@clinic.example>\r\nSubject: Visit\r\n\r\n--b--\r\n";

#[test]
fn a_report_says_which_mail_and_what_became_of_it() {
    let letter = look(BOUNCE.as_bytes());
    assert_eq!(letter.id.as_deref(), Some("b1@mx.example"));
    assert!(letter.automatic);
    assert_eq!(
        letter.report,
        Some(Report::Failed(
            "it came back: 5.1.1 smtp; 550 no such mailbox".into()
        ))
    );
    assert!(
        letter
            .about
            .contains(&"m12.0123456789abcdef@clinic.example".to_owned()),
        "{:?}",
        letter.about
    );
    for (action, wanted) in [
        ("delivered", Report::Delivered),
        ("delayed", Report::Delayed),
        ("relayed", Report::Delayed),
    ] {
        let text = BOUNCE.replace("Action: failed", &format!("Action: {action}"));
        assert_eq!(look(text.as_bytes()).report, Some(wanted));
    }
}

#[test]
fn a_reply_names_what_it_answers_and_a_program_is_known() {
    let reply = "From: Noor <Noor@example.org>\nMessage-ID: <r1@example.org>\nIn-Reply-To: <m12.0123456789abcdef@clinic.example>\n\
        References: <a@x.example>\n <m12.0123456789abcdef@clinic.example>\n\nYES\n";
    let letter = look(reply.as_bytes());
    assert_eq!(letter.from.as_deref(), Some("Noor@example.org"));
    assert_eq!(
        letter.about.first().map(String::as_str),
        Some("m12.0123456789abcdef@clinic.example")
    );
    assert!(!letter.automatic && letter.report.is_none());
    assert!(look(format!("Auto-Submitted: auto-replied\n{reply}").as_bytes()).automatic);
    assert!(!look(format!("Auto-Submitted: no\n{reply}").as_bytes()).automatic);
    // No mailbox, no headers, no text at all.
    for bytes in [
        &b""[..],
        b"\xFF\xFE",
        b"From: nobody\n\nYES",
        b"From: <<<>>>\nMessage-ID: <>\n\n",
    ] {
        let letter = look(bytes);
        assert_eq!((letter.from, letter.id, letter.report), (None, None, None));
    }
}

#[test]
fn text_messages_of_both_programs() {
    let narrow = b"From: 18025550147\nFrom_TOA: 91 international, ISDN/telephone\nReceived: 26-03-02 14:00:00\nAlphabet: ISO\n\nS\xED\n";
    let came = sms::smstools(narrow).unwrap();
    assert_eq!(
        (came.from.as_str(), came.said.trim(), &came.report),
        ("18025550147", "Sí", &None)
    );
    let mut wide = b"From: 18025550147\nAlphabet: UCS2\n\n".to_vec();
    wide.extend("Sí".encode_utf16().flat_map(u16::to_be_bytes));
    assert_eq!(sms::smstools(&wide).unwrap().said, "Sí");
    let came = sms::gammu("IN20260302_140000_00_+18025550147_00.txt", b"\xFF\xFES\0\xED\0").unwrap();
    assert_eq!((came.from.as_str(), came.said.as_str()), ("18025550147", "Sí"));
    for (name, bytes) in [
        ("readme.txt", &b"hello"[..]),
        ("IN1_2.txt", b"x"),
        ("IN1_2_00_CLINIC_00.txt", b"x"),
    ] {
        assert_eq!(sms::gammu(name, bytes), None);
    }
    for bytes in [&b""[..], b"hello", b"To: 1\n\nYES", b"From: CLINIC\n\nYES"] {
        assert_eq!(sms::smstools(bytes), None);
    }
}

#[test]
fn a_status_report_of_the_network() {
    let report = |status: &str| {
        let text = format!(
            "From: 18025550147\nAlphabet: ISO\n\nSMS STATUS REPORT\nMessage_id: 117\nDischarge_timestamp: 26-03-02 14:00:09\nStatus: {status}\n"
        );
        sms::smstools(text.as_bytes()).unwrap().report.unwrap()
    };
    for (status, wanted) in [
        ("0,Ok,short message received by the SME", Some(true)),
        ("48,Still trying,congestion", None),
        ("70,Error,validity period expired", Some(false)),
    ] {
        let report = report(status);
        assert_eq!(
            (report.number.as_deref(), report.delivered),
            (Some("117"), wanted),
            "{status}"
        );
    }
    for (said, wanted) in [
        ("Delivered", Some(Some(true))),
        ("Failed", Some(Some(false))),
        ("Pending", Some(None)),
        ("Delivered?", None),
    ] {
        let text: Vec<u8> = said.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let file = [&b"\xFE\xFF"[..], &text].concat();
        let report = sms::gammu("IN20260302_140000_00_+18025550147_00.txt", &file)
            .unwrap()
            .report;
        assert_eq!(report.map(|report| report.delivered), wanted, "{said}");
    }
    assert_eq!(
        sms::sent_number("To: 1\nMessage_id: 117\n\nMessage_id: 118"),
        Some("117")
    );
    for (name, wanted) in [
        ("refdesk-m12", Some(12)),
        ("refdesk-m12.LOCKED", Some(12)),
        ("OUTC20260302_140000_00_+1802_m7.txtd", Some(7)),
        ("sms_file", None),
        ("refdesk-mx", None),
    ] {
        assert_eq!(sms::ours(name), wanted.map(MessageId), "{name}");
    }
}
