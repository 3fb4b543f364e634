//! `refdesk original`: a document's bytes, exactly as they came.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print, wording};
use crate::domain::id::DocumentId;
use crate::store::content;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Original {
    /// Document id, such as D-12
    #[arg(value_parser = id)]
    document: DocumentId,
    /// File to write it to; one that is there is not overwritten [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

fn id(text: &str) -> Result<DocumentId, String> {
    let digits = text
        .strip_prefix("D-")
        .or_else(|| text.strip_prefix("d-"))
        .unwrap_or(text);
    let wrong = |_| "it is not a document id like D-12".to_owned();
    digits.parse().map(DocumentId).map_err(wrong)
}

impl Original {
    pub fn run(&self, desk: &Desk) -> Ending {
        let store = desk.engine.store();
        let missing = || {
            Trouble(format!(
                "there is no document {}; `refdesk show` names those of a referral",
                self.document
            ))
        };
        let record = store.document(self.document)?.ok_or_else(missing)?;
        let lost = || Trouble("its bytes are not there; run `refdesk check`".into());
        let bytes = content::bytes(store.connection(), &record.hash)?.ok_or_else(lost)?;
        match &self.to {
            Some(path) => {
                write(path, &bytes).map_err(|error| {
                    Trouble(format!(
                        "{}: {}. Nothing was overwritten",
                        path.display(),
                        wording::cause(&error)
                    ))
                })?;
                if desk.json() {
                    print::json(
                        &json!({ "document": self.document, "file": path.display().to_string(), "size": bytes.len() }),
                    )?;
                } else {
                    print::line(&format!("{} bytes in {}", bytes.len(), path.display()))?;
                }
            }
            // What came from outside does not reach a terminal as it is.
            None if std::io::stdout().is_terminal() => {
                return Err(Trouble(
                    "a document is not written to a terminal; name a file with --to".into(),
                ));
            }
            None => print::bytes(&bytes)?,
        }
        Ok(Exit::Done)
    }
}

/// A patient's document is for whoever asked for it alone.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
