//! The real program in a pseudo terminal: from its start to the first whole frame, its memory, and what it does when nobody
//! touches it.
//!
//! Owns the terminal's other end. What the frame shows is read off it like a person would.

use super::glass::Glass;
use super::sample::{Figure, Limit, Sample};
use super::{Clinic, Trouble};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (120, 40);
/// Starts measured, after one that is not.
const STARTS: usize = 9;
/// A program that has drawn nothing by then is not going to.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it is left to what it does after its start.
const SETTLING: Duration = Duration::from_secs(9);
/// How long nobody touches it.
const IDLE: Duration = Duration::from_secs(6);
/// Resident memory before a search, in MiB.
const MEMORY: f64 = 64.0;
/// The kernel counts a process's time in these (USER_HZ; 100 on every Linux since 2.6).
const TICKS_A_SECOND: f64 = 100.0;

/// A running program and its terminal.
struct Running {
    child: Child,
    keyboard: File,
    output: Receiver<Vec<u8>>,
    glass: Glass,
}

impl Running {
    fn start(clinic: &Clinic, program: &Path) -> Result<Running, Trouble> {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&near)?;
        unlockpt(&near)?;
        let name = ptsname(&near, Vec::new())?;
        let far = File::options()
            .read(true)
            .write(true)
            .open(std::ffi::OsStr::from_bytes(name.to_bytes()))?;
        let size = rustix::termios::Winsize {
            ws_row: SIZE.1,
            ws_col: SIZE.0,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&far, size)?;
        let child = Command::new(program)
            .arg("--data")
            .arg(&clinic.folder)
            .args(["--now", &crate::domain::time::print_stamp(clinic.now)])
            .env("TERM", "xterm-256color")
            .stdin(Stdio::from(far.try_clone()?))
            .stdout(Stdio::from(far.try_clone()?))
            .stderr(Stdio::null())
            .spawn()?;
        drop(far);
        let keyboard = File::from(near);
        let mut screen = keyboard.try_clone()?;
        let (tell, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(read) = screen.read(&mut buffer) {
                let bytes = buffer.get(..read).unwrap_or_default().to_vec();
                if read == 0 || tell.send(bytes).is_err() {
                    break;
                }
            }
        });
        Ok(Running {
            child,
            keyboard,
            output,
            glass: Glass::new(SIZE.0, SIZE.1),
        })
    }

    /// Waits until the screen shows all of these.
    fn shows(&mut self, wanted: &[String]) -> Result<(), Trouble> {
        let began = Instant::now();
        loop {
            let text = self.glass.text();
            if wanted.iter().all(|wanted| text.contains(wanted.as_str())) {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                return Err("the program did not draw its first frame".into());
            }
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(1)) {
                self.glass.take(&bytes);
            }
        }
    }

    fn press(&mut self, keys: &str) -> Result<(), Trouble> {
        self.keyboard.write_all(keys.as_bytes())?;
        Ok(())
    }

    /// Takes output for a while; how many bytes came.
    fn watch(&mut self, time: Duration) -> usize {
        let (began, mut bytes) = (Instant::now(), 0);
        while let Some(left) = time.checked_sub(began.elapsed()) {
            if let Ok(more) = self.output.recv_timeout(left) {
                bytes += more.len();
                self.glass.take(&more);
            }
        }
        bytes
    }

    /// Resident memory, in MiB; Linux only.
    fn memory(&self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kib / 1024.0)
    }

    /// Processor time so far, in seconds; Linux only.
    fn time(&self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let (_, rest) = text.rsplit_once(") ")?;
        // After the name: state is the first field, utime the twelfth, stime the thirteenth (proc(5)).
        let ticks: f64 = rest
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<f64>().ok())
            .sum();
        Some(ticks / TICKS_A_SECOND)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn measure(clinic: &Clinic, program: &Path) -> Result<Vec<Figure>, Trouble> {
    let counts = clinic.engine()?.store().counts()?;
    // The footer's line, the detail beside the list: both stand there only in a whole frame.
    let whole = [
        format!("open {0} = {0} in lists", counts.open),
        "patient clock".to_owned(),
    ];
    let (mut starts, mut raw) = (Sample::default(), Sample::default());
    for round in 0..=STARTS {
        let began = Instant::now();
        let mut running = Running::start(clinic, program)?;
        running.shows(&whole)?;
        let took = began.elapsed();
        drop(running);
        let began = Instant::now();
        let mut reader = Command::new(program);
        reader
            .arg("__screen")
            .arg(clinic.database())
            .stdout(Stdio::null());
        reader.status()?;
        if round > 0 {
            starts.push(took);
            raw.push(began.elapsed());
        }
    }
    let mut figures = vec![
        Figure::of(
            "start to the first whole frame",
            clinic.referrals,
            &starts,
            Limit::RatioAtMost(3.0),
        )
        .against("a fresh process that reads 40 rows by plain SQL", raw.median()),
    ];
    figures.extend(at_rest(clinic, program, &whole)?);
    Ok(figures)
}

fn at_rest(clinic: &Clinic, program: &Path, whole: &[String]) -> Result<Vec<Figure>, Trouble> {
    let mut running = Running::start(clinic, program)?;
    running.shows(whole)?;
    running.press("jjjjj\t\t1")?;
    // What goes on behind the screen has its first passes, and tidies up after itself.
    running.watch(SETTLING);
    let mut figures = Vec::new();
    let mut said = |what: &str, value: Option<f64>, unit, limit| {
        if let Some(value) = value {
            figures.push(Figure::value(what, clinic.referrals, value, unit, limit));
        }
    };
    said(
        "memory before a search",
        running.memory(),
        "MiB",
        Limit::AtMost(MEMORY),
    );
    let before = running.time();
    let drawn = running.watch(IDLE);
    let spent = running
        .time()
        .zip(before)
        .map(|(after, before)| 1000.0 * (after - before) / IDLE.as_secs_f64());
    said("idle: processor time", spent, "ms a second", Limit::AtMost(5.0));
    said("idle: drawn", Some(drawn as f64), "bytes", Limit::AtMost(0.0));
    running.press("/mariia gacria")?;
    running.watch(Duration::from_secs(3));
    said("memory after a search", running.memory(), "MiB", Limit::Said);
    Ok(figures)
}
