//! Messages by real ways, with their other sides played here: a mail server that records, programs that empty spools. Whoever
//! is killed, and whenever: nothing is lost, and nothing is sent twice by itself.

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
#[path = "channels/peers.rs"]
mod peers;
#[path = "channels/server.rs"]
mod server;

use common::{Desk, complete};
use peers::{Emptied, Mailbox};
use refdesk::channels::smstools::file_name;
use refdesk::channels::{fax, mail};
use refdesk::domain::command::{Cause, Command, Envelope, NewPatient, Receive, Ref};
use refdesk::domain::message::{Message, MessageState};
use refdesk::domain::person::{Channel, Consent};
use refdesk::domain::priority::Priority;
use refdesk::domain::time::{Span, print_stamp};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How many kills: few by default, a thousand where somebody has the time.
fn kills() -> usize {
    std::env::var("REFDESK_KILLS")
        .ok()
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(210)
        / 3
}

fn program(data: &Path, arguments: &[&str]) -> Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .arg("--data")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Every third patient is texted, the others get mail; the provider gets a fax.
fn patient(number: usize) -> NewPatient {
    let base = common::patient(number);
    if number.is_multiple_of(3) {
        NewPatient {
            phone: Some(format!("80255{number:05}")),
            preferred: Some(Channel::Sms),
            sms_consent: Consent::Given,
            ..base
        }
    } else {
        base
    }
}

fn receive(desk: &mut Desk, numbers: std::ops::Range<usize>) {
    let one = |number| {
        let receive = Receive {
            patient: Ref::New(patient(number)),
            ..complete(Priority::Routine)
        };
        Envelope::new(Command::Receive(Box::new(receive)), common::max(), Cause::Key)
    };
    let all: Vec<Envelope> = numbers.map(one).collect();
    let made = desk.engine.execute_all(&all, desk.now).unwrap();
    assert!(made.iter().all(Result::is_ok));
}

fn configure(data: &Path, port: u16) {
    for spool in ["sms", "fax"] {
        std::fs::create_dir_all(data.join("spools").join(spool)).unwrap();
    }
    std::fs::write(
        data.join("config.toml"),
        format!(
            "[clinic]\nname = \"Heart Clinic\"\nemail = \"intake@clinic.example\"\n\
             [channels]\nemail = \"smtp\"\nsms = \"smstools\"\nfax = \"hylafax\"\nread_first = false\n\
             [channels.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
             [channels.modem]\nspool = \"spools/sms\"\n[channels.hylafax]\nspool = \"spools/fax\"\n"
        ),
    )
    .unwrap();
}

/// How often the other sides have each message.
fn had(messages: &[Message], mailbox: &Mailbox, sms: &Emptied, faxes: &Emptied) -> BTreeMap<i64, usize> {
    let mails = mailbox.taken();
    messages
        .iter()
        .map(|message| {
            let count = match message.channel {
                Channel::Email => mails.iter().filter(|id| mail::is_of(id, message)).count(),
                Channel::Sms => sms.count(&file_name(message)),
                Channel::Fax => faxes.count(&format!("{}.job", fax::name(message))),
                Channel::Letter | Channel::Phone | Channel::Exchange => 0,
            };
            (message.id.0, count)
        })
        .collect()
}

#[test]
fn senders_that_are_killed_lose_nothing_and_send_nothing_twice() {
    let mailbox = Mailbox::open();
    let mut desk = Desk::new();
    let data = desk.dir.path().to_owned();
    configure(&data, mailbox.port);
    let (sms, faxes) = (
        Emptied::start(&data.join("spools/sms")),
        Emptied::start(&data.join("spools/fax")),
    );
    let mut random = fastrand::Rng::new();
    let (mut killed, mut at_work, mut next, wanted) = (0, 0, 0, kills().max(3));
    while killed < wanted {
        let waiting = desk
            .engine
            .store()
            .outbox(Some(MessageState::Queued), 60)
            .unwrap()
            .len();
        if waiting < 60 {
            receive(&mut desk, next..next + 60);
            next += 60;
        }
        // The server has its moods: some mails it puts off, after some it hangs up without a word.
        mailbox.moods(random.u8(..4));
        let later = print_stamp(desk.now + Span::hours(2) + Span::minutes(i64::try_from(killed).unwrap()));
        let before = mailbox.taken().len() + sms.total() + faxes.total();
        let mut senders = [
            program(&data, &["--now", &later, "tick"]),
            program(&data, &["--now", &later, "tick"]),
            program(&data, &["--now", &later, "run"]),
        ];
        let (patience, more) = (Instant::now(), random.usize(..6));
        while mailbox.taken().len() + sms.total() + faxes.total() <= before + more
            && patience.elapsed() < Duration::from_millis(1500)
        {
            std::thread::sleep(Duration::from_micros(300));
        }
        std::thread::sleep(Duration::from_micros(random.u64(..6000)));
        random.shuffle(&mut senders);
        for sender in &mut senders {
            at_work += usize::from(sender.try_wait().unwrap().is_none());
            killed += 1;
            sender.kill().unwrap();
            sender.wait().unwrap();
            std::thread::sleep(Duration::from_micros(random.u64(..3000)));
        }
    }
    assert!(
        at_work * 2 > killed,
        "the senders were at work: {at_work} of {killed}"
    );
    mailbox.moods(0);
    // What was put off comes to its time; all of it is tried again in the hours that follow.
    for hours in [4, 6, 10, 20, 30] {
        let later = print_stamp(desk.now + Span::hours(hours) + Span::days(1));
        for _ in 0..40 {
            assert!(
                program(&data, &["--now", &later, "tick"])
                    .wait()
                    .unwrap()
                    .success()
            );
            let due = |message: &Message| print_stamp(message.not_before) <= later;
            let queued = desk
                .engine
                .store()
                .outbox(Some(MessageState::Queued), usize::MAX)
                .unwrap();
            if !queued.iter().any(due) {
                break;
            }
        }
    }
    for emptied in [&sms, &faxes] {
        emptied.settle();
    }
    let messages = desk.engine.store().outbox(None, usize::MAX).unwrap();
    let had = had(&messages, &mailbox, &sms, &faxes);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for message in &messages {
        let (count, what) = (
            had[&message.id.0],
            format!("{} {} {:?}", message.key, message.channel.code(), message.detail),
        );
        *states.entry(message.state.code()).or_default() += 1;
        match message.state {
            MessageState::HandedOver => assert_eq!(count, 1, "handed over: {what}"),
            MessageState::Uncertain => {
                assert!(count <= 1, "{count} times: {what}");
                assert_eq!(
                    message.channel,
                    Channel::Email,
                    "a spool is never uncertain: {what}"
                );
            }
            MessageState::Sending => panic!("still under way: {what}"),
            _ => assert_eq!(count, 0, "{}: {what}", message.state.code()),
        }
    }
    eprintln!("{killed} kills, {at_work} of them at work: {states:?}");
    assert!(
        states.get("handed-over").is_some_and(|count| *count > 50),
        "{states:?}"
    );
    desk.assert_sound();
}
