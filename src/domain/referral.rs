//! The referral: the clinical service request, the single source of truth.
//!
//! Owns the record and its small parts. Must not know how it changes: that is `decide`.

use super::coverage::Authorization;
use super::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use super::lists::List;
use super::person::redacted;
use super::priority::Priority;
use super::status::Status;
use super::time::{Span, Stamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a referral came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Fax.
    Fax,
    /// E-mail.
    Email,
    /// A scanned or dropped file.
    Scan,
    /// The guest form.
    GuestForm,
    /// Taken down by phone, or by hand at the desk.
    Phone,
    /// A FHIR resource.
    Fhir,
    /// An HL7 v2 message.
    Hl7v2,
    /// Brought over from another system.
    Import,
}

impl Source {
    /// Every way in.
    pub const ALL: [Source; 8] = [
        Source::Fax,
        Source::Email,
        Source::Scan,
        Source::GuestForm,
        Source::Phone,
        Source::Fhir,
        Source::Hl7v2,
        Source::Import,
    ];

    /// Its name in the database and in commands.
    pub const fn code(self) -> &'static str {
        match self {
            Source::Fax => "fax",
            Source::Email => "email",
            Source::Scan => "scan",
            Source::GuestForm => "guest-form",
            Source::Phone => "phone",
            Source::Fhir => "fhir",
            Source::Hl7v2 => "hl7v2",
            Source::Import => "import",
        }
    }

    /// The way in with a code.
    pub fn from_code(code: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.code() == code)
    }

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            Source::Fax => "fax",
            Source::Email => "e-mail",
            Source::Scan => "scan",
            Source::GuestForm => "guest form",
            Source::Phone => "phone",
            Source::Fhir => "FHIR",
            Source::Hl7v2 => "HL7 v2",
            Source::Import => "import",
        }
    }
}

/// Who has the next action: a named person, or a queue that anybody on it may take from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// A shared queue.
    Queue(String),
    /// A person.
    Person(String),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Queue(name) => write!(f, "{name} queue"),
            Owner::Person(name) => f.write_str(name),
        }
    }
}

/// What has to happen next. Every open referral has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextAction {
    /// Call the referrer now: an emergency that nobody has acknowledged.
    CallEmergency,
    /// Decide.
    Decide,
    /// Ask the provider for what is missing.
    RequestInfo,
    /// The provider was asked: chase the answer.
    AwaitInfo,
    /// A clinician was asked: get the answer.
    AwaitClinician,
    /// Put the coverage or the authorisation right.
    ResolveInsurance,
    /// Book the appointment.
    Book,
    /// Call back at the agreed time.
    CallBack,
    /// Wait for a slot.
    AwaitSlot,
    /// See that the visit takes place, and record its outcome.
    AwaitVisit,
    /// Get the report and send it to the referrer.
    SendReport,
    /// Confirm or turn down a cancellation.
    ConfirmCancel,
}

impl NextAction {
    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            NextAction::CallEmergency => "call the referrer now",
            NextAction::Decide => "decide",
            NextAction::RequestInfo => "ask for what is missing",
            NextAction::AwaitInfo => "chase the answer",
            NextAction::AwaitClinician => "get the clinician's answer",
            NextAction::ResolveInsurance => "put the insurance right",
            NextAction::Book => "book",
            NextAction::CallBack => "call back",
            NextAction::AwaitSlot => "find a slot",
            NextAction::AwaitVisit => "record the visit's outcome",
            NextAction::SendReport => "send the report",
            NextAction::ConfirmCancel => "confirm the cancellation",
        }
    }
}

/// Why work on a referral waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldKind {
    /// Coverage inactive, unclear, or its check failed.
    Coverage,
    /// The payer wants an authorisation that is not there.
    Authorization,
}

impl HoldKind {
    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            HoldKind::Coverage => "coverage",
            HoldKind::Authorization => "authorisation",
        }
    }
}

/// A hold and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub kind: HoldKind,
    /// In words.
    pub reason: String,
    /// Since when.
    pub since: Stamp,
    /// The clinic's rule that holds it; none where it is the program's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// A stretch in which the clinic's clock stood still because somebody else had the ball.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// From.
    pub from: Stamp,
    /// Until; open while nobody can say when it ends.
    pub to: Option<Stamp>,
    /// Who has the ball.
    pub why: PauseReason,
}

