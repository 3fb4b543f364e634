//! The loop: messages in, one drawing out, asleep in between.
//!
//! Owns the sleep until the next deadline, and what only the screen's own thread may do: drawing, lending the terminal to an
//! editor or the shell. The only threads that wait for the disk are the worker's and the keeper's.

use super::chord::{Chord, Key};
use super::glass::{self, Pane};
use super::input::{Input, signals};
use super::keep::files::Cabinet;
use super::keep::keeper::Keeper;
use super::keep::restore;
use super::linear::{self, Speaker};
use super::model::Model;
use super::msg::{Effect, Msg, News};
use super::notice::Kind;
use super::outside;
use super::settings::Settings;
use super::terminal::{Screen, report_panics};
use super::update::{open, update};
use super::view::{draw, picture};
use super::watch::{self, Watch};
use super::worker::{Desk, work};
use crate::config::screen::{Mode, Pictures};
use crate::domain::time::{Span, Stamp, from_seconds, seconds};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Runs the screen until the person quits or the system ends it; `news` is what goes on behind it. Returns after everything sent has reached the disk.
///
/// # Errors
/// Where there is no terminal to draw on, or it went away.
pub fn run(
    desk: impl Desk + 'static,
    settings: Settings,
    watch: impl Watch + 'static,
    news: Receiver<News>,
) -> io::Result<()> {
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
    let linear = settings.screen.mode == Mode::Linear;
    let size = match linear {
        true => linear::SIZE,
        false => crossterm::terminal::size()?,
    };
    let mut model = Model::new(settings, clock(), size);
    let keeper = keeper(&mut model, &tell)?;
    // What the first frame shows is read while the terminal is made ready for it.
    for effect in open(&mut model) {
        let _ = ask.send(effect);
    }
    signals(&tell)?;
    let teller = tell.clone();
    thread::Builder::new().name("news".into()).spawn(move || {
        for news in news {
            if teller.send(Msg::News(news)).is_err() {
                return;
            }
        }
    })?;
    look(watch, tell.clone())?;
    let screen = Screen::take(linear)?;
    let input = Input::listen(tell)?;
    let mut stage = Stage {
        screen,
        speaker: Speaker::default(),
        model,
        told,
        ask,
        input,
        keeper,
        pane: Pane::default(),
        clock,
    };
    let ended = stage.gather().and_then(|()| stage.run());
    let (away, _) = stage
        .pane
        .clear(None, stage.model.glass.and_then(|glass| glass.kind));
    // A terminal that went away shows nothing.
    let _ = stage.screen.send(&away);
    let Stage {
        screen,
        model,
        ask,
        keeper,
        ..
    } = stage;
    drop(screen);
    // Whatever ended it, a terminal that went away too: what was typed is on the disk.
    if let Some(keeper) = keeper {
        keeper.end(&model);
    }
    // The worker finishes what was sent, then sees that nobody asks any more.
    drop(ask);
    match worker.join() {
        Ok(()) => ended,
        Err(_) => Err(io::Error::other(
            "the program stopped because of a defect; everything confirmed on the screen is saved",
        )),
    }
}

