//! Whether two queries can ever hold for the same referral.
//!
//! Owns what can be proven of terms alone: two that ask the same thing for different values exclude each other, and a term
//! excludes itself turned round. What cannot be proven counts as possible, so that nothing is called apart that is not. Must
//! not look at a referral.

use super::{Numbers, Query, Term, Test};

/// Whether no referral can match both.
pub fn apart(a: &Query, b: &Query) -> bool {
    a.terms
        .iter()
        .any(|one| b.terms.iter().any(|other| exclude(one, other)))
}

/// Whether no referral can match it at all.
pub fn never_holds(query: &Query) -> bool {
    query.terms.iter().enumerate().any(|(place, one)| {
        query
            .terms
            .iter()
            .skip(place + 1)
            .any(|other| exclude(one, other))
    })
}

fn exclude(one: &Term, other: &Term) -> bool {
    match (one.not, other.not) {
        (false, false) => no_value_in_common(&one.test, &other.test),
        (false, true) => implies(&one.test, &other.test),
        (true, false) => implies(&other.test, &one.test),
        (true, true) => false,
    }
}

/// Whether whatever is so in one way is so in the other.
fn implies(one: &Test, other: &Test) -> bool {
    let among = |mine: &[String], theirs: &[String]| mine.iter().all(|value| theirs.contains(value));
    match (one, other) {
        (Test::Priority(mine), Test::Priority(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::Status(mine), Test::Status(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::Source(mine), Test::Source(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::List(mine), Test::List(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::Coverage(mine), Test::Coverage(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::Has(mine), Test::Has(theirs)) => mine.iter().all(|each| theirs.contains(each)),
        (Test::Template(mine), Test::Template(theirs)) | (Test::Language(mine), Test::Language(theirs)) => {
            among(mine, theirs)
        }
        // What contains the longer part contains the shorter.
        (Test::Name(whose, mine), Test::Name(whom, theirs)) if whose == whom => mine
            .iter()
            .all(|part| theirs.iter().any(|wider| part.contains(wider.as_str()))),
        (Test::MissingItem(_), Test::Missing) => true,
        (Test::Age(mine, _), Test::Age(theirs, _)) => inside(mine, theirs),
        (Test::Waiting(mine), Test::Waiting(theirs)) | (Test::Calls(mine), Test::Calls(theirs)) => {
            inside(mine, theirs)
        }
        (mine, theirs) => mine == theirs,
    }
}

fn no_value_in_common(one: &Test, other: &Test) -> bool {
    match (one, other) {
        (Test::Priority(mine), Test::Priority(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::Status(mine), Test::Status(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::Source(mine), Test::Source(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::List(mine), Test::List(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::Coverage(mine), Test::Coverage(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::Template(mine), Test::Template(theirs)) => !mine.iter().any(|each| theirs.contains(each)),
        (Test::Age(mine, _), Test::Age(theirs, _)) => disjoint(mine, theirs),
        (Test::Waiting(mine), Test::Waiting(theirs)) | (Test::Calls(mine), Test::Calls(theirs)) => {
            disjoint(mine, theirs)
        }
        // Of names and the rest, one referral may have both.
        _ => false,
    }
}

fn inside(mine: &Numbers, theirs: &Numbers) -> bool {
    let from = theirs
        .from
        .is_none_or(|least| mine.from.is_some_and(|from| from >= least));
    let to = theirs.to.is_none_or(|most| mine.to.is_some_and(|to| to <= most));
    from && to
}

fn disjoint(mine: &Numbers, theirs: &Numbers) -> bool {
    let below = |a: &Numbers, b: &Numbers| a.to.zip(b.from).is_some_and(|(to, from)| to < from);
    below(mine, theirs) || below(theirs, mine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    #[test]
    fn what_excludes_each_other_is_known_and_nothing_else() {
        let table = [
            ("priority:urgent", "priority:routine", true),
            ("priority:>=urgent", "priority:asap", false),
            ("age:<18", "age:18..", true),
            ("age:<19", "age:18..", false),
            ("payer:aetna", "-payer:aetna", true),
            ("payer:\"aetna ppo\"", "-payer:aetna", true),
            ("payer:aetna", "-payer:\"aetna ppo\"", false),
            // A patient may have both plans.
            ("payer:aetna", "payer:cigna", false),
            ("coverage:active", "coverage:inactive,none", true),
            ("template:cardiology", "template:neurology", true),
            ("missing:ecg", "missing:no", true),
            ("-priority:urgent", "-priority:routine", false),
            ("specialty:cardiology", "", false),
        ];
        for (a, b, is) in table {
            assert_eq!(apart(&query(a), &query(b)), is, "{a} | {b}");
            assert_eq!(apart(&query(b), &query(a)), is, "{b} | {a}");
            assert_eq!(never_holds(&query(&format!("{a} {b}"))), is, "{a} {b}");
        }
    }
}
