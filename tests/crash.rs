//! Kill -9 at any moment, on the real program: what it printed is there, nothing is half there, nothing is sent twice.

#![cfg(unix)]
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that trips has found something"
)]

mod common;

use common::{Desk, complete};
use refdesk::domain::command::{Cause, Command, Envelope, Receive, Ref};
use refdesk::domain::message::{Message, MessageState};
use refdesk::domain::priority::Priority;
use refdesk::domain::text;
use refdesk::domain::time::{Span, print_stamp};
use refdesk::engine::Receipt;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many kills: a few hundred by default, thousands where somebody has the time.
fn kills() -> usize {
    std::env::var("REFDESK_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(210)
}

fn program(data: &Path, arguments: &[&str]) -> Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .arg("--data")
        .arg(data)
        .args(["--as", "max"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// One writer: a program that is fed commands until it is killed.
struct Writer {
    child: Child,
    feed: std::thread::JoinHandle<()>,
    answers: std::thread::JoinHandle<Vec<Value>>,
    first: std::sync::mpsc::Receiver<()>,
}

impl Writer {
    fn start(data: &Path, lines: Vec<String>) -> Writer {
        let mut child = program(data, &["apply"]);
        let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, first) = std::sync::mpsc::channel();
        let feed = std::thread::spawn(move || {
            for line in lines {
                if writeln!(input, "{line}").is_err() {
                    break;
                }
            }
        });
        let answers = std::thread::spawn(move || {
            let (mut output, mut all, mut line) = (BufReader::new(output), Vec::new(), String::new());
            // A line without its end was cut off by the kill: it was not printed.
            while output.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
                all.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("`{line}`: {error}")));
                line.clear();
                let _ = sender.send(());
            }
            all
        });
        Writer {
            child,
            feed,
            answers,
            first,
        }
    }

    /// Kills it, and gives back what it had printed.
    fn kill(mut self) -> Vec<Value> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.feed.join().unwrap();
        self.answers.join().unwrap()
    }
}

fn commands(writer: usize, round: usize, ids: &[String], random: &mut fastrand::Rng) -> Vec<String> {
    (0..400)
        .map(|number| {
            let referral = &ids[random.usize(..ids.len())];
            let mut command = match random.u8(..6) {
                0 => json!({ "command": "receive", "source": "phone", "template": "cardiology", "reason_text": "palpitations",
                    "patient": { "new": { "name": { "family": format!("W{writer}"), "given": format!("N{round}.{number}") }, "phone": "8025550147" } } }),
                1 => json!({ "command": "assign", "referral": referral, "owner": { "person": format!("p{round}.{number}") } }),
                2 => json!({ "command": "set-priority", "referral": referral, "priority": if number % 2 == 0 { "urgent" } else { "routine" }, "reason": "as told" }),
                3 => json!({ "command": "accept", "referral": referral }),
                _ => json!({ "command": "add-note", "referral": referral, "text": format!("note {round}.{number}") }),
            };
            command["id"] = json!(format!("{writer}/{round}/{number}"));
            command.to_string()
        })
        .collect()
}

