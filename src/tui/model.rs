//! The state of the screen.
//!
//! Owns what is shown and what is being typed. Changed by `update` alone; must not know the clock, the disk or the terminal.

use super::action::{Action, Scope};
use super::board::Board;
use super::chord::Chord;
use super::create::Create;
use super::form::Form;
use super::glass::Glass;
use super::history::History;
use super::intake::IntakeDesk;
use super::keep::{Draft, Sent};
use super::lookup::{FindFor, Lookup};
use super::msg::Effect;
use super::notice::Notices;
use super::outbox::Outbox;
use super::page::Page;
use super::palette::Palette;
use super::proof::{Proof, Said};
use super::reader::Reader;
use super::settings::Settings;
use crate::config::screen::Tab;
use crate::domain::id::{DocumentId, ReferralId};
use crate::domain::lists::List;
use crate::domain::time::Stamp;
use crate::store::board::{Counts, QueueRow, Sheet, Shelf};
use std::collections::BTreeMap;

/// What the left side shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Rows of a shelf, filtered by a query.
    Rows(Shelf, String),
    /// Documents that need a person.
    Intake,
}

impl Place {
    /// The place of a list of the header.
    pub const fn of(tab: Tab) -> Place {
        let shelf = match tab {
            Tab::Emergency => Shelf::List(List::Emergency),
            Tab::Review => Shelf::List(List::Review),
            Tab::MissingInfo => Shelf::List(List::MissingInfo),
            Tab::Insurance => Shelf::List(List::Insurance),
            Tab::ToSchedule => Shelf::List(List::ToSchedule),
            Tab::Scheduled => Shelf::List(List::Scheduled),
            Tab::ReportsDue => Shelf::List(List::ReportsDue),
            Tab::Open => Shelf::Open,
            Tab::Closed => Shelf::Closed,
            Tab::Intake => return Place::Intake,
        };
        Place::Rows(shelf, String::new())
    }

    /// The list of the header that it belongs to.
    pub const fn tab(&self) -> Tab {
        match self {
            Place::Intake => Tab::Intake,
            Place::Rows(Shelf::Open, _) => Tab::Open,
            Place::Rows(Shelf::Closed, _) => Tab::Closed,
            Place::Rows(Shelf::List(list), _) => match list {
                List::Emergency => Tab::Emergency,
                List::Review => Tab::Review,
                List::MissingInfo => Tab::MissingInfo,
                List::Insurance => Tab::Insurance,
                List::ToSchedule => Tab::ToSchedule,
                List::Scheduled => Tab::Scheduled,
                List::ReportsDue => Tab::ReportsDue,
            },
        }
    }
}

/// Which side has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    #[default]
    List,
    /// The detail.
    Detail,
}

/// A question that is answered by y or n.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirm {
    /// The question, with the count.
    pub question: String,
    /// What is done on yes.
    pub then: Vec<Effect>,
    /// The cursor leaves these.
    pub leaves: Vec<ReferralId>,
}

/// What lies over the screen and has the keys.
pub enum Overlay {
    /// A form.
    Form(Form),
    /// A question.
    Confirm(Confirm),
    /// A find.
    Find(Lookup, FindFor),
    /// The palette.
    Palette(Palette),
    /// The generated help, scrolled.
    Help(usize),
    /// Notices, scrolled.
    Notices(usize),
    /// A referral being made.
    Create(Box<Create>),
    /// A document beside its fields.
    Proof(Box<Proof>),
    /// What was done.
    History(History),
    /// Something to read, whose lines may lead to a referral.
    Page(Page),
    /// The outbox.
    Outbox(Outbox),
}

/// An action that waits for its referral to be read, and the keys typed since.
pub struct Waiting {
    /// The referral.
    pub referral: ReferralId,
    /// The action.
    pub action: Action,
    /// Keys typed since, in their order.
    pub typed: Vec<Chord>,
}

/// The way back to a past moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// The moment.
    pub to: Stamp,
    /// Changes taken back so far.
    pub done: u64,
    /// Changes to take back; 0 until that is known.
    pub total: u64,
}

