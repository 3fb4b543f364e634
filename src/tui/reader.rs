//! A document's reading beside the screen.
//!
//! Owns which document is held, and which of its fields is pointed at. Must not know how it is drawn or read.

use crate::domain::id::DocumentId;
use crate::intake::ReadDocument;
use crate::intake::document::{Field, Found, Place, Value};

/// A document being looked at.
#[derive(Debug, Default)]
pub struct Reader {
    /// Which.
    pub document: Option<DocumentId>,
    /// What was read; none until it comes, or where there is nothing.
    pub reading: Option<Box<ReadDocument>>,
    /// The field pointed at, counted in the order of [`Reader::fields`].
    pub field: Option<usize>,
}

impl Reader {
    /// Turns to a document; says whether it must be read first.
    pub fn turn_to(&mut self, document: Option<DocumentId>) -> Option<DocumentId> {
        if self.document == document {
            return None;
        }
        *self = Reader {
            document,
            ..Reader::default()
        };
        document
    }

    /// The fields with their best candidates, the doubtful first.
    pub fn fields(&self) -> Vec<(Field, &Found)> {
        let Some(reading) = &self.reading else {
            return Vec::new();
        };
        let mut fields: Vec<(Field, &Found)> = reading
            .fields
            .iter()
            .filter_map(|(field, found)| found.first().map(|best| (*field, best)))
            .collect();
        fields.sort_by(|(_, a), (_, b)| a.confidence.total_cmp(&b.confidence));
        fields
    }

    /// Points at the next field, or the one before.
    pub fn step(&mut self, by: isize) {
        let count = self.fields().len();
        if count == 0 {
            return;
        }
        self.field = Some(match self.field {
            None if by < 0 => count - 1,
            None => 0,
            Some(at) => (at + count).saturating_add_signed(by) % count,
        });
    }

    /// The field pointed at.
    pub fn pointed(&self) -> Option<(Field, &Found)> {
        self.fields().get(self.field?).copied()
    }

    /// Where the field pointed at stands.
    pub fn place(&self) -> Option<Place> {
        self.pointed().and_then(|(_, found)| found.place)
    }
}

/// A value as a person reads it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Name { family, given } if given.is_empty() => family.clone(),
        Value::Name { family, given } => format!("{family}, {given}"),
        Value::Text(text) => text.clone(),
    }
}

/// The name of a field.
pub const fn label(field: Field) -> &'static str {
    match field {
        Field::PatientName => "patient",
        Field::Dob => "date of birth",
        Field::Sex => "sex",
        Field::PatientPhone => "phone",
        Field::PatientEmail => "e-mail",
        Field::PatientAddress => "address",
        Field::PatientLanguage => "language",
        Field::ReferringProviderName => "referring",
        Field::ReferringNpi => "NPI",
        Field::ReferringPhone => "their phone",
        Field::ReferringFax => "their fax",
        Field::ReferringEmail => "their e-mail",
        Field::ReferringOrg => "practice",
        Field::SpecialtyRequested => "specialty",
        Field::ServiceRequested => "service",
        Field::ReasonText => "reason",
        Field::Icd10 => "ICD-10",
        Field::Cpt => "procedure",
        Field::Urgency => "urgency",
        Field::Payer => "payer",
        Field::MemberId => "member id",
        Field::GroupNo => "group",
        Field::SubscriberName => "plan of",
        Field::SubscriberDob => "who was born",
        Field::SubscriberSex => "whose sex is",
        Field::Relationship => "patient is their",
        Field::DependentName => "dependant",
        Field::DependentDob => "dependant born",
        Field::DependentSex => "dependant's sex",
        Field::AuthNumber => "authorisation",
        Field::ReturnCode => "return code",
        Field::Mrn => "record number",
        Field::MergedMrn => "merged record number",
        Field::ProviderId => "their id",
        Field::ReferredTo => "referred to",
        Field::Plan => "plan",
        Field::ReferralId => "their referral",
        Field::ApptId => "appointment",
        Field::ApptStart => "starts",
        Field::ApptStatus => "appointment is",
        Field::ApptState => "its status",
        Field::ApptMinutes => "minutes",
        Field::ApptPlace => "place",
        Field::ApptAsOf => "as of",
        Field::ApptSequence => "change number",
        Field::EligStatus => "coverage is",
        Field::Copay => "co-payment",
        Field::AaaCode => "rejected",
        Field::CheckTrace => "check number",
        Field::CoverageUntil => "covered until",
        Field::Covered => "covers",
        Field::NotCovered => "does not cover",
        Field::Deductible => "deductible",
        Field::NeedsAuthorization => "needs authorisation",
        Field::ToCorrect => "to correct",
        Field::Certified => "certified",
        Field::AuthorizedFrom => "authorised from",
        Field::AuthorizedTo => "authorised until",
        Field::AuthorizedVisits => "visits authorised",
    }
}
