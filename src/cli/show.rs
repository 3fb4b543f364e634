//! `refdesk show`: one referral with its timeline.

use super::desk::Desk;
use super::past;
use super::{Ending, Exit, Trouble, number, print};
use crate::domain::clocks::{clinic_clock, show_open_time};
use crate::domain::effort;
use crate::domain::event::Fact;
use crate::domain::id::ReferralId;
use crate::domain::score::Score;
use crate::domain::time::{Stamp, age_on, day_in, print_stamp, show_span, show_stamp};
use crate::domain::timeline::{describe, item_label};
use crate::store::board::Sheet;
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Show {
    /// Referral id, such as R-20417-S
    #[arg(value_name = "ID")]
    id: ReferralId,
    /// At most this many lines of the timeline, the latest first
    #[arg(long, default_value = "200", value_name = "N", value_parser = number::<usize>)]
    timeline: usize,
    /// As it stood at a past moment: 2026-11-23T09:00:00Z, or in words as in "mon 9:00" or "yesterday 17:00"
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
}

impl Show {
    pub fn run(&self, desk: &Desk) -> Ending {
        let store = desk.engine.store();
        let (sheet, now) = match &self.as_of {
            Some(words) => {
                let at = match past::moment(desk, words) {
                    Ok(at) => at,
                    Err(exit) => return Ok(exit),
                };
                (store.past_sheet(self.id, at, self.timeline)?, at)
            }
            None => (store.sheet(self.id, self.timeline)?, desk.now()),
        };
        let sheet = sheet.ok_or_else(|| {
            let then = if self.as_of.is_some() { "was" } else { "is" };
            Trouble(format!(
                "there {then} no referral {}; `refdesk list` prints those that are open",
                self.id
            ))
        })?;
        if desk.json() {
            print::json(&object(&sheet, desk, now))?;
        } else {
            for line in text(&sheet, desk, now) {
                print::line(&line)?;
            }
        }
        Ok(Exit::Done)
    }
}

fn object(sheet: &Sheet, desk: &Desk, now: Stamp) -> serde_json::Value {
    let snapshot = &sheet.snapshot;
    let policy = desk.engine.policy();
    let referral = snapshot.referral();
    let score = referral.and_then(|referral| {
        Score::of(
            referral.priority,
            referral.received_at,
            now,
            &policy.score_targets,
        )
    });
    let timeline: Vec<_> = sheet
        .timeline
        .iter()
        .map(|entry| {
            json!({
                "seq": entry.seq, "action": entry.action, "at": print_stamp(entry.at), "actor": entry.actor, "cause": entry.cause,
                "fact": entry.fact, "text": describe(&entry.fact, policy.clinic.zone, now),
            })
        })
        .collect();
    json!({
        "referral": referral,
        "fhir": referral.map(|referral| {
            let exchange = referral.status.exchange();
            json!({ "service_request": exchange.service_request, "task": exchange.task, "business_status": exchange.business_status })
        }),
        "score": score.map(|score| json!({ "value": score.value, "explained": score.explain() })),
        "clocks": referral.map(|referral| {
            let clinic = clinic_clock(referral, &policy.calendar, now);
            json!({
                "patient_minutes": referral.patient_clock(now).num_minutes(), "clinic_open_minutes": clinic.ran.num_minutes(),
                "paused_open_minutes": clinic.paused.num_minutes(), "paused_now": clinic.is_paused,
            })
        }),
        "patient": snapshot.patients.first(), "requester": snapshot.practitioners.first(), "organizations": snapshot.organizations,
        "coverages": snapshot.coverages, "milestones": snapshot.milestones, "tasks": snapshot.tasks, "timers": snapshot.timers,
        "requests": snapshot.requests, "notes": snapshot.notes, "appointments": snapshot.appointments, "messages": snapshot.messages,
        "documents": snapshot.documents, "timeline": timeline,
        "related": sheet.related.iter().map(|other| json!({
            "how": other.how.label(), "referral": other.id, "status": other.status,
        })).collect::<Vec<_>>(),
    })
}

