//! What was refused, kept in a file of its own beside the one that it came from, in the same form: put right, it can be brought over.
//!
//! Owns that file. Must not know why a piece was refused.

use super::Stopped;
use super::pieces::{Form, Piece};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file, once there is something to keep.
pub struct Refused {
    path: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Refused {
    /// For the pieces of a file; nothing is written yet.
    pub fn beside(source: &Path) -> Refused {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let ending = source
            .extension()
            .map(|ending| format!(".{}", ending.to_string_lossy()));
        let name = format!("{stem}.refused{}", ending.unwrap_or_default());
        Refused {
            path: source.with_file_name(name),
            out: None,
        }
    }

    /// Where it is; none where nothing was kept.
    pub fn path(&self) -> Option<&Path> {
        self.out.is_some().then_some(self.path.as_path())
    }

    /// Keeps a piece.
    ///
    /// # Errors
    /// The file's: what cannot be kept stops the import, so that nothing is lost.
    pub fn keep(&mut self, piece: &Piece) -> Result<(), Stopped> {
        let path = self.path.clone();
        let stopped = |error: std::io::Error| Stopped::File {
            path: path.clone(),
            cause: format!(
                "what is refused cannot be kept there: {error}. What had landed is kept; run it again once it can"
            ),
        };
        let out = match &mut self.out {
            Some(out) => out,
            None => {
                let mut out = BufWriter::new(private(&self.path).map_err(stopped)?);
                if let Form::Table(table) = &piece.form {
                    line(&mut out, &table.head, b"\n").map_err(stopped)?;
                }
                self.out.insert(out)
            }
        };
        let end: &[u8] = match piece.form {
            Form::Hl7 => b"\r",
            Form::Fhir | Form::Table(_) => b"\n",
        };
        line(out, &piece.raw, end).map_err(stopped)
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// The file's.
    pub fn end(&mut self) -> Result<(), Stopped> {
        let path = self.path.clone();
        let stopped = |cause: String| Stopped::File {
            path,
            cause: format!("what is refused could not be kept there: {cause}"),
        };
        match &mut self.out {
            Some(out) => {
                let done = out.flush().and_then(|()| out.get_ref().sync_all());
                done.map_err(|error| stopped(error.to_string()))
            }
            None => Ok(()),
        }
    }
}

/// Patients stand in it: nobody else may read it.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn line(out: &mut impl Write, bytes: &[u8], end: &[u8]) -> std::io::Result<()> {
    out.write_all(bytes)?;
    if bytes.ends_with(end) || bytes.ends_with(b"\n") {
        Ok(())
    } else {
        out.write_all(end)
    }
}
