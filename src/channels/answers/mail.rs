//! The headers of a mail that came back: whose answer it is, and whether a server wrote it.
//!
//! Owns a bounded look at lines, nothing more: no decoding, no parts. The text itself is read by the jailed reader.

use crate::domain::text;

/// So much of a mail is looked at.
const HEAD: usize = 64 * 1024;
const REPORT: usize = 256 * 1024;

/// What a mail's headers say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its own Message-ID; the same mail has the same one, however often it comes.
    pub id: Option<String>,
    /// The mailbox that it is from.
    pub from: Option<String>,
    /// The Message-IDs that it answers or speaks of, the nearest first.
    pub about: Vec<String>,
    /// A program wrote it (RFC 3834): its words are nobody's.
    pub automatic: bool,
    /// What a delivery report says.
    pub report: Option<Report>,
}

/// What a server reports of a mail (RFC 3464).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The mailbox has it.
    Delivered,
    /// It came back for good; why.
    Failed(String),
    /// It waits on the way: nothing is to be done.
    Delayed,
}

/// Looks at a mail.
pub fn look(bytes: &[u8]) -> Letter {
    let text = String::from_utf8_lossy(bytes.get(..REPORT.min(bytes.len())).unwrap_or_default());
    let text = text.replace("\r\n", "\n");
    let (head, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let head: String = head.chars().take(HEAD).collect();
    let headers = unfolded(&head);
    let header = |name: &str| {
        headers
            .iter()
            .find(|(each, _)| each.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let mut letter = Letter {
        id: header("Message-ID").and_then(|value| ids(value).into_iter().next()),
        from: header("From").and_then(mailbox),
        automatic: header("Auto-Submitted").is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"))
            || header("Return-Path").is_some_and(|value| value.trim() == "<>"),
        ..Letter::default()
    };
    for name in ["In-Reply-To", "References"] {
        let mut named = header(name).map(ids).unwrap_or_default();
        named.reverse();
        letter.about.extend(named);
    }
    let kind = header("Content-Type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/report") && kind.contains("delivery-status") {
        letter.automatic = true;
        letter.report = report(rest);
        letter.about.extend(ids_of_original(rest));
    }
    letter
}

/// Headers, each on one line.
fn unfolded(head: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = all.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            all.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    all
}

/// Message-IDs, without their brackets, in order.
fn ids(value: &str) -> Vec<String> {
    value
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(id, _)| text::line(id))
        .filter(|id| !id.is_empty() && id.len() <= 998)
        .take(50)
        .collect()
}

/// The address of a From header: in brackets, or alone.
fn mailbox(value: &str) -> Option<String> {
    let address = match value.rsplit_once('<') {
        Some((_, rest)) => rest.split_once('>').map_or(rest, |(address, _)| address),
        None => value,
    };
    let address = text::line(address.trim());
    crate::domain::address::is_email(&address).then_some(address)
}

fn report(rest: &str) -> Option<Report> {
    let fields = unfolded(rest);
    let field = |name: &str| {
        fields
            .iter()
            .find(|(each, _)| each.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    };
    let status = field("Status").unwrap_or_default();
    match field("Action")?.trim().to_ascii_lowercase().as_str() {
        "delivered" => Some(Report::Delivered),
        "failed" => {
            let why = field("Diagnostic-Code").unwrap_or_default();
            let why = text::squeeze(&text::line(&format!("{status} {why}")));
            Some(Report::Failed(
                format!("it came back: {why}").chars().take(200).collect(),
            ))
        }
        // Relayed, expanded: it went on to where nothing more is reported from.
        "delayed" | "relayed" | "expanded" => Some(Report::Delayed),
        _ => None,
    }
}

/// The Message-ID of the mail that a report is about, from the headers that it returns.
fn ids_of_original(rest: &str) -> Vec<String> {
    unfolded(rest)
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("Message-ID"))
        .flat_map(|(_, value)| ids(value))
        .collect()
}
