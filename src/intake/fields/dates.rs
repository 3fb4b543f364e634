//! Dates in the shapes that forms and letters write them in.
//!
//! Owns parsing to ISO 8601, and the century of a year of two digits: it lies at or before the year that the paper is of. Must not
//! know what a date means, or a clock: a paper's year is the latest that its pages name.

use super::words::{Word, words};
use crate::intake::sheet::Sheet;

/// No paper is of an earlier year: the first in which papers were read.
pub const LEAST: u32 = 2026;
/// Nor of one so many years later: a coverage, or a licence, that never ends.
const REACH: u32 = 40;
/// So many years around the paper's, both centuries are possible: a child, or somebody who is very old; and a paper that names a year to
/// come may be of one before.
const EITHER: u32 = 10;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A date found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Date {
    /// `YYYY-MM-DD`.
    pub iso: String,
    /// First character within the text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Whether the order of day and month was certain and the year had four digits.
    pub plain: bool,
    /// Whether the year had two digits, and may be of either century.
    pub open: bool,
}

/// A year as it was written.
#[derive(Clone, Copy)]
struct Year {
    full: u32,
    /// It had two digits.
    short: bool,
    open: bool,
}

impl Year {
    const fn whole(full: u32) -> Year {
        Year {
            full,
            short: false,
            open: false,
        }
    }

    /// Two digits on a paper of a year.
    const fn of_two(two: u32, paper: u32) -> Year {
        let late = paper - paper % 100 + two;
        Year {
            full: if late > paper { late - 100 } else { late },
            short: true,
            open: late + EITHER >= LEAST && late <= paper + EITHER,
        }
    }
}

/// The year that some pages are of: the latest that they name in full, within reason.
pub fn paper(sheets: &[Sheet]) -> u32 {
    let runs = sheets.iter().flat_map(|sheet| &sheet.runs);
    let named = runs
        .filter(|run| run.text.contains("20"))
        .flat_map(|run| dates(&run.text))
        .filter(|date| date.plain)
        .filter_map(|date| date.iso.get(..4)?.parse().ok());
    named
        .filter(|year| (LEAST..LEAST + REACH).contains(year))
        .max()
        .unwrap_or(LEAST)
}

/// All dates of a text, in order, as on the earliest paper.
pub fn dates(text: &str) -> Vec<Date> {
    dates_of(text, LEAST)
}

/// All dates of a text on a paper of a year, in order.
pub fn dates_of(text: &str, paper: u32) -> Vec<Date> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Date> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let fresh = at
            .checked_sub(1)
            .and_then(|before| chars.get(before))
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '.'));
        match if fresh { numeric(&chars, at, paper) } else { None } {
            Some(date) => {
                at = date.end;
                out.push(date);
            }
            None => at += 1,
        }
    }
    out.extend(written(&words(text), paper));
    out.sort_by_key(|date| date.start);
    out
}

/// `08/16/1997`, `8-16-97`, `1997-08-16`, `08.16.1997`, `08 / 16 / 1997`, `08161997`.
fn numeric(chars: &[char], start: usize, paper: u32) -> Option<Date> {
    let (first, at) = digits(chars, start)?;
    let (separator, next) = separator(chars, at)?;
    let (second, at) = digits(chars, next)?;
    let (again, next) = self::separator(chars, at)?;
    let (third, end) = digits(chars, next)?;
    if separator != again
        || chars
            .get(end)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '-'))
    {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let (one, two, three) = (number(&first)?, number(&second)?, number(&third)?);
    let (year, month, day, plain) = match (first.len(), second.len(), third.len()) {
        (4, 1 | 2, 1 | 2) => (Year::whole(one), two, three, true),
        // Month first is the custom of the country; a first number above twelve can only be a day.
        (1 | 2, 1 | 2, 4) if one > 12 => (Year::whole(three), two, one, false),
        (1 | 2, 1 | 2, 4) => (Year::whole(three), one, two, true),
        (1 | 2, 1 | 2, 2) if one > 12 => (Year::of_two(three, paper), two, one, false),
        (1 | 2, 1 | 2, 2) => (Year::of_two(three, paper), one, two, true),
        _ => return None,
    };
    Some(Date {
        iso: iso(year.full, month, day)?,
        start,
        end,
        plain: plain && !year.short,
        open: year.open,
    })
}

fn digits(chars: &[char], start: usize) -> Option<(String, usize)> {
    let part: String = chars
        .iter()
        .skip(start)
        .take_while(|c| c.is_ascii_digit())
        .take(5)
        .collect();
    let end = start + part.len();
    (!part.is_empty()).then_some((part, end))
}

fn separator(chars: &[char], at: usize) -> Option<(char, usize)> {
    let skip = |at: usize| if chars.get(at) == Some(&' ') { at + 1 } else { at };
    let mark = skip(at);
    let c = *chars.get(mark)?;
    matches!(c, '/' | '-' | '.').then(|| (c, skip(mark + 1)))
}

