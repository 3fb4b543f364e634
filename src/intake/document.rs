//! What reading a document yields, whatever its bytes were.
//!
//! Owns the result type of the reader: pages of placed lines, fields with confidence and place, the kind of document.
//! Must not know how any container is decoded, what the desk does with the result, or the store.

mod field;

pub use field::Field;

use crate::domain::referral::Source;
use crate::standards::apart::Own;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A document after reading. A document that could not be read is still one of these: no pages, a warning saying why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadDocument {
    /// The name the file arrived under, without its folder, sanitised.
    pub name: String,
    /// What the bytes are.
    pub container: Container,
    /// What the document is for.
    pub kind: DocumentKind,
    /// How sure the reader is of the kind, 0 to 1.
    pub kind_confidence: f32,
    /// The pages in order; an e-mail's body is a page and its readable attachments follow it.
    pub pages: Vec<Page>,
    /// What was found, best candidate first. A field that is not on the page has no entry.
    pub fields: BTreeMap<Field, Vec<Found>>,
    /// Papers of different patients in one transmission, in order; empty where all are about one. A person parts them: the
    /// fields and the kind above are those of the first referral among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// What the further appointments of the same file state: a calendar or a table holds many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<BTreeMap<Field, Vec<Found>>>,
    /// Parts that came with the document (attachments), by name.
    pub parts: Vec<Part>,
    /// What a person should know: conflicts, parts that could not be read. Never patient data.
    pub warnings: Vec<String>,
    /// Whether it, or a part of it, asks for a password.
    #[serde(default)]
    pub locked: bool,
    /// Why a person takes it, whatever it says: it holds more than its fields do. Nothing is recorded of it by itself. Never
    /// patient data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_person: Option<String>,
    /// Why its end was not read: what was is recorded, and a person looks for the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
    /// The messages of a file with several, where each can be told from the others: each is taken in by itself, as if it had come in a
    /// file of its own. Empty where there is one, and where a person has to tell them apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Own>,
}

/// The pages of one patient in a transmission about several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// First and last page, from 1.
    pub pages: [u32; 2],
    /// What these pages are for.
    pub kind: DocumentKind,
    /// How sure the reader is of the kind, 0 to 1.
    pub kind_confidence: f32,
    /// What was found on them.
    pub fields: BTreeMap<Field, Vec<Found>>,
}

/// What the bytes are, told by their content, never by the file's name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// Plain text in UTF-8 or a single-byte encoding.
    Text,
    /// An RFC 5322 message.
    Email,
    /// A PDF, with or without a text layer.
    Pdf,
    /// A picture of pages (TIFF, PNG, JPEG).
    Image,
    /// A word processor's file (DOCX, ODT).
    Word,
    /// Rich Text Format.
    Rtf,
    /// Files around files: a ZIP, Outlook's `winmail.dat`.
    Archive,
    /// HL7 v2 messages.
    Hl7v2,
    /// FHIR resources, in JSON or XML.
    Fhir,
    /// An X12 interchange.
    X12,
    /// A C-CDA document.
    Ccda,
    /// A calendar (iCalendar).
    Calendar,
    /// A table of appointments (CSV).
    Table,
    /// Anything else.
    Unknown,
}

