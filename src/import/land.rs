//! Where pieces land: in batches, each a transaction; what became of each is told and counted.
//!
//! Owns the batch, the counts, and the order: nothing is told before it is durable. Must not read pieces.

use super::assemble::Heap;
use super::fhir;
use super::pieces::Piece;
use super::refused::Refused;
use super::{Brought, Order, Read, Reading, Stopped, Why};
use crate::domain::id::{DocumentId, ReferralId};
use crate::engine::{Bringing, Engine, Outcome};
use crate::standards::hl7v2::receipt::Head;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

/// A batch lands when it has so many bytes, however few referrals these are.
const BATCH_BYTES: usize = 32 * 1024 * 1024;

/// What became of a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It landed.
    Landed(Option<ReferralId>),
    /// It came over before.
    There(Option<ReferralId>),
    /// It said what became of a visit, a patient's details or a request, and that is recorded; or why it changed nothing.
    Heard(Option<ReferralId>, Option<String>),
    /// A person must say: it waits in Intake.
    Intake(Option<DocumentId>, String),
    /// It was refused, and is kept.
    Refused(String),
}

/// A referral and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of the how-manieth file.
    pub file: usize,
    /// The line on which it begins.
    pub line: u64,
    /// What the other system calls it, where that is known.
    pub external: Option<String>,
    /// What became of it.
    pub became: Became,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// The counts of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Landed.
    pub landed: u64,
    /// There already.
    pub there: u64,
    /// Said what became of what is here, and was recorded.
    pub heard: u64,
    /// For a person.
    pub intake: u64,
    /// Refused.
    pub refused: u64,
    /// Where the refused ones are kept.
    pub kept: Option<PathBuf>,
}

/// How an import ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The counts, a file each.
    pub totals: Vec<Total>,
    /// Resources that belong to no referral, by type.
    pub left: Vec<(String, u64)>,
}

type Tell<'e> = &'e mut dyn FnMut(&Row) -> std::io::Result<()>;

/// The landing.
pub struct Landing<'e, 'o> {
    engine: &'e mut Engine,
    order: &'e Order<'o>,
    told: Tell<'e>,
    waiting: Vec<(Arc<Piece>, Brought)>,
    bytes: usize,
    room: usize,
    totals: Vec<Total>,
    refused: Vec<Refused>,
    heap: Heap,
    /// What a trial has seen: nothing of it is in the store.
    tried: BTreeSet<u64>,
}

impl<'e, 'o> Landing<'e, 'o> {
    /// Nothing has landed yet.
    pub fn new(engine: &'e mut Engine, order: &'e Order<'o>, told: Tell<'e>) -> Landing<'e, 'o> {
        Landing {
            engine,
            order,
            told,
            waiting: Vec::new(),
            bytes: 0,
            room: 1,
            totals: vec![Total::default(); order.files.len()],
            refused: order.files.iter().map(|path| Refused::beside(path)).collect(),
            heap: Heap::default(),
            tried: BTreeSet::new(),
        }
    }

