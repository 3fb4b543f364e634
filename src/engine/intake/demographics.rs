//! What another system says of a patient: that details have changed, or that two of its records are one.
//!
//! Owns the step from a reading to what is recorded: ADT^A08 and A31 (HL7 v2.5.1 §3.3.8, §3.3.31) and A40 (§3.3.40). What a
//! person has corrected here is never written over: a person compares. Whose it is must be certain; a patient who is not on
//! record is none of the desk's. Must not write.

use super::compose::{self, sure_text};
use crate::domain::command::{Command, PatientChanges};
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::matching::{Band, Comparison, Known, Level, Trait, compare};
use crate::domain::person::{HumanName, Patient, Sex};
use crate::domain::policy::Policy;
use crate::domain::time::{Stamp, parse_day, print_stamp};
use crate::intake::OTHER_AUTHORITY;
use crate::intake::document::{Field, ReadDocument, Value};
use crate::store::alike::{Alike, alike, members, only_same};
use crate::store::{Connection, StoreError, log, lookup, records};

/// What a message on a patient comes to.
pub(super) enum Says {
    /// Nothing that the desk needs; why.
    Nothing(String),
    /// This is recorded, and the message set aside.
    Recorded(Vec<Command>, String),
    /// The rest is recorded; in this a person's word stands against it, and the message is kept with the referral.
    Disputed(Vec<Command>, ReferralId),
    /// A person must look.
    Person(String),
}

/// What it comes to.
///
/// # Errors
/// The store's.
pub(super) fn says(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
) -> Result<Says, StoreError> {
    let known = described(policy, read);
    if known.name == HumanName::default() {
        return Ok(Says::Person(
            "details of a patient, but of whom could not be read".into(),
        ));
    }
    let found = alike(connection, &known)?;
    let same = only_same(&found);
    if let Some(prior) = sure_text(&policy.reading, read, Field::MergedMrn) {
        let who = Known {
            mrn: Some(prior.to_owned()),
            ..Known::default()
        };
        let mut bearers = alike(connection, &who)?;
        bearers.retain(bears);
        match bearers.as_slice() {
            [] => {}
            [_] if read.warnings.iter().any(|why| why == OTHER_AUTHORITY) => {
                return Ok(Says::Person(
                    "another system merged two records whose numbers are of different authorities: a person must say".into(),
                ));
            }
            [given_up] => return merged(connection, &given_up.patient, &found, &known),
            [_, _, ..] => {
                return Ok(Says::Person(
                    "another system merged a record whose number several patients bear here: a person must say".into(),
                ));
            }
        }
    }
    let Some(id) = same else {
        return Ok(match found.as_slice() {
            // Whose it is cannot be known without the day.
            [] if known.dob.is_none() => {
                Says::Person("details of a patient without a date of birth: a person must say whose".into())
            }
            [] => Says::Nothing("about a patient who is not on record here".into()),
            [Alike { patient, .. }, ..] => Says::Person(format!(
                "details of a patient who may be {}: a person must say",
                patient.id
            )),
        });
    };
    updated(connection, id, &known, read, policy)
}

fn described(policy: &Policy, read: &ReadDocument) -> Known {
    let text = |field| sure_text(&policy.reading, read, field).map(str::to_owned);
    Known {
        name: compose::patient_name(&policy.reading, read).unwrap_or_default(),
        dob: text(Field::Dob).and_then(|dob| parse_day(&dob).ok()),
        sex: compose::sex(sure_text(&policy.reading, read, Field::Sex)),
        phone: text(Field::PatientPhone),
        email: text(Field::PatientEmail),
        address: text(Field::PatientAddress),
        mrn: read
            .fields
            .get(&Field::Mrn)
            .and_then(|found| match &found.first()?.value {
                Value::Text(number) => Some(number.clone()),
                Value::Name { .. } => None,
            }),
        members: Vec::new(),
    }
}

/// Whether somebody bears the number that was looked for.
fn bears(one: &Alike) -> bool {
    one.comparison.level(Trait::Record) == Level::Same
}

