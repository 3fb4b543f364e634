//! Identifiers.
//!
//! Owns the number space of the records and the check character of the referral's id. Must not allocate: numbers come in
//! with the snapshot, so that a decision stays a pure function.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A patient.
    PatientId "P",
    /// A referring practitioner.
    PractitionerId "PR",
    /// A practice, facility or site.
    OrganizationId "O",
    /// A coverage of one referral.
    CoverageId "COV",
    /// A task.
    TaskId "T",
    /// A milestone of a case.
    MilestoneId "MS",
    /// A timer.
    TimerId "TM",
    /// A message in the outbox.
    MessageId "M",
    /// An appointment.
    AppointmentId "A",
    /// A request for missing information.
    RequestId "RQ",
    /// A note or a call.
    NoteId "N",
    /// A document.
    DocumentId "D",
}

/// A referral's number. People read `R-20417-F`: digits, then a check character that catches every single wrong digit
/// and every swap of neighbours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferralId(pub i64);

/// The letters of the check character, without I, O and U, which are misread. Twenty-three is prime and larger than any
/// digit, so that the remainder changes with every single digit and every swap of two neighbours (d·10^k and
/// 9·d·10^k are never multiples of 23): the scheme of the Spanish NIF, with our own letter order.
const CHECK: [char; 23] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X',
    'Y', 'Z',
];

impl ReferralId {
    /// The check character.
    pub fn check(self) -> char {
        usize::try_from(self.0.rem_euclid(23))
            .ok()
            .and_then(|i| CHECK.get(i))
            .copied()
            .unwrap_or('A')
    }
}

impl fmt::Display for ReferralId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R-{}-{}", self.0, self.check())
    }
}

impl fmt::Debug for ReferralId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ReferralId {
    type Err = String;

    /// Takes `R-20417-F`, also in lower case and without the leading `R-`.
    fn from_str(text: &str) -> Result<Self, String> {
        let shown = super::text::line(text);
        let wrong = || format!("`{shown}` is not a referral id like {}", ReferralId(20417));
        let upper = text.trim().to_ascii_uppercase();
        let body = upper.strip_prefix("R-").unwrap_or(&upper);
        let (digits, check) = body.split_once('-').ok_or_else(wrong)?;
        let id = ReferralId(digits.parse().map_err(|_| wrong())?);
        if id.0 <= 0 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        if check.chars().eq([id.check()]) {
            Ok(id)
        } else {
            Err(format!(
                "`{shown}` has a wrong check character: a digit was misread or two were swapped"
            ))
        }
    }
}

impl Serialize for ReferralId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReferralId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// Characters of a return code: digits and capitals without I, O and U.
const CODE: &[u8; 33] = b"0123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// The return code of a request for information, `RQ-7K2M-9PXD`: 40 bits of a seeded generator, so that it cannot be
/// guessed from a neighbour's.
pub fn return_code(mut random: u64) -> String {
    let mut out = String::from("RQ-");
    for position in 0..8 {
        if position == 4 {
            out.push('-');
        }
        out.push(
            usize::try_from(random % 33)
                .ok()
                .and_then(|i| CODE.get(i))
                .map_or('0', |b| char::from(*b)),
        );
        random /= 33;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_printed_and_read() {
        for n in [1, 22, 23, 20417, 999_999_999] {
            let id = ReferralId(n);
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(id.to_string().to_lowercase().parse(), Ok(id));
        }
    }

    #[test]
    fn every_single_wrong_digit_and_every_swap_is_caught() {
        for n in [10_000_i64, 20_417, 98_765, 13_579] {
            let good = n.to_string();
            for place in 0..good.len() {
                for digit in '0'..='9' {
                    let mut bytes = good.clone().into_bytes();
                    bytes[place] = digit as u8;
                    let other: i64 = String::from_utf8(bytes).unwrap().parse().unwrap();
                    assert!(
                        other == n || ReferralId(other).check() != ReferralId(n).check(),
                        "{n} {other}"
                    );
                }
                if place > 0 {
                    let mut bytes = good.clone().into_bytes();
                    bytes.swap(place - 1, place);
                    let other: i64 = String::from_utf8(bytes).unwrap().parse().unwrap();
                    assert!(
                        other == n || ReferralId(other).check() != ReferralId(n).check(),
                        "{n} {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for bad in [
            "",
            "R-",
            "R-12",
            "R--5-A",
            "20417",
            "R-20417-?",
            "R-99999999999999999999-A",
        ] {
            assert!(bad.parse::<ReferralId>().is_err(), "{bad}");
        }
    }
}
