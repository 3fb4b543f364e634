//! Values in the words of the desk.
//!
//! Owns short forms for rows and lines: due times, ages, who and when. Must not know where they are shown.

use crate::domain::person::Sex;
use crate::domain::referral::HoldKind;
use crate::domain::time::{Day, Span, Stamp, Zone, age_on, day_in, show_clock};

/// When something is due, in at most eight columns: `1h over`, `today`, `tomorrow`, `Thu`, `24 Nov`.
pub fn due(at: Option<Stamp>, now: Stamp, zone: Zone) -> String {
    let Some(at) = at else { return "–".into() };
    if at < now {
        return format!("{} over", brief(now - at));
    }
    let (today, day) = (day_in(zone, now), day_in(zone, at));
    match (day - today).num_days() {
        0 if at - now < Span::hours(1) => format!("in {}m", (at - now).num_minutes().max(1)),
        0 => "today".into(),
        1 => "tomorrow".into(),
        2..=6 => day.format("%a").to_string(),
        _ => day.format("%-d %b").to_string(),
    }
}

/// A day that is past, in at most eight columns: `09:25` for today, `Tue`, `9 Nov`, `Nov 2025`.
pub fn past_day(at: Stamp, now: Stamp, zone: Zone) -> String {
    let day = day_in(zone, at);
    match (day_in(zone, now) - day).num_days() {
        0 => show_clock(zone, at),
        1..=6 => day.format("%a").to_string(),
        7..=300 => day.format("%-d %b").to_string(),
        _ => day.format("%b %Y").to_string(),
    }
}

/// A span in its largest unit: `20m`, `3h`, `5d`.
pub fn brief(span: Span) -> String {
    match (span.num_days(), span.num_hours(), span.num_minutes()) {
        (0, 0, minutes) => format!("{minutes}m"),
        (0, hours, _) => format!("{hours}h"),
        (days, ..) => format!("{days}d"),
    }
}

/// How far a look for what a filter matches is.
pub fn looking(through: usize) -> String {
    format!("looking on, {} gone through", grouped(through))
}

/// A number as people read it: 12,000.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Day and time, the day in words where it is near: `today 14:00`, `Fri 20 Nov 16:02`.
pub fn moment(at: Stamp, now: Stamp, zone: Zone) -> String {
    let (today, day) = (day_in(zone, now), day_in(zone, at));
    let clock = show_clock(zone, at);
    match (day - today).num_days() {
        0 => format!("today {clock}"),
        1 => format!("tomorrow {clock}"),
        -1 => format!("yesterday {clock}"),
        -200..=200 => format!("{} {clock}", day.format("%a %-d %b")),
        _ => format!("{} {clock}", day.format("%-d %b %Y")),
    }
}

/// Sex and age: `F 58`; months for the very young.
pub fn sex_age(sex: Sex, dob: Option<Day>, today: Day) -> String {
    let age = dob.map(|dob| match age_on(dob, today) {
        0 | 1 => format!("{} mo", (today - dob).num_days() / 30),
        years => years.to_string(),
    });
    [sex.letter().to_owned(), age.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a hold is for.
pub const fn hold(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Coverage => "coverage",
        HoldKind::Authorization => "authorisation",
    }
}

/// The English name of a language tag, where it is a common one.
pub fn language(tag: &str) -> &str {
    const NAMES: [(&str, &str); 12] = [
        ("en", "English"),
        ("es", "Spanish"),
        ("zh", "Chinese"),
        ("vi", "Vietnamese"),
        ("tl", "Tagalog"),
        ("ar", "Arabic"),
        ("fr", "French"),
        ("ko", "Korean"),
        ("ru", "Russian"),
        ("pt", "Portuguese"),
        ("hi", "Hindi"),
        ("ht", "Haitian Creole"),
    ];
    NAMES
        .iter()
        .find(|(each, _)| *each == tag)
        .map_or(tag, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_day, parse_stamp, parse_zone};

    #[test]
    fn due_times_read_as_people_say_them() {
        let zone = parse_zone("America/New_York").unwrap();
        let now = parse_stamp("2026-11-23T14:14:00Z").unwrap();
        let table = [
            ("2026-11-23T13:00:00Z", "1h over"),
            ("2026-11-23T14:00:00Z", "14m over"),
            ("2026-11-20T14:00:00Z", "3d over"),
            ("2026-11-23T14:40:00Z", "in 26m"),
            ("2026-11-24T04:59:00Z", "today"),
            ("2026-11-24T05:00:00Z", "tomorrow"),
            ("2026-11-26T15:00:00Z", "Thu"),
            ("2026-12-24T15:00:00Z", "24 Dec"),
        ];
        for (at, shown) in table {
            let shown_now = due(Some(parse_stamp(at).unwrap()), now, zone);
            assert_eq!(shown_now, shown);
            assert!(shown_now.chars().count() <= 8);
        }
        assert_eq!(due(None, now, zone), "–");
    }

    #[test]
    fn ages_are_short() {
        let today = parse_day("2026-11-23").unwrap();
        assert_eq!(sex_age(Sex::Female, parse_day("1968-04-02").ok(), today), "F 58");
        assert_eq!(sex_age(Sex::Unknown, None, today), "");
        assert_eq!(sex_age(Sex::Male, parse_day("2026-05-23").ok(), today), "M 6 mo");
    }
}
