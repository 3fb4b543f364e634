//! Past moments in the words of the desk: `mon 9:00`, `yesterday 17:00`, `9:00`, `3 d ago`, `20 nov 14:30`.
//!
//! Owns their reading: each means the latest such moment that has gone by. Pure: now and the zone are arguments. Must not
//! know what is looked at.

use super::when::{Part, moment, named_day, named_month, parts, time_of_day};
use crate::domain::text;
use crate::domain::time::{
    Clock, Day, Span, Stamp, Zone, at_local, day_in, parse_day, parse_stamp, weekday_from_monday,
};

/// What the hint beside a field for a past moment says.
pub const HINT: &str = "mon 9:00 · yesterday 17:00 · 9:00 · 3 d ago · 20 nov 14:30";

/// How far back a day without its year is looked for.
const YEAR: i64 = 366;

#[derive(Default)]
struct Reading {
    day: Option<Day>,
    weekday: Option<usize>,
    date: Option<(usize, u32)>,
    time: Option<Clock>,
    ago: Option<Span>,
    days_ago: bool,
}

/// Reads a past moment.
///
/// # Errors
/// A sentence for a person: what cannot be read, or that it lies ahead.
pub fn parse(raw: &str, zone: Zone, now: Stamp) -> Result<Stamp, String> {
    let clean = text::line(raw).trim().to_lowercase();
    let unread = || format!("`{clean}` is not a past moment; write it like {HINT}");
    if clean.is_empty() {
        return Err(format!("say the day and the time, like {HINT}"));
    }
    if let Ok(at) = parse_stamp(&clean.to_uppercase()) {
        return gone(at, now);
    }
    let reading = read(&clean, day_in(zone, now)).ok_or_else(unread)?;
    if let Some(ago) = reading.ago {
        let at = now - ago;
        return Ok(match reading.time.filter(|_| reading.days_ago) {
            Some(time) => at_local(zone, day_in(zone, at), time),
            None => at,
        });
    }
    let Some(time) = reading.time else {
        return Err("say the time as well, like mon 9:00".into());
    };
    let today = day_in(zone, now);
    if let Some(day) = reading.day {
        return gone(at_local(zone, day, time), now);
    }
    let fits = |day: Day| match (reading.weekday, reading.date) {
        (Some(weekday), _) => weekday_from_monday(day) == weekday,
        (None, Some((month, date))) => moment(day) == (month, date),
        (None, None) => true,
    };
    (0..=YEAR)
        .filter_map(|back| today.checked_sub_signed(Span::days(back)))
        .filter(|day| fits(*day))
        .map(|day| at_local(zone, day, time))
        .find(|at| *at <= now)
        .ok_or_else(unread)
}

fn gone(at: Stamp, now: Stamp) -> Result<Stamp, String> {
    if at > now {
        Err("that time lies ahead; name one that has gone by".into())
    } else {
        Ok(at)
    }
}

fn read(clean: &str, today: Day) -> Option<Reading> {
    let mut reading = Reading::default();
    let mut rest = parts(clean).into_iter().peekable();
    while let Some(part) = rest.next() {
        match part {
            Part::Plus => return None,
            Part::Word(word) => match word.as_str() {
                "at" | "on" | "last" | "ago" => {}
                "today" | "tod" => reading.day = Some(today),
                "yesterday" | "yes" | "yest" => reading.day = today.pred_opt(),
                "noon" => reading.time = time_of_day("12", None),
                other => match (named_day(other), named_month(other)) {
                    (Some(index), _) => reading.weekday = Some(index),
                    (None, Some(month)) => {
                        let Some(Part::Number(day)) = rest.next() else {
                            return None;
                        };
                        reading.date = Some((month, day.parse().ok()?));
                    }
                    (None, None) => return None,
                },
            },
            Part::Number(number) => {
                if number.contains('-') {
                    reading.day = Some(parse_day(&number).ok()?);
                    continue;
                }
                if let Some((month, day)) = number.split_once('/') {
                    let month: usize = month.parse().ok()?;
                    reading.date = Some((month.checked_sub(1)?, day.parse().ok()?));
                    continue;
                }
                let word = match rest.peek() {
                    Some(Part::Word(word)) => word.clone(),
                    Some(Part::Number(_) | Part::Plus) | None => String::new(),
                };
                let count = || number.parse::<i64>().ok().filter(|count| *count < 10_000);
                match word.as_str() {
                    "d" | "day" | "days" => {
                        reading.ago = Some(Span::days(count()?));
                        reading.days_ago = true;
                    }
                    "w" | "week" | "weeks" => {
                        reading.ago = Some(Span::weeks(count()?));
                        reading.days_ago = true;
                    }
                    "h" | "hour" | "hours" => reading.ago = Some(Span::hours(count()?)),
                    "m" | "min" | "minutes" => reading.ago = Some(Span::minutes(count()?)),
                    "am" | "pm" | "a" | "p" => {
                        reading.time = Some(time_of_day(&number, word.chars().next())?);
                    }
                    other if other.len() >= 3 && named_month(other).is_some() => {
                        reading.date = Some((named_month(other)?, number.parse().ok()?));
                    }
                    _ => {
                        reading.time = Some(time_of_day(&number, None)?);
                        continue;
                    }
                }
                rest.next();
            }
        }
    }
    Some(reading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_zone, print_stamp};

    #[test]
    fn past_moments_in_words() {
        let zone = parse_zone("America/New_York").unwrap();
        // Monday 23 November 2026, 09:14 in New York.
        let now = parse_stamp("2026-11-23T14:14:00Z").unwrap();
        let table = [
            ("mon 9:00", "2026-11-23T14:00:00Z"),
            ("mon 10", "2026-11-16T15:00:00Z"),
            ("last fri 17:00", "2026-11-20T22:00:00Z"),
            ("yesterday 17:00", "2026-11-22T22:00:00Z"),
            ("yesterday at 5pm", "2026-11-22T22:00:00Z"),
            ("9:00", "2026-11-23T14:00:00Z"),
            ("10:00", "2026-11-22T15:00:00Z"),
            ("today 8", "2026-11-23T13:00:00Z"),
            ("2h ago", "2026-11-23T12:14:00Z"),
            ("30 min ago", "2026-11-23T13:44:00Z"),
            ("3 d ago", "2026-11-20T14:14:00Z"),
            ("3 days ago 12:00", "2026-11-20T17:00:00Z"),
            ("2w", "2026-11-09T14:14:00Z"),
            ("20 nov 14:30", "2026-11-20T19:30:00Z"),
            ("nov 24 9", "2025-11-24T14:00:00Z"),
            ("11/20 9:30", "2026-11-20T14:30:00Z"),
            ("2026-11-20 09:30", "2026-11-20T14:30:00Z"),
            ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00Z"),
        ];
        for (words, at) in table {
            assert_eq!(
                parse(words, zone, now).map(print_stamp),
                Ok(at.to_owned()),
                "{words}"
            );
        }
        for bad in [
            "",
            "mon",
            "today 10",
            "2027-01-01 9:00",
            "+3d 9",
            "hello",
            "25:00",
            "31 feb 9",
        ] {
            assert!(
                parse(bad, zone, now).is_err(),
                "{bad}: {:?}",
                parse(bad, zone, now)
            );
        }
    }
}
