//! Times in the words of the desk: `tue 9:30`, `+3d 14:00`, `tomorrow 2pm`, `24 nov 0930`, `2026-11-24 09:30`.
//!
//! Owns their reading. Pure: now and the zone are arguments. Must not know what is booked.

use crate::domain::text;
use crate::domain::time::{
    Clock, Day, Span, Stamp, Zone, at_local, clock, day_in, parse_stamp, weekday_from_monday,
};

/// What the hint beside a time field says.
pub const HINT: &str = "tue 9:30 · +3d 14:00 · tomorrow 2pm · 24 nov 9 · 2026-11-24 09:30";

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A piece of what was typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Word(String),
    Number(String),
    Plus,
}

pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = c.to_string();
        if c.is_alphabetic() {
            while let Some(next) = chars.next_if(|c| c.is_alphabetic()) {
                run.push(next);
            }
            out.push(Part::Word(run));
        } else if c.is_ascii_digit() {
            while let Some(next) = chars.next_if(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | '/')) {
                run.push(next);
            }
            out.push(Part::Number(run));
        } else if c == '+' {
            out.push(Part::Plus);
        }
    }
    out
}

/// The one name that starts with what was typed; none where several do.
fn named(names: &[&str], word: &str) -> Option<usize> {
    let mut matches = names
        .iter()
        .enumerate()
        .filter(|(_, name)| name.starts_with(word));
    match (matches.next(), matches.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    }
}

/// The weekday that a word begins, 0 for Monday.
pub(super) fn named_day(word: &str) -> Option<usize> {
    named(&WEEKDAYS, word)
}

/// The month that a word begins, 0 for January.
pub(super) fn named_month(word: &str) -> Option<usize> {
    named(&MONTHS, word)
}

/// The month, 0 for January, and the date of a day.
pub(super) fn moment(day: Day) -> (usize, u32) {
    let text = day.format("%m %d").to_string();
    let (month, date) = text.split_once(' ').unwrap_or(("1", "1"));
    let month: usize = month.parse().unwrap_or(1);
    (month.saturating_sub(1), date.parse().unwrap_or(1))
}

#[derive(Default)]
struct Reading {
    day: Option<Day>,
    weekday: Option<usize>,
    time: Option<Clock>,
    offset: Option<Span>,
    next_week: bool,
}

/// Reads a time.
///
/// # Errors
/// A sentence for a person: what cannot be read, or that it lies in the past.
pub fn parse(raw: &str, zone: Zone, now: Stamp) -> Result<Stamp, String> {
    let clean = text::line(raw).trim().to_lowercase();
    let unread = || format!("`{clean}` is not a time; write it like {HINT}");
    if clean.is_empty() {
        return Err("say the day and the time, like tue 9:30".into());
    }
    if let Ok(at) = parse_stamp(&clean.to_uppercase()) {
        return ahead(at, now);
    }
    let today = day_in(zone, now);
    let mut reading = Reading::default();
    let mut rest = parts(&clean).into_iter().peekable();
    while let Some(part) = rest.next() {
        match part {
            Part::Plus => {
                let (Some(Part::Number(count)), Some(Part::Word(unit))) = (rest.next(), rest.next()) else {
                    return Err(unread());
                };
                let count: i64 = count.parse().ok().filter(|n| *n < 1000).ok_or_else(unread)?;
                match unit.as_str() {
                    "d" | "day" | "days" => reading.day = today.checked_add_signed(Span::days(count)),
                    "w" | "week" | "weeks" => reading.day = today.checked_add_signed(Span::weeks(count)),
                    "h" | "hour" | "hours" => reading.offset = Some(Span::hours(count)),
                    "m" | "min" => reading.offset = Some(Span::minutes(count)),
                    _ => return Err(unread()),
                }
            }
            Part::Word(word) => match word.as_str() {
                "at" | "on" | "t" if reading.day.is_some() || word != "t" => {}
                "today" | "tod" => reading.day = Some(today),
                "tomorrow" | "tom" | "tmr" => reading.day = today.succ_opt(),
                "next" => reading.next_week = true,
                "noon" => reading.time = Some(clock(12, 0)),
                other => {
                    if let Some(index) = named(&WEEKDAYS, other) {
                        reading.weekday = Some(index);
                    } else if let (Some(month), Some(Part::Number(day))) =
                        (named(&MONTHS, other), rest.next())
                    {
                        reading.day = day.parse().ok().and_then(|day| dated(today, month, day));
                        if reading.day.is_none() {
                            return Err(unread());
                        }
                    } else {
                        return Err(unread());
                    }
                }
            },
            Part::Number(number) => {
                let month = match rest.peek() {
                    Some(Part::Word(word)) if word.len() >= 3 => named(&MONTHS, word),
                    _ => None,
                };
                if let Some(month) = month {
                    rest.next();
                    let day = number.parse().ok().and_then(|day| dated(today, month, day));
                    reading.day = Some(day.ok_or_else(unread)?);
                } else if number.contains('-') {
                    reading.day = Some(crate::domain::time::parse_day(&number)?);
                } else if let Some((month, day)) = number.split_once('/') {
                    let month: usize = month.parse().map_err(|_| unread())?;
                    let day = day.parse().map_err(|_| unread())?;
                    reading.day = Some(dated(today, month.wrapping_sub(1), day).ok_or_else(unread)?);
                } else {
                    let half = rest.next_if(
                        |part| matches!(part, Part::Word(w) if matches!(w.as_str(), "am" | "pm" | "a" | "p")),
                    );
                    let half = match half {
                        Some(Part::Word(word)) => word.chars().next(),
                        _ => None,
                    };
                    reading.time = Some(time_of_day(&number, half).ok_or_else(unread)?);
                }
            }
        }
    }
    if let Some(offset) = reading.offset {
        return ahead(now + offset, now);
    }
    let Some(time) = reading.time else {
        return Err("say the time as well, like tue 9:30".into());
    };
    let day = match (reading.day, reading.weekday) {
        (Some(day), _) => day,
        (None, Some(weekday)) => coming(zone, now, weekday, time, reading.next_week).ok_or_else(unread)?,
        (None, None) => today,
    };
    ahead(at_local(zone, day, time), now)
}

