//! The patient's details, corrected or entered.

use super::{about, alone, day, id_of};
use crate::domain::command::{Command, NewPatient, PatientChanges};
use crate::domain::person::{Channel, Consent, HumanName, Patient, Sex};
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Choice, Composed, Form, Input, Quick, Wrong, choice, one, text_with};
use crate::tui::model::Model;

const SEXES: [(Sex, &str); 4] = [
    (Sex::Female, "female"),
    (Sex::Male, "male"),
    (Sex::Other, "other"),
    (Sex::Unknown, "not known"),
];
const CHANNELS: [(Option<Channel>, &str); 6] = [
    (None, "none said"),
    (Some(Channel::Sms), "text message"),
    (Some(Channel::Email), "e-mail"),
    (Some(Channel::Letter), "letter"),
    (Some(Channel::Phone), "phone call"),
    (Some(Channel::Fax), "fax"),
];
const CONSENTS: [(Consent, &str); 3] = [
    (Consent::Unknown, "never asked"),
    (Consent::Given, "agreed"),
    (Consent::Refused, "opted out"),
];

fn pick<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> Input {
    let choices: Vec<Choice> = table.iter().map(|(_, label)| choice(*label, *label)).collect();
    one(
        choices,
        table.iter().position(|(each, _)| *each == value),
        Quick::Advance,
    )
}

fn picked<T: Copy>(table: &[(T, &'static str)], form: &Form, field: &str) -> Option<T> {
    let label = form.value(field);
    table
        .iter()
        .find(|(_, each)| *each == label)
        .map(|(value, _)| *value)
}

/// The fields of a patient, filled in with what is known.
fn fields(form: Form, known: &NewPatient) -> Form {
    let text = |value: &Option<String>| text_with(value.clone().unwrap_or_default());
    form.field("family", "family name", text_with(&known.name.family))
        .required()
        .field("given", "given names", text_with(&known.name.given))
        .field(
            "dob",
            "date of birth",
            text_with(known.dob.map(|day| day.to_string()).unwrap_or_default()),
        )
        .hint("like 1968-04-02")
        .field("sex", "sex", pick(&SEXES, known.sex))
        .field("phone", "phone", text(&known.phone))
        .field("email", "e-mail", text(&known.email))
        .field("address", "address", text(&known.address))
        .field("mrn", "record number", text(&known.mrn))
        .field("language", "language", text(&known.language))
        .hint("en, es, …")
        .field("preferred", "prefers", pick(&CHANNELS, known.preferred))
        .field("sms", "text messages", pick(&CONSENTS, known.sms_consent))
        .field("mail", "e-mails", pick(&CONSENTS, known.email_consent))
}

/// The patient that a form holds.
fn read(form: &Form) -> Result<NewPatient, Wrong> {
    Ok(NewPatient {
        name: HumanName {
            family: form.value("family").trim().to_owned(),
            given: form.value("given").trim().to_owned(),
            suffix: String::new(),
        },
        dob: day(form, "dob")?,
        sex: picked(&SEXES, form, "sex").unwrap_or_default(),
        phone: form.filled("phone"),
        email: form.filled("email"),
        address: form.filled("address"),
        mrn: form.filled("mrn"),
        language: form.filled("language"),
        preferred: picked(&CHANNELS, form, "preferred").flatten(),
        email_consent: picked(&CONSENTS, form, "mail").unwrap_or_default(),
        sms_consent: picked(&CONSENTS, form, "sms").unwrap_or_default(),
    })
}

/// A new patient, of a referral being made.
pub fn new_patient(known: &NewPatient) -> Form {
    let form = Form::new(Action::New, "New patient", |form, _, _| {
        Ok(Composed::Patient(read(form)?))
    });
    fields(form, known)
}

fn known(patient: &Patient) -> NewPatient {
    NewPatient {
        name: patient.name.clone(),
        dob: patient.dob,
        sex: patient.sex,
        phone: patient.phone.clone(),
        email: patient.email.clone(),
        address: patient.address.clone(),
        mrn: patient.mrn.clone(),
        language: Some(patient.language.clone()),
        preferred: patient.preferred,
        email_consent: patient.email_consent,
        sms_consent: patient.sms_consent,
    }
}

fn patient_of<'a>(model: &'a Model, targets: &[QueueRow]) -> Option<&'a Patient> {
    let snapshot = &model.sheet_of(targets)?.snapshot;
    snapshot.patient(snapshot.referral()?.patient)
}

/// Correct the patient's details: only what differs is sent.
pub fn edit_patient(model: &Model, targets: &[QueueRow]) -> Form {
    let form = Form::new(
        Action::EditPatient,
        format!("Patient · {}", about(targets)),
        |form, model, row| {
            let Some(old) = patient_of(model, alone(row)).map(known) else {
                return Err(Wrong::new("family", "the referral was not read yet; try again"));
            };
            let mut new = read(form)?;
            // The form has no field for a suffix: it stays.
            new.name.suffix.clone_from(&old.name.suffix);
            if new.dob.is_none() && old.dob.is_some() {
                return Err(Wrong::new("dob", "a date of birth is corrected, not taken away"));
            }
            let text = |new: &Option<String>, old: &Option<String>| {
                (new != old).then(|| new.clone().unwrap_or_default())
            };
            let changes = PatientChanges {
                name: (new.name != old.name).then_some(new.name),
                dob: new.dob.filter(|_| new.dob != old.dob),
                sex: (new.sex != old.sex).then_some(new.sex),
                phone: text(&new.phone, &old.phone),
                email: text(&new.email, &old.email),
                address: text(&new.address, &old.address),
                mrn: text(&new.mrn, &old.mrn),
                language: text(&new.language, &old.language),
                preferred: new.preferred.filter(|_| new.preferred != old.preferred),
                email_consent: (new.email_consent != old.email_consent).then_some(new.email_consent),
                sms_consent: (new.sms_consent != old.sms_consent).then_some(new.sms_consent),
            };
            if changes == PatientChanges::default() {
                return Err(Wrong::new("family", "nothing was changed"));
            }
            Ok(Composed::Commands(vec![Command::AmendPatient {
                referral: id_of(row)?,
                changes: Box::new(changes),
            }]))
        },
    );
    fields(form, &patient_of(model, targets).map(known).unwrap_or_default())
}
