//! The values of the configuration that are written as text: openings, days, zones, lengths of time.
//!
//! Owns reading and printing them. Must not know which key holds what.

use crate::domain::template::{Target, TargetUnit};
use crate::domain::text;
use crate::domain::time::{Clock, Day, Span, Zone, parse_day, parse_zone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, de::SeqAccess, de::Visitor};
use std::fmt;

/// An opening of a day: `08:00-17:00`, or `closed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening(pub Option<(Clock, Clock)>);

/// A day: `2026-11-26`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub Day);

/// A time zone of the IANA database: `America/New_York`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneName(pub Zone);

/// A length of time on the clock on the wall: `30 min`, `4 h`, `14 d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain(pub Target);

/// Waits between tries: `["4 bh", "1 bd", "2 bd"]`, one a try, the last for all that follow; one alone may stand without
/// brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits(pub Vec<Target>);

impl Serialize for Waits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Waits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Waits;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a wait like \"4 bh\", or several like [\"4 bh\", \"1 bd\"]")
            }
            fn visit_str<E: Error>(self, raw: &str) -> Result<Waits, E> {
                Target::parse(raw).map(|one| Waits(vec![one])).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Waits, A::Error> {
                let mut all = Vec::new();
                while let Some(wait) = seq.next_element()? {
                    all.push(wait);
                }
                if all.is_empty() {
                    return Err(A::Error::custom("name at least one wait, like \"1 bd\""));
                }
                Ok(Waits(all))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

const CLOSED: &str = "closed";

impl Opening {
    /// Reads `08:00-17:00` or `closed`.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(raw: &str) -> Result<Opening, String> {
        let wrong = || {
            format!(
                "`{}` is not opening hours like 08:00-17:00, or `closed`",
                text::line(raw)
            )
        };
        if raw.trim().eq_ignore_ascii_case(CLOSED) {
            return Ok(Opening(None));
        }
        let (from, to) = raw.split_once(['-', '–']).ok_or_else(wrong)?;
        let clock = |part: &str| Clock::parse_from_str(part.trim(), "%H:%M").map_err(|_| wrong());
        let (from, to) = (clock(from)?, clock(to)?);
        if from >= to {
            return Err(format!("`{}` closes before it opens", text::line(raw)));
        }
        Ok(Opening(Some((from, to))))
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((from, to)) => write!(f, "{}-{}", from.format("%H:%M"), to.format("%H:%M")),
            None => f.write_str(CLOSED),
        }
    }
}

impl Date {
    /// Reads `2026-11-26`.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(raw: &str) -> Result<Date, String> {
        parse_day(raw.trim()).map(Date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl ZoneName {
    /// Reads `America/New_York`.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(raw: &str) -> Result<ZoneName, String> {
        parse_zone(raw.trim()).map(ZoneName)
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Plain {
    /// So many minutes.
    pub const fn minutes(amount: u32) -> Plain {
        Plain(Target {
            amount,
            unit: TargetUnit::Minutes,
        })
    }

    /// So many hours.
    pub const fn hours(amount: u32) -> Plain {
        Plain(Target {
            amount,
            unit: TargetUnit::Hours,
        })
    }

    /// So many days of 24 hours.
    pub const fn days(amount: u32) -> Plain {
        Plain(Target {
            amount,
            unit: TargetUnit::Days,
        })
    }

    /// Reads `4 h`; business hours and days are refused.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn parse(raw: &str) -> Result<Plain, String> {
        let target = Target::parse(raw)?;
        target.span().map(|_| Plain(target)).ok_or_else(|| {
            format!(
                "`{}` counts opening hours, and here every hour counts: write `30 min`, `4 h` or `14 d`",
                text::line(raw)
            )
        })
    }

    /// The span. (Zero cannot occur: a business unit was refused when it was read.)
    pub fn span(self) -> Span {
        self.0.span().unwrap_or_else(Span::zero)
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Serde as text. The error is raised where the text is visited, so that it carries the place of this very value even
/// inside a list.
macro_rules! as_text {
    ($($kind:ty: $like:literal),* $(,)?) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl Visitor<'_> for Read {
                    type Value = $kind;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("a text like \"", $like, "\""))
                    }
                    fn visit_str<E: Error>(self, raw: &str) -> Result<$kind, E> {
                        <$kind>::parse(raw).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Read)
            }
        }
    )*};
}

as_text!(
    Opening: "08:00-17:00",
    Date: "2026-11-26",
    ZoneName: "America/New_York",
    Plain: "4 h",
);
