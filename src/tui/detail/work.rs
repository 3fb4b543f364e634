//! The body of the detail: what is missing, insurance, appointment, tasks, messages, notes, timeline.

use super::{Line, Span, plain};
use crate::domain::case::{NoteKind, TaskState};
use crate::domain::coverage::Coverage;
use crate::domain::effort;
use crate::domain::event::Fact;
use crate::domain::message::MessageState;
use crate::domain::policy::Actor;
use crate::domain::referral::Referral;
use crate::domain::requirements::checklist;
use crate::domain::status::Status;
use crate::domain::time::show_day;
use crate::domain::timeline::describe;
use crate::store::board::Sheet;
use crate::tui::model::Model;
use crate::tui::theme::Tone;
use crate::tui::width::wrap;
use crate::tui::{asks, ready, words};

/// Lines of at most the width, the first after its section's name.
fn flowing(title: &str, text: &str, tone: Tone, width: usize) -> Vec<Line> {
    let indent = 11;
    let mut lines = wrap(text, width.saturating_sub(indent).max(10)).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut out = vec![Line::section(title, vec![(first, tone)])];
    out.extend(lines.map(|line| Line::of(vec![(format!("{}{line}", " ".repeat(indent)), tone)])));
    out
}

/// What is missing, and the key that asks for it.
pub fn missing(model: &Model, sheet: &Sheet, referral: &Referral, width: usize) -> Vec<Line> {
    let template = model.settings.policy.template(&referral.template);
    let needed = template.map_or(0, |template| checklist(&sheet.snapshot, template).len());
    let count = referral.missing.len();
    if count == 0 {
        return vec![Line::section(
            "Missing",
            vec![(format!("nothing of {needed}"), Tone::Good)],
        )];
    }
    let labels: Vec<String> = asks::needed_items(model)
        .into_iter()
        .map(|item| item.label)
        .collect();
    let may_ask = ready::may_ask(referral.status);
    let ask = match (may_ask, count) {
        (false, _) => "",
        (true, 1) => "   [r] request it",
        (true, _) => "   [r] request them",
    };
    let text = format!("{count} of {}: {}{ask}", needed.max(count), labels.join(" · "));
    flowing("Missing", &text, Tone::Warn, width)
}

fn covered(coverage: &Coverage, model: &Model) -> Vec<Span> {
    let zone = model.settings.zone();
    let tone = if coverage.eligibility.is_problem() {
        Tone::Alarm
    } else {
        Tone::Text
    };
    let member = coverage
        .member_id
        .as_ref()
        .map(|id| format!(" {id}"))
        .unwrap_or_default();
    let whose = coverage
        .subscriber
        .as_ref()
        .map(|subscriber| format!(" · {}", subscriber.told()))
        .unwrap_or_default();
    let checked = coverage
        .checked_at
        .map(|at| format!(" ({})", words::moment(at, model.now, zone)));
    let until = coverage
        .valid_until
        .map(|day| format!(" · counts until {}", show_day(day)));
    let asked = coverage
        .asked_at
        .filter(|_| coverage.checked_at.is_none())
        .map(|at| format!(" (asked {})", words::moment(at, model.now, zone)));
    let note = coverage
        .note
        .as_ref()
        .map(|note| format!(" · {note}"))
        .unwrap_or_default();
    vec![
        plain(format!("{}{member}{whose} ", coverage.payer)),
        (coverage.eligibility.label().to_owned(), tone),
        (
            format!(
                "{}{}{}{note}",
                checked.unwrap_or_default(),
                asked.unwrap_or_default(),
                until.unwrap_or_default()
            ),
            Tone::Dim,
        ),
    ]
}

/// Coverages, the authorisation, and what holds it.
pub fn insurance(model: &Model, sheet: &Sheet, referral: &Referral) -> Vec<Line> {
    let mut coverages: Vec<&Coverage> = sheet.snapshot.coverages.iter().collect();
    coverages.sort_by_key(|coverage| coverage.rank);
    let mut out: Vec<Line> = Vec::new();
    for coverage in coverages {
        out.push(if out.is_empty() {
            Line::section("Coverage", covered(coverage, model))
        } else {
            let mut spans = vec![plain(" ".repeat(11))];
            spans.extend(covered(coverage, model));
            Line::of(spans)
        });
    }
    if out.is_empty() {
        out.push(Line::section(
            "Coverage",
            vec![("none recorded".into(), Tone::Warn)],
        ));
    }
    if let Some(authorization) = &referral.authorization {
        let visits = authorization
            .visits
            .map(|visits| format!(", {visits} visits"))
            .unwrap_or_default();
        let until = authorization
            .to
            .map(|day| format!(", until {}", show_day(day)))
            .unwrap_or_default();
        out.push(Line::of(vec![plain(format!(
            "{:11}authorised {}{visits}{until}",
            "", authorization.number
        ))]));
    }
    for hold in &referral.holds {
        let rule = hold.rule.as_ref().map(|rule| format!(" (rule {rule})"));
        let (kind, rule) = (words::hold(hold.kind), rule.unwrap_or_default());
        let text = format!("{:11}held for {kind}: {}{rule}", "", hold.reason);
        out.push(Line::of(vec![(text, Tone::Alarm)]));
    }
    out
}

