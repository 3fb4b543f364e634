//! Questions of the everyday chase: calls, owners, notes, tasks, messages.

use super::{about, id_of, party_of};
use crate::domain::case::{CallOutcome, Party, TaskState};
use crate::domain::command::Command;
use crate::domain::effort;
use crate::domain::id::{MessageId, TaskId};
use crate::domain::message::MessageState;
use crate::domain::referral::Owner;
use crate::store::board::QueueRow;
use crate::tui::action::Action;
use crate::tui::entry::Entry;
use crate::tui::form::{Choice, Composed, Form, Input, Quick, Wrong, choice, combo, one, text};
use crate::tui::model::Model;
use crate::tui::outbox::{FATES, fates};
use crate::tui::{when, words};

const PARTIES: [Party; 3] = [Party::Patient, Party::Provider, Party::Payer];

/// A call: its outcome by digit.
pub fn call(model: &Model, targets: &[QueueRow]) -> Form {
    let parties = PARTIES.map(|party| choice(party.label(), party.label())).to_vec();
    let party = targets.first().map_or(Party::Patient, party_of);
    let outcomes = CallOutcome::ALL
        .map(|outcome| choice(outcome.label(), with_next(model, targets, party, outcome)))
        .to_vec();
    let at = PARTIES.iter().position(|each| *each == party);
    let mut form = Form::new(
        Action::Call,
        format!("Call · {}", about(targets)),
        |form, model, row| {
            let outcome = form.value("outcome");
            let party = form.value("to");
            let again = form
                .filled("again")
                .map(|text| when::parse(&text, model.settings.zone(), model.now));
            Ok(Composed::Commands(vec![Command::RecordCall {
                referral: id_of(row)?,
                outcome: CallOutcome::ALL
                    .into_iter()
                    .find(|each| each.label() == outcome)
                    .ok_or_else(|| Wrong::new("outcome", "how did it end?"))?,
                party: PARTIES
                    .into_iter()
                    .find(|each| each.label() == party)
                    .unwrap_or(Party::Patient),
                note: form.value("note"),
                call_again_at: again
                    .transpose()
                    .map_err(|because| Wrong::new("again", because))?,
            }]))
        },
    )
    .field("outcome", "outcome", one(outcomes, None, Quick::Send))
    .required()
    .hint("a digit records the call")
    .field("to", "to the", one(parties, at, Quick::Advance))
    .field("note", "note", text())
    .field("again", "call again", text())
    .hint("by the clinic's rule where empty");
    form.about = numbers(model, targets);
    form
}

/// An outcome, with when the clinic's rule has the next call.
fn with_next(model: &Model, targets: &[QueueRow], party: Party, outcome: CallOutcome) -> String {
    let before = match model.sheet_of(targets) {
        Some(sheet) => effort::tries(&sheet.snapshot, party).0.len(),
        None => return outcome.label().to_owned(),
    };
    let policy = &model.settings.policy;
    let again = policy.next_call(outcome, before + 1, model.now);
    let again = again.map(|at| words::moment(at, model.now, model.settings.zone()));
    match (again, outcome) {
        (Some(at), _) => format!("{} · again {at}", outcome.label()),
        (None, CallOutcome::WrongNumber) if party == Party::Patient => {
            format!("{} · a task to find the right one", outcome.label())
        }
        (None, _) => outcome.label().to_owned(),
    }
}

/// The numbers that may be called; none where several, or another than the one that was read, are called about.
fn numbers(model: &Model, targets: &[QueueRow]) -> String {
    let Some(sheet) = model.sheet_of(targets) else {
        return String::new();
    };
    let snapshot = &sheet.snapshot;
    let Some(referral) = snapshot.referral() else {
        return String::new();
    };
    let number = |phone: Option<&String>| phone.map_or("no number", String::as_str).to_owned();
    let patient = snapshot.patient(referral.patient);
    let provider = snapshot.practitioner(referral.requester);
    let practice = snapshot.organization(referral.requester_org);
    let mut out = format!(
        "patient {}",
        number(patient.and_then(|patient| patient.phone.as_ref()))
    );
    if let Some(provider) = provider {
        let phone = provider
            .phone
            .as_ref()
            .or(practice.and_then(|practice| practice.phone.as_ref()));
        out.push_str(&format!(" · {} {}", provider.name.spoken(), number(phone)));
    }
    out
}

/// Staff and queues.
fn owners(model: &Model) -> Vec<Choice> {
    let people = model
        .settings
        .staff
        .iter()
        .map(|name| choice(format!("p:{name}"), name));
    let queues = model
        .settings
        .queues
        .iter()
        .map(|name| choice(format!("q:{name}"), format!("{name} queue")));
    people.chain(queues).collect()
}

fn owner(key: &str) -> Option<Owner> {
    match key.split_once(':') {
        Some(("p", name)) => Some(Owner::Person(name.to_owned())),
        Some(("q", name)) => Some(Owner::Queue(name.to_owned())),
        Some(_) | None => None,
    }
}

