//! What was refused, kept in a file of its own beside the one that it came from, in the same form: put right, it can be brought over.
//!
//! Owns that file, and that no other is written over: what a person has put right in an earlier one stays. Must not know why a piece was
//! refused.

use super::Stopped;
use super::pieces::{Form, Piece};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file, once there is something to keep.
pub struct Refused {
    path: PathBuf,
    /// Those of earlier runs.
    earlier: Vec<PathBuf>,
    out: Option<BufWriter<File>>,
}

/// Files of earlier runs that are passed over for a free name.
const RUNS: usize = 1_000;

impl Refused {
    /// For the pieces of a file; nothing is written yet.
    pub fn beside(source: &Path) -> Refused {
        Refused {
            path: source.to_owned(),
            earlier: Vec::new(),
            out: None,
        }
    }

    /// The name of the file of a run: `t.refused.csv`, `t.refused-2.csv`.
    fn name(source: &Path, run: usize) -> PathBuf {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let ending = source
            .extension()
            .map(|ending| format!(".{}", ending.to_string_lossy()))
            .unwrap_or_default();
        let run = if run < 2 { String::new() } else { format!("-{run}") };
        source.with_file_name(format!("{stem}.refused{run}{ending}"))
    }

    /// Makes the first that is not there yet.
    fn begin(&mut self) -> std::io::Result<File> {
        let source = self.path.clone();
        for run in 1..RUNS {
            let path = Refused::name(&source, run);
            match private(&path) {
                Ok(file) => {
                    self.path = path;
                    return Ok(file);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => self.earlier.push(path),
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
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
        let path = Refused::name(&self.path, 1);
        let stopped = |error: std::io::Error| Stopped::File {
            path: path.clone(),
            cause: format!(
                "what is refused cannot be kept there: {error}. What had landed is kept; run it again once it can"
            ),
        };
        if self.out.is_none() {
            let mut out = BufWriter::new(self.begin().map_err(stopped)?);
            if let Form::Table(table) = &piece.form {
                line(&mut out, &table.head, b"\n").map_err(stopped)?;
            }
            self.out = Some(out);
        }
        let Some(out) = &mut self.out else { return Ok(()) };
        let end: &[u8] = match piece.form {
            Form::Hl7 => b"\r",
            Form::Fhir | Form::Table(_) => b"\n",
        };
        line(out, &piece.raw, end).map_err(stopped)
    }

    /// Makes it durable. Where an earlier run kept the very same, that file stands for both.
    ///
    /// # Errors
    /// The file's.
    pub fn end(&mut self) -> Result<(), Stopped> {
        let path = self.path.clone();
        let stopped = |error: std::io::Error| Stopped::File {
            path,
            cause: format!("what is refused could not be kept there: {error}"),
        };
        let Some(out) = &mut self.out else { return Ok(()) };
        out.flush()
            .and_then(|()| out.get_ref().sync_all())
            .map_err(stopped)?;
        let same = self.earlier.iter().find(|earlier| is_same(earlier, &self.path));
        if let Some(earlier) = same.cloned()
            && std::fs::remove_file(&self.path).is_ok()
        {
            self.path = earlier;
        }
        Ok(())
    }
}

/// Patients stand in it: nobody else may read it.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn is_same(one: &Path, other: &Path) -> bool {
    let size = |path: &Path| std::fs::metadata(path).ok().map(|about| about.len());
    let bytes = |path: &Path| std::fs::read(path).ok();
    size(one) == size(other) && bytes(one).is_some_and(|one| bytes(other) == Some(one))
}

fn line(out: &mut impl Write, bytes: &[u8], end: &[u8]) -> std::io::Result<()> {
    out.write_all(bytes)?;
    if bytes.ends_with(end) || bytes.ends_with(b"\n") {
        Ok(())
    } else {
        out.write_all(end)
    }
}