#[test]
fn every_receipt_that_was_printed_is_there_after_the_kill() {
    let mut desk = Desk::new();
    let ids: Vec<String> = (0..12)
        .map(|number| {
            desk.receive(Receive {
                patient: Ref::New(common::patient(number)),
                ..complete(Priority::Routine)
            })
            .to_string()
        })
        .collect();
    let dir = Arc::clone(&desk.dir);
    drop(desk);
    let mut random = fastrand::Rng::new();
    let mut printed: BTreeMap<i64, Receipt> = BTreeMap::new();
    let (mut killed, mut round, mut unheard) = (0, 0, Vec::new());
    while killed < kills() {
        let count = if round % 3 == 2 { 3 } else { 1 };
        let mut sent = Vec::new();
        let writers: Vec<Writer> = (0..count)
            .map(|writer| {
                // Whoever was cut off asks again, with the same ids: what was done is not done twice.
                let mut lines: Vec<String> = if writer == 0 {
                    std::mem::take(&mut unheard)
                } else {
                    Vec::new()
                };
                lines.extend(commands(writer, round, &ids, &mut random));
                sent.push(lines.clone());
                Writer::start(dir.path(), lines)
            })
            .collect();
        // Most are killed at work, some while they start.
        if random.u8(..5) > 0 {
            let _ = writers[0].first.recv_timeout(Duration::from_secs(20));
        }
        std::thread::sleep(Duration::from_micros(random.u64(..25_000)));
        for (writer, lines) in writers.into_iter().zip(sent) {
            killed += 1;
            let answers = writer.kill();
            if unheard.is_empty() {
                unheard = lines
                    .iter()
                    .skip(answers.len().saturating_sub(2))
                    .take(4)
                    .cloned()
                    .collect();
            }
            for answer in answers {
                assert!(answer.get("failed").is_none(), "{answer}");
                if answer.get("refused").is_none() {
                    let receipt: Receipt = serde_json::from_value(answer).unwrap();
                    let receipt = Receipt {
                        repeated: false,
                        ..receipt
                    };
                    let before = printed.insert(receipt.action, receipt.clone());
                    assert!(
                        before.is_none_or(|before| before == receipt),
                        "two receipts for action {}",
                        receipt.action
                    );
                }
            }
        }
        round += 1;
        if round % 12 == 0 {
            whole(dir.path(), &printed, false);
        }
    }
    assert!(
        printed.len() > killed / 2,
        "the programs got to work: {} receipts in {killed} kills",
        printed.len()
    );
    whole(dir.path(), &printed, true);
}

/// Everything that was printed is there, and nothing is half there.
fn whole(dir: &Path, printed: &BTreeMap<i64, Receipt>, deep: bool) {
    let engine =
        refdesk::engine::Engine::open(refdesk::engine::Places::in_dir(dir), common::policy(), None).unwrap();
    let connection = engine.store().connection();
    for receipt in printed.values() {
        let kept: String = connection
            .query_row(
                "SELECT receipt FROM action WHERE id = ?1",
                [receipt.action],
                |row| row.get(0),
            )
            .unwrap_or_else(|_| panic!("action {} was acknowledged and is lost", receipt.action));
        assert_eq!(serde_json::from_str::<Receipt>(&kept).unwrap(), *receipt);
    }
    for (what, sql) in [
        ("an action without what it changed", "SELECT count(*) FROM action a WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.action = a.id)"),
        ("an event without its action", "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM action a WHERE a.id = e.action)"),
        (
            "a version that is not the number of its actions",
            "SELECT count(*) FROM referral r WHERE version <> (SELECT count(*) FROM action a WHERE a.referral = r.id)",
        ),
        ("a referral without its case", "SELECT count(*) FROM referral r WHERE NOT EXISTS (SELECT 1 FROM milestone m WHERE m.referral = r.id)"),
        (
            "a referral without its acknowledgement",
            "SELECT count(*) FROM referral r WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.referral = r.id)
                AND NOT EXISTS (SELECT 1 FROM task t WHERE t.referral = r.id AND t.key LIKE 'tell/%')",
        ),
        ("a gap in the actions", "SELECT max(id) - count(*) FROM action"),
    ] {
        assert_eq!(common::number(connection, sql), 0, "{what}");
    }
    for finding in engine.store().check(deep).unwrap() {
        assert!(finding.ok, "{}: {}", finding.check, finding.detail);
    }
}

