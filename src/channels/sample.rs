//! A message and a server for the tests of ways.

use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

/// A message by a channel.
pub fn message(channel: Channel) -> Message {
    Message {
        id: MessageId(12),
        referral: ReferralId(10_001),
        key: "booking-prompt/R-10001-W/1".into(),
        kind: MessageKind::BookingPrompt,
        channel,
        address: match channel {
            Channel::Email => "noor@example.org".into(),
            Channel::Sms | Channel::Fax | Channel::Phone => "8025550147".into(),
            Channel::Letter => "1 Elm Street, Barre, VT 05641".into(),
            Channel::Exchange => "FHIR".into(),
        },
        recipient: "Noor Nguyễn".into(),
        language: "en".into(),
        subject: "Please book your visit".into(),
        body: "Dear Noor,\n\nplease call us.\n\nHeart Clinic".into(),
        state: MessageState::Sending,
        detail: None,
        created_at: from_seconds(1_772_460_000),
        not_before: from_seconds(1_772_460_000),
        attempt: 1,
        sender: None,
        sent_at: None,
        released_by: None,
        document: None,
    }
}

/// A server on a socket of this machine that answers one request and gives it back.
pub fn served(path: &str, reply: String) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}{path}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(reply.as_bytes()).unwrap();
        format!("{head}\n{}", String::from_utf8(body).unwrap())
    });
    (url, heard)
}
