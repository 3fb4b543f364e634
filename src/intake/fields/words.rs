//! A run's text as words and marks with their places.
//!
//! Owns tokenising and the spellings that labels are compared in. Must not know any label.

/// A word, or a mark of punctuation that parts words.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Lower case, without accents, dots, apostrophes and hyphens: `D.O.B.` is `dob`, `E-mail` is `email`.
    pub key: String,
    /// First character within the run.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Whether it is a mark rather than a word.
    pub mark: bool,
    /// Whether the last characters were `'s`, which the key leaves out.
    owned: bool,
}

/// Marks that stand alone whatever they touch.
const MARKS: &[char] = &[
    ':', ';', ',', '(', ')', '[', ']', '/', '|', '=', '•', '·', '#', '&', '?', '*', '<', '>', '–', '—', '_',
];

/// Splits a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    for (index, c) in text.chars().enumerate() {
        if c.is_whitespace() {
            close(&mut open, &mut out);
        } else if MARKS.contains(&c) {
            close(&mut open, &mut out);
            out.push(Word {
                key: c.to_string(),
                start: index,
                end: index + 1,
                mark: true,
                owned: false,
            });
        } else {
            let word = open.get_or_insert_with(|| Word {
                key: String::new(),
                start: index,
                end: index,
                mark: false,
                owned: false,
            });
            word.end = index + 1;
            word.owned = match c {
                '\'' | '’' => true,
                's' | 'S' => word.owned,
                _ => false,
            };
            if c.is_alphanumeric() {
                word.key.push_str(&crate::domain::text::fold(&c.to_string()));
            }
        }
    }
    close(&mut open, &mut out);
    out
}

fn close(open: &mut Option<Word>, out: &mut Vec<Word>) {
    if let Some(mut word) = open.take() {
        if std::mem::take(&mut word.owned) && word.key.ends_with('s') {
            word.key.pop();
        }
        word.mark = word.key.is_empty();
        if word.mark {
            word.key = if word.end - word.start > 1 { "…" } else { "-" }.to_owned();
        }
        out.push(word);
    }
}

/// The characters `start..end` of a text, trimmed, with the place of what is left.
pub fn cut(text: &str, start: usize, end: usize) -> (String, usize, usize) {
    let part: Vec<char> = text.chars().skip(start).take(end.saturating_sub(start)).collect();
    let edge = |c: &char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '|' | '•' | '·' | '_' | '–' | '—' | '*' | '=')
    };
    // Leaders: `Name ........ Lee`.
    let dots = part
        .iter()
        .take_while(|c| **c == '.' || c.is_whitespace())
        .count();
    let leaders = if part.iter().take(dots).filter(|c| **c == '.').count() >= 2 {
        dots
    } else {
        0
    };
    let before = leaders
        + part
            .iter()
            .skip(leaders)
            .take_while(|c| edge(c) || **c == '-')
            .count();
    let after = part.iter().skip(before).rev().take_while(|c| edge(c)).count();
    let length = part.len() - before - after;
    let kept: String = part.iter().skip(before).take(length).collect();
    (kept, start + before, start + before + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_label_meet() {
        let keys = |text: &str| {
            words(text)
                .into_iter()
                .map(|word| word.key)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(keys("D.O.B.: 1"), "dob : 1");
        assert_eq!(keys("N.P.I.# 2"), "npi # 2");
        assert_eq!(keys("E-mail"), "email");
        assert_eq!(
            keys("Patient's Name (Last, First)"),
            "patient name ( last , first )"
        );
    }

    #[test]
    fn cutting_trims_and_keeps_the_place() {
        assert_eq!(cut("Sex ..... F", 3, 11), ("F".to_owned(), 10, 11));
        assert_eq!(cut("DOB: 1/2/1990 ,", 4, 15), ("1/2/1990".to_owned(), 5, 13));
    }
}
