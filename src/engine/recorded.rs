//! What a referral's records say to the fields that a document is read into.
//!
//! Owns the way from a field to its record. Must not know any reading.

use crate::domain::person::Sex;
use crate::domain::snapshot::Snapshot;
use crate::intake::document::Field;

/// What the records say to a field, as it is shown; none where they say nothing.
pub fn recorded(field: Field, snapshot: &Snapshot) -> Option<String> {
    let referral = snapshot.referral()?;
    let patient = snapshot.patient(referral.patient);
    let person = snapshot.practitioner(referral.requester);
    let practice = snapshot.organization(referral.requester_org);
    let coverage = snapshot.primary_coverage();
    let subscriber = coverage.and_then(|coverage| coverage.subscriber.as_ref());
    match field {
        Field::PatientName => patient.map(|patient| patient.name.filed()),
        Field::Dob => patient?.dob.map(|day| day.to_string()),
        Field::Sex => Some(patient?.sex)
            .filter(|sex| *sex != Sex::Unknown)
            .map(|sex| sex.letter().to_owned()),
        Field::PatientPhone => patient?.phone.clone(),
        Field::PatientEmail => patient?.email.clone(),
        Field::PatientAddress => patient?.address.clone(),
        Field::PatientLanguage => patient.map(|patient| patient.language.clone()),
        Field::SpecialtyRequested => Some(referral.specialty.clone()),
        Field::ServiceRequested => Some(referral.service.clone()),
        Field::Urgency => Some(referral.priority.code().to_owned()),
        Field::ReasonText => Some(referral.reason_text.clone()),
        Field::Icd10 => Some(referral.reason_codes.join(" ")),
        Field::Cpt => Some(referral.procedure_codes.join(" ")),
        Field::ReferringProviderName => person.map(|person| {
            let suffix = person.name.suffix.as_str();
            let name = [person.name.given.as_str(), person.name.family.as_str()].join(" ");
            if suffix.is_empty() {
                name.trim().to_owned()
            } else {
                format!("{}, {suffix}", name.trim())
            }
        }),
        Field::ReferringNpi => person?.npi.clone(),
        Field::ReferringPhone => person?.phone.clone(),
        Field::ReferringFax => person?.fax.clone(),
        Field::ReferringEmail => person?.email.clone(),
        Field::ReferringOrg => practice.map(|practice| practice.name.clone()),
        Field::Payer => coverage.map(|coverage| coverage.payer.clone()),
        Field::MemberId => coverage?.member_id.clone(),
        Field::GroupNo => coverage?.group_no.clone(),
        Field::SubscriberName => subscriber.map(|subscriber| subscriber.name.filed()),
        Field::SubscriberDob => subscriber?.dob.map(|day| day.to_string()),
        Field::SubscriberSex => subscriber
            .map(|subscriber| subscriber.sex.letter().to_owned())
            .filter(|letter| !letter.is_empty()),
        Field::Relationship => subscriber.map(|subscriber| subscriber.relationship.code().to_owned()),
        Field::AuthNumber => referral.authorization.as_ref().map(|given| given.number.clone()),
        Field::DependentName
        | Field::DependentDob
        | Field::DependentSex
        | Field::ReturnCode
        | Field::Mrn
        | Field::MergedMrn
        | Field::ProviderId
        | Field::ReferredTo
        | Field::Plan
        | Field::ReferralId
        | Field::ApptId
        | Field::ApptStart
        | Field::ApptStatus
        | Field::ApptState
        | Field::ApptMinutes
        | Field::ApptPlace
        | Field::ApptAsOf
        | Field::ApptSequence
        | Field::EligStatus
        | Field::Copay
        | Field::CheckTrace
        | Field::CoverageUntil
        | Field::Covered
        | Field::NotCovered
        | Field::Deductible
        | Field::NeedsAuthorization
        | Field::ToCorrect
        | Field::Certified
        | Field::AuthorizedFrom
        | Field::AuthorizedTo
        | Field::AuthorizedVisits
        | Field::AaaCode => None,
    }
}
