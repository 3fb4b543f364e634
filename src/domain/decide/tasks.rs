//! Tasks: made once per key, ended by a person or when they no longer make sense.

use super::draft::Draft;
use super::{people, step, triage};
use crate::domain::case::{Task, TaskState};
use crate::domain::event::Fact;
use crate::domain::id::TaskId;
use crate::domain::message::MessageKind;
use crate::domain::referral::Owner;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Stamp;

/// Makes a task, unless one with its key is there.
///
/// # Errors
/// Only a defect.
pub fn add(
    draft: &mut Draft<'_>,
    key: &str,
    title: String,
    due_at: Option<Stamp>,
    owner: Option<Owner>,
) -> Result<(), Refusal> {
    if draft.next.tasks.iter().any(|task| task.key == key) {
        return Ok(());
    }
    let task = Task {
        id: TaskId(draft.fresh()),
        referral: draft.id()?,
        key: key.to_owned(),
        title,
        state: TaskState::Open,
        owner,
        due_at,
        done_at: None,
    };
    draft.put(task)?;
    draft.record(Fact::TaskAdded { rule: key.to_owned() });
    Ok(())
}

/// A task that a person writes.
///
/// # Errors
/// `reason-needed` where it has no title, `impossible` for an ended referral, on which nobody would see it.
pub fn add_by_hand(
    draft: &mut Draft<'_>,
    title: &str,
    due_at: Option<Stamp>,
    owner: Option<Owner>,
) -> Result<(), Refusal> {
    triage::open(draft)?;
    let title = step::reason(title)?;
    let owner = owner.as_ref().map(people::owner).transpose()?;
    let key = format!("by-hand/{}/{}", draft.id()?, draft.next.fresh.record);
    add(draft, &key, title, due_at, owner)
}

/// Ends a task.
///
/// # Errors
/// `not-found`, or `nothing-to-do` where it has ended.
pub fn end(draft: &mut Draft<'_>, id: TaskId, done: bool) -> Result<(), Refusal> {
    let mut task = draft
        .next
        .get::<Task>(id.0)
        .cloned()
        .ok_or_else(|| Refusal::not_found(format!("task {id} on this referral")))?;
    if task.state != TaskState::Open {
        return Err(Refusal::new(
            Code::NothingToDo,
            "the task has ended already",
            "nothing is needed",
        ));
    }
    finish(draft, &mut task, done)
}

fn finish(draft: &mut Draft<'_>, task: &mut Task, done: bool) -> Result<(), Refusal> {
    task.state = if done {
        TaskState::Done
    } else {
        TaskState::Cancelled
    };
    task.done_at = Some(draft.now);
    draft.put(task.clone())?;
    draft.record(Fact::TaskEnded { done });
    Ok(())
}

/// Ends the open tasks whose key starts so: what they asked for has happened, or is no longer wanted.
///
/// # Errors
/// Only a defect.
pub fn end_by_rule(draft: &mut Draft<'_>, prefixes: &[&str], done: bool) -> Result<(), Refusal> {
    end_where(
        draft,
        |task| prefixes.iter().any(|prefix| task.key.starts_with(prefix)),
        done,
    )
}

/// Opens the tasks again that were dropped at a moment.
///
/// # Errors
/// Only a defect.
pub fn open_again(draft: &mut Draft<'_>, dropped: Option<Stamp>) -> Result<(), Refusal> {
    let all = draft.next.tasks.iter();
    let again: Vec<Task> = all
        .filter(|task| task.state == TaskState::Cancelled && dropped.is_some() && task.done_at == dropped)
        .cloned()
        .collect();
    for mut task in again {
        let rule = task.key.clone();
        task.state = TaskState::Open;
        task.done_at = None;
        draft.put(task)?;
        draft.record(Fact::TaskAdded { rule });
    }
    Ok(())
}

/// Ends the open tasks that fit.
///
/// # Errors
/// Only a defect.
pub fn end_where(draft: &mut Draft<'_>, fits: impl Fn(&Task) -> bool, done: bool) -> Result<(), Refusal> {
    let open: Vec<Task> = draft
        .next
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open && fits(task))
        .cloned()
        .collect();
    for mut task in open {
        finish(draft, &mut task, done)?;
    }
    Ok(())
}

/// Whom nobody can write to, somebody tells.
///
/// # Errors
/// Only a defect.
pub fn tell(draft: &mut Draft<'_>, kind: MessageKind, key: &str, because: &str) -> Result<(), Refusal> {
    let title = format!(
        "Tell the {} by phone or letter ({}): {because}",
        kind.party().label(),
        kind.code()
    );
    add(draft, &format!("tell/{key}"), title, None, None)
}
