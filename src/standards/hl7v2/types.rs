//! Data types of HL7 v2 as the product's values: names, telephones, times, identifiers, coded elements.
//!
//! Owns their components (HL7 v2.5.1 chapter 2A) and what older versions and loose senders put there instead. Must not know
//! which segment a value stands in.

use super::Part;
use crate::domain::person::HumanName;
use crate::domain::text;
use std::borrow::Cow;

/// A person's name (XPN §2A.88, and XCN §2A.87 where the identifier comes first).
pub fn person(name: Part<'_>) -> Option<HumanName> {
    let at = |number| text::squeeze(&name.component(number).component(1).text());
    let (family, given, second, suffix, degree) = (at(1), at(2), at(3), at(4), at(6));
    // An identifier before the name: XCN, as PV1 and SCH carry people.
    if family.chars().any(|c| c.is_ascii_digit()) && !given.is_empty() {
        return build(&given, &second, "", &at(5), &at(7));
    }
    build(&family, &given, &second, &suffix, &degree)
}

fn build(family: &str, given: &str, second: &str, suffix: &str, degree: &str) -> Option<HumanName> {
    let join = |parts: [&str; 2]| text::squeeze(&parts.join(" "));
    let masked = |part: &str| !part.is_empty() && part.chars().all(|c| matches!(c, '*' | 'X' | '-' | '.'));
    if family.is_empty() && given.is_empty() || masked(family) {
        return None;
    }
    Some(HumanName {
        family: family.to_owned(),
        given: join([given, second]),
        suffix: join([suffix, degree]),
    })
}

/// A way to reach somebody (XTN §2A.89).
#[derive(Clone, PartialEq, Eq)]
pub enum Reach {
    /// A telephone, as written.
    Phone(String),
    /// A fax.
    Fax(String),
    /// An e-mail address.
    Email(String),
}

/// Reads a telephone field: the number may stand in its parts (country, area, local), whole in component 12 or, as before
/// version 2.7, whole in component 1; some senders leave it in a component of their own choice.
pub fn reach(field: Part<'_>) -> Option<Reach> {
    if field.is_empty() {
        return None;
    }
    let at = |number: usize| text::squeeze(&field.component(number).whole());
    let equipment = at(3).to_ascii_uppercase();
    let usage = at(2).to_ascii_uppercase();
    let whole = field.whole();
    if let Some(email) = field_values(field).find(|value| is_email(value)) {
        return Some(Reach::Email(text::squeeze(&email)));
    }
    let parts = [at(5), at(6), at(7)];
    let number = if parts.iter().any(|part| !part.is_empty()) {
        let country = if parts[0].is_empty() || parts[0].starts_with('+') {
            parts[0].clone()
        } else {
            format!("+{}", parts[0])
        };
        text::squeeze(&[country.as_str(), &parts[1], &parts[2]].join(" "))
    } else {
        let number = field_values(field).find(|value| digits_in(value) >= 7)?;
        text::squeeze(&number)
    };
    if digits_in(&number) < 7 {
        return None;
    }
    if equipment == "FX" || equipment == "FAX" || usage == "FAX" || whole.to_ascii_uppercase().contains("^FX")
    {
        Some(Reach::Fax(number))
    } else {
        Some(Reach::Phone(number))
    }
}

/// The components of the first repetition that a telephone may have (XTN has fourteen).
fn field_values(field: Part<'_>) -> impl Iterator<Item = Cow<'_, str>> {
    let first = field.repetitions().next();
    first
        .into_iter()
        .flat_map(|first| first.components().take(14))
        .map(|component| component.whole())
}

fn digits_in(value: &str) -> usize {
    value.bytes().filter(u8::is_ascii_digit).count()
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !value.contains(char::is_whitespace)
    })
}

