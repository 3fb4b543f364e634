//! What became of an appointment, as a reading says it.
//!
//! Owns the step from the word in a field to the desk's state. Must not know whose appointment it is.

use crate::domain::case::AppointmentState;
use crate::standards::Happening;

/// The state that a word means; none within where only details changed, and none at all where no appointment is booked yet.
pub fn state_of(word: &str) -> Option<Option<AppointmentState>> {
    match Happening::from_label(word)? {
        Happening::Booked | Happening::Rescheduled => Some(Some(AppointmentState::Booked)),
        // Whoever is there has come, and was not seen yet.
        Happening::Arrived => Some(Some(AppointmentState::Confirmed)),
        Happening::Modified => Some(None),
        Happening::Cancelled => Some(Some(AppointmentState::Cancelled)),
        Happening::NoShow => Some(Some(AppointmentState::NoShow)),
        Happening::Fulfilled => Some(Some(AppointmentState::Fulfilled)),
        Happening::Proposed => None,
    }
}
