//! Pieces of files: what is read as one. A line of NDJSON, a document, a message, a row of a table.
//!
//! Owns the cutting of a stream, in memory that is bounded by the largest piece. Must not know what a piece means.

use super::csv::Table;
use super::entries::Entries;
use std::collections::VecDeque;
use std::io::{BufRead, Read, Result};
use std::sync::Arc;

/// The longest line or document: a chart with the originals of its documents.
const LONGEST: usize = 64 * 1024 * 1024;
/// The longest message of HL7 v2, and row of a table (reliability rules: 1 MB a message).
const LONGEST_MESSAGE: usize = 1024 * 1024;
/// A quoted cell goes on over at most so many lines.
const LINES_A_ROW: usize = 200;

/// How a piece is to be read.
#[derive(Clone)]
pub enum Form {
    /// A FHIR resource or bundle, as JSON or XML.
    Fhir,
    /// A message of HL7 v2.
    Hl7,
    /// A row of a table.
    Table(Arc<Table>),
}

/// A piece.
pub struct Piece {
    /// Of the how-manieth file it is.
    pub file: usize,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// How it is to be read.
    pub form: Form,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Why it is not to be read at all.
    pub wrong: Option<String>,
}

/// Cuts pieces off a file.
pub struct Cutter {
    input: Box<dyn BufRead + Send>,
    file: usize,
    form: Form,
    way: Way,
    line: u64,
    /// Lines that were read too early.
    back: VecDeque<(u64, Vec<u8>)>,
}

/// Where one piece ends and the next begins.
pub enum Way {
    /// A line each.
    Lines,
    /// All of it at once.
    Whole,
    /// The entries of a bundle that is too large to be read at once.
    Entries(Entries),
    /// Messages, each from its MSH on.
    Messages,
    /// Rows, with line breaks within quotation marks.
    Rows(char),
}

impl Cutter {
    /// Over a stream that stands behind its first lines.
    pub fn new(input: Box<dyn BufRead + Send>, file: usize, form: Form, way: Way, line: u64) -> Cutter {
        Cutter {
            input,
            file,
            form,
            way,
            line,
            back: VecDeque::new(),
        }
    }

