//! HL7 v2: messages as segments, fields, repetitions, components and subcomponents.
//!
//! Owns the encoding rules (HL7 v2.5.1 chapter 2, §2.5 to §2.8, §2.10.3 batches) and what senders make of them: line feeds
//! for carriage returns, lost segment ends, delimiters of their own. Nothing is copied until a value is asked for. Must not
//! know what a segment means; [`referral`], [`patient`] and [`schedule`] do.

pub mod answer;
mod apart;
pub mod blocks;
mod escape;
mod kinds;
mod mend;
mod order;
pub mod patient;
pub mod receipt;
pub mod referral;
pub mod report;
pub mod schedule;
pub mod types;

pub use apart::apart;
pub use mend::messages;

use escape::plain;
use std::borrow::Cow;

/// The characters that part a message (§2.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    field: char,
    component: char,
    repetition: char,
    escape: char,
    subcomponent: char,
}

impl Delimiters {
    /// Reads MSH-1 and MSH-2 from what follows `MSH`. A doubled escape character, as some senders write it, is one; a control
    /// character parts nothing, and would go back to its sender in an answer.
    fn read(header: &str) -> Option<Delimiters> {
        let mut chars = header.chars();
        let field = chars
            .next()
            .filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())?;
        let mut encoding: Vec<char> = chars.take_while(|c| *c != field).take(6).collect();
        if encoding.get(2) == encoding.get(3) && encoding.len() > 4 {
            encoding.remove(3);
        }
        let at = |index: usize, usual| {
            let named = encoding.get(index).copied().filter(|c| !c.is_control());
            named.unwrap_or(usual)
        };
        Some(Delimiters {
            field,
            component: at(0, '^'),
            repetition: at(1, '~'),
            escape: at(2, '\\'),
            subcomponent: at(3, '&'),
        })
    }
}

/// The lines of a text, whatever ends them. Line ends are bytes of their own in UTF-8: nothing has to be decoded to find them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut ends = memchr::memchr2_iter(b'\r', b'\n', text.as_bytes());
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from?;
        let end = ends.next();
        from = end.map(|end| end + 1);
        text.get(start..end.unwrap_or(text.len()))
    })
}

/// What stands between delimiters: nearly always a byte of its own, and so near to the last one that looking at each byte is
/// quicker than setting out to search.
struct Pieces<'a> {
    rest: Option<&'a str>,
    by: char,
    byte: Option<u8>,
}

impl<'a> Pieces<'a> {
    #[inline]
    fn of(text: &'a str, by: char) -> Pieces<'a> {
        Pieces {
            rest: Some(text),
            by,
            byte: u8::try_from(by).ok().filter(u8::is_ascii),
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (end, width) = match self.byte {
            Some(delimiter) => (rest.bytes().position(|byte| byte == delimiter), 1),
            None => (rest.find(self.by), self.by.len_utf8()),
        };
        match end {
            Some(end) => {
                self.rest = rest.get(end + width..);
                rest.get(..end)
            }
            None => self.rest.take(),
        }
    }
}

/// A message: its segments in the order in which they came.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    delimiters: Delimiters,
    segments: Vec<&'a str>,
}

impl<'a> Message<'a> {
    /// Parts one message, from its MSH to its last segment, at any line end.
    pub fn parse(text: &'a str) -> Option<Message<'a>> {
        let mut segments = lines(text).map(str::trim_start).filter(|line| !line.is_empty());
        let header = segments.next()?;
        let delimiters = Delimiters::read(header.strip_prefix("MSH")?)?;
        Some(Message {
            delimiters,
            segments: std::iter::once(header).chain(segments).collect(),
        })
    }

    /// The segments of a name.
    pub fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = Segment<'a>> + 'm {
        self.segments
            .iter()
            .filter(move |line| line.starts_with(name))
            .map(|text| Segment {
                delimiters: self.delimiters,
                text,
            })
    }

    /// The first segment of a name; an empty one where there is none.
    pub fn first(&self, name: &str) -> Segment<'a> {
        self.all(name).next().unwrap_or(Segment {
            delimiters: self.delimiters,
            text: "",
        })
    }

    /// Whether there is a segment of a name.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Message code and trigger event, MSH-9.1 and MSH-9.2: `("REF", "I12")`.
    pub fn event(&self) -> (Cow<'a, str>, Cow<'a, str>) {
        let kind = self.first("MSH").field(9);
        (kind.component(1).text(), kind.component(2).text())
    }
}

/// A segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    delimiters: Delimiters,
    text: &'a str,
}

