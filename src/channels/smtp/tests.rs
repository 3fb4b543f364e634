//! A mail server on a socket of this machine: what it is told, and what each of its answers means.

use super::*;
use crate::channels::sample::message;
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Speaks SMTP once: `script` gives the answer to a command by its beginning; `hang up` ends the connection there.
fn server(script: &'static [(&'static str, &'static str)]) -> (u16, JoinHandle<Vec<String>>) {
    serve(vec![script])
}

/// Speaks as often as there are scripts.
fn serve(scripts: Vec<&'static [(&'static str, &'static str)]>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let all = move || {
        let heard = scripts.into_iter().map(|script| converse(&listener, script));
        heard.collect::<Vec<_>>().concat()
    };
    (port, std::thread::spawn(all))
}

fn converse(listener: &TcpListener, script: &[(&str, &str)]) -> Vec<String> {
    let (mut stream, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let (mut told, mut in_text) = (Vec::new(), false);
    stream.write_all(b"220 here\r\n").unwrap();
    while let Some(Ok(line)) = lines.next() {
        told.push(line.clone());
        let said = if in_text {
            if line != "." {
                continue;
            }
            "."
        } else {
            line.as_str()
        };
        let usual = match said.get(..4).unwrap_or(said) {
            "EHLO" => "250-here\r\n250 AUTH PLAIN",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            "AUTH" => "235 welcome",
            _ => "250 ok",
        };
        let reply = script
            .iter()
            .find(|(start, _)| said.starts_with(start))
            .map_or(usual, |(_, reply)| reply);
        if reply == "hang up" {
            return told;
        }
        in_text = reply.starts_with("354");
        stream.write_all(format!("{reply}\r\n").as_bytes()).unwrap();
    }
    told
}

fn smtp(port: u16) -> Smtp {
    Smtp {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        authority: None,
        login: None,
        from: "intake@clinic.example".into(),
        sender: "Heart Clinic".into(),
        patience: Duration::from_secs(5),
        open: Conversation::default(),
    }
}

fn told(handover: &Handover) -> &'static str {
    match handover {
        Handover::Done | Handover::WasThere => "done",
        Handover::Later(_, Extent::Message) => "later",
        Handover::Later(_, Extent::Channel) => "rest",
        Handover::Refused(_) => "refused",
        Handover::Unknown(_) => "unknown",
    }
}

#[test]
fn each_answer_has_its_meaning() {
    let all: [(&'static [(&str, &str)], &str); 13] = [
        (&[], "done"),
        (&[("MAIL", "550 not you")], "rest"),
        (&[("RCPT", "550 no such mailbox")], "refused"),
        (&[("RCPT", "450 greylisted")], "later"),
        (&[("RCPT", "hang up")], "rest"),
        (&[("DATA", "554 no")], "refused"),
        (&[("DATA", "421 closing")], "later"),
        (&[(".", "550 spam")], "refused"),
        (&[(".", "451 try later")], "later"),
        (&[(".", "hang up")], "unknown"),
        (&[(".", "gibberish")], "unknown"),
        // After it was taken, a farewell that fails changes nothing.
        (&[("QUIT", "hang up")], "done"),
        (&[("EHLO", "hang up")], "rest"),
    ];
    for (script, wanted) in all {
        let (port, served) = server(script);
        let handover = smtp(port).hand_over(&message(Channel::Email), from_seconds(0));
        assert_eq!(told(&handover), wanted, "{script:?}: {handover:?}");
        served.join().unwrap();
    }
}

#[test]
fn one_recipient_and_the_text_with_its_dots() {
    let (port, served) = server(&[]);
    let mail = Message {
        body: "before\n.\nafter".into(),
        ..message(Channel::Email)
    };
    assert_eq!(smtp(port).hand_over(&mail, from_seconds(0)), Handover::Done);
    let told = served.join().unwrap();
    let commands: Vec<&str> = told
        .iter()
        .map(String::as_str)
        .filter(|line| line.contains("<") && line.contains(":<"))
        .collect();
    assert_eq!(
        commands,
        ["MAIL FROM:<intake@clinic.example>", "RCPT TO:<noor@example.org>"]
    );
    let text: Vec<&str> = told
        .iter()
        .map(String::as_str)
        .skip_while(|line| !line.is_empty())
        .collect();
    assert_eq!(text, ["", "before", "..", "after", ".", "QUIT"]);
}

#[test]
fn a_password_is_said_to_the_server_and_to_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    std::fs::write(&file, "pa55\n").unwrap();
    let with = |port| Smtp {
        login: Some(("desk".into(), Secret::File(file.clone()))),
        ..smtp(port)
    };
    let (port, served) = server(&[]);
    assert_eq!(
        with(port).hand_over(&message(Channel::Email), from_seconds(0)),
        Handover::Done
    );
    assert!(
        served
            .join()
            .unwrap()
            .iter()
            .any(|line| line == "AUTH PLAIN AGRlc2sAcGE1NQ==")
    );
    let (port, served) = server(&[("AUTH", "535 wrong")]);
    let refused = with(port).hand_over(&message(Channel::Email), from_seconds(0));
    assert_eq!(
        told(&refused),
        "rest",
        "a login that is not taken concerns every mail"
    );
    served.join().unwrap();
    let (port, served) = server(&[("AUTH", "535 wrong")]);
    let health = with(port).health();
    assert!(!health.ok && !format!("{health:?} {refused:?} {:?}", with(port)).contains("pa55"));
    served.join().unwrap();
}

