//! Other systems' messages and files, and what people type, wounded: every reader answers, whatever stands in what it is given. Files of
//! documents (mail, office, PDF, pictures) are wounded in `tests/containers`.
//!
//! A short run by a fixed seed; `REFDESK_MUTATIONS` sets how many each reader gets, `REFDESK_SEED` another seed. What trips is printed with
//! the seed and the round that make it again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that trips has found something"
)]

use refdesk::config::Config;
use refdesk::config::import::Mapping;
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::query::Query;
use refdesk::domain::time::from_seconds;
use refdesk::engine::{Engine, Places};
use refdesk::import::{self, Order};
use refdesk::intake::ReadDocument;
use refdesk::intake::document::Value;
use refdesk::standards::hl7v2::blocks::{Blocks, Got, block};
use refdesk::standards::hl7v2::receipt::{self, Head, Verdict};
use refdesk::standards::hl7v2::{referral, report};
use refdesk::standards::{Stated, ccda, fhir, ics, table, x12};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const HL7V2: &[&str] = &[
    "MSH|^~\\&|EHR|ELM|DESK|HEART|20260105||REF^I12^REF_I12|1|P|2.5.1\rRF1|P^Pending^HL70283|U^Urgent^HL70280|CAR^Cardiology^L|||REF77\r\
     PRD|RP^Referring^HL70286|LEE^ANN^^^DR^MD|12 Elm St^^Springfield||^WPN^PH^^^412^5550101~^WPN^FX^^^412^5550102||1234567893^NPI\r\
     PID|1||8812^^^ELM^MR~123456789^^^^SS||ALVAREZ^ROSA^M||19700504|F|||9 Oak Ave^^Springfield^IL^62701||^PRN^PH^^^412^5550199||es\r\
     DG1|1||R00.2^Palpitations^I10\rIN1|1|PPO^Choice PPO|A1|Aetna||||G-9||||||||||||||||||||||||||||W123\rNTE|1||a\\.br\\b\\X41\\\\T\\",
    "FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|S||||20260302||SIU^S12|2|P|2.3\rSCH|10|20|||||FU^Follow up||30|min|^^^20260310103000|||||||||||||Booked\r\
     PID|1||77||GARCIA^MARIA\rAIS|1||ECHO^Echocardiogram|20260310103000\rBTS|1\rFTS|1",
    "MSH|^~\\&|LAB||||20260312||ORU^R01|55|P|2.5.1\rPID|1||8812||GARCIA^MARIA||19700517|F\rORC|RE|R-10001-W\r\
     OBR|1|R-10001-W||11488-4^Consult note^LN|||||||||||||||||||||F\rOBX|1|ED|PDF||^application^pdf^Base64^JVBERi0xLjcgYQ==\rTXA|1|CN|TX",
];
const X12: &[&str] = &[
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000007*0*P*:~GS*HB*A*B*20260302*1410*7*X*005010X279A1~\
     ST*271*0001*005010X279A1~BHT*0022*11*RD12-1*20260302*1410~HL*1**20*1~NM1*PR*2*CEDAR*****PI*60054~HL*3*2*22*1~TRN*2*RD12-1*9123456789~\
     NM1*IL*1*GARCIA*MARIA****MI*CH123456~DMG*D8*19700517*F~HL*4*3*23*0~NM1*03*1*GARCIA*LUIS~DMG*D8*20150201*M~EB*1*IND*30^98**GOLD~\
     DTP*347*D8*20260320~EB*B**98****20*****Y~AAA*N**75*C~SE*12*0001~GE*1*7~IEA*1*000000007~",
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000009*0*P*:~ST*278*1~BHT*0007*11*1*20260302~\
     HL*3*2*22*1~NM1*IL*1*GARCIA*MARIA****MI*CH1~HCR*A1*AUTH7~DTP*472*RD8*20260301-20260601~HSD*VS*3~HI*ABK:R002:BF~PER*IC**TE*4125550100~SE*8*1~\
     IEA*1*000000009~",
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000008*0*P*:~TA1*000001203*260302*1405*R*024~IEA*1*000000008~",
];
const JSON: &[&str] = &[
    r##"{"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","priority":"urgent","code":{"text":"Cardiology consult"},"subject":{"reference":"urn:uuid:2"},"requester":{"reference":"#p"},"reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"R00.2"}],"text":"Palpitations"}],"contained":[{"resourceType":"Practitioner","id":"p","name":[{"family":"Lee","given":["Ann"]}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}]}},{"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","name":[{"family":"Alvarez","given":["Rosa","M"]}],"birthDate":"1970-05-04","gender":"female","telecom":[{"system":"phone","value":"412 555 0199"}]}}]}"##,
    "{\"resourceType\":\"Appointment\",\"id\":\"a\",\"status\":\"booked\",\"start\":\"2026-03-10T10:30:00-05:00\",\"minutesDuration\":30,\"participant\":[{\"actor\":{\"display\":\"Garcia, Maria\"}}]}\n{\"resourceType\":\"Coverage\",\"id\":\"c\",\"payor\":[{\"display\":\"Aetna\"}],\"subscriberId\":\"W1\"}\n",
];
const XML: &[&str] = &[
    r#"<?xml version="1.0"?><ServiceRequest xmlns="http://hl7.org/fhir"><status value="active"/><intent value="order"/><priority value="stat"/><code><text value="Echo"/></code><subject><display value="Rosa Alvarez"/></subject></ServiceRequest>"#,
    r#"<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><code code="57133-1" codeSystem="2.16.840.1.113883.6.1"/><title>Referral note</title><recordTarget><patientRole><id extension="8812"/><telecom value="tel:+1-412-555-0199"/><patient><name><given>Rosa</given><family>Alvarez</family></name><administrativeGenderCode code="F"/><birthTime value="19700504"/></patient></patientRole></recordTarget><component><structuredBody><component><section><code code="42349-1"/><title>Reason for referral</title><text>Palpitations &amp; dizziness</text></section></component></structuredBody></component></ClinicalDocument>"#,
];
const ICS: &[&str] = &[
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSEQUENCE:2\r\nDTSTAMP:20260302T140000Z\r\nDTSTART;TZID=America/New_York:20260310T103000\r\nDURATION:PT30M\r\nSUMMARY:Garcia\\, Maria\r\n  folded R-10001-W\r\nATTENDEE;CN=\"A:B\":mailto:a@example.org\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
];
const CSV: &[&str] = &[
    "appointment id,patient,dob,start,status,referral\r\n1,\"Garcia, Maria\",5/17/1970,2026-03-10 10:30,booked,R-10001-W\r\n2,\"No\"\"body\r\nNed\",1/1/1950,2026-03-12 09:30,no show,\r\n",
    "Visit No;Patient Name;Date of Birth;Date;Time;Outcome\n1;Garcia, Maria;17.05.1970;10.03.2026;10:30;Complete\n",
];
const MAIL: &[&str] = &[
    "From: \"Hale, Irene\" <i@example.org>\r\nTo: desk@example.org\r\nSubject: =?utf-8?B?UmVmZXJyYWw=?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nREFERRAL\r\nPatient Name: Garc=EDa, Maria\r\nDOB: 05/17/1970\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Please <b>see</b> &#x1b; her</p>\r\n--b\r\nContent-Type: application/octet-stream; name=a.hl7\r\nContent-Transfer-Encoding: base64\r\n\r\nTVNIfF5+XCZ8QXxCfHx8fHxSRUZeSTEyfDF8UHwyLjUNUElEfDF8fHx8QV5C\r\n--b--\r\n",
];

