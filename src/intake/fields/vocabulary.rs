//! The words that labels are made of.
//!
//! Owns the tables: whose it is, which one, what it is, what may follow. A label is `[whose] [which] what [mark]`, so a
//! form that nobody has seen is read as long as its words are. Must not know pages or values.

pub use super::parties::PARTIES;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A person's name, or that of a practice where the value is one.
    Name,
    /// Family name alone.
    LastName,
    /// Given name alone.
    FirstName,
    /// Date of birth.
    Dob,
    /// Sex.
    Sex,
    /// Telephone.
    Phone,
    /// Fax.
    Fax,
    /// E-mail.
    Email,
    /// Postal address or its street.
    Address,
    /// Town, with state and ZIP where they follow.
    City,
    /// State.
    State,
    /// ZIP.
    Zip,
    /// Language.
    Language,
    /// NPI.
    Npi,
    /// Practice.
    Org,
    /// Specialty.
    Specialty,
    /// Service.
    Service,
    /// Reason.
    Reason,
    /// Diagnosis codes.
    Icd,
    /// Procedure codes.
    Cpt,
    /// Urgency.
    Urgency,
    /// Payer.
    Payer,
    /// Member id.
    Member,
    /// Group number.
    Group,
    /// Authorisation number.
    Auth,
    /// A label whose value is not kept; it ends the value before it.
    Other,
    /// The heading of a block.
    Heading,
}

/// Whose block or label it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The patient.
    Patient,
    /// Who refers.
    Referrer,
    /// The clinic or specialist that the document is sent to.
    Recipient,
    /// The primary care physician, where named apart.
    Pcp,
    /// Subscriber, guarantor, parent, emergency contact: people around the patient.
    Relative,
    /// The insurance's block.
    Insurance,
    /// A second insurance.
    Secondary,
    /// The block of the request itself, or any other.
    Request,
}

/// Which one; says nothing of its own. `home` and its like also say that a telephone is a person's own.
#[rustfmt::skip]
pub const WHICH: &[&str] = &[
    "primary", "main", "preferred", "best", "daytime", "day", "evening", "direct", "office", "practice",
    "clinic", "work", "business", "contact", "current", "legal", "full", "mailing", "physical",
    "residential", "alt", "alternate", "other", "back", "your", "the", "of", "for", "individual",
    "facility", "complete", "print", "printed", "s", "and", "or", "new", "no", "number", "home", "cell",
    "mobile", "personal", "permanent", "st", "health", "medical", "1st", "1", "referral", "requested",
    "service", "care", "callback", "return",
];

/// Which ones say that the telephone is a private one.
pub const PRIVATE: &[&str] = &["home", "cell", "mobile", "personal"];
/// Which ones say that it is not the first choice.
pub const SECOND_CHOICE: &[&str] = &["alt", "alternate", "other", "work", "evening", "back", "business"];
/// Which ones say that it is a practice's.
pub const OFFICE: &[&str] = &["office", "practice", "clinic", "facility"];

/// Practitioners' nouns: `Ref. MD`, `Ordering physician`, `Provider`.
#[rustfmt::skip]
pub const PROVIDERS: &[&str] = &[
    "provider", "providers", "physician", "physicians", "doctor", "dr", "md", "mddo", "clinician",
    "practitioner", "np", "pa", "doctors", "surgeon", "specialist", "prescriber",
];

