"""What forms call things. The second list of each pair is kept out of training: only the layouts that measure use it."""

LABELS = {
    "name": (["Patient Name", "Name of patient", "Patient", "Pt name", "Name", "Full name", "Patient's Name (Last, First)"], ["Patient full name", "Client name", "Pt", "Patient (Last, First MI)", "Name (first & last)", "Patient legal name"]),
    "dob": (["DOB", "Date of Birth", "Birth date", "D.O.B."], ["Birthdate", "Born", "Patient DOB", "Date of birth (mm/dd/yyyy)", "Pt DOB", "Birth Dt"]),
    "sex": (["Sex", "Gender", "M/F"], ["Sex at birth", "Gender (M/F)", "Patient sex", "Legal sex", "Birth sex"]),
    "phone": (["Phone", "Home phone", "Cell", "Telephone", "Patient phone", "Phone number"], ["Mobile", "Best phone", "Contact number", "Tel. (home)", "Preferred phone", "Daytime phone", "Primary phone", "Cell #", "Phone # (patient)"]),
    "email": (["Email", "E-mail", "Email address"], ["Patient e-mail", "Electronic mail", "Pt email"]),
    "address": (["Address", "Home address", "Street address", "Mailing address"], ["Patient address", "Residence", "Addr", "Home addr."]),
    "doctor": (["Referring provider", "Referring physician", "Referring MD", "Referred by", "Ordering provider", "Requesting provider"], ["Referring doctor", "Ref. provider", "Referring clinician", "Requesting practitioner", "Physician referring", "Ordering physician", "Provider making referral", "Referring Dr."]),
    "npi": (["NPI", "NPI #", "Provider NPI", "Referring NPI"], ["NPI No.", "Individual NPI", "NPI number", "Ref. provider NPI", "National Provider ID"]),
    "practice": (["Practice", "Practice name", "Clinic", "Facility", "Referring practice", "Office name"], ["Group/Practice", "Referring facility", "Referring office", "Organization", "Practice/Clinic name", "Medical group"]),
    "office_phone": (["Office phone", "Phone", "Telephone", "Office number"], ["Practice phone", "Office tel", "Office ph", "Phone #", "Clinic phone", "Call back #", "Tel"]),
    "office_fax": (["Office fax", "Fax", "Fax number"], ["Practice fax", "Fax #", "Fax back to", "Return fax", "Clinic fax"]),
    "asked": (["Specialty", "Specialty requested", "Refer to specialty", "Referral to"], ["Specialist type", "Service line", "Dept", "Refer to", "Consult specialty", "Referred-to specialty", "Department requested"]),
    "reason": (["Reason for referral", "Reason", "Chief complaint", "Clinical question", "Reason for consult"], ["Reason for visit", "Indication", "Presenting problem", "Why are you referring this patient?", "Clinical indication", "Reason for request", "Referral reason", "Clinical concern"]),
    "icd": (["ICD-10", "Diagnosis code", "Dx codes", "Diagnosis", "Dx"], ["ICD-10 code(s)", "Diagnosis/ICD-10", "Primary Dx", "ICD10 codes", "Referring diagnosis", "Diagnoses (ICD-10)"]),
    "cpt": (["CPT", "CPT code", "Procedure", "CPT codes"], ["CPT/HCPCS", "Procedure code(s)", "Requested CPT", "Services requested (CPT)"]),
    "urgency": (["Priority", "Urgency", "Referral priority"], ["Level of urgency", "Timeframe", "How soon?", "Referral urgency", "Appointment needed"]),
    "payer": (["Insurance", "Insurance company", "Payer", "Primary insurance", "Plan"], ["Insurance carrier", "Health plan", "Ins. company", "Carrier", "Insurance name", "Primary payer", "Insurance plan name"]),
    "member": (["Member ID", "ID #", "Policy #", "Subscriber ID"], ["Insurance ID", "Member number", "Policy number", "ID number", "Mbr ID", "Subscriber/Member ID", "Insurance member #", "Policy/ID #"]),
    "group": (["Group #", "Group number", "Group"], ["Grp #", "Group no.", "Grp", "Group ID", "Policy group"]),
    "auth": (["Authorization #", "Auth #", "Prior auth number"], ["Auth no.", "Pre-cert #", "PA #", "Referral auth #", "Authorization number", "Prior authorization no."]),
}
TITLES = (["REFERRAL FORM", "Patient Referral", "Referral Request", "New Patient Referral Form", "Specialty Referral Form"], ["OUTPATIENT REFERRAL", "Consultation Request", "Referral for Specialist Care", "Provider Referral Sheet", "REFERRAL ORDER", "External Referral"])
BLOCKS = {"patient": (["PATIENT INFORMATION", "Patient", "Patient Demographics"], ["SECTION A: PATIENT", "About the patient", "PATIENT DETAILS", "Demographics", "1. Patient information"]),
          "referrer": (["REFERRING PROVIDER", "Referring Provider Information", "Referred by"], ["SECTION B: REFERRING OFFICE", "Referral source", "REFERRING PRACTICE DETAILS", "Sent by", "2. Referring provider"]),
          "insurance": (["INSURANCE", "Insurance Information"], ["SECTION C: COVERAGE", "Coverage details", "PRIMARY INSURANCE", "3. Insurance"]),
          "request": (["REFERRAL", "Referral Information"], ["SECTION D: REQUEST", "Clinical information", "SERVICES REQUESTED", "4. Reason for referral"])}
FOOTERS = ["CONFIDENTIAL: This fax contains protected health information. If received in error call the sender.", "Please attach clinical notes, recent labs and imaging.", "Form 114-B rev. 03/2025", "Page 1 of 1",
           "Thank you for the opportunity to participate in the care of your patients.", "Scheduling will contact the patient within 48 hours."]
