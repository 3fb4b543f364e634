//! Triage: accept, decline, ask a clinician, ask the provider, and what the provider answers.

use super::draft::Draft;
use super::{outreach, people, ritual, step, tasks};
use crate::domain::case::InfoRequest;
use crate::domain::command::DeclineReason;
use crate::domain::event::Fact;
use crate::domain::id::{RequestId, return_code};
use crate::domain::message::MessageKind;
use crate::domain::policy::Role;
use crate::domain::referral::Owner;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::texts::{Facts, Placeholder};

/// The occasion of a milestone's messages: the how-manieth change of status it is.
pub(super) fn occasion(draft: &Draft<'_>) -> Result<String, Refusal> {
    Ok(format!("e{}", draft.referral()?.episode))
}

/// The clinic will see the patient.
///
/// # Errors
/// `impossible`.
pub fn accept(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    step::take(draft, Status::Accepted, None)?;
    tasks::end_by_rule(draft, &["ask-clinician/", "call-provider/"], true)?;
    let occasion = occasion(draft)?;
    outreach::queue(draft, MessageKind::AcceptedProvider, &occasion, Facts::new())?;
    outreach::queue(draft, MessageKind::BookingPrompt, &occasion, Facts::new())
}

/// The clinic will not see the patient; the referrer learns what would make it acceptable.
///
/// # Errors
/// `impossible`, or `not-allowed`.
pub fn decline(draft: &mut Draft<'_>, reason: DeclineReason, remedy: Option<&str>) -> Result<(), Refusal> {
    if !draft.policy.rights.decline.contains(&draft.actor.role) {
        return Err(not_allowed(draft.actor.role, "decline"));
    }
    if reason == DeclineReason::Unreachable {
        ritual::tried_enough(draft)?;
    }
    ritual::heard(draft, remedy.unwrap_or_default())?;
    let remedy = people::optional_line("remedy", remedy)?.unwrap_or_else(|| reason.remedy().to_owned());
    let kept = format!("{}. {remedy}", reason.label());
    step::take(draft, Status::Declined, Some(kept))?;
    ended(draft)?;
    let occasion = occasion(draft)?;
    let facts = Facts::from([
        (Placeholder::Reason, reason.label().to_owned()),
        (Placeholder::Remedy, remedy),
    ]);
    outreach::queue(draft, MessageKind::DeclinedProvider, &occasion, facts)?;
    outreach::queue(draft, MessageKind::DeclinedPatient, &occasion, Facts::new())
}

pub(super) fn not_allowed(role: Role, what: &str) -> Refusal {
    Refusal::new(
        Code::NotAllowed,
        format!("a {} may not {what}", role.code()),
        "ask somebody who may, or change the rights in the configuration",
    )
}

/// What is dropped when a referral ends: tasks that rules made and messages that would now be wrong.
pub(super) fn ended(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    tasks::end_by_rule(draft, &[""], false)?;
    outreach::drop_unsent(
        draft,
        &[
            MessageKind::InfoRequest,
            MessageKind::InfoReminder,
            MessageKind::BookingPrompt,
            MessageKind::BookingEmail,
            MessageKind::ContactRequest,
            MessageKind::AcceptedProvider,
            MessageKind::AppointmentReminder,
            MessageKind::ScheduledPatient,
            MessageKind::WaitlistedPatient,
            MessageKind::WaitlistedProvider,
            MessageKind::NoShowPatient,
            MessageKind::AppointmentCancelledPatient,
        ],
        "the referral ended before it left",
    )
}

/// A clinician is asked.
///
/// # Errors
/// `impossible`, or `bad-field` where no clinician is named.
pub fn send_to_review(draft: &mut Draft<'_>, clinician: &str, question: &str) -> Result<(), Refusal> {
    let clinician = people::required_line("clinician", clinician)?;
    let question = people::optional_line("question", Some(question))?;
    step::take(draft, Status::InReview, question.clone())?;
    let from = draft.referral()?.owner.clone();
    let to = Owner::Person(clinician);
    let owner = to.clone();
    draft.edit(|referral| referral.owner = owner)?;
    draft.record(Fact::Assigned { from, to: to.clone() });
    let title = question.map_or_else(
        || "Say whether to accept".to_owned(),
        |question| format!("Answer: {question}"),
    );
    let key = format!("ask-clinician/{}", occasion(draft)?);
    tasks::add(draft, &key, title, None, Some(to))
}

