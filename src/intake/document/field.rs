//! The fields that documents are read into.
//!
//! Owns their names, which scripts and the configuration have too, and the form of each value. Must not know who finds them.

use serde::{Deserialize, Serialize};

/// The fields that a referral is read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Patient, family and given name.
    PatientName,
    /// Date of birth, ISO 8601.
    Dob,
    /// `F`, `M` or `X`.
    Sex,
    /// Patient's telephone, digits only.
    PatientPhone,
    /// Patient's e-mail.
    PatientEmail,
    /// Patient's postal address on one line.
    PatientAddress,
    /// Patient's preferred language, a BCP 47 primary tag.
    PatientLanguage,
    /// Referring practitioner's name with credentials.
    ReferringProviderName,
    /// Referring NPI, ten digits, Luhn-checked.
    ReferringNpi,
    /// Referring telephone, digits only.
    ReferringPhone,
    /// Referring fax, digits only.
    ReferringFax,
    /// Referring practice's e-mail.
    ReferringEmail,
    /// Referring practice.
    ReferringOrg,
    /// Specialty asked for, in its canonical name.
    SpecialtyRequested,
    /// The service asked for (consultation, echo…), as written.
    ServiceRequested,
    /// Reason for the referral, as written.
    ReasonText,
    /// ICD-10-CM codes.
    Icd10,
    /// CPT-shaped procedure codes.
    Cpt,
    /// `routine`, `urgent`, `asap` or `stat`, as listed.
    Urgency,
    /// Payer's name.
    Payer,
    /// Member id on the plan.
    MemberId,
    /// Group number on the plan.
    GroupNo,
    /// Whose plan it is, where it is not the patient's own.
    SubscriberName,
    /// Their date of birth, ISO 8601.
    SubscriberDob,
    /// Theirs: `F`, `M` or `X`.
    SubscriberSex,
    /// What the patient is to them: `spouse`, `child` or `other`.
    Relationship,
    /// In what payers are asked and answer (X12), the dependant of the member that it is about: there, the patient's fields
    /// are the member's (loop 2000C), as the payer has them.
    DependentName,
    /// The dependant's date of birth, ISO 8601.
    DependentDob,
    /// The dependant's: `F`, `M` or `X`.
    DependentSex,
    /// Authorisation number.
    AuthNumber,
    /// The return code that our own request for information carried.
    ReturnCode,
    /// The sender's record number of the patient.
    Mrn,
    /// The sender's record number that was merged into the patient's (HL7 v2 MRG-1).
    MergedMrn,
    /// The sender's identifier of the referring provider, where it is no NPI.
    ProviderId,
    /// Whom the patient is referred to.
    ReferredTo,
    /// The plan.
    Plan,
    /// The sender's number of the referral.
    ReferralId,
    /// The number of an appointment.
    ApptId,
    /// When an appointment begins, RFC 3339 or local.
    ApptStart,
    /// What became of an appointment.
    ApptStatus,
    /// Where the scheduling system says that it stands, where the message only says that something changed.
    ApptState,
    /// Its length in minutes.
    ApptMinutes,
    /// Where it is.
    ApptPlace,
    /// When that was so, RFC 3339 or local.
    ApptAsOf,
    /// The sender's own count of its changes.
    ApptSequence,
    /// What a payer says of the coverage: `active`, `inactive` or `unknown`.
    EligStatus,
    /// The co-payment in network, in dollars.
    Copay,
    /// Why a payer rejected a request (X12 AAA03).
    AaaCode,
    /// The number of our own check that a payer answers.
    CheckTrace,
    /// The last day of the coverage.
    CoverageUntil,
    /// Service types that are covered (X12 EB03).
    Covered,
    /// Service types that are not covered.
    NotCovered,
    /// The deductible in network, in dollars.
    Deductible,
    /// `yes` where the payer asks for an authorisation (X12 EB11).
    NeedsAuthorization,
    /// What has to be corrected before it is asked again.
    ToCorrect,
    /// What the payer decided on an authorisation (X12 HCR01).
    Certified,
    /// First day of an authorisation.
    AuthorizedFrom,
    /// Last day of an authorisation.
    AuthorizedTo,
    /// Visits that an authorisation allows.
    AuthorizedVisits,
}
