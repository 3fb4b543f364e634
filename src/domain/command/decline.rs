//! Why the clinic declines, and what would make the referral acceptable.
//!
//! Owns the closed list of reasons with their wording. Must not know how a message is made of it.

use serde::{Deserialize, Serialize};

/// Why the clinic declines. Each has what would make it acceptable in the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclineReason {
    /// The service is not offered here.
    NotOffered,
    /// The listed reason does not meet the specialty's criteria.
    Criteria,
    /// The payer is not accepted, or not for this.
    Insurance,
    /// No capacity within a time that would serve the patient.
    Capacity,
    /// What was asked for did not come.
    InfoNotReceived,
    /// The patient is outside the ages or the area served.
    OutOfScope,
    /// The same referral is open already.
    Duplicate,
    /// The patient could not be reached: refused until the clinic's rule on effort is met.
    Unreachable,
}

impl DeclineReason {
    /// Every reason, in the order of the picker.
    pub const ALL: [DeclineReason; 8] = [
        DeclineReason::Criteria,
        DeclineReason::NotOffered,
        DeclineReason::Insurance,
        DeclineReason::Capacity,
        DeclineReason::InfoNotReceived,
        DeclineReason::OutOfScope,
        DeclineReason::Duplicate,
        DeclineReason::Unreachable,
    ];

    /// The name in commands.
    pub const fn code(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => "not-offered",
            DeclineReason::Criteria => "criteria",
            DeclineReason::Insurance => "insurance",
            DeclineReason::Capacity => "capacity",
            DeclineReason::InfoNotReceived => "info-not-received",
            DeclineReason::OutOfScope => "out-of-scope",
            DeclineReason::Duplicate => "duplicate",
            DeclineReason::Unreachable => "unreachable",
        }
    }

    /// As the desk and the referrer read it.
    pub const fn label(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => "this clinic does not offer the service",
            DeclineReason::Criteria => "the reason given does not meet the referral criteria",
            DeclineReason::Insurance => "the patient's plan is not accepted here",
            DeclineReason::Capacity => "no appointment within a time that would serve the patient",
            DeclineReason::InfoNotReceived => "the information asked for did not arrive",
            DeclineReason::OutOfScope => "the patient is outside the ages or the area served",
            DeclineReason::Duplicate => "the same referral is open already",
            DeclineReason::Unreachable => crate::domain::effort::UNREACHABLE,
        }
    }

    /// What would make it acceptable, as the decline's message says where nobody writes something better.
    pub const fn remedy(self) -> &'static str {
        match self {
            DeclineReason::NotOffered => {
                "Please send the referral to a clinic that offers the service; ask us for names."
            }
            DeclineReason::Criteria => {
                "Please send it again with the findings or results that show the need, or call our clinician."
            }
            DeclineReason::Insurance => {
                "Please send it again with a plan that we accept, or with the payer's out-of-network authorisation."
            }
            DeclineReason::Capacity => {
                "Please send it again from next month on, or mark it urgent with the reason."
            }
            DeclineReason::InfoNotReceived => {
                "Please send the information that we asked for, with the code of our request: we take it up again at once."
            }
            DeclineReason::OutOfScope => {
                "Please send the referral to a clinic that serves the patient; ask us for names."
            }
            DeclineReason::Duplicate => "Nothing is needed: the earlier referral goes on.",
            DeclineReason::Unreachable => {
                "Please check the telephone number and the address with the patient and send it again, or ask the patient to call us."
            }
        }
    }
}
