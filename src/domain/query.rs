//! The query language of filters and saved views.
//!
//! Owns its words and their parsing: `priority:urgent owner:maria specialty:cardiology overdue:yes garcia`. Terms are joined
//! by "and"; a minus before a term turns it round; a text in quotes is one. Must not know how a term is looked up.

use super::priority::Priority;
use super::status::Status;

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it is turned round.
    pub not: bool,
    /// What must hold.
    pub test: Test,
}

/// What a term asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Listed priority.
    Priority(Priority),
    /// Status.
    Status(Status),
    /// Owner's name contains.
    Owner(String),
    /// Specialty contains.
    Specialty(String),
    /// Service contains.
    Service(String),
    /// The next action is past due.
    Overdue,
    /// Something required is missing.
    Missing,
    /// Came in this way (code).
    Source(String),
    /// The patient's name contains.
    Text(String),
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

/// The words before a colon, with what may follow; shown as help.
pub const WORDS: [(&str, &str); 8] = [
    ("priority", "routine, urgent, asap or stat"),
    ("status", "a status such as accepted or no-show"),
    ("owner", "a part of the owner's name"),
    ("specialty", "a part of the specialty"),
    ("service", "a part of the service"),
    ("overdue", "yes or no"),
    ("missing", "yes or no"),
    (
        "source",
        "fax, email, scan, guest-form, phone, fhir, hl7v2 or import",
    ),
];

const SOURCES: [&str; 8] = [
    "fax",
    "email",
    "scan",
    "guest-form",
    "phone",
    "fhir",
    "hl7v2",
    "import",
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

    /// Whether it matches everything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
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
        return Ok(Term {
            not,
            test: Test::Text(body.to_owned()),
        });
    };
    let wrong = |because: String| QueryError {
        at: at + usize::from(not) + key.chars().count() + 1,
        because,
    };
    let hint = || {
        WORDS
            .iter()
            .find(|(word, _)| *word == key)
            .map_or("", |(_, hint)| hint)
    };
    if value.is_empty() {
        return Err(wrong(format!("`{key}:` needs {}", hint())));
    }
    let unknown = || wrong(format!("`{value}` is not {}", hint()));
    let yes = |test: Test| match value {
        "yes" => Ok(Term { not, test }),
        "no" => Ok(Term { not: !not, test }),
        _ => Err(unknown()),
    };
    let test = match key {
        "priority" => Test::Priority(Priority::from_code(value).ok_or_else(unknown)?),
        "status" => Test::Status(Status::from_code(value).ok_or_else(unknown)?),
        "owner" => Test::Owner(value.to_owned()),
        "specialty" => Test::Specialty(value.to_owned()),
        "service" => Test::Service(value.to_owned()),
        "source" if SOURCES.contains(&value) => Test::Source(value.to_owned()),
        "source" => return Err(unknown()),
        "overdue" => return yes(Test::Overdue),
        "missing" => return yes(Test::Missing),
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
mod tests {
    use super::*;

    #[test]
    fn terms_are_read() {
        let query = Query::parse("priority:urgent -owner:maria overdue:no \"van der berg\"").unwrap();
        assert_eq!(
            query.terms,
            [
                Term {
                    not: false,
                    test: Test::Priority(Priority::Urgent)
                },
                Term {
                    not: true,
                    test: Test::Owner("maria".into())
                },
                Term {
                    not: true,
                    test: Test::Overdue
                },
                Term {
                    not: false,
                    test: Test::Text("van der berg".into())
                },
            ]
        );
        assert!(Query::parse("  ").unwrap().is_empty());
    }

    #[test]
    fn errors_point_at_the_character() {
        let table = [
            ("owner:ann priority:soon", 19),
            ("colour:red", 0),
            ("status:", 7),
            ("ann \"open", 4),
            ("-prio:x", 1),
        ];
        for (text, at) in table {
            assert_eq!(Query::parse(text).unwrap_err().at, at, "{text}");
        }
    }
}