fn ahead(at: Stamp, now: Stamp) -> Result<Stamp, String> {
    if at <= now {
        return Err("that time has gone by; name one that lies ahead".into());
    }
    Ok(at)
}

/// The weekday's next coming: today, where its time still lies ahead; a week later for `next`.
fn coming(zone: Zone, now: Stamp, weekday: usize, time: Clock, next_week: bool) -> Option<Day> {
    let today = day_in(zone, now);
    let until = (weekday + 7 - weekday_from_monday(today)) % 7;
    let mut days = i64::try_from(until).ok()?;
    if days == 0 && at_local(zone, today, time) <= now {
        days = 7;
    }
    if next_week && days < 7 {
        days += 7;
    }
    today.checked_add_signed(Span::days(days))
}

/// A day of this year, or of the next where it has gone by.
fn dated(today: Day, month: usize, day: u32) -> Option<Day> {
    let year: i32 = today.format("%Y").to_string().parse().ok()?;
    let month = u32::try_from(month).ok()? + 1;
    Day::from_ymd_opt(year, month, day)
        .filter(|date| *date >= today)
        .or_else(|| Day::from_ymd_opt(year + 1, month, day))
}

/// `9`, `9:30`, `0930`, `14:00`; a bare hour from 1 to 6 is in the afternoon, when a clinic is open.
pub(super) fn time_of_day(number: &str, half: Option<char>) -> Option<Clock> {
    let (hours, minutes) = match number.split_once(':') {
        Some((hours, minutes)) => (hours.to_owned(), minutes.to_owned()),
        None if number.len() >= 3 => {
            let split = number.len() - 2;
            (
                number.chars().take(split).collect(),
                number.chars().skip(split).collect(),
            )
        }
        None => (number.to_owned(), "0".to_owned()),
    };
    let leading_zero = hours.starts_with('0');
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let hours = match (half, hours) {
        (Some('p'), 1..=11) => hours + 12,
        (Some('a'), 12) => 0,
        (Some(_), 1..=12) => hours,
        (Some(_), _) => return None,
        (None, 1..=6) if !leading_zero => hours + 12,
        (None, _) => hours,
    };
    Clock::from_hms_opt(hours, minutes, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_zone, print_stamp};

    #[test]
    fn times_in_words() {
        let zone = parse_zone("America/New_York").unwrap();
        // Monday 23 November 2026, 09:14 in New York.
        let now = parse_stamp("2026-11-23T14:14:00Z").unwrap();
        let table = [
            ("tue 9:30", "2026-11-24T14:30:00Z"),
            ("tu9", "2026-11-24T14:00:00Z"),
            ("Tuesday at 2pm", "2026-11-24T19:00:00Z"),
            ("w10", "2026-11-25T15:00:00Z"),
            ("mon 10", "2026-11-23T15:00:00Z"),
            ("mon 9", "2026-11-30T14:00:00Z"),
            ("next tue 9:30", "2026-12-01T14:30:00Z"),
            ("+3d 14:00", "2026-11-26T19:00:00Z"),
            ("+3d9", "2026-11-26T14:00:00Z"),
            ("+2w 8:15", "2026-12-07T13:15:00Z"),
            ("+2h", "2026-11-23T16:14:00Z"),
            ("tomorrow 0930", "2026-11-24T14:30:00Z"),
            ("tom 1:30", "2026-11-24T18:30:00Z"),
            ("today 3", "2026-11-23T20:00:00Z"),
            ("noon", "2026-11-23T17:00:00Z"),
            ("24 nov 9", "2026-11-24T14:00:00Z"),
            ("nov 24 9am", "2026-11-24T14:00:00Z"),
            ("3 jan 9", "2027-01-03T14:00:00Z"),
            ("11/24 9:30", "2026-11-24T14:30:00Z"),
            ("2026-11-24 09:30", "2026-11-24T14:30:00Z"),
            ("2026-11-24T09:30", "2026-11-24T14:30:00Z"),
            ("2026-11-24T09:30:00Z", "2026-11-24T09:30:00Z"),
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
            "tue",
            "t 9",
            "s9",
            "25:00",
            "31 feb 9",
            "+d 9",
            "2026-13-01 9:00",
            "13pm",
            "hello",
            "2020-01-01 09:00",
        ] {
            assert!(
                parse(bad, zone, now).is_err(),
                "{bad}: {:?}",
                parse(bad, zone, now)
            );
        }
    }
}
