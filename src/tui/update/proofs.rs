//! The review of a document: opened, kept when it is left, sent when it is done, brought back when it was refused.

use super::{acts, moves, refused, typing};
use crate::config::screen::Pictures;
use crate::domain::command::{NewPatient, Ref};
use crate::domain::id::ReferralId;
use crate::domain::policy::Policy;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::parse_day;
use crate::engine::{Engine, Failure, kind_code};
use crate::intake::document::Field;
use crate::tui::action::Action;
use crate::tui::asks;
use crate::tui::chord::Chord;
use crate::tui::keep::Origin;
use crate::tui::model::{Confirm, Model, Overlay, Place};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::proof::{self, Proof, Row, Said, Turn, Wrong};
use crate::tui::spot::Spot;

/// Opens the review of the document under the cursor of Intake, or of the referral's own.
pub fn begin(model: &mut Model, action: Action) -> Vec<Effect> {
    let policy = model.settings.policy.clone();
    let opened = if action == Action::Proof {
        let reader = &model.intake.reader;
        let here = reader.document.filter(|_| reader.document == model.intake.cursor);
        here.zip(reader.reading.as_deref().cloned())
            .map(|(document, reading)| proof::open(document, reading, None, &policy))
    } else {
        let Some(row) = model.targets().into_iter().next() else {
            return Vec::new();
        };
        let sheet = model.sheet_of(std::slice::from_ref(&row));
        if sheet.is_none() && model.board.cursor == Some(row.id) {
            return acts::wait(model, row.id, action);
        }
        let found = model
            .reader
            .document
            .zip(model.reader.reading.as_deref().cloned());
        found.zip(sheet).map(|((document, reading), sheet)| {
            proof::open(document, reading, Some((&row, &sheet.snapshot)), &policy)
        })
    };
    let Some(mut opened) = opened else {
        let why = "there is no reading of a document here";
        refused(
            model,
            &Refusal::new(Code::NotFound, why, "its original is kept; try again in a moment"),
        );
        return Vec::new();
    };
    let kept = model
        .proofs
        .iter()
        .rposition(|said| said.document == opened.document);
    if let Some(at) = kept {
        opened.resume(&model.proofs.remove(at));
    }
    show(model, Box::new(opened))
}

/// Puts a review on the screen; what looks like it is looked for.
fn show(model: &mut Model, proof: Box<Proof>) -> Vec<Effect> {
    let mut proof = proof;
    let mut effects = alike(model, &mut proof, None);
    let pictures = model.settings.screen.pictures;
    let ask = !matches!(pictures, Pictures::Cells | Pictures::Off) && !model.is_linear();
    if ask && model.glass.is_none() {
        effects.push(Effect::AskGlass(pictures));
    }
    model.overlay = Some(Overlay::Proof(proof));
    effects.extend(look(model));
    effects
}

/// Whose referral it would be, and in which template: whoever looks like it is looked for again where this changes.
type Subject = (Option<String>, Option<String>, Option<String>);

fn subject(proof: &Proof) -> Subject {
    (
        proof.value(Field::PatientName),
        proof.value(Field::Dob),
        proof.value(Field::SpecialtyRequested),
    )
}

/// Looks for what looks like it, where it is about another than before: those found for another are not on offer any more.
fn alike(model: &mut Model, proof: &mut Proof, before: Option<&Subject>) -> Vec<Effect> {
    let now = subject(proof);
    if proof.referral.is_some() || before == Some(&now) {
        return Vec::new();
    }
    let serial = model.next_serial();
    proof.alike_asked = serial;
    proof.look_alikes.clear();
    let template = proof
        .template(&model.settings.policy)
        .map(|template| template.key.clone());
    let (Some(name), Some(template)) = (now.0.clone(), template) else {
        return Vec::new();
    };
    let patient = NewPatient {
        name: asks::name_of(&name),
        dob: now.1.and_then(|day| parse_day(&day).ok()),
        ..NewPatient::default()
    };
    vec![Effect::LookAlikes {
        serial,
        patient: Box::new(Ref::New(patient)),
        template,
    }]
}

