//! A picture of the screen: cells as SVG, so that the README shows what the program draws.
//!
//! Owns the palette that stands for the terminal's sixteen colours, and how cells become shapes. Needs no font: every run of
//! text is held to its cells, and lines between regions are strokes. Must not know what is shown.

use super::width::{cluster, is_leftward};
use crate::domain::text;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;

/// A cell's width and height, and the size of its letters, in the picture's own units.
const CELL: (f32, f32) = (8.4, 18.0);
const LETTER: f32 = 14.0;
/// From a line's top to the foot of its letters.
const FOOT: f32 = 13.5;
/// Room around the cells, and the height of the bar above them.
const MARGIN: f32 = 14.0;
const BAR: f32 = 34.0;

const GROUND: &str = "#10151c";
const INK: &str = "#d7dee8";

/// What a colour of the terminal is in the picture; none is the ground or the ink.
fn shade(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Black => "#10151c",
        Color::Red => "#c4373f",
        Color::Green => "#7cc47f",
        Color::Yellow => "#e5c15d",
        Color::Blue => "#2b5fa8",
        Color::Magenta => "#c08bd6",
        Color::Cyan => "#6cc5d0",
        Color::Gray => "#c3ccd6",
        Color::DarkGray => "#4b5766",
        Color::LightRed => "#ff7b72",
        Color::LightGreen => "#9be29b",
        Color::LightYellow => "#ffe28a",
        Color::LightBlue => "#8ab8ff",
        Color::LightMagenta => "#e0b0f0",
        Color::LightCyan => "#a8eef5",
        Color::White => "#ffffff",
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => return None,
    })
}

/// How a run of text looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: &'static str,
    ground: Option<&'static str>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

