//! What a command is called, and which referral and document it is about.
//!
//! Owns these answers. Must not decide.

use super::{Command, NewDocument, Receive, Ref};
use crate::domain::id::{DocumentId, ReferralId};

impl Command {
    /// Its name, as scripts write it and the log keeps it.
    pub const fn name(&self) -> &'static str {
        match self {
            Command::Receive(_) => "receive",
            Command::Import(_) => "import",
            Command::TakeOver(_) => "take-over",
            Command::Accept { .. } => "accept",
            Command::SendToReview { .. } => "send-to-review",
            Command::Decline { .. } => "decline",
            Command::RequestInfo { .. } => "request-info",
            Command::ProvideItems { .. } => "provide-items",
            Command::WaiveItems { .. } => "waive-items",
            Command::RecordCall { .. } => "record-call",
            Command::Assign { .. } => "assign",
            Command::AddNote { .. } => "add-note",
            Command::SetPriority { .. } => "set-priority",
            Command::Waitlist { .. } => "waitlist",
            Command::Schedule { .. } => "schedule",
            Command::ConfirmAppointment { .. } => "confirm-appointment",
            Command::NoShow { .. } => "no-show",
            Command::CancelAppointment { .. } => "cancel-appointment",
            Command::Complete { .. } => "complete",
            Command::RecordActivity { .. } => "record-activity",
            Command::SendReport { .. } => "send-report",
            Command::MergeReferral { .. } => "merge-referral",
            Command::LinkReferral { .. } => "link-referral",
            Command::MergePatient { .. } => "merge-patient",
            Command::TellApart { .. } => "tell-apart",
            Command::Close { .. } => "close",
            Command::RequestCancel { .. } => "request-cancel",
            Command::KeepOpen { .. } => "keep-open",
            Command::Cancel { .. } => "cancel",
            Command::Reopen { .. } => "reopen",
            Command::EnterInError { .. } => "enter-in-error",
            Command::AmendReferral { .. } => "amend-referral",
            Command::AmendPatient { .. } => "amend-patient",
            Command::SetCoverage { .. } => "set-coverage",
            Command::SetEligibility { .. } => "set-eligibility",
            Command::CheckCoverage { .. } => "check-coverage",
            Command::NoteAsked { .. } => "note-asked",
            Command::RecordAnswer { .. } => "record-answer",
            Command::SetAuthorization { .. } => "set-authorization",
            Command::AddTask { .. } => "add-task",
            Command::EndTask { .. } => "end-task",
            Command::TakeDocument { .. } => "take-document",
            Command::FileDocument { .. } => "file-document",
            Command::DismissDocument { .. } => "dismiss-document",
            Command::AddFacility { .. } => "add-facility",
            Command::FireTimer { .. } => "fire-timer",
            Command::ClaimMessage { .. } => "claim-message",
            Command::MoveMessage { .. } => "move-message",
            Command::EditMessage { .. } => "edit-message",
            Command::AskToCall { .. } => "ask-to-call",
            Command::ReadDocument { .. } => "read-document",
            Command::Export { .. } => "export",
            Command::Undo { .. } => "undo",
        }
    }

    /// The client id that it has by itself, so that it is done once: of what is brought over.
    pub fn own_key(&self) -> Option<String> {
        if let Command::Import(import) = self {
            Some(import.key())
        } else if let Command::TakeOver(over) = self {
            Some(over.key())
        } else {
            None
        }
    }

    /// What it makes a referral of, where it makes one of what is told of it.
    pub const fn makes(&self) -> Option<&Receive> {
        if let Command::Receive(receive) = self {
            Some(receive)
        } else if let Command::Import(import) = self {
            Some(&import.referral)
        } else {
            None
        }
    }

    /// The same, to be completed before the decision.
    pub const fn makes_mut(&mut self) -> Option<&mut Receive> {
        if let Command::Receive(receive) = self {
            Some(receive)
        } else if let Command::Import(import) = self {
            Some(&mut import.referral)
        } else {
            None
        }
    }

    /// The document that it puts with a referral.
    pub const fn files(&self) -> Option<&Ref<DocumentId, NewDocument>> {
        if let Command::FileDocument { document, .. } = self {
            Some(document)
        } else if let Command::RecordActivity { document, .. } | Command::RecordAnswer { document, .. } = self
        {
            document.as_ref()
        } else {
            None
        }
    }

    /// The referral that it is about; none for one that makes a referral, and for documents that have none.
    pub fn referral(&self) -> Option<ReferralId> {
        use Command as C;
        match self {
            C::Receive(_)
            | C::Import(_)
            | C::TakeOver(_)
            | C::TakeDocument { .. }
            | C::ReadDocument { .. }
            | C::DismissDocument { .. }
            | C::AddFacility { .. }
            | C::Undo { .. } => None,
            C::Export { referral, .. } => *referral,
            C::Accept { referral }
            | C::SendToReview { referral, .. }
            | C::Decline { referral, .. }
            | C::RequestInfo { referral, .. }
            | C::ProvideItems { referral, .. }
            | C::WaiveItems { referral, .. }
            | C::RecordCall { referral, .. }
            | C::Assign { referral, .. }
            | C::AskToCall { referral }
            | C::AddNote { referral, .. }
            | C::SetPriority { referral, .. }
            | C::Waitlist { referral, .. }
            | C::Schedule { referral, .. }
            | C::ConfirmAppointment { referral }
            | C::NoShow { referral }
            | C::CancelAppointment { referral, .. }
            | C::Complete { referral }
            | C::RecordActivity { referral, .. }
            | C::SendReport { referral, .. }
            | C::MergeReferral { referral, .. }
            | C::LinkReferral { referral, .. }
            | C::MergePatient { referral, .. }
            | C::TellApart { referral, .. }
            | C::Close { referral, .. }
            | C::RequestCancel { referral, .. }
            | C::KeepOpen { referral }
            | C::Cancel { referral, .. }
            | C::Reopen { referral, .. }
            | C::EnterInError { referral, .. }
            | C::AmendReferral { referral, .. }
            | C::AmendPatient { referral, .. }
            | C::SetCoverage { referral, .. }
            | C::SetEligibility { referral, .. }
            | C::CheckCoverage { referral, .. }
            | C::NoteAsked { referral, .. }
            | C::RecordAnswer { referral, .. }
            | C::SetAuthorization { referral, .. }
            | C::AddTask { referral, .. }
            | C::EndTask { referral, .. }
            | C::FileDocument { referral, .. }
            | C::FireTimer { referral, .. }
            | C::ClaimMessage { referral, .. }
            | C::MoveMessage { referral, .. }
            | C::EditMessage { referral, .. } => Some(*referral),
        }
    }
}