/// Takes up what the last run kept. Without a place for it the desk works all the same, and says so.
fn keeper(model: &mut Model, tell: &Sender<Msg>) -> io::Result<Option<Keeper>> {
    let Some(folder) = model.settings.keep.clone() else {
        return Ok(None);
    };
    match Cabinet::open(&folder, &model.settings.actor.name, &model.settings.session) {
        Ok((cabinet, kept, unread)) => {
            restore(model, kept.clone());
            for path in unread {
                let text = format!(
                    "what was kept in {} cannot be read; it stays there",
                    path.display()
                );
                model.notices.say(model.now, Kind::Trouble, text);
            }
            Keeper::start(cabinet, kept, tell.clone()).map(Some)
        }
        Err(error) => {
            let text = format!("what you type cannot be kept for a crash: {error}");
            model.settings.keep = None;
            model.notices.say(model.now, Kind::Trouble, text);
            Ok(None)
        }
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

/// Everything that the loop turns with.
struct Stage {
    screen: Screen,
    /// What was said, in linear mode.
    speaker: Speaker,
    model: Model,
    told: Receiver<Msg>,
    ask: Sender<Effect>,
    input: Input,
    keeper: Option<Keeper>,
    pane: Pane,
    clock: Arc<dyn Fn() -> Stamp + Send + Sync>,
}

/// The first frame waits this long for what it shows: it is nearly always a whole one then, and no half ones flit by before.
const OPENING: Duration = Duration::from_millis(40);

impl Stage {
    /// Takes what comes until the first frame can be whole, or has waited long enough.
    fn gather(&mut self) -> io::Result<()> {
        let end = Instant::now() + OPENING;
        while !self.model.is_whole() && !self.model.quit {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(msg) = self.told.recv_timeout(left) else {
                break;
            };
            self.take(msg)?;
        }
        Ok(())
    }

    fn run(&mut self) -> io::Result<()> {
        loop {
            if self.model.quit {
                return Ok(());
            }
            self.show()?;
            let msg = match self.told.recv_timeout(self.sleep()) {
                Ok(msg) => msg,
                Err(RecvTimeoutError::Timeout) => Msg::Wake,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            // The terminal's word that it was resized can be lost between a key and the next: its size is asked at every wake.
            let size = self.screen.terminal.size()?;
            if !self.model.is_linear() && (size.width, size.height) != self.model.size {
                self.take(Msg::Resize(size.width, size.height))?;
            }
            // Everything that has come by now is taken before the one drawing.
            let mut next = Some(msg);
            while let Some(msg) = next {
                self.take(msg)?;
                next = self.told.try_recv().ok().filter(|_| !self.model.quit);
            }
            if let Some(keeper) = &mut self.keeper {
                keeper.look(&self.model);
            }
        }
    }

    /// Draws, where something changed.
    fn show(&mut self) -> io::Result<()> {
        if self.model.is_linear() {
            if std::mem::take(&mut self.model.dirty) {
                let lines = self.speaker.say(&self.model);
                self.screen.write(&lines)?;
            }
            return Ok(());
        }
        let glass = self.model.glass.unwrap_or_default();
        let picture = picture(&self.model);
        let (away, anew) = self.pane.clear(picture.as_ref(), glass.kind);
        self.screen.send(&away)?;
        if std::mem::take(&mut self.model.wipe) || anew {
            self.screen.wipe()?;
            self.pane.forget();
            self.model.dirty = true;
        }
        if std::mem::take(&mut self.model.dirty) {
            let model = &self.model;
            self.screen.draw(|frame| {
                if let Some(place) = draw(model, frame.buffer_mut()) {
                    frame.set_cursor_position(place);
                }
            })?;
        }
        self.screen.send(&self.pane.put(picture, glass))
    }

    /// Takes a message, and does or passes on what follows.
    fn take(&mut self, msg: Msg) -> io::Result<()> {
        #[cfg(debug_assertions)]
        trip(&msg);
        if matches!(msg, Msg::Resumed) {
            self.screen.retake()?;
        }
        if let Some(keeper) = self
            .keeper
            .as_mut()
            .filter(|_| !matches!(msg, Msg::Wake | Msg::Changed))
        {
            keeper.touched();
        }
        let effects = update(&mut self.model, msg, (self.clock)());
        self.send(effects)
    }

    fn send(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match (effect, ()) {
                (Effect::Quit, ()) => {}
                (Effect::Copy(text), ()) => outside::copy(&text)?,
                (Effect::Suspend, ()) => {
                    self.lend(outside::suspend)?;
                    self.model.wipe = true;
                    self.model.dirty = true;
                }
                (Effect::Edit(text), ()) => self.edit(&text)?,
                (Effect::AskGlass(wanted), ()) => self.ask_glass(wanted)?,
                (effect, ()) => {
                    // A worker that is gone has said why; the screen stays readable.
                    let _ = self.ask.send(effect);
                }
            }
        }
        Ok(())
    }

    /// Lends the terminal.
    fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        self.input.pause();
        let (away, _) = self
            .pane
            .clear(None, self.model.glass.and_then(|glass| glass.kind));
        self.screen.send(&away)?;
        self.screen.leave();
        let got = to();
        let taken = self.screen.retake();
        self.input.resume();
        taken.map(|()| got)
    }

    /// Asks the terminal what it can show; what was typed meanwhile is taken after that.
    fn ask_glass(&mut self, wanted: Pictures) -> io::Result<()> {
        self.input.pause();
        let (glass, typed) = glass::ask(wanted);
        self.input.resume();
        self.take(Msg::Glass(glass))?;
        for chord in typed.chars().map(|c| Chord::plain(Key::Char(c))) {
            self.take(Msg::Key(chord))?;
        }
        Ok(())
    }

    fn edit(&mut self, text: &str) -> io::Result<()> {
        let Some(keeper) = &mut self.keeper else {
            let why = "there is no place for a text that an editor can have; type it here".to_owned();
            return self.take(Msg::Edited(Err(why)));
        };
        // Whatever becomes of the editor, what was typed here is kept.
        keeper.keep(&self.model);
        let page = keeper.page();
        let edited = self.lend(|| outside::edit(text, &page))?;
        self.model.wipe = true;
        self.take(Msg::Edited(edited))
    }

    /// How long nothing can change by itself: until the minute turns, the notice grows old, or something typed is to be kept.
    fn sleep(&self) -> Duration {
        let now = (self.clock)();
        let minute = from_seconds((seconds(now).div_euclid(60) + 1) * 60);
        // In the past time stands still, and a notice waits for the next key.
        let notice = self.model.notices.until().filter(|_| self.model.past.is_none());
        let until = notice.map_or(minute, |notice| notice.min(minute));
        let rest = (until - now)
            .max(Span::milliseconds(20))
            .to_std()
            .unwrap_or(Duration::from_secs(1));
        let keep = self.keeper.as_ref().and_then(Keeper::due_in);
        keep.map_or(rest, |keep| keep.min(rest))
    }
}

/// A defect on demand, so that a test can see what a defect does to the terminal. Never part of a released program.
#[cfg(debug_assertions)]
#[allow(clippy::panic, reason = "that is what it is for")]
fn trip(msg: &Msg) {
    let wanted = std::env::var_os("REFDESK_TRIP").is_some();
    if wanted && matches!(msg, Msg::Key(chord) if chord.to_string() == "f12") {
        panic!("tripped on demand");
    }
}