impl Pause {
    /// Whether it lasts at a moment. One for a patient who asked to be called later has its end ahead of it.
    pub fn stands(&self, at: Stamp) -> bool {
        self.to.is_none_or(|to| to > at)
    }
}

/// Who has the ball while the clinic's clock pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseReason {
    /// The referring provider owes information.
    Records,
    /// The patient asked to be called later.
    Patient,
    /// The payer owes an answer.
    Payer,
}

impl PauseReason {
    /// As shown beside the clock.
    pub const fn label(self) -> &'static str {
        match self {
            PauseReason::Records => "records",
            PauseReason::Patient => "patient",
            PauseReason::Payer => "payer",
        }
    }
}

/// The referral.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// Human id.
    pub id: ReferralId,
    /// Counts the changes: a change that names an older version is refused.
    pub version: i64,
    /// How it came in.
    pub source: Source,
    /// The document that it was read from.
    pub source_document: Option<DocumentId>,
    /// When it arrived; never moves, whatever is asked for later.
    pub received_at: Stamp,
    /// Patient.
    pub patient: PatientId,
    /// Referring practitioner.
    pub requester: Option<PractitionerId>,
    /// Referring practice.
    pub requester_org: Option<OrganizationId>,
    /// The site of the clinic where the patient is to be seen.
    pub facility: Option<OrganizationId>,
    /// Key of the template that it was created from.
    pub template: String,
    /// Specialty.
    pub specialty: String,
    /// Service asked for: consultation, echo, …
    pub service: String,
    /// Procedure codes.
    pub procedure_codes: Vec<String>,
    /// ICD-10-CM codes.
    pub reason_codes: Vec<String>,
    /// Reason in words.
    pub reason_text: String,
    /// As listed by the referrer.
    pub priority: Priority,
    /// Business status.
    pub status: Status,
    /// Why it has that status, where a reason was given.
    pub status_reason: Option<String>,
    /// Since when.
    pub status_since: Stamp,
    /// Counts the changes of status: names the occasion in the keys of timers and messages, so that none needs a time.
    pub episode: u32,
    /// Where a cancel request, a closing, a decline or a cancellation left from.
    pub status_before: Option<Status>,
    /// Who has the next action.
    pub owner: Owner,
    /// Who will see the patient.
    pub performer: Option<String>,
    /// Authorisation.
    pub authorization: Option<Authorization>,
    /// What holds it.
    pub holds: Vec<Hold>,
    /// Keys of the required items that a person has seen or ticked off.
    pub provided: Vec<String>,
    /// Keys of the required items that a person waived.
    pub waived: Vec<String>,
    /// Keys of the required items that are not there: kept current with every change.
    pub missing: Vec<String>,
    /// When the phone call that acknowledges an emergency was recorded.
    pub acknowledged_at: Option<Stamp>,
    /// When it was agreed to call back.
    pub callback_at: Option<Stamp>,
    /// Calls tried without reaching the person, since the last time that somebody was reached.
    pub attempts: u32,
    /// Stretches in which the clinic's clock stood still.
    pub pauses: Vec<Pause>,
    /// The list it stands in; none once it is ended.
    pub list: Option<List>,
    /// What has to happen next; none once it is ended.
    pub next_action: Option<NextAction>,
    /// By when; none once it is ended.
    pub due_at: Option<Stamp>,
    /// When it ended.
    pub ended_at: Option<Stamp>,
    /// The referral that this one replaces.
    pub replaces: Option<ReferralId>,
    /// The referral into which this one was merged: the same request, received twice. Its documents are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ReferralId>,
    /// The first of the referrals that belong together (FHIR ServiceRequest.requisition); each goes its own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requisition: Option<ReferralId>,
}

redacted!(Referral);

impl Referral {
    /// Whether the emergency fence is around it: listed as stat, and not yet booked.
    pub fn is_emergency(&self) -> bool {
        self.list == Some(List::Emergency)
    }

    /// The patient's clock: since it was received, never pausing; stands still once the referral ended.
    pub fn patient_clock(&self, now: Stamp) -> Span {
        self.ended_at.unwrap_or(now) - self.received_at
    }
}
