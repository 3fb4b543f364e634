//! Several documents side by side, answered in their order.
//!
//! Owns the lanes. Must not know what is done with a document.

use super::cores;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};

/// A lane may be this many documents ahead of the one whose turn it is: their bytes are held.
const AHEAD: usize = 4;

struct Desk<Out> {
    /// The next that a lane takes.
    next: usize,
    /// The one whose turn it is.
    turn: usize,
    done: BTreeMap<usize, Out>,
    stopped: bool,
    /// A lane met a defect: what it took will never be done.
    fallen: bool,
}

/// Does `work` (with the cores that it may use) for each item, several at once, and hands each result to `each` in the items'
/// order, on the caller's thread. `each` says whether to go on; what was begun by then is still handed over, so that no work
/// is thrown away.
pub fn many<In: Sync, Out: Send>(
    items: &[In],
    work: impl Fn(&In, usize) -> Out + Sync,
    mut each: impl FnMut(&In, Out) -> bool,
) {
    let lanes = cores().min(items.len()).max(1);
    if lanes == 1 {
        for item in items {
            if !each(item, work(item, cores())) {
                return;
            }
        }
        return;
    }
    let desk = Mutex::new(Desk {
        next: 0,
        turn: 0,
        done: BTreeMap::new(),
        stopped: false,
        fallen: false,
    });
    let bell = Condvar::new();
    let lock = || desk.lock().unwrap_or_else(PoisonError::into_inner);
    let wait = |held| bell.wait(held).unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                loop {
                    let mut held = lock();
                    while !held.stopped && held.next >= held.turn + lanes + AHEAD {
                        held = wait(held);
                    }
                    let number = held.next;
                    let Some(item) = items.get(number).filter(|_| !held.stopped) else {
                        return;
                    };
                    held.next += 1;
                    // The last of them have the machine to themselves.
                    let left = items.len() - number;
                    drop(held);
                    let out = catch_unwind(AssertUnwindSafe(|| {
                        work(item, (cores() / left.min(lanes)).max(1))
                    }));
                    let mut held = lock();
                    match out {
                        Ok(out) => drop(held.done.insert(number, out)),
                        Err(_) => held.fallen = true,
                    }
                    drop(held);
                    bell.notify_all();
                }
            });
        }
        let mut end = items.len();
        for (number, item) in items.iter().enumerate() {
            if number >= end {
                return;
            }
            let out = {
                let mut held = lock();
                loop {
                    if let Some(out) = held.done.remove(&number) {
                        held.turn = number + 1;
                        break out;
                    }
                    if held.fallen {
                        held.stopped = true;
                        bell.notify_all();
                        return;
                    }
                    held = wait(held);
                }
            };
            bell.notify_all();
            if !each(item, out) {
                let mut held = lock();
                held.stopped = true;
                end = held.next;
                bell.notify_all();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_and_stop_when_told() {
        let items: Vec<usize> = (0..60).collect();
        let slow = |item: &usize, _: usize| {
            std::thread::sleep(std::time::Duration::from_millis((item % 5) as u64));
            item * 2
        };
        let mut seen = Vec::new();
        many(&items, slow, |item, out| {
            assert_eq!(item * 2, out);
            seen.push(*item);
            seen.len() < 40
        });
        assert!((40..50).contains(&seen.len()), "{}", seen.len());
        assert_eq!(seen, items[..seen.len()]);
        many(&[], slow, |_, _| panic!("there is none"));
    }
}
