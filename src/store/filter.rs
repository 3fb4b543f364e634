//! A parsed query as conditions on the rows of the queue.
//!
//! Owns the fragment for each test: constant texts, values always bound. Must not parse.

use crate::domain::priority::Priority;
use crate::domain::query::{Moment, Name, Numbers, Query, Test, Thing};
use crate::domain::time::{Day, Span, Stamp, day_in, print_stamp};
use rusqlite::types::Value as Sql;

/// A query, ready to be asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter(pub Query);

const RECEIVED: &str = "r.received_at";

/// Binds values, each to its own place.
struct Binder<'a>(&'a mut Vec<Sql>);

impl Binder<'_> {
    fn text(&mut self, value: impl Into<String>) -> String {
        self.0.push(Sql::Text(value.into()));
        format!("?{}", self.0.len())
    }

    /// `IN (…)` over codes.
    fn among<'c>(&mut self, codes: impl Iterator<Item = &'c str>) -> String {
        let places: Vec<String> = codes.map(|code| self.text(code)).collect();
        format!("IN ({})", places.join(", "))
    }

    /// The column contains one of the texts.
    fn like(&mut self, column: &str, texts: &[String]) -> String {
        let each = texts.iter().map(|text| {
            let text = escaped(text);
            format!("{column} LIKE {} ESCAPE '\\'", self.text(format!("%{text}%")))
        });
        any(each.collect())
    }

    /// The column begins with a text.
    fn starts(&mut self, column: &str, text: &str) -> String {
        format!(
            "{column} LIKE {} ESCAPE '\\'",
            self.text(format!("{}%", escaped(text)))
        )
    }

    /// A moment within bounds; a row without the moment is not.
    fn between(&mut self, column: &str, from: Option<Stamp>, to: Option<Stamp>) -> String {
        let from = from.map(|from| format!("{column} >= {}", self.text(print_stamp(from))));
        let to = to.map(|to| format!("{column} < {}", self.text(print_stamp(to))));
        let both: Vec<String> = from.into_iter().chain(to).collect();
        match (both.is_empty(), column) {
            (true, _) => format!("{column} IS NOT NULL"),
            // It is always there, and bare: so the arms of the queue take it as a bound of their index.
            (false, RECEIVED) => both.join(" AND "),
            (false, _) => format!("coalesce({}, 0)", both.join(" AND ")),
        }
    }
}

/// A text of which LIKE takes every character as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// One of several; of none, nothing holds.
fn any(tests: Vec<String>) -> String {
    if tests.is_empty() {
        "0".into()
    } else {
        tests.join(" OR ")
    }
}

impl Filter {
    /// The conditions, each with a leading ` AND `; pushes the values that they bind.
    pub fn sql(&self, values: &mut Vec<Sql>, now: Stamp) -> String {
        let mut sql = String::new();
        let mut bind = Binder(values);
        for term in &self.0.terms {
            sql.push_str(if term.not { " AND NOT (" } else { " AND (" });
            sql.push_str(&test(&term.test, &mut bind, now));
            sql.push(')');
        }
        sql
    }

    /// The part of it that the arms of the queue answer from their index.
    pub fn on_index(&self) -> Filter {
        let mut query = self.0.clone();
        query.terms.retain(|term| {
            let bounds = matches!(
                term.test,
                Test::Priority(_) | Test::Between(Moment::Received, ..) | Test::Waiting(_)
            );
            bounds && !term.not
        });
        Filter(query)
    }

    /// Whether referrals of a priority can match at all: an arm of the queue that cannot is not read.
    pub fn admits(&self, priority: Priority) -> bool {
        self.0.terms.iter().all(|term| match &term.test {
            Test::Priority(priorities) => priorities.contains(&priority) != term.not,
            Test::List(_)
            | Test::Status(_)
            | Test::Source(_)
            | Test::Name(..)
            | Test::Overdue
            | Test::Missing
            | Test::MissingItem(_)
            | Test::Has(_)
            | Test::On(..)
            | Test::Between(..)
            | Test::Waiting(_)
            | Test::Age(..)
            | Test::Calls(_)
            | Test::Template(_)
            | Test::Coverage(_)
            | Test::Language(_) => true,
        })
    }
}

