//! The head of the detail: who, what, where it stands, both clocks, what comes next.

use super::{Line, Span, plain};
use crate::domain::case::MilestoneKind;
use crate::domain::clocks::{clinic_clock, show_open_time};
use crate::domain::referral::Referral;
use crate::domain::score::Score;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, day_in, show_span};
use crate::store::board::{Related, Relation, Sheet};
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::{columns, wrap};
use crate::tui::words;

/// Whom it is about, what is asked for, who sent it.
pub fn who(model: &Model, snapshot: &Snapshot, referral: &Referral) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let patient = snapshot.patient(referral.patient);
    let name = patient.map(|patient| patient.name.filed()).unwrap_or_default();
    let who = patient
        .map(|patient| words::sex_age(patient.sex, patient.dob, day_in(zone, now)))
        .unwrap_or_default();
    let reach = patient.map(|patient| {
        let channel = patient
            .preferred
            .map(|channel| format!(", {}", channel.code()))
            .unwrap_or_default();
        format!("{}{channel}", words::language(&patient.language))
    });
    let mut out = vec![Line {
        heading: true,
        ..Line::of(vec![
            (format!("{}  ", referral.id), Tone::Head),
            (name, Tone::Head),
            plain(format!("   {who}   ")),
            (reach.unwrap_or_default(), Tone::Dim),
        ])
    }];
    let mark = match referral.priority.mark() {
        "" => String::new(),
        mark => format!("  {mark}"),
    };
    let source = format!(
        "  {}, received {}",
        referral.source.label(),
        words::moment(referral.received_at, now, zone)
    );
    out.push(Line::of(vec![
        plain(format!("{} · {}", referral.specialty, referral.service)),
        (mark, Tone::Warn),
        (source, Tone::Dim),
    ]));
    let sender = snapshot
        .practitioner(referral.requester)
        .map(|person| person.name.spoken());
    let practice = snapshot
        .organization(referral.requester_org)
        .map(|practice| practice.name.clone());
    let from: Vec<String> = sender.into_iter().chain(practice).collect();
    if !from.is_empty() {
        out.push(Line::of(vec![
            ("from ".into(), Tone::Dim),
            plain(from.join(", ")),
        ]));
    }
    out
}

/// Why the patient was sent.
pub fn reason(referral: &Referral, width: usize) -> Vec<Line> {
    let codes = referral.reason_codes.join(" ");
    let reason = format!("{} {codes}", referral.reason_text);
    if reason.trim().is_empty() {
        return Vec::new();
    }
    wrap(reason.trim(), width)
        .into_iter()
        .take(4)
        .map(Line::text)
        .collect()
}

/// The score's arithmetic.
pub fn score(model: &Model, referral: &Referral) -> Vec<Line> {
    let targets = &model.settings.policy.score_targets;
    let score = Score::of(referral.priority, referral.received_at, model.now, targets);
    let shown = score.filter(|_| referral.status.is_open());
    let line = |score: Score| Line::of(vec![("score ".into(), Tone::Dim), plain(score.explain())]);
    shown.map(line).into_iter().collect()
}

const ROAD: [Status; 4] = [
    Status::Received,
    Status::Accepted,
    Status::Scheduled,
    Status::Completed,
];

/// How far along the road a status is, and whether it stands beside the road; none where that depends on what was before.
fn stage(status: Status) -> Option<(usize, bool)> {
    match status {
        Status::Received => Some((0, false)),
        Status::NeedsInfo | Status::InReview => Some((0, true)),
        Status::Accepted => Some((1, false)),
        Status::Waitlisted | Status::NoShow | Status::AppointmentCancelled => Some((1, true)),
        Status::Scheduled => Some((2, false)),
        Status::Completed => Some((3, false)),
        Status::Closed => Some((3, true)),
        Status::CancelRequested | Status::Declined | Status::Cancelled | Status::EnteredInError => None,
    }
}

/// The status path: `received ● ── accepted ○ ── …`, the status beside the road put in where it belongs; and why.
pub fn path(model: &Model, referral: &Referral, width: usize) -> Vec<Line> {
    let mut out = road(model, referral, width);
    if let Some(reason) = &referral.status_reason {
        let lines = wrap(&format!("because {reason}"), width).into_iter();
        out.extend(lines.take(2).map(Line::dim));
    }
    out
}

