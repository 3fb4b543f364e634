//! `refdesk outbox`: messages, their states, and what a person does about them.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, number, print};
use crate::channels::hold;
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageState};
use crate::domain::text;
use crate::domain::time::{print_stamp, show_stamp};
use crate::engine::{Failure, Receipt};
use serde_json::json;
use std::io::Read;

#[derive(clap::Args, Debug)]
pub(crate) struct Outbox {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only messages in this state
    #[arg(long, value_name = "STATE", value_parser = states())]
    state: Option<String>,
    /// At most this many, the latest first
    #[arg(long, default_value = "50", value_name = "N", value_parser = number::<usize>)]
    limit: usize,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Print one message whole
    Show(Which),
    /// Send a failed, held or uncertain message (again)
    Retry(Which),
    /// Keep a queued message back
    Hold(Which),
    /// Never send it
    Drop(Which),
    /// Say that an uncertain message did leave
    Left(Which),
    /// Say that the other side's machine has it
    Delivered(Which),
    /// Say that the other side's person answered
    Acknowledged(Which),
    /// Change where a message goes or what it says, before it leaves
    Edit(Edit),
    /// Keep back everything that would leave, until `resume`
    Pause {
        /// Why, in a sentence that `doctor` repeats
        reason: String,
    },
    /// Let messages leave again after `pause`, or after the machine's clock jumped
    Resume,
}

#[derive(clap::Args, Debug)]
struct Which {
    /// Message id, such as M-12
    #[arg(value_parser = id)]
    message: MessageId,
}

#[derive(clap::Args, Debug)]
struct Edit {
    #[command(flatten)]
    which: Which,
    /// Its address or number
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Its subject, one line
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// Its text; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
}

impl Edit {
    fn command(&self, message: &Message) -> Result<Command, Trouble> {
        let mut body = self.text.clone();
        if body.as_deref() == Some("-") {
            let mut read = String::new();
            std::io::stdin().lock().take(TEXT_MAX).read_to_string(&mut read)?;
            body = Some(read);
        }
        Ok(Command::EditMessage {
            referral: message.referral,
            message: message.id,
            address: self.to.clone(),
            subject: self.subject.clone(),
            body,
        })
    }
}

/// No message is longer.
const TEXT_MAX: u64 = 64 * 1024;

fn id(text: &str) -> Result<MessageId, String> {
    let digits = text
        .strip_prefix("M-")
        .or_else(|| text.strip_prefix("m-"))
        .unwrap_or(text);
    digits
        .parse()
        .map(MessageId)
        .map_err(|_| "it is not a message id like M-12".to_owned())
}

fn states() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(MessageState::ALL.map(MessageState::code))
}

impl Outbox {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let (number, to) = match &self.verb {
            None => return self.list(desk),
            Some(Verb::Pause { reason }) => {
                hold::set(&desk.dir.outbox(), &text::line(reason))?;
                return say(
                    desk,
                    true,
                    "everything that leaves is held; `refdesk outbox resume` lets it leave",
                );
            }
            Some(Verb::Resume) => {
                hold::lift(&desk.dir.outbox())?;
                return say(desk, false, "messages leave again");
            }
            Some(Verb::Edit(edit)) => {
                let message = find(desk, edit.which.message)?;
                let envelope = Envelope::new(edit.command(&message)?, desk.actor.clone(), Cause::Script);
                let now = desk.now();
                let receipt = desk.engine.execute(&envelope, now);
                return told(desk, receipt);
            }
            Some(Verb::Show(which)) => return show(desk, which.message),
            Some(Verb::Retry(which)) => (which.message, MessageState::Queued),
            Some(Verb::Hold(which)) => (which.message, MessageState::Held),
            Some(Verb::Drop(which)) => (which.message, MessageState::Cancelled),
            Some(Verb::Left(which)) => (which.message, MessageState::HandedOver),
            Some(Verb::Delivered(which)) => (which.message, MessageState::Delivered),
            Some(Verb::Acknowledged(which)) => (which.message, MessageState::Acknowledged),
        };
        let message = find(desk, number)?;
        let (actor, now) = (desk.actor.clone(), desk.now());
        let receipt = desk.engine.move_message(&message, to, &actor, Cause::Script, now);
        told(desk, receipt)
    }

    fn list(&self, desk: &Desk) -> Ending {
        let wanted = |state: &MessageState| self.state.as_deref() == Some(state.code());
        let state = MessageState::ALL.into_iter().find(wanted);
        let messages = desk.engine.store().outbox(state, self.limit)?;
        if messages.is_empty() && self.limit > 0 && !desk.json() {
            print::error("no message stands there");
        }
        for message in messages {
            if desk.json() {
                print::json(&json!({
                    "message": message.id, "referral": message.referral, "key": message.key, "kind": message.kind, "channel": message.channel,
                    "language": message.language, "state": message.state, "detail": message.detail, "attempt": message.attempt,
                    "created_at": print_stamp(message.created_at), "not_before": print_stamp(message.not_before),
                    "sent_at": message.sent_at.map(print_stamp),
                }))?;
            } else {
                let at = show_stamp(desk.engine.policy().clinic.zone, message.not_before, desk.now());
                print::line(&format!(
                    "{:<8} {:<10} {at:<14} {:<12} {:<7} {:<30} {}",
                    message.id.to_string(),
                    message.referral.to_string(),
                    message.state.code(),
                    message.channel.code(),
                    message.kind.code(),
                    message.detail.as_deref().unwrap_or_default()
                ))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn told(desk: &Desk, receipt: Result<Receipt, Failure>) -> Ending {
    let receipt = receipt.map_err(|failure| Trouble(failure.to_string()))?;
    if desk.json() {
        print::json(&receipt)?
    } else {
        print::line(&receipt.changed.join(" · "))?
    }
    Ok(Exit::Done)
}

fn say(desk: &Desk, held: bool, line: &str) -> Ending {
    if desk.json() {
        print::json(&json!({ "held": held }))?;
    } else {
        print::line(line)?;
    }
    Ok(Exit::Done)
}

fn find(desk: &Desk, number: MessageId) -> Result<Message, Trouble> {
    let missing = || {
        Trouble(format!(
            "there is no message {number}; `refdesk outbox` lists them"
        ))
    };
    desk.engine.store().message(number)?.ok_or_else(missing)
}

fn show(desk: &Desk, number: MessageId) -> Ending {
    let message = find(desk, number)?;
    if desk.json() {
        print::json(&message)?;
        return Ok(Exit::Done);
    }
    print::line(&format!(
        "To: {} <{}> by {}",
        message.recipient,
        message.address,
        message.channel.code()
    ))?;
    if !message.subject.is_empty() {
        print::line(&format!("Subject: {}", message.subject))?;
    }
    print::line("")?;
    for line in message.body.lines() {
        print::line(line)?;
    }
    Ok(Exit::Done)
}
