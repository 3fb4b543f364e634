//! The downtime pack: what the desk works from on paper while no screen is there.
//!
//! Owns what is on the paper and in which order: emergencies first, a worklist a list, call sheets for what is due, blank
//! forms, and how to bring back what was written. It holds the least that identifies a patient and reaches them: name, date of
//! birth, telephone; never a reason or a code. Must not write a file.

mod html;
mod text;
mod words;

use html::html;
use text::text;

use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::domain::policy::Policy;
use crate::domain::query::Query;
use crate::domain::referral::NextAction;
use crate::domain::time::{Day, Span, Stamp, Zone, from_seconds};
use crate::store::board::{Anchor, QueueRow, Shelf};
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;

/// Call sheets at most: what a desk can call in a day.
const CALLS: usize = 40;
/// Due referrals that are looked through for calls.
const LOOKED: usize = 400;
/// A sheet is made for what is due within this.
const AHEAD: Span = Span::hours(36);

/// The pack.
pub struct Pack {
    /// The clinic.
    pub clinic: String,
    /// Its zone.
    pub zone: Zone,
    /// The moment that it shows.
    pub at: Stamp,
    /// Open referrals in all.
    pub open: u64,
    /// The lists, emergencies first: how many stand there, and the first of them in the order of the queue.
    pub lists: Vec<(List, u64, Vec<QueueRow>)>,
    /// Calls that are due, the most pressing first.
    pub calls: Vec<Call>,
}

/// A call that is due.
pub struct Call {
    /// The referral.
    pub id: ReferralId,
    /// Patient, as filed.
    pub patient: String,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Whom to call and where, each a line.
    pub numbers: Vec<String>,
    /// What is to be done.
    pub what: String,
    /// By when.
    pub due_at: Option<Stamp>,
    /// Calls tried since somebody was last reached.
    pub attempts: u32,
    /// It is an emergency.
    pub emergency: bool,
}

/// The files of a pack: their names and contents.
pub fn files(pack: &Pack) -> [(&'static str, String); 2] {
    [("downtime.html", html(pack)), ("downtime.txt", text(pack))]
}

/// Gathers it: the first `rows` of each list.
///
/// # Errors
/// The store's.
pub fn gather(store: &Store, policy: &Policy, rows: usize, now: Stamp) -> Result<Pack, StoreError> {
    let counts = store.counts()?;
    let mut lists = Vec::new();
    for list in List::ALL {
        let window = store.window(
            Shelf::List(list),
            &Query::default(),
            Anchor::Start,
            rows,
            now,
            &policy.score_targets,
        )?;
        lists.push((list, counts.of(list), window.rows));
    }
    Ok(Pack {
        clinic: policy.clinic.name.clone(),
        zone: policy.clinic.zone,
        at: now,
        open: counts.open,
        calls: calls(store, policy, now)?,
        lists,
    })
}

/// Next actions that are a call.
const fn is_call(action: NextAction) -> bool {
    match action {
        NextAction::CallEmergency
        | NextAction::CallBack
        | NextAction::AwaitInfo
        | NextAction::Book
        | NextAction::ResolveInsurance => true,
        NextAction::Decide
        | NextAction::RequestInfo
        | NextAction::AwaitClinician
        | NextAction::AwaitSlot
        | NextAction::AwaitVisit
        | NextAction::SendReport
        | NextAction::ConfirmCancel => false,
    }
}

fn calls(store: &Store, policy: &Policy, now: Stamp) -> Result<Vec<Call>, StoreError> {
    // Emergencies and promises first: however much else is overdue, these are on the sheets.
    let emergencies = store.window(
        Shelf::List(List::Emergency),
        &Query::default(),
        Anchor::Start,
        CALLS,
        now,
        &policy.score_targets,
    )?;
    let promised = store.promised_by(now + AHEAD, CALLS)?;
    let due = store.due_between(from_seconds(0), now + AHEAD, LOOKED)?;
    let ids: BTreeSet<ReferralId> = emergencies
        .rows
        .iter()
        .map(|row| row.id)
        .chain(promised.into_iter().map(|(id, _)| id))
        .chain(due)
        .collect();
    let ids: Vec<ReferralId> = ids.into_iter().collect();
    let mut rows = store.rows(&ids, now, &policy.score_targets)?;
    rows.retain(|row| row.next_action.is_some_and(is_call));
    // Emergencies, then what was promised, then the longest overdue.
    rows.sort_by_key(|row| {
        let action = row.next_action;
        (
            action != Some(NextAction::CallEmergency),
            action != Some(NextAction::CallBack),
            row.due_at,
            row.id,
        )
    });
    rows.truncate(CALLS);
    let mut all = Vec::new();
    for row in rows {
        let Some(sheet) = store.sheet(row.id, 0)? else {
            continue;
        };
        let snapshot = &sheet.snapshot;
        let Some(referral) = snapshot.referral() else {
            continue;
        };
        let patient = snapshot.patient(referral.patient);
        let provider = snapshot.practitioner(referral.requester);
        let practice = snapshot.organization(referral.requester_org);
        let mut numbers = Vec::new();
        if let Some(phone) = patient.and_then(|patient| patient.phone.as_ref()) {
            numbers.push(format!("patient {phone}"));
        } else {
            numbers.push("patient: no number on record".to_owned());
        }
        let office = provider
            .and_then(|provider| provider.phone.as_ref())
            .or(practice.and_then(|practice| practice.phone.as_ref()));
        if let Some(phone) = office {
            let who = provider
                .map(|provider| provider.name.spoken())
                .or(practice.map(|practice| practice.name.clone()))
                .unwrap_or_default();
            numbers.push(format!("referrer {who} {phone}"));
        }
        all.push(Call {
            id: row.id,
            patient: row.patient.clone(),
            dob: row.dob,
            numbers,
            what: row.next_action.map_or("", |action| action.label()).to_owned(),
            due_at: row.due_at,
            attempts: row.attempts,
            emergency: row.next_action == Some(NextAction::CallEmergency),
        });
    }
    Ok(all)
}
