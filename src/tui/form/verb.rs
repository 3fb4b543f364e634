//! Owns the word for what `enter` does in a form, by the action that the form is for. Knows nothing of what it then does.

use crate::tui::action::Action as A;

/// Nothing that leaves the clinic is said to be sent before it is: what a decision sends is the outbox's to say.
const VERBS: [(A, &str); 33] = [
    (A::AddTask, "adds it"),
    (A::AsOf, "goes there"),
    (A::Assign, "assigns"),
    (A::Attach, "puts it there"),
    (A::Authorization, "records"),
    (A::Call, "records"),
    (A::Cancel, "cancels"),
    (A::Copy, "copies"),
    (A::Decline, "declines"),
    (A::Dismiss, "sets it aside"),
    (A::Drafts, "takes it up again"),
    (A::EditCoverage, "saves"),
    (A::EditPatient, "saves"),
    (A::EditReferral, "saves"),
    (A::Eligibility, "records"),
    (A::EndTask, "ends it"),
    (A::EnterInError, "marks it"),
    (A::Filter, "filters"),
    (A::ForgetView, "takes it out"),
    (A::New, "goes on"),
    (A::Note, "saves"),
    (A::Outbox, "saves"),
    (A::Priority, "changes it"),
    (A::Provide, "ticks off"),
    (A::Reopen, "reopens"),
    (A::RequestInfo, "asks"),
    (A::Review, "asks"),
    (A::SaveView, "saves"),
    (A::Schedule, "books"),
    (A::Unlock, "reads it again"),
    (A::Views, "opens it"),
    (A::Waitlist, "puts it there"),
    (A::Waive, "waives"),
];

/// What `enter` does: "declines", "books". Where the form's own choice says what (a message decided on, two records merged or told
/// apart), it does that.
pub fn of(action: A) -> &'static str {
    let named = VERBS.iter().find(|(each, _)| *each == action);
    named.map_or("does it", |(_, verb)| verb)
}
