//! What stands behind a colon: alternatives, numbers, days.
//!
//! Owns their reading, each error with its character. Must not know which term asks for them beyond its name.

use super::{QueryError, WORDS};
use crate::domain::coverage::Eligibility;
use crate::domain::lists::List;
use crate::domain::priority::Priority;
use crate::domain::time::{Clock, Day, Span, Stamp, Zone, at_local, day_in, parse_day, year_of};

/// A whole number from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The least.
    pub from: Option<u32>,
    /// The most.
    pub to: Option<u32>,
}

/// A day, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRef {
    /// So many days after today.
    Ahead(i64),
    /// This one.
    On(Day),
}

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<DayRef>,
    /// The last.
    pub to: Option<DayRef>,
}

/// Which moment of a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// When it came in.
    Received,
    /// When its next action is due.
    Due,
}

/// Something that a referral may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// The patient's telephone.
    Phone,
    /// The patient's e-mail.
    Email,
    /// A document.
    Document,
    /// An appointment that stands.
    Visit,
    /// An authorisation.
    Authorisation,
    /// A hold.
    Hold,
    /// A provider who sent it.
    Provider,
    /// A note or a call.
    Note,
    /// An open task.
    Task,
    /// A time at which to call back.
    CallBack,
}

impl Thing {
    /// Every thing with its word.
    pub const ALL: [(Thing, &'static str); 10] = [
        (Thing::Phone, "phone"),
        (Thing::Email, "email"),
        (Thing::Document, "document"),
        (Thing::Visit, "visit"),
        (Thing::Authorisation, "authorisation"),
        (Thing::Hold, "hold"),
        (Thing::Provider, "provider"),
        (Thing::Note, "note"),
        (Thing::Task, "task"),
        (Thing::CallBack, "call-back"),
    ];

    pub(super) fn from_word(word: &str) -> Option<Thing> {
        let found = Thing::ALL.iter().find(|(_, each)| *each == word);
        found.map(|(thing, _)| *thing)
    }
}

impl Days {
    /// As moments: from the first on, and before the second.
    pub fn stamps(&self, now: Stamp, zone: Zone) -> (Option<Stamp>, Option<Stamp>) {
        let day = |day: DayRef| match day {
            DayRef::On(day) => day,
            DayRef::Ahead(days) => day_in(zone, now) + Span::days(days),
        };
        let start = |day: Day| at_local(zone, day, Clock::MIN);
        (
            self.from.map(|from| start(day(from))),
            self.to.map(|to| start(day(to) + Span::days(1))),
        )
    }
}

/// A list by its code; `closed` stands for none.
pub(super) fn list(code: &str) -> Option<Option<List>> {
    if code == "closed" {
        return Some(None);
    }
    List::from_code(code).map(Some)
}

/// The state of a coverage's check by its code; `none` stands for no coverage.
pub(super) fn coverage(code: &str) -> Option<Option<Eligibility>> {
    if code == "none" {
        return Some(None);
    }
    Eligibility::from_code(code).map(Some)
}

/// The longest distance in days that is taken: some ten years.
const FAR: i64 = 4_000;

/// A value with the place of its first character.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub key: &'a str,
    pub text: &'a str,
    pub at: usize,
}

