//! A terminal whose columns hold.
//!
//! Terminals do not agree on the width of clusters such as `त्रि`: what follows one on its line may land beside its column, and
//! stay there. Owns the remedy: a line that has or had such a cluster is written whole, and the cursor is put anew after each.
//! Must not know what is drawn.

use super::width::columns;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use std::collections::BTreeSet;

/// A backend around another one.
pub struct Steady<B> {
    inner: B,
    /// What stands on the terminal.
    shown: Buffer,
}

impl<B: Backend> Steady<B> {
    /// Around a backend.
    pub fn new(inner: B) -> Steady<B> {
        Steady {
            inner,
            shown: Buffer::empty(Rect::ZERO),
        }
    }

    fn fits(&mut self) -> Result<(), B::Error> {
        let size = self.inner.size()?;
        let area = Rect::new(0, 0, size.width, size.height);
        if self.shown.area != area {
            self.shown = Buffer::empty(area);
        }
        Ok(())
    }

    /// The cells of a line that show: those behind a wide one do not.
    fn line(&self, y: u16) -> Vec<(u16, u16, Cell)> {
        let mut out = Vec::new();
        let mut x = self.shown.area.left();
        while let Some(cell) = self.shown.cell((x, y)) {
            out.push((x, y, cell.clone()));
            x = x.saturating_add(u16::try_from(columns(cell.symbol()).max(1)).unwrap_or(1));
        }
        out
    }

    fn is_unsteady(&self, y: u16) -> bool {
        self.line(y).iter().any(|(_, _, cell)| unsteady(cell))
    }

    fn write(&mut self, cells: &[(u16, u16, Cell)]) -> Result<(), B::Error> {
        // A new call puts the cursor anew.
        for run in cells.split_inclusive(|(_, _, cell)| unsteady(cell)) {
            self.inner.draw(run.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        }
        Ok(())
    }
}

/// More than one character in one cell.
fn unsteady(cell: &Cell) -> bool {
    cell.symbol().chars().nth(1).is_some()
}

impl<B: Backend> Backend for Steady<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.fits()?;
        let mut changed: Vec<(u16, u16, Cell)> = Vec::new();
        let mut whole: BTreeSet<u16> = BTreeSet::new();
        let mut seen: BTreeSet<u16> = BTreeSet::new();
        for (x, y, cell) in content {
            if seen.insert(y) && self.is_unsteady(y) {
                whole.insert(y);
            }
            if unsteady(cell) {
                whole.insert(y);
            }
            if let Some(shown) = self.shown.cell_mut((x, y)) {
                shown.clone_from(cell);
            }
            changed.push((x, y, cell.clone()));
        }
        changed.retain(|(_, y, _)| !whole.contains(y));
        self.write(&changed)?;
        for y in whole {
            let cells = self.line(y);
            let blank = Cell::new(" ");
            let area = self.shown.area;
            let blanks = (area.left()..area.right()).map(|x| (x, y, &blank));
            self.inner.draw(blanks)?;
            self.write(&cells)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.shown.reset();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), B::Error> {
        self.shown.reset();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::backend::TestBackend;
    use ratatui::style::Style;

    #[test]
    fn lines_with_clusters_come_out_whole() {
        let mut steady = Steady::new(TestBackend::new(12, 2));
        let area = Rect::new(0, 0, 12, 2);
        let before = Buffer::empty(area);
        let mut first = before.clone();
        first.set_string(0, 0, "त्रिपाठी, ab", Style::new());
        first.set_string(0, 1, "plain", Style::new());
        steady.draw(before.diff(&first).into_iter()).unwrap();
        steady.inner.assert_buffer(&first);
        let mut second = before.clone();
        second.set_string(0, 0, "Smith, abc", Style::new());
        second.set_string(0, 1, "陈, 伟", Style::new());
        steady.draw(first.diff(&second).into_iter()).unwrap();
        for x in [0, 7, 9] {
            assert_eq!(steady.inner.buffer().cell((x, 0)), second.cell((x, 0)));
        }
    }
}
