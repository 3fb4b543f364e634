//! Absence cover: who does an absent owner's work, from the first day of the absence to the last.
//!
//! Owns the question and the check of the absences. Nothing is written for it: the owner stays the owner, and on the days of the
//! absence whoever covers is shown beside them, finds the work among their own, and finds it no more when the owner is back. So it is
//! right after any crash, and whatever is given to the absent meanwhile is covered, too. Must not know how it is shown.

use super::query::{Name, Query, Test};
use super::referral::Owner;
use super::time::{Day, show_day};

/// An absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Who is away.
    pub who: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Who covers: a person or a queue.
    pub cover: Owner,
}

impl Absence {
    fn is_on(&self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// The absences that the clinic knows of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover(Vec<Absence>);

impl Cover {
    /// Takes absences.
    ///
    /// # Errors
    /// The place of the first that cannot be, and why: an end before its beginning, two at once, cover that comes round.
    pub fn new(absences: Vec<Absence>) -> Result<Cover, (usize, String)> {
        for (place, one) in absences.iter().enumerate() {
            if one.to < one.from {
                return Err((place, "ends before it begins".into()));
            }
            let mut earlier = absences.iter().take(place);
            if earlier.any(|other| other.who == one.who && other.from <= one.to && one.from <= other.to) {
                return Err((
                    place,
                    format!("{} is away already on some of these days", one.who),
                ));
            }
        }
        let cover = Cover(absences);
        // Whoever is away somewhere along a chain is so on the first day of one of its absences.
        for (place, one) in cover.0.iter().enumerate() {
            for day in cover.0.iter().map(|each| each.from).filter(|day| one.is_on(*day)) {
                if cover.stands_in(&Owner::Person(one.who.clone()), day).is_none() {
                    return Err((
                        place,
                        format!(
                            "the cover of {} comes round to them on {}",
                            one.who,
                            show_day(day)
                        ),
                    ));
                }
            }
        }
        Ok(cover)
    }

    fn absence(&self, owner: &Owner, day: Day) -> Option<&Absence> {
        let Owner::Person(name) = owner else { return None };
        self.0.iter().find(|each| each.who == *name && each.is_on(day))
    }

    /// Who does an owner's work on a day: themselves, or who covers, or who covers those; none where that comes round.
    fn stands_in<'a>(&'a self, owner: &'a Owner, day: Day) -> Option<&'a Owner> {
        let mut at = owner;
        for _ in 0..=self.0.len() {
            match self.absence(at, day) {
                Some(absence) => at = &absence.cover,
                None => return Some(at),
            }
        }
        None
    }

    /// Who covers an owner on a day, and the last day of it; none where the owner is there.
    pub fn of<'a>(&'a self, owner: &'a Owner, day: Day) -> Option<(&'a Owner, Day)> {
        let absence = self.absence(owner, day)?;
        Some((self.stands_in(owner, day)?, absence.to))
    }

    /// An owner as shown on a day: `Ana Ruiz (away to 14 Dec 2026: Tom Lee)`.
    pub fn show(&self, owner: &Owner, day: Day) -> String {
        match self.of(owner, day) {
            Some((cover, until)) => format!("{owner} (away to {}: {cover})", show_day(until)),
            None => owner.to_string(),
        }
    }

    /// Whether somebody does an owner's work on a day.
    pub fn does(&self, name: &str, owner: &Owner, day: Day) -> bool {
        let is = |owner: &Owner| matches!(owner, Owner::Person(person) if person == name);
        is(owner) || self.of(owner, day).is_some_and(|(cover, _)| is(cover))
    }

    /// A query in which whoever is named as an owner finds, beside their own, what they cover on a day.
    #[must_use]
    pub fn widen(&self, mut query: Query, day: Day) -> Query {
        for term in &mut query.terms {
            if let Test::Name(Name::Owner, parts) = &mut term.test {
                let named = |owner: &Owner| {
                    let (Owner::Person(name) | Owner::Queue(name)) = owner;
                    let name = name.to_lowercase();
                    parts.iter().any(|part| name.contains(&part.to_lowercase()))
                };
                let covered: Vec<String> = self
                    .0
                    .iter()
                    .map(|absence| Owner::Person(absence.who.clone()))
                    .filter(|owner| self.of(owner, day).is_some_and(|(cover, _)| named(cover)))
                    .map(|owner| match owner {
                        Owner::Person(name) | Owner::Queue(name) => name,
                    })
                    .collect();
                parts.extend(covered);
            }
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{Span, parse_day};
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn away(who: &str, from: &str, to: &str, cover: &str) -> Absence {
        Absence {
            who: who.into(),
            from: day(from),
            to: day(to),
            cover: Owner::Person(cover.into()),
        }
    }

    fn ana() -> Owner {
        Owner::Person("Ana".into())
    }

    #[test]
    fn work_moves_on_the_first_day_and_comes_back_after_the_last() {
        let cover = Cover::new(vec![
            away("Ana", "2026-12-30", "2027-01-04", "Tom"),
            away("Tom", "2027-01-04", "2027-01-05", "Bo"),
        ])
        .unwrap();
        let table = [
            ("2026-12-29", "Ana"),
            ("2026-12-30", "Ana (away to 4 Jan 2027: Tom)"),
            ("2027-01-04", "Ana (away to 4 Jan 2027: Bo)"),
            ("2027-01-05", "Ana"),
        ];
        for (on, shown) in table {
            assert_eq!(cover.show(&ana(), day(on)), shown, "{on}");
        }
        assert!(cover.does("Tom", &ana(), day("2026-12-31")) && cover.does("Ana", &ana(), day("2026-12-31")));
        assert!(
            !cover.does("Tom", &ana(), day("2027-01-04")) && !cover.does("Tom", &ana(), day("2027-01-06"))
        );
        let owner = |query: &Query| query.terms[0].test.clone();
        let asked = Query::parse("owner:tom").unwrap();
        let names =
            |names: &[&str]| Test::Name(Name::Owner, names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(
            owner(&cover.widen(asked.clone(), day("2026-12-31"))),
            names(&["tom", "Ana"])
        );
        assert_eq!(owner(&cover.widen(asked, day("2027-01-06"))), names(&["tom"]));
    }

    #[test]
    fn absences_that_cannot_be_are_refused() {
        let table = [
            (
                vec![away("Ana", "2026-12-02", "2026-12-01", "Tom")],
                0,
                "ends before",
            ),
            (
                vec![
                    away("Ana", "2026-12-01", "2026-12-05", "Tom"),
                    away("Ana", "2026-12-05", "2026-12-06", "Bo"),
                ],
                1,
                "away already",
            ),
            (
                vec![away("Ana", "2026-12-01", "2026-12-05", "Ana")],
                0,
                "comes round",
            ),
            (
                vec![
                    away("Ana", "2026-12-01", "2026-12-05", "Tom"),
                    away("Tom", "2026-12-05", "2026-12-06", "Ana"),
                ],
                0,
                "comes round",
            ),
        ];
        for (absences, place, why) in table {
            let (at, because) = Cover::new(absences).unwrap_err();
            assert!(at == place && because.contains(why), "{because}");
        }
    }

    proptest! {
        /// Over two simulated years with a leap day: somebody who is there does the work on every day, and it is always clear who.
        #[test]
        fn somebody_who_is_there_does_it(raw in prop::collection::vec((0_usize..5, 0_i64..700, 0_i64..30, 0_usize..6), 0..12)) {
            let people = ["Ana", "Tom", "Bo", "Cy", "Di"];
            let start = day("2027-06-01");
            let absences: Vec<Absence> = raw
                .into_iter()
                .map(|(who, from, long, cover)| Absence {
                    who: people[who].into(),
                    from: start + Span::days(from),
                    to: start + Span::days(from + long),
                    cover: people.get(cover).map_or(Owner::Queue("intake".into()), |name| Owner::Person((*name).into())),
                })
                .collect();
            if let Ok(cover) = Cover::new(absences) {
                for on in start.iter_days().take(740) {
                    for name in people {
                        let owner = Owner::Person(name.into());
                        let does = cover.stands_in(&owner, on);
                        prop_assert!(does.is_some_and(|who| cover.absence(who, on).is_none()), "{name} on {on}");
                        prop_assert_eq!(cover.of(&owner, on).is_some(), cover.absence(&owner, on).is_some());
                    }
                }
            }
        }
    }
}
