//! What became of commands: receipts, refusals, undo and redo.

use super::answers::changed;
use super::{load, typing};
use crate::domain::id::ReferralId;
use crate::engine::{Failure, Receipt, Undone};
use crate::store::board::Anchor;
use crate::tui::action::Action;
use crate::tui::board::Sign;
use crate::tui::model::{Model, Place};
use crate::tui::msg::{Effect, Reread};
use crate::tui::notice::Kind;
use crate::tui::reader::Reader;

/// Why something was not done, as a person reads it.
fn told(id: Option<ReferralId>, failure: &Failure) -> String {
    let what = id.map(|id| format!("{id}: ")).unwrap_or_default();
    match failure {
        Failure::Refused(refusal) => format!("{what}{}; {}", refusal.because, refusal.fix),
        Failure::Store(error) => format!("{what}{error}"),
    }
}

fn trouble(model: &mut Model, id: Option<ReferralId>, failure: &Failure) {
    let text = told(id, failure);
    model.notices.say(model.now, Kind::Trouble, text);
}

/// Of several, what was done and what was not: each that was not with its reason, then how many of how many, and what to do.
fn partly(model: &mut Model, what: &str, (done, all): (usize, usize), failures: &[String], then: &str) {
    for why in failures {
        model.notices.say(model.now, Kind::Trouble, why.clone());
    }
    let left = match failures {
        [one] => one.clone(),
        many => {
            let key = model.settings.keymap.named(Action::Notices);
            format!("{} were not, {key} tells why", many.len())
        }
    };
    let text = format!("{what}: {done} of {all} referrals · {left} · {then}");
    model.notices.say(model.now, Kind::Trouble, text);
}

/// Each id once, in the order in which they come.
fn once(ids: impl Iterator<Item = ReferralId>) -> Vec<ReferralId> {
    let mut out: Vec<ReferralId> = Vec::new();
    for id in ids {
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
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

/// Takes the results of commands: of each envelope its id, its referral and how it went.
pub fn done(
    model: &mut Model,
    sent: &[Option<String>],
    referrals: &[Option<ReferralId>],
    what: &str,
    results: &[Result<Receipt, Failure>],
) -> Vec<Effect> {
    model.in_flight = model.in_flight.saturating_sub(1);
    let ids = once(referrals.iter().copied().flatten());
    let made = results
        .iter()
        .flatten()
        .filter_map(|receipt| receipt.referral)
        .find(|id| !ids.contains(id));
    let first = results.iter().find_map(|result| result.as_ref().err());
    // Where the file could not be written to, none of them was done, and there is one answer for all.
    let answered = referrals.iter().enumerate();
    let refused = answered.filter(|(at, _)| results.get(*at).is_none_or(Result::is_err));
    let failed = once(refused.filter_map(|(_, id)| *id));
    let sent: Vec<String> = sent.iter().flatten().cloned().collect();
    typing::is_done(model, &sent, &failed, first);
    let receipt = results.iter().flatten().next();
    let several = ids.len() > 1;
    match receipt {
        Some(receipt) if several && failed.is_empty() => {
            praise(model, &format!("{what}: {} referrals", ids.len()), receipt);
        }
        Some(receipt) if !several => praise(model, what, receipt),
        Some(_) | None => {}
    }
    let mut why: Vec<String> = Vec::new();
    let mut said: Vec<ReferralId> = Vec::new();
    for (result, id) in results.iter().zip(referrals) {
        if let Err(failure) = result
            && id.is_none_or(|id| !said.contains(&id))
        {
            said.extend(*id);
            why.push(told(*id, failure));
        }
    }
    match receipt {
        Some(_) if several && !failed.is_empty() => {
            let undo = format!("{} undoes", model.settings.keymap.named(Action::Undo));
            let done = ids.len().saturating_sub(failed.len());
            partly(model, what, (done, ids.len()), &why, &undo);
        }
        Some(_) | None => {
            for text in why {
                model.notices.say(model.now, Kind::Trouble, text);
            }
        }
    }
    for id in failed {
        model.board.set_sign(id, Sign::None);
        if model
            .moved
            .is_some_and(|(from, to)| from == id && model.board.cursor == Some(to))
        {
            model.board.put_cursor(Some(id));
        }
    }
    let mut effects = vec![Effect::Counts, Effect::Fence];
    if model.place == Place::Intake {
        // What is shown of the document under the cursor may be another reading now.
        model.intake.reader = Reader::default();
        effects.push(Effect::Intake);
    }
    if let Some(made) = made {
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
pub fn reversed(model: &mut Model, again: bool, result: Result<Undone, Failure>) -> Vec<Effect> {
    let verb = if again { "redone" } else { "undone" };
    let Undone { receipts, stayed } = match result {
        Ok(undone) => undone,
        Err(failure) => {
            trouble(model, None, &failure);
            return Vec::new();
        }
    };
    let ids = once(receipts.iter().filter_map(|receipt| receipt.referral));
    let key = |action| model.settings.keymap.named(action);
    let other = if again {
        format!("{} undoes", key(Action::Undo))
    } else {
        format!("{} redoes", key(Action::Redo))
    };
    if stayed.is_empty() {
        let what = match ids.as_slice() {
            [one] => one.to_string(),
            many => format!("{} referrals", many.len()),
        };
        model
            .notices
            .say(model.now, Kind::Done, format!("{verb}: {what} · {other}"));
    } else {
        let stood = once(stayed.iter().filter_map(|(id, _)| *id));
        let all = ids.len() + stood.iter().filter(|id| !ids.contains(id)).count();
        let why: Vec<String> = stayed
            .into_iter()
            .map(|(id, refusal)| told(id, &Failure::Refused(refusal)))
            .collect();
        partly(model, verb, (all.saturating_sub(stood.len()), all), &why, &other);
    }
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
