//! What makes no sense in a clinic's rules: found when they are loaded, each fault with its rule, its key and what to do.
//!
//! Owns the checks of one rule; those of two against each other are in `conflict`. Must not know the file.

mod conflict;

use super::{MESSAGES, Rule, STAGES, Trigger};
use crate::domain::priority::Priority;
use crate::domain::query::{Moment, Name, Query, Test, Thing, never_holds};
use crate::domain::referral::Owner;
use crate::domain::status::Status;
use crate::domain::template::Template;
use crate::domain::text::line;
use crate::domain::texts::{FALLBACK_LANGUAGE, primary_tag};
use std::collections::BTreeMap;

/// Longest name.
const NAME_CHARS: usize = 40;
/// What a notice says, at most: its frame and this are a text message ([`crate::domain::texts::SHORT_MAX`]).
const SAY_CHARS: usize = 200;

/// What a rule may name.
pub struct Known<'a> {
    /// The templates in use, by key.
    pub templates: &'a BTreeMap<String, Template>,
    /// The clinic's queues.
    pub queues: &'a [String],
    /// Everybody who works here.
    pub people: Vec<&'a str>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule's place.
    pub rule: usize,
    /// `then.owner`.
    pub key: &'static str,
    /// What is wrong.
    pub because: String,
    /// What to do.
    pub fix: String,
}

/// Everything that is wrong with rules.
pub fn check(rules: &[Rule], known: &Known<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        let mut note = |key, because: String, fix: &str| {
            faults.push(Fault {
                rule: place,
                key,
                because,
                fix: fix.to_owned(),
            });
        };
        let twice = rules.iter().take(place).any(|earlier| earlier.name == rule.name);
        check_shape(rule, twice, &mut note);
        check_names(rule, known, &mut note);
        check_hold(rule, &mut note);
        check_priority(rule, &mut note);
        check_stage(rule, &mut note);
    }
    faults.extend(conflict::check(rules, known));
    faults
}

type Note<'a> = dyn FnMut(&'static str, String, &str) + 'a;

fn check_shape(rule: &Rule, twice: bool, note: &mut Note<'_>) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if rule.name.is_empty() || rule.name.len() > NAME_CHARS || !rule.name.chars().all(fits) {
        note(
            "name",
            format!("`{}` is not a rule's name", line(&rule.name)),
            "write up to 40 small letters, digits and hyphens, as in ask-for-ecg",
        );
    } else if twice {
        note(
            "name",
            format!("`{}` is there twice", rule.name),
            "give one of them another name: the timeline shows it",
        );
    }
    let then = &rule.then;
    if then.is_empty() {
        note(
            "then",
            "nothing follows".into(),
            "name at least one of hold, stage, queue, owner, task, message and priority",
        );
    }
    if rule.is_standing() && !then.is_empty() {
        let more = then.stage.is_some()
            || then.owner.is_some()
            || then.task.is_some()
            || then.message.is_some()
            || then.priority.is_some();
        if more || then.hold.is_none() {
            note(
                "when",
                "no occasion is named".into(),
                "name one, as in when = \"received\"; only a hold can stand without",
            );
        }
    }
    if never_holds(&rule.condition.query) {
        note(
            "if",
            "can never be so: its terms exclude each other".into(),
            "take one of them out",
        );
    }
    if then.due.is_some() && then.task.is_none() {
        note(
            "then.due",
            "there is no task that is due".into(),
            "name the task, or take it out",
        );
    }
    if then.because.is_some() && then.hold.is_none() {
        note(
            "then.because",
            "there is no hold that it is the reason of".into(),
            "name the hold, or take it out",
        );
    }
    for (key, text) in [("then.task", &then.task), ("then.because", &then.because)] {
        if text.as_deref().is_some_and(|text| !is_words_on_a_line(text)) {
            note(
                key,
                "is not words on one line".into(),
                "say in a few words what it is",
            );
        }
    }
    check_notice(rule, note);
    if let Some(message) = then.message
        && !MESSAGES.contains(&message)
    {
        let can: Vec<&str> = MESSAGES.iter().map(|kind| kind.code()).collect();
        note(
            "then.message",
            format!(
                "`{}` is only true at its own moment, when it is sent anyway",
                message.code()
            ),
            &format!("a rule may send {}", can.join(", ")),
        );
    }
}

