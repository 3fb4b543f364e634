//! The practices that refer, and what each always forgets.
//!
//! Owns the numbering of referrers and their contact details. Must not know patients.

use super::chance::{Chance, Stream};
use super::patient::{address, phone};
use super::pools::{Lapse, Pools, Practice};
use crate::domain::command::{NewOrganization, NewPractitioner};
use crate::domain::person::{HumanName, is_npi};
use crate::domain::text::fold;

/// A practitioner with the practice.
pub struct Referrer {
    /// Number, from 0: the same number is the same person.
    pub number: usize,
    /// Number of the practice.
    pub practice_number: usize,
    /// Practitioner.
    pub practitioner: NewPractitioner,
    /// Practice.
    pub practice: NewOrganization,
    /// What they forget.
    pub forgets: &'static [Lapse],
}

/// How many referrers there are.
pub fn count(pools: &Pools) -> usize {
    pools.practices.iter().map(|practice| practice.people.len()).sum()
}

/// The referrer with a number.
pub fn referrer(pools: &'static Pools, number: usize) -> Option<Referrer> {
    let (practice_number, practice, person) = pools
        .practices
        .iter()
        .enumerate()
        .flat_map(|(at, practice)| practice.people.iter().map(move |person| (at, practice, person)))
        .nth(number)?;
    let (family, given, suffix) = person;
    let house = house(pools, practice, practice_number);
    let npi = npi(number);
    Some(Referrer {
        number,
        practice_number,
        practitioner: NewPractitioner {
            name: HumanName {
                family: family.clone(),
                given: given.clone(),
                suffix: suffix.clone(),
            },
            npi: (!practice.forgets.contains(&Lapse::Npi)).then_some(npi),
            phone: house.phone.clone(),
            fax: house.fax.clone(),
            email: house.email.clone(),
        },
        practice: house,
        forgets: &practice.forgets,
    })
}

fn house(pools: &Pools, practice: &Practice, number: usize) -> NewOrganization {
    // Of the practice alone, whatever the seed: its letterhead is always the same.
    let mut chance = Chance::of(7, number as u64, Stream::Patient);
    let host: String = fold(&practice.name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    NewOrganization {
        name: practice.name.clone(),
        phone: Some(phone(pools, &mut chance)),
        fax: chance.percent(90).then(|| phone(pools, &mut chance)),
        email: Some(format!("referrals@{host}.example.com")),
        address: Some(address(pools, &mut chance, "Suite")),
    }
}

/// A well-formed NPI. The numbers are from the low end of the range, spread so that neighbours do not look alike.
fn npi(number: usize) -> String {
    let body = format!("1{:08}", (number * 7_919 + 10_007) % 100_000_000);
    (0..10)
        .map(|check| format!("{body}{check}"))
        .find(|npi| is_npi(npi))
        .unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_referrer_has_a_good_npi_and_a_way_to_be_reached() {
        let pools = Pools::built_in();
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..count(pools) {
            let who = referrer(pools, number).unwrap();
            assert!(who.practitioner.fax.is_some() || who.practitioner.email.is_some());
            assert!(who.practitioner.phone.unwrap().contains("55501"));
            if let Some(npi) = who.practitioner.npi {
                assert!(is_npi(&npi), "{npi}");
                assert!(seen.insert(npi));
            }
        }
        assert!(referrer(pools, count(pools)).is_none());
    }
}
