//! What goes on behind a screen or a service: the clock, the outbox and the inbox, on a connection of their own.
//!
//! Owns the loop and its sleep. A key never waits behind it: it works on its own connection, in small transactions, and the
//! screen learns of what it did as of any neighbour's.

use super::desk::{Desk, system_now};
use super::intake::{Line, Swept, sweep};
use super::{Trouble, print};
use crate::channels::hold::{self, ClockWatch};
use crate::domain::time::{print_stamp, show_span};
use crate::engine::outbox::Sent;
use crate::engine::tick::Ticked;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Timers and messages in one pass: a day's worth of a large clinic.
const LIMIT: usize = 100_000;
/// The inbox is looked at this often. A document that takes two seconds to be noticed is still noticed at once.
const EVERY: Duration = Duration::from_secs(2);
/// The first pass waits until the screen stands.
const FIRST: Duration = Duration::from_millis(500);

/// What goes on behind the desk, and what it has seen of the clocks.
pub(crate) struct Service {
    desk: Desk,
    watch: ClockWatch,
    /// Something was written since the WAL was last folded in.
    untidy: bool,
}

impl Service {
    pub fn new(desk: Desk) -> Service {
        Service {
            desk,
            watch: ClockWatch::default(),
            untidy: false,
        }
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// One pass: what the inbox brought, and what the clock did.
    pub fn pass(&mut self) -> Result<(Swept, Ticked), Trouble> {
        let wall = system_now();
        let drift = self.watch.moved(wall, hold::since_boot());
        let held = drift.map(|drift| {
            format!(
                "the machine's clock moved by {} at {}; check it, then `refdesk outbox resume`",
                show_span(drift),
                print_stamp(wall)
            )
        });
        if let Some(reason) = &held {
            hold::set(&self.desk.dir.outbox(), reason)?;
        }
        let mut swept = sweep(&mut self.desk)?;
        swept
            .troubles
            .extend(held.map(|reason| format!("everything that leaves is held: {reason}")));
        // Whoever says --now has the whole desk at that moment, the clock too.
        let now = self.desk.now();
        let ticked = self.desk.engine.tick(now, LIMIT)?;
        let idle = swept.taken.is_empty() && ticked.fired == 0 && ticked.sent == Sent::default();
        if idle && self.untidy {
            self.desk.engine.store().tidy()?;
        }
        self.untidy = !idle;
        Ok((swept, ticked))
    }

    /// Passes until it is told to stop. What goes wrong is said once and tried again in the next pass: a disk that was full
    /// for a moment does not end the clinic's clock.
    pub fn serve(
        &mut self,
        stop: &AtomicBool,
        mut said: impl FnMut(&Desk, Vec<Line>, &Ticked) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let mut known = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let troubles = match self.pass() {
                Ok((swept, ticked)) => {
                    said(&self.desk, swept.taken, &ticked)?;
                    swept.troubles
                }
                Err(Trouble(why)) => vec![format!("{why}. It is tried again")],
            };
            for trouble in troubles.iter().filter(|trouble| !known.contains(*trouble)) {
                print::error(trouble);
            }
            known = troubles;
            // A signal sets the flag but does not wake a sleep, so the sleep is short.
            std::thread::park_timeout(EVERY);
        }
        self.desk.engine.store().tidy()?;
        Ok(())
    }
}

/// The service behind a screen.
pub(crate) struct Background {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts it. What goes wrong in a pass is tried again in the next: the screen shows what waits in Intake and the
    /// outbox, and `doctor` names what stays in the inbox.
    pub fn start(front: &Desk) -> std::io::Result<Background> {
        let (place, config) = (front.place.clone(), front.config.clone());
        let policy = Arc::clone(front.engine.policy());
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("clock".into()).spawn(move || {
            // The first frame goes first.
            std::thread::park_timeout(FIRST);
            let Ok(desk) = Desk::with(place, config, policy) else {
                return;
            };
            let mut service = Service::new(desk);
            while !flag.load(Ordering::Relaxed) {
                let _ = service.pass();
                std::thread::park_timeout(EVERY);
            }
            let _ = service.desk().engine.store().tidy();
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
