//! A chart that this program printed goes on here as it was.
//!
//! Owns the renumbering, what becomes of messages that had not left there, and how its history is told. What this clinic's
//! templates and rules say of it is worked out anew. Must not match people: whoever is on record is named already.

use super::super::draft::Draft;
use super::super::{merge, receive, settle};
use super::{not_for, past, quiet};
use crate::domain::chart::Chart;
use crate::domain::command::{Known, TakeOver};
use crate::domain::event::Fact;
use crate::domain::id::return_code;
use crate::domain::message::{Message, MessageState};
use crate::domain::record::Entity;
use crate::domain::refusal::{Code, Refusal};

/// Takes it over.
///
/// # Errors
/// `not-allowed` but for a manager; `bad-field` where this clinic has no template of its kind.
pub fn take_over(draft: &mut Draft<'_>, over: &TakeOver) -> Result<(), Refusal> {
    not_for(draft)?;
    let external = over.chart.referral.id.to_string();
    let template = over.chart.referral.template.as_str();
    if draft.policy.template(template).is_none() {
        return Err(Refusal::new(
            Code::BadField,
            format!(
                "template: there is no `{}` here",
                crate::domain::text::line(template)
            ),
            "add the template, or offer the specialty, and bring it over again",
        ));
    }
    consistent(&over.chart)?;
    let history = over.chart.history.clone();
    let chart = numbered(draft, &over.chart, &over.known);
    let status = chart.referral.status;
    put(draft, chart, &over.known)?;
    if status.is_open() {
        merge::ask(draft)?;
        receive::look_alikes(draft)?;
    }
    past::notes(draft, &[], &over.remarks)?;
    for past in history {
        // What was brought over more than once is told as it was told first.
        let told = matches!(past.fact, Fact::Before { .. });
        draft.record(if told {
            past.fact
        } else {
            Fact::Before {
                at: past.at,
                actor: crate::domain::text::line(&past.actor),
                cause: past.cause,
                what: Box::new(past.fact),
            }
        });
    }
    settle::settle(draft)?;
    quiet(draft)?;
    draft.record(Fact::Imported {
        system: "Refdesk".to_owned(),
        external,
        status,
    });
    Ok(())
}

/// A file may have been changed on its way: two records that pass for one are refused, and not kept as one of them.
fn consistent(chart: &Chart) -> Result<(), Refusal> {
    let twice = |mut keys: Vec<&str>| {
        keys.sort_unstable();
        keys.windows(2)
            .any(|pair| matches!(pair, [a, b] if a == b && !a.is_empty()))
    };
    let told = [
        (
            "timers",
            chart
                .timers
                .iter()
                .map(|each| each.key.as_str())
                .collect::<Vec<_>>(),
        ),
        (
            "messages",
            chart.messages.iter().map(|each| each.key.as_str()).collect(),
        ),
        (
            "milestones",
            chart.milestones.iter().map(|each| each.kind.code()).collect(),
        ),
        (
            "requests",
            chart.requests.iter().map(|each| each.code.as_str()).collect(),
        ),
    ];
    match told.into_iter().find(|(_, keys)| twice(keys.clone())) {
        Some((what, _)) => Err(Refusal::new(
            Code::BadField,
            format!("{what}: two of them have the same key, as no chart has that this program printed"),
            "print it again where it came from",
        )),
        None => Ok(()),
    }
}

/// The chart under numbers of this clinic.
fn numbered(draft: &mut Draft<'_>, chart: &Chart, known: &Known) -> Chart {
    let (own, replaced) = (chart.referral.id, chart.referral.replaces);
    let referral = draft.next.fresh.referral;
    chart.clone().renumbered(&mut |entity, old| match entity {
        Entity::Referral if old == own.0 => Some(referral),
        Entity::Referral if replaced.is_some_and(|id| id.0 == old) => known.replaces.map(|id| id.0),
        Entity::Patient => Some(known.patient.map_or_else(|| draft.fresh(), |id| id.0)),
        Entity::Practitioner => Some(known.requester.map_or_else(|| draft.fresh(), |id| id.0)),
        Entity::Organization => {
            let here = known.organizations.iter().find(|(theirs, _)| theirs.0 == old);
            Some(here.map_or_else(|| draft.fresh(), |(_, ours)| ours.0))
        }
        Entity::Referral
        | Entity::Coverage
        | Entity::Milestone
        | Entity::Task
        | Entity::Timer
        | Entity::InfoRequest
        | Entity::Note
        | Entity::Appointment
        | Entity::Message
        | Entity::Document => Some(draft.fresh()),
    })
}

/// Puts the records. Who is on record stays as they are here.
fn put(draft: &mut Draft<'_>, chart: Chart, known: &Known) -> Result<(), Refusal> {
    let Chart {
        mut referral,
        mut patient,
        requester,
        organizations,
        coverages,
        milestones,
        tasks,
        timers,
        requests,
        notes,
        appointments,
        messages,
        documents,
        history: _,
    } = chart;
    // With whom they were one there is not on record here.
    patient.merged_into = None;
    (referral.merged_into, referral.requisition) = (None, None);
    if known.patient.is_none() {
        draft.put(patient)?;
    }
    if let Some(requester) = requester.filter(|_| known.requester.is_none()) {
        draft.put(requester)?;
    }
    for organization in organizations {
        let here = known
            .organizations
            .iter()
            .any(|(_, ours)| *ours == organization.id);
        if !here {
            draft.put(organization)?;
        }
    }
    // Settling counts it up again.
    referral.version = (referral.version - 1).max(0);
    draft.put(referral)?;
    coverages.into_iter().try_for_each(|each| draft.put(each))?;
    milestones.into_iter().try_for_each(|each| draft.put(each))?;
    tasks.into_iter().try_for_each(|each| draft.put(each))?;
    notes.into_iter().try_for_each(|each| draft.put(each))?;
    appointments.into_iter().try_for_each(|each| draft.put(each))?;
    documents.into_iter().try_for_each(|each| draft.put(each))?;
    for (place, mut request) in (0u64..).zip(requests) {
        if request.code.is_empty() {
            request.code = return_code(draft.next.fresh.random.wrapping_add(place));
        }
        draft.put(request)?;
    }
    timers.into_iter().try_for_each(|each| draft.put(each))?;
    messages
        .into_iter()
        .try_for_each(|message| draft.put(kept_back(message)))
}

/// What had not left there does not leave here by itself: the other desk may still send it.
fn kept_back(mut message: Message) -> Message {
    match message.state {
        MessageState::Queued => {
            message.state = MessageState::Held;
            message.detail = Some("brought over before it had left: release it, or drop it".into());
        }
        MessageState::Sending => {
            message.state = MessageState::Uncertain;
            message.detail = Some("brought over while it was being sent".into());
        }
        MessageState::HandedOver
        | MessageState::Failed
        | MessageState::Uncertain
        | MessageState::Delivered
        | MessageState::Acknowledged
        | MessageState::Held
        | MessageState::Cancelled => {}
    }
    message.sender = None;
    message
}