/// The two ends of a range, each with its place; a single value has both.
struct Ends<'a> {
    from: Option<(&'a str, usize)>,
    to: Option<(&'a str, usize)>,
    /// An end that does not belong to the range.
    open: bool,
}

impl<'a> Value<'a> {
    pub fn hint(&self) -> &'static str {
        let found = WORDS.iter().find(|(word, _)| *word == self.key);
        found.map_or("", |(_, hint)| hint)
    }

    pub fn wrong(&self, because: String) -> QueryError {
        QueryError { at: self.at, because }
    }

    /// A part of it, so many characters in, is not what it should be.
    pub fn unknown(&self, part: &str, offset: usize) -> QueryError {
        QueryError {
            at: self.at + offset,
            because: format!("`{part}` is not {}", self.hint()),
        }
    }

    /// The alternatives with their places.
    fn parts(&self) -> Vec<(&'a str, usize)> {
        let mut place = 0;
        let mut out = Vec::new();
        for part in self.text.split(',') {
            out.push((part, place));
            place += part.chars().count() + 1;
        }
        out
    }

    pub fn names(&self) -> Vec<String> {
        let parts = self.parts().into_iter().map(|(part, _)| part.trim().to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    }

    pub fn each<T>(&self, read: fn(&str) -> Option<T>) -> Result<Vec<T>, QueryError> {
        self.parts()
            .into_iter()
            .map(|(part, place)| read(part).ok_or_else(|| self.unknown(part, place)))
            .collect()
    }

    fn ends(&self) -> Ends<'a> {
        let text = self.text;
        for (sign, upper, open) in [
            (">=", false, false),
            ("<=", true, false),
            (">", false, true),
            ("<", true, true),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                let end = Some((rest, sign.len()));
                let (from, to) = if upper { (None, end) } else { (end, None) };
                return Ends { from, to, open };
            }
        }
        if let Some((from, to)) = text.split_once("..") {
            let place = from.chars().count() + 2;
            let end = |part: &'a str, place| (!part.is_empty()).then_some((part, place));
            return Ends {
                from: end(from, 0),
                to: end(to, place),
                open: false,
            };
        }
        let both = Some((text, 0));
        Ends {
            from: both,
            to: both,
            open: false,
        }
    }

    pub fn priorities(&self) -> Result<Vec<Priority>, QueryError> {
        if self.text.contains(',') {
            return self.each(Priority::from_code);
        }
        let ends = self.ends();
        let read = |end: Option<(&str, usize)>| {
            end.map(|(part, place)| Priority::from_code(part).ok_or_else(|| self.unknown(part, place)))
                .transpose()
        };
        let (from, to) = (read(ends.from)?, read(ends.to)?);
        let inside = |priority: &Priority| {
            let rank = priority.rank();
            let above = from.is_none_or(|from| rank > from.rank() || !ends.open && rank == from.rank());
            let below = to.is_none_or(|to| rank < to.rank() || !ends.open && rank == to.rank());
            above && below
        };
        let mut all: Vec<Priority> = Priority::ALL.into_iter().filter(inside).collect();
        all.sort_by_key(|priority| priority.rank());
        Ok(all)
    }

    pub fn numbers(&self) -> Result<Numbers, QueryError> {
        let ends = self.ends();
        let read = |end: Option<(&str, usize)>| {
            end.map(|(part, place)| {
                let digits = part.strip_suffix('d').unwrap_or(part);
                digits.parse::<u32>().map_err(|_| self.unknown(part, place))
            })
            .transpose()
        };
        let (from, to) = (read(ends.from)?, read(ends.to)?);
        let open = u32::from(ends.open);
        Ok(Numbers {
            from: from.map(|from| from.saturating_add(open)),
            to: to.map(|to| to.saturating_sub(open)),
        })
    }

    /// Days; a week goes this way from today.
    pub fn days(&self, way: i64) -> Result<Days, QueryError> {
        if self.text == "week" {
            let (near, far) = (DayRef::Ahead(0), DayRef::Ahead(6 * way));
            let (from, to) = if way < 0 { (far, near) } else { (near, far) };
            return Ok(Days {
                from: Some(from),
                to: Some(to),
            });
        }
        let ends = self.ends();
        let read = |end: Option<(&str, usize)>| {
            end.map(|(part, place)| day(part).ok_or_else(|| self.unknown(part, place)))
                .transpose()
        };
        let (from, to) = (read(ends.from)?, read(ends.to)?);
        let moved = |day: DayRef, by: i64| match day {
            DayRef::Ahead(days) => DayRef::Ahead(days + by),
            DayRef::On(day) => DayRef::On(day + Span::days(by)),
        };
        let open = i64::from(ends.open);
        Ok(Days {
            from: from.map(|from| moved(from, open)),
            to: to.map(|to| moved(to, -open)),
        })
    }
}

/// Years that a clinic asks for: what is far beyond has no day after it.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

fn day(text: &str) -> Option<DayRef> {
    match text {
        "today" => return Some(DayRef::Ahead(0)),
        "tomorrow" => return Some(DayRef::Ahead(1)),
        "yesterday" => return Some(DayRef::Ahead(-1)),
        _ => {}
    }
    if let Some(days) = text.strip_suffix('d') {
        let days: i64 = days.strip_prefix('+').unwrap_or(days).parse().ok()?;
        return (-FAR..=FAR).contains(&days).then_some(DayRef::Ahead(days));
    }
    let day = parse_day(text).ok()?;
    YEARS.contains(&year_of(day)).then_some(DayRef::On(day))
}
