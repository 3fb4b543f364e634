//! Durable writes: an accept, and the clock with nothing and with much to do, against plain SQL that writes the same rows.
//!
//! Owns what is executed. An accept is taken back again; timers that went off stay so: a clinic grows older by each run.

use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use crate::channels::hold;
use crate::domain::command::{Cause, Command, Envelope, Receive, Ref};
use crate::domain::id::PatientId;
use crate::domain::lists::List;
use crate::domain::policy::{Actor, Policy};
use crate::domain::priority::Priority;
use crate::domain::query::Query;
use crate::domain::referral::Referral;
use crate::domain::rule::{Condition, Rule, Then, Trigger};
use crate::domain::time::Span;
use crate::engine::{Engine, Failure, Places};
use crate::store::board::{Anchor, Shelf};
use crate::store::yardstick::{self, Yardstick};
use std::sync::Arc;
use std::time::Instant;

/// Referrals accepted.
const ACCEPTED: usize = 120;
/// Passes with nothing due.
const IDLE: usize = 500;
/// Timers fired.
const FIRED: usize = 100_000;
/// Of their actions, so many are written again with plain SQL, in transactions of as many as the clock's own.
const AGAIN: usize = 2_000;
const BATCH: usize = 1_000;
/// The clock is set ahead by this, so that much is due.
const AHEAD: Span = Span::days(60);

pub fn accept(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let mut engine = clinic.engine()?;
    let review = Shelf::List(List::Review);
    let targets = &clinic.policy.score_targets;
    let rows = engine
        .store()
        .window(
            review,
            &Query::default(),
            Anchor::Start,
            ACCEPTED,
            clinic.now,
            targets,
        )?
        .rows;
    let path = clinic.beside("bench-yardstick.db");
    let yardstick = Yardstick::new(&path)?;
    let (mut ours, mut plain) = (Sample::default(), Sample::default());
    for row in rows {
        yardstick.write(&yardstick::around(engine.store().connection(), row.id)?)?;
        let command = Command::Accept { referral: row.id };
        let envelope = Envelope::new(command, clinic.actor.clone(), Cause::Key);
        let began = Instant::now();
        let receipt = match engine.execute(&envelope, clinic.now) {
            Ok(receipt) => receipt,
            Err(Failure::Refused(_)) => continue,
            Err(failure) => return Err(failure.into()),
        };
        ours.push(began.elapsed());
        let written = yardstick::written(engine.store().connection(), &[receipt.action])?;
        plain.time(|| yardstick.write(&written))?;
        engine.undo(&clinic.actor, clinic.now)?;
    }
    forget(&path);
    Ok(vec![
        Figure::of(
            "accept, durable",
            clinic.referrals,
            &ours,
            Limit::RatioAtMost(2.0),
        )
        .against("the same rows by plain SQL, as durable", plain.median()),
    ])
}

/// Referrals received.
const RECEIVED: usize = 200;
/// Rules at work meanwhile: more than a clinic keeps in its head.
const RULES: usize = 20;

/// What rules add to a receive: one and the same referral, decided with and without them. None of them fires: what one does is its
/// own work, and the question is what asking costs.
pub fn rules(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let mut engine = clinic.engine()?;
    let id = engine
        .store()
        .window(
            Shelf::Open,
            &Query::default(),
            Anchor::Start,
            1,
            clinic.now,
            &clinic.policy.score_targets,
        )?
        .rows
        .first()
        .map(|row| row.id);
    let Some(id) = id else { return Ok(Vec::new()) };
    let snapshot = crate::store::records::of_referral(engine.store().connection(), id)?;
    let (Some(referral), Some(patient)) = (snapshot.referral(), snapshot.patients.first()) else {
        return Ok(Vec::new());
    };
    let envelope = again(referral, patient.id, &clinic.actor);
    let terms = Query::parse_worded("priority:routine age:0.. -owner:nobody payer:none-such")?;
    let rule = |number| Rule {
        name: format!("rule-{number}"),
        when: vec![Trigger::Received],
        condition: Condition::new(terms.clone()),
        then: Then {
            task: Some("See to it".into()),
            ..Then::default()
        },
    };
    let policy = Policy {
        rules: (0..RULES).map(rule).collect(),
        ..(*clinic.policy).clone()
    };
    let mut ruled = Engine::open(Places::in_dir(&clinic.folder), Arc::new(policy), Some(1))?;
    let (mut with, mut without) = (Sample::default(), Sample::default());
    for _ in 0..RECEIVED {
        with.time(|| ruled.execute(&envelope, clinic.now))?;
        without.time(|| engine.execute(&envelope, clinic.now))?;
    }
    Ok(vec![
        Figure::of(
            "receive with 20 rules, durable",
            clinic.referrals,
            &with,
            Limit::RatioAtMost(1.2),
        )
        .against("the same without rules", without.median()),
    ])
}

