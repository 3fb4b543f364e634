//! The loop: messages in, one drawing out, asleep in between.
//!
//! Owns the threads (terminal input, signals, worker) and the sleep until the next deadline. The only thread that waits for
//! the disk is the worker's.

use super::chord::Chord;
use super::model::Model;
use super::msg::{Effect, Mouse, Msg};
use super::settings::Settings;
use super::terminal::{Screen, report_panics};
use super::update::{open, update};
use super::view::draw;
use super::watch::{self, Watch};
use super::worker::{Desk, work};
use crate::domain::time::{Span, Stamp, from_seconds, seconds};
use crossterm::event::{Event, MouseButton, MouseEventKind};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Runs the screen until the person quits or the system ends it. Returns after everything sent has reached the disk.
///
/// # Errors
/// Where there is no terminal to draw on, or it went away.
pub fn run(desk: impl Desk + 'static, settings: Settings, watch: impl Watch + 'static) -> io::Result<()> {
    report_panics(settings.report.clone());
    let clock = settings.clock.clone();
    let (tell, told) = channel::<Msg>();
    let (ask, asked) = channel::<Effect>();
    let worker = {
        let (tell, clock) = (tell.clone(), clock.clone());
        thread::Builder::new()
            .name("worker".into())
            .spawn(move || work(desk, &asked, &tell, &clock))?
    };
    signals(tell.clone())?;
    look(watch, tell.clone())?;
    let mut screen = Screen::take()?;
    let input = tell;
    thread::Builder::new()
        .name("input".into())
        .spawn(move || listen(&input))?;
    let size = screen.terminal.size()?;
    let mut model = Model::new(settings, clock(), (size.width, size.height));
    let first = open(&mut model);
    let ended = turn(&mut screen, &mut model, &told, &ask, &*clock, first);
    drop(screen);
    // The worker finishes what was sent, then sees that nobody asks any more.
    drop(ask);
    match worker.join() {
        Ok(()) => ended,
        Err(_) => Err(io::Error::other(
            "the program stopped because of a defect; everything confirmed on the screen is saved",
        )),
    }
}

fn turn(
    screen: &mut Screen,
    model: &mut Model,
    told: &Receiver<Msg>,
    ask: &Sender<Effect>,
    clock: &dyn Fn() -> Stamp,
    first: Vec<Effect>,
) -> io::Result<()> {
    send(ask, first);
    loop {
        if model.quit {
            return Ok(());
        }
        if std::mem::take(&mut model.wipe) {
            screen.terminal.clear()?;
        }
        if std::mem::take(&mut model.dirty) {
            let model = &*model;
            screen.terminal.draw(|frame| {
                if let Some(place) = draw(model, frame.buffer_mut()) {
                    frame.set_cursor_position(place);
                }
            })?;
        }
        let msg = match told.recv_timeout(sleep(model, clock())) {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout) => Msg::Wake,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // The terminal's word that it was resized can be lost between a key and the next: its size is asked at every wake.
        let size = screen.terminal.size()?;
        if (size.width, size.height) != model.size {
            send(ask, update(model, Msg::Resize(size.width, size.height), clock()));
        }
        // Everything that has come by now is taken before the one drawing.
        let mut next = Some(msg);
        while let Some(msg) = next {
            let effects = update(model, msg, clock());
            send(ask, effects);
            next = told.try_recv().ok().filter(|_| !model.quit);
        }
    }
}

fn send(ask: &Sender<Effect>, effects: Vec<Effect>) {
    for effect in effects.into_iter().filter(|effect| *effect != Effect::Quit) {
        // A worker that is gone has said why; the screen stays readable.
        let _ = ask.send(effect);
    }
}

/// Looks at the configuration now and then, for as long as the screen listens.
fn look(mut watch: impl Watch + 'static, tell: Sender<Msg>) -> io::Result<()> {
    thread::Builder::new().name("watch".into()).spawn(move || {
        loop {
            thread::sleep(watch::EVERY);
            if let Some(renewal) = watch.look()
                && tell.send(Msg::Renewed(renewal)).is_err()
            {
                return;
            }
        }
    })?;
    Ok(())
}

/// How long nothing can change on the screen by itself: until the minute turns or the notice grows old.
fn sleep(model: &Model, now: Stamp) -> Duration {
    let minute = from_seconds((seconds(now).div_euclid(60) + 1) * 60);
    // In the past time stands still, and a notice waits for the next key.
    let notice = model.notices.until().filter(|_| model.past.is_none());
    let until = notice.map_or(minute, |notice| notice.min(minute));
    (until - now)
        .max(Span::milliseconds(20))
        .to_std()
        .unwrap_or(Duration::from_secs(1))
}

/// Waits for the terminal's input and passes it on.
fn listen(tell: &Sender<Msg>) {
    while let Ok(event) = crossterm::event::read() {
        let msg = match (event, ()) {
            (Event::Key(key), ()) => Chord::from_event(key).map(Msg::Key),
            (Event::Paste(text), ()) => Some(Msg::Paste(text)),
            (Event::Resize(width, height), ()) => Some(Msg::Resize(width, height)),
            (Event::Mouse(mouse), ()) => match (mouse.kind, ()) {
                (MouseEventKind::Down(MouseButton::Left), ()) => {
                    Some(Msg::Mouse(Mouse::Press(mouse.column, mouse.row)))
                }
                (MouseEventKind::ScrollDown, ()) => {
                    Some(Msg::Mouse(Mouse::Wheel(1, mouse.column, mouse.row)))
                }
                (MouseEventKind::ScrollUp, ()) => Some(Msg::Mouse(Mouse::Wheel(-1, mouse.column, mouse.row))),
                _ => None,
            },
            _ => None,
        };
        if msg.is_some_and(|msg| tell.send(msg).is_err()) {
            return;
        }
    }
    // The terminal went away.
    let _ = tell.send(Msg::Terminate);
}

/// The system's wish that the program end is a message like any other.
#[cfg(unix)]
fn signals(tell: Sender<Msg>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use std::io::Read as _;
    // Each signal writes a byte into a pipe; nothing polls.
    let (mut heard, rung) = std::os::unix::net::UnixStream::pair()?;
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        signal_hook::low_level::pipe::register(signal, rung.try_clone()?)?;
    }
    thread::Builder::new().name("signals".into()).spawn(move || {
        if heard.read_exact(&mut [0]).is_ok() {
            let _ = tell.send(Msg::Terminate);
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn signals(_: Sender<Msg>) -> io::Result<()> {
    Ok(())
}