impl<'a> Segment<'a> {
    /// A field by its number in the standard, from 1. In MSH, field 1 is the delimiter itself.
    pub fn field(&self, number: usize) -> Part<'a> {
        let skip = if self.text.starts_with("MSH") {
            number.saturating_sub(1)
        } else {
            number
        };
        self.part(Pieces::of(self.text, self.delimiters.field).nth(skip))
    }

    /// The fields from the first on.
    #[inline]
    pub fn fields(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let delimiters = self.delimiters;
        Pieces::of(self.text, delimiters.field)
            .skip(1)
            .map(move |text| Part { delimiters, text })
    }

    #[inline]
    fn part(&self, text: Option<&'a str>) -> Part<'a> {
        Part {
            delimiters: self.delimiters,
            text: text.unwrap_or_default(),
        }
    }
}

/// A field, a repetition, a component or a subcomponent: whatever a value is asked of.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    delimiters: Delimiters,
    text: &'a str,
}

impl<'a> Part<'a> {
    /// Nothing stands here. `""` means that a value was deleted (§2.5.3): nothing either.
    #[inline]
    pub fn is_empty(&self) -> bool {
        // Most parts of a message are empty, or begin with a letter or a digit.
        match self.text.as_bytes().first() {
            None => true,
            Some(first) if first.is_ascii_alphanumeric() => false,
            Some(_) => {
                let text = self.text.trim();
                text.is_empty() || text == "\"\""
            }
        }
    }

    /// The repetitions of a field.
    #[inline]
    pub fn repetitions(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let delimiters = self.delimiters;
        Pieces::of(self.text, delimiters.repetition).map(move |text| Part { delimiters, text })
    }

    /// The components of a repetition.
    #[inline]
    pub fn components(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let delimiters = self.delimiters;
        Pieces::of(self.text, delimiters.component).map(move |text| Part { delimiters, text })
    }

    /// A component of the first repetition, from 1.
    pub fn component(&self, number: usize) -> Part<'a> {
        let first = Pieces::of(self.text, self.delimiters.repetition)
            .next()
            .unwrap_or_default();
        self.inside(Pieces::of(first, self.delimiters.component).nth(number.saturating_sub(1)))
    }

    /// A subcomponent of a component, from 1.
    pub fn subcomponent(&self, number: usize) -> Part<'a> {
        self.inside(Pieces::of(self.text, self.delimiters.subcomponent).nth(number.saturating_sub(1)))
    }

    #[inline]
    fn inside(&self, text: Option<&'a str>) -> Part<'a> {
        Part {
            delimiters: self.delimiters,
            text: text.unwrap_or_default(),
        }
    }

    /// The value with its escapes resolved: the first component where there are several.
    pub fn text(&self) -> Cow<'a, str> {
        self.component(1).subcomponent(1).whole()
    }

    /// The value with its escapes resolved and its delimiters kept as they are. Nothing is copied where there is no escape.
    pub fn whole(&self) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed("");
        }
        match plain(self.text, self.delimiters) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_their_numbers() {
        let text = "MSH|^~\\&|A|B|||20260102||REF^I12|7|P|2.5\rPID|1||11^^^X&Y^MR~22^^^Z^SS||O\\T\\M^Ann\rNTE|1||a\\.br\\b\\X41\\";
        let message = Message::parse(text).unwrap();
        assert_eq!(message.event(), ("REF".into(), "I12".into()));
        assert_eq!(message.first("MSH").field(7).text(), "20260102");
        let ids = message.first("PID").field(3);
        let second = ids.repetitions().nth(1).unwrap();
        assert_eq!(ids.repetitions().count(), 2);
        assert_eq!(
            (second.text(), second.component(5).text()),
            ("22".into(), "SS".into())
        );
        assert_eq!(ids.component(4).subcomponent(2).whole(), "Y");
        assert_eq!(message.first("PID").field(5).text(), "O&M");
        assert_eq!(message.first("NTE").field(3).whole(), "a\nbA");
        assert!(message.first("ZZZ").field(4).is_empty());
        assert_eq!(message.first("PID").field(99).text(), "");
    }

    #[test]
    fn a_sender_may_choose_its_delimiters() {
        let message = Message::parse("MSH:*?!%:A\rPID:1::11***X%Y*MR").unwrap();
        assert_eq!(
            message.first("PID").field(3).component(4).subcomponent(2).whole(),
            "Y"
        );
        let doubled = Message::parse("MSH|^~\\\\&|A\rPID|1||11^^^X&Y").unwrap();
        assert_eq!(
            doubled.first("PID").field(3).component(4).subcomponent(2).whole(),
            "Y"
        );
        let hidden = Message::parse("MSH|\u{1}\0\\&|A\rPID|1||11^^^X~2").unwrap();
        let repeated: Vec<_> = hidden.first("PID").field(3).repetitions().collect();
        assert_eq!((repeated.len(), &*repeated[0].component(4).text()), (2, "X"));
        for broken in ["", "MSH", "MSH ", "MSHA", "MSH\u{1}a\u{1}", "PID|1"] {
            assert!(Message::parse(broken).is_none(), "{broken}");
        }
    }
}
