//! Faxes by a spool of jobs for HylaFAX: a document and a small text file that says to which number it goes.
//!
//! Owns the form of a job. HylaFAX's own queue files are written by its server alone, so that a job here is what `sendfax`
//! takes: `<name>.pdf`, and `<name>.job` with a line each for `number`, `receiver`, `regarding`, `jobtag` and `document`, of
//! which there are two where a report goes with it.
//! `assets/service/refdesk-sendfax` hands them to `sendfax`: what it begins with becomes `<name>.sent` and then goes, what is refused
//! becomes `<name>.refused`. The document comes first and the job last, so that a job is
//! whole when it is there. Must not know when a fax is sent.

use super::enclosure::Enclosure;
use super::letter::{self, Letterhead};
use super::spool::Spool;
use super::way::{AfterCrash, Handover, Health, Way, later};
use crate::domain::id::MessageId;
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::Stamp;
use std::path::Path;

/// The spool of jobs.
pub struct Fax {
    spool: Spool,
    head: Letterhead,
    prefix: String,
}

impl Fax {
    /// Into a folder; `prefix` stands before each number, such as a 9 for an outside line.
    pub fn new(folder: &Path, head: Letterhead, prefix: &str) -> Fax {
        Fax {
            spool: Spool::new(folder),
            head,
            prefix: prefix.to_owned(),
        }
    }

    /// The letter and, behind it, what is enclosed, as one job.
    fn hand_over_all(&self, message: &Message, enclosed: Option<&Enclosure>, now: Stamp) -> Handover {
        // The document may be taken away already: it is not put there again for a job that has gone.
        if self.spool.has_had(message) {
            return Handover::WasThere;
        }
        let behind = enclosed.map(|document| format!("{}-report.{}", name(message), document.form.ending()));
        let made = job(message, &self.prefix).and_then(|mut job| {
            if let Some(behind) = &behind {
                job.push_str(&format!("document:{behind}\n"));
            }
            let pages = letter::render(message, &self.head, now)?;
            Ok((job, pages))
        });
        let (job, pages) = match made {
            Ok(made) => made,
            Err(why) => return Handover::Refused(why),
        };
        let name = name(message);
        let pages = (format!("{name}.pdf"), pages.as_slice());
        let behind = behind.zip(enclosed.map(|document| document.bytes.as_slice()));
        for (file, bytes) in std::iter::once(pages).chain(behind) {
            if let Err(error) = self.spool.put_beside(&file, bytes) {
                return later("the fax spool", &error);
            }
        }
        self.spool
            .hand_over(message, &format!("{name}.job"), job.as_bytes())
    }
}

/// The name of a message's files, without their endings.
pub fn name(message: &Message) -> String {
    format!("refdesk-m{}", message.id.0)
}

/// The message of a job that `refdesk-sendfax` was refused, by the job's name.
pub fn refused(file: &str) -> Option<MessageId> {
    numbered(file.strip_suffix(".refused")?)
}

/// The message of a job that was begun with and not ended: whether `sendfax` took it, nobody knows.
pub fn begun(file: &str) -> Option<MessageId> {
    numbered(file.strip_suffix(".sent")?)
}

fn numbered(name: &str) -> Option<MessageId> {
    name.strip_prefix("refdesk-m")?.parse().ok().map(MessageId)
}

/// The names of a job's documents; none that leads out of the spool.
pub fn documents(job: &str) -> Vec<&str> {
    let names = job.lines().filter_map(|line| line.strip_prefix("document:"));
    names
        .filter(|name| name.starts_with("refdesk-m") && !name.contains(['/', '\\']))
        .collect()
}

/// The job.
///
/// # Errors
/// A sentence where the number cannot be.
pub fn job(message: &Message, prefix: &str) -> Result<String, String> {
    let digits = text::digits(&message.address);
    let plain = |c: char| c.is_ascii_digit() || " +-.()/".contains(c);
    if !(7..=15).contains(&digits.len()) || !message.address.chars().all(plain) {
        return Err("the address is not a fax number".into());
    }
    let plus = if message.address.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    let line = |raw: &str| text::squeeze(&text::line(raw));
    Ok(format!(
        "number:{prefix}{plus}{digits}\nreceiver:{}\nregarding:{}\njobtag:{name}\ndocument:{name}.pdf\n",
        line(&message.recipient),
        line(&message.subject),
        name = name(message),
    ))
}

impl Way for Fax {
    fn name(&self) -> &'static str {
        "hylafax"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, message: &Message, now: Stamp) -> Handover {
        self.hand_over_all(message, None, now)
    }

    fn hand_over_with(&self, message: &Message, document: &Enclosure, now: Stamp) -> Handover {
        self.hand_over_all(message, Some(document), now)
    }

    fn noted(&self, message: &Message) {
        self.spool.forget(message);
    }

    fn health(&self) -> Health {
        let health = self.spool.health(self.name());
        let entries = std::fs::read_dir(&self.spool.path).into_iter().flatten();
        let left = entries
            .flatten()
            .filter(|entry| begun(&entry.file_name().to_string_lossy()).is_some())
            .count();
        if left == 0 {
            return health;
        }
        Health {
            ok: false,
            detail: format!(
                "{}: {left} jobs in {} were begun with, and whether they left is not known: look for them with `faxstat -s` and `faxstat -d`, \
                 then rename .sent to .job to send, or to .refused to have it failed",
                self.name(),
                self.spool.path.display()
            ),
        }
    }
}
