//! What the watched folders brought: read, taken in, put away.
//!
//! Owns which files are tried again and what is said of those that wait. Must not know a folder's habits (`watch`), or what
//! becomes of a document.

mod came;

use super::asked::{self, Asked, bytes_of};
use super::desk::Desk;
use super::intake::status;
use super::postman::{self, Postman};
use super::second::Second;
use super::{Trouble, answers, reader, wording};
use crate::channels::second_reader::Rest;
use crate::channels::watch::{After, Arrival, Folder, Kind, Look, Mark};
use crate::config::{FolderKind, Taken as AfterTaken, WatchFolder};
use crate::domain::id::{DocumentId, ReferralId};
use crate::engine::{Heard, Outcome, Taken};
use crate::intake::jail::many;
use came::{Came, take_all};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A file that was written within this time may not be whole yet.
const SETTLED: Duration = Duration::from_secs(2);
/// A pass takes no longer than this, so that the clock is not kept waiting by a full folder; the next goes on.
const PASS: Duration = Duration::from_secs(5);

/// Where files stay, those that were taken in before are told by their bytes first, so long at least in a pass, and until so many
/// new ones are found: more are not read in one.
const TELLING: Duration = Duration::from_secs(1);
const NEW: usize = 200;

/// No text message is longer: of a longer file, no more is looked at here.
const SMS_MAX: u64 = 64 * 1024;

/// What became of a file. Its name is left out: people name files after patients, and this goes to logs.
pub(crate) struct Line {
    /// By which way it came: `inbox` for the folders, `mllp` for the listener.
    pub from: &'static str,
    pub status: &'static str,
    pub document: Option<DocumentId>,
    pub referral: Option<ReferralId>,
}

/// What a look into the folders came to.
#[derive(Default)]
pub(crate) struct Swept {
    pub taken: Vec<Line>,
    pub troubles: Vec<String>,
    /// More waits than a pass takes.
    pub more: bool,
}

/// The watched folders and what is known of the files that stay in them.
#[derive(Default)]
pub(crate) struct Sweeper {
    /// Files that were dealt with and stay where they are: kept ones, and those that could not be put away.
    stay: HashMap<PathBuf, Mark>,
    postman: Postman,
    /// Until when a second reader that failed is left alone.
    rest: Rest,
}

/// The folders of a desk: the inbox, and what the configuration names.
pub(crate) fn folders(desk: &Desk) -> Vec<Folder> {
    let named = desk.config.settings().intake.folders.iter().map(folder);
    // It is made with the first mail that comes.
    let maildir = Some(postman::maildir(desk)).filter(|maildir| maildir.exists());
    let brought = maildir.map(|path| Folder {
        path,
        kind: Kind::Maildir,
        after: After::Move,
    });
    std::iter::once(Folder::inbox(desk.dir.inbox()))
        .chain(named)
        .chain(brought)
        .chain(answers::received(desk))
        .collect()
}

fn folder(named: &WatchFolder) -> Folder {
    Folder {
        path: named.path.clone(),
        kind: match named.kind {
            FolderKind::Plain => Kind::Plain,
            FolderKind::HylafaxRecvq => Kind::HylafaxRecvq,
            FolderKind::Maildir => Kind::Maildir,
        },
        after: match named.taken() {
            AfterTaken::Move => After::Move,
            AfterTaken::Keep => After::Keep,
            AfterTaken::Delete => After::Delete,
        },
    }
}

/// What a person calls a folder.
pub(crate) fn called(desk: &Desk, folder: &Folder) -> String {
    if folder.path == desk.dir.inbox() {
        "the inbox".into()
    } else {
        format!("the folder {}", folder.path.display())
    }
}

