//! X12: interchanges as segments, elements and components.
//!
//! Owns the envelope (X12.5 interchange control, X12.6 syntax): the separators stand at fixed places of ISA. Tolerates a byte
//! order mark, indentation and line breaks between segments. Must not know what a segment means; [`read()`] does.

mod apart;
pub mod ask;
mod benefits;
pub mod invent;
mod read;

pub use apart::apart;
pub use read::read;

/// At most this many segments are looked at (reliability rule).
const MAX_SEGMENTS: usize = 10_000;

/// An interchange.
#[derive(Debug)]
pub struct Interchange<'a> {
    element: char,
    component: char,
    repetition: Option<char>,
    segments: Vec<&'a str>,
}

/// The version (ISA12) from which on ISA11 is the repetition separator; before, it named a standard.
const REPEATS: &str = "00402";

/// Why a text is no interchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// ISA is not what it has to be.
    #[error("its header (ISA) is damaged")]
    Header,
    /// The trailer is missing, or does not fit the header.
    #[error("it ends before its trailer (IEA), or the trailer belongs to another")]
    Trailer,
    /// The same interchange stands in it twice.
    #[error("the same interchange stands in it twice")]
    Twice,
}

impl<'a> Interchange<'a> {
    /// Parts a text.
    ///
    /// # Errors
    /// See [`Broken`].
    pub fn parse(text: &'a str) -> Result<Interchange<'a>, Broken> {
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        let rest = text.strip_prefix("ISA").ok_or(Broken::Header)?;
        let element = rest
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric())
            .ok_or(Broken::Header)?;
        // ISA16, the component separator, is one character; the one after it ends the segment.
        let (sixteenth, _) = rest.match_indices(element).nth(15).ok_or(Broken::Header)?;
        let mut tail = rest
            .get(sixteenth + element.len_utf8()..)
            .unwrap_or_default()
            .chars();
        let component = tail.next().ok_or(Broken::Header)?;
        let end = tail
            .next()
            .filter(|c| !c.is_alphanumeric())
            .ok_or(Broken::Header)?;
        let header = |number: usize| rest.split(element).nth(number).unwrap_or_default().trim();
        let repetition = header(11)
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric() && header(12) >= REPEATS);
        let segments: Vec<&str> = text
            .split(end)
            .map(str::trim)
            .filter(|segment| !segment.is_empty())
            .take(MAX_SEGMENTS)
            .collect();
        let interchange = Interchange {
            element,
            component,
            repetition,
            segments,
        };
        interchange.control()?;
        Ok(interchange)
    }

    /// Each header has its trailer, with the same control number (ISA13, IEA02), and none comes twice.
    fn control(&self) -> Result<(), Broken> {
        let mut open: Option<&str> = None;
        let mut known: Vec<&str> = Vec::new();
        for segment in self.all() {
            match segment.id() {
                "ISA" => {
                    let number = segment.element(13);
                    if known.contains(&number) {
                        return Err(Broken::Twice);
                    }
                    known.push(number);
                    open = Some(number);
                }
                "IEA" if open.take() != Some(segment.element(2)) => return Err(Broken::Trailer),
                _ => {}
            }
        }
        if open.is_some() {
            Err(Broken::Trailer)
        } else {
            Ok(())
        }
    }

    /// The segments in their order.
    pub fn all(&self) -> impl Iterator<Item = Segment<'a>> + '_ {
        self.segments.iter().map(|text| Segment {
            text,
            element: self.element,
            component: self.component,
            repetition: self.repetition,
        })
    }
}

/// A segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    text: &'a str,
    element: char,
    component: char,
    repetition: Option<char>,
}

impl<'a> Segment<'a> {
    /// Its name.
    pub fn id(&self) -> &'a str {
        self.text.split(self.element).next().unwrap_or_default()
    }

    /// An element by its number, from 1; empty where there is none.
    pub fn element(&self, number: usize) -> &'a str {
        self.text
            .split(self.element)
            .nth(number)
            .unwrap_or_default()
            .trim()
    }

    /// The repetitions of an element that have something in them.
    pub fn repetitions(&self, number: usize) -> impl Iterator<Item = &'a str> {
        let by = self.repetition;
        self.element(number)
            .split(move |c| Some(c) == by)
            .map(str::trim)
            .filter(|each| !each.is_empty())
    }

    /// A component of an element, from 1.
    pub fn component(&self, number: usize, part: usize) -> &'a str {
        self.element(number)
            .split(self.component)
            .nth(part.saturating_sub(1))
            .unwrap_or_default()
            .trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*00501*000000001*0*P*:~";

    #[test]
    fn separators_are_read_from_the_header() {
        let text = format!("\u{FEFF}{HEAD}\n  ST*271*1~\n  HI*ABK:R002~IEA*1*000000001~");
        let interchange = Interchange::parse(&text).unwrap();
        let names: Vec<&str> = interchange.all().map(|segment| segment.id()).collect();
        assert_eq!(names, ["ISA", "ST", "HI", "IEA"]);
        let diagnosis = interchange.all().nth(2).unwrap();
        assert_eq!((diagnosis.component(1, 2), diagnosis.element(9)), ("R002", ""));
    }

    #[test]
    fn what_is_damaged_says_how() {
        let whole = format!("{HEAD}ST*271*1~IEA*1*000000001~");
        let table = [
            (whole.replacen("ISA", "SA", 1), Broken::Header),
            ("ISA*00*short~".into(), Broken::Header),
            ("ISA".into(), Broken::Header),
            (format!("{HEAD}ST*271*1~"), Broken::Trailer),
            (
                whole.replace("IEA*1*000000001", "IEA*1*000000002"),
                Broken::Trailer,
            ),
            (format!("{whole}{whole}"), Broken::Twice),
        ];
        for (text, expected) in table {
            assert_eq!(Interchange::parse(&text).unwrap_err(), expected, "{text}");
        }
        assert!(Interchange::parse(&whole).is_ok());
    }
}