/// Give it to somebody.
pub fn assign(model: &Model, targets: &[QueueRow]) -> Form {
    Form::new(
        Action::Assign,
        format!("Assign {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::Assign {
                referral: id_of(row)?,
                owner: owner(&form.value("owner"))
                    .ok_or_else(|| Wrong::new("owner", "nobody has that name"))?,
            }]))
        },
    )
    .field("owner", "to", combo(owners(model), "", false))
    .required()
}

/// A note.
pub fn note(_: &Model, targets: &[QueueRow]) -> Form {
    Form::new(
        Action::Note,
        format!("Note · {}", about(targets)),
        |form, _, row| {
            Ok(Composed::Commands(vec![Command::AddNote {
                referral: id_of(row)?,
                text: form.value("text"),
            }]))
        },
    )
    .field(
        "text",
        "note",
        Input::Text {
            entry: Entry::default(),
            lines: true,
        },
    )
    .required()
    .hint("alt-enter breaks the line, ctrl-o opens your editor")
}

/// A task.
pub fn add_task(model: &Model, targets: &[QueueRow]) -> Form {
    let nobody = [choice("", "whoever has the referral")];
    Form::new(
        Action::AddTask,
        format!("Task · {}", about(targets)),
        |form, model, row| {
            let due = form
                .filled("due")
                .map(|text| when::parse(&text, model.settings.zone(), model.now));
            Ok(Composed::Commands(vec![Command::AddTask {
                referral: id_of(row)?,
                title: form.value("title"),
                due_at: due.transpose().map_err(|because| Wrong::new("due", because))?,
                owner: owner(&form.value("owner")),
            }]))
        },
    )
    .field("title", "what to do", text())
    .required()
    .field("due", "due", text())
    .hint(when::HINT)
    .field(
        "owner",
        "who",
        combo(nobody.into_iter().chain(owners(model)), "", false),
    )
}

/// A task is done.
pub fn end_task(model: &Model, targets: &[QueueRow]) -> Form {
    let open: Vec<Choice> = model
        .sheet_of(targets)
        .map(|sheet| sheet.snapshot.tasks.as_slice())
        .unwrap_or_default()
        .iter()
        .filter(|task| task.state == TaskState::Open)
        .map(|task| choice(task.id.0.to_string(), &task.title))
        .collect();
    let mut form = Form::new(
        Action::EndTask,
        format!("Tasks · {}", about(targets)),
        |form, _, row| {
            let task = form
                .value("task")
                .parse()
                .map_err(|_| Wrong::new("task", "choose a task"))?;
            Ok(Composed::Commands(vec![Command::EndTask {
                referral: id_of(row)?,
                task: TaskId(task),
                done: form.value("how") != "dropped",
            }]))
        },
    );
    if open.is_empty() {
        form.about = "No task is open.".into();
    }
    let at = (!open.is_empty()).then_some(0);
    let how = vec![choice("done", "done"), choice("dropped", "not needed")];
    form.field("task", "task", one(open, at, Quick::Send))
        .required()
        .hint("a digit ends it")
        .field("how", "it is", one(how, Some(0), Quick::Send))
}

/// Decide on a message.
pub fn message(model: &Model, targets: &[QueueRow]) -> Form {
    let messages = model
        .sheet_of(targets)
        .map(|sheet| sheet.snapshot.messages.as_slice())
        .unwrap_or_default();
    let mut open: Vec<_> = messages
        .iter()
        .filter(|message| fates(message).next().is_some())
        .collect();
    open.sort_by_key(|message| !matches!(message.state, MessageState::Failed | MessageState::Uncertain));
    let choices: Vec<Choice> = open
        .iter()
        .map(|message| {
            let label = format!(
                "{} · {} · {}",
                message.kind.code(),
                message.channel.code(),
                message.state.code()
            );
            choice(message.id.0.to_string(), label)
        })
        .collect();
    let mut form = Form::new(
        Action::Message,
        format!("Messages · {}", about(targets)),
        |form, _, row| {
            let message = form
                .value("message")
                .parse()
                .map_err(|_| Wrong::new("message", "choose a message"))?;
            let fate = form.value("to");
            Ok(Composed::Commands(vec![Command::MoveMessage {
                referral: id_of(row)?,
                message: MessageId(message),
                to: FATES
                    .iter()
                    .find(|(_, state, ..)| state.code() == fate)
                    .map(|(_, state, ..)| *state)
                    .ok_or_else(|| Wrong::new("to", "choose what becomes of it"))?,
                claim: None,
                detail: form.filled("why"),
            }]))
        },
    );
    if choices.is_empty() {
        form.about = "No message waits for a decision.".into();
    }
    let at = (!choices.is_empty()).then_some(0);
    let fates = FATES
        .map(|(_, state, _, sentence)| choice(state.code(), sentence))
        .to_vec();
    form.field("message", "message", one(choices, at, Quick::Advance))
        .required()
        .field("to", "then", one(fates, None, Quick::Advance))
        .required()
        .field("why", "why", text())
}
