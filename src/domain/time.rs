//! Points in time, days and zones.
//!
//! Owns every use of the calendar library, so that it can be changed in one place. Times are kept in UTC to the second and
//! shown in the clinic's zone. Must not read a clock: "now" is always an argument.

use chrono::{Datelike, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Timelike};
pub use chrono::{NaiveDate as Day, NaiveTime as Clock, TimeDelta as Span};
pub use chrono_tz::Tz as Zone;

/// A point in time, UTC.
pub type Stamp = chrono::DateTime<chrono::Utc>;

/// Parses RFC 3339; the result is cut to whole seconds.
///
/// # Errors
/// A sentence for a person when the text is not RFC 3339.
pub fn parse_stamp(text: &str) -> Result<Stamp, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| whole_seconds(at.to_utc()))
        .map_err(|_| {
            format!(
                "`{}` is not a time like 2026-11-23T09:30:00Z",
                super::text::line(text)
            )
        })
}

/// RFC 3339 in UTC with whole seconds, as stored and printed.
pub fn print_stamp(at: Stamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Cuts a time to whole seconds, the resolution in which the desk thinks.
pub fn whole_seconds(at: Stamp) -> Stamp {
    at.with_nanosecond(0).unwrap_or(at)
}

/// A time as other systems write it: with its offset, or of a zone's wall clock (`2026-03-10T09:30`, `2026-03-10 09:30:15.2`). A time
/// with words behind it (`PM`, `EST`) is none: half a day, or a zone, is not left out.
pub fn parse_moment(raw: &str, zone: Zone) -> Option<Stamp> {
    if let Ok(at) = parse_stamp(raw) {
        return Some(at);
    }
    let (day, time) = raw.split_once(['T', ' '])?;
    let day = parse_day(day).ok()?;
    let (time, offset) = match time.find(['+', '-', 'Z']) {
        Some(at) => time.split_at_checked(at)?,
        None => (time, ""),
    };
    let mut parts = time.split([':', '.']).map(str::parse::<u32>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().transpose().ok()?.unwrap_or(0);
    // What follows is a fraction of a second.
    if !parts.all(|part| part.is_ok()) || hour > 23 || minute > 59 {
        return None;
    }
    if !offset.is_empty() {
        return parse_stamp(&format!("{day}T{hour:02}:{minute:02}:{second:02}{offset}")).ok();
    }
    Some(at_local(zone, day, clock(hour, minute)) + Span::seconds(i64::from(second.min(59))))
}

/// Seconds since 1970, the form in which times are stored and compared in the database.
pub fn seconds(at: Stamp) -> i64 {
    at.timestamp()
}

/// The inverse of [`seconds`]; a number outside the calendar becomes the epoch.
pub fn from_seconds(seconds: i64) -> Stamp {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// Parses a day as `YYYY-MM-DD`.
///
/// # Errors
/// A sentence for a person.
pub fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("`{}` is not a day like 2026-11-23", super::text::line(text)))
}

/// The day it is in a zone.
pub fn day_in(zone: Zone, at: Stamp) -> Day {
    at.with_timezone(&zone).date_naive()
}

/// The year, of the Gregorian calendar.
pub fn year_of(day: Day) -> i32 {
    day.year()
}

/// The day of the week, 0 for Monday.
pub fn weekday_from_monday(day: Day) -> usize {
    day.weekday().num_days_from_monday() as usize
}

/// Wall-clock time in a zone turned into a point in time. In the hour that a change to summer time skips, the first
/// instant after the gap; in the hour that is repeated, its first occurrence.
pub fn at_local(zone: Zone, day: Day, clock: Clock) -> Stamp {
    let wall = NaiveDateTime::new(day, clock);
    (0..=4)
        .find_map(|step| {
            zone.from_local_datetime(&(wall + Span::minutes(30 * step)))
                .earliest()
        })
        .map_or_else(|| wall.and_utc(), |local| local.to_utc())
}

/// Wall-clock hour and minute.
pub fn clock(hour: u32, minute: u32) -> Clock {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

/// `09:14`.
pub fn show_clock(zone: Zone, at: Stamp) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// `Mon 09:14`.
pub fn show_weekday_clock(zone: Zone, at: Stamp) -> String {
    at.with_timezone(&zone).format("%a %H:%M").to_string()
}

/// `23 Nov 2026`.
pub fn show_day(day: Day) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `23 Nov 09:14`, with the year where it is not this one.
pub fn show_stamp(zone: Zone, at: Stamp, now: Stamp) -> String {
    let local = at.with_timezone(&zone);
    if local.year() == now.with_timezone(&zone).year() {
        local.format("%-d %b %H:%M").to_string()
    } else {
        local.format("%-d %b %Y %H:%M").to_string()
    }
}

/// A span in its two largest units: `6 d`, `2 d 3 h`, `45 min`; negative spans lose their sign.
pub fn show_span(span: Span) -> String {
    let minutes = span.num_minutes().abs();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// Whole years between a birth date and a day.
pub fn age_on(birth: Day, day: Day) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i32::from(!had_birthday)
}

/// The same day so many years before; the last of February where there was no 29th.
pub fn years_before(day: Day, years: u32) -> Day {
    let year = day.year() - i32::try_from(years).unwrap_or(0);
    day.with_year(year)
        .or_else(|| Day::from_ymd_opt(year, 2, 28))
        .unwrap_or(day)
}

/// Parses an IANA zone name such as `America/New_York`.
///
/// # Errors
/// A sentence for a person.
pub fn parse_zone(name: &str) -> Result<Zone, String> {
    name.parse().map_err(|_| {
        format!(
            "`{}` is not a time zone like America/New_York",
            super::text::line(name)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        let table = [
            (0, "0 min"),
            (45, "45 min"),
            (60, "1 h"),
            (125, "2 h 5 min"),
            (1440, "1 d"),
            (3060, "2 d 3 h"),
            (-90, "1 h 30 min"),
        ];
        for (minutes, shown) in table {
            assert_eq!(show_span(Span::minutes(minutes)), shown);
        }
    }

    #[test]
    fn times_of_other_systems_are_read_with_and_without_their_offset() {
        let zone = parse_zone("America/New_York").unwrap();
        let table = [
            ("2026-01-05T10:00:00Z", Some("2026-01-05T10:00:00Z")),
            ("2026-01-05T10:00Z", Some("2026-01-05T10:00:00Z")),
            ("2026-01-05T10:00:00.123-05:00", Some("2026-01-05T15:00:00Z")),
            ("2026-01-05 10:00-05:00", Some("2026-01-05T15:00:00Z")),
            ("2026-01-05T10:00", Some("2026-01-05T15:00:00Z")),
            ("2026-01-05 10:00:30", Some("2026-01-05T15:00:30Z")),
            ("2026-01-05 02:30:00 PM", None),
            ("2026-01-05T02:30 PM", None),
            ("2026-01-05T02:30:00.5 PM", None),
            ("2026-01-05T10:00:00 EST", None),
            ("2026-01-05T99:00", None),
            ("2026-01-05", None),
            ("", None),
        ];
        for (raw, expected) in table {
            assert_eq!(
                parse_moment(raw, zone).map(print_stamp).as_deref(),
                expected,
                "{raw}"
            );
        }
    }

    #[test]
    fn the_skipped_hour_lands_after_the_gap_and_the_repeated_one_on_its_first() {
        let zone = parse_zone("America/New_York").unwrap();
        let spring = at_local(zone, Day::from_ymd_opt(2026, 3, 8).unwrap(), clock(2, 30));
        assert_eq!(print_stamp(spring), "2026-03-08T07:00:00Z");
        let autumn = at_local(zone, Day::from_ymd_opt(2026, 11, 1).unwrap(), clock(1, 30));
        assert_eq!(print_stamp(autumn), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn a_leap_day_child_ages_on_the_first_of_march() {
        let birth = parse_day("2000-02-29").unwrap();
        assert_eq!(age_on(birth, parse_day("2026-02-28").unwrap()), 25);
        assert_eq!(age_on(birth, parse_day("2026-03-01").unwrap()), 26);
    }
}
