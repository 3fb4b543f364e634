//! What the worker answered, taken into the screen's state.

use super::{acts, deeds, done, keys, load, moves, overlays, past, proofs, refused, setup, typing, window};
use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::domain::refusal::Refusal;
use crate::store::board::{Anchor, Hit, QueueRow, Sheet, Shelf, Target, Window};
use crate::tui::asks;
use crate::tui::board::{Sign, belongs};
use crate::tui::lookup::{FindFor, Lookup, Wanted};
use crate::tui::model::{Model, Overlay, Place, Waiting};
use crate::tui::msg::{Ask, Effect, Fetch, Msg, News, Reread};
use crate::tui::notice::Kind;
use crate::tui::page::{Content, Page};
use crate::tui::reader::Reader;
use crate::tui::settings::AfterAction;

/// Takes an answer.
pub fn answer(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Counts(Ok((counts, held))) => (model.counts, model.held) = (counts, held),
        Msg::Fence(Ok(window)) => {
            let most = if model.size.1 < 30 { 3 } else { 5 };
            model.board.take_fence(window, most);
            let height = model.list_height();
            model.board.show_cursor(height);
        }
        Msg::Window { ask, fetch, result } => return rows(model, &ask, fetch, result),
        Msg::Rows { ids, why, result } => return reread(model, &ids, why, result),
        Msg::Sheet { id, result } => return sheet(model, id, result),
        Msg::ReferralsOf(Ok(hits)) => return of_person(model, hits),
        Msg::Found { serial, result } => {
            found(model, serial, result);
            return overlays::answered(model);
        }
        Msg::Intake(Ok(rows)) => model.intake.take(rows),
        Msg::Outbox { part, result } => super::outbox::answer(model, part, result),
        Msg::Reading { document, result } => {
            let reading = result.unwrap_or_else(|why| {
                model.notices.say(model.now, Kind::Trouble, why);
                None
            });
            let reader = &mut model.reader;
            if reader.document == Some(document) {
                reader.reading.clone_from(&reading);
            }
            if model.intake.reader.document == Some(document) {
                model.intake.reader.reading = reading;
            }
        }
        Msg::Picture {
            document,
            page,
            picture,
        } => {
            if let Some(Overlay::Proof(proof)) = &mut model.overlay
                && proof.document == document
            {
                proof.pictures.take(page, picture);
            }
        }
        Msg::Glass(glass) => {
            model.glass = Some(glass);
            return proofs::look(model);
        }
        Msg::LookAlikes {
            serial,
            result: Ok(alike),
        } => match &mut model.overlay {
            Some(Overlay::Proof(proof)) if proof.alike_asked == serial => proof.look_alikes = alike,
            Some(Overlay::Create(create)) if create.alike_asked == serial => {
                create.look_alikes = Some(alike);
            }
            // They were asked for somebody else.
            _ => {}
        },
        Msg::Done {
            ids,
            referrals,
            what,
            results,
        } => return done::done(model, &ids, &referrals, &what, &results),
        msg @ (Msg::History { .. } | Msg::Verdict { .. }) => return deeds::answer(model, msg),
        Msg::Reversed { again, result } => return done::reversed(model, again, result),
        Msg::Changed => return changed(model),
        Msg::Renewed(renewal) => return setup::renew(model, renewal),
        Msg::Views(Ok((said, views))) => setup::views(model, said, &views),
        Msg::Views(Err(why)) => model.notices.say(model.now, Kind::Trouble, why),
        Msg::Packed(Ok(folder)) => {
            let text = format!("downtime pack written to {folder}: downtime.html to print, downtime.txt");
            model.notices.say(model.now, Kind::Done, text);
        }
        // Whoever went on to something else meanwhile is not interrupted.
        Msg::Handover(Ok(_)) if model.overlay.is_some() => {}
        Msg::Handover(Ok(handover)) => {
            model.overlay = Some(Overlay::Page(Page::new(Content::Handover(handover))));
        }
        Msg::LookingBack { done, total } => past::on_the_way(model, done, total),
        Msg::LookedBack { at, result } => return past::arrived(model, at, result),
        Msg::Returned(result) => return past::returned(model, result),
        Msg::Counts(Err(why))
        | Msg::Fence(Err(why))
        | Msg::Intake(Err(why))
        | Msg::ReferralsOf(Err(why))
        | Msg::LookAlikes { result: Err(why), .. }
        | Msg::Handover(Err(why))
        | Msg::Packed(Err(why))
        | Msg::Trouble(why) => model.notices.say(model.now, Kind::Trouble, why),
        Msg::News(News::Busy(what)) => model.busy = what,
        Msg::News(News::Done(what)) => {
            model.notices.say(model.now, Kind::Done, what);
            // What is shown of the document under the cursor may be another reading now.
            model.intake.reader = Reader::default();
        }
        Msg::News(News::Trouble(why)) => model.notices.say(model.now, Kind::Trouble, why),
        // These never come here: `update` takes them itself.
        Msg::Key(_)
        | Msg::Paste(_)
        | Msg::Mouse(_)
        | Msg::Resize(..)
        | Msg::Wake
        | Msg::Resumed
        | Msg::Edited(_)
        | Msg::Terminate => {}
    }
    Vec::new()
}

