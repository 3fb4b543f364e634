//! A referral made by hand, or from a document: patient, provider, details, review.
//!
//! Owns the steps and what has been filled in so far. Must not know how people are found or the referral is made.

use super::action::Action;
use super::asks;
use super::form::{Composed, Form, Quick, choice, combo, one, text, text_with};
use super::lookup::{Lookup, Wanted};
use super::settings::Settings;
use crate::domain::command::{
    Command, NewCoverage, NewOrganization, NewPatient, NewPractitioner, Receive, Ref,
};
use crate::domain::coverage::Authorization;
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::snapshot::LookAlike;
use serde::{Deserialize, Serialize};

/// A step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Who is it about? Known, or new.
    #[default]
    Patient,
    /// A new patient.
    NewPatient,
    /// Who sent it? Known, or new.
    Provider,
    /// A new provider.
    NewProvider,
    /// Site, service, priority, reason, coverage.
    Details,
    /// Everything once more.
    Review,
}

/// The steps as the head of the screen counts them.
pub const STEPS: [(&str, [Step; 2]); 4] = [
    ("patient", [Step::Patient, Step::NewPatient]),
    ("provider", [Step::Provider, Step::NewProvider]),
    ("details", [Step::Details, Step::Details]),
    ("review", [Step::Review, Step::Review]),
];

/// What is known before anything is asked: from a document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seed {
    /// Patient.
    pub patient: NewPatient,
    /// Practitioner.
    pub practitioner: NewPractitioner,
    /// Practice.
    pub organization: NewOrganization,
    /// Specialty as written.
    pub specialty: String,
    /// Service as written.
    pub service: String,
    /// Priority.
    pub priority: Option<Priority>,
    /// Reason.
    pub reason: String,
    /// ICD-10-CM codes.
    pub reason_codes: Vec<String>,
    /// Procedure codes.
    pub procedure_codes: Vec<String>,
    /// Coverage.
    pub coverage: NewCoverage,
    /// Authorisation number.
    pub authorization: String,
}

/// A referral being made.
#[derive(Clone)]
pub struct Create {
    /// Where it stands.
    pub step: Step,
    /// Patient.
    pub patient: Option<Ref<PatientId, NewPatient>>,
    /// As shown.
    pub patient_label: String,
    /// Provider.
    pub provider: Option<Ref<PractitionerId, NewPractitioner>>,
    /// As shown.
    pub provider_label: String,
    /// Practice, where it is new.
    pub practice: Option<NewOrganization>,
    /// The find of the step.
    pub lookup: Lookup,
    /// The form of the step.
    pub form: Option<Form>,
    /// Details filled in.
    pub details: Option<Form>,
    /// The document that it is made from.
    pub document: Option<DocumentId>,
    /// How it came in.
    pub source: Source,
    /// What was known before.
    pub seed: Seed,
    /// The referral in whose place it is sent, where a person said so.
    pub replaces: Option<ReferralId>,
    /// Open referrals that look the same; none until they were looked for.
    pub look_alikes: Option<Vec<LookAlike>>,
    /// The number of the question for them that was asked last.
    pub alike_asked: u64,
}

impl Create {
    /// From nothing.
    pub fn new() -> Create {
        Create {
            step: Step::Patient,
            patient: None,
            patient_label: String::new(),
            provider: None,
            provider_label: String::new(),
            practice: None,
            lookup: Lookup::of(Wanted::Patients),
            form: None,
            details: None,
            document: None,
            source: Source::Phone,
            seed: Seed::default(),
            replaces: None,
            look_alikes: None,
            alike_asked: 0,
        }
    }

    /// Whether anything was filled in.
    pub fn is_begun(&self) -> bool {
        self.patient.is_some()
            || self.provider.is_some()
            || self.document.is_none() && !self.lookup.entry.is_blank()
    }

    /// Goes to a step.
    pub fn go(&mut self, step: Step, settings: &Settings) {
        self.step = step;
        self.form = match step {
            Step::Patient => {
                self.lookup = Lookup::of(Wanted::Patients);
                None
            }
            Step::Provider => {
                self.lookup = Lookup::of(Wanted::Practitioners);
                None
            }
            Step::NewPatient => {
                let mut known = match &self.patient {
                    Some(Ref::New(new)) => new.clone(),
                    Some(Ref::Known(_)) | None => self.seed.patient.clone(),
                };
                if known.name.family.is_empty() {
                    known.name = asks_name(&self.lookup.entry.text());
                }
                Some(asks::new_patient(&known))
            }
            Step::NewProvider => {
                let mut known = match &self.provider {
                    Some(Ref::New(new)) => new.clone(),
                    Some(Ref::Known(_)) | None => self.seed.practitioner.clone(),
                };
                if known.name.family.is_empty() {
                    known.name = asks_name(&self.lookup.entry.text());
                }
                let practice = self
                    .practice
                    .clone()
                    .unwrap_or_else(|| self.seed.organization.clone());
                Some(asks::new_provider(&known, &practice))
            }
            Step::Details => Some(
                self.details
                    .clone()
                    .unwrap_or_else(|| self.details_form(settings)),
            ),
            Step::Review => None,
        };
    }

    /// The step before; none from the first.
    pub fn back(&self) -> Option<Step> {
        match self.step {
            Step::Patient => None,
            Step::NewPatient | Step::Provider => Some(Step::Patient),
            Step::NewProvider | Step::Details => Some(Step::Provider),
            Step::Review => Some(Step::Details),
        }
    }

