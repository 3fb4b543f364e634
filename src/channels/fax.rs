//! Faxes by a spool of jobs for HylaFAX: a document and a small text file that says to which number it goes.
//!
//! Owns the form of a job. HylaFAX's own queue files are written by its server alone, so that a job here is what `sendfax`
//! takes: `<name>.pdf`, and `<name>.job` with a line each for `number`, `receiver`, `regarding`, `jobtag` and `document`, of
//! which there are two where a report goes with it.
//! `assets/service/refdesk-sendfax` hands them to `sendfax`. The document comes first and the job last, so that a job is
//! whole when it is there. Must not know when a fax is sent.

use super::enclosure::Enclosure;
use super::letter::{self, Letterhead};
use super::spool::Spool;
use super::way::{AfterCrash, Handover, Health, Way, later};
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
        self.spool.health(self.name())
    }
}
