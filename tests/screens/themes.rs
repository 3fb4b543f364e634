//! The themes: which cell has which look, as letters, for every theme at every size.

use crate::clinic::open_with;
use ratatui::style::{Color, Modifier};
use refdesk::tui::theme::Theme;
use std::fmt::Write as _;

/// Looks by letter, and the letter of every cell; a dot is the ground's own.
fn looks(width: u16, height: u16, theme: Theme, keys: &str) -> String {
    let mut desk = open_with(width, height, |settings| settings.theme = theme);
    desk.rig.keys(keys);
    let cells = desk.rig.cells();
    let mut known: Vec<(Color, Color, Modifier)> = Vec::new();
    let mut grid = String::new();
    for y in 0..height {
        let mut line = String::new();
        for x in 0..width {
            let cell = cells.cell((x, y)).unwrap();
            let look = (cell.fg, cell.bg, cell.modifier);
            if look == (Color::Reset, Color::Reset, Modifier::empty()) {
                line.push('.');
                continue;
            }
            let at = known.iter().position(|each| *each == look).unwrap_or_else(|| {
                known.push(look);
                known.len() - 1
            });
            line.push(char::from(b'a' + u8::try_from(at).unwrap()));
        }
        grid.push_str(line.trim_end_matches('.'));
        grid.push('\n');
    }
    let mut out = String::new();
    for (at, (fg, bg, modifier)) in known.iter().enumerate() {
        let letter = char::from(b'a' + u8::try_from(at).unwrap());
        writeln!(out, "{letter}: {fg} on {bg} {modifier:?}").unwrap();
    }
    out + &grid
}

#[test]
fn every_theme_at_every_size() {
    let shown = [
        (60, 20, "jy", "list"),
        (80, 24, "jy", "list"),
        (120, 40, "jy", "list"),
        (120, 40, "2jr", "form"),
        (200, 60, "jy", "list"),
    ];
    for (theme, name) in Theme::ALL {
        for (width, height, keys, shown) in shown {
            insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
                insta::assert_snapshot!(format!("theme_{name}_{shown}-{width}x{height}"), looks(width, height, theme, keys));
            });
        }
    }
}
