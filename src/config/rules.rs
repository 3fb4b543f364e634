//! The clinic's rules, as they are written.
//!
//! Owns the shape of `[[rules]]` and the way from it to the domain's rules; every fault lands on the line of its key. Must not know
//! what makes sense: that is `domain::rule::check`.

use super::check::Note;
use super::schema::Settings;
use crate::domain::message::MessageKind;
use crate::domain::priority::Priority;
use crate::domain::query::Query;
use crate::domain::referral::{HoldKind, Owner};
use crate::domain::rule::check::{Known, check as faults};
use crate::domain::rule::{Condition, Rule, Then, Trigger, Words};
use crate::domain::status::Status;
use crate::domain::template::{Target, Template};
use crate::domain::texts::FALLBACK_LANGUAGE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The queues of a clinic that names none.
pub(super) const QUEUES: [&str; 4] = ["intake", "insurance", "scheduling", "manager"];
/// That to which the program itself gives what comes in.
const OWN_QUEUE: &str = "intake";

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleText {
    /// Its name, as the timeline shows it.
    pub name: String,
    /// The occasions.
    pub when: When,
    /// A query, as in the filter line.
    #[serde(rename = "if")]
    pub condition: String,
    /// What follows.
    pub then: ThenText,
}

/// One occasion, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum When {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for When {
    fn default() -> When {
        When::Several(Vec::new())
    }
}

impl When {
    fn words(&self) -> &[String] {
        match self {
            When::One(word) => std::slice::from_ref(word),
            When::Several(words) => words,
        }
    }
}

/// What follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThenText {
    /// `coverage` or `authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldKind>,
    /// What the hold says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// A status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Status>,
    /// Give it to a queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Give it to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Make a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Target>,
    /// Send a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageKind>,
    /// What a notice says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<SayText>,
    /// Raise the priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// What a notice says: in English, or by language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SayText {
    /// In English.
    English(String),
    /// By language.
    ByLanguage(Words),
}

impl SayText {
    fn words(&self) -> Words {
        match self {
            SayText::English(words) => Words::from([(FALLBACK_LANGUAGE.to_owned(), words.clone())]),
            SayText::ByLanguage(words) => words.clone(),
        }
    }
}

impl ThenText {
    fn then(&self) -> Then {
        let queue = self.queue.clone().map(Owner::Queue);
        Then {
            hold: self.hold,
            because: self.because.clone(),
            stage: self.stage,
            owner: self.owner.clone().map(Owner::Person).or(queue),
            task: self.task.clone(),
            due: self.due,
            message: self.message,
            say: self.say.as_ref().map(SayText::words).unwrap_or_default(),
            priority: self.priority,
        }
    }
}

/// The rules that can be read at all; of a checked configuration, all of them.
pub(super) fn rules(settings: &Settings) -> Vec<Rule> {
    settings.rules.iter().filter_map(|text| read(text).ok()).collect()
}

/// A rule, or what cannot be read in it: the key and why.
fn read(text: &RuleText) -> Result<Rule, (&'static str, String, &'static str)> {
    let when = text
        .when
        .words()
        .iter()
        .map(|word| Trigger::parse(word))
        .collect::<Result<_, _>>()
        .map_err(|why| ("when", why, "name one of them"))?;
    let terms = Query::parse_worded(&text.condition)
        .map_err(|error| ("if", error.to_string(), "write it as in the filter line (f)"))?;
    Ok(Rule {
        name: text.name.clone(),
        when,
        condition: Condition::new(terms),
        then: text.then.then(),
    })
}

