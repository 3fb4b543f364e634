//! What the screen is told, and what it asks for.
//!
//! Owns the two closed lists between `update` and the world. Must not know how either side works.

use super::chord::Chord;
use super::glass::Glass;
use super::watch::Renewal;
use crate::config::screen::Pictures;
use crate::config::views::Views;
use crate::domain::command::{Envelope, NewPatient, Ref};
use crate::domain::id::{DocumentId, PatientId, ReferralId};
use crate::domain::message::Message;
use crate::domain::policy::Actor;
use crate::domain::snapshot::LookAlike;
use crate::domain::time::Stamp;
use crate::engine::{Failure, Receipt, Undone};
use crate::intake::document::Shot;
use crate::intake::{Picture, ReadDocument};
use crate::report::handover::Handover;
use crate::store::board::{Anchor, Counts, Hit, IntakeRow, QueueRow, Sheet, Shelf, Target, Window};
use crate::store::deeds::{Deed, Of};
use crate::store::due::Part;
use std::sync::Arc;

/// What the mouse did, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// Pressed at a column and row.
    Press(u16, u16),
    /// Moved with the button held, to a column and row.
    Drag(u16, u16),
    /// The button was let go.
    Release,
    /// The wheel turned by lines, down positive, at a column and row.
    Wheel(i16, u16, u16),
}

/// A window that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Answers to older questions are thrown away.
    pub serial: u64,
    /// Which rows.
    pub shelf: Shelf,
    /// Query.
    pub query: String,
    /// From where.
    pub anchor: Anchor,
    /// How many.
    pub limit: usize,
    /// The moment at which they are scored: the same while a list is paged, so that nothing re-sorts.
    pub as_of: Stamp,
}

/// What a window is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// To be shown in place of what is shown.
    Show,
    /// More rows at the end.
    Below,
    /// More rows at the start.
    Above,
    /// Only to count what neighbours changed.
    Peek,
}

/// Why rows are read by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reread {
    /// They were acted on.
    Acted,
    /// Something was undone: show it where it is back.
    Returned,
}

/// What goes on behind the screen. No news names a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something is going on, or no more.
    Busy(Option<String>),
    /// Something that was asked for is done.
    Done(String),
    /// Something went wrong, or waits for a person.
    Trouble(String),
}

/// What the screen has done behind it, where it takes its time. Its password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Errand {
    /// The document to be read again.
    pub document: DocumentId,
    /// Its password.
    pub password: String,
}

/// What `update` is told.
pub enum Msg {
    /// A key.
    Key(Chord),
    /// Pasted text: never keys.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal's size.
    Resize(u16, u16),
    /// A deadline of the screen came: the minute turned, a notice grew old.
    Wake,
    /// The program was in the background, and is back.
    Resumed,
    /// A text came back from an editor; none where it was left as it was.
    Edited(Result<Option<String>, String>),
    /// The system asks the program to end.
    Terminate,
    /// Something changed that this screen did not do.
    Changed,
    /// Something in the background went wrong.
    Trouble(String),
    /// What goes on behind the screen.
    News(News),
    /// Counts, and why everything that leaves is held, if it is.
    Counts(Result<(Counts, Option<String>), String>),
    /// The emergency fence.
    Fence(Result<Window, String>),
    /// A window.
    Window {
        /// What was asked.
        ask: Ask,
        /// What for.
        fetch: Fetch,
        /// The rows.
        result: Result<Window, String>,
    },
    /// Rows by ids.
    Rows {
        /// Ids asked for.
        ids: Vec<ReferralId>,
        /// Why.
        why: Reread,
        /// The rows.
        result: Result<Vec<QueueRow>, String>,
    },
    /// One referral.
    Sheet {
        /// Which.
        id: ReferralId,
        /// Whole.
        result: Result<Option<Box<Sheet>>, String>,
    },
    /// Hits.
    Found {
        /// Of which question.
        serial: u64,
        /// The hits.
        result: Result<Vec<Hit>, String>,
    },
    /// The referrals of a person, as hits.
    ReferralsOf(Result<Vec<Hit>, String>),
    /// The intake list.
    Intake(Result<Vec<IntakeRow>, String>),
    /// Messages of the outbox.
    Outbox {
        /// Which part.
        part: Part,
        /// The messages.
        result: Result<Vec<Message>, String>,
    },
    /// What was read from a document.
    Reading {
        /// Which.
        document: DocumentId,
        /// The reading; none where there is none.
        result: Result<Option<Box<ReadDocument>>, String>,
    },
    /// A page of a document as a picture, where it has one.
    Picture {
        /// Of which.
        document: DocumentId,
        /// Which page, from 1.
        page: u32,
        /// The picture.
        picture: Option<Arc<Picture>>,
    },
    /// What the terminal can show.
    Glass(Glass),
    /// Look-alikes of the referral being made.
    LookAlikes {
        /// Of which question.
        serial: u64,
        /// They.
        result: Result<Vec<LookAlike>, String>,
    },
    /// The downtime pack was written: where.
    Packed(Result<String, String>),
    /// The shift handover.
    Handover(Result<Box<Handover>, String>),
    /// How far the way back to a past moment is.
    LookingBack {
        /// Changes taken back so far.
        done: u64,
        /// Changes to take back.
        total: u64,
    },
    /// A past moment is laid out; false where the way was given up.
    LookedBack {
        /// The moment.
        at: Stamp,
        /// How it went.
        result: Result<bool, String>,
    },
    /// The past moment is left.
    Returned(Result<(), String>),
    /// Commands were executed.
    Done {
        /// The id of each.
        ids: Vec<Option<String>>,
        /// The referral of each.
        referrals: Vec<Option<ReferralId>>,
        /// What was done, as the notice says it.
        what: String,
        /// How each went.
        results: Vec<Result<Receipt, Failure>>,
    },
    /// The configuration was saved while the screen is open.
    Renewed(Renewal),
    /// A view was saved or taken out: what is said, and those saved now.
    Views(Result<(String, Views), String>),
    /// What was done.
    History {
        /// Whose history.
        of: Of,
        /// The latest first.
        result: Result<Vec<Deed>, String>,
    },
    /// Whether a step can be taken back.
    Verdict {
        /// The step that was asked about.
        action: i64,
        /// Why not.
        result: Result<(), String>,
    },
    /// Undo or redo.
    Reversed {
        /// Whether it was a redo.
        again: bool,
        /// How it went.
        result: Result<Undone, Failure>,
    },
}

