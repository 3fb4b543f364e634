//! What goes on behind a screen or a service: the clock, the outbox and the inbox, on a connection of their own.
//!
//! Owns the loop and its sleep. A key never waits behind it: it works on its own connection, in small transactions, and the
//! screen learns of what it did as of any neighbour's.

use super::desk::{Desk, Place};
use super::intake::{Line, Swept, sweep};
use super::{Trouble, print};
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
fn pass(desk: &mut Desk) -> Result<(Swept, Ticked), Trouble> {
    let taken = sweep(desk)?;
    let now = desk.now();
    Ok((taken, desk.engine.tick(now, LIMIT)?))
}

/// The loop of `refdesk run`, until it is told to stop. What goes wrong is said once and tried again in the next pass: a
/// disk that was full for a moment does not end the clinic's clock.
pub(crate) fn serve(
    desk: &mut Desk,
    stop: &AtomicBool,
    mut said: impl FnMut(&Desk, Vec<Line>, &Ticked) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut troubles = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let now = match pass(desk) {
            Ok((swept, ticked)) => {
                said(desk, swept.taken, &ticked)?;
                swept.troubles
            }
            Err(Trouble(why)) => vec![format!("{why}. It is tried again")],
        };
        for trouble in now.iter().filter(|trouble| !troubles.contains(*trouble)) {
            print::error(trouble);
        }
        troubles = now;
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
    /// outbox, and `doctor` names what stays in the inbox.
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
        Ok(Background { stop, thread: Some(thread) })
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
