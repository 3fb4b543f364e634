//! A letter can be read again, and nothing of it is left out.

use super::*;
use crate::channels::fax;
use crate::channels::sample::message;
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;

fn head() -> Letterhead {
    Letterhead {
        lines: vec!["Heart Clinic".into(), "Tel 802 555 0100".into()],
        zone: Zone::America__New_York,
        paper: Paper::Letter,
    }
}

fn words(pdf: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(pdf).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_letter_says_from_whom_to_whom_and_what() {
    let letter = message(Channel::Letter);
    let pdf = render(&letter, &head(), from_seconds(1_772_460_000)).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let words = words(&pdf);
    for part in [
        "Heart Clinic",
        "Noor Nguyễn",
        "1 Elm Street",
        "Barre, VT 05641",
        "March 2, 2026",
        "Please book your visit",
        "please call us.",
        "R-10001-W · 1 / 1",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
}

#[test]
fn a_long_letter_has_more_pages_and_keeps_every_word() {
    let body: Vec<String> = (0..900).map(|number| format!("w{number}")).collect();
    let letter = Message {
        body: format!("{}\n{}", body.join(" "), "x".repeat(400)),
        ..message(Channel::Letter)
    };
    let pdf = render(&letter, &head(), from_seconds(0)).unwrap();
    let words = words(&pdf);
    assert!(words.contains("2 / 2"), "{words}");
    // Where a line ends, the reader leaves no space.
    let kept = words.replace("R-10001-W · 1 / 2", "").replace(' ', "");
    assert!(kept.contains(&body.concat()), "every word, in order");
    assert_eq!(words.matches('x').count(), 400);
}

#[test]
fn what_cannot_be_printed_is_said_and_not_left_blank() {
    for (body, why) in [("你好", "cannot be printed"), (&*"line\n".repeat(2000), "pages")] {
        let letter = Message {
            body: body.to_owned(),
            ..message(Channel::Letter)
        };
        assert!(
            render(&letter, &head(), from_seconds(0))
                .unwrap_err()
                .contains(why)
        );
    }
}

#[test]
fn a_fax_is_a_document_and_a_job() {
    let dir = tempfile::tempdir().unwrap();
    let spool = dir.path().join("faxes");
    std::fs::create_dir(&spool).unwrap();
    let way = fax::Fax::new(&spool, head(), "9,");
    let message = Message {
        recipient: "Irene Hale\nnumber:1".into(),
        ..message(Channel::Fax)
    };
    assert_eq!(way.hand_over(&message, from_seconds(0)), Handover::Done);
    assert_eq!(
        std::fs::read_to_string(spool.join("refdesk-m12.job")).unwrap(),
        "number:9,8025550147\nreceiver:Irene Hale number:1\nregarding:Please book your visit\njobtag:refdesk-m12\ndocument:refdesk-m12.pdf\n"
    );
    assert!(words(&std::fs::read(spool.join("refdesk-m12.pdf")).unwrap()).contains("please call us."));
    // The fax program took both: a sender that comes again finds it was there.
    for name in ["refdesk-m12.job", "refdesk-m12.pdf"] {
        std::fs::remove_file(spool.join(name)).unwrap();
    }
    assert_eq!(way.hand_over(&message, from_seconds(0)), Handover::WasThere);
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 0);
    assert!(
        fax::job(
            &Message {
                address: "none".into(),
                ..message
            },
            ""
        )
        .is_err()
    );
}
