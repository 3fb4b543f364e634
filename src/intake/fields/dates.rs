//! Dates in the shapes that forms and letters write them in.
//!
//! Owns parsing to ISO 8601. Must not know what a date means.

use super::words::{Word, words};

/// A two-digit year above this is in the 1900s. It bounds dates of birth, so it is the year of writing; a clinic that
/// still writes two digits in the 2030s raises it.
const PIVOT: u32 = 26;

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
}

/// All dates of a text, in order.
pub fn dates(text: &str) -> Vec<Date> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Date> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let fresh = at
            .checked_sub(1)
            .and_then(|before| chars.get(before))
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '.'));
        match if fresh { numeric(&chars, at) } else { None } {
            Some(date) => {
                at = date.end;
                out.push(date);
            }
            None => at += 1,
        }
    }
    out.extend(written(&words(text)));
    out.sort_by_key(|date| date.start);
    out
}

/// `08/16/1997`, `8-16-97`, `1997-08-16`, `08.16.1997`, `08 / 16 / 1997`, `08161997`.
fn numeric(chars: &[char], start: usize) -> Option<Date> {
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
        (4, 1 | 2, 1 | 2) => (one, two, three, true),
        // Month first is the custom of the country; a first number above twelve can only be a day.
        (1 | 2, 1 | 2, 4) if one > 12 => (three, two, one, false),
        (1 | 2, 1 | 2, 4) => (three, one, two, true),
        (1 | 2, 1 | 2, 2) if one > 12 => (century(three), two, one, false),
        (1 | 2, 1 | 2, 2) => (century(three), one, two, true),
        _ => return None,
    };
    Some(Date {
        iso: iso(year, month, day)?,
        start,
        end,
        plain,
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
fn written(words: &[Word]) -> Vec<Date> {
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
        if let Some(iso) = found.and_then(|(year, month, day)| iso(year, month, day)) {
            out.push(Date {
                iso,
                start: a.start,
                end: c.end,
                plain: true,
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
            && let Some(iso) = iso(year, month, day)
        {
            out.push(Date {
                iso,
                start: word.start,
                end: word.end,
                plain: true,
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

fn year(key: &str) -> Option<u32> {
    match key.len() {
        4 => key.parse().ok(),
        2 => key.parse().ok().map(century),
        _ => None,
    }
}

fn century(two: u32) -> u32 {
    if two > PIVOT { 1900 + two } else { 2000 + two }
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
pub fn day_first(text: &str) -> Option<String> {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let [day, month, year] = numbers.get(..3)? else {
        return None;
    };
    let full = match year.len() {
        4 => year.parse().ok()?,
        2 => century(year.parse().ok()?),
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
        assert_eq!(dates("10/19/26")[0].iso, "2026-10-19");
        assert_eq!(dates("10/19/27")[0].iso, "1927-10-19");
        assert_eq!(day_first("01/02/2003").as_deref(), Some("2003-02-01"));
        assert_eq!(packed("08161997").unwrap().iso, "1997-08-16");
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