/// The state.
pub struct Model {
    /// Settings.
    pub settings: Settings,
    /// Now, as of the last message; while a past moment is looked at, that moment: time stands still in it.
    pub now: Stamp,
    /// The clock on the wall, as of the last message.
    pub clock: Stamp,
    /// The past moment that is looked at: nothing can be changed there.
    pub past: Option<Stamp>,
    /// The way back to a past moment, while it is being laid out.
    pub journey: Option<Journey>,
    /// The terminal's size in cells.
    pub size: (u16, u16),
    /// Counts.
    pub counts: Counts,
    /// Why everything that leaves is held, if it is.
    pub held: Option<String>,
    /// What the left side shows.
    pub place: Place,
    /// The list's share of the screen beside or above the detail, in per cent.
    pub share: u16,
    /// Rows.
    pub board: Board,
    /// The referral shown whole.
    pub sheet: Option<Box<Sheet>>,
    /// Its document.
    pub reader: Reader,
    /// Intake.
    pub intake: IntakeDesk,
    /// Which side has the keys.
    pub pane: Pane,
    /// First line of the detail that is shown.
    pub scroll: usize,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// Forms that were left with something typed in them.
    pub kept: Vec<Draft>,
    /// What was sent and is on its way: a refusal brings it back.
    pub sent: Vec<Sent>,
    /// A form to go on with as soon as its referral is shown.
    pub resume: Option<(ReferralId, Action)>,
    /// The divider is being moved.
    pub dragging: bool,
    /// Actions used, the latest first.
    pub recent: Vec<Action>,
    /// Referrals being made that were left, the latest last.
    pub making: Vec<Box<Create>>,
    /// What was said in reviews of documents that were left.
    pub proofs: Vec<Said>,
    /// What the terminal can show; none until it was asked.
    pub glass: Option<Glass>,
    /// What the program said.
    pub notices: Notices,
    /// What goes on behind the screen.
    pub busy: Option<String>,
    /// Keys of a sequence that has begun.
    pub pending: Vec<Chord>,
    /// An action that waits for the referral under the cursor to be read.
    pub waiting: Option<Waiting>,
    /// Values remembered from the last form: performer, place, length.
    pub remembered: BTreeMap<&'static str, String>,
    /// Numbers questions and actions.
    pub serial: u64,
    /// The number of the window asked for last.
    pub asked: u64,
    /// The moment at which the rows held were scored.
    pub as_of: Stamp,
    /// A window at an end is on its way.
    pub fetching: bool,
    /// The referral that was asked for last, whole.
    pub followed: Option<ReferralId>,
    /// Where an action moved the cursor from and to, until the next key: a refusal brings it back.
    pub moved: Option<(ReferralId, ReferralId)>,
    /// A document to be put with a referral as soon as that is read.
    pub attach: Option<(DocumentId, ReferralId)>,
    /// A referral to show as soon as it is read.
    pub jump: Option<ReferralId>,
    /// Commands on their way to the disk.
    pub in_flight: usize,
    /// The terminal is to be wiped before the next drawing.
    pub wipe: bool,
    /// Something changed: draw.
    pub dirty: bool,
    /// The program ends.
    pub quit: bool,
}

impl Model {
    /// The screen before anything is read.
    pub fn new(settings: Settings, now: Stamp, size: (u16, u16)) -> Model {
        let first = settings.screen.lists.first().copied().unwrap_or(Tab::Review);
        Model {
            share: settings.screen.share,
            settings,
            now,
            clock: now,
            past: None,
            journey: None,
            size,
            counts: Counts::default(),
            held: None,
            place: Place::of(first),
            board: Board {
                loading: true,
                ..Board::default()
            },
            sheet: None,
            reader: Reader::default(),
            intake: IntakeDesk::default(),
            pane: Pane::List,
            scroll: 0,
            overlay: None,
            kept: Vec::new(),
            sent: Vec::new(),
            resume: None,
            dragging: false,
            recent: Vec::new(),
            making: Vec::new(),
            proofs: Vec::new(),
            glass: None,
            notices: Notices::default(),
            pending: Vec::new(),
            waiting: None,
            remembered: BTreeMap::new(),
            serial: 0,
            asked: 0,
            as_of: now,
            fetching: false,
            followed: None,
            moved: None,
            attach: None,
            jump: None,
            in_flight: 0,
            busy: None,
            wipe: false,
            dirty: true,
            quit: false,
        }
    }

    /// The next number.
    pub fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The scope of keys.
    pub fn scope(&self) -> Scope {
        match self.place {
            Place::Rows(..) => Scope::Lists,
            Place::Intake => Scope::Intake,
        }
    }

    /// The shelf shown, where it is one.
    pub fn shelf(&self) -> Option<Shelf> {
        match &self.place {
            Place::Rows(shelf, _) => Some(*shelf),
            Place::Intake => None,
        }
    }

    /// The referral under the cursor, whole, where it has been read.
    pub fn sheet_here(&self) -> Option<&Sheet> {
        let cursor = self.board.cursor?;
        self.sheet.as_deref().filter(|sheet| {
            sheet
                .snapshot
                .referral()
                .is_some_and(|referral| referral.id == cursor)
        })
    }

    /// The referral that these are, whole: the one under the cursor, where it is the only one of them and has been read. What a
    /// form is filled in from is never another than the one that it is sent to.
    pub fn sheet_of(&self, targets: &[QueueRow]) -> Option<&Sheet> {
        let [row] = targets else { return None };
        self.sheet_here().filter(|_| self.board.cursor == Some(row.id))
    }

    /// What an action is about: the marked referrals, else the one under the cursor, each as it was last seen.
    pub fn targets(&self) -> Vec<QueueRow> {
        if !self.board.marks.is_empty() {
            return self.board.marks.values().cloned().collect();
        }
        let row = self.board.current().map(|row| row.queue.clone());
        let seen = self.sheet_here().and_then(|sheet| sheet.snapshot.referral());
        row.map(|mut row| {
            if let Some(referral) = seen.filter(|referral| referral.version > row.version) {
                row.version = referral.version;
                row.status = referral.status;
                row.list = referral.list;
            }
            row
        })
        .into_iter()
        .collect()
    }

    /// Whether everything that the screen shows has been read: the rows, and the referral beside them.
    pub fn is_whole(&self) -> bool {
        !self.board.loading && (self.followed.is_none() || self.sheet_here().is_some())
    }

    /// Whether the window is too small for anything but saying so.
    pub fn too_small(&self) -> bool {
        self.size.0 < 60 || self.size.1 < 15
    }
}
