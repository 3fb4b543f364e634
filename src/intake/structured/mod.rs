//! Structured messages (HL7 v2, FHIR, X12, C-CDA) as read documents.
//!
//! Owns the choice of the format, the page on which a message is shown to a person, a line for each thing that it states, and
//! which of these are fields. Must not know any format's rules: `standards` does.

mod field;
mod several;
mod sheet;

use super::document::{Container, DocumentKind, Field, Found, How, Place, ReadDocument, Value};
use super::fields;
use crate::standards::{Item, Sense, Stated, What, ccda, fhir, hl7v2, ics, table, x12};
use field::field;
use sheet::Sheet;
use std::collections::BTreeMap;

/// What a sender's system states about itself is as sure as anything that arrives.
const STATED: f32 = 0.99;
/// A specialty that was concluded from the name of a service or from the text.
const CONCLUDED: f32 = 0.75;
/// What is shown to a person and not filled in.
const DOUBTFUL: f32 = 0.3;
/// An urgency that only the text mentions: enough to be looked at, too little to be taken for what the sender listed.
const MENTIONED: f32 = 0.5;

/// What a text states, by the format that its beginning announces; the reason where it cannot be read.
pub fn state(raw: &str) -> (Container, Result<Vec<Stated>, String>) {
    let lead = raw.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{0B}' || c == '\u{FEFF}');
    let one = |stated: Stated| vec![stated];
    if lead.starts_with("ISA") {
        return (
            Container::X12,
            x12::read(lead).map(one).map_err(|why| why.to_string()),
        );
    }
    if lead.starts_with('<') {
        return match ccda::read(lead) {
            Ok(Some(stated)) => (Container::Ccda, Ok(one(stated))),
            Ok(None) => (Container::Fhir, fhir::read_all(lead)),
            Err(why) => (Container::Text, Err(why)),
        };
    }
    if lead.starts_with(['{', '[']) {
        return (Container::Fhir, fhir::read_all(lead));
    }
    if ics::is_calendar(lead) {
        return (Container::Calendar, ics::read(lead));
    }
    if table::is_schedule(lead) {
        return (Container::Table, table::read(lead));
    }
    let messages = hl7v2::referral::read(lead);
    let none = messages.is_empty();
    (
        Container::Hl7v2,
        if none {
            Err("it holds no message".into())
        } else {
            Ok(messages)
        },
    )
}

/// A message as a read document; `bytes` are what the text was decoded from.
pub fn read(name: &str, raw: &str, bytes: &[u8]) -> ReadDocument {
    let (container, messages) = state(raw);
    let mut messages = match messages {
        Ok(messages) => messages,
        Err(why) => return malformed(name, container, &why),
    };
    // The same message twice in one file is one.
    messages.dedup();
    let Some(first) = messages
        .iter()
        .find(|stated| stated.sense == Sense::Referral)
        .or(messages.last())
    else {
        return malformed(name, container, "it holds no message");
    };
    let mut sheet = Sheet::default();
    let mut warnings = first.doubts.clone();
    let visits = messages
        .iter()
        .all(|stated| matches!(stated.sense, Sense::Appointment(_)));
    let mut for_person = messages.iter().find_map(|stated| stated.for_person.clone());
    let mut cut = messages.iter().find_map(|stated| stated.cut.clone());
    let (fields, more) = if visits {
        let mut all: Vec<_> = messages
            .iter()
            .take(MOST)
            .map(|stated| lay_out(stated, &mut sheet))
            .collect();
        // The last says how it stands now.
        let fields = all.pop().unwrap_or_default();
        (fields, all.into_iter().map(without_places).collect())
    } else {
        let fields = lay_out(first, &mut sheet);
        // The others are there to be read, and are nobody's fields.
        for other in messages.iter().filter(|other| !std::ptr::eq(*other, first)) {
            lay_out(other, &mut sheet);
        }
        (fields, Vec::new())
    };
    if messages.len() > 1 && !visits {
        for_person = Some(format!(
            "holds {} messages: take each in by itself, or all of them with `refdesk import`",
            messages.len()
        ));
    } else if messages.len() > MOST {
        cut = Some(format!(
            "holds {} appointments, of which the first {MOST} were read: bring in the rest in another file",
            messages.len()
        ));
    }
    let answers = container == Container::X12 && first.sense != Sense::Acknowledgement;
    let own = if for_person.is_some() || answers {
        several::own(container, raw, bytes)
    } else {
        Vec::new()
    };
    for why in [&for_person, &cut].into_iter().flatten() {
        if !warnings.contains(why) {
            warnings.push(why.clone());
        }
    }
    ReadDocument {
        name: name.to_owned(),
        container,
        kind: kind(first.sense),
        kind_confidence: STATED,
        pages: sheet.pages,
        fields,
        more,
        parts: Vec::new(),
        segments: Vec::new(),
        warnings,
        locked: false,
        for_person,
        cut,
        own,
    }
}

