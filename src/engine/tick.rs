//! One pass of the clock: timers that are due, then messages that may leave.
//!
//! Owns the lock that makes one ticker at a time (a lock on a file, not a lease by the wall clock: it is free the moment its
//! holder dies), the batches, and the forecast. Must not know what a timer does.

use super::ahead::{self, Read};
use super::perform::{one_of, perform};
use super::sitting::Sitting;
use super::{Engine, Failure, Receipt};
use crate::domain::case::Timer;
use crate::domain::command::{Cause, Claim, Command, Envelope};
use crate::domain::id::ReferralId;
use crate::domain::message::{Message, MessageState};
use crate::domain::policy::{Actor, Policy};
use crate::domain::time::{Stamp, whole_seconds};
use crate::store::{Connection, StoreError, due};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Timers fired in one transaction while others work on the file, and the pause after it: a coordinator's own commit
/// then waits milliseconds, not seconds (reliability rules, "Store").
const BATCH: usize = 20;
const BREATH: Duration = Duration::from_millis(3);
/// Timers fired in one transaction while nobody else is there.
const ALONE: usize = 1_000;

/// What a pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Timers that went off.
    pub fired: u64,
    /// Messages.
    pub sent: super::outbox::Sent,
    /// Another program holds the clock: nothing was done here.
    pub elsewhere: bool,
    /// When the next timer or message is due.
    pub next: Option<Stamp>,
    /// Payers' answers that were taken in.
    pub answered: u64,
    /// Why payers cannot be asked now: they are asked again.
    pub trouble: Option<String>,
}

/// One line of a forecast.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Foreseen {
    /// When.
    pub at: Stamp,
    /// The referral.
    pub referral: crate::domain::id::ReferralId,
    /// The rule, or the message.
    pub rule: String,
    /// What would happen, a line each.
    pub changes: Vec<String>,
}

