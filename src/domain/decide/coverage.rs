//! Checks of a coverage: begun by themselves, asked once, answered or not, and good for a while.
//!
//! Owns the states of a check and what each leads to. No answer, a refused question and an answer that says nothing are never
//! *active*; a stat or urgent review waits for none of it (`List::of`). Must not know how a payer is asked.

use super::draft::Draft;
use super::{documents, people, tasks, timers, triage};
use crate::domain::case::Appointment;
use crate::domain::command::{NewDocument, Ref};
use crate::domain::coverage::{Answer, Coverage, Eligibility, Subscriber};
use crate::domain::event::Fact;
use crate::domain::id::{CoverageId, DocumentId};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::{Day, Span, day_in, show_day};

/// Keys of tasks begin so.
pub(super) const BY_HAND: &str = "check-coverage/";
pub(super) const AUTHORIZE: &str = "get-authorization/";
const HORIZON: &str = "horizon/";

/// Whose plan a coverage is, where that is said.
///
/// # Errors
/// `bad-field`.
pub fn subscriber(draft: &Draft<'_>, given: Option<&Subscriber>) -> Result<Option<Subscriber>, Refusal> {
    let Some(given) = given else {
        return Ok(None);
    };
    let today = day_in(draft.policy.clinic.zone, draft.now);
    let born = |dob| people::birth(dob, today);
    let dob = given
        .dob
        .map(born)
        .transpose()
        .map_err(|_| Refusal::bad_field("coverage.subscriber.dob", "no living person was born then"))?;
    Ok(Some(Subscriber {
        name: people::name("coverage.subscriber", &given.name)?,
        dob,
        ..given.clone()
    }))
}

/// A person asks for a check.
///
/// # Errors
/// `impossible` where no clearing house is configured or the referral has ended, `not-found`; `nothing-to-do` while one is on its
/// way.
pub fn check(draft: &mut Draft<'_>, id: Option<CoverageId>) -> Result<(), Refusal> {
    triage::open(draft)?;
    if draft.policy.checks.is_none() {
        return Err(Refusal::new(
            Code::Impossible,
            "no clearing house is configured",
            "set [eligibility] in the configuration, or record what the payer says by hand",
        ));
    }
    let mut coverage = known(draft, id)?;
    if coverage.eligibility == Eligibility::Pending && coverage.trace.is_some() {
        return Err(Refusal::new(
            Code::NothingToDo,
            "a check is on its way",
            "wait for the answer, or record what the payer says by hand",
        ));
    }
    coverage.forget();
    draft.put(coverage.clone())?;
    draft.record(Fact::CoverageChanged);
    begin(draft, coverage)
}

fn known(draft: &Draft<'_>, id: Option<CoverageId>) -> Result<Coverage, Refusal> {
    let found = match id {
        Some(id) => draft.next.get::<Coverage>(id.0),
        None => draft.next.primary_coverage(),
    };
    found.cloned().ok_or_else(|| match id {
        Some(id) => Refusal::not_found(format!("coverage {id} on this referral")),
        None => Refusal::not_found("coverage on this referral; add one first"),
    })
}

/// The coverage that an occasion names: `COV-12.3`.
fn of_occasion(draft: &Draft<'_>, occasion: &str) -> Option<Coverage> {
    let number = occasion.strip_prefix("COV-")?.split('.').next()?.parse().ok()?;
    draft.next.get::<Coverage>(number).cloned()
}

/// The clock begins a check that is due.
///
/// # Errors
/// Only a defect.
pub(super) fn begin_due(draft: &mut Draft<'_>, occasion: &str) -> Result<(), Refusal> {
    match of_occasion(draft, occasion) {
        Some(coverage) if coverage.eligibility == Eligibility::Pending && coverage.trace.is_none() => {
            begin(draft, coverage)
        }
        Some(_) | None => Ok(()),
    }
}

/// A check that will not count on the day of the visit is made anew before it.
///
/// # Errors
/// Only a defect.
pub(super) fn again(draft: &mut Draft<'_>, occasion: &str) -> Result<(), Refusal> {
    let Some(mut coverage) = of_occasion(draft, occasion) else {
        return Ok(());
    };
    coverage.forget();
    draft.put(coverage.clone())?;
    draft.record(Fact::CoverageChanged);
    begin(draft, coverage)
}

