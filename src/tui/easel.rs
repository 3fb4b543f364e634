//! Where pages are drawn: on a thread of their own, so that no command waits behind a page.
//!
//! Owns the one drawing that goes on; a later one ends it. Must not know what a page shows.

use super::msg::Msg;
use super::original::Original;
use crate::domain::id::DocumentId;
use crate::intake::document::Shot;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

/// The easel.
pub struct Easel<'a> {
    answers: &'a Sender<Msg>,
    /// Ends the drawing that goes on.
    stop: Arc<AtomicBool>,
}

impl<'a> Easel<'a> {
    /// One whose pages go to the screen.
    pub fn new(answers: &'a Sender<Msg>) -> Easel<'a> {
        Easel {
            answers,
            stop: Arc::default(),
        }
    }

    /// Draws a page; says at once where it cannot be.
    pub fn draw(
        &mut self,
        original: Result<Option<Original>, String>,
        document: DocumentId,
        page: u32,
        shot: Option<Shot>,
    ) -> Option<Msg> {
        self.stop.store(true, Ordering::Relaxed);
        let none = || Msg::Picture {
            document,
            page,
            picture: None,
        };
        let original = match original {
            Ok(Some(original)) => original,
            Ok(None) => return Some(none()),
            Err(why) => return Some(Msg::Trouble(why)),
        };
        let stop = Arc::new(AtomicBool::new(false));
        self.stop = Arc::clone(&stop);
        let answers = self.answers.clone();
        let work = move || {
            let picture = original.draw(page, shot, &stop).map(Arc::new);
            // One that was ended is asked for again when it is looked at again.
            if !stop.load(Ordering::Relaxed) {
                let _ = answers.send(Msg::Picture {
                    document,
                    page,
                    picture,
                });
            }
        };
        let started = thread::Builder::new().name("easel".into()).spawn(work);
        started.is_err().then(none)
    }
}

impl Drop for Easel<'_> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
