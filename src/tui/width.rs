//! Text measured in terminal columns.
//!
//! Owns cutting, padding and wrapping by grapheme, so that wide characters and combining marks never tear a column.
//! Must not know what a text means.

use crate::domain::text;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that a text takes.
pub fn columns(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
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
        let wide = grapheme.width();
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
        if used > 0 && used + grapheme.width() > width {
            out.push(String::new());
            used = 0;
        }
        if let Some(last) = out.last_mut() {
            last.push_str(grapheme);
        }
        used += grapheme.width();
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
    fn long_words_and_breaks_are_wrapped() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\nb", 9), ["a", "b"]);
        assert_eq!(wrap("two words.", 9), ["two", "words."]);
        assert_eq!(wrap("", 9), [""]);
        assert!(wrap("漢字漢字漢", 4).iter().all(|line| columns(line) <= 4));
    }
}
