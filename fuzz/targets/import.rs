//! Files of another system, to be brought over: cut into pieces, and each piece read (CSV by a mapping, HL7 v2, FHIR).
//!
//! Held to: pieces are no more than the file, stand on its lines in their order, and say by a clean word why one is not taken.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::config::Config;
use refdesk::config::import::Mapping;
use refdesk::domain::time::from_seconds;
use refdesk::import::{Cutter, Form, Read, Reading, Table, Way, Why, read_piece};
use refdesk_fuzz::plain;
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

static MAPPING: LazyLock<Mapping> = LazyLock::new(|| {
    toml::from_str(include_str!("../../tests/fixtures/samples/import/referrals.toml"))
        .expect("the sample is a mapping")
});
static READING: LazyLock<Reading> = LazyLock::new(|| Reading {
    policy: Arc::new(Config::built_in().expect("what is built in is right").policy()),
    now: from_seconds(1_772_460_000),
});

fuzz_target!(|bytes: &[u8]| {
    cut(bytes, Form::Hl7, Way::Messages, 1);
    cut(bytes, Form::Fhir, Way::Lines, 1);
    cut(bytes, Form::Fhir, Way::Entries(Default::default()), 1);
    match Table::new("old", &MAPPING, &mut Cursor::new(bytes)) {
        Ok(table) => {
            let (from, line) = table.begins;
            let rest = bytes
                .get(usize::try_from(from).unwrap_or(0)..)
                .unwrap_or_default();
            let separator = table.separator;
            cut(rest, Form::Table(Arc::new(table)), Way::Rows(separator), line);
        }
        Err(why) => plain(&why),
    }
});

fn cut(bytes: &[u8], form: Form, way: Way, line: u64) {
    let input = Box::new(Cursor::new(bytes.to_vec()));
    let mut cutter = Cutter::new(input, 0, form, way, line);
    let (mut size, mut last) = (0, 0);
    while let Ok(Some(piece)) = cutter.next_piece() {
        size += piece.raw.len();
        assert!(piece.line >= last, "pieces come in their order");
        last = piece.line;
        assert!(last <= line + 1 + bytes.len() as u64);
        told(read_piece(&piece, &READING));
    }
    // A segment's end may be put behind the last.
    assert!(size <= bytes.len() + 1, "{size} of {}", bytes.len());
}

fn told(read: Read) {
    match read {
        Read::Wrong(why) => plain(&why),
        Read::Referrals(all) => {
            for each in all {
                match each {
                    Err(Why::Refused(why) | Why::Person(why) | Why::Event(why)) => plain(&why),
                    Ok(brought) => plain(&brought.external),
                }
            }
        }
        Read::Loose(_) | Read::Nothing => {}
    }
}