fn text(sheet: &Sheet, desk: &Desk, now: Stamp) -> Vec<String> {
    let snapshot = &sheet.snapshot;
    let policy = desk.engine.policy();
    let zone = policy.clinic.zone;
    let at = |stamp: Stamp| show_stamp(zone, stamp, now);
    let Some(referral) = snapshot.referral() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if let Some(patient) = snapshot.patient(referral.patient) {
        let age = patient
            .dob
            .map(|dob| format!("{} y", age_on(dob, day_in(zone, now))))
            .unwrap_or_default();
        lines.push(format!(
            "{}  {}  {} {age}  {}",
            referral.id,
            patient.name.filed(),
            patient.sex.letter(),
            patient.language
        ));
    }
    lines.push(format!(
        "{} · {} · {} · received {} by {}",
        referral.specialty,
        referral.service,
        referral.priority,
        at(referral.received_at),
        referral.source.label()
    ));
    let reason = referral
        .status_reason
        .as_deref()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    lines.push(format!("status {}{reason}", referral.status));
    if let (Some(action), Some(due)) = (referral.next_action, referral.due_at) {
        lines.push(format!(
            "next: {} by {} · {}",
            action.label(),
            at(due),
            policy.shown_owner(&referral.owner, now)
        ));
    }
    for other in &sheet.related {
        lines.push(format!("{} {} ({})", other.how.label(), other.id, other.status));
    }
    let clinic = clinic_clock(referral, &policy.calendar, now);
    lines.push(format!(
        "patient clock {} · clinic clock {} (paused {})",
        show_span(referral.patient_clock(now)),
        show_open_time(clinic.ran, &policy.calendar),
        show_open_time(clinic.paused, &policy.calendar)
    ));
    if let Some(score) = Score::of(
        referral.priority,
        referral.received_at,
        now,
        &policy.score_targets,
    )
    .filter(|_| referral.status.is_open())
    {
        lines.push(format!("score {}", score.explain()));
    }
    for hold in &referral.holds {
        lines.push(format!("on hold: {}", hold.reason));
    }
    for item in &referral.missing {
        lines.push(format!(
            "missing: {}",
            item_label(policy, &referral.template, item)
        ));
    }
    for coverage in &snapshot.coverages {
        lines.push(format!(
            "coverage {}{}: {}",
            coverage.payer,
            coverage
                .subscriber
                .as_ref()
                .map(|subscriber| format!(" ({})", subscriber.told()))
                .unwrap_or_default(),
            coverage.eligibility.label()
        ));
    }
    for task in snapshot
        .tasks
        .iter()
        .filter(|task| task.state == crate::domain::case::TaskState::Open)
    {
        lines.push(format!("task {}: {}", task.id, task.title));
    }
    for message in &snapshot.messages {
        lines.push(format!(
            "message {}: {} to the {} by {}, {}",
            message.id,
            message.kind.code(),
            message.kind.party().label(),
            message.channel.code(),
            message.state.code()
        ));
    }
    let tried = effort::of(snapshot, zone);
    if !tried.is_empty() {
        let lacks = tried.lacks(&policy.outreach.effort);
        let rest = if lacks.is_empty() {
            "enough to end it as unreachable".to_owned()
        } else {
            format!("to end it as unreachable: {}", lacks.join(", and "))
        };
        lines.push(format!("effort: {}; {rest}", tried.words()));
    }
    lines.push("timeline".into());
    for entry in sheet.timeline.iter().filter(|entry| entry.fact != Fact::Settled) {
        lines.push(format!(
            "  {:<14} {:<14} {} [{}]",
            at(entry.at),
            entry.actor,
            describe(&entry.fact, zone, now),
            entry.cause
        ));
    }
    lines
}