fn rows(model: &mut Model, ask: &Ask, fetch: Fetch, result: Result<Window, String>) -> Vec<Effect> {
    let here =
        matches!(&model.place, Place::Rows(shelf, query) if *shelf == ask.shelf && *query == ask.query);
    if matches!(fetch, Fetch::Above | Fetch::Below) {
        model.fetching = false;
    }
    let stale = if fetch == Fetch::Show {
        ask.serial != model.asked
    } else {
        ask.serial < model.asked
    };
    if !here || stale {
        return Vec::new();
    }
    let height = model.list_height();
    match result {
        Ok(window) => {
            model.board.take(window, fetch, height);
            if fetch == Fetch::Show
                && ask.shelf == Shelf::List(List::Emergency)
                && model.board.cursor.is_none()
            {
                model.board.step(0);
            }
            if ask.anchor == Anchor::End {
                let last = model.board.rows.last().map(|row| row.queue.id);
                model.board.put_cursor(last.or(model.board.cursor));
                model.board.show_cursor(height);
            }
            let mut effects = typing::resume(model);
            effects.extend(moves::fill(model));
            effects
        }
        Err(why) => {
            model.board.loading = false;
            model.notices.say(model.now, Kind::Trouble, why);
            match model.place.clone() {
                // A query that cannot be read: all rows again.
                Place::Rows(shelf, query) if !query.is_empty() => {
                    moves::turn_to(model, Place::Rows(shelf, String::new()))
                }
                Place::Rows(..) | Place::Intake => Vec::new(),
            }
        }
    }
}

/// Rows that were acted on: new values in their places, or gone from this list.
fn reread(
    model: &mut Model,
    ids: &[ReferralId],
    why: Reread,
    result: Result<Vec<QueueRow>, String>,
) -> Vec<Effect> {
    let found = match result {
        Ok(found) => found,
        Err(why) => {
            model.notices.say(model.now, Kind::Trouble, why);
            return Vec::new();
        }
    };
    if why == Reread::Returned
        && let Some(row) = found.first()
        && model.board.row(row.id).is_none()
    {
        return acts::show_referral(model, row.id, row);
    }
    if why == Reread::Acted
        && model.settings.after == AfterAction::Follow
        && let [row] = found.as_slice()
        && model.board.cursor == Some(row.id)
        && model.shelf().is_some_and(|shelf| !belongs(row, shelf))
    {
        return acts::show_referral(model, row.id, row);
    }
    let Some(shelf) = model.shelf() else {
        return Vec::new();
    };
    let fence: Vec<ReferralId> = model.board.fence.iter().map(|row| row.queue.id).collect();
    let fenced = |id: ReferralId| fence.contains(&id);
    for id in ids {
        let row = found.iter().find(|row| row.id == *id);
        let stays = model.settings.after == AfterAction::Stay && model.board.cursor == Some(*id);
        match row {
            Some(row) if belongs(row, shelf) || row.list == Some(List::Emergency) && fenced(*id) => {
                model.board.refresh(row, Sign::None)
            }
            Some(row) if stays => model.board.refresh(row, Sign::Left),
            Some(_) | None => model.board.drop_row(*id),
        }
    }
    let height = model.list_height();
    model.board.show_cursor(height);
    moves::fill(model)
}

/// What waits for this referral to be read; it is waited for no more.
fn waited_for(model: &mut Model, id: ReferralId) -> Option<Waiting> {
    model.waiting.take_if(|waiting| waiting.referral == id)
}

/// Whoever went on to something else meanwhile is not interrupted: what is open stays, and it is said how to come back to this.
fn is_busy(model: &mut Model, what: &str) -> bool {
    let busy = model.overlay.is_some();
    if busy {
        let text = format!("{what} was not opened: something else is open now; leave it, then ask again");
        model.notices.say(model.now, Kind::Trouble, text);
    }
    busy
}