fn malformed(name: &str, container: Container, why: &str) -> ReadDocument {
    ReadDocument {
        container,
        kind: DocumentKind::Malformed,
        kind_confidence: STATED,
        ..super::unreadable(name, &format!("a structured message that cannot be read: {why}"))
    }
}

/// A message as lines of text, where it is a part of something else.
pub fn rendered(raw: &str) -> Option<String> {
    let messages = state(raw).1.ok()?;
    let lines = messages.iter().flat_map(|stated| &stated.items);
    let lines: Vec<String> = lines
        .map(|item| format!("{}: {}", item.what.label(), item.text))
        .collect();
    Some(lines.join("\n"))
}

const fn kind(sense: Sense) -> DocumentKind {
    match sense {
        Sense::Referral => DocumentKind::Referral,
        Sense::ReferralChange | Sense::ReferralStatus => DocumentKind::ReferralChange,
        Sense::ReferralCancel => DocumentKind::ReferralCancel,
        Sense::Appointment(_) => DocumentKind::AppointmentEvent,
        Sense::Report => DocumentKind::ConsultReport,
        Sense::Result => DocumentKind::LabResult,
        Sense::Order => DocumentKind::Order,
        Sense::Demographics | Sense::Coverage => DocumentKind::DemographicUpdate,
        Sense::EligibilityRequest => DocumentKind::EligibilityRequest,
        Sense::EligibilityResponse => DocumentKind::EligibilityResponse,
        Sense::AuthorizationRequest => DocumentKind::PriorAuthRequest,
        Sense::AuthorizationResponse => DocumentKind::PriorAuthResponse,
        Sense::Communication | Sense::Task | Sense::Attachment => DocumentKind::Communication,
        Sense::Acknowledgement => DocumentKind::Ack,
        Sense::Other => DocumentKind::Unknown,
    }
}

/// Of many appointments in one file, these are read.
pub(super) const MOST: usize = 4_000;

/// The fields of one appointment of many: where each stands is not asked for.
fn without_places(mut fields: BTreeMap<Field, Vec<Found>>) -> BTreeMap<Field, Vec<Found>> {
    for found in fields.values_mut().flatten() {
        found.place = None;
    }
    fields
}

/// Writes a message on the page; its fields with their places there.
fn lay_out(stated: &Stated, sheet: &mut Sheet) -> BTreeMap<Field, Vec<Found>> {
    let mut fields: BTreeMap<Field, Vec<Found>> = BTreeMap::new();
    sheet.write(&stated.label);
    if let Sense::Appointment(happened) = stated.sense {
        let place = sheet.write_labelled("Appointment is", happened.label());
        put(
            &mut fields,
            Field::ApptStatus,
            Value::Text(happened.label().into()),
            place,
            STATED,
        );
    }
    let mut payers = 0;
    for item in &stated.items {
        let place = sheet.write_labelled(item.what.label(), &item.text);
        if let Some((field, value)) = field(item) {
            let sure = if matches!(item.what, What::DoubtfulNpi | What::Icd9) {
                DOUBTFUL
            } else {
                STATED
            };
            // One payer is read into the fields, the first: whose plan a second one's is would be taken for the first one's.
            payers += u32::from(field == Field::Payer);
            let whose = matches!(
                field,
                Field::SubscriberName | Field::SubscriberDob | Field::SubscriberSex | Field::Relationship
            );
            if !whose || payers < 2 {
                put(&mut fields, field, value, place, sure);
            }
        }
        if let Some(specialty) = specialty(item).filter(|_| !fields.contains_key(&Field::SpecialtyRequested))
        {
            let sure = if item.what == What::Specialty {
                STATED
            } else {
                CONCLUDED
            };
            put(
                &mut fields,
                Field::SpecialtyRequested,
                Value::Text(specialty.into()),
                place,
                sure,
            );
        }
    }
    // Where no urgency is coded, what the text says of one is not lost.
    if stated.sense == Sense::Referral
        && !fields.contains_key(&Field::Urgency)
        && let Some(urgency) = stated.all(What::Narrative).find_map(fields::urgency_in)
    {
        put(
            &mut fields,
            Field::Urgency,
            Value::Text(urgency.into()),
            None,
            MENTIONED,
        );
    }
    // Where no reason is coded, the text that came along is one.
    if stated.sense == Sense::Referral
        && !fields.contains_key(&Field::ReasonText)
        && let Some(said) = stated.first(What::Narrative)
    {
        let value = Value::Text(said.chars().take(600).collect());
        put(&mut fields, Field::ReasonText, value, None, CONCLUDED);
    }
    fields
}

