//! The clinic's rules at work: which fire on what a command brought about, and what each does.
//!
//! Owns their asking, once a decision (see [`crate::domain::rule`] on why they cannot go in circles), their steps, each only as far
//! as it can be taken, and the holds that stand for as long as their condition is so. A step that cannot be taken is passed over,
//! with its reason for whoever asks. Every rule that does anything says so with its name before its steps. Must not know what
//! a rule may say: `rule::check` has seen to that.

use super::draft::Draft;
use super::{outreach, tasks, triage, visits};
use crate::domain::event::Fact;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::query::{holds as is_so, matches};
use crate::domain::referral::{Hold, HoldKind, Referral};
use crate::domain::refusal::Refusal;
use crate::domain::rule::{Rule, Step, Trigger};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Status;
use crate::domain::texts::Facts;
use crate::domain::time::Stamp;

/// Lets the rules that wait for what the command brought about fire; whether any did anything.
///
/// # Errors
/// Only a defect.
pub fn react(draft: &mut Draft<'_>) -> Result<bool, Refusal> {
    let policy = draft.policy;
    if policy.rules.is_empty()
        || !draft
            .next
            .referral()
            .is_some_and(|referral| referral.status.is_open())
    {
        return Ok(false);
    }
    let happened: Vec<Trigger> = draft
        .facts()
        .filter_map(|fact| Trigger::of(fact, &draft.next, draft.now))
        .collect();
    if happened.is_empty() {
        return Ok(false);
    }
    let zone = policy.clinic.zone;
    // All are asked before the first acts: none sees what another did.
    let firing: Vec<(&Rule, Trigger)> = policy
        .rules
        .iter()
        .filter_map(|rule| Some((rule, rule.met_by(&happened)?)))
        .filter(|(rule, _)| matches(&rule.condition.query, &draft.next, draft.now, zone))
        .collect();
    let mut acted = false;
    for (rule, on) in firing {
        acted |= fire(draft, rule, on)?;
    }
    Ok(acted)
}

fn fire(draft: &mut Draft<'_>, rule: &Rule, on: Trigger) -> Result<bool, Refusal> {
    let mut acted = false;
    for step in rule.then.steps() {
        if obstacle(&draft.next, rule, &step).is_some() {
            continue;
        }
        if !acted {
            draft.record(Fact::RuleFired {
                rule: rule.name.clone(),
                on: on.to_string(),
            });
            acted = true;
        }
        take(draft, rule, step)?;
    }
    Ok(acted)
}

/// Why a step is passed over; none where it is taken.
fn obstacle(snapshot: &Snapshot, rule: &Rule, step: &Step) -> Option<String> {
    let referral = snapshot.referral()?;
    let urgent = referral.priority >= Priority::Urgent;
    match step {
        Step::Raise(to) if referral.priority >= *to => Some(format!("it is {} already", referral.priority)),
        Step::Stage(_) | Step::Ask(..) if referral.priority == Priority::Stat => {
            Some("an emergency's status is left to people".into())
        }
        Step::Stage(Status::Waitlisted) if urgent => Some(format!(
            "what is listed {} is never made to wait",
            referral.priority
        )),
        Step::Stage(to) if !referral.status.may_become(*to) => Some(no_way(referral.status, *to)),
        Step::Ask(..) if !referral.status.may_become(Status::InReview) => {
            Some(no_way(referral.status, Status::InReview))
        }
        Step::Stage(Status::NeedsInfo) if referral.missing.is_empty() => Some("nothing is missing".into()),
        Step::Give(to) if referral.owner == *to => Some(format!("{to} has it already")),
        Step::Hold(_) if urgent => Some(format!("what is listed {} is never held", referral.priority)),
        Step::Hold(_) if holds_it(referral, rule) => Some("it is held already".into()),
        Step::Task(_)
            if snapshot
                .tasks
                .iter()
                .any(|task| task.key == task_key(rule, referral)) =>
        {
            Some("the task was made already".into())
        }
        Step::Send(kind, _) => {
            let key = outreach::key(*kind, referral.id, &occasion(rule, referral));
            let sent = snapshot.messages.iter().any(|message| message.key == key);
            sent.then(|| "it was sent already".into())
        }
        Step::Raise(_) | Step::Ask(..) | Step::Stage(_) | Step::Give(_) | Step::Hold(_) | Step::Task(_) => {
            None
        }
    }
}

fn no_way(from: Status, to: Status) -> String {
    format!("a referral that is {from} cannot become {to}")
}

fn holds_it(referral: &Referral, rule: &Rule) -> bool {
    referral
        .holds
        .iter()
        .any(|hold| hold.rule.as_deref() == Some(&rule.name))
}

/// Once a rule and a status: another status is another occasion.
fn occasion(rule: &Rule, referral: &Referral) -> String {
    format!("rule-{}-e{}", rule.name, referral.episode)
}

fn task_key(rule: &Rule, referral: &Referral) -> String {
    format!("rule/{}/e{}", rule.name, referral.episode)
}

