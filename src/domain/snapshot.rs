//! The snapshot: everything that a decision may look at.
//!
//! Owns the records around one referral and what the store adds for the decision (fresh numbers, look-alikes). Must not
//! know where they come from.

use super::case::{Appointment, AppointmentState, Document, InfoRequest, Milestone, Note, Task, Timer};
use super::coverage::Coverage;
use super::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use super::message::{Message, MessageKind, MessageState};
use super::person::{Organization, Patient, Practitioner};
use super::record::{Entity, Patch, Record, Records};
use super::referral::Referral;
use super::refusal::Refusal;
use super::status::Status;
use super::time::Day;

/// Numbers that the decision may give out, and its seeded randomness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fresh {
    /// The next number of any record but a referral.
    pub record: i64,
    /// The next number of a referral.
    pub referral: i64,
    /// Randomness for one return code.
    pub random: u64,
}

/// An open referral that looks like the one being made: same patient, same specialty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// Its id.
    pub id: ReferralId,
    /// Its service.
    pub service: String,
    /// Where it stands.
    pub status: Status,
}

/// Somebody on record who may be the patient whom a referral brings as new.
#[derive(Clone, PartialEq, Eq)]
pub struct MayBe {
    /// The number.
    pub id: PatientId,
    /// The name as filed.
    pub name: String,
    /// Date of birth.
    pub dob: Option<Day>,
}

impl std::fmt::Debug for MayBe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MayBe({})", self.id)
    }
}

macro_rules! records {
    ($($field:ident: $kind:ident { $($name:ident)* })*) => {
        /// The records around one referral.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Snapshot {
            /// Numbers to give out.
            pub fresh: Fresh,
            /// Open referrals of the same patient and specialty.
            pub look_alikes: Vec<LookAlike>,
            /// Other referrals that the command names.
            pub beside: Vec<Referral>,
            /// Patients on record about whom a person is to be asked.
            pub may_be: Vec<MayBe>,
            $(
                #[doc = concat!("Records: ", stringify!($kind), ".")]
                pub $field: Records<$kind>,
            )*
        }

        $(
            impl Record for $kind {
                const ENTITY: Entity = Entity::$kind;
                fn key(&self) -> i64 {
                    self.id.0
                }
                fn differing(&self, other: &$kind) -> Vec<&'static str> {
                    // All of them: a field that is not listed here does not compile.
                    let $kind { $($name),* } = self;
                    let mut names = Vec::new();
                    $(if *$name != other.$name {
                        names.push(stringify!($name));
                    })*
                    names
                }
            }

            impl Kept for $kind {
                fn of(snapshot: &Snapshot) -> &Records<$kind> {
                    &snapshot.$field
                }
                fn of_mut(snapshot: &mut Snapshot) -> &mut Records<$kind> {
                    &mut snapshot.$field
                }
            }
        )*

        impl Snapshot {
            /// Applies a change; `ignore` names fields whose old value may differ.
            ///
            /// # Errors
            /// `stale` where a record is not what the change started from.
            pub fn apply(&mut self, patch: &Patch, ignore: &[&str]) -> Result<(), Refusal> {
                match patch.entity {
                    $(Entity::$kind => self.apply_to::<$kind>(patch, ignore),)*
                }
            }

            /// Whether the record is there.
            pub fn has(&self, entity: Entity, id: i64) -> bool {
                match entity {
                    $(Entity::$kind => self.get::<$kind>(id).is_some(),)*
                }
            }

            /// The change of one record between two snapshots.
            ///
            /// # Errors
            /// See [`Patch::between`].
            pub fn change_of(&self, next: &Snapshot, entity: Entity, id: i64) -> Result<Option<Patch>, Refusal> {
                match entity {
                    $(Entity::$kind => Patch::between(self.get::<$kind>(id), next.get::<$kind>(id)),)*
                }
            }
        }
    };
}

/// A record that a snapshot holds.
pub trait Kept: Record + 'static {
    /// The records of this kind.
    fn of(snapshot: &Snapshot) -> &Records<Self>;
    /// The records of this kind, to change.
    fn of_mut(snapshot: &mut Snapshot) -> &mut Records<Self>;
}

