//! A terminal whose columns hold.
//!
//! Terminals do not agree on the width of clusters such as `त्रि`: what follows one on its line may land beside its column, and
//! stay there. Owns the remedy: a line that has or had such a cluster is written whole, and the cursor is put anew after each.
//! Must not know what is drawn.

use super::width::{columns, is_unsteady};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use std::borrow::Borrow;
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

    /// Notes a cell that is drawn. What stood behind a wide one is gone with it, though nobody says so.
    fn note(&mut self, x: u16, y: u16, cell: &Cell) {
        if let Some(shown) = self.shown.cell_mut((x, y)) {
            shown.clone_from(cell);
        }
        for over in 1..columns(cell.symbol()) {
            let x = x.saturating_add(u16::try_from(over).unwrap_or(u16::MAX));
            if let Some(shown) = self.shown.cell_mut((x, y)) {
                shown.reset();
                shown.set_style(cell.style());
            }
        }
    }

    fn has_unsteady(&self, y: u16) -> bool {
        let across = self.shown.area.left()..self.shown.area.right();
        across.filter_map(|x| self.shown.cell((x, y))).any(unsteady)
    }

    fn write(&mut self, cells: &[(u16, u16, impl Borrow<Cell>)]) -> Result<(), B::Error> {
        // A new call puts the cursor anew.
        for run in cells.split_inclusive(|(_, _, cell)| unsteady(cell.borrow())) {
            self.inner
                .draw(run.iter().map(|(x, y, cell)| (*x, *y, cell.borrow())))?;
        }
        Ok(())
    }
}

fn unsteady(cell: &Cell) -> bool {
    is_unsteady(cell.symbol())
}

/// Blank cells in the look of a line's: where a terminal draws a cluster narrower than its room, no hole stays in a row.
fn blanks(cells: &[(u16, u16, Cell)]) -> Vec<(u16, u16, Cell)> {
    let mut out = Vec::new();
    for (x, y, cell) in cells {
        let mut blank = cell.clone();
        blank.set_symbol(" ");
        for over in 0..columns(cell.symbol()).max(1) {
            let x = x.saturating_add(u16::try_from(over).unwrap_or(u16::MAX));
            out.push((x, *y, blank.clone()));
        }
    }
    out
}

