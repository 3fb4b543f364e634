//! A life being written: a moment that moves on, and the steps taken so far.
//!
//! Owns the arithmetic of moments: within opening hours, in order, and never after now. Must not know fates.

use super::chance::Chance;
use super::pools::Staff;
use super::story::{Act, Look, Paper, Play, Step};
use crate::domain::calendar::Calendar;
use crate::domain::command::{Cause, Command};
use crate::domain::id::ReferralId;
use crate::domain::policy::{Actor, Role};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Span, Stamp, from_seconds, seconds};

/// The longest that a life's share of time is measured by: what is older was dealt with in its own time.
const LONGEST: i64 = 50 * 24 * 60;

/// A life being written.
pub struct Life<'a> {
    calendar: &'a Calendar,
    staff: &'a Staff,
    now: Stamp,
    received: Stamp,
    at: Stamp,
    over: bool,
    steps: Vec<Step>,
    coordinator: usize,
    /// Its chance.
    pub chance: Chance,
}

impl<'a> Life<'a> {
    /// Begins with the referral's arrival.
    pub fn begin(
        calendar: &'a Calendar,
        staff: &'a Staff,
        now: Stamp,
        received: Stamp,
        mut chance: Chance,
    ) -> Life<'a> {
        let coordinator = usize::try_from(chance.between(0, 63)).unwrap_or(0);
        Life {
            calendar,
            staff,
            now,
            received,
            at: received,
            over: false,
            steps: Vec::new(),
            coordinator,
            chance,
        }
    }

    /// The steps.
    pub fn end(self) -> Vec<Step> {
        self.steps
    }

    /// Now.
    pub fn now(&self) -> Stamp {
        self.now
    }

    /// The moment that the life has come to.
    pub fn at(&self) -> Stamp {
        self.at
    }

    /// Moves on by some minutes, whatever the hour.
    pub fn wait(&mut self, low: i64, high: i64) {
        let minutes = self.chance.between(low, high);
        self.reach(self.at + Span::minutes(minutes));
    }

    /// Moves on by some minutes of which people at the desk know only those within opening hours.
    pub fn office(&mut self, low: i64, high: i64) {
        let minutes = self.chance.between(low, high);
        let open = self.open_near(self.at + Span::minutes(minutes));
        self.reach(open);
    }

    /// Moves on to a share of the time since the referral arrived, within opening hours.
    pub fn share(&mut self, low: f64, high: f64) {
        let whole = (self.now - self.received).num_minutes().min(LONGEST);
        let part = whole as f64 * self.chance.fraction(low, high);
        // Truncation is meant: minutes.
        self.reach_near(self.received + Span::minutes(part as i64));
    }

    /// Moves on by some minutes, but never past a share of the time since the referral arrived.
    pub fn within(&mut self, low: i64, high: i64, share: f64) {
        let whole = (self.now - self.received).num_minutes().min(LONGEST);
        // Truncation is meant: minutes.
        let most = (whole as f64 * share) as i64;
        let minutes = self.chance.between(low.min(most), high.min(most));
        self.reach_near(self.received + Span::minutes(minutes));
    }

    /// Moves on by some minutes, within opening hours, and where that would be after now, to a little before it.
    pub fn later(&mut self, low: i64, high: i64) {
        let minutes = self.chance.between(low, high);
        let before_now = self.now - Span::minutes(self.chance.between(5, 90));
        self.reach_near((self.at + Span::minutes(minutes)).min(before_now));
    }

    /// A moment that must come before now: where the clinic opens only after it, somebody stayed late.
    fn reach_near(&mut self, at: Stamp) {
        let open = self.open_near(at);
        self.reach(if open > self.now { at } else { open });
    }

    /// A slot for an appointment at a share of the time since the referral arrived, after this moment.
    pub fn moment(&mut self, low: f64, high: f64) -> Stamp {
        let whole = (self.now - self.received).num_minutes().min(LONGEST);
        let part = whole as f64 * self.chance.fraction(low, high);
        // Truncation is meant: half hours.
        let rough = self.received + Span::minutes(part as i64 / 30 * 30);
        let least = self.at + Span::minutes(30);
        let open = self.calendar.next_open(rough.max(least));
        let slot = from_seconds((seconds(open) + 1_799) / 1_800 * 1_800);
        // People are seen all day long, not at the opening.
        let spread = slot + Span::minutes(30 * self.chance.between(0, 14));
        if self.calendar.is_open(spread) && spread + Span::hours(2) < self.now {
            spread
        } else {
            slot
        }
    }

    /// Moves on to a time that is already known.
    pub fn until(&mut self, at: Stamp) {
        self.reach(at);
    }

    fn reach(&mut self, at: Stamp) {
        self.at = at.max(self.at + Span::minutes(1));
        self.over |= self.at > self.now;
    }

    /// The moment itself where the clinic is open, else some time into its next morning.
    fn open_near(&mut self, at: Stamp) -> Stamp {
        if self.calendar.is_open(at) {
            return at;
        }
        let opens = self.calendar.next_open(at);
        let later = opens + Span::seconds(self.chance.between(120, 10_000));
        if self.calendar.is_open(later) {
            later
        } else {
            opens
        }
    }

    /// A slot for an appointment some days from a moment: on the half hour, within opening hours.
    pub fn slot(&mut self, from: Stamp, low: i64, high: i64) -> Stamp {
        let days = self.chance.between(low, high);
        let halves = self.chance.between(1, 13);
        let day = self.calendar.next_open(from + Span::days(days));
        // The morning after that day's night, so that the half hours count from the opening.
        let opening = self
            .calendar
            .next_open(from_seconds(seconds(day) / 86_400 * 86_400) + Span::hours(30));
        let slot = opening + Span::minutes(30 * halves);
        if self.calendar.is_open(slot + Span::minutes(60)) {
            slot
        } else {
            opening
        }
    }

    /// The coordinator who mostly works on this one.
    pub fn coordinator(&mut self) -> Actor {
        let colleague = usize::from(self.chance.percent(20));
        let names = &self.staff.coordinators;
        let name = names
            .get((self.coordinator + colleague) % names.len().max(1))
            .cloned()
            .unwrap_or_default();
        Actor {
            name,
            role: Role::Coordinator,
        }
    }

    /// A clinician.
    pub fn clinician(&mut self) -> Actor {
        Actor {
            name: self.chance.text(&self.staff.clinicians),
            role: Role::Clinician,
        }
    }

    /// The manager.
    pub fn manager(&self) -> Actor {
        Actor {
            name: self.staff.manager.clone(),
            role: Role::Manager,
        }
    }

    /// Somebody who sees patients.
    pub fn performer(&mut self) -> String {
        self.chance.text(&self.staff.performers)
    }

    /// A room.
    pub fn room(&mut self) -> String {
        self.chance.text(&self.staff.rooms)
    }

    /// Takes a step at this moment. A step that would lie in the future is not taken, nor any after it.
    pub fn take(&mut self, actor: Actor, cause: Cause, play: Play) {
        if !self.over {
            self.steps.push(Step {
                at: self.at,
                actor,
                cause,
                play,
            });
        }
    }

    /// A coordinator acts.
    pub fn desk(&mut self, act: impl FnOnce(ReferralId) -> Command + Send + 'static) {
        let who = self.coordinator();
        self.by(who, act);
    }

    /// Somebody acts.
    pub fn by(&mut self, who: Actor, act: impl FnOnce(ReferralId) -> Command + Send + 'static) {
        let act: Act = Box::new(act);
        self.take(who, Cause::Demo, Play::Act(act));
    }

    /// A coordinator looks, then acts.
    pub fn look(&mut self, look: impl FnOnce(ReferralId, &Snapshot) -> Option<Command> + Send + 'static) {
        let who = self.coordinator();
        let look: Look = Box::new(look);
        self.take(who, Cause::Demo, Play::Look(look));
    }

    /// The answer to a request comes in.
    pub fn answer(&mut self, paper: Paper) {
        self.take(Actor::system(), Cause::Demo, Play::Answer(paper));
    }
}
