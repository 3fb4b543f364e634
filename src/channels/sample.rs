//! A message for the tests of ways.

use crate::domain::id::{MessageId, ReferralId};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;

/// A message by a channel.
pub fn message(channel: Channel) -> Message {
    Message {
        id: MessageId(12),
        referral: ReferralId(10_001),
        key: "booking-prompt/R-10001-W/1".into(),
        kind: MessageKind::BookingPrompt,
        channel,
        address: match channel {
            Channel::Email => "noor@example.org".into(),
            Channel::Sms | Channel::Fax | Channel::Phone => "8025550147".into(),
            Channel::Letter => "1 Elm Street, Barre, VT 05641".into(),
            Channel::Exchange => "FHIR".into(),
        },
        recipient: "Noor Nguyễn".into(),
        language: "en".into(),
        subject: "Please book your visit".into(),
        body: "Dear Noor,\n\nplease call us.\n\nHeart Clinic".into(),
        state: MessageState::Sending,
        detail: None,
        created_at: from_seconds(1_772_460_000),
        not_before: from_seconds(1_772_460_000),
        attempt: 1,
        sender: None,
        sent_at: None,
        released_by: None,
        document: None,
    }
}
