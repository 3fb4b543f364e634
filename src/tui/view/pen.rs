//! Putting text into cells.
//!
//! Owns the last step: sanitised, cut to its area, in the look of its role, each cluster in the columns that it was counted
//! with; and where the eye is led to, for the terminal's own cursor.

use crate::tui::spot::Spot;
use crate::tui::theme::{Theme, Tone};
use crate::tui::width::{cluster, columns, cut, is_leftward, is_plain};
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use std::num::NonZeroU16;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The insertion point of a text being typed, as it is drawn.
pub const CARET: &str = "▏";
/// The sign of what the keys are about.
pub const HERE: &str = "▸";
/// Left-to-right mark: a terminal that turns right-to-left text round stops turning there, so that a column of digits behind a
/// Hebrew name stays behind it. Ours alone: none that came from outside gets this far.
const STOP: char = '\u{200E}';

/// Draws with a theme.
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    focus: Option<Position>,
    spots: Vec<(Rect, Spot)>,
    typing: bool,
}

impl<'a> Pen<'a> {
    /// A pen; the whole screen gets the theme's ground.
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Pen<'a> {
        let area = buffer.area;
        buffer.set_style(area, theme.style(Tone::Text));
        Pen {
            buffer,
            theme,
            focus: None,
            spots: Vec::new(),
            typing: false,
        }
    }

    /// Where the eye is led to by what was drawn last: an insertion point, else the sign of what the keys are about.
    pub fn focus(&self) -> Option<Position> {
        self.focus
    }

    /// Leads the eye to a place.
    pub fn lead(&mut self, to: Option<Position>) {
        self.focus = to;
        self.typing = false;
    }

    /// Draws pieces of text on the first line of an area; returns the columns used.
    pub fn line<T: AsRef<str>>(&mut self, area: Rect, spans: &[(T, Tone)]) -> usize {
        let room = usize::from(area.width);
        let mut used = 0;
        if area.height == 0 || !self.buffer.area.intersects(area) {
            return 0;
        }
        for (text, tone) in spans {
            let text = cut(text.as_ref(), room.saturating_sub(used));
            let x = area.x.saturating_add(u16::try_from(used).unwrap_or(u16::MAX));
            if used < room {
                self.put(x, area.y, &text, self.theme.style(*tone));
            }
            used += columns(&text);
        }
        used
    }

    /// Puts a text that fits into cells.
    fn put(&mut self, mut x: u16, y: u16, text: &str, style: Style) {
        if is_plain(text) {
            for (x, letter) in (x..self.buffer.area.right()).zip(text.split("").skip(1)) {
                if let Some(cell) = self.buffer.cell_mut((x, y)).filter(|_| !letter.is_empty()) {
                    cell.set_symbol(letter)
                        .set_style(style)
                        .set_diff_option(CellDiffOption::None);
                }
            }
            return;
        }
        let (mut leftward, mut blanks): (Option<u16>, usize) = (None, 0);
        for grapheme in text.graphemes(true) {
            let wide = u16::try_from(cluster(grapheme)).unwrap_or(0);
            let Some(first) = grapheme.chars().next() else {
                continue;
            };
            if wide == 0 || x.saturating_add(wide) > self.buffer.area.right() {
                continue;
            }
            if is_leftward(first) {
                (leftward, blanks) = (Some(x), 0);
            } else {
                blanks = if first == ' ' { blanks + 1 } else { 0 };
                if first.is_alphanumeric() || blanks > 1 {
                    self.stop(leftward.take(), y);
                }
            }
            if grapheme == CARET || grapheme == HERE && !self.typing {
                self.focus = Some(Position::new(x, y));
                self.typing = grapheme == CARET;
            }
            if let Some(cell) = self.buffer.cell_mut((x, y)) {
                let counted = NonZeroU16::new(wide).filter(|_| grapheme.width() != usize::from(wide));
                let option = counted.map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
                cell.set_symbol(grapheme).set_style(style).set_diff_option(option);
            }
            for over in 1..wide {
                if let Some(cell) = self.buffer.cell_mut((x + over, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
            x += wide;
        }
        self.stop(leftward, y);
    }

    fn stop(&mut self, at: Option<u16>, y: u16) {
        if let Some(cell) = at.and_then(|x| self.buffer.cell_mut((x, y))) {
            let marked = format!("{}{STOP}", cell.symbol());
            cell.set_symbol(&marked);
        }
    }

    /// Draws pieces of text at the right end of an area.
    pub fn right<T: AsRef<str>>(&mut self, area: Rect, spans: &[(T, Tone)]) -> usize {
        let wide: usize = spans.iter().map(|(text, _)| columns(text.as_ref())).sum();
        let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(area.width);
        let area = Rect {
            x: area.x + area.width - wide,
            width: wide,
            ..area
        };
        self.line(area, spans)
    }

    /// Notes what an area is for. A later one lies over an earlier one.
    pub fn spot(&mut self, area: Rect, spot: Spot) {
        self.spots.push((area, spot));
    }

    /// What the areas drawn are for.
    pub fn spots(self) -> Vec<(Rect, Spot)> {
        self.spots
    }

    /// Gives a whole area a look.
    pub fn tint(&mut self, area: Rect, tone: Tone) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, self.theme.style(tone));
    }

    /// A line across an area.
    pub fn rule(&mut self, area: Rect) {
        let line = "─".repeat(usize::from(area.width));
        self.line(area, &[(line, Tone::Rule)]);
    }

    /// Empties an area; the eye is led to its beginning.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        self.tint(area, Tone::Text);
        self.lead(Some(Position::new(
            area.x.saturating_add(2),
            area.y.saturating_add(1),
        )));
    }

    /// Empties an area and draws a frame around it; returns the room inside.
    pub fn frame(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        self.clear(area);
        let inner = usize::from(area.width.saturating_sub(2));
        let title = cut(title, inner.saturating_sub(4));
        let rest = inner.saturating_sub(columns(&title) + 3);
        let top: Vec<(String, Tone)> = vec![
            ("┌─ ".into(), Tone::Rule),
            (title, Tone::Head),
            (format!(" {}┐", "─".repeat(rest)), Tone::Rule),
        ];
        self.line(Rect { height: 1, ..area }, &top);
        for y in area.top().saturating_add(1)..area.bottom().saturating_sub(1) {
            self.line(Rect::new(area.x, y, 1, 1), &[("│", Tone::Rule)]);
            self.line(
                Rect::new(area.right().saturating_sub(1), y, 1, 1),
                &[("│", Tone::Rule)],
            );
        }
        let bottom = format!("└{}┘", "─".repeat(inner));
        self.line(
            Rect::new(area.x, area.bottom().saturating_sub(1), area.width, 1),
            &[(bottom, Tone::Rule)],
        );
        Rect::new(
            area.x + 2,
            area.y + 1,
            area.width.saturating_sub(4),
            area.height.saturating_sub(2),
        )
    }
}