fn is_words_on_a_line(text: &str) -> bool {
    !text.trim().is_empty() && line(text) == text
}

/// A notice says something, in English at least, as it stands; nothing else does.
fn check_notice(rule: &Rule, note: &mut Note<'_>) {
    let says = &rule.then.say;
    let Some(message) = rule.then.message.filter(|message| message.is_notice()) else {
        if !says.is_empty() {
            note(
                "then.say",
                "there is no notice that says it".into(),
                "name message = \"notice-patient\" or \"notice-provider\", or take it out",
            );
        }
        return;
    };
    if !says.contains_key(FALLBACK_LANGUAGE) {
        note(
            "then.message",
            format!(
                "`{}` says nothing in English, to which other languages fall back",
                message.code()
            ),
            "add what it says, as in say = \"Please bring the films.\"",
        );
    }
    for (language, words) in says {
        let because = if primary_tag(language) != *language {
            format!("`{}` is not a language's tag, such as es", line(language))
        } else if !is_words_on_a_line(words) {
            "is not words on one line".to_owned()
        } else if words.contains(['{', '}']) {
            "has braces, and a notice is said as it stands".to_owned()
        } else if words.chars().count() > SAY_CHARS {
            format!(
                "is {} characters long; a text message has room for {SAY_CHARS}",
                words.chars().count()
            )
        } else {
            continue;
        };
        note(
            "then.say",
            because,
            "say in a sentence or two what they are to know",
        );
    }
}

fn check_names(rule: &Rule, known: &Known<'_>, note: &mut Note<'_>) {
    for term in &rule.condition.query.terms {
        if let Test::Template(keys) = &term.test {
            for key in keys.iter().filter(|key| !known.templates.contains_key(*key)) {
                let all: Vec<&str> = known.templates.keys().map(String::as_str).collect();
                note(
                    "if",
                    format!("there is no template `{}`", line(key)),
                    &format!("known are {}", all.join(", ")),
                );
            }
        }
        if let Test::Name(whose @ (Name::Specialty | Name::Owner), parts) = &term.test {
            let specialties = known
                .templates
                .values()
                .map(|template| template.specialty.as_str());
            let owners = known.people.iter().copied();
            let owners = owners.chain(known.queues.iter().map(String::as_str));
            let of_specialty = *whose == Name::Specialty;
            let there: Vec<&str> = if of_specialty {
                specialties.collect()
            } else {
                owners.collect()
            };
            let unknown = |part: &&String| {
                let part = part.to_lowercase();
                !there.iter().any(|name| name.to_lowercase().contains(&part))
            };
            for part in parts.iter().filter(unknown) {
                let (what, fix) = if of_specialty {
                    (
                        "no template is of a specialty",
                        "write it as the template does, or name the template",
                    )
                } else {
                    (
                        "there is nobody and no queue",
                        "list them among staff, performers or queues",
                    )
                };
                note("if", format!("{what} `{}`", line(part)), fix);
            }
        }
    }
    match &rule.then.owner {
        Some(Owner::Queue(queue)) if !known.queues.contains(queue) => note(
            "then.queue",
            format!("there is no queue `{}`", line(queue)),
            &format!("known are {}; add it to `queues`", known.queues.join(", ")),
        ),
        Some(Owner::Person(person)) if !known.people.contains(&person.as_str()) => note(
            "then.owner",
            format!("nobody is called `{}`", line(person)),
            "write the name as it stands among staff or performers, or name a queue",
        ),
        Some(Owner::Queue(_) | Owner::Person(_)) | None => {}
    }
}