impl Sweeper {
    /// Takes in what lies in the folders; each file is put away once it is durable in the database. A file that cannot be
    /// taken in stays, and why is said; a folder that cannot be read is said too, and the others are looked at.
    pub fn sweep(
        &mut self,
        desk: &mut Desk,
        stop: &AtomicBool,
        told: &(dyn Fn(String) + Sync),
    ) -> Result<Swept, Trouble> {
        let mut swept = Swept::default();
        let end = Instant::now() + PASS;
        self.postman.look(desk, &mut swept);
        if let Err(Trouble(why)) = answers::hear_failures(desk) {
            swept.troubles.push(why);
        }
        for folder in folders(desk) {
            let name = called(desk, &folder);
            let known = |path: &Path, mark: &Mark| self.stay.get(path) == Some(mark);
            let look = folder.look(SETTLED, &known);
            match look {
                Ok(look) => self.folder(desk, &folder, &name, look, stop, told, end, &mut swept)?,
                Err(error) => swept.troubles.push(format!(
                    "{name} cannot be read: {}. Nothing in it is taken in until it can",
                    wording::cause(&error)
                )),
            }
        }
        Ok(swept)
    }

    #[allow(clippy::too_many_arguments, reason = "what a pass over one folder needs")]
    fn folder(
        &mut self,
        desk: &mut Desk,
        folder: &Folder,
        name: &str,
        look: Look,
        stop: &AtomicBool,
        told: &(dyn Fn(String) + Sync),
        end: Instant,
        swept: &mut Swept,
    ) -> Result<(), Trouble> {
        if look.closed > 0 {
            swept.troubles.push(format!(
                "{} in {name} may not be read by this account; they wait there",
                files(look.closed)
            ));
        }
        if look.left_out > 0 {
            swept.troubles.push(format!(
                "{name} holds more files than are opened at once: {} of the oldest wait until the others are dealt with",
                look.left_out
            ));
        }
        self.stay.retain(|path, mark| {
            path.parent() != Some(&folder.path)
                || look
                    .whole
                    .iter()
                    .any(|one| one.path == *path && one.mark == *mark)
        });
        let known = |arrival: &&Arrival| self.stay.get(&arrival.path) != Some(&arrival.mark);
        let mut arrivals: Vec<Arrival> = look.whole.iter().filter(known).cloned().collect();
        if answers::received(desk).as_ref() == Some(folder) {
            arrivals.retain(|arrival| !self.hear(desk, folder, name, arrival, swept));
        }
        if folder.after == After::Keep {
            arrivals = self.new_among(desk, folder, name, arrivals, stop, end, swept);
        }
        let exe = std::env::current_exe()?;
        let second = Second::of(desk.config.settings(), self.rest.clone());
        let learned = if arrivals.is_empty() {
            String::new()
        } else {
            reader::handed(desk)
        };
        let total = arrivals.len();
        let read = |arrival: &Arrival, cores: usize| {
            if stop.load(Ordering::Relaxed) {
                return Err(Trouble("stopped".into()));
            }
            let pages = |count: usize| told(format!("reading a document from {name}: {count} pages done"));
            Asked {
                exe: &exe,
                password: None,
                second: second.as_ref(),
                learned: &learned,
                stop,
                pages: &pages,
            }
            .read(&arrival.path, cores)
        };
        let mut number = 0;
        many(&arrivals, read, |arrival, read| {
            number += 1;
            if total > 20 && number % 10 == 0 {
                told(format!("taking in {total} documents from {name}: {number} done"));
            }
            if stop.load(Ordering::Relaxed) {
                return false;
            }
            self.arrival(desk, folder, name, arrival, read, swept);
            let late = Instant::now() >= end && number < total;
            swept.more |= late;
            !late
        });
        Ok(())
    }

    /// Those of which the bytes are new; the others are put away unread. The newest are looked at first: what comes in now does not
    /// wait for years of kept faxes.
    #[allow(clippy::too_many_arguments, reason = "what a pass over one folder needs")]
    fn new_among(
        &mut self,
        desk: &Desk,
        folder: &Folder,
        name: &str,
        arrivals: Vec<Arrival>,
        stop: &AtomicBool,
        end: Instant,
        swept: &mut Swept,
    ) -> Vec<Arrival> {
        let until = end.max(Instant::now() + TELLING);
        let mut new = Vec::new();
        for arrival in arrivals.into_iter().rev() {
            if stop.load(Ordering::Relaxed) || new.len() >= NEW || Instant::now() >= until {
                swept.more = true;
                break;
            }
            let seen = bytes_of(&arrival.path).ok().and_then(|bytes| {
                let seen = desk.engine.taken_before(&bytes).ok().flatten();
                seen.map(|seen| (bytes, seen))
            });
            match seen {
                Some((bytes, seen)) => self.put_away(folder, name, &arrival, &bytes, &[seen], swept),
                None => new.push(arrival),
            }
        }
        new.reverse();
        new
    }

