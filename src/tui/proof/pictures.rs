//! The pictures of a document's pages, as far as they were looked at.
//!
//! Owns which are held, and when one is asked for. Must not know how a page is drawn.

use super::Proof;
use crate::config::screen;
use crate::intake::Picture;
use crate::intake::document::{Container, Page, Shot};
use crate::tui::glass::Glass;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pages that are held at once: a page of a fax has four million pixels.
const HELD: usize = 4;

/// Pictures of pages.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// By page, from 1; none where a page has no picture.
    pages: BTreeMap<u32, Option<Arc<Picture>>>,
    /// The page that was asked for last, until it comes.
    asked: Option<u32>,
}

impl Pictures {
    /// Says whether a page must be asked for, and takes note that it is.
    pub fn ask(&mut self, page: u32) -> bool {
        let new = !self.pages.contains_key(&page) && self.asked != Some(page);
        if new {
            self.asked = Some(page);
        }
        new
    }

    /// Takes a page's picture in. Of many, those next to it stay.
    pub fn take(&mut self, page: u32, picture: Option<Arc<Picture>>) {
        self.asked = self.asked.filter(|asked| *asked != page);
        self.pages.insert(page, picture);
        while self.pages.len() > HELD {
            let farthest = self.pages.keys().copied().max_by_key(|each| each.abs_diff(page));
            if let Some(farthest) = farthest {
                self.pages.remove(&farthest);
            }
        }
    }

    /// The picture of a page, where it is here.
    pub fn of(&self, page: u32) -> Option<&Arc<Picture>> {
        self.pages.get(&page).and_then(Option::as_ref)
    }

    /// Whether a page is on its way.
    pub fn waits(&self, page: u32) -> bool {
        self.asked == Some(page)
    }
}

impl Proof {
    /// Which page is looked at, counted from 1: that of the field under the cursor, else the first.
    pub fn page(&self) -> u32 {
        self.place().map_or(1, |place| place.page)
    }

    fn read_page(&self) -> Option<&Page> {
        let index = usize::try_from(self.page().saturating_sub(1)).ok()?;
        self.reading.pages.get(index)
    }

    /// The picture from which the page looked at was read.
    pub fn shot(&self) -> Option<Shot> {
        self.read_page()?.shot
    }

    /// How many steps to the right the view of the field under the cursor is moved.
    pub fn panned(&self) -> u16 {
        let here = self.pan.as_ref().filter(|(row, _)| *row == self.at);
        here.map_or(0, |(_, steps)| *steps)
    }

    /// Moves it.
    pub fn move_view(&mut self, by: i16) {
        self.pan = Some((self.at.clone(), self.panned().saturating_add_signed(by)));
    }

    /// Whether the place is shown as a picture: where it was read from one, unless a person turned to the text. In dots,
    /// text that was never a picture is more legible as it is.
    pub fn shows_picture(&self, pictures: screen::Pictures, glass: Option<Glass>) -> bool {
        let drawn =
            matches!(self.reading.container, Container::Image | Container::Pdf) || self.shot().is_some();
        if pictures == screen::Pictures::Off || !drawn || self.place().is_none() {
            return false;
        }
        let pixels = glass.is_some_and(|glass| glass.kind.is_some());
        let seen = pixels || self.shot().is_some() || self.reading.container == Container::Image;
        seen != self.turned
    }
}