/// The same request for the same patient once more.
pub(super) fn again(referral: &Referral, patient: PatientId, actor: &Actor) -> Envelope {
    let receive = Receive {
        source: referral.source,
        received_at: None,
        document: None,
        template: referral.template.clone(),
        service: None,
        priority: Some(Priority::Routine),
        patient: Ref::Known(patient),
        requester: referral.requester.map(Ref::Known),
        organization: None,
        facility: None,
        reason_text: referral.reason_text.clone(),
        reason_codes: referral.reason_codes.clone(),
        procedure_codes: Vec::new(),
        coverages: Vec::new(),
        authorization: None,
        provided: Vec::new(),
        remarks: Vec::new(),
        replaces: None,
    };
    Envelope::new(Command::Receive(Box::new(receive)), actor.clone(), Cause::Key)
}

pub fn tick(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let mut engine = clinic.engine()?;
    let outbox = engine.places().outbox.clone();
    std::fs::create_dir_all(&outbox)?;
    let held = hold::reason(&outbox);
    engine.tick(clinic.now, usize::MAX)?;
    let (mut idle, mut asking) = (Sample::default(), Sample::default());
    for _ in 0..IDLE {
        idle.time(|| engine.tick(clinic.now, FIRED))?;
        asking.time(|| yardstick::next_due(engine.store().connection()))?;
    }
    let later = clinic.now + AHEAD;
    // The clock alone is measured: what would leave is kept back meanwhile.
    hold::set(&outbox, "the bench measures the clock")?;
    let due = yardstick::due(engine.store().connection(), later)?;
    let last = crate::store::log::next_action(engine.store().connection())? - 1;
    let began = Instant::now();
    let ticked = engine.tick(later, FIRED)?;
    let rate = ticked.fired as f64 / began.elapsed().as_secs_f64();
    let actions = yardstick::last_actions(engine.store().connection(), last, AGAIN)?;
    let path = clinic.beside("bench-yardstick.db");
    let yardstick = Yardstick::new(&path)?;
    let mut plain = 0.0;
    for batch in actions.chunks(BATCH) {
        let rows = yardstick::written(engine.store().connection(), batch)?;
        let began = Instant::now();
        yardstick.write(&rows)?;
        plain += began.elapsed().as_secs_f64();
    }
    forget(&path);
    hold::lift(&outbox)?;
    if let Some(reason) = held {
        hold::set(&outbox, &reason)?;
    }
    let plain_rate = actions.len() as f64 / plain.max(f64::EPSILON);
    Ok(vec![
        Figure::of("tick: nothing due", clinic.referrals, &idle, Limit::AtMost(1.0))
            .against("asking for the next timer by plain SQL", asking.median()),
        Figure::value(
            "tick: timers due",
            clinic.referrals,
            due as f64,
            "timers",
            Limit::Said,
        ),
        Figure::value(
            "tick: timers fired, durable",
            clinic.referrals,
            rate,
            "a second",
            Limit::AtLeast(5000.0),
        )
        .against("the same rows by plain SQL, as durable", plain_rate),
    ])
}

/// Takes a yardstick's files away.
fn forget(path: &std::path::Path) {
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
}
