//! ICD-10-CM codes: their shape, the list that they are checked against, and what the recogniser makes of them.
//!
//! Owns the packed list and its look-up. Must not know labels or pages.

use super::numbers::pieces;

/// CDC/NCHS, ICD-10-CM, release of April 2026 (public domain), packed by `scripts/reader/pack_codes.py`: big-endian 32-bit
/// edges of an automaton.
const LIST: &[u8] = include_bytes!("../../../assets/codes/icd10cm-2026-04.bin");

/// A code that the list does not have is believed this much of one that it has.
pub const UNLISTED: f32 = 0.6;
/// The head of longer codes: its end was lost, or the sender was brief.
const HEAD: f32 = 0.8;
/// A code that had to be put right is believed this much.
pub const MENDED: f32 = 0.85;

/// A diagnosis code in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// The code with its point.
    pub code: String,
    /// First character and one past the last.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// How much it is believed: 1 for a code of the list that stands as it is written.
    pub belief: f32,
}

fn edge(index: u32) -> Option<(char, bool, bool, u32)> {
    let at = usize::try_from(index).ok()?.checked_mul(4)?;
    let bytes: [u8; 4] = LIST.get(at..at + 4)?.try_into().ok()?;
    let word = u32::from_be_bytes(bytes);
    let letter = char::from(u8::try_from(word >> 24).ok()?);
    Some((
        letter,
        word & (1 << 23) != 0,
        word & (1 << 22) != 0,
        word & 0x3F_FFFF,
    ))
}

/// Whether the list has a code (with or without its point).
pub fn is_listed(code: &str) -> bool {
    looked_up(code).is_some()
}

/// Whether a listed code is only the head of longer ones, and so says too little to be meant: `S83`.
fn is_head(code: &str) -> bool {
    looked_up(code).is_some_and(|more| more)
}

/// Whether longer codes begin with a listed code; `None` where the list does not have it.
fn looked_up(code: &str) -> Option<bool> {
    let mut node = 1;
    let mut ends = false;
    for wanted in code.chars().filter(|c| *c != '.') {
        if node == 0 {
            return None;
        }
        loop {
            let (letter, last, accepts, next) = edge(node)?;
            if letter == wanted {
                ends = accepts;
                node = next;
                break;
            }
            if last {
                return None;
            }
            node += 1;
        }
    }
    ends.then_some(node != 0)
}

/// Codes by shape: a letter, a digit, a digit or A/B, then after a point one to four more (CDC, ICD-10-CM guidelines I.A.2).
/// `bare` also takes codes without a point, which only a label makes believable, and so it does look-alikes of letters and
/// digits where the list has exactly one code that they may stand for.
pub fn diagnoses(text: &str, bare: bool) -> Vec<Diagnosis> {
    let mut out: Vec<Diagnosis> = Vec::new();
    for (piece, start, end) in pieces(text, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | ',')) {
        // A comma stands for the point only within a code.
        for (part, offset) in parts(&piece) {
            let trimmed = part.trim_end_matches(['.', ',']);
            let (start, end) = (start + offset, start + offset + trimmed.len().min(end - start));
            // `Syncope [R55]`: a bracket of its own says that it is a code.
            let bare = bare || bracketed(text, start, end);
            if let Some((code, belief)) = shaped(trimmed, bare).or_else(|| mended(trimmed, bare)) {
                out.push(Diagnosis {
                    code,
                    start,
                    end,
                    belief,
                });
            }
        }
    }
    if bare && !out.is_empty() {
        out.extend(hypertension(text));
    }
    out
}

/// Whether a piece fills a bracket.
fn bracketed(text: &str, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| text.chars().nth(at));
    matches!(
        (before, text.chars().nth(end)),
        (Some('['), Some(']')) | (Some('('), Some(')'))
    )
}

/// Beside other codes, `110` is the commonest of all, whose letter was read as a digit.
fn hypertension(text: &str) -> impl Iterator<Item = Diagnosis> {
    pieces(text, |c| c.is_ascii_alphanumeric())
        .into_iter()
        .filter(|(piece, ..)| piece == "110")
        .map(|(_, start, end)| Diagnosis {
            code: "I10".to_owned(),
            start,
            end,
            belief: MENDED,
        })
}

/// Pieces between commas, with their offsets.
fn parts(piece: &str) -> Vec<(&str, usize)> {
    let mut offset = 0;
    piece
        .split(',')
        .map(|part| {
            let at = offset;
            offset += part.len() + 1;
            (part, at)
        })
        .filter(|(part, _)| !part.is_empty())
        .collect()
}

