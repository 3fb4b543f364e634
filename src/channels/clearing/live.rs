//! A clearing house in real time: one POST a question, the answer in its reply.
//!
//! Owns the request in its two usual forms (the interchange as the body; the MIME envelope of CAQH CORE's connectivity rule C2.2.0,
//! §4.2 "HTTP MIME Multipart") and what each reply means. What is no interchange is no answer, whatever its status. Must not know
//! what an answer says.

use super::Unasked;
use crate::channels::secret::Secret;
use crate::channels::way::Health;
use crate::domain::text;
use crate::domain::time::{Stamp, print_stamp};
use crate::standards::x12::ask::Submitter;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// At most so many bytes of a reply are read: an answer on one patient has some kilobytes.
const REPLY: u64 = 1 << 20;

/// How a question is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// The interchange alone (`application/edi-x12`).
    Plain,
    /// In the parts of CAQH CORE's MIME envelope.
    Core,
}

/// Where it is asked, and as whom.
#[derive(Clone, Debug)]
pub struct Live {
    /// Where.
    pub url: String,
    /// How a question is wrapped.
    pub envelope: Envelope,
    /// The user that the secret is the password of; empty where it is a token.
    pub user: String,
    /// The password, or the token behind `Authorization: Bearer`.
    pub secret: Option<Secret>,
    /// The longest wait for an answer.
    pub patience: Duration,
}

impl Live {
    /// Asks; the interchange that is answered.
    ///
    /// # Errors
    /// Why there is none.
    pub fn post(
        &self,
        submitter: &Submitter,
        trace: &str,
        question: String,
        now: Stamp,
    ) -> Result<Vec<u8>, Unasked> {
        let secret = self.secret.as_ref().map(Secret::read).transpose();
        let secret = secret.map_err(Unasked::House)?;
        let (kind, body) = match self.envelope {
            Envelope::Plain => ("application/edi-x12".to_owned(), question),
            Envelope::Core => self.parts(submitter, trace, &question, secret.as_deref(), now),
        };
        let mut request = self.agent().post(&self.url).header("Content-Type", kind);
        if let Some(secret) = &secret {
            request = match (self.user.as_str(), self.envelope) {
                ("", _) => request.header("Authorization", format!("Bearer {secret}")),
                // The envelope has parts of its own for both.
                (_, Envelope::Core) => request,
                (user, Envelope::Plain) => {
                    let both = STANDARD.encode(format!("{user}:{secret}"));
                    request.header("Authorization", format!("Basic {both}"))
                }
            };
        }
        let reply = request.send(body).map_err(|error| self.unreached(&error))?;
        let status = reply.status().as_u16();
        let said = format!("the clearing house answers {status}");
        match status {
            200..=299 => {}
            // Of this question alone: its form, its size, what is in it.
            400 | 406 | 409 | 413 | 415 | 422 => return Err(Unasked::Question(said)),
            _ => return Err(Unasked::House(said)),
        }
        let reply = reply.into_body().into_with_config().limit(REPLY).read_to_vec();
        let reply = reply.map_err(|error| self.unreached(&error))?;
        let answer = interchange(&reply);
        answer.map(<[u8]>::to_vec).ok_or_else(|| {
            Unasked::Question("the clearing house's reply holds no interchange (X12)".to_owned())
        })
    }

    fn unreached(&self, error: &ureq::Error) -> Unasked {
        Unasked::House(if matches!(error, ureq::Error::Timeout(_)) {
            let seconds = self.patience.as_secs();
            format!("the clearing house gave no answer within {seconds} s")
        } else {
            format!("the clearing house: {}", text::line(&error.to_string()))
        })
    }

    fn agent(&self) -> ureq::Agent {
        ureq::Agent::config_builder()
            .timeout_global(Some(self.patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into()
    }

    /// The envelope: its type with the boundary, and its parts.
    fn parts(
        &self,
        submitter: &Submitter,
        trace: &str,
        question: &str,
        secret: Option<&str>,
        now: Stamp,
    ) -> (String, String) {
        let id = payload_id(submitter, trace, now);
        let stamp = print_stamp(now);
        let mut fields = vec![
            ("PayloadType", "X12_270_Request_005010X279A1"),
            ("ProcessingMode", "RealTime"),
            ("PayloadID", &id),
            ("TimeStamp", &stamp),
        ];
        if let Some(secret) = secret.filter(|_| !self.user.is_empty()) {
            fields.extend([("UserName", self.user.as_str()), ("Password", secret)]);
        }
        fields.extend([
            ("SenderID", submitter.sender.as_str()),
            ("ReceiverID", submitter.receiver.as_str()),
            ("CORERuleVersion", "2.2.0"),
            ("Payload", question),
        ]);
        let boundary = format!("refdesk-{id}");
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!("--{boundary}--\r\n"));
        (format!("multipart/form-data; boundary={boundary}"), body)
    }

    /// The address and the secret are looked at; nothing is asked.
    pub fn health(&self) -> Health {
        let secret = self.secret.as_ref().map(Secret::read).transpose();
        Health {
            ok: secret.is_ok(),
            detail: match secret {
                Ok(_) => format!("in real time: {}", self.url),
                Err(why) => format!("in real time: {why}"),
            },
        }
    }
}

/// A number in the form of a UUID (RFC 9562 §5.8: version 8, a form of one's own), another for each try.
fn payload_id(submitter: &Submitter, trace: &str, now: Stamp) -> String {
    let mut hash = Sha256::new();
    for part in [&submitter.sender, &submitter.npi, trace, &print_stamp(now)] {
        hash.update(part);
        hash.update([0]);
    }
    let hex: String = hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let at = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}",
        at(0, 8),
        at(8, 12),
        at(13, 16),
        at(17, 20),
        at(20, 32)
    )
}

/// The interchange in a reply, whatever envelope it stands in: from `ISA` at the beginning of a line to the end of its last segment.
fn interchange(reply: &[u8]) -> Option<&[u8]> {
    let begins = |at: &usize| {
        reply.get(*at..).is_some_and(|rest| rest.starts_with(b"ISA"))
            && (*at == 0 || matches!(reply.get(at.wrapping_sub(1)), Some(b'\r' | b'\n' | 0xBF)))
    };
    let start = (0..reply.len()).find(begins)?;
    let own = reply.get(start..)?;
    let separator = *own.get(3).filter(|byte| byte.is_ascii_punctuation())?;
    let trailer = [b"IEA".as_slice(), &[separator]].concat();
    let end = own.windows(4).rposition(|window| window == trailer)?;
    // ISA is 106 bytes long, the last of which ends each segment (X12.5).
    let last = *own.get(105)?;
    let rest = own.get(end..)?;
    let length = rest.iter().position(|byte| *byte == last)?;
    own.get(..=end + length)
}

#[cfg(test)]
mod tests;