#[test]
fn a_first_start_that_is_killed_leaves_nothing_in_the_way_of_the_next() {
    let mut random = fastrand::Rng::new();
    let dir = common::folder();
    let began = Instant::now();
    program(&dir.path().join("whole"), &["tick"]).wait().unwrap();
    let start = began.elapsed();
    for number in 0..kills() / 7 {
        let data = dir.path().join(number.to_string());
        let mut child = program(&data, &["tick"]);
        std::thread::sleep(start.mul_f64(random.f64()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            program(&data, &["check"]).wait().unwrap().success(),
            "after kill {number}"
        );
    }
}

/// A desk on which a great many messages wait.
fn full_outbox(count: usize) -> Desk {
    let mut desk = Desk::new();
    let one = |command| Envelope::new(command, common::max(), Cause::Key);
    let receive = |number| {
        one(Command::Receive(Box::new(Receive {
            patient: Ref::New(common::patient(number)),
            ..complete(Priority::Routine)
        })))
    };
    let receives: Vec<Envelope> = (0..count).map(receive).collect();
    let made = desk.engine.execute_all(&receives, desk.now).unwrap();
    let accepts: Vec<Envelope> = made
        .into_iter()
        .map(|receipt| {
            one(Command::Accept {
                referral: receipt.unwrap().referral.unwrap(),
            })
        })
        .collect();
    assert!(
        desk.engine
            .execute_all(&accepts, desk.now)
            .unwrap()
            .iter()
            .all(Result::is_ok)
    );
    desk
}

/// What the outbox holds against what the store says; the number of files.
fn outbox(desk: &Desk, done: bool) -> usize {
    let messages: Vec<Message> = desk.engine.store().outbox(None, usize::MAX).unwrap();
    let names = common::handed_over(desk.dir.path());
    let mut left: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for message in &messages {
        let name = refdesk::channels::folder::file_name(message);
        let there = left.remove(name.to_str().unwrap());
        match message.state {
            MessageState::HandedOver => assert!(there, "{} was handed over, and is not there", message.key),
            MessageState::Sending => assert!(!done, "{} is still under way", message.key),
            state => assert!(!there, "{} is {}, and has left", message.key, state.code()),
        }
        if there {
            let file = std::fs::read_to_string(desk.engine.places().outbox.join(name)).unwrap();
            assert!(
                file.starts_with(&format!("Message-Key: {}\n", message.key)),
                "{}",
                message.key
            );
            assert!(
                file.trim_end().ends_with(text::block(&message.body).trim_end()),
                "{} is not whole",
                message.key
            );
        }
    }
    assert!(left.is_empty(), "nobody wrote {left:?}");
    names.len()
}

#[test]
fn no_message_is_lost_or_sent_twice_whenever_the_sender_dies() {
    let mut desk = full_outbox(150);
    let mut random = fastrand::Rng::new();
    let folder = desk.engine.places().outbox.clone();
    let (mut at_work, wanted, began) = (0, (kills() / 2).max(1), Instant::now());
    let mut killed = 0;
    while at_work < wanted {
        assert!(killed < wanted * 4, "the senders were never at work");
        if desk
            .engine
            .store()
            .outbox(Some(MessageState::Queued), 40)
            .unwrap()
            .len()
            < 40
        {
            refill(&mut desk);
        }
        // Now and then on a later day, on which timers go off before anything leaves.
        let now = print_stamp(
            desk.now
                + if killed % 9 == 8 {
                    Span::days(3)
                } else {
                    Span::hours(2)
                },
        );
        let before = count(&folder);
        let mut child = program(desk.dir.path(), &["--now", &now, "tick"]);
        let files = before + random.usize(..8);
        let patience = Instant::now();
        while count(&folder) <= files && patience.elapsed() < Duration::from_millis(700) {
            if child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_micros(300));
        }
        std::thread::sleep(Duration::from_micros(random.u64(..4000)));
        at_work += usize::from(child.try_wait().unwrap().is_none());
        killed += 1;
        child.kill().unwrap();
        child.wait().unwrap();
        if killed % 5 == 0 {
            outbox(&desk, false);
        }
    }
    assert!(count(&folder) > at_work, "in {:?}", began.elapsed());
    let last = print_stamp(desk.now + Span::days(3) + Span::hours(2));
    assert!(
        program(desk.dir.path(), &["--now", &last, "tick"])
            .wait()
            .unwrap()
            .success()
    );
    outbox(&desk, true);
    let hidden = std::fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        })
        .count();
    assert_eq!(hidden, 0, "what the dead left half-written is cleared away");
    desk.assert_sound();
}

