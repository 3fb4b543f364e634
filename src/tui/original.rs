//! A document's own bytes, to be drawn in a jailed process: what comes from outside is never unpacked in this one.
//!
//! Owns what such a drawing needs. Must not know who looks at it.

use crate::intake::Picture;
use crate::intake::document::Shot;
use crate::intake::jail::Order;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// A document's bytes.
pub struct Original {
    /// The program itself, which dispatches the jail's commands.
    pub exe: PathBuf,
    /// What the file is called.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Opens it, where it is locked.
    pub password: Option<String>,
}

impl Original {
    /// Draws a page, counted from 1; none where it has no picture, or `stop` was set.
    pub fn draw(&self, page: u32, shot: Option<Shot>, stop: &AtomicBool) -> Option<Picture> {
        let order = Order {
            exe: &self.exe,
            name: &self.name,
            bytes: &self.bytes,
            password: self.password.as_deref(),
            learned: "",
            cores: 1,
            stop,
            pages: &|_| {},
        };
        order.draw(page, shot)
    }
}
