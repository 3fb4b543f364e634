//! Facts in words: what the timeline, a receipt and a forecast say.
//!
//! Owns the sentence of each fact. It never names a patient; whoever reads it knows whose referral it is.

use super::event::Fact;
use super::policy::Policy;
use super::template::Template;
use super::time::{Stamp, Zone, show_stamp};

/// A fact in one line.
pub fn describe(fact: &Fact, zone: Zone, now: Stamp) -> String {
    let when = |at: Stamp| show_stamp(zone, at, now);
    match fact {
        Fact::Received { source, template } => format!("received by {}, template {template}", source.label()),
        Fact::Imported {
            system,
            external,
            status,
        } => format!("brought over from {system}, where it is number {external}: {status}"),
        Fact::Before { at, actor, what, .. } => {
            format!("before, {} by {actor}: {}", when(*at), describe(what, zone, now))
        }
        Fact::PersonAdded => "a person or practice became known".into(),
        Fact::Amended { fields } => format!("corrected: {}", fields.join(", ")),
        Fact::StatusChanged { from, to, reason } => with_reason(format!("{from} → {to}"), reason.as_deref()),
        Fact::PriorityChanged { from, to, reason } => {
            with_reason(format!("priority {from} → {to}"), Some(reason))
        }
        Fact::Assigned { from, to } => format!("{from} → {to}"),
        Fact::NoteAdded => "note".into(),
        Fact::CallRecorded { call, again_at } => {
            let again = again_at
                .map(|at| format!(", call again {}", when(at)))
                .unwrap_or_default();
            format!(
                "called the {}: {}{again}",
                call.party.label(),
                call.outcome.label()
            )
        }
        Fact::EmergencyAcknowledged => "emergency acknowledged by phone".into(),
        Fact::InfoRequested { items, code } => format!(
            "asked for {items} missing {}, code {code}",
            plural(*items, "item", "items")
        ),
        Fact::ItemsProvided { items } => format!("came in: {}", items.join(", ")),
        Fact::ItemsWaived { items, reason } => {
            with_reason(format!("waived: {}", items.join(", ")), Some(reason))
        }
        Fact::Booked { at } => format!("booked for {}", when(*at)),
        Fact::AppointmentConfirmed => "appointment confirmed".into(),
        Fact::AppointmentChanged { how } => format!("appointment: {how}"),
        Fact::CoverageChanged => "coverage changed".into(),
        Fact::CoverageAsked { asked: false } => "coverage check begun".into(),
        Fact::CoverageAsked { asked: true } => "the payer was asked about the coverage".into(),
        Fact::AuthorizationChanged => "authorisation recorded".into(),
        Fact::HoldSet { hold, rule } => format!("on hold: {}{}", hold.label(), by_rule(rule.as_deref())),
        Fact::HoldLifted { hold, rule } => {
            format!("hold lifted: {}{}", hold.label(), by_rule(rule.as_deref()))
        }
        Fact::RuleFired { rule, on } => format!("rule {rule} fired (on {on})"),
        Fact::ClockPaused { why, resumed: false } => format!("clinic clock paused: {}", why.label()),
        Fact::ClockPaused { resumed: true, .. } => "clinic clock goes on".into(),
        Fact::TaskAdded { rule } => format!("task added by rule {}", head(rule)),
        Fact::TaskEnded { done: true } => "task done".into(),
        Fact::TaskEnded { done: false } => "task dropped".into(),
        Fact::MilestoneReached { milestone } => format!("milestone reached: {}", milestone.label()),
        Fact::MilestoneWarned { milestone } => format!("milestone comes near: {}", milestone.label()),
        Fact::MilestoneMissed { milestone } => format!("milestone missed: {}", milestone.label()),
        Fact::TimerFired { rule } => format!("rule {} went off", rule.code()),
        Fact::Settled => "kept up to date".into(),
        Fact::MessageQueued {
            message,
            channel,
            rule,
        } => {
            format!(
                "{} queued to the {} by {} ({})",
                message.code(),
                message.party().label(),
                channel.code(),
                if rule.starts_with("rule ") {
                    rule.clone()
                } else {
                    format!("rule {rule}")
                }
            )
        }
        Fact::MessageBlocked { message, because } => format!("{} not written: {because}", message.code()),
        Fact::MessageMoved { message, from, to } => {
            format!("message {}: {} → {}", message.code(), from.code(), to.code())
        }
        Fact::MessageEdited { message } => format!("message {}: changed by hand", message.code()),
        Fact::DocumentTaken { reason } => format!("document in Intake: {reason}"),
        Fact::DocumentFiled => "document filed".into(),
        Fact::DocumentDismissed { reason } => format!("document set aside: {reason}"),
        Fact::Exported { scope, format } => format!("exported as {format}: {scope}"),
        Fact::MergedInto { into, reason } => with_reason(format!("merged into {into}"), Some(reason)),
        Fact::TookOver { from, reason } => with_reason(format!("{from} merged into it"), Some(reason)),
        Fact::Linked { with } => format!("belongs together with {with}"),
        Fact::PatientMerged { from, into, reason } => {
            with_reason(format!("patient {from} is {into}"), Some(reason))
        }
        Fact::ToldApart { from } => format!("not the same patient as {from}"),
        Fact::Undone { action } => format!("action {action} undone"),
    }
}

fn with_reason(text: String, reason: Option<&str>) -> String {
    match reason.filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{text}: {reason}"),
        None => text,
    }
}

fn plural<'a>(n: u32, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

fn by_rule(rule: Option<&str>) -> String {
    rule.map(|rule| format!(" (rule {rule})")).unwrap_or_default()
}

/// The rule's name in a key of rule and occasion; of a clinic's own rule, the name that it gave.
fn head(key: &str) -> &str {
    let key = key.strip_prefix("rule/").unwrap_or(key);
    key.split('/').next().unwrap_or(key)
}

/// The label of a required item, in English.
pub fn item_label<'a>(policy: &'a Policy, template: &str, key: &'a str) -> &'a str {
    let find = |template: &'a Template| {
        template
            .requirements
            .iter()
            .find(|requirement| requirement.key == key)
    };
    policy
        .template(template)
        .and_then(find)
        .map_or(key, |requirement| requirement.label_in("en"))
}
