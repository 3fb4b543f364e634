//! The forecast: who will miss the target of their visit in the weeks ahead, by template, with the slots that there are.
//!
//! Owns the weeks, their slots (fewer in a week with holidays) and the arrivals (those of the last weeks, spread evenly). Must not
//! know how it is shown.

use crate::domain::case::MilestoneKind;
use crate::domain::forecast::{Outlook, Waiting, Week, outlook, slots_enough};
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::template::Template;
use crate::domain::time::{Clock, Span, Stamp, at_local, day_in};
use crate::store::demand::Demand;
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;

/// Weeks of the past from which the arrivals are taken.
const PAST_WEEKS: u32 = 8;

/// The forecast of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Its key.
    pub template: String,
    /// Slots a week without holidays; none where the clinic names none.
    pub slots: Option<u32>,
    /// Referrals that come in, in tenths a week.
    pub arrivals: u32,
    /// Who waits now.
    pub waiting: u32,
    /// Of them, whose target has passed.
    pub late: u32,
    /// The weeks.
    pub weeks: Vec<(Week, Outlook)>,
    /// The fewest slots a week beside those that are booked, with which nobody misses a target that is still ahead.
    pub enough: u32,
}

impl Forecast {
    /// Whose target passes unmet in the weeks ahead.
    pub fn missed(&self) -> u32 {
        self.weeks.iter().map(|(_, outlook)| outlook.missed).sum()
    }
}

/// Forecasts so many weeks from now, for every template for which somebody waits or comes.
///
/// # Errors
/// The store's.
pub fn gather(
    store: &Store,
    policy: &Policy,
    slots: &BTreeMap<String, u32>,
    weeks: u32,
    now: Stamp,
) -> Result<Vec<Forecast>, StoreError> {
    let ends = ends(policy, weeks, now);
    let until = ends.last().copied().unwrap_or(now);
    let demand = store.demand(now - Span::weeks(i64::from(PAST_WEEKS)), now, until)?;
    let all = policy.templates.values();
    Ok(all
        .map(|template| {
            of(
                template,
                policy,
                slots.get(&template.key).copied(),
                &demand,
                &ends,
                now,
            )
        })
        .filter(|forecast| forecast.waiting > 0 || forecast.arrivals > 0)
        .collect())
}

/// The ends of the weeks: midnights of the clinic.
fn ends(policy: &Policy, weeks: u32, now: Stamp) -> Vec<Stamp> {
    let zone = policy.clinic.zone;
    let today = day_in(zone, now);
    (1..=i64::from(weeks))
        .map(|week| at_local(zone, today + Span::weeks(week), Clock::MIN))
        .collect()
}

fn of(
    template: &Template,
    policy: &Policy,
    slots: Option<u32>,
    demand: &Demand,
    ends: &[Stamp],
    now: Stamp,
) -> Forecast {
    let own = |key: &String| *key == template.key;
    let waiting: Vec<Waiting> = demand
        .waiting
        .iter()
        .filter(|(key, _)| own(key))
        .map(|(_, waiting)| *waiting)
        .collect();
    let came: BTreeMap<Priority, u32> = demand
        .came
        .iter()
        .filter(|(key, ..)| own(key))
        .map(|(_, priority, count)| (*priority, *count))
        .collect();
    let mut from = now;
    let mut weeks = Vec::new();
    for (number, until) in (0_u32..).zip(ends) {
        let booked = |(key, at): &&(String, Stamp)| own(key) && (from..*until).contains(at);
        weeks.push(Week {
            until: *until,
            slots: slots.map_or(0, |slots| open_share(policy, slots, from, *until)),
            taken: u32::try_from(demand.booked.iter().filter(booked).count()).unwrap_or(u32::MAX),
            arrivals: arrivals(template, policy, &came, number, from),
        });
        from = *until;
    }
    let told = outlook(now, &waiting, &weeks);
    let late = waiting.iter().filter(|each| each.target_at < now).count();
    Forecast {
        template: template.key.clone(),
        slots,
        arrivals: came.values().sum::<u32>().saturating_mul(10) / PAST_WEEKS,
        waiting: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
        late: u32::try_from(late).unwrap_or(u32::MAX),
        enough: slots_enough(now, &waiting, &weeks),
        weeks: weeks.into_iter().zip(told).collect(),
    }
}

/// The slots of a stretch: of a week's, as large a share as of its opening hours.
fn open_share(policy: &Policy, slots: u32, from: Stamp, until: Stamp) -> u32 {
    let open = policy.calendar.open_between(from, until).num_minutes();
    let usual = policy.calendar.week_length().num_minutes().max(1);
    let share = (i64::from(slots) * open + usual / 2) / usual;
    u32::try_from(share).unwrap_or(0).min(slots)
}

/// Who comes in a week: as many as a week of the past had, the rest of the division carried on from week to week.
fn arrivals(
    template: &Template,
    policy: &Policy,
    came: &BTreeMap<Priority, u32>,
    week: u32,
    at: Stamp,
) -> Vec<Waiting> {
    let mut all = Vec::new();
    for (priority, count) in came {
        let by = |week: u32| count.saturating_mul(week) / PAST_WEEKS;
        let Some(target) = policy.target(template, MilestoneKind::Visit, *priority) else {
            continue;
        };
        let one = Waiting {
            priority: *priority,
            received_at: at,
            target_at: policy.due_within(target, at),
        };
        all.extend((by(week)..by(week + 1)).map(|_| one));
    }
    all
}
