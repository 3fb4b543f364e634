//! Commands: every change that a key, a script, a document, the form or the clock may ask for.
//!
//! Owns the closed list and its JSON form, which `refdesk apply` reads: one object a line with `command`, the command's
//! own fields, and the envelope's (`id`, `actor`, `role`, `version`). Must not decide.

use super::case::{CallOutcome, Party};
use super::coverage::{Authorization, Eligibility};
use super::id::{
    CoverageId, DocumentId, MessageId, OrganizationId, PatientId, PractitionerId, ReferralId, TaskId,
};
use super::message::MessageState;
use super::person::{Channel, Consent, HumanName, Sex};
use super::policy::Actor;
use super::priority::Priority;
use super::referral::{Owner, Source};
use super::time::{Day, Stamp};
use serde::{Deserialize, Serialize};

/// A record that is known already, or is to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ref<I, N> {
    /// Known.
    Known(I),
    /// New.
    New(N),
}

/// A patient as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPatient {
    /// Name.
    pub name: HumanName,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Sex,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Preferred language; English where nothing is said.
    pub language: Option<String>,
    /// Preferred channel.
    pub preferred: Option<Channel>,
    /// About e-mail.
    pub email_consent: Consent,
    /// About text messages.
    pub sms_consent: Consent,
}

/// A referring practitioner as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPractitioner {
    /// Name, credentials as its suffix.
    pub name: HumanName,
    /// NPI.
    pub npi: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// A practice or facility as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewOrganization {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// A coverage as first heard of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewCoverage {
    /// Payer.
    pub payer: String,
    /// Member id.
    pub member_id: Option<String>,
    /// Group number.
    pub group_no: Option<String>,
}

/// A document that has just come in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub hash: String,
    /// The name it arrived under.
    pub name: String,
    /// What the reader took it for.
    pub kind: String,
    /// Size in bytes.
    pub size: u64,
}

/// A referral that comes in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// How.
    pub source: Source,
    /// When it arrived; now, where nothing is said. Never in the future.
    #[serde(default)]
    pub received_at: Option<Stamp>,
    /// The document that it was read from.
    #[serde(default)]
    pub document: Option<Ref<DocumentId, NewDocument>>,
    /// Key of the template.
    pub template: String,
    /// Service; the template's first where nothing is said.
    #[serde(default)]
    pub service: Option<String>,
    /// As listed; routine where nothing is said.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Patient.
    pub patient: Ref<PatientId, NewPatient>,
    /// Referring practitioner.
    #[serde(default)]
    pub requester: Option<Ref<PractitionerId, NewPractitioner>>,
    /// Referring practice.
    #[serde(default)]
    pub organization: Option<Ref<OrganizationId, NewOrganization>>,
    /// Site of the clinic.
    #[serde(default)]
    pub facility: Option<OrganizationId>,
    /// Reason in words.
    #[serde(default)]
    pub reason_text: String,
    /// ICD-10-CM codes.
    #[serde(default)]
    pub reason_codes: Vec<String>,
    /// Procedure codes.
    #[serde(default)]
    pub procedure_codes: Vec<String>,
    /// Coverages, primary first.
    #[serde(default)]
    pub coverages: Vec<NewCoverage>,
    /// Authorisation.
    #[serde(default)]
    pub authorization: Option<Authorization>,
    /// Keys of required documents that came along.
    #[serde(default)]
    pub provided: Vec<String>,
    /// What a person should look at first: written as a note.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// The referral that this one replaces.
    #[serde(default)]
    pub replaces: Option<ReferralId>,
}

/// Why the clinic declines. Each has what would make it acceptable in the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclineReason {
    /// The service is not offered here.
    NotOffered,
    /// The listed reason does not meet the specialty's criteria.
    Criteria,
    /// The payer is not accepted, or not for this.
    Insurance,
    /// No capacity within a time that would serve the patient.
    Capacity,
    /// What was asked for did not come.
    InfoNotReceived,
    /// The patient is outside the ages or the area served.
    OutOfScope,
    /// The same referral is open already.
    Duplicate,
}

