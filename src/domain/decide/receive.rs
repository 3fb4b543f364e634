//! A referral comes in: its record and everything that its template makes with it, in one decision.

use super::draft::Draft;
use super::{amend, coverage, desk, documents, merge, outreach, people, tasks};
use crate::domain::command::{NewCoverage, Receive};
use crate::domain::coverage::{Coverage, Eligibility};
use crate::domain::event::Fact;
use crate::domain::id::{CoverageId, ReferralId};
use crate::domain::message::MessageKind;
use crate::domain::priority::Priority;
use crate::domain::referral::{Owner, Referral};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::Status;
use crate::domain::template::{TaskTemplate, Template};
use crate::domain::text;
use crate::domain::texts::Facts;
use crate::domain::time::{Span, Stamp};

/// Longest reason: what a letter's body holds.
const REASON_CHARS: usize = 8000;
/// A sender's clock may be ahead by this much; a received time further in the future is a slip.
const CLOCK_SKEW: Span = Span::minutes(10);

/// Makes the referral.
///
/// # Errors
/// `bad-field` or `not-found`; nothing is made then.
pub fn receive(draft: &mut Draft<'_>, receive: &Receive) -> Result<(), Refusal> {
    let template = template(draft, receive)?;
    let id = make(draft, receive, template)?;
    let received_at = draft.referral()?.received_at;
    draft.record(Fact::Received {
        source: receive.source,
        template: template.key.clone(),
    });
    if let Some(document) = &receive.document {
        let document = documents::file(draft, document, id)?;
        draft.edit(|referral| referral.source_document = Some(document))?;
    }
    for task in &template.tasks {
        make_task(draft, task, received_at)?;
    }
    remarks(draft, receive)?;
    merge::ask(draft)?;
    look_alikes(draft)?;
    outreach::queue(draft, MessageKind::AckProvider, "received", Facts::new())?;
    outreach::queue(draft, MessageKind::AckPatient, "received", Facts::new())
}

/// The template that it names.
///
/// # Errors
/// `bad-field` where there is none.
pub(super) fn template<'p>(draft: &Draft<'p>, receive: &Receive) -> Result<&'p Template, Refusal> {
    let policy = draft.policy;
    policy
        .template(&receive.template)
        .or_else(|| policy.template_for(&receive.template))
        .ok_or_else(|| unknown_template(draft))
}

/// Makes the record with the people, practices and coverages that it brings; says nothing of it yet.
///
/// # Errors
/// `bad-field` or `not-found`.
pub(super) fn make(
    draft: &mut Draft<'_>,
    receive: &Receive,
    template: &Template,
) -> Result<ReferralId, Refusal> {
    let received_at = received_at(receive.received_at, draft.now)?;
    let patient = people::patient(draft, &receive.patient)?;
    let requester_org = receive
        .organization
        .as_ref()
        .map(|which| people::organization(draft, which))
        .transpose()?;
    let requester = receive
        .requester
        .as_ref()
        .map(|who| people::practitioner(draft, who, requester_org))
        .transpose()?;
    if let Some(facility) = receive.facility
        && draft.next.organization(Some(facility)).is_none()
    {
        return Err(Refusal::not_found(format!("facility {facility}")));
    }
    if receive
        .provided
        .iter()
        .any(|item| !template.requirements.iter().any(|each| each.key == *item))
    {
        return Err(Refusal::bad_field(
            "provided",
            "one is not a requirement of this template",
        ));
    }
    let id = ReferralId(draft.next.fresh.referral);
    let referral = Referral {
        id,
        version: 0,
        source: receive.source,
        source_document: None,
        received_at,
        patient,
        requester,
        requester_org,
        facility: receive.facility,
        template: template.key.clone(),
        specialty: template.specialty.clone(),
        service: service(receive.service.as_deref(), template)?,
        procedure_codes: codes(&receive.procedure_codes)?,
        reason_codes: receive
            .reason_codes
            .iter()
            .map(|code| people::icd10(code))
            .collect::<Result<_, _>>()?,
        reason_text: reason_text(&receive.reason_text)?,
        priority: receive.priority.unwrap_or(Priority::Routine),
        status: Status::Received,
        status_reason: None,
        status_since: received_at,
        episode: 0,
        status_before: None,
        owner: Owner::Queue("intake".into()),
        performer: None,
        authorization: receive.authorization.as_ref().map(amend::checked).transpose()?,
        holds: Vec::new(),
        provided: receive.provided.clone(),
        waived: Vec::new(),
        missing: Vec::new(),
        acknowledged_at: None,
        callback_at: None,
        attempts: 0,
        pauses: Vec::new(),
        list: None,
        next_action: None,
        due_at: None,
        ended_at: None,
        replaces: receive.replaces,
        merged_into: None,
        requisition: None,
    };
    draft.put(referral)?;
    for (rank, coverage) in receive.coverages.iter().enumerate() {
        put_coverage(draft, id, u32::try_from(rank + 1).unwrap_or(u32::MAX), coverage)?;
    }
    Ok(id)
}

