//! The linear mode: the worklist as lines of text, one after the other, for screen readers, braille and dumb terminals.
//!
//! The same state, keys and actions as on the screen of cells; no box, no cursor that jumps. Owns what is said when: after each
//! key, what is new in reading order (the answer, then the list, the row, the detail, the window over it, the field, what is
//! typed). Must not know how lines reach the terminal.

mod detail;
mod list;
mod proof;
mod window;

use super::model::{Model, Overlay, Pane, Place};
use crate::config::screen::Mode;
use std::collections::BTreeMap;

/// The size that the state is told: windows to be read are whole, whatever the terminal's size.
pub const SIZE: (u16, u16) = (100, 250);
/// Rows of a list that are held around the cursor, and columns of the detail's lines before they are folded.
pub(super) const ROWS: usize = 20;
pub(super) const LINE: usize = 600;

/// Something that is said, in the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    /// The answer to the last key.
    Notice,
    /// Emergencies that wait for a call.
    Alarm,
    /// The list, its count and its filter.
    Place,
    /// What neighbours changed.
    Changed,
    /// How far a look for what the filter matches is.
    Looking,
    /// The row under the cursor.
    Row,
    /// The part of the detail that is read.
    Detail,
    /// A window: what it is for.
    Window,
    /// The field that has the keys.
    Field,
    /// What is chosen.
    Choice,
    /// What is wrong with it.
    Wrong,
    /// Keys of a sequence that has begun.
    Pending,
}

/// What is said in a slot.
struct Saying {
    slot: Slot,
    /// It is said again where this differs from the last time.
    key: String,
    text: String,
}

impl Saying {
    fn new(slot: Slot, text: impl Into<String>) -> Saying {
        let text = text.into();
        Saying {
            slot,
            key: text.clone(),
            text,
        }
    }

    fn keyed(slot: Slot, key: impl Into<String>, text: impl Into<String>) -> Saying {
        Saying {
            slot,
            key: key.into(),
            text: text.into(),
        }
    }
}

/// Remembers what was said, so that only what is new is.
#[derive(Default)]
pub struct Speaker {
    said: BTreeMap<Slot, String>,
    /// The label of what is being typed, and the text so far: what is added to it is echoed on the same line.
    typed: Option<(String, String)>,
    open: bool,
}

impl Speaker {
    /// What is to be written now; empty where nothing is new. Lines end in `\n`.
    pub fn say(&mut self, model: &Model) -> String {
        let sayings = scene(model);
        let mut out = String::new();
        let mut said = BTreeMap::new();
        for saying in &sayings {
            let new = self.said.get(&saying.slot) != Some(&saying.key);
            if new && !saying.text.is_empty() {
                self.line(&mut out, &saying.text);
            }
            said.insert(saying.slot, saying.key.clone());
        }
        self.said = said;
        self.echo(&mut out, typed(model));
        out
    }

    fn line(&mut self, out: &mut String, text: &str) {
        if std::mem::take(&mut self.open) {
            out.push('\n');
        }
        out.push_str(&crate::domain::text::block(text));
        out.push('\n');
        // The line being typed has been broken: it is said anew.
        if let Some((_, text)) = &mut self.typed {
            text.push('\u{0}');
        }
    }

    /// Letters that were added are echoed; anything else says the whole line again.
    fn echo(&mut self, out: &mut String, typed: Option<(String, String)>) {
        let Some((label, text)) = typed else {
            if std::mem::take(&mut self.open) {
                out.push('\n');
            }
            self.typed = None;
            return;
        };
        let before = self.typed.as_ref().filter(|(same, _)| *same == label);
        let added = before.and_then(|(_, before)| text.strip_prefix(before.as_str()));
        match added {
            Some("") => {}
            Some(added) if self.open => out.push_str(added),
            Some(_) | None => {
                if std::mem::take(&mut self.open) {
                    out.push('\n');
                }
                out.push_str(&format!("{label}: {text}"));
            }
        }
        self.open = true;
        self.typed = Some((label, text));
    }
}

/// Everything that could be said of a state.
fn scene(model: &Model) -> Vec<Saying> {
    let mut out = Vec::new();
    out.extend(list::notice(model));
    out.extend(list::alarm(model));
    // Until the rows are there, nothing is said of them: it would be said twice.
    let coming = model.board.loading && model.board.rows.is_empty() && model.place != Place::Intake;
    if coming && model.overlay.is_none() {
        return out;
    }
    out.push(list::place(model));
    out.extend(list::changed(model));
    out.extend(list::looking(model));
    match (&model.overlay, model.pane) {
        (Some(overlay), _) => out.extend(window::sayings(model, overlay)),
        (None, Pane::Detail) => out.extend(detail::part(model)),
        (None, Pane::List) => out.extend(match model.place {
            Place::Rows(..) => list::row(model),
            Place::Intake => list::document(model),
        }),
    }
    out.extend(list::pending(model));
    out.sort_by_key(|saying| saying.slot);
    out
}

/// The label and the text of what is being typed.
fn typed(model: &Model) -> Option<(String, String)> {
    model.overlay.as_ref().and_then(window::typed)
}

/// What a window shows, as the lines of the screen of cells without its frame: for windows that are only read.
fn framed(model: &Model) -> Vec<String> {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    let mut cells = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    super::view::draw(model, &mut cells);
    let text = super::rig::text_of(&cells);
    let lines: Vec<&str> = text.lines().collect();
    let top = lines.iter().rposition(|line| line.contains('┌')).unwrap_or(0);
    let inside = lines.iter().skip(top).take_while(|line| !line.contains('└'));
    inside
        .map(|line| {
            let from = line.find(['┌', '│']).map_or(0, |at| at + '│'.len_utf8());
            let to = line
                .rfind(['┐', '│'])
                .filter(|to| *to >= from)
                .unwrap_or(line.len());
            let part = line.get(from..to).unwrap_or(line);
            part.trim_matches(|c: char| c == '─' || c.is_whitespace())
                .to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect()
}

impl Model {
    /// Whether the worklist is read out rather than drawn.
    pub fn is_linear(&self) -> bool {
        self.settings.screen.mode == Mode::Linear
    }
}

/// Whether a window lies over the list that is only read.
fn is_read(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Help(_)
        | Overlay::Notices(_)
        | Overlay::Page(_)
        | Overlay::History(_)
        | Overlay::Outbox(_) => true,
        Overlay::Form(_)
        | Overlay::Confirm(_)
        | Overlay::Find(..)
        | Overlay::Palette(_)
        | Overlay::Proof(_)
        | Overlay::Create(_) => false,
    }
}
