//! The listener for other systems' messages, behind a service or a screen.
//!
//! Owns which of several programs on one folder listens, and the way of a message from the connection into the database, on a
//! connection to it of its own: a sender waits for its answer, and not for a folder that is being swept. Each message is read in
//! the jail like a file, kept, and only then answered. Must not know blocks or sockets (`channels::mllp`), or what becomes of a document.

use super::desk::Desk;
use super::intake::{status, take_in_once};
use super::sweep::{Line, Swept};
use super::{reader, wording};
use crate::channels::lock::lock;
use crate::channels::mllp::{self, Listener, Take, Whole};
use crate::domain::referral::Source;
use crate::engine::Outcome;
use crate::intake::jail::Order;
use crate::standards::hl7v2::receipt::{self, Head, Verdict};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// What a sender hears where a message could not be kept: it still has it.
const AGAIN: &str = "it could not be kept; send it again";
const NO_MESSAGE: &str = "no HL7 v2 message: it does not begin with MSH";
const SEVERAL: &str = "several messages in one block: send each in a block of its own";
const TOO_LONG: &str = "longer than 8 MB";

/// A message on its way, and where its answer goes.
type Came = (Vec<u8>, SyncSender<Option<Vec<u8>>>);

/// The listener, where the configuration names one and no other program on this folder has it.
#[derive(Default)]
pub(crate) struct Ear(Option<Open>);

struct Open {
    /// Dropped first: the connections end, then whoever takes their messages, then the lock goes to another.
    listener: Option<Listener>,
    taker: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    news: Receiver<Line>,
    _lock: File,
}

impl Ear {
    /// Opens the listener where it is not open, and tells what came since the last look. One that cannot be opened is tried again with
    /// the next pass.
    pub fn look(&mut self, desk: &Desk, swept: &mut Swept) {
        let mllp = &desk.config.settings().intake.mllp;
        let Some(address) = mllp.address() else { return };
        if self.0.as_ref().is_some_and(Open::is_over) {
            self.0 = None;
        }
        if self.0.is_none() {
            match Open::begin(desk, address) {
                Ok(open) => self.0 = open,
                Err(why) => swept
                    .troubles
                    .push(format!("nobody is listened to at {address}: {why}")),
            }
        }
        if let Some(open) = &self.0 {
            swept.taken.extend(open.news.try_iter());
        }
    }
}

impl Open {
    /// None where another program on this folder listens.
    fn begin(desk: &Desk, address: SocketAddr) -> Result<Option<Open>, String> {
        let plain = |error: std::io::Error| wording::cause(&error);
        let Some(lock) = lock(&lock_of(desk)).map_err(plain)? else {
            return Ok(None);
        };
        let own = Desk::with(
            desk.place.clone(),
            desk.config.clone(),
            Arc::clone(desk.engine.policy()),
        );
        let own = own.map_err(|super::Trouble(why)| why)?;
        let (hand, came) = channel::<Came>();
        let (tell, news) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let listener = Listener::open(
            address,
            desk.config.settings().intake.mllp.allowed(),
            handing(hand),
        );
        let listener = listener.map_err(plain)?;
        let flag = Arc::clone(&stop);
        let taker = std::thread::Builder::new().name("mllp-taker".into());
        let taker = taker
            .spawn(move || take_all(own, &came, &tell, &flag))
            .map_err(plain)?;
        Ok(Some(Open {
            listener: Some(listener),
            taker: Some(taker),
            stop,
            news,
            _lock: lock,
        }))
    }

    fn is_over(&self) -> bool {
        self.taker.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // What is being read is given up, and its sender sends again; what was taken is answered.
        self.stop.store(true, Ordering::Relaxed);
        drop(self.listener.take());
        if let Some(taker) = self.taker.take() {
            let _ = taker.join();
        }
    }
}

/// A connection hands its message over and waits for the answer.
fn handing(hand: Sender<Came>) -> Arc<Take> {
    let hand = Mutex::new(hand);
    Arc::new(move |bytes, whole| {
        let now = super::desk::system_now();
        let refusal = match (whole, Head::of(&bytes)) {
            (Whole::TooLong, Some(head)) => head.answer(Verdict::Rejected(TOO_LONG), now),
            (Whole::TooLong, None) => Some(receipt::rejected(TOO_LONG, now)),
            (Whole::Yes, None) => Some(receipt::rejected(NO_MESSAGE, now)),
            (Whole::Yes, Some(head)) if receipt::count(&bytes) > 1 => {
                head.answer(Verdict::Rejected(SEVERAL), now)
            }
            (Whole::Yes, Some(_)) => {
                let (answer, answered) = sync_channel(1);
                let handed = hand
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .send((bytes, answer));
                handed.map_err(drop)?;
                return answered.recv().map_err(drop);
            }
        };
        Ok(refusal)
    })
}

/// Takes message after message, until no connection is left that could bring one.
fn take_all(mut desk: Desk, came: &Receiver<Came>, tell: &Sender<Line>, stop: &AtomicBool) {
    let Ok(exe) = std::env::current_exe() else { return };
    while let Ok((bytes, answer)) = came.recv() {
        // Without an answer the connection ends, and the sender sends again.
        if let Some((said, line)) = take(&mut desk, &exe, &bytes, stop) {
            if let Some(line) = line {
                let _ = tell.send(line);
            }
            let _ = answer.send(said);
        }
    }
}

/// One message: read in the jail, kept, and what its sender is told. None where it was stopped.
fn take(
    desk: &mut Desk,
    exe: &Path,
    bytes: &[u8],
    stop: &AtomicBool,
) -> Option<(Option<Vec<u8>>, Option<Line>)> {
    let head = Head::of(bytes)?;
    let name = format!("message-{}.hl7", head.name());
    let order = Order {
        exe,
        name: &name,
        bytes,
        password: None,
        learned: &reader::handed(desk),
        cores: 1,
        stop,
        pages: &|_| {},
    };
    let read = order.read()?;
    // No second reader is asked: it reads pages, and a message states its fields.
    let occasion = head.heard_as();
    let taken = take_in_once(desk, bytes, &read, Source::Hl7v2, Some(&occasion));
    let now = desk.now();
    Some(match taken {
        Ok(taken) => {
            let line = Line {
                from: "mllp",
                status: status(&taken),
                document: taken.document,
                referral: taken.referral,
            };
            // A message that was sent again is no news.
            let news = (taken.outcome != Outcome::SeenBefore).then_some(line);
            (head.answer(Verdict::Taken, now), news)
        }
        Err(_) => (head.answer(Verdict::Failed(AGAIN), now), None),
    })
}

fn lock_of(desk: &Desk) -> PathBuf {
    desk.dir.root().join("mllp.lock")
}

/// For `doctor`; none where nothing is configured.
pub(crate) fn health(desk: &Desk) -> Option<(bool, String)> {
    let address = desk.config.settings().intake.mllp.address()?;
    Some(match lock(&lock_of(desk)) {
        Ok(None) => (true, format!("an open Refdesk listens at {address}")),
        Ok(Some(_)) => match mllp::bind(address) {
            Ok(_) => (
                true,
                format!("{address} is free: an open worklist or `refdesk run` listens there"),
            ),
            Err(error) => (
                false,
                format!(
                    "{address} cannot be listened at: {}. See who has it, or change intake.mllp.listen",
                    wording::cause(&error)
                ),
            ),
        },
        Err(error) => (
            false,
            format!("{}: {}", lock_of(desk).display(), wording::cause(&error)),
        ),
    })
}