    /// Hears a text message; true where it needs no reader of documents any more.
    fn hear(
        &mut self,
        desk: &mut Desk,
        folder: &Folder,
        name: &str,
        arrival: &Arrival,
        swept: &mut Swept,
    ) -> bool {
        let head = || -> std::io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            File::open(&arrival.path)?.take(SMS_MAX).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let heard = head()
            .map_err(Trouble::from)
            .and_then(|bytes| answers::hear_sms(desk, &arrival.path, &bytes).map(|heard| (heard, bytes)));
        match heard {
            Ok((Heard::NotUnderstood, _)) => return false,
            Ok((Heard::Done, bytes)) => self.put_away(folder, name, arrival, &bytes, &[], swept),
            Ok((Heard::NotYet, _)) => {}
            // A neighbour was quicker.
            Err(_) if !arrival.path.exists() => {}
            Err(Trouble(why)) => swept.troubles.push(format!("a file in {name} waits: {why}")),
        }
        true
    }

    fn arrival(
        &mut self,
        desk: &mut Desk,
        folder: &Folder,
        name: &str,
        arrival: &Arrival,
        read: Result<asked::Came, Trouble>,
        swept: &mut Swept,
    ) {
        let path = &arrival.path;
        let came = read.and_then(|came| take_all(desk, folder, &came).map(|taken| (taken, came.bytes)));
        match came {
            Ok((Came::NotYet, _)) => {}
            Ok((Came::Taken(all), bytes)) => self.put_away(folder, name, arrival, &bytes, &all, swept),
            // A neighbour was quicker.
            Err(_) if !path.exists() => {}
            Err(Trouble(why)) => swept.troubles.push(format!("a file in {name} waits: {why}")),
        }
    }

    /// Puts a file away that was taken in, each of its messages, or heard as an answer, and then nothing was taken.
    fn put_away(
        &mut self,
        folder: &Folder,
        name: &str,
        arrival: &Arrival,
        bytes: &[u8],
        taken: &[Taken],
        swept: &mut Swept,
    ) {
        let path = &arrival.path;
        let moved = folder.put_away(arrival, bytes);
        let stays = folder.after == After::Keep || moved.is_err();
        if stays && path.exists() {
            self.stay.insert(path.clone(), arrival.mark);
        }
        match moved {
            Err(error) if path.exists() => swept.troubles.push(format!(
                "a file in {name} is taken in, but cannot be put away: {}",
                wording::cause(&error)
            )),
            // Of what was written anew under the name, the next pass hears.
            Ok(_) | Err(_) => {}
        }
        // A kept file is met again whenever the program starts; that is no news.
        let news = |taken: &&Taken| taken.outcome != Outcome::SeenBefore || folder.after != After::Keep;
        let line = |taken: Option<&Taken>| Line {
            from: "inbox",
            status: taken.map_or("heard", status),
            document: taken.and_then(|taken| taken.document),
            referral: taken.and_then(|taken| taken.referral),
        };
        // A file of several is read anew to see that, which is told once for all of it.
        match taken {
            [] => swept.taken.push(line(None)),
            [first, _, ..] if !taken.iter().any(|each| news(&each)) => swept.taken.push(line(Some(first))),
            [..] => {}
        }
        let lines = taken.iter().filter(news).map(|taken| line(Some(taken)));
        swept.taken.extend(lines);
    }
}

fn files(count: usize) -> String {
    if count == 1 {
        "a file".into()
    } else {
        format!("{count} files")
    }
}

/// How long a file may lie in a folder before `doctor` says so.
pub(crate) fn lying(folder: &Folder, longer_than: Duration) -> std::io::Result<(usize, usize)> {
    let look = folder.look(longer_than, &|_, _| false)?;
    let lie = if folder.after == After::Keep {
        0
    } else {
        look.whole.len() + look.left_out
    };
    Ok((lie, look.closed))
}
