//! The one place where the screen's state changes: a message in, requests out.
//!
//! Pure: no clock (now comes with the message), no disk, no terminal. One file a kind of message.

mod acts;
mod answers;
mod deeds;
mod done;
mod keys;
mod making;
mod mouse;
mod moves;
mod outbox;
mod overlays;
mod pages;
mod past;
mod proofs;
mod setup;
mod typing;

use super::model::{Model, Place};
use super::msg::{Ask, Effect, Fetch, Msg};
use super::notice::Kind;
use crate::domain::refusal::Refusal;
use crate::domain::time::Stamp;
use crate::store::board::Anchor;

/// What is asked for when the screen opens.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![Effect::Counts, Effect::Fence];
    if model.place == Place::Intake {
        effects.push(Effect::Intake);
        return effects;
    }
    // Where somebody was last time: around their referral, with what they saw of it.
    let cursor = model.board.cursor;
    effects.extend(load(model, cursor.map_or(Anchor::Start, Anchor::Around)));
    model.followed = cursor;
    effects.extend(cursor.map(Effect::Sheet));
    effects
}

/// Takes a message; says what is to be asked for.
pub fn update(model: &mut Model, msg: Msg, clock: Stamp) -> Vec<Effect> {
    if matches!(msg, Msg::Returned(_)) {
        model.past = None;
    }
    // Time stands still in the past.
    let now = model.past.unwrap_or(clock);
    model.clock = clock;
    let minute = |at: Stamp| crate::domain::time::seconds(at).div_euclid(60);
    if minute(model.now) != minute(now) {
        model.dirty = true;
    }
    model.now = now;
    if model.notices.age(now) {
        model.dirty = true;
    }
    let mut effects = match msg {
        Msg::Wake => Vec::new(),
        Msg::Key(chord) => {
            model.dirty = true;
            keys::key(model, chord)
        }
        Msg::Paste(text) => {
            model.dirty = true;
            keys::paste(model, &text)
        }
        Msg::Mouse(mouse) => mouse::mouse(model, mouse),
        Msg::Resumed => {
            model.dirty = true;
            model.wipe = true;
            Vec::new()
        }
        Msg::Edited(edited) => {
            model.dirty = true;
            typing::edited(model, edited)
        }
        Msg::Resize(..) if model.is_linear() => Vec::new(),
        Msg::Resize(width, height) => {
            model.dirty = true;
            model.size = (width, height);
            let height = model.list_height();
            model.board.show_cursor(height);
            moves::fill(model)
        }
        Msg::Terminate => {
            model.quit = true;
            vec![Effect::Quit]
        }
        other @ (Msg::Changed
        | Msg::Trouble(_)
        | Msg::News(_)
        | Msg::Counts(_)
        | Msg::Fence(_)
        | Msg::Window { .. }
        | Msg::Rows { .. }
        | Msg::Sheet { .. }
        | Msg::Found { .. }
        | Msg::ReferralsOf(_)
        | Msg::Intake(_)
        | Msg::Outbox { .. }
        | Msg::Reading { .. }
        | Msg::LookAlikes { .. }
        | Msg::Picture { .. }
        | Msg::Glass(_)
        | Msg::Renewed(_)
        | Msg::Views(_)
        | Msg::Packed(_)
        | Msg::Handover(_)
        | Msg::LookingBack { .. }
        | Msg::LookedBack { .. }
        | Msg::Returned(_)
        | Msg::Done { .. }
        | Msg::History { .. }
        | Msg::Verdict { .. }
        | Msg::Reversed { .. }) => {
            model.dirty = true;
            answers::answer(model, other)
        }
    };
    effects.extend(follow_cursor(model));
    effects
}

/// Asks for the rows of the place shown, afresh.
fn load(model: &mut Model, anchor: Anchor) -> Vec<Effect> {
    model.board.loading = true;
    window(model, anchor, Fetch::Show).into_iter().collect()
}

/// A window of the place shown.
fn window(model: &mut Model, anchor: Anchor, fetch: Fetch) -> Option<Effect> {
    let Place::Rows(shelf, query) = model.place.clone() else {
        return None;
    };
    let serial = model.next_serial();
    if fetch == Fetch::Show {
        model.asked = serial;
        model.as_of = model.now;
    }
    model.fetching |= matches!(fetch, Fetch::Above | Fetch::Below);
    let heights = match (fetch, anchor) {
        // The screen, and one on either side of it; from the top on, there is nothing above.
        (Fetch::Show | Fetch::Peek, Anchor::Start) => 2,
        (Fetch::Show | Fetch::Peek, _) => 3,
        // Little at a time: what is read ahead must not hold up the key that asks for it.
        (Fetch::Above | Fetch::Below, _) => 1,
    };
    Some(Effect::Window {
        ask: Ask {
            serial,
            shelf,
            query,
            anchor,
            limit: model.list_height().max(10) * heights,
            as_of: model.as_of,
        },
        fetch,
    })
}

/// What the cursor is on is read whole; the document beside it, too.
fn follow_cursor(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    match model.place {
        Place::Rows(..) => {
            let cursor = model.board.cursor;
            // What waits is about the referral that the cursor was on: where it goes, that is not begun.
            if let Some(waiting) = model.waiting.take_if(|waiting| Some(waiting.referral) != cursor) {
                let text = format!(
                    "nothing was begun on {}: another is under the cursor",
                    waiting.referral
                );
                model.notices.say(model.now, Kind::Trouble, text);
            }
            if model.followed != model.board.cursor {
                model.followed = model.board.cursor;
                model.scroll = 0;
                effects.extend(model.followed.map(Effect::Sheet));
            }
        }
        Place::Intake => {
            let cursor = model.intake.cursor;
            effects.extend(model.intake.reader.turn_to(cursor).map(Effect::Reading));
        }
    }
    effects
}

/// Says that something was refused, with what to do.
fn refused(model: &mut Model, refusal: &Refusal) {
    let text = format!("{}; {}", refusal.because, refusal.fix);
    model.notices.say(model.now, Kind::Trouble, text);
}
