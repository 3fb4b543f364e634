//! `refdesk report score`: how good the score is, on weeks that it has not seen.

use super::desk::Desk;
use super::{Ending, Exit, number, print};
use crate::domain::score::CURVE;
use crate::domain::time::{day_in, print_stamp, show_day};
use crate::report::score::{Band, Judgement, WAYS, judge};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Score {
    /// Weeks of history from which the curves are learnt
    #[arg(long, default_value = "26", value_name = "N", value_parser = number::<u32>)]
    learn: u32,
    /// Weeks after them that are held out
    #[arg(long, default_value = "8", value_name = "N", value_parser = number::<u32>)]
    held: u32,
}

/// The longest history that is asked for: ten years.
const WEEKS_MAX: u32 = 520;

impl Score {
    pub fn run(&self, desk: &Desk) -> Ending {
        let (policy, now) = (desk.engine.policy(), desk.now());
        let weeks = (self.learn.min(WEEKS_MAX), self.held.min(WEEKS_MAX));
        let judged = judge(desk.engine.store(), policy, weeks.0, weeks.1, now)?;
        if desk.json() {
            print::json(&object(&judged))?;
        } else {
            for line in text(&judged, desk) {
                print::line(&line)?;
            }
        }
        Ok(Exit::Done)
    }
}

fn verdict(judged: &Judgement) -> &'static str {
    match (judged.is_enough(), judged.is_better()) {
        (false, _) => "too few held out to say",
        (true, true) => "the history's curves would be better",
        (true, false) => "the history's curves are not better",
    }
}

fn object(judged: &Judgement) -> serde_json::Value {
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
        "curve_in_use": CURVE, "learnt_from": since, "held_out_from": from, "held_out_until": until, "decisions": learnt,
        "asked": judged.asked, "missed": judged.missed, "ranking": ranking,
        "brier": { "history": judged.distance[0], "share of target": judged.distance[1] },
        "reliability": { "history": bands(&judged.history), "share of target": bands(&judged.default) },
        "enough": judged.is_enough(), "better": judged.is_better(),
    })
}

fn text(judged: &Judgement, desk: &Desk) -> Vec<String> {
    let zone = desk.engine.policy().clinic.zone;
    let [since, from, until] = judged.spans.map(|at| show_day(day_in(zone, at)));
    let learnt: Vec<String> = judged
        .learnt
        .iter()
        .map(|(priority, count)| format!("{priority} {count}"))
        .collect();
    let figure = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format!("{value:.3}"));
    let mut out = vec![
        format!("in use: curve {CURVE}"),
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
    out.push(format!(
        "{}; the queue keeps the share of the target",
        verdict(judged)
    ));
    out
}
