//! The head of the detail: who, what, where it stands, both clocks, what comes next.

use super::{Line, Span, plain};
use crate::domain::case::MilestoneKind;
use crate::domain::clocks::{clinic_clock, show_open_time};
use crate::domain::referral::Referral;
use crate::domain::score::Score;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, day_in, show_span};
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::{columns, wrap};
use crate::tui::words;

/// The lines.
pub fn lines(model: &Model, snapshot: &Snapshot, referral: &Referral, width: usize) -> Vec<Line> {
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
    let codes = referral.reason_codes.join(" ");
    let reason = format!("{} {codes}", referral.reason_text);
    if !reason.trim().is_empty() {
        out.extend(wrap(reason.trim(), width).into_iter().take(4).map(Line::text));
    }
    out.push(Line::default());
    out.extend(path(referral, width));
    if let Some(reason) = &referral.status_reason {
        out.extend(
            wrap(&format!("because {reason}"), width)
                .into_iter()
                .take(2)
                .map(Line::dim),
        );
    }
    out.push(clocks(model, snapshot, referral));
    let targets = &model.settings.policy.score_targets;
    let score = Score::of(referral.priority, referral.received_at, now, targets);
    if let Some(score) = score.filter(|_| referral.status.is_open()) {
        out.push(Line::of(vec![
            ("score ".into(), Tone::Dim),
            plain(score.explain()),
        ]));
    }
    out.push(next(referral, now, model));
    out
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

/// The status path: `received ● ── accepted ○ ── …`, the status beside the road put in where it belongs.
fn path(referral: &Referral, width: usize) -> Vec<Line> {
    let before = referral
        .status_before
        .and_then(stage)
        .map_or(0, |(reached, _)| reached);
    let (reached, beside) = stage(referral.status).unwrap_or((before, true));
    let ended = !referral.status.is_open();
    let mut steps: Vec<(&'static str, bool, bool)> = Vec::new();
    for (index, status) in ROAD.iter().enumerate() {
        let here = index == reached && !beside;
        steps.push((status.label(), index <= reached, here));
        if index == reached && beside {
            steps.push((referral.status.label(), true, true));
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

fn clocks(model: &Model, snapshot: &Snapshot, referral: &Referral) -> Line {
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

fn next(referral: &Referral, now: Stamp, model: &Model) -> Line {
    let Some(action) = referral.next_action else {
        let since = words::moment(referral.status_since, now, model.settings.zone());
        return Line::section("Ended", vec![plain(format!("{} since {since}", referral.status))]);
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
            (format!(" · {}", referral.owner), Tone::Dim),
        ],
    )
}
