//! Coverage, authorisation and the state of an eligibility check (FHIR Coverage, CoverageEligibilityResponse; X12 270/271).
//!
//! Must not know how a check is made.

use super::id::{CoverageId, ReferralId};
use super::person::{HumanName, Sex, redacted};
use super::time::{Day, Stamp};
use serde::{Deserialize, Serialize};

/// Where an eligibility check stands. No answer is never "eligible".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Eligibility {
    /// Asked, or waiting to be; no answer yet.
    Pending,
    /// The payer says active.
    Active,
    /// The payer says not active.
    Inactive,
    /// Active, but not for all that was asked.
    Partial,
    /// The payer refused the question, or the answer could not be read.
    Error,
    /// The payer did not answer in time.
    TimedOut,
    /// A person will find out by phone or portal.
    Manual,
}

impl Eligibility {
    /// Every state.
    pub const ALL: [Eligibility; 7] = [
        Eligibility::Pending,
        Eligibility::Active,
        Eligibility::Inactive,
        Eligibility::Partial,
        Eligibility::Error,
        Eligibility::TimedOut,
        Eligibility::Manual,
    ];

    /// The name in queries, commands and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Eligibility::Pending => "pending",
            Eligibility::Active => "active",
            Eligibility::Inactive => "inactive",
            Eligibility::Partial => "partial",
            Eligibility::Error => "error",
            Eligibility::TimedOut => "timed-out",
            Eligibility::Manual => "manual",
        }
    }

    /// The state with a code.
    pub fn from_code(code: &str) -> Option<Eligibility> {
        Eligibility::ALL.into_iter().find(|state| state.code() == code)
    }

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            Eligibility::Pending => "check pending",
            Eligibility::Active => "active",
            Eligibility::Inactive => "inactive",
            Eligibility::Partial => "partial",
            Eligibility::Error => "check failed",
            Eligibility::TimedOut => "no answer",
            Eligibility::Manual => "check by hand",
        }
    }

    /// Whether it holds the referral until somebody has put it right.
    pub const fn is_problem(self) -> bool {
        match self {
            Eligibility::Inactive | Eligibility::Partial | Eligibility::Error | Eligibility::TimedOut => true,
            Eligibility::Pending | Eligibility::Active | Eligibility::Manual => false,
        }
    }
}

/// What the patient is to the person whose plan it is (FHIR Coverage.relationship, value set subscriber-relationship; X12 INS02).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// Husband, wife or partner.
    Spouse,
    /// A child, also an adopted or a foster one.
    Child,
    /// Somebody else, or nothing is said.
    #[default]
    Other,
}

impl Relationship {
    /// Every relationship.
    pub const ALL: [Relationship; 3] = [Relationship::Spouse, Relationship::Child, Relationship::Other];

    /// The name in commands and the database; FHIR's code too.
    pub const fn code(self) -> &'static str {
        match self {
            Relationship::Spouse => "spouse",
            Relationship::Child => "child",
            Relationship::Other => "other",
        }
    }

    /// The relationship with a code.
    pub fn from_code(code: &str) -> Option<Relationship> {
        Relationship::ALL.into_iter().find(|each| each.code() == code)
    }

    /// As the desk says it.
    pub const fn label(self) -> &'static str {
        match self {
            Relationship::Spouse => "spouse",
            Relationship::Child => "child",
            Relationship::Other => "dependant",
        }
    }
}

/// Whose plan it is, where it is not the patient's own: the payer knows the patient as a dependant of theirs (FHIR
/// Coverage.subscriber, X12 loop 2000C).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscriber {
    /// Name.
    pub name: HumanName,
    /// Date of birth.
    #[serde(default)]
    pub dob: Option<Day>,
    /// Administrative gender.
    #[serde(default)]
    pub sex: Sex,
    /// What the patient is to them.
    #[serde(default)]
    pub relationship: Relationship,
}

impl Subscriber {
    /// `child of Alvarez, Luis`.
    pub fn told(&self) -> String {
        format!("{} of {}", self.relationship.label(), self.name.filed())
    }
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subscriber({:?})", self.relationship)
    }
}

/// One coverage of a referral's patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Number.
    pub id: CoverageId,
    /// Whose.
    pub referral: ReferralId,
    /// 1 is primary (FHIR Coverage.order).
    pub rank: u32,
    /// Payer.
    pub payer: String,
    /// Member id.
    pub member_id: Option<String>,
    /// Group number.
    pub group_no: Option<String>,
    /// State of the check.
    pub eligibility: Eligibility,
    /// When the payer last answered.
    pub checked_at: Option<Stamp>,
    /// The last day on which the check counts.
    pub valid_until: Option<Day>,
    /// What the payer said, in words.
    pub note: Option<String>,
    /// When the payer was asked by the check that is on its way, or by the last one.
    #[serde(default)]
    pub asked_at: Option<Stamp>,
    /// The number of that check, which its answer carries; none before the first, and while the next has not begun.
    #[serde(default)]
    pub trace: Option<String>,
    /// How many checks have begun.
    #[serde(default)]
    pub round: u32,
    /// Whose plan it is; none where it is the patient's own.
    #[serde(default)]
    pub subscriber: Option<Subscriber>,
}