/// Begins a check; where the payer cannot be asked by the clearing house, a person is.
fn begin(draft: &mut Draft<'_>, mut coverage: Coverage) -> Result<(), Refusal> {
    let Some(checks) = draft.policy.checks.as_ref() else {
        return Ok(());
    };
    let born = draft
        .referral()
        .ok()
        .and_then(|referral| draft.next.patient(referral.patient))
        .is_some_and(|patient| patient.dob.is_some());
    let lacks = if checks.payer_id(&coverage.payer).is_none() {
        Some("the clearing house's number of this payer is not in the configuration")
    } else if coverage.member_id.is_none() {
        Some("the member id is not known")
    } else if !born {
        Some("the patient's date of birth is not known")
    } else {
        None
    };
    if let Some(lacks) = lacks {
        coverage.eligibility = Eligibility::Manual;
        coverage.round += 1;
        coverage.note = Some(lacks.to_owned());
        let (id, payer, round) = (coverage.id, coverage.payer.clone(), coverage.round);
        draft.put(coverage)?;
        draft.record(Fact::CoverageChanged);
        return by_hand(
            draft,
            id,
            round,
            format!("Check the coverage with {payer} by hand: {lacks}"),
        );
    }
    coverage.begin();
    draft.put(coverage)?;
    draft.record(Fact::CoverageAsked { asked: false });
    Ok(())
}

fn by_hand(draft: &mut Draft<'_>, id: CoverageId, round: u32, title: String) -> Result<(), Refusal> {
    let due = draft.policy.calendar.add_days(draft.now, 1);
    tasks::add(draft, &format!("{BY_HAND}{id}.{round}"), title, Some(due), None)
}

/// The question has left.
///
/// # Errors
/// `already-done` where another check has begun or it was noted before.
pub fn asked(draft: &mut Draft<'_>, id: CoverageId, trace: &str) -> Result<(), Refusal> {
    let mut coverage = known(draft, Some(id))?;
    if coverage.trace.as_deref() != Some(trace) || coverage.asked_at.is_some() {
        return Err(another());
    }
    coverage.asked_at = Some(draft.now);
    draft.put(coverage)?;
    draft.record(Fact::CoverageAsked { asked: true });
    Ok(())
}

fn another() -> Refusal {
    Refusal::new(
        Code::AlreadyDone,
        "it belongs to a check that is over",
        "nothing is needed",
    )
}

/// The payer answered. An answer to an earlier check than the one on its way changes nothing.
///
/// # Errors
/// `already-done` for such an answer, `not-found`, `bad-field`.
pub fn answered(
    draft: &mut Draft<'_>,
    id: CoverageId,
    trace: &str,
    answer: &Answer,
    document: Option<&Ref<DocumentId, NewDocument>>,
) -> Result<(), Refusal> {
    let mut coverage = known(draft, Some(id))?;
    if coverage.trace.as_deref() != Some(trace) || coverage.checked_at.is_some() {
        return Err(another());
    }
    let today = day_in(draft.policy.clinic.zone, draft.now);
    if let Some(document) = document {
        let referral = draft.id()?;
        documents::file(draft, document, referral)?;
    }
    let valid = draft
        .policy
        .checks
        .as_ref()
        .map_or(Span::days(30), |checks| checks.valid);
    let until = today + valid;
    coverage.eligibility = match (answer.eligibility, answer.until) {
        // What ended before today is over, whatever else is said.
        (Eligibility::Active | Eligibility::Partial, Some(last)) if last < today => Eligibility::Inactive,
        // Only a payer's words make it active; what is none of an answer's states is no answer.
        (Eligibility::Pending | Eligibility::TimedOut | Eligibility::Manual, _) => Eligibility::Error,
        (state, _) => state,
    };
    let counts = matches!(coverage.eligibility, Eligibility::Active | Eligibility::Partial);
    coverage.valid_until = counts.then(|| answer.until.map_or(until, |last| last.min(until)));
    coverage.checked_at = Some(draft.now);
    let note: String = text::line(&answer.note).chars().take(NOTE).collect();
    coverage.note = people::optional_line("note", Some(&note))?;
    let (payer, round, state) = (coverage.payer.clone(), coverage.round, coverage.eligibility);
    draft.put(coverage)?;
    draft.record(Fact::CoverageChanged);
    tasks::end_by_rule(draft, &[&format!("{BY_HAND}{id}.")], true)?;
    if !draft.referral()?.status.is_open() {
        return Ok(());
    }
    if state == Eligibility::Error {
        let what = answer
            .correct
            .as_deref()
            .unwrap_or("the answer says nothing of the coverage");
        let what: String = text::line(what).chars().take(NOTE).collect();
        by_hand(draft, id, round, format!("The check with {payer} failed: {what}"))?;
    }
    let authorized = draft.referral()?.authorization.is_some();
    if answer.needs_authorization && counts && !authorized {
        let due = draft.policy.calendar.add_days(draft.now, 1);
        let title = format!("Get the authorisation of {payer}: the visit needs one");
        tasks::add(draft, &format!("{AUTHORIZE}{id}"), title, Some(due), None)?;
    }
    Ok(())
}

