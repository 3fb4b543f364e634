//! The terminal: taken over, and given back whatever happens.
//!
//! Owns raw mode, the alternate screen, mouse and paste modes, and the report of a crash. Must not know the screen's state.

use super::steady::Steady;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use std::io::{self, BufWriter, Stdout, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// A frame goes out in one piece.
const FRAME: usize = 64 * 1024;

/// Whether the terminal is ours now: it is given back once, whoever does it.
static OURS: AtomicBool = AtomicBool::new(false);
/// Whether lines are written one after the other: then the terminal keeps its own screen.
static LINEAR: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; given back when this is dropped.
pub struct Screen {
    /// Draws.
    pub terminal: Terminal<Steady<CrosstermBackend<BufWriter<Stdout>>>>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// Where standard output is no terminal.
    pub fn take(linear: bool) -> io::Result<Screen> {
        LINEAR.store(linear, Ordering::SeqCst);
        let taken = modes().and_then(|()| {
            let out = BufWriter::with_capacity(FRAME, io::stdout());
            Terminal::new(Steady::new(CrosstermBackend::new(out)))
        });
        match taken {
            Ok(terminal) => Ok(Screen { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Draws a frame, unless the terminal was given back because of a defect in another thread.
    ///
    /// # Errors
    /// The terminal's.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if OURS.load(Ordering::SeqCst) {
            self.terminal.draw(render)?;
        }
        Ok(())
    }

    /// Writes lines, in linear mode.
    ///
    /// # Errors
    /// The terminal's.
    pub fn write(&mut self, lines: &str) -> io::Result<()> {
        if OURS.load(Ordering::SeqCst) && !lines.is_empty() {
            let mut out = io::stdout();
            out.write_all(lines.replace('\n', "\r\n").as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }

    /// Sends a sequence as it is: one of ours, never a text from outside.
    ///
    /// # Errors
    /// The terminal's.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        if OURS.load(Ordering::SeqCst) && !sequence.is_empty() {
            let mut out = io::stdout();
            out.write_all(sequence.as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }

    /// Empties the terminal, so that the next frame is drawn whole. The terminal is not asked where its cursor is: the
    /// answer would come among the keys.
    ///
    /// # Errors
    /// The terminal's.
    pub fn wipe(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Gives the terminal back for a while.
    pub fn leave(&mut self) {
        give_back();
    }

    /// Takes it over again, also where another program has changed its modes.
    ///
    /// # Errors
    /// The terminal's.
    pub fn retake(&mut self) -> io::Result<()> {
        // The modes that were there before are remembered once; they are the shell's.
        give_back();
        modes()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn modes() -> io::Result<()> {
    OURS.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    if LINEAR.load(Ordering::SeqCst) {
        return if is_dumb() {
            Ok(())
        } else {
            crossterm::execute!(io::stdout(), EnableBracketedPaste)
        };
    }
    crossterm::execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste
    )
}

/// Whether the terminal would show an escape code as letters.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// Gives the terminal back. Errors are of no use here: there is nobody left to tell.
fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = match (LINEAR.load(Ordering::SeqCst), is_dumb()) {
        (true, true) => Ok(()),
        (true, false) => crossterm::execute!(io::stdout(), DisableBracketedPaste),
        (false, _) => crossterm::execute!(
            io::stdout(),
            DisableBracketedPaste,
            DisableMouseCapture,
            LeaveAlternateScreen,
            Show
        ),
    };
    let _ = disable_raw_mode();
}

/// On a panic: the terminal is given back, and a report without patient data is written: where in the program it was, never
/// with which values.
pub fn report_panics(folder: PathBuf) {
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        let place = info
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let version = env!("CARGO_PKG_VERSION");
        let path = folder.join("refdesk-crash.txt");
        let report = format!(
            "Refdesk {version} stopped at {place} in the thread {thread}.\n\n{}\n",
            std::backtrace::Backtrace::force_capture()
        );
        let mut err = io::stderr();
        let _ = match std::fs::write(&path, report) {
            Ok(()) => writeln!(
                err,
                "Refdesk stopped because of a defect at {place}. Everything confirmed on the screen is saved.\n\
                 A report without patient data is in {}; please send it along.",
                path.display()
            ),
            Err(_) => writeln!(
                err,
                "Refdesk stopped because of a defect at {place}. Everything confirmed on the screen is saved."
            ),
        };
    }));
}
