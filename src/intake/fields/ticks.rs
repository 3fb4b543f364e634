//! Boxes to tick and what they stand for.
//!
//! Owns the ways a tick is drawn in text and the options that boxes name. Must not know how a box was drawn on the page.

use super::found::Findings;
use super::labels::Label;
use super::leaf::{ALIGNED, Leaf, Spot};
use super::lexicon;
use super::payers;
use super::vocabulary::Topic;
use super::words::cut;
use crate::domain::text;
use crate::intake::document::{Field, How};
use crate::intake::sheet::Run;

/// How sure it is of the option that alone has no empty box.
const REMAINS: f32 = 0.7;
/// A list of options is at most so many runs long.
const LIST: usize = 30;

/// A tick box in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Whether it is ticked.
    pub on: bool,
}

/// Ways that boxes are typed, longest first within a beginning, and whether each is ticked.
#[rustfmt::skip]
const DRAWN: &[(&str, bool)] = &[
    ("[X]", true), ("[x]", true), ("[ X ]", true), ("[ x ]", true), ("[✓]", true), ("[✔]", true), ("[*]", true),
    ("(X)", true), ("(x)", true), ("( X )", true), ("( x )", true), ("(✓)", true), ("[ ]", false), ("[  ]", false),
    ("[]", false), ("[_]", false), ("( )", false), ("(  )", false), ("☒", true), ("☑", true), ("✅", true),
    ("✓", true), ("✔", true), ("☐", false), ("□", false), ("❏", false), ("❑", false), ("■", true),
    ("[×]", true), ("(×)", true), ("[✗]", true), ("[v]", true), ("◉", true), ("○", false), ("_X_", true), ("_x_", true), ("__X__", true), ("__x__", true),
    ("_✓_", true),
];

/// The boxes of a text, in order.
pub fn marks(text: &str) -> Vec<Mark> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let found = DRAWN
            .iter()
            .filter(|(drawn, _)| {
                drawn
                    .chars()
                    .enumerate()
                    .all(|(offset, c)| chars.get(at + offset) == Some(&c))
            })
            .max_by_key(|(drawn, _)| drawn.chars().count());
        match found {
            Some((drawn, on)) => {
                let end = at + drawn.chars().count();
                out.push(Mark {
                    start: at,
                    end,
                    on: *on,
                });
                at = end;
            }
            None => at += 1,
        }
    }
    out
}

/// Reads the ticked boxes of a page.
pub fn read(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    remaining(leaf, page, found);
    for (run, placed) in leaf.sheet.runs.iter().enumerate() {
        let marks = marks(&placed.text);
        let labels = leaf.labels.get(run).map(Vec::as_slice).unwrap_or_default();
        let trailing = follows_its_word(&placed.text, &marks, labels);
        for (index, mark) in marks.iter().enumerate().filter(|(_, mark)| mark.on) {
            let spot = if trailing {
                before(placed, run, &marks, index, labels)
            } else {
                after(leaf, run, &marks, index, labels)
            };
            if let Some(spot) = spot {
                if !option(&spot, page, found) {
                    service(leaf, &spot, page, found);
                }
            } else if let Some(next) = leaf
                .whole(run + 1)
                .filter(|_| mark.end - mark.start > 0 && leaf.rows.get(run + 1) == leaf.rows.get(run))
            {
                // The box stands in a cell of its own; its word is the next cell.
                option(&next, page, found);
            }
        }
    }
}

/// The one option of a row that has no box where every other has an empty one: its own was lost beneath the tick.
fn remaining(leaf: &Leaf<'_>, page: usize, found: &mut Findings) {
    let runs = &leaf.sheet.runs;
    let mut from = 0;
    while from < runs.len() {
        let row = leaf.row(from);
        let end = (from..runs.len())
            .find(|run| leaf.row(*run) != row)
            .unwrap_or(runs.len());
        for kind in [lexicon::urgency, lexicon::sex] {
            let (mut empty, mut ticked, mut bare) = (0, 0, Vec::new());
            for (run, placed) in runs.iter().enumerate().take(end).skip(from) {
                let marks = marks(&placed.text);
                ticked += marks.iter().filter(|mark| mark.on).count();
                let spots = (0..marks.len()).filter_map(|index| after(leaf, run, &marks, index, &[]));
                empty += spots.filter(|spot| is_word(&spot.text, kind)).count();
                let labelled = leaf.labels.get(run).is_some_and(|labels| !labels.is_empty());
                if marks.is_empty() && !labelled && is_word(&placed.text, kind) {
                    bare.extend(leaf.whole(run));
                }
            }
            if let ([spot], true, 0) = (bare.as_slice(), empty > 0, ticked)
                && let Some(value) = kind(&spot.text)
            {
                let field = if lexicon::sex(&spot.text).is_some() {
                    Field::Sex
                } else {
                    Field::Urgency
                };
                found.text(field, value, REMAINS, page, spot, How::Tick);
            }
        }
        from = end;
    }
}

