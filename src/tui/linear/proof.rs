//! What is said of the review of a document: the field, its value, how sure it is, and where on which page it stands.

use super::{Saying, Slot};
use crate::tui::model::Model;
use crate::tui::proof::{Doubt, Line, Proof, Row, Verdict};
use crate::tui::reader::label;

/// The sayings of a review.
pub fn sayings(model: &Model, proof: &Proof) -> Vec<Saying> {
    let open = proof.open_lines().count();
    let end = if proof.referral.is_some() {
        "keeps the corrections"
    } else {
        "makes the referral"
    };
    let about = format!(
        "Review of {}; enter accepts, digits pick, letters type over, backspace leaves blank, tab next, ctrl-s {end}, esc leaves",
        proof.reading.name
    );
    let mut out = vec![Saying::keyed(Slot::Window, "review", about)];
    let (key, text) = match &proof.at {
        Row::Field(field) => match proof.line(*field) {
            Some(line) => (label(*field).to_owned(), field_said(proof, line)),
            None => return out,
        },
        Row::Item(key) => {
            let list = proof.checklist(&model.settings.policy);
            let name = list.iter().find(|(need, _)| need.key == *key);
            let name = name.map_or(key.as_str(), |(need, _)| need.label_in("en"));
            let state = if proof.ticked.contains(key) {
                "came along"
            } else {
                "missing"
            };
            (
                format!("{key} {state}"),
                format!("{name}: {state}; enter changes it"),
            )
        }
        Row::Done => {
            let mut said = vec![format!("the end: enter {end}")];
            if open > 0 {
                said.push(format!("{open} doubtful fields stay blank"));
            }
            let missing = proof.missing(&model.settings.policy);
            if !missing.is_empty() {
                said.push(format!("missing: {}", missing.join(", ")));
            }
            for (alike, digit) in proof.look_alikes.iter().zip(1..) {
                said.push(format!("looks like {}, {digit} puts it there", alike.id));
            }
            ("end".to_owned(), said.join("; "))
        }
    };
    out.push(Saying::keyed(Slot::Field, format!("{key} {text}"), text));
    if let Some(wrong) = &proof.wrong {
        out.push(Saying::new(Slot::Wrong, format!("wrong: {wrong}")));
    }
    out
}

fn field_said(proof: &Proof, line: &Line) -> String {
    let value = line.offer().unwrap_or_else(|| "nothing".to_owned());
    let state = match (&line.verdict, line.doubt) {
        (Verdict::Taken(_), _) => ", accepted",
        (Verdict::Typed(_), _) => ", by hand",
        (Verdict::Blank, _) => ", left blank",
        (Verdict::Open, Doubt::Unsure) => ", doubtful",
        (Verdict::Open, Doubt::Conflict) => ", the document says different things",
        (Verdict::Open, Doubt::Wanted) => ", missing",
        (Verdict::Open, Doubt::Sure | Doubt::Absent) => "",
    };
    let mut said = vec![format!("{}: {value}{state}", label(line.field))];
    if let Some(place) = line.place() {
        let page = usize::try_from(place.page.saturating_sub(1)).unwrap_or(usize::MAX);
        let at = usize::try_from(place.line).unwrap_or(usize::MAX);
        let text = proof.reading.pages.get(page).and_then(|page| page.lines.get(at));
        let text = text.map(|line| line.text.as_str()).unwrap_or_default();
        said.push(format!(
            "page {}, {}, in the line: {text}",
            place.page,
            height(place.area)
        ));
    }
    if line.choices.len() > 1 {
        let all = line.choices.iter().zip(1..).take(9);
        let all: Vec<String> = all
            .map(|(choice, digit)| format!("{digit} {}", choice.text))
            .collect();
        said.push(all.join(", "));
    }
    said.join("; ")
}

/// Where on the page, in words.
fn height(area: [f32; 4]) -> &'static str {
    match (area[1] + area[3]) / 2.0 {
        middle if middle < 0.33 => "upper third",
        middle if middle < 0.67 => "middle",
        _ => "lower third",
    }
}

/// The label and the text of what is being typed.
pub fn typed(proof: &Proof) -> Option<(String, String)> {
    let entry = proof.entry.as_ref()?;
    Some((label(proof.here()?.field).to_owned(), entry.text()))
}
