//! Rich Text Format as pages.
//!
//! Owns what a control word means for the text (Rich Text Format Specification 1.9.1). Must not know fonts, colours or
//! what any of it says.

use super::document::Container;
use super::galley::Galley;
use super::plain;
use super::source::Source;

/// Groups nest at most this deep; what lies deeper is read as if it stood there.
const MAX_GROUPS: usize = 1_000;

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
    /// Bytes that follow a `\u` for readers that do not know it.
    skipped: usize,
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Source {
    let galley = Reader::new(bytes).read();
    let sheets = galley.sheets();
    if sheets.is_empty() {
        return Source::unreadable(Container::Rtf, "the file holds no text; a person must look");
    }
    Source {
        container: Container::Rtf,
        sheets,
        ..Source::default()
    }
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
        }
    }

    fn read(mut self) -> Galley {
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
                    self.now = self.groups.pop().unwrap_or(self.now);
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(*byte),
            }
        }
        self.paragraph();
        self.row();
        self.galley
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
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
            b'*' => self.now.apart = true,
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
mod tests {
    use super::*;

    fn texts(rtf: &str) -> Vec<String> {
        read(rtf.as_bytes())
            .sheets
            .iter()
            .flat_map(|sheet| sheet.runs.iter().map(|run| run.text.clone()))
            .collect()
    }

    #[test]
    fn paragraphs_characters_and_what_is_apart() {
        let rtf = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator x}{\info{\author Nobody}}
\pard Jos\'e9 M\u252\'fcller\par DOB:\tab 01/02/1990\line {\v hidden}\{x\}\par {\deleted gone}\u9746?Urgent}";
        assert_eq!(
            texts(rtf),
            ["José Müller", "DOB:", "01/02/1990", "{x}", "☒Urgent"]
        );
    }

    #[test]
    fn rows_are_cells() {
        let rtf = r"{\rtf1 Before\par\trowd\intbl Patient\cell\intbl Ann\par Lee\cell\row\trowd\intbl DOB\cell 1990\cell\row\pard After\par}";
        assert_eq!(
            texts(rtf),
            ["Before", "Patient", "Ann", "Lee", "DOB", "1990", "After"]
        );
    }

    #[test]
    fn broken_files_end() {
        for rtf in [
            r"{\rtf1 {{{{ a",
            r"{\rtf1 \bin99999999999 a",
            r"{\rtf1 \u-1 \'zz \",
            r"{\rtf1}",
        ] {
            let _ = texts(rtf);
        }
        let deep = "{".repeat(100_000);
        assert_eq!(texts(&format!(r"{{\rtf1 {deep} a")), ["a"]);
    }
}
