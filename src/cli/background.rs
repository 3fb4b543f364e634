//! What goes on behind a screen or a service: the clock, the outbox and the inbox, on a connection of their own.
//!
//! Owns the loop and its sleep. A key never waits behind it: it works on its own connection, in small transactions, and the
//! screen learns of what it did as of any neighbour's.

use super::Trouble;
use super::desk::{Desk, Place, system_now};
use super::intake;
use crate::engine::tick::Ticked;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Timers and messages in one pass: a day's worth of a large clinic.
const LIMIT: usize = 100_000;
/// The inbox is looked at this often. A document that takes two seconds to be noticed is still noticed at once.
const EVERY: Duration = Duration::from_secs(2);

/// One pass: what the inbox brought, and what the clock did.
pub(crate) fn pass(desk: &mut Desk) -> Result<(Vec<String>, Ticked), Trouble> {
    let taken = intake::sweep(desk)?;
    Ok((taken, desk.engine.tick(system_now(), LIMIT)?))
}

/// The loop of `refdesk run`, until it is told to stop.
pub(crate) fn serve(
    desk: &mut Desk,
    stop: &AtomicBool,
    mut said: impl FnMut(&Desk, Vec<String>, &Ticked) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    while !stop.load(Ordering::Relaxed) {
        let (taken, ticked) = pass(desk)?;
        said(desk, taken, &ticked)?;
        // A signal sets the flag but does not wake a sleep, so the sleep is short.
        std::thread::park_timeout(EVERY);
    }
    desk.engine.store().tidy()?;
    Ok(())
}

/// The loop behind a screen.
pub(crate) struct Background {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts it. What goes wrong in a pass is tried again in the next: the screen shows what waits in Intake and the
    /// outbox, and `doctor` says why.
    pub fn start(place: Place) -> std::io::Result<Background> {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("clock".into()).spawn(move || {
            let Ok(mut desk) = Desk::open(place) else { return };
            while !flag.load(Ordering::Relaxed) {
                let _ = pass(&mut desk);
                std::thread::park_timeout(EVERY);
            }
        })?;
        Ok(Background {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
