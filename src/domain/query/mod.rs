//! The query language of filters and saved views.
//!
//! Owns its words and their parsing: `priority:>=urgent owner:maria specialty:cardiology overdue:yes garcia`. Terms are joined
//! by "and"; a minus before a term turns it round; commas part alternatives; a text in quotes is one. Must not know how a term
//! is looked up, nor the order of what is found: a query never sorts.

mod apart;
mod matches;
mod value;

pub use apart::{apart, never_holds};
pub use matches::{holds, matches};
pub use value::{DayRef, Days, Moment, Numbers, Thing};

use super::coverage::Eligibility;
use super::lists::List;
use super::priority::Priority;
use super::referral::Source;
use super::status::Status;
use super::time::{Day, Stamp, Zone, day_in};
use value::Value;

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it is turned round.
    pub not: bool,
    /// What must hold.
    pub test: Test,
}

/// What a term asks. Of several values, one must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It stands in a list; none stands for the ended.
    List(Vec<Option<List>>),
    /// Listed priority.
    Priority(Vec<Priority>),
    /// Status.
    Status(Vec<Status>),
    /// Came in this way.
    Source(Vec<Source>),
    /// A name contains.
    Name(Name, Vec<String>),
    /// The next action is past due.
    Overdue,
    /// Something required is missing.
    Missing,
    /// An item like this is missing.
    MissingItem(Vec<String>),
    /// It has one of these.
    Has(Vec<Thing>),
    /// A moment lies on one of these days.
    On(Moment, Days),
    /// A moment lies from the first stamp on, and before the second: days with their zone.
    Between(Moment, Option<Stamp>, Option<Stamp>),
    /// Whole days since receipt.
    Waiting(Numbers),
    /// The patient's age in years, on a day: today's in UTC where none is named.
    Age(Numbers, Option<Day>),
    /// Calls tried since somebody was last reached.
    Calls(Numbers),
    /// Made from a template with one of these keys.
    Template(Vec<String>),
    /// Where the check of the primary coverage stands; none where there is no coverage.
    Coverage(Vec<Option<Eligibility>>),
    /// The patient's language, by the primary tag (BCP 47): `es` is `es-MX`, too.
    Language(Vec<String>),
}

/// Whose name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// The patient's.
    Patient,
    /// The owner's.
    Owner,
    /// The specialty's.
    Specialty,
    /// The service's.
    Service,
    /// A payer's.
    Payer,
    /// The site's.
    Site,
    /// That of the provider or practice that sent it.
    From,
    /// The reason: its words, or its codes.
    Reason,
}

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Its terms; none matches everything.
    pub terms: Vec<Term>,
}

/// An error, with the place of the character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The character's place, from 0.
    pub at: usize,
    /// What is wrong and what would be right.
    pub because: String,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at character {}: {}", self.at + 1, self.because)
    }
}

impl std::error::Error for QueryError {}

/// The words before a colon, with what may follow; shown as help.
pub const WORDS: [(&str, &str); 22] = [
    ("list", "a list such as review or to-schedule, or closed"),
    (
        "priority",
        "routine, urgent, asap or stat; >=urgent is urgent and above",
    ),
    ("status", "a status such as accepted or no-show"),
    ("owner", "a part of the owner's name"),
    ("specialty", "a part of the specialty"),
    ("service", "a part of the service"),
    ("payer", "a part of a payer's name"),
    ("site", "a part of the site's name"),
    (
        "from",
        "a part of the name of the provider or practice that sent it",
    ),
    ("overdue", "yes or no"),
    ("missing", "yes or no, or a part of what is missing, such as ecg"),
    (
        "due",
        "today, tomorrow, a day such as 2026-11-30 or +3d; <=+3d, today..+7d",
    ),
    (
        "received",
        "today, yesterday, a day such as 2026-11-20 or -7d; >=-7d, 2026-11-01..2026-11-15",
    ),
    ("waiting", "days since receipt: 5, >10, 3..7"),
    ("age", "the patient's years: <18, 65.., 40..60"),
    ("calls", "calls since somebody was last reached: 0, >=3"),
    (
        "has",
        "phone, email, document, visit, authorisation, hold, provider, note, task or call-back",
    ),
    ("template", "the key of a template, such as cardiology"),
    (
        "coverage",
        "pending, active, inactive, partial, error, timed-out or manual: the check of the primary plan; or none",
    ),
    ("language", "the patient's language, such as es"),
    ("reason", "a part of the reason or of its codes, such as I48"),
    (
        "source",
        "fax, email, scan, guest-form, phone, fhir, hl7v2 or import",
    ),
];