impl DeclineReason {
    /// Every reason, in the order of the picker.
    pub const ALL: [DeclineReason; 7] = [
        DeclineReason::Criteria,
        DeclineReason::NotOffered,
        DeclineReason::Insurance,
        DeclineReason::Capacity,
        DeclineReason::InfoNotReceived,
        DeclineReason::OutOfScope,
        DeclineReason::Duplicate,
    ];

    /// The name in commands.
    pub const fn code(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => "not-offered",
            DeclineReason::Criteria => "criteria",
            DeclineReason::Insurance => "insurance",
            DeclineReason::Capacity => "capacity",
            DeclineReason::InfoNotReceived => "info-not-received",
            DeclineReason::OutOfScope => "out-of-scope",
            DeclineReason::Duplicate => "duplicate",
        }
    }

    /// As the desk and the referrer read it.
    pub const fn label(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => "this clinic does not offer the service",
            DeclineReason::Criteria => "the reason given does not meet the referral criteria",
            DeclineReason::Insurance => "the patient's plan is not accepted here",
            DeclineReason::Capacity => "no appointment within a time that would serve the patient",
            DeclineReason::InfoNotReceived => "the information asked for did not arrive",
            DeclineReason::OutOfScope => "the patient is outside the ages or the area served",
            DeclineReason::Duplicate => "the same referral is open already",
        }
    }

    /// What would make it acceptable, as the decline's message says where nobody writes something better.
    pub const fn remedy(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => {
                "Please send the referral to a clinic that offers the service; ask us for names."
            }
            DeclineReason::Criteria => {
                "Please send it again with the findings or results that show the need, or call our clinician."
            }
            DeclineReason::Insurance => {
                "Please send it again with a plan that we accept, or with the payer's out-of-network authorisation."
            }
            DeclineReason::Capacity => {
                "Please send it again from next month on, or mark it urgent with the reason."
            }
            DeclineReason::InfoNotReceived => {
                "Please send the information that we asked for, with the code of our request: we take it up again at once."
            }
            DeclineReason::OutOfScope => {
                "Please send the referral to a clinic that serves the patient; ask us for names."
            }
            DeclineReason::Duplicate => "Nothing is needed: the earlier referral goes on.",
        }
    }
}

