//! Status updates into a folder that an interface engine empties.
//!
//! Owns the form of an update: the answer that the sender's own message asks for (HL7 v2 RRI or OSU), else a FHIR Task; and that
//! each gets there once, by the protocol of the [`Spool`]. Must not know the store: it takes the message, the chart and the
//! original, and says what became of it.

use super::folder::stem;
use super::spool::Spool;
use super::way::{AfterCrash, Handover, Health, Way, later};
use crate::domain::chart::Chart;
use crate::domain::message::Message;
use crate::domain::time::Stamp;
use crate::standards::fhir::chart::With;
use crate::standards::fhir::update::{self, Sender};
use crate::standards::hl7v2::answer::{self, Answering};
use std::path::Path;

/// The folder.
pub struct Exchange {
    spool: Spool,
    clinic: String,
}

impl Exchange {
    /// Into a folder, which is made with the first update; `clinic` signs.
    pub fn new(folder: &Path, clinic: &str) -> Exchange {
        Exchange {
            spool: Spool::new(folder),
            clinic: clinic.to_owned(),
        }
    }

    /// The update with the ending of its file's name.
    fn update(
        &self,
        message: &Message,
        chart: &Chart,
        original: Option<&[u8]>,
        now: Stamp,
    ) -> (String, &'static str) {
        let original = original.map(text).unwrap_or_default();
        let clinic = &self.clinic;
        if let Some(answer) = answer::print(&original, chart, message, Answering { clinic, now }) {
            return (answer, "hl7");
        }
        let with = With {
            clinic,
            now,
            originals: &[],
        };
        (
            update::print(chart, message, &Sender::of(&original), with).to_string(),
            "json",
        )
    }
}

/// A message's text, in the one character set that is not told from its bytes: Windows-1252, where it is no UTF-8.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// The folder is for the desk and the group of the program that empties it.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o770);
    builder.create(folder)
}

impl Way for Exchange {
    fn name(&self) -> &'static str {
        "exchange"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, _message: &Message, _now: Stamp) -> Handover {
        Handover::Refused("the folder of status updates takes nothing else".into())
    }

    fn hand_over_chart(
        &self,
        message: &Message,
        chart: &Chart,
        original: Option<&[u8]>,
        now: Stamp,
    ) -> Handover {
        if let Err(error) = make(&self.spool.path) {
            return later(&format!("the folder {}", self.spool.path.display()), &error);
        }
        let (text, ending) = self.update(message, chart, original, now);
        self.spool
            .hand_over(message, &format!("{}.{ending}", stem(message)), text.as_bytes())
    }

    fn noted(&self, message: &Message) {
        self.spool.forget(message);
    }

    fn health(&self) -> Health {
        if self.spool.path.exists() {
            return self.spool.health(self.name());
        }
        Health {
            ok: true,
            detail: format!(
                "{}: {} is made with the first update",
                self.name(),
                self.spool.path.display()
            ),
        }
    }
}
