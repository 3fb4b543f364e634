//! E-mail by a server: SMTP (RFC 5321), with or without TLS, with or without a password.
//!
//! Owns the conversation and what each answer means. Until the end of the text is sent, nothing has left; after it, only
//! the server's answer says whether it has. A server takes no key by which it would know a message again, so that what is
//! not known stays with a person. Must not know how a mail is written.

use super::enclosure::Enclosure;
use super::mail::{self, Mail};
use super::secret::Secret;
use super::way::{AfterCrash, Extent, Handover, Health, Way};
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::Stamp;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on this very machine.
    None,
    /// Asked for after the greeting, and required (RFC 3207).
    StartTls,
    /// From the first byte (RFC 8314).
    Wrapped,
}

/// A server and how it is spoken to.
#[derive(Debug)]
pub struct Smtp {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: Tls,
    /// A certificate authority of the clinic's own (PEM), beside those of the system.
    pub authority: Option<PathBuf>,
    /// User and password, where the server asks for them.
    pub login: Option<(String, Secret)>,
    /// The mailbox that it is from.
    pub from: String,
    /// The clinic's name.
    pub sender: String,
    /// The longest wait for any answer.
    pub patience: Duration,
    /// The conversation that goes on.
    pub open: Conversation,
}

/// A conversation that stays open from one mail to the next: a server need not be greeted for each of a hundred.
#[derive(Default)]
pub struct Conversation(Mutex<Option<SmtpConnection>>);

impl Conversation {
    fn take(&self) -> Option<SmtpConnection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, connection: SmtpConnection) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }

    fn end(&self) {
        if let Some(mut connection) = self.take() {
            let _ = connection.set_timeout(Some(FAREWELL));
            let _ = connection.quit();
        }
    }
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conversation")
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.end();
    }
}

/// The longest answer that is kept of a server.
const ANSWER: usize = 160;
/// Farewells are not waited for longer.
const FAREWELL: Duration = Duration::from_secs(2);