/// Checks queues and rules. Without templates only what does not depend on them is checked.
pub(super) fn check(
    settings: &Settings,
    templates: Option<&BTreeMap<String, Template>>,
    note: &mut Note<'_>,
) {
    if !settings.queues.iter().any(|queue| queue == OWN_QUEUE) {
        note(
            &["queues".to_owned()],
            format!("`{OWN_QUEUE}` is not among them, and the program gives it what comes in"),
            "add it",
        );
    }
    let keys = |place: usize, key: &str| [format!("rules[{place}].{key}"), format!("rules[{place}]")];
    // The places of the rules that could be read: a fault is told of the rule as it stands in the file.
    let (mut places, mut rules) = (Vec::new(), Vec::new());
    for (place, text) in settings.rules.iter().enumerate() {
        if text.then.owner.is_some() && text.then.queue.is_some() {
            note(
                &keys(place, "then.queue"),
                "gives it to a person and to a queue".into(),
                "name one of them",
            );
        }
        match read(text) {
            Ok(rule) => {
                places.push(place);
                rules.push(rule);
            }
            Err((key, why, fix)) => note(&keys(place, key), why, fix),
        }
    }
    let Some(templates) = templates.filter(|_| !rules.is_empty()) else {
        return;
    };
    let offered: BTreeMap<String, Template> = templates
        .iter()
        .filter(|(key, _)| settings.specialties.is_empty() || settings.specialties.contains(key))
        .map(|(key, template)| (key.clone(), template.clone()))
        .collect();
    let staff = settings.staff.iter().map(|staff| staff.name.as_str());
    let performers = settings.performers.iter().map(|each| each.name.as_str());
    let known = Known {
        templates: &offered,
        queues: &settings.queues,
        people: staff.chain(performers).collect(),
    };
    for fault in faults(&rules, &known) {
        let Some(place) = places.get(fault.rule) else {
            continue;
        };
        let [key, whole] = keys(*place, fault.key);
        // Whoever it is given to is named by one of two keys.
        let other = fault.key.replace("owner", "queue");
        note(
            &[key, format!("rules[{place}].{other}"), whole],
            fault.because,
            &fault.fix,
        );
    }
}

/// What the example says of them.
pub(super) const RULES: (&str, &[&str]) = (
    "rules",
    &[
        "Rules: when something happens to a referral that is so, then something follows, and the timeline names the rule.",
        "`when` names the occasion, or several: received, status-changed, priority-changed, amended, coverage-changed,",
        "coverage-checked, authorisation-changed, items-came, document-filed, call-recorded, booked, message-failed, target-near,",
        "target-missed (the last two also of one milestone: target-missed/decide). `if` is a query, as in the filter line.",
        "`then` takes hold (coverage or authorization, for as long as the query is so, with because = \"…\"), stage (in-review with",
        "an owner, needs-info, accepted, waitlisted), queue or owner, task with due = \"1 bd\", message (ack-provider, ack-patient,",
        "contact-request; notice-patient or notice-provider with say = \"…\" or say = { en = \"…\", es = \"…\" }), priority (upward only).",
        "A hold may stand without `when`. No rule ends a referral; none holds what is listed urgent or above. What contradicts each",
        "other is refused. `refdesk rules test` shows what would fire, and why not.",
        "  [[rules]]",
        "  name = \"children-to-dr-chen\"",
        "  when = \"received\"",
        "  if = \"template:cardiology age:<18\"",
        "  then = { stage = \"in-review\", owner = \"Lee Chen, MD\", task = \"Can we see this child?\" }",
        "  [[rules]]",
        "  name = \"echo-wants-authorisation\"",
        "  if = \"payer:aetna service:echo -has:authorisation\"",
        "  then = { hold = \"authorization\", because = \"Aetna wants an authorisation for an echo\" }",
        "  [[rules]]",
        "  name = \"late-decision\"",
        "  when = \"target-missed/decide\"",
        "  then = { queue = \"manager\", task = \"Decide today\", due = \"4 bh\" }",
        "  [[rules]]",
        "  name = \"bring-the-films\"",
        "  when = \"booked\"",
        "  if = \"template:orthopedics\"",
        "  then = { message = \"notice-patient\", say = \"Please bring X-rays and MRI images on a disc.\" }",
    ],
);

/// What the example says of the queues.
pub(super) const QUEUES_TOLD: (&str, &[&str]) = (
    "queues",
    &["Queues to which work can be given; the program itself gives what comes in to intake."],
);