fn refill(desk: &mut Desk) {
    let start =
        1000 + usize::try_from(common::number(desk.connection(), "SELECT count(*) FROM referral")).unwrap();
    let receive = |number| {
        let patient = Ref::New(common::patient(number));
        Envelope::new(
            Command::Receive(Box::new(Receive {
                patient,
                ..complete(Priority::Urgent)
            })),
            common::max(),
            Cause::Key,
        )
    };
    let receives: Vec<Envelope> = (start..start + 60).map(receive).collect();
    assert!(
        desk.engine
            .execute_all(&receives, desk.now)
            .unwrap()
            .iter()
            .all(Result::is_ok)
    );
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| {
        entries
            .filter(|entry| {
                entry
                    .as_ref()
                    .is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
            })
            .count()
    })
}

fn hl7(number: usize) -> String {
    format!(
        "MSH|^~\\&|EHR|ELM|DESK|HEART|20260302||REF^I12|{number}|P|2.5\rRF1|||CAR^Cardiology^L\r\
         PRD|RP|HALE^IRENE^^^^MD||||||1234567893^NPI\rPID|1||{number}||FAMILY{number}^ROSA||19700504|F\rDG1|1||R00.2^^I10\r"
    )
}

/// Sends one message over a connection; true once it is answered with AA, false where the listener died before.
fn answered(stream: &mut std::net::TcpStream, number: usize) -> bool {
    let (mut heard, mut chunk) = (Vec::new(), [0; 4096]);
    if write!(stream, "\u{b}{}\u{1c}\r", hl7(number)).is_err() {
        return false;
    }
    while !heard.ends_with(b"\x1c\r") {
        match std::io::Read::read(stream, &mut chunk) {
            Ok(0) | Err(_) => return false,
            Ok(count) => heard.extend_from_slice(&chunk[..count]),
        }
    }
    let said = String::from_utf8(heard).unwrap();
    assert!(said.contains(&format!("MSA|AA|{number}")), "{said}");
    true
}

/// A sender as they are: it goes on with the next once one is answered, and else sends the same again, when somebody listens.
fn sender(address: std::net::SocketAddr, end: Arc<AtomicBool>) -> std::thread::JoinHandle<usize> {
    std::thread::spawn(move || {
        let mut number = 0;
        while !end.load(Ordering::Relaxed) {
            let Ok(mut stream) = std::net::TcpStream::connect(address) else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            while answered(&mut stream, number) {
                number += 1;
            }
        }
        number
    })
}

#[test]
fn every_message_that_was_answered_is_there_after_the_kill_and_there_once() {
    let dir = common::folder();
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = format!("[intake.mllp]\nlisten = \"{address}\"\n");
    std::fs::write(dir.path().join("config.toml"), config).unwrap();
    let (mut random, end) = (fastrand::Rng::new(), Arc::new(AtomicBool::new(false)));
    let sender = sender(address, Arc::clone(&end));
    for _ in 0..(kills() / 10).max(2) {
        let mut child = program(dir.path(), &["run"]);
        // Most are killed while they take messages, some while they start.
        std::thread::sleep(Duration::from_millis(random.u64(50..900)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    end.store(true, Ordering::Relaxed);
    let taken = sender.join().unwrap();
    assert!(taken > kills() / 10, "{taken} messages were taken");
    let engine = refdesk::engine::Engine::open(
        refdesk::engine::Places::in_dir(dir.path()),
        common::policy(),
        None,
    )
    .unwrap();
    let connection = engine.store().connection();
    for number in 0..taken {
        let hash = refdesk::store::content::hash(hl7(number).as_bytes());
        let sql = format!("SELECT count(*) FROM document WHERE hash = '{hash}' AND referral IS NOT NULL");
        assert_eq!(
            common::number(connection, &sql),
            1,
            "message {number} was answered"
        );
    }
    let referrals = common::number(connection, "SELECT count(*) FROM referral");
    // The one that was on its way may be there as well.
    let all = i64::try_from(taken).unwrap();
    assert!(
        (all..=all + 1).contains(&referrals),
        "{referrals} of {all} messages"
    );
    common::assert_sound(&engine);
}