    fn piece(&self, line: u64, raw: Vec<u8>, wrong: Option<&str>) -> Piece {
        Piece {
            file: self.file,
            line,
            form: self.form.clone(),
            raw,
            wrong: wrong.map(str::to_owned),
        }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// The file's.
    pub fn next_piece(&mut self) -> Result<Option<Piece>> {
        match &mut self.way {
            Way::Lines => self.next_line(),
            Way::Whole => self.whole(),
            Way::Entries(entries) => {
                let found = entries.next(&mut self.input, LONGEST)?;
                Ok(found.map(|(line, raw)| match raw {
                    Ok(raw) => self.piece(line, raw, None),
                    Err(why) => self.piece(line, Vec::new(), Some(why)),
                }))
            }
            Way::Messages => self.message(),
            Way::Rows(separator) => {
                let separator = *separator;
                self.row(separator)
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<Piece>> {
        loop {
            let Some((line, raw)) = self.physical(LONGEST, b"\n")? else {
                return Ok(None);
            };
            if raw.len() > LONGEST {
                return Ok(Some(self.piece(
                    line,
                    Vec::new(),
                    Some("the line is longer than 64 MB"),
                )));
            }
            if !raw.trim_ascii().is_empty() {
                return Ok(Some(self.piece(line, raw, None)));
            }
        }
    }

    fn whole(&mut self) -> Result<Option<Piece>> {
        let mut raw = Vec::new();
        let most = LONGEST as u64 + 1;
        self.input.by_ref().take(most).read_to_end(&mut raw)?;
        if raw.trim_ascii().is_empty() {
            return Ok(None);
        }
        let long = raw.len() > LONGEST;
        Ok(Some(if long {
            self.piece(1, Vec::new(), Some("the document is longer than 64 MB"))
        } else {
            self.piece(1, raw, None)
        }))
    }

    /// A line with its end, or a part of one that is longer than may be: the rest of it is read over.
    fn physical(&mut self, most: usize, ends: &[u8]) -> Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.back.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let mut ended = false;
        while !ended {
            let waiting = self.input.fill_buf()?;
            if waiting.is_empty() {
                break;
            }
            let end = if ends == b"\n" {
                memchr(waiting)
            } else {
                waiting.iter().position(|byte| ends.contains(byte))
            };
            let taken = end.map_or(waiting.len(), |end| end + 1);
            if line.len() <= most {
                line.extend_from_slice(waiting.get(..taken).unwrap_or_default());
            }
            self.input.consume(taken);
            ended = end.is_some();
        }
        if line.is_empty() {
            return Ok(None);
        }
        let number = self.line;
        self.line += 1;
        Ok(Some((number, line)))
    }

    fn message(&mut self) -> Result<Option<Piece>> {
        let mut raw: Vec<u8> = Vec::new();
        let mut begins = self.line;
        let mut long = false;
        while let Some((number, line)) = self.physical(LONGEST_MESSAGE, b"\r\n")? {
            let content = without_block(&line);
            // A carriage return and a line feed are one end.
            if content.is_empty() {
                continue;
            }
            let starts = content.starts_with(b"MSH");
            let envelope = [b"FHS", b"BHS", b"BTS", b"FTS"]
                .iter()
                .any(|name| content.starts_with(*name));
            if (starts || envelope) && !raw.is_empty() {
                self.back.push_front((number, line));
                break;
            }
            if envelope {
                continue;
            }
            if raw.is_empty() {
                begins = number;
            }
            long |= raw.len() + content.len() > LONGEST_MESSAGE;
            if !long {
                raw.extend_from_slice(content);
                raw.push(b'\r');
            }
        }
        if raw.is_empty() && !long {
            return Ok(None);
        }
        let wrong = long.then_some("the message is longer than 1 MB");
        Ok(Some(self.piece(begins, raw, wrong)))
    }

    fn row(&mut self, separator: char) -> Result<Option<Piece>> {
        loop {
            let Some((begins, first)) = self.physical(LONGEST_MESSAGE, b"\n")? else {
                return Ok(None);
            };
            if first.trim_ascii().is_empty() {
                continue;
            }
            let mut raw = first.clone();
            let mut more = Vec::new();
            while is_open(&raw, separator) {
                let next = self.physical(LONGEST_MESSAGE, b"\n")?;
                let stuck = next.is_none() || more.len() >= LINES_A_ROW || raw.len() > LONGEST_MESSAGE;
                if let Some((number, line)) = next {
                    raw.extend_from_slice(&line);
                    more.push((number, line));
                }
                if stuck {
                    // One mark too many must not swallow the rows behind it.
                    for line in more.into_iter().rev() {
                        self.back.push_front(line);
                    }
                    let why = "a quotation mark is opened and not closed";
                    return Ok(Some(self.piece(begins, first, Some(why))));
                }
            }
            return Ok(Some(self.piece(begins, raw, None)));
        }
    }
}

fn memchr(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

/// A line without the marks of a block (MLLP) and its end.
fn without_block(line: &[u8]) -> &[u8] {
    let is_mark = |byte: &u8| matches!(byte, 0x0B | 0x1C | b'\r' | b'\n' | b' ');
    let from = line.iter().position(|byte| !is_mark(byte)).unwrap_or(line.len());
    let to = line
        .iter()
        .rposition(|byte| !matches!(byte, 0x1C | b'\r' | b'\n'))
        .map_or(from, |last| last + 1);
    let line = line.get(from..to).unwrap_or_default();
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
}

/// Whether a cell of a row is still open: a quotation mark at the beginning of a cell opens it (RFC 4180 §2).
fn is_open(raw: &[u8], separator: char) -> bool {
    let separator = u8::try_from(separator).unwrap_or(b',');
    let (mut open, mut fresh) = (false, true);
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if open {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                open = false;
            }
            continue;
        }
        open = byte == b'"' && fresh;
        fresh = byte == separator;
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, form: Form, way: Way) -> Vec<(u64, String, bool)> {
        let input = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
        let mut cutter = Cutter::new(input, 0, form, way, 1);
        let mut all = Vec::new();
        while let Some(piece) = cutter.next_piece().unwrap() {
            let raw = String::from_utf8(piece.raw).unwrap();
            all.push((piece.line, raw, piece.wrong.is_some()));
        }
        all
    }

    #[test]
    fn messages_begin_at_their_headers_whatever_ends_their_segments() {
        let text = "FHS|^~\\&\rBHS|^~\\&\r\u{0B}MSH|1\rPID|1\r\u{1C}\rMSH|2\r\nPID|2\r\n\r\nBTS|2\rFTS|1\r";
        let found = cut(text, Form::Hl7, Way::Messages);
        let raw: Vec<&str> = found.iter().map(|(_, raw, _)| raw.as_str()).collect();
        assert_eq!(raw, ["MSH|1\rPID|1\r", "MSH|2\rPID|2\r"]);
    }

    #[test]
    fn rows_hold_line_breaks_and_one_mark_too_many_spoils_one_row_only() {
        let found = cut(
            "a,\"b\nc\"\r\n\r\nd,5\" pipe\n\"e,f\ng,h\n",
            Form::Hl7,
            Way::Rows(','),
        );
        let expected: [(u64, &str, bool); 4] = [
            (1, "a,\"b\nc\"\r\n", false),
            (4, "d,5\" pipe\n", false),
            (5, "\"e,f\n", true),
            (6, "g,h\n", false),
        ];
        let found: Vec<(u64, &str, bool)> = found
            .iter()
            .map(|(line, raw, wrong)| (*line, raw.as_str(), *wrong))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_are_counted_over_empty_ones() {
        let found = cut("{}\n\n{\"a\":1}", Form::Fhir, Way::Lines);
        assert_eq!(found, [(1, "{}\n".into(), false), (3, "{\"a\":1}".into(), false)]);
    }
}
