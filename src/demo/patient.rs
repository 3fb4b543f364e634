//! Inventing patients: of every age and script of name, with the contact details that a practice would know.
//!
//! Owns the invention of one person from seed and number. Must not know referrals.

use super::chance::{Chance, Stream, deal, dealt};
use super::pools::{Payer, Pools, Script};
use crate::domain::command::{NewCoverage, NewPatient};
use crate::domain::person::{Channel, Consent, HumanName, Sex};
use crate::domain::text::fold;
use crate::domain::time::{Day, Span, age_on};

/// A patient, with the plan that pays.
pub struct Person {
    /// As the clinic hears of them.
    pub record: NewPatient,
    /// Years.
    pub age: i32,
    /// Coverage; none pays for themselves.
    pub coverage: Option<NewCoverage>,
}

/// Ages in days by share of a hundred: from, to.
const AGES: &[(u32, i64, i64)] = &[
    (1, 2, 27),
    (3, 28, 729),
    (12, 730, 6_569),
    (28, 6_570, 18_262),
    (34, 18_263, 27_393),
    (20, 27_394, 35_000),
    (2, 35_001, 37_100),
];

/// The `index`-th of `count` people. Deterministic: the same numbers give the same person.
pub fn person(pools: &Pools, seed: u64, index: u64, count: u64, today: Day) -> Person {
    let mut chance = Chance::of(seed, index, Stream::Patient);
    let sex = match chance.between(0, 99) {
        0..=52 => Sex::Female,
        53..=97 => Sex::Male,
        98 => Sex::Other,
        _ => Sex::Unknown,
    };
    let born = dealt(AGES, |(share, _, _)| *share, index, count, seed % 97).map_or(today, |(_, from, to)| {
        today - Span::days(chance.between(*from, *to))
    });
    // The last of the deal is always the oldest: a clinic has somebody of 101.
    let born = if deal(index, count, seed % 97) + 1 == count {
        today - Span::days(37_000)
    } else {
        born
    };
    let age = age_on(born, today);
    let script = dealt(&pools.scripts, |script| script.weight, index, count, seed % 89);
    let name = script.map_or_else(HumanName::default, |script| name(&mut chance, script, sex));
    let language = script.and_then(|script| {
        let language = script.language.clone()?;
        chance.percent(script.speakers).then_some(language)
    });
    let email = chance.percent(62).then(|| email(&mut chance, &name, born));
    let preferred = match chance.between(0, 9) {
        0..=4 => Some(Channel::Sms),
        5 | 6 if email.is_some() => Some(Channel::Email),
        7 if age > 60 => Some(Channel::Phone),
        8 => Some(Channel::Letter),
        _ => None,
    };
    let consent = |chance: &mut Chance| match chance.between(0, 9) {
        0..=6 => Consent::Given,
        7 | 8 => Consent::Unknown,
        _ => Consent::Refused,
    };
    let record = NewPatient {
        name,
        dob: Some(born),
        sex,
        phone: Some(phone(pools, &mut chance)),
        email,
        address: Some(address(pools, &mut chance, "Apt")),
        mrn: None,
        language,
        preferred,
        email_consent: consent(&mut chance),
        sms_consent: consent(&mut chance),
    };
    Person {
        coverage: coverage(pools, &mut chance, age),
        record,
        age,
    }
}

/// Somebody else of the same sex and age: a person of the archive.
pub fn namesake(pools: &Pools, chance: &mut Chance, sex: Sex, born: Option<Day>) -> NewPatient {
    let script = chance.weighted(&pools.scripts, |script| script.weight);
    let name = script.map_or_else(HumanName::default, |script| name(chance, script, sex));
    let language = script.and_then(|script| {
        let language = script.language.clone()?;
        chance.percent(script.speakers).then_some(language)
    });
    let born = born.map(|born| born - Span::days(chance.between(0, 300)));
    NewPatient {
        dob: born,
        sex,
        phone: Some(phone(pools, chance)),
        email: born
            .filter(|_| chance.percent(62))
            .map(|born| email(chance, &name, born)),
        address: Some(address(pools, chance, "Apt")),
        mrn: None,
        language,
        preferred: None,
        email_consent: Consent::Unknown,
        sms_consent: Consent::Unknown,
        name,
    }
}

fn name(chance: &mut Chance, script: &Script, sex: Sex) -> HumanName {
    let mut family = chance.text(&script.families);
    if script.two {
        let second = chance.text(&script.families);
        if second != family {
            family = format!("{family} {second}");
        }
    }
    let given = match sex {
        Sex::Female => chance.text(&script.female),
        Sex::Male => chance.text(&script.male),
        Sex::Other | Sex::Unknown if chance.percent(50) => chance.text(&script.female),
        Sex::Other | Sex::Unknown => chance.text(&script.male),
    };
    let suffix = if script.key == "english" && sex == Sex::Male && chance.percent(6) {
        "Jr".to_owned()
    } else {
        String::new()
    };
    HumanName {
        family,
        given,
        suffix,
    }
}

/// An address under a domain that RFC 2606 keeps for examples.
fn email(chance: &mut Chance, name: &HumanName, born: Day) -> String {
    let ascii = |part: &str| -> String {
        fold(part)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(16)
            .collect()
    };
    let (given, family) = (ascii(&name.given), ascii(&name.family));
    let domain = chance
        .pick(&["example.com", "example.org", "example.net"])
        .copied()
        .unwrap_or("example.com");
    if given.is_empty() || family.is_empty() {
        format!("p{}@{domain}", chance.digits(6))
    } else {
        format!("{given}.{family}{}@{domain}", born.format("%y"))
    }
}

/// A number of the block 555-0100 to 555-0199, which is kept for fiction.
pub fn phone(pools: &Pools, chance: &mut Chance) -> String {
    let area = chance.text(&pools.places.area_codes);
    format!("{area}55501{}", chance.digits(2))
}

/// A street address on one line.
pub fn address(pools: &Pools, chance: &mut Chance, door: &str) -> String {
    let number = chance.between(1, 999);
    let street = chance.text(&pools.places.streets);
    let flat = if chance.percent(25) {
        format!(", {door} {}", chance.between(1, 40))
    } else {
        String::new()
    };
    chance.pick(&pools.places.town).map_or_else(String::new, |town| {
        format!(
            "{number} {street}{flat}, {}, {} {}",
            town.name, town.state, town.zip
        )
    })
}

fn coverage(pools: &Pools, chance: &mut Chance, age: i32) -> Option<NewCoverage> {
    if chance.percent(3) {
        return None;
    }
    let senior = age >= 65 && chance.percent(85);
    let fits = |payer: &Payer| if payer.senior == senior { payer.weight } else { 0 };
    let payer = chance.weighted(&pools.places.payer, fits)?;
    Some(NewCoverage {
        payer: payer.name.clone(),
        member_id: Some(format!("{}{}", payer.prefix, chance.digits(payer.digits))),
        group_no: payer.group.then(|| format!("G{}", chance.digits(5))),
        subscriber: None,
    })
}
