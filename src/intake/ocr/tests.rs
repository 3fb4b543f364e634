//! The recogniser on pages that are drawn in the test.

use super::*;
use crate::intake::document::{Container, Field, Value};
use crate::intake::typewriter::packers::{Fax, jpeg, pdf, png, tiff};
use crate::intake::typewriter::{referral, typed};
use crate::intake::{ReadDocument, read};

fn holds_the_referral(read: &ReadDocument, container: Container) {
    let shown: Vec<&str> = read
        .pages
        .iter()
        .flat_map(|page| page.lines.iter().map(|line| line.text.as_str()))
        .collect();
    assert_eq!(read.container, container, "{shown:?} {:?}", read.warnings);
    assert_eq!(
        read.text(Field::Dob),
        Some("1961-03-04"),
        "{shown:?} {:?}",
        read.warnings
    );
    assert_eq!(read.text(Field::MemberId), Some("84736251"), "{shown:?}");
    let name = read.best(Field::PatientName).unwrap();
    assert!(
        matches!(&name.value, Value::Name { family, given } if family.eq_ignore_ascii_case("tester") && given.eq_ignore_ascii_case("ann")),
        "{shown:?}"
    );
    let place = name.place.unwrap();
    assert_eq!(place.page, 1);
    assert!(place.area[1] < 0.25 && place.area[0] > 0.2, "{:?}", place.area);
}

#[test]
fn a_page_is_read_whatever_it_came_in() {
    let page = referral();
    holds_the_referral(
        &read("a.tif", &tiff(&[&page], Fax::Group4, false, 196)),
        Container::Image,
    );
    holds_the_referral(&read("a.png", &png(&page)), Container::Image);
    holds_the_referral(&read("a.jpg", &jpeg(&page)), Container::Image);
    holds_the_referral(&read("a.pdf", &pdf(&page)), Container::Pdf);
}

#[test]
fn a_coarse_fax_and_an_attachment_are_read() {
    let page = referral();
    let coarse = page.shrunk(page.width(), page.height() / 2);
    holds_the_referral(
        &read("a.tif", &tiff(&[&coarse], Fax::Group3Mixed, true, 98)),
        Container::Image,
    );
    let body = base64(&tiff(&[&page], Fax::Group3, false, 196));
    let mail = format!(
        "From: desk@example.org\r\nSubject: fax\r\nMIME-Version: 1.0\r\nContent-Type: image/tiff; name=\"fax.tif\"\r\n\
         Content-Disposition: attachment; filename=\"fax.tif\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    );
    let read = read("a.eml", mail.as_bytes());
    assert_eq!(
        read.text(Field::Dob),
        Some("1961-03-04"),
        "{:?} {:?}",
        read.pages,
        read.warnings
    );
}

#[test]
fn a_page_that_lies_on_its_side_or_head_is_turned() {
    let lines = [
        "PATIENT NAME: ANN TESTER",
        "BIRTH DATE: 03/04/1961",
        "MEMBER ID: 84736251",
        "PATIENT ADDRESS: 12 ELM STREET",
        "MEMBER 4819 7726 5530",
        "MEMBER 5530 7726 4819",
    ];
    let page = typed(&lines, (800, 480), 4);
    for turns in 1..4 {
        let turned = (0..turns).fold(page.clone(), |page, _| page.turned());
        let read = read("a.png", &png(&turned));
        assert_eq!(
            read.text(Field::Dob),
            Some("1961-03-04"),
            "{turns}: {:?}",
            read.pages
        );
    }
}

#[test]
fn a_doubtful_character_makes_a_doubtful_field() {
    use crate::intake::sheet::{Origin, Run};
    let mut run = Run::new("DOB: 03/04/1961", [0.1, 0.1, 0.4, 0.12], Origin::Print);
    run.sure = vec![1.0; 15];
    assert_eq!(run.sureness(5, 15), 1.0);
    run.sure[7] = 0.2;
    assert_eq!(run.sureness(5, 15), 1.0, "a slash is no part of the date's value");
    run.sure[8] = 0.6;
    assert_eq!(run.sureness(5, 15), 0.6);
    assert_eq!(run.sureness(0, 4), 1.0);
}

#[test]
fn reading_ends_when_told() {
    let reader = Reader::load().expect("the models are whole");
    assert!(reader.read(referral(), &Lane::of(1), &|| false).is_none());
}

#[test]
fn blank_and_tiny_pages_hold_nothing() {
    let reader = Reader::load().expect("the models are whole");
    for (width, height) in [(1, 1), (3, 700), (640, 400)] {
        let blank = Picture::new(width, height, vec![255; width * height]).unwrap();
        assert_eq!(
            reader.read(blank, &Lane::of(2), &|| true).map(|sheet| sheet.runs),
            Some(Vec::new()),
            "{width} {height}"
        );
    }
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, three) in bytes.chunks(3).enumerate() {
        let whole = three
            .iter()
            .fold(0_u32, |whole, byte| whole << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            out.push(if at <= three.len() {
                char::from(SIGNS[(whole >> (18 - 6 * at)) as usize & 63])
            } else {
                '='
            });
        }
        if number % 19 == 18 {
            out.push_str("\r\n");
        }
    }
    out
}