/// The longest note of a payer's that is kept.
const NOTE: usize = 400;

/// Nobody answered in time.
///
/// # Errors
/// Only a defect.
pub(super) fn timed_out(draft: &mut Draft<'_>, occasion: &str) -> Result<(), Refusal> {
    let Some(mut coverage) = of_occasion(draft, occasion) else {
        return Ok(());
    };
    coverage.eligibility = Eligibility::TimedOut;
    let (id, payer, round) = (coverage.id, coverage.payer.clone(), coverage.round);
    draft.put(coverage)?;
    draft.record(Fact::CoverageChanged);
    by_hand(
        draft,
        id,
        round,
        format!("No answer from {payer}: check the coverage by telephone or portal"),
    )
}

/// A booked visit that the authorisation or the check will not cover is work before the visit, not a denial after it.
///
/// # Errors
/// Only a defect.
pub(super) fn horizon(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let mut wanted = Vec::new();
    if let Some(visit) = draft
        .next
        .live_appointment()
        .filter(|_| draft.referral().is_ok_and(|r| r.status.is_open()))
    {
        wanted = beyond(draft, visit);
    }
    let stale: Vec<String> = draft
        .next
        .tasks
        .iter()
        .filter(|task| task.key.starts_with(HORIZON) && !wanted.iter().any(|(key, _)| *key == task.key))
        .map(|task| task.key.clone())
        .collect();
    for key in stale {
        tasks::end_by_rule(draft, &[&key], true)?;
    }
    for (key, title) in wanted {
        let due = draft.now;
        tasks::add(draft, &key, title, Some(due), None)?;
    }
    Ok(())
}

/// What does not reach to a visit's day, as keys and titles of tasks.
fn beyond(draft: &Draft<'_>, visit: &Appointment) -> Vec<(String, String)> {
    let zone = draft.policy.clinic.zone;
    let day = day_in(zone, visit.starts_at);
    let occasion = visit.occasion();
    let mut out = Vec::new();
    let authorization = draft
        .next
        .referral()
        .and_then(|referral| referral.authorization.as_ref());
    if let Some(given) = authorization {
        let outside: Option<(&str, Day)> = match (given.from, given.to) {
            (_, Some(to)) if to < day => Some(("ends", to)),
            (Some(from), _) if from > day => Some(("begins only", from)),
            (Some(_), _) | (None, _) => None,
        };
        if let Some((how, limit)) = outside {
            let title = format!(
                "The authorisation {how} {}, the visit is on {}: extend it or rebook",
                show_day(limit),
                show_day(day)
            );
            out.push((format!("{HORIZON}authorization/{occasion}"), title));
        }
    }
    // Where checks are made by themselves, another one is made before the visit, and only one.
    let again = |coverage: &Coverage| {
        draft.policy.checks.is_some() && !timers::is_rechecked(&draft.next, coverage.id, visit)
    };
    if let Some((coverage, until)) = draft
        .next
        .primary_coverage()
        .and_then(|coverage| Some((coverage, coverage.valid_until?)))
        && until < day
        && !again(coverage)
        && matches!(coverage.eligibility, Eligibility::Active | Eligibility::Partial)
    {
        let title = format!(
            "The check with {} counts until {}, the visit is on {}: check again",
            coverage.payer,
            show_day(until),
            show_day(day)
        );
        out.push((format!("{HORIZON}coverage/{occasion}"), title));
    }
    out
}
