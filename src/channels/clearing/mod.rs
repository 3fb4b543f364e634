//! A clearing house: questions about coverages, by a folder that its own program empties, or in real time.
//!
//! Owns the hand-over. Into the folder, the file is whole when it has its name, and the name is made from the question's number, so
//! that a crash between handing over and noting does not ask twice while the file is there. An inquiry changes nothing at the payer:
//! one that is asked again under the same number costs an answer, no more. Must not know what an answer says.

pub mod live;

use super::folder::create_private;
use super::way::{Health, folder_health};
use crate::domain::coverage::Coverage;
use crate::domain::person::Patient;
use crate::domain::time::{Day, Stamp};
use crate::standards::x12::ask::{self, Inquiry, Submitter};
use crate::standards::x12::invent;
use live::Live;
use std::io::{ErrorKind, Result as IoResult, Write};
use std::path::{Path, PathBuf};

/// A clearing house, and who asks it.
#[derive(Clone, Debug)]
pub struct Clearing {
    road: Road,
    submitter: Submitter,
}

#[derive(Clone, Debug)]
enum Road {
    Folder(PathBuf),
    Live(Live),
    Simulated,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The question is handed over; its answer comes by itself.
    HandedOver,
    /// The answer, as it came.
    Answered(Vec<u8>),
    /// Nobody answers this one.
    Silent,
}

/// Why a question was not answered: a later try is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// This one: the others may be asked.
    Question(String),
    /// The clearing house cannot be asked at all now.
    House(String),
}

impl Clearing {
    /// Into a folder; it is made when the first question comes.
    pub fn folder(folder: &Path, submitter: Submitter) -> Clearing {
        Clearing {
            road: Road::Folder(folder.to_owned()),
            submitter,
        }
    }

    /// In real time.
    pub fn live(live: Live, submitter: Submitter) -> Clearing {
        Clearing {
            road: Road::Live(live),
            submitter,
        }
    }

    /// By answers that are invented, for an invented clinic; each says that it is.
    pub fn simulated(clinic: &str) -> Clearing {
        Clearing {
            road: Road::Simulated,
            submitter: invent::submitter(clinic),
        }
    }

    /// Whether its answers are invented.
    pub fn is_simulated(&self) -> bool {
        matches!(self.road, Road::Simulated)
    }

    /// Whether it answers at once: then a pass asks few, since each may take its time.
    pub fn is_live(&self) -> bool {
        matches!(self.road, Road::Live(_))
    }

    /// A question about a coverage of a patient.
    #[allow(clippy::too_many_arguments, reason = "a question names all of these")]
    pub fn question<'a>(
        &self,
        coverage: &'a Coverage,
        payer_id: &'a str,
        member_id: &'a str,
        patient: &'a Patient,
        dob: Day,
        day: Day,
        services: &'a [String],
    ) -> Inquiry<'a> {
        Inquiry {
            coverage: coverage.id,
            round: coverage.round,
            payer: &coverage.payer,
            payer_id,
            member_id,
            name: &patient.name,
            dob,
            sex: patient.sex,
            subscriber: coverage.subscriber.as_ref(),
            day,
            services,
        }
    }

    /// Asks a question under its number. May take as long as a clearing house may.
    ///
    /// # Errors
    /// Why there is no answer, without patient data; it is asked again later.
    pub fn ask(&self, trace: &str, inquiry: &Inquiry<'_>, now: Stamp) -> Result<Asked, Unasked> {
        match &self.road {
            Road::Folder(folder) => {
                let text = ask::print(&self.submitter, inquiry, now);
                hand_over(folder, trace, &text)
                    .map(|()| Asked::HandedOver)
                    .map_err(|error| Unasked::House(format!("the folder {}: {error}", folder.display())))
            }
            Road::Live(live) => {
                let text = ask::print(&self.submitter, inquiry, now);
                live.post(&self.submitter, trace, text, now).map(Asked::Answered)
            }
            Road::Simulated => Ok(match invent::answer(&self.submitter, inquiry, now) {
                Some(text) => Asked::Answered(text.into_bytes()),
                None => Asked::Silent,
            }),
        }
    }

    /// What it has and lacks; nobody is asked.
    pub fn health(&self) -> Health {
        match &self.road {
            Road::Folder(folder) if !folder.exists() => Health {
                ok: true,
                detail: format!("folder: {} is made with the first question", folder.display()),
            },
            Road::Folder(folder) => folder_health("folder", folder),
            Road::Live(live) => live.health(),
            Road::Simulated => Health {
                ok: true,
                detail: "simulated: the answers in this invented clinic are invented too".into(),
            },
        }
    }
}

fn hand_over(folder: &Path, trace: &str, text: &str) -> IoResult<()> {
    std::fs::create_dir_all(folder)?;
    let target = folder.join(format!("270-{trace}.edi"));
    let partial = folder.join(format!(".270-{trace}.partial"));
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = create_private(&partial)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&partial, &target);
    let _ = std::fs::remove_file(&partial);
    std::fs::File::open(folder)?.sync_all()?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
