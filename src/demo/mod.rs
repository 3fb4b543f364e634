//! The inventor of a clinic: believable referrals of every age and fate, for a first look, for screens and for load.
//!
//! [`plan`] yields stories, lazily and from a seed alone; [`build`] plays them on a [`Stage`] that a [`House`] opens. Nothing here is from life:
//! names are dealt from pools, telephones are of the block that is kept for fiction, e-mail domains are for examples. Of a
//! large clinic only the newest part is lived in full; `archive` lays down the years before it (see `size`).
//! Above `engine`; must not know the terminal or the command line.

mod archive;
mod cast;
mod chance;
mod deeds;
mod driver;
mod fate;
mod life;
mod paper;
mod patient;
#[cfg(test)]
mod playbill;
mod plot;
mod pools;
mod post;
mod referrer;
#[cfg(test)]
mod rehearsal;
mod settings;
mod size;
mod stage;
mod story;
#[cfg(test)]
mod tests;

pub use driver::{Refused, Summary, build};
pub use fate::Fate;
pub use settings::{Offer, Settings};
pub use size::Size;
pub use stage::{House, Stage};
pub use story::{Act, Arrival, Look, Paper, Play, Step, Story};

use crate::domain::command::Cause;
use crate::domain::policy::Actor;
use crate::domain::time::{Span, Stamp, whole_seconds};
use cast::World;
use chance::{Chance, Stream};
use fate::Lot;
use life::Life;
use plot::Plot;
use pools::Pools;

/// The stories of a clinic: the referrals that are lived in full, the oldest first, then a few documents that need a person.
/// Each is invented when it is asked for: a plan of a million takes no room.
pub fn plan(seed: u64, size: Size, now: Stamp, settings: &Settings) -> impl Iterator<Item = Story> + use<'_> {
    let pools = Pools::built_in();
    let now = whole_seconds(now);
    let count = size.played;
    let world = World {
        pools,
        settings,
        seed,
        count,
        history: size.history,
        now,
    };
    let strays = pools.strays.iter().zip(count..).map(move |(stray, index)| Story {
        index,
        fate: Fate::Stray,
        steps: vec![Step {
            at: now - Span::minutes(stray.age),
            actor: Actor::system(),
            cause: Cause::Intake,
            play: Play::Stray {
                paper: Paper {
                    name: stray.name.clone(),
                    kind: stray.kind.clone(),
                    text: stray.text.clone(),
                },
                reason: stray.reason.clone(),
            },
        }],
    });
    (0..count).map(move |index| story(&world, index)).chain(strays)
}

/// How many referrals and stray documents a clinic has, lived or laid down.
pub fn stories(size: Size) -> u64 {
    size.played + size.copied + Pools::built_in().strays.len() as u64
}

fn story(world: &World<'_>, index: u64) -> Story {
    let Lot {
        fate,
        oldest,
        youngest,
        turn,
    } = fate::lot(index, world.count, world.seed, world.history);
    let mut chance = Chance::of(world.seed, index, Stream::Life);
    let age = chance.between(youngest.min(oldest), oldest);
    let calendar = &world.settings.calendar;
    let mut received = world.now - Span::minutes(age) - Span::seconds(chance.between(0, 59));
    // Most practices fax in the daytime; what came before the last days is moved there.
    if age > 3 * 24 * 60 && !calendar.is_open(received) && chance.percent(85) {
        let opens = calendar.next_open(received) + Span::seconds(chance.between(60, 28_000));
        if opens < world.now - Span::hours(12) {
            received = opens;
        }
    }
    let cast = world.cast(index, fate, received, &mut chance);
    let staff = &world.pools.places.staff;
    let mut life = Life::begin(calendar, staff, world.now, received, chance);
    let (actor, cause) = match cast.arrival.paper {
        Some(_) => (Actor::system(), Cause::Intake),
        None => (life.coordinator(), Cause::Demo),
    };
    life.take(actor, cause, Play::Arrive(Box::new(cast.arrival)));
    let mut plot = Plot {
        life,
        remarks: &world.pools.remarks,
        priority: cast.priority,
        reply: cast.reply,
        turn,
    };
    plot.live(fate);
    Story {
        index,
        fate,
        steps: plot.life.end(),
    }
}
