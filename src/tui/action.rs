//! Every action of the screen, in one table.
//!
//! Owns ids, titles, default keys, groups and what each action needs. Dispatch, footer hints, help and palette all read this
//! table and nothing else. Must not know how an action is done.

use crate::domain::status::Status;

/// A group of actions in help and palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Deciding on a referral.
    Decide,
    /// Appointments and visits.
    Book,
    /// Ending, and taking up again.
    End,
    /// Correcting records, tasks, messages.
    Records,
    /// Documents that need a person.
    Intake,
    /// Finding and filtering.
    Find,
    /// Moving about.
    Move,
    /// The program.
    Program,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: [Group; 8] = [
        Group::Decide,
        Group::Book,
        Group::End,
        Group::Records,
        Group::Intake,
        Group::Find,
        Group::Move,
        Group::Program,
    ];

    /// Heading.
    pub const fn label(self) -> &'static str {
        match self {
            Group::Decide => "Decide and chase",
            Group::Book => "Appointment and visit",
            Group::End => "End and take up again",
            Group::Records => "Records, tasks, messages",
            Group::Intake => "Intake documents",
            Group::Find => "Find",
            Group::Move => "Move",
            Group::Program => "Program",
        }
    }
}

/// Where a key means this action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// On the lists of referrals.
    Lists,
    /// On the list of intake documents.
    Intake,
}

/// What must be there for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// A referral.
    Referral,
    /// A referral that is open.
    Open,
    /// A referral that the table lets become this.
    Become(Status),
    /// Something is missing, and the provider may be asked.
    Missing,
    /// It can be cancelled, or its appointment can.
    Cancellable,
    /// It has ended, or somebody asked to cancel it.
    Returnable,
    /// An appointment is booked.
    Booked,
    /// A document of the intake list.
    Document,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// Its id in the configuration.
    pub id: &'static str,
    /// What it does.
    pub title: &'static str,
    /// The same in a word or two, for the footer; empty where it never stands there.
    pub hint: &'static str,
    /// Default keys; a sequence has its keys separated by spaces.
    pub keys: &'static [&'static str],
    /// Group.
    pub group: Group,
    /// Where.
    pub scope: Scope,
    /// What it needs.
    pub need: Need,
    /// It leaves the clinic or cannot be undone once it has: several at once are confirmed.
    pub confirm: bool,
    /// It is done with the referral: the cursor moves on.
    pub moves_on: bool,
}

const fn row(action: Action, id: &'static str, title: &'static str, keys: &'static [&'static str]) -> Entry {
    Entry {
        action,
        id,
        title,
        hint: "",
        keys,
        group: Group::Program,
        scope: Scope::Everywhere,
        need: Need::Nothing,
        confirm: false,
        moves_on: false,
    }
}

impl Entry {
    const fn of(mut self, group: Group, need: Need) -> Entry {
        self.group = group;
        self.need = need;
        self.scope = match need {
            Need::Nothing => Scope::Everywhere,
            Need::Document => Scope::Intake,
            Need::Referral
            | Need::Open
            | Need::Become(_)
            | Need::Missing
            | Need::Cancellable
            | Need::Returnable
            | Need::Booked => Scope::Lists,
        };
        self
    }

    const fn lists(mut self) -> Entry {
        self.scope = Scope::Lists;
        self
    }

    const fn hint(mut self, hint: &'static str) -> Entry {
        self.hint = hint;
        self
    }

    const fn confirm(mut self) -> Entry {
        self.confirm = true;
        self
    }

    const fn moves_on(mut self) -> Entry {
        self.moves_on = true;
        self
    }

    /// What it does, as a notice or a question says it.
    pub fn verb(&self) -> String {
        self.id.replace('-', " ")
    }

    /// The first of its keys, as shown.
    pub fn shown_key(&self) -> &'static str {
        self.keys.first().copied().unwrap_or_default()
    }
}

/// The entry of an action.
pub fn entry(action: Action) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.action == action)
}

