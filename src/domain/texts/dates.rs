//! Days and times as a letter says them, by language.
//!
//! Owns the names of weekdays and months and their order. Must not know zones' rules: `time` turns a stamp into a day.

use super::{FALLBACK_LANGUAGE, primary_tag};
use crate::domain::time::{Day, Stamp, Zone, day_in, show_clock, weekday_from_monday};

/// How a language says a day.
struct Names {
    language: &'static str,
    /// Monday first.
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    /// Day of the month, month, year in its order.
    day: fn(&str, &str, &str) -> String,
    /// Weekday and day.
    full: fn(&str, &str) -> String,
    /// Day and clock.
    at: fn(&str, &str) -> String,
    /// Before and after noon.
    noon: (&'static str, &'static str),
}

const NAMES: [Names; 2] = [
    Names {
        language: FALLBACK_LANGUAGE,
        weekdays: [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        day: |day, month, year| format!("{month} {day}, {year}"),
        full: |weekday, day| format!("{weekday}, {day}"),
        at: |day, clock| format!("{day} at {clock}"),
        noon: ("AM", "PM"),
    },
    Names {
        language: "es",
        weekdays: [
            "lunes",
            "martes",
            "miércoles",
            "jueves",
            "viernes",
            "sábado",
            "domingo",
        ],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        day: |day, month, year| format!("{day} de {month} de {year}"),
        full: |weekday, day| format!("{weekday} {day}"),
        at: |day, clock| format!("{day}, {clock}"),
        noon: ("am", "pm"),
    },
];

/// `November 30, 2026`, `30 de noviembre de 2026`; in English for a language without names.
pub fn day_in_words(language: &str, day: Day) -> String {
    names(language).map_or_else(String::new, |names| say_day(names, day))
}

/// `Monday, November 30, 2026 at 9:14 AM`, `lunes 30 de noviembre de 2026, 9:14 am`.
pub fn time_in_words(language: &str, zone: Zone, at: Stamp) -> String {
    let Some(names) = names(language) else {
        return String::new();
    };
    let day = day_in(zone, at);
    let weekday = names
        .weekdays
        .get(weekday_from_monday(day))
        .copied()
        .unwrap_or_default();
    (names.at)(
        &(names.full)(weekday, &say_day(names, day)),
        &say_clock(names, &show_clock(zone, at)),
    )
}

fn names(language: &str) -> Option<&'static Names> {
    let wanted = primary_tag(language);
    NAMES
        .iter()
        .find(|names| names.language == wanted)
        .or(NAMES.first())
}

fn say_day(names: &Names, day: Day) -> String {
    let month = day.format("%m").to_string().parse::<usize>().unwrap_or(1);
    let month = names
        .months
        .get(month.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    (names.day)(
        &day.format("%-d").to_string(),
        month,
        &day.format("%Y").to_string(),
    )
}

/// American clinics say the time in twelve hours, in either language.
fn say_clock(names: &Names, clock: &str) -> String {
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, "00"));
    let hour: u32 = hour.parse().unwrap_or_default();
    let noon = if hour < 12 { names.noon.0 } else { names.noon.1 };
    let shown = match hour % 12 {
        0 => 12,
        other => other,
    };
    format!("{shown}:{minute} {noon}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{parse_day, parse_stamp, parse_zone};

    #[test]
    fn days_and_times_are_said_in_the_patients_language() {
        let zone = parse_zone("America/New_York").unwrap();
        let table = [
            (
                "en",
                "2026-11-30T14:14:00Z",
                "Monday, November 30, 2026 at 9:14 AM",
            ),
            (
                "es-MX",
                "2026-11-30T14:14:00Z",
                "lunes 30 de noviembre de 2026, 9:14 am",
            ),
            ("vi", "2026-07-04T16:00:00Z", "Saturday, July 4, 2026 at 12:00 PM"),
            (
                "es",
                "2026-07-05T04:05:00Z",
                "domingo 5 de julio de 2026, 12:05 am",
            ),
        ];
        for (language, at, said) in table {
            assert_eq!(time_in_words(language, zone, parse_stamp(at).unwrap()), said);
        }
        assert_eq!(
            day_in_words("es", parse_day("2026-01-02").unwrap()),
            "2 de enero de 2026"
        );
    }
}
