//! What a structured message states, in the product's words.
//!
//! Owns the neutral result of every format's reader: what the message is for, and one item for each thing that it states,
//! with the place in the message where it stands. Must not know any format, nor what the desk does with the result.

use crate::domain::coverage::Subscriber;
use crate::domain::person::HumanName;
use crate::domain::text;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sense {
    /// Asks the clinic to see a patient.
    Referral,
    /// Changes a referral that was sent before.
    ReferralChange,
    /// Takes a referral back.
    ReferralCancel,
    /// Asks how a referral stands, or answers that.
    ReferralStatus,
    /// Something happened to an appointment.
    Appointment(Happening),
    /// A report or a letter about a patient.
    Report,
    /// A result of a laboratory or of imaging.
    Result,
    /// An order for something other than being seen.
    Order,
    /// Who a patient is, or that two are one.
    Demographics,
    /// A patient's coverage.
    Coverage,
    /// A payer is asked about a coverage.
    EligibilityRequest,
    /// A payer's answer about a coverage.
    EligibilityResponse,
    /// A payer is asked for an authorisation.
    AuthorizationRequest,
    /// A payer's answer on an authorisation.
    AuthorizationResponse,
    /// Somebody asks or says something about a patient.
    Communication,
    /// A piece of work for somebody.
    Task,
    /// Something that belongs to another message.
    Attachment,
    /// Says that a message arrived.
    Acknowledgement,
    /// Something else, named in the label.
    Other,
}

/// What happened to an appointment (HL7 v2 table 0278, FHIR appointmentstatus).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// Booked.
    Booked,
    /// Asked for, and not settled yet.
    Proposed,
    /// Moved to another time.
    Rescheduled,
    /// Changed otherwise.
    Modified,
    /// Cancelled, discontinued or deleted.
    Cancelled,
    /// The patient did not come.
    NoShow,
    /// The patient is there, and was not seen yet.
    Arrived,
    /// The patient was seen.
    Fulfilled,
}

impl Happening {
    /// The happening of a label.
    pub fn from_label(label: &str) -> Option<Happening> {
        const ALL: [Happening; 8] = [
            Happening::Booked,
            Happening::Proposed,
            Happening::Rescheduled,
            Happening::Modified,
            Happening::Cancelled,
            Happening::NoShow,
            Happening::Arrived,
            Happening::Fulfilled,
        ];
        ALL.into_iter().find(|each| each.label() == label)
    }

    /// In a word.
    pub const fn label(self) -> &'static str {
        match self {
            Happening::Booked => "booked",
            Happening::Proposed => "proposed",
            Happening::Rescheduled => "rescheduled",
            Happening::Modified => "modified",
            Happening::Cancelled => "cancelled",
            Happening::NoShow => "no-show",
            Happening::Arrived => "arrived",
            Happening::Fulfilled => "fulfilled",
        }
    }
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the label of each says what it is")]
pub enum What {
    PatientName,
    Dob,
    Sex,
    PatientPhone,
    PatientEmail,
    PatientAddress,
    PatientLanguage,
    Mrn,
    MergedMrn,
    ProviderName,
    ProviderId,
    Npi,
    DoubtfulNpi,
    ProviderPhone,
    ProviderFax,
    ProviderEmail,
    Organization,
    ReferredTo,
    Service,
    Specialty,
    Urgency,
    Reason,
    Icd10,
    Icd9,
    Procedure,
    Payer,
    Plan,
    MemberId,
    GroupNo,
    SubscriberName,
    SubscriberDob,
    SubscriberSex,
    Relationship,
    DependentName,
    DependentDob,
    DependentSex,
    AuthNumber,
    ReferralId,
    AppointmentId,
    AppointmentStart,
    AppointmentState,
    AppointmentMinutes,
    AppointmentPlace,
    AsOf,
    Sequence,
    EligibilityStatus,
    Copay,
    Rejection,
    Trace,
    CoverageUntil,
    Covered,
    NotCovered,
    Deductible,
    NeedsAuthorization,
    ToCorrect,
    Certified,
    AuthorizedFrom,
    AuthorizedTo,
    AuthorizedVisits,
    Narrative,
}

impl What {
    /// The words that stand before the value where the message is shown to a person.
    pub const fn label(self) -> &'static str {
        match self {
            What::PatientName => "Patient",
            What::Dob => "Born",
            What::Sex => "Sex",
            What::PatientPhone => "Patient's phone",
            What::PatientEmail => "Patient's e-mail",
            What::PatientAddress => "Patient's address",
            What::PatientLanguage => "Language",
            What::Mrn => "Record number",
            What::MergedMrn => "Merged record number",
            What::ProviderName => "From",
            What::ProviderId => "Sender's identifier",
            What::Npi => "NPI",
            What::DoubtfulNpi => "NPI that fails its check digit",
            What::ProviderPhone => "Sender's phone",
            What::ProviderFax => "Sender's fax",
            What::ProviderEmail => "Sender's e-mail",
            What::Organization => "Practice",
            What::ReferredTo => "Referred to",
            What::Service => "Service",
            What::Specialty => "Specialty",
            What::Urgency => "Priority",
            What::Reason => "Reason",
            What::Icd10 => "ICD-10-CM",
            What::Icd9 => "ICD-9-CM, out of use",
            What::Procedure => "Procedure",
            What::Payer => "Payer",
            What::Plan => "Plan",
            What::MemberId => "Member id",
            What::GroupNo => "Group number",
            What::SubscriberName => "Plan of",
            What::SubscriberDob => "Who was born",
            What::SubscriberSex => "Whose sex is",
            What::Relationship => "The patient is their",
            What::DependentName => "Dependant",
            What::DependentDob => "Dependant born",
            What::DependentSex => "Dependant's sex",
            What::AuthNumber => "Authorisation",
            What::ReferralId => "Sender's referral number",
            What::AppointmentId => "Appointment number",
            What::AppointmentStart => "Appointment",
            What::AppointmentState => "Its status",
            What::AppointmentMinutes => "Minutes",
            What::AppointmentPlace => "Place",
            What::AsOf => "As of",
            What::Sequence => "Change number",
            What::EligibilityStatus => "Coverage is",
            What::Copay => "Co-payment",
            What::Rejection => "Rejected because",
            What::Trace => "Number of the check",
            What::CoverageUntil => "Coverage ends",
            What::Covered => "Covered services",
            What::NotCovered => "Services not covered",
            What::Deductible => "Deductible",
            What::NeedsAuthorization => "Needs an authorisation",
            What::ToCorrect => "To correct",
            What::Certified => "Certified (HCR01)",
            What::AuthorizedFrom => "Authorised from",
            What::AuthorizedTo => "Authorised until",
            What::AuthorizedVisits => "Visits authorised",
            What::Narrative => "Text",
        }
    }
}

