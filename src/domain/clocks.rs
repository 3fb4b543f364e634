//! The two clocks of a referral (design, section 3).
//!
//! Owns the clinic's clock: open hours since receipt, less the stretches in which somebody else had the ball. The patient's
//! clock, which never pauses, is [`Referral::patient_clock`]. Reports show both.

use super::calendar::Calendar;
use super::referral::{PauseReason, Referral};
use super::time::{Span, Stamp};

/// The clinic's clock at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClinicClock {
    /// Open time that ran.
    pub ran: Span,
    /// Open time that stood still.
    pub paused: Span,
    /// Why it stands still now, if it does; else why it last did.
    pub reason: Option<PauseReason>,
    /// Whether it stands still now.
    pub is_paused: bool,
}

/// Reads the clinic's clock.
pub fn clinic_clock(referral: &Referral, calendar: &Calendar, now: Stamp) -> ClinicClock {
    let end = referral.ended_at.unwrap_or(now);
    let paused = paused_time(referral, calendar, end);
    let all = calendar.open_between(referral.received_at, end);
    let last = referral.pauses.last();
    ClinicClock {
        ran: (all - paused).max(Span::zero()),
        paused,
        reason: last.map(|pause| pause.why),
        is_paused: last.is_some_and(|pause| pause.stands(end)),
    }
}

/// Open time in which the clinic's clock stood still, up to a moment.
pub fn paused_time(referral: &Referral, calendar: &Calendar, until: Stamp) -> Span {
    referral
        .pauses
        .iter()
        .filter(|pause| pause.from < until)
        .map(|pause| calendar.open_between(pause.from, pause.to.unwrap_or(until).min(until)))
        .fold(Span::zero(), |sum, span| sum + span)
}

/// A length of open time in the clinic's days: `2 d 3 h`, a day being its longest opening.
pub fn show_open_time(span: Span, calendar: &Calendar) -> String {
    let day = calendar.day_length().num_minutes().max(1);
    let minutes = span.num_minutes();
    let (days, rest) = (minutes / day, minutes % day);
    match (days, rest / 60) {
        (0, _) => super::time::show_span(Span::minutes(rest)),
        (days, 0) => format!("{days} d"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}
