//! From tagged words to values.
//!
//! Owns which words together are one value, and how sure the model is of it. Must not know what other readers found.

use super::FIELDS;
use super::crf::{Row, Step};
use super::traits::Seen;
use crate::intake::document::{Field, Value};
use crate::intake::fields::leaf::{ALIGNED, Leaf, Spot};
use crate::intake::fields::words::words;
use crate::intake::fields::{lexicon, names, payers, typed};

/// The next line of a value follows within this many line heights.
const NEXT_LINE: f32 = 1.9;

/// Words of papers' titles: no practice is called so.
#[rustfmt::skip]
const PAPERS: &[&str] = &[
    "certificate", "certification", "necessity", "form", "request", "referral", "referrals", "order", "authorization", "report",
    "record", "records", "note", "notes", "summary", "questionnaire", "consent", "cover", "fax", "page", "date",
];

/// A value that the model proposes.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The field.
    pub field: Field,
    /// The value, as the validators of the field take it.
    pub value: Value,
    /// How likely the model holds it, before how well it was read.
    pub likely: f32,
    /// Where: the first run of it.
    pub spot: Spot,
}

/// Words that follow each other with one tag.
struct Span {
    field: Field,
    /// For each run, the first character and one past the last.
    parts: Vec<(usize, usize, usize)>,
    /// Sum of the logarithms, and how many.
    sum: f32,
    count: u16,
}

/// The values among a page's words.
pub fn proposals(leaf: &Leaf<'_>, seen: &Seen, likely: &[Row]) -> Vec<Proposal> {
    let spans = joined(leaf, spans(seen, likely));
    let all = spans.iter().filter_map(|span| proposal(leaf, span));
    all.filter(|one| one.field != Field::Sex || !is_choice(leaf, seen, one.spot.run))
        .collect()
}

fn spans(seen: &Seen, likely: &[Row]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open: Option<Field> = None;
    for ((token, step), row) in seen.tokens.iter().zip(&seen.steps).zip(likely) {
        let best = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((tag, sure)) = best else { continue };
        let field = tag.checked_sub(1).and_then(|tag| FIELDS.get(tag)).copied();
        let goes_on = field.is_some()
            && field == open
            && match step {
                Step::Word => true,
                Step::Cell => false,
                Step::Line => field.is_some_and(|field| WRAPS.contains(&field)),
            };
        open = field;
        let Some(field) = field else { continue };
        let part = (token.run, token.start, token.end);
        let log = sure.max(1e-6).ln();
        match out.last_mut().filter(|_| goes_on) {
            Some(span) => {
                match span.parts.last_mut().filter(|(run, ..)| *run == token.run) {
                    Some((_, _, end)) => *end = token.end,
                    None => span.parts.push(part),
                }
                span.sum += log;
                span.count += 1;
            }
            None => out.push(Span {
                field,
                parts: vec![part],
                sum: log,
                count: 1,
            }),
        }
    }
    out
}

/// Fields whose values go on in the next line.
const WRAPS: &[Field] = &[
    Field::PatientName,
    Field::ReferringProviderName,
    Field::ReferringOrg,
    Field::PatientAddress,
    Field::ReasonText,
    Field::Payer,
];

/// Lines of one value beneath each other in a column, between which other columns' words are read.
fn joined(leaf: &Leaf<'_>, spans: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        let beneath = |other: &Span| {
            let runs = other.parts.last().zip(span.parts.first());
            let placed = runs.and_then(|(above, below)| leaf.run(above.0).zip(leaf.run(below.0)));
            matches!(span.field, Field::PatientAddress | Field::ReasonText)
                && other.field == span.field
                && placed.is_some_and(|(above, below)| {
                    let down = below.middle() - above.middle();
                    (above.left() - below.left()).abs() < ALIGNED
                        && down > 0.5 * above.height()
                        && down < NEXT_LINE * above.height().max(below.height())
                })
        };
        match out.iter_mut().rev().find(|other| beneath(other)) {
            Some(above) => {
                above.parts.extend(&span.parts);
                above.sum += span.sum;
                above.count += span.count;
            }
            None => out.push(span),
        }
    }
    out
}

fn proposal(leaf: &Leaf<'_>, span: &Span) -> Option<Proposal> {
    let texts = span.parts.iter().filter_map(|(run, start, end)| {
        let text = &leaf.run(*run)?.text;
        // A bracket that the words open, they close.
        let part: String = text.chars().skip(*start).take(end - start).collect();
        let closes = part.contains('(') && !part.contains(')') && text.chars().nth(*end) == Some(')');
        let opens = part.contains(')') && !part.contains('(');
        Some(match (closes, opens) {
            (true, _) => format!("{part})"),
            (_, true) => format!("({part}"),
            (false, false) => part,
        })
    });
    let text = texts.collect::<Vec<String>>().join(" ");
    let value = typed::value_of(span.field, &text)?;
    let (run, start, end) = *span.parts.first()?;
    if !believable(span.field, &text) || is_explanation(&leaf.run(run)?.text, start, end) {
        return None;
    }
    Some(Proposal {
        field: span.field,
        value,
        likely: (span.sum / f32::from(span.count.max(1))).exp(),
        spot: Spot {
            run,
            start,
            end,
            text,
        },
    })
}

/// Whether words fill a pair of brackets: they explain a label.
fn is_explanation(text: &str, start: usize, end: usize) -> bool {
    let wordy = |c: char| c.is_alphabetic() || c.is_whitespace();
    let before = start.checked_sub(1).and_then(|at| text.chars().nth(at));
    let within = text.chars().skip(start).take(end - start).all(wordy);
    within && before == Some('(') && text.chars().nth(end) == Some(')')
}

/// What validators of single fields do not know.
fn believable(field: Field, text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let no_paper = || !words(text).iter().any(|word| PAPERS.contains(&word.key.as_str()));
    let no_clinician = || !names::person(text).is_some_and(|who| names::refers(&who.credentials));
    (field != Field::PatientName || no_clinician())
        && (field != Field::Payer || !payers::is_plan_type(text) && payers_in(text) < 2)
        && (field != Field::ReasonText || letters >= 6)
        && (field != Field::ReferringOrg || no_paper())
        && (field != Field::PatientAddress || is_street(text))
        && (field != Field::Sex || lexicon::sex(text).is_some_and(|sex| sex != "X"))
}

/// Whether a text is an address that somebody lives at: a house's number and a street before the town, no box.
fn is_street(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let house = words.next().is_some_and(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && !word.ends_with([',', '.'])
            && word.chars().count() <= 7
    });
    house
        && words.clone().count() >= 3
        && words
            .next()
            .is_some_and(|word| word.chars().any(char::is_alphabetic))
}

/// How many payers of the list a text names: a form's choice names several.
fn payers_in(text: &str) -> usize {
    let words = words(text);
    let mut at = 0;
    let mut count = 0;
    while at < words.len() {
        match payers::payer_at(&words, at) {
            Some(length) => {
                count += 1;
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    count
}

/// Whether a row prints both sexes for one to be marked: whether one is, the reader of marks tells.
fn is_choice(leaf: &Leaf<'_>, seen: &Seen, run: usize) -> bool {
    let row = seen
        .tokens
        .iter()
        .filter(|token| leaf.row(token.run) == leaf.row(run));
    let mut sexes: Vec<&str> = row
        .filter(|token| matches!(token.kind, "sex" | "initial sex"))
        .filter_map(|token| lexicon::sex(&token.key))
        .collect();
    sexes.sort_unstable();
    sexes.dedup();
    sexes.len() > 1
}