/// One thing that a message states. Has no `Debug` that prints it: it is a patient's.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub what: What,
    /// The value, sanitised: times in RFC 3339 or ISO 8601, telephones as written, codes as written.
    pub text: String,
    /// The value in parts, where it is a person.
    pub name: Option<HumanName>,
    /// Where in the message it stands, such as `PID-5` or `Patient.name`.
    pub at: String,
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Item({:?} at {})", self.what, self.at)
    }
}

/// What a message states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What it is for.
    pub sense: Sense,
    /// What it calls itself, such as `HL7 v2 REF^I12`.
    pub label: String,
    /// What it states, in reading order.
    pub items: Vec<Item>,
    /// What a person should know: what contradicts itself, what could not be read. Never patient data.
    pub doubts: Vec<String>,
    /// Why nothing of it may be taken for what it seems: it speaks of more than is stated here. Never patient data.
    pub for_person: Option<String>,
    /// Why something may stand behind it that was not read. What is stated here holds.
    pub cut: Option<String>,
}

impl Stated {
    /// A message that states nothing yet.
    pub fn new(sense: Sense, label: &str) -> Stated {
        Stated {
            sense,
            label: text::squeeze(&text::line(label)),
            items: Vec::new(),
            doubts: Vec::new(),
            for_person: None,
            cut: None,
        }
    }

    /// Leaves it to a person; the first reason stands.
    pub fn leave(&mut self, why: &str) {
        self.for_person.get_or_insert_with(|| why.to_owned());
    }

    /// Notes a value, unless it is empty or noted already.
    pub fn note(&mut self, what: What, value: &str, at: &str) {
        if value.is_empty() {
            return;
        }
        let value = text::tidy(value);
        let known = |item: &Item| item.what == what && item.text == value;
        if !value.is_empty() && !self.items.iter().any(known) {
            self.items.push(Item {
                what,
                text: value,
                name: None,
                at: text::line(at),
            });
        }
    }

    /// Notes a person.
    pub fn note_person(&mut self, what: What, name: HumanName, at: &str) {
        let clean = |part: &str| text::squeeze(&text::line(part));
        let name = HumanName {
            family: clean(&name.family),
            given: clean(&name.given),
            suffix: clean(&name.suffix),
        };
        let filed = matches!(
            what,
            What::PatientName | What::SubscriberName | What::DependentName
        );
        let spoken = if filed { name.filed() } else { name.spoken() };
        let before = self.items.len();
        self.note(what, &spoken, at);
        if let Some(item) = self.items.get_mut(before) {
            item.name = Some(name);
        }
    }

    /// Notes whose plan the payer that was noted last has, where it is not the patient's own: again for each, since a family's
    /// plans are the same person's.
    pub fn note_subscriber(&mut self, subscriber: &Subscriber, at: &str) {
        let mut own = Stated::new(self.sense, "");
        own.note_person(What::SubscriberName, subscriber.name.clone(), at);
        let dob = subscriber.dob.map(|dob| dob.to_string());
        own.note(What::SubscriberDob, dob.as_deref().unwrap_or_default(), at);
        own.note(What::SubscriberSex, subscriber.sex.letter(), at);
        own.note(What::Relationship, subscriber.relationship.code(), at);
        self.items.append(&mut own.items);
    }

    /// Notes a diagnosis in ICD-9-CM, which nobody may code in since October 2015 (45 CFR 162.1002): somebody has to look it up.
    pub fn note_icd9(&mut self, code: &str, at: &str) {
        self.note(What::Icd9, code, at);
        self.doubt("a diagnosis is coded in ICD-9-CM, which is out of use: it is shown and not filled in");
    }

    /// Notes an NPI whose check digit is wrong: somebody has to look it up.
    pub fn note_doubtful_npi(&mut self, number: &str, at: &str) {
        self.note(What::DoubtfulNpi, number, at);
        self.doubt("the sender's NPI fails its check digit");
    }

    /// Notes a doubt once.
    pub fn doubt(&mut self, why: &str) {
        if !self.doubts.iter().any(|known| known == why) {
            self.doubts.push(why.to_owned());
        }
    }

    /// The first value of a kind.
    pub fn first(&self, what: What) -> Option<&str> {
        self.all(what).next()
    }

    /// The values of a kind.
    pub fn all(&self, what: What) -> impl Iterator<Item = &str> {
        self.items
            .iter()
            .filter(move |item| item.what == what)
            .map(|item| item.text.as_str())
    }
}
