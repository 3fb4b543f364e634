//! The desk of the screen over the real engine.
//!
//! Owns the translation and nothing else: queries are parsed, errors become sentences, what is due is asked for.

use super::board::STEP;
use super::msg::Errand;
use super::original::Original;
use super::ready::past_only;
use super::worker::Desk;
use crate::channels::hold;
use crate::config::paths::replace_private;
use crate::config::views::{self, Views};
use crate::domain::command::{Envelope, NewPatient, Ref};
use crate::domain::id::{DocumentId, PatientId, ReferralId};
use crate::domain::matching::Known;
use crate::domain::message::{Message, MessageState};
use crate::domain::policy::Actor;
use crate::domain::query::Query;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::LookAlike;
use crate::domain::time::{Span, Stamp};
use crate::engine::{Engine, Failure, Receipt, Undone};
use crate::intake::ReadDocument;
use crate::report::downtime;
use crate::report::handover::{Handover, gather};
use crate::store::board::{Anchor, Counts, Hit, IntakeRow, QueueRow, Sheet, Shelf, Target, Window};
use crate::store::content;
use crate::store::deeds::{Deed, Of};
use crate::store::due::{self, Part};
use crate::store::past::Past;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

/// Entries of a timeline that the detail shows.
const TIMELINE: usize = 60;
/// Timers and messages of one pass, so that a key never waits long behind the clock.
const TICK: usize = 40;
/// While another program holds the clock, or something is stuck, it is asked again after this.
const AGAIN: Span = Span::seconds(30);
/// A referral that ended this long ago may still be what a new one repeats.
const LATELY: Span = Span::days(90);
/// Look-alikes that are named.
const ALIKE: usize = 20;

/// The engine as the screen's desk.
pub struct Live {
    engine: Engine,
    seen: Option<i64>,
    not_before: Option<Stamp>,
    clock_elsewhere: bool,
    errands: Option<Sender<Errand>>,
    views: PathBuf,
    /// The past moment that is looked at.
    past: Option<Past>,
    /// Where the downtime pack goes, and how many rows of each list.
    paper: Option<(PathBuf, usize)>,
    /// The program that draws pages.
    draws: Option<PathBuf>,
    /// Passwords that were given here, so that the pages can be drawn: for as long as the screen runs, and never kept.
    opened: BTreeMap<DocumentId, String>,
}

impl Live {
    /// Over an engine.
    pub fn new(engine: Engine) -> Live {
        let seen = engine.store().data_version().ok();
        Live {
            engine,
            seen,
            not_before: None,
            clock_elsewhere: false,
            errands: None,
            views: PathBuf::new(),
            past: None,
            paper: None,
            draws: None,
            opened: BTreeMap::new(),
        }
    }

    /// Leaves the clock to another thread, and tidying up after commits: nothing is ticked here.
    #[must_use]
    pub fn without_clock(mut self) -> Live {
        self.clock_elsewhere = true;
        // What cannot be put off is done at the commit, as before.
        let _ = self.engine.store().leave_tidying();
        self
    }

    /// Hands what takes its time to another thread.
    #[must_use]
    pub fn with_errands(mut self, errands: Sender<Errand>) -> Live {
        self.errands = Some(errands);
        self
    }

    /// With a file for the views that are saved.
    #[must_use]
    pub fn with_views(mut self, file: PathBuf) -> Live {
        self.views = file;
        self
    }

    /// With a folder for the downtime pack, and so many rows of each list.
    #[must_use]
    pub fn with_paper(mut self, folder: PathBuf, rows: usize) -> Live {
        self.paper = Some((folder, rows));
        self
    }

    /// With the program that draws the pages of documents, in a process of their own.
    #[must_use]
    pub fn with_drawing(mut self, exe: PathBuf) -> Live {
        self.draws = Some(exe);
        self
    }

    /// Whatever the screen lets through: while a past moment is looked at, nothing is written.
    fn past_only(&self, now: Stamp) -> Option<Refusal> {
        let zone = self.engine.policy().clinic.zone;
        self.past.as_ref().map(|past| past_only(zone, past.at, now))
    }