/// The page of what is looked at is asked for, where its picture is shown.
pub fn look(model: &mut Model) -> Vec<Effect> {
    let pictures = model.settings.screen.pictures;
    let (linear, glass) = (model.is_linear(), model.glass);
    let Some(Overlay::Proof(proof)) = &mut model.overlay else {
        return Vec::new();
    };
    if linear || !proof.shows_picture(pictures, glass) {
        return Vec::new();
    }
    let (page, shot) = (proof.page(), proof.shot());
    if !proof.pictures.ask(page) {
        return Vec::new();
    }
    vec![Effect::Picture {
        document: proof.document,
        page,
        shot,
    }]
}

/// Takes a key.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    turn(model, |proof, policy| proof.key(chord, policy))
}

/// Takes a click on a row of the review, or on one of what is on offer for its field.
pub fn click(model: &mut Model, spot: Spot) -> Vec<Effect> {
    turn(model, |proof, policy| match spot {
        Spot::Line(at) => proof.click(at, policy),
        Spot::Choice(_, at) => proof.click_choice(at, policy),
        Spot::Action(_) | Spot::Field(_) | Spot::Match(..) | Spot::Yes | Spot::No => Turn::Stay,
    })
}

fn turn(model: &mut Model, does: impl FnOnce(&mut Proof, &Policy) -> Turn) -> Vec<Effect> {
    let policy = model.settings.policy.clone();
    let Some(Overlay::Proof(proof)) = &mut model.overlay else {
        return Vec::new();
    };
    let before = subject(proof);
    match does(proof, &policy) {
        Turn::Stay => {
            let Some(Overlay::Proof(mut proof)) = model.overlay.take() else {
                return Vec::new();
            };
            let mut effects = alike(model, &mut proof, Some(&before));
            model.overlay = Some(Overlay::Proof(proof));
            effects.extend(look(model));
            effects
        }
        Turn::Leave => {
            leave(model);
            Vec::new()
        }
        Turn::ThrowAway => {
            model.overlay = None;
            model.notices.say(
                model.now,
                Kind::Done,
                "what you said of the document was thrown away",
            );
            Vec::new()
        }
        Turn::Finish => finish(model),
        Turn::Attach(id) => attach(model, id),
    }
}

/// What was said is kept for the next look at this document.
fn leave(model: &mut Model) {
    let Some(Overlay::Proof(proof)) = model.overlay.take() else {
        return;
    };
    if proof.touched {
        keep(model, proof.said());
        let text = "what you said of the document is kept: its review goes on with it";
        model.notices.say(model.now, Kind::Done, text);
    }
}

/// What was said of a document is kept, in the place of what was said before.
pub fn keep(model: &mut Model, said: Said) {
    model.proofs.retain(|other| other.document != said.document);
    model.proofs.push(said);
}

fn attach(model: &mut Model, id: ReferralId) -> Vec<Effect> {
    let Some(Overlay::Proof(proof)) = model.overlay.take() else {
        return Vec::new();
    };
    if proof.touched {
        keep(model, proof.said());
    }
    model.attach = Some((proof.document, id));
    vec![Effect::Sheet(id)]
}

/// It becomes the referral, or the corrections are kept.
fn finish(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Proof(mut proof)) = model.overlay.take() else {
        return Vec::new();
    };
    let policy = model.settings.policy.clone();
    let made = match &proof.referral {
        None => proof::receive(&proof, &policy).map(|command| (None, vec![command])),
        Some(row) => match model.sheet_of(std::slice::from_ref(row)) {
            Some(sheet) => proof::corrections(&proof, row.id, &sheet.snapshot).map(|commands| {
                // What it was compared with is what it is sent for.
                let mut row = row.clone();
                if let Some(referral) = sheet.snapshot.referral() {
                    row.version = referral.version;
                }
                (Some(row), commands)
            }),
            None => Err(Wrong {
                at: proof.at.clone(),
                because: format!(
                    "{} is not under the cursor any more, or not read yet: leave with esc, which keeps this, and go back to it",
                    row.id
                ),
            }),
        },
    };
    let (row, commands) = match made {
        Ok(made) => made,
        Err(Wrong { at, because }) => {
            if proof.rows(&policy).contains(&at) {
                proof.at = at;
            }
            proof.wrong = Some(because);
            model.overlay = Some(Overlay::Proof(proof));
            return Vec::new();
        }
    };
    let effects = match row {
        None => acts::execute_plain(model, Action::MakeReferral, commands),
        Some(row) => acts::send(model, Action::ProofSource, vec![(row, commands)]),
    };
    typing::is_sent(model, &effects, Origin::Proof(proof));
    effects
}

