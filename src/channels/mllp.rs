//! A listener for other systems' messages: HL7 v2 in blocks over TCP (MLLP, HL7 v2.5.1 appendix C).
//!
//! Owns the socket, who may connect, how many at once, and how long a sender may take. It answers when it is told what became of a
//! message, and never before. Must not know what a message says, nor where it is kept.

use crate::domain::network::is_near;
use crate::standards::hl7v2::blocks::{Blocks, Got, block};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Connections at once. Of more, the one that has been silent for the longest goes: a sender comes again by itself.
const MOST: usize = 16;
/// A block is whole within this: a megabyte at the pace of a slow line.
const BLOCK: Duration = Duration::from_secs(60);
/// Senders keep a connection open between messages; after so long without one it is closed.
const SILENCE: Duration = Duration::from_secs(3_600);
/// The carriage return after an end comes within this, or not at all.
const SETTLED: Duration = Duration::from_millis(300);
/// Whoever takes no answer for so long has gone.
const ANSWER: Duration = Duration::from_secs(10);
/// Whoever stops the listener waits no longer.
const HEARD: Duration = Duration::from_millis(250);

/// What becomes of a block: the answer, or none where the sender wants none. `Err` ends the connection without an answer: the
/// sender sends again.
pub type Take = dyn Fn(Vec<u8>, Whole) -> Result<Option<Vec<u8>>, ()> + Send + Sync;

/// Whether a block came whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// It did.
    Yes,
    /// It is its beginning: it was too long.
    TooLong,
}

/// A listener; it ends when it is dropped, once every message that it took is answered.
pub struct Listener {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The connections, with when each was last heard.
type Open = Mutex<BTreeMap<u64, (Instant, TcpStream)>>;

struct Talk {
    peers: Vec<IpAddr>,
    stop: Arc<AtomicBool>,
    open: Open,
    take: Arc<Take>,
}

impl Listener {
    /// Listens at an address of this machine or of the clinic's own network. `peers` may connect; all of these networks where
    /// nobody is named.
    ///
    /// # Errors
    /// The system's: the address is taken, or is none of this machine.
    pub fn open(address: SocketAddr, peers: Vec<IpAddr>, take: Arc<Take>) -> io::Result<Listener> {
        let listener = bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let talk = Talk {
            peers,
            stop: Arc::clone(&stop),
            open: Open::default(),
            take,
        };
        let thread = std::thread::Builder::new()
            .name("mllp".into())
            .spawn(move || listen(&listener, &talk))?;
        Ok(Listener {
            address,
            stop,
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Whether somebody could listen there now, for `doctor`.
///
/// # Errors
/// The system's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    if !is_near(address.ip()) {
        return Err(io::Error::new(
            ErrorKind::AddrNotAvailable,
            "it is no address of this machine or of the clinic's own network",
        ));
    }
    TcpListener::bind(address)
}

/// Takes connections until it is told to stop; then ends them, each once its message is answered.
fn listen(listener: &TcpListener, talk: &Talk) {
    std::thread::scope(|scope| {
        let mut number = 0;
        while !talk.stop.load(Ordering::Relaxed) {
            let mut waits = [PollFd::new(listener, PollFlags::IN)];
            let heard = Timespec {
                tv_sec: 0,
                tv_nsec: i64::from(HEARD.subsec_nanos()),
            };
            let _ = poll(&mut waits, Some(&heard));
            let (stream, peer) = match listener.accept() {
                Ok(came) => came,
                Err(error) => {
                    // Out of files, say: it is not asked again at once.
                    if error.kind() != ErrorKind::WouldBlock {
                        std::thread::sleep(HEARD);
                    }
                    continue;
                }
            };
            if !talk.may(peer.ip()) {
                continue;
            }
            number += 1;
            if talk.enter(number, &stream).is_err() {
                continue;
            }
            let own = number;
            let begun = std::thread::Builder::new()
                .name("mllp-peer".into())
                .spawn_scoped(scope, move || {
                    let _ = talk.converse(own, stream);
                    talk.leave(own);
                });
            if begun.is_err() {
                talk.leave(number);
            }
        }
        let open = talk.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, stream) in open.values() {
            let _ = stream.shutdown(Shutdown::Read);
        }
    });
}

impl Talk {
    fn may(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        is_near(peer) && (self.peers.is_empty() || self.peers.iter().any(|each| each.to_canonical() == peer))
    }

    fn enter(&self, number: u64, stream: &TcpStream) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(ANSWER))?;
        let own = stream.try_clone()?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            let silent = open.iter().min_by_key(|(_, (heard, _))| *heard);
            if let Some((_, stream)) = silent.map(|(number, _)| *number).and_then(|n| open.remove(&n)) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        open.insert(number, (Instant::now(), own));
        Ok(())
    }

    fn heard(&self, number: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((heard, _)) = open.get_mut(&number) {
            *heard = Instant::now();
        }
    }

    fn leave(&self, number: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&number);
    }

    /// One connection: blocks in, an answer to each, until the sender goes, is silent for too long, or makes no sense.
    fn converse(&self, number: u64, mut stream: TcpStream) -> io::Result<()> {
        let mut blocks = Blocks::default();
        let mut chunk = vec![0; 1 << 16];
        let mut end = Instant::now() + SILENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let wait = if blocks.may_end() { left.min(SETTLED) } else { left };
            if wait.is_zero() {
                return Ok(());
            }
            stream.set_read_timeout(Some(wait))?;
            let began = blocks.is_open();
            let (got, gone) = match stream.read(&mut chunk) {
                Ok(0) => (blocks.close().into_iter().collect(), true),
                Ok(count) => (blocks.take(chunk.get(..count).unwrap_or_default()), false),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                // Nothing came within the wait: an end without its carriage return was one.
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    (blocks.close().into_iter().collect(), false)
                }
                Err(error) => return Err(error),
            };
            let some = !got.is_empty();
            for each in got {
                self.heard(number);
                let (bytes, whole) = match each {
                    Got::Block(bytes) => (bytes, Whole::Yes),
                    Got::TooLong(bytes) => (bytes, Whole::TooLong),
                    Got::Noise => return Ok(()),
                };
                let answer = (self.take)(bytes, whole)
                    .map_err(|()| io::Error::new(ErrorKind::ConnectionAborted, "it could not be taken"))?;
                if let Some(answer) = answer {
                    stream.write_all(&block(&answer))?;
                }
                if whole == Whole::TooLong {
                    return Ok(());
                }
            }
            if gone || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            // A block has its time from its beginning, however its bytes drip.
            if some || began != blocks.is_open() {
                let time = if blocks.is_open() { BLOCK } else { SILENCE };
                end = Instant::now() + time;
            }
        }
    }
}

#[cfg(test)]
mod tests;
