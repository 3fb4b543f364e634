//! `refdesk report score`: how good the score is, on weeks that it has not seen.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, number, print};
use crate::config::curves as kept;
use crate::domain::curve::Learnt;
use crate::domain::policy::Role;
use crate::domain::score::curve_name;
use crate::domain::survival::Curves;
use crate::domain::time::{day_in, print_stamp, show_day};
use crate::report::score::{Band, Judgement, WAYS, curves, judge};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Score {
    /// Weeks of history from which the curves are learnt
    #[arg(long, default_value = "26", value_name = "N", value_parser = number::<u32>)]
    learn: u32,
    /// Weeks after them that are held out
    #[arg(long, default_value = "8", value_name = "N", value_parser = number::<u32>)]
    held: u32,
    /// Put the history's curves in force from now on, learnt from the last weeks up to now; only where they were better
    #[arg(long, conflicts_with = "simple")]
    adopt: bool,
    /// Put the share of the target in force again from now on
    #[arg(long)]
    simple: bool,
}

/// The longest history that is asked for: ten years.
const WEEKS_MAX: u32 = 520;

impl Score {
    pub fn run(&self, desk: &Desk) -> Ending {
        let (policy, now) = (desk.engine.policy(), desk.now());
        if self.simple {
            return put(desk, None);
        }
        let weeks = (self.learn.min(WEEKS_MAX), self.held.min(WEEKS_MAX));
        let judged = judge(desk.engine.store(), policy, weeks.0, weeks.1, now)?;
        let in_use = policy.score_targets.curve_at(now).map(|curve| curve.version);
        let in_use = curve_name(in_use);
        if desk.json() {
            print::json(&object(&judged, &in_use))?;
        } else {
            for line in text(&judged, desk, &in_use) {
                print::line(&line)?;
            }
        }
        if !self.adopt {
            return Ok(Exit::Done);
        }
        if !judged.is_better() {
            print::error("the history's curves were not better: nothing was changed");
            return Ok(Exit::Failed);
        }
        put(desk, Some(curves(desk.engine.store(), policy, weeks.0, now)?))
    }
}

/// Puts curves in force, or the share of the target where there are none. The order of everybody's queue is the manager's to set.
fn put(desk: &Desk, curves: Option<Curves>) -> Ending {
    if desk.actor.role != Role::Manager {
        print::error("only a manager may change how the queue is ordered; nothing was changed");
        return Ok(Exit::Failed);
    }
    let file = desk.dir.curves();
    let (version, from) = kept::next(&file, desk.now()).map_err(Trouble)?;
    let learnt = match curves {
        Some(curves) => Learnt::of(&curves, &desk.engine.policy().score_targets, version, from),
        None => Learnt {
            version,
            from,
            reached: None,
        },
    };
    let name = curve_name(learnt.reached.as_ref().map(|_| version));
    kept::add(&file, learnt).map_err(Trouble)?;
    if !desk.json() {
        print::line(&format!(
            "in force from now on: curve {name}; programs that are open take it over when they start again"
        ))?;
    }
    Ok(Exit::Done)
}

fn verdict(judged: &Judgement) -> &'static str {
    match (judged.is_enough(), judged.is_better()) {
        (false, _) => "too few held out to say: the simple one stays",
        (true, true) => "the history's curves are better: --adopt puts them in force",
        (true, false) => "the history's curves are not better: the simple one stays",
    }
}

fn object(judged: &Judgement, in_use: &str) -> serde_json::Value {
    let bands = |bands: &[Band]| -> Vec<serde_json::Value> {
        bands
            .iter()
            .map(|band| json!({ "asked": band.asked, "said_percent": band.said, "came_percent": band.came }))
            .collect()
    };
    let [since, from, until] = judged.spans.map(print_stamp);
    let learnt: serde_json::Map<String, serde_json::Value> = judged
        .learnt
        .iter()
        .map(|(priority, count)| (priority.code().to_owned(), (*count).into()))
        .collect();
    let ranking: serde_json::Map<String, serde_json::Value> = WAYS
        .iter()
        .zip(judged.ranking)
        .map(|(way, value)| ((*way).to_owned(), value.into()))
        .collect();
    json!({
        "curve_in_use": in_use, "learnt_from": since, "held_out_from": from, "held_out_until": until, "decisions": learnt,
        "asked": judged.asked, "missed": judged.missed, "ranking": ranking,
        "brier": { "history": judged.distance[0], "share of target": judged.distance[1] },
        "reliability": { "history": bands(&judged.history), "share of target": bands(&judged.default) },
        "enough": judged.is_enough(), "better": judged.is_better(),
    })
}

fn text(judged: &Judgement, desk: &Desk, in_use: &str) -> Vec<String> {
    let zone = desk.engine.policy().clinic.zone;
    let [since, from, until] = judged.spans.map(|at| show_day(day_in(zone, at)));
    let learnt: Vec<String> = judged
        .learnt
        .iter()
        .map(|(priority, count)| format!("{priority} {count}"))
        .collect();
    let figure = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format!("{value:.3}"));
    let mut out = vec![
        format!("in use: curve {in_use}"),
        format!("learnt from {since} to {from}, decisions: {}", learnt.join(", ")),
        format!(
            "held out {from} to {until}: asked {} times, {} then missed the decision target",
            judged.asked, judged.missed
        ),
        String::new(),
        "who then misses stands above who does not, so often (1 is always, 0.5 is chance)".into(),
    ];
    for (way, value) in WAYS.iter().zip(judged.ranking) {
        out.push(format!("  {way:<16} {}", figure(value)));
    }
    out.push(String::new());
    out.push("what was said, and what came (per cent)".into());
    out.push("  band        history: said  came  times   share of target: said  came  times".into());
    let width = 100 / judged.history.len().max(1);
    for (place, (ours, default)) in judged.history.iter().zip(&judged.default).enumerate() {
        out.push(format!(
            "  {:>3} to {:<3} {:>13.0} {:>5.0} {:>6} {:>23.0} {:>5.0} {:>6}",
            place * width,
            (place + 1) * width,
            ours.said,
            ours.came,
            ours.asked,
            default.said,
            default.came,
            default.asked
        ));
    }
    let [ours, default] = judged.distance.map(figure);
    out.push(format!(
        "  off by (Brier)  history {ours}, share of target {default}"
    ));
    out.push(String::new());
    out.push(verdict(judged).to_owned());
    out
}
