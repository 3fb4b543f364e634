//! Going live: the files of another system, read and brought over.
//!
//! Owns the way from files to referrals: pieces are cut off in one thread, read in others, and land in their order in this one,
//! a batch a transaction. Memory does not grow with the files. Every piece lands, is there already, waits for a person, or is
//! refused with its line and kept in a file of its own. Must not decide what a referral is: the engine's commands do.

mod about;
mod around;
mod assemble;
mod csv;
mod entries;
mod fhir;
mod fields;
mod hl7;
mod land;
mod loose;
mod pieces;
mod refused;
mod row;
mod source;
mod stated;

pub use csv::Table;
pub use land::{Became, Done, Row, Total};
pub use pieces::{Cutter, Form, Piece, Way};

use crate::config::import::Mapping;
use crate::domain::command::{Command, Import};
use crate::domain::policy::{Actor, Policy};
use crate::domain::text;
use crate::domain::time::Stamp;
use crate::engine::{Engine, Failure};
use crate::store::StoreError;
use land::Landing;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// What is to be brought over, and how.
pub struct Order<'a> {
    /// The files.
    pub files: &'a [PathBuf],
    /// How tables are read: the mapping's name and the mapping.
    pub mapping: Option<(&'a str, &'a Mapping)>,
    /// Who brings it over.
    pub actor: &'a Actor,
    /// The time that counts as now.
    pub now: Stamp,
    /// Only tried.
    pub dry: bool,
    /// Threads that read beside the one that writes.
    pub readers: usize,
}

/// What kept an import from going on. What had landed by then is kept, and another run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// A file.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why, in words.
        cause: String,
    },
    /// The engine.
    #[error("{0}")]
    Engine(#[from] Failure),
    /// The one who is told.
    #[error("{0}")]
    Told(std::io::Error),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Engine(error.into())
    }
}

/// What a reader has to know beside the piece.
pub struct Reading {
    /// The clinic's policy: templates, zone.
    pub policy: Arc<Policy>,
    /// The time that counts as now.
    pub now: Stamp,
}

/// What a piece is.
pub enum Read {
    /// Referrals, each brought over or why it is not.
    Referrals(Vec<Result<Brought, Why>>),
    /// Resources that belong to what stands elsewhere.
    Loose(Vec<Loose>),
    /// Nothing that could be read.
    Wrong(String),
    /// Nothing that is to be brought over, and nothing that is lost: an envelope.
    Nothing,
}

/// A referral, ready to be brought over.
pub struct Brought {
    /// `import` or `take-over`.
    pub command: Command,
    /// The bytes of documents, each with its hash.
    pub originals: Vec<(String, Vec<u8>)>,
    /// What that system calls it.
    pub external: String,
}

impl Brought {
    fn new(import: Import) -> Brought {
        Brought {
            external: text::line(&import.external),
            command: Command::Import(Box::new(import)),
            originals: Vec::new(),
        }
    }
}

/// Why a referral is not brought over.
pub enum Why {
    /// It cannot be.
    Refused(String),
    /// It is a person's to say.
    Person(String),
    /// It asks for nothing, and says what became of what is here.
    Event(String),
}

/// A resource whose referral stands elsewhere in the files.
pub struct Loose {
    /// The entry of a bundle that it makes.
    pub text: String,
    /// The names by which it is found.
    pub names: Vec<String>,
    /// Its type.
    pub kind: String,
}

/// Pieces that travel together between threads.
const CHUNK: usize = 32;
/// Bytes after which a chunk travels, however few pieces it has.
const CHUNK_BYTES: usize = 256 * 1024;
/// Chunks that may wait at a door.
const WAITING: usize = 8;

struct Chunk<T> {
    number: u64,
    pieces: Vec<T>,
}

