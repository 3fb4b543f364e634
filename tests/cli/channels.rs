//! Ways out and answers, as a person at a shell meets them.

use super::service::{Service, drop_in, names};
use super::{Clinic, NOW, received};
use serde_json::{Value, json};
use std::fs;

/// After the minute in which a change is undone with what it would have sent.
const LATER: &str = "2026-03-02T14:02:00Z";

const MODEM: &str = "[channels]\nsms = \"smstools\"\n[channels.modem]\nspool = \"sms/outgoing\"\nreceived = \"sms/incoming\"\n\
    sent = \"sms/sent\"\nfailed = \"sms/failed\"\n";

fn configured(text: &str) -> Clinic {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    fs::write(clinic.data().join("config.toml"), text).unwrap();
    for folder in ["outgoing", "incoming", "sent", "failed"] {
        fs::create_dir_all(clinic.data().join("sms").join(folder)).unwrap();
    }
    clinic
}

/// A patient who is texted.
fn texted(family: &str, phone: &str) -> Value {
    let mut command = received(family, "routine");
    let patient = &mut command["patient"]["new"];
    patient["phone"] = json!(phone);
    patient["preferred"] = json!("sms");
    patient["sms_consent"] = json!("given");
    command
}

fn receive(clinic: &Clinic, command: Value) -> String {
    clinic.does(command)["referral"].as_str().unwrap().to_owned()
}

fn message(clinic: &Clinic, referral: &str, kind: &str) -> Value {
    let shown = clinic.show(referral);
    let messages = shown["messages"].as_array().unwrap();
    messages
        .iter()
        .find(|message| message["kind"] == kind)
        .unwrap()
        .clone()
}

fn tick(clinic: &Clinic, now: &str) -> Value {
    clinic.at(now, &["tick", "--json"]).objects().remove(0)
}

