//! What a message states of a referral, as the referral that it is here.
//!
//! Owns the step from the neutral result of a format's reader to what `import` brings. Must not know a format.

use super::fields::{cased, template, when};
use super::{Reading, Why};
use crate::domain::command::{NewCoverage, NewOrganization, NewPatient, NewPractitioner, Receive, Ref};
use crate::domain::coverage::{Authorization, Relationship, Subscriber};
use crate::domain::person::Sex;
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::time::{Stamp, parse_day};
use crate::standards::{Stated, What};

/// The referral of a message.
///
/// # Errors
/// Where a person must say: nobody is named, or no specialty of the clinic's.
pub fn receive(stated: &Stated, received_at: Option<Stamp>, reading: &Reading) -> Result<Receive, Why> {
    let person = |why: &str| Err(Why::Person(why.to_owned()));
    let name_of = |what: What| {
        let named = stated.items.iter().filter(move |item| item.what == what);
        named.filter_map(|item| item.name.clone()).next().map(cased)
    };
    let Some(name) = name_of(What::PatientName) else {
        return person("a referral, but it names no patient");
    };
    let Some(key) = template(reading, words(stated)) else {
        return person("a referral, but for which specialty is not certain");
    };
    let text = |what: What| stated.first(what).map(str::to_owned);
    let patient = NewPatient {
        name,
        dob: stated
            .first(What::Dob)
            .and_then(|raw| parse_day(raw.get(..10)?).ok()),
        sex: sex(stated.first(What::Sex)),
        phone: text(What::PatientPhone),
        email: text(What::PatientEmail),
        address: text(What::PatientAddress),
        mrn: text(What::Mrn),
        language: text(What::PatientLanguage),
        ..NewPatient::default()
    };
    let reach = |what: What| stated.first(what).map(str::to_owned);
    let requester = name_of(What::ProviderName).map(|name| NewPractitioner {
        name,
        npi: reach(What::Npi).or_else(|| reach(What::DoubtfulNpi)),
        phone: reach(What::ProviderPhone),
        fax: reach(What::ProviderFax),
        email: reach(What::ProviderEmail),
    });
    let practice = stated.first(What::Organization).map(|name| NewOrganization {
        name: name.to_owned(),
        phone: reach(What::ProviderPhone),
        fax: reach(What::ProviderFax),
        email: reach(What::ProviderEmail),
        address: None,
    });
    let reason = stated
        .first(What::Reason)
        .or_else(|| stated.first(What::Narrative))
        .unwrap_or_default();
    Ok(Receive {
        source: Source::Import,
        received_at,
        document: None,
        template: key,
        service: text(What::Service),
        priority: stated.first(What::Urgency).and_then(Priority::from_code),
        patient: Ref::New(patient),
        requester: requester.map(Ref::New),
        organization: practice.map(Ref::New),
        facility: None,
        reason_text: reason.to_owned(),
        reason_codes: stated.all(What::Icd10).map(str::to_owned).collect(),
        procedure_codes: stated.all(What::Procedure).map(str::to_owned).collect(),
        coverages: coverages(stated),
        authorization: authorization(stated),
        provided: Vec::new(),
        remarks: stated.doubts.clone(),
        replaces: None,
    })
}

/// Words that may name the specialty, the surest first, each with whether it stands for nothing else.
fn words(stated: &Stated) -> impl Iterator<Item = (&str, bool)> {
    const MAY: [What; 5] = [
        What::Specialty,
        What::Service,
        What::ReferredTo,
        What::Reason,
        What::Narrative,
    ];
    MAY.into_iter()
        .flat_map(|what| stated.all(what).map(move |word| (word, what == What::Specialty)))
}

fn sex(letter: Option<&str>) -> Sex {
    match letter {
        Some("F") => Sex::Female,
        Some("M") => Sex::Male,
        Some("X") => Sex::Other,
        Some(_) | None => Sex::Unknown,
    }
}

/// Payers, each with the numbers that stand after it and before the next.
fn coverages(stated: &Stated) -> Vec<NewCoverage> {
    let mut all: Vec<NewCoverage> = Vec::new();
    let mut early = NewCoverage::default();
    for item in &stated.items {
        let text = || Some(item.text.clone());
        let current = all.last_mut().unwrap_or(&mut early);
        if item.what == What::Payer {
            all.push(NewCoverage {
                payer: item.text.clone(),
                ..std::mem::take(&mut early)
            });
        } else if item.what == What::MemberId && current.member_id.is_none() {
            current.member_id = text();
        } else if item.what == What::GroupNo && current.group_no.is_none() {
            current.group_no = text();
        } else if item.what == What::SubscriberName
            && let Some(name) = item.name.clone()
        {
            current.subscriber = Some(Subscriber {
                name: cased(name),
                dob: None,
                sex: Sex::Unknown,
                relationship: Relationship::Other,
            });
        } else if let Some(subscriber) = &mut current.subscriber {
            let said = Some(item.text.as_str());
            if item.what == What::SubscriberDob {
                subscriber.dob = said.and_then(|raw| parse_day(raw).ok());
            } else if item.what == What::SubscriberSex {
                subscriber.sex = sex(said);
            } else if item.what == What::Relationship {
                subscriber.relationship = said.and_then(Relationship::from_code).unwrap_or_default();
            }
        }
    }
    if early.member_id.is_some() || early.group_no.is_some() {
        all.push(early);
    }
    all
}

fn authorization(stated: &Stated) -> Option<Authorization> {
    let day = |what| stated.first(what).and_then(|raw| parse_day(raw).ok());
    Some(Authorization {
        number: stated.first(What::AuthNumber)?.to_owned(),
        visits: stated
            .first(What::AuthorizedVisits)
            .and_then(|raw| raw.parse().ok()),
        from: day(What::AuthorizedFrom),
        to: day(What::AuthorizedTo),
    })
}

/// The time of an item.
pub fn time_of(stated: &Stated, what: What, reading: &Reading) -> Option<Stamp> {
    when(stated.first(what)?, reading.policy.clinic.zone)
}