/// Brings the files over, and tells of each referral.
///
/// # Errors
/// See [`Stopped`].
pub fn run(
    engine: &mut Engine,
    order: &Order<'_>,
    told: &mut dyn FnMut(&Row) -> std::io::Result<()>,
) -> Result<Done, Stopped> {
    let reading = Arc::new(Reading {
        policy: Arc::clone(engine.policy()),
        now: order.now,
    });
    // What is amiss with a file as a whole is found before anything lands.
    let sources = order
        .files
        .iter()
        .map(|path| source::look(path, order.mapping))
        .collect::<Result<Vec<_>, _>>()?;
    let mut landing = Landing::new(engine, order, told);
    std::thread::scope(|scope| {
        let (cut, to_read) = sync_channel::<Chunk<Piece>>(WAITING);
        let (read, to_land) = sync_channel::<Chunk<(Piece, Read)>>(WAITING);
        let to_read = Arc::new(Mutex::new(to_read));
        for _ in 0..order.readers.max(1) {
            let (to_read, read, reading) = (Arc::clone(&to_read), read.clone(), Arc::clone(&reading));
            scope.spawn(move || read_chunks(&to_read, &read, &reading));
        }
        drop((to_read, read));
        let cutter = scope.spawn(move || cut_files(sources, &cut));
        landed_in_order(&mut landing, to_land)?;
        match cutter.join() {
            Ok(done) => done,
            Err(_) => Err(Stopped::File {
                path: PathBuf::new(),
                cause: "its reading was lost".into(),
            }),
        }
    })?;
    landing.assembled(&reading)?;
    landing.end()
}

/// Cuts files into pieces until nobody wants more.
fn cut_files(sources: Vec<source::Source>, door: &SyncSender<Chunk<Piece>>) -> Result<(), Stopped> {
    let mut number = 0;
    let (mut pieces, mut bytes) = (Vec::new(), 0);
    for (file, source) in sources.into_iter().enumerate() {
        let path = source.path.clone();
        let mut cutter = source.cut(file).map_err(|error| unread(&path, &error))?;
        while let Some(piece) = cutter.next_piece().map_err(|error| unread(&path, &error))? {
            bytes += piece.raw.len();
            pieces.push(piece);
            if pieces.len() >= CHUNK || bytes >= CHUNK_BYTES {
                let pieces = std::mem::take(&mut pieces);
                bytes = 0;
                if door.send(Chunk { number, pieces }).is_err() {
                    return Ok(());
                }
                number += 1;
            }
        }
    }
    let _ = door.send(Chunk { number, pieces });
    Ok(())
}

fn unread(path: &Path, error: &std::io::Error) -> Stopped {
    Stopped::File {
        path: path.to_owned(),
        cause: format!("it cannot be read: {error}"),
    }
}

fn read_chunks(
    door: &Mutex<Receiver<Chunk<Piece>>>,
    next: &SyncSender<Chunk<(Piece, Read)>>,
    reading: &Reading,
) {
    loop {
        let chunk = door.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Chunk { number, pieces }) = chunk else {
            return;
        };
        let pieces = pieces
            .into_iter()
            .map(|piece| {
                let read = read_piece(&piece, reading);
                (piece, read)
            })
            .collect();
        if next.send(Chunk { number, pieces }).is_err() {
            return;
        }
    }
}

/// Reads one piece.
pub fn read_piece(piece: &Piece, reading: &Reading) -> Read {
    if let Some(wrong) = &piece.wrong {
        return Read::Wrong(wrong.clone());
    }
    match &piece.form {
        Form::Fhir => match std::str::from_utf8(&piece.raw) {
            Ok(text) => fhir::read(text, reading),
            Err(_) => Read::Wrong("it is not UTF-8, as FHIR has to be".into()),
        },
        Form::Hl7 => hl7::read(&piece.raw, reading),
        Form::Table(table) => row::read(table, &piece.raw, reading),
    }
}

/// Lets chunks land in the order in which they were cut.
fn landed_in_order(
    landing: &mut Landing<'_, '_>,
    door: Receiver<Chunk<(Piece, Read)>>,
) -> Result<(), Stopped> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for chunk in door {
        early.insert(chunk.number, chunk.pieces);
        while let Some(pieces) = early.remove(&next) {
            next += 1;
            for (piece, read) in pieces {
                landing.take(piece, read)?;
            }
        }
    }
    Ok(())
}
