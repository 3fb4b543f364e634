//! The second reader's part in reading a document: asked after the first, where the configuration names one.
//!
//! Owns the step from settings to the second reader and from its answer to the document. Must not know what becomes of a
//! document.

use super::wiring::secret;
use crate::channels::second_reader::{Rest, SecondReader};
use crate::config::Settings;
use crate::intake::document::{Field, ReadDocument};
use crate::intake::second;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A second reader and what it is asked for.
pub(crate) struct Second {
    pub reader: SecondReader,
    fields: Vec<Field>,
}

impl Second {
    /// As the settings have it; none where they name none.
    pub fn of(settings: &Settings, rest: Rest) -> Option<Second> {
        let named = &settings.second_reader;
        (!named.url.is_empty()).then(|| Second {
            reader: SecondReader {
                url: named.url.clone(),
                model: named.model.clone(),
                token: secret(&named.token_file, &named.token_env),
                patience: Duration::from_secs(u64::from(named.patience_seconds)),
                rest,
            },
            fields: second::fields_named(&named.fields),
        })
    }

    /// Has a document looked at once more; false where it was told to stop. Whatever goes wrong is a warning on the document.
    pub fn look(&self, read: &mut ReadDocument, stop: &AtomicBool) -> bool {
        if !second::worth_asking(read) {
            return true;
        }
        let (pages, cut) = second::text_of(read);
        match self.reader.ask(&second::instruction(&self.fields), &pages, stop) {
            Ok(said) => {
                second::join(read, &said, &self.fields);
                if cut {
                    second::saw_beginning(read);
                }
            }
            Err(why) => second::failed(read, &why),
        }
        !stop.load(Ordering::Relaxed)
    }
}