fn sheet(model: &mut Model, id: ReferralId, result: Result<Option<Box<Sheet>>, String>) -> Vec<Effect> {
    let sheet = match result {
        Ok(Some(sheet)) => sheet,
        Ok(None) => {
            waited_for(model, id);
            refused(model, &Refusal::not_found(format!("referral {id}")));
            return Vec::new();
        }
        Err(why) => {
            waited_for(model, id);
            model.notices.say(model.now, Kind::Trouble, why);
            return Vec::new();
        }
    };
    if let Some((document, _)) = model.attach.take_if(|(_, referral)| *referral == id) {
        if !is_busy(model, &id.to_string()) {
            let form = asks::attach(model, &sheet, document);
            typing::show(model, form);
        }
        return Vec::new();
    }
    if let Some(Overlay::Proof(proof)) = &mut model.overlay
        && proof.referral.as_ref().is_some_and(|row| row.id == id)
    {
        proof.refresh(&sheet.snapshot);
    }
    if model.jump == Some(id) {
        model.jump = None;
        if is_busy(model, &id.to_string()) {
            model.resume = None;
            return Vec::new();
        }
        model.followed = Some(id);
        let list = sheet.snapshot.referral().and_then(|referral| referral.list);
        model.sheet = Some(sheet);
        let fits = |place: &Place| {
            matches!(place, Place::Rows(shelf, query)
            if query.is_empty() && *shelf == crate::tui::board::shelf_of(list))
        };
        if !fits(&model.place) {
            model.place = Place::Rows(crate::tui::board::shelf_of(list), String::new());
            model.board.rows.clear();
        }
        model.board.cursor = Some(id);
        let mut effects = load(model, Anchor::Around(id));
        effects.extend(document(model));
        return effects;
    }
    if model.board.cursor != Some(id) {
        return Vec::new();
    }
    model.sheet = Some(sheet);
    let mut effects: Vec<Effect> = document(model).into_iter().collect();
    if let Some(waiting) = waited_for(model, id) {
        // What was typed while the referral was being read is taken now, in its order.
        effects.extend(keys::perform(model, waiting.action));
        for chord in waiting.typed {
            effects.extend(keys::key(model, chord));
        }
    }
    effects
}

/// The referral's document is read beside it.
fn document(model: &mut Model) -> Option<Effect> {
    let snapshot = model.sheet.as_deref().map(|sheet| &sheet.snapshot);
    let source = snapshot.and_then(|snapshot| snapshot.referral()?.source_document);
    let filed = snapshot.and_then(|snapshot| snapshot.documents.last().map(|document| document.id));
    model.reader.turn_to(source.or(filed)).map(Effect::Reading)
}

fn found(model: &mut Model, serial: u64, result: Result<Vec<Hit>, String>) {
    let hits = match result {
        Ok(hits) => hits,
        Err(why) => {
            model.notices.say(model.now, Kind::Trouble, why);
            return;
        }
    };
    match &mut model.overlay {
        Some(Overlay::Find(lookup, _)) => lookup.take(serial, hits),
        Some(Overlay::Create(create)) => create.lookup.take(serial, hits),
        Some(
            Overlay::Form(_)
            | Overlay::Proof(_)
            | Overlay::Confirm(_)
            | Overlay::Palette(_)
            | Overlay::Help(_)
            | Overlay::Notices(_)
            | Overlay::Page(_)
            | Overlay::Outbox(_)
            | Overlay::History(_),
        )
        | None => {}
    }
}

/// The referrals of a person: the only one is opened, of several one is chosen.
fn of_person(model: &mut Model, hits: Vec<Hit>) -> Vec<Effect> {
    match hits.as_slice() {
        [] => {
            let none = Refusal::not_found("such referral");
            refused(model, &none);
            Vec::new()
        }
        [
            Hit {
                target: Target::Referral(id),
                ..
            },
        ] => {
            model.jump = Some(*id);
            vec![Effect::Sheet(*id)]
        }
        _ => {
            if is_busy(model, "the list of referrals") {
                return Vec::new();
            }
            let mut lookup = Lookup::of(Wanted::Referrals);
            lookup.hits = hits;
            model.overlay = Some(Overlay::Find(lookup, FindFor::OneOf));
            Vec::new()
        }
    }
}

/// A neighbour, or the clock, changed something: counts are shown, rows only counted.
pub fn changed(model: &mut Model) -> Vec<Effect> {
    if model.past.is_some() {
        return Vec::new();
    }
    let mut effects = vec![Effect::Counts, Effect::Fence];
    effects.extend(super::outbox::again(model));
    match model.place {
        Place::Intake => effects.push(Effect::Intake),
        // Nothing stands there that could be moved under the cursor.
        Place::Rows(..) if model.board.rows.is_empty() => effects.extend(load(model, Anchor::Start)),
        Place::Rows(..) => {
            let near = model.board.rows.get(model.board.top).map(|row| row.queue.id);
            effects.extend(window(
                model,
                near.map_or(Anchor::Start, Anchor::Around),
                Fetch::Peek,
            ));
        }
    }
    effects
}
