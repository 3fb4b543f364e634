//! Answers that lie in a mailbox or in a modem's folder: understood, or left to the reader of documents.
//!
//! Owns which file is heard as what. Must not know a form of answers, or what an answer changes.

use super::desk::Desk;
use super::{Trouble, wording};
use crate::channels::answers::mail::{Letter, Report, look};
use crate::channels::answers::{own_words, sms, word};
use crate::channels::fax;
use crate::channels::mail::{is_of, number_in};
use crate::channels::smstools::keeps_zero;
use crate::channels::watch::{After, Folder, Kind};
use crate::config::channels::{FaxWay, SmsWay};
use crate::domain::id::MessageId;
use crate::domain::message::Message;
use crate::domain::person::Channel;
use crate::domain::text;
use crate::engine::Heard;
use crate::intake::ReadDocument;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files of the modem's program that are read for one report, the latest of them.
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

/// Hears a mail; what is not understood is for the reader of documents.
pub(crate) fn hear_mail(desk: &mut Desk, bytes: &[u8], read: &ReadDocument) -> Result<Heard, Trouble> {
    let letter = look(bytes);
    let own = letter
        .id
        .clone()
        .map_or_else(|| bytes.to_vec(), String::into_bytes);
    let occasion = occasion("mail", &own);
    let now = desk.now();
    if let Some(report) = &letter.report {
        let Some(message) = about(desk, &letter)? else {
            return Ok(Heard::NotUnderstood);
        };
        let heard = match report {
            Report::Delayed => Heard::Done,
            Report::Delivered => desk.engine.hear_report(message.id, true, "", &occasion, now)?,
            Report::Failed(why) => desk.engine.hear_report(message.id, false, why, &occasion, now)?,
        };
        return Ok(heard);
    }
    // Words of a program are nobody's.
    let Some(from) = letter.from.as_ref().filter(|_| !letter.automatic) else {
        return Ok(Heard::NotUnderstood);
    };
    // What brings papers is a letter, whatever its first word.
    let brings = !read.parts.is_empty() || read.pages.len() > 1;
    let Some(word) = word(&said(read)).filter(|_| !brings) else {
        return Ok(Heard::NotUnderstood);
    };
    let heard = desk
        .engine
        .hear_word(word, Channel::Email, std::slice::from_ref(from), &occasion, now)?;
    Ok(heard)
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

/// A mail's own words, without its headers.
fn said(read: &ReadDocument) -> String {
    let headers = ["From: ", "To: ", "Cc: ", "Subject: "];
    let lines: Vec<String> = read
        .pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| line.text.clone())
        .skip_while(|line| headers.iter().any(|header| line.starts_with(header)))
        .collect();
    own_words(&lines)
}

/// Hears a text message; what is not understood is for the reader of documents.
pub(crate) fn hear_sms(desk: &mut Desk, path: &Path, bytes: &[u8]) -> Result<Heard, Trouble> {
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
    let Some(came) = came else {
        return Ok(Heard::NotUnderstood);
    };
    let (occasion, now) = (occasion("sms", &[name.as_bytes(), bytes].concat()), desk.now());
    if let Some(report) = &came.report {
        let message = match &report.number {
            Some(number) => sent_as(desk, &sent, number, &numbers(&came.from, &country))?,
            None => desk
                .engine
                .reported(Channel::Sms, &numbers(&came.from, &country), &occasion)?,
        };
        let Some(message) = message else {
            return Ok(Heard::NotUnderstood);
        };
        let heard = match report.delivered {
            None => Heard::Done,
            Some(delivered) => desk
                .engine
                .hear_report(message, delivered, &report.words, &occasion, now)?,
        };
        return Ok(heard);
    }
    let Some(word) = word(&came.said) else {
        return Ok(Heard::NotUnderstood);
    };
    let heard = desk
        .engine
        .hear_word(word, Channel::Sms, &numbers(&came.from, &country), &occasion, now)?;
    Ok(heard)
}

/// A number of the network as the records may have it: with its calling code, or without the clinic's own, as it is dialled at home.
fn numbers(from: &str, country: &str) -> Vec<String> {
    let digits = text::digits(from);
    let mut all = vec![format!("+{digits}"), digits.clone()];
    if let Some(national) = digits.strip_prefix(country) {
        all.push(national.to_owned());
        if !keeps_zero(country) {
            all.push(format!("0{national}"));
        }
    }
    all
}

/// The message of ours that smstools sent under the network's number to this address, from its `sent` folder; the latest, since
/// networks begin to count again after some hundred, and count for each recipient anew.
fn sent_as(
    desk: &Desk,
    folder: &Path,
    number: &str,
    addresses: &[String],
) -> Result<Option<MessageId>, Trouble> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(None);
    };
    let mut files: Vec<(SystemTime, MessageId, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let message = sms::ours(&entry.file_name().to_string_lossy())?;
            Some((entry.metadata().ok()?.modified().ok()?, message, entry.path()))
        })
        .collect();
    files.sort();
    for (_, message, path) in files.into_iter().rev().take(SENT_FILES) {
        let Ok(file) = std::fs::read(&path) else { continue };
        let file = String::from_utf8_lossy(&file);
        if sms::sent_number(&file) != Some(number) {
            continue;
        }
        let sent = desk.engine.store().message(message)?;
        let is_its = |address: &String| {
            let digits = |number: &str| (text::digits(number), number.trim_start().starts_with('+'));
            sent.as_ref()
                .is_some_and(|sent| digits(&sent.address) == digits(address))
        };
        if addresses.iter().any(is_its) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// Messages that a program gave up which sends for us lie in a folder of its own: each fails here too, and its file goes. What is about a
/// message that is just leaving stays until that is noted.
pub(crate) fn hear_failures(desk: &mut Desk) -> Result<u64, Trouble> {
    let channels = &desk.config.settings().channels;
    let modem = channels.modem.failed.clone();
    let jobs =
        Some(channels.hylafax.spool.clone()).filter(|jobs| channels.fax == FaxWay::Hylafax && jobs.exists());
    let mut count = 0;
    if !modem.as_os_str().is_empty() {
        let whose = "the modem's folder of failures";
        for (path, name) in listed(&modem, whose)? {
            if let Some(message) = sms::ours(&name)
                && gave_up(desk, &path, &name, message, "the modem could not send it")?
            {
                std::fs::remove_file(path)?;
                count += 1;
            }
        }
    }
    if let Some(jobs) = jobs {
        for (path, name) in listed(&jobs, "the fax spool")? {
            if let Some(message) = fax::refused(&name)
                && gave_up(desk, &path, &name, message, "sendfax refused it")?
            {
                // Its documents go with it: sent again, they are written anew.
                for document in fax::documents(&std::fs::read_to_string(&path)?) {
                    let _ = std::fs::remove_file(jobs.join(document));
                }
                std::fs::remove_file(path)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Notes that a program gave a message up; false where its file has to stay. Left there for longer it would fail again when it is sent
/// again.
fn gave_up(desk: &mut Desk, path: &Path, name: &str, message: MessageId, why: &str) -> Result<bool, Trouble> {
    let at = std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let occasion = occasion("failed", format!("{name} {at:?}").as_bytes());
    let now = desk.now();
    let heard = desk.engine.hear_report(message, false, why, &occasion, now)?;
    Ok(heard == Heard::Done)
}

fn listed(folder: &Path, whose: &str) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Trouble(format!("{whose} cannot be read: {}", wording::cause(&error))))?;
    Ok(entries
        .flatten()
        .map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned()))
        .collect())
}