/// The last appointments.
pub fn appointments(model: &Model, sheet: &Sheet) -> Vec<Line> {
    let zone = model.settings.zone();
    let mut all: Vec<_> = sheet.snapshot.appointments.iter().collect();
    all.sort_by_key(|appointment| std::cmp::Reverse(appointment.id));
    let line = |appointment: &crate::domain::case::Appointment| {
        format!(
            "{}, {} min · {} · {} · {}",
            words::moment(appointment.starts_at, model.now, zone),
            appointment.minutes,
            appointment.performer,
            appointment.place,
            appointment.state.label()
        )
    };
    let mut out = Vec::new();
    for (index, appointment) in all.into_iter().take(3).enumerate() {
        let tone = if appointment.state.is_live() {
            Tone::Text
        } else {
            Tone::Dim
        };
        out.push(if index == 0 {
            Line::section("Visit", vec![(line(appointment), tone)])
        } else {
            Line::of(vec![(format!("{:11}{}", "", line(appointment)), tone)])
        });
    }
    out.extend(report(model, sheet));
    out
}

/// What became of the report on the visit.
fn report(model: &Model, sheet: &Sheet) -> Option<Line> {
    let snapshot = &sheet.snapshot;
    let status = snapshot.referral()?.status;
    let visit = snapshot.last_visit()?;
    let zone = model.settings.zone();
    let (text, tone) = match snapshot.report() {
        Some(message) => {
            let when = message
                .sent_at
                .map(|at| format!(" {}", words::moment(at, model.now, zone)));
            let text = format!(
                "{} by {}{}",
                message.state.code(),
                message.channel.code(),
                when.unwrap_or_default()
            );
            let tone = if message.state == MessageState::Failed {
                Tone::Alarm
            } else {
                Tone::Text
            };
            (text, tone)
        }
        None if status == Status::Completed => {
            let since = words::brief(model.now - visit.ends_at());
            (
                format!("none yet, {since} after the visit; attach it, or send it by hand and close"),
                Tone::Warn,
            )
        }
        None => return None,
    };
    Some(Line::section("Report", vec![(text, tone)]))
}

/// Tasks, open ones first.
pub fn tasks(model: &Model, sheet: &Sheet) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let mut tasks: Vec<_> = sheet.snapshot.tasks.iter().collect();
    tasks.sort_by_key(|task| (task.state != TaskState::Open, task.due_at, task.id));
    let open = tasks.iter().filter(|task| task.state == TaskState::Open).count();
    if tasks.is_empty() {
        return Vec::new();
    }
    let mut out = vec![Line::section("Tasks", vec![plain(format!("{open} open"))])];
    out.extend(tasks.into_iter().take(12).map(|task| {
        let (sign, tone) = match task.state {
            TaskState::Open => ("○", Tone::Text),
            TaskState::Done => ("●", Tone::Dim),
            TaskState::Cancelled => ("–", Tone::Dim),
        };
        let due = match task.state {
            TaskState::Open if task.due_at.is_some() => format!(" · {}", words::due(task.due_at, now, zone)),
            TaskState::Open | TaskState::Done | TaskState::Cancelled => String::new(),
        };
        let owner = task
            .owner
            .as_ref()
            .map(|owner| format!(" · {owner}"))
            .unwrap_or_default();
        Line::of(vec![
            (format!("  {sign} {}", task.title), tone),
            (format!("{due}{owner}"), Tone::Dim),
        ])
    }));
    out
}

/// What was tried to reach the patient, and what is still to be tried before silence may end the referral.
pub fn effort(model: &Model, sheet: &Sheet, referral: &Referral, width: usize) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let effort = effort::of(&sheet.snapshot, zone);
    if effort.is_empty() {
        return Vec::new();
    }
    let calls: Vec<String> = effort
        .calls
        .iter()
        .rev()
        .take(6)
        .map(|(at, outcome)| format!("{} {}", words::moment(*at, now, zone), outcome.label()))
        .collect();
    let calls = if calls.is_empty() {
        String::new()
    } else {
        format!(": {}", calls.join(", "))
    };
    let lacks = effort.lacks(&model.settings.policy.outreach.effort);
    let (rest, tone) = match (referral.status.is_open(), lacks.is_empty()) {
        (false, _) => (String::new(), Tone::Text),
        (true, true) => (" · may be ended as unreachable".to_owned(), Tone::Warn),
        (true, false) => (
            format!(" · before it may end as unreachable: {}", lacks.join(", and ")),
            Tone::Text,
        ),
    };
    flowing("Effort", &format!("{}{calls}{rest}", effort.words()), tone, width)
}

