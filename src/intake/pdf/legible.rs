//! Whether a page's text layer says what the page shows, or must be passed over for the picture of the page.
//!
//! Owns the thresholds. Must not know how a page is drawn or read. Fonts without a map to letters, maps that lie, and other
//! programs' readings laid beneath a scan all give text that nobody can see on the page.

use super::flatten::Shown;
use super::glyphs::says_nothing;
use crate::intake::sheet::{Origin, Sheet};

/// A page with fewer characters than this beside a page-sized picture is that picture: the text is a stamp of the fax
/// server or of the scanner.
const SCANT: usize = 250;
/// A picture of at least this many pixels can be a page; a letter at 72 dots an inch has half a million.
const PAGE_SIZED: f64 = 400_000.0;
/// More than this share of characters that no letter writes: the font's map is not one of letters.
const MOST_ODD: f32 = 0.15;
/// Fewer letters than this are too few to judge their mixture by.
const FEW: usize = 200;
/// The eight commonest letters of English make up 0.63 of it, of Spanish as much, of lists of names about 0.58; of letters
/// that stand for others 8 in 26.
const COMMON: &str = "etaoinsr";
const LEAST_COMMON: f32 = 0.42;
/// So many characters in a row of which no font says what they are make up a word, and a word that is lost may be a name.
pub const WORD: usize = 3;
/// Fewer than this share of the characters that the page shows came out.
const LEAST_KEPT: f32 = 0.25;

/// Whether a page must be looked at rather than taken at its word. `largest` are the sides of its largest picture in pixels.
pub fn must_be_seen(text: Option<(&Sheet, Shown)>, largest: Option<(f64, f64)>) -> bool {
    let Some((sheet, shown)) = text else { return true };
    let printed: String = sheet
        .runs
        .iter()
        .filter(|run| run.origin == Origin::Print)
        .flat_map(|run| run.text.chars())
        .filter(|c| !c.is_whitespace())
        .collect();
    let count = printed.chars().count();
    let scanned = largest.is_some_and(|(width, height)| width * height >= PAGE_SIZED);
    count == 0
        || shown.mute >= WORD
        || scanned && (count < SCANT || shown.hidden * 2 > shown.all)
        || shown.all > FEW && (count as f32) < shown.all as f32 * LEAST_KEPT
        || !says_something(&printed)
}

fn says_something(printed: &str) -> bool {
    let counted = |what: &dyn Fn(char) -> bool| printed.chars().filter(|c| what(*c)).count();
    let all = printed.chars().count();
    let odd = counted(&says_nothing);
    if odd as f32 > all as f32 * MOST_ODD && odd > 3 {
        return false;
    }
    let letters = counted(&|c| c.is_ascii_alphabetic());
    let common = counted(&|c| COMMON.contains(c.to_ascii_lowercase()));
    letters < FEW || common as f32 >= letters as f32 * LEAST_COMMON
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::sheet::Run;

    const LETTER: &str = "Thank you for seeing this patient, who has had palpitations for three weeks. Her electrocardiogram is \
        normal. She takes no medication and has no allergies. Please advise whether an echocardiogram is indicated, and send \
        your report to our practice.";

    fn sheet(text: &str, origin: Origin) -> Sheet {
        let half = text.chars().count() / 2;
        let parts: [String; 2] = [
            text.chars().take(half).collect(),
            text.chars().skip(half).collect(),
        ];
        let run = |(number, text): (usize, &String)| {
            Run::new(
                text,
                [0.1, 0.1 * number as f32, 0.9, 0.1 * number as f32 + 0.02],
                origin.clone(),
            )
        };
        Sheet::new(parts.iter().enumerate().map(run).collect())
    }

    #[test]
    fn text_is_taken_at_its_word_where_it_can_be() {
        let shifted: String = LETTER
            .chars()
            .map(|c| match c {
                'a'..='z' => char::from((c as u8 - b'a' + 3) % 26 + b'a'),
                other => other,
            })
            .collect();
        let private: String = LETTER
            .chars()
            .map(|c| char::from_u32(0xE000 + c as u32).unwrap())
            .collect();
        let told = |all, hidden| Shown { all, hidden, mute: 0 };
        let all = told(300, 0);
        let scan = Some((1728.0, 2200.0));
        let mute = |mute| Shown { mute, ..all };
        type Row<'a> = (&'a str, Shown, Option<(f64, f64)>, bool);
        let table: &[Row<'_>] = &[
            (LETTER, all, None, false),
            (LETTER, all, Some((200.0, 100.0)), false),
            (LETTER, told(300, 300), scan, true),
            (LETTER, told(300, 300), None, false),
            (LETTER, mute(WORD - 1), None, false),
            (LETTER, mute(WORD), None, true),
            ("Fax 1 of 3", told(10, 0), None, false),
            ("Fax 1 of 3", told(10, 0), scan, true),
            ("", all, None, true),
            (&shifted, all, None, true),
            (&private, all, None, true),
            (LETTER, told(3_000, 0), None, true),
        ];
        for (text, shown, largest, seen) in table {
            let sheet = sheet(text, Origin::Print);
            assert_eq!(
                must_be_seen(Some((&sheet, *shown)), *largest),
                *seen,
                "{text} {shown:?}"
            );
        }
        assert!(must_be_seen(None, None));
        let filled = sheet("Ann Lee", Origin::Form(None));
        assert!(
            must_be_seen(Some((&filled, Shown::default())), None),
            "labels that are drawn"
        );
        assert!(
            must_be_seen(Some((&filled, Shown::default())), scan),
            "values over a scanned form"
        );
    }
}
