//! The worker: the only thread that waits for the disk.
//!
//! Owns the desk behind the screen, answers the screen's requests one by one, watches for what neighbours commit and lets
//! the clock tick. Must not know rows on a screen or keys.

use super::easel::Easel;
use super::gone::Gone;
use super::msg::{Effect, Msg};
use super::original::Original;
use super::pointless::supersedes;
use crate::config::views::Views;
use crate::domain::command::{Envelope, NewPatient, Ref};
use crate::domain::id::{DocumentId, PatientId, ReferralId};
use crate::domain::message::Message;
use crate::domain::policy::Actor;
use crate::domain::snapshot::LookAlike;
use crate::domain::time::Stamp;
use crate::engine::{Failure, Receipt, Undone};
use crate::intake::ReadDocument;
use crate::report::handover::Handover;
use crate::store::board::{Anchor, Counts, Hit, IntakeRow, QueueRow, Sheet, Shelf, Target, Window};
use crate::store::deeds::{Deed, Of};
use crate::store::due::Part;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How often the worker looks for a neighbour's commit.
const POLL: Duration = Duration::from_millis(400);
/// How often a long way back says how far it is.
const TELL: Duration = Duration::from_millis(150);
/// Rows of the emergency fence that are read at most.
const FENCE: usize = 8;
/// Hits of a find.
const HITS: usize = 30;
/// Steps of a history.
const DEEDS: usize = 300;
/// Documents of the intake list.
const INTAKE: usize = 200;
/// Messages of a part of the outbox.
const OUTBOX: usize = 300;