/// Messages, the latest first.
pub fn messages(model: &Model, sheet: &Sheet) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let mut messages: Vec<_> = sheet.snapshot.messages.iter().collect();
    messages.sort_by_key(|message| std::cmp::Reverse((message.created_at, message.id)));
    if messages.is_empty() {
        return Vec::new();
    }
    let waits = |state| matches!(state, MessageState::Failed | MessageState::Uncertain);
    let trouble = messages.iter().filter(|message| waits(message.state)).count();
    let head = match trouble {
        0 => plain(messages.len().to_string()),
        some => (format!("{some} need a decision   [m] decide"), Tone::Alarm),
    };
    let mut out = vec![Line::section("Messages", vec![head])];
    out.extend(messages.into_iter().take(12).map(|message| {
        let sign = if waits(message.state) { "!" } else { " " };
        let tone = if waits(message.state) {
            Tone::Alarm
        } else {
            Tone::Text
        };
        let when = match message.state {
            MessageState::Queued => format!("leaves {}", words::moment(message.not_before, now, zone)),
            MessageState::Sending
            | MessageState::HandedOver
            | MessageState::Uncertain
            | MessageState::Failed
            | MessageState::Delivered
            | MessageState::Acknowledged
            | MessageState::Held
            | MessageState::Cancelled => {
                words::moment(message.sent_at.unwrap_or(message.created_at), now, zone)
            }
        };
        let detail = message
            .detail
            .as_ref()
            .map(|detail| format!(" · {detail}"))
            .unwrap_or_default();
        Line::of(vec![
            (
                format!("{sign} {} · {}", message.kind.code(), message.channel.code()),
                Tone::Text,
            ),
            (format!(" · {}", message.state.code()), tone),
            (format!(" · {when}{detail}"), Tone::Dim),
        ])
    }));
    out
}

/// Notes and calls, the latest first.
pub fn notes(model: &Model, sheet: &Sheet, width: usize) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let mut notes: Vec<_> = sheet.snapshot.notes.iter().collect();
    notes.sort_by_key(|note| std::cmp::Reverse((note.at, note.id)));
    if notes.is_empty() {
        return Vec::new();
    }
    let mut out = vec![Line::section("Notes", vec![plain(notes.len().to_string())])];
    for note in notes.into_iter().take(20) {
        let call = note
            .call
            .map(|call| format!(" · call to {}: {}", call.party.label(), call.outcome.label()));
        let kind = match note.kind {
            NoteKind::Text => String::new(),
            NoteKind::Call => call.unwrap_or_else(|| " · call".into()),
        };
        let head = format!("  {} · {}{kind}", words::moment(note.at, now, zone), note.author);
        out.push(Line::dim(head));
        if !note.text.trim().is_empty() {
            let lines = wrap(&note.text, width.saturating_sub(4).max(10));
            out.extend(lines.into_iter().map(|line| Line::text(format!("    {line}"))));
        }
    }
    out
}

/// The timeline, an action a line: what it did, and who or what was behind it.
pub fn timeline(model: &Model, sheet: &Sheet) -> Vec<Line> {
    let (now, zone) = (model.now, model.settings.zone());
    let mut out = Vec::new();
    for action in sheet.timeline.chunk_by(|a, b| a.action == b.action) {
        let Some(first) = action.first() else { continue };
        // What the rules keep current of themselves is in the log, and tells a person nothing.
        let told = action.iter().rev().filter(|entry| !is_inward(&entry.fact));
        let told: Vec<String> = told.map(|entry| describe(&entry.fact, zone, now)).collect();
        if told.is_empty() {
            continue;
        }
        let by = if first.actor == Actor::system().name {
            first.cause.clone()
        } else {
            first.actor.clone()
        };
        out.push(Line::of(vec![
            (format!("  {}  ", words::moment(first.at, now, zone)), Tone::Dim),
            plain(told.join(" · ")),
            (format!("  {by}"), Tone::Dim),
        ]));
    }
    if !out.is_empty() {
        out.insert(0, Line::section("Timeline", Vec::new()));
    }
    out
}

fn is_inward(fact: &Fact) -> bool {
    matches!(fact, Fact::Settled | Fact::PersonAdded | Fact::TimerFired { .. })
}
