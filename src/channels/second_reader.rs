//! A second reader of documents: an OpenAI-compatible chat endpoint on the clinic's own machine or network.
//!
//! Owns the request, its limits, and that nothing leaves the clinic: what the endpoint's name resolves to is looked at before
//! a connection is made, no redirect is followed and no proxy is used. Must not know what is asked, or what an answer is worth.

use super::secret::Secret;
use super::way::Health;
use crate::domain::network;
use crate::domain::text;
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// At most so many bytes of an answer are read: a referral's fields are a page.
const ANSWER: u64 = 256 << 10;
/// Tokens that an answer may have.
const TOKENS: u32 = 2_000;
/// After a failure it is not asked for so long: a folder full of faxes must not wait for each.
const REST: Duration = Duration::from_secs(60);
/// Whoever gives up is heard within this.
const HEARD: Duration = Duration::from_millis(50);
/// `doctor` waits no longer.
const GLANCE: Duration = Duration::from_secs(3);

/// Until when a second reader that failed is left alone; shared by all that ask it.
#[derive(Clone, Debug, Default)]
pub struct Rest(Arc<Mutex<Option<Instant>>>);

impl Rest {
    fn lasts(&self) -> bool {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST);
    }
}

/// A second reader and how it is asked.
#[derive(Clone, Debug)]
pub struct SecondReader {
    /// The endpoint, with or without its `/chat/completions`.
    pub url: String,
    /// The model.
    pub model: String,
    /// The secret behind `Authorization: Bearer`.
    pub token: Option<Secret>,
    /// The longest wait for an answer.
    pub patience: Duration,
    /// Until when it is left alone.
    pub rest: Rest,
}

/// Why there is no answer, and whether it is worth asking again soon.
struct Failed {
    why: String,
    rests: bool,
}

impl Failed {
    fn with(why: impl Into<String>) -> Failed {
        Failed {
            why: why.into(),
            rests: true,
        }
    }
}

impl SecondReader {
    /// Asks; the object that it answers with.
    ///
    /// # Errors
    /// Why there is none, in a few words that hold nothing of what was sent or answered. No later than its patience.
    pub fn ask(
        &self,
        instruction: &str,
        pages: &str,
        stop: &AtomicBool,
    ) -> Result<Map<String, Value>, String> {
        if self.rest.lasts() {
            return Err("it failed within the last minute and was not asked".into());
        }
        let body = json!({
            "model": self.model,
            "messages": [{ "role": "system", "content": instruction }, { "role": "user", "content": pages }],
            "temperature": 0,
            "max_tokens": TOKENS,
            "stream": false,
            "response_format": { "type": "json_object" },
        });
        let (sender, receiver) = channel();
        let (own, end) = (self.clone(), Instant::now() + self.patience);
        // It asks on a thread of its own, so that whoever waits is never held for longer than it has patience, whatever the
        // system does with the name or the connection.
        let asking = std::thread::Builder::new().name("second-reader".into());
        asking
            .spawn(move || drop(sender.send(own.post(&body.to_string()))))
            .map_err(|_| "it could not be asked".to_owned())?;
        let answer = loop {
            let left = end.saturating_duration_since(Instant::now());
            if stop.load(Ordering::Relaxed) {
                return Err("reading was stopped".into());
            }
            match receiver.recv_timeout(left.min(HEARD)) {
                Ok(answer) => break answer,
                Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    let seconds = self.patience.as_secs();
                    break Err(Failed::with(format!("it gave no answer within {seconds} s")));
                }
            }
        };
        answer.map_err(|failed| {
            if failed.rests {
                self.rest.begin();
            }
            failed.why
        })
    }

    fn post(&self, body: &str) -> Result<Map<String, Value>, Failed> {
        let said = |error: ureq::Error| {
            if matches!(error, ureq::Error::Timeout(_)) {
                let seconds = self.patience.as_secs();
                return Failed::with(format!("it gave no answer within {seconds} s"));
            }
            Failed::with(text::line(&error.to_string()))
        };
        let mut request = agent(self.patience)
            .post(self.endpoint())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
        if let Some(token) = self.token()? {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let response = request.send(body).map_err(said)?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Failed::with(format!("it answers {status}")));
        }
        let answer = response
            .into_body()
            .into_with_config()
            .limit(ANSWER)
            .read_to_string()
            .map_err(said)?;
        object_of(&answer).ok_or_else(|| Failed {
            why: "its answer is no JSON object".into(),
            rests: false,
        })
    }

    fn token(&self) -> Result<Option<String>, Failed> {
        let token = self.token.as_ref().map(Secret::read).transpose();
        token.map_err(Failed::with)
    }

    fn base(&self) -> &str {
        let url = self.url.trim_end_matches('/');
        url.strip_suffix("/chat/completions").unwrap_or(url)
    }

    fn endpoint(&self) -> String {
        format!("{}/chat/completions", self.base())
    }

    /// Whether it answers, and knows the model; nothing of a patient is sent.
    pub fn health(&self) -> Health {
        let (ok, said) = match self.models() {
            Ok(models) if models.is_empty() || models.contains(&self.model) => (true, "answers".to_owned()),
            Ok(_) => (
                false,
                format!("answers, and does not list the model {}", self.model),
            ),
            Err(failed) => (
                false,
                format!(
                    "{}; documents are read without it, with a warning on each",
                    failed.why
                ),
            ),
        };
        Health {
            ok,
            detail: format!("{} {said}", self.base()),
        }
    }

    /// The models that it lists; none where it does not say.
    fn models(&self) -> Result<Vec<String>, Failed> {
        let said = |error: ureq::Error| Failed::with(text::line(&error.to_string()));
        let mut request = agent(GLANCE.min(self.patience)).get(format!("{}/models", self.base()));
        if let Some(token) = self.token()? {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(said)?;
        let status = response.status().as_u16();
        if matches!(status, 401 | 403) {
            return Err(Failed::with(format!("it answers {status}: see to its token")));
        }
        let body = response
            .into_body()
            .into_with_config()
            .limit(ANSWER)
            .read_to_string();
        let list: Value = serde_json::from_str(&body.map_err(said)?).unwrap_or_default();
        let names = list.get("data").and_then(Value::as_array).into_iter().flatten();
        Ok(names
            .filter_map(|model| model.get("id")?.as_str().map(str::to_owned))
            .collect())
    }
}

/// The object that a chat completion's message holds, whatever stands around it (a fence of Markdown, a thought aloud).
fn object_of(answer: &str) -> Option<Map<String, Value>> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let content = answer.pointer("/choices/0/message/content")?.as_str()?;
    let content = content.rsplit_once("</think>").map_or(content, |(_, rest)| rest);
    let object = content.get(content.find('{')?..=content.rfind('}')?)?;
    match serde_json::from_str(object).ok()? {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

fn agent(patience: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .max_redirects(0)
        // A proxy of the environment would carry patients' text to wherever it stands.
        .proxy(None)
        .build();
    ureq::Agent::with_parts(config, DefaultConnector::default(), Near::default())
}

/// Resolves names, and refuses what they mean outside the clinic.
#[derive(Debug, Default)]
struct Near(DefaultResolver);

impl Resolver for Near {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        if found.iter().all(|address| network::is_near(address.ip())) {
            return Ok(found);
        }
        let why = "its name leads out of the clinic, and nothing was sent";
        Err(ureq::Error::Io(std::io::Error::new(
            std::io::ErrorKind::PermissionDenied,
            why,
        )))
    }
}

#[cfg(test)]
mod tests;
