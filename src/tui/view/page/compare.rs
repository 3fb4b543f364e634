//! Two referrals side by side, and why one stands above the other.

use super::{Line, Sheet};
use crate::domain::compare::{Rule, share};
use crate::domain::priority::Priority;
use crate::domain::score::{Score, curve_name, curve_says};
use crate::domain::time::{Span, show_span};
use crate::store::board::QueueRow;
use crate::tui::model::Model;
use crate::tui::page::Pair;
use crate::tui::theme::Tone;
use crate::tui::width::{fit, wrap};
use crate::tui::words;

const LABEL: usize = 17;

/// What is drawn of it.
pub(super) fn sheet(model: &Model, pair: &Pair, width: usize) -> Sheet {
    let [a, b] = &pair.rows;
    let title = match &pair.verdict {
        Some(_) => format!("Why is {} above {}?", a.id, b.id),
        None => format!("{} and {}", a.id, b.id),
    };
    let mut lines: Vec<Line> = wrap(&sentence(pair), width)
        .into_iter()
        .map(|line| Line::text(line, Tone::Head))
        .collect();
    lines.push(Line::default());
    let room = width.saturating_sub(LABEL + 2) / 2;
    let rule = pair.verdict.as_ref().map(|verdict| verdict.rule);
    for (label, tells, decides) in table() {
        let decided = rule.is_some_and(|rule| decides.contains(&rule));
        let sign = if decided { "→ " } else { "  " };
        let tone = if decided { Tone::Warn } else { Tone::Text };
        lines.push(Line::of(vec![
            (format!("{sign}{}", fit(label, LABEL - 2)), Tone::Dim),
            (format!("{} ", fit(&tells(model, pair, a), room)), tone),
            (fit(&tells(model, pair, b), room), tone),
        ]));
    }
    let decided = rule
        .map(|rule| format!("→ {} · ", rule.label()))
        .unwrap_or_default();
    let curve = model
        .settings
        .policy
        .score_targets
        .curve_at(pair.at)
        .map(|curve| curve.version);
    let how = format!(
        "{decided}{}: {}; as of {}",
        curve_name(curve),
        curve_says(curve),
        words::moment(pair.at, model.now, model.settings.zone())
    );
    lines.extend(
        wrap(&how, width)
            .into_iter()
            .map(|line| Line::text(line, Tone::Dim)),
    );
    for (lead, row) in pair.rows.iter().enumerate() {
        lines.push(Line {
            spans: vec![
                (format!("open {}  ", row.id), Tone::Key),
                (row.patient.clone(), Tone::Text),
            ],
            lead: Some(lead),
        });
    }
    Sheet {
        title,
        lines,
        hint: "enter opens the one chosen · esc leaves",
    }
}

fn sentence(pair: &Pair) -> String {
    let [a, b] = &pair.rows;
    let Some(verdict) = &pair.verdict else {
        let ended = if a.list.is_none() { a } else { b };
        return format!(
            "{} is {}: what has ended stands in no order of urgency.",
            ended.id, ended.status
        );
    };
    let mut text = verdict.sentence();
    if a.list != b.list {
        text.push_str(" They stand in different lists; this is the order among all open ones.");
    }
    text
}

type Tells = fn(&Model, &Pair, &QueueRow) -> String;

/// The lines: a label, what it tells of one of them, and the rules that it decides by.
fn table() -> [(&'static str, Tells, &'static [Rule]); 9] {
    [
        ("referral", |_, _, row| row.id.to_string(), &[Rule::Number]),
        ("patient", |_, _, row| row.patient.clone(), &[]),
        (
            "list, status",
            |_, _, row| {
                let list = row.list.map_or("ended", |list| list.label());
                format!("{list}, {}", row.status)
            },
            &[],
        ),
        (
            "listed urgency",
            |_, _, row| row.priority.to_string(),
            &[Rule::Emergency, Rule::Priority],
        ),
        (
            "received",
            |model, _, row| words::moment(row.received_at, model.now, model.settings.zone()),
            &[Rule::LongestEmergency],
        ),
        (
            "time in queue",
            |_, pair, row| show_span((pair.at - row.received_at).max(Span::zero())),
            &[Rule::Target],
        ),
        (
            "÷ target",
            |model, pair, row| match scored(model, pair, row) {
                Some(score) => format!(
                    "{} ÷ {} = {}",
                    show_span(score.waited),
                    show_span(score.target),
                    share(&score)
                ),
                None => outside(row),
            },
            &[],
        ),
        (
            "past due by",
            |model, pair, row| match scored(model, pair, row) {
                Some(score) if score.waited >= score.target => show_span(score.waited - score.target),
                Some(score) => format!("not yet: {} left", show_span(score.target - score.waited)),
                None => outside(row),
            },
            &[],
        ),
        (
            "score",
            |model, pair, row| match scored(model, pair, row) {
                Some(score) => score.value.to_string(),
                None => outside(row),
            },
            &[Rule::Score],
        ),
    ]
}

fn scored(model: &Model, pair: &Pair, row: &QueueRow) -> Option<Score> {
    let targets = &model.settings.policy.score_targets;
    Score::of(row.priority, row.received_at, pair.at, targets).filter(|_| row.list.is_some())
}

fn outside(row: &QueueRow) -> String {
    if row.priority == Priority::Stat {
        "outside the scorer".into()
    } else {
        "–".into()
    }
}
