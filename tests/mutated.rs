//! Other systems' messages and files, and what people type, wounded: every reader answers, whatever stands in what it is given. Files of
//! documents (mail, office, PDF, pictures) are wounded in `tests/containers`.
//!
//! A short run by a fixed seed; `REFDESK_MUTATIONS` sets how many each reader gets, `REFDESK_SEED` another seed. What trips is printed with
//! the seed and the round that make it again. The samples are the seeds of `fuzz/run`, too.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that trips has found something"
)]

#[path = "common/sound.rs"]
mod sound;

use refdesk::config::Config;
use refdesk::config::import::Mapping;
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::query::Query;
use refdesk::domain::time::from_seconds;
use refdesk::engine::{Engine, Places};
use refdesk::import::{self, Order};
use refdesk::standards::enclosed::enclosed;
use refdesk::standards::hl7v2::blocks::{Blocks, Got, block};
use refdesk::standards::hl7v2::receipt::{self, Head, Verdict};
use refdesk::standards::hl7v2::{referral, report};
use refdesk::standards::{Stated, ccda, fhir, ics, table, x12};
use sound::{plain, sound, sound_document};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const HL7V2: &[&str] = &[
    include_str!("fixtures/samples/hl7v2/referral.hl7"),
    include_str!("fixtures/samples/hl7v2/batch.hl7"),
    include_str!("fixtures/samples/hl7v2/report.hl7"),
    include_str!("fixtures/samples/hl7v2/order.hl7"),
    include_str!("fixtures/samples/hl7v2/merge.hl7"),
];
const X12: &[&str] = &[
    include_str!("fixtures/samples/x12/271.x12"),
    include_str!("fixtures/samples/x12/278.x12"),
    include_str!("fixtures/samples/x12/ta1.x12"),
    include_str!("fixtures/samples/x12/999.x12"),
    include_str!("fixtures/samples/x12/270.x12"),
];
const JSON: &[&str] = &[
    include_str!("fixtures/samples/fhir/bundle.json"),
    include_str!("fixtures/samples/fhir/lines.ndjson"),
    include_str!("fixtures/samples/fhir/appointment.json"),
];
const XML: &[&str] = &[
    include_str!("fixtures/samples/fhir/request.xml"),
    include_str!("fixtures/samples/ccda/referral-note.xml"),
];
const ICS: &[&str] = &[include_str!("fixtures/samples/ics/visit.ics")];
const CSV: &[&str] = &[
    include_str!("fixtures/samples/table/visits.csv"),
    include_str!("fixtures/samples/table/outcomes.csv"),
];
const MAIL: &[&str] = &[include_str!("fixtures/samples/mail/referral.eml")];

const QUERIES: &[&str] = &[
    "list:review priority:>=urgent owner:\"Ann Lee\" -status:accepted,waitlisted due:<2d waiting:>3w",
    "payer:cedar from:\"Elm \\\"Street\" age:40..65 received:2026-01-01..2026-02-28 missing:ecg garcia R-10001-W",
    "is:snoozed -is:mine coverage:none site:north reason:I48 sort:due",
];
const TABLES: &[&str] = &[include_str!("fixtures/samples/import/referrals.csv")];
const MAPPING: &str = include_str!("fixtures/samples/import/referrals.toml");

fn number(name: &str, usual: u64) -> u64 {
    let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
    set.unwrap_or(usual)
}

/// What stands out in these formats, and what hurts terminals.
const HOSTILE: [&[u8]; 22] = [
    b"\x0b",
    b"\x1c\r",
    b"\x1b[2J",
    b"\x00",
    b"\x7f",
    b"\xc2\x9b",
    b"\xe2\x80\xae",
    b"\xff\xfe",
    b"|",
    b"^~\\&",
    b"\\X1B\\",
    b"~",
    b"*",
    b"\"",
    b"<![CDATA[",
    b"&#27;",
    b"\\u001b",
    b"{\"a\":",
    b"[[[[",
    b"\r\n",
    b"MSH|^~\\&|",
    b"99999999999999999999",
];