impl Query {
    /// Parses a query; an empty text matches everything.
    ///
    /// # Errors
    /// The first term that cannot be understood, with its place.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let terms = words(text)?
            .into_iter()
            .map(|(at, word)| term(at, &word))
            .collect::<Result<_, _>>()?;
        Ok(Query { terms })
    }

    /// Parses a query, each term with the words that it was written in.
    ///
    /// # Errors
    /// See [`Query::parse`].
    pub fn parse_worded(text: &str) -> Result<Vec<(String, Term)>, QueryError> {
        let words = words(text)?;
        let worded = |(at, word): (usize, String)| Ok((word.clone(), term(at, &word)?));
        words.into_iter().map(worded).collect()
    }

    /// Whether it matches everything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// With its days as moments: today is the day that it is in the zone.
    #[must_use]
    pub fn at(mut self, now: Stamp, zone: Zone) -> Query {
        for term in &mut self.terms {
            if let Test::On(moment, days) = &term.test {
                let (from, to) = days.stamps(now, zone);
                term.test = Test::Between(*moment, from, to);
            }
            if let Test::Age(_, today) = &mut term.test {
                *today = Some(day_in(zone, now));
            }
        }
        self
    }

    /// The one list that it is about, and the query without the term that says so; nothing where it is about several.
    pub fn list(text: &str) -> Option<(Option<List>, String)> {
        let query = Query::parse(text).ok()?;
        let named = query
            .terms
            .iter()
            .filter_map(|term| match (&term.test, term.not) {
                (Test::List(lists), false) => Some(lists.as_slice()),
                _ => None,
            });
        let named: Vec<_> = named.collect();
        let [[list]] = named.as_slice() else {
            return None;
        };
        let rest = text.split(' ').filter(|word| !word.starts_with("list:"));
        Some((*list, rest.collect::<Vec<_>>().join(" ")))
    }
}

/// Splits at white space outside quotes; each word with its place.
fn words(text: &str) -> Result<Vec<(usize, String)>, QueryError> {
    let (mut all, mut word, mut start, mut quoted) = (Vec::new(), String::new(), 0, None);
    for (at, c) in text.chars().enumerate() {
        match c {
            '"' => quoted = if quoted.is_some() { None } else { Some(at) },
            c if c.is_whitespace() && quoted.is_none() => {
                if !word.is_empty() {
                    all.push((start, std::mem::take(&mut word)));
                }
                start = at + 1;
            }
            c => {
                if word.is_empty() && quoted.is_none() {
                    start = at;
                }
                word.push(c);
            }
        }
    }
    if let Some(at) = quoted {
        return Err(QueryError {
            at,
            because: "the quote is not closed".into(),
        });
    }
    if !word.is_empty() {
        all.push((start, word));
    }
    Ok(all)
}

fn term(at: usize, word: &str) -> Result<Term, QueryError> {
    let (not, body) = match word.strip_prefix('-') {
        Some(body) if !body.is_empty() => (true, body),
        Some(_) | None => (false, word),
    };
    let Some((key, value)) = body.split_once(':') else {
        let name = Test::Name(Name::Patient, vec![body.to_owned()]);
        return Ok(Term { not, test: name });
    };
    let value = Value {
        key,
        text: value,
        at: at + usize::from(not) + key.chars().count() + 1,
    };
    if value.text.is_empty() {
        return Err(value.wrong(format!("`{key}:` needs {}", value.hint())));
    }
    let yes = |test: Test| match value.text {
        "yes" => Ok(Term { not, test }),
        "no" => Ok(Term { not: !not, test }),
        _ => Err(value.unknown(value.text, 0)),
    };
    let name = |name| Test::Name(name, value.names());
    let test = match key {
        "list" => Test::List(value.each(value::list)?),
        "priority" => Test::Priority(value.priorities()?),
        "status" => Test::Status(value.each(Status::from_code)?),
        "source" => Test::Source(value.each(Source::from_code)?),
        "owner" => name(Name::Owner),
        "specialty" => name(Name::Specialty),
        "service" => name(Name::Service),
        "payer" => name(Name::Payer),
        "site" => name(Name::Site),
        "from" => name(Name::From),
        "reason" => name(Name::Reason),
        "template" => Test::Template(value.names()),
        "language" => Test::Language(value.names()),
        "coverage" => Test::Coverage(value.each(value::coverage)?),
        "has" => Test::Has(value.each(Thing::from_word)?),
        "due" => Test::On(Moment::Due, value.days(1)?),
        "received" => Test::On(Moment::Received, value.days(-1)?),
        "waiting" => Test::Waiting(value.numbers()?),
        "age" => Test::Age(value.numbers()?, None),
        "calls" => Test::Calls(value.numbers()?),
        "overdue" => return yes(Test::Overdue),
        "missing" if matches!(value.text, "yes" | "no") => return yes(Test::Missing),
        "missing" => Test::MissingItem(value.names()),
        _ => {
            let known: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
            return Err(QueryError {
                at: at + usize::from(not),
                because: format!("`{key}:` is not known; use {}", known.join(", ")),
            });
        }
    };
    Ok(Term { not, test })
}

#[cfg(test)]
mod tests;
