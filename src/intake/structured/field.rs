//! Which field of the desk an item of a message is, and in which form.
//!
//! Must not know where on the page it stands.

use crate::domain::person::HumanName;
use crate::domain::text;
use crate::intake::document::{Field, Value};
use crate::intake::fields;
use crate::standards::{Item, What};

/// The field and its value; none for what is only shown.
pub(super) fn field(item: &Item) -> Option<(Field, Value)> {
    let text = || Value::Text(item.text.clone());
    let phone = || Value::Text(telephone(&item.text));
    let day = || Value::Text(item.text.get(..10).unwrap_or(&item.text).to_owned());
    Some(match item.what {
        What::PatientName => (Field::PatientName, person(item)?),
        What::Dob => (Field::Dob, day()),
        What::Sex => (Field::Sex, text()),
        What::PatientPhone => (Field::PatientPhone, phone()),
        What::PatientEmail => (Field::PatientEmail, text()),
        What::PatientAddress => (Field::PatientAddress, text()),
        What::PatientLanguage => (Field::PatientLanguage, text()),
        What::Mrn => (Field::Mrn, text()),
        What::MergedMrn => (Field::MergedMrn, text()),
        What::ProviderName => (
            Field::ReferringProviderName,
            Value::Text(signed(item.name.as_ref()?)),
        ),
        What::Npi | What::DoubtfulNpi => (Field::ReferringNpi, text()),
        What::ProviderId => (Field::ProviderId, text()),
        What::ProviderPhone => (Field::ReferringPhone, phone()),
        What::ProviderFax => (Field::ReferringFax, phone()),
        What::ProviderEmail => (Field::ReferringEmail, text()),
        What::Organization => (Field::ReferringOrg, text()),
        What::ReferredTo => (
            Field::ReferredTo,
            item.name
                .as_ref()
                .map_or_else(text, |name| Value::Text(signed(name))),
        ),
        What::Service => (Field::ServiceRequested, text()),
        What::Urgency => (Field::Urgency, text()),
        What::Reason => (Field::ReasonText, text()),
        What::Icd10 | What::Icd9 => (Field::Icd10, text()),
        What::Procedure => (Field::Cpt, text()),
        What::Payer => (Field::Payer, text()),
        What::Plan => (Field::Plan, text()),
        What::MemberId => (Field::MemberId, text()),
        What::GroupNo => (Field::GroupNo, text()),
        What::SubscriberName => (Field::SubscriberName, person(item)?),
        What::SubscriberDob => (Field::SubscriberDob, day()),
        What::SubscriberSex => (Field::SubscriberSex, text()),
        What::Relationship => (Field::Relationship, text()),
        What::DependentName => (Field::DependentName, person(item)?),
        What::DependentDob => (Field::DependentDob, day()),
        What::DependentSex => (Field::DependentSex, text()),
        What::AuthNumber => (Field::AuthNumber, text()),
        What::ReferralId => (Field::ReferralId, text()),
        What::AppointmentId => (Field::ApptId, text()),
        What::AppointmentStart => (Field::ApptStart, text()),
        What::AppointmentState => (Field::ApptState, text()),
        What::AppointmentMinutes => (Field::ApptMinutes, text()),
        What::AppointmentPlace => (Field::ApptPlace, text()),
        What::AsOf => (Field::ApptAsOf, text()),
        What::Sequence => (Field::ApptSequence, text()),
        What::EligibilityStatus => (Field::EligStatus, text()),
        What::Copay => (Field::Copay, text()),
        What::Rejection => (Field::AaaCode, text()),
        What::Trace => (Field::CheckTrace, text()),
        What::CoverageUntil => (Field::CoverageUntil, text()),
        What::Covered => (Field::Covered, text()),
        What::NotCovered => (Field::NotCovered, text()),
        What::Deductible => (Field::Deductible, text()),
        What::NeedsAuthorization => (Field::NeedsAuthorization, text()),
        What::ToCorrect => (Field::ToCorrect, text()),
        What::Certified => (Field::Certified, text()),
        What::AuthorizedFrom => (Field::AuthorizedFrom, text()),
        What::AuthorizedTo => (Field::AuthorizedTo, text()),
        What::AuthorizedVisits => (Field::AuthorizedVisits, text()),
        What::Specialty | What::Narrative => return None,
    })
}

fn person(item: &Item) -> Option<Value> {
    let name = item.name.as_ref()?;
    let (family, given) = (cased(&name.family), cased(&name.given));
    Some(Value::Name { family, given })
}

/// A name in capitals as people write it; others stay as they came.
fn cased(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    name.split(' ').map(fields::tidy).collect::<Vec<_>>().join(" ")
}

/// `Ann Lee, MD`: credentials after a comma, as a letter is signed.
fn signed(name: &HumanName) -> String {
    let spoken = text::squeeze(&format!("{} {}", cased(&name.given), cased(&name.family)));
    if name.suffix.is_empty() {
        spoken
    } else {
        format!("{spoken}, {}", name.suffix)
    }
}

/// Digits alone; the country code of North America is left out.
fn telephone(raw: &str) -> String {
    let digits = text::digits(raw);
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        Some(_) | None => digits,
    }
}