#[test]
fn everything_that_is_wrong_with_the_channels_is_told_at_once_with_its_line() {
    let clinic = configured(
        "[channels]\nemail = \"smtp\"\nsms = \"gateway\"\nfax = \"hylafax\"\nletter = \"pigeon\"\n\
         [channels.smtp]\nhost = \"mail.clinic.example\"\ntls = \"none\"\nfrom = \"desk\"\nuser = \"desk\"\n\
         [channels.gateway]\nurl = \"http://sms.example/send\"\nbody = '{\"to\": \"{to}\", \"text\": \"{txt}\"}'\n\
         token_file = \"a\"\ntoken_env = \"B\"\nkey_header = \"Key:\\nX\"\ncountry = \"+1\"\n[channels.hylafax]\nprefix = \"9w\"\n",
    );
    let said = clinic.run(["config", "check"]);
    assert_eq!(said.code, 1, "{said:?}");
    let told = format!("{}{}", said.out, said.err);
    for wanted in [
        "config.toml:5: channels.letter: ",
        "config.toml:8: channels.smtp.tls: mail would cross the network in the clear",
        "config.toml:9: channels.smtp.from: channels.smtp.from is not an e-mail address",
        "there is a user, and no password",
        "config.toml:12: channels.gateway.url: is not an address that begins with https://",
        "config.toml:13: channels.gateway.body: `{txt}` is not known; known are {to}, {text}, {from}, {key}",
        "channels.gateway.body: says nowhere {text}",
        "the secret is named twice",
        "channels.gateway.key_header: is not the name of a header",
        "channels.gateway.country is not a calling code",
        "channels.hylafax.spool is empty, and the channel needs it",
        "channels.hylafax.prefix: has something that cannot be dialled",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
}

#[test]
fn the_first_of_a_kind_waits_to_be_read_and_the_others_go_with_it() {
    let clinic = configured(MODEM);
    let first = receive(&clinic, texted("Lee", "8025550147"));
    let second = receive(&clinic, texted("Diaz", "8025550148"));
    let ticked = tick(&clinic, LATER);
    assert_eq!(
        (&ticked["unread"], &ticked["failed"]),
        (&json!(2), &json!(0)),
        "{ticked}"
    );
    assert_eq!(names(&clinic.data().join("sms/outgoing")), [""; 0]);
    let held = message(&clinic, &first, "ack-patient");
    assert_eq!(held["state"], "held");
    let shown = clinic.show(&first);
    let task = shown["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["title"].as_str().unwrap().starts_with("Read the first"));
    assert_eq!(task.unwrap()["state"], "open");
    let id = format!("M-{}", held["id"]);
    assert_eq!(
        clinic.run(["outbox", "retry", &id]).done(),
        "message ack-patient: held → queued · task done\n"
    );
    let ticked = tick(&clinic, LATER);
    assert_eq!(
        (&ticked["handed_over"], &ticked["unread"]),
        (&json!(2), &json!(0)),
        "{ticked}"
    );
    assert_eq!(names(&clinic.data().join("sms/outgoing")).len(), 2);
    assert_eq!(message(&clinic, &second, "ack-patient")["state"], "handed-over");
    let open = |id: &str| {
        let shown = clinic.show(id);
        shown["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|task| task["state"] == "open" && task["key"].as_str().unwrap().starts_with("message-"))
            .count()
    };
    assert_eq!((open(&first), open(&second)), (0, 0));
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_message_is_changed_before_it_leaves_and_not_after() {
    let clinic = configured("");
    let id = receive(&clinic, received("Lee", "routine"));
    let number = format!("M-{}", message(&clinic, &id, "ack-patient")["id"]);
    for (args, why) in [
        (vec!["--to", "nobody"], "address: not an e-mail address"),
        (vec!["--subject", "one\ntwo"], "subject: a subject is one line"),
        (vec!["--text", " \n "], "body: a message says something"),
        (vec![], "the message says that already"),
    ] {
        let mut all = vec!["outbox", "edit", &number];
        all.extend(args);
        assert!(clinic.run(&all).fails(1).contains(why), "{why}");
    }
    let edited = clinic.run([
        "outbox",
        "edit",
        &number,
        "--to",
        "ann.lee@example.org",
        "--text",
        "Call us.\nSoon.",
    ]);
    assert_eq!(edited.done(), "message ack-patient: changed by hand\n");
    tick(&clinic, LATER);
    let file = fs::read_to_string(
        clinic
            .data()
            .join("outbox")
            .join(format!("ack-patient.{id}.received.eml")),
    )
    .unwrap();
    assert!(
        file.contains("<ann.lee@example.org>") && file.ends_with("\n\nCall us.\nSoon.\n"),
        "{file}"
    );
    let late = clinic.run(["outbox", "edit", &number, "--text", "No."]).fails(1);
    assert!(
        late.contains("a message that is handed-over is not changed any more"),
        "{late}"
    );
}

#[test]
fn a_word_by_text_message_is_heard_once_and_what_is_none_waits_in_intake() {
    let clinic = configured(&MODEM.replace("[channels]", "[channels]\nread_first = false"));
    let id = receive(&clinic, texted("Lee", "8025550147"));
    clinic.does(json!({ "command": "accept", "referral": id }));
    clinic.does(json!({ "command": "schedule", "referral": id, "starts_at": "2026-03-20T15:00:00Z", "minutes": 30, "performer": "Dr. Osei", "place": "Room 2" }));
    tick(&clinic, LATER);
    let incoming = clinic.data().join("sms/incoming");
    let sms =
        |said: &str| format!("From: 18025550147\nReceived: 26-03-02 14:00:00\nAlphabet: ISO\n\n{said}\n");
    let service = Service::start(&clinic, &[]);
    drop_in(&incoming, "GSM1.a", &sms("YES"), 60);
    service.says("inbox: heard");
    drop_in(&incoming, "GSM1.b", &sms("Yes\nbut it hurts more now"), 60);
    service.says("inbox: intake");
    drop_in(&incoming, "GSM1.c", &sms("Stop."), 60);
    service.says("inbox: heard");
    let (status, err) = service.stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    let shown = clinic.show(&id);
    assert_eq!(shown["patient"]["sms_consent"], "refused", "{}", shown["patient"]);
    assert_eq!(shown["appointments"][0]["state"], "confirmed");
    assert_eq!(
        message(&clinic, &id, "scheduled-patient")["state"],
        "acknowledged"
    );
    assert_eq!(names(&incoming), ["done"]);
    // Whoever opted out gets nothing more on this channel, however it was queued before.
    let before = names(&clinic.data().join("sms/outgoing")).len();
    tick(&clinic, "2026-03-19T15:00:00Z");
    assert_eq!(names(&clinic.data().join("sms/outgoing")).len(), before);
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn what_the_modem_reports_moves_the_message_and_a_failure_is_work() {
    let clinic = configured(&MODEM.replace("[channels]", "[channels]\nread_first = false"));
    let [one, two, three] = ["8025550147", "8025550148", "8025550149"]
        .map(|phone| receive(&clinic, texted(&format!("P{phone}"), phone)));
    tick(&clinic, LATER);
    let spool = clinic.data().join("sms");
    let [first, second, third] =
        [&one, &two, &three].map(|id| format!("refdesk-m{}", message(&clinic, id, "ack-patient")["id"]));
    let sent = fs::read_to_string(spool.join("outgoing").join(&first)).unwrap();
    assert!(
        sent.starts_with("To: 18025550147\nAlphabet: UTF-8\nReport: yes\n"),
        "{sent}"
    );
    // The modem sends the first, and gives the second up.
    fs::remove_file(spool.join("outgoing").join(&first)).unwrap();
    let sent = sent.replacen("\n\n", "\nMessage_id: 117\n\n", 1);
    drop_in(&spool.join("sent"), &first, &sent, 60);
    // The network counts for each recipient: a later message to somebody else has the same number.
    fs::remove_file(spool.join("outgoing").join(&third)).unwrap();
    fs::write(
        spool.join("sent").join(&third),
        "To: 18025550149\nMessage_id: 117\n\nHello\n",
    )
    .unwrap();
    fs::rename(
        spool.join("outgoing").join(&second),
        spool.join("failed").join(&second),
    )
    .unwrap();
    let report = "From: 18025550147\nAlphabet: ISO\n\nSMS STATUS REPORT\nMessage_id: 117\nDischarge_timestamp: x\nStatus: 0,Ok\n";
    let service = Service::start(&clinic, &[]);
    drop_in(&spool.join("incoming"), "GSM1.r", report, 60);
    service.says("inbox: heard");
    service.stop("-TERM");
    assert_eq!(message(&clinic, &one, "ack-patient")["state"], "delivered");
    assert_eq!(message(&clinic, &two, "ack-patient")["state"], "failed");
    assert_eq!(message(&clinic, &three, "ack-patient")["state"], "handed-over");
    assert_eq!(names(&spool.join("failed")), [""; 0]);
    let shown = clinic.show(&two);
    assert!(
        shown["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|task| task["state"] == "open"
                && task["title"].as_str().unwrap().starts_with("A message came back"))
    );
    // A person corrects nothing and sends it again: it goes to the modem once more.
    let number = format!("M-{}", message(&clinic, &two, "ack-patient")["id"]);
    clinic.run(["outbox", "retry", &number]).done();
    tick(&clinic, LATER);
    assert_eq!(names(&spool.join("outgoing")), [second]);
}

/// What `refdesk-sendfax` says while `sendfax` does this.
fn sendfax(clinic: &Clinic, does: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let bin = clinic.data().join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("sendfax"), format!("#!/bin/sh\n{does}\n")).unwrap();
    fs::set_permissions(bin.join("sendfax"), fs::Permissions::from_mode(0o755)).unwrap();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/service/refdesk-sendfax");
    let output = std::process::Command::new("sh")
        .arg(script)
        .arg(clinic.data().join("fax"))
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .output()
        .unwrap();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_fax_that_is_refused_fails_and_of_one_that_was_cut_off_a_person_is_told() {
    let clinic = configured(
        "[channels]\nfax = \"hylafax\"\nread_first = false\n[channels.hylafax]\nspool = \"fax\"\n",
    );
    let spool = clinic.data().join("fax");
    fs::create_dir_all(&spool).unwrap();
    let jobs = || -> Vec<String> {
        let mut all = names(&spool);
        all.retain(|name| name != ".lock");
        all
    };
    let mut lee = received("Lee", "routine");
    lee["requester"]["new"]["fax"] = json!("8025550100");
    let id = receive(&clinic, lee);
    tick(&clinic, LATER);
    let sent = message(&clinic, &id, "ack-provider");
    let name = format!("refdesk-m{}", sent["id"]);
    assert_eq!(jobs(), [format!("{name}.job"), format!("{name}.pdf")]);
    let said = sendfax(&clinic, "exit 1");
    assert!(said.contains("was refused"), "{said}");
    assert_eq!(jobs(), [format!("{name}.pdf"), format!("{name}.refused")]);
    let service = Service::start(&clinic, &[]);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(15);
    while !jobs().is_empty() {
        assert!(std::time::Instant::now() < until, "{:?}", jobs());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    service.stop("-TERM");
    let failed = message(&clinic, &id, "ack-provider");
    assert_eq!(
        (&failed["state"], &failed["detail"]),
        (&json!("failed"), &json!("sendfax refused it"))
    );
    // Sent again, and the machine goes down while sendfax is at it: nobody sends it a second time by himself.
    clinic
        .run(["outbox", "retry", &format!("M-{}", sent["id"])])
        .done();
    tick(&clinic, LATER);
    assert_eq!(jobs(), [format!("{name}.job"), format!("{name}.pdf")]);
    sendfax(&clinic, "kill -9 $PPID");
    assert_eq!(jobs(), [format!("{name}.pdf"), format!("{name}.sent")]);
    let said = sendfax(&clinic, "touch \"$0.called\"");
    assert!(said.contains("whether it left is not known"), "{said}");
    assert!(!clinic.data().join("bin/sendfax.called").exists());
    assert_eq!(jobs(), [format!("{name}.pdf"), format!("{name}.sent")]);
    let doctor = clinic.run(["doctor"]);
    let line = doctor.out.lines().find(|line| line.contains("hylafax")).unwrap();
    assert!(
        line.starts_with("FAIL fax") && line.contains("were begun with"),
        "{line}"
    );
}

#[test]
fn a_failure_that_comes_before_its_message_is_noted_as_sent_is_not_lost() {
    let clinic = configured(&MODEM.replace("[channels]", "[channels]\nread_first = false"));
    let id = receive(&clinic, texted("Lee", "8025550147"));
    tick(&clinic, LATER);
    let sent = message(&clinic, &id, "ack-patient");
    let (spool, name) = (clinic.data().join("sms"), format!("refdesk-m{}", sent["id"]));
    fs::rename(
        spool.join("outgoing").join(&name),
        spool.join("failed").join(&name),
    )
    .unwrap();
    // As it is while its sender is between handing it over and saying so.
    let connection = rusqlite::Connection::open(clinic.database()).unwrap();
    let sending =
        "UPDATE message SET state = 'sending', sender = 'smstools-1', not_before = ?2 WHERE id = ?1";
    connection
        .execute(sending, (sent["id"].as_i64().unwrap(), NOW))
        .unwrap();
    drop(connection);
    let service = Service::start(&clinic, &[]);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(15);
    while message(&clinic, &id, "ack-patient")["state"] != "failed" {
        assert!(
            std::time::Instant::now() < until,
            "{}",
            message(&clinic, &id, "ack-patient")
        );
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    service.stop("-TERM");
    assert_eq!(names(&spool.join("failed")), [""; 0]);
}

#[test]
fn a_number_as_it_is_dialled_at_home_is_texted_and_heard_from_abroad() {
    let clinic = configured(
        &MODEM
            .replace("[channels]", "[channels]\nread_first = false")
            .replace("[channels.modem]", "[channels.modem]\ncountry = \"49\""),
    );
    let id = receive(&clinic, texted("Lee", "0151 23456789"));
    tick(&clinic, LATER);
    let outgoing = clinic.data().join("sms/outgoing");
    let sent = fs::read_to_string(outgoing.join(&names(&outgoing)[0])).unwrap();
    assert!(sent.starts_with("To: 4915123456789\n"), "{sent}");
    let service = Service::start(&clinic, &[]);
    let stop = "From: 4915123456789\nAlphabet: ISO\n\nSTOP\n";
    drop_in(&clinic.data().join("sms/incoming"), "GSM1.a", stop, 60);
    service.says("inbox: heard");
    service.stop("-TERM");
    assert_eq!(clinic.show(&id)["patient"]["sms_consent"], "refused");
}

#[test]
fn gammu_reports_name_only_the_number_and_are_taken_in_the_order_in_which_texts_left() {
    let clinic = configured(
        &MODEM
            .replace("smstools", "gammu")
            .replace("[channels]\n", "[channels]\nread_first = false\n"),
    );
    let [one, two] = ["Ann", "Ben"].map(|family| receive(&clinic, texted(family, "8025550147")));
    tick(&clinic, LATER);
    let spool = clinic.data().join("sms");
    assert_eq!(names(&spool.join("outgoing")).len(), 2);
    let state = |id: &str| message(&clinic, id, "ack-patient")["state"].clone();
    let incoming = spool.join("incoming");
    let service = Service::start(&clinic, &[]);
    for (serial, said) in [("00", "Pending"), ("01", "Delivered"), ("02", "Failed")] {
        let name = format!("IN20260302_14030{serial}_{serial}_+18025550147_00.txt");
        drop_in(&incoming, &name, said, 60);
        service.says("inbox: heard");
    }
    // Nothing is out any more: who writes this now is not the network.
    drop_in(
        &incoming,
        "IN20260302_150000_00_+18025550147_00.txt",
        "Delivered",
        60,
    );
    service.says("inbox: intake");
    service.stop("-TERM");
    assert_eq!((state(&one), state(&two)), (json!("delivered"), json!("failed")));
}

/// The Message-ID that a mail to this message would have, as its server sent it back.
fn message_id(message: &Value) -> String {
    use sha2::{Digest, Sha256};
    let mark: String = Sha256::digest(message["key"].as_str().unwrap())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("m{}.{mark}@clinic.example", message["id"])
}

#[test]
fn mail_comes_back_as_a_word_a_bounce_or_papers_and_twice_changes_nothing() {
    let clinic = configured("[intake]\nfolders = [{ path = \"mail\", kind = \"maildir\" }]\n");
    let mail = clinic.data().join("mail/new");
    for folder in ["new", "cur", "tmp"] {
        fs::create_dir_all(clinic.data().join("mail").join(folder)).unwrap();
    }
    let mut lee = received("Lee", "routine");
    lee["patient"]["new"]["email"] = json!("ann@example.org");
    let word = receive(&clinic, lee);
    let mut other = received("Diaz", "routine");
    other["patient"]["new"]["email"] = json!("wrong@example.org");
    let bounced = receive(&clinic, other);
    let asked = receive(&clinic, super::incomplete("Moreno"));
    clinic.does(json!({ "command": "request-info", "referral": asked }));
    tick(&clinic, LATER);
    let code = clinic.show(&asked)["requests"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let bounce = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nMessage-ID: <b1@mx.example>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nAction: failed\nStatus: 5.1.1\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{}>\n\n--b--\n",
        message_id(&message(&clinic, &bounced, "ack-patient"))
    );
    let stop = "From: Ann Lee <ann@example.org>\nTo: desk@clinic.example\nSubject: Re: your referral\nMessage-ID: <s1@example.org>\n\nSTOP\n\n> you wrote\n";
    let papers = format!(
        "From: desk@practice.example\nSubject: records\nMessage-ID: <p1@practice.example>\n\nReturn code: {code}\nHere is the ECG tracing and the visit note.\n"
    );
    let service = Service::start(&clinic, &[]);
    for (name, text, says) in [
        ("1.M1.host", bounce.as_str(), "inbox: heard"),
        ("2.M1.host", stop, "inbox: heard"),
        ("3.M1.host", &papers, "inbox: answered"),
        // The same three by another road.
        (
            "4.M1.host",
            &format!("Received: from b\n{bounce}"),
            "inbox: heard",
        ),
        ("5.M1.host", &format!("Received: from b\n{stop}"), "inbox: heard"),
        (
            "6.M1.host",
            &format!("Received: from b\n{papers}"),
            "inbox: seen-before",
        ),
    ] {
        drop_in(&mail, name, text, 60);
        service.says(says);
        if name.starts_with('3') {
            let shown = clinic.show(&asked);
            assert_eq!(shown["referral"]["list"], "review", "{}", shown["referral"]);
            assert_eq!(shown["referral"]["received_at"], NOW);
        }
    }
    let stored = clinic.stored();
    drop_in(&mail, "7.M1.host", &format!("Received: from c\n{papers}"), 60);
    service.says("inbox: seen-before");
    service.stop("-TERM");
    assert_eq!(clinic.stored(), stored);
    assert_eq!(clinic.show(&word)["patient"]["email_consent"], "refused");
    let failed = message(&clinic, &bounced, "ack-patient");
    assert_eq!(
        (&failed["state"], &failed["detail"]),
        (&json!("failed"), &json!("it came back: 5.1.1"))
    );
    clinic.run(["check", "--deep"]).done();
}
