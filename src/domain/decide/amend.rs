//! Corrections: what the referral says, what is known of the patient, coverage, authorisation.

use super::draft::Draft;
use super::{coverage, people, receive, ritual, tasks, triage};
use crate::domain::command::{NewCoverage, PatientChanges, PractitionerChanges, ReferralChanges};
use crate::domain::coverage::{Authorization, Coverage, Eligibility};
use crate::domain::event::Fact;
use crate::domain::id::{CoverageId, PractitionerId};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::{Day, day_in};

/// Corrects the referral.
///
/// # Errors
/// `bad-field`, `not-found`, `nothing-to-do`.
pub fn referral(draft: &mut Draft<'_>, changes: &ReferralChanges) -> Result<(), Refusal> {
    triage::open(draft)?;
    let mut next = draft.referral()?.clone();
    if let Some(which) = &changes.organization {
        next.requester_org = Some(people::organization(draft, which)?);
    }
    if let Some(who) = &changes.requester {
        next.requester = Some(people::practitioner(draft, who, next.requester_org)?);
    }
    if let Some(facility) = changes.facility {
        let known = draft
            .next
            .organization(Some(facility))
            .ok_or_else(|| Refusal::not_found(format!("facility {facility}")))?;
        next.facility = Some(known.id);
    }
    if let Some(service) = &changes.service {
        next.service = people::required_line("service", service)?;
    }
    if let Some(reason) = &changes.reason_text {
        next.reason_text = receive::reason_text(reason)?;
    }
    if let Some(codes) = &changes.reason_codes {
        next.reason_codes = codes
            .iter()
            .map(|code| people::icd10(code))
            .collect::<Result<_, _>>()?;
    }
    if let Some(codes) = &changes.procedure_codes {
        next.procedure_codes = receive::codes(codes)?;
    }
    if let Some(performer) = &changes.performer {
        next.performer = people::optional_line("performer", Some(performer))?;
    }
    let requester = next.requester;
    draft.put(next)?;
    if let Some(corrections) = &changes.practitioner {
        if changes.requester.is_some() {
            return Err(Refusal::bad_field(
                "practitioner",
                "somebody else is named as requester: correct the record of one of them at a time",
            ));
        }
        practitioner(draft, requester, corrections)?;
    }
    amended(draft, changes)
}

/// Corrects the record of the referring practitioner. What waits to leave follows it when it is claimed.
fn practitioner(
    draft: &mut Draft<'_>,
    id: Option<PractitionerId>,
    changes: &PractitionerChanges,
) -> Result<(), Refusal> {
    let before = draft
        .next
        .practitioner(id)
        .cloned()
        .ok_or_else(|| Refusal::not_found("referring practitioner on this referral"))?;
    let mut next = before.clone();
    if let Some(name) = &changes.name {
        next.name = people::name("requester.name", name)?;
    }
    if changes.npi.is_some() {
        next.npi = people::npi(changes.npi.as_deref())?;
    }
    if changes.phone.is_some() {
        next.phone = people::phone("requester.phone", changes.phone.as_deref())?;
    }
    if changes.fax.is_some() {
        next.fax = people::phone("requester.fax", changes.fax.as_deref())?;
    }
    if changes.email.is_some() {
        next.email = people::email("requester.email", changes.email.as_deref())?;
    }
    if next == before {
        return Ok(());
    }
    next.version += 1;
    draft.put(next)
}

/// Corrects the patient.
///
/// # Errors
/// `bad-field`, `nothing-to-do`.
pub fn patient(draft: &mut Draft<'_>, changes: &PatientChanges) -> Result<(), Refusal> {
    let id = draft.referral()?.patient;
    let mut next = draft
        .next
        .patient(id)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("patient {id}")))?;
    let today = day_in(draft.policy.clinic.zone, draft.now);
    if let Some(name) = &changes.name {
        next.name = people::name("patient.name", name)?;
    }
    if let Some(dob) = changes.dob {
        next.dob = Some(people::birth(dob, today)?);
    }
    if changes.phone.is_some() {
        next.phone = people::phone("patient.phone", changes.phone.as_deref())?;
    }
    if changes.email.is_some() {
        next.email = people::email("patient.email", changes.email.as_deref())?;
    }
    if changes.address.is_some() {
        next.address = people::optional_line("patient.address", changes.address.as_deref())?;
    }
    if changes.mrn.is_some() {
        next.mrn = people::optional_line("patient.mrn", changes.mrn.as_deref())?;
    }
    if changes.language.is_some() {
        next.language = people::language(changes.language.as_deref())?;
    }
    next.sex = changes.sex.unwrap_or(next.sex);
    next.preferred = changes.preferred.or(next.preferred);
    next.email_consent = changes.email_consent.unwrap_or(next.email_consent);
    next.sms_consent = changes.sms_consent.unwrap_or(next.sms_consent);
    if draft.next.patient(id) != Some(&next) {
        next.version += 1;
    }
    draft.put(next)?;
    amended(draft, changes)?;
    if changes.phone.is_some() {
        tasks::end_by_rule(draft, &[ritual::NUMBER], true)?;
    }
    Ok(())
}

