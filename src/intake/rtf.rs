//! Rich Text Format as pages.
//!
//! Owns what a control word means for the text (Rich Text Format Specification 1.9.1). Must not know fonts, colours or
//! what any of it says.

use super::document::Container;
use super::galley::Galley;
use super::reading::Reading;
use super::source::Source;
use super::{pictured, plain};

/// Groups nest at most this deep; what lies deeper is read as if it stood there.
const MAX_GROUPS: usize = 1_000;
/// Pictures are kept up to so many bytes together.
const MAX_PICTURES: usize = 32 << 20;

/// Groups that hold no text of the document.
const APART: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "themedata",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "fldinst",
    "bkmkstart",
    "bkmkend",
    "latentstyles",
    "pgdsctbl",
    "mmathPr",
    "filetbl",
    "revtbl",
    "nonshppict",
    "atnid",
    "atnauthor",
    "annotation",
    "datafield",
    "template",
    "colorschememapping",
    "wgrffmtfilter",
    "sp",
    "sn",
    "sv",
    "shprslt",
];

/// Control words that stand for a character.
const CHARACTERS: &[(&str, char)] = &[
    ("tab", '\t'),
    ("line", '\n'),
    ("emdash", '—'),
    ("endash", '–'),
    ("lquote", '‘'),
    ("rquote", '’'),
    ("ldblquote", '“'),
    ("rdblquote", '”'),
    ("bullet", '•'),
    ("emspace", ' '),
    ("enspace", ' '),
    ("qmspace", ' '),
];

/// What holds within a group.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Its text is not the document's.
    apart: bool,
    /// It was struck out, or is hidden.
    hidden: bool,
    /// Its digits are a picture's bytes.
    picture: bool,
    /// It is a second copy of a picture, for readers that do not know the first.
    copy: bool,
    /// Bytes that follow a `\u` for readers that do not know it.
    skipped: usize,
}

/// Reads a file.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Source {
    let reader = Reader::new(bytes).read();
    let lettered = reader.galley.printed() >= pictured::SCANT;
    let mut source = Source {
        container: Container::Rtf,
        ..Source::default()
    };
    reader.galley.print(&mut source);
    pictured::within(
        reader.pictures.into_iter(),
        reader.beyond,
        lettered,
        reading,
        &mut source,
    );
    if source.sheets.is_empty() && source.warnings.is_empty() {
        return Source::unreadable(Container::Rtf, "the file holds no text; a person must look");
    }
    source
}

