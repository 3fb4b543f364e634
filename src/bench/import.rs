//! Going live: referrals of another system brought over, against plain SQL that writes the same rows into the same indexes; and
//! messages of HL7 v2, cut into their parts.
//!
//! Owns the invented files. Must not be clever: what is measured is what `refdesk import` does.

use super::Trouble;
use super::sample::{Figure, Limit};
use crate::domain::person::is_npi;
use crate::domain::policy::{Actor, Policy, Role};
use crate::domain::time::Stamp;
use crate::engine::{Engine, Places};
use crate::import::{Order, run};
use crate::standards::hl7v2::{Message, messages, referral};
use crate::store::log;
use crate::store::yardstick::{self, Yardstick};
use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Referrals of one transaction of the yardstick: as many as the import's own.
const BATCH: usize = 1_000;
/// Practitioners who send them.
const SENDERS: u32 = 400;
/// Bytes of messages.
const MESSAGES: usize = 16 * 1024 * 1024;

/// Measures it in a folder of its own.
///
/// # Errors
/// What kept it from being measured.
pub fn measure(
    folder: &Path,
    referrals: u32,
    policy: &Arc<Policy>,
    now: Stamp,
) -> Result<Vec<Figure>, Trouble> {
    std::fs::create_dir_all(folder)?;
    let folder = tempfolder(folder)?;
    let file = folder.join("referrals.ndjson");
    let mut out = BufWriter::new(std::fs::File::create(&file)?);
    for number in 0..referrals {
        writeln!(out, "{}", bundle(number))?;
    }
    out.flush()?;
    let bytes = std::fs::metadata(&file)?.len() as f64 / 1e6;
    let mut engine = Engine::open(Places::in_dir(&folder), Arc::clone(policy), Some(1))?;
    let actor = Actor {
        name: "bench".into(),
        role: Role::Manager,
    };
    let files = [file];
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let order = Order {
        files: &files,
        mapping: None,
        actor: &actor,
        now,
        dry: false,
        readers: cores.saturating_sub(1).max(1),
    };
    let began = Instant::now();
    let mut landed = 0_u64;
    run(&mut engine, &order, &mut |_| {
        landed += 1;
        Ok(())
    })?;
    let took = began.elapsed().as_secs_f64();
    let last = log::next_action(engine.store().connection())? - 1;
    let path = folder.join("bench-yardstick.db");
    let yardstick = Yardstick::new(&path)?;
    let (mut plain, mut from) = (0.0, 0);
    loop {
        let actions = yardstick::last_actions(engine.store().connection(), from, BATCH)?;
        let Some(end) = actions.last().copied() else { break };
        let rows = yardstick::written(engine.store().connection(), &actions)?;
        let began = Instant::now();
        yardstick.write(&rows)?;
        plain += began.elapsed().as_secs_f64();
        from = end;
    }
    let rate = landed as f64 / took;
    let figures = vec![
        Figure::value(
            "import: FHIR, durable",
            referrals,
            rate,
            "a second",
            Limit::RatioAtLeast(0.5),
        )
        .against(
            "the same rows by plain SQL, as durable",
            last as f64 / plain.max(f64::EPSILON),
        ),
        Figure::value(
            "import: of FHIR",
            referrals,
            bytes / took,
            "MB a second",
            Limit::Said,
        ),
    ];
    drop((engine, yardstick));
    std::fs::remove_dir_all(&folder)?;
    Ok(figures)
}

/// The fastest of so many passes counts: other work on the machine can only slow one down.
const PASSES: usize = 5;

fn fastest(work: impl Fn() -> usize) -> (usize, f64) {
    let passes = (0..PASSES).map(|_| {
        let began = Instant::now();
        (work(), began.elapsed().as_secs_f64())
    });
    passes
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .unwrap_or_default()
}