/// What the screen needs from the store and the engine. Every call may take its time: it is only made by the worker.
pub trait Desk: Send {
    /// How many stand where, and why everything that leaves is held, if it is.
    ///
    /// # Errors
    /// A sentence for a person, here and in every other reading call.
    fn counts(&mut self) -> Result<(Counts, Option<String>), String>;
    /// A window of a list.
    ///
    /// # Errors
    /// Also where the query cannot be read.
    fn window(
        &mut self,
        shelf: Shelf,
        query: &str,
        anchor: Anchor,
        limit: usize,
        now: Stamp,
    ) -> Result<Window, String>;
    /// Rows by their ids; those that are not there are left out.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn rows(&mut self, ids: &[ReferralId], now: Stamp) -> Result<Vec<QueueRow>, String>;
    /// One referral, whole.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn sheet(&mut self, id: ReferralId) -> Result<Option<Sheet>, String>;
    /// Patients, providers, facilities and referrals that match what is typed.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn find(&mut self, text: &str, limit: usize) -> Result<Vec<Hit>, String>;
    /// The referrals of what a find turned up, the latest first.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn referrals_of(&mut self, target: Target, limit: usize) -> Result<Vec<ReferralId>, String>;
    /// Referrals with messages that failed, or may not have left.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn troubled(&mut self, limit: usize) -> Result<Vec<ReferralId>, String>;
    /// Documents that need a person.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn intake(&mut self, limit: usize) -> Result<Vec<IntakeRow>, String>;
    /// Messages of a part of the outbox.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn outbox(&mut self, part: Part, limit: usize) -> Result<Vec<Message>, String>;
    /// What was read from a document.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn reading(&mut self, document: DocumentId) -> Result<Option<ReadDocument>, String>;
    /// A document's bytes, to be drawn elsewhere; none where nothing is drawn here.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn original(&mut self, document: DocumentId) -> Result<Option<Original>, String>;
    /// Has a locked document read again with its password; what comes of it is news.
    ///
    /// # Errors
    /// Where nothing goes on behind this screen.
    fn unlock(&mut self, document: DocumentId, password: String) -> Result<(), String>;
    /// Referrals of a patient made from the same template that are open, or ended not long ago; somebody typed in anew may
    /// be on record all the same.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn look_alikes(
        &mut self,
        patient: &Ref<PatientId, NewPatient>,
        template: &str,
        now: Stamp,
    ) -> Result<Vec<LookAlike>, String>;
    /// Saves a view, or takes it out where there is no query; gives those saved now.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn keep_view(&mut self, name: &str, query: Option<&str>) -> Result<Views, String>;
    /// Writes the downtime pack; says where.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn pack(&mut self, now: Stamp) -> Result<String, String>;
    /// What happened since somebody left.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn handover(&mut self, actor: &str, since: Stamp, now: Stamp) -> Result<Handover, String>;
    /// From now on, answers every question about lists and referrals as of a past moment. `go_on` is told how many changes
    /// of how many are taken back, and says whether to go on; false where it did not.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn look_back(&mut self, at: Stamp, go_on: &mut dyn FnMut(u64, u64) -> bool) -> Result<bool, String>;
    /// From now on, answers as of now again.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn return_to_now(&mut self) -> Result<(), String>;
    /// Executes commands in order, each in its own transaction.
    fn execute(&mut self, batch: Vec<Envelope>, now: Stamp) -> Vec<Result<Receipt, Failure>>;
    /// Takes back what this person did last; a batch as one.
    ///
    /// # Errors
    /// Where there is nothing, or somebody built on it.
    fn undo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure>;
    /// Does again what this person took back last.
    ///
    /// # Errors
    /// See [`Desk::undo`].
    fn redo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure>;
    /// What was done, the latest first.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn history(&mut self, of: &Of, limit: usize) -> Result<Vec<Deed>, String>;
    /// Whether a step can be taken back.
    ///
    /// # Errors
    /// Why not.
    fn may_take_back(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<(), String>;
    /// Takes one step back, whoever did it.
    ///
    /// # Errors
    /// See [`Desk::undo`].
    fn take_back(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<Receipt, Failure>;
    /// Whether somebody else has committed since the last call.
    fn changed(&mut self) -> bool;
    /// Lets what is due happen; says whether anything did.
    ///
    /// # Errors
    /// See [`Desk::counts`].
    fn tick(&mut self, now: Stamp) -> Result<bool, String>;
    /// When the next thing is due.
    fn next_deadline(&mut self) -> Option<Stamp>;
}

/// Does what the screen asked, and answers.
pub fn serve(desk: &mut dyn Desk, effect: Effect, now: Stamp) -> Option<Msg> {
    Some(match effect {
        Effect::Counts => Msg::Counts(desk.counts()),
        Effect::Fence => {
            let list = Shelf::List(crate::domain::lists::List::Emergency);
            Msg::Fence(desk.window(list, "", Anchor::Start, FENCE, now))
        }
        Effect::Window { ask, fetch } => {
            let result = desk.window(ask.shelf, &ask.query, ask.anchor, ask.limit, ask.as_of);
            Msg::Window { ask, fetch, result }
        }
        Effect::Rows { ids, why } => {
            let result = desk.rows(&ids, now);
            Msg::Rows { ids, why, result }
        }
        Effect::Sheet(id) => Msg::Sheet {
            id,
            result: desk.sheet(id).map(|sheet| sheet.map(Box::new)),
        },
        Effect::Find { serial, text } => Msg::Found {
            serial,
            result: desk.find(&text, HITS),
        },
        Effect::Intake => Msg::Intake(desk.intake(INTAKE)),
        Effect::Outbox(part) => Msg::Outbox {
            part,
            result: desk.outbox(part, OUTBOX),
        },
        Effect::Reading(document) => Msg::Reading {
            document,
            result: desk.reading(document).map(|reading| reading.map(Box::new)),
        },
        Effect::Picture { document, page, shot } => {
            let original = desk.original(document).ok().flatten();
            let drawn = original.and_then(|original| original.draw(page, shot, &AtomicBool::new(false)));
            let picture = drawn.map(Arc::new);
            Msg::Picture {
                document,
                page,
                picture,
            }
        }
        Effect::Unlock { document, password } => match desk.unlock(document, password) {
            Ok(()) => return None,
            Err(why) => Msg::Trouble(why),
        },
        Effect::LookAlikes {
            serial,
            patient,
            template,
        } => Msg::LookAlikes {
            serial,
            result: desk.look_alikes(&patient, &template, now),
        },
        Effect::Execute { batch, what } => {
            let ids = batch.iter().map(|each| each.id.clone()).collect();
            let referrals = batch.iter().map(|each| each.command.referral()).collect();
            let results = desk.execute(batch, now);
            Msg::Done {
                ids,
                referrals,
                what,
                results,
            }
        }
        Effect::Undo(actor) => Msg::Reversed {
            again: false,
            result: desk.undo(&actor, now),
        },
        Effect::Redo(actor) => Msg::Reversed {
            again: true,
            result: desk.redo(&actor, now),
        },
        Effect::History(of) => {
            let result = desk.history(&of, DEEDS);
            Msg::History { of, result }
        }
        Effect::MayTakeBack { asked, action, actor } => Msg::Verdict {
            action: asked,
            result: desk.may_take_back(&actor, action, now),
        },
        Effect::TakeBack { action, actor, again } => Msg::Reversed {
            again,
            result: desk.take_back(&actor, action, now).map(Undone::from),
        },
        Effect::ReferralsOf(target) => {
            let ids = desk.referrals_of(target, HITS);
            Msg::ReferralsOf(ids.and_then(|ids| as_hits(desk, &ids, now)))
        }
        Effect::Troubled => {
            let ids = desk.troubled(HITS);
            Msg::ReferralsOf(ids.and_then(|ids| as_hits(desk, &ids, now)))
        }
        Effect::KeepView { name, query } => {
            let said = match query {
                Some(_) => format!("saved as {name}: it is among the saved views"),
                None => format!("{name} is not among the saved views any more"),
            };
            Msg::Views(desk.keep_view(&name, query.as_deref()).map(|views| (said, views)))
        }
        Effect::Pack => Msg::Packed(desk.pack(now)),
        Effect::Handover { actor, since } => Msg::Handover(desk.handover(&actor, since, now).map(Box::new)),
        Effect::LookBack(at) => Msg::LookedBack {
            at,
            result: desk.look_back(at, &mut |_, _| true),
        },
        Effect::ReturnToNow => Msg::Returned(desk.return_to_now()),
        // These are for the screen's own thread.
        Effect::Copy(_) | Effect::Edit(_) | Effect::AskGlass(_) | Effect::Suspend | Effect::Quit => {
            return None;
        }
    })
}

/// Referrals as hits, to be chosen from.
fn as_hits(desk: &mut dyn Desk, ids: &[ReferralId], now: Stamp) -> Result<Vec<Hit>, String> {
    let rows = desk.rows(ids, now)?;
    Ok(rows
        .into_iter()
        .map(|row| Hit {
            target: Target::Referral(row.id),
            title: format!("{} {}", row.id, row.patient),
            detail: format!("{} · {}", row.service, row.status),
        })
        .collect())
}

/// The worker's loop: ends when the screen hangs up.
pub fn work(
    mut desk: impl Desk,
    requests: &Receiver<Effect>,
    answers: &Sender<Msg>,
    clock: &Arc<dyn Fn() -> Stamp + Send + Sync>,
) {
    let _gone = Gone(answers);
    let mut easel = Easel::new(answers);
    let mut queue: Vec<Effect> = Vec::new();
    let mut looked = Instant::now();
    loop {
        match requests.recv_timeout(POLL.saturating_sub(looked.elapsed())) {
            Ok(effect) => queue.push(effect),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        queue.extend(requests.try_iter());
        while !queue.is_empty() {
            let effect = queue.remove(0);
            if queue.iter().any(|later| supersedes(later, &effect)) {
                continue;
            }
            let answer = if let Effect::LookBack(at) = effect {
                Some(journey(&mut desk, at, requests, &mut queue, answers))
            } else if let Effect::Picture { document, page, shot } = effect {
                easel.draw(desk.original(document), document, page, shot)
            } else {
                serve(&mut desk, effect, clock())
            };
            if let Some(answer) = answer
                && answers.send(answer).is_err()
            {
                return;
            }
            queue.extend(requests.try_iter());
        }
        // Also while keys keep coming: a neighbour's change is seen within the second.
        if looked.elapsed() >= POLL {
            looked = Instant::now();
            if watch(&mut desk, answers, clock()).is_none() {
                return;
            }
        }
    }
}

/// Goes back to a past moment: says how far it is, and gives up as soon as the screen asks for now again.
fn journey(
    desk: &mut dyn Desk,
    at: Stamp,
    requests: &Receiver<Effect>,
    queue: &mut Vec<Effect>,
    answers: &Sender<Msg>,
) -> Msg {
    let mut said = Instant::now();
    let result = desk.look_back(at, &mut |done, total| {
        queue.extend(requests.try_iter());
        if said.elapsed() >= TELL {
            said = Instant::now();
            let _ = answers.send(Msg::LookingBack { done, total });
        }
        !queue.contains(&Effect::ReturnToNow)
    });
    Msg::LookedBack { at, result }
}

/// Lets the clock tick and looks for neighbours; none once the screen has hung up.
fn watch(desk: &mut dyn Desk, answers: &Sender<Msg>, now: Stamp) -> Option<()> {
    let due = desk.next_deadline().is_some_and(|due| due <= now);
    let ticked = if due { desk.tick(now) } else { Ok(false) };
    // Asked even after a tick, so that the neighbour's mark is taken note of once.
    let changed = desk.changed();
    match ticked {
        Err(why) => answers.send(Msg::Trouble(why)).ok()?,
        Ok(ticked) if ticked || changed => answers.send(Msg::Changed).ok()?,
        Ok(_) => {}
    }
    Some(())
}
