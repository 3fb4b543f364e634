//! Events in the words of the desk.
//!
//! Owns the sentence of each fact on the timeline. Must not know how a timeline is drawn.

use super::settings::Settings;
use super::words;
use crate::domain::event::Fact;
use crate::domain::referral::{HoldKind, PauseReason};
use crate::domain::time::Stamp;

/// Who has the ball.
pub const fn pause(why: PauseReason) -> &'static str {
    match why {
        PauseReason::Records => "records",
        PauseReason::Patient => "patient",
        PauseReason::Payer => "payer",
    }
}

/// What holds it.
pub const fn hold(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Coverage => "coverage",
        HoldKind::Authorization => "authorisation",
    }
}

fn because(reason: Option<&String>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

/// What happened, in a sentence.
pub fn tell(fact: &Fact, settings: &Settings, now: Stamp) -> String {
    let moment = |at: Stamp| words::moment(at, now, settings.zone());
    match fact {
        Fact::Received { source, template } => format!("received by {} ({template})", source.label()),
        Fact::PersonAdded => "person recorded".into(),
        Fact::Amended { fields } => format!("corrected {}", fields.join(", ")),
        Fact::StatusChanged { from, to, reason } => format!("{from} → {to}{}", because(reason.as_ref())),
        Fact::PriorityChanged { from, to, reason } => format!("priority {from} → {to}: {reason}"),
        Fact::Assigned { from, to } => format!("from {from} to {to}"),
        Fact::NoteAdded => "note".into(),
        Fact::CallRecorded { call, again_at } => {
            let again = again_at
                .map(|at| format!(", again {}", moment(at)))
                .unwrap_or_default();
            format!("call to {}: {}{again}", call.party.label(), call.outcome.label())
        }
        Fact::EmergencyAcknowledged => "emergency acknowledged by phone".into(),
        Fact::InfoRequested { items, code } => format!("asked the provider for {items} items ({code})"),
        Fact::ItemsProvided { items } => format!("came: {}", items.join(", ")),
        Fact::ItemsWaived { items, reason } => format!("waived {}: {reason}", items.join(", ")),
        Fact::Booked { at } => format!("booked for {}", moment(*at)),
        Fact::AppointmentConfirmed => "appointment confirmed".into(),
        Fact::AppointmentChanged { how } => format!("appointment {how}"),
        Fact::CoverageChanged => "coverage changed".into(),
        Fact::AuthorizationChanged => "authorisation recorded".into(),
        Fact::HoldSet { hold: kind } => format!("held: {}", hold(*kind)),
        Fact::HoldLifted { hold: kind } => format!("hold lifted: {}", hold(*kind)),
        Fact::ClockPaused { why, resumed: true } => format!("clinic clock goes on ({})", pause(*why)),
        Fact::ClockPaused { why, resumed: false } => format!("clinic clock pauses ({})", pause(*why)),
        Fact::TaskAdded { rule } => format!("task made ({rule})"),
        Fact::TaskEnded { done: true } => "task done".into(),
        Fact::TaskEnded { done: false } => "task dropped".into(),
        Fact::MilestoneReached { milestone } => format!("milestone {} reached", milestone.label()),
        Fact::MilestoneWarned { milestone } => format!("milestone {} comes near", milestone.label()),
        Fact::MilestoneMissed { milestone } => format!("milestone {} missed", milestone.label()),
        Fact::TimerFired { rule } => format!("rule {}", rule.code()),
        Fact::Settled => "records brought up to date".into(),
        Fact::MessageQueued {
            message,
            channel,
            rule,
        } => {
            format!("{} queued by {} ({rule})", message.code(), channel.code())
        }
        Fact::MessageBlocked { message, because } => format!("{} not sent: {because}", message.code()),
        Fact::MessageMoved { message, from, to } => {
            format!("{}: {} → {}", message.code(), from.code(), to.code())
        }
        Fact::DocumentTaken { reason } => format!("document in Intake: {reason}"),
        Fact::DocumentFiled => "document filed".into(),
        Fact::DocumentDismissed { reason } => format!("document set aside: {reason}"),
        Fact::Undone { action } => format!("undid action {action}"),
    }
}
