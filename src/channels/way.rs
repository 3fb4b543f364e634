//! A way out: what every channel's wire has in common, and which wire each channel has.
//!
//! Owns the answers that a wire may give, and what a crash between handing over and noting means on it. Must not know the
//! store: a way takes a message and says what became of it.

use super::enclosure::Enclosure;
use super::folder::Folder;
use crate::domain::chart::Chart;
use crate::domain::message::Message;
use crate::domain::person::Channel;
use crate::domain::time::Stamp;
use std::path::Path;
use std::sync::Arc;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// The channel has it now.
    Done,
    /// The channel had it already: an earlier try got through.
    WasThere,
    /// Not now, and it has not left: worth another try. Says why.
    Later(String, Extent),
    /// Never this way: it has not left, and trying again changes nothing. Says why.
    Refused(String),
    /// It may have left and may not. Says why.
    Unknown(String),
}

/// How much of a channel a trouble concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// This message alone.
    Message,
    /// Everything on the channel: the others are not even tried now.
    Channel,
}

/// What is known of a message whose sender died between claiming it and noting what came of it (reliability rules,
/// "Outbox").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCrash {
    /// Handing it over again does nothing twice.
    Again,
    /// Nobody can know whether it left: a person decides.
    Unknown,
}

/// What a way has and lacks, for `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether messages can leave.
    pub ok: bool,
    /// In a line; no secret stands in it.
    pub detail: String,
}

/// The name of every way.
pub const NAMES: [&str; 8] = [
    "folder", "smtp", "smstools", "gammu", "gateway", "hylafax", "pdf", "exchange",
];

/// A way out.
pub trait Way: Send + Sync {
    /// Its name in the configuration.
    fn name(&self) -> &'static str;
    /// What a crash between handing over and noting means.
    fn after_crash(&self) -> AfterCrash;
    /// Hands a message over. May take seconds; it never waits for more than its own limits.
    fn hand_over(&self, message: &Message, now: Stamp) -> Handover;
    /// Hands several over, in order; an answer for each. When the channel cannot be reached, the rest is not tried.
    fn hand_over_each(&self, messages: &[&Message], now: Stamp) -> Vec<Handover> {
        let mut all: Vec<Handover> = Vec::with_capacity(messages.len());
        for message in messages {
            let away = all
                .last()
                .filter(|last| matches!(last, Handover::Later(_, Extent::Channel)));
            let handover = away.cloned().unwrap_or_else(|| self.hand_over(message, now));
            all.push(handover);
        }
        all
    }
    /// Hands a message over with the document that goes with it. A way that carries none refuses: half a message is none.
    fn hand_over_with(&self, message: &Message, document: &Enclosure, now: Stamp) -> Handover {
        let _ = (message, document, now);
        Handover::Refused(format!(
            "{} carries no documents: send the report by fax, by e-mail or by hand",
            self.name()
        ))
    }
    /// Hands a status update over: what it says is made of the chart, and of the original that the referral came in. A way for
    /// people says it in words.
    fn hand_over_chart(
        &self,
        message: &Message,
        chart: &Chart,
        original: Option<&[u8]>,
        now: Stamp,
    ) -> Handover {
        let _ = (chart, original);
        self.hand_over(message, now)
    }
    /// Whether it waits for a network.
    fn waits(&self) -> bool {
        false
    }
    /// Nothing more is handed over for now: what was kept open for the next message is ended.
    fn rest(&self) {}
    /// It is noted that this message left: what was kept to know it again may go.
    fn noted(&self, message: &Message) {
        let _ = message;
    }
    /// What it has and lacks; sends nothing.
    fn health(&self) -> Health;
}

/// A channel's way, and whether somebody reads the first message of a kind before it leaves.
#[derive(Clone)]
pub struct Line {
    /// The way.
    pub way: Arc<dyn Way>,
    /// The first of a kind waits for a person.
    pub reads_first: bool,
}

/// The way of each channel.
#[derive(Clone)]
pub struct Ways {
    /// E-mail.
    pub email: Line,
    /// Text messages.
    pub sms: Line,
    /// Faxes.
    pub fax: Line,
    /// Letters.
    pub letter: Line,
    /// Status updates to the systems that sent referrals.
    pub exchange: Line,
}

impl Ways {
    /// Everything into one folder, as it is where nothing is configured.
    pub fn folder(outbox: &Path) -> Ways {
        let line = Line {
            way: Arc::new(Folder::new(outbox)),
            reads_first: false,
        };
        Ways {
            email: line.clone(),
            sms: line.clone(),
            fax: line.clone(),
            letter: line.clone(),
            exchange: line,
        }
    }

    /// Every channel by its name, with its line; that of status updates only where it has a way of its own.
    pub fn lines(&self) -> Vec<(&'static str, &Line)> {
        let exchange = (Channel::Exchange.code(), &self.exchange);
        let mut lines = vec![
            (Channel::Email.code(), &self.email),
            (Channel::Sms.code(), &self.sms),
            (Channel::Fax.code(), &self.fax),
            (Channel::Letter.code(), &self.letter),
        ];
        lines.extend(Some(exchange).filter(|(name, line)| line.way.name() == *name));
        lines
    }

    /// The line of a channel. Nobody is called by a program: what is to be said by phone is printed.
    pub fn of(&self, channel: Channel) -> &Line {
        match channel {
            Channel::Email => &self.email,
            Channel::Sms => &self.sms,
            Channel::Fax => &self.fax,
            Channel::Letter | Channel::Phone => &self.letter,
            Channel::Exchange => &self.exchange,
        }
    }
}

/// What the file system said of a place, as trouble of the whole channel: a later try is safe.
pub(super) fn later(place: &str, error: &std::io::Error) -> Handover {
    Handover::Later(format!("{place}: {error}"), Extent::Channel)
}

/// Whether a folder can be written to, for `doctor`.
pub(super) fn folder_health(name: &str, folder: &Path) -> Health {
    let there = std::fs::metadata(folder);
    let (ok, what) = match there {
        Ok(about) if !about.is_dir() => (false, "is no folder".to_owned()),
        #[cfg(unix)]
        Ok(_) if rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_err() => {
            (false, "may not be written to by this account".to_owned())
        }
        Ok(_) => (true, "can be written to".to_owned()),
        Err(error) => (false, format!("cannot be used: {error}")),
    };
    Health {
        ok,
        detail: format!("{name}: {} {what}", folder.display()),
    }
}
