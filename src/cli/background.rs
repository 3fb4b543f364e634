//! What goes on behind a screen or a service: the clock, the outbox, the watched folders and the listener, each on a connection of
//! its own.
//!
//! Owns the loop and its sleep. A key never waits behind it: it works on its own connection, in small transactions, and the
//! screen learns of what it did as of any neighbour's.

use super::desk::{Desk, system_now};
use super::ear::Ear;
use super::sweep::{Line, Sweeper, Swept};
use super::{Trouble, downtime, print};
use crate::channels::hold::{self, ClockWatch};
use crate::domain::time::{Stamp, print_stamp, show_span};
use crate::engine::outbox::Sent;
use crate::engine::tick::Ticked;
use crate::tui::{Errand, News};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Timers and messages in one pass: a day's worth of a large clinic.
const LIMIT: usize = 100_000;
/// The folders are looked at this often. A document that takes two seconds to be noticed is still noticed at once.
const EVERY: Duration = Duration::from_secs(2);
/// The first pass waits until the screen stands.
const FIRST: Duration = Duration::from_millis(500);
/// Whoever asks for something, or quits, is heard within this.
const HEARD: Duration = Duration::from_millis(250);

/// What goes on behind the desk, and what it has seen of the clocks.
pub(crate) struct Service {
    desk: Desk,
    watch: ClockWatch,
    sweeper: Sweeper,
    ear: Ear,
    /// Something was written since the WAL was last folded in.
    untidy: bool,
    /// The version of the file at the last pass: another one means that somebody else has written.
    version: Option<i64>,
    /// When the downtime pack was last written.
    packed: Option<Stamp>,
}

impl Service {
    pub fn new(desk: Desk) -> Service {
        Service {
            desk,
            watch: ClockWatch::default(),
            sweeper: Sweeper::default(),
            ear: Ear::default(),
            untidy: false,
            version: None,
            packed: None,
        }
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// One pass: what the folders brought, and what the clock did. `told` hears how far a long one is.
    pub fn pass(
        &mut self,
        stop: &AtomicBool,
        told: &(dyn Fn(String) + Sync),
    ) -> Result<(Swept, Ticked), Trouble> {
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
        let mut swept = self.sweeper.sweep(&mut self.desk, stop, told)?;
        self.ear.look(&self.desk, &mut swept);
        swept
            .troubles
            .extend(held.map(|reason| format!("everything that leaves is held: {reason}")));
        // Whoever says --now has the whole desk at that moment, the clock too.
        let now = self.desk.now();
        let ticked = self.desk.engine.tick(now, LIMIT)?;
        swept.troubles.extend(ticked.trouble.clone());
        swept
            .troubles
            .extend(self.pack(now).err().map(|Trouble(why)| why));
        let idle = swept.taken.is_empty()
            && ticked.fired == 0
            && ticked.answered == 0
            && ticked.sent == Sent::default();
        let version = self.desk.engine.store().data_version()?;
        let neighbour = self.version.replace(version) != Some(version);
        if idle && self.untidy {
            self.desk.engine.store().tidy()?;
        }
        // The screen writes, too, and leaves the tidying to this.
        self.untidy = !idle || neighbour;
        Ok((swept, ticked))
    }

    /// Reads a locked document again with its password.
    pub fn unlock(&mut self, errand: &Errand, stop: &AtomicBool, told: &(dyn Fn(String) + Sync)) -> News {
        let document = errand.document;
        told(format!("reading {document} with its password"));
        match super::intake::again(&mut self.desk, document, &errand.password, stop) {
            Ok(line) => News::Done(line),
            Err(Trouble(why)) => News::Trouble(format!("{document}: {why}")),
        }
    }

    /// Writes the downtime pack where the configuration asks for it and its time has come. Of several programs on one folder,
    /// the first to come writes: the others see a file that is young.
    fn pack(&mut self, now: Stamp) -> Result<(), Trouble> {
        let Some(every) = self.desk.config.settings().downtime.every.0 else {
            return Ok(());
        };
        let folder = downtime::folder(&self.desk);
        let file = folder.join("downtime.html");
        let written = || {
            let modified = std::fs::metadata(&file).and_then(|file| file.modified()).ok()?;
            Some(Stamp::from(modified))
        };
        let young = |at: Stamp| at <= now && now - at < every.span();
        if self.packed.is_some_and(young) || written().is_some_and(young) {
            return Ok(());
        }
        let rows = self.desk.config.settings().downtime.rows;
        let (store, policy) = (self.desk.engine.store(), self.desk.engine.policy());
        self.packed = Some(now);
        downtime::write(store, policy, &folder, rows, now).map(drop)
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
            let mut more = false;
            let troubles = match self.pass(stop, &|_| {}) {
                Ok((swept, ticked)) => {
                    more = swept.more;
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
            if !more {
                std::thread::park_timeout(EVERY);
            }
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
    /// Starts it. What goes wrong in a pass is told once and tried again in the next; `doctor` names what stays in a folder.
    pub fn start(front: &Desk, tell: Sender<News>, errands: Receiver<Errand>) -> std::io::Result<Background> {
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
            let mut known = Vec::new();
            let mut asked = None;
            // A screen that has gone hears nothing more, and the flag follows.
            let say = |news| drop(tell.send(news));
            while !flag.load(Ordering::Relaxed) {
                let told = AtomicBool::new(false);
                let busy = |what: String| {
                    told.store(true, Ordering::Relaxed);
                    say(News::Busy(Some(what)));
                };
                for errand in asked.take().into_iter().chain(errands.try_iter()) {
                    say(service.unlock(&errand, &flag, &busy));
                }
                let (troubles, more) = match service.pass(&flag, &busy) {
                    Ok((swept, _)) => (swept.troubles, swept.more),
                    Err(Trouble(why)) => (vec![format!("{why}. It is tried again")], false),
                };
                if told.load(Ordering::Relaxed) {
                    say(News::Busy(None));
                }
                for trouble in troubles.iter().filter(|trouble| !known.contains(*trouble)) {
                    say(News::Trouble(trouble.clone()));
                }
                known = troubles;
                if !more {
                    asked = rest(&flag, &errands);
                }
            }
            let _ = service.desk().engine.store().tidy();
        })?;
        Ok(Background {
            stop,
            thread: Some(thread),
        })
    }
}

/// Waits for the next pass, or for somebody who asks for something.
fn rest(flag: &AtomicBool, errands: &Receiver<Errand>) -> Option<Errand> {
    let end = Instant::now() + EVERY;
    while !flag.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match errands.recv_timeout(left.min(HEARD)) {
            Ok(errand) => return Some(errand),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::park_timeout(left.min(HEARD)),
        }
    }
    None
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
