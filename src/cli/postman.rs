//! Who goes to the mailbox on the server, behind a service or a screen.
//!
//! Owns when, and that nobody waits for it: a visit has a thread of its own. What it brings lies in a folder that is watched. Must
//! not know the server's language (`channels::imap`).

use super::desk::Desk;
use super::sweep::Swept;
use super::wiring;
use crate::channels::imap::Fetched;
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Between two visits.
const EVERY: Duration = Duration::from_secs(60);

/// The visits to a mailbox.
#[derive(Default)]
pub(crate) struct Postman {
    visit: Option<JoinHandle<Result<Fetched, String>>>,
    next: Option<Instant>,
}

/// Where mails lie that came from the server.
pub(crate) fn maildir(desk: &Desk) -> PathBuf {
    desk.dir.root().join("mail")
}

impl Postman {
    /// Sets out where it is time, and tells what the last visit came to.
    pub fn look(&mut self, desk: &Desk, swept: &mut Swept) {
        let Some(mailbox) = wiring::mailbox(desk.config.settings()) else {
            return;
        };
        if let Some(visit) = self.visit.take_if(|visit| visit.is_finished()) {
            match visit.join() {
                Ok(Ok(Fetched { left: 0, .. })) => {}
                Ok(Ok(Fetched { left, .. })) => swept.troubles.push(format!(
                    "{left} mails in {} are too large to be taken in; they stay there, unseen",
                    mailbox.folder
                )),
                Ok(Err(why)) => swept.troubles.push(format!(
                    "the mailbox cannot be read: {why}. What is in it stays there"
                )),
                Err(_) => swept
                    .troubles
                    .push("the visit to the mailbox ended by a defect; another follows".into()),
            }
        }
        if self.visit.is_some() || self.next.is_some_and(|next| Instant::now() < next) {
            return;
        }
        self.next = Some(Instant::now() + EVERY);
        let maildir = maildir(desk);
        let visit = std::thread::Builder::new().name("postman".into());
        match visit.spawn(move || mailbox.fetch(&maildir)) {
            Ok(visit) => self.visit = Some(visit),
            Err(error) => swept
                .troubles
                .push(format!("nobody can go to the mailbox: {error}")),
        }
    }
}