/// `August 16, 1997`, `Aug 16 1997`, `16 August 1997`, `16-Aug-1997`.
fn written(words: &[Word], paper: u32) -> Vec<Date> {
    let year = |key: &str| year(key, paper);
    let words: Vec<&Word> = words.iter().filter(|word| !word.mark).collect();
    let mut out = Vec::new();
    for window in words.windows(3) {
        let [a, b, c] = window else { continue };
        let found = match (month(&a.key), month(&b.key)) {
            (Some(month), _) => day(&b.key)
                .zip(year(&c.key))
                .map(|(day, year)| (year, month, day)),
            (None, Some(month)) => day(&a.key)
                .zip(year(&c.key))
                .map(|(day, year)| (year, month, day)),
            (None, None) => None,
        };
        if let Some((year, month, day)) = found
            && let Some(iso) = iso(year.full, month, day)
        {
            out.push(Date {
                iso,
                start: a.start,
                end: c.end,
                plain: !year.short,
                open: year.open,
            });
        }
    }
    // `16-Aug-1997` is one word once its hyphens are gone.
    for word in words {
        let lead: String = word.key.chars().take_while(char::is_ascii_digit).collect();
        let name: String = word
            .key
            .chars()
            .skip(lead.len())
            .take_while(|c| c.is_alphabetic())
            .collect();
        let tail: String = word.key.chars().skip(lead.len() + name.len()).collect();
        if let (Some(day), Some(month), Some(year)) = (day(&lead), month(&name), year(&tail))
            && let Some(iso) = iso(year.full, month, day)
        {
            out.push(Date {
                iso,
                start: word.start,
                end: word.end,
                plain: !year.short,
                open: year.open,
            });
        }
    }
    out
}

fn month(key: &str) -> Option<u32> {
    const FULL: [&str; 12] = [
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
    let found = MONTHS
        .iter()
        .zip(FULL)
        .position(|(short, full)| key == *short || key == full || key == "sept" && *short == "sep")?;
    u32::try_from(found + 1).ok()
}

fn day(key: &str) -> Option<u32> {
    let bare = key.trim_end_matches(|c: char| c.is_alphabetic());
    let suffix = key.get(bare.len()..)?;
    (bare.len() <= 2 && matches!(suffix, "" | "st" | "nd" | "rd" | "th"))
        .then(|| bare.parse().ok())
        .flatten()
}

fn year(key: &str, paper: u32) -> Option<Year> {
    match key.len() {
        4 => key.parse().ok().map(Year::whole),
        2 => key.parse().ok().map(|two| Year::of_two(two, paper)),
        _ => None,
    }
}

fn iso(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1880..=2099).contains(&year) && (1..=last).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The first numeric date of a text, read day first, as a label may ask for.
pub fn day_first(text: &str, paper: u32) -> Option<String> {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let [day, month, year] = numbers.get(..3)? else {
        return None;
    };
    let full = match year.len() {
        4 => year.parse().ok()?,
        2 => Year::of_two(year.parse().ok()?, paper).full,
        _ => return None,
    };
    iso(full, month.parse().ok()?, day.parse().ok()?)
}

/// Eight digits without separators, month first, as some forms' boxes hold them; only behind a label.
pub fn packed(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 8 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let iso = iso(number(4..8)?, number(0..2)?, number(2..4)?)?;
    Some(Date {
        iso,
        start: 0,
        end: text.chars().count(),
        plain: false,
        open: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_shapes_one_date() {
        for text in [
            "08/16/1997",
            "8-16-97",
            "1997-08-16",
            "08.16.1997",
            "August 16, 1997",
            "Aug. 16, 1997",
            "16 August 1997",
            "16-Aug-1997",
            "Aug 16th 1997",
            "08 / 16 / 1997",
            "16/08/1997",
            "Sept 1, 2001",
        ] {
            let expected = if text.starts_with("Sept") {
                "2001-09-01"
            } else {
                "1997-08-16"
            };
            let found = dates(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].iso, expected, "{text}");
        }
        assert_eq!(day_first("01/02/2003", LEAST).as_deref(), Some("2003-02-01"));
        assert_eq!(packed("08161997").unwrap().iso, "1997-08-16");
    }

    #[test]
    fn two_digits_are_of_the_century_before_the_papers_year_and_open_around_it() {
        let table = [
            ("10/19/97", 2026, "1997-10-19", false),
            ("10/19/26", 2026, "2026-10-19", true),
            ("10/19/27", 2026, "1927-10-19", true),
            ("10/19/36", 2026, "1936-10-19", true),
            ("10/19/37", 2026, "1937-10-19", false),
            ("10/19/16", 2026, "2016-10-19", true),
            ("10/19/15", 2026, "2015-10-19", false),
            ("10/19/27", 2031, "2027-10-19", true),
            ("10/19/41", 2031, "1941-10-19", true),
            ("Oct 19, 42", 2031, "1942-10-19", false),
            ("19-Oct-30", 2031, "2030-10-19", true),
        ];
        for (text, paper, expected, open) in table {
            let found = dates_of(text, paper);
            assert_eq!(
                (found[0].iso.as_str(), found[0].open, found[0].plain),
                (expected, open, false),
                "{text} {paper}"
            );
        }
        let of = |text: &str| paper(&crate::intake::plain::sheets(text));
        assert_eq!(
            of("Date: 03/02/2031\nDOB: 01/02/1990\nvalid until 12/31/2099"),
            2031
        );
        assert_eq!(of("DOB: 01/02/1990"), LEAST);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "13/13/2001",
            "02/30/1990",
            "BP 120/80/70",
            "415-555-2671",
            "1/2",
            "May I see",
            "12-34-5678-9",
        ] {
            assert!(dates(text).is_empty(), "{text}");
        }
    }
}
