//! The cast of a referral: who is sent by whom, for what, how urgently, by which way, with what left out.
//!
//! Owns how an arrival is put together. Must not know what happens to it afterwards.

use super::chance::{Chance, Stream, dealt};
use super::fate::{Fate, lot_in};
use super::paper::{self, Facts, Layout};
use super::patient::{Person, person};
use super::pools::{Lapse, Pools, Reason};
use super::referrer::{self, Referrer};
use super::settings::{Offer, Settings};
use super::size::Size;
use super::story::{Arrival, Paper};
use crate::domain::command::{NewOrganization, NewPatient, NewPractitioner, Receive, Ref};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::text::fold;
use crate::domain::time::{Day, Span, Stamp, day_in};

/// Listed priorities, of a hundred.
const PRIORITIES: [(Priority, u32); 4] = [
    (Priority::Routine, 70),
    (Priority::Urgent, 20),
    (Priority::Asap, 8),
    (Priority::Stat, 2),
];

/// Ways in, of a hundred, and the layout of the document that each brings.
const SOURCES: [(Source, u32, Option<Layout>); 7] = [
    (Source::Fax, 46, Some(Layout::Form)),
    (Source::Email, 16, Some(Layout::Email)),
    (Source::Scan, 10, Some(Layout::Letter)),
    (Source::GuestForm, 12, None),
    (Source::Phone, 8, None),
    (Source::Fhir, 5, None),
    (Source::Hl7v2, 3, None),
];

/// Of a hundred referrals, so many are of a patient who was here before.
const RETURNING: u32 = 6;
/// A patient comes back at most this many stories later.
const MEMORY: u64 = 48;
/// Only so many of the newest referrals have their document kept: a look at it is for today's work, and a million files
/// are nobody's.
const PAPERS: u64 = 2_000;

/// The reason for a specialty that the pools do not know.
const ANY_REASON: &str = "Please evaluate and advise.";

/// Everything fixed about a plan.
pub struct World<'a> {
    /// Pools.
    pub pools: &'static Pools,
    /// Settings.
    pub settings: &'a Settings,
    /// Seed.
    pub seed: u64,
    /// How large the clinic is.
    pub size: Size,
    /// How many referrals are lived in full.
    pub count: u64,
    /// Now.
    pub now: Stamp,
}

/// A cast.
pub struct Cast {
    /// Priority.
    pub priority: Priority,
    /// The arrival.
    pub arrival: Arrival,
    /// The letter that answers a request for what is missing.
    pub reply: Paper,
}