/// Measures two steps over messages in memory, on one core: parsing, after which every component of every repetition of every field
/// has been reached where it stands in the text; and reading, after which what a message states is there as values of their own,
/// unescaped, cleaned and checked.
pub fn messages_parsed() -> Vec<Figure> {
    let mut text = String::with_capacity(MESSAGES + 4_096);
    let mut number = 0;
    while text.len() < MESSAGES {
        message(&mut text, number);
        number += 1;
    }
    let megabytes = text.len() as f64 / 1e6;
    let (parts, took) = fastest(|| cut(&text));
    let (stated, read) = fastest(|| {
        let all = referral::read(&text);
        all.iter().map(|stated| stated.items.len()).sum()
    });
    let each = |parts: usize| parts as f64 / f64::from(number);
    vec![
        Figure::value(
            &format!("HL7 v2: parsed, {:.0} components a message", each(parts)),
            number,
            megabytes / took,
            "MB a second",
            Limit::AtLeast(200.0),
        ),
        Figure::value(
            &format!("HL7 v2: read, {:.0} values a message", each(stated)),
            number,
            megabytes / read,
            "MB a second",
            Limit::Said,
        ),
    ]
}

/// Parses every message and reaches each component; how many of these say something.
fn cut(text: &str) -> usize {
    let mut parts = 0;
    for text in &messages(text) {
        let Some(message) = Message::parse(text) else {
            continue;
        };
        for segment in message.all("") {
            for field in segment.fields().filter(|field| !field.is_empty()) {
                for repetition in field.repetitions() {
                    parts += repetition.components().filter(|part| !part.is_empty()).count();
                }
            }
        }
    }
    parts
}

