//! The outbox after a night in which nothing left: how fast it drains into the folder, against the same files alone.
//!
//! Owns what is queued: requests that came once more, for the patients whom the clinic has open, so often that a hundred thousand
//! messages wait where it has enough of them. A clinic grows by them.

use super::sample::{Figure, Limit};
use super::writes::again;
use super::{Clinic, Trouble};
use crate::channels::folder::Folder;
use crate::channels::way::{Way, Ways};
use crate::domain::message::Message;
use crate::domain::query::Query;
use crate::domain::time::Span;
use crate::engine::Engine;
use crate::store::board::{Anchor, Shelf};
use crate::store::due::{self, Part};
use crate::store::records;
use std::time::Instant;

/// Requests that come in, each with what it tells provider and patient.
const CAME: usize = 52_000;
/// A patient comes once more so many times at most.
const TIMES: usize = 2;
/// So many come in one transaction.
const TOGETHER: usize = 500;
/// Files written without a record of them.
const ALONE: usize = 5_000;
/// The same morning, so that patients may be written to.
const LATER: Span = Span::hours(1);

pub fn measure(clinic: &Clinic) -> Result<Vec<Figure>, Trouble> {
    let (ours, plain) = (clinic.beside("bench-outbox"), clinic.beside("bench-files"));
    let mut engine = clinic.engine()?.by_ways(Ways::folder(&ours));
    let later = clinic.now + LATER;
    // What waited before is not what is measured.
    engine.send_due(later, usize::MAX)?;
    come_in(&mut engine, clinic)?;
    let began = Instant::now();
    let sent = engine.send_due(later, usize::MAX)?;
    let rate = sent.handed_over as f64 / began.elapsed().as_secs_f64();
    let letters: Vec<Message> = due::part(engine.store().connection(), Part::Left, ALONE)?;
    let folder = Folder::new(&plain);
    let began = Instant::now();
    for batch in letters.chunks(TOGETHER) {
        folder.hand_over_each(&batch.iter().collect::<Vec<_>>(), later);
    }
    let plain_rate = letters.len() as f64 / began.elapsed().as_secs_f64();
    for folder in [ours, plain] {
        let _ = std::fs::remove_dir_all(folder);
    }
    Ok(vec![
        Figure::value(
            "outbox: messages due",
            clinic.referrals,
            sent.handed_over as f64,
            "messages",
            Limit::Said,
        ),
        Figure::value(
            "outbox: messages into the folder, durable",
            clinic.referrals,
            rate,
            "a second",
            Limit::AtLeast(5000.0),
        )
        .against("the same files without a record of them", plain_rate),
    ])
}

fn come_in(engine: &mut Engine, clinic: &Clinic) -> Result<(), Trouble> {
    let targets = &clinic.policy.score_targets;
    let window = engine.store().window(
        Shelf::Open,
        &Query::default(),
        Anchor::Start,
        CAME.div_ceil(TIMES),
        clinic.now,
        targets,
    )?;
    let mut all = Vec::with_capacity(window.rows.len());
    for row in window.rows {
        let snapshot = records::of_referral(engine.store().connection(), row.id)?;
        if let Some(referral) = snapshot.referral() {
            all.push(again(referral, referral.patient, &clinic.actor));
        }
    }
    for _ in 0..TIMES {
        for batch in all.chunks(TOGETHER) {
            engine.execute_all(batch, clinic.now)?;
        }
    }
    Ok(())
}
