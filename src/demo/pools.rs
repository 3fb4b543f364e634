//! The pools that a clinic is invented from: names, places, referrers, reasons, remarks, stray documents.
//!
//! Owns the shape of the files under `assets/demo`. Must not know how they are put together.

use crate::domain::person::Sex;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::OnceLock;

/// Names in one script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Its key.
    pub key: String,
    /// Share.
    pub weight: u32,
    /// A language that its people may prefer.
    #[serde(default)]
    pub language: Option<String>,
    /// Of a hundred, so many prefer it.
    #[serde(default)]
    pub speakers: u32,
    /// Two family names.
    #[serde(default)]
    pub two: bool,
    /// Family names.
    pub families: Vec<String>,
    /// Given names of women.
    pub female: Vec<String>,
    /// Given names of men.
    pub male: Vec<String>,
}

/// A town.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Town {
    /// Name.
    pub name: String,
    /// State.
    pub state: String,
    /// ZIP code.
    pub zip: String,
}

/// A payer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payer {
    /// Name.
    pub name: String,
    /// Share.
    pub weight: u32,
    /// How its member ids begin.
    pub prefix: String,
    /// Digits after that.
    pub digits: u32,
    /// Whether its cards carry a group number.
    #[serde(default)]
    pub group: bool,
    /// Only for people of 65 and over, who nearly all have it.
    #[serde(default)]
    pub senior: bool,
}

/// The clinic's people and rooms.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// At the desk.
    pub coordinators: Vec<String>,
    /// Decide.
    pub clinicians: Vec<String>,
    /// Runs the desk.
    pub manager: String,
    /// See patients.
    pub performers: Vec<String>,
    /// Where.
    pub rooms: Vec<String>,
}

/// Places and people.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Streets.
    pub streets: Vec<String>,
    /// Telephone area codes.
    pub area_codes: Vec<String>,
    /// Towns.
    pub town: Vec<Town>,
    /// Payers.
    pub payer: Vec<Payer>,
    /// The clinic's people.
    pub staff: Staff,
}

/// What a practice always forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lapse {
    /// The patient's telephone.
    Phone,
    /// The member id.
    Member,
    /// The diagnosis code.
    Code,
    /// The date of birth.
    Dob,
    /// The patient's address.
    Address,
    /// Its own NPI.
    Npi,
    /// The results that should come along.
    Documents,
}

/// A practice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Name.
    pub name: String,
    /// What it forgets.
    pub forgets: Vec<Lapse>,
    /// Family name, given name, credentials.
    pub people: Vec<(String, String, String)>,
}

/// For whom a reason is possible.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// Women.
    Female,
    /// Men.
    Male,
}

/// A reason for referral.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// ICD-10-CM.
    pub code: String,
    /// As the letter says it.
    pub text: String,
    /// The service that it asks for, where that is offered.
    #[serde(default)]
    pub service: Option<String>,
    /// Ages, both included.
    #[serde(default)]
    pub ages: Option<(i32, i32)>,
    /// For whom.
    #[serde(default)]
    pub sex: Option<Only>,
    /// What an emergency is listed for, and nothing less.
    #[serde(default)]
    pub stat: bool,
}

impl Reason {
    /// Whether it can be somebody's.
    pub fn fits(&self, age: i32, sex: Sex) -> bool {
        self.ages.is_none_or(|(from, to)| (from..=to).contains(&age))
            && self.sex.is_none_or(|only| match only {
                Only::Female => sex == Sex::Female,
                Only::Male => sex == Sex::Male,
            })
    }
}

/// A specialty's reasons.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specialty {
    /// Key of its template.
    pub key: String,
    /// Reasons.
    pub reason: Vec<Reason>,
}

/// A document that needs a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stray {
    /// Name.
    pub name: String,
    /// What the reader takes it for.
    pub kind: String,
    /// How long ago it came, in minutes.
    pub age: i64,
    /// Why a person must look.
    pub reason: String,
    /// What it says.
    pub text: String,
}

macro_rules! remarks {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What people at the desk write and give as reasons.
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Remarks {$(
            $(#[$doc])*
            pub $name: Vec<String>,
        )*}

        #[cfg(test)]
        impl Remarks {
            fn all(&self) -> Vec<&Vec<String>> {
                vec![$(&self.$name),*]
            }
        }
    };
}

