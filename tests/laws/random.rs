//! Random days at the desk.

use crate::common::{self, Desk};
use crate::steps::{Step, envelope, keep_documents, person, step};
use crate::watch;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use refdesk::domain::case::{Document, DocumentState};
use refdesk::domain::command::{Cause, Command, Envelope, NewPatient, Receive, Ref};
use refdesk::domain::policy::{Actor, Checks, Policy, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::Referral;
use refdesk::domain::refusal::Code;
use refdesk::domain::status::Status;
use refdesk::domain::time::Span;
use refdesk::engine::{Engine, Failure, Places, Receipt, Undone};
use refdesk::store::Store;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was accepted and refused, by command: a generator that never gets far proves nothing.
type Tallies = BTreeMap<String, (u32, u32)>;

struct Day<'a> {
    desk: Desk,
    world: refdesk::domain::snapshot::Snapshot,
    digest: Vec<u8>,
    /// Whether rules are at work.
    ruled: bool,
    tallies: &'a RefCell<Tallies>,
}

impl Day<'_> {
    fn new(tallies: &RefCell<Tallies>, policy: Arc<Policy>) -> Day<'_> {
        let ruled = !policy.rules.is_empty();
        let dir = common::folder();
        let places = Places::in_dir(dir.path());
        let mut store = Store::open(&places.database, &places.backups).unwrap();
        store
            .write::<_, refdesk::store::StoreError>(|connection| {
                keep_documents(connection);
                Ok(())
            })
            .unwrap();
        drop(store);
        let desk = Desk {
            engine: Engine::open(places, policy, None).unwrap(),
            now: common::at(common::MONDAY),
            dir: dir.into(),
        };
        let (world, digest) = (
            common::world(desk.connection()),
            common::digest(desk.connection()),
        );
        Day {
            desk,
            world,
            digest,
            ruled,
            tallies,
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Wait(minutes) => self.desk.now += Span::minutes(*minutes),
            Step::Tick => self.tick(),
            Step::Send(draw) => {
                let envelope = envelope(draw, &self.desk, &self.world);
                self.send(&envelope);
            }
            Step::Undo(who) => self.history(*who, Engine::undo),
            Step::Redo(who) => self.history(*who, Engine::redo),
        }
    }

    fn tick(&mut self) {
        self.desk.tick();
        let after = watch::laws(&self.desk);
        assert!(
            watch::ended(&self.world, &after).is_empty(),
            "no automation ends a referral"
        );
        watch::path(&self.world, &after, self.ruled);
        self.now_is(after);
    }

    /// What a random day rarely gets to: visits that took place are closed, documents that wait are set aside.
    fn clear_the_desk(&mut self) {
        let manager = Actor {
            name: "Marta".into(),
            role: Role::Manager,
        };
        let done = self
            .world
            .referrals
            .iter()
            .filter(|each| each.status == Status::Completed);
        let close = |each: &Referral| Command::Close {
            referral: each.id,
            note: "report sent".into(),
        };
        let waiting = self
            .world
            .documents
            .iter()
            .filter(|each| each.state == DocumentState::Intake);
        let dismiss = |each: &Document| Command::DismissDocument {
            document: each.id,
            reason: "advertising".into(),
        };
        let papers = self.world.documents.iter().filter_map(|each| {
            Some(Command::SendReport {
                referral: each.referral?,
                document: each.id,
            })
        });
        let commands: Vec<Command> = papers
            .chain(done.map(close))
            .chain(waiting.map(dismiss))
            .collect();
        for command in commands {
            self.send(&Envelope::new(command, manager.clone(), Cause::Key));
        }
        self.two_that_are_one(&manager);
    }

    /// Somebody who may be known comes in: told apart, the same after all, and then the two requests are one.
    fn two_that_are_one(&mut self, who: &Actor) {
        let named = |family: &str| Receive {
            patient: Ref::New(NewPatient {
                name: common::name(family, "Noor"),
                ..common::patient(77)
            }),
            ..common::complete(Priority::Routine)
        };
        let mut made = Vec::new();
        for family in ["Marchetti", "Marchetto"] {
            let command = Command::Receive(Box::new(named(family)));
            self.send(&Envelope::new(command, who.clone(), Cause::Key));
            made.extend(self.world.referrals.iter().map(|each| each.id).max());
        }
        let [into, referral] = made.as_slice() else {
            panic!("two came in")
        };
        let (into, referral) = (*into, *referral);
        let patient = self.desk.referral(into).patient;
        let reason = || "the same card".to_owned();
        let apart = Command::TellApart { referral, patient };
        self.send(&Envelope::new(apart, who.clone(), Cause::Key));
        // A key answers only what is asked: it is asked again.
        self.desk.engine.undo(who, self.desk.now).unwrap();
        self.now_is(watch::laws(&self.desk));
        for command in [
            Command::MergePatient {
                referral,
                into: patient,
                reason: reason(),
            },
            Command::LinkReferral { referral, with: into },
            Command::MergeReferral {
                referral,
                into,
                reason: reason(),
            },
        ] {
            self.send(&Envelope::new(command, who.clone(), Cause::Key));
        }
        assert_eq!(self.desk.referral(referral).merged_into, Some(into));
    }

    fn now_is(&mut self, world: refdesk::domain::snapshot::Snapshot) {
        self.world = world;
        self.digest = common::digest(self.desk.connection());
    }

    fn send(&mut self, envelope: &Envelope) {
        let name = serde_json::to_value(&envelope.command).unwrap()["command"]
            .as_str()
            .unwrap()
            .to_owned();
        let answer = self.desk.send(envelope);
        let (mut yes, mut no) = (0, 0);
        if answer.is_ok() {
            yes = 1
        } else {
            no = 1
        }
        {
            let mut tallies = self.tallies.borrow_mut();
            let tally = tallies.entry(name).or_default();
            *tally = (tally.0 + yes, tally.1 + no);
        }
        match answer {
            Ok(receipt) if receipt.repeated => self.unchanged("an action that was done already"),
            Ok(receipt) => self.accepted(envelope, &receipt),
            Err(refusal) => {
                assert!(!refusal.because.is_empty() && !refusal.fix.is_empty());
                self.unchanged(&format!("refused: {refusal}"));
            }
        }
    }

    fn unchanged(&self, why: &str) {
        assert!(
            self.digest == common::digest(self.desk.connection()),
            "{why}, and something changed"
        );
    }

    fn accepted(&mut self, envelope: &Envelope, receipt: &Receipt) {
        assert_ne!(envelope.actor.role, Role::ReadOnly, "read-only changed something");
        let after = watch::laws(&self.desk);
        watch::inverse(&self.desk, receipt.action, &self.world, &after);
        watch::kept(&self.world, &after);
        let ended = watch::ended(&self.world, &after);
        let by_itself = |referral: &Referral| watch::loop_closed(&self.world, &after, referral);
        assert!(
            envelope.actor.role != Role::System || ended.iter().all(by_itself),
            "no automation ends a referral whose report has not arrived"
        );
        assert!(
            envelope.batch.is_none() || ended.iter().all(|referral| referral.priority != Priority::Stat),
            "an emergency was ended in a batch"
        );
        if !matches!(envelope.command, Command::Undo { .. }) {
            watch::path_of(&envelope.command, &self.world, &after, self.ruled);
        }
        if let (Some(id), Some(version)) = (receipt.referral, receipt.version) {
            let is = after.referrals.iter().find(|referral| referral.id == id).unwrap();
            assert_eq!(is.version, version, "the receipt names the version");
            if let Some(seen) = envelope.version {
                // A message that is taken up to be sent leaves the referral as it was seen.
                let claimed = matches!(envelope.command, Command::ClaimMessage { .. }) && version == seen;
                assert!(claimed || version == seen + 1, "nobody's change was written over");
            }
        }
        let before = std::mem::replace(&mut self.world, after);
        self.digest = common::digest(self.desk.connection());
        self.there_and_back(envelope, &before);
    }

    /// Undo, at once, leads back to the records that were; redo leads forward again.
    fn there_and_back(&mut self, envelope: &Envelope, before: &refdesk::domain::snapshot::Snapshot) {
        // What a sender was told cannot be untold, and a timer that went off has gone off.
        let once = matches!(
            envelope.command,
            Command::Undo { .. }
                | Command::ClaimMessage { .. }
                | Command::MoveMessage { .. }
                | Command::FireTimer { .. }
        );
        if envelope.cause != Cause::Key || envelope.batch.is_some() || once {
            return;
        }
        let after = self.world.clone();
        match self.desk.engine.undo(&envelope.actor, self.desk.now) {
            Ok(_) => {}
            Err(Failure::Refused(refusal)) => {
                let made = matches!(
                    envelope.command,
                    Command::Receive(_) | Command::TakeDocument { .. }
                );
                assert!(
                    refusal.code == Code::CannotUndo && made,
                    "undo at once: {refusal}"
                );
                return self.unchanged("undo was refused");
            }
            Err(failure) => panic!("{failure}"),
        }
        let back = watch::laws(&self.desk);
        watch::kept(before, &back);
        let known = forget_people(&back, before);
        assert_eq!(
            watch::differences(&known, before),
            Vec::<String>::new(),
            "undo leads back to where it was"
        );
        self.desk
            .engine
            .redo(&envelope.actor, self.desk.now)
            .unwrap_or_else(|failure| panic!("redo: {failure}"));
        let again = watch::laws(&self.desk);
        assert_eq!(
            watch::differences(&again, &after),
            Vec::<String>::new(),
            "redo leads forward again"
        );
        self.now_is(again);
    }

    fn history(
        &mut self,
        who: u8,
        way: fn(
            &mut Engine,
            &refdesk::domain::policy::Actor,
            refdesk::domain::time::Stamp,
        ) -> Result<Undone, Failure>,
    ) {
        let who = person(who);
        match way(&mut self.desk.engine, &who, self.desk.now) {
            Ok(undone) => {
                assert!(!undone.receipts.is_empty());
                let after = watch::laws(&self.desk);
                self.now_is(after);
            }
            Err(Failure::Refused(refusal)) => self.unchanged(&format!("refused: {refusal}")),
            Err(failure) => panic!("{failure}"),
        }
    }
}

