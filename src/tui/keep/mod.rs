//! What the screen keeps from one run to the next: the place where somebody was, and what they typed and did not send.
//!
//! Owns what is worth keeping, and taking it up again. Holds ids and what was typed, which may name a patient: it is kept for
//! its owner alone ([`files`]). Must not know the disk (`files` does) or how anything is drawn.

pub mod draft;
pub mod files;
pub mod keeper;
mod making;
mod sent;

pub use draft::Draft;
pub use making::Making;
pub use sent::{Origin, Sent};

use super::action::{Action, TABLE, entry};
use super::model::{Model, Overlay, Pane, Place};
use super::notice::Kind;
use super::proof::Said;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::store::board::Shelf;
use serde::{Deserialize, Serialize};

/// Where somebody was.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spot {
    /// `intake`, `open`, `closed`, or the list's code.
    pub list: String,
    /// The filter, as it was typed.
    pub query: String,
    /// The referral under the cursor.
    pub referral: Option<ReferralId>,
    /// The document under Intake's cursor.
    pub document: Option<DocumentId>,
    /// The detail had the keys.
    pub detail: bool,
    /// The first line of it that was shown.
    pub scroll: usize,
    /// Per cent of the screen that the list has, where somebody moved the divider.
    pub share: Option<u16>,
    /// Ids of the actions used last, the latest first.
    pub recent: Vec<String>,
}

/// What was typed and not sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Forms.
    pub drafts: Vec<Draft>,
    /// Referrals being made.
    pub making: Vec<Making>,
    /// Reviews of documents.
    pub proofs: Vec<Said>,
}

impl Typed {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.making.is_empty() && self.proofs.is_empty()
    }
}

/// Everything that is kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where somebody was.
    pub spot: Spot,
    /// What they typed.
    pub typed: Typed,
}

const INTAKE: &str = "intake";
const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// What of the screen is worth keeping now.
pub fn capture(model: &Model) -> Kept {
    let (list, query) = match &model.place {
        Place::Intake => (INTAKE, String::new()),
        Place::Rows(Shelf::Open, query) => (OPEN, query.clone()),
        Place::Rows(Shelf::Closed, query) => (CLOSED, query.clone()),
        Place::Rows(Shelf::List(list), query) => (list.code(), query.clone()),
    };
    let mut typed = Typed {
        drafts: model.kept.clone(),
        making: model.making.iter().map(|create| Making::of(create)).collect(),
        proofs: model.proofs.clone(),
    };
    model.sent.iter().for_each(|sent| typed.with(sent));
    match &model.overlay {
        Some(Overlay::Proof(proof)) if proof.touched => typed.proofs.push(proof.said()),
        Some(Overlay::Form(form)) if is_worth_keeping(form) => typed.drafts.push(Draft::of(form)),
        Some(Overlay::Create(create)) if create.is_begun() || create.form.is_some() => {
            typed.making.push(Making::of(create));
        }
        _ => {}
    }
    let recent = model.recent.iter().filter_map(|action| entry(*action));
    Kept {
        spot: Spot {
            list: list.to_owned(),
            query,
            referral: model.board.cursor,
            document: model.intake.cursor,
            detail: model.pane == Pane::Detail,
            scroll: model.scroll,
            share: Some(model.share).filter(|share| *share != model.settings.screen.share),
            recent: recent.map(|entry| entry.id.to_owned()).collect(),
        },
        typed,
    }
}

/// Whether a form that is left holds something that would be missed.
pub fn is_worth_keeping(form: &super::form::Form) -> bool {
    form.touched
        && !form.changed().is_empty()
        && !matches!(
            form.action,
            Action::Filter
                | Action::New
                | Action::AsOf
                | Action::SaveView
                | Action::ForgetView
                | Action::Unlock
        )
}

/// Takes up what was kept, before the screen opens.
pub fn restore(model: &mut Model, kept: Kept) {
    let Kept { spot, typed } = kept;
    let shelf = match spot.list.as_str() {
        OPEN => Some(Shelf::Open),
        CLOSED => Some(Shelf::Closed),
        code => List::from_code(code).map(Shelf::List),
    };
    match shelf {
        Some(shelf) => {
            model.place = Place::Rows(shelf, spot.query);
            model.board.cursor = spot.referral;
            model.scroll = spot.scroll;
        }
        None if spot.list == INTAKE => {
            model.place = Place::Intake;
            model.intake.cursor = spot.document;
        }
        // Nothing was kept, or by a program that knew other lists.
        None => {}
    }
    if spot.detail && shelf.is_some() && spot.referral.is_some() {
        model.pane = Pane::Detail;
    }
    model.share = spot.share.unwrap_or(model.share);
    let known = |id: &String| TABLE.iter().find(|entry| entry.id == id);
    model.recent = spot
        .recent
        .iter()
        .filter_map(known)
        .map(|entry| entry.action)
        .collect();
    model.kept = typed.drafts;
    model.proofs = typed.proofs;
    let making = typed.making.into_iter();
    model.making = making
        .map(|making| Box::new(making.resume(&model.settings)))
        .collect();
    offer(model);
}

/// Says that something typed waits.
fn offer(model: &mut Model) {
    let keymap = &model.settings.keymap;
    let mut said = Vec::new();
    match model.kept.as_slice() {
        [] => {}
        [one] => {
            let what = one.action.replace('-', " ");
            let about = match one.targets.as_slice() {
                [id] => format!(" on {id}"),
                _ => String::new(),
            };
            said.push(format!("{what}{about}"));
        }
        many => said.push(format!("{} forms", many.len())),
    }
    match model.making.len() {
        0 => {}
        1 => said.push("a referral being made".to_owned()),
        many => said.push(format!("{many} referrals being made")),
    }
    match model.proofs.len() {
        0 => {}
        1 => said.push("the review of a document".to_owned()),
        many => said.push(format!("reviews of {many} documents")),
    }
    if said.is_empty() {
        return;
    }
    let text = format!(
        "what you typed last time is kept: {} · {} takes it up",
        said.join(", "),
        keymap.named(Action::Drafts)
    );
    model.notices.say(model.now, Kind::Trouble, text);
}

impl Model {
    /// The texts kept, as a list to choose from: what, and about what.
    pub fn typed(&self) -> Vec<String> {
        let model = self;
        let line = |draft: &Draft| {
            let title = draft.action().and_then(entry).map_or("", |entry| entry.title);
            match draft.targets.as_slice() {
                [] => title.to_owned(),
                [id] => format!("{id} · {title}"),
                many => format!("{} referrals · {title}", many.len()),
            }
        };
        let making = model.making.iter().map(|create| {
            let how = match create.document {
                Some(_) => "a referral being made from a document of Intake",
                None => "a referral being made by hand",
            };
            match create.patient_label.as_str() {
                "" => how.to_owned(),
                whose => format!("{how} · {whose}"),
            }
        });
        let proofs = model.proofs.iter().map(|said| match said.referral {
            Some(id) => format!("{id} · review of its document"),
            None => "review of a document of Intake".to_owned(),
        });
        model.kept.iter().map(line).chain(making).chain(proofs).collect()
    }
}