/// What a document is for (the kinds of the corpus and the design).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Asks the clinic to see a patient.
    Referral,
    /// A specialist's report.
    ConsultReport,
    /// Laboratory or imaging result.
    LabResult,
    /// Somebody asks for records.
    RecordsRequest,
    /// A payer's authorisation letter.
    AuthLetter,
    /// The answer to a request for missing information.
    InfoReply,
    /// A picture or copy of an insurance card, alone.
    InsuranceCard,
    /// A fax's cover sheet, alone.
    CoverSheet,
    /// Advertising, misdirected, or otherwise nothing for the desk.
    Junk,
    /// Another system changes a referral that it sent, or asks how it stands.
    ReferralChange,
    /// Another system takes a referral back.
    ReferralCancel,
    /// Something happened to an appointment.
    AppointmentEvent,
    /// An order for something other than being seen.
    Order,
    /// Who a patient is, or how they are covered.
    DemographicUpdate,
    /// A payer is asked about a coverage.
    EligibilityRequest,
    /// A payer's answer about a coverage.
    EligibilityResponse,
    /// A payer is asked for an authorisation.
    PriorAuthRequest,
    /// A payer's answer on an authorisation.
    PriorAuthResponse,
    /// Somebody says or asks something, or sends a part of something else.
    Communication,
    /// Says that a message arrived.
    Ack,
    /// A structured message that breaks its format's rules.
    Malformed,
    /// The reader cannot tell; a person must.
    Unknown,
}

/// One candidate for a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The value, normalised.
    pub value: Value,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
    /// Where it was read, unless it was derived.
    pub place: Option<Place>,
    /// The way it was found.
    pub how: How,
}

/// A field's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A person's name in parts.
    Name {
        /// Family name, all of it.
        family: String,
        /// Given names.
        given: String,
    },
    /// Anything else.
    Text(String),
}

/// The way a value was found; shown with the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Beside or below its label.
    Label,
    /// In a ticked box.
    Tick,
    /// In a sentence.
    Prose,
    /// In a letterhead or signature block.
    Letterhead,
    /// From the message's headers.
    Header,
    /// From the value of a form field.
    FormField,
    /// Stated by another system's message.
    Stated,
    /// Concluded from other fields.
    Derived,
    /// By what this desk's corrections taught.
    Learned,
    /// By the model that the program was built with.
    Trained,
    /// Named by a second reader; only ever offered.
    SecondReader,
}

/// Where on the document a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Page, from 1.
    pub page: u32,
    /// Line within the page's `lines`, from 0.
    pub line: u32,
    /// First character within the line, counted in characters.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// Left, top, right, bottom as fractions of the page, 0 to 1.
    #[serde(rename = "box")]
    pub area: [f32; 4],
}

/// One page as lines in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The lines, top to bottom.
    pub lines: Vec<Line>,
    /// The picture that it was read from; none where it was text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<Shot>,
}

/// Which of a document's pictures a page was read from, and how it was held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shot {
    /// Which, counted from 0 in the order in which they are unpacked.
    pub number: u32,
    /// Quarter turns clockwise that made it upright.
    pub turn: u8,
}

/// One line of text and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The text, sanitised.
    pub text: String,
    /// Left, top, right, bottom as fractions of the page, 0 to 1.
    #[serde(rename = "box")]
    pub area: [f32; 4],
}

/// An attachment that came with a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its name, sanitised.
    pub name: String,
    /// What its bytes are.
    pub container: Container,
    /// Its size in bytes.
    pub size: u64,
    /// Whether its text is among the pages.
    pub read: bool,
}

impl Container {
    /// How a referral that came in this way is marked.
    pub const fn source(self) -> Source {
        match self {
            Container::Email => Source::Email,
            Container::Hl7v2 => Source::Hl7v2,
            Container::Fhir => Source::Fhir,
            Container::X12 | Container::Ccda | Container::Calendar | Container::Table => Source::Import,
            Container::Text
            | Container::Pdf
            | Container::Image
            | Container::Word
            | Container::Rtf
            | Container::Archive
            | Container::Unknown => Source::Scan,
        }
    }
}

impl ReadDocument {
    /// The best candidate of a field.
    pub fn best(&self, field: Field) -> Option<&Found> {
        self.fields.get(&field).and_then(|found| found.first())
    }

    /// The best candidate that this program found itself, without a second reader.
    pub fn own(&self, field: Field) -> Option<&Found> {
        self.best(field).filter(|found| found.how != How::SecondReader)
    }

    /// The best candidate of a field as text; `None` for a name.
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.best(field).map(|found| &found.value) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Name { .. }) | None => None,
        }
    }
}
