//! The whole screen without a terminal: keys in, cells out.
//!
//! Owns a screen over a desk whose answers come at once. Golden screens, budgets of keystrokes, benchmarks and pictures of
//! the screen are made with it.

use super::chord::Chord;
use super::keep::{Kept, restore};
use super::model::Model;
use super::msg::{Effect, Msg};
use super::settings::Settings;
use super::update::{open, update};
use super::view::draw;
use super::worker::{Desk, serve};
use crate::domain::time::Stamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A screen over a desk.
pub struct Rig<D> {
    /// The screen's state.
    pub model: Model,
    /// The desk.
    pub desk: D,
    /// Now.
    pub now: Stamp,
    /// What was asked of the terminal itself: copies, an editor.
    pub asked: Vec<Effect>,
}

impl<D: Desk> Rig<D> {
    /// Opens the screen.
    pub fn open(desk: D, settings: Settings, now: Stamp, size: (u16, u16)) -> Rig<D> {
        Rig::reopen(desk, settings, now, size, Kept::default())
    }

    /// Opens the screen where somebody left it.
    pub fn reopen(desk: D, settings: Settings, now: Stamp, size: (u16, u16), kept: Kept) -> Rig<D> {
        let mut model = Model::new(settings, now, size);
        restore(&mut model, kept);
        let effects = open(&mut model);
        let asked = Vec::new();
        let mut rig = Rig {
            model,
            desk,
            now,
            asked,
        };
        rig.run(effects);
        rig
    }

    /// Presses a key and leaves what the screen asks for undone: what it shows then is what is seen until the answer comes.
    pub fn press(&mut self, chord: Chord) -> Vec<Effect> {
        update(&mut self.model, Msg::Key(chord), self.now)
    }

    /// Does what the screen asks for until it asks for nothing more.
    pub fn run(&mut self, effects: Vec<Effect>) {
        let mut queue = std::collections::VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            let own = matches!(
                effect,
                Effect::Copy(_) | Effect::Edit(_) | Effect::AskGlass(_) | Effect::Suspend
            );
            if own {
                self.asked.push(effect);
            } else if let Some(answer) = serve(&mut self.desk, effect, self.now) {
                queue.extend(update(&mut self.model, answer, self.now));
            }
        }
    }

    /// Tells the screen something.
    pub fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.run(effects);
    }

    /// Presses keys written like `jja` or `d1<enter>`.
    pub fn keys(&mut self, keys: &str) {
        for chord in Chord::parse_all(keys) {
            self.tell(Msg::Key(chord));
        }
    }

    /// The cells.
    pub fn cells(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(&self.model, &mut buffer);
        buffer
    }

    /// The screen as text, a line each, without spaces at the ends.
    pub fn text(&self) -> String {
        text_of(&self.cells())
    }
}

/// Cells as text, a line each, without spaces at the ends.
pub fn text_of(cells: &Buffer) -> String {
    let mut out = String::new();
    for y in cells.area.top()..cells.area.bottom() {
        let mut line = String::new();
        let mut covered = 0;
        for x in cells.area.left()..cells.area.right() {
            let symbol = cells.cell((x, y)).map_or(" ", |cell| cell.symbol());
            if covered > 0 {
                covered -= 1;
                continue;
            }
            line.push_str(symbol);
            covered = super::width::columns(symbol).saturating_sub(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
