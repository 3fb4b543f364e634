//! The hold on everything that leaves the house.
//!
//! Owns the mark that stops all senders on this data, and the watch on the clock that sets it (reliability rules, "Outbox":
//! when the wall clock moved against the boot clock, what would leave is held until a person has looked). Must not know
//! messages.

use crate::domain::time::{Span, Stamp};
use std::io;
use std::path::{Path, PathBuf};

/// How far the wall clock may move against the boot clock: more than any correction by a time server, less than the
/// smallest change that sends a reminder on a wrong day.
const TOLERANCE: Span = Span::minutes(5);

fn mark(outbox: &Path) -> PathBuf {
    outbox.with_file_name("outbox-held")
}

/// Why everything is held, if it is.
pub fn reason(outbox: &Path) -> Option<String> {
    std::fs::read_to_string(mark(outbox))
        .ok()
        .map(|text| text.trim().to_owned())
}

/// Holds everything, with the reason that a person reads.
///
/// # Errors
/// The file system's.
pub fn set(outbox: &Path, reason: &str) -> io::Result<()> {
    std::fs::write(mark(outbox), format!("{reason}\n"))
}

/// Lets messages leave again.
///
/// # Errors
/// The file system's; that there was no hold is none.
pub fn lift(outbox: &Path) -> io::Result<()> {
    match std::fs::remove_file(mark(outbox)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Compares the wall clock with the boot clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockWatch {
    last: Option<(Stamp, Span)>,
}

impl ClockWatch {
    /// How far the wall clock has moved by itself since the last look, where that is too far. The boot clock also counts the
    /// time in which the machine slept.
    pub fn moved(&mut self, wall: Stamp, since_boot: Span) -> Option<Span> {
        let last = self.last.replace((wall, since_boot));
        let (wall_before, boot_before) = last?;
        let drift = (wall - wall_before) - (since_boot - boot_before);
        (drift.abs() > TOLERANCE).then_some(drift)
    }
}

/// Time since the machine started, sleep included.
pub fn since_boot() -> Span {
    #[cfg(target_os = "linux")]
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    #[cfg(not(target_os = "linux"))]
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Span::seconds(now.tv_sec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_seconds;

    #[test]
    fn only_a_jump_of_the_wall_clock_is_seen() {
        let mut watch = ClockWatch::default();
        let look = |watch: &mut ClockWatch, wall, boot| watch.moved(from_seconds(wall), Span::seconds(boot));
        assert_eq!(look(&mut watch, 1_000_000, 50), None);
        // A day asleep: both clocks went on.
        assert_eq!(look(&mut watch, 1_086_400, 86_450), None);
        // A correction of four minutes.
        assert_eq!(look(&mut watch, 1_086_642, 86_452), None);
        // A day forward, and back again.
        assert_eq!(look(&mut watch, 1_173_044, 86_454), Some(Span::days(1)));
        assert_eq!(look(&mut watch, 1_086_646, 86_456), Some(-Span::days(1)));
    }
}
