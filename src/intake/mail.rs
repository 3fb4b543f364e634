//! A message as pages: its chief headers and body first, then the pages of every attachment that can be read.
//!
//! Owns the walk over a message's parts and its bounds. Must not know what any of it says.

use super::document::Container;
use super::html;
use super::plain;
use super::reading::Reading;
use super::source::{self, Source};
use crate::domain::text;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// At most this many parts of one message are looked at.
const MAX_PARTS: usize = 200;

/// Reads a message.
pub fn read(bytes: &[u8], depth: usize, reading: &Reading<'_>) -> Source {
    match MessageParser::default().parse(bytes) {
        Some(message) => walk(&message, depth, reading),
        None => Source::unreadable(
            Container::Email,
            "the message could not be parsed; a person must read it",
        ),
    }
}

fn walk(message: &Message<'_>, depth: usize, reading: &Reading<'_>) -> Source {
    let mut out = Source {
        container: Container::Email,
        ..Source::default()
    };
    let mut body = String::new();
    for index in 0..message.text_body.len().min(MAX_PARTS) {
        let part = message
            .text_body
            .get(index)
            .and_then(|id| message.parts.get(*id as usize));
        let text = match part.map(|part| &part.body) {
            Some(PartType::Text(text)) => text.to_string(),
            Some(PartType::Html(page)) => html::text(page),
            _ => continue,
        };
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(&text);
    }
    out.sheets = plain::lay_out(&headers(message), &body);
    for part in message.attachments().take(MAX_PARTS) {
        attach(&mut out, part, depth, reading);
    }
    if message.attachment_count() > MAX_PARTS {
        out.warnings.push(format!(
            "the message has more than {MAX_PARTS} attachments; the rest were not read"
        ));
    }
    out
}

/// The headers that say who writes to whom about what; dates of transport are not facts about a patient.
fn headers(message: &Message<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (label, address) in [
        ("From", message.from()),
        ("To", message.to()),
        ("Cc", message.cc()),
    ] {
        if let Some(written) = address.map(print).filter(|written| !written.is_empty()) {
            out.push(format!("{label}: {written}"));
        }
    }
    if let Some(subject) = message.subject() {
        out.push(format!("Subject: {}", text::line(subject)));
    }
    out
}

fn print(address: &Address<'_>) -> String {
    let all: Vec<String> = address
        .iter()
        .take(20)
        .map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{} <{}>", text::line(name), text::line(address)),
            (None, Some(address)) => text::line(address),
            (Some(name), None) => text::line(name),
            (None, None) => String::new(),
        })
        .collect();
    all.join(", ")
}

fn attach(out: &mut Source, part: &MessagePart<'_>, depth: usize, reading: &Reading<'_>) {
    let name = part.attachment_name().map(text::line);
    let inner = match &part.body {
        PartType::Message(message) if depth < source::MAX_NESTING => walk(message, depth + 1, reading),
        PartType::Message(_) => Source::unreadable(Container::Email, "messages are nested too deep"),
        PartType::Text(text) => source::typed(text),
        PartType::Html(page) => Source {
            container: Container::Text,
            sheets: plain::sheets(&html::text(page)),
            ..Source::default()
        },
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            source::open(name.as_deref().unwrap_or(""), bytes, depth + 1, reading)
        }
        PartType::Multipart(_) => return,
    };
    let size = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.len(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.len(),
        PartType::Message(message) => message.raw_message.len(),
        PartType::Multipart(_) => 0,
    };
    out.enclose("attachment", name, size, inner);
}
