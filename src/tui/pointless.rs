//! Requests that a later one makes pointless.
//!
//! Must not know how a request is answered.

use super::msg::Effect;

/// Whether a later request makes an earlier one pointless, so that a held-down key never builds a queue.
pub fn supersedes(later: &Effect, earlier: &Effect) -> bool {
    matches!(
        (later, earlier),
        (Effect::Sheet(_), Effect::Sheet(_))
            | (Effect::Find { .. }, Effect::Find { .. })
            | (Effect::MayTakeBack { .. }, Effect::MayTakeBack { .. })
            | (Effect::Counts, Effect::Counts)
            | (Effect::Fence, Effect::Fence)
            | (Effect::Intake, Effect::Intake)
            | (Effect::Outbox(_), Effect::Outbox(_))
            | (Effect::Reading(_), Effect::Reading(_))
            | (Effect::Picture { .. }, Effect::Picture { .. })
    )
}
