//! Two rules that cannot both be followed.
//!
//! Owns what contradicts what. Two rules meet where they share an occasion and nothing proves that their conditions exclude each
//! other; what they then want of the same thing must be the same. There is no order among rules by which one would win: whoever reads
//! one of them must be able to rely on it.

use super::{Fault, Known};
use crate::domain::query::{Name, Query, Test, apart};
use crate::domain::rule::{Rule, Trigger};
use crate::domain::status::Status;
use std::collections::BTreeSet;

/// Every pair that contradicts, said of the later rule.
pub(super) fn check(rules: &[Rule], known: &Known<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let templates: Vec<BTreeSet<&str>> = rules
        .iter()
        .map(|rule| admitted(&rule.condition.query, known))
        .collect();
    for (place, rule) in rules.iter().enumerate() {
        for (earlier, other) in rules.iter().enumerate().take(place) {
            let together = templates
                .get(place)
                .zip(templates.get(earlier))
                .is_none_or(|(mine, theirs)| !mine.is_disjoint(theirs));
            if !together || apart(&rule.condition.query, &other.condition.query) {
                continue;
            }
            if let Some((key, what)) = clash(rule, other) {
                faults.push(Fault {
                    rule: place,
                    key,
                    because: format!("contradicts the rule `{}`: both may be so at once, and {what}", other.name),
                    fix: "make their conditions exclude each other, as by the other's term with a minus before it"
                        .to_owned(),
                });
            }
        }
    }
    faults
}

/// The templates that a query admits.
fn admitted<'a>(query: &Query, known: &Known<'a>) -> BTreeSet<&'a str> {
    let admits = |key: &str, specialty: &str| {
        query.terms.iter().all(|term| {
            let named = if let Test::Template(keys) = &term.test {
                keys.iter().any(|each| each == key)
            } else if let Test::Name(Name::Specialty, parts) = &term.test {
                let specialty = specialty.to_lowercase();
                parts.iter().any(|part| specialty.contains(&part.to_lowercase()))
            } else {
                return true;
            };
            named != term.not
        })
    };
    known
        .templates
        .iter()
        .filter(|(key, template)| admits(key, &template.specialty))
        .map(|(key, _)| key.as_str())
        .collect()
}

/// Whether an occasion may be both rules'. A command may bring about several at once, as a receipt that changes nothing else
/// does not: only the same occasions, and those that come together, meet.
fn meet(one: &Rule, other: &Rule) -> bool {
    let same = |a: Trigger, b: Trigger| a.meets(b) || b.meets(a);
    one.when
        .iter()
        .any(|mine| other.when.iter().any(|theirs| same(*mine, *theirs)))
}

fn clash(rule: &Rule, other: &Rule) -> Option<(&'static str, String)> {
    let (mine, theirs) = (&rule.then, &other.then);
    let accepts = |stage: Option<Status>| stage == Some(Status::Accepted);
    if mine.hold.is_some() && accepts(theirs.stage) {
        return Some(("then.hold", "one holds what the other accepts".into()));
    }
    if theirs.hold.is_some() && accepts(mine.stage) {
        return Some(("then.stage", "one accepts what the other holds".into()));
    }
    if !meet(rule, other) {
        return None;
    }
    if let (Some(stage), Some(another)) = (mine.stage, theirs.stage)
        && stage != another
    {
        let what = format!(
            "one takes it to {}, the other to {}",
            stage.code(),
            another.code()
        );
        return Some(("then.stage", what));
    }
    if let (Some(owner), Some(another)) = (&mine.owner, &theirs.owner)
        && owner != another
    {
        return Some((
            "then.owner",
            format!("one gives it to {owner}, the other to {another}"),
        ));
    }
    if mine.message.is_some() && (mine.message, &mine.say) == (theirs.message, &theirs.say) {
        return Some(("then.message", "both send the same message".into()));
    }
    None
}