    /// Takes a piece as it was read.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn take(&mut self, piece: Piece, read: Read) -> Result<(), Stopped> {
        match read {
            Read::Nothing => Ok(()),
            Read::Wrong(why) => self.refuse(&piece, None, why),
            Read::Loose(all) => all.iter().try_for_each(|loose| self.heap.put(&piece, loose)),
            Read::Referrals(all) => {
                let piece = Arc::new(piece);
                let mut asked: Vec<String> = Vec::new();
                for each in all {
                    match each {
                        Ok(brought) => self.wait(&piece, brought)?,
                        Err(Why::Refused(why)) => self.refuse(&piece, None, why)?,
                        Err(Why::Event(why)) => self.event(&piece, why)?,
                        Err(Why::Person(why)) if asked.contains(&why) => {}
                        Err(Why::Person(why)) => asked.push(why),
                    }
                }
                // One document, however many referrals in it are a person's to say.
                if asked.is_empty() {
                    return Ok(());
                }
                self.for_a_person(&piece, asked.join("; "))
            }
        }
    }

    fn wait(&mut self, piece: &Arc<Piece>, brought: Brought) -> Result<(), Stopped> {
        self.bytes += piece.raw.len();
        self.waiting.push((Arc::clone(piece), brought));
        if self.waiting.len() >= self.room || self.bytes >= BATCH_BYTES {
            self.land()?;
        }
        Ok(())
    }

    /// Lets the batch land.
    fn land(&mut self) -> Result<(), Stopped> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut places = Vec::with_capacity(self.waiting.len());
        let mut all = Vec::with_capacity(self.waiting.len());
        for (piece, brought) in self.waiting.drain(..) {
            let again = self.order.dry && !self.tried.insert(hash(brought.command.own_key()));
            places.push((piece, brought.external, again));
            all.push(Bringing {
                command: brought.command,
                originals: brought.originals,
            });
        }
        self.bytes = 0;
        let (actor, now, dry) = (self.order.actor, self.order.now, self.order.dry);
        let landed = self.engine.import(all, actor, now, dry)?;
        for ((piece, external, again), landed) in places.into_iter().zip(landed) {
            match landed {
                Ok(receipt) => {
                    let referral = receipt.referral.filter(|_| !dry || receipt.repeated);
                    let became = if receipt.repeated || again {
                        Became::There(referral)
                    } else {
                        Became::Landed(referral)
                    };
                    let warnings = receipt.warnings;
                    self.tell(&piece, Some(external), became, warnings)?;
                }
                Err(refusal) => self.refuse(&piece, Some(external), refusal.because)?,
            }
        }
        self.room = self.engine.import_room()?;
        Ok(())
    }

    fn for_a_person(&mut self, piece: &Arc<Piece>, why: String) -> Result<(), Stopped> {
        self.land()?;
        let read = crate::intake::read(&self.named(piece), &piece.raw);
        let (actor, now, dry) = (self.order.actor, self.order.now, self.order.dry);
        let taken = self
            .engine
            .import_for_a_person(&piece.raw, &read, &why, actor, now, dry)?;
        self.room = self.engine.import_room()?;
        let became = match taken {
            Some(receipt) => Became::Intake(receipt.document.filter(|_| !dry), why),
            None => Became::There(None),
        };
        self.tell(piece, None, became, Vec::new())
    }

    /// A message of a system about what is here: what landed before it in the files is what it may be about.
    fn event(&mut self, piece: &Arc<Piece>, why: String) -> Result<(), Stopped> {
        self.land()?;
        let read = crate::intake::read(&self.named(piece), &piece.raw);
        let (actor, now, dry) = (self.order.actor, self.order.now, self.order.dry);
        let head = Head::of(&piece.raw);
        let occasion = head.map(|head| head.heard_as());
        let taken = self
            .engine
            .import_message(&piece.raw, &read, occasion.as_deref(), actor, now, dry)?;
        self.room = self.engine.import_room()?;
        let said = (!taken.remarks.is_empty()).then(|| taken.remarks.join("; "));
        let became = match taken.outcome {
            Outcome::SeenBefore => Became::There(taken.referral),
            Outcome::Intake => {
                let said = said.map_or_else(|| why.clone(), |said| format!("{why}: {said}"));
                Became::Intake(taken.document.filter(|_| !dry), said)
            }
            Outcome::Visit
            | Outcome::Patient
            | Outcome::Filed
            | Outcome::Answered
            | Outcome::Coverage
            | Outcome::Received => Became::Heard(taken.referral, said),
        };
        self.tell(piece, None, became, Vec::new())
    }

    /// What a piece is called where it is shown.
    fn named(&self, piece: &Piece) -> String {
        let file = self.order.files.get(piece.file);
        let name = file.and_then(|path| path.file_name()).unwrap_or_default();
        format!("{} line {}", name.to_string_lossy(), piece.line)
    }

    fn refuse(&mut self, piece: &Piece, external: Option<String>, why: String) -> Result<(), Stopped> {
        if !self.order.dry
            && let Some(refused) = self.refused.get_mut(piece.file)
        {
            refused.keep(piece)?;
        }
        self.tell(piece, external, Became::Refused(why), Vec::new())
    }

    fn tell(
        &mut self,
        piece: &Piece,
        external: Option<String>,
        became: Became,
        warnings: Vec<String>,
    ) -> Result<(), Stopped> {
        if let Some(total) = self.totals.get_mut(piece.file) {
            match &became {
                Became::Landed(_) => total.landed += 1,
                Became::There(_) => total.there += 1,
                Became::Heard(..) => total.heard += 1,
                Became::Intake(..) => total.intake += 1,
                Became::Refused(_) => total.refused += 1,
            }
        }
        let row = Row {
            file: piece.file,
            line: piece.line,
            external,
            became,
            warnings,
        };
        (self.told)(&row).map_err(Stopped::Told)
    }

    /// Lets referrals land that were spread over the files.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn assembled(&mut self, reading: &Reading) -> Result<(), Stopped> {
        while let Some(piece) = self.heap.next()? {
            let read = fhir::assembled(&String::from_utf8_lossy(&piece.raw), reading);
            self.take(piece, read)?;
        }
        Ok(())
    }

    /// Lets the last batch land.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn end(mut self) -> Result<Done, Stopped> {
        self.land()?;
        for (total, refused) in self.totals.iter_mut().zip(&mut self.refused) {
            refused.end()?;
            total.kept = refused.path().map(std::path::Path::to_owned);
        }
        Ok(Done {
            totals: self.totals,
            left: self.heap.left()?,
        })
    }
}

fn hash(key: Option<String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
