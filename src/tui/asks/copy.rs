//! What can be copied to the clipboard: chosen by digit, never said aloud in a notice.

use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::form::{Composed, Form, Quick, Wrong, choice, one};
use crate::tui::model::{Model, Place};
use crate::tui::reader;
use crate::tui::width::cut;

/// Columns of a value that the choice shows.
const SHOWN: usize = 40;

/// What can be copied now: what it is called, and the text.
fn things(model: &Model, targets: &[QueueRow]) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    let reader = if model.place == Place::Intake {
        &model.intake.reader
    } else {
        out.extend(of_referrals(model, targets));
        &model.reader
    };
    let field = reader
        .pointed()
        .map(|(_, found)| ("the field pointed at", reader::shown(&found.value)));
    out.extend(field);
    out.retain(|(_, text)| !text.trim().is_empty());
    out
}

fn of_referrals(model: &Model, targets: &[QueueRow]) -> Vec<(&'static str, String)> {
    let lines = |line: fn(&QueueRow) -> String| targets.iter().map(line).collect::<Vec<_>>().join("\n");
    let many = targets.len() > 1;
    let mut out = vec![(
        if many {
            "the referral ids"
        } else {
            "the referral id"
        },
        lines(|row| row.id.to_string()),
    )];
    let sheet = model.sheet_of(targets);
    if let Some((snapshot, referral)) = sheet
        .map(|sheet| &sheet.snapshot)
        .and_then(|snapshot| Some((snapshot, snapshot.referral()?)))
    {
        let patient = snapshot.patient(referral.patient);
        let provider = snapshot.practitioner(referral.requester);
        let practice = snapshot.organization(referral.requester_org);
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        let phone = |person: Option<&String>, practice: Option<&String>| text(person.or(practice));
        out.push((
            "the patient's phone",
            text(patient.and_then(|patient| patient.phone.as_ref())),
        ));
        out.push((
            "the provider's phone",
            phone(
                provider.and_then(|provider| provider.phone.as_ref()),
                practice.and_then(|practice| practice.phone.as_ref()),
            ),
        ));
        out.push((
            "the provider's fax",
            phone(
                provider.and_then(|provider| provider.fax.as_ref()),
                practice.and_then(|practice| practice.fax.as_ref()),
            ),
        ));
    }
    let row = |row: &QueueRow| {
        let dob = row.dob.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.id.to_string(),
            row.patient.clone(),
            dob,
            format!("{} {}", row.specialty, row.service),
            row.priority.code().to_owned(),
            row.status.to_string(),
        ];
        cells.map(|cell| crate::domain::text::line(&cell)).join("\t")
    };
    out.push((if many { "the rows" } else { "the row" }, lines(row)));
    out
}

/// Copy something of the referral under the cursor, or of those marked.
pub fn copy(model: &Model, _: &[QueueRow]) -> Form {
    let targets = if model.place == Place::Intake {
        Vec::new()
    } else {
        model.targets()
    };
    let things = things(model, &targets);
    let choices = things
        .iter()
        .map(|(what, text)| choice(*what, format!("{what}  {}", cut(&text.replace('\n', " "), SHOWN))))
        .collect();
    let at = (!things.is_empty()).then_some(0);
    let mut form = Form::new(Action::Copy, "Copy to the clipboard", |form, _, _| {
        let what = form.value("what");
        let found = form.fixed.iter().find(|(name, _)| *name == what);
        match found {
            Some((_, text)) => Ok(Composed::Copy(what, text.clone())),
            None => Err(Wrong::new("what", "there is nothing to copy here")),
        }
    })
    .field("what", "what", one(choices, at, Quick::Send))
    .required();
    form.fixed = things;
    if at.is_none() {
        form.about = "There is nothing to copy here.".into();
    }
    form
}