fn road(model: &Model, referral: &Referral, width: usize) -> Vec<Line> {
    let name = |status| model.settings.screen.status_name(status);
    let before = referral
        .status_before
        .and_then(stage)
        .map_or(0, |(reached, _)| reached);
    let (reached, beside) = stage(referral.status).unwrap_or((before, true));
    let ended = !referral.status.is_open();
    let mut steps: Vec<(&str, bool, bool)> = Vec::new();
    for (index, status) in ROAD.iter().enumerate() {
        let here = index == reached && !beside;
        steps.push((name(*status), index <= reached, here));
        if index == reached && beside {
            steps.push((name(referral.status), true, true));
            if ended {
                break;
            }
        }
    }
    let joined = |joint: &str| {
        let mut spans: Vec<Span> = Vec::new();
        for (label, done, here) in &steps {
            if !spans.is_empty() {
                spans.push((joint.into(), Tone::Rule));
            }
            let tone = match (here, done) {
                (true, _) => Tone::Head,
                (false, true) => Tone::Text,
                (false, false) => Tone::Dim,
            };
            spans.push((format!("{label} {}", if *done { "●" } else { "○" }), tone));
        }
        spans
    };
    for joint in [" ── ", " ─ ", " "] {
        let line = Line::of(joined(joint));
        if columns(&line.whole()) <= width {
            return vec![line];
        }
    }
    let text = Line::of(joined(" ")).whole();
    wrap(&text, width).into_iter().map(Line::text).collect()
}

/// Both clocks, and the milestone that is next.
pub fn clocks(model: &Model, snapshot: &Snapshot, referral: &Referral) -> Line {
    let policy = &model.settings.policy;
    let calendar = &policy.calendar;
    let clinic = clinic_clock(referral, calendar, model.now);
    let mut spans = vec![
        ("patient clock ".into(), Tone::Dim),
        plain(show_span(referral.patient_clock(model.now))),
        (" · clinic clock ".into(), Tone::Dim),
        plain(show_open_time(clinic.ran, calendar)),
    ];
    if clinic.is_paused || clinic.paused >= crate::domain::time::Span::minutes(1) {
        let by = clinic.reason.map(|why| format!(": {}", why.label()));
        let state = if clinic.is_paused {
            "standing still"
        } else {
            "paused"
        };
        let text = format!(
            " ({state} {}{})",
            show_open_time(clinic.paused, calendar),
            by.unwrap_or_default()
        );
        spans.push((text, Tone::Dim));
    }
    let open = MilestoneKind::ALL.iter().find_map(|kind| {
        snapshot
            .milestones
            .iter()
            .find(|milestone| milestone.kind == *kind && milestone.done_at.is_none())
    });
    if let Some(milestone) = open.filter(|_| referral.status.is_open()) {
        let due = words::due(Some(milestone.target_at), model.now, model.settings.zone());
        let tone = if milestone.target_at < model.now {
            Tone::Alarm
        } else {
            Tone::Text
        };
        spans.push((" · ".into(), Tone::Dim));
        spans.push((format!("{} {due}", milestone.kind.label()), tone));
    }
    Line::of(spans)
}

/// The next action, or how it ended.
pub fn next(referral: &Referral, now: Stamp, model: &Model) -> Line {
    let Some(action) = referral.next_action else {
        let since = words::moment(referral.status_since, now, model.settings.zone());
        return Line::section(
            "Ended",
            vec![plain(format!(
                "{} since {since}",
                model.settings.screen.status_name(referral.status)
            ))],
        );
    };
    let over = referral.due_at.is_some_and(|due| due < now);
    let due = match referral.due_at {
        Some(at) if over => {
            format!(
                " · due {}, {} over",
                words::moment(at, now, model.settings.zone()),
                words::brief(now - at)
            )
        }
        Some(at) => format!(" · due {}", words::moment(at, now, model.settings.zone())),
        None => String::new(),
    };
    Line::section(
        "Next",
        vec![
            plain(action.label()),
            (due, if over { Tone::Alarm } else { Tone::Text }),
            (
                format!(
                    " · {}",
                    model.settings.policy.shown_owner(&referral.owner, model.now)
                ),
                Tone::Dim,
            ),
        ],
    )
}

/// What stands beside it: what it was sent in place of, what was sent in its place, and what looks like it.
pub fn related(sheet: &Sheet) -> Vec<Line> {
    let line = |related: &Related| {
        let why = related
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let (text, tone) = match related.how {
            Relation::Replaces => (
                format!("sent again after {} was {}{why}", related.id, related.status),
                Tone::Warn,
            ),
            Relation::ReplacedBy => (
                format!("sent again as {} ({})", related.id, related.status),
                Tone::Text,
            ),
            Relation::MergedHere => (format!("{} was merged into it", related.id), Tone::Dim),
            Relation::GoesOn => (
                format!("merged into {} ({}), which goes on", related.id, related.status),
                Tone::Warn,
            ),
            Relation::Linked => (
                format!(
                    "belongs together with {} ({}, {})",
                    related.id, related.service, related.status
                ),
                Tone::Text,
            ),
            Relation::LooksLike => (
                format!(
                    "! looks like {} ({}, {}): the same patient and specialty; compare them",
                    related.id, related.service, related.status
                ),
                Tone::Alarm,
            ),
        };
        Line::of(vec![(text, tone)])
    };
    sheet.related.iter().map(line).collect()
}