    fn details_form(&self, settings: &Settings) -> Form {
        let seed = &self.seed;
        let sites = settings
            .facilities
            .iter()
            .map(|(id, name)| choice(id.0.to_string(), name));
        let services = settings.policy.templates.values().flat_map(|template| {
            let label = move |service: &String| format!("{} · {service}", template.specialty);
            template
                .services
                .iter()
                .map(move |service| choice(service_key(&template.key, service), label(service)))
        });
        let wanted = settings.policy.template_for(&seed.specialty).map(|template| {
            let named = template
                .services
                .iter()
                .find(|service| service.eq_ignore_ascii_case(&seed.service));
            let service = named.or(template.services.first()).cloned().unwrap_or_default();
            format!("{} · {service}", template.specialty)
        });
        let levels = Priority::ALL
            .map(|level| choice(level.code(), level.code()))
            .to_vec();
        let priority = seed.priority.unwrap_or(Priority::Routine);
        let at = Priority::ALL.iter().position(|level| *level == priority);
        let mut form = Form::new(Action::New, "Details", |_, _, _| Ok(Composed::Details))
            .field(
                "service",
                "service",
                combo(services, wanted.unwrap_or_default(), false),
            )
            .required()
            .hint("type to find")
            .field("priority", "priority", one(levels, at, Quick::Advance));
        if !settings.facilities.is_empty() {
            form = form.field("site", "site", combo(sites, "", false));
        }
        form.field("reason", "reason", text_with(&seed.reason))
            .field("icd", "ICD-10 codes", text_with(seed.reason_codes.join(" ")))
            .field(
                "procedures",
                "procedures",
                text_with(seed.procedure_codes.join(" ")),
            )
            .field("payer", "payer", text_with(&seed.coverage.payer))
            .field(
                "member",
                "member id",
                text_with(seed.coverage.member_id.clone().unwrap_or_default()),
            )
            .field(
                "group",
                "group",
                text_with(seed.coverage.group_no.clone().unwrap_or_default()),
            )
            .field("auth", "authorisation", text_with(&seed.authorization))
            .field("remark", "remark", text())
            .hint("kept as a note")
    }

    /// The template chosen.
    pub fn template(&self) -> String {
        self.service_parts().0
    }

    fn service_parts(&self) -> (String, String) {
        let key = self
            .details
            .as_ref()
            .map(|form| form.value("service"))
            .unwrap_or_default();
        key.split_once('\u{1f}')
            .map(|(template, service)| (template.to_owned(), service.to_owned()))
            .unwrap_or_default()
    }

    /// The command; none while the patient is not known.
    pub fn command(&self) -> Option<Command> {
        let form = self.details.as_ref()?;
        let (template, service) = self.service_parts();
        let words = |name| asks::codes_of(&form.value(name));
        let payer = form.filled("payer");
        Some(Command::Receive(Box::new(Receive {
            source: self.source,
            received_at: None,
            document: self.document.map(Ref::Known),
            template,
            service: Some(service),
            priority: Priority::from_code(&form.value("priority")),
            patient: self.patient.clone()?,
            requester: self.provider.clone(),
            organization: self
                .practice
                .clone()
                .filter(|practice| !practice.name.is_empty())
                .map(Ref::New),
            facility: form.value("site").parse().ok().map(OrganizationId),
            reason_text: form.value("reason"),
            reason_codes: words("icd"),
            procedure_codes: words("procedures"),
            coverages: payer
                .map(|payer| NewCoverage {
                    payer,
                    member_id: form.filled("member"),
                    group_no: form.filled("group"),
                    subscriber: self.seed.coverage.subscriber.clone(),
                })
                .into_iter()
                .collect(),
            authorization: form.filled("auth").map(|number| Authorization {
                number,
                visits: None,
                from: None,
                to: None,
            }),
            provided: Vec::new(),
            remarks: form.filled("remark").into_iter().collect(),
            replaces: self.replaces,
        })))
    }

    /// Everything that was filled in, a line each: name and value.
    pub fn summary(&self) -> Vec<(&'static str, String)> {
        let mut out = vec![("patient", self.patient_label.clone())];
        let nobody = || "nobody named".to_owned();
        out.push((
            "provider",
            Some(self.provider_label.clone())
                .filter(|l| !l.is_empty())
                .unwrap_or_else(nobody),
        ));
        if let Some(form) = &self.details {
            let service = self.service_parts().1;
            out.push(("service", format!("{} · {service}", self.template())));
            for field in form
                .fields
                .iter()
                .filter(|field| !matches!(field.name, "service" | "site"))
            {
                let value = field.value();
                if !value.trim().is_empty() {
                    out.push((field.label, value));
                }
            }
        }
        if let Some(id) = self.replaces {
            out.push(("in place of", id.to_string()));
        }
        if self.document.is_some() {
            out.push(("from", "the document in Intake".into()));
        }
        out
    }
}

impl Default for Create {
    fn default() -> Self {
        Create::new()
    }
}

fn service_key(template: &str, service: &str) -> String {
    format!("{template}\u{1f}{service}")
}

fn asks_name(typed: &str) -> crate::domain::person::HumanName {
    asks::name_of(typed)
}