impl World<'_> {
    /// The day on which the patient of a story was first heard of.
    fn first_heard(&self, index: u64) -> Day {
        let oldest = lot_in(self.size, index, self.seed).oldest;
        day_in(self.settings.calendar.zone(), self.now - Span::minutes(oldest))
    }

    /// The story in which the patient of a story first appears.
    fn patient_of(&self, index: u64) -> u64 {
        let mut chance = Chance::of(self.seed, index, Stream::Return);
        let back = u64::try_from(chance.between(5, 40)).unwrap_or(5);
        if back < MEMORY && index >= back && chance.percent(RETURNING) {
            self.patient_of(index - back)
        } else {
            index
        }
    }

    /// The person whom a story is about.
    fn person(&self, index: u64) -> Person {
        person(self.pools, self.seed, index, self.count, self.first_heard(index))
    }

    fn priority(&self, index: u64, fate: Fate) -> Priority {
        if fate.is_emergency() {
            return Priority::Stat;
        }
        let listed = dealt(
            &PRIORITIES,
            |(_, weight)| *weight,
            index,
            self.count,
            self.seed % 79,
        )
        .map_or(Priority::Routine, |(priority, _)| *priority);
        if listed == Priority::Stat && !fate.can_be_stat() {
            Priority::Asap
        } else {
            listed
        }
    }

    /// Puts an arrival together.
    pub fn cast(&self, index: u64, fate: Fate, received: Stamp, chance: &mut Chance) -> Cast {
        let patient_of = self.patient_of(index);
        let mut person = self.person(patient_of);
        let priority = self.priority(index, fate);
        let (template, offer, reason) = self.need(&person, priority == Priority::Stat, chance);
        let wanted = reason
            .and_then(|reason| reason.service.as_deref())
            .map(fold)
            .unwrap_or_default();
        let service = offer
            .services
            .iter()
            .find(|service| !wanted.is_empty() && fold(service).starts_with(&wanted))
            .cloned();
        let dealt = chance.between(0, 1_000_000);
        let first = i64::try_from(index).ok().filter(|_| index < self.size.founders());
        let referrer = usize::try_from(first.unwrap_or(dealt))
            .ok()
            .map(|number| number % referrer::count(self.pools).max(1))
            .and_then(|number| referrer::referrer(self.pools, number));
        let (source, layout) = chance
            .weighted(&SOURCES, |(_, weight, _)| *weight)
            .map_or((Source::Fax, None), |(source, _, layout)| (*source, *layout));
        let lapses = lapses(fate, referrer.as_ref(), chance);
        forget(&lapses, &mut person);
        let asked = service.as_ref().or(offer.services.first());
        let wants = offer.wants(asked.map_or("", String::as_str));
        let brought = if lapses.contains(&Lapse::Documents) {
            Vec::new()
        } else {
            wants.clone()
        };
        let (provided, enclosed): (Vec<String>, Vec<String>) = brought.into_iter().unzip();
        let codes: Vec<String> = reason
            .filter(|_| !lapses.contains(&Lapse::Code))
            .map(|reason| reason.code.clone())
            .into_iter()
            .collect();
        let reason_text = reason.map_or_else(|| ANY_REASON.to_owned(), |reason| reason.text.clone());
        let day = day_in(self.settings.calendar.zone(), received);
        let nobody = (NewPractitioner::default(), NewOrganization::default());
        let facts = Facts {
            number: index + 1,
            written: received,
            day,
            patient: &person.record,
            practitioner: referrer.as_ref().map_or(&nobody.0, |who| &who.practitioner),
            practice: referrer.as_ref().map_or(&nobody.1, |who| &who.practice),
            specialty: &offer.specialty,
            service: service.as_deref(),
            reason: &reason_text,
            codes: &codes,
            priority,
            coverage: person.coverage.as_ref(),
            enclosed: &enclosed,
        };
        let kept = self.count - index <= PAPERS;
        let paper = layout.filter(|_| kept).map(|layout| paper::write(layout, &facts));
        let whole = self.person(patient_of);
        let labels: Vec<String> = wants.into_iter().map(|(_, label)| label).collect();
        let reply = paper::reply(&Facts {
            patient: &whole.record,
            coverage: whole.coverage.as_ref(),
            enclosed: &labels,
            ..facts
        });
        let receive = Receive {
            source,
            received_at: Some(received),
            document: None,
            template,
            service,
            priority: Some(priority),
            patient: Ref::New(person.record),
            requester: referrer.as_ref().map(|who| Ref::New(who.practitioner.clone())),
            organization: referrer.as_ref().map(|who| Ref::New(who.practice.clone())),
            facility: None,
            reason_text,
            reason_codes: codes,
            procedure_codes: Vec::new(),
            coverages: person.coverage.into_iter().collect(),
            authorization: None,
            provided,
            remarks: Vec::new(),
            replaces: None,
        };
        Cast {
            priority,
            arrival: Arrival {
                receive,
                referrer: referrer.map(|who| (who.number, who.practice_number)),
                patient_of: (patient_of != index).then_some(patient_of),
                paper,
            },
            reply,
        }
    }

    /// A specialty that is offered here, with a reason for this person; one that the pools know, if there is one.
    fn need(
        &self,
        person: &Person,
        stat: bool,
        chance: &mut Chance,
    ) -> (String, Offer, Option<&'static Reason>) {
        let reasons = |key: &str| -> Vec<&'static Reason> {
            let known = self.pools.specialties.iter().filter(|one| one.key == key);
            known
                .flat_map(|one| &one.reason)
                .filter(|reason| reason.stat == stat && reason.fits(person.age, person.record.sex))
                .collect()
        };
        let offers: Vec<(&String, &Offer)> = self.settings.offers.iter().collect();
        let known: Vec<(&String, &Offer)> = offers
            .iter()
            .copied()
            .filter(|(key, _)| !reasons(key).is_empty())
            .collect();
        let possible = if known.is_empty() { &offers } else { &known };
        chance
            .pick(possible)
            .map_or((String::new(), Offer::default(), None), |(key, offer)| {
                let reason = chance.pick(&reasons(key)).copied();
                ((*key).clone(), (*offer).clone(), reason)
            })
    }
}

/// What was left out. A referral that is to lack something always lacks something that every specialty wants.
fn lapses(fate: Fate, referrer: Option<&Referrer>, chance: &mut Chance) -> Vec<Lapse> {
    const COMMON: [Lapse; 5] = [
        Lapse::Member,
        Lapse::Documents,
        Lapse::Code,
        Lapse::Phone,
        Lapse::Dob,
    ];
    let habit = referrer.map(|who| who.forgets.to_vec()).unwrap_or_default();
    if fate.is_incomplete() {
        let mut lapses = habit;
        lapses.extend(chance.pick(&COMMON));
        if chance.percent(60) {
            lapses.push(Lapse::Documents);
        }
        lapses
    } else if !fate.is_emergency() && chance.percent(35) {
        habit
    } else {
        // An emergency comes with everything: nobody's list of papers stands in its way.
        Vec::new()
    }
}

fn forget(lapses: &[Lapse], person: &mut Person) {
    let NewPatient {
        phone,
        email,
        address,
        dob,
        ..
    } = &mut person.record;
    for lapse in lapses {
        match lapse {
            Lapse::Phone => {
                *phone = None;
                *email = None;
            }
            Lapse::Dob => *dob = None,
            Lapse::Address => *address = None,
            Lapse::Member => {
                if let Some(coverage) = &mut person.coverage {
                    coverage.member_id = None;
                }
            }
            Lapse::Code | Lapse::Npi | Lapse::Documents => {}
        }
    }
}
