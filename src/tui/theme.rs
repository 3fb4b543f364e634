//! Themes: what a role looks like.
//!
//! Owns the mapping from roles to the terminal's own sixteen colours. Must not know what is drawn. No role is told by colour
//! alone: whatever wears one also has a sign or a word.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Ordinary text.
    Text,
    /// Less important.
    Dim,
    /// Headings.
    Head,
    /// The row under the cursor.
    Cursor,
    /// A key to press.
    Key,
    /// An emergency.
    Emergency,
    /// Something wrong.
    Alarm,
    /// Needs attention soon.
    Warn,
    /// Something right.
    Good,
    /// Lines between regions.
    Rule,
    /// The place of a field in a document.
    Place,
}

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// High contrast.
    HighContrast,
    /// No colours: bold, underline and reverse only.
    Mono,
}

impl Theme {
    /// Every theme with its name in the configuration.
    pub const ALL: [(Theme, &'static str); 4] = [
        (Theme::Dark, "dark"),
        (Theme::Light, "light"),
        (Theme::HighContrast, "high-contrast"),
        (Theme::Mono, "mono"),
    ];

    /// The look of a role.
    pub fn style(self, tone: Tone) -> Style {
        let (fg, bg, modifier) = match self {
            Theme::Dark => dark(tone),
            Theme::Light => light(tone),
            Theme::HighContrast => high_contrast(tone),
            Theme::Mono => (Color::Reset, Color::Reset, mono(tone)),
        };
        Style::new().fg(fg).bg(bg).add_modifier(modifier)
    }
}

type Look = (Color, Color, Modifier);

fn mono(tone: Tone) -> Modifier {
    match tone {
        Tone::Text | Tone::Rule | Tone::Good => Modifier::empty(),
        Tone::Dim => Modifier::DIM,
        Tone::Head | Tone::Key | Tone::Warn => Modifier::BOLD,
        Tone::Cursor => Modifier::REVERSED,
        Tone::Emergency | Tone::Alarm => Modifier::BOLD.union(Modifier::REVERSED),
        Tone::Place => Modifier::UNDERLINED,
    }
}

fn dark(tone: Tone) -> Look {
    let plain = |fg| (fg, Color::Reset, Modifier::empty());
    match tone {
        Tone::Text => plain(Color::Reset),
        // The terminal's own text, paler: "bright black" is all but the ground in some palettes.
        Tone::Dim => (Color::Reset, Color::Reset, Modifier::DIM),
        Tone::Rule => plain(Color::DarkGray),
        Tone::Head => (Color::Cyan, Color::Reset, Modifier::BOLD),
        Tone::Cursor => (Color::White, Color::Blue, Modifier::BOLD),
        Tone::Key => (Color::Yellow, Color::Reset, Modifier::BOLD),
        Tone::Emergency => (Color::White, Color::Red, Modifier::BOLD),
        Tone::Alarm => (Color::LightRed, Color::Reset, Modifier::BOLD),
        Tone::Warn => plain(Color::Yellow),
        Tone::Good => plain(Color::Green),
        Tone::Place => (Color::Black, Color::Yellow, Modifier::empty()),
    }
}

fn light(tone: Tone) -> Look {
    let plain = |fg| (fg, Color::Reset, Modifier::empty());
    match tone {
        Tone::Text => plain(Color::Reset),
        Tone::Dim => (Color::Reset, Color::Reset, Modifier::DIM),
        Tone::Rule => plain(Color::DarkGray),
        Tone::Head => (Color::Blue, Color::Reset, Modifier::BOLD),
        Tone::Cursor => (Color::Black, Color::Cyan, Modifier::BOLD),
        Tone::Key => (Color::Magenta, Color::Reset, Modifier::BOLD),
        Tone::Emergency => (Color::White, Color::Red, Modifier::BOLD),
        Tone::Alarm => (Color::Red, Color::Reset, Modifier::BOLD),
        Tone::Warn => plain(Color::Magenta),
        // Green and cyan are too pale for a light ground.
        Tone::Good => plain(Color::Blue),
        Tone::Place => (Color::Black, Color::Yellow, Modifier::empty()),
    }
}

fn high_contrast(tone: Tone) -> Look {
    let bold = |fg| (fg, Color::Black, Modifier::BOLD);
    match tone {
        Tone::Text | Tone::Dim | Tone::Rule => (Color::White, Color::Black, Modifier::empty()),
        Tone::Head => bold(Color::White),
        Tone::Cursor => (Color::Black, Color::White, Modifier::BOLD),
        Tone::Key | Tone::Warn => bold(Color::LightYellow),
        Tone::Emergency => (
            Color::White,
            Color::Red,
            Modifier::BOLD.union(Modifier::UNDERLINED),
        ),
        Tone::Alarm => bold(Color::LightRed),
        Tone::Good => bold(Color::LightGreen),
        Tone::Place => (Color::Black, Color::LightYellow, Modifier::BOLD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 11] = [
        Tone::Text,
        Tone::Dim,
        Tone::Head,
        Tone::Cursor,
        Tone::Key,
        Tone::Emergency,
        Tone::Alarm,
        Tone::Warn,
        Tone::Good,
        Tone::Rule,
        Tone::Place,
    ];

    /// The sixteen colours as xterm has them (XTerm-col.ad).
    fn rgb(color: Color) -> Option<[f64; 3]> {
        Some(match color {
            Color::Black => [0.0, 0.0, 0.0],
            Color::Red => [205.0, 0.0, 0.0],
            Color::Green => [0.0, 205.0, 0.0],
            Color::Yellow => [205.0, 205.0, 0.0],
            Color::Blue => [0.0, 0.0, 238.0],
            Color::Magenta => [205.0, 0.0, 205.0],
            Color::Cyan => [0.0, 205.0, 205.0],
            Color::DarkGray => [127.0, 127.0, 127.0],
            Color::LightRed => [255.0, 0.0, 0.0],
            Color::LightGreen => [0.0, 255.0, 0.0],
            Color::LightYellow => [255.0, 255.0, 0.0],
            Color::White => [255.0, 255.0, 255.0],
            Color::Reset
            | Color::Gray
            | Color::LightBlue
            | Color::LightMagenta
            | Color::LightCyan
            | Color::Rgb(..)
            | Color::Indexed(_) => return None,
        })
    }

    /// Contrast after WCAG 2.2.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let light = |rgb: [f64; 3]| {
            let part = |value: f64| {
                let value = value / 255.0;
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * part(rgb[0]) + 0.7152 * part(rgb[1]) + 0.0722 * part(rgb[2])
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_role_can_be_read_on_its_ground() {
        let grounds = [
            (Theme::Dark, [0.0; 3], [229.0; 3]),
            (Theme::Light, [255.0; 3], [0.0; 3]),
            (Theme::HighContrast, [0.0; 3], [255.0; 3]),
        ];
        for (theme, ground, ink) in grounds {
            for tone in TONES {
                let style = theme.style(tone);
                let fg = style.fg.and_then(rgb).unwrap_or(ink);
                let bg = style.bg.and_then(rgb).unwrap_or(ground);
                // Lines between regions are no text (WCAG 1.4.11).
                let least = if tone == Tone::Rule { 3.0 } else { 4.5 };
                let found = contrast(fg, bg);
                assert!(found >= least, "{theme:?} {tone:?}: {found:.1}");
            }
        }
    }

    #[test]
    fn without_colours_what_matters_still_differs() {
        for theme in [Theme::Mono, Theme::HighContrast] {
            for tone in [
                Tone::Cursor,
                Tone::Key,
                Tone::Alarm,
                Tone::Warn,
                Tone::Emergency,
                Tone::Place,
            ] {
                assert_ne!(theme.style(tone), theme.style(Tone::Text), "{theme:?} {tone:?}");
            }
        }
        for tone in TONES {
            let style = Theme::Mono.style(tone);
            assert_eq!(
                (style.fg, style.bg),
                (Some(Color::Reset), Some(Color::Reset)),
                "{tone:?}"
            );
        }
    }
}
