//! What the screens and the lists read: plain values.
//!
//! Owns the read models. Must not know SQL (its neighbours do) or how a value is drawn.

use crate::domain::event::Fact;
use crate::domain::id::{DocumentId, OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::lists::List;
use crate::domain::matching::Comparison;
use crate::domain::person::{Patient, Sex};
use crate::domain::priority::Priority;
use crate::domain::referral::{NextAction, Owner, Referral, Source};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Day, Stamp};

/// One row of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Referral.
    pub id: ReferralId,
    /// Its version.
    pub version: i64,
    /// The list that it stands in; none once ended.
    pub list: Option<List>,
    /// Score, 0 to 100; none for stat and for ended referrals.
    pub score: Option<u8>,
    /// Listed priority.
    pub priority: Priority,
    /// Status.
    pub status: Status,
    /// Since when.
    pub status_since: Stamp,
    /// When it arrived.
    pub received_at: Stamp,
    /// When the next action is due.
    pub due_at: Option<Stamp>,
    /// The next action.
    pub next_action: Option<NextAction>,
    /// When an emergency was acknowledged.
    pub acknowledged_at: Option<Stamp>,
    /// Patient, as filed.
    pub patient: String,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Sex,
    /// Specialty.
    pub specialty: String,
    /// Service.
    pub service: String,
    /// Who has it.
    pub owner: Owner,
    /// How many required items are not there.
    pub missing: u32,
    /// Calls tried since somebody was last reached.
    pub attempts: u32,
    /// The patient's telephone.
    pub phone: Option<String>,
    /// How it came in.
    pub source: Source,
    /// Who pays first.
    pub payer: Option<String>,
    /// The site where the patient is to be seen.
    pub site: Option<String>,
    /// Who sent it, as filed.
    pub from: Option<String>,
}

impl std::fmt::Debug for QueueRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QueueRow({})", self.id)
    }
}

/// How many stand where. `open` is counted on its own, so that the conservation line can fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Per list, in the order of [`List::ALL`].
    pub lists: [u64; 7],
    /// Open referrals, counted by status.
    pub open: u64,
    /// Ended referrals.
    pub ended: u64,
    /// Documents that need a person.
    pub intake: u64,
    /// Messages that need a person: failed or uncertain.
    pub outbox_trouble: u64,
}

impl Counts {
    /// The count of a list.
    pub fn of(&self, list: List) -> u64 {
        List::ALL
            .iter()
            .zip(self.lists)
            .find(|(each, _)| **each == list)
            .map_or(0, |(_, count)| count)
    }

    /// The sum over the lists: equal to `open`, or something has fallen through.
    pub fn in_lists(&self) -> u64 {
        self.lists.iter().sum()
    }
}

/// Which rows a screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// One list.
    List(List),
    /// Every open referral, emergencies first.
    Open,
    /// Ended referrals, the latest first.
    Closed,
}

/// A place in the order of the queue: that of a referral, whether it matches what is looked for or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The referral.
    pub id: ReferralId,
    /// Its priority.
    pub priority: Priority,
    /// When it was received.
    pub received_at: Stamp,
    /// When it ended.
    pub ended_at: Option<Stamp>,
}

/// Where a window of rows starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The first row.
    Start,
    /// The last rows.
    End,
    /// The rows after this one.
    After(ReferralId),
    /// The rows before this one.
    Before(ReferralId),
    /// Rows around this one; from the start where it is not there.
    Around(ReferralId),
    /// The rows below a place: a look that stopped there goes on.
    Below(Spot),
    /// The rows above a place.
    Above(Spot),
}

/// A window of rows, in the order of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The rows.
    pub rows: Vec<QueueRow>,
    /// Nothing stands before the first of them.
    pub at_start: bool,
    /// Nothing stands after the last of them.
    pub at_end: bool,
    /// The look upwards stopped here, before it had what was asked for.
    pub above: Option<Spot>,
    /// The look downwards did.
    pub below: Option<Spot>,
}

/// One line of a timeline: an event with who, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number in the log.
    pub seq: i64,
    /// The action that it belongs to.
    pub action: i64,
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: String,
    /// What stands behind it: the code of a cause.
    pub cause: String,
    /// What happened.
    pub fact: Fact,
}

/// How another referral stands to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It was declined, and this one was sent in its place.
    Replaces,
    /// It was sent in the place of this one.
    ReplacedBy,
    /// The same request: it was merged into this one.
    MergedHere,
    /// The same request: this one was merged into it.
    GoesOn,
    /// Both belong together.
    Linked,
    /// It is open, of the same patient and from the same template.
    LooksLike,
}

impl Relation {
    /// What stands before the other's number.
    pub const fn label(self) -> &'static str {
        match self {
            Relation::Replaces => "sent again after",
            Relation::ReplacedBy => "sent again as",
            Relation::MergedHere => "merged into it:",
            Relation::GoesOn => "merged into",
            Relation::Linked => "belongs together with",
            Relation::LooksLike => "looks like",
        }
    }
}

/// Another referral that stands beside one.
#[derive(Clone, PartialEq, Eq)]
pub struct Related {
    /// Its id.
    pub id: ReferralId,
    /// Its service.
    pub service: String,
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// How it stands to the one.
    pub how: Relation,
}

impl std::fmt::Debug for Related {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Related({}, {:?})", self.id, self.how)
    }
}

/// One referral, whole: what the detail pane shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its records.
    pub snapshot: Snapshot,
    /// Its timeline, the latest first, as far as asked for.
    pub timeline: Vec<LogEntry>,
    /// What stands beside it now; nothing for a past moment.
    pub related: Vec<Related>,
    /// Patients about whom it is asked whether they are its own; nobody for a past moment.
    pub questions: Vec<Question>,
    /// Those of what stands beside it that look like it, whole.
    pub twins: Vec<Twin>,
}

/// A patient who may be the referral's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Whom the question names.
    pub asked: PatientId,
    /// The record, or the one that goes on for it.
    pub patient: Patient,
    /// How far the two agree.
    pub comparison: Comparison,
}

/// A referral that looks like another.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// It.
    pub referral: Referral,
    /// Who sent it, as filed.
    pub sender: Option<String>,
    /// How many documents are with it.
    pub documents: u32,
}

/// What a find turned up.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub target: Target,
    /// First line.
    pub title: String,
    /// Second line.
    pub detail: String,
}

/// What a find can turn up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A referral.
    Referral(ReferralId),
    /// A patient.
    Patient(PatientId),
    /// A practitioner.
    Practitioner(PractitionerId),
    /// A facility or practice.
    Organization(OrganizationId),
}

/// A document that needs a person.
#[derive(Clone, PartialEq, Eq)]
pub struct IntakeRow {
    /// Document.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// What the reader took it for.
    pub kind: String,
    /// When it arrived.
    pub received_at: Stamp,
    /// Why a person must look.
    pub reason: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Their number.
    pub size: u64,
}
