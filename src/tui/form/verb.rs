//! Owns the word for what `enter` does in a form, by the action that the form is for. Knows nothing of what it then does.

use crate::tui::action::Action;

/// What `enter` does: "declines", "books". Nothing that leaves the clinic is said to be sent before it is: what a decision
/// sends is the outbox's to say.
pub fn of(action: Action) -> &'static str {
    match action {
        Action::AddTask => "adds it",
        Action::AsOf => "goes there",
        Action::Assign => "assigns",
        Action::Attach => "puts it there",
        Action::Call | Action::Eligibility | Action::Authorization => "records",
        Action::Cancel => "cancels",
        Action::Copy => "copies",
        Action::Decline => "declines",
        Action::Dismiss => "sets it aside",
        Action::Drafts => "takes it up again",
        Action::EndTask => "ends it",
        Action::EnterInError => "marks it",
        Action::Filter => "filters",
        Action::ForgetView => "takes it out",
        Action::New => "goes on",
        Action::Priority => "changes it",
        Action::Provide => "ticks off",
        Action::Reopen => "reopens",
        Action::RequestInfo | Action::Review => "asks",
        Action::Schedule => "books",
        Action::Unlock => "reads it again",
        Action::Views => "opens it",
        Action::Waitlist => "puts it there",
        Action::Waive => "waives",
        Action::Note
        | Action::Outbox
        | Action::SaveView
        | Action::EditPatient
        | Action::EditReferral
        | Action::EditCoverage => "saves",
        // The choice in the form says what: a message decided on, two records merged or told apart.
        _ => "does it",
    }
}
