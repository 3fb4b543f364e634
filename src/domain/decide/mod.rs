//! The decision: one pure function from what is and what is asked to what happens, or to a refusal.
//!
//! `decide(snapshot, envelope, now, policy)` looks at nothing else: no clock, no store, no configuration file. Each family of
//! commands has a file; all of them end in `settle`, which brings up to date what rules keep. The same function, asked
//! without executing, tells why a key is disabled.

mod activity;
mod amend;
mod clockwork;
mod coverage;
mod desk;
mod documents;
mod draft;
mod facts;
mod import;
pub mod merge;
mod milestones;
mod outbox;
mod outreach;
mod people;
mod receive;
mod reports;
mod ritual;
pub mod rules;
mod settle;
mod step;
mod tasks;
mod timers;
mod triage;
mod undo;
mod updates;
mod visits;

pub use draft::Decision;
pub use undo::{Done, is_derived, undo};

use super::command::{Command, Envelope};
use super::policy::{Policy, Role};
use super::refusal::{Code, Refusal};
use super::snapshot::Snapshot;
use super::time::Stamp;
use draft::Draft;

/// Decides.
///
/// # Errors
/// A refusal; nothing is to be changed then.
pub fn decide(
    snapshot: &Snapshot,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Decision, Refusal> {
    guard(snapshot, envelope)?;
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    dispatch(&mut draft, &envelope.command)?;
    // A copy that leaves changes nothing, so that nothing follows from it, and nothing follows from a message's being on its way.
    // What is brought over has settled, without the clinic's rules: they are for what happens from now on.
    let leaves = matches!(&envelope.command, Command::ClaimMessage { message, .. }
        if outbox::is_on_its_way(&draft, *message));
    if !leaves
        && !matches!(
            envelope.command,
            Command::Export { .. } | Command::Import(_) | Command::TakeOver(_)
        )
    {
        settle::with_rules(&mut draft)?;
    }
    draft.finish()
}

/// What follows for a referral when its patient was corrected through another one; none where nothing does.
///
/// # Errors
/// Only a defect.
pub fn patient_corrected(
    snapshot: &Snapshot,
    envelope: &Envelope,
    now: Stamp,
    policy: &Policy,
) -> Result<Option<Decision>, Refusal> {
    let mut draft = Draft::new(snapshot, envelope, now, policy);
    let changed = settle::settle_patient(&mut draft)?;
    changed.then(|| draft.finish()).transpose()
}

/// What holds for every command: the asker's role, that the referral is there, and that it is as the asker saw it.
fn guard(snapshot: &Snapshot, envelope: &Envelope) -> Result<(), Refusal> {
    if envelope.actor.role == Role::ReadOnly {
        return Err(triage::not_allowed(Role::ReadOnly, "change anything"));
    }
    let Some(id) = envelope.command.referral() else {
        return Ok(());
    };
    let referral = snapshot
        .referral()
        .filter(|referral| referral.id == id)
        .ok_or_else(|| Refusal::not_found(format!("referral {id}")))?;
    match envelope.version {
        Some(version) if version != referral.version => Err(Refusal::new(
            Code::Stale,
            format!(
                "{id} was changed since it was read (version {}, you saw {version})",
                referral.version
            ),
            "look at it as it is now, then decide again",
        )),
        Some(_) | None => Ok(()),
    }
}

fn dispatch(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    use Command as C;
    match command {
        C::Receive(new) => receive::receive(draft, new),
        C::Import(import) => import::import(draft, import),
        C::TakeOver(over) => import::chart::take_over(draft, over),
        C::Accept { .. } => triage::accept(draft),
        C::SendToReview {
            clinician, question, ..
        } => triage::send_to_review(draft, clinician, question),
        C::Decline { reason, remedy, .. } => triage::decline(draft, *reason, remedy.as_deref()),
        C::RequestInfo { items, message, .. } => triage::request_info(draft, items, message.as_deref()),
        C::ProvideItems { items, .. } => triage::provide(draft, items),
        C::WaiveItems { items, reason, .. } => triage::waive(draft, items, reason),
        C::RecordCall {
            party,
            outcome,
            note,
            call_again_at,
            ..
        } => desk::record_call(draft, *party, *outcome, note, *call_again_at),
        C::Assign { owner, .. } => desk::assign(draft, owner),
        C::AskToCall { .. } => ritual::ask_to_call(draft),
        C::AddNote { text, .. } => desk::add_note(draft, text),
        C::SetPriority { priority, reason, .. } => desk::set_priority(draft, *priority, reason),
        C::Waitlist { reason, .. } => visits::waitlist(draft, reason),
        C::Schedule {
            starts_at,
            minutes,
            performer,
            place,
            ..
        } => visits::schedule(draft, *starts_at, *minutes, performer, place),
        C::ConfirmAppointment { .. } => visits::confirm(draft),
        C::NoShow { .. } => visits::no_show(draft),
        C::CancelAppointment { reason, .. } => visits::cancel_appointment(draft, reason),
        C::Complete { .. } => visits::complete(draft),
        C::CheckCoverage { coverage, .. } => coverage::check(draft, *coverage),
        C::NoteAsked { coverage, trace, .. } => coverage::asked(draft, *coverage, trace),
        C::RecordAnswer {
            coverage,
            trace,
            answer,
            document,
            ..
        } => coverage::answered(draft, *coverage, trace, answer, document.as_ref()),
        C::RecordActivity {
            external,
            activity,
            document,
            ..
        } => activity::record(draft, external, activity, document.as_ref()),
        C::SendReport { document, .. } => reports::send(draft, *document),
        C::MergeReferral { into, reason, .. } => merge::referral(draft, *into, reason),
        C::LinkReferral { with, .. } => merge::link(draft, *with),
        C::MergePatient { into, reason, .. } => merge::patient(draft, *into, reason),
        C::TellApart { patient, .. } => merge::tell_apart(draft, *patient),
        C::Close { note, .. } => visits::close(draft, note),
        C::RequestCancel { reason, .. } => visits::request_cancel(draft, reason),
        C::KeepOpen { .. } => visits::keep_open(draft),
        C::Cancel { reason, .. } => visits::cancel(draft, reason),
        C::Reopen { reason, .. } => visits::reopen(draft, reason),
        C::EnterInError { reason, .. } => visits::enter_in_error(draft, reason),
        C::AmendReferral { changes, .. } => amend::referral(draft, changes),
        C::AmendPatient { changes, .. } => amend::patient(draft, changes),
        C::SetCoverage { coverage, values, .. } => amend::coverage(draft, *coverage, values),
        C::SetEligibility {
            coverage,
            eligibility,
            valid_until,
            note,
            ..
        } => amend::eligibility(draft, *coverage, *eligibility, *valid_until, note.as_deref()),
        C::SetAuthorization { authorization, .. } => amend::authorization(draft, authorization),
        C::AddTask {
            title, due_at, owner, ..
        } => tasks::add_by_hand(draft, title, *due_at, owner.clone()),
        C::EndTask { task, done, .. } => tasks::end(draft, *task, *done),
        C::TakeDocument { document, reason } => documents::take(draft, document, reason),
        C::ReadDocument {
            document,
            kind,
            reason,
        } => documents::read_again(draft, *document, kind, reason),
        C::FileDocument { document, items, .. } => documents::file_with_items(draft, document, items),
        C::AddFacility { organization } => people::facility(draft, organization),
        C::DismissDocument { document, reason } => documents::dismiss(draft, *document, reason),
        C::FireTimer { key, .. } => clockwork::fire(draft, key),
        C::ClaimMessage { message, sender, .. } => outbox::claim(draft, *message, sender),
        C::MoveMessage {
            message,
            to,
            claim,
            detail,
            ..
        } => outbox::advance(draft, *message, *to, claim.as_ref(), detail.as_deref()),
        C::EditMessage {
            message,
            address,
            subject,
            body,
            ..
        } => outbox::edit(
            draft,
            *message,
            address.as_deref(),
            subject.as_deref(),
            body.as_deref(),
        ),
        C::Export { scope, format, .. } => desk::export(draft, scope, format),
        C::Undo { .. } => Err(Refusal::new(
            Code::BadCommand,
            "undo needs the log",
            "report this as a defect",
        )),
    }
}
