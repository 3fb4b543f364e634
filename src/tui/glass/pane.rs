//! The one picture that stands on the terminal: put there after the cells are drawn, taken away before anything else stands there.
//!
//! Owns what is shown now. Must not know why.

use super::{Crop, Glass, Kind, around, iterm, kitty, sixel};
use crate::domain::id::DocumentId;
use crate::intake::Picture;
use ratatui::layout::Rect;
use std::sync::Arc;

/// What is to be shown where.
#[derive(Clone, PartialEq)]
pub struct Shown {
    /// Of which document.
    pub document: DocumentId,
    /// The page.
    pub page: Arc<Picture>,
    /// The field on it, in fractions of the page.
    pub field: [f32; 4],
    /// Steps to the right of a field that is longer than the view.
    pub steps: u16,
    /// The cells.
    pub area: Rect,
}

/// Pixels that a line of letters gets in height, in heights of a cell: as large as the text beside it, or a little larger.
const LETTERS: f32 = 1.5;
/// And at least, where the field is long.
const LEAST: f32 = 0.9;
/// Thickness of the frame around the field, and its distance from it, in pixels.
const FRAME: i64 = 2;
const MARGIN: i64 = 4;

/// What stands on the terminal.
#[derive(Default)]
pub struct Pane {
    shown: Option<Shown>,
}

impl Pane {
    /// Before the cells are drawn: the sequence that takes away what is no longer wanted, and whether the cells must be drawn
    /// anew for it.
    pub fn clear(&mut self, wanted: Option<&Shown>, kind: Option<Kind>) -> (String, bool) {
        if self.shown.is_none() || self.shown.as_ref() == wanted {
            return (String::new(), false);
        }
        self.shown = None;
        match kind {
            Some(Kind::Kitty) => (kitty::take_away(), false),
            Some(Kind::Sixel | Kind::Iterm) => (String::new(), true),
            None => (String::new(), false),
        }
    }

    /// After the cells are drawn: the sequence that puts the picture there; empty where it stands there already.
    pub fn put(&mut self, wanted: Option<Shown>, glass: Glass) -> String {
        let (Some(wanted), Some(kind)) = (wanted, glass.kind) else {
            return String::new();
        };
        if self.shown.as_ref() == Some(&wanted) {
            return String::new();
        }
        let drawn = sequence(&wanted, kind, glass.cell).unwrap_or_default();
        self.shown = Some(wanted);
        drawn
    }

    /// The terminal was emptied, or lent: nothing stands there.
    pub fn forget(&mut self) {
        self.shown = None;
    }
}

fn sequence(wanted: &Shown, kind: Kind, cell: (u16, u16)) -> Option<String> {
    let area = wanted.area;
    let size = (
        usize::from(area.width) * usize::from(cell.0),
        usize::from(area.height) * usize::from(cell.1),
    );
    let high = f32::from(cell.1);
    let crop = around(
        &wanted.page,
        wanted.field,
        size,
        high * LETTERS,
        high * LEAST,
        wanted.steps,
    )?;
    let picture = framed(&crop)?;
    let drawn = match kind {
        Kind::Kitty => kitty::put(&picture, area.width, area.height)?,
        Kind::Iterm => iterm::put(&picture, area.width, area.height)?,
        Kind::Sixel => sixel::put(&picture),
    };
    // The cursor is put back by the next drawing; rows and columns count from 1.
    Some(format!(
        "\u{1b}7\u{1b}[{};{}H{drawn}\u{1b}8",
        area.y + 1,
        area.x + 1
    ))
}

/// The part with a frame around the field.
fn framed(crop: &Crop) -> Option<Picture> {
    let [left, top, right, bottom] = crop.field;
    let inner = [left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN];
    let outer = [
        inner[0] - FRAME,
        inner[1] - FRAME,
        inner[2] + FRAME,
        inner[3] + FRAME,
    ];
    let within = |[left, top, right, bottom]: [i64; 4], x: i64, y: i64| {
        (left..right).contains(&x) && (top..bottom).contains(&y)
    };
    let mut grey = Vec::with_capacity(crop.picture.width() * crop.picture.height());
    for (row, y) in crop.picture.rows().zip(0_i64..) {
        grey.extend(row.iter().zip(0_i64..).map(|(pixel, x)| {
            let frame = within(outer, x, y) && !within(inner, x, y);
            if frame { 0 } else { *pixel }
        }));
    }
    Picture::new(crop.picture.width(), crop.picture.height(), grey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(area: Rect) -> Shown {
        Shown {
            document: DocumentId(1),
            page: Arc::new(Picture::new(400, 500, vec![255; 200_000]).unwrap()),
            field: [0.4, 0.4, 0.6, 0.43],
            steps: 0,
            area,
        }
    }

    #[test]
    fn a_picture_is_put_once_and_taken_away_before_anything_else() {
        let area = Rect::new(4, 3, 40, 10);
        for (kind, away, anew) in [
            (Kind::Kitty, kitty::take_away(), false),
            (Kind::Sixel, String::new(), true),
            (Kind::Iterm, String::new(), true),
        ] {
            let glass = Glass {
                kind: Some(kind),
                cell: (8, 16),
            };
            let mut pane = Pane::default();
            assert_eq!(pane.clear(None, Some(kind)), (String::new(), false));
            let first = pane.put(Some(shown(area)), glass);
            assert!(first.starts_with("\u{1b}7\u{1b}[4;5H") && first.ends_with("\u{1b}8"));
            assert_eq!(pane.clear(Some(&shown(area)), Some(kind)), (String::new(), false));
            assert_eq!(pane.put(Some(shown(area)), glass), "");
            let other = shown(Rect { width: 30, ..area });
            assert_eq!(pane.clear(Some(&other), Some(kind)), (away.clone(), anew));
            assert!(!pane.put(Some(other), glass).is_empty());
            assert_eq!(pane.clear(None, Some(kind)), (away, anew));
            assert_eq!(pane.put(None, glass), "");
        }
    }

    #[test]
    fn the_frame_stands_around_the_field() {
        let crop = Crop {
            picture: Picture::new(60, 40, vec![255; 2400]).unwrap(),
            field: [20, 15, 40, 25],
        };
        let framed = framed(&crop).unwrap();
        let dark = |x: usize, y: usize| framed.row(y)[x] == 0;
        assert!(dark(15, 20) && dark(44, 20) && dark(30, 10) && dark(30, 29));
        assert!(!dark(30, 20) && !dark(13, 20) && !dark(17, 20));
    }
}