/// Whether two descriptions, without their numbers, are so surely of one person that nobody has to be asked. The other system
/// vouches for the numbers, not for whom they were given to: twins share all but the given name.
fn is_sure(found: &Comparison) -> bool {
    let at = |which| found.level(which);
    let told = [
        Trait::Family,
        Trait::Given,
        Trait::Birth,
        Trait::Sex,
        Trait::Suffix,
    ];
    let contradicted = told.into_iter().any(|which| at(which) == Level::Differs);
    let named = at(Trait::Given) >= Level::Variant && at(Trait::Birth) == Level::Same;
    found.band == Band::Same || named && !contradicted
}

/// Two records of the other system are one. Here they are merged where both are on record and surely one person; where only the
/// one that was given up is, it bears the other number from now on, if nobody else does.
fn merged(
    connection: &Connection,
    given_up: &Patient,
    found: &[Alike],
    known: &Known,
) -> Result<Says, StoreError> {
    let Some(referral) = latest(connection, given_up.id)? else {
        return Ok(Says::Nothing("about a patient who has no referral here".into()));
    };
    let into = only_same(found).filter(|into| *into != given_up.id);
    let another = |one: &&Alike| one.patient.id != given_up.id && Some(one.patient.id) != into && bears(one);
    if let Some(other) = found.iter().find(another) {
        return Ok(Says::Person(format!(
            "another system merged {} into a record whose number {} bears here: a person must say",
            given_up.id, other.patient.id
        )));
    }
    let Some(into) = into else {
        let number = known.mrn.clone().filter(|mrn| Some(mrn) != given_up.mrn.as_ref());
        let fits = compare(
            known,
            &Known {
                mrn: None,
                ..Known::of(given_up, Vec::new())
            },
        );
        return Ok(match number {
            Some(mrn) if is_sure(&fits) => {
                let changes = PatientChanges {
                    mrn: Some(mrn),
                    ..PatientChanges::default()
                };
                Says::Recorded(
                    vec![amend(referral, changes)],
                    "another system merged the record: its number is the new one".into(),
                )
            }
            Some(_) => Says::Person(format!(
                "another system merged the record of {} into one that may be somebody else's: a person must say",
                given_up.id
            )),
            None => Says::Nothing("says nothing new of the patient".into()),
        });
    };
    let snapshot = records::of_referral(connection, referral)?;
    let own = snapshot.patient(given_up.id).cloned();
    let other = match latest(connection, into)? {
        Some(other) => records::of_referral(connection, other)?.patient(into).cloned(),
        None => None,
    };
    let (Some(own), Some(other)) = (own, other) else {
        return Ok(Says::Person(
            "another system merged two patients of whom one has no referral here".into(),
        ));
    };
    // The numbers are what the merging is about: that they differ is no argument.
    let bare = |patient: &Patient| -> Result<Known, StoreError> {
        let members = members(connection, patient.id)?;
        Ok(Known {
            mrn: None,
            ..Known::of(patient, members)
        })
    };
    if !is_sure(&compare(&bare(&own)?, &bare(&other)?)) {
        return Ok(Says::Person(format!(
            "another system merged {} into {}, who do not surely agree here: a person must say",
            own.id, other.id
        )));
    }
    let reason = "another system merged the two records".to_owned();
    let merge = Command::MergePatient {
        referral,
        into,
        reason: reason.clone(),
    };
    Ok(Says::Recorded(vec![merge], reason))
}

/// What the ids of actions that note such a message begin with; the time at which it was so follows.
fn marks(patient: PatientId) -> String {
    format!("adt/{patient}/")
}

/// When what the message says was so; none where it says no moment.
fn since(policy: &Policy, read: &ReadDocument) -> Option<Stamp> {
    let raw = sure_text(&policy.reading, read, Field::ApptAsOf)?;
    crate::domain::time::parse_moment(raw, policy.clinic.zone)
}

