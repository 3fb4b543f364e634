//! The parent's side: a child that cannot start, talks nonsense, or is not wanted any more.

use super::answer::clean;
use super::*;
use crate::intake::read;

#[test]
fn a_reader_that_cannot_start_is_a_warning() {
    let document = read_jailed(Path::new("/nonexistent/reader"), "a.txt", b"hello");
    assert_eq!(document.name, "a.txt");
    assert!(document.pages.is_empty() && document.warnings.len() == 1);
}

#[test]
fn a_reader_that_answers_nonsense_is_a_warning() {
    let document = read_jailed(Path::new("/bin/echo"), "../x/a\u{1b}[2J.txt", b"hello");
    assert_eq!(document.name, "a[2J.txt");
    assert_eq!(document.warnings.len(), 1);
}

#[test]
fn the_answer_is_cleaned() {
    let mut document = read("a.txt", b"Patient name: Ann Lee\nDOB: 01/02/1990");
    document.warnings.push("\u{1b}]0;x".to_owned());
    document.kind_confidence = f32::NAN;
    for page in &mut document.pages {
        page.lines[0].text = "\u{202e}evil".to_owned();
    }
    let cleaned = clean("b.txt", document);
    assert_eq!(cleaned.name, "b.txt");
    assert_eq!(cleaned.pages[0].lines[0].text, "evil");
    assert_eq!(cleaned.kind_confidence, 0.0);
    assert!(cleaned.warnings.iter().all(|warning| !warning.contains('\u{1b}')));
}

#[test]
fn a_files_name_stands_on_no_command_line() {
    let order = Order {
        exe: Path::new("/bin/echo"),
        name: "Lee, Ann.pdf",
        bytes: b"hello",
        password: None,
        learned: "",
        cores: 1,
        stop: &AtomicBool::new(false),
        pages: &|_| {},
    };
    for command in [COMMAND, DRAW] {
        let heard = order.ask(command, &order.called()).unwrap().unwrap();
        assert_eq!(String::from_utf8(heard).unwrap().trim(), command);
    }
}
