//! Keyboards of other scripts: a key means its place.
//!
//! Owns the table from the letters of a layout to the keys at the same places of the US layout (after Unicode CLDR's
//! keyboard charts). A letter that stands at different places on two layouts of its script is left out: it would be a guess.
//! Must be asked in command mode only, never where text is typed.

use super::chord::{Chord, Key};

/// Rows of keys of the US layout, and what a layout has there. A space stands where it has nothing of its own.
const ROWS: [(&str, &str); 20] = [
    // Russian; with it most of Ukrainian, Belarusian and Bulgarian (BDS keyboards differ, phonetic ones more).
    ("qwertyuiop[]", "йцукенгшщзхъ"),
    ("asdfghjkl;'", "фывапролджэ"),
    ("zxcvbnm,.", "ячсмитьбю"),
    // Ukrainian and Belarusian letters of their own.
    ("s]'o", "іїєў"),
    // Greek: its q is a semicolon, which cannot be told from one.
    ("wertyuiop", "ςερτυθιοπ"),
    ("asdfghjkl", "ασδφγηξκλ"),
    ("zxcvbnm", "ζχψωβνμ"),
    // Hebrew: its q and w are a slash and an apostrophe.
    ("ertyuiop", "קראטוןםפ"),
    ("asdfghjkl;", "שדגכעיחלךף"),
    ("zxcvbnm,.", "זסבהנמצתץ"),
    // Arabic (101); letters that stand elsewhere on the Persian layout are left out.
    ("qwertyuiop[", "ضصثقفغعهخحج"),
    ("asdfghjkl;", "شسيبلاتنمك"),
    ("zxcvnm,", "ئءؤرىةو"),
    // Persian letters of its own.
    ("dm;'", "یپکگ"),
    // Thai (Kedmanee).
    ("qwertyuiop[]", "ๆไำพะัีรนยบล"),
    ("asdfghjkl;'", "ฟหกดเ้่าสวง"),
    ("zxcvbnm,./", "ผปแอิืทมใฝ"),
    // Digits of Arabic, Persian and Hindi keyboards.
    ("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    ("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    ("0123456789", "०१२३४५६७८९"),
];

/// What shift makes of the US keys that are no letters.
const SHIFTED: (&str, &str) = ("[];',./", "{}:\"<>?");

fn look_up(from: &str, to: &str, wanted: char) -> Option<char> {
    from.chars()
        .zip(to.chars())
        .find(|(c, _)| *c == wanted)
        .map(|(_, other)| other)
}

fn place(letter: char) -> Option<char> {
    ROWS.iter().find_map(|(us, own)| look_up(own, us, letter))
}

fn shifted(us: char) -> char {
    look_up(SHIFTED.0, SHIFTED.1, us).unwrap_or(us.to_ascii_uppercase())
}

/// The key of the US layout at the place of a letter of another script; none for what is Latin already.
pub fn latin(chord: Chord) -> Option<Chord> {
    let Key::Char(letter) = chord.key else { return None };
    if letter.is_ascii() {
        return None;
    }
    let small = || {
        let mut small = letter.to_lowercase();
        small
            .next()
            .filter(|small| *small != letter && small.is_alphabetic())
    };
    let us = place(letter).or_else(|| small().and_then(place).map(shifted))?;
    Some(Chord {
        key: Key::Char(us),
        ..chord
    })
}

/// The key as a command: at its place, where it is of another script.
pub fn command(chord: Chord) -> Chord {
    latin(chord).unwrap_or(chord)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn letters_of_other_scripts_mean_their_places() {
        let press = |c| latin(Chord::plain(Key::Char(c))).map(|chord| chord.to_string());
        for (letter, us) in [
            ('ф', "a"),
            ('Ф', "A"),
            ('Х', "{"),
            ('ς', "w"),
            ('Α', "A"),
            ('ש', "a"),
            ('ش', "a"),
            ('ฟ', "a"),
            ('٣', "3"),
            ('ї', "]"),
        ] {
            assert_eq!(press(letter).as_deref(), Some(us), "{letter}");
        }
        // Latin letters with accents have no other place, and text is never touched.
        for letter in ['é', 'ñ', 'ß', '陈', 'a', 'د'] {
            assert_eq!(press(letter), None, "{letter}");
        }
        let ctrl = Chord {
            ctrl: true,
            ..Chord::plain(Key::Char('к'))
        };
        assert_eq!(latin(ctrl).unwrap().to_string(), "ctrl-r");
    }

    #[test]
    fn no_letter_has_two_places_and_every_row_is_whole() {
        let mut seen = BTreeMap::new();
        for (us, own) in ROWS {
            assert_eq!(us.chars().count(), own.chars().count(), "{us} {own}");
            for (us, letter) in us.chars().zip(own.chars()) {
                assert_eq!(seen.insert(letter, us), None, "{letter}");
            }
        }
    }
}
