//! `refdesk outbox`: messages, their states, and what a person does about them.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::channels::hold;
use crate::domain::command::Cause;
use crate::domain::id::MessageId;
use crate::domain::message::{Message, MessageState};
use crate::domain::text;
use crate::domain::time::{print_stamp, show_stamp};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Outbox {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only messages in this state
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Print one message whole
    Show { message: i64 },
    /// Queue a failed, held or uncertain message again
    Retry { message: i64 },
    /// Keep a queued message back
    Hold { message: i64 },
    /// Never send it
    Drop { message: i64 },
    /// An uncertain message did leave
    Left { message: i64 },
    /// The other side has it
    Delivered { message: i64 },
    /// The other side's person answered
    Acknowledged { message: i64 },
    /// Keep back everything that would leave, until `resume`
    Pause { reason: String },
    /// Let messages leave again
    Resume,
}

impl Outbox {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        let (number, to) = match &self.verb {
            None => return self.list(desk),
            Some(Verb::Pause { reason }) => {
                hold::set(&desk.dir.outbox(), &text::line(reason))?;
                return say("everything that leaves is held; `refdesk outbox resume` lets it leave");
            }
            Some(Verb::Resume) => {
                hold::lift(&desk.dir.outbox())?;
                return say("messages leave again");
            }
            Some(Verb::Show { message }) => return show(desk, *message),
            Some(Verb::Retry { message }) => (*message, MessageState::Queued),
            Some(Verb::Hold { message }) => (*message, MessageState::Held),
            Some(Verb::Drop { message }) => (*message, MessageState::Cancelled),
            Some(Verb::Left { message }) => (*message, MessageState::HandedOver),
            Some(Verb::Delivered { message }) => (*message, MessageState::Delivered),
            Some(Verb::Acknowledged { message }) => (*message, MessageState::Acknowledged),
        };
        let message = find(desk, number)?;
        let (actor, now) = (desk.actor.clone(), desk.now());
        let receipt = desk
            .engine
            .move_message(&message, to, &actor, Cause::Script, now)
            .map_err(|failure| Trouble(failure.to_string()))?;
        if desk.json() {
            print::json(&receipt)?
        } else {
            print::line(&receipt.changed.join(" · "))?
        }
        Ok(Exit::Done)
    }

    fn list(&self, desk: &Desk) -> Ending {
        let state = match &self.state {
            None => None,
            Some(code) => {
                let known = || MessageState::ALL.map(MessageState::code).join(", ");
                let found = MessageState::ALL.into_iter().find(|state| state.code() == code);
                Some(found.ok_or_else(|| Trouble(format!("there is no state `{code}`; use {}", known())))?)
            }
        };
        for message in desk.engine.store().outbox(state, self.limit)? {
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

fn say(line: &str) -> Ending {
    print::line(line)?;
    Ok(Exit::Done)
}

fn find(desk: &Desk, number: i64) -> Result<Message, Trouble> {
    let missing = || {
        Trouble(format!(
            "there is no message {}; `refdesk outbox` lists them",
            MessageId(number)
        ))
    };
    desk.engine
        .store()
        .message(MessageId(number))?
        .ok_or_else(missing)
}

fn show(desk: &Desk, number: i64) -> Ending {
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
    print::line(&format!("Subject: {}", message.subject))?;
    for line in message.body.lines() {
        print::line(line)?;
    }
    Ok(Exit::Done)
}
