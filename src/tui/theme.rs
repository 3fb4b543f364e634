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

    /// The theme with a name.
    pub fn from_name(name: &str) -> Option<Theme> {
        Theme::ALL
            .iter()
            .find(|(_, each)| *each == name)
            .map(|(theme, _)| *theme)
    }

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
        Tone::Dim | Tone::Rule => plain(Color::DarkGray),
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
        Tone::Dim | Tone::Rule => plain(Color::DarkGray),
        Tone::Head => (Color::Blue, Color::Reset, Modifier::BOLD),
        Tone::Cursor => (Color::Black, Color::Cyan, Modifier::BOLD),
        Tone::Key => (Color::Magenta, Color::Reset, Modifier::BOLD),
        Tone::Emergency => (Color::White, Color::Red, Modifier::BOLD),
        Tone::Alarm => (Color::Red, Color::Reset, Modifier::BOLD),
        Tone::Warn => plain(Color::Magenta),
        Tone::Good => plain(Color::Green),
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
