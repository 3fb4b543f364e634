//! Text messages by a gateway on the network: one POST a message, JSON.
//!
//! Owns the body's form, whose placeholders are checked when it is read, the request and what each answer means. Where the
//! gateway takes an idempotency key, a message is asked for again until there is an answer; where it takes none, what was
//! not answered stays with a person. Must not know the store.

use super::secret::Secret;
use super::smstools::international;
use super::way::{AfterCrash, Extent, Handover, Health, Way};
use crate::domain::message::Message;
use crate::domain::text;
use crate::domain::time::Stamp;
use serde_json::Value;
use std::time::Duration;

/// What a body may speak of, and what each stands for.
const PLACEHOLDERS: [(&str, &str); 4] = [
    ("to", "the number, in international form with its +"),
    ("text", "the text"),
    ("from", "the sender"),
    ("key", "the message's unique key"),
];

/// The form of a request's body: JSON with placeholders in its texts, such as `{to}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Body(Value);

impl Body {
    /// Reads a form.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(raw: &str) -> Result<Body, Vec<String>> {
        let value: Value =
            serde_json::from_str(raw).map_err(|error| vec![format!("is not JSON: {error}")])?;
        let (mut named, mut wrong) = (Vec::new(), Vec::new());
        visit(&value, &mut |text| names(text, &mut named, &mut wrong));
        for needed in ["to", "text"] {
            if !named.iter().any(|name| name == needed) {
                wrong.push(format!("says nowhere {{{needed}}}"));
            }
        }
        if wrong.is_empty() {
            Ok(Body(value))
        } else {
            Err(wrong)
        }
    }

    /// The body of a message; values are put in as text, never as JSON.
    pub fn fill(&self, value: &dyn Fn(&str) -> String) -> Value {
        filled(&self.0, value)
    }
}

fn visit(value: &Value, text: &mut dyn FnMut(&str)) {
    match value {
        Value::String(own) => text(own),
        Value::Array(all) => all.iter().for_each(|each| visit(each, text)),
        Value::Object(all) => all.values().for_each(|each| visit(each, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn names(raw: &str, named: &mut Vec<String>, wrong: &mut Vec<String>) {
    let mut rest = raw;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, more)) = after.split_once('}') else {
            wrong.push("has a brace without its other half".into());
            return;
        };
        if PLACEHOLDERS.iter().any(|(known, _)| *known == name) {
            named.push(name.to_owned());
        } else {
            let known: Vec<String> = PLACEHOLDERS
                .iter()
                .map(|(name, _)| format!("{{{name}}}"))
                .collect();
            wrong.push(format!(
                "`{{{}}}` is not known; known are {}",
                text::line(name),
                known.join(", ")
            ));
        }
        rest = more;
    }
}

fn filled(value: &Value, of: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(own) => {
            let (mut out, mut rest) = (String::new(), own.as_str());
            while let Some((before, after)) = rest.split_once('{') {
                out.push_str(before);
                let (name, more) = after.split_once('}').unwrap_or((after, ""));
                out.push_str(&of(name));
                rest = more;
            }
            out.push_str(rest);
            Value::String(out)
        }
        Value::Array(all) => all.iter().map(|each| filled(each, of)).collect(),
        Value::Object(all) => all
            .iter()
            .map(|(key, each)| (key.clone(), filled(each, of)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A gateway and how it is asked.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Where.
    pub url: String,
    /// The form of the body.
    pub body: Body,
    /// The sender, as the gateway knows it.
    pub from: String,
    /// The secret behind `Authorization: Bearer`.
    pub token: Option<Secret>,
    /// The header in which the gateway takes an idempotency key; none where it takes none.
    pub key_header: Option<String>,
    /// The calling code of numbers that come without one.
    pub country: String,
    /// The longest wait for an answer.
    pub patience: Duration,
}

impl Gateway {
    fn ask(&self, message: &Message, to: &str, token: Option<&str>) -> Result<u16, ureq::Error> {
        let body = self.body.fill(&|name| match name {
            "to" => format!("+{to}"),
            "text" => text::squeeze(&text::line(&message.body)),
            "from" => self.from.clone(),
            "key" => message.key.clone(),
            _ => String::new(),
        });
        let mut request = self
            .agent()
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(header) = &self.key_header {
            request = request.header(header, round(message));
        }
        Ok(request.send(body.to_string())?.status().as_u16())
    }

    fn agent(&self) -> ureq::Agent {
        ureq::Agent::config_builder()
            .timeout_global(Some(self.patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into()
    }

    /// What a status means. Before an answer of the gateway's own, an error of the way there says nothing of the message.
    fn meaning(&self, status: u16) -> Handover {
        let said = format!("the gateway answers {status}");
        match status {
            200..=299 => Handover::Done,
            401 | 403 | 404 | 429 => Handover::Later(said, Extent::Channel),
            408 | 409 | 425 | 500..=599 if self.key_header.is_some() => {
                Handover::Later(said, Extent::Message)
            }
            503 => Handover::Later(said, Extent::Channel),
            408 | 500..=599 => Handover::Unknown(said),
            _ => Handover::Refused(said),
        }
    }
}

/// The key of a round: one that was noted begins another, in which a person may have it sent again.
fn round(message: &Message) -> String {
    match message.sent_at {
        Some(at) => format!("{}/{}", message.key, crate::domain::time::seconds(at)),
        None => message.key.clone(),
    }
}

/// Whether nothing of the request had left when this happened.
fn before_anything(error: &ureq::Error) -> bool {
    use ureq::{Error as E, Timeout as T};
    matches!(
        error,
        E::BadUri(_)
            | E::HostNotFound
            | E::ConnectionFailed
            | E::Tls(_)
            | E::Http(_)
            | E::Timeout(T::Resolve | T::Connect)
    ) || matches!(error, E::Io(inner) if inner.kind() == std::io::ErrorKind::ConnectionRefused)
}

impl Way for Gateway {
    fn name(&self) -> &'static str {
        "gateway"
    }

    fn waits(&self) -> bool {
        true
    }

    fn after_crash(&self) -> AfterCrash {
        if self.key_header.is_some() {
            AfterCrash::Again
        } else {
            AfterCrash::Unknown
        }
    }

    fn hand_over(&self, message: &Message, _now: Stamp) -> Handover {
        let to = match international(&message.address, &self.country) {
            Ok(to) => to,
            Err(why) => return Handover::Refused(why),
        };
        let token = match self.token.as_ref().map(Secret::read).transpose() {
            Ok(token) => token,
            Err(why) => return Handover::Later(why, Extent::Channel),
        };
        match self.ask(message, &to, token.as_deref()) {
            Ok(status) => self.meaning(status),
            Err(error) => {
                let said = format!("the gateway: {}", text::line(&error.to_string()));
                if before_anything(&error) || self.key_header.is_some() {
                    Handover::Later(said, Extent::Channel)
                } else {
                    Handover::Unknown(said)
                }
            }
        }
    }

    /// A gateway is not asked for nothing; its name and the secret are looked at.
    fn health(&self) -> Health {
        let token = self.token.as_ref().map(Secret::read).transpose();
        let key = match &self.key_header {
            Some(header) => format!("knows a message again by {header}"),
            None => "takes no key: what is not answered waits for a person".into(),
        };
        Health {
            ok: token.is_ok(),
            detail: match token {
                Ok(_) => format!("gateway: {} {key}", self.url),
                Err(why) => format!("gateway: {why}"),
            },
        }
    }
}

#[cfg(test)]
mod tests;