fn put(
    fields: &mut BTreeMap<Field, Vec<Found>>,
    field: Field,
    value: Value,
    place: Option<Place>,
    confidence: f32,
) {
    let known = fields.entry(field).or_default();
    if known.iter().any(|found| found.value == value) {
        return;
    }
    known.push(Found {
        value,
        confidence,
        place,
        how: How::Stated,
    });
}

/// The specialty that an item names, where it may name one.
fn specialty(item: &Item) -> Option<&'static str> {
    const MAY: [What; 5] = [
        What::Specialty,
        What::Service,
        What::ReferredTo,
        What::Reason,
        What::Narrative,
    ];
    MAY.contains(&item.what)
        .then(|| fields::specialty_in(&item.text, item.what == What::Specialty))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> ReadDocument {
        super::read(name, text, text.as_bytes())
    }

    const REFERRAL: &str = "MSH|^~\\&|A|B|||20260105||REF^I12|1|P|2.5\rRF1||U|CAR^Cardiology^L\r\
        PRD|RP|LEE^ANN^^^DR^MD||||||\rPID|1||88||MCDANIEL^ROSA||19700504|F|||||^PRN^PH^^1^412^5550199\rNTE|1||Palpitations on exertion.";

    #[test]
    fn a_message_is_a_document_whose_fields_point_at_its_page() {
        let read = read("a.hl7", REFERRAL);
        assert_eq!(
            (read.kind, read.container),
            (DocumentKind::Referral, Container::Hl7v2)
        );
        assert_eq!(read.text(Field::SpecialtyRequested), Some("Cardiology"));
        assert_eq!(read.text(Field::PatientPhone), Some("4125550199"));
        assert_eq!(read.text(Field::ReferringProviderName), Some("Ann Lee, MD"));
        assert_eq!(read.text(Field::ReasonText), Some("Palpitations on exertion."));
        let name = read.best(Field::PatientName).unwrap();
        assert_eq!(
            name.value,
            Value::Name {
                family: "McDaniel".into(),
                given: "Rosa".into()
            }
        );
        let place = name.place.unwrap();
        let line = &read.pages[place.page as usize - 1].lines[place.line as usize].text;
        let shown: String = line
            .chars()
            .skip(place.start as usize)
            .take((place.end - place.start) as usize)
            .collect();
        assert_eq!(shown, "MCDANIEL, ROSA");
    }

    #[test]
    fn what_cannot_be_read_says_why_and_keeps_nothing_back() {
        for text in [
            "{\"resourceType\":",
            "ISA*00*",
            "<a><b></a>",
            "MSH|",
            "{}",
            "[1,2]",
        ] {
            let read = read("a", text);
            assert_eq!(read.kind, DocumentKind::Malformed, "{text}");
            assert!(read.pages.is_empty() && read.warnings.len() == 1, "{text}");
        }
    }

    #[test]
    fn long_texts_go_on_below_and_on_the_next_page() {
        let text = REFERRAL.replace("Palpitations on exertion.", &"word ".repeat(5_000));
        let read = read("a", &text);
        assert!(read.pages.len() > 3);
        assert!(
            read.pages
                .iter()
                .flat_map(|page| &page.lines)
                .all(|line| line.text.chars().count() <= sheet::COLUMNS + 1)
        );
    }
}