/// A command.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the fields of a command are the words of the desk; each variant says what it does"
)]
pub enum Command {
    /// A referral comes in.
    Receive(Box<Receive>),
    /// The clinic will see the patient.
    Accept { referral: ReferralId },
    /// Ask a clinician.
    SendToReview {
        referral: ReferralId,
        clinician: String,
        #[serde(default)]
        question: String,
    },
    /// The clinic will not see the patient.
    Decline {
        referral: ReferralId,
        reason: DeclineReason,
        #[serde(default)]
        remedy: Option<String>,
    },
    /// Ask the provider for what is missing; all of it where no items are named.
    RequestInfo {
        referral: ReferralId,
        #[serde(default)]
        items: Vec<String>,
        #[serde(default)]
        message: Option<String>,
    },
    /// Required items came, or were found in the documents.
    ProvideItems {
        referral: ReferralId,
        items: Vec<String>,
    },
    /// Required items are not needed for this one.
    WaiveItems {
        referral: ReferralId,
        items: Vec<String>,
        reason: String,
    },
    /// A call was made.
    RecordCall {
        referral: ReferralId,
        party: Party,
        outcome: CallOutcome,
        #[serde(default)]
        note: String,
        #[serde(default)]
        call_again_at: Option<Stamp>,
    },
    /// Give it to a person or a queue.
    Assign { referral: ReferralId, owner: Owner },
    /// Write a note.
    AddNote { referral: ReferralId, text: String },
    /// Change the listed priority.
    SetPriority {
        referral: ReferralId,
        priority: Priority,
        reason: String,
    },
    /// No slot: wait for one.
    Waitlist {
        referral: ReferralId,
        #[serde(default)]
        reason: String,
    },
    /// Book, or book another time.
    Schedule {
        referral: ReferralId,
        starts_at: Stamp,
        minutes: u32,
        performer: String,
        place: String,
    },
    /// The patient confirmed the appointment.
    ConfirmAppointment { referral: ReferralId },
    /// The patient did not come.
    NoShow { referral: ReferralId },
    /// The appointment is cancelled; the referral goes on.
    CancelAppointment { referral: ReferralId, reason: String },
    /// The visit took place.
    Complete { referral: ReferralId },
    /// The report was delivered: the loop is closed.
    Close {
        referral: ReferralId,
        #[serde(default)]
        note: String,
    },
    /// Somebody asks to cancel.
    RequestCancel { referral: ReferralId, reason: String },
    /// The request to cancel is withdrawn.
    KeepOpen { referral: ReferralId },
    /// Cancel.
    Cancel { referral: ReferralId, reason: String },
    /// Take an ended referral up again, where it was.
    Reopen { referral: ReferralId, reason: String },
    /// It should never have been here.
    EnterInError { referral: ReferralId, reason: String },
    /// Correct what the referral says.
    AmendReferral {
        referral: ReferralId,
        changes: ReferralChanges,
    },
    /// Correct what is known of the patient.
    AmendPatient {
        referral: ReferralId,
        changes: Box<PatientChanges>,
    },
    /// Add a coverage, or correct one.
    SetCoverage {
        referral: ReferralId,
        #[serde(default)]
        coverage: Option<CoverageId>,
        values: NewCoverage,
    },
    /// The result of an eligibility check.
    SetEligibility {
        referral: ReferralId,
        coverage: CoverageId,
        eligibility: Eligibility,
        #[serde(default)]
        valid_until: Option<Day>,
        #[serde(default)]
        note: Option<String>,
    },
    /// The payer's authorisation.
    SetAuthorization {
        referral: ReferralId,
        authorization: Authorization,
    },
    /// A task for somebody.
    AddTask {
        referral: ReferralId,
        title: String,
        #[serde(default)]
        due_at: Option<Stamp>,
        #[serde(default)]
        owner: Option<Owner>,
    },
    /// A task is done, or not needed.
    EndTask {
        referral: ReferralId,
        task: TaskId,
        done: bool,
    },
    /// A document came that a person must look at.
    TakeDocument { document: NewDocument, reason: String },
    /// A document belongs to a referral; `items` are the requirements that it satisfies.
    FileDocument {
        referral: ReferralId,
        document: Ref<DocumentId, NewDocument>,
        #[serde(default)]
        items: Vec<String>,
    },
    /// A document is nothing for the desk.
    DismissDocument { document: DocumentId, reason: String },
    /// A timer is due.
    FireTimer { referral: ReferralId, key: String },
    /// A sender claims a message.
    ClaimMessage {
        referral: ReferralId,
        message: MessageId,
        sender: String,
    },
    /// A sender reports on the claim that it holds; a person resolves, retries, holds or drops.
    MoveMessage {
        referral: ReferralId,
        message: MessageId,
        to: MessageState,
        #[serde(default)]
        claim: Option<Claim>,
        #[serde(default)]
        detail: Option<String>,
    },
    /// Undo an action, by its number.
    Undo { action: i64 },
}

/// A sender's claim on a message: fences its completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Who claimed.
    pub sender: String,
    /// The how-manieth claim it was.
    pub attempt: u32,
}