/// The names of the domain's fields, as a refusal begins, and the review's.
const REFUSED: [(&str, Field); 13] = [
    ("patient.name", Field::PatientName),
    ("patient.dob", Field::Dob),
    ("patient.phone", Field::PatientPhone),
    ("patient.email", Field::PatientEmail),
    ("patient.address", Field::PatientAddress),
    ("patient.language", Field::PatientLanguage),
    ("requester.npi", Field::ReferringNpi),
    ("requester.phone", Field::ReferringPhone),
    ("requester.fax", Field::ReferringFax),
    ("requester.email", Field::ReferringEmail),
    ("reason_codes", Field::Icd10),
    ("procedure_codes", Field::Cpt),
    ("coverage.payer", Field::Payer),
];

/// The commands of a review were done, or refused: then it is on the screen again, as it was.
pub fn done(model: &mut Model, mut proof: Box<Proof>, failure: Option<&Failure>) {
    let Some(failure) = failure else {
        model.proofs.retain(|said| said.document != proof.document);
        return;
    };
    if model.overlay.is_some() {
        keep(model, proof.said());
        return;
    }
    proof.at = Row::Done;
    if let Failure::Refused(refusal) = failure {
        let named = REFUSED.iter().find(|(part, _)| refusal.because.starts_with(part));
        if let Some((_, field)) = named {
            proof.at = Row::Field(*field);
        }
        proof.wrong = Some(refusal.because.clone());
    }
    model.overlay = Some(Overlay::Proof(proof));
}

/// Asks whether the papers of different patients are to be parted, each to an item of its own.
pub fn split(model: &mut Model) -> Vec<Effect> {
    let reading = model.intake.reader.reading.as_deref();
    let row = model
        .intake
        .current()
        .filter(|row| model.intake.reader.document == Some(row.id));
    let commands = row
        .zip(reading)
        .map(|(row, reading)| Engine::parted(row, reading))
        .unwrap_or_default();
    let parts: Vec<String> = reading
        .iter()
        .flat_map(|reading| &reading.segments)
        .map(|part| {
            let kind = kind_code(part.kind).replace('_', " ");
            format!("{} ({kind})", Engine::pages_named(part.pages))
        })
        .collect();
    if commands.is_empty() {
        let why = "these papers are about one patient, as far as could be read";
        refused(model, &Refusal::new(Code::NothingToDo, why, "nothing is needed"));
        return Vec::new();
    }
    let question = format!(
        "Part it: {}. Each becomes an item of Intake; the original is kept for each of them. This is not undone.",
        parts.join(" and ")
    );
    let then = acts::execute_plain(model, Action::Split, commands);
    // It counts as on its way only once it is confirmed.
    model.in_flight = model.in_flight.saturating_sub(1);
    model.overlay = Some(Overlay::Confirm(Confirm {
        question,
        then,
        leaves: Vec::new(),
    }));
    Vec::new()
}

/// Goes where the review of a document was left.
pub fn take_up(model: &mut Model, said: &Said) -> Vec<Effect> {
    if let Some(id) = said.referral {
        model.jump = Some(id);
        return vec![Effect::Sheet(id)];
    }
    model.intake.cursor = Some(said.document);
    moves::turn_to(model, Place::Intake)
}