remarks! {
    /// Notes.
    notes,
    /// Calls: patient reached.
    reached,
    /// Calls: message left.
    left_message,
    /// Calls: no answer.
    no_answer,
    /// Calls: later.
    call_later,
    /// Calls: wrong number.
    wrong_number,
    /// Calls: practice reached.
    provider_reached,
    /// Calls that acknowledge an emergency.
    emergency,
    /// Calls to payers.
    payer,
    /// Questions to a clinician.
    clinician_questions,
    /// A clinician's answers.
    clinician_answers,
    /// Why there is no slot.
    waitlist,
    /// Why an appointment was cancelled.
    appointment_cancelled,
    /// Why somebody asks to cancel.
    cancel_requested,
    /// Why it was cancelled.
    cancelled,
    /// Why it should never have been here.
    entered_in_error,
    /// Why it was reopened.
    reopened,
    /// Words at the end.
    closing,
    /// Tasks.
    tasks,
    /// Why a priority was raised.
    raised,
    /// Why a priority was lowered.
    lowered,
    /// A payer's yes.
    active,
    /// A payer's no.
    inactive,
    /// A payer's yes, but.
    partial,
    /// A failed check.
    failed,
    /// A check by hand.
    manual,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tables {
    script: Vec<Script>,
    practice: Vec<Practice>,
    specialty: Vec<Specialty>,
    stray: Vec<Stray>,
}

/// All pools.
pub struct Pools {
    /// Scripts.
    pub scripts: Vec<Script>,
    /// Places and people.
    pub places: Places,
    /// Practices.
    pub practices: Vec<Practice>,
    /// Specialties.
    pub specialties: Vec<Specialty>,
    /// Remarks.
    pub remarks: Remarks,
    /// Stray documents.
    pub strays: Vec<Stray>,
}

/// A file as its value. The files are part of the program and a test reads each, so that a fault is one of the build's.
fn read<T: DeserializeOwned + Default>(text: &str) -> T {
    toml::from_str(text).unwrap_or_default()
}

impl Pools {
    /// The pools that the program carries.
    pub fn built_in() -> &'static Pools {
        static POOLS: OnceLock<Pools> = OnceLock::new();
        POOLS.get_or_init(|| Pools {
            scripts: read::<Tables>(include_str!("../../assets/demo/names.toml")).script,
            places: read(include_str!("../../assets/demo/places.toml")),
            practices: read::<Tables>(include_str!("../../assets/demo/referrers.toml")).practice,
            specialties: read::<Tables>(include_str!("../../assets/demo/reasons.toml")).specialty,
            remarks: read(include_str!("../../assets/demo/remarks.toml")),
            strays: read::<Tables>(include_str!("../../assets/demo/strays.toml")).stray,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_no_pool_is_empty() {
        let pools = Pools::built_in();
        assert!(pools.scripts.len() >= 20);
        assert!(
            pools.scripts.iter().all(|s| !s.families.is_empty()
                && !s.female.is_empty()
                && !s.male.is_empty()
                && s.weight > 0)
        );
        assert!(pools.specialties.len() >= 10);
        let people: usize = pools.practices.iter().map(|p| p.people.len()).sum();
        assert!((36..=45).contains(&people), "{people}");
        assert!(!pools.places.payer.is_empty() && pools.places.staff.coordinators.len() > 1);
        assert!(pools.remarks.all().iter().all(|pool| !pool.is_empty()));
        assert!((3..=5).contains(&pools.strays.len()));
    }

    #[test]
    fn every_specialty_has_a_reason_for_anybody() {
        for specialty in &Pools::built_in().specialties {
            for (age, sex) in (0..=102).flat_map(|age| [(age, Sex::Female), (age, Sex::Unknown)]) {
                let any = |reason: &Reason| !reason.stat && reason.fits(age, sex);
                assert!(specialty.reason.iter().any(any), "{} {age}", specialty.key);
            }
        }
    }

    #[test]
    fn an_emergency_can_befall_anybody() {
        for (age, sex) in (0..=102).flat_map(|age| [(age, Sex::Female), (age, Sex::Unknown)]) {
            let all = &Pools::built_in().specialties;
            let stat = |reason: &Reason| reason.stat && reason.fits(age, sex);
            assert!(
                all.iter().any(|specialty| specialty.reason.iter().any(stat)),
                "{age}"
            );
        }
    }

    #[test]
    fn what_leaves_the_program_is_already_clean() {
        for script in &Pools::built_in().scripts {
            for name in script.families.iter().chain(&script.female).chain(&script.male) {
                assert_eq!(&crate::domain::text::line(name), name);
            }
        }
    }
}