/// Says which fields were named, never their values.
fn amended<T: serde::Serialize>(draft: &mut Draft<'_>, changes: &T) -> Result<(), Refusal> {
    if !draft.has_pending() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "it says so already",
            "nothing is needed",
        ));
    }
    let fields = crate::domain::record::Fields::of(changes)?
        .read()
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, _)| name)
        .collect();
    draft.record(Fact::Amended { fields });
    Ok(())
}

/// Adds a coverage, or corrects one; its check starts anew.
///
/// # Errors
/// `bad-field`, `not-found`, `impossible` for an ended referral.
pub fn coverage(draft: &mut Draft<'_>, id: Option<CoverageId>, values: &NewCoverage) -> Result<(), Refusal> {
    triage::open(draft)?;
    match id {
        None => {
            let rank = draft
                .next
                .coverages
                .iter()
                .map(|coverage| coverage.rank)
                .max()
                .unwrap_or(0)
                + 1;
            let referral = draft.id()?;
            receive::put_coverage(draft, referral, rank, values)?;
        }
        Some(id) => {
            let mut coverage = known(draft, id)?;
            coverage.payer = people::required_line("coverage.payer", &values.payer)?;
            coverage.member_id = people::optional_line("coverage.member_id", values.member_id.as_deref())?;
            coverage.group_no = people::optional_line("coverage.group_no", values.group_no.as_deref())?;
            coverage.subscriber = coverage::subscriber(draft, values.subscriber.as_ref())?;
            coverage.forget();
            draft.put(coverage)?;
        }
    }
    draft.record(Fact::CoverageChanged);
    Ok(())
}

fn known(draft: &Draft<'_>, id: CoverageId) -> Result<Coverage, Refusal> {
    draft
        .next
        .get::<Coverage>(id.0)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("coverage {id} on this referral")))
}

/// The result of an eligibility check.
///
/// # Errors
/// `not-found`, `impossible` for an ended referral.
pub fn eligibility(
    draft: &mut Draft<'_>,
    id: CoverageId,
    state: Eligibility,
    valid_until: Option<Day>,
    note: Option<&str>,
) -> Result<(), Refusal> {
    triage::open(draft)?;
    let mut coverage = known(draft, id)?;
    coverage.eligibility = state;
    coverage.checked_at = Some(draft.now);
    coverage.valid_until = valid_until;
    coverage.note = people::optional_line("note", note)?;
    draft.put(coverage)?;
    draft.record(Fact::CoverageChanged);
    tasks::end_by_rule(draft, &[&format!("{}{id}.", coverage::BY_HAND)], true)
}

/// The payer's authorisation.
///
/// # Errors
/// `bad-field`, `impossible` for an ended referral.
pub fn authorization(draft: &mut Draft<'_>, given: &Authorization) -> Result<(), Refusal> {
    triage::open(draft)?;
    let authorization = checked(given)?;
    draft.edit(|referral| referral.authorization = Some(authorization))?;
    if !draft.has_pending() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "the authorisation is there already",
            "nothing is needed",
        ));
    }
    draft.record(Fact::AuthorizationChanged);
    tasks::end_by_rule(draft, &[coverage::AUTHORIZE], true)
}

/// An authorisation as it may be kept.
pub(super) fn checked(given: &Authorization) -> Result<Authorization, Refusal> {
    let number = people::required_line("authorization.number", &text::line(&given.number))?;
    if let (Some(from), Some(to)) = (given.from, given.to)
        && to < from
    {
        return Err(Refusal::bad_field(
            "authorization.to",
            "lies before its first day",
        ));
    }
    Ok(Authorization {
        number,
        ..given.clone()
    })
}