fn look(cell: &Cell) -> Look {
    let (mut ink, mut ground) = (shade(cell.fg).unwrap_or(INK), shade(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        (ink, ground) = (ground.unwrap_or(GROUND), Some(ink));
    }
    Look {
        ink,
        ground,
        bold: cell.modifier.contains(Modifier::BOLD),
        dim: cell.modifier.contains(Modifier::DIM),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

/// Strokes of the box drawing characters, as the ends of lines from the middle: left, right, up, down.
fn strokes(symbol: &str) -> Option<[bool; 4]> {
    Some(match symbol {
        "─" => [true, true, false, false],
        "│" => [false, false, true, true],
        "┌" => [false, true, false, true],
        "┐" => [true, false, false, true],
        "└" => [false, true, true, false],
        "┘" => [true, false, true, false],
        "┬" => [true, true, false, true],
        "┴" => [true, true, true, false],
        _ => return None,
    })
}

/// The cells as a picture, in a window with a title.
pub fn svg(cells: &Buffer, title: &str) -> String {
    let (columns, lines) = (f32::from(cells.area.width), f32::from(cells.area.height));
    let width = columns * CELL.0 + 2.0 * MARGIN;
    let height = lines * CELL.1 + 2.0 * MARGIN + BAR;
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"10\" fill=\"{GROUND}\"/>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"10\" fill=\"none\" stroke=\"#2a3441\"/>",
        escaped(title),
        width - 1.0,
        height - 1.0,
    );
    for (index, color) in ["#ff6058", "#ffbd2e", "#28c941"].iter().enumerate() {
        let x = 20.0 + 18.0 * f32::from(u8::try_from(index).unwrap_or(0));
        let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"18\" r=\"5.5\" fill=\"{color}\"/>");
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.0}\" y=\"22.5\" text-anchor=\"middle\" font-family=\"system-ui, sans-serif\" font-size=\"12.5\" \
         fill=\"#8a97a6\">{}</text>",
        width / 2.0,
        escaped(title),
    );
    let _ = writeln!(
        out,
        "<g font-family=\"ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono', monospace\" \
         font-size=\"{LETTER}\">"
    );
    for y in 0..cells.area.height {
        line(&mut out, cells, y);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// A run of cells with one look.
struct Run {
    x: u16,
    wide: usize,
    text: String,
    look: Look,
}

fn line(out: &mut String, cells: &Buffer, y: u16) {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while let Some(cell) = cells.cell((x, y)) {
        let wide = cluster(cell.symbol()).max(1);
        let look = look(cell);
        // Letters of other scripts come from other fonts: each run of them is held to its own cells.
        let alone = !cell.symbol().is_ascii();
        let rtl = cell.symbol().chars().next().is_some_and(is_leftward);
        match runs.last_mut() {
            Some(run) if run.look == look && joins(&run.text, cell.symbol(), alone, rtl) => {
                run.text.push_str(cell.symbol());
                run.wide += wide;
            }
            Some(_) | None => runs.push(Run {
                x,
                wide,
                text: cell.symbol().to_owned(),
                look,
            }),
        }
        x = x.saturating_add(u16::try_from(wide).unwrap_or(1));
    }
    for run in &runs {
        shape(out, run, y);
    }
}

/// Whether a cell goes on with a run: plain letters with plain letters, a name from right to left as a whole.
fn joins(run: &str, symbol: &str, alone: bool, rtl: bool) -> bool {
    let leftward = run.chars().any(is_leftward);
    if leftward {
        return rtl;
    }
    !rtl && alone != run.is_ascii() && (!alone || strokes(symbol).is_some() == strokes(first(run)).is_some())
}

fn first(text: &str) -> &str {
    text.chars()
        .next()
        .and_then(|c| text.get(..c.len_utf8()))
        .unwrap_or_default()
}

fn shape(out: &mut String, run: &Run, y: u16) {
    let left = MARGIN + f32::from(run.x) * CELL.0;
    let top = MARGIN + BAR + f32::from(y) * CELL.1;
    let cells = f32::from(u16::try_from(run.wide).unwrap_or(u16::MAX));
    let width = cells * CELL.0;
    if let Some(ground) = run.look.ground {
        // A little over its edge: no seam between neighbours.
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{ground}\"/>",
            width + 0.3,
            CELL.1 + 0.3,
        );
    }
    let text = run.text.trim_end();
    if text.is_empty() {
        return;
    }
    if strokes(first(text)).is_some() {
        stroke(out, run, left, top);
        return;
    }
    let lead = text.len() - text.trim_start().len();
    let (start, shown) = (
        f32::from(u16::try_from(lead).unwrap_or(0)) * CELL.0,
        text.trim_start(),
    );
    let columns: usize = unicode_segmentation::UnicodeSegmentation::graphemes(shown, true)
        .map(cluster)
        .sum();
    let length = f32::from(u16::try_from(columns).unwrap_or(u16::MAX)) * CELL.0;
    let mut marks = String::new();
    if run.look.bold {
        marks.push_str(" font-weight=\"600\"");
    }
    if run.look.dim {
        marks.push_str(" opacity=\"0.62\"");
    }
    if run.look.underlined {
        marks.push_str(" text-decoration=\"underline\"");
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{marks}>{}</text>",
        left + start,
        top + FOOT,
        run.look.ink,
        // Blanks that count: a viewer draws a row of plain ones as one.
        escaped(shown).replace(' ', "\u{a0}"),
    );
}

fn stroke(out: &mut String, run: &Run, left: f32, top: f32) {
    let mut path = String::new();
    let (half, middle) = (CELL.0 / 2.0, top + CELL.1 / 2.0);
    let mut x = left;
    for symbol in run.text.chars() {
        let Some([to_left, to_right, up, down]) = strokes(symbol.encode_utf8(&mut [0; 4])) else {
            x += CELL.0;
            continue;
        };
        if to_left || to_right {
            let from = if to_left { x } else { x + half };
            let to = if to_right { x + CELL.0 } else { x + half };
            let _ = write!(path, "M{from:.1} {middle:.1}H{to:.1}");
        }
        if up || down {
            let from = if up { top } else { middle };
            let to = if down { top + CELL.1 } else { middle };
            let _ = write!(path, "M{:.1} {from:.1}V{to:.1}", x + half);
        }
        x += CELL.0;
    }
    let _ = writeln!(
        out,
        "<path d=\"{path}\" stroke=\"{}\" fill=\"none\"/>",
        run.look.ink
    );
}

fn escaped(text: &str) -> String {
    text::line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn text_is_held_to_its_cells_and_markup_is_text() {
        let mut cells = Buffer::empty(Rect::new(0, 0, 20, 2));
        cells.set_string(0, 0, "a<b> 陈 אב", Style::new());
        cells.set_string(0, 1, "──┐", Style::new().fg(Color::Red));
        let picture = svg(&cells, "T & T");
        assert!(picture.contains(
            "textLength=\"33.6\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#d7dee8\">a&lt;b&gt;</text>"
        ));
        assert!(
            picture
                .contains("textLength=\"16.8\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#d7dee8\">陈</text>")
        );
        assert!(picture.contains(">אב</text>") && picture.contains("<title>T &amp; T</title>"));
        assert!(picture.contains("stroke=\"#c4373f\"") && !picture.contains('─'));
    }
}
