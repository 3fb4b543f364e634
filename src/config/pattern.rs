//! Forms of dates and times as clinics write them: `MM/DD/YYYY`, `D.M.YY HH:mm`, `YYYY-MM-DD hh:mm a`.
//!
//! Owns the form's letters and the reading of a text by it. Must not know which column it is for.

use crate::domain::time::{Clock, Day, clock, parse_day};

/// What stands at a place of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Minute,
    Second,
    Half,
    Sign(char),
}

/// The letters, the longest first.
const LETTERS: [(&str, Part); 15] = [
    ("YYYY", Part::Year),
    ("YY", Part::ShortYear),
    ("MMM", Part::MonthName),
    ("MM", Part::Month),
    ("M", Part::Month),
    ("DD", Part::Day),
    ("D", Part::Day),
    ("HH", Part::Hour),
    ("H", Part::Hour),
    ("hh", Part::Hour),
    ("h", Part::Hour),
    ("mm", Part::Minute),
    ("m", Part::Minute),
    ("ss", Part::Second),
    ("a", Part::Half),
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

impl Pattern {
    /// Reads a form.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let letters = LETTERS
                .iter()
                .find_map(|(letters, part)| Some((rest.strip_prefix(letters)?, *part)));
            let (behind, part) = match letters {
                Some(found) => found,
                None if first.is_ascii_alphabetic() && first != 'T' => {
                    return Err(format!("`{first}` stands for nothing"));
                }
                None => (
                    rest.get(first.len_utf8()..).unwrap_or_default(),
                    Part::Sign(first),
                ),
            };
            parts.push(part);
            rest = behind;
        }
        let has = |any: &[Part]| parts.iter().any(|part| any.contains(part));
        let whole =
            has(&[Part::Year, Part::ShortYear]) && has(&[Part::Month, Part::MonthName]) && has(&[Part::Day]);
        if whole {
            Ok(Pattern(parts))
        } else {
            Err("it has no year, month and day".into())
        }
    }

    /// The day, and the time where the form has one; none where the text is not of this form. Years of two digits are the latest
    /// that are not after `this_year`.
    pub fn read(&self, text: &str, this_year: i32) -> Option<(Day, Option<Clock>)> {
        let mut rest = text.trim();
        let (mut year, mut month, mut day) = (0, 0, 0);
        let (mut hour, mut minute, mut afternoon) = (None, 0, None);
        for (place, part) in self.0.iter().enumerate() {
            // Where numbers stand side by side, each has all of its digits.
            let beside = [place.checked_sub(1), Some(place + 1)];
            let close = beside.into_iter().flatten().any(|at| {
                let next = self.0.get(at);
                next.is_some_and(|next| !matches!(next, Part::Sign(_) | Part::MonthName | Part::Half))
            });
            match part {
                Part::Year => year = i32::try_from(number(&mut rest, 4, 4)?).ok()?,
                Part::ShortYear => {
                    let short = i32::try_from(number(&mut rest, 2, 2)?).ok()?;
                    let century = this_year - this_year.rem_euclid(100);
                    year = if century + short > this_year {
                        century - 100 + short
                    } else {
                        century + short
                    };
                }
                Part::Month => month = number(&mut rest, if close { 2 } else { 1 }, 2)?,
                Part::MonthName => month = name(&mut rest)?,
                Part::Day => day = number(&mut rest, if close { 2 } else { 1 }, 2)?,
                Part::Hour => hour = Some(number(&mut rest, if close { 2 } else { 1 }, 2)?),
                Part::Minute => minute = number(&mut rest, if close { 2 } else { 1 }, 2)?,
                Part::Second => {
                    number(&mut rest, 1, 2).filter(|second| *second < 61)?;
                }
                Part::Half => afternoon = Some(half(&mut rest)?),
                Part::Sign(sign) => rest = rest.strip_prefix(*sign)?,
            }
        }
        if !rest.trim().is_empty() {
            return None;
        }
        let date = parse_day(&format!("{year:04}-{month:02}-{day:02}")).ok()?;
        let Some(hour) = hour else {
            return Some((date, None));
        };
        let hour = match afternoon {
            Some(_) if !(1..=12).contains(&hour) => return None,
            Some(true) => hour % 12 + 12,
            Some(false) => hour % 12,
            None => hour,
        };
        (hour < 24 && minute < 60).then(|| (date, Some(clock(hour, minute))))
    }
}

fn number(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    let (number, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    number.parse().ok()
}

fn name(rest: &mut &str) -> Option<u32> {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, behind) = rest.split_at_checked(letters)?;
    let word = word.to_ascii_lowercase();
    let place = MONTHS.iter().position(|month| word.starts_with(month))?;
    *rest = behind.strip_prefix('.').unwrap_or(behind);
    u32::try_from(place + 1).ok()
}

fn half(rest: &mut &str) -> Option<bool> {
    let lower = rest.trim_start();
    let first = lower.chars().next()?.to_ascii_lowercase();
    let behind = lower.get(1..)?.trim_start_matches(['m', 'M', '.', ' ']);
    *rest = behind;
    match first {
        'a' => Some(false),
        'p' => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{at_local, parse_zone, print_stamp};

    #[test]
    fn dates_are_read_as_clinics_write_them() {
        let zone = parse_zone("UTC").unwrap();
        let table = [
            ("MM/DD/YYYY", "03/05/2026", Some("2026-03-05")),
            ("MM/DD/YYYY", "3/5/2026", Some("2026-03-05")),
            ("M/D/YY", "3/5/26", Some("2026-03-05")),
            ("M/D/YY", "3/5/61", Some("1961-03-05")),
            ("YYYYMMDD", "20260305", Some("2026-03-05")),
            ("YYYYMMDD", "2026035", None),
            ("DD-MMM-YYYY", "05-Mar-2026", Some("2026-03-05")),
            ("MMM D, YYYY", "March 5, 2026", Some("2026-03-05")),
            ("D.M.YYYY", "5.3.2026", Some("2026-03-05")),
            ("MM/DD/YYYY", "31/12/2026", None),
            ("MM/DD/YYYY", "02/30/2026", None),
            ("MM/DD/YYYY", "03/05/2026 10:00", None),
            ("MM/DD/YYYY", "", None),
            (
                "MM/DD/YYYY h:mm a",
                "03/05/2026 2:07 PM",
                Some("2026-03-05T14:07:00Z"),
            ),
            (
                "MM/DD/YYYY h:mm a",
                "03/05/2026 12:07 am",
                Some("2026-03-05T00:07:00Z"),
            ),
            (
                "YYYY-MM-DDTHH:mm:ss",
                "2026-03-05T23:59:59",
                Some("2026-03-05T23:59:00Z"),
            ),
            ("YYYY-MM-DD HH:mm", "2026-03-05 24:00", None),
        ];
        for (form, text, expected) in table {
            let read = Pattern::parse(form).unwrap().read(text, 2026);
            let shown = read.map(|(day, time)| match time {
                Some(time) => print_stamp(at_local(zone, day, time)),
                None => day.to_string(),
            });
            assert_eq!(shown.as_deref(), expected, "{form} {text}");
        }
        for bad in ["", "MM/DD", "YYYY-MM", "YYYY-MM-DD q"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }
}
