//! What is asked about a message that has not left.

use super::super::action::Action;
use super::super::entry::Entry;
use super::super::form::{Composed, Form, Input, Wrong, text_with};
use crate::domain::command::Command;
use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::Message;
use crate::domain::person::Channel;

/// Change where it goes and what it says.
pub fn edit_message(message: &Message) -> Form {
    let mut form = Form::new(
        Action::Outbox,
        format!(
            "{} · {} by {}",
            message.id,
            message.kind.code(),
            message.channel.code()
        ),
        |form, _, _| {
            let number = |name| form.value(name).parse::<i64>().ok();
            let (Some(message), Some(referral)) = (number("message"), number("referral")) else {
                return Err(Wrong::new("address", "the message is gone"));
            };
            // What was left as it was is not said again.
            let changed = |name: &str| Some(form.value(name)).filter(|now| *now != form.before(name));
            Ok(Composed::Commands(vec![Command::EditMessage {
                referral: ReferralId(referral),
                message: MessageId(message),
                address: changed("address"),
                subject: changed("subject"),
                body: changed("body"),
            }]))
        },
    )
    .field("address", "to", text_with(message.address.clone()))
    .required();
    form.about = format!(
        "To {}. Enter keeps the change; in the outbox, s sends it.",
        message.recipient
    );
    if message.channel != Channel::Sms {
        form = form.field("subject", "subject", text_with(message.subject.clone()));
    }
    form = form
        .field(
            "body",
            "text",
            Input::Text {
                entry: Entry::with(message.body.clone()),
                lines: message.channel != Channel::Sms,
            },
        )
        .required()
        .hint("ctrl-o opens your editor");
    form.fixed = vec![
        ("message", message.id.0.to_string()),
        ("referral", message.referral.0.to_string()),
    ];
    form
}
