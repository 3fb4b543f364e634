//! `refdesk rules`: the clinic's rules, and what they would do with the referrals that are there.

use super::desk::Desk;
use super::{Ending, Exit, list, number, print};
use crate::domain::decide::rules::{Verdict, ask};
use crate::domain::query::Query;
use crate::domain::rule::Rule;
use crate::domain::snapshot::Snapshot;
use crate::store::board::{Anchor, Shelf};
use crate::store::records;
use crate::tui::width::fit;
use serde_json::json;

/// Rows read at once.
const PAGE: usize = 500;

#[derive(clap::Args, Debug)]
pub(crate) struct Rules {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Print the rules in force
    List,
    /// Show which rules would fire on the open referrals were their occasion now, what would follow, and why not; changes nothing
    Test(Test),
}

#[derive(clap::Args, Debug)]
struct Test {
    /// Only referrals that match, as in `refdesk list --query`
    #[arg(long, default_value = "", value_name = "QUERY", hide_default_value = true)]
    query: String,
    /// Only this rule
    #[arg(long, value_name = "NAME")]
    rule: Option<String>,
    /// Only what would fire
    #[arg(long)]
    fires: bool,
    /// At most this many referrals, the most pressing first
    #[arg(long, default_value = "50", value_name = "N", value_parser = number::<usize>)]
    limit: usize,
}

impl Rules {
    pub fn run(&self, desk: &Desk) -> Ending {
        match &self.what {
            What::List => all(desk),
            What::Test(test) => test.run(desk),
        }
    }
}

fn all(desk: &Desk) -> Ending {
    let rules = &desk.engine.policy().rules;
    if rules.is_empty() && !desk.json() {
        print::error("there are no rules; `refdesk config example` shows how they are written");
    }
    for rule in rules {
        if desk.json() {
            print::json(&json!({
                "rule": rule.name, "when": rule.when, "if": rule.condition.words, "then": steps(rule),
            }))?;
        } else {
            print::line(&format!(
                "{}: {} → {}",
                rule.name,
                rule.clause(),
                steps(rule).join(", ")
            ))?;
        }
    }
    Ok(Exit::Done)
}

fn steps(rule: &Rule) -> Vec<String> {
    rule.then.steps().iter().map(|step| step.label()).collect()
}

impl Test {
    fn run(&self, desk: &Desk) -> Ending {
        let (policy, now) = (desk.engine.policy(), desk.now());
        let query = match Query::parse(&self.query) {
            Ok(query) => policy.as_asked(query, now),
            Err(error) => return Ok(list::wrong(&self.query, &error)),
        };
        let wanted = |rule: &&Rule| self.rule.as_ref().is_none_or(|name| *name == rule.name);
        let rules: Vec<&Rule> = policy.rules.iter().filter(wanted).collect();
        if rules.is_empty() {
            let known: Vec<&str> = policy.rules.iter().map(|rule| rule.name.as_str()).collect();
            return Ok(match (&self.rule, known.is_empty()) {
                (_, true) => {
                    print::error("there are no rules; `refdesk config example` shows how they are written");
                    Exit::Done
                }
                (name, false) => {
                    let name = name.as_deref().unwrap_or_default();
                    print::error(&format!(
                        "there is no rule `{name}`; known are {}",
                        known.join(", ")
                    ));
                    Exit::Usage
                }
            });
        }
        let mut totals = vec![0_u64; rules.len()];
        let (mut anchor, mut looked) = (Anchor::Start, 0);
        let store = desk.engine.store();
        while looked < self.limit {
            let many = (self.limit - looked).min(PAGE);
            let window = store.window(Shelf::Open, &query, anchor, many, now, &policy.score_targets)?;
            for row in &window.rows {
                let snapshot = records::of_referral(store.connection(), row.id)?;
                let verdicts: Vec<Option<Verdict>> = rules
                    .iter()
                    .map(|rule| ask(&snapshot, rule, now, policy))
                    .collect();
                for (total, verdict) in totals.iter_mut().zip(&verdicts) {
                    *total += u64::from(verdict.as_ref().is_some_and(Verdict::fires));
                }
                let of: Vec<(&Rule, Verdict)> = rules
                    .iter()
                    .zip(verdicts)
                    .filter_map(|(rule, verdict)| Some((*rule, verdict?)))
                    .filter(|(_, verdict)| !self.fires || verdict.fires())
                    .collect();
                self.tell(desk, &snapshot, &of)?;
            }
            looked += window.rows.len();
            match window.rows.last() {
                Some(last) if !window.at_end => anchor = Anchor::After(last.id),
                Some(_) | None => break,
            }
        }
        if desk.json() {
            let counts: serde_json::Map<String, serde_json::Value> = rules
                .iter()
                .zip(&totals)
                .map(|(rule, total)| (rule.name.clone(), (*total).into()))
                .collect();
            print::json(&json!({ "looked_at": looked, "would_fire": counts }))?;
        } else {
            let counts: Vec<String> = rules
                .iter()
                .zip(&totals)
                .map(|(rule, total)| format!("{} {total}", rule.name))
                .collect();
            print::line(&format!("looked at {looked}; would fire: {}", counts.join(" · ")))?;
        }
        Ok(Exit::Done)
    }

    fn tell(&self, desk: &Desk, snapshot: &Snapshot, of: &[(&Rule, Verdict)]) -> Result<(), super::Trouble> {
        let Some(referral) = snapshot.referral().filter(|_| !of.is_empty()) else {
            return Ok(());
        };
        if desk.json() {
            for (rule, verdict) in of {
                let steps: Vec<_> = verdict
                    .steps
                    .iter()
                    .map(|(step, obstacle)| json!({ "step": step.label(), "passed_over": obstacle }))
                    .collect();
                print::json(&json!({
                    "referral": referral.id, "rule": rule.name, "when": rule.when, "fires": verdict.fires(), "so": verdict.so,
                    "not": verdict.not, "steps": steps,
                }))?;
            }
            return Ok(());
        }
        let patient = snapshot
            .patient(referral.patient)
            .map(|patient| patient.name.filed());
        print::line(&format!(
            "{:<10} {} {} · {} · {}",
            referral.id.to_string(),
            fit(&patient.unwrap_or_default(), 24),
            referral.service,
            referral.priority,
            referral.status
        ))?;
        for (rule, verdict) in of {
            print::line(&told(rule, verdict))?;
        }
        Ok(())
    }
}

/// What a rule would do, or why not.
fn told(rule: &Rule, verdict: &Verdict) -> String {
    if !verdict.not.is_empty() {
        return format!("  no    {}: not {}", rule.name, verdict.not.join(", not "));
    }
    let steps: Vec<String> = verdict
        .steps
        .iter()
        .map(|(step, obstacle)| match obstacle {
            None => step.label(),
            Some(why) => format!("not {} ({why})", step.label()),
        })
        .collect();
    let sign = if verdict.fires() { "fires" } else { "no   " };
    format!("  {sign} {}, {} → {}", rule.name, rule.clause(), steps.join(", "))
}