/// Corrections to a referral; what is not named stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralChanges {
    /// Service.
    pub service: Option<String>,
    /// Reason in words.
    pub reason_text: Option<String>,
    /// ICD-10-CM codes.
    pub reason_codes: Option<Vec<String>>,
    /// Procedure codes.
    pub procedure_codes: Option<Vec<String>>,
    /// Referring practitioner.
    pub requester: Option<Ref<PractitionerId, NewPractitioner>>,
    /// Referring practice.
    pub organization: Option<Ref<OrganizationId, NewOrganization>>,
    /// Site of the clinic.
    pub facility: Option<OrganizationId>,
    /// Who will see the patient.
    pub performer: Option<String>,
}

/// Corrections to a patient; what is not named stays. An empty text takes a value away.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatientChanges {
    /// Name.
    pub name: Option<HumanName>,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Option<Sex>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Preferred language.
    pub language: Option<String>,
    /// Preferred channel.
    pub preferred: Option<Channel>,
    /// About e-mail.
    pub email_consent: Option<Consent>,
    /// About text messages.
    pub sms_consent: Option<Consent>,
}

impl Command {
    /// The referral that it is about; none for one that makes a referral, and for documents that have none.
    pub fn referral(&self) -> Option<ReferralId> {
        use Command as C;
        match self {
            C::Receive(_) | C::TakeDocument { .. } | C::DismissDocument { .. } | C::Undo { .. } => None,
            C::Accept { referral }
            | C::SendToReview { referral, .. }
            | C::Decline { referral, .. }
            | C::RequestInfo { referral, .. }
            | C::ProvideItems { referral, .. }
            | C::WaiveItems { referral, .. }
            | C::RecordCall { referral, .. }
            | C::Assign { referral, .. }
            | C::AddNote { referral, .. }
            | C::SetPriority { referral, .. }
            | C::Waitlist { referral, .. }
            | C::Schedule { referral, .. }
            | C::ConfirmAppointment { referral }
            | C::NoShow { referral }
            | C::CancelAppointment { referral, .. }
            | C::Complete { referral }
            | C::Close { referral, .. }
            | C::RequestCancel { referral, .. }
            | C::KeepOpen { referral }
            | C::Cancel { referral, .. }
            | C::Reopen { referral, .. }
            | C::EnterInError { referral, .. }
            | C::AmendReferral { referral, .. }
            | C::AmendPatient { referral, .. }
            | C::SetCoverage { referral, .. }
            | C::SetEligibility { referral, .. }
            | C::SetAuthorization { referral, .. }
            | C::AddTask { referral, .. }
            | C::EndTask { referral, .. }
            | C::FileDocument { referral, .. }
            | C::FireTimer { referral, .. }
            | C::ClaimMessage { referral, .. }
            | C::MoveMessage { referral, .. } => Some(*referral),
        }
    }
}

/// What stands behind a change: shown on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A person's key.
    Key,
    /// A script.
    Script,
    /// The reader of documents.
    Intake,
    /// The clock.
    Clock,
    /// A sender of messages.
    Outbox,
    /// The invention of a demo clinic.
    Demo,
}

impl Cause {
    /// The name in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Key => "key",
            Cause::Script => "script",
            Cause::Intake => "intake",
            Cause::Clock => "clock",
            Cause::Outbox => "outbox",
            Cause::Demo => "demo",
        }
    }
}

/// A command with who asks, on what grounds, and what makes a retry safe.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The command.
    pub command: Command,
    /// Who asks.
    pub actor: Actor,
    /// What stands behind it.
    pub cause: Cause,
    /// The client's own id of the action: the same id again gives the same receipt and changes nothing.
    pub id: Option<String>,
    /// The version of the referral that the asker saw.
    pub version: Option<i64>,
    /// Actions of one batch are undone together.
    pub batch: Option<String>,
}

impl Envelope {
    /// A command without conditions.
    pub fn new(command: Command, actor: Actor, cause: Cause) -> Envelope {
        Envelope {
            command,
            actor,
            cause,
            id: None,
            version: None,
            batch: None,
        }
    }

    /// The same, provided that the referral still has this version.
    #[must_use]
    pub fn at_version(mut self, version: i64) -> Envelope {
        self.version = Some(version);
        self
    }
}
