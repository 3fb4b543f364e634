//! `refdesk original`: a document's bytes, exactly as they came.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::domain::id::DocumentId;
use crate::store::content;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Original {
    /// Document id, such as D-12
    #[arg(value_parser = id)]
    document: DocumentId,
    /// Where to write it; a file that is there is not overwritten [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

fn id(text: &str) -> Result<DocumentId, String> {
    let digits = text.strip_prefix("D-").or_else(|| text.strip_prefix("d-")).unwrap_or(text);
    let wrong = |_| "it is not a document id like D-12".to_owned();
    digits.parse().map(DocumentId).map_err(wrong)
}

impl Original {
    pub fn run(&self, desk: &Desk) -> Ending {
        let store = desk.engine.store();
        let missing = || Trouble(format!("there is no document {}; `refdesk show` names those of a referral", self.document));
        let record = store.document(self.document)?.ok_or_else(missing)?;
        let lost = || Trouble("its bytes are not there; run `refdesk check`".into());
        let bytes = content::bytes(store.connection(), &record.hash)?.ok_or_else(lost)?;
        match &self.to {
            Some(path) => {
                let mut file = std::fs::File::create_new(path)
                    .map_err(|error| Trouble(format!("{}: {error}. Nothing was overwritten", path.display())))?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                print::line(&format!("{} bytes in {}", bytes.len(), path.display()))?;
            }
            // What came from outside does not reach a terminal as it is.
            None if std::io::stdout().is_terminal() => {
                return Err(Trouble("a document is not written to a terminal; name a file with --to".into()));
            }
            None => std::io::stdout().lock().write_all(&bytes)?,
        }
        Ok(Exit::Done)
    }
}
