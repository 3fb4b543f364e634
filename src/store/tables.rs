//! Which record stands in which table, column by column.

use super::row::Kind::{Int, Json, Referral as Ref, Text};
use super::row::{Kind, Statements, Stored};
use crate::domain::case::{Appointment, Document, InfoRequest, Milestone, Note, Task, Timer};
use crate::domain::coverage::Coverage;
use crate::domain::message::Message;
use crate::domain::person::{HumanName, Organization, Patient, Practitioner};
use crate::domain::referral::Referral;
use crate::domain::text::fold;
use crate::domain::time::Day;

/// A static is one a type only where it stands within that type's own block.
macro_rules! statements {
    () => {
        fn statements() -> &'static Statements {
            static STATEMENTS: std::sync::OnceLock<Statements> = std::sync::OnceLock::new();
            STATEMENTS.get_or_init(|| Statements::of::<Self>(Self::TABLE))
        }
    };
}

macro_rules! tables {
    ($($kind:ty = $table:literal: $($column:ident $how:expr),+ ;)*) => {$(
        impl Stored for $kind {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [(&'static str, Kind)] = &[$((stringify!($column), $how)),+];
            statements!();
        }
    )*};
}

tables! {
    Coverage = "coverage": id Int, referral Ref, rank Int, payer Text, member_id Text, group_no Text, eligibility Text,
        checked_at Text, valid_until Text, note Text, asked_at Text, trace Text, round Int, subscriber Json;
    Milestone = "milestone": id Int, referral Ref, kind Text, target_at Text, warn_at Text, done_at Text, breached_at Text;
    Task = "task": id Int, referral Ref, key Text, title Text, state Text, owner Json, due_at Text, done_at Text;
    Timer = "timer": id Int, referral Ref, key Text, kind Text, milestone Text, due_at Text, state Text;
    InfoRequest = "info_request": id Int, referral Ref, code Text, items Json, sent_at Text, answered_at Text;
    Note = "note": id Int, referral Ref, at Text, author Text, kind Text, call Json, text Text;
    Appointment = "appointment": id Int, referral Ref, starts_at Text, minutes Int, performer Text, place Text, state Text,
        external Text, activity Json;
    Message = "message": id Int, referral Ref, key Text, kind Text, channel Text, address Text, recipient Text,
        language Text, subject Text, body Text, state Text, detail Text, created_at Text, not_before Text, attempt Int,
        sender Text, sent_at Text, released_by Text, document Int;
    Document = "document": id Int, hash Text, name Text, kind Text, size Int, received_at Text, state Text, reason Text,
        referral Ref;
}

impl Stored for Referral {
    const TABLE: &'static str = "referral";
    const OF_REFERRAL: Option<&'static str> = Some("id");
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("id", Ref),
        ("version", Int),
        ("source", Text),
        ("source_document", Int),
        ("received_at", Text),
        ("patient", Int),
        ("requester", Int),
        ("requester_org", Int),
        ("facility", Int),
        ("template", Text),
        ("specialty", Text),
        ("service", Text),
        ("procedure_codes", Json),
        ("reason_codes", Json),
        ("reason_text", Text),
        ("priority", Text),
        ("status", Text),
        ("status_reason", Text),
        ("status_since", Text),
        ("episode", Int),
        ("status_before", Text),
        ("owner", Json),
        ("performer", Text),
        ("authorization", Json),
        ("holds", Json),
        ("provided", Json),
        ("waived", Json),
        ("missing", Json),
        ("acknowledged_at", Text),
        ("callback_at", Text),
        ("attempts", Int),
        ("pauses", Json),
        ("list", Text),
        ("next_action", Text),
        ("due_at", Text),
        ("ended_at", Text),
        ("replaces", Ref),
        ("merged_into", Ref),
        ("requisition", Ref),
    ];
    statements!();
}

impl Stored for Patient {
    const TABLE: &'static str = "patient";
    const OF_REFERRAL: Option<&'static str> = None;
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("id", Int),
        ("version", Int),
        ("name", Json),
        ("dob", Text),
        ("sex", Text),
        ("phone", Text),
        ("email", Text),
        ("address", Text),
        ("mrn", Text),
        ("language", Text),
        ("preferred", Text),
        ("email_consent", Text),
        ("sms_consent", Text),
        ("merged_into", Int),
    ];
    const KEPT: &'static [&'static str] = &["filed", "match_key"];
    fn kept(&self) -> Vec<String> {
        vec![self.name.filed(), person_key(&self.name, self.dob)]
    }
    statements!();
}

impl Stored for Practitioner {
    const TABLE: &'static str = "practitioner";
    const OF_REFERRAL: Option<&'static str> = None;
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("id", Int),
        ("version", Int),
        ("name", Json),
        ("npi", Text),
        ("phone", Text),
        ("fax", Text),
        ("email", Text),
        ("organization", Int),
    ];
    const KEPT: &'static [&'static str] = &["filed", "match_key"];
    fn kept(&self) -> Vec<String> {
        vec![self.name.filed(), person_key(&self.name, None)]
    }
    statements!();
}

impl Stored for Organization {
    const TABLE: &'static str = "organization";
    const OF_REFERRAL: Option<&'static str> = None;
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("id", Int),
        ("version", Int),
        ("name", Text),
        ("kind", Text),
        ("phone", Text),
        ("fax", Text),
        ("email", Text),
        ("address", Text),
    ];
    const KEPT: &'static [&'static str] = &["match_key"];
    fn kept(&self) -> Vec<String> {
        vec![fold(&self.name)]
    }
    statements!();
}

/// The key by which the same person is found again: family name, first given name, date of birth, without accents, case
/// or punctuation.
pub fn person_key(name: &HumanName, dob: Option<Day>) -> String {
    let given = fold(&name.given);
    let first = given.split(' ').next().unwrap_or_default();
    format!(
        "{}|{first}|{}",
        fold(&name.family),
        dob.map(|dob| dob.to_string()).unwrap_or_default()
    )
}
