//! Whether two descriptions are of the same patient.
//!
//! Owns the score and its three bands: same, ask a person, different. The score is that of Fellegi and Sunter ("A Theory for
//! Record Linkage", JASA 64, 1969): for each trait the logarithm of how much likelier its level of agreement is between two
//! records of one person than between those of two, added up. Beside the sum stand rules that no sum gets round: without
//! agreement in name and date of birth nobody is the same. Must not know where candidates come from, nor what is done with
//! the answer.

mod birth;
mod name;
mod nickname;
mod place;
pub mod sender;
mod spelling;
mod weights;

pub use birth::slips;
pub use weights::{ASK, SAME, weight};

use super::command::{NewCoverage, NewPatient};
use super::person::{HumanName, Patient, Sex};
use super::text;
use super::time::Day;

/// What is known of somebody, as far as it tells people apart.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Name.
    pub name: HumanName,
    /// Date of birth.
    pub dob: Option<Day>,
    /// Administrative gender.
    pub sex: Sex,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The clinic's own record number.
    pub mrn: Option<String>,
    /// Member numbers of coverages.
    pub members: Vec<String>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known(..)")
    }
}

impl Known {
    /// What a patient's record says, with the member numbers of the coverages.
    pub fn of(patient: &Patient, members: Vec<String>) -> Known {
        Known {
            name: patient.name.clone(),
            dob: patient.dob,
            sex: patient.sex,
            phone: patient.phone.clone(),
            email: patient.email.clone(),
            address: patient.address.clone(),
            mrn: patient.mrn.clone(),
            members,
        }
    }

    /// What a referral says of the patient that it brings.
    pub fn heard(patient: &NewPatient, coverages: &[NewCoverage]) -> Known {
        Known {
            name: patient.name.clone(),
            dob: patient.dob,
            sex: patient.sex,
            phone: patient.phone.clone(),
            email: patient.email.clone(),
            address: patient.address.clone(),
            mrn: patient.mrn.clone(),
            members: coverages
                .iter()
                .filter_map(|coverage| coverage.member_id.clone())
                .collect(),
        }
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the label of each says what it is")]
pub enum Trait {
    Family,
    Given,
    Birth,
    Sex,
    Suffix,
    Record,
    Member,
    Phone,
    Email,
    Address,
}

impl Trait {
    /// Every trait, in the order in which they are shown.
    pub const ALL: [Trait; 10] = [
        Trait::Family,
        Trait::Given,
        Trait::Birth,
        Trait::Sex,
        Trait::Suffix,
        Trait::Record,
        Trait::Member,
        Trait::Phone,
        Trait::Email,
        Trait::Address,
    ];

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            Trait::Family => "family name",
            Trait::Given => "given name",
            Trait::Birth => "date of birth",
            Trait::Sex => "sex",
            Trait::Suffix => "Jr or Sr",
            Trait::Record => "record number",
            Trait::Member => "member id",
            Trait::Phone => "telephone",
            Trait::Email => "e-mail",
            Trait::Address => "address",
        }
    }

    /// What a household shares: these agree together where they agree at all, so that only the strongest counts.
    const fn is_shared(self) -> bool {
        matches!(self, Trait::Member | Trait::Phone | Trait::Email | Trait::Address)
    }
}

/// How far a trait agrees, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Both are known, and they do not agree.
    Differs,
    /// One of them is not known.
    Unknown,
    /// No more than compatible: an initial, other middle names.
    Hint,
    /// A slip apart: a letter, a digit; the same house and street.
    Close,
    /// Another form of the same: a short name, one of two surnames, names or day and month in each other's place.
    Variant,
    /// The same.
    Same,
}

impl Level {
    /// Every level, the least first.
    pub const ALL: [Level; 6] = [
        Level::Differs,
        Level::Unknown,
        Level::Hint,
        Level::Close,
        Level::Variant,
        Level::Same,
    ];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Level::Differs => "differs",
            Level::Unknown => "not known",
            Level::Hint => "may fit",
            Level::Close => "nearly the same",
            Level::Variant => "another form of it",
            Level::Same => "the same",
        }
    }
}

/// What to do about two descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Two people.
    Different,
    /// A person must say.
    Ask,
    /// One person.
    Same,
}

/// Two descriptions compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How far each trait agrees, in the order of [`Trait::ALL`].
    pub levels: [Level; 10],
    /// The sum, in bits.
    pub score: f64,
    /// The answer.
    pub band: Band,
}

impl Comparison {
    /// How far a trait agrees.
    pub fn level(&self, which: Trait) -> Level {
        level(&self.levels, which)
    }

    /// The arithmetic: each trait that says something, how far it agrees, and what it weighs in bits.
    pub fn arithmetic(&self) -> Vec<(Trait, Level, f64)> {
        let strongest = strongest(&self.levels);
        Trait::ALL
            .into_iter()
            .zip(self.levels)
            .filter(|(_, level)| *level != Level::Unknown)
            .map(|(which, level)| {
                let own = weight(which, level);
                // What a household shares counts once.
                let counted = !which.is_shared() || own <= 0.0 || Some(which) == strongest;
                (which, level, if counted { own } else { 0.0 })
            })
            .collect()
    }
}