/// The lock of the clock: held while the value lives.
#[derive(Debug)]
pub struct ClockLock(#[allow(dead_code, reason = "held for its lock")] File);

impl ClockLock {
    /// Takes the lock, or says that another has it.
    ///
    /// # Errors
    /// The file system's.
    pub fn take(database: &Path) -> Result<Option<ClockLock>, StoreError> {
        let path = database.with_file_name("clock.lock");
        let error = |source| StoreError::File {
            path: path.clone(),
            source,
        };
        let file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(error)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(ClockLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(StoreError::File { path, source }),
        }
    }
}

impl Engine {
    /// One pass: everything that is due at `now`, up to a limit of timers and as many messages.
    ///
    /// # Errors
    /// The store's; what was done before it is kept.
    pub fn tick(&mut self, now: Stamp, limit: usize) -> Result<Ticked, StoreError> {
        let mut ticked = Ticked {
            next: due::next(self.store.connection())?,
            ..Ticked::default()
        };
        // While everything is held, only timers are due.
        let held = crate::channels::hold::reason(&self.places.outbox).is_some();
        let next = if held {
            due::next_timer(self.store.connection())?
        } else {
            ticked.next
        };
        if next.is_none_or(|next| next > now) && (held || !self.has_orphans()? && !self.has_questions()?) {
            ticked.sent.held = held;
            return Ok(ticked);
        }
        let Some(_lock) = ClockLock::take(&self.places.database)? else {
            return Ok(Ticked {
                elsewhere: true,
                ..ticked
            });
        };
        let (mut left, mut stuck) = (limit, 0);
        while left > 0 {
            let size = self.batch_size()?;
            let before = stuck;
            let batch = self.fire_batch(now, left.min(size), &mut stuck)?;
            if batch == 0 && stuck == before {
                break;
            }
            ticked.fired += batch;
            left = left.saturating_sub(usize::try_from(batch).unwrap_or(usize::MAX));
        }
        let asked = self.ask_due(now)?;
        ticked.answered = asked.answered;
        ticked.trouble = asked.trouble;
        ticked.sent = self.send_due(now, limit)?;
        ticked.next = due::next(self.store.connection())?;
        Ok(ticked)
    }

    /// Messages whose sender died, which only a pass under the lock may take over.
    fn has_orphans(&self) -> Result<bool, StoreError> {
        let beginning = crate::domain::time::from_seconds(0);
        Ok(!due::messages(self.store.connection(), beginning, 1, &[])?.is_empty())
    }

    /// How many rows the next transaction may take: few, after a breath, where a neighbour has committed since the last.
    pub(super) fn batch_size(&mut self) -> Result<usize, StoreError> {
        let version = self.store.data_version()?;
        let alone = self.seen_version.replace(version) == Some(version);
        if !alone {
            std::thread::sleep(BREATH);
        }
        Ok(if alone { ALONE } else { BATCH })
    }

    /// Fires one batch. A timer that is refused stays, and is stepped over for the rest of the pass, so that it never stands
    /// in the way of those behind it. All go off at the same moment: those of one referral one after the other, and where
    /// nobody waits its later ones with them, so that its records are read and written once.
    fn fire_batch(&mut self, now: Stamp, size: usize, stuck: &mut usize) -> Result<u64, StoreError> {
        let mut due = due::timers(self.store.connection(), now, size, *stuck)?;
        if due.is_empty() {
            return Ok(0);
        }
        due.sort_by_key(|timer| timer.referral);
        let groups: Vec<&[Timer]> = due.chunk_by(|a, b| a.referral == b.referral).collect();
        let ids: Vec<ReferralId> = groups
            .iter()
            .filter_map(|group| group.first())
            .map(|timer| timer.referral)
            .collect();
        let mut reader = self.reader_for(&ids);
        let (policy, seed) = (Arc::clone(&self.policy), self.random.u64(..));
        let done = self.store.write(|connection| {
            let fire = |read: &mut Read| {
                let mut sitting = Sitting::new(connection, &policy);
                let mut random = fastrand::Rng::with_seed(seed);
                let (mut fired, mut refused) = (0, 0);
                for (group, id) in groups.iter().zip(&ids) {
                    if let Some(records) = read.next(*id) {
                        sitting.bring(*id, records)?;
                    }
                    for timer in *group {
                        match go_off(&mut sitting, timer, now, random.u64(..))? {
                            true => fired += 1,
                            // One that an earlier one of its referral has called off is in nobody's way.
                            false => refused += usize::from(sitting.is_pending(timer)),
                        }
                    }
                    for timer in sitting.timers(now) {
                        let met = group.iter().any(|each| each.id == timer.id);
                        if !met && fired < size && size >= ALONE {
                            // One that is refused is met again in its turn.
                            fired += usize::from(go_off(&mut sitting, &timer, now, random.u64(..))?);
                        }
                    }
                }
                sitting.close()?;
                Ok::<_, StoreError>((fired, refused))
            };
            ahead::beside(reader.as_mut(), &ids, fire)
        });
        self.reader = reader.or(self.reader.take());
        let (fired, refused) = done?;
        *stuck += refused;
        Ok(u64::try_from(fired).unwrap_or(0))
    }

    /// What would happen up to `until`, in order, with what follows from what: the clock runs ahead inside a transaction
    /// that is then rolled back. At most `limit` timers are looked at.
    ///
    /// # Errors
    /// The store's.
    pub fn forecast(&mut self, until: Stamp, limit: usize) -> Result<Vec<Foreseen>, StoreError> {
        let policy = Arc::clone(&self.policy);
        let mut all = Vec::new();
        let rolled_back: Result<(), Ahead> = self.store.write(|connection| {
            all = run_ahead(connection, &policy, until, limit)?;
            Err(Ahead::Seen)
        });
        match rolled_back {
            Err(Ahead::Store(error)) => Err(error),
            Ok(()) | Err(Ahead::Seen) => Ok(all),
        }
    }
}

/// Lets a timer go off; false where it is refused.
fn go_off(sitting: &mut Sitting<'_>, timer: &Timer, now: Stamp, random: u64) -> Result<bool, StoreError> {
    let command = Command::FireTimer {
        referral: timer.referral,
        key: timer.key.clone(),
    };
    let envelope = Envelope::new(command, Actor::system(), Cause::Clock);
    match one_of(sitting, &envelope, whole_seconds(now), random) {
        Ok(_) => Ok(true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(Failure::Store(error)) => Err(error),
    }
}

/// Why the transaction of a forecast ends.
enum Ahead {
    /// Everything was seen: roll back.
    Seen,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Ahead {
    fn from(error: StoreError) -> Ahead {
        Ahead::Store(error)
    }
}

fn run_ahead(
    connection: &Connection,
    policy: &Policy,
    until: Stamp,
    limit: usize,
) -> Result<Vec<Foreseen>, StoreError> {
    let mut all = Vec::new();
    while all.len() < limit {
        let timer = due::timers(connection, until, 1, 0)?.pop();
        let message = due::messages(connection, until, 1, &[])?.pop();
        let message = message
            .map(|due| due::message(connection, due.message))
            .transpose()?
            .flatten();
        let seen = match (timer, message) {
            (Some(timer), Some(message)) if message.not_before < timer.due_at => {
                leave(connection, policy, &message)?
            }
            (Some(timer), _) => fire(connection, policy, timer)?,
            (None, Some(message)) => leave(connection, policy, &message)?,
            (None, None) => break,
        };
        all.push(seen);
    }
    Ok(all)
}

fn done(
    connection: &Connection,
    policy: &Policy,
    command: Command,
    at: Stamp,
) -> Result<Receipt, StoreError> {
    let envelope = Envelope::new(command, Actor::system(), Cause::Clock);
    match perform(connection, &envelope, at, policy, 0) {
        Ok(receipt) => Ok(receipt),
        Err(Failure::Refused(refusal)) => Err(StoreError::Corrupt {
            what: "timer",
            why: refusal.because,
        }),
        Err(Failure::Store(error)) => Err(error),
    }
}

fn fire(connection: &Connection, policy: &Policy, timer: Timer) -> Result<Foreseen, StoreError> {
    let command = Command::FireTimer {
        referral: timer.referral,
        key: timer.key,
    };
    let changes = done(connection, policy, command, timer.due_at)?.changed;
    Ok(Foreseen {
        at: timer.due_at,
        referral: timer.referral,
        rule: timer.kind.code().to_owned(),
        changes,
    })
}

/// A message that leaves in a forecast is taken to be handed over at once.
fn leave(connection: &Connection, policy: &Policy, message: &Message) -> Result<Foreseen, StoreError> {
    let (referral, id, at) = (message.referral, message.id, message.not_before);
    let sender = "forecast".to_owned();
    done(
        connection,
        policy,
        Command::ClaimMessage {
            referral,
            message: id,
            sender: sender.clone(),
        },
        at,
    )?;
    let claimed = due::message(connection, id)?.filter(|message| message.state == MessageState::Sending);
    let how = if let Some(claimed) = claimed {
        let claim = Some(Claim {
            sender,
            attempt: claimed.attempt,
        });
        let to = MessageState::HandedOver;
        done(
            connection,
            policy,
            Command::MoveMessage {
                referral,
                message: id,
                to,
                claim,
                detail: None,
            },
            at,
        )?;
        "leaves"
    } else {
        "is dropped: opted out; it was"
    };
    let line = format!(
        "{} {how} for the {} by {}",
        message.kind.code(),
        message.kind.party().label(),
        message.channel.code()
    );
    Ok(Foreseen {
        at,
        referral,
        rule: "outbox".into(),
        changes: vec![line],
    })
}