struct Reader<'a> {
    rest: &'a [u8],
    groups: Vec<Group>,
    now: Group,
    page: plain::CodePage,
    /// Bytes of the code page that wait to be decoded together: some pages have two a character.
    raw: Vec<u8>,
    surrogate: Option<u16>,
    to_skip: usize,
    text: String,
    cell: Vec<String>,
    cells: Vec<Vec<String>>,
    galley: Galley,
    pictures: Vec<Vec<u8>>,
    /// Pictures that were not kept.
    beyond: usize,
    /// The picture that is open, and half of its next byte.
    picture: Vec<u8>,
    half: Option<u8>,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Reader {
            rest: bytes,
            groups: Vec::new(),
            now: Group {
                skipped: 1,
                ..Group::default()
            },
            page: plain::CodePage::default(),
            raw: Vec::new(),
            surrogate: None,
            to_skip: 0,
            text: String::new(),
            cell: Vec::new(),
            cells: Vec::new(),
            galley: Galley::default(),
            pictures: Vec::new(),
            beyond: 0,
            picture: Vec::new(),
            half: None,
        }
    }

    fn read(mut self) -> Self {
        while let Some((byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            match byte {
                b'{' => {
                    self.settle();
                    self.to_skip = 0;
                    if self.groups.len() < MAX_GROUPS {
                        self.groups.push(self.now);
                    }
                }
                b'}' => {
                    self.settle();
                    self.to_skip = 0;
                    let picture = self.now.picture;
                    self.now = self.groups.pop().unwrap_or(self.now);
                    if picture && !self.now.picture {
                        self.keep();
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(*byte),
            }
        }
        self.paragraph();
        self.row();
        self
    }

    /// Keeps the picture that was open.
    fn keep(&mut self) {
        let picture = std::mem::take(&mut self.picture);
        self.half = None;
        let held: usize = self.pictures.iter().map(Vec::len).sum();
        if self.pictures.len() >= pictured::MOST || held + picture.len() > MAX_PICTURES {
            self.beyond += 1;
        } else if !picture.is_empty() {
            self.pictures.push(picture);
        }
    }

    /// A digit of a picture's bytes.
    fn digit(&mut self, byte: u8) {
        let digit = char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok());
        match (self.half.take(), digit) {
            (Some(high), Some(low)) => self.picture.push(high * 16 + low),
            (None, digit) => self.half = digit,
            (half, None) => self.half = half,
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.now.picture {
            self.digit(byte);
        } else if !self.now.apart && !self.now.hidden {
            self.raw.push(byte);
        }
    }

    /// Decodes the bytes that waited.
    fn settle(&mut self) {
        if !self.raw.is_empty() {
            let text = self.page.decode(&self.raw);
            self.text.push_str(&text);
            self.raw.clear();
        }
    }

    fn put(&mut self, c: char) {
        self.settle();
        if !self.now.apart && !self.now.hidden {
            self.text.push(c);
        }
    }

    fn control(&mut self) {
        let Some((sign, rest)) = self.rest.split_first() else {
            return;
        };
        if !sign.is_ascii_alphabetic() {
            self.rest = rest;
            return self.symbol(*sign);
        }
        let letters = self
            .rest
            .iter()
            .take(32)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let (word, rest) = self.rest.split_at(letters);
        let signs = usize::from(rest.first() == Some(&b'-'));
        let digits = rest
            .iter()
            .skip(signs)
            .take(10)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (number, rest) = rest.split_at(if digits > 0 { signs + digits } else { 0 });
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let word = std::str::from_utf8(word).unwrap_or_default();
        let number = std::str::from_utf8(number)
            .ok()
            .and_then(|number| number.parse::<i64>().ok());
        self.word(word, number);
    }

    fn symbol(&mut self, sign: u8) {
        match sign {
            b'\'' => {
                let digits = self.rest.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
                if let Some(byte) = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
                    self.rest = self.rest.get(2..).unwrap_or_default();
                    self.byte(byte);
                }
            }
            b'*' => {
                self.now.apart = true;
                self.now.picture = false;
            }
            b'~' => self.put(' '),
            b'_' => self.put('-'),
            b'\\' | b'{' | b'}' => self.byte(sign),
            b'\r' | b'\n' => self.paragraph(),
            b'\t' => self.put('\t'),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        if let Some((_, c)) = CHARACTERS.iter().find(|(known, _)| *known == word) {
            return self.put(*c);
        }
        if APART.contains(&word) {
            self.now.apart = true;
            self.now.copy |= word == "nonshppict";
            self.now.picture = word == "pict" && !self.now.copy;
            return;
        }
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.now.skipped = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            "ansicpg" => self.page = plain::CodePage::numbered(number.unwrap_or(0)),
            "mac" => self.page = plain::CodePage::numbered(10_000),
            "bin" => {
                let count = usize::try_from(number.unwrap_or(0))
                    .unwrap_or(0)
                    .min(self.rest.len());
                if self.now.picture {
                    self.picture.extend(self.rest.iter().take(count));
                }
                self.rest = self.rest.get(count..).unwrap_or_default();
            }
            "v" | "deleted" => self.now.hidden = number != Some(0),
            "plain" => self.now.hidden = false,
            "par" | "sect" => self.paragraph(),
            "page" => {
                self.paragraph();
                if self.cells.is_empty() {
                    self.galley.page();
                }
            }
            "cell" | "nestcell" => {
                self.settle();
                self.cell
                    .extend(std::mem::take(&mut self.text).split('\n').map(str::to_owned));
                self.cells.push(std::mem::take(&mut self.cell));
            }
            "row" | "nestrow" => self.row(),
            // A paragraph of a cell ends with the cell, or with `par` while the row is open.
            "intbl" if self.cells.is_empty() && self.cell.is_empty() => self.cell.push(String::new()),
            "pard" => {}
            _ => {}
        }
    }

    /// A character by its number, in halves where it is beyond the first plane.
    fn unicode(&mut self, number: i64) {
        self.settle();
        self.to_skip = self.now.skipped;
        let unit = (number.rem_euclid(0x1_0000)) as u16;
        let units = self.surrogate.take().into_iter().chain(std::iter::once(unit));
        for c in char::decode_utf16(units) {
            match c {
                Ok(c) => self.put(symbol(c)),
                Err(half) if (0xD800..0xDC00).contains(&half.unpaired_surrogate()) => {
                    self.surrogate = Some(half.unpaired_surrogate());
                }
                Err(_) => {}
            }
        }
    }

    fn paragraph(&mut self) {
        self.settle();
        if self.now.apart {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let in_table = !self.cells.is_empty() || !self.cell.is_empty();
        for line in text.split('\n') {
            if in_table {
                self.cell.push(line.to_owned());
            } else {
                self.galley.paragraph(line);
            }
        }
    }

    fn row(&mut self) {
        self.settle();
        let mut cells = std::mem::take(&mut self.cells);
        let rest = std::mem::take(&mut self.cell);
        if rest.iter().any(|line| !line.trim().is_empty()) {
            cells.push(rest);
        }
        for cell in &mut cells {
            cell.retain(|line| !line.trim().is_empty());
        }
        if !cells.is_empty() {
            self.galley.row(cells);
        }
    }
}

/// Symbol fonts' private characters for boxes (Wingdings).
fn symbol(c: char) -> char {
    match c {
        '\u{F0FE}' | '\u{F0FD}' | '\u{F078}' => '☒',
        '\u{F0FC}' => '✓',
        '\u{F0A8}' | '\u{F06F}' | '\u{F072}' => '☐',
        other => other,
    }
}

#[cfg(test)]
mod tests;