fn unknown_template(draft: &Draft<'_>) -> Refusal {
    let known: Vec<&str> = draft.policy.templates.keys().map(String::as_str).collect();
    Refusal::new(
        Code::BadField,
        "template: there is no such template",
        format!("use one of: {}", known.join(", ")),
    )
}

fn received_at(given: Option<Stamp>, now: Stamp) -> Result<Stamp, Refusal> {
    match given {
        Some(at) if at > now + CLOCK_SKEW => Err(Refusal::bad_field("received_at", "lies in the future")),
        Some(at) => Ok(crate::domain::time::whole_seconds(at.min(now))),
        None => Ok(now),
    }
}

/// A referrer's own wording is kept where the template does not name the service.
fn service(given: Option<&str>, template: &Template) -> Result<String, Refusal> {
    let first = template
        .services
        .first()
        .cloned()
        .unwrap_or_else(|| template.specialty.clone());
    let Some(given) = people::optional_line("service", given)? else {
        return Ok(first);
    };
    let known = template
        .services
        .iter()
        .find(|service| text::fold(service) == text::fold(&given));
    Ok(known.cloned().unwrap_or(given))
}

/// Procedure codes by shape: CPT and HCPCS have five characters, digits and capitals.
pub(super) fn codes(raw: &[String]) -> Result<Vec<String>, Refusal> {
    raw.iter()
        .map(|code| {
            let code = code.trim().to_ascii_uppercase();
            let fits = code.len() == 5
                && code
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
            if fits {
                Ok(code)
            } else {
                Err(Refusal::bad_field(
                    "procedure_codes",
                    "not the shape of a CPT or HCPCS code",
                ))
            }
        })
        .collect()
}

pub(super) fn reason_text(raw: &str) -> Result<String, Refusal> {
    let reason = text::block(raw).trim().to_owned();
    if reason.chars().count() > REASON_CHARS {
        return Err(Refusal::bad_field(
            "reason_text",
            format!("longer than {REASON_CHARS} characters"),
        ));
    }
    Ok(reason)
}

/// Adds a coverage; its eligibility check is pending from that moment.
pub(super) fn put_coverage(
    draft: &mut Draft<'_>,
    referral: ReferralId,
    rank: u32,
    new: &NewCoverage,
) -> Result<(), Refusal> {
    let coverage = Coverage {
        id: CoverageId(draft.fresh()),
        referral,
        rank,
        payer: people::required_line("coverage.payer", &new.payer)?,
        member_id: people::optional_line("coverage.member_id", new.member_id.as_deref())?,
        group_no: people::optional_line("coverage.group_no", new.group_no.as_deref())?,
        eligibility: Eligibility::Pending,
        checked_at: None,
        valid_until: None,
        note: None,
        asked_at: None,
        trace: None,
        round: 0,
        subscriber: coverage::subscriber(draft, new.subscriber.as_ref())?,
    };
    draft.put(coverage)
}

pub(super) fn make_task(draft: &mut Draft<'_>, task: &TaskTemplate, from: Stamp) -> Result<(), Refusal> {
    let due = draft.policy.due_within(task.due, from);
    let key = format!("template/{}", task.key);
    tasks::add(draft, &key, task.title.clone(), Some(due), None)
}

fn remarks(draft: &mut Draft<'_>, receive: &Receive) -> Result<(), Refusal> {
    let text = receive
        .remarks
        .iter()
        .map(|remark| text::line(remark))
        .collect::<Vec<_>>()
        .join("\n");
    if text.is_empty() {
        return Ok(());
    }
    desk::note(draft, text)
}

/// Nothing is merged by itself: a person compares.
pub(super) fn look_alikes(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ids: Vec<ReferralId> = draft.next.look_alikes.iter().map(|other| other.id).collect();
    merge::ask_to_compare(draft, merge::LOOK_ALIKE, &ids)
}
