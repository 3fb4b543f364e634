//! Whether two are one: the other patient beside this one, the other request beside this one, and one key that answers.

use super::{about, id_of};
use crate::domain::command::Command;
use crate::domain::id::{PatientId, ReferralId};
use crate::domain::matching::{Comparison, Level, Trait};
use crate::domain::person::Patient;
use crate::domain::time::show_stamp;
use crate::store::board::{Question, QueueRow, Sheet, Twin};
use crate::tui::action::Action;
use crate::tui::form::{Composed, Form, Quick, Wrong, choice, one, text_with};
use crate::tui::model::Model;

/// A question about the patient first: while it is open, which requests are the patient's is not known either.
pub fn same(model: &Model, targets: &[QueueRow]) -> Form {
    let sheet = model.sheet_of(targets);
    match sheet.and_then(|sheet| Some((sheet, sheet.questions.first()?))) {
        Some((sheet, question)) => patients(sheet, question, targets),
        None => requests(model, sheet, targets),
    }
}

fn patients(sheet: &Sheet, question: &Question, targets: &[QueueRow]) -> Form {
    let mut form = Form::new(
        Action::Same,
        format!("The same patient? {}", about(targets)),
        |form, _, row| {
            let referral = id_of(row)?;
            let id = |name: &str| {
                let fixed = form.fixed.iter().find(|(each, _)| *each == name);
                fixed.and_then(|(_, id)| id.parse().ok()).map(PatientId)
            };
            let gone = || Wrong::new("who", "the question is not there any more");
            Ok(Composed::Commands(vec![match form.value("who").as_str() {
                "same" => Command::MergePatient {
                    referral,
                    into: id("into").ok_or_else(gone)?,
                    reason: "compared side by side".into(),
                },
                "different" => Command::TellApart {
                    referral,
                    patient: id("asked").ok_or_else(gone)?,
                },
                _ => return Err(Wrong::new("who", "choose one")),
            }]))
        },
    )
    .field(
        "who",
        "they are",
        one(
            vec![
                choice("same", "the same: one record from now on, which undo parts again"),
                choice("different", "two people"),
            ],
            None,
            Quick::Send,
        ),
    )
    .required();
    form.fixed = vec![
        ("asked", question.asked.0.to_string()),
        ("into", question.patient.id.0.to_string()),
    ];
    let own = sheet
        .snapshot
        .referral()
        .and_then(|referral| sheet.snapshot.patient(referral.patient));
    if let Some(own) = own {
        form.table = beside(own, &question.patient, &question.comparison);
    }
    form.about = format!(
        "They agree by {:.0} points: {}.",
        question.comparison.score,
        arithmetic(&question.comparison)
    );
    form
}

fn arithmetic(comparison: &Comparison) -> String {
    let said = |(which, level, bits): (Trait, Level, f64)| {
        if bits == 0.0 {
            // What a household shares says it once.
            format!("{} too", which.label())
        } else {
            format!("{} {} {bits:+.1}", which.label(), level.label())
        }
    };
    let parts: Vec<String> = comparison.arithmetic().into_iter().map(said).collect();
    parts.join(", ")
}

/// What the two records say, line by line; a line that differs bears a sign.
fn beside(own: &Patient, other: &Patient, comparison: &Comparison) -> Vec<(String, String, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let born = |who: &Patient| who.dob.map(|day| day.to_string()).unwrap_or_default();
    let rows = [
        (None, "record", own.id.to_string(), other.id.to_string()),
        (
            Some(Trait::Family),
            "family name",
            own.name.family.clone(),
            other.name.family.clone(),
        ),
        (
            Some(Trait::Given),
            "given names",
            own.name.given.clone(),
            other.name.given.clone(),
        ),
        (Some(Trait::Birth), "born", born(own), born(other)),
        (
            Some(Trait::Sex),
            "sex",
            own.sex.letter().into(),
            other.sex.letter().into(),
        ),
        (
            Some(Trait::Phone),
            "telephone",
            text(&own.phone),
            text(&other.phone),
        ),
        (Some(Trait::Email), "e-mail", text(&own.email), text(&other.email)),
        (
            Some(Trait::Address),
            "address",
            text(&own.address),
            text(&other.address),
        ),
        (
            Some(Trait::Record),
            "record number",
            text(&own.mrn),
            text(&other.mrn),
        ),
    ];
    rows.into_iter()
        .filter(|(_, _, mine, theirs)| !(mine.is_empty() && theirs.is_empty()))
        .map(|(which, label, mine, theirs)| {
            let level = which.map_or(Level::Same, |which| comparison.level(which));
            let sign = if level == Level::Same || level == Level::Unknown {
                ""
            } else {
                "≠ "
            };
            (format!("{sign}{label}"), mine, theirs)
        })
        .collect()
}

