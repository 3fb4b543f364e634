//! Pages over the screen: what they are made of.

use super::refused;
use crate::domain::decide::rules::ask;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rule::Rule;
use crate::store::board::QueueRow;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;
use crate::tui::page::{Asked, Content, Page, Pair};
use std::sync::Arc;

/// Two referrals side by side: two that are marked, a marked one and the one under the cursor, or the one under the cursor
/// and its neighbour above (below, from the first row).
pub fn compare(model: &mut Model) -> Vec<Effect> {
    let Some((a, b)) = pair(model) else {
        refused(
            model,
            &Refusal::new(
                Code::NotFound,
                "two referrals are needed to compare",
                "mark two with space, or put the cursor below the first row",
            ),
        );
        return Vec::new();
    };
    let targets = &model.settings.policy.score_targets;
    let pair = Pair::of(&a, &b, model.as_of, targets);
    model.overlay = Some(Overlay::Page(Page::new(Content::Compare(Box::new(pair)))));
    Vec::new()
}

fn pair(model: &Model) -> Option<(QueueRow, QueueRow)> {
    let board = &model.board;
    let here = board.current().map(|row| row.queue.clone());
    let marked: Vec<&QueueRow> = board.marks.values().collect();
    match marked.as_slice() {
        [a, b] => return Some(((*a).clone(), (*b).clone())),
        [one] => {
            let here = here.filter(|here| here.id != one.id)?;
            return Some(((*one).clone(), here));
        }
        _ => {}
    }
    let here = here?;
    let order: Vec<_> = board.order().collect();
    let at = order.iter().position(|id| *id == here.id)?;
    let other = match at.checked_sub(1) {
        Some(above) => order.get(above),
        None => order.get(1),
    };
    let other = board.row(*other?)?.queue.clone();
    Some((other, here))
}

/// What the clinic's rules would do with the referral under the cursor, were their occasion now.
pub fn rules(model: &mut Model) -> Vec<Effect> {
    let policy = Arc::clone(&model.settings.policy);
    let Some(snapshot) = model.sheet_here().map(|sheet| &sheet.snapshot) else {
        return Vec::new();
    };
    let Some(referral) = snapshot.referral().map(|referral| referral.id) else {
        return Vec::new();
    };
    let asked = |rule: &Rule| Some((rule.clone(), ask(snapshot, rule, model.now, &policy)?));
    let verdicts = policy.rules.iter().filter_map(asked).collect();
    let asked = Content::Rules(Box::new(Asked { referral, verdicts }));
    model.overlay = Some(Overlay::Page(Page::new(asked)));
    Vec::new()
}

/// What happened since this person left, or in the last day where that is not known.
pub fn handover(model: &Model) -> Vec<Effect> {
    let day = crate::domain::time::Span::days(1);
    vec![Effect::Handover {
        actor: model.settings.actor.name.clone(),
        since: model.settings.left.unwrap_or(model.now - day),
    }]
}
