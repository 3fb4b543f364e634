//! Text measured in terminal columns.
//!
//! Owns the width of a cluster, and cutting, padding and wrapping by cluster, so that wide characters and combining marks
//! never tear a column. Must not know what a text means.

use crate::domain::text;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Spacing vowel signs that Unicode counts among the extenders of a cluster (Other_Grapheme_Extend of the category Mc), and
/// that `unicode-width` therefore gives no column. The `wcwidth` of glibc, xterm, VTE and tmux gives each of them one.
const SPACING: [(u32, u32); 25] = [
    (0x09BE, 0x09BE),
    (0x09D7, 0x09D7),
    (0x0B3E, 0x0B3E),
    (0x0B57, 0x0B57),
    (0x0BBE, 0x0BBE),
    (0x0BD7, 0x0BD7),
    (0x0CC0, 0x0CC0),
    (0x0CC2, 0x0CC2),
    (0x0CC7, 0x0CC8),
    (0x0CCA, 0x0CCB),
    (0x0CD5, 0x0CD6),
    (0x0D3E, 0x0D3E),
    (0x0D57, 0x0D57),
    (0x0DCF, 0x0DCF),
    (0x0DDF, 0x0DDF),
    (0x1715, 0x1715),
    (0x1734, 0x1734),
    (0x1B35, 0x1B35),
    (0x1B3B, 0x1B3D),
    (0x1B43, 0x1B44),
    (0x1BAA, 0x1BAA),
    (0x1BF2, 0x1BF3),
    (0xA953, 0xA953),
    (0xA9C0, 0xA9C0),
    (0x11_1C0, 0x11_1C0),
];

fn is_spacing(c: char) -> bool {
    let code = u32::from(c);
    SPACING
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&code))
}

/// Columns that a cluster takes. Terminals do not agree on all of them. Of letters it is the sum over the characters, as
/// `wcwidth` has it (glibc, xterm, VTE, tmux): where a terminal draws less, a gap stays, but no vowel sign is written over.
/// An emoji with its modifiers takes two, as in most terminals that draw it as one picture.
pub fn cluster(grapheme: &str) -> usize {
    if grapheme.len() == 1 {
        return usize::from(grapheme.bytes().all(|byte| (0x20..0x7F).contains(&byte)));
    }
    grapheme.width() + grapheme.chars().skip(1).filter(|c| is_spacing(*c)).count()
}

/// Whether terminals may give a cluster another width than [`cluster`] does: what follows it is placed anew.
pub fn is_unsteady(grapheme: &str) -> bool {
    grapheme.len() > 1 && grapheme.chars().nth(1).is_some()
}

/// Whether a character is written from right to left: Hebrew, Arabic and their neighbours, their digits included.
pub fn is_leftward(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

/// Whether every byte of a text is a character of one column: nearly all that a screen shows, so it need not be taken apart.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7F).contains(&byte))
}

/// Columns that a text takes.
pub fn columns(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.graphemes(true).map(cluster).sum()
}

/// The text in at most `max` columns; what does not fit ends in `…`. Outside text is made safe on the way.
pub fn cut(raw: &str, max: usize) -> String {
    let clean = text::line(raw);
    if columns(&clean) <= max {
        return clean;
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in clean.graphemes(true) {
        let wide = cluster(grapheme);
        if used + wide + 1 > max {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if max > 0 {
        out.push('…');
    }
    out
}

/// The text in exactly `width` columns.
pub fn fit(raw: &str, width: usize) -> String {
    let mut out = cut(raw, width);
    let used = columns(&out);
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out
}

/// The text in exactly `width` columns, at the right.
pub fn fit_right(raw: &str, width: usize) -> String {
    let text = cut(raw, width);
    let mut out = " ".repeat(width.saturating_sub(columns(&text)));
    out.push_str(&text);
    out
}

/// The text in lines of at most `width` columns, broken at white space where there is any. Line breaks are kept.
pub fn wrap(raw: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text::block(raw).split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            for piece in pieces(word, width) {
                let joint = usize::from(!line.is_empty());
                if !line.is_empty() && columns(&line) + joint + columns(&piece) > width {
                    lines.push(std::mem::take(&mut line));
                } else if joint > 0 {
                    line.push(' ');
                }
                line.push_str(&piece);
            }
        }
        lines.push(line);
    }
    lines
}

/// A word in pieces of at most `width` columns.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for grapheme in word.graphemes(true) {
        if used > 0 && used + cluster(grapheme) > width {
            out.push(String::new());
            used = 0;
        }
        if let Some(last) = out.last_mut() {
            last.push_str(grapheme);
        }
        used += cluster(grapheme);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combining_characters_are_cut_whole() {
        assert_eq!(cut("陈伟明", 5), "陈伟…");
        assert_eq!(cut("陈伟明", 4), "陈…");
        assert_eq!(columns(&fit("陈伟明", 5)), 5);
        assert_eq!(columns("Nu\u{301}n\u{303}ez"), 5);
        assert_eq!(cut("Nu\u{301}n\u{303}ez", 4), "Nu\u{301}n\u{303}…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(fit_right("7", 3), "  7");
        assert_eq!(cut("a\u{1b}[2Jb", 9), "a[2Jb");
    }

    #[test]
    fn clusters_have_the_width_that_most_terminals_give_them() {
        // (cluster, columns): letters as glibc's wcwidth sums them up, measured in tmux 3.3a; emoji as one picture.
        let table = [
            ("a", 1),
            ("é", 1),
            ("e\u{301}", 1),
            ("陈", 2),
            ("한", 2),
            ("ﷺ", 1),
            ("שָׁ", 1),
            ("த", 1),
            ("தி", 2),
            ("தா", 2),
            ("தொ", 2),
            ("কা", 2),
            ("त्रि", 3),
            ("ส", 1),
            ("ที่", 1),
            ("กำ", 2),
            ("👍", 2),
            ("👍🏽", 2),
            ("❤\u{fe0f}", 2),
            ("🇺🇸", 2),
        ];
        for (text, wide) in table {
            assert_eq!(columns(text), wide, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(parts in proptest::collection::vec(0..POOL.len(), 0..24), room in 3_usize..30) {
            let text: String = parts.iter().map(|part| POOL[*part]).collect();
            proptest::prop_assert!(columns(&cut(&text, room)) <= room);
            proptest::prop_assert_eq!(columns(&fit(&text, room)), room);
            proptest::prop_assert_eq!(columns(&fit_right(&text, room)), room);
            for line in wrap(&text, room) {
                proptest::prop_assert!(columns(&line) <= room, "{:?}", line);
            }
            let joined: String = wrap(&text, room).concat();
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&joined), bare(&crate::domain::text::block(&text)));
        }
    }

    const POOL: [&str; 16] = [
        "a",
        " ",
        "陈",
        "伟",
        "தா",
        "தி",
        "त्रि",
        "e\u{301}",
        "שָׁ",
        "ر",
        "👍🏽",
        "❤\u{fe0f}",
        "กำ",
        "7",
        "-",
        "ﷺ",
    ];

    #[test]
    fn long_words_and_breaks_are_wrapped() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\nb", 9), ["a", "b"]);
        assert_eq!(wrap("two words.", 9), ["two", "words."]);
        assert_eq!(wrap("", 9), [""]);
        assert!(wrap("漢字漢字漢", 4).iter().all(|line| columns(line) <= 4));
    }
}