impl<B: Backend> Backend for Steady<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.fits()?;
        let mut changed: Vec<(u16, u16, &'a Cell)> = Vec::new();
        let mut whole: BTreeSet<u16> = BTreeSet::new();
        let mut seen: BTreeSet<u16> = BTreeSet::new();
        for (x, y, cell) in content {
            if seen.insert(y) && self.has_unsteady(y) {
                whole.insert(y);
            }
            if unsteady(cell) {
                whole.insert(y);
            }
            self.note(x, y, cell);
            changed.push((x, y, cell));
        }
        changed.retain(|(_, y, _)| !whole.contains(y));
        self.write(&changed)?;
        for y in whole {
            let cells = self.line(y);
            let right = self.shown.area.right();
            let blanks = blanks(&cells);
            let inside = blanks.iter().filter(|(x, _, _)| *x < right);
            self.inner.draw(inside.map(|(x, y, cell)| (*x, *y, cell)))?;
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
    use crate::tui::theme::{Theme, Tone};
    use crate::tui::view::pen::Pen;
    use ratatui::backend::TestBackend;
    use ratatui::style::Style;
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthChar;

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

    #[test]
    fn nothing_stays_behind_a_cluster_that_went() {
        let area = Rect::new(0, 0, 20, 1);
        let stubborn = Stubborn {
            size: area.as_size(),
            wide: columns,
            cells: vec![vec![' '; 20]],
        };
        let mut steady = Steady::new(stubborn);
        let mut before = Buffer::empty(area);
        for text in ["Wexler, Clara", "त्रिपाठी, अंजलि", ""] {
            let mut after = Buffer::empty(area);
            Pen::new(&mut after, Theme::Mono).line(area, &[(text, Tone::Text)]);
            steady.draw(before.diff(&after).into_iter()).unwrap();
            before = after;
        }
        assert_eq!(steady.inner.cells[0], [' '; 20]);
    }

    /// A terminal with its own mind about the width of clusters: it prints where its cursor is, and the cursor is only moved
    /// as the crossterm backend moves it, where a cell does not follow the one before.
    struct Stubborn {
        size: Size,
        wide: fn(&str) -> usize,
        cells: Vec<Vec<char>>,
    }

    impl Backend for Stubborn {
        type Error = std::io::Error;

        fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
        where
            I: Iterator<Item = (u16, u16, &'a Cell)>,
        {
            let (mut last, mut at) = (None, 0);
            for (x, y, cell) in content {
                if last != Some((x.wrapping_sub(1), y)) {
                    at = usize::from(x);
                }
                last = Some((x, y));
                let row = &mut self.cells[usize::from(y)];
                for over in 0..(self.wide)(cell.symbol()).max(1) {
                    if let Some(place) = row.get_mut(at + over) {
                        *place = if over == 0 {
                            cell.symbol().chars().next().unwrap()
                        } else {
                            '\0'
                        };
                    }
                }
                at += (self.wide)(cell.symbol());
            }
            Ok(())
        }
        fn hide_cursor(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
        fn show_cursor(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
        fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
            Ok(Position::ORIGIN)
        }
        fn set_cursor_position<P: Into<Position>>(&mut self, _: P) -> Result<(), Self::Error> {
            Ok(())
        }
        fn clear(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
        fn clear_region(&mut self, _: ClearType) -> Result<(), Self::Error> {
            Ok(())
        }
        fn size(&self) -> Result<Size, Self::Error> {
            Ok(self.size)
        }
        fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
            Ok(WindowSize {
                columns_rows: self.size,
                pixels: self.size,
            })
        }
        fn flush(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
    }

    const MINDS: [fn(&str) -> usize; 4] = [
        columns,
        // As wcwidth sums it up, emoji included.
        |cluster| cluster.chars().map(|c| c.width().unwrap_or(0)).sum(),
        // A cluster is as wide as its first character.
        |cluster| cluster.chars().next().and_then(|c| c.width()).unwrap_or(0),
        |cluster| {
            if cluster.chars().count() > 1 {
                4
            } else {
                columns(cluster)
            }
        },
    ];

    const NAMES: [&str; 9] = [
        "Smith, Jane",
        "陈, 伟",
        "त्रिपाठी, अंजलि",
        "தா, தொ",
        "אברהם, שָׁרה",
        "👍🏽❤\u{fe0f}",
        "Nu\u{301}n\u{303}ez",
        "กำที่",
        "",
    ];

    proptest::proptest! {
        /// Whatever a terminal thinks of the clusters before it, what stands behind them stands in its column.
        #[test]
        fn a_column_never_moves(names in proptest::collection::vec(0..NAMES.len(), 1..6), mind in 0..MINDS.len()) {
            let area = Rect::new(0, 0, 30, 1);
            let stubborn = Stubborn { size: area.as_size(), wide: MINDS[mind], cells: vec![vec![' '; 30]] };
            let mut steady = Steady::new(stubborn);
            let mut before = Buffer::empty(area);
            for name in names {
                let mut after = Buffer::empty(area);
                let text = format!("{}|7 Nov", crate::tui::width::fit(NAMES[name], 17));
                Pen::new(&mut after, Theme::Mono).line(area, &[(text, Tone::Text)]);
                steady.draw(before.diff(&after).into_iter()).unwrap();
                let shown: String = steady.inner.cells[0][17..23].iter().collect();
                proptest::prop_assert_eq!(shown, "|7 Nov");
                let first = NAMES[name].graphemes(true).next().and_then(|cluster| cluster.chars().next());
                proptest::prop_assert_eq!(steady.inner.cells[0][0], first.unwrap_or(' '));
                before = after;
            }
        }
    }
}
