//! A referral being made, as it is kept.
//!
//! Owns the plain values of every step. Must not know how a step is drawn.

use crate::domain::command::{NewOrganization, NewPatient, NewPractitioner, Ref};
use crate::domain::id::{DocumentId, PatientId, PractitionerId};
use crate::domain::referral::Source;
use crate::tui::create::{Create, Seed, Step};
use crate::tui::form::{Fields, Form};
use crate::tui::settings::Settings;
use serde::{Deserialize, Serialize};

/// A referral being made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    step: Step,
    patient: Option<Ref<PatientId, NewPatient>>,
    patient_label: String,
    provider: Option<Ref<PractitionerId, NewPractitioner>>,
    provider_label: String,
    practice: Option<NewOrganization>,
    typed: String,
    form: Option<Fields>,
    details: Option<Fields>,
    document: Option<DocumentId>,
    source: Source,
    seed: Seed,
}

impl Making {
    /// What was filled in so far.
    pub fn of(create: &Create) -> Making {
        Making {
            step: create.step,
            patient: create.patient.clone(),
            patient_label: create.patient_label.clone(),
            provider: create.provider.clone(),
            provider_label: create.provider_label.clone(),
            practice: create.practice.clone(),
            typed: create.lookup.entry.text(),
            form: create.form.as_ref().map(Form::held),
            details: create.details.as_ref().map(Form::held),
            document: create.document,
            source: create.source,
            seed: create.seed.clone(),
        }
    }

    /// The guide where it was left; from the review, one step before it, so that look-alikes are looked for again.
    pub fn resume(self, settings: &Settings) -> Create {
        let mut create = Create::new();
        create.patient = self.patient;
        create.patient_label = self.patient_label;
        create.provider = self.provider;
        create.provider_label = self.provider_label;
        create.practice = self.practice;
        create.document = self.document;
        create.source = self.source;
        create.seed = self.seed;
        if let Some(details) = &self.details {
            create.go(Step::Details, settings);
            if let Some(mut form) = create.form.take() {
                form.put_back(details);
                create.details = Some(form);
            }
        }
        let step = if self.step == Step::Review {
            Step::Details
        } else {
            self.step
        };
        create.go(step, settings);
        create.lookup.entry.insert(&self.typed, false);
        if let (Some(form), Some(typed)) = (&mut create.form, &self.form) {
            form.put_back(typed);
        }
        create
    }
}