    fn present(&self, now: Stamp) -> Result<(), Failure> {
        self.past_only(now).map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Desk for Live {
    fn counts(&mut self) -> Result<(Counts, Option<String>), String> {
        let held = hold::reason(&self.engine.places().outbox);
        let counts = match &self.past {
            Some(past) => past.counts(),
            None => self.engine.store().counts().map_err(sentence)?,
        };
        Ok((counts, held))
    }

    fn window(
        &mut self,
        shelf: Shelf,
        query: &str,
        anchor: Anchor,
        limit: usize,
        now: Stamp,
    ) -> Result<Window, String> {
        let policy = Arc::clone(self.engine.policy());
        let query = policy.as_asked(Query::parse(query).map_err(sentence)?, now);
        let targets = &policy.score_targets;
        let store = self.engine.store();
        match &mut self.past {
            Some(past) => store.past_window(past, shelf, &query, anchor, (limit, STEP), targets),
            None => store.look(shelf, &query, anchor, (limit, STEP), now, targets),
        }
        .map_err(sentence)
    }

    fn rows(&mut self, ids: &[ReferralId], now: Stamp) -> Result<Vec<QueueRow>, String> {
        let targets = &self.engine.policy().score_targets;
        let store = self.engine.store();
        match &mut self.past {
            Some(past) => store.past_rows(past, ids, targets),
            None => store.rows(ids, now, targets),
        }
        .map_err(sentence)
    }

    fn sheet(&mut self, id: ReferralId) -> Result<Option<Sheet>, String> {
        let store = self.engine.store();
        match &self.past {
            Some(past) => store.past_sheet(id, past.at, TIMELINE),
            None => store.sheet(id, TIMELINE),
        }
        .map_err(sentence)
    }

    fn find(&mut self, text: &str, limit: usize) -> Result<Vec<Hit>, String> {
        self.engine.store().find(text, limit).map_err(sentence)
    }

    fn referrals_of(&mut self, target: Target, limit: usize) -> Result<Vec<ReferralId>, String> {
        self.engine.store().referrals_of(target, limit).map_err(sentence)
    }

    fn troubled(&mut self, limit: usize) -> Result<Vec<ReferralId>, String> {
        let mut ids = Vec::new();
        for state in [MessageState::Failed, MessageState::Uncertain] {
            let messages = self.engine.store().outbox(Some(state), limit).map_err(sentence)?;
            ids.extend(messages.into_iter().map(|message| message.referral));
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    fn intake(&mut self, limit: usize) -> Result<Vec<IntakeRow>, String> {
        self.engine.store().intake(limit).map_err(sentence)
    }

    fn outbox(&mut self, part: Part, limit: usize) -> Result<Vec<Message>, String> {
        due::part(self.engine.store().connection(), part, limit).map_err(sentence)
    }

    fn reading(&mut self, document: DocumentId) -> Result<Option<ReadDocument>, String> {
        self.engine.reading(document).map_err(sentence)
    }

    fn original(&mut self, document: DocumentId) -> Result<Option<Original>, String> {
        let Some(exe) = self.draws.clone() else {
            return Ok(None);
        };
        let store = self.engine.store();
        let Some(record) = store.document(document).map_err(sentence)? else {
            return Ok(None);
        };
        let bytes = content::bytes(store.connection(), &record.hash).map_err(sentence)?;
        Ok(bytes.map(|bytes| Original {
            exe,
            name: record.name,
            bytes,
            password: self.opened.get(&document).cloned(),
        }))
    }

    fn unlock(&mut self, document: DocumentId, password: String) -> Result<(), String> {
        if let Some(past) = &self.past {
            self.present(past.at).map_err(sentence)?;
        }
        self.opened.insert(document, password.clone());
        let errand = Errand { document, password };
        let sent = self.errands.as_ref().map(|errands| errands.send(errand));
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => {
                Err("nothing reads documents behind this screen: use `refdesk intake --password-file`".into())
            }
        }
    }

    fn look_alikes(
        &mut self,
        patient: &Ref<PatientId, NewPatient>,
        template: &str,
        now: Stamp,
    ) -> Result<Vec<LookAlike>, String> {
        let known = match patient {
            Ref::Known(id) => Some(*id),
            Ref::New(new) => self
                .engine
                .store()
                .known_patient(&Known::heard(new, &[]))
                .map_err(sentence)?,
        };
        let Some(patient) = known else {
            return Ok(Vec::new());
        };
        let mut alike = Vec::new();
        for id in self.referrals_of(Target::Patient(patient), ALIKE)? {
            let sheet = self.sheet(id)?;
            let referral = sheet.as_ref().and_then(|sheet| sheet.snapshot.referral());
            let near = |ended: Option<Stamp>| ended.is_none_or(|ended| now - ended <= LATELY);
            alike.extend(
                referral
                    .filter(|referral| referral.template == template && near(referral.ended_at))
                    .map(|referral| LookAlike {
                        id,
                        service: referral.service.clone(),
                        status: referral.status,
                    }),
            );
        }
        Ok(alike)
    }

    fn keep_view(&mut self, name: &str, query: Option<&str>) -> Result<Views, String> {
        if self.views.as_os_str().is_empty() {
            return Err("views cannot be saved here".into());
        }
        views::change(&self.views, name, query)
    }

    fn pack(&mut self, now: Stamp) -> Result<String, String> {
        let Some((folder, rows)) = &self.paper else {
            return Err("no folder for the downtime pack is known here".into());
        };
        let pack =
            downtime::gather(self.engine.store(), self.engine.policy(), *rows, now).map_err(sentence)?;
        for (name, contents) in downtime::files(&pack) {
            replace_private(&folder.join(name), contents.as_bytes()).map_err(|error| {
                format!(
                    "the downtime pack was not written to {}: {error}",
                    folder.display()
                )
            })?;
        }
        Ok(folder.display().to_string())
    }

    fn handover(&mut self, actor: &str, since: Stamp, now: Stamp) -> Result<Handover, String> {
        let (store, policy) = (self.engine.store(), self.engine.policy());
        gather(store, policy, actor, since, now).map_err(sentence)
    }

    fn look_back(&mut self, at: Stamp, go_on: &mut dyn FnMut(u64, u64) -> bool) -> Result<bool, String> {
        self.past = None;
        self.past = self.engine.store().look_back(at, go_on).map_err(sentence)?;
        Ok(self.past.is_some())
    }

    fn return_to_now(&mut self) -> Result<(), String> {
        self.past = None;
        self.engine.store().return_to_now().map_err(sentence)
    }

    fn execute(&mut self, batch: Vec<Envelope>, now: Stamp) -> Vec<Result<Receipt, Failure>> {
        if let Some(refusal) = self.past_only(now) {
            return batch.iter().map(|_| Err(refusal.clone().into())).collect();
        }
        if let [one] = batch.as_slice() {
            return vec![self.engine.execute(one, now)];
        }
        match self.engine.execute_all(&batch, now) {
            Ok(results) => results
                .into_iter()
                .map(|result| result.map_err(Failure::Refused))
                .collect(),
            Err(error) => vec![Err(Failure::Store(error))],
        }
    }

    fn undo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure> {
        self.present(now)?;
        self.engine.undo(actor, now)
    }

    fn redo(&mut self, actor: &Actor, now: Stamp) -> Result<Undone, Failure> {
        self.present(now)?;
        self.engine.redo(actor, now)
    }

    fn history(&mut self, of: &Of, limit: usize) -> Result<Vec<Deed>, String> {
        self.engine.deeds(of, limit).map_err(sentence)
    }

    fn may_take_back(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<(), String> {
        self.engine
            .may_take_back(actor, action, now)
            .map_err(|failure| match failure {
                Failure::Refused(refusal) => format!("{}; {}", refusal.because, refusal.fix),
                Failure::Store(error) => error.to_string(),
            })
    }

    fn take_back(&mut self, actor: &Actor, action: i64, now: Stamp) -> Result<Receipt, Failure> {
        self.present(now)?;
        self.engine.take_back_one(actor, action, now)
    }

    fn changed(&mut self) -> bool {
        let now = self.engine.store().data_version().ok();
        let changed = now != self.seen;
        self.seen = now;
        changed
    }

    fn tick(&mut self, now: Stamp) -> Result<bool, String> {
        let ticked = self.engine.tick(now, TICK).map_err(sentence)?;
        let sent = &ticked.sent;
        let did = ticked.fired + sent.handed_over + sent.failed + sent.dropped > 0;
        self.not_before = (ticked.elsewhere || !did).then(|| now + AGAIN);
        Ok(did)
    }

    fn next_deadline(&mut self) -> Option<Stamp> {
        if self.clock_elsewhere {
            return None;
        }
        let due = due::next(self.engine.store().connection()).ok().flatten();
        due.map(|due| self.not_before.map_or(due, |not_before| due.max(not_before)))
    }
}
