//! Putting text into cells.
//!
//! Owns the last step: sanitised, cut to its area, in the look of its role.

use crate::tui::theme::{Theme, Tone};
use crate::tui::width::{columns, cut};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws with a theme.
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
}

impl<'a> Pen<'a> {
    /// A pen; the whole screen gets the theme's ground.
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Pen<'a> {
        let area = buffer.area;
        buffer.set_style(area, theme.style(Tone::Text));
        Pen { buffer, theme }
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
                self.buffer
                    .set_stringn(x, area.y, &text, room - used, self.theme.style(*tone));
            }
            used += columns(&text);
        }
        used
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

    /// Empties an area and draws a frame around it; returns the room inside.
    pub fn frame(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        self.tint(area, Tone::Text);
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
