//! The pack as plain text: pages of lines, each with how old it is, for any printer.

use super::Pack;
use super::words::{BACK, COLUMNS, OUTCOMES, REFERRAL, age, cells, heading};
use crate::domain::text;
use crate::domain::time::show_stamp;
use unicode_width::UnicodeWidthChar;

/// Lines of a page: letter paper at six lines an inch, with a margin.
const PAGE: usize = 58;
/// Columns of a line.
const WIDTH: usize = 110;
/// Widths of the worklist's columns; what is left is for writing.
const WIDTHS: [usize; 6] = [13, 11, 24, 11, 20, 26];

/// The text; pages are parted by a form feed.
pub(super) fn text(pack: &Pack) -> String {
    let mut parts: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    for (list, total, rows) in &pack.lists {
        let head = columns(&COLUMNS.map(str::to_owned));
        let mut blocks = vec![vec![head, "-".repeat(WIDTH)]];
        if rows.is_empty() {
            blocks.push(vec!["(none)".into()]);
        }
        blocks.extend(rows.iter().map(|row| {
            let mut line = cells(pack, row).to_vec();
            line.push("____".into());
            vec![columns(&line)]
        }));
        parts.push((heading(*list, *total, rows.len()), blocks));
    }
    let calls = pack.calls.iter().map(|call| call_sheet(pack, call)).collect();
    parts.push((format!("Call sheets · {}", pack.calls.len()), calls));
    parts.push(("Blank call sheets".into(), (0..6).map(|_| blank_call()).collect()));
    parts.push(("Blank referral".into(), vec![blank_referral()]));
    let back = BACK
        .iter()
        .zip(1..)
        .map(|(step, number)| wrap(&format!("{number}. {step}")))
        .collect();
    parts.push(("Bringing it back".into(), back));
    pages(pack, parts)
}

/// A line in columns, each cut to its room.
fn columns(line: &[String]) -> String {
    let mut out = String::new();
    for (place, cell) in line.iter().enumerate() {
        let clean = text::line(cell);
        match WIDTHS.get(place) {
            Some(width) => {
                let mut used = 0;
                for c in clean.chars() {
                    let wide = c.width().unwrap_or(0);
                    if used + wide >= *width {
                        break;
                    }
                    used += wide;
                    out.push(c);
                }
                out.extend(std::iter::repeat_n(' ', width - used));
            }
            None => out.push_str(&clean),
        }
    }
    out.trim_end().to_owned()
}

fn wrap(raw: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text::line(raw).split(' ') {
        let long = lines
            .last()
            .is_some_and(|line| line.chars().count() + word.chars().count() >= WIDTH);
        if long {
            lines.push("  ".into());
        }
        if let Some(line) = lines.last_mut() {
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.push(String::new());
    lines
}

fn call_sheet(pack: &Pack, call: &super::Call) -> Vec<String> {
    let due = call
        .due_at
        .map(|due| format!(" · due {}", show_stamp(pack.zone, due, pack.at)))
        .unwrap_or_default();
    let head = if call.emergency { "EMERGENCY " } else { "" };
    let born = call.dob.map(|dob| format!(" born {dob}")).unwrap_or_default();
    let tried = match call.attempts {
        0 => String::new(),
        tries => format!(" · tried {tries} times"),
    };
    let mut lines = vec![
        text::line(&format!("{head}{} {}{born}", call.id, call.patient)),
        text::line(&format!(
            "{}{due}{tried} · {}",
            call.what,
            call.numbers.join(" · ")
        )),
    ];
    lines.extend(ticks());
    lines
}

fn blank_call() -> Vec<String> {
    let mut lines = vec![format!("referral R-________  patient {}", "_".repeat(60))];
    lines.extend(ticks());
    lines
}

fn ticks() -> Vec<String> {
    let boxes: Vec<String> = OUTCOMES.iter().map(|outcome| format!("[ ] {outcome}")).collect();
    vec![
        format!("time ______ by ________  {}", boxes.join(" ")),
        format!("call again __________ note {}", "_".repeat(WIDTH - 30)),
        String::new(),
    ]
}

fn blank_referral() -> Vec<String> {
    let mut lines = Vec::new();
    for (label, room) in REFERRAL {
        lines.push(format!(
            "{label} {}",
            "_".repeat(WIDTH.saturating_sub(label.chars().count() + 1))
        ));
        lines.extend((1..room).map(|_| "_".repeat(WIDTH)));
        lines.push(String::new());
    }
    lines
}

/// Lays blocks out on pages: none is torn, each page begins with its heading and its age.
fn pages(pack: &Pack, parts: Vec<(String, Vec<Vec<String>>)>) -> String {
    let mut out = String::new();
    let mut number = 0;
    let mut begin = |out: &mut String, title: &str| {
        number += 1;
        if number > 1 {
            out.push('\u{c}');
        }
        out.push_str(&format!(
            "{}\n{} · page {number}\n\n",
            text::line(&age(pack)),
            text::line(title)
        ));
    };
    for (title, blocks) in parts {
        begin(&mut out, &title);
        let mut used = 3;
        for block in blocks {
            if used + block.len() > PAGE && used > 3 {
                begin(&mut out, &title);
                used = 3;
            }
            used += block.len();
            for line in block {
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    out
}