/// An action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Accept,
    Decline,
    RequestInfo,
    Call,
    Review,
    Provide,
    Waive,
    Priority,
    Assign,
    Note,
    Schedule,
    Confirm,
    NoShow,
    Complete,
    Waitlist,
    Cancel,
    Close,
    Reopen,
    EnterInError,
    EditPatient,
    EditReferral,
    EditCoverage,
    Eligibility,
    Authorization,
    AddTask,
    EndTask,
    Message,
    Troubled,
    MakeReferral,
    Attach,
    Dismiss,
    Find,
    Filter,
    Views,
    New,
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    Back,
    NextReferral,
    PreviousReferral,
    ScrollDown,
    ScrollUp,
    NextField,
    PreviousField,
    Mark,
    MarkAll,
    NextList,
    PreviousList,
    GoFence,
    GoEmergency,
    GoReview,
    GoMissing,
    GoInsurance,
    GoToSchedule,
    GoScheduled,
    GoReports,
    GoOpen,
    GoIntake,
    GoClosed,
    Changes,
    Undo,
    Redo,
    Palette,
    Help,
    Notices,
    Redraw,
    Quit,
}

use Action as A;
use Group as G;
use Need as N;

/// The table.
pub const TABLE: &[Entry] = &[
    row(A::Accept, "accept", "accept", &["a"])
        .of(G::Decide, N::Become(Status::Accepted))
        .hint("accept")
        .confirm()
        .moves_on(),
    row(
        A::Decline,
        "decline",
        "decline, with what would make it acceptable",
        &["d"],
    )
    .of(G::Decide, N::Become(Status::Declined))
    .hint("decline")
    .confirm()
    .moves_on(),
    row(
        A::RequestInfo,
        "request-info",
        "request what is missing from the provider",
        &["r"],
    )
    .of(G::Decide, N::Missing)
    .hint("request info")
    .confirm()
    .moves_on(),
    row(A::Call, "call", "record a call and its outcome", &["c"])
        .of(G::Decide, N::Open)
        .hint("call"),
    row(A::Review, "review", "ask a clinician", &["i"])
        .of(G::Decide, N::Become(Status::InReview))
        .moves_on(),
    row(A::Provide, "provide", "tick off what came", &["R"]).of(G::Decide, N::Open),
    row(A::Waive, "waive", "waive what is not needed", &["W"]).of(G::Decide, N::Open),
    row(A::Priority, "priority", "change the priority", &["p"]).of(G::Decide, N::Open),
    row(A::Assign, "assign", "assign to a person or a queue", &["A"]).of(G::Decide, N::Open),
    row(A::Note, "note", "write a note", &["n"])
        .of(G::Decide, N::Referral)
        .hint("note"),
    row(
        A::Schedule,
        "schedule",
        "book an appointment, or another time",
        &["s"],
    )
    .of(G::Book, N::Become(Status::Scheduled))
    .hint("schedule")
    .confirm()
    .moves_on(),
    row(
        A::Confirm,
        "confirm",
        "the patient confirmed the appointment",
        &["y"],
    )
    .of(G::Book, N::Booked),
    row(A::NoShow, "no-show", "the patient did not come", &["x"])
        .of(G::Book, N::Become(Status::NoShow))
        .confirm()
        .moves_on(),
    row(A::Complete, "complete", "the visit took place", &["v"])
        .of(G::Book, N::Become(Status::Completed))
        .confirm()
        .moves_on(),
    row(
        A::Waitlist,
        "waitlist",
        "no slot: put on the waiting list",
        &["w"],
    )
    .of(G::Book, N::Become(Status::Waitlisted))
    .confirm()
    .moves_on(),
    row(
        A::Cancel,
        "cancel",
        "cancel the appointment or the referral",
        &["X"],
    )
    .of(G::End, N::Cancellable)
    .confirm()
    .moves_on(),
    row(A::Close, "close", "close: the report was delivered", &["z"])
        .of(G::End, N::Become(Status::Closed))
        .confirm()
        .moves_on(),
    row(
        A::Reopen,
        "reopen",
        "reopen, or withdraw a request to cancel",
        &["o"],
    )
    .of(G::End, N::Returnable),
    row(
        A::EnterInError,
        "entered-in-error",
        "mark as entered in error",
        &["E"],
    )
    .of(G::End, N::Become(Status::EnteredInError))
    .confirm()
    .moves_on(),
    row(
        A::EditPatient,
        "edit-patient",
        "correct the patient's details",
        &["e p"],
    )
    .of(G::Records, N::Referral),
    row(
        A::EditReferral,
        "edit-referral",
        "correct what the referral says",
        &["e r"],
    )
    .of(G::Records, N::Referral),
    row(
        A::EditCoverage,
        "edit-coverage",
        "add or correct a coverage",
        &["e c"],
    )
    .of(G::Records, N::Open),
    row(
        A::Eligibility,
        "eligibility",
        "record the result of an eligibility check",
        &["e l"],
    )
    .of(G::Records, N::Open),
    row(
        A::Authorization,
        "authorization",
        "record the payer's authorisation",
        &["e a"],
    )
    .of(G::Records, N::Open),
    row(A::AddTask, "add-task", "add a task", &["T"]).of(G::Records, N::Open),
    row(A::EndTask, "end-task", "a task is done, or not needed", &["t"]).of(G::Records, N::Referral),
    row(
        A::Message,
        "message",
        "decide on a message: send again, keep back, drop",
        &["m"],
    )
    .of(G::Records, N::Referral),
    row(
        A::Troubled,
        "messages",
        "messages that failed or may not have left",
        &["M"],
    )
    .of(G::Records, N::Nothing),
    row(
        A::MakeReferral,
        "make-referral",
        "make a referral of the document",
        &["a"],
    )
    .of(G::Intake, N::Document)
    .hint("make referral"),
    row(A::Attach, "attach", "put the document with a referral", &["A"])
        .of(G::Intake, N::Document)
        .hint("attach"),
    row(
        A::Dismiss,
        "dismiss",
        "set the document aside, with a reason",
        &["d"],
    )
    .of(G::Intake, N::Document)
    .hint("dismiss"),
    row(
        A::Find,
        "find",
        "find a patient, a provider or a referral",
        &["/"],
    )
    .of(G::Find, N::Nothing)
    .hint("find"),
    row(A::Filter, "filter", "filter the list by a query", &["f"])
        .of(G::Find, N::Nothing)
        .lists(),
    row(A::Views, "views", "saved views", &["V"]).of(G::Find, N::Nothing),
    row(A::New, "new", "new referral by hand", &["N"]).of(G::Find, N::Nothing),
    row(A::Up, "up", "up", &["k", "up"]).of(G::Move, N::Nothing),
    row(A::Down, "down", "down", &["j", "down"]).of(G::Move, N::Nothing),
    row(A::PageUp, "page-up", "a page up", &["pageup", "ctrl-b"]).of(G::Move, N::Nothing),
    row(A::PageDown, "page-down", "a page down", &["pagedown", "ctrl-f"]).of(G::Move, N::Nothing),
    row(A::Top, "top", "to the top", &["home"]).of(G::Move, N::Nothing),
    row(A::Bottom, "bottom", "to the bottom", &["G", "end"]).of(G::Move, N::Nothing),
    row(
        A::Open,
        "open",
        "open the detail; in it tab walks the sections",
        &["enter", "l", "right"],
    )
    .of(G::Move, N::Nothing)
    .hint("open"),
    row(
        A::Back,
        "back",
        "back to the list; there it clears marks and filter",
        &["esc", "h", "left"],
    )
    .of(G::Move, N::Nothing),
    row(
        A::NextReferral,
        "next-referral",
        "next referral, also from its detail",
        &["J"],
    )
    .of(G::Move, N::Nothing),
    row(
        A::PreviousReferral,
        "previous-referral",
        "previous referral, also from its detail",
        &["K"],
    )
    .of(G::Move, N::Nothing),
    row(
        A::ScrollDown,
        "scroll-down",
        "scroll the detail down",
        &["ctrl-d"],
    )
    .of(G::Move, N::Nothing),
    row(A::ScrollUp, "scroll-up", "scroll the detail up", &["ctrl-u"]).of(G::Move, N::Nothing),
    row(A::NextField, "next-field", "next field of the document", &["}"]).of(G::Move, N::Nothing),
    row(
        A::PreviousField,
        "previous-field",
        "previous field of the document",
        &["{"],
    )
    .of(G::Move, N::Nothing),
    row(
        A::Mark,
        "mark",
        "mark; actions take all that are marked",
        &["space"],
    )
    .of(G::Move, N::Referral)
    .hint("mark"),
    row(
        A::MarkAll,
        "mark-all",
        "mark all rows read so far, or none",
        &["*"],
    )
    .of(G::Move, N::Referral),
    row(A::NextList, "next-list", "next list", &["tab", "]"]).of(G::Move, N::Nothing),
    row(
        A::PreviousList,
        "previous-list",
        "previous list",
        &["shift-tab", "["],
    )
    .of(G::Move, N::Nothing),
    row(
        A::GoFence,
        "go-fence",
        "to the emergency that nobody has called yet",
        &["!"],
    )
    .of(G::Move, N::Nothing),
    row(A::GoReview, "go-review", "list: Review", &["1"]).of(G::Move, N::Nothing),
    row(A::GoMissing, "go-missing", "list: Missing", &["2"]).of(G::Move, N::Nothing),
    row(A::GoInsurance, "go-insurance", "list: Insurance", &["3"]).of(G::Move, N::Nothing),
    row(A::GoToSchedule, "go-to-schedule", "list: To schedule", &["4"]).of(G::Move, N::Nothing),
    row(A::GoScheduled, "go-scheduled", "list: Scheduled", &["5"]).of(G::Move, N::Nothing),
    row(A::GoReports, "go-reports", "list: Reports", &["6"]).of(G::Move, N::Nothing),
    row(
        A::GoIntake,
        "go-intake",
        "Intake: documents that need a person",
        &["I", "7"],
    )
    .of(G::Move, N::Nothing),
    row(
        A::GoClosed,
        "go-closed",
        "Closed: declined, cancelled and closed referrals",
        &["C", "8"],
    )
    .of(G::Move, N::Nothing),
    row(A::GoOpen, "go-open", "all open referrals", &["9"]).of(G::Move, N::Nothing),
    row(A::GoEmergency, "go-emergency", "list: Emergency", &["0"]).of(G::Move, N::Nothing),
    row(
        A::Changes,
        "changes",
        "show what others changed; once more goes to the top",
        &["g"],
    )
    .of(G::Move, N::Nothing),
    row(A::Undo, "undo", "undo", &["u"]).hint("undo"),
    row(A::Redo, "redo", "redo", &["ctrl-r"]),
    row(
        A::Palette,
        "palette",
        "commands: every action by name",
        &[":", "ctrl-p"],
    )
    .hint("commands"),
    row(A::Help, "help", "help", &["?"]).hint("help"),
    row(A::Notices, "notices", "notices so far", &["ctrl-n"]),
    row(A::Redraw, "redraw", "draw the screen again", &["ctrl-l"]),
    row(A::Quit, "quit", "quit", &["q", "ctrl-c"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::chord::Chord;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_stands_once_and_every_key_means_one_thing() {
        let actions: BTreeSet<Action> = TABLE.iter().map(|entry| entry.action).collect();
        let ids: BTreeSet<&str> = TABLE.iter().map(|entry| entry.id).collect();
        assert_eq!((actions.len(), ids.len()), (TABLE.len(), TABLE.len()));
        for scope in [Scope::Lists, Scope::Intake] {
            let keys: Vec<&str> = TABLE
                .iter()
                .filter(|entry| entry.scope == scope || entry.scope == Scope::Everywhere)
                .flat_map(|entry| entry.keys.iter().copied())
                .collect();
            let unique: BTreeSet<&str> = keys.iter().copied().collect();
            assert_eq!(unique.len(), keys.len(), "{scope:?}");
            for key in &keys {
                // No key is also the start of a sequence: it would never be answered at once.
                assert!(
                    !keys.iter().any(|other| other.starts_with(&format!("{key} "))),
                    "{key}"
                );
                assert!(key.split(' ').all(|part| Chord::parse(part).is_some()), "{key}");
            }
        }
    }

    #[test]
    fn every_action_has_a_key_and_a_title() {
        for entry in TABLE {
            assert!(!entry.keys.is_empty() && !entry.title.is_empty(), "{}", entry.id);
        }
    }
}
