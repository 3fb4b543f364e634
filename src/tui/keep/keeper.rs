//! The thread that keeps what is typed, beside the screen's and the worker's: a defect in either takes nothing with it.
//!
//! Owns when something is written: at a pause in typing, and when the program ends. Must not know what is kept.

use super::files::Cabinet;
use super::{Kept, capture};
use crate::tui::model::Model;
use crate::tui::msg::Msg;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A pause in typing: what was typed is kept after it.
const PAUSE: Duration = Duration::from_millis(400);
/// Whoever never pauses is kept up with after this.
const AT_LAST: Duration = Duration::from_secs(3);

/// Keeps a screen's state.
pub struct Keeper {
    tell: Sender<Kept>,
    thread: JoinHandle<()>,
    page: PathBuf,
    sent: Kept,
    /// When something last changed, and since when it is not kept.
    changed: Option<(Instant, Instant)>,
}

impl Keeper {
    /// Over a person's files.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(cabinet: Cabinet, kept: Kept, trouble: Sender<Msg>) -> io::Result<Keeper> {
        let (tell, told) = channel();
        let page = cabinet.page();
        let thread = std::thread::Builder::new()
            .name("keeper".into())
            .spawn(move || keep(cabinet, &told, &trouble))?;
        Ok(Keeper {
            tell,
            thread,
            page,
            sent: kept,
            changed: None,
        })
    }

    /// Where a text that another program edits is put.
    pub fn page(&self) -> PathBuf {
        self.page.clone()
    }

    /// Takes note that something may have changed.
    pub fn touched(&mut self) {
        let now = Instant::now();
        self.changed = Some((now, self.changed.map_or(now, |(_, since)| since)));
    }

    /// How long until something is to be kept; none where nothing changed.
    pub fn due_in(&self) -> Option<Duration> {
        self.changed.map(|(last, since)| {
            let pause = PAUSE.saturating_sub(last.elapsed());
            pause.min(AT_LAST.saturating_sub(since.elapsed()))
        })
    }

    /// Keeps what has changed, once it is due.
    pub fn look(&mut self, model: &Model) {
        if self.due_in().is_some_and(|rest| rest.is_zero()) {
            self.keep(model);
        }
    }

    /// Keeps what has changed, now.
    pub fn keep(&mut self, model: &Model) {
        self.changed = None;
        let kept = capture(model);
        if kept != self.sent {
            self.sent = kept.clone();
            // A thread that is gone has said why.
            let _ = self.tell.send(kept);
        }
    }

    /// Keeps what has changed and waits until it is on the disk.
    pub fn end(mut self, model: &Model) {
        self.keep(model);
        drop(self.tell);
        let _ = self.thread.join();
    }
}

fn keep(mut cabinet: Cabinet, told: &Receiver<Kept>, trouble: &Sender<Msg>) {
    let mut said = false;
    while let Ok(first) = told.recv() {
        let kept = told.try_iter().last().unwrap_or(first);
        match cabinet.keep(&kept) {
            Ok(()) => said = false,
            Err(error) if !said => {
                said = true;
                let text =
                    format!("what you type cannot be kept for a crash: {error}; send it before you leave");
                let _ = trouble.send(Msg::Trouble(text));
            }
            Err(_) => {}
        }
    }
}