/// The line of an area, counted from its top.
pub fn nth(area: Rect, line: usize) -> Rect {
    let line = u16::try_from(line).unwrap_or(u16::MAX);
    let inside = line < area.height;
    Rect::new(area.x, area.y.saturating_add(line), area.width, u16::from(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> (Buffer, Option<Position>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        let mut pen = Pen::new(&mut buffer, Theme::Mono);
        pen.line(Rect::new(0, 0, 20, 1), &[(text, Tone::Text)]);
        let focus = pen.focus();
        (buffer, focus)
    }

    #[test]
    fn a_name_from_right_to_left_ends_before_its_neighbours() {
        for (text, at) in [("שרה  24 Nov", 2), ("שרה, אב 7", 6), ("x ليلى", 5), ("ab שר", 4)] {
            let (buffer, _) = drawn(text);
            let marked: Vec<u16> = (0..20)
                .filter(|x| buffer.cell((*x, 0)).unwrap().symbol().ends_with(STOP))
                .collect();
            assert_eq!(marked, [at], "{text}");
        }
        let (buffer, _) = drawn("\u{202E}abc\u{2067}");
        assert_eq!(buffer.cell((0, 0)).unwrap().symbol(), "a");
    }

    #[test]
    fn clusters_take_the_columns_that_they_were_counted_with() {
        let (buffer, _) = drawn("தாx");
        assert_eq!(buffer.cell((2, 0)).unwrap().symbol(), "x");
        let wiped = Buffer::empty(buffer.area);
        let sent: Vec<u16> = wiped.diff(&buffer).into_iter().map(|(x, _, _)| x).collect();
        assert_eq!(sent, [0, 2]);
    }

    #[test]
    fn the_eye_is_led_to_what_is_typed() {
        assert_eq!(drawn("ab").1, None);
        assert_eq!(drawn("▸ ab").1, Some(Position::new(0, 0)));
        assert_eq!(drawn("a▏ ▸").1, Some(Position::new(1, 0)));
    }
}
