//! The driver: plays the stories of a plan on a stage, with the clock ticking in between.
//!
//! Owns the order of play: story by story, so that memory stays flat whatever the clinic's size. Each story is played up to
//! now, timers included, before the next begins; so when the next begins further back, no earlier referral has anything
//! due then. The archive of a large clinic is laid down in between. The log is written up at the end, day by day.

use super::archive::Archive;
use super::post::Post;
use super::size::Size;
use super::stage::{House, Site, Stage};
use super::story::{Arrival, Paper, Play, Step, Story};
use super::{Fate, Settings, plan, stories};
use crate::domain::command::{Cause, Command, Envelope, Ref};
use crate::domain::id::{OrganizationId, PatientId, PractitionerId, ReferralId};
use crate::domain::message::{Message, MessageState};
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::time::{Stamp, whole_seconds};
use crate::engine::{Engine, Failure, Receipt};
use std::collections::{BTreeMap, VecDeque};

/// A step that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The story's number.
    pub story: u64,
    /// Its fate.
    pub fate: Fate,
    /// The step's number in it.
    pub step: usize,
    /// Why.
    pub refusal: Refusal,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Referrals made.
    pub referrals: u64,
    /// Commands carried out, without the clock's own.
    pub commands: u64,
    /// Documents kept.
    pub documents: u64,
    /// How many steps were refused. None, unless the plan and the rules disagree.
    pub refusals: u64,
    /// The first of them.
    pub refused: Vec<Refused>,
}

/// So many refusals are kept for reading.
const REFUSED_KEPT: usize = 20;
/// More timers than this between two steps of one life is a clock that does not move on.
const TICKS_PER_STEP: u32 = 2_000;

/// Stories played in one go: what the house keeps at once. Few enough that a neighbour of a large clinic's builder never
/// waits long.
const EVENING: usize = 16;

/// Referrals of the archive that are laid down in one transaction: nobody works in a clinic whose past is still missing.
const SHELF: u64 = 1_000;

/// Actions that are written up in one transaction.
const CHRONICLE: u64 = 10_000;

/// So many patients of the latest stories are remembered: more than come in over a long weekend, after which a story may
/// name one of them.
const REMEMBERED: usize = 4_096;

