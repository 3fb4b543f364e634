//! Messages of HL7 v2: a referral with what its RF1 says of where it stands.
//!
//! Owns tables 0283 and 0038 (referral and order status) and which of a message's numbers names the referral. A message about what is
//! here is told from one that waits for a person. Must not know segments beyond that: `standards::hl7v2` does.

use super::stated::{receive, time_of};
use super::{Brought, Read, Reading, Why};
use crate::domain::command::{Import, Standing};
use crate::domain::status::Status;
use crate::domain::text;
use crate::standards::hl7v2::{Message, messages, referral, types};
use crate::standards::{Sense, Stated, What};

/// Reads a message.
pub fn read(raw: &[u8], reading: &Reading) -> Read {
    // What is not UTF-8 is what Windows and ISO 8859-1 write, whatever MSH-18 says.
    let (raw_text, ..) = match std::str::from_utf8(raw) {
        Ok(text) => (std::borrow::Cow::Borrowed(text), encoding_rs::UTF_8, false),
        Err(_) => encoding_rs::WINDOWS_1252.decode(raw),
    };
    let found = messages(&raw_text);
    let mut all = Vec::new();
    for text in &found {
        let Some(message) = Message::parse(text) else {
            return Read::Wrong("its header cannot be read".into());
        };
        let stated = referral::state(&message);
        all.push(one(&message, &stated, raw, reading));
    }
    if all.is_empty() {
        return Read::Wrong("it holds no message".into());
    }
    Read::Referrals(all)
}

fn one(message: &Message<'_>, stated: &Stated, raw: &[u8], reading: &Reading) -> Result<Brought, Why> {
    let apart = || format!("not a referral: {}", stated.label);
    match stated.sense {
        Sense::Referral => {}
        // What becomes of these is decided where it is decided of every other message.
        Sense::Appointment(_) | Sense::Demographics | Sense::ReferralCancel => {
            return Err(Why::Event(apart()));
        }
        Sense::ReferralChange
        | Sense::ReferralStatus
        | Sense::Report
        | Sense::Result
        | Sense::Order
        | Sense::Coverage
        | Sense::EligibilityRequest
        | Sense::EligibilityResponse
        | Sense::AuthorizationRequest
        | Sense::AuthorizationResponse
        | Sense::Communication
        | Sense::Task
        | Sense::Attachment
        | Sense::Acknowledgement
        | Sense::Other => return Err(Why::Person(apart())),
    }
    if let Some(why) = &stated.for_person {
        return Err(Why::Person(why.clone()));
    }
    let header = message.first("MSH");
    let (rf1, orc) = (message.first("RF1"), message.first("ORC"));
    let zone = reading.policy.clinic.zone;
    let time = |field: usize, segment: &crate::standards::hl7v2::Segment<'_>| {
        types::instant(&segment.field(field).text()).and_then(|raw| super::fields::when(&raw, zone))
    };
    let received_at = time(7, &header)
        .or_else(|| time(7, &rf1))
        .or_else(|| time(9, &orc))
        .or_else(|| time_of(stated, What::AsOf, reading));
    let referral = receive(stated, received_at, reading)?;
    // HD §2A.33: a name, or the identifier behind it alone, as 360X has it.
    let name = |number: usize| {
        let field = header.field(number);
        let both = [field.component(1).text(), field.component(2).text()];
        both.into_iter().find(|part| !part.is_empty())
    };
    let sender: Vec<_> = [name(3), name(4)].into_iter().flatten().collect();
    let system = if sender.is_empty() {
        "HL7 v2".to_owned()
    } else {
        text::line(&sender.join("/"))
    };
    let control = header.field(10).text();
    let external = [rf1.field(6).text(), orc.field(2).text(), control]
        .into_iter()
        .find(|number| !number.is_empty())
        .unwrap_or_else(|| {
            let hash = crate::store::content::hash(raw.trim_ascii());
            format!("message {}", hash.get(..16).unwrap_or(&hash)).into()
        });
    // Table 0283 of a referral: accepted, pending, rejected, expired. Table 0038 of an order: in process, scheduled, cancelled.
    let states = [rf1.field(1).text(), orc.field(5).text()].map(|state| state.to_ascii_uppercase());
    let status = match states.each_ref().map(String::as_str) {
        ["A", _] | ["", "IP" | "SC"] => Some(Status::Accepted),
        ["R", _] => Some(Status::Declined),
        ["", "CA" | "DC"] => Some(Status::Cancelled),
        _ => None,
    };
    Ok(Brought::new(Import {
        system,
        external: text::line(&external),
        referral,
        standing: Standing {
            status,
            since: time(9, &rf1),
            ..Standing::default()
        },
        appointments: Vec::new(),
        notes: Vec::new(),
    }))
}