/// The id of the action that notes what was heard of whom, and when it was so: what is older and comes later is set aside.
///
/// # Errors
/// The store's.
pub(super) fn heard(
    connection: &Connection,
    policy: &Policy,
    read: &ReadDocument,
    hash: &str,
) -> Result<Option<String>, StoreError> {
    let merges = sure_text(&policy.reading, read, Field::MergedMrn).is_some();
    let Some(at) = since(policy, read).filter(|_| !merges) else {
        return Ok(None);
    };
    let whose = only_same(&alike(connection, &described(policy, read))?);
    Ok(whose.map(|id| format!("{}{}/{hash}", marks(id), print_stamp(at))))
}

fn amend(referral: ReferralId, changes: PatientChanges) -> Command {
    Command::AmendPatient {
        referral,
        changes: Box::new(changes),
    }
}

/// The referral through which a patient is changed: an open one, else the last.
fn latest(connection: &Connection, patient: PatientId) -> Result<Option<ReferralId>, StoreError> {
    if let Some(open) = lookup::open_of_patient(connection, patient)?.pop() {
        return Ok(Some(open));
    }
    Ok(lookup::all_of_patient(connection, patient)?.pop())
}

/// Details as the other system has them now.
fn updated(
    connection: &Connection,
    id: PatientId,
    known: &Known,
    read: &ReadDocument,
    policy: &Policy,
) -> Result<Says, StoreError> {
    let Some(referral) = latest(connection, id)? else {
        return Ok(Says::Nothing("about a patient who has no referral here".into()));
    };
    if let (Some(at), Some(last)) = (since(policy, read), log::last_of(connection, &marks(id))?)
        && last > format!("{}{}/~", marks(id), print_stamp(at))
    {
        return Ok(Says::Nothing("older than what is known of the patient".into()));
    }
    let snapshot = records::of_referral(connection, referral)?;
    let Some(own) = snapshot.patient(id) else {
        return Ok(Says::Nothing("about a patient who is not on record here".into()));
    };
    let corrected = log::corrected(connection, id)?;
    let agrees = compare(known, &Known::of(own, Vec::new()));
    let mut changes = PatientChanges::default();
    let (mut new, mut disputed) = (Vec::new(), Vec::new());
    let mut take = |what: &'static str, label: &str, differs: bool, theirs: Option<&String>| {
        let theirs = theirs.filter(|_| differs)?;
        if corrected.contains(what) {
            disputed.push(format!("{label}: {theirs}"));
            return None;
        }
        new.push(label.to_owned());
        Some(theirs.clone())
    };
    let differs = |which| agrees.level(which) < Level::Same;
    changes.phone = take("phone", "telephone", differs(Trait::Phone), known.phone.as_ref());
    changes.email = take("email", "e-mail", differs(Trait::Email), known.email.as_ref());
    changes.address = take(
        "address",
        "address",
        differs(Trait::Address),
        known.address.as_ref(),
    );
    let language = sure_text(&policy.reading, read, Field::PatientLanguage).map(str::to_owned);
    let other = language
        .as_ref()
        .is_some_and(|language| *language != own.language);
    changes.language = take("language", "language", other, language.as_ref());
    let spoken = known.name.filed();
    let renamed = differs(Trait::Family) || differs(Trait::Given);
    if take("name", "name", renamed, Some(&spoken)).is_some() {
        // A message states no suffix: Jr stays Jr.
        changes.name = Some(HumanName {
            suffix: own.name.suffix.clone(),
            ..known.name.clone()
        });
    }
    if own.sex == Sex::Unknown && known.sex != Sex::Unknown {
        new.push("sex".into());
        changes.sex = Some(known.sex);
    }
    if own.dob.is_none() && known.dob.is_some() {
        new.push("date of birth".into());
        changes.dob = known.dob;
    }
    let mut commands = Vec::new();
    if !new.is_empty() {
        commands.push(amend(referral, changes));
    }
    if disputed.is_empty() {
        return Ok(if new.is_empty() {
            Says::Nothing("says nothing new of the patient".into())
        } else {
            Says::Recorded(commands, format!("recorded with {referral}: {}", new.join(", ")))
        });
    }
    commands.push(Command::AddNote {
        referral,
        text: format!(
            "Another system says otherwise of what was corrected here. {}",
            disputed.join("; ")
        ),
    });
    Ok(Says::Disputed(commands, referral))
}
