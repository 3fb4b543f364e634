//! What somebody filled in and sent, until it is known what became of it.
//!
//! Owns which commands came of what. Must not know what a refusal says.

use super::{Draft, Making, Typed};
use crate::tui::create::Create;
use crate::tui::proof::Proof;

/// What commands came of.
pub enum Origin {
    /// A form.
    Form(Draft),
    /// A referral that was made.
    Making(Box<Create>),
    /// The review of a document.
    Proof(Box<Proof>),
}

/// Something sent whose commands are on their way: a refusal brings it back.
pub struct Sent {
    /// The ids of its envelopes.
    pub ids: Vec<String>,
    /// What they came of.
    pub origin: Origin,
}

impl Typed {
    /// With what is on its way: it is not done before it is known to be.
    pub(super) fn with(&mut self, sent: &Sent) {
        match &sent.origin {
            Origin::Form(draft) => self.drafts.push(draft.clone()),
            Origin::Making(create) => self.making.push(Making::of(create)),
            Origin::Proof(proof) => self.proofs.push(proof.said()),
        }
    }

    /// With what another run of the program left.
    pub(super) fn take_over(&mut self, other: Typed) {
        let Typed {
            drafts,
            making,
            proofs,
        } = other;
        self.drafts.extend(drafts);
        self.making.extend(making);
        self.proofs.extend(proofs);
    }
}
