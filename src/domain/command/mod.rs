//! Commands: every change that a key, a script, a document, the form or the clock may ask for.
//!
//! Owns the closed list and its JSON form, which `refdesk apply` reads: one object a line with `command`, the command's
//! own fields, and the envelope's (`id`, `actor`, `role`, `version`). Must not decide.

mod about;
mod changes;
mod decline;
mod envelope;
mod import;
mod receive;

pub use changes::{PatientChanges, PractitionerChanges, ReferralChanges};
pub use decline::DeclineReason;
pub use envelope::{Cause, Envelope};
pub use import::{Checked, Import, Known, Standing, TakeOver, import_key};
pub use receive::{NewCoverage, NewDocument, NewOrganization, NewPatient, NewPractitioner, Receive, Ref};

use super::case::{Activity, CallOutcome, Party};
use super::coverage::{Answer, Authorization, Eligibility};
use super::id::{CoverageId, DocumentId, MessageId, PatientId, ReferralId, TaskId};
use super::message::MessageState;
use super::priority::Priority;
use super::referral::Owner;
use super::time::{Day, Stamp};
use serde::{Deserialize, Serialize};

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
    /// A referral is brought over from another system, with where it stands there.
    Import(Box<Import>),
    /// A chart that this program printed is taken over: the referral goes on as it was.
    TakeOver(Box<TakeOver>),
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
    /// Write to the patient, who could not be reached by telephone: please call us.
    AskToCall { referral: ReferralId },
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
    /// Another system says what became of an appointment: the referral follows. `external` is what that system calls it.
    RecordActivity {
        referral: ReferralId,
        external: String,
        activity: Activity,
        #[serde(default)]
        document: Option<Ref<DocumentId, NewDocument>>,
    },
    /// A document of the referral is the report on the visit: send it to the referrer.
    SendReport {
        referral: ReferralId,
        document: DocumentId,
    },
    /// The same request came twice: this referral ends, and the other goes on with its documents and what it brought.
    MergeReferral {
        referral: ReferralId,
        into: ReferralId,
        reason: String,
    },
    /// Two referrals of a patient belong together; each goes its own way.
    LinkReferral { referral: ReferralId, with: ReferralId },
    /// The referral's patient is another one on record: all referrals of the one are the other's from now on.
    MergePatient {
        referral: ReferralId,
        into: PatientId,
        reason: String,
    },
    /// The referral's patient is not this one on record, who looks alike.
    TellApart {
        referral: ReferralId,
        patient: PatientId,
    },
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
        changes: Box<ReferralChanges>,
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
    /// Ask the payer about a coverage; the primary one where none is named.
    CheckCoverage {
        referral: ReferralId,
        #[serde(default)]
        coverage: Option<CoverageId>,
    },
    /// The question to the payer has left.
    NoteAsked {
        referral: ReferralId,
        coverage: CoverageId,
        trace: String,
    },
    /// The payer answered a check.
    RecordAnswer {
        referral: ReferralId,
        coverage: CoverageId,
        trace: String,
        answer: Answer,
        #[serde(default)]
        document: Option<Ref<DocumentId, NewDocument>>,
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
    /// A document that waits in Intake was read again, with its password.
    ReadDocument {
        document: DocumentId,
        kind: String,
        reason: String,
    },
    /// A document belongs to a referral; `items` are the requirements that it satisfies.
    FileDocument {
        referral: ReferralId,
        document: Ref<DocumentId, NewDocument>,
        #[serde(default)]
        items: Vec<String>,
    },
    /// A document is nothing for the desk.
    DismissDocument { document: DocumentId, reason: String },
    /// A site of the clinic where patients are seen.
    AddFacility { organization: NewOrganization },
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
    /// A person changes a message that has not left.
    EditMessage {
        referral: ReferralId,
        message: MessageId,
        #[serde(default)]
        address: Option<String>,
        #[serde(default)]
        subject: Option<String>,
        #[serde(default)]
        body: Option<String>,
    },
    /// Records leave as a file: this referral's, or where none is named those that `scope` says. Changes nothing; stands in the log.
    Export {
        #[serde(default)]
        referral: Option<ReferralId>,
        /// Which, in words.
        scope: String,
        /// In which format.
        format: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_the_name_that_scripts_write() {
        let referral = ReferralId(10_001);
        let all = [
            Command::Accept { referral },
            Command::AskToCall { referral },
            Command::NoShow { referral },
            Command::KeepOpen { referral },
            Command::Undo { action: 3 },
            Command::EnterInError {
                referral,
                reason: String::new(),
            },
            Command::FireTimer {
                referral,
                key: String::new(),
            },
        ];
        for command in all {
            let written = serde_json::to_value(&command).unwrap();
            assert_eq!(
                written.get("command").and_then(|name| name.as_str()),
                Some(command.name())
            );
        }
    }
}
