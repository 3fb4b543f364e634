//! What a message is for, by its event (HL7 v2.5.1 table 0003).
//!
//! Owns the table. Must not look at anything but the event and, for a schedule, what became of the appointment.

use crate::standards::{Happening, Sense};

/// The sense of a message code and trigger event.
pub fn sense(code: &str, event: &str) -> Sense {
    match (code, event) {
        ("REF", "I13") => Sense::ReferralChange,
        ("REF", "I14") => Sense::ReferralCancel,
        ("REF", "I15") | ("RRI", _) => Sense::ReferralStatus,
        ("REF", _) => Sense::Referral,
        ("SIU", event) => Sense::Appointment(happening(event)),
        ("ADT", _) => Sense::Demographics,
        // The others say something of a document and do not bring it (§9.5).
        ("MDM", "T02" | "T04" | "T06" | "T08" | "T10") => Sense::Report,
        ("MDM", _) => Sense::Communication,
        ("ORU", _) => Sense::Result,
        ("ORM" | "OMG" | "OSU" | "OML" | "ORR" | "ORG", _) => Sense::Order,
        ("ACK" | "MCF", _) => Sense::Acknowledgement,
        _ => Sense::Other,
    }
}

fn happening(event: &str) -> Happening {
    match event {
        "S12" => Happening::Booked,
        "S13" => Happening::Rescheduled,
        "S15" | "S16" | "S17" => Happening::Cancelled,
        "S26" => Happening::NoShow,
        _ => Happening::Modified,
    }
}