/// Whether a text is one option of a kind and nothing else.
fn is_word(raw: &str, kind: fn(&str) -> Option<&'static str>) -> bool {
    raw.chars().count() >= 3 && raw.split_whitespace().count() == 1 && kind(raw).is_some()
}

/// Whether boxes stand behind their words (`Routine [ ]  Urgent [X]`): the first box is led by an option and nothing
/// follows the last.
fn follows_its_word(text: &str, marks: &[Mark], labels: &[Label]) -> bool {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
        return false;
    };
    let from = labels
        .iter()
        .filter(|label| label.value <= first.start)
        .map(|label| label.value)
        .max()
        .unwrap_or(0);
    let (word, ..) = cut(text, from, first.start);
    let (rest, ..) = cut(text, last.end, text.chars().count());
    rest.is_empty() && (lexicon::urgency(&word).is_some() || lexicon::sex(&word).is_some())
}

fn before(placed: &Run, run: usize, marks: &[Mark], index: usize, labels: &[Label]) -> Option<Spot> {
    let mark = marks.get(index)?;
    let previous = index
        .checked_sub(1)
        .and_then(|before| marks.get(before))
        .map_or(0, |mark| mark.end);
    let label = labels
        .iter()
        .filter(|label| label.value <= mark.start)
        .map(|label| label.value)
        .max()
        .unwrap_or(0);
    let (text, start, end) = cut(&placed.text, previous.max(label), mark.start);
    (!text.is_empty()).then_some(Spot {
        run,
        start,
        end,
        text,
    })
}

fn after(leaf: &Leaf<'_>, run: usize, marks: &[Mark], index: usize, labels: &[Label]) -> Option<Spot> {
    let mark = marks.get(index)?;
    let placed = leaf.sheet.runs.get(run)?;
    let end = marks
        .get(index + 1)
        .map_or(placed.text.chars().count(), |next| next.start);
    let label = labels
        .iter()
        .find(|label| label.start > mark.end && label.marked)
        .map_or(end, |label| label.start);
    let (text, start, end) = cut(&placed.text, mark.end, end.min(label));
    (!text.is_empty()).then_some(Spot {
        run,
        start,
        end,
        text,
    })
}

/// A service in a list beneath a label that asks for one (`Services requested:`). `Other:` stands for what is written
/// beside it.
fn service(leaf: &Leaf<'_>, spot: &Spot, page: usize, found: &mut Findings) {
    let asked = |run: usize| {
        let labels = leaf.labels.get(run).into_iter().flatten();
        labels.into_iter().any(|label| label.topic == Topic::Service)
    };
    let Some(here) = leaf.sheet.runs.get(spot.run) else {
        return;
    };
    // Up the list, over its other options, to what stands above them.
    let above = (0..spot.run).rev().take(LIST).find(|run| {
        leaf.sheet.runs.get(*run).is_some_and(|other| {
            (other.left() - here.left()).abs() < ALIGNED
                && marks(&other.text).first().is_none_or(|mark| mark.start > 2)
        })
    });
    if !asked(spot.run) && !above.is_some_and(asked) {
        return;
    }
    let other = text::fold(&spot.text).starts_with("other");
    let Some(spot) = (if other {
        leaf.right(spot.run)
    } else {
        Some(spot.clone())
    }) else {
        return;
    };
    if spot.text.chars().filter(|c| c.is_alphabetic()).count() >= 3 {
        found.text(Field::ServiceRequested, &spot.text, 0.75, page, &spot, How::Tick);
    }
}

/// Takes an option that says what it is by itself; false where it does not.
fn option(spot: &Spot, page: usize, found: &mut Findings) -> bool {
    let words = spot.text.split_whitespace().count();
    let first = spot.text.split_whitespace().next().unwrap_or_default();
    if let Some(urgency) =
        lexicon::urgency(first).or_else(|| lexicon::urgency(&spot.text).filter(|_| words <= 4))
    {
        found.text(Field::Urgency, urgency, 0.95, page, spot, How::Tick);
    } else if let Some(sex) = lexicon::sex(first).filter(|_| words <= 2) {
        found.text(Field::Sex, sex, 0.95, page, spot, How::Tick);
    } else if words <= 4
        && let Some(name) = lexicon::specialty(&spot.text)
    {
        found.text(Field::SpecialtyRequested, name, 0.8, page, spot, How::Tick);
    } else if words <= 5 && payers::is_payer(&spot.text) {
        found.text(Field::Payer, &spot.text, 0.75, page, spot, How::Tick);
    } else {
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_found_however_they_are_drawn() {
        let on = |text: &str| marks(text).into_iter().map(|mark| mark.on).collect::<Vec<_>>();
        assert_eq!(on("[X] Routine [ ] Urgent"), [true, false]);
        assert_eq!(on("☐ Male ☒ Female"), [false, true]);
        assert_eq!(on("_X_ STAT  ( ) ASAP"), [true, false]);
        assert!(on("Dr. (Ann) x-ray").is_empty());
    }
}
