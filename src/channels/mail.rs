//! A message as an e-mail: pure rendering, and the way back from a Message-ID to the message.
//!
//! Owns the headers, each typed: one recipient, nothing that breaks a line, a Message-ID made from the unique key, and the
//! mark that a program wrote it (RFC 3834), so that no other program answers. The texts see to it that no more is said of a
//! patient than the channel may carry. Must not know servers.

use super::enclosure::Enclosure;
use crate::domain::id::MessageId;
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::{Stamp, seconds};
use lettre::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// A mail that is ready for the wire.
pub struct Mail {
    /// From whom and to whom, for the server.
    pub envelope: lettre::address::Envelope,
    /// Headers and text.
    pub bytes: Vec<u8>,
}

/// Renders a message. `from` is the clinic's mailbox, `sender` its name.
///
/// # Errors
/// A sentence that says what cannot be; it would be the same at every try.
pub fn render(
    message: &Message,
    enclosed: Option<&Enclosure>,
    from: &str,
    sender: &str,
    now: Stamp,
) -> Result<Mail, String> {
    let broken = |what: &str| format!("the {what} has a line break or a control character");
    for (what, value) in [("address", &message.address), ("subject", &message.subject)] {
        if value.chars().any(char::is_control) {
            return Err(broken(what));
        }
    }
    let address = |what: &str, raw: &str| {
        raw.parse::<Address>()
            .map_err(|_| format!("{what} is not an e-mail address"))
    };
    let from = address("channels.smtp.from", from)?;
    let domain = from.domain().to_owned();
    // The name is shown by mail programs to whoever looks on: the address alone says where it goes.
    let to = Mailbox::new(None, address("the address", &message.address)?);
    let name = Some(text::squeeze(&text::line(sender))).filter(|name| !name.is_empty());
    let since = Duration::from_secs(u64::try_from(seconds(now)).unwrap_or(0));
    let header = |name: &'static str, value: &str| {
        HeaderName::new_from_ascii(name.to_owned())
            .map(|name| HeaderValue::new(name, value.to_owned()))
            .map_err(|_| broken(name))
    };
    let builder = lettre::Message::builder()
        .from(Mailbox::new(name, from))
        .to(to)
        .subject(message.subject.clone())
        .date(SystemTime::UNIX_EPOCH + since)
        .message_id(Some(format!("<{}>", message_id(message, &domain))))
        .raw_header(header("Auto-Submitted", "auto-generated")?)
        .raw_header(header("Content-Language", &message.language)?);
    let words = text::block(&message.body);
    let built = match enclosed {
        None => builder.header(ContentType::TEXT_PLAIN).body(words),
        Some(document) => {
            let kind = ContentType::parse(document.form.media_type())
                .map_err(|_| "the report's media type is unknown".to_owned())?;
            // Nothing of a patient in a file's name: it stands in lists of attachments and downloads.
            let name = format!("report-{}.{}", message.referral, document.form.ending());
            builder.multipart(
                MultiPart::mixed()
                    .singlepart(SinglePart::plain(words))
                    .singlepart(Attachment::new(name).body(document.bytes.clone(), kind)),
            )
        }
    }
    .map_err(|error| format!("it cannot be written as an e-mail: {error}"))?;
    Ok(Mail {
        envelope: built.envelope().clone(),
        bytes: built.formatted(),
    })
}

/// The Message-ID, without its brackets: the message's number and a part of the hash of its key, so that nothing of the
/// referral stands in it and nobody can make one up.
pub fn message_id(message: &Message, domain: &str) -> String {
    format!("m{}.{}@{domain}", message.id.0, mark(&message.key))
}

fn mark(key: &str) -> String {
    Sha256::digest(key.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The message's number in a Message-ID of ours; whether it is really that message's is for [`is_of`].
pub fn number_in(id: &str) -> Option<MessageId> {
    let local = id.trim().trim_start_matches('<').split('@').next()?;
    let (number, mark) = local.strip_prefix('m')?.split_once('.')?;
    (mark.len() == 16)
        .then(|| number.parse().ok())
        .flatten()
        .map(MessageId)
}

/// Whether a Message-ID is this message's.
pub fn is_of(id: &str, message: &Message) -> bool {
    let local = id.trim().trim_start_matches('<').split('@').next();
    local == message_id(message, "").split('@').next()
}

#[cfg(test)]
mod tests;
