//! How far two dates of birth agree.
//!
//! Owns what counts as a slip in a date. Must not know whose it is.

use super::Level;
use super::spelling::distance;
use crate::domain::time::Day;

/// What systems fill in where nobody knows: it says nothing.
const PLACEHOLDERS: [&str; 3] = ["1900-01-01", "1901-01-01", "1800-01-01"];

/// The level of two dates: the same; day and month in each other's place; one digit wrong, or two neighbours swapped.
pub fn level(one: Option<Day>, other: Option<Day>) -> Level {
    let known = |day: Option<Day>| {
        let text = day?.to_string();
        (!PLACEHOLDERS.contains(&text.as_str())).then_some(text)
    };
    let (Some(one), Some(other)) = (known(one), known(other)) else {
        return Level::Unknown;
    };
    if one == other {
        return Level::Same;
    }
    if let (Some((year, month, day)), Some(theirs)) = (parts(&one), parts(&other))
        && (year, day, month) == theirs
    {
        return Level::Variant;
    }
    let digits = |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_digit).collect() };
    let (one, other) = (digits(&one), digits(&other));
    if one.len() == other.len() && distance(&one, &other) == 1 {
        Level::Close
    } else {
        Level::Differs
    }
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.split('-');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// The days that are a slip away from a day: what a lookup by name has to try, since no index finds them otherwise.
pub fn slips(day: Day) -> Vec<Day> {
    let text = day.to_string();
    let mut all = Vec::new();
    let mut add = |text: &str| {
        if let Ok(near) = crate::domain::time::parse_day(text)
            && near != day
            && !all.contains(&near)
        {
            all.push(near);
        }
    };
    if let Some((year, month, day)) = parts(&text) {
        add(&format!("{year}-{day}-{month}"));
    }
    let letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..letters.len())
        .filter(|place| letters.get(*place).is_some_and(char::is_ascii_digit))
        .collect();
    for place in &places {
        for digit in '0'..='9' {
            let mut other = letters.clone();
            if let Some(letter) = other.get_mut(*place) {
                *letter = digit;
            }
            add(&other.iter().collect::<String>());
        }
    }
    for pair in places.windows(2) {
        if let [first, second] = pair {
            let mut other = letters.clone();
            other.swap(*first, *second);
            add(&other.iter().collect::<String>());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_day;

    #[test]
    fn dates_and_their_slips() {
        for (one, other, is) in [
            ("1958-03-04", "1958-03-04", Level::Same),
            ("1958-03-04", "1958-04-03", Level::Variant),
            ("1958-03-14", "1958-03-15", Level::Close),
            ("1958-03-14", "1985-03-14", Level::Close),
            ("1958-03-14", "1959-04-14", Level::Differs),
            ("1900-01-01", "1900-01-01", Level::Unknown),
        ] {
            let day = |text| parse_day(text).ok();
            assert_eq!(level(day(one), day(other)), is, "{one} {other}");
            assert_eq!(level(day(other), day(one)), is, "{other} {one}");
            if matches!(is, Level::Close | Level::Variant) {
                assert!(slips(day(one).unwrap()).contains(&day(other).unwrap()));
            }
        }
        let day = parse_day("1958-03-14").unwrap();
        let near = slips(day);
        assert!((20..60).contains(&near.len()));
        assert!(
            near.iter()
                .all(|near| level(Some(day), Some(*near)) >= Level::Close)
        );
    }
}