/// Whether a name says anything for its bearer being somebody: where neither part does, a shared date of birth is chance.
pub fn is_near(one: &HumanName, other: &HumanName) -> bool {
    let (family, given) = name::levels(one, other);
    family.max(given) > Level::Unknown
}

fn level(levels: &[Level; 10], which: Trait) -> Level {
    Trait::ALL
        .into_iter()
        .zip(levels)
        .find(|(each, _)| *each == which)
        .map_or(Level::Unknown, |(_, level)| *level)
}

/// Compares two descriptions; it does not matter which comes first.
pub fn compare(one: &Known, other: &Known) -> Comparison {
    let (family, given) = name::levels(&one.name, &other.name);
    let levels = [
        family,
        given,
        birth::level(one.dob, other.dob),
        sexes(one.sex, other.sex),
        name::suffixes(&one.name, &other.name),
        both(one.mrn.as_deref(), other.mrn.as_deref(), plain),
        members(&one.members, &other.members),
        both(one.phone.as_deref(), other.phone.as_deref(), number),
        both(one.email.as_deref(), other.email.as_deref(), |text| {
            text.trim().to_lowercase()
        }),
        place::level(one.address.as_deref(), other.address.as_deref()),
    ];
    judge(levels)
}

/// The score and the answer that levels of agreement come to.
pub fn judge(levels: [Level; 10]) -> Comparison {
    let mut score = 0.0;
    for (which, level) in Trait::ALL.into_iter().zip(levels) {
        let own = weight(which, level);
        if !which.is_shared() || own < 0.0 {
            score += own;
        }
    }
    if let Some(which) = strongest(&levels) {
        score += weight(which, level(&levels, which));
    }
    Comparison {
        levels,
        score,
        band: band(&levels, score),
    }
}

/// The trait among those that a household shares which speaks most for the same person, if any does.
fn strongest(levels: &[Level; 10]) -> Option<Trait> {
    let shared = Trait::ALL.into_iter().zip(levels);
    shared
        .filter(|(which, level)| which.is_shared() && weight(*which, **level) > 0.0)
        .max_by(|one, other| weight(one.0, *one.1).total_cmp(&weight(other.0, *other.1)))
        .map(|(which, _)| which)
}

fn band(levels: &[Level; 10], score: f64) -> Band {
    let at = |which| level(levels, which);
    let same = |which| at(which) == Level::Same;
    let (family, given, birth) = (at(Trait::Family), at(Trait::Given), at(Trait::Birth));
    let number = same(Trait::Record);
    let reached = [Trait::Member, Trait::Phone, Trait::Email, Trait::Address]
        .into_iter()
        .any(same);
    // Twins share all but the given name, and often most of that: a slip in it is never taken for one.
    let named = family >= Level::Variant && given >= Level::Variant;
    let supported = number || reached || family == Level::Same;
    let born = birth == Level::Same || number && birth >= Level::Unknown;
    let contradicted = [Trait::Sex, Trait::Suffix, Trait::Record]
        .into_iter()
        .any(|which| at(which) == Level::Differs);
    if score >= SAME && named && born && supported && !contradicted {
        return Band::Same;
    }
    // A name alone is no question: a busy clinic has many of most names.
    let worth = birth > Level::Unknown || number || reached;
    if number || score >= ASK && worth {
        Band::Ask
    } else {
        Band::Different
    }
}

fn both(one: Option<&str>, other: Option<&str>, form: impl Fn(&str) -> String) -> Level {
    let known = |text: Option<&str>| text.map(&form).filter(|text| !text.is_empty());
    match (known(one), known(other)) {
        (Some(one), Some(other)) if one == other => Level::Same,
        (Some(_), Some(_)) => Level::Differs,
        (Some(_) | None, None) | (None, Some(_)) => Level::Unknown,
    }
}

/// Letters and digits alone, in capitals: how numbers on cards are copied.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

/// The last ten digits: with and without the country's prefix it is the same telephone (North American Numbering Plan).
fn number(text: &str) -> String {
    let digits = text::digits(text);
    let from = digits.len().saturating_sub(10);
    digits.get(from..).unwrap_or_default().to_owned()
}

fn members(one: &[String], other: &[String]) -> Level {
    let numbers = |all: &[String]| -> Vec<String> {
        let all = all.iter().map(|text| plain(text));
        all.filter(|text| !text.is_empty()).collect()
    };
    let (one, other) = (numbers(one), numbers(other));
    if one.is_empty() || other.is_empty() {
        Level::Unknown
    } else if one.iter().any(|number| other.contains(number)) {
        Level::Same
    } else {
        Level::Differs
    }
}

fn sexes(one: Sex, other: Sex) -> Level {
    match (one, other) {
        (Sex::Unknown, _) | (_, Sex::Unknown) => Level::Unknown,
        (one, other) if one == other => Level::Same,
        (Sex::Female | Sex::Male | Sex::Other, Sex::Female | Sex::Male | Sex::Other) => Level::Differs,
    }
}

#[cfg(test)]
mod tests;
