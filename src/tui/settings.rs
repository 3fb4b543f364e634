//! What the screen is told when it starts.
//!
//! Owns plain values from the configuration and the command line. Must not know where they are kept.

use super::keymap::Keymap;
use super::theme::Theme;
use crate::config::Screen;
use crate::domain::id::OrganizationId;
use crate::domain::policy::{Actor, Policy};
use crate::domain::time::{Stamp, Zone};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the cursor goes after an action that is done with a referral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AfterAction {
    /// To the next row.
    #[default]
    Next,
    /// Nowhere: it stays on the referral, which stays in sight.
    Stay,
    /// With the referral, to the list where it stands now.
    Follow,
}

/// A saved view: a query over all open referrals, or over the list that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// The query.
    pub query: String,
    /// It was saved in the worklist, and can be taken out there.
    pub saved: bool,
}

impl View {
    /// A view.
    pub fn of(name: &str, query: &str, saved: bool) -> View {
        View {
            name: name.to_owned(),
            query: query.to_owned(),
            saved,
        }
    }
}

/// The settings.
#[derive(Clone)]
pub struct Settings {
    /// The clinic's policy: names, zone, calendar, templates, rights.
    pub policy: Arc<Policy>,
    /// Who sits at the keyboard.
    pub actor: Actor,
    /// People that work can be given to.
    pub staff: Vec<String>,
    /// Queues that work can be given to.
    pub queues: Vec<String>,
    /// Clinicians who can be asked, and who see patients.
    pub performers: Vec<String>,
    /// Rooms and sites for appointments.
    pub places: Vec<String>,
    /// Sites of the clinic, as records.
    pub facilities: Vec<(OrganizationId, String)>,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// Saved views.
    pub views: Vec<View>,
    /// What is shown, where, and what it is called.
    pub screen: Screen,
    /// Theme; [`Theme::Mono`] where `NO_COLOR` is set.
    pub theme: Theme,
    /// Where the cursor goes after an action.
    pub after: AfterAction,
    /// Length of an appointment where nothing else is said.
    pub minutes: u32,
    /// Names this run of the program in the ids of its actions, so that a retry is safe: never the same twice.
    pub session: String,
    /// Where a crash report (without patient data) goes.
    pub report: PathBuf,
    /// Where a person's place and what they typed is kept from one run to the next; none where nothing is kept.
    pub keep: Option<PathBuf>,
    /// The folder into which documents are dropped: an empty desk says so.
    pub inbox: PathBuf,
    /// When this person last left the desk: the shift handover starts there. A day ago where it is not known.
    pub left: Option<Stamp>,
    /// The clock.
    pub clock: Arc<dyn Fn() -> Stamp + Send + Sync>,
}

impl Settings {
    /// Settings with the defaults of everything that need not be said.
    pub fn new(
        policy: Arc<Policy>,
        actor: Actor,
        session: String,
        clock: Arc<dyn Fn() -> Stamp + Send + Sync>,
    ) -> Settings {
        Settings {
            staff: vec![actor.name.clone()],
            policy,
            actor,
            queues: vec!["Intake".into()],
            performers: Vec::new(),
            places: Vec::new(),
            facilities: Vec::new(),
            keymap: Keymap::default(),
            views: Vec::new(),
            screen: Screen::default(),
            theme: Theme::default(),
            after: AfterAction::default(),
            minutes: 30,
            session,
            report: std::env::temp_dir(),
            keep: None,
            inbox: PathBuf::new(),
            left: None,
            clock,
        }
    }

    /// The clinic's zone.
    pub fn zone(&self) -> Zone {
        self.policy.clinic.zone
    }
}
