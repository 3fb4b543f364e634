//! Several documents side by side, answered in their order.
//!
//! Owns the lanes. Must not know what is done with a document.

use super::cores;
use std::collections::BTreeMap;
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
}

/// Does `work` (with the cores that it may use) for each item, several at once, and hands each result to `each` in the items'
/// order, on the caller's thread. `each` says whether to go on.
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
                    let out = work(item, (cores() / left.min(lanes)).max(1));
                    lock().done.insert(number, out);
                    bell.notify_all();
                }
            });
        }
        for (number, item) in items.iter().enumerate() {
            let out = {
                let mut held = lock();
                loop {
                    if let Some(out) = held.done.remove(&number) {
                        held.turn = number + 1;
                        break out;
                    }
                    held = wait(held);
                }
            };
            bell.notify_all();
            if !each(item, out) {
                lock().stopped = true;
                bell.notify_all();
                return;
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
        assert_eq!(seen, items[..40]);
        many(&[], slow, |_, _| panic!("there is none"));
    }
}
