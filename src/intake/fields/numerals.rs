//! Digits that were read as letters, where only digits can stand.
//!
//! Owns the look-alikes. Must not know what the digits are for; a caller uses it once the text as it stands made no sense.

use super::dates::{self, Date};

/// The digit that a letter or mark may stand for.
fn digit(c: char) -> Option<char> {
    Some(match c {
        'O' | 'o' | 'D' | 'Q' => '0',
        'l' | 'I' | 'i' | '|' | '!' => '1',
        'Z' | 'z' => '2',
        'A' => '4',
        'S' | 's' => '5',
        'G' | 'b' => '6',
        'T' => '7',
        'B' => '8',
        'g' | 'q' => '9',
        _ => return None,
    })
}

/// A text, character for character, with letters turned into digits in every word that is mostly digits already and has no
/// letter that none could stand for.
pub fn restored(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word: Vec<char> = Vec::new();
    let close = |word: &mut Vec<char>, out: &mut String| {
        let digits = word.iter().filter(|c| c.is_ascii_digit()).count();
        let letters = word
            .iter()
            .filter(|c| c.is_alphabetic() || matches!(c, '|' | '!'))
            .count();
        let every = word
            .iter()
            .all(|c| digit(*c).is_some() || !c.is_alphabetic() && !matches!(c, '|' | '!'));
        let turned = letters > 0 && every && digits >= letters;
        out.extend(word.drain(..).map(|c| match digit(c) {
            Some(digit) if turned => digit,
            _ => c,
        }));
    };
    for c in text.chars() {
        if c.is_whitespace() {
            close(&mut word, &mut out);
            out.push(c);
        } else {
            word.push(c);
        }
    }
    close(&mut word, &mut out);
    out
}

/// Single characters parted by spaces, as the boxes of a form hold them, run together: `1 2 / 0 4 / 1 9 5 6`. Only where
/// nearly all of the text is such.
pub fn combed(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let single = parts.iter().filter(|part| part.chars().count() == 1).count();
    (parts.len() >= 4 && single * 10 >= parts.len() * 8).then(|| parts.concat())
}

/// The date that a field holds, on a paper of a year: in boxes, as it is written, with its digits put right, or packed.
pub fn date(raw: &str, paper: u32) -> Option<Date> {
    let restored = restored(raw);
    let first = |text: &str| dates::dates_of(text, paper).into_iter().next();
    let boxed = combed(&restored).and_then(|text| {
        Some(Date {
            start: 0,
            end: raw.chars().count(),
            ..first(&text).or_else(|| dates::packed(&text))?
        })
    });
    boxed
        .or_else(|| first(raw))
        .or_else(|| first(&restored))
        .or_else(|| dates::packed(&restored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_among_digits_are_digits() {
        assert_eq!(restored("(4l5) 5S5-267I x12"), "(415) 555-2671 x12");
        assert_eq!(restored("O6/12/l961"), "06/12/1961");
        assert_eq!(restored("Suite OIB and IIb"), "Suite OIB and IIb");
        assert_eq!(restored("A1c 7"), "A1c 7");
    }

    #[test]
    fn combs_are_run_together() {
        assert_eq!(combed("1 2 / 0 4 / 1 9 5 6").as_deref(), Some("12/04/1956"));
        assert_eq!(combed("W 1 2 3 4 5").as_deref(), Some("W12345"));
        assert_eq!(combed("Ann B Lee"), None);
    }
}