/// Who became known stays known, and a document that came in stays: undo takes the work back, not them.
fn forget_people(
    world: &refdesk::domain::snapshot::Snapshot,
    before: &refdesk::domain::snapshot::Snapshot,
) -> refdesk::domain::snapshot::Snapshot {
    let mut world = world.clone();
    world
        .practitioners
        .retain(|each| before.practitioners.iter().any(|old| old.id == each.id));
    world
        .organizations
        .retain(|each| before.organizations.iter().any(|old| old.id == each.id));
    world
        .documents
        .retain(|each| before.documents.iter().any(|old| old.id == each.id));
    world
}

fn cases(default: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Random days on a policy; the commands that were tried, with what became of them.
fn days(policy: &Arc<Policy>, cases: u32, seed: u8) -> Tallies {
    let tallies = RefCell::new(Tallies::new());
    let config = Config {
        cases,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let outcome = runner.run(&prop::collection::vec(step(), 10..70), |steps| {
        let mut day = Day::new(&tallies, Arc::clone(policy));
        for step in &steps {
            day.take(step);
        }
        day.clear_the_desk();
        day.desk.now += Span::days(40);
        day.tick();
        day.tick();
        day.desk.assert_sound();
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    tallies.into_inner()
}

/// A clinic that asks its payers.
fn asking() -> Arc<Policy> {
    let mut policy = Policy::clone(&common::policy());
    policy.checks = Some(Checks {
        payers: BTreeMap::from([("cedar health ppo".to_owned(), "60054".to_owned())]),
        services: vec!["30".into()],
        timeout: Span::days(1),
        valid: Span::days(30),
        recheck: Span::days(3),
    });
    Arc::new(policy)
}

#[test]
fn whatever_happens_at_the_desk_the_laws_hold() {
    let cases = cases(60);
    // The same days in every run; another number of them is other days.
    let seed = u8::try_from(cases % 251).unwrap_or(0);
    let tallies = days(&asking(), cases, seed);
    for (name, (accepted, _)) in &tallies {
        assert!(*accepted > 0, "{name} was never accepted: {tallies:?}");
    }
    assert_eq!(tallies.len(), 47, "every command was tried");
}

/// The same with rules that do everything that a rule can do, at every occasion: undo and redo go through them, too.
#[test]
fn whatever_rules_do_the_laws_hold() {
    days(&crate::rules::busy(), cases(60) / 3, 7);
}
