//! A clearing house by a folder: questions about coverages, one file each, that its own program takes to it.
//!
//! Owns the hand-over: the file is whole when it has its name, and the name is made from the question's number, so that a crash
//! between handing over and noting does not ask twice while the file is there. An inquiry changes nothing at the payer: one that
//! was taken away and is asked again under the same number costs an answer, no more. Must not know coverages.

use super::folder::create_private;
use crate::domain::coverage::Coverage;
use crate::domain::person::Patient;
use crate::domain::time::{Day, Stamp};
use crate::standards::x12::ask::{self, Inquiry, Submitter};
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Clone, Debug)]
pub struct Clearing {
    folder: PathBuf,
    submitter: Submitter,
}

impl Clearing {
    /// Into a folder; it is made when the first question comes.
    pub fn new(folder: &Path, submitter: Submitter) -> Clearing {
        Clearing {
            folder: folder.to_owned(),
            submitter,
        }
    }

    /// A question about a coverage of a patient who is the subscriber.
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
            day,
            services,
        }
    }

    /// Hands a question over under its number.
    ///
    /// # Errors
    /// The file system's; then the folder does not have it, and a later try is safe.
    pub fn ask(&self, trace: &str, inquiry: &Inquiry<'_>, now: Stamp) -> Result<()> {
        let text = ask::print(&self.submitter, inquiry, now);
        std::fs::create_dir_all(&self.folder)?;
        let target = self.folder.join(format!("270-{trace}.edi"));
        let partial = self.folder.join(format!(".270-{trace}.partial"));
        match std::fs::remove_file(&partial) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut file = create_private(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&partial, &target);
        let _ = std::fs::remove_file(&partial);
        std::fs::File::open(&self.folder)?.sync_all()?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
