//! The files for a modem's program.

use super::*;
use crate::channels::gammu;
use crate::channels::sample::message;
use crate::domain::message::Message;
use crate::domain::person::Channel;

#[test]
fn smstools_gets_headers_an_empty_line_and_one_line_of_text() {
    let sms = Message {
        body: "Hola Noor: llame al 802-555-0100\nResponda STOP para no recibir más".into(),
        ..message(Channel::Sms)
    };
    assert_eq!(
        file(&sms, "1").unwrap(),
        "To: 18025550147\nAlphabet: UTF-8\nReport: yes\nRefdesk: m12\n\n\
         Hola Noor: llame al 802-555-0100 Responda STOP para no recibir más\n"
    );
}

#[test]
fn gammu_gets_the_number_in_the_name_and_utf_16_where_it_is_needed() {
    let sms = message(Channel::Sms);
    assert_eq!(
        gammu::file_name(&sms, "1").unwrap(),
        "OUTC20260302_140000_00_+18025550147_m12.txtd"
    );
    assert_eq!(
        gammu::file(&Message {
            body: "Call us".into(),
            ..sms.clone()
        }),
        b"Call us"
    );
    assert_eq!(
        gammu::file(&Message {
            body: "ñ".into(),
            ..sms
        }),
        [0xFF, 0xFE, 0xF1, 0x00]
    );
}

#[test]
fn a_number_is_international_or_none() {
    for (number, country, wanted) in [
        ("8025550147", "1", Some("18025550147")),
        ("+34600123456", "1", Some("34600123456")),
        ("(802) 555-0147", "1", Some("18025550147")),
        ("5550147", "49", Some("495550147")),
        ("0151 23456789", "49", Some("4915123456789")),
        ("+49 151 23456789", "1", Some("4915123456789")),
        ("06 69812345", "39", Some("390669812345")),
        ("0049151234567", "49", None),
        ("0039066981234", "39", None),
        ("12", "1", None),
        ("802555014780255501478", "1", None),
        ("8025550147\nTo: 19005550100", "1", None),
        ("802-CALL-NOW", "1", None),
    ] {
        assert_eq!(international(number, country).ok().as_deref(), wanted, "{number}");
    }
}
