//! A document that goes with a message: the report on a visit.
//!
//! Owns its form: what a fax and a mail program can show. Must not know where the bytes are kept.

use super::letter::{self, Paper};
use crate::standards::hl7v2::report;

/// What a document is, as a wire needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Pages.
    Pdf,
    /// Pictures of pages.
    Tiff,
}

impl Form {
    /// The ending of its name.
    pub const fn ending(self) -> &'static str {
        match self {
            Form::Pdf => "pdf",
            Form::Tiff => "tif",
        }
    }

    /// Its media type (RFC 8118, RFC 3302).
    pub const fn media_type(self) -> &'static str {
        match self {
            Form::Pdf => "application/pdf",
            Form::Tiff => "image/tiff",
        }
    }
}

/// A document ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// What it is.
    pub form: Form,
    /// The document.
    pub bytes: Vec<u8>,
}

impl Enclosure {
    /// A document as it came, or as it stands in another system's message, where every fax and mail program shows it; else its lines,
    /// printed anew. `foot` stands below each page.
    ///
    /// # Errors
    /// A sentence where nothing of it can be printed.
    pub fn of(bytes: Vec<u8>, lines: &[String], foot: &str, paper: Paper) -> Result<Enclosure, String> {
        let inside = bytes
            .starts_with(b"MSH")
            .then(|| report::enclosed(&String::from_utf8_lossy(&bytes)))
            .flatten();
        let bytes = inside.unwrap_or(bytes);
        let form = if bytes.starts_with(b"%PDF-") {
            Some(Form::Pdf)
        } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            Some(Form::Tiff)
        } else {
            None
        };
        if let Some(form) = form {
            return Ok(Enclosure { form, bytes });
        }
        Enclosure::printed(lines, foot, paper)
    }

    /// Lines alone, printed anew: what came with them stays where it is.
    ///
    /// # Errors
    /// A sentence where nothing of it can be printed.
    pub fn printed(lines: &[String], foot: &str, paper: Paper) -> Result<Enclosure, String> {
        if lines.iter().all(|line| line.trim().is_empty()) {
            return Err(
                "the report holds no text that could be printed; print the original and send it by hand"
                    .into(),
            );
        }
        Ok(Enclosure {
            form: Form::Pdf,
            bytes: letter::printed(lines, foot, paper)?,
        })
    }
}
