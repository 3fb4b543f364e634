//! The bench: what the coordinator feels, measured on invented clinics of several sizes.
//!
//! Owns the measurements. Each is a ratio against something measured in the same run, on the same machine: the same at the
//! smallest size, plain SQL over the same rows, or another program. Limits are stated and never a reason to fail: a busy
//! machine is no defect. Must not know the command line; the clinics are the caller's.

mod drain;
mod find;
mod glass;
mod import;
mod keys;
#[cfg(unix)]
mod program;
mod read;
mod sample;
mod writes;

pub use import::{measure as importing, messages_parsed};
pub use read::measure as reading;
pub use sample::{Figure, Limit};

use crate::domain::policy::{Actor, Policy};
use crate::domain::time::Stamp;
use crate::engine::{Engine, Places};
use crate::store::StoreError;
use crate::tui::Settings;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What can be measured.
pub const PARTS: [&str; 9] = [
    "start", "keys", "find", "accept", "rules", "tick", "drain", READ, IMPORT,
];
/// The part that needs no clinic: the reader of documents.
pub const READ: &str = "read";
/// The part that makes files of another system and brings them over; it needs no clinic either.
pub const IMPORT: &str = "import";

/// Whatever kept a measurement from being made.
pub type Trouble = Box<dyn std::error::Error>;

/// A clinic of some size.
pub struct Clinic {
    /// How many referrals it was invented with.
    pub referrals: u32,
    /// Its data folder.
    pub folder: PathBuf,
    /// Its policy.
    pub policy: Arc<Policy>,
    /// The moment at which it was invented: now, for it.
    pub now: Stamp,
    /// Who is at the desk.
    pub actor: Actor,
    /// The screen's settings.
    pub settings: Settings,
}

impl Clinic {
    fn engine(&self) -> Result<Engine, StoreError> {
        Engine::open(Places::in_dir(&self.folder), Arc::clone(&self.policy), Some(1))
    }

    fn database(&self) -> PathBuf {
        Places::in_dir(&self.folder).database
    }

    /// A place beside the database for what a measurement leaves: on the same disk.
    fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Measures one part of a clinic.
///
/// # Errors
/// What kept it from being measured.
pub fn measure(part: &str, clinic: &Clinic, program: &Path) -> Result<Vec<Figure>, Trouble> {
    match part {
        "keys" => keys::measure(clinic),
        "find" => find::measure(clinic),
        "accept" => writes::accept(clinic),
        "rules" => writes::rules(clinic),
        "tick" => writes::tick(clinic),
        "drain" => drain::measure(clinic),
        #[cfg(unix)]
        "start" => program::measure(clinic, program),
        _ => {
            let _ = program;
            Ok(Vec::new())
        }
    }
}