/// A folder that is not there yet.
fn tempfolder(beside: &Path) -> Result<std::path::PathBuf, Trouble> {
    let folder = beside.join(format!("import-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Family names by their number: as many as a town has.
fn family(number: u32) -> String {
    const HEADS: [&str; 12] = [
        "Al", "Ber", "Cor", "Dal", "Es", "Fer", "Gar", "Hol", "Kim", "Lo", "Mar", "Ros",
    ];
    const TAILS: [&str; 10] = ["den", "ez", "son", "ini", "ow", "sky", "man", "ard", "ley", "ros"];
    let pick = |all: &'static [&'static str], place: u32| {
        let place = usize::try_from(place).unwrap_or(0) % all.len();
        all.get(place).copied().unwrap_or_default()
    };
    format!(
        "{}{}{}",
        pick(&HEADS, number),
        pick(&TAILS, number / 12),
        pick(&TAILS, number / 120)
    )
}

/// An NPI: nine digits, and the one that checks them.
fn npi(number: u32) -> String {
    let head = format!("1{:08}", number % 100_000_000);
    (0..10)
        .map(|check| format!("{head}{check}"))
        .find(|npi| is_npi(npi))
        .unwrap_or_default()
}

/// A number that follows from another one, below a bound, spread as patients' days of birth and telephones are.
fn scattered(number: u32, below: u32) -> u32 {
    // Knuth's multiplicative hash (The Art of Computer Programming, 6.4).
    (number.wrapping_mul(2_654_435_761) >> 4) % below
}

/// A day of birth: some thirty of a million patients share one.
fn born(number: u32) -> String {
    let day = scattered(number, 80 * 12 * 28);
    format!(
        "19{:02}-{:02}-{:02}",
        20 + day / 336,
        day / 28 % 12 + 1,
        day % 28 + 1
    )
}

/// A referral as another system hands it over: most ended long ago, some are open.
fn bundle(number: u32) -> String {
    let sender = number % SENDERS;
    let (task, business, request) = match number % 10 {
        0 => ("received", "2.0", "active"),
        1 | 2 => ("accepted", "3.0", "active"),
        3 => ("rejected", "4.0", "revoked"),
        _ => ("completed", "7.0", "completed"),
    };
    let (month, day) = (number % 9 + 1, number % 27 + 1);
    let npi = npi(sender);
    let name = family(number);
    let given = family(scattered(number, 1_200));
    format!(
        concat!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":["#,
            r#"{{"fullUrl":"urn:uuid:s","resource":{{"resourceType":"ServiceRequest","id":"s{n}","status":"{request}","intent":"order","#,
            r#""priority":"routine","identifier":[{{"system":"http://old.example/referral","value":"REF-{n}"}}],"#,
            r#""authoredOn":"2026-{month:02}-{day:02}T14:{minute:02}:00Z","code":{{"text":"Cardiology consultation"}},"#,
            r#""performerType":{{"text":"Cardiology"}},"subject":{{"reference":"urn:uuid:p"}},"requester":{{"reference":"urn:uuid:r"}},"#,
            r#""reasonCode":[{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I48.91"}}],"text":"Palpitations on exertion, for some weeks"}}],"#,
            r#""insurance":[{{"reference":"urn:uuid:c"}}]}}}},"#,
            r#"{{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient","id":"p{n}","identifier":[{{"value":"{n}"}}],"#,
            r#""name":[{{"use":"official","family":"{name}","given":["{given}"]}}],"gender":"female","birthDate":"{born}","#,
            r#""telecom":[{{"system":"phone","value":"412{phone:07}"}}],"address":[{{"line":["{street} Oak Ave"],"city":"Springfield","state":"IL","postalCode":"62701"}}]}}}},"#,
            r#"{{"fullUrl":"urn:uuid:r","resource":{{"resourceType":"PractitionerRole","practitioner":{{"reference":"urn:uuid:d"}},"organization":{{"reference":"urn:uuid:o"}}}}}},"#,
            r#"{{"fullUrl":"urn:uuid:d","resource":{{"resourceType":"Practitioner","identifier":[{{"system":"http://hl7.org/fhir/sid/us-npi","value":"{npi}"}}],"#,
            r#""name":[{{"family":"Hale{sender}","given":["Irene"],"suffix":["MD"]}}],"telecom":[{{"system":"fax","value":"412556{sender:04}"}}]}}}},"#,
            r#"{{"fullUrl":"urn:uuid:o","resource":{{"resourceType":"Organization","name":"Elm Street Practice {practice}"}}}},"#,
            r#"{{"fullUrl":"urn:uuid:c","resource":{{"resourceType":"Coverage","status":"active","subscriberId":"W{n}","payor":[{{"display":"Cedar Health PPO"}}]}}}},"#,
            r#"{{"resource":{{"resourceType":"Task","status":"{task}","intent":"order","focus":{{"reference":"urn:uuid:s"}},"#,
            r#""lastModified":"2026-{month:02}-28T15:00:00Z","businessStatus":{{"coding":[{{"code":"{business}"}}]}}}}}}]}}"#,
        ),
        n = number,
        request = request,
        month = month,
        day = day,
        minute = number % 60,
        name = name,
        given = given,
        born = born(number),
        phone = 2_000_000 + scattered(number, 8_000_000),
        street = number % 9_000,
        npi = npi,
        sender = sender,
        practice = sender / 4,
        task = task,
        business = business,
    )
}

/// A referral as a message.
fn message(out: &mut String, number: u32) {
    let (name, given) = (family(number), family(number / 7 + 5));
    // Writing to a string does not fail.
    let _ = write!(
        out,
        concat!(
            "MSH|^~\\&|EHR|ELM STREET|DESK|HEART|20260105101500-0500||REF^I12^REF_I12|M{n}|P|2.5.1\r",
            "RF1|P^Pending^HL70283|R^Routine^HL70280|CAR^Cardiology^L|||REF{n}^EHR|20260105|20260705\r",
            "PRD|RP^Referring^HL70286|HALE^IRENE^^^DR^MD|12 Elm St^^Springfield^IL^62701|^^^^^^^^ELM STREET FAMILY PRACTICE|",
            "^WPN^PH^^^412^5550101~^WPN^FX^^^412^5550102||1234567893^NPI\r",
            "PRD|RT^Referred to^HL70286|CHEN^WEI^^^DR^MD|||||\r",
            "PID|1||{n}^^^ELM^MR||{name}^{given}^M||19700504|F||2106-3^White^HL70005|{street} Oak Ave^^Springfield^IL^62701||",
            "^PRN^PH^^^412^555{phone:04}~^NET^Internet^{n}@example.org||en|M|||||||||\r",
            "GT1|1||{name}^{given}||{street} Oak Ave^^Springfield^IL^62701|||||SELF\r",
            "IN1|1|PPO^Choice PPO|A1|Cedar Health||||G-9||||||||||||||||||||||||||||W{n}\r",
            "DG1|1||I48.91^Atrial fibrillation, unspecified^I10||20260105|W\r",
            "PR1|1||99243^Office consultation^C4||20260105\r",
            "PV1|1|O|CLINIC^^^ELM||||1234567893^HALE^IRENE^^^DR^MD\r",
            "NTE|1||Please assess palpitations on exertion, for some weeks, with a normal resting ECG.\\.br\\Thank you.\r",
            "OBX|1|TX|11488-4^Consultation note^LN||Blood pressure 128/82, pulse 74 and regular, no oedema.||||||F\r",
        ),
        n = number,
        name = name,
        given = given,
        street = number % 900,
        phone = number % 10_000,
    );
}
