//! Pieces of work as Task (FHIR R4 §12.1); milestones and timers, which FHIR has no resource for, as extensions of the request.

use super::own::{self, Fields};
use super::{Node, Sheet, Taken};
use crate::domain::case::{Milestone, Task, TaskState, Timer};
use crate::domain::time::print_stamp;
use serde_json::{Value, json};

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    sheet.chart.tasks.iter().map(|each| task(each, sheet)).collect()
}

fn task(task: &Task, sheet: &Sheet<'_>) -> Value {
    let status = match task.state {
        TaskState::Open => "requested",
        TaskState::Done => "completed",
        TaskState::Cancelled => "cancelled",
    };
    let until = |at| json!({ "end": print_stamp(at) });
    json!({
        "resourceType": "Task", "id": task.id.0.to_string(),
        "extension": [own::rest("task", task, &["id", "referral", "key", "title", "due_at", "done_at"])],
        "identifier": [{ "system": own::system("key"), "value": task.key }],
        "partOf": [sheet.with.to("Task", format!("task-{}", sheet.chart.referral.id))], "status": status, "intent": "order",
        "description": task.title, "focus": sheet.request(), "for": sheet.subject(),
        "executionPeriod": task.done_at.map(until), "owner": { "display": task.owner.as_ref().map(ToString::to_string) },
        "restriction": { "period": task.due_at.map(until) },
    })
}

/// The milestones and timers of a request.
pub fn extensions(sheet: &Sheet<'_>) -> Vec<Value> {
    let milestones = sheet
        .chart
        .milestones
        .iter()
        .map(|each| own::rest("milestone", each, &["referral"]));
    let timers = sheet
        .chart
        .timers
        .iter()
        .map(|each| own::rest("timer", each, &["referral"]));
    milestones.chain(timers).collect()
}

pub fn tasks(taken: &Taken<'_, '_>) -> Result<Vec<Task>, String> {
    let one = |(id, node): (i64, &Node)| {
        let fields = own::extension(node, "task")
            .map(Fields::of)
            .ok_or_else(|| own::lost("Task"))?;
        fields
            .with("id", id)
            .with("referral", taken.id.to_string())
            .text("key", node.text_at(&["identifier", "value"]))
            .text("title", node.text("description"))
            .text("due_at", node.text_at(&["restriction", "period", "end"]))
            .text("done_at", node.text_at(&["executionPeriod", "end"]))
            .record("Task", &[], &["key", "title"])
    };
    taken.records("Task", "task").into_iter().map(one).collect()
}

pub fn milestones(taken: &Taken<'_, '_>) -> Result<Vec<Milestone>, String> {
    let one = |node: &Node| of(taken, node).record("ServiceRequest", &[], &[]);
    let all: Result<Vec<Milestone>, String> = own::extensions(taken.root, "milestone").map(one).collect();
    all.map(|mut all| {
        all.sort_by_key(|each| each.id);
        all
    })
}

pub fn timers(taken: &Taken<'_, '_>) -> Result<Vec<Timer>, String> {
    let one = |node: &Node| of(taken, node).record("ServiceRequest", &[], &["key"]);
    let all: Result<Vec<Timer>, String> = own::extensions(taken.root, "timer").map(one).collect();
    all.map(|mut all| {
        all.sort_by_key(|each| each.id);
        all
    })
}

fn of(taken: &Taken<'_, '_>, node: &Node) -> Fields {
    Fields::of(node).with("referral", taken.id.to_string())
}
