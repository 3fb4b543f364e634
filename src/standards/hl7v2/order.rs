//! Orders that are referrals: OMG^O19 as 360X uses it (IHE PCC 360X, "Referral Request").
//!
//! Owns ORC, TQ1 and OBR (HL7 v2.5.1 §4.5) as far as they ask for a patient to be seen: which orders do, what the sender wants done
//! with one that it placed (order control, table 0119), and who placed it. Must not decide what the desk does with it.

use super::types::{Coded, Reach, coded, person, reach, urgency};
use super::{Message, Part};
use crate::domain::person::is_npi;
use crate::domain::text;
use crate::standards::{Sense, Stated, What};

/// LOINC's referral note, by which 360X names the service (OBR-4).
const REFERRAL_NOTE: &str = "57133-1";
/// The words of a service that is a visit, where it has no such code.
const VISITS: [&str; 4] = ["referral", "refer to", "consult", "evaluate and treat"];

/// Order control (table 0119): what the one who placed an order wants.
const CONTROLS: [(&str, Sense); 14] = [
    ("NW", Sense::Referral),
    ("CA", Sense::ReferralCancel),
    ("DC", Sense::ReferralCancel),
    ("OC", Sense::ReferralCancel),
    ("OD", Sense::ReferralCancel),
    ("XO", Sense::ReferralChange),
    ("XX", Sense::ReferralChange),
    ("RP", Sense::ReferralChange),
    ("RO", Sense::ReferralChange),
    ("HD", Sense::ReferralChange),
    ("RL", Sense::ReferralChange),
    ("SC", Sense::ReferralStatus),
    ("SR", Sense::ReferralStatus),
    ("SS", Sense::ReferralStatus),
];

/// What an OMG^O19 is for. An order for something other than being seen stays an order.
pub fn sense(message: &Message<'_>) -> Sense {
    if !asks_for_a_visit(message) {
        return Sense::Order;
    }
    let control = message.first("ORC").field(1).text().to_ascii_uppercase();
    CONTROLS
        .iter()
        .find(|(code, _)| *code == control)
        .map_or(Sense::Order, |(_, sense)| *sense)
}

/// The service is LOINC's referral note, or is called a visit; the sender says that it speaks 360X (MSH-21).
fn asks_for_a_visit(message: &Message<'_>) -> bool {
    let speaks = message.first("MSH").field(21);
    let is_360x = speaks.repetitions().any(|profile| {
        let mut parts = profile.components();
        parts.any(|part| part.text().eq_ignore_ascii_case("360X"))
    });
    is_360x
        || message.all("OBR").any(|obr| {
            let service = obr.field(4);
            let called = text::fold(&[2, 5].map(|part| service.component(part).text()).join(" "));
            let is = |part: usize| service.component(part).text() == REFERRAL_NOTE;
            is(1) || is(4) || VISITS.iter().any(|words| called.contains(words))
        })
}

/// Notes what the order's own segments say.
pub fn note_order(message: &Message<'_>, stated: &mut Stated) {
    let (orc, obr) = (message.first("ORC"), message.first("OBR"));
    // The placer's number; the filler's, where the sender gives ours back.
    for (field, at) in [
        (orc.field(2), "ORC-2"),
        (obr.field(2), "OBR-2"),
        (orc.field(3), "ORC-3"),
        (obr.field(3), "OBR-3"),
    ] {
        stated.note(What::ReferralId, &field.text(), at);
    }
    for (field, at) in [(orc.field(12), "ORC-12"), (obr.field(16), "OBR-16")] {
        if stated.first(What::ProviderName).is_none() {
            note_orderer(field, at, stated);
        }
    }
    for (field, at) in [
        (orc.field(14), "ORC-14"),
        (obr.field(17), "OBR-17"),
        (orc.field(23), "ORC-23"),
    ] {
        for found in field.repetitions().filter_map(reach) {
            match found {
                Reach::Phone(phone) => stated.note(What::ProviderPhone, &phone, at),
                Reach::Fax(fax) => stated.note(What::ProviderFax, &fax, at),
                Reach::Email(email) => stated.note(What::ProviderEmail, &email, at),
            }
        }
    }
    // XON names it first (§2A.86); the entering organisation is coded, its name second.
    for (name, at) in [
        (orc.field(21).component(1), "ORC-21"),
        (orc.field(17).component(2), "ORC-17"),
    ] {
        if stated.first(What::Organization).is_none() {
            stated.note(What::Organization, &name.text(), at);
        }
    }
    note_urgency(message, stated);
    let service = coded(obr.field(4));
    // "Referral note" says of every one of them what it is, and of none to whom.
    if service.code != REFERRAL_NOTE || text::fold(&service.text) != "referral note" {
        stated.note(What::Service, &service.text, "OBR-4");
    }
    let procedure = coded(obr.field(44));
    if matches!(procedure.system.as_str(), "C4" | "CPT" | "CPT4") {
        stated.note(What::Procedure, &procedure.code, "OBR-44");
    }
    for reason in obr.field(31).repetitions() {
        let reason = coded(reason);
        stated.note(What::Reason, &reason.text, "OBR-31");
        if reason.system.starts_with("I10") {
            stated.note(What::Icd10, &reason.code.to_ascii_uppercase(), "OBR-31");
        }
    }
    stated.note(What::Narrative, &obr.field(13).whole(), "OBR-13");
    let why = coded(orc.field(16));
    let why = if why.text.is_empty() { why.code } else { why.text };
    stated.note(What::Narrative, &why, "ORC-16");
    several(message, stated);
}