/// What `update` asks for.
#[derive(Clone, PartialEq, Eq)]
pub enum Effect {
    /// Counts.
    Counts,
    /// The emergency fence.
    Fence,
    /// A window.
    Window {
        /// Which.
        ask: Ask,
        /// What for.
        fetch: Fetch,
    },
    /// Rows by ids.
    Rows {
        /// Which.
        ids: Vec<ReferralId>,
        /// Why.
        why: Reread,
    },
    /// One referral.
    Sheet(ReferralId),
    /// A find.
    Find {
        /// Number of the question.
        serial: u64,
        /// What is typed.
        text: String,
    },
    /// The referrals of a person.
    ReferralsOf(Target),
    /// Referrals with messages that need a decision.
    Troubled,
    /// The intake list.
    Intake,
    /// A part of the outbox.
    Outbox(Part),
    /// What was read from a document.
    Reading(DocumentId),
    /// A page of a document as a picture.
    Picture {
        /// Of which.
        document: DocumentId,
        /// Which page, from 1.
        page: u32,
        /// The picture that it was read from.
        shot: Option<Shot>,
    },
    /// The terminal is to be asked what it can show.
    AskGlass(Pictures),
    /// Reads a locked document again.
    Unlock {
        /// Which.
        document: DocumentId,
        /// Its password.
        password: String,
    },
    /// Look-alikes.
    LookAlikes {
        /// Number of the question.
        serial: u64,
        /// Of this patient, who may be typed in anew.
        patient: Box<Ref<PatientId, NewPatient>>,
        /// From this template.
        template: String,
    },
    /// The downtime pack is to be written.
    Pack,
    /// The shift handover of a person, since a moment.
    Handover {
        /// Whose.
        actor: String,
        /// Since when.
        since: Stamp,
    },
    /// Everything as it stood at a past moment, until [`Effect::ReturnToNow`].
    LookBack(Stamp),
    /// Everything as it is; gives up the way back while it is gone.
    ReturnToNow,
    /// Commands.
    Execute {
        /// The commands.
        batch: Vec<Envelope>,
        /// What they do, as the notice says it: for several referrals, the verb alone.
        what: String,
    },
    /// Save a view, or take it out where there is no query.
    KeepView {
        /// Name.
        name: String,
        /// Query.
        query: Option<String>,
    },
    /// Undo the last action of this person.
    Undo(Actor),
    /// Redo.
    Redo(Actor),
    /// What was done.
    History(Of),
    /// Whether a step can be taken back: `asked` as it is shown, `action` as it would be undone.
    MayTakeBack {
        /// The step shown.
        asked: i64,
        /// What would be undone.
        action: i64,
        /// For whom.
        actor: Actor,
    },
    /// Take one step back.
    TakeBack {
        /// The step.
        action: i64,
        /// Who does.
        actor: Actor,
        /// It is the undo of a step, so that this does it again.
        again: bool,
    },
    /// Copy a text to the clipboard of the terminal.
    Copy(String),
    /// Let the person change a text in their own editor.
    Edit(String),
    /// Go to the background.
    Suspend,
    /// End.
    Quit,
}