#[test]
fn tls_that_is_wanted_is_never_left_out() {
    let (port, served) = server(&[]);
    let wants = Smtp {
        tls: Tls::StartTls,
        ..smtp(port)
    };
    let said = wants.hand_over(&message(Channel::Email), from_seconds(0));
    assert_eq!(told(&said), "rest", "{said:?}");
    let heard = served.join().unwrap();
    assert!(!heard.iter().any(|line| line.starts_with("MAIL")), "{heard:?}");
}

#[test]
fn nobody_there_is_the_channels_trouble() {
    let handover = smtp(1).hand_over(&message(Channel::Email), from_seconds(0));
    assert_eq!(told(&handover), "rest");
    assert!(!smtp(1).health().ok);
    let broken = Message {
        subject: "a\nb".into(),
        ..message(Channel::Email)
    };
    assert_eq!(told(&smtp(1).hand_over(&broken, from_seconds(0))), "refused");
}

#[test]
fn mails_that_follow_one_another_share_a_conversation() {
    let beginnings = |heard: Vec<String>| -> Vec<String> {
        let verbs = ["EHLO", "MAIL", "RSET", "QUIT"];
        let said = |line: &String| line.get(..4).unwrap_or_default().to_owned();
        heard
            .iter()
            .map(said)
            .filter(|line| verbs.contains(&line.as_str()))
            .collect()
    };
    let mail = message(Channel::Email);
    let send = |smtp: &Smtp| told(&smtp.hand_over(&mail, from_seconds(0)));

    let (port, served) = server(&[]);
    let one = smtp(port);
    assert_eq!([send(&one), send(&one)], ["done", "done"]);
    one.rest();
    assert_eq!(
        beginnings(served.join().unwrap()),
        ["EHLO", "MAIL", "MAIL", "QUIT"]
    );

    // A mailbox that is not there leaves the conversation whole.
    let (port, served) = server(&[("RCPT", "550 no such mailbox")]);
    let one = smtp(port);
    assert_eq!([send(&one), send(&one)], ["refused", "refused"]);
    one.rest();
    assert_eq!(
        beginnings(served.join().unwrap()),
        ["EHLO", "MAIL", "RSET", "MAIL", "RSET", "QUIT"]
    );

    // One that the server has ended meanwhile is begun anew, and nothing was sent twice.
    let (port, served) = serve(vec![&[("MAIL", "hang up")], &[]]);
    let one = smtp(port);
    one.open.keep(one.connect().unwrap());
    assert_eq!(send(&one), "done");
    one.rest();
    assert_eq!(
        beginnings(served.join().unwrap()),
        ["EHLO", "MAIL", "EHLO", "MAIL", "QUIT"]
    );

    // After the end of the text nobody tries again by himself.
    let (port, served) = server(&[(".", "hang up")]);
    let one = smtp(port);
    one.open.keep(one.connect().unwrap());
    assert_eq!(send(&one), "unknown");
    assert_eq!(beginnings(served.join().unwrap()), ["EHLO", "MAIL"]);
}