/// What. Longer phrases are tried first.
#[rustfmt::skip]
pub const TOPICS: &[(&str, Topic)] = &[
    ("name", Topic::Name), ("names", Topic::Name), ("last name", Topic::LastName),
    ("surname", Topic::LastName), ("family name", Topic::LastName), ("lastname", Topic::LastName),
    ("last", Topic::LastName), ("first name", Topic::FirstName), ("firstname", Topic::FirstName),
    ("given name", Topic::FirstName), ("first", Topic::FirstName), ("middle name", Topic::Other),
    ("middle initial", Topic::Other), ("mi", Topic::Other), ("middle", Topic::Other),
    ("suffix", Topic::Other), ("dob", Topic::Dob), ("date of birth", Topic::Dob),
    ("birth date", Topic::Dob), ("birthdate", Topic::Dob), ("birthday", Topic::Dob), ("d o b", Topic::Dob),
    ("bday", Topic::Dob), ("born", Topic::Dob), ("sex", Topic::Sex), ("gender", Topic::Sex),
    ("sex at birth", Topic::Sex), ("birth sex", Topic::Sex), ("legal sex", Topic::Sex),
    ("gender identity", Topic::Other), ("phone", Topic::Phone), ("telephone", Topic::Phone),
    ("tel", Topic::Phone), ("ph", Topic::Phone), ("phone no", Topic::Phone), ("phone number", Topic::Phone),
    ("contact #", Topic::Phone), ("contact number", Topic::Phone), ("contact no", Topic::Phone),
    ("cell", Topic::Phone), ("mobile", Topic::Phone), ("cellphone", Topic::Phone), ("home", Topic::Phone),
    ("t", Topic::Phone), ("p", Topic::Phone), ("o", Topic::Phone), ("c", Topic::Phone), ("h", Topic::Phone),
    ("m", Topic::Phone), ("fax", Topic::Fax), ("facsimile", Topic::Fax), ("fx", Topic::Fax),
    ("f", Topic::Fax), ("fax number", Topic::Fax), ("phonefax", Topic::Phone), ("email", Topic::Email),
    ("email address", Topic::Email), ("mail", Topic::Email), ("address", Topic::Address),
    ("addr", Topic::Address), ("street", Topic::Address), ("street address", Topic::Address),
    ("address line 1", Topic::Address), ("city", Topic::City), ("town", Topic::City), ("city town", Topic::City),
    ("city state zip", Topic::City), ("city st zip", Topic::City), ("citystatezip", Topic::City),
    ("state", Topic::State), ("zip", Topic::Zip), ("zip code", Topic::Zip), ("zipcode", Topic::Zip),
    ("postal code", Topic::Zip), ("language", Topic::Language), ("preferred language", Topic::Language),
    ("primary language", Topic::Language), ("interpreter language", Topic::Language),
    ("lang", Topic::Language), ("npi", Topic::Npi), ("npi no", Topic::Npi), ("npi number", Topic::Npi),
    ("national provider identifier", Topic::Npi), ("practice", Topic::Org), ("practice name", Topic::Org),
    ("clinic", Topic::Org), ("clinic name", Topic::Org), ("organization", Topic::Org),
    ("facility", Topic::Org), ("facility name", Topic::Org), ("office name", Topic::Org),
    ("office", Topic::Phone), ("company", Topic::Org), ("location", Topic::Org),
    ("group practice", Topic::Org), ("hospital", Topic::Org), ("practice group", Topic::Org),
    ("department", Topic::Specialty), ("specialty", Topic::Specialty), ("speciality", Topic::Specialty),
    ("specialty requested", Topic::Specialty), ("specialty needed", Topic::Specialty),
    ("requested specialty", Topic::Specialty), ("service line", Topic::Specialty),
    ("type of specialist", Topic::Specialty), ("refer to specialty", Topic::Specialty),
    ("specialist type", Topic::Specialty), ("clinic requested", Topic::Specialty),
   
    ("service", Topic::Service), ("services", Topic::Service),
    ("service requested", Topic::Service), ("services requested", Topic::Service),
    ("requested services", Topic::Service), ("requested service", Topic::Service),
    ("type of service", Topic::Service), ("visit type", Topic::Other), ("type of visit", Topic::Service),
    ("reason", Topic::Reason), ("reason for referral", Topic::Reason), ("referral reason", Topic::Reason),
    ("reason for visit", Topic::Reason), ("reason for consult", Topic::Reason),
    ("reason for consultation", Topic::Reason), ("reason for request", Topic::Reason),
    ("reason for referral comments", Topic::Reason), ("reason for consult request", Topic::Reason),
    ("reason for evaluation", Topic::Reason), ("clinical question", Topic::Reason),
    ("chief complaint", Topic::Reason), ("indication", Topic::Reason),
    ("clinical indication", Topic::Reason), ("presenting problem", Topic::Reason),
    ("indications", Topic::Reason), ("question", Topic::Reason), ("consult question", Topic::Reason),
    ("problem", Topic::Reason), ("reason for appointment", Topic::Reason),
    ("reason for todays referral", Topic::Reason), ("purpose of referral", Topic::Reason),
    ("consult for", Topic::Reason), ("evaluate for", Topic::Reason), ("clinical reason", Topic::Reason),
    ("reason for study", Topic::Reason), ("concern", Topic::Reason), ("complaint", Topic::Reason),
    ("icd", Topic::Icd), ("icd10", Topic::Icd), ("icd 10", Topic::Icd), ("icd10cm", Topic::Icd),
    ("icd10 cm", Topic::Icd), ("icd codes", Topic::Icd), ("diagnosis", Topic::Icd),
    ("diagnoses", Topic::Icd), ("dx", Topic::Icd), ("diagnosis code", Topic::Icd),
    ("diagnosis codes", Topic::Icd), ("dx code", Topic::Icd), ("dx codes", Topic::Icd),
    ("primary diagnosis", Topic::Icd), ("working diagnosis", Topic::Icd),
    ("secondary diagnosis", Topic::Icd), ("referral diagnosis", Topic::Icd),
    ("admitting diagnosis", Topic::Icd), ("diag", Topic::Icd), ("diagnosis icd10", Topic::Icd),
    ("cpt", Topic::Cpt), ("cpt4", Topic::Cpt), ("cpts", Topic::Cpt), ("procedure", Topic::Cpt),
    ("procedures", Topic::Cpt), ("procedure code", Topic::Cpt), ("cpt code", Topic::Cpt),
    ("cpt codes", Topic::Cpt), ("procedure codes", Topic::Cpt), ("hcpcs", Topic::Cpt),
    ("cpt hcpcs", Topic::Cpt), ("procedure requested", Topic::Cpt), ("procedures requested", Topic::Cpt),
    ("procedure cpt", Topic::Cpt), ("service codes", Topic::Cpt), ("cpt procedure", Topic::Cpt),
    ("urgency", Topic::Urgency), ("priority", Topic::Urgency), ("referral priority", Topic::Urgency),
    ("level of urgency", Topic::Urgency), ("urgency level", Topic::Urgency), ("timeframe", Topic::Urgency),
    ("referral urgency", Topic::Urgency), ("acuity", Topic::Urgency), ("triage", Topic::Urgency),
    ("insurance", Topic::Payer), ("insurance company", Topic::Payer), ("insurance co", Topic::Payer),
    ("insurance name", Topic::Payer), ("insurance carrier", Topic::Payer), ("carrier", Topic::Payer),
    ("payer", Topic::Payer), ("payor", Topic::Payer), ("payer name", Topic::Payer),
    ("health plan", Topic::Payer), ("health insurance", Topic::Payer), ("insurance plan", Topic::Payer),
    ("plan name", Topic::Payer), ("primary insurance", Topic::Payer), ("primary ins", Topic::Payer),
    ("ins", Topic::Payer), ("ins co", Topic::Payer), ("primary payer", Topic::Payer),
    ("primary coverage", Topic::Payer), ("coverage", Topic::Payer), ("insurer", Topic::Payer),
    ("insurance provider", Topic::Payer), ("primary", Topic::Payer), ("plan", Topic::Payer),
    ("insurance primary", Topic::Payer), ("member id", Topic::Member), ("member no", Topic::Member),
    ("member number", Topic::Member), ("member #", Topic::Member), ("membership id", Topic::Member),
    ("subscriber id", Topic::Member), ("subscriber no", Topic::Member),
    ("subscriber number", Topic::Member), ("subscriber #", Topic::Member), ("id", Topic::Member),
    ("id no", Topic::Member), ("id number", Topic::Member), ("insurance id", Topic::Member),
    ("ins id", Topic::Member), ("insured id", Topic::Member), ("insureds id", Topic::Member),
    ("insureds id number", Topic::Member), ("insurance #", Topic::Member), ("policy", Topic::Member),
    ("policy id", Topic::Member), ("policy no", Topic::Member), ("policy number", Topic::Member),
    ("policy #", Topic::Member), ("plan id", Topic::Member), ("medicare id", Topic::Member),
    ("mbi", Topic::Member), ("medicaid id", Topic::Member), ("certificate no", Topic::Member),
    ("identification", Topic::Member), ("policy id no", Topic::Member), ("member", Topic::Member),
    ("hicn", Topic::Member), ("memberid", Topic::Member), ("insurance id no", Topic::Member),
    ("group", Topic::Group), ("grp", Topic::Group), ("group id", Topic::Group), ("group no", Topic::Group),
    ("group number", Topic::Group), ("grp no", Topic::Group), ("policy group", Topic::Group),
    ("policy group number", Topic::Group), ("group policy", Topic::Group), ("gp", Topic::Group),
    ("plan group", Topic::Group), ("auth", Topic::Auth), ("authorization", Topic::Auth),
    ("authorisation", Topic::Auth), ("auth no", Topic::Auth), ("auth number", Topic::Auth),
    ("authorization no", Topic::Auth), ("authorization number", Topic::Auth), ("prior auth", Topic::Auth),
    ("prior authorization", Topic::Auth), ("pre auth", Topic::Auth), ("preauth", Topic::Auth),
    ("preauthorization", Topic::Auth), ("precert", Topic::Auth), ("precertification", Topic::Auth),
    ("insurance authorization", Topic::Auth), ("ins auth", Topic::Auth), ("referral auth no", Topic::Auth),
    ("referral auth", Topic::Auth), ("referral authorization", Topic::Auth), ("prior auth no", Topic::Auth),
    ("prior authorization number", Topic::Auth), ("pa number", Topic::Auth),
    ("approval number", Topic::Auth), ("approval no", Topic::Auth), ("auth code", Topic::Auth),
    ("insurance auth", Topic::Auth),
    ("patient legal name", Topic::Name), ("m f", Topic::Sex), ("male female", Topic::Sex),
    ("sex m f", Topic::Sex), ("birth gender", Topic::Sex), ("administrative sex", Topic::Sex),
    ("assigned sex", Topic::Sex), ("sex assigned at birth", Topic::Sex), ("birth dt", Topic::Dob),
    ("birth day", Topic::Dob), ("date birth", Topic::Dob), ("dt of birth", Topic::Dob),
    ("contact telephone", Topic::Phone), ("best number", Topic::Phone), ("number to call", Topic::Phone),
    ("contact phone", Topic::Phone), ("call back", Topic::Phone), ("callback", Topic::Phone),
    ("call back number", Topic::Phone), ("callback number", Topic::Phone), ("tele", Topic::Phone),
    ("phones", Topic::Phone), ("telephone number", Topic::Phone), ("telephone no", Topic::Phone),
    ("fax back", Topic::Fax), ("fax back to", Topic::Fax), ("fax no", Topic::Fax), ("return fax", Topic::Fax),
    ("electronic mail", Topic::Email), ("e address", Topic::Email), ("residence", Topic::Address),
    ("street addr", Topic::Address), ("address street", Topic::Address), ("home addr", Topic::Address),
    ("city state and zip", Topic::City), ("city and state", Topic::City), ("national provider id", Topic::Npi),
    ("national provider", Topic::Npi), ("npi id", Topic::Npi), ("group practice name", Topic::Org),
    ("medical group", Topic::Org), ("group name", Topic::Org), ("practice clinic name", Topic::Org),
    ("clinic practice", Topic::Org), ("institution", Topic::Org), ("business name", Topic::Org),
    ("clinic facility", Topic::Org), ("facility practice", Topic::Org), ("dept", Topic::Specialty),
    ("department requested", Topic::Specialty), ("specialist requested", Topic::Specialty),
    ("specialist needed", Topic::Specialty), ("consult specialty", Topic::Specialty),
    ("referred to specialty", Topic::Specialty), ("specialty service", Topic::Specialty),
    ("referral specialty", Topic::Specialty), ("type of referral", Topic::Specialty),
    ("why are you referring this patient", Topic::Reason), ("why are you referring", Topic::Reason),
    ("reason for referring", Topic::Reason), ("reason referred", Topic::Reason),
    ("clinical concern", Topic::Reason), ("clinical concerns", Topic::Reason), ("symptoms reason", Topic::Reason),
    ("presenting complaint", Topic::Reason), ("presenting concern", Topic::Reason),
    ("purpose", Topic::Reason), ("purpose of consult", Topic::Reason), ("reason for evaluation", Topic::Reason),
    ("reason for the referral", Topic::Reason), ("reason for consult referral", Topic::Reason),
    ("primary complaint", Topic::Reason), ("main complaint", Topic::Reason), ("main concern", Topic::Reason),
    ("reason for referral diagnosis", Topic::Reason), ("primary dx", Topic::Icd),
    ("referring diagnosis", Topic::Icd), ("icd code", Topic::Icd), ("icd10 code", Topic::Icd),
    ("icd10 codes", Topic::Icd), ("icd 10 code", Topic::Icd), ("icd 10 codes", Topic::Icd),
    ("diagnosis icd", Topic::Icd), ("diagnoses icd10", Topic::Icd), ("dx icd10", Topic::Icd),
    ("icd10 diagnosis", Topic::Icd), ("icd10 dx", Topic::Icd), ("principal diagnosis", Topic::Icd),
    ("services requested cpt", Topic::Cpt), ("requested cpt", Topic::Cpt), ("cpt requested", Topic::Cpt),
    ("procedure code cpt", Topic::Cpt), ("cpt code requested", Topic::Cpt), ("service code", Topic::Cpt),
    ("how soon", Topic::Urgency), ("appointment needed", Topic::Urgency), ("appt needed", Topic::Urgency),
    ("time frame", Topic::Urgency), ("needed by", Topic::Urgency), ("type of request", Topic::Urgency),
    ("request type", Topic::Urgency), ("when should patient be seen", Topic::Urgency),
    ("when to be seen", Topic::Urgency), ("review type", Topic::Urgency), ("priority level", Topic::Urgency),
    ("plan type", Topic::Other), ("insurance type", Topic::Other), ("payer plan", Topic::Payer),
    ("insurance plan name", Topic::Payer), ("insurance payer", Topic::Payer), ("medical insurance", Topic::Payer),
    ("primary plan", Topic::Payer), ("primary carrier", Topic::Payer), ("ins company", Topic::Payer),
    ("ins carrier", Topic::Payer), ("ins name", Topic::Payer), ("ins plan", Topic::Payer),
    ("insurance member", Topic::Member), ("insurance member #", Topic::Member),
    ("insurance member id", Topic::Member), ("mbr id", Topic::Member), ("mem id", Topic::Member),
    ("member policy", Topic::Member), ("subscriber member id", Topic::Member),
    ("member subscriber id", Topic::Member), ("policy member id", Topic::Member),
    ("policy id #", Topic::Member), ("insurance policy", Topic::Member),
    ("insurance policy number", Topic::Member), ("card number", Topic::Member), ("cardholder id", Topic::Member),
    ("medicare number", Topic::Member), ("medicaid number", Topic::Member), ("mbi number", Topic::Member),
    ("hic", Topic::Member), ("enrollee id", Topic::Member), ("beneficiary id", Topic::Member),
    ("rid", Topic::Member), ("plan member id", Topic::Member), ("ins member id", Topic::Member),
    ("grp id", Topic::Group), ("grp number", Topic::Group), ("plan group number", Topic::Group),
    ("insurance group", Topic::Group), ("insurance group number", Topic::Group), ("employer group", Topic::Group),
    ("pre cert", Topic::Auth), ("pre authorization", Topic::Auth), ("pa #", Topic::Auth),
    ("precert number", Topic::Auth), ("referral auth number", Topic::Auth), ("prior authorization no", Topic::Auth),
    ("authorization code", Topic::Auth), ("auth ref", Topic::Auth), ("approval code", Topic::Auth),
    ("certification number", Topic::Auth), ("certification", Topic::Auth), ("auth id", Topic::Auth),
    ("reference number", Topic::Other), ("payer id", Topic::Other), ("payor id", Topic::Other), ("rx bin", Topic::Other), ("your reference number", Topic::Other), ("rx", Topic::Other),
    // Known, and not kept: each would otherwise be read into the value before it or as one of ours.
    ("mrn", Topic::Other), ("medical record", Topic::Other), ("medical record number", Topic::Other),
    ("chart", Topic::Other), ("chart no", Topic::Other), ("patient id", Topic::Other),
    ("pt id", Topic::Other), ("patient no", Topic::Other), ("patient number", Topic::Other),
    ("ssn", Topic::Other), ("social security", Topic::Other), ("social security number", Topic::Other),
    ("ss", Topic::Other), ("date", Topic::Other), ("time", Topic::Other), ("date time", Topic::Other),
    ("order date", Topic::Other), ("date of service", Topic::Other), ("dos", Topic::Other),
    ("date of visit", Topic::Other), ("date of order", Topic::Other), ("date of referral", Topic::Other),
    ("referral date", Topic::Other), ("date of request", Topic::Other),
    ("date of consultation", Topic::Other), ("date of consult", Topic::Other), ("visit date", Topic::Other),
    ("last visit", Topic::Other), ("last seen", Topic::Other), ("date needed", Topic::Other),
    ("date received", Topic::Other), ("date recd", Topic::Other), ("request date", Topic::Other),
    ("appointment date", Topic::Other), ("appt date", Topic::Other), ("appt date time", Topic::Other),
    ("scheduled by", Topic::Other), ("age", Topic::Other), ("race", Topic::Other),
    ("ethnicity", Topic::Other), ("marital", Topic::Other), ("marital st", Topic::Other),
    ("marital status", Topic::Other), ("relationship", Topic::Other), ("rel", Topic::Other),
    ("relation", Topic::Other), ("relationship to patient", Topic::Other),
    ("patient relationship", Topic::Other), ("effective", Topic::Other), ("effective date", Topic::Other),
    ("eff date", Topic::Other), ("expires", Topic::Other), ("expiration", Topic::Other),
    ("expiration date", Topic::Other), ("valid from", Topic::Other), ("visits", Topic::Other),
    ("units", Topic::Other), ("class", Topic::Other), ("order", Topic::Other), ("order no", Topic::Other),
    ("order number", Topic::Other), ("referral", Topic::Other), ("referral no", Topic::Other),
    ("referral number", Topic::Other), ("referral type", Topic::Other), ("height", Topic::Other),
    ("weight", Topic::Other), ("ht", Topic::Other), ("wt", Topic::Other), ("occupation", Topic::Other),
    ("allergies", Topic::Other), ("medications", Topic::Other), ("current medications", Topic::Other),
    ("meds", Topic::Other), ("vitals", Topic::Other), ("signature", Topic::Name),
    ("provider signature", Topic::Name), ("title", Topic::Other), ("contact", Topic::Other),
    ("contact name", Topic::Other), ("office contact", Topic::Other),
    ("location of service", Topic::Other), ("service location", Topic::Other), ("place of service", Topic::Other),
    ("site of service", Topic::Other), ("medical number", Topic::Other), ("referral id", Topic::Other),
    ("office contact person", Topic::Other), ("coordinator", Topic::Other), ("status", Topic::Other),
    ("collected", Topic::Other), ("received", Topic::Other), ("reported", Topic::Other),
    ("specimen", Topic::Other), ("tax id", Topic::Other), ("tin", Topic::Other), ("dea", Topic::Other),
    ("ein", Topic::Other), ("license", Topic::Other), ("account", Topic::Other),
    ("account no", Topic::Other), ("acct", Topic::Other), ("claim", Topic::Other), ("case", Topic::Other),
    ("rx bin", Topic::Other), ("rx pcn", Topic::Other), ("rx group", Topic::Other), ("copay", Topic::Other),
    ("deductible", Topic::Other), ("page", Topic::Other), ("pages", Topic::Other),
    ("enclosures", Topic::Other), ("enclosure", Topic::Other), ("records attached", Topic::Other),
    ("attachments", Topic::Other), ("attached", Topic::Other), ("subject", Topic::Other),
    ("sent", Topic::Other), ("employer", Topic::Other), ("notes", Topic::Other), ("note", Topic::Other),
    ("comments", Topic::Other), ("additional comments", Topic::Other), ("additional notes", Topic::Other),
    ("special instructions", Topic::Other), ("history", Topic::Other), ("clinical history", Topic::Other),
    ("past medical history", Topic::Other), ("pmh", Topic::Other), ("hpi", Topic::Other),
    ("physical examination", Topic::Other), ("physical exam", Topic::Other), ("exam", Topic::Other),
    ("labs", Topic::Other), ("imaging", Topic::Other), ("assessment", Topic::Other),
    ("assessment plan", Topic::Other), ("impression", Topic::Other), ("recommendations", Topic::Other),
    ("diagnostic tests", Topic::Other), ("subjective", Topic::Other), ("objective", Topic::Other),
    ("visit", Topic::Other), ("provider id", Topic::Other), ("website", Topic::Other),
    ("ext", Topic::Other), ("interpreter", Topic::Other), ("interpreter needed", Topic::Other),
    ("ref code", Topic::Other), ("reference code", Topic::Other), ("client", Topic::Other),
    ("clia", Topic::Other), ("records", Topic::Other), ("country", Topic::Other), ("county", Topic::Other),
    ("apt", Topic::Other), ("subscriber name", Topic::Other), ("printed by", Topic::Other),
    ("completed by", Topic::Other), ("prepared by", Topic::Other), ("test", Topic::Other),
    ("result", Topic::Other), ("flag", Topic::Other), ("reference range", Topic::Other),
    ("fasting", Topic::Other), ("medication", Topic::Other), ("medication requested", Topic::Service),
    ("requested medication", Topic::Service), ("drug requested", Topic::Service),
    ("requested drug", Topic::Service), ("procedure service requested", Topic::Service),
    ("imaging requested", Topic::Service), ("test requested", Topic::Service), ("tests requested", Topic::Service),
    ("symptoms", Topic::Other),
    // Headings.
    ("information", Topic::Heading), ("info", Topic::Heading), ("details", Topic::Heading),
    ("demographics", Topic::Heading), ("section", Topic::Heading), ("data", Topic::Heading),
    ("request", Topic::Heading), ("referral details", Topic::Heading),
    ("referral information", Topic::Heading), ("order information", Topic::Heading),
    ("clinical information", Topic::Heading), ("for office use only", Topic::Heading),
    ("office use only", Topic::Heading), ("insurance information", Topic::Heading),
    ("visit coverage", Topic::Heading), ("demographic information", Topic::Heading),
    ("medical information", Topic::Heading), ("contact information", Topic::Heading),
    ("appointment information", Topic::Heading), ("services information", Topic::Heading),
];

/// Marks of number and plural that belong to a label's end.
#[rustfmt::skip]
pub const TAILS: &[&str] = &[
    "#", "no", "nos", "number", "numbers", "num", "nbr", "code", "codes", "requested", "s", "name", "only",
    "required", "of", "record", "if", "different", "id",
];