/// Wounds a sample: bytes changed, cut off, put in, said again, and pieces of another sample grafted on.
fn wound(samples: &[&str], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = samples[random.usize(..samples.len())].as_bytes().to_vec();
    for _ in 0..random.usize(1..8) {
        let at = random.usize(..=bytes.len());
        let to = (at + random.usize(..80)).min(bytes.len());
        match random.u8(..7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 => bytes.truncate(at.max(1)),
            2 => drop(bytes.drain(at..to)),
            3 => {
                let piece = HOSTILE[random.usize(..HOSTILE.len())];
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
            4 => {
                let piece: Vec<u8> = bytes[at..to].repeat(random.usize(1..40));
                drop(bytes.splice(at..at, piece));
            }
            5 => {
                let other = samples[random.usize(..samples.len())].as_bytes();
                let from = random.usize(..other.len());
                drop(bytes.splice(at..to, other[from..].iter().copied()));
            }
            _ => {
                let piece = HOSTILE[random.usize(..HOSTILE.len())].repeat(random.usize(1..200));
                drop(bytes.splice(at..at, piece));
            }
        }
        bytes.truncate(64 << 10);
    }
    bytes
}

/// Runs a reader over wounded samples.
fn run(name: &str, samples: &[&str], rounds: u64, reader: impl Fn(&[u8])) {
    let (seed, rounds) = (number("REFDESK_SEED", 7), number("REFDESK_MUTATIONS", rounds));
    for sample in samples {
        reader(sample.as_bytes());
    }
    for round in 0..rounds {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let bytes = wound(samples, &mut random);
        let tripped = catch_unwind(AssertUnwindSafe(|| reader(&bytes))).is_err();
        let shown: String = bytes.escape_ascii().to_string().chars().take(2_000).collect();
        assert!(!tripped, "{name}: seed {seed}, round {round}: {shown}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn one(stated: Result<Stated, String>, read: usize) {
    if let Ok(stated) = stated {
        sound(&[stated], read);
    }
}

#[test]
fn hl7v2() {
    run("hl7v2", HL7V2, 700, |bytes| {
        let text = text(bytes);
        sound(&referral::read(&text), text.len());
        let _ = (report::enclosed(&text), enclosed(&text));
    });
}

#[test]
fn blocks_and_their_answers() {
    run("blocks", HL7V2, 700, |bytes| {
        let framed = [block(bytes), block(b"MSH|^~\\&|"), bytes.to_vec()].concat();
        let mut blocks = Blocks::default();
        let mut size = 0;
        for part in framed.chunks(1 + bytes.len() % 97) {
            for got in blocks.take(part) {
                let (Got::Block(one) | Got::TooLong(one)) = got else {
                    continue;
                };
                size += one.len();
                let Some(head) = Head::of(&one) else { continue };
                for verdict in [Verdict::Taken, Verdict::Failed("again"), Verdict::Rejected("no")] {
                    let said = head.answer(verdict, from_seconds(0)).unwrap_or_default();
                    assert!(said.iter().all(|byte| *byte == b'\r' || !byte.is_ascii_control()));
                    assert!(said.len() < 4_096, "{}", said.len());
                }
                let _ = (head.name(), head.occasion(), receipt::count(&one));
            }
        }
        assert!(size <= framed.len());
    });
}

#[test]
fn interchanges() {
    run("x12", X12, 700, |bytes| {
        let text = text(bytes);
        one(x12::read(&text).map_err(|why| why.to_string()), text.len());
    });
}

#[test]
fn fhir_in_json_and_lines() {
    run("fhir json", JSON, 500, |bytes| {
        let text = text(bytes);
        let _ = enclosed(&text);
        if let Ok(all) = fhir::read_all(&text) {
            sound(&all, text.len());
        }
    });
}

#[test]
fn fhir_and_ccda_in_xml() {
    run("xml", XML, 500, |bytes| {
        let text = text(bytes);
        one(fhir::read(&text), text.len());
        let _ = enclosed(&text);
        if let Ok(Some(stated)) = ccda::read(&text) {
            sound(&[stated], text.len());
        }
    });
}

#[test]
fn calendars_and_tables() {
    run("ics", ICS, 700, |bytes| {
        let text = text(bytes);
        if let Ok(all) = ics::read(&text) {
            sound(&all, text.len());
        }
    });
    run("table", CSV, 700, |bytes| {
        let text = text(bytes);
        let _ = table::is_schedule(&text);
        if let Ok(all) = table::read(&text) {
            sound(&all, text.len());
        }
    });
}

/// The whole way of a file, whatever it pretends to be.
fn whole(bytes: &[u8]) {
    sound_document(&refdesk::intake::read("a.eml", bytes), bytes.len());
}

#[test]
fn mails_and_every_format_as_a_file() {
    run("mail", MAIL, 150, whole);
    for (name, samples) in [
        ("hl7v2", HL7V2),
        ("x12", X12),
        ("json", JSON),
        ("xml", XML),
        ("ics", ICS),
        ("csv", CSV),
    ] {
        run(name, samples, 60, whole);
    }
}

#[test]
fn queries() {
    run("query", QUERIES, 4_000, |bytes| {
        let text = text(bytes);
        match Query::parse(&text) {
            Ok(query) => assert!(query.terms.len() <= text.len()),
            Err(error) => assert!(
                error.at <= text.chars().count() && !error.because.is_empty(),
                "{error}"
            ),
        }
    });
}

/// Files of another system, to be brought over: pieces are cut off and land, or are refused with their line.
#[test]
fn files_to_be_brought_over() {
    let dir = tempfile::tempdir().unwrap();
    let policy = Arc::new(Config::built_in().unwrap().policy());
    let mapping: Mapping = toml::from_str(MAPPING).unwrap();
    let engine = Engine::open(Places::in_dir(dir.path()), policy, Some(1)).unwrap();
    let (engine, files) = (RefCell::new(engine), [dir.path().join("theirs")]);
    let landed = Cell::new(0_u64);
    let actor = Actor {
        name: "max".into(),
        role: Role::Manager,
    };
    let brought = |bytes: &[u8]| {
        std::fs::write(&files[0], bytes).unwrap();
        let order = Order {
            files: &files,
            mapping: Some(("old", &mapping)),
            actor: &actor,
            now: from_seconds(1_772_460_000),
            dry: true,
            readers: 1,
        };
        let mut told = 0_u64;
        let done = import::run(&mut engine.borrow_mut(), &order, &mut |row| {
            told += 1;
            assert!(row.line <= 1 + bytes.len() as u64, "line {}", row.line);
            row.warnings.iter().for_each(|warning| plain(warning));
            Ok(())
        });
        // What is no file of referrals says so, and nothing of it is told.
        match done {
            Ok(done) => {
                let total = &done.totals[0];
                let counted = total.landed + total.there + total.heard + total.intake + total.refused;
                assert_eq!(counted, told);
                landed.set(landed.get() + total.landed);
            }
            Err(why) => plain(&why.to_string()),
        }
    };
    for (name, samples) in [("ndjson", JSON), ("hl7v2", HL7V2), ("csv", TABLES)] {
        landed.set(0);
        run(name, samples, 120, brought);
        assert!(landed.get() > 0, "{name}: nothing of it is a referral");
    }
}
