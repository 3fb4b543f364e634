//! Medicare's beneficiary identifiers.
//!
//! Owns their shape and the look-alikes that it puts right (CMS, "Understanding the Medicare Beneficiary Identifier format").
//! Must not know labels or pages.

use super::numbers::Hit;

/// What stands in a place: a digit from 1, a digit, a letter, or either.
#[derive(Clone, Copy)]
enum Place {
    Lead,
    Digit,
    Letter,
    Either,
}

const SHAPE: [Place; 11] = [
    Place::Lead,
    Place::Letter,
    Place::Either,
    Place::Digit,
    Place::Letter,
    Place::Either,
    Place::Digit,
    Place::Letter,
    Place::Letter,
    Place::Digit,
    Place::Digit,
];
/// Letters that are never used.
const NEVER: &str = "SLOIBZ";
/// A hyphen or a space may stand before these places.
const GROUPS: [usize; 2] = [4, 7];
/// At most so many look-alikes are put right, and only where groups show what it is.
const MENDED: usize = 2;

/// The identifier that a text begins with, in its groups as written.
pub fn beneficiary(text: &str) -> Option<Hit> {
    let mut value = String::new();
    let (mut place, mut mended, mut parted) = (0, 0, 0);
    let mut end = 0;
    for (at, c) in text.chars().enumerate() {
        if place == SHAPE.len() {
            if c.is_alphanumeric() {
                return None;
            }
            break;
        }
        if matches!(c, '-' | '–' | ' ') && GROUPS.contains(&place) && !value.ends_with('-') {
            value.push('-');
            parted += 1;
            continue;
        }
        let (meant, put_right) = fitting(*SHAPE.get(place)?, c.to_ascii_uppercase())?;
        value.push(meant);
        mended += usize::from(put_right);
        place += 1;
        end = at + 1;
    }
    (place == SHAPE.len() && (mended == 0 || parted == GROUPS.len() && mended <= MENDED))
        .then_some((value, 0, end))
}

/// The character that fits a place, and whether another was read.
fn fitting(place: Place, c: char) -> Option<(char, bool)> {
    let letter = c.is_ascii_uppercase() && !NEVER.contains(c);
    let fits = match place {
        Place::Lead => ('1'..='9').contains(&c),
        Place::Digit => c.is_ascii_digit(),
        Place::Letter => letter,
        Place::Either => letter || c.is_ascii_digit(),
    };
    if fits {
        return Some((c, false));
    }
    let digit = match c {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        'G' => '6',
        _ => ' ',
    };
    let meant = match (place, c) {
        (Place::Lead | Place::Digit | Place::Either, _) => digit,
        (Place::Letter, '6') => 'G',
        (Place::Letter, '4') => 'A',
        (Place::Letter, '7') => 'T',
        (Place::Letter, _) => ' ',
    };
    (meant != ' ' && !(matches!(place, Place::Lead) && meant == '0')).then_some((meant, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_joined_and_look_alikes_put_right() {
        let read = |text: &str| beneficiary(text).map(|hit| hit.0);
        for (text, expected) in [
            ("3PD6 QD9 FE05", "3PD6-QD9-FE05"),
            ("1EG4-TE5-MK73, Part B", "1EG4-TE5-MK73"),
            ("1EG4TE5MK73", "1EG4TE5MK73"),
            ("3WX3-F76-HES0", "3WX3-F76-HE50"),
            ("1R68-6G7-UA07", "1R68-GG7-UA07"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "25591055202",
            "W123456789",
            "1EG4TE5MK7",
            "1EG4TE5MK73X",
            "3WX3F76HES0",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