fn requests(model: &Model, sheet: Option<&Sheet>, targets: &[QueueRow]) -> Form {
    let twin = sheet.and_then(|sheet| sheet.twins.first());
    let mut form = Form::new(
        Action::Same,
        format!("The same request? {}", about(targets)),
        |form, _, row| {
            let referral = id_of(row)?;
            let with: ReferralId = form
                .value("with")
                .trim()
                .parse()
                .map_err(|_| Wrong::new("with", "not a referral's number"))?;
            let reason = form.value("reason");
            Ok(Composed::Commands(vec![match form.value("how").as_str() {
                "this" => Command::MergeReferral {
                    referral,
                    into: with,
                    reason,
                },
                "other" => Command::MergeReferral {
                    referral: with,
                    into: referral,
                    reason,
                },
                "link" => Command::LinkReferral { referral, with },
                _ => return Err(Wrong::new("how", "choose one")),
            }]))
        },
    )
    .field(
        "how",
        "they are",
        one(
            vec![
                choice("this", "one request: the other goes on, this one ends"),
                choice("other", "one request: this one goes on, the other ends"),
                choice("link", "two requests that belong together: both go on"),
            ],
            None,
            if twin.is_some() {
                Quick::Send
            } else {
                Quick::Advance
            },
        ),
    )
    .required()
    .field(
        "with",
        "the other one",
        text_with(twin.map(|twin| twin.referral.id.to_string()).unwrap_or_default()),
    )
    .required()
    .field("reason", "reason", text_with("the same request came twice"));
    match (sheet, twin) {
        (Some(sheet), Some(twin)) => {
            form.table = side_by_side(model, sheet, twin);
            form.about = "What goes on takes over the documents and whatever it lacks, and nobody is written to. Undo parts them again.".into();
        }
        (Some(_) | None, Some(_) | None) => {
            form.about = "Nothing open looks like it; any referral of the same patient can be named.".into();
        }
    }
    form
}

fn side_by_side(model: &Model, sheet: &Sheet, twin: &Twin) -> Vec<(String, String, String)> {
    let Some(own) = sheet.snapshot.referral() else {
        return Vec::new();
    };
    let other = &twin.referral;
    let came = |at| show_stamp(model.settings.zone(), at, model.now);
    let sender = sheet.snapshot.practitioner(own.requester);
    let rows = [
        ("referral", own.id.to_string(), other.id.to_string()),
        ("service", own.service.clone(), other.service.clone()),
        ("received", came(own.received_at), came(other.received_at)),
        ("by", own.source.label().into(), other.source.label().into()),
        ("status", own.status.to_string(), other.status.to_string()),
        ("urgency", own.priority.to_string(), other.priority.to_string()),
        (
            "from",
            sender.map(|who| who.name.filed()).unwrap_or_default(),
            twin.sender.clone().unwrap_or_default(),
        ),
        ("codes", own.reason_codes.join(" "), other.reason_codes.join(" ")),
        ("reason", own.reason_text.clone(), other.reason_text.clone()),
        (
            "documents",
            sheet.snapshot.documents.len().to_string(),
            twin.documents.to_string(),
        ),
    ];
    let marked = |(label, mine, theirs): (&str, String, String)| {
        let sign = if mine == theirs || label == "referral" {
            ""
        } else {
            "≠ "
        };
        (format!("{sign}{label}"), mine, theirs)
    };
    rows.into_iter().map(marked).collect()
}
