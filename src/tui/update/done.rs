//! What became of commands: receipts, refusals, undo and redo.

use super::answers::changed;
use super::{load, proofs, typing};
use crate::domain::id::ReferralId;
use crate::engine::{Failure, Receipt};
use crate::store::board::Anchor;
use crate::tui::action::Action;
use crate::tui::board::Sign;
use crate::tui::model::{Model, Place};
use crate::tui::msg::{Effect, Reread};
use crate::tui::notice::Kind;
use crate::tui::reader::Reader;

fn trouble(model: &mut Model, id: Option<ReferralId>, failure: &Failure) {
    let what = id.map(|id| format!("{id}: ")).unwrap_or_default();
    let text = match failure {
        Failure::Refused(refusal) => format!("{what}{}; {}", refusal.because, refusal.fix),
        Failure::Store(error) => format!("{what}{error}"),
    };
    model.notices.say(model.now, Kind::Trouble, text);
}

fn praise(model: &mut Model, what: &str, receipt: &Receipt) {
    // A referral that has just come in is in its first version, and is never taken away: what counts is its id.
    let made = receipt.referral.filter(|_| receipt.version == Some(1));
    let first = made.map_or_else(|| receipt.changed.first().cloned(), |id| Some(id.to_string()));
    let one = receipt.referral.map(|id| id.to_string());
    let one = one.filter(|id| {
        what.strip_prefix(id.as_str())
            .is_some_and(|rest| rest.starts_with(": "))
    });
    // What changed says what was done, in fewer words than both would be: the line ends with the key that undoes.
    let told = match (one, first) {
        (Some(id), Some(line)) if made.is_none() => format!("{id}: {line}"),
        (_, Some(line)) => format!("{what} · {line}"),
        (_, None) => what.to_owned(),
    };
    let warned = receipt
        .warnings
        .first()
        .map(|line| format!(" · {line}"))
        .unwrap_or_default();
    let kind = if warned.is_empty() {
        Kind::Done
    } else {
        Kind::Trouble
    };
    let undo = match made {
        Some(_) => String::new(),
        None => format!(" · {} undoes", model.settings.keymap.named(Action::Undo)),
    };
    model
        .notices
        .say(model.now, kind, format!("{told}{warned}{undo}"));
}

/// Takes the results of commands.
pub fn done(
    model: &mut Model,
    referrals: &[Option<ReferralId>],
    what: &str,
    results: Vec<Result<Receipt, Failure>>,
) -> Vec<Effect> {
    model.in_flight = model.in_flight.saturating_sub(1);
    let mut ids: Vec<ReferralId> = referrals.iter().copied().flatten().collect();
    ids.dedup();
    let made = results
        .iter()
        .flatten()
        .filter_map(|receipt| receipt.referral)
        .find(|id| !ids.contains(id));
    let failed = results.iter().any(Result::is_err);
    let first = results.iter().find_map(|result| result.as_ref().err());
    proofs::done(model, what, first);
    if failed {
        typing::bring_back(model, &ids);
    } else {
        typing::is_done(model, &ids);
    }
    if let Some(receipt) = results.iter().flatten().next() {
        praise(model, what, receipt);
    }
    for (result, id) in results.iter().zip(referrals) {
        if let Err(failure) = result {
            trouble(model, *id, failure);
            if let Some(id) = id {
                model.board.set_sign(*id, Sign::None);
                if model
                    .moved
                    .is_some_and(|(from, to)| from == *id && model.board.cursor == Some(to))
                {
                    model.board.put_cursor(Some(*id));
                }
            }
        }
    }
    let mut effects = vec![Effect::Counts, Effect::Fence];
    if model.place == Place::Intake {
        // What is shown of the document under the cursor may be another reading now.
        model.intake.reader = Reader::default();
        effects.push(Effect::Intake);
    }
    if let Some(made) = made {
        model.draft = None;
        // From Intake, the next document comes; by hand, the new referral is shown.
        if model.place != Place::Intake {
            model.jump = Some(made);
            effects.push(Effect::Sheet(made));
        }
    }
    if !ids.is_empty() {
        effects.push(Effect::Rows {
            ids: ids.clone(),
            why: Reread::Acted,
        });
        effects.extend(
            model
                .board
                .cursor
                .filter(|cursor| ids.contains(cursor))
                .map(Effect::Sheet),
        );
    }
    effects
}

/// Takes the result of an undo or a redo.
pub fn reversed(model: &mut Model, again: bool, result: Result<Vec<Receipt>, Failure>) -> Vec<Effect> {
    let verb = if again { "redone" } else { "undone" };
    let receipts = match result {
        Ok(receipts) => receipts,
        Err(failure) => {
            trouble(model, None, &failure);
            return Vec::new();
        }
    };
    let mut ids: Vec<ReferralId> = receipts.iter().filter_map(|receipt| receipt.referral).collect();
    ids.dedup();
    let what = match ids.as_slice() {
        [one] => one.to_string(),
        many => format!("{} referrals", many.len()),
    };
    let key = |action| model.settings.keymap.named(action);
    let other = if again {
        format!("{} undoes", key(Action::Undo))
    } else {
        format!("{} redoes", key(Action::Redo))
    };
    model
        .notices
        .say(model.now, Kind::Done, format!("{verb}: {what} · {other}"));
    let mut effects = vec![Effect::Counts, Effect::Fence];
    model.followed = model.followed.filter(|followed| !ids.contains(followed));
    match ids.as_slice() {
        [_] => effects.push(Effect::Rows {
            ids,
            why: Reread::Returned,
        }),
        // A batch, or something without a referral: read what is shown afresh.
        _ => {
            effects.extend(changed(model));
            effects.extend(load(
                model,
                model.board.cursor.map_or(Anchor::Start, Anchor::Around),
            ));
        }
    }
    effects
}