/// The provider is asked for what is missing.
///
/// # Errors
/// `impossible`, `nothing-to-do` where nothing is missing and nothing is named, `bad-field` for an item that the template
/// does not know.
pub fn request_info(draft: &mut Draft<'_>, items: &[String], message: Option<&str>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let items: Vec<String> = if items.is_empty() {
        referral.missing.clone()
    } else {
        items.to_vec()
    };
    if items.is_empty() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "nothing is missing",
            "name the items to ask for",
        ));
    }
    known_items(draft, &items)?;
    let message = people::optional_line("message", message)?;
    if referral.status == Status::NeedsInfo {
        // Asking again supersedes the open request: the referral stays where it is.
        answer_open_request(draft)?;
    } else {
        step::take(draft, Status::NeedsInfo, None)?;
    }
    let request = InfoRequest {
        id: RequestId(draft.fresh()),
        referral: draft.id()?,
        code: return_code(draft.next.fresh.random),
        items: items.clone(),
        sent_at: draft.now,
        answered_at: None,
    };
    let (occasion, code) = (request.id.to_string(), request.code.clone());
    draft.put(request)?;
    draft.record(Fact::InfoRequested {
        items: u32::try_from(items.len()).unwrap_or(u32::MAX),
        code: code.clone(),
    });
    let mut facts = info_facts(draft, &items, code);
    facts.extend(message.map(|message| (Placeholder::Note, message)));
    outreach::queue(draft, MessageKind::InfoRequest, &occasion, facts)
}

/// What a request and its reminder say.
pub(super) fn info_facts(draft: &Draft<'_>, items: &[String], code: String) -> Facts {
    let labels = draft.template().map(|template| {
        template
            .requirements
            .iter()
            .filter(|requirement| items.contains(&requirement.key))
            .map(|requirement| format!("- {}", requirement.label_in("en")))
            .collect::<Vec<_>>()
    });
    Facts::from([
        (Placeholder::Items, labels.unwrap_or_default().join("\n")),
        (Placeholder::Code, code),
    ])
}

fn known_items(draft: &Draft<'_>, items: &[String]) -> Result<(), Refusal> {
    let known: Vec<&str> = draft
        .template()
        .map(|template| {
            template
                .requirements
                .iter()
                .map(|each| each.key.as_str())
                .collect()
        })
        .unwrap_or_default();
    match items.iter().find(|item| !known.contains(&item.as_str())) {
        Some(_) => Err(Refusal::new(
            Code::BadField,
            "items: one is not a requirement of this template",
            format!("use: {}", known.join(", ")),
        )),
        None => Ok(()),
    }
}

fn answer_open_request(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = draft.now;
    if let Some(mut request) = draft.next.open_request().cloned() {
        request.answered_at = Some(now);
        draft.put(request)?;
    }
    outreach::drop_unsent(
        draft,
        &[MessageKind::InfoRequest, MessageKind::InfoReminder],
        "answered before it left",
    )
}

/// Items came. Where the provider had been asked, the answer brings the referral back with its original received time.
///
/// # Errors
/// `bad-field` for an unknown item, `impossible` for an ended referral.
pub fn provide(draft: &mut Draft<'_>, items: &[String]) -> Result<(), Refusal> {
    open(draft)?;
    known_items(draft, items)?;
    if items.is_empty() {
        return Err(Refusal::bad_field("items", "name at least one"));
    }
    draft.edit(|referral| {
        let fresh: Vec<String> = items
            .iter()
            .filter(|item| !referral.provided.contains(item))
            .cloned()
            .collect();
        referral.provided.extend(fresh);
    })?;
    if !draft.has_pending() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "these items are there already",
            "nothing is needed",
        ));
    }
    draft.record(Fact::ItemsProvided {
        items: items.to_vec(),
    });
    answered(draft)
}

/// An answer came from the provider: back to Received.
pub(super) fn answered(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.referral()?.status == Status::NeedsInfo {
        answer_open_request(draft)?;
        step::take(draft, Status::Received, None)?;
        tasks::end_by_rule(draft, &["call-provider/"], true)?;
    }
    Ok(())
}

/// Items are not needed.
///
/// # Errors
/// As [`provide`], and `reason-needed`.
pub fn waive(draft: &mut Draft<'_>, items: &[String], reason: &str) -> Result<(), Refusal> {
    open(draft)?;
    known_items(draft, items)?;
    let reason = step::reason(reason)?;
    draft.edit(|referral| {
        let fresh: Vec<String> = items
            .iter()
            .filter(|item| !referral.waived.contains(item))
            .cloned()
            .collect();
        referral.waived.extend(fresh);
    })?;
    if !draft.has_pending() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "these items are waived already",
            "nothing is needed",
        ));
    }
    draft.record(Fact::ItemsWaived {
        items: items.to_vec(),
        reason,
    });
    let still = draft
        .template()
        .map(|template| crate::domain::requirements::missing(&draft.next, template))
        .unwrap_or_default();
    if still.is_empty() { answered(draft) } else { Ok(()) }
}

/// Refuses what makes sense on open referrals only.
pub(super) fn open(draft: &Draft<'_>) -> Result<(), Refusal> {
    let status = draft.referral()?.status;
    if status.is_open() {
        return Ok(());
    }
    let fix = if status.may_return() {
        "reopen it first, with a reason"
    } else {
        "nothing can follow"
    };
    Err(Refusal::new(
        Code::Impossible,
        format!("the referral is {status}"),
        fix,
    ))
}
