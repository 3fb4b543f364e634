//! Every action of the screen, in one table.
//!
//! Owns ids, titles, default keys, groups and what each action needs. Dispatch, footer hints, help and palette all read this
//! table and nothing else. Must not know how an action is done.

mod table;

pub use table::TABLE;

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
    /// A document that asks for a password.
    Locked,
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
    /// It always has a key: a person could not find their way without.
    pub keeps: bool,
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
        keeps: false,
    }
}

impl Entry {
    const fn of(mut self, group: Group, need: Need) -> Entry {
        self.group = group;
        self.need = need;
        self.scope = match need {
            Need::Nothing => Scope::Everywhere,
            Need::Document | Need::Locked => Scope::Intake,
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

    const fn keeps(mut self) -> Entry {
        self.keeps = true;
        self
    }

    /// What it does, as a notice or a question says it.
    pub fn verb(&self) -> String {
        self.id.replace('-', " ")
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
    AskToCall,
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
    CheckCoverage,
    Authorization,
    Same,
    AddTask,
    EndTask,
    Message,
    Troubled,
    Proof,
    ProofSource,
    Split,
    Outbox,
    MakeReferral,
    Attach,
    Dismiss,
    Unlock,
    Find,
    Filter,
    Views,
    SaveView,
    ForgetView,
    Compare,
    AsOf,
    Handover,
    Rules,
    Downtime,
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
    History,
    Palette,
    Help,
    Notices,
    Drafts,
    Copy,
    Redraw,
    Suspend,
    Quit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_stands_once_with_a_key_and_a_title() {
        let actions: BTreeSet<Action> = TABLE.iter().map(|entry| entry.action).collect();
        let ids: BTreeSet<&str> = TABLE.iter().map(|entry| entry.id).collect();
        assert_eq!((actions.len(), ids.len()), (TABLE.len(), TABLE.len()));
        for entry in TABLE {
            assert!(!entry.keys.is_empty() && !entry.title.is_empty(), "{}", entry.id);
        }
    }
}