/// A hold is looked at whenever something happens to the referral, so what it asks must not follow from itself, nor move with
/// time alone.
fn check_hold(rule: &Rule, note: &mut Note<'_>) {
    if rule.then.hold.is_none() {
        return;
    }
    for (term, words) in rule.condition.worded() {
        let moved = matches!(
            term.test,
            Test::List(_) | Test::Overdue | Test::On(Moment::Due, _) | Test::Between(Moment::Due, ..)
        ) || matches!(&term.test, Test::Has(things) if things.contains(&Thing::Hold));
        let ages = matches!(term.test, Test::Waiting(_) | Test::On(Moment::Received, _));
        let why = match (moved, ages) {
            (true, _) => Some("a hold itself moves it"),
            (false, true) => Some("it changes with time alone, and nobody would lift the hold then"),
            (false, false) => None,
        };
        if let Some(why) = why {
            note(
                "if",
                format!("`{}` cannot be asked for a hold: {why}", line(words)),
                "ask for what the payer or the referral says",
            );
        }
    }
    if admitted(&rule.condition.query)
        .iter()
        .all(|each| *each >= Priority::Urgent)
    {
        note(
            "then.hold",
            "would hold what is listed urgent or above, which is never held".into(),
            "let the condition admit routine, or make a task instead",
        );
    }
}

/// The priorities that a query admits.
fn admitted(query: &Query) -> Vec<Priority> {
    let admits = |priority: &Priority| {
        query
            .terms
            .iter()
            .all(|term| !matches!(&term.test, Test::Priority(all) if all.contains(priority) == term.not))
    };
    Priority::ALL.into_iter().filter(admits).collect()
}

fn check_priority(rule: &Rule, note: &mut Note<'_>) {
    let Some(to) = rule.then.priority else { return };
    if !admitted(&rule.condition.query).iter().any(|from| *from < to) {
        note(
            "then.priority",
            format!("{to} is not above anything that the condition admits; a rule only raises a priority"),
            "name a higher one; a person lowers a priority, with a reason",
        );
    }
}

/// The statuses that a referral may have when the rule fires.
fn statuses(rule: &Rule) -> Vec<Status> {
    let fresh = rule.when.iter().all(|when| *when == Trigger::Received) && !rule.is_standing();
    let admits = |status: &Status| {
        status.is_open()
            && (!fresh || *status == Status::Received)
            && rule
                .condition
                .query
                .terms
                .iter()
                .all(|term| !matches!(&term.test, Test::Status(all) if all.contains(status) == term.not))
    };
    Status::ALL.into_iter().filter(admits).collect()
}

fn check_stage(rule: &Rule, note: &mut Note<'_>) {
    let Some(stage) = rule.then.stage else { return };
    if !STAGES.contains(&stage) {
        let can: Vec<&str> = STAGES.iter().map(|stage| stage.code()).collect();
        let because = if stage.is_open() {
            format!("{} comes of what happens, not of a rule", stage.code())
        } else {
            "no rule ends a referral".to_owned()
        };
        note(
            "then.stage",
            because,
            &format!("a rule may take it to {}", can.join(", ")),
        );
        return;
    }
    let from = statuses(rule);
    if !from.iter().any(|status| status.may_become(stage)) {
        let words: Vec<&str> = from.iter().map(|status| status.label()).collect();
        note(
            "then.stage",
            format!(
                "a referral that is {} cannot become {}",
                words.join(" or "),
                stage.label()
            ),
            "wait for another occasion, or ask for another status",
        );
    }
    if stage == Status::InReview && !matches!(rule.then.owner, Some(Owner::Person(_))) {
        note(
            "then.stage",
            "no clinician is named whom to ask".into(),
            "name one, as in owner = \"Lee Chen, MD\"",
        );
    }
    let priorities = admitted(&rule.condition.query);
    if stage == Status::Waitlisted && priorities.iter().all(|each| *each >= Priority::Urgent) {
        note(
            "then.stage",
            "would make wait what is listed urgent or above".into(),
            "let the condition admit routine",
        );
    }
}

#[cfg(test)]
mod tests;
