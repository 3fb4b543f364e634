//! What was typed elsewhere and cannot be here: it is left blank, and a note keeps it as it was written.
//!
//! Owns which of a referral's parts may be missing without the referral being refused. Must not know the rules of a value:
//! `people` does.

use super::super::draft::Draft;
use super::super::{amend, coverage as rules, people, receive};
use crate::domain::command::{NewCoverage, NewOrganization, NewPatient, NewPractitioner, Receive, Ref};
use crate::domain::refusal::Refusal;
use crate::domain::template::Template;
use crate::domain::text;
use crate::domain::time::day_in;

type Checked = Result<Option<String>, Refusal>;

/// Leaves blank what cannot be; each in words.
pub fn clean(draft: &Draft<'_>, receive: &mut Receive, template: &Template) -> Vec<String> {
    let mut doubts = Vec::new();
    if let Ref::New(new) = &mut receive.patient {
        patient(draft, new, &mut doubts);
    }
    if let Some(Ref::New(new)) = &mut receive.requester {
        practitioner(new, &mut doubts);
        if people::name("requester.name", &new.name).is_err() {
            receive.requester = None;
        }
    }
    if let Some(Ref::New(new)) = &mut receive.organization {
        practice(new, &mut doubts);
        if people::required_line("organization.name", &new.name).is_err() {
            receive.organization = None;
        }
    }
    receive
        .coverages
        .retain_mut(|new| coverage(draft, new, &mut doubts));
    codes(receive, &mut doubts);
    let known = |item: &String| template.requirements.iter().any(|each| each.key == *item);
    receive.provided.retain(known);
    keep(&mut receive.service, &mut doubts, |raw| {
        people::optional_line("service", raw)
    });
    if let Err(refusal) = receive::reason_text(&receive.reason_text) {
        let whole = std::mem::take(&mut receive.reason_text);
        doubts.push(refusal.because);
        doubts.push(whole.clone());
        receive.reason_text = whole.chars().take(SHORT).collect();
    }
    if let Some(authorization) = &receive.authorization
        && let Err(refusal) = amend::checked(authorization)
    {
        doubts.push(said(&refusal, &authorization.number));
        receive.authorization = None;
    }
    doubts
}

/// So much of a reason that is too long stands in its place; a note has the whole.
const SHORT: usize = 1_000;

fn said(refusal: &Refusal, raw: &str) -> String {
    format!("{}: {}", refusal.because, text::line(raw))
}

fn keep(value: &mut Option<String>, doubts: &mut Vec<String>, check: impl Fn(Option<&str>) -> Checked) {
    if let Err(refusal) = check(value.as_deref()) {
        doubts.push(said(&refusal, value.as_deref().unwrap_or_default()));
        *value = None;
    }
}

fn patient(draft: &Draft<'_>, new: &mut NewPatient, doubts: &mut Vec<String>) {
    keep(&mut new.phone, doubts, |raw| people::phone("patient.phone", raw));
    keep(&mut new.email, doubts, |raw| people::email("patient.email", raw));
    keep(&mut new.address, doubts, |raw| {
        people::optional_line("patient.address", raw)
    });
    keep(&mut new.mrn, doubts, |raw| {
        people::optional_line("patient.mrn", raw)
    });
    keep(&mut new.language, doubts, |raw| people::language(raw).map(Some));
    let today = day_in(draft.policy.clinic.zone, draft.now);
    if let Some(dob) = new.dob
        && let Err(refusal) = people::birth(dob, today)
    {
        doubts.push(said(&refusal, &dob.to_string()));
        new.dob = None;
    }
}

fn practitioner(new: &mut NewPractitioner, doubts: &mut Vec<String>) {
    keep(&mut new.npi, doubts, people::npi);
    keep(&mut new.phone, doubts, |raw| {
        people::phone("requester.phone", raw)
    });
    keep(&mut new.fax, doubts, |raw| people::phone("requester.fax", raw));
    keep(&mut new.email, doubts, |raw| {
        people::email("requester.email", raw)
    });
}

fn practice(new: &mut NewOrganization, doubts: &mut Vec<String>) {
    keep(&mut new.phone, doubts, |raw| {
        people::phone("organization.phone", raw)
    });
    keep(&mut new.fax, doubts, |raw| people::phone("organization.fax", raw));
    keep(&mut new.email, doubts, |raw| {
        people::email("organization.email", raw)
    });
    keep(&mut new.address, doubts, |raw| {
        people::optional_line("organization.address", raw)
    });
}

/// False where it names no payer.
fn coverage(draft: &Draft<'_>, new: &mut NewCoverage, doubts: &mut Vec<String>) -> bool {
    keep(&mut new.member_id, doubts, |raw| {
        people::optional_line("coverage.member_id", raw)
    });
    keep(&mut new.group_no, doubts, |raw| {
        people::optional_line("coverage.group_no", raw)
    });
    if let Some(subscriber) = &mut new.subscriber {
        let today = day_in(draft.policy.clinic.zone, draft.now);
        if let Some(dob) = subscriber.dob
            && let Err(refusal) = people::birth(dob, today)
        {
            doubts.push(said(&refusal, &dob.to_string()));
            subscriber.dob = None;
        }
        if let Err(refusal) = rules::subscriber(draft, Some(subscriber)) {
            doubts.push(said(&refusal, &subscriber.name.filed()));
            new.subscriber = None;
        }
    }
    let named = people::required_line("coverage.payer", &new.payer).is_ok();
    if !named && let Some(member) = &new.member_id {
        doubts.push(format!("a member id without a payer: {}", text::line(member)));
    }
    named
}

fn codes(receive: &mut Receive, doubts: &mut Vec<String>) {
    let mut left = Vec::new();
    receive.reason_codes.retain(|code| match people::icd10(code) {
        Ok(_) => true,
        Err(refusal) => {
            left.push(said(&refusal, code));
            false
        }
    });
    receive
        .procedure_codes
        .retain(|code| match receive::codes(std::slice::from_ref(code)) {
            Ok(_) => true,
            Err(refusal) => {
                left.push(said(&refusal, code));
                false
            }
        });
    doubts.append(&mut left);
}