impl Smtp {
    fn connect(&self) -> Result<SmtpConnection, String> {
        let why = |error: Error| format!("{}:{}: {}", self.host, self.port, said(&error));
        let domain = self
            .from
            .rsplit_once('@')
            .map_or("localhost", |(_, domain)| domain);
        let hello = ClientId::Domain(domain.to_owned());
        let server = (self.host.as_str(), self.port);
        let patience = Some(self.patience);
        let mut connection = match self.tls {
            Tls::None => SmtpConnection::connect(server, patience, &hello, None, None),
            Tls::Wrapped => {
                SmtpConnection::connect(server, patience, &hello, Some(&self.protection()?), None)
            }
            Tls::StartTls => {
                let mut plain = SmtpConnection::connect(server, patience, &hello, None, None).map_err(why)?;
                plain.starttls(&self.protection()?, &hello).map(|()| plain)
            }
        }
        .map_err(why)?;
        if let Some((user, secret)) = &self.login {
            let login = Credentials::new(user.clone(), secret.read()?);
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &login)
                .map_err(|error| format!("{} does not take the login: {}", self.host, said(&error)))?;
        }
        Ok(connection)
    }

    fn protection(&self) -> Result<TlsParameters, String> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(path) = &self.authority {
            let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let authority = Certificate::from_pem(&pem)
                .map_err(|_| format!("{} is not a certificate in PEM", path.display()))?;
            builder = builder.add_root_certificate(authority);
        }
        builder
            .build_rustls()
            .map_err(|error| format!("no TLS: {}", said(&error)))
    }

    fn send(&self, message: &Message, enclosed: Option<&Enclosure>, now: Stamp) -> Handover {
        let mail = match mail::render(message, enclosed, &self.from, &self.sender, now) {
            Ok(mail) => mail,
            Err(why) => return Handover::Refused(why),
        };
        // A server may have ended a conversation that was silent for long. Before the end of the text nothing has left, and the
        // mail has a conversation of its own.
        if let Some(connection) = self.open.take()
            && let handover = self.converse(connection, &mail)
            && !matches!(handover, Handover::Later(_, Extent::Channel))
        {
            return handover;
        }
        match self.connect() {
            Ok(connection) => self.converse(connection, &mail),
            Err(why) => Handover::Later(why, Extent::Channel),
        }
    }

    /// Hands a mail over; the conversation goes on where the next mail can begin in it.
    fn converse(&self, mut connection: SmtpConnection, mail: &Mail) -> Handover {
        let handover = self.say(&mut connection, mail);
        let goes_on = match handover {
            Handover::Done => true,
            Handover::Refused(_) | Handover::Later(_, Extent::Message) => connection.command(Rset).is_ok(),
            Handover::WasThere | Handover::Later(_, Extent::Channel) | Handover::Unknown(_) => false,
        };
        if goes_on {
            self.open.keep(connection);
        }
        handover
    }

    fn say(&self, connection: &mut SmtpConnection, mail: &Mail) -> Handover {
        let mut options = Vec::new();
        let server = connection.server_info();
        let ends = mail.envelope.to().iter().chain(mail.envelope.from());
        if ends
            .into_iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii())
        {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Handover::Refused("the server takes no address with letters like these".into());
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !mail.bytes.is_ascii() && server.supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        // A sender that the server does not want concerns every mail, not this one.
        if let Err(error) = connection.command(MailFrom::new(mail.envelope.from().cloned(), options)) {
            return Handover::Later(
                format!("the sender was not taken: {}", said(&error)),
                Extent::Channel,
            );
        }
        for to in mail.envelope.to() {
            if let Err(error) = connection.command(Rcpt::new(to.clone(), Vec::new())) {
                return not_left(&error);
            }
        }
        if let Err(error) = connection.command(Data) {
            return not_left(&error);
        }
        match connection.message(&mail.bytes) {
            Ok(_) => Handover::Done,
            Err(error) if error.is_permanent() || error.is_transient() => not_left(&error),
            Err(error) => Handover::Unknown(format!("no answer after the text: {}", said(&error))),
        }
    }
}

/// What a trouble before the end of the text means (RFC 5321 4.2.1: 4 is temporary, 5 is for good).
fn not_left(error: &Error) -> Handover {
    if error.is_permanent() {
        Handover::Refused(format!("the server refused it: {}", said(error)))
    } else if error.is_transient() {
        Handover::Later(
            format!("the server asks to wait: {}", said(error)),
            Extent::Message,
        )
    } else {
        Handover::Later(said(error), Extent::Channel)
    }
}

/// What the library or the server said, on one line of bounded length.
fn said(error: &Error) -> String {
    let mut all = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !all.contains(&inner_text) {
            all.push_str(": ");
            all.push_str(&inner_text);
        }
        source = inner.source();
    }
    text::squeeze(&text::line(&all)).chars().take(ANSWER).collect()
}

impl Way for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn waits(&self) -> bool {
        true
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Unknown
    }

    fn hand_over(&self, message: &Message, now: Stamp) -> Handover {
        self.send(message, None, now)
    }

    fn hand_over_with(&self, message: &Message, document: &Enclosure, now: Stamp) -> Handover {
        self.send(message, Some(document), now)
    }

    fn rest(&self) {
        self.open.end();
    }

    fn health(&self) -> Health {
        let (ok, what) = match self.connect() {
            Ok(mut connection) => {
                let _ = connection.set_timeout(Some(FAREWELL));
                let _ = connection.quit();
                (true, "answers")
            }
            Err(why) => {
                return Health {
                    ok: false,
                    detail: format!("smtp: {why}"),
                };
            }
        };
        let how = match self.tls {
            Tls::None => "without TLS",
            Tls::StartTls => "by STARTTLS",
            Tls::Wrapped => "by TLS",
        };
        Health {
            ok,
            detail: format!("smtp: {}:{} {what} {how}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests;