const QUERIES: &[&str] = &[
    "list:review priority:>=urgent owner:\"Ann Lee\" -status:accepted,waitlisted due:<2d waiting:>3w",
    "payer:cedar from:\"Elm \\\"Street\" age:40..65 received:2026-01-01..2026-02-28 missing:ecg garcia R-10001-W",
    "is:snoozed -is:mine coverage:none site:north reason:I48 sort:due",
];
const TABLES: &[&str] = &[
    "Ref,Got,Who,Born,Plan,Member,Of,Visit,What\n7,02/27/2026,\"Garcia, Maria\",5/17/1970,Aetna,W1,\"Garcia, Luis\",03/10/2026 10:30 am,Appt made\n\
     8,2/3/2026,\"No\"\"body,\nNed\",1/1/50,,,,,Seen\n",
];
const MAPPING: &str = "dates = [\"MM/DD/YYYY\", \"MM/DD/YYYY hh:mm a\", \"M/D/YY\"]\n\
    columns = { external = \"Ref\", received = \"Got\", patient = \"Who\", dob = \"Born\", payer = \"Plan\", member_id = \"Member\", \
    subscriber = \"Of\", appointment = \"Visit\", status = \"What\" }\nconstants = { specialty = \"cardiology\" }\n\
    values.status = { \"Appt made\" = \"scheduled\", \"Seen\" = \"completed\" }\n";

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

/// Nothing of it moves a cursor.
fn plain(text: &str) {
    let odd = text
        .chars()
        .find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{202e}' | '\u{200b}'));
    assert_eq!(odd, None, "{}", text.escape_debug());
}

/// What was stated is clean, and no longer than what it was read from, but for what a format repeats by itself.
fn sound(all: &[Stated], read: usize) {
    let mut written = 0;
    for stated in all {
        plain(&stated.label);
        stated.doubts.iter().for_each(|doubt| plain(doubt));
        for item in &stated.items {
            plain(&item.text);
            plain(&item.at);
            if let Some(name) = &item.name {
                for part in [&name.family, &name.given, &name.suffix] {
                    plain(part);
                }
            }
            written += item.text.len();
        }
    }
    assert!(written <= 20 * read + 4_096, "{written} bytes out of {read}");
    assert!(all.len() <= read, "{} messages out of {read} bytes", all.len());
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
        let _ = report::enclosed(&text);
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

/// The whole way of a file, whatever it pretends to be: a panic inside would be caught there, and must not have been one.
fn whole(bytes: &[u8]) {
    let read: ReadDocument = refdesk::intake::read("a.eml", bytes);
    for warning in &read.warnings {
        plain(warning);
        assert_ne!(warning, "the document could not be read; a person must read it");
    }
    read.pages
        .iter()
        .flat_map(|page| &page.lines)
        .for_each(|line| plain(&line.text));
    read.parts.iter().for_each(|part| plain(&part.name));
    for found in read.fields.values().flatten() {
        match &found.value {
            Value::Text(text) => plain(text),
            Value::Name { family, given } => [family, given].into_iter().for_each(|part| plain(part)),
        }
    }
    let lines: usize = read.pages.iter().map(|page| page.lines.len()).sum();
    assert!(
        lines <= 20 * bytes.len() + 100,
        "{lines} lines out of {} bytes",
        bytes.len()
    );
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
                assert_eq!(total.landed + total.there + total.intake + total.refused, told);
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