impl Coverage {
    /// Begins another check: it is to be asked under a number of its own.
    pub fn begin(&mut self) {
        self.round += 1;
        self.trace = Some(trace(self.id, self.round));
        self.asked_at = None;
    }

    /// What is known is of no account any more: it is to be checked anew.
    pub fn forget(&mut self) {
        self.eligibility = Eligibility::Pending;
        self.checked_at = None;
        self.valid_until = None;
        self.note = None;
        self.asked_at = None;
        self.trace = None;
    }
}

/// A control number of X12 has nine digits (ISA13): seven for the coverage and two for the check. Coverages of more digits have theirs
/// among those whose last two stand for no check of the others.
const LAST_TWO: i64 = 100;
const SHORT: i64 = 10_000_000;
/// So many checks of one coverage have numbers of their own; one of more digits, so many.
const ROUNDS: i64 = 50;
const LONG_ROUNDS: i64 = 10;
/// The last two that stand for no check of the others, and so the numbers that there are for the latter.
const LEFT: i64 = LAST_TWO - ROUNDS;
const LONG: i64 = SHORT * LEFT;

/// The number of a check: `RD12-3` is the third of coverage 12.
pub fn trace(coverage: CoverageId, round: u32) -> String {
    format!("RD{}-{round}", coverage.0)
}

/// The same as the nine digits of a control number. Two coverages never share one, so that what a clearing house says of a number is
/// laid to no other's check; for whom none is left, one is used that stands for nobody's.
pub fn control_number(coverage: CoverageId, round: u32) -> i64 {
    let (id, round) = (coverage.0, i64::from(round));
    if id < SHORT {
        return id * LAST_TWO + round % ROUNDS;
    }
    let place = (id - SHORT)
        .saturating_mul(LONG_ROUNDS)
        .saturating_add(round % LONG_ROUNDS);
    if place < LONG {
        place / LEFT * LAST_TWO + ROUNDS + place % LEFT
    } else {
        1 + round % (ROUNDS - 1)
    }
}

/// The number of the check that a control number stands for; none where it stands for none.
pub fn trace_of_control(number: i64) -> Option<String> {
    if !(0..SHORT * LAST_TWO).contains(&number) {
        return None;
    }
    let (lead, last) = (number / LAST_TWO, number % LAST_TWO);
    let (coverage, round) = if last < ROUNDS {
        (lead, last)
    } else {
        let place = lead * LEFT + last - ROUNDS;
        (SHORT + place / LONG_ROUNDS, place % LONG_ROUNDS)
    };
    let round = u32::try_from(round).ok()?;
    (coverage > 0).then(|| trace(CoverageId(coverage), round))
}

/// What a payer answers to a check.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Where the coverage stands.
    pub eligibility: Eligibility,
    /// The last day of the coverage, where the payer names one.
    #[serde(default)]
    pub until: Option<Day>,
    /// What the payer said, in words.
    #[serde(default)]
    pub note: String,
    /// Whether the visit needs the payer's authorisation (X12 EB11).
    #[serde(default)]
    pub needs_authorization: bool,
    /// What has to be corrected before it is asked again (X12 AAA).
    #[serde(default)]
    pub correct: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({:?})", self.eligibility)
    }
}

redacted!(Coverage);

/// A payer's authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// Its number.
    pub number: String,
    /// Visits that it allows.
    #[serde(default)]
    pub visits: Option<u32>,
    /// First day.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last day.
    #[serde(default)]
    pub to: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_number_stands_for_no_other_coverages_check() {
        let around = |id: i64| id - 120..id + 120;
        let last = SHORT + LONG / LONG_ROUNDS;
        let ids = (1..240)
            .chain(around(SHORT))
            .chain(around(2 * SHORT))
            .chain(around(last))
            .chain([i64::MAX - 1, i64::MAX]);
        let mut taken = std::collections::BTreeMap::new();
        for id in ids {
            for round in 0..120 {
                let number = control_number(CoverageId(id), round);
                assert!((0..1_000_000_000).contains(&number), "{id} {round}");
                let Some(found) = trace_of_control(number) else {
                    assert!(id >= last, "{id} {round} has none");
                    continue;
                };
                assert!(found.starts_with(&format!("RD{id}-")), "{id} {round}: {found}");
                assert_eq!(*taken.entry(number).or_insert(id), id, "{number}");
                if round < 10 {
                    assert_eq!(found, trace(CoverageId(id), round));
                }
            }
        }
        // As numbers were given out before.
        assert_eq!(control_number(CoverageId(12), 3), 1203);
        for nobodys in [-1, 0, 49, 1_000_000_000] {
            assert_eq!(trace_of_control(nobodys), None, "{nobodys}");
        }
    }
}