fn test(test: &Test, bind: &mut Binder<'_>, now: Stamp) -> String {
    match test {
        Test::List(lists) => {
            let codes = lists.iter().flatten().map(|list| list.code());
            let among = format!("coalesce(r.list {}, 0)", bind.among(codes));
            let ended = lists.contains(&None).then(|| "r.list IS NULL".to_owned());
            any(std::iter::once(among).chain(ended).collect())
        }
        Test::Priority(all) => format!("r.priority {}", bind.among(all.iter().map(|each| each.code()))),
        Test::Status(all) => format!("r.status {}", bind.among(all.iter().map(|each| each.code()))),
        Test::Source(all) => format!("r.source {}", bind.among(all.iter().map(|each| each.code()))),
        Test::Name(name, texts) => named(*name, texts, bind),
        Test::Overdue => format!("coalesce(r.due_at < {}, 0)", bind.text(print_stamp(now))),
        Test::Missing => "r.missing <> '[]'".to_owned(),
        Test::MissingItem(items) => bind.like("r.missing", items),
        Test::Has(things) => any(things.iter().map(|thing| has(*thing).to_owned()).collect()),
        // Whoever asks has put days into the clinic's zone; a script's, without one, are those of UTC.
        Test::On(moment, days) => {
            let (from, to) = days.stamps(now, crate::domain::time::Zone::UTC);
            bind.between(column(*moment), from, to)
        }
        Test::Between(moment, from, to) => bind.between(column(*moment), *from, *to),
        Test::Waiting(days) => {
            let days_ago = |days: u32| now - Span::days(i64::from(days.min(LONG)));
            // Whole days: from the fifth on means at least five times 24 hours; up to the fifth, less than six.
            let to = days.from.map(|from| days_ago(from) + Span::seconds(1));
            let from = days
                .to
                .map(|to| days_ago(to.saturating_add(1)) + Span::seconds(1));
            bind.between(RECEIVED, from, to)
        }
        Test::Age(years, on) => {
            let today = on.unwrap_or_else(|| day_in(crate::domain::time::Zone::UTC, now));
            age(years, bind, today)
        }
        Test::Calls(count) => within("r.attempts", count),
        Test::Template(keys) => format!("r.template {}", bind.among(keys.iter().map(String::as_str))),
        Test::Coverage(states) => {
            let codes = states.iter().flatten().map(|state| state.code());
            let primary =
                "SELECT c.eligibility FROM coverage c WHERE c.referral = r.id ORDER BY c.rank, c.id LIMIT 1";
            let among = format!("coalesce(({primary}) {}, 0)", bind.among(codes));
            let none = states
                .contains(&None)
                .then(|| "NOT EXISTS (SELECT 1 FROM coverage c WHERE c.referral = r.id)".to_owned());
            any(std::iter::once(among).chain(none).collect())
        }
        Test::Language(tags) => {
            let each = tags.iter().map(|tag| {
                let tag = tag.to_ascii_lowercase();
                let longer = bind.starts("p.language", &format!("{tag}-"));
                format!("lower(p.language) = {} OR {longer}", bind.text(tag))
            });
            any(each.collect())
        }
    }
}

/// Days and years beyond this are all the same.
const LONG: u32 = 40_000;

const fn column(moment: Moment) -> &'static str {
    match moment {
        Moment::Received => RECEIVED,
        Moment::Due => "r.due_at",
    }
}

fn named(name: Name, texts: &[String], bind: &mut Binder<'_>) -> String {
    match name {
        Name::Patient => bind.like("p.filed", texts),
        // The owner is kept as {"queue": "…"} or {"person": "…"}: only the value is looked at.
        Name::Owner => bind.like("coalesce(r.owner ->> 'person', r.owner ->> 'queue')", texts),
        Name::Specialty => bind.like("r.specialty", texts),
        Name::Service => bind.like("r.service", texts),
        Name::Payer => {
            let like = bind.like("c.payer", texts);
            format!("EXISTS (SELECT 1 FROM coverage c WHERE c.referral = r.id AND ({like}))")
        }
        Name::Site => {
            let like = bind.like("o.name", texts);
            format!("EXISTS (SELECT 1 FROM organization o WHERE o.id = r.facility AND ({like}))")
        }
        Name::Reason => {
            let words = bind.like("r.reason_text", texts);
            let code = bind.like("j.value", texts);
            format!("{words} OR EXISTS (SELECT 1 FROM json_each(r.reason_codes) j WHERE {code})")
        }
        Name::From => {
            let person = bind.like("n.filed", texts);
            let practice = bind.like("o.name", texts);
            format!(
                "EXISTS (SELECT 1 FROM practitioner n WHERE n.id = r.requester AND ({person}))
                 OR EXISTS (SELECT 1 FROM organization o WHERE o.id = r.requester_org AND ({practice}))"
            )
        }
    }
}

const fn has(thing: Thing) -> &'static str {
    match thing {
        Thing::Phone => "p.phone IS NOT NULL",
        Thing::Email => "p.email IS NOT NULL",
        Thing::Document => {
            "r.source_document IS NOT NULL OR EXISTS (SELECT 1 FROM document d WHERE d.referral = r.id)"
        }
        Thing::Visit => {
            "EXISTS (SELECT 1 FROM appointment a WHERE a.referral = r.id AND a.state IN ('booked', 'confirmed'))"
        }
        Thing::Authorisation => "r.authorization IS NOT NULL",
        Thing::Hold => "r.holds <> '[]'",
        Thing::Provider => "r.requester IS NOT NULL",
        Thing::Note => "EXISTS (SELECT 1 FROM note n WHERE n.referral = r.id)",
        Thing::Task => "EXISTS (SELECT 1 FROM task t WHERE t.referral = r.id AND t.state = 'open')",
        Thing::CallBack => "r.callback_at IS NOT NULL",
    }
}

/// The patient's years, by the day of birth; whoever has none has no age. Days are those of UTC: an age turns at most some
/// hours early or late.
fn age(years: &Numbers, bind: &mut Binder<'_>, today: Day) -> String {
    let mut birthday =
        |years: u32| bind.text(crate::domain::time::years_before(today, years.min(200)).to_string());
    let from = years.from.map(|from| format!("p.dob <= {}", birthday(from)));
    let to = years
        .to
        .map(|to| format!("p.dob > {}", birthday(to.saturating_add(1))));
    let both: Vec<String> = from.into_iter().chain(to).collect();
    if both.is_empty() {
        return "p.dob IS NOT NULL".into();
    }
    format!("coalesce({}, 0)", both.join(" AND "))
}

fn within(column: &str, numbers: &Numbers) -> String {
    let from = numbers.from.map(|from| format!("{column} >= {from}"));
    let to = numbers.to.map(|to| format!("{column} <= {to}"));
    let both: Vec<String> = from.into_iter().chain(to).collect();
    if both.is_empty() {
        "1".into()
    } else {
        both.join(" AND ")
    }
}
