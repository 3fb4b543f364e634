//! A file, read in the jail: the document that it is, or each message that it holds.
//!
//! Owns what is asked of the reading process, and that messages that stand for themselves are read each by itself. Must not know what
//! becomes of what was read.

use super::second::Second;
use super::{Trouble, wording};
use crate::intake::document::ReadDocument;
use crate::intake::jail;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A document larger than this is no document: it is refused before it is read (design: pages and pixels are bounded).
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file, and what was read in it.
pub(crate) struct Came {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// The document that it is; the messages, where it holds several that stand for themselves.
    pub documents: Vec<Document>,
}

/// A document, or one message of a file with several.
pub(crate) struct Document {
    /// Its own bytes, where it is one of several.
    pub own: Option<Vec<u8>>,
    /// What was read in it.
    pub read: ReadDocument,
}

/// A message of several may be about several patients; there is nothing below that.
const DEPTH: usize = 2;

/// How documents are asked for.
pub(crate) struct Asked<'a> {
    pub exe: &'a Path,
    pub password: Option<&'a str>,
    pub second: Option<&'a Second>,
    /// What corrections taught, as it is handed over.
    pub learned: &'a str,
    pub stop: &'a AtomicBool,
    pub pages: &'a (dyn Fn(usize) + Sync),
}

impl Asked<'_> {
    /// The bytes of a file and what was read in them: messages that stand for themselves are read each by itself, as if it had come in
    /// a file of its own.
    pub fn read(&self, path: &Path, cores: usize) -> Result<Came, Trouble> {
        let bytes = bytes_of(path)?;
        let read = self.ask(&name_of(path), &bytes, cores)?;
        let mut waiting = vec![(Document { own: None, read }, 0)];
        let mut documents = Vec::new();
        while let Some((document, depth)) = waiting.pop() {
            let around = document.own.as_deref().unwrap_or(&bytes);
            let own = document.read.own.iter().map(|own| own.bytes(around));
            // What is not in the file as it says is no message of it.
            let own: Vec<Vec<u8>> = own.collect::<Option<_>>().unwrap_or_default();
            if own.is_empty() || depth >= DEPTH {
                documents.push(document);
                continue;
            }
            let mut parts = Vec::new();
            for (place, bytes) in own.into_iter().enumerate() {
                let name = format!("{}, message {}", document.read.name, place + 1);
                let read = self.ask(&name, &bytes, cores)?;
                let own = Some(bytes);
                parts.push((Document { own, read }, depth + 1));
            }
            waiting.extend(parts.into_iter().rev());
        }
        Ok(Came { bytes, documents })
    }

    fn ask(&self, name: &str, bytes: &[u8], cores: usize) -> Result<ReadDocument, Trouble> {
        let order = jail::Order {
            exe: self.exe,
            name,
            bytes,
            password: self.password,
            learned: self.learned,
            cores,
            stop: self.stop,
            pages: self.pages,
        };
        let stopped = || Trouble("reading was stopped; it stays where it is".into());
        let mut read = order.read().ok_or_else(stopped)?;
        if self
            .second
            .is_some_and(|second| !second.look(&mut read, self.stop))
        {
            return Err(stopped());
        }
        Ok(read)
    }
}

/// The bytes of a file, where it can be a document.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Trouble> {
    let unread = |error: std::io::Error| {
        Trouble(format!(
            "it was not read, and stays where it is: {}",
            wording::cause(&error)
        ))
    };
    let about = std::fs::metadata(path).map_err(unread)?;
    if about.is_dir() {
        return Err(Trouble("it is a folder; name the files in it".into()));
    }
    if about.len() > LARGEST {
        return Err(Trouble(format!(
            "its {} MB are more than a document has ({} MB); it was not read, and stays where it is",
            about.len() >> 20,
            LARGEST >> 20
        )));
    }
    std::fs::read(path).map_err(unread)
}

/// A file's name without its folder.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
