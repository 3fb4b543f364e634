//! Whose report it is.
//!
//! Owns the matching of a report on a visit: by the number of ours that it names, by the appointment's number, by the number under which its
//! sender knows the request, else by the patient's only referral, or the only one that waits for its report. Whoever is named must be
//! whose referral it is; what is not certain is for a person. Must not write.

use super::compose;
use super::visit::{first_name, named};
use crate::domain::event::Fact;
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::matching::Known;
use crate::domain::person::{HumanName, Patient};
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::text::fold;
use crate::domain::time::{Day, parse_day};
use crate::intake::document::{Field, ReadDocument, Value};
use crate::store::{Connection, StoreError, alike, content, log, lookup, records};

/// Whose it is, or why a person must say.
pub(super) type Whose = Result<ReferralId, String>;

/// Who a report is about, as far as that was read with certainty.
pub(super) struct About {
    pub name: HumanName,
    pub dob: Option<Day>,
}

impl About {
    /// None where the name is not sure.
    pub fn of(policy: &Policy, read: &ReadDocument) -> Option<About> {
        compose::patient_name(&policy.reading, read).map(|name| About {
            name,
            dob: compose::sure_text(&policy.reading, read, Field::Dob).and_then(|dob| parse_day(dob).ok()),
        })
    }
}

/// Decides it.
///
/// # Errors
/// The store's.
pub(super) fn whose(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Whose, StoreError> {
    let Some(about) = About::of(policy, read) else {
        return Ok(Err("a report, but whose could not be read".into()));
    };
    match named(&read.fields).as_slice() {
        [] => {}
        &[named] => {
            // What was merged since goes on elsewhere.
            let id = lookup::survivor(connection, named)?;
            return Ok(
                if is_hers(&about, &records::of_referral(connection, id)?, false) {
                    Ok(id)
                } else {
                    Err(format!("it names {id}, but another patient: a person must say"))
                },
            );
        }
        [_, _, ..] => return Ok(Err("it names several referrals: a person must say".into())),
    }
    for visit in texts(read, Field::ApptId) {
        let known = lookup::referral_of_appointment(connection, &format!("hl7/{visit}"))?;
        let known = known.map(|id| lookup::survivor(connection, id)).transpose()?;
        if let Some(id) = known
            && is_hers(&about, &records::of_referral(connection, id)?, false)
        {
            return Ok(Ok(id));
        }
    }
    let Some(patient) = patient(connection, read, &about)? else {
        return Ok(Err("a report on a patient who has no referral here".into()));
    };
    let open = open(connection, patient, &about)?;
    if open.is_empty() {
        return Ok(Err("a report on a patient who has no open referral".into()));
    }
    for (id, snapshot) in &open {
        if knows(connection, snapshot, read)? {
            return Ok(Ok(*id));
        }
    }
    let waits = |snapshot: &Snapshot| {
        let completed = snapshot
            .referral()
            .is_some_and(|referral| referral.status == Status::Completed);
        completed && snapshot.report().is_none()
    };
    let only = |fit: &[&(ReferralId, Snapshot)]| match fit {
        [(id, _)] => Some(*id),
        _ => None,
    };
    let all: Vec<_> = open.iter().collect();
    let due: Vec<_> = open.iter().filter(|(_, snapshot)| waits(snapshot)).collect();
    let template = compose::sure_text(&policy.reading, read, Field::SpecialtyRequested)
        .and_then(|specialty| policy.template_for(specialty));
    let alike = |snapshot: &Snapshot| {
        template.is_some_and(|template| {
            snapshot
                .referral()
                .is_some_and(|referral| referral.template == template.key)
        })
    };
    let same: Vec<_> = due
        .iter()
        .copied()
        .filter(|(_, snapshot)| alike(snapshot))
        .collect();
    Ok(only(&all)
        .or_else(|| only(&due))
        .or_else(|| only(&same))
        .ok_or_else(|| {
            "the patient has several referrals that the report may belong to: a person must say".to_owned()
        }))
}

fn texts(read: &ReadDocument, field: Field) -> impl Iterator<Item = &str> {
    read.fields
        .get(&field)
        .into_iter()
        .flatten()
        .filter_map(|found| match &found.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Name { .. } => None,
        })
}

/// The patient on record: by name and date of birth, or by a record number under which the name is the same.
pub(super) fn patient(
    connection: &Connection,
    read: &ReadDocument,
    about: &About,
) -> Result<Option<crate::domain::id::PatientId>, StoreError> {
    let mut known = Known {
        name: about.name.clone(),
        dob: about.dob,
        ..Known::default()
    };
    if let Some(found) = alike::same(connection, &known)? {
        return Ok(Some(found));
    }
    for mrn in texts(read, Field::Mrn) {
        known.mrn = Some(mrn.to_owned());
        if let Some(found) = alike::same(connection, &known)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The patient's open referrals that are surely of the one who is named.
pub(super) fn open(
    connection: &Connection,
    patient: PatientId,
    about: &About,
) -> Result<Vec<(ReferralId, Snapshot)>, StoreError> {
    let mut open = Vec::new();
    for id in lookup::open_of_patient(connection, patient)? {
        let snapshot = records::of_referral(connection, id)?;
        if is_hers(about, &snapshot, true) {
            open.push((id, snapshot));
        }
    }
    Ok(open)
}

/// Whether a referral is of the patient who is named. A date of birth never contradicts; the family name is the same, and the first
/// given name where nothing else says so.
pub(super) fn is_hers(about: &About, snapshot: &Snapshot, strictly: bool) -> bool {
    let patient = |snapshot: &Snapshot| -> Option<Patient> {
        let referral = snapshot.referral()?;
        snapshot.patient(referral.patient).cloned()
    };
    let Some(patient) = patient(snapshot) else {
        return false;
    };
    let born = about.dob.is_none() || patient.dob.is_none() || about.dob == patient.dob;
    let family = fold(&about.name.family) == fold(&patient.name.family);
    let given = first_name(&about.name.given) == first_name(&patient.name.given);
    born && family && (given || !strictly)
}

/// Whether a referral came under a number that the report gives back, the sender's own of its request: the document that it came with
/// carries it, or it was brought over under it.
pub(super) fn knows(
    connection: &Connection,
    snapshot: &Snapshot,
    read: &ReadDocument,
) -> Result<bool, StoreError> {
    let Some(referral) = snapshot.referral() else {
        return Ok(false);
    };
    let Some(source) = referral.source_document else {
        let entries = log::timeline(connection, referral.id, usize::MAX)?;
        let number = entries.iter().find_map(|entry| {
            if let Fact::Imported { external, .. } = &entry.fact {
                Some(external.as_str())
            } else {
                None
            }
        });
        return Ok(number.is_some_and(|number| texts(read, Field::ReferralId).any(|each| each == number)));
    };
    let Some(document) = snapshot.get::<crate::domain::case::Document>(source.0) else {
        return Ok(false);
    };
    let kept = content::reading(connection, &document.hash)?;
    let kept = kept.and_then(|text| serde_json::from_str::<ReadDocument>(&text).ok());
    Ok(kept.is_some_and(|kept| {
        let given = |number: &str| texts(read, Field::ReferralId).any(|each| each == number);
        texts(&kept, Field::ReferralId).any(given)
    }))
}
