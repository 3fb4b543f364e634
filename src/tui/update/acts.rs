//! From an action to commands: at once, or by way of a form; alone, or for all that is marked.

use super::{load, moves, past, refused, typing};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::id::ReferralId;
use crate::domain::priority::Priority;
use crate::domain::query::Query;
use crate::domain::refusal::Refusal;
use crate::store::board::{Anchor, QueueRow, Shelf};
use crate::tui::action::{Action, Entry, entry};
use crate::tui::asks;
use crate::tui::board::Sign;
use crate::tui::form::{Composed, Form};
use crate::tui::keep::{Draft, Origin};
use crate::tui::model::{Confirm, Model, Overlay, Place, Waiting};
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::outside;
use crate::tui::ready::fits;
use crate::tui::settings::AfterAction;
use std::collections::BTreeSet;

/// Begins an action on the referrals that it fits.
pub fn begin(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(line) = entry(action) else {
        return Vec::new();
    };
    let all = model.targets();
    let keymap = &model.settings.keymap;
    let (mut targets, mut left_out): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|row| fits(line.need, row, keymap).is_ok());
    if ends(action) && targets.len() > 1 {
        // An emergency is never ended in bulk (design, law 2).
        let (rest, emergencies): (Vec<_>, Vec<_>) = targets
            .into_iter()
            .partition(|row| row.priority != Priority::Stat);
        targets = rest;
        left_out.extend(emergencies);
    }
    if !left_out.is_empty() && !model.board.marks.is_empty() {
        let text = format!(
            "{} of the marked are left out: {} does not fit them",
            left_out.len(),
            line.title
        );
        model.notices.say(model.now, Kind::Trouble, text);
    }
    if let Some(opens) = asks::opens(action) {
        let single = match targets.as_slice() {
            [row] => Some(row.id).filter(|id| model.board.cursor == Some(*id)),
            _ => None,
        };
        if let Some(id) = single.filter(|_| asks::needs_sheet(action) && model.sheet_here().is_none()) {
            return wait(model, id, action);
        }
        let mut form = opens(model, &targets);
        form.targets = targets;
        typing::show(model, form);
        return Vec::new();
    }
    let commands = targets
        .into_iter()
        .filter_map(|row| asks::direct(action, &row).map(|command| (row, vec![command])))
        .collect();
    send(model, action, commands)
}

/// An action waits until the referral under the cursor has been read. It is asked for once more: a later question may have taken
/// the first one's place.
pub fn wait(model: &mut Model, referral: ReferralId, action: Action) -> Vec<Effect> {
    model.waiting = Some(Waiting {
        referral,
        action,
        typed: Vec::new(),
    });
    vec![Effect::Sheet(referral)]
}

/// Actions that end a referral.
fn ends(action: Action) -> bool {
    matches!(
        action,
        Action::Decline | Action::Cancel | Action::Close | Action::EnterInError
    )
}

/// Takes a filled-in form for what it is.
pub fn submit(model: &mut Model, mut form: Form) -> Vec<Effect> {
    if let Some(wrong) = form.unfilled() {
        form.blame(wrong);
        model.overlay = Some(Overlay::Form(form));
        return Vec::new();
    }
    let rows: Vec<Option<QueueRow>> = if form.targets.is_empty() {
        vec![None]
    } else {
        form.targets.iter().cloned().map(Some).collect()
    };
    let mut commands = Vec::new();
    for row in rows {
        match (form.compose)(&form, model, row.as_ref()) {
            Err(wrong) => {
                form.blame(wrong);
                model.overlay = Some(Overlay::Form(form));
                return Vec::new();
            }
            Ok(Composed::Commands(list)) => commands.push((row, list)),
            Ok(Composed::Filter(query)) => return filter(model, query),
            Ok(Composed::View(name)) => return view(model, &name),
            Ok(Composed::KeepView(name, query)) => return vec![Effect::KeepView { name, query }],
            Ok(Composed::Moment(at)) => return past::set_out(model, at),
            Ok(Composed::Unlock(document, password)) => return vec![Effect::Unlock { document, password }],
            Ok(Composed::TakeUp(number)) => return typing::take_up(model, number),
            Ok(Composed::Copy(what, text)) => return copy(model, &what, text),
            Ok(Composed::Patient(_) | Composed::Provider(..) | Composed::Details) => {}
        }
    }
    for name in ["performer", "place", "minutes"] {
        if let Some(value) = form.filled(name).filter(|_| form.action == Action::Schedule) {
            model.remembered.insert(name, value);
        }
    }
    let typed = form.touched.then(|| Origin::Form(Draft::of(&form)));
    if form.targets.is_empty() {
        let list = commands.into_iter().flat_map(|(_, list)| list).collect();
        let mut effects = execute_plain(model, form.action, list);
        if let Some(typed) = typed {
            typing::is_sent(model, &effects, typed);
        }
        if form.action == Action::Outbox {
            // Whoever changed a message goes on in the outbox.
            effects.extend(super::outbox::open(model));
        }
        return effects;
    }
    let commands = commands
        .into_iter()
        .filter_map(|(row, list)| row.map(|row| (row, list)))
        .collect();
    let effects = send(model, form.action, commands);
    if let Some(typed) = typed {
        typing::is_sent(model, &effects, typed);
    }
    effects
}