/// TQ1-9 (CWE, table 0485); where older versions have it, the quantity's sixth component (TQ.6) in ORC-7 and OBR-27, and OBR-5.
fn note_urgency(message: &Message<'_>, stated: &mut Stated) {
    let (orc, obr) = (message.first("ORC"), message.first("OBR"));
    let places = [
        (coded(message.first("TQ1").field(9)), "TQ1-9"),
        (sixth(orc.field(7)), "ORC-7"),
        (sixth(obr.field(27)), "OBR-27"),
        (coded(obr.field(5)), "OBR-5"),
    ];
    if let Some((listed, at)) = places.iter().find_map(|(coded, at)| Some((urgency(coded)?, *at))) {
        stated.note(What::Urgency, listed, at);
    }
}

/// The priority of a quantity (TQ §2A.81) as a coded element.
fn sixth(quantity: Part<'_>) -> Coded {
    coded(quantity.component(6))
}

/// Who placed it (XCN §2A.87): the number before the name.
fn note_orderer(field: Part<'_>, at: &str, stated: &mut Stated) {
    if let Some(name) = person(field) {
        stated.note_person(What::ProviderName, name, at);
    }
    for id in field.repetitions() {
        let number = id.text();
        let what = if is_npi(&number) {
            What::Npi
        } else {
            What::ProviderId
        };
        if number.chars().any(|c| c.is_ascii_digit()) {
            stated.note(what, &number, at);
        }
    }
}

/// OMG^O19 repeats ORDER (§4.4.4): only the first is read, and 360X has one.
fn several(message: &Message<'_>, stated: &mut Stated) {
    let mut numbers: Vec<_> = message.all("ORC").map(|orc| orc.field(2).whole()).collect();
    let count = numbers.len();
    numbers.dedup();
    if numbers.len() > 1 {
        stated.leave(&format!(
            "holds {count} orders in one message: take each in by itself"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::referral::read;
    use super::*;

    fn one(rest: &str) -> Stated {
        let head =
            "MSH|^~\\&||^1.2.3^ISO||^1.2.4^ISO|20260930153834+0000||OMG^O19^OMG_O19|17|P|2.5.1|||NE|NE\r";
        let text = format!("{head}PID|1||T71^^^&1.2.5&ISO^MR||Packton^Peter||19580817|M\r{rest}");
        read(&text).remove(0)
    }

    #[test]
    fn what_the_sender_wants_with_its_order_is_its_control() {
        for service in [
            "57133-1^^LN",
            "CARD^Cardiology Referral^L",
            "X^Consultation, cardiology^L",
        ] {
            let stated = one(&format!("ORC|NW|8\rOBR|1|8||{service}"));
            assert_eq!(stated.sense, Sense::Referral, "{service}");
        }
        let orders = [
            "ORC|NW|8\rOBR|1|8||718-7^Hemoglobin^LN",
            "ORC|NW|8\rOBR|1|8||XR1^Chest X-ray^L",
            "ORC|ZZ|8\rOBR|1|8||57133-1^^LN",
            "ORC|NW|8",
        ];
        for rest in orders {
            assert_eq!(one(rest).sense, Sense::Order, "{rest}");
        }
        let controls = [
            ("CA", Sense::ReferralCancel),
            ("dc", Sense::ReferralCancel),
            ("XO", Sense::ReferralChange),
            ("SR", Sense::ReferralStatus),
        ];
        for (control, expected) in controls {
            let stated = one(&format!("ORC|{control}|8\rOBR|1|8||57133-1^Referral note^LN"));
            assert_eq!(stated.sense, expected, "{control}");
        }
    }

    #[test]
    fn it_states_who_placed_it_how_soon_and_why() {
        let stated = one(
            "ORC|NW|889^^1.2.15^ISO||G-1|||^^^^^R|||||34225PC^Allen^Anthony^M^III^^MD||^WPN^PH^^^412^5550101|||||||Hill Practice\r\
             TQ1||||||||20261018235959+0000|S^Stat^HL70485\r\
             OBR|1|889^^1.2.15^ISO||57133-1^Referral note^LN|||||||||Two weeks of it|||1234567893^Allen^Anthony\
             |||||||||||||||R51.9^Rule out headache^I10C\rDG1|1||R51.9^Headache^I10\rIN1|1|PPO|A1|Aetna||||G-9",
        );
        let table = [
            (What::PatientName, "Packton, Peter"),
            (What::Mrn, "T71"),
            (What::ReferralId, "889"),
            (What::ProviderName, "Anthony Allen III MD"),
            (What::ProviderId, "34225PC"),
            (What::ProviderPhone, "412 5550101"),
            (What::Organization, "Hill Practice"),
            (What::Urgency, "stat"),
            (What::Reason, "Rule out headache"),
            (What::Icd10, "R51.9"),
            (What::Narrative, "Two weeks of it"),
            (What::Payer, "Aetna"),
        ];
        for (what, expected) in table {
            assert_eq!(stated.first(what), Some(expected), "{what:?}");
        }
        assert_eq!(stated.first(What::Service), None, "each is a referral note");
        assert_eq!(stated.all(What::ReferralId).count(), 1);
        assert_eq!(stated.for_person, None);
    }

    #[test]
    fn several_orders_are_a_persons() {
        let stated = one("ORC|NW|8\rOBR|1|8||57133-1^^LN\rORC|NW|9\rOBR|2|9||57133-1^^LN");
        assert!(
            stated.for_person.unwrap().starts_with("holds 2 orders"),
            "and said"
        );
        let again = one("ORC|NW|8\rOBR|1|8||57133-1^^LN\rORC|NW|8\rOBR|2|8||57133-1^^LN");
        assert_eq!(again.for_person, None, "one order with two lines");
    }
}
