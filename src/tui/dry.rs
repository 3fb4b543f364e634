//! What the decision itself would say to an action, before it is asked for.
//!
//! Owns the dry run of commands that need nothing but the referral, on the referral that is read already: it costs no look at
//! the disk. Must not change anything.

use super::action::Action;
use super::asks;
use super::model::Model;
use crate::domain::command::{Cause, Envelope};
use crate::domain::decide::decide;
use crate::domain::refusal::Refusal;

/// Records that a dry run makes are numbered from here: beyond any that is there.
const BEYOND: i64 = i64::MAX / 2;

/// Why the decision would refuse an action on the one referral under the cursor; none where it would not, or where the
/// action asks something first.
pub fn refusal(action: Action, model: &Model) -> Option<Refusal> {
    let targets = model.targets();
    let [row] = targets.as_slice() else { return None };
    let sheet = model.sheet_of(&targets)?;
    let command = asks::direct(action, row)?;
    let mut snapshot = sheet.snapshot.clone();
    snapshot.fresh.record = BEYOND;
    snapshot.fresh.referral = BEYOND;
    let mut envelope = Envelope::new(command, model.settings.actor.clone(), Cause::Key);
    envelope.version = Some(row.version);
    decide(&snapshot, &envelope, model.now, &model.settings.policy).err()
}