fn shaped(raw: &str, bare: bool) -> Option<(String, f32)> {
    // A small l at the beginning is a misread I: nobody writes codes in small letters that begin with L.
    if let Some(rest) = raw.strip_prefix('l') {
        let (code, belief) = shaped(&format!("I{rest}"), bare)?;
        return Some((code, belief * MENDED));
    }
    let raw = raw.to_ascii_uppercase();
    let (head, tail) = match raw.split_once('.') {
        Some((head, tail)) if !tail.is_empty() => (head.to_owned(), tail.to_owned()),
        Some(_) => return None,
        None if bare => (raw.chars().take(3).collect(), raw.chars().skip(3).collect()),
        None => return None,
    };
    let [letter, tens, ones] = head.chars().collect::<Vec<_>>().try_into().ok()?;
    let fits = letter.is_ascii_uppercase()
        && tens.is_ascii_digit()
        && (ones.is_ascii_digit() || ones == 'A' || ones == 'B');
    let tail_fits = tail.len() <= 4
        && tail.chars().all(|c| c.is_ascii_alphanumeric())
        && tail
            .chars()
            .next()
            .is_none_or(|c| c.is_ascii_digit() || matches!(c, 'A' | 'B' | 'C' | 'X'));
    if !fits || !tail_fits {
        return None;
    }
    let code = if tail.is_empty() {
        head
    } else {
        format!("{head}.{tail}")
    };
    if is_listed(&code) {
        let belief = if is_head(&code) { HEAD } else { 1.0 };
        return Some((code, belief));
    }
    // Not on the list: a look-alike that is on it was rather meant, else a code of another year.
    mended(&code, true).or_else(|| (raw.contains('.') || tail.len() >= 2).then_some((code, UNLISTED)))
}

/// What a misread character may stand for, by the kind that its place asks for.
fn alike(c: char, first: bool) -> &'static [char] {
    match (c, first) {
        ('1' | 'L' | '|', true) => &['I'],
        ('0', true) => &['O', 'D'],
        ('O', true) => &['O', 'D'],
        ('5', true) => &['S'],
        ('2', true) => &['Z'],
        ('8', true) => &['B'],
        ('6', true) => &['G', 'C'],
        ('O' | 'D' | 'Q', false) => &['0'],
        ('C', false) => &['0', 'C'],
        ('I' | 'L' | '|', false) => &['1'],
        ('S', false) => &['5', 'S'],
        ('Z', false) => &['2'],
        ('B', false) => &['8', 'B'],
        ('G', false) => &['6', '9'],
        ('A', false) => &['4', 'A'],
        ('E', false) => &['8'],
        ('T', false) => &['7'],
        _ => &[],
    }
}

/// The one code of the list that a misread one stands for.
fn mended(raw: &str, bare: bool) -> Option<(String, f32)> {
    // A small b among digits is a six, a small g or q a nine; a capital is an eight or a letter.
    let raw = raw
        .replace('b', "6")
        .replace(['g', 'q'], "9")
        .to_ascii_uppercase();
    let plain: Vec<char> = raw.chars().filter(|c| *c != '.').collect();
    let pointed = raw.chars().nth(3) == Some('.');
    let digits = plain.iter().filter(|c| c.is_ascii_digit()).count();
    if !(3..=7).contains(&plain.len()) || !(pointed || bare && plain.len() >= 4) || digits < 2 {
        return None;
    }
    let mut readings: Vec<String> = vec![String::new()];
    for (at, c) in plain.iter().enumerate() {
        let first = at == 0;
        let mut options: Vec<char> = alike(*c, first).to_vec();
        let fits = if first { c.is_ascii_uppercase() } else { true };
        if fits && !options.contains(c) {
            options.insert(0, *c);
        }
        readings = readings
            .iter()
            .flat_map(|reading| options.iter().map(move |option| format!("{reading}{option}")))
            .take(64)
            .collect();
    }
    readings.retain(|reading| is_listed(reading));
    let [one] = readings.as_slice() else { return None };
    let code = match one.split_at_checked(3) {
        Some((head, tail)) if !tail.is_empty() => format!("{head}.{tail}"),
        _ => one.clone(),
    };
    Some((code, MENDED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, bare: bool) -> Vec<String> {
        diagnoses(text, bare).into_iter().map(|hit| hit.code).collect()
    }

    #[test]
    fn codes_by_shape() {
        assert_eq!(
            codes("M25.561, (I25.10) S83.241A and A1c 7.0, B12", false),
            ["M25.561", "I25.10", "S83.241A"]
        );
        assert_eq!(codes("I10; E119 Z79.4.", true), ["I10", "E11.9", "Z79.4"]);
        assert!(codes("www.A10.com 10.5 E.11", false).is_empty());
    }

    #[test]
    fn the_list_decides() {
        assert!(is_listed("I10") && is_listed("E11.65") && is_listed("S83241A") && is_listed("U07.1"));
        assert!(!is_listed("I10.1") && !is_listed("E1") && !is_listed("Q99.99") && !is_listed(""));
        let belief = |text| diagnoses(text, true).first().map_or(0.0, |hit| hit.belief);
        assert!(belief("E11.65") > 0.99 && belief("E11.6X") < 0.7);
        assert!(
            belief("I10") > 0.99 && belief("S83.2") < 0.9,
            "a head of longer codes"
        );
    }

    #[test]
    fn look_alikes_are_put_right_where_one_code_is_meant() {
        for (read, meant) in [
            ("148.91", "I48.91"),
            ("l10", "I10"),
            ("EllO65", ""),
            ("E11.6S", "E11.65"),
            ("M2S.561", "M25.561"),
            ("R0O.2", "R00.2"),
            ("ZI2.11", "Z12.11"),
        ] {
            assert_eq!(
                codes(read, true).first().map_or("", String::as_str),
                meant,
                "{read}"
            );
        }
        assert_eq!(codes("R74.01, 110", true), ["R74.01", "I10"]);
        assert_eq!(codes("Syncope [R55]; see (R55)", false), ["R55", "R55"]);
        assert!(codes("99204 10.5 120/80", true).is_empty());
    }
}