/// Builds a clinic. `progress` hears how much of how much is done. Where it ends early, what is in the file is no clinic: its
/// log is missing.
///
/// # Errors
/// The store's failure. A refusal is counted in the summary, and the story goes on.
pub fn build(
    engine: &mut Engine,
    seed: u64,
    size: Size,
    now: Stamp,
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Summary, Failure> {
    play(&mut Site::on(engine), seed, size, now, settings, progress)
}

/// The same in any house.
pub(super) fn play<H: House>(
    house: &mut H,
    seed: u64,
    size: Size,
    now: Stamp,
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Summary, Failure> {
    let now = whole_seconds(now);
    // A life is played, and then written up; a copy is laid down.
    let (total, lives) = (stories(size), stories(size) - size.copied);
    let whole = total + lives;
    let mut known = Known::default();
    let mut summary = Summary::default();
    let mut plan = plan(seed, size, now, settings);
    let mut archive = Archive::new(seed, size, now, settings);
    let founders = usize::try_from(size.founders()).unwrap_or(usize::MAX);
    let (mut lived, mut laid) = (0, 0);
    while lived < lives || laid < size.copied {
        let patterns = archive.is_ready() || lived == lives;
        if patterns && laid < size.copied {
            let before = laid;
            house.evening(&mut |stage| {
                laid = before + archive.lay_down(stage, SHELF)?;
                Ok(())
            })?;
            if laid == before {
                // Nothing was lived that could be copied: the rules let no referral end.
                break;
            }
            summary.referrals += laid - before;
            progress(lived + laid, whole);
            continue;
        }
        house.evening(&mut |stage| {
            let first = lived == 0 && size.copied > 0;
            for story in plan.by_ref().take(if first { founders.max(1) } else { EVENING }) {
                let story_of = (story.index, story.fate);
                Performance {
                    stage: &mut *stage,
                    known: &mut known,
                    summary: &mut summary,
                    post: Post::of(seed, story.index, now),
                    now,
                    clock: Stamp::default(),
                    story: story.index,
                    fate: story.fate,
                }
                .play(story)?
                .map_or(Ok(()), |played| archive.take_after(stage, &story_of, played))?;
                lived += 1;
            }
            if first {
                archive.begins_at(stage.set_aside(size.copied)?);
            }
            Ok(())
        })?;
        progress(lived + laid, whole);
    }
    write_up(house, &mut |left, of| {
        progress(whole - lives * left / of.max(1), whole);
    })?;
    Ok(summary)
}

/// Writes the log. `progress` hears how many actions of how many are left.
fn write_up<H: House>(house: &mut H, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Failure> {
    let (mut left, mut all) = (1, 0);
    while left > 0 {
        house.evening(&mut |stage| {
            left = stage.write_up(None, CHRONICLE)?;
            Ok(())
        })?;
        all = all.max(left);
        progress(left, all);
    }
    Ok(())
}

/// Who is known by now.
#[derive(Default)]
struct Known {
    practitioners: BTreeMap<usize, PractitionerId>,
    practices: BTreeMap<usize, OrganizationId>,
    patients: VecDeque<(u64, PatientId)>,
}

impl Known {
    fn patient(&self, story: u64) -> Option<PatientId> {
        self.patients
            .iter()
            .find(|(of, _)| *of == story)
            .map(|(_, id)| *id)
    }
}

/// One story on the stage.
struct Performance<'a> {
    stage: &'a mut dyn Stage,
    known: &'a mut Known,
    summary: &'a mut Summary,
    post: Post,
    now: Stamp,
    /// The latest moment of this story: its timeline never jumps back.
    clock: Stamp,
    story: u64,
    fate: Fate,
}

impl Performance<'_> {
    /// Plays a story; the referral that came of it.
    fn play(&mut self, story: Story) -> Result<Option<ReferralId>, Failure> {
        let mut referral = None;
        for (number, step) in story.steps.into_iter().enumerate() {
            if let Some(id) = referral {
                self.pass(id, step.at)?;
            }
            match self.step(step, referral) {
                Ok(made) => referral = referral.or(made),
                Err(Failure::Refused(refusal)) => self.refused(number, refusal),
                Err(failure) => return Err(failure),
            }
            if referral.is_none() {
                // Without its referral the rest has nothing to act on.
                return Ok(None);
            }
        }
        referral.map_or(Ok(()), |id| self.pass(id, self.now))?;
        Ok(referral)
    }

    fn refused(&mut self, step: usize, refusal: Refusal) {
        self.summary.refusals += 1;
        if self.summary.refused.len() < REFUSED_KEPT {
            self.summary.refused.push(Refused {
                story: self.story,
                fate: self.fate,
                step,
                refusal,
            });
        }
    }

    /// One step; the referral, where it has one now.
    fn step(&mut self, step: Step, referral: Option<ReferralId>) -> Result<Option<ReferralId>, Failure> {
        let Step {
            at,
            actor,
            cause,
            play,
        } = step;
        let command = match (play, referral) {
            (Play::Arrive(arrival), _) => return self.arrive(*arrival, at, actor, cause),
            (Play::Stray { paper, reason }, _) => Some(Command::TakeDocument {
                document: self.keep(&paper, at)?,
                reason,
            }),
            (Play::Act(act), Some(id)) => Some(act(id)),
            (Play::Look(look), Some(id)) => look(id, &self.stage.sheet(id)?),
            (Play::Answer(paper), Some(id)) => {
                let sheet = self.stage.sheet(id)?;
                Some(Command::FileDocument {
                    referral: id,
                    document: Ref::New(self.keep(&paper, at)?),
                    items: sheet
                        .referral()
                        .map(|referral| referral.missing.clone())
                        .unwrap_or_default(),
                })
            }
            (Play::Act(_) | Play::Look(_) | Play::Answer(_), None) => None,
        };
        if let Some(command) = command {
            self.execute(command, at, actor, cause)?;
        }
        Ok(referral)
    }

    fn execute(
        &mut self,
        command: Command,
        at: Stamp,
        actor: Actor,
        cause: Cause,
    ) -> Result<Receipt, Failure> {
        self.clock = self.clock.max(at);
        let receipt = self
            .stage
            .execute(Envelope::new(command, actor, cause), self.clock)?;
        self.summary.commands += 1;
        Ok(receipt)
    }

    fn keep(&mut self, paper: &Paper, at: Stamp) -> Result<crate::domain::command::NewDocument, Failure> {
        let facts = paper.facts();
        self.stage.keep(&facts, paper.text.as_bytes(), at)?;
        self.summary.documents += 1;
        Ok(facts)
    }

    /// The referral comes in. Who is known is named by number; who is new is remembered.
    fn arrive(
        &mut self,
        arrival: Arrival,
        at: Stamp,
        actor: Actor,
        cause: Cause,
    ) -> Result<Option<ReferralId>, Failure> {
        let Arrival {
            mut receive,
            referrer,
            patient_of,
            paper,
        } = arrival;
        if let Some((person, practice)) = referrer {
            if let Some(id) = self.known.practitioners.get(&person) {
                receive.requester = Some(Ref::Known(*id));
            }
            if let Some(id) = self.known.practices.get(&practice) {
                receive.organization = Some(Ref::Known(*id));
            }
        }
        if let Some(id) = patient_of.and_then(|story| self.known.patient(story)) {
            receive.patient = Ref::Known(id);
        }
        if let Some(paper) = &paper {
            receive.document = Some(Ref::New(self.keep(paper, at)?));
        }
        let receipt = self.execute(Command::Receive(Box::new(receive)), at, actor, cause)?;
        let Some(id) = receipt.referral else {
            return Ok(None);
        };
        self.summary.referrals += 1;
        let sheet = self.stage.sheet(id)?;
        if let Some(made) = sheet.referral() {
            if let (Some((person, practice)), Some(requester)) = (referrer, made.requester) {
                self.known.practitioners.entry(person).or_insert(requester);
                if let Some(organization) = made.requester_org {
                    self.known.practices.entry(practice).or_insert(organization);
                }
            }
            self.known.patients.push_back((self.story, made.patient));
            while self.known.patients.len() > REMEMBERED {
                self.known.patients.pop_front();
            }
        }
        Ok(Some(id))
    }

    /// Lets the next message leave.
    fn deliver(&mut self, id: ReferralId, until: Stamp) -> Result<(), Failure> {
        let Some(delivery) = self.post.deliver(id) else {
            return Ok(());
        };
        let (at, claim) = delivery.claim;
        self.execute(claim, at, Actor::system(), Cause::Outbox)?;
        let sheet = self.stage.sheet(id)?;
        let claimed = sheet
            .get::<Message>(delivery.message.0)
            .is_some_and(|message| message.state == MessageState::Sending);
        if !claimed {
            // It was put off, or called off.
            self.post.collect(&sheet, until);
            return Ok(());
        }
        for (at, command) in delivery.then {
            self.execute(command, at, Actor::system(), Cause::Outbox)?;
        }
        Ok(())
    }

    /// Lets time pass: timers go off and messages leave, each at its own moment.
    fn pass(&mut self, id: ReferralId, until: Stamp) -> Result<(), Failure> {
        self.post.collect(&self.stage.sheet(id)?, until);
        for _ in 0..TICKS_PER_STEP {
            let due = self.stage.next_due()?.filter(|due| *due <= until);
            let ready = self.post.next_ready();
            match (due, ready) {
                (Some(due), ready) if ready.is_none_or(|ready| due <= ready) => {
                    self.clock = self.clock.max(due);
                    self.stage.tick(self.clock)?;
                    if self.stage.next_due()? == Some(due) {
                        // It cannot go off: left to the clock of the finished clinic, which says why.
                        return Ok(());
                    }
                    self.post.collect(&self.stage.sheet(id)?, until);
                }
                (_, Some(_)) => self.deliver(id, until)?,
                (_, None) => return Ok(()),
            }
        }
        Ok(())
    }
}
