//! What happens where the worker meets a defect.
//!
//! Must not know what the worker does.

use super::msg::Msg;
use std::sync::mpsc::Sender;

/// Ends the program where the worker met a defect: a screen without it would only pretend.
pub struct Gone<'a>(pub &'a Sender<Msg>);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.send(Msg::Terminate);
        }
    }
}