/// Copies a text: as many of its lines as a terminal takes, and says how many of how many.
fn copy(model: &mut Model, what: &str, text: String) -> Vec<Effect> {
    let fits = outside::lines_that_fit(&text);
    if fits.len() == text.len() {
        model
            .notices
            .say(model.now, Kind::Done, format!("copied: {what}"));
        return vec![Effect::Copy(text)];
    }
    let (some, all) = (fits.lines().count(), text.lines().count());
    let said = format!("copied: {what}, the first {some} of {all}: a terminal takes no more at once");
    model.notices.say(model.now, Kind::Trouble, said);
    vec![Effect::Copy(fits.to_owned())]
}

fn filter(model: &mut Model, query: String) -> Vec<Effect> {
    let Place::Rows(shelf, _) = model.place.clone() else {
        return Vec::new();
    };
    moves::turn_to(model, Place::Rows(shelf, query))
}

fn view(model: &mut Model, name: &str) -> Vec<Effect> {
    let found = model.settings.views.iter().find(|view| view.name == name);
    let Some(query) = found.map(|view| view.query.clone()) else {
        return Vec::new();
    };
    let (shelf, query) = match Query::list(&query) {
        Some((Some(list), rest)) => (Shelf::List(list), rest),
        Some((None, rest)) => (Shelf::Closed, rest),
        None => (Shelf::Open, query),
    };
    moves::turn_to(model, Place::Rows(shelf, query))
}

/// An envelope with its own id: a retry gives the same receipt.
fn envelope(model: &mut Model, command: Command) -> Envelope {
    let number = model.next_serial();
    let mut envelope = Envelope::new(command, model.settings.actor.clone(), Cause::Key);
    envelope.id = Some(format!("{}-{number}", model.settings.session));
    envelope
}

/// Commands that are about no referral of the lists.
pub fn execute_plain(model: &mut Model, action: Action, commands: Vec<Command>) -> Vec<Effect> {
    let batch: Vec<Envelope> = commands
        .into_iter()
        .map(|command| envelope(model, command))
        .collect();
    let what = entry(action).map(Entry::verb).unwrap_or_default();
    model.in_flight += 1;
    vec![Effect::Execute { batch, what }]
}

/// Sends commands: asked for once more where several leave the clinic.
pub fn send(model: &mut Model, action: Action, commands: Vec<(QueueRow, Vec<Command>)>) -> Vec<Effect> {
    let Some(line) = entry(action) else {
        return Vec::new();
    };
    let count = commands.len();
    if count == 0 {
        refused(model, &Refusal::not_found("referral that this fits"));
        return Vec::new();
    }
    let ids: Vec<ReferralId> = commands.iter().map(|(row, _)| row.id).collect();
    // What one key did is taken back by one key.
    let several = count > 1 || commands.iter().any(|(_, list)| list.len() > 1);
    let batch_id = several.then(|| {
        let number = model.next_serial();
        format!("{}-b{number}", model.settings.session)
    });
    let mut batch = Vec::new();
    for (row, list) in commands {
        for (place, command) in list.into_iter().enumerate() {
            let mut envelope = envelope(model, command);
            // The first command moves the version on; those after it belong to the same key.
            let own = envelope.command.referral() == Some(row.id);
            envelope.version = (place == 0 && own).then_some(row.version);
            envelope.batch = batch_id.clone().or_else(|| envelope.id.clone());
            batch.push(envelope);
        }
    }
    let what = match ids.as_slice() {
        [one] => format!("{one}: {}", line.verb()),
        // How many it was done for is known afterwards.
        _ => line.verb(),
    };
    let then = vec![Effect::Execute { batch, what }];
    if line.confirm && count > 1 {
        model.overlay = Some(Overlay::Confirm(Confirm {
            question: format!("{} {count} referrals? Those concerned are told.", line.verb()),
            then,
            leaves: if line.moves_on { ids } else { Vec::new() },
        }));
        return Vec::new();
    }
    let leaves = if line.moves_on { ids } else { Vec::new() };
    launch(model, then, &leaves)
}

/// Lets commands go; the cursor moves on at once, and nothing waits for the disk.
pub fn launch(model: &mut Model, effects: Vec<Effect>, leaves: &[ReferralId]) -> Vec<Effect> {
    for effect in &effects {
        let Effect::Execute { batch, .. } = effect else {
            continue;
        };
        model.in_flight += 1;
        for id in batch.iter().filter_map(|envelope| envelope.command.referral()) {
            model.board.set_sign(id, Sign::Busy);
        }
    }
    model.board.marks.clear();
    let gone: BTreeSet<ReferralId> = leaves.iter().copied().collect();
    if let Some(cursor) = model.board.cursor.filter(|cursor| gone.contains(cursor))
        && model.settings.after == AfterAction::Next
    {
        let next = model.board.neighbour(cursor, &gone);
        model.board.put_cursor(next.or(Some(cursor)));
        model.moved = next.map(|next| (cursor, next));
        let height = model.list_height();
        model.board.show_cursor(height);
    }
    let mut effects = effects;
    effects.extend(moves::fill(model));
    effects
}

/// Shows a referral where it stands; its rows are read around it.
pub fn show_referral(model: &mut Model, id: ReferralId, row: &QueueRow) -> Vec<Effect> {
    let fits = matches!(&model.place, Place::Rows(shelf, query)
        if query.is_empty() && crate::tui::board::belongs(row, *shelf));
    if !fits {
        model.place = Place::Rows(crate::tui::board::shelf_of(row.list), String::new());
        model.board.rows.clear();
    }
    model.board.cursor = Some(id);
    load(model, Anchor::Around(id))
}