records! {
    patients: Patient {
        id version name dob sex phone email address mrn language preferred email_consent sms_consent
        merged_into
    }
    practitioners: Practitioner {
        id version name npi phone fax email organization
    }
    organizations: Organization {
        id version name kind phone fax email address
    }
    referrals: Referral {
        id version source source_document received_at patient requester requester_org facility template
        specialty service procedure_codes reason_codes reason_text priority status status_reason status_since
        episode status_before owner performer authorization holds provided waived missing acknowledged_at
        callback_at attempts pauses list next_action due_at ended_at replaces merged_into requisition
    }
    coverages: Coverage {
        id referral rank payer member_id group_no eligibility checked_at valid_until note asked_at trace
        round subscriber
    }
    milestones: Milestone {
        id referral kind target_at warn_at done_at breached_at
    }
    tasks: Task {
        id referral key title state owner due_at done_at
    }
    timers: Timer {
        id referral key kind milestone due_at state
    }
    requests: InfoRequest {
        id referral code items sent_at answered_at
    }
    notes: Note {
        id referral at author kind call text
    }
    appointments: Appointment {
        id referral starts_at minutes performer place state external activity
    }
    messages: Message {
        id referral key kind channel address recipient language subject body state detail created_at
        not_before attempt sender sent_at released_by document
    }
    documents: Document {
        id hash name kind size received_at state reason referral
    }
}

impl Snapshot {
    /// The record with a number.
    pub fn get<T: Kept>(&self, id: i64) -> Option<&T> {
        T::of(self).iter().find(|record| record.key() == id)
    }

    /// Puts a record in the place of the one with its number, or adds it.
    pub fn put<T: Kept>(&mut self, record: T) {
        let records = T::of_mut(self);
        let at = records.iter().position(|old| old.key() == record.key());
        match at.and_then(|at| records.get_mut(at)) {
            Some(old) => *old = record,
            None => records.push(record),
        }
    }

    /// Takes a record out.
    pub fn remove<T: Kept>(&mut self, id: i64) {
        T::of_mut(self).retain(|record| record.key() != id);
    }

    fn apply_to<T: Kept>(&mut self, patch: &Patch, ignore: &[&str]) -> Result<(), Refusal> {
        match patch.apply::<T>(self.get(patch.id), ignore)? {
            Some(record) => self.put(record),
            None => self.remove::<T>(patch.id),
        }
        Ok(())
    }

    /// The referral that the snapshot is about.
    pub fn referral(&self) -> Option<&Referral> {
        self.referrals.first()
    }

    /// A patient.
    pub fn patient(&self, id: PatientId) -> Option<&Patient> {
        self.get(id.0)
    }

    /// A practitioner.
    pub fn practitioner(&self, id: Option<PractitionerId>) -> Option<&Practitioner> {
        self.get(id?.0)
    }

    /// An organisation.
    pub fn organization(&self, id: Option<OrganizationId>) -> Option<&Organization> {
        self.get(id?.0)
    }

    /// The primary coverage.
    pub fn primary_coverage(&self) -> Option<&Coverage> {
        self.coverages.iter().min_by_key(|coverage| coverage.rank)
    }

    /// The appointment that lies ahead, or waits for its outcome: the next one, where another system has booked several.
    pub fn live_appointment(&self) -> Option<&Appointment> {
        self.appointments
            .iter()
            .filter(|appointment| appointment.state.is_live())
            .min_by_key(|appointment| (appointment.starts_at, appointment.id))
    }

    /// The last visit that took place.
    pub fn last_visit(&self) -> Option<&Appointment> {
        self.appointments
            .iter()
            .filter(|appointment| appointment.state == AppointmentState::Fulfilled)
            .max_by_key(|appointment| (appointment.starts_at, appointment.id))
    }

    /// The report on the last visit, as it was written to the referrer: what is not to be sent any more is none.
    pub fn report(&self) -> Option<&Message> {
        self.messages
            .iter()
            .filter(|message| {
                message.kind == MessageKind::ReportProvider
                    && message.state != MessageState::Cancelled
                    && self
                        .last_visit()
                        .is_none_or(|visit| message.created_at >= visit.starts_at)
            })
            .max_by_key(|message| message.id)
    }

    /// The request for information that waits for its answer.
    pub fn open_request(&self) -> Option<&InfoRequest> {
        self.requests
            .iter()
            .rev()
            .find(|request| request.answered_at.is_none())
    }
}
