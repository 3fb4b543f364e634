//! What the terminal and the system say, as messages.
//!
//! Owns the threads that wait for keys and for signals, and the pause in which another program has the terminal. Nothing polls.
//! Must not know what a message does.

use super::chord::Chord;
use super::msg::{Mouse, Msg};
use crossterm::event::{Event, MouseButton, MouseEventKind};
use std::io;
use std::sync::mpsc::Sender;
use std::thread;

/// A message of an event, where it means something.
fn message(event: Event) -> Option<Msg> {
    match (event, ()) {
        (Event::Key(key), ()) => Chord::from_event(key).map(Msg::Key),
        (Event::Paste(text), ()) => Some(Msg::Paste(text)),
        (Event::Resize(width, height), ()) => Some(Msg::Resize(width, height)),
        (Event::Mouse(mouse), ()) => {
            let (x, y) = (mouse.column, mouse.row);
            let mouse = match (mouse.kind, ()) {
                (MouseEventKind::Down(MouseButton::Left), ()) => Mouse::Press(x, y),
                (MouseEventKind::Drag(MouseButton::Left), ()) => Mouse::Drag(x, y),
                (MouseEventKind::Up(MouseButton::Left), ()) => Mouse::Release,
                (MouseEventKind::ScrollDown, ()) => Mouse::Wheel(1, x, y),
                (MouseEventKind::ScrollUp, ()) => Mouse::Wheel(-1, x, y),
                _ => return None,
            };
            Some(Msg::Mouse(mouse))
        }
        _ => None,
    }
}

/// The terminal's input.
#[cfg(unix)]
pub struct Input {
    /// A byte here stops the reading.
    stop: std::os::unix::net::UnixStream,
    stopped: std::sync::mpsc::Receiver<()>,
    go_on: Sender<()>,
}

#[cfg(unix)]
impl Input {
    /// Waits for input and passes it on, in a thread of its own.
    ///
    /// # Errors
    /// The system's.
    pub fn listen(tell: Sender<Msg>) -> io::Result<Input> {
        use std::sync::mpsc::channel;
        let (stop, hear) = std::os::unix::net::UnixStream::pair()?;
        let (say_stopped, stopped) = channel();
        let (go_on, told) = channel();
        thread::Builder::new().name("input".into()).spawn(move || {
            while let Some(waiting) = wait(&hear) {
                if waiting == Waiting::Stop {
                    if say_stopped.send(()).is_err() || told.recv().is_err() {
                        return;
                    }
                } else if read(&tell).is_none() {
                    break;
                }
            }
            // The terminal went away.
            let _ = tell.send(Msg::Terminate);
        })?;
        Ok(Input { stop, stopped, go_on })
    }

    /// Lets another program have the terminal: nothing is read until [`Input::resume`].
    pub fn pause(&mut self) {
        use std::io::Write as _;
        if self.stop.write_all(&[0]).is_ok() {
            let _ = self.stopped.recv();
        }
    }

    /// Reads again.
    pub fn resume(&mut self) {
        let _ = self.go_on.send(());
    }
}

#[cfg(unix)]
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Input,
    Stop,
}

/// Waits for input or the wish to stop; none once the terminal is gone.
#[cfg(unix)]
fn wait(hear: &std::os::unix::net::UnixStream) -> Option<Waiting> {
    use rustix::event::{PollFd, PollFlags, poll};
    use std::io::Read as _;
    let stdin = io::stdin();
    loop {
        let mut both = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(hear, PollFlags::IN),
        ];
        match poll(&mut both, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return None,
            Ok(_) => {}
        }
        let [input, stop] = both.map(|fd| fd.revents());
        if stop.intersects(PollFlags::IN) {
            let mut hear = hear;
            return hear.read_exact(&mut [0]).ok().map(|()| Waiting::Stop);
        }
        // Readable without a byte is the end of the input.
        let bytes = rustix::io::ioctl_fionread(&stdin).unwrap_or(0);
        if bytes > 0 {
            return Some(Waiting::Input);
        }
        if !input.is_empty() {
            return None;
        }
    }
}

/// How long more of a burst is waited for; with no wait at all, crossterm does not look.
#[cfg(unix)]
const DRAIN: std::time::Duration = std::time::Duration::from_millis(1);

/// Passes on all that has come; none once nobody listens or the terminal is gone.
#[cfg(unix)]
fn read(tell: &Sender<Msg>) -> Option<()> {
    while crossterm::event::poll(DRAIN).ok()? {
        let event = crossterm::event::read().ok()?;
        if let Some(msg) = message(event) {
            tell.send(msg).ok()?;
        }
    }
    Some(())
}

/// The system's wishes are messages like any other: that the program end, that it look at the terminal's size, that it was
/// stopped and goes on.
///
/// # Errors
/// The system's.
#[cfg(unix)]
pub fn signals(tell: &Sender<Msg>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
    use std::io::Read as _;
    let ends: &[i32] = &[SIGHUP, SIGINT, SIGTERM];
    let says: [fn() -> Msg; 3] = [|| Msg::Terminate, || Msg::Wake, || Msg::Resumed];
    for (signals, msg) in [ends, &[SIGWINCH], &[SIGCONT]].into_iter().zip(says) {
        // Each signal writes a byte into a pipe; nothing polls.
        let (mut heard, rung) = std::os::unix::net::UnixStream::pair()?;
        for signal in signals {
            signal_hook::low_level::pipe::register(*signal, rung.try_clone()?)?;
        }
        let tell = tell.clone();
        thread::Builder::new().name("signals".into()).spawn(move || {
            while heard.read_exact(&mut [0]).is_ok() && tell.send(msg()).is_ok() {}
        })?;
    }
    Ok(())
}

/// The terminal's input.
#[cfg(not(unix))]
pub struct Input;

#[cfg(not(unix))]
impl Input {
    /// Waits for input and passes it on, in a thread of its own.
    ///
    /// # Errors
    /// The system's.
    pub fn listen(tell: Sender<Msg>) -> io::Result<Input> {
        thread::Builder::new().name("input".into()).spawn(move || {
            while let Ok(event) = crossterm::event::read() {
                if message(event).is_some_and(|msg| tell.send(msg).is_err()) {
                    return;
                }
            }
            let _ = tell.send(Msg::Terminate);
        })?;
        Ok(Input)
    }

    /// Here, the reading cannot be stopped: no other program is started.
    pub fn pause(&mut self) {}

    /// See [`Input::pause`].
    pub fn resume(&mut self) {}
}

/// Here, the system has no signals.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn signals(_: &Sender<Msg>) -> io::Result<()> {
    Ok(())
}