/// An address on one line (XAD §2A.80): street, other, city, state and code; the country only where it is all there is.
pub fn address(field: Part<'_>) -> String {
    let at = |number: usize| text::squeeze(&field.component(number).subcomponent(1).whole());
    let region = text::squeeze(&[at(4), at(5)].join(" "));
    let lines = [at(1), at(2), at(3), region];
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The day of a time stamp (TS §2A.77): `YYYYMMDD…`, as ISO 8601. A year or a month alone is no day.
pub fn day(field: Part<'_>) -> Option<String> {
    let raw = field.text();
    let digits: String = raw.chars().take_while(char::is_ascii_digit).collect();
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    let iso = format!("{year}-{month}-{day}");
    crate::domain::time::parse_day(&iso).ok().map(|_| iso)
}

/// A time stamp as `YYYY-MM-DDThh:mm` with its offset where it states one: local time where it does not.
pub fn moment(raw: &str) -> Option<String> {
    let digits: String = raw.chars().take_while(char::is_ascii_digit).collect();
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    let (hour, minute) = (digits.get(8..10)?, digits.get(10..12)?);
    crate::domain::time::parse_day(&format!("{year}-{month}-{day}")).ok()?;
    if hour > "23" || minute > "59" {
        return None;
    }
    let offset: String = raw
        .chars()
        .skip_while(|c| !matches!(c, '+' | '-'))
        .take(5)
        .collect();
    let offset = match (offset.get(..3), offset.get(3..5)) {
        (Some(hours), Some(minutes)) => format!("{hours}:{minutes}"),
        _ => String::new(),
    };
    Some(format!("{year}-{month}-{day}T{hour}:{minute}{offset}"))
}

/// A time stamp to the second, for the order of two messages: as [`moment`], with the seconds that it states; a day alone is its
/// first moment (TS §2A.77, DTM §2A.22).
pub fn instant(raw: &str) -> Option<String> {
    let digits: String = raw.chars().take_while(char::is_ascii_digit).collect();
    let padded = format!("{digits:0<14}");
    let minute = moment(&raw.replacen(&digits, padded.get(..12)?, 1))?;
    let seconds = padded
        .get(12..14)
        .filter(|seconds| *seconds < "60")
        .unwrap_or("00");
    let (head, offset) = minute.split_at_checked(16)?;
    Some(format!("{head}:{seconds}{offset}"))
}

/// Administrative sex (table 0001) as the product writes it.
pub fn sex(field: Part<'_>) -> Option<&'static str> {
    match field.text().to_ascii_uppercase().as_str() {
        "F" | "FEMALE" => Some("F"),
        "M" | "MALE" => Some("M"),
        "O" | "OTHER" | "A" | "X" => Some("X"),
        _ => None,
    }
}

/// A coded element (CWE §2A.13): its code, its text, its coding system.
pub struct Coded {
    /// Code.
    pub code: String,
    /// Text.
    pub text: String,
    /// Coding system (table 0396), in capitals.
    pub system: String,
}

/// Reads a coded element.
pub fn coded(field: Part<'_>) -> Coded {
    let at = |number: usize| text::squeeze(&field.component(number).whole());
    Coded {
        code: at(1),
        text: at(2),
        system: at(3).to_ascii_uppercase(),
    }
}

/// Listed urgency by the words and codes of tables 0280 (referral priority), 0065 and 0485 (order priority).
pub fn urgency(coded: &Coded) -> Option<&'static str> {
    const TABLE: [(&str, &str); 12] = [
        ("S", "stat"),
        ("STAT", "stat"),
        ("EMERGENCY", "stat"),
        ("EMERGENT", "stat"),
        ("A", "asap"),
        ("ASAP", "asap"),
        ("U", "urgent"),
        ("URGENT", "urgent"),
        ("UR", "urgent"),
        ("R", "routine"),
        ("RO", "routine"),
        ("ROUTINE", "routine"),
    ];
    let find = |value: &str| {
        let value = value.to_ascii_uppercase();
        TABLE.iter().find(|(code, _)| *code == value).map(|(_, is)| *is)
    };
    find(&coded.text).or_else(|| find(&coded.code))
}

#[cfg(test)]
mod tests {
    use super::super::Message;
    use super::*;

    fn field(raw: &str) -> String {
        format!("MSH|^~\\&|\rZZZ|{raw}")
    }

    #[test]
    fn telephones_are_found_wherever_senders_put_them() {
        let table = [
            ("(412)555-0101", "p (412)555-0101"),
            ("^PRN^PH^^^412^5550101", "p 412 5550101"),
            ("^PRN^PH^^1^412^5550101", "p +1 412 5550101"),
            ("^WPN^PH^^^^^^^^^(626)555-1234", "p (626)555-1234"),
            ("^PRN^PH^^^^^^^(061)459500", "p (061)459500"),
            ("^WPN^FX^^^412^5550102", "f 412 5550102"),
            ("^NET^Internet^ann@example.org", "e ann@example.org"),
            ("ann@example.org^NET", "e ann@example.org"),
            ("^PRN^PH", "-"),
            ("", "-"),
        ];
        for (raw, expected) in table {
            let text = field(raw);
            let message = Message::parse(&text).unwrap();
            let shown = match reach(message.first("ZZZ").field(1)) {
                Some(Reach::Phone(number)) => format!("p {number}"),
                Some(Reach::Fax(number)) => format!("f {number}"),
                Some(Reach::Email(address)) => format!("e {address}"),
                None => "-".into(),
            };
            assert_eq!(shown, expected, "{raw}");
        }
    }

    #[test]
    fn times_are_days_and_moments_or_nothing() {
        let table = [
            ("20260228", Some("2026-02-28"), None),
            ("20260230", None, None),
            ("2026", None, None),
            (
                "19610615101500+0100",
                Some("1961-06-15"),
                Some("1961-06-15T10:15+01:00"),
            ),
            ("202605121099", Some("2026-05-12"), None),
            ("202605120930", Some("2026-05-12"), Some("2026-05-12T09:30")),
        ];
        for (raw, as_day, as_moment) in table {
            let text = field(raw);
            let message = Message::parse(&text).unwrap();
            assert_eq!(day(message.first("ZZZ").field(1)).as_deref(), as_day, "{raw}");
            assert_eq!(moment(raw).as_deref(), as_moment, "{raw}");
        }
    }

    #[test]
    fn the_order_of_messages_is_told_to_the_second() {
        let table = [
            ("20260105101530", Some("2026-01-05T10:15:30")),
            ("20260105101530.1234-0500", Some("2026-01-05T10:15:30-05:00")),
            ("202601051015", Some("2026-01-05T10:15:00")),
            ("20260105", Some("2026-01-05T00:00:00")),
            ("2026", None),
            ("", None),
        ];
        for (raw, expected) in table {
            assert_eq!(instant(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn names_come_with_or_without_an_identifier() {
        let table = [
            ("Everyman^Adam^A^III^Dr^MD", Some("Everyman|Adam A|III MD")),
            ("88990^Gaffney^Siobhan^^^Dr.^MD", Some("Gaffney|Siobhan|MD")),
            ("Doe", Some("Doe||")),
            ("****^***", None),
            ("^", None),
        ];
        for (raw, expected) in table {
            let text = field(raw);
            let message = Message::parse(&text).unwrap();
            let name = person(message.first("ZZZ").field(1));
            let shown = name.map(|name| format!("{}|{}|{}", name.family, name.given, name.suffix));
            assert_eq!(shown.as_deref(), expected, "{raw}");
        }
    }
}
