//! How good the score is: what it said on held-out weeks, against what came, and against plainer orders.
//!
//! Owns the experiment. Curves are learnt from the weeks before; on each morning of the held-out weeks every referral that was
//! undecided and not yet past its target is asked, and what then became of it is known by now. The history ends, for the curves, where
//! the held-out weeks begin: nothing that was decided later is known to them. Must not know how it is shown.

use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::survival::{Curves, Past, distance, ranking, share};
use crate::domain::time::{Span, Stamp, at_local, clock, day_in};
use crate::store::decided::Decided;
use crate::store::{Store, StoreError};

/// Better by less than this is chance, not merit: the queue keeps what is simpler then.
const MERIT: f64 = 0.01;
/// With fewer misses or fewer hits than this among what was asked, nothing can be said.
const FEWEST: usize = 30;
/// Bands of the reliability table.
const BANDS: usize = 5;

/// What an order or an estimate is called.
pub const WAYS: [&str; 4] = ["history", "share of target", "age", "urgency"];

/// A band of the reliability table: what was said, and what came.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// How often it was said.
    pub asked: u32,
    /// The mean of what was said, in per cent.
    pub said: f64,
    /// How many of them missed, in per cent.
    pub came: f64,
}

/// The judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// From when the history was learnt from, from when it was held out, until when.
    pub spans: [Stamp; 3],
    /// Decisions that each urgency was learnt from.
    pub learnt: Vec<(Priority, u32)>,
    /// How often somebody was asked about.
    pub asked: usize,
    /// Of them, who then missed their target.
    pub missed: usize,
    /// How well each way ranks (see [`ranking`]), in the order of [`WAYS`].
    pub ranking: [Option<f64>; 4],
    /// How far the history's and the default's chances were off (see [`distance`]).
    pub distance: [Option<f64>; 2],
    /// What the history's chances were worth, by band.
    pub history: Vec<Band>,
    /// What the default's were.
    pub default: Vec<Band>,
}

impl Judgement {
    /// Whether enough was held out to say anything.
    pub fn is_enough(&self) -> bool {
        self.missed >= FEWEST && self.asked - self.missed >= FEWEST
    }

    /// Whether the curves of the history rank better than every plainer way, and are off by no more.
    pub fn is_better(&self) -> bool {
        let [history, plainer @ ..] = &self.ranking;
        let best = plainer.iter().flatten().copied().fold(0.0, f64::max);
        let ranks = history.is_some_and(|history| history > best + MERIT);
        let [ours, default] = self.distance;
        self.is_enough() && ranks && ours.zip(default).is_some_and(|(ours, default)| ours <= default)
    }
}

/// One asked referral: the chances said, and whether it missed.
struct Asked {
    history: f64,
    share: f64,
    age: f64,
    urgency: f64,
    missed: bool,
}

/// Judges the score on the last `held` weeks, by curves from the `learn` weeks before them.
///
/// # Errors
/// The store's.
pub fn judge(
    store: &Store,
    policy: &Policy,
    learn: u32,
    held: u32,
    now: Stamp,
) -> Result<Judgement, StoreError> {
    let targets = &policy.score_targets;
    // What came of the last ones asked has to be known: the longest target lies before now.
    let longest = targets.routine.max(targets.urgent).max(targets.asap);
    let until = now - longest;
    let from = until - Span::weeks(i64::from(held));
    let since = from - Span::weeks(i64::from(learn));
    let all = store.decided(since, until)?;
    let history: Vec<Past> = all
        .iter()
        .filter(|each| each.received_at < from)
        .map(|each| as_seen(each, from))
        .collect();
    let curves = Curves::learn(&history, targets);
    let mut asked = Vec::new();
    let zone = policy.clinic.zone;
    for day in day_in(zone, from).iter_days().skip(1) {
        let morning = at_local(zone, day, clock(9, 0));
        if morning >= until {
            break;
        }
        asked.extend(
            all.iter()
                .filter_map(|each| ask(each, morning, now, &curves, policy)),
        );
    }
    let told = |way: fn(&Asked) -> f64| {
        asked
            .iter()
            .map(|each| (way(each), each.missed))
            .collect::<Vec<_>>()
    };
    let (ours, default) = (told(|each| each.history), told(|each| each.share));
    Ok(Judgement {
        spans: [since, from, until],
        learnt: Priority::SCORED
            .into_iter()
            .map(|priority| (priority, curves.decisions(priority)))
            .collect(),
        asked: asked.len(),
        missed: asked.iter().filter(|each| each.missed).count(),
        ranking: [
            ranking(&ours),
            ranking(&default),
            ranking(&told(|each| each.age)),
            ranking(&told(|each| each.urgency)),
        ],
        distance: [distance(&ours), distance(&default)],
        history: bands(&ours),
        default: bands(&default),
    })
}

/// Curves from the last weeks up to now, to be put in force.
///
/// # Errors
/// The store's.
pub fn curves(store: &Store, policy: &Policy, learn: u32, now: Stamp) -> Result<Curves, StoreError> {
    let all = store.decided(now - Span::weeks(i64::from(learn)), now)?;
    let history: Vec<Past> = all.iter().map(|each| as_seen(each, now)).collect();
    Ok(Curves::learn(&history, &policy.score_targets))
}

/// A referral as it stood at a moment.
fn as_seen(each: &Decided, at: Stamp) -> Past {
    let decided = each.decided_at.filter(|decided| *decided <= at);
    let end = decided
        .or(each.ended_at.filter(|ended| *ended <= at))
        .unwrap_or(at);
    Past {
        priority: each.priority,
        took: (end - each.received_at).max(Span::zero()),
        decided: decided.is_some(),
    }
}

fn ask(each: &Decided, at: Stamp, now: Stamp, curves: &Curves, policy: &Policy) -> Option<Asked> {
    let target = policy.score_targets.of(each.priority)?;
    let waited = at - each.received_at;
    let open =
        each.decided_at.is_none_or(|decided| decided > at) && each.ended_at.is_none_or(|ended| ended > at);
    if waited < Span::zero() || waited >= target || !open {
        return None;
    }
    let end = each.received_at + target;
    let decided = each.decided_at.is_some_and(|decided| decided <= end);
    // Whoever withdrew before the target neither met nor missed it.
    if !decided && (each.ended_at.is_some_and(|ended| ended <= end) || end > now) {
        return None;
    }
    Some(Asked {
        history: curves.chance(each.priority, waited)?,
        share: share(waited, target),
        age: waited.num_seconds() as f64,
        urgency: each.priority.rank() as f64,
        missed: !decided,
    })
}

fn bands(told: &[(f64, bool)]) -> Vec<Band> {
    let mut bands = vec![(0_u32, 0.0, 0_u32); BANDS];
    for (chance, missed) in told {
        let place = ((chance * BANDS as f64) as usize).min(BANDS - 1);
        if let Some((asked, said, came)) = bands.get_mut(place) {
            *asked += 1;
            *said += chance;
            *came += u32::from(*missed);
        }
    }
    bands
        .into_iter()
        .map(|(asked, said, came)| {
            let of = f64::from(asked.max(1));
            Band {
                asked,
                said: said * 100.0 / of,
                came: f64::from(came) * 100.0 / of,
            }
        })
        .collect()
}
