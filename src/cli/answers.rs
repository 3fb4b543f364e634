//! Answers that lie in a mailbox or in a modem's folder: understood, or left to the reader of documents.
//!
//! Owns which file is heard as what. Must not know a form of answers, or what an answer changes.

use super::desk::Desk;
use super::{Trouble, wording};
use crate::channels::answers::mail::{Letter, Report, look};
use crate::channels::answers::{sms, word};
use crate::channels::mail::{is_of, number_in};
use crate::channels::watch::{After, Folder, Kind};
use crate::config::channels::SmsWay;
use crate::domain::message::Message;
use crate::domain::person::Channel;
use crate::domain::text;
use crate::engine::Heard;
use crate::intake::ReadDocument;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Files of the modem's program that are looked at for one report.
const SENT_FILES: usize = 2_000;

/// The occasion of an answer: the same one again changes nothing.
fn occasion(what: &str, id: &[u8]) -> String {
    let mark: String = Sha256::digest(id)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{what}/{mark}")
}

/// The folder into which the modem's program puts what it received, where one is named.
pub(crate) fn received(desk: &Desk) -> Option<Folder> {
    let channels = &desk.config.settings().channels;
    let modem = matches!(channels.sms, SmsWay::Smstools | SmsWay::Gammu);
    let path = channels.modem.received.clone();
    (modem && !path.as_os_str().is_empty()).then_some(Folder {
        path,
        kind: Kind::Plain,
        after: After::Move,
    })
}

/// What a mail is an answer of, by its own id: the same mail by another road is the same.
pub(crate) fn occasion_of_mail(bytes: &[u8]) -> Option<String> {
    look(bytes).id.map(|id| occasion("mail", id.as_bytes()))
}

/// Hears a mail; false where it is for the reader of documents.
pub(crate) fn hear_mail(desk: &mut Desk, bytes: &[u8], read: &ReadDocument) -> Result<bool, Trouble> {
    let letter = look(bytes);
    let own = letter
        .id
        .clone()
        .map_or_else(|| bytes.to_vec(), String::into_bytes);
    let occasion = occasion("mail", &own);
    let now = desk.now();
    if let Some(report) = &letter.report {
        let Some(message) = about(desk, &letter)? else {
            return Ok(false);
        };
        let heard = match report {
            Report::Delayed => Heard::Done,
            Report::Delivered => desk.engine.hear_report(message.id, true, "", &occasion, now)?,
            Report::Failed(why) => desk.engine.hear_report(message.id, false, why, &occasion, now)?,
        };
        return Ok(heard == Heard::Done);
    }
    // Words of a program are nobody's.
    let Some(from) = letter.from.as_ref().filter(|_| !letter.automatic) else {
        return Ok(false);
    };
    // What brings papers is a letter, whatever its first word.
    let brings = !read.parts.is_empty() || read.pages.len() > 1;
    let Some(word) = word(&said(read)).filter(|_| !brings) else {
        return Ok(false);
    };
    let heard = desk
        .engine
        .hear_word(word, Channel::Email, std::slice::from_ref(from), &occasion, now)?;
    Ok(heard == Heard::Done)
}

/// The message of ours that a mail is about.
fn about(desk: &Desk, letter: &Letter) -> Result<Option<Message>, Trouble> {
    for id in &letter.about {
        if let Some(number) = number_in(id)
            && let Some(message) = desk.engine.store().message(number)?
            && is_of(id, &message)
        {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// A mail's own words: the first line that is no header and no quotation.
fn said(read: &ReadDocument) -> String {
    let headers = ["From: ", "To: ", "Cc: ", "Subject: "];
    let lines = read
        .pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| line.text.clone());
    lines
        .skip_while(|line| headers.iter().any(|header| line.starts_with(header)))
        .find(|line| !line.trim().is_empty())
        .filter(|line| !line.trim_start().starts_with('>'))
        .unwrap_or_default()
}

/// Hears a text message; false where it is for the reader of documents.
pub(crate) fn hear_sms(desk: &mut Desk, path: &Path, bytes: &[u8]) -> Result<bool, Trouble> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let channels = &desk.config.settings().channels;
    let (country, sent) = (channels.modem.country.clone(), channels.modem.sent.clone());
    let came = match channels.sms {
        SmsWay::Smstools => sms::smstools(bytes),
        SmsWay::Gammu => sms::gammu(&name, bytes),
        SmsWay::Folder | SmsWay::Gateway => None,
    };
    let Some(came) = came else { return Ok(false) };
    let (occasion, now) = (occasion("sms", &[name.as_bytes(), bytes].concat()), desk.now());
    if let Some(report) = &came.report {
        let message = match &report.number {
            Some(number) => sent_as(&sent, number),
            None => desk
                .engine
                .reported(Channel::Sms, &numbers(&came.from, &country), &occasion)?,
        };
        let Some(message) = message else { return Ok(false) };
        let heard = match report.delivered {
            None => Heard::Done,
            Some(delivered) => desk
                .engine
                .hear_report(message, delivered, &report.words, &occasion, now)?,
        };
        return Ok(heard == Heard::Done);
    }
    let Some(word) = word(&came.said) else {
        return Ok(false);
    };
    let heard = desk
        .engine
        .hear_word(word, Channel::Sms, &numbers(&came.from, &country), &occasion, now)?;
    Ok(heard == Heard::Done)
}

/// A number of the network as the records may have it: with its calling code, or without the clinic's own.
fn numbers(from: &str, country: &str) -> Vec<String> {
    let digits = text::digits(from);
    let mut all = vec![format!("+{digits}"), digits.clone()];
    all.extend(digits.strip_prefix(country).map(str::to_owned));
    all
}

/// The message of ours that smstools sent under the network's number, from its `sent` folder; the latest, since networks
/// begin to count again.
fn sent_as(folder: &Path, number: &str) -> Option<crate::domain::id::MessageId> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().take(SENT_FILES);
    let mut files: Vec<(std::time::SystemTime, PathBuf)> = entries
        .filter(|entry| sms::ours(&entry.file_name().to_string_lossy()).is_some())
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    files.iter().rev().find_map(|(_, path)| {
        let file = std::fs::read(path).ok()?;
        let file = String::from_utf8_lossy(&file);
        (sms::sent_number(&file)? == number)
            .then(|| sms::ours(&path.file_name()?.to_string_lossy()))
            .flatten()
    })
}

/// Messages that the modem's program gave up lie in its `failed` folder: each fails here too, and its file goes.
pub(crate) fn hear_failures(desk: &mut Desk) -> Result<u64, Trouble> {
    let folder = desk.config.settings().channels.modem.failed.clone();
    if folder.as_os_str().is_empty() {
        return Ok(0);
    }
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        Trouble(format!(
            "the modem's folder of failures cannot be read: {}",
            wording::cause(&error)
        ))
    })?;
    let mut count = 0;
    for entry in entries.flatten().take(SENT_FILES) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(message) = sms::ours(&name) else { continue };
        let at = entry.metadata().ok().and_then(|about| about.modified().ok());
        let occasion = occasion("failed", format!("{name} {at:?}").as_bytes());
        let now = desk.now();
        desk.engine
            .hear_report(message, false, "the modem could not send it", &occasion, now)?;
        // Left there it would fail again when it is sent again.
        std::fs::remove_file(entry.path())?;
        count += 1;
    }
    Ok(count)
}