fn take(draft: &mut Draft<'_>, rule: &Rule, step: Step) -> Result<(), Refusal> {
    match step {
        Step::Raise(to) => {
            let from = draft.referral()?.priority;
            draft.edit(|referral| referral.priority = to)?;
            draft.record(Fact::PriorityChanged {
                from,
                to,
                reason: format!("rule {}", rule.name),
            });
            Ok(())
        }
        Step::Ask(clinician, question) => triage::send_to_review(draft, &clinician, &question),
        Step::Stage(to) => go(draft, rule, to),
        Step::Give(to) => {
            let from = draft.referral()?.owner.clone();
            let owner = to.clone();
            draft.edit(|referral| referral.owner = owner)?;
            draft.record(Fact::Assigned { from, to });
            Ok(())
        }
        Step::Hold(kind) => set_hold(draft, rule, kind),
        Step::Task(title) => {
            let key = task_key(rule, draft.referral()?);
            let due = rule.then.due.map(|due| draft.policy.due_within(due, draft.now));
            tasks::add(draft, &key, title, due, None)
        }
        Step::Send(kind, words) => {
            let occasion = occasion(rule, draft.referral()?);
            outreach::queue_by(
                draft,
                kind,
                &format!("rule {}", rule.name),
                &occasion,
                Facts::new(),
                outreach::With {
                    words: Some(&words).filter(|_| kind.is_notice()),
                    ..outreach::With::default()
                },
            )
        }
    }
}

fn go(draft: &mut Draft<'_>, rule: &Rule, to: Status) -> Result<(), Refusal> {
    match to {
        Status::NeedsInfo => triage::request_info(draft, &[], None),
        Status::Accepted => triage::accept(draft),
        Status::Waitlisted => visits::waitlist(draft, &format!("rule {}", rule.name)),
        // The check lets no other through.
        Status::Received
        | Status::InReview
        | Status::Scheduled
        | Status::NoShow
        | Status::AppointmentCancelled
        | Status::Completed
        | Status::CancelRequested
        | Status::Closed
        | Status::Declined
        | Status::Cancelled
        | Status::EnteredInError => Ok(()),
    }
}

fn set_hold(draft: &mut Draft<'_>, rule: &Rule, kind: HoldKind) -> Result<(), Refusal> {
    let hold = Hold {
        kind,
        reason: rule
            .then
            .because
            .clone()
            .unwrap_or_else(|| format!("rule {}", rule.name)),
        since: draft.now,
        rule: Some(rule.name.clone()),
    };
    draft.edit(|referral| referral.holds.push(hold))?;
    draft.record(Fact::HoldSet {
        hold: kind,
        rule: Some(rule.name.clone()),
    });
    Ok(())
}

/// Lifts what rules held and hold no longer, and sets what stands: called whenever a referral is settled.
///
/// # Errors
/// Only a defect.
pub fn holds(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let referral = draft.referral()?;
    let held = referral.holds.iter().any(|hold| hold.rule.is_some());
    let policy = draft.policy;
    let standing = policy.rules.iter().any(Rule::is_standing);
    if !(held || standing) || !referral.status.is_open() {
        return Ok(());
    }
    let (zone, now) = (policy.clinic.zone, draft.now);
    let so = |rule: &Rule| {
        referral.priority < Priority::Urgent && matches(&rule.condition.query, &draft.next, now, zone)
    };
    let named = |name: &str| policy.rules.iter().find(|rule| rule.name == name);
    let over: Vec<Hold> = referral
        .holds
        .iter()
        .filter(|hold| {
            let rule = hold.rule.as_deref();
            rule.is_some_and(|name| !named(name).is_some_and(|rule| rule.then.hold.is_some() && so(rule)))
        })
        .cloned()
        .collect();
    let due: Vec<(&Rule, HoldKind)> = policy
        .rules
        .iter()
        .filter(|rule| rule.is_standing() && !holds_it(referral, rule) && so(rule))
        .filter_map(|rule| Some((rule, rule.then.hold?)))
        .collect();
    for hold in over {
        draft.edit(|referral| referral.holds.retain(|each| *each != hold))?;
        draft.record(Fact::HoldLifted {
            hold: hold.kind,
            rule: hold.rule,
        });
    }
    for (rule, kind) in due {
        set_hold(draft, rule, kind)?;
    }
    Ok(())
}

/// What a rule would do with a referral as it is, were its occasion now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The terms that are so, in the rule's words.
    pub so: Vec<String>,
    /// The terms that are not: where there are any, nothing follows.
    pub not: Vec<String>,
    /// The steps, each with the reason for which it would be passed over, if it would.
    pub steps: Vec<(Step, Option<String>)>,
}

impl Verdict {
    /// Whether anything would be done.
    pub fn fires(&self) -> bool {
        self.not.is_empty() && self.steps.iter().any(|(_, obstacle)| obstacle.is_none())
    }
}

/// Asks a rule about a referral; none where there is no referral, or it has ended.
pub fn ask(snapshot: &Snapshot, rule: &Rule, now: Stamp, policy: &Policy) -> Option<Verdict> {
    let referral = snapshot.referral().filter(|referral| referral.status.is_open())?;
    let (so, not) = rule
        .condition
        .worded()
        .partition::<Vec<_>, _>(|(term, _)| is_so(term, snapshot, referral, now, policy.clinic.zone));
    let words = |terms: Vec<(_, &str)>| terms.into_iter().map(|(_, words)| words.to_owned()).collect();
    let steps = rule
        .then
        .steps()
        .into_iter()
        .map(|step| {
            let obstacle = obstacle(snapshot, rule, &step);
            (step, obstacle)
        })
        .collect();
    Some(Verdict {
        so: words(so),
        not: words(not),
        steps,
    })
}
