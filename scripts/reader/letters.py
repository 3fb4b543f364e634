"""Letters, messages and papers of other kinds than referrals."""

from layouts import Form, address, date, doctor, name, phone
from page import Page


def flow(page, y, text, width=92, x=.1, gap=.019):
    line = ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            page.put(x, y, line)
            y += gap
            line = word
        else:
            line = f"{line} {word}".strip()
    page.put(x, y, line)
    return y + gap * 1.6


def letter(r, case, half):
    form, page = Form(r, case, half), Page()
    who, doc = case["patient"], case["doctor"]
    he, his, him = ("she", "her", "her") if who["sex"] == "F" else ("he", "his", "him")
    age, full = 2026 - case["dob"][0], f"{who['given']} {who['family']}"
    page.put(.3, .04, case["practice"], 1.2)
    page.put(.3, .058, address(r, case["practice_address"]))
    page.put(.3, .075, r.choice(["Phone {} | Fax {}", "Tel: {}  Fax: {}", "P: {}   F: {}"]).format(phone(r, case["office_phone"]), phone(r, case["office_fax"])))
    page.put(.1, .11, date(r, (2026, r.randint(1, 11), r.randint(1, 28))))
    page.put(.1, .145, case["clinic"])
    page.put(.1, .162, address(r, case["clinic_address"]))
    page.put(.1, .179, f"Fax: {phone(r, case['clinic_fax'])}")
    y = .215
    shown = {"name", "dob", "doctor", "practice", "office_phone", "office_fax", "asked", "reason"}
    dob = date(r, case["dob"])
    page.put(.1, y, r.choice([f"RE: {full}, DOB {dob}", f"Re: {full}   Date of birth: {dob}", f"Patient: {name(r, who)}   DOB: {dob}", f"Regarding: {full} (DOB: {dob})"]))
    page.put(.1, y + .035, r.choice(["Dear Colleague,", "Dear Doctor:", f"Dear Dr. {case['specialist']['family']},", "To Whom It May Concern:"]))
    y += .07
    noun = {"F": r.choice(["woman", "female", "lady"]), "M": r.choice(["man", "male", "gentleman"])}[who["sex"]]
    reason = case["reason"][0].lower() + case["reason"][1:]
    opening = ([f"I am referring {full}, a {age}-year-old {noun}, for {case['specialty'].lower()} evaluation of {reason}.", f"Thank you for seeing {full}, a {age} year old {noun}, in {case['specialty'].lower()} consultation regarding {reason}."],
               [f"I would appreciate your help with {full}, a {age}-year-old {noun}, whom I would like you to see in {case['specialty'].lower()} for {reason}.", f"Please see this {age} yo {noun}, {full}, at your {case['specialty'].lower()} clinic. The reason for the referral is {reason}.",
                f"This letter is to request a {case['specialty'].lower()} consultation for {full}, {age}, a {noun} with {reason}."])[half]
    shown.add("sex")
    y = flow(page, y, r.choice(opening))
    some = []
    urgent = {"routine": ["This is a routine referral.", "A routine appointment is fine."], "urgent": ["I consider this referral urgent.", "I would ask that the appointment be made on an urgent basis."], "stat": ["This is an emergent referral; please see today.", "Please treat this referral as STAT."],
              "asap": ["Please schedule the visit as soon as possible.", "An appointment ASAP would be appreciated."]}
    if case["urgency"]:
        some.append(r.choice(urgent[case["urgency"]]))
        shown.add("urgency")
    some.append(f"{he.capitalize()} was last seen in our office on {date(r, (2026, r.randint(1, 9), r.randint(1, 28)))}.")
    y = flow(page, y, " ".join(some))
    more = [f"{his.capitalize()} diagnosis is {case['icd'][0]}." if r.random() < .5 else f"Dx: {', '.join(case['icd'])}."]
    if "Dx" in more[0] or len(case["icd"]) == 1:
        shown.add("icd")
    insured = ([f"{he.capitalize()} is insured by {case['payer']}, member ID {case['member']}", f"{his.capitalize()} insurance is {case['payer']} (ID {case['member']})"], [f"{he.capitalize()} has {case['payer']} coverage, ID# {case['member']}", f"Insurance: {case['payer']}, policy number {case['member']}"])[half]
    more.append(r.choice(insured) + (f", group {case['group']}." if case["group"] else "."))
    shown |= {"payer", "member", "group"}
    if case["auth"]:
        more.append(r.choice([f"Authorization number {case['auth']} has been obtained.", f"The authorization number is {case['auth']}."]))
    shown.add("auth")
    reach = ([f"{he.capitalize()} can be reached at {phone(r, case['phone'])}.", f"Please call {him} at {phone(r, case['phone'])}."], [f"{his.capitalize()} phone number is {phone(r, case['phone'])}.", f"You may contact {him} directly at {phone(r, case['phone'])}.", f"{his.capitalize()} cell is {phone(r, case['phone'])}."])[half]
    more.append(r.choice(reach))
    shown |= {"phone"}
    if r.random() < .5:
        more.append(f"{he.capitalize()} lives at {address(r, case['address'])}.")
        shown.add("address")
    r.shuffle(more)
    y = flow(page, y, " ".join(more))
    page.put(.1, y, r.choice(["Sincerely,", "With kind regards,", "Thank you for your help,", "Respectfully,", "Best regards,", "Thank you,"]))
    page.put(.1, y + .05, f"{doc['given']} {doc['family']}, {case['credential']}")
    page.put(.1, y + .068, r.choice([f"NPI {case['npi']}", f"NPI: {case['npi']}", f"{case['practice']}"]))
    if r.random() < .3:
        page.put(.1, y + .1, f"cc: {case['pcp']['given']} {case['pcp']['family']}, MD")
    if any("NPI" in run[3] for run in page.runs):
        shown.add("npi")
    return [page], shown


def mail(r, case, half):
    """A message in plain text."""
    form, page = Form(r, case, half), Page()
    y = .03
    for line in (f"From: {case['practice']} <frontdesk@{case['practice'].split()[0].lower()}clinic.example>", f"To: referrals@{case['specialty'].split('/')[0].lower()}.example", f"Subject: {case['specialty']} referral", f"Date: {date(r, (2026, 10, 3))}"):
        page.put(.02, y, line)
        y += .018
    y += .02
    page.put(.02, y, r.choice(["Hello,", "Good morning,", "Hi team,"]))
    y += .03
    page.put(.02, y, r.choice([["Please schedule the following patient:", "Please see the referral below."], ["New referral for your practice, details follow.", "We have a patient for you:"]][half]))
    y += .03
    keys = ["name", "dob", "sex", "phone", "email", "address", "payer", "member", "group", "auth", "asked", "reason", "icd", "cpt", "urgency", "doctor", "npi", "practice", "office_phone", "office_fax"]
    bullet = r.choice(["", "", "- ", "* "])
    for key in keys:
        value = form.text(key)
        if value:
            page.put(.02, y, f"{bullet}{form.label[key]}: {value}")
            y += .018
    page.put(.02, y + .02, "Thanks,")
    page.put(.02, y + .038, f"{case['relative']['given']}, referral coordinator")
    page.put(.02, y + .056, case["practice"])
    return [page], form.shown


def cover(r, case, half):
    """A cover sheet and a form behind it."""
    from layouts import captions, lines, table
    page = Page()
    page.put(.3, .05, r.choice(["FAX COVER SHEET", "FAX TRANSMITTAL", "FACSIMILE", "Fax"]), 1.6)
    y = .12
    for label, value in (("To", case["clinic"]), ("Fax", phone(r, case["clinic_fax"])), ("From", case["practice"]), ("Phone", phone(r, case["office_phone"])), ("Fax", phone(r, case["office_fax"])), ("Date", date(r, (2026, 9, 9))), ("Pages", "2 including cover"), ("Re", r.choice(["Referral", "New patient referral"]))):
        page.put(.1, y, f"{label}: {value}")
        y += .03
    flow(page, y + .05, "This facsimile may contain confidential protected health information. If you are not the intended recipient please notify the sender and destroy all copies.")
    pages, shown = r.choice([captions, lines, table])(r, case, half)
    return [page] + pages, shown


def other(r, case, half, kind):
    """Papers that are no referrals."""
    page, who = Page(), case["patient"]
    full, dob = f"{who['given']} {who['family']}", date(r, case["dob"])
    about = r.choice([f"Patient: {name(r, who)}   DOB: {dob}", f"Patient Name: {full}    Date of Birth: {dob}", f"RE: {full}  DOB: {dob}"])
    specialist = f"{case['specialist']['given']} {case['specialist']['family']}, MD"
    if kind == "consult_report":
        page.put(.3, .04, case["clinic"], 1.2)
        page.put(.1, .09, r.choice([["CONSULTATION REPORT", "Consult Note"], ["OFFICE CONSULTATION", "NEW PATIENT CONSULTATION", "Specialist Consultation Letter", "FOLLOW-UP NOTE"]][half]))
        page.put(.1, .12, about)
        page.put(.1, .14, f"Date of service: {date(r, (2026, 9, 2))}    Referring: {doctor(r, case)}")
        y = flow(page, .18, r.choice([["Thank you for referring {} to our clinic.", "I had the pleasure of seeing {} today in consultation."], ["{} was evaluated in our office today at your request.", "Thank you for asking me to see {} in consultation.", "Your patient {} was seen in follow up today."]][half]).format(full))
        for heading, body in (("History", case["reason"] + " for several months."), ("Exam", "Alert, in no distress. Heart regular, lungs clear."), ("Impression", f"{case['reason']} ({case['icd'][0]})."), ("Plan", "Continue current medication. Return in three months. Results will follow.")):
            page.put(.1, y, heading + ":")
            y = flow(page, y + .02, body)
        page.put(.1, y, "Sincerely,")
        page.put(.1, y + .04, specialist)
    elif kind == "lab_result":
        page.put(.1, .04, r.choice(["Meridian Laboratories", "Pinnacle Diagnostics", "Regional Reference Lab"]), 1.2)
        page.put(.1, .07, r.choice([["LABORATORY REPORT", "FINAL REPORT"], ["Clinical Laboratory Results", "Patient Results", "RESULT REPORT - FINAL", "Test Results"]][half]))
        page.put(.1, .1, about)
        page.put(.1, .12, f"Ordering: {doctor(r, case)}    Collected: {date(r, (2026, 8, 8))}  Reported: {date(r, (2026, 8, 9))}")
        for x, head in zip((.1, .4, .55, .7), [["Test", "Result", "Units", "Reference Range"], ["Component", "Value", "Unit", "Ref. interval"]][half]):
            page.put(x, .16, head)
        y = .185
        for test, value, unit, span in r.sample([("Glucose", "182 H", "mg/dL", "70-99"), ("Creatinine", "1.9 H", "mg/dL", "0.6-1.2"), ("Hemoglobin", "11.2 L", "g/dL", "12.0-16.0"), ("TSH", "2.31", "uIU/mL", "0.45-4.50"), ("WBC", "7.1", "K/uL", "4.0-11.0"), ("ALT", "44", "U/L", "7-56")], 4):
            for x, cell in zip((.1, .4, .55, .7), (test, value, unit, span)):
                page.put(x, y, cell)
            y += .02
        page.put(.1, y + .02, r.choice(["Specimen: Serum", "CLIA ID 05D0000000", "*** End of report ***"]))
    elif kind == "records_request":
        page.put(.25, .05, r.choice([["REQUEST FOR MEDICAL RECORDS", "Authorization for Release of Information"], ["Medical Records Request Form", "AUTHORIZATION TO DISCLOSE HEALTH INFORMATION", "Records Release Request", "Request for Copies of Health Records"]][half]), 1.2)
        page.put(.1, .1, about)
        y = flow(page, .14, r.choice(["I authorize {} to release my medical records to:", "Please send copies of the records of the above patient held by {} to:"]).format(case["clinic"]))
        for line in (case["practice"], address(r, case["practice_address"]), f"Fax: {phone(r, case['office_fax'])}"):
            page.put(.14, y, line)
            y += .02
        y = flow(page, y + .02, "Records requested: office notes, laboratory results and imaging of the last two years. Purpose of disclosure: continuing care.")
        page.put(.1, y, "Signature of patient: ____________________   Date: __________")
    elif kind == "auth_letter":
        page.put(.1, .04, case["payer"], 1.3)
        page.put(.1, .07, r.choice(["Utilization Management Department", "Medical Management", "Care Review Unit"]))
        page.put(.1, .1, r.choice([["NOTICE OF AUTHORIZATION", "Prior Authorization Approval"], ["Approval of Requested Services", "Authorization Determination", "NOTICE OF CERTIFICATION", "Referral Authorization Approved"]][half]))
        y = .14
        for line in (f"Member: {name(r, who)}   Member ID: {case['member']}", f"DOB: {dob}", f"Authorization number: {case['auth'] or 'A55512345'}", f"Requesting provider: {doctor(r, case)}", f"Servicing provider: {case['clinic']}", "Approved: 3 visits", f"Valid from {date(r, (2026, 9, 1))} to {date(r, (2026, 12, 31))}"):
            page.put(.1, y, line)
            y += .022
        flow(page, y + .02, "The services listed above have been approved as medically necessary. This letter is not a guarantee of payment. Benefits are subject to eligibility on the date of service.")
    elif kind == "info_reply":
        page.put(.25, .05, case["practice"], 1.2)
        page.put(.1, .09, r.choice([["RESPONSE TO REQUEST FOR INFORMATION", "Re: Additional information requested"], ["Reply to your request", "Follow-up to your request for missing information", "Here is the information you asked for", "Requested items enclosed"]][half]))
        page.put(.1, .12, about)
        y = flow(page, .16, r.choice(["Attached please find the items you requested: insurance card copy and recent ECG.", "As requested, we are sending the missing information for the referral of this patient.", "Per your request of last week, the insurance details are below."]))
        for line in (f"Insurance: {case['payer']}", f"Member ID: {case['member']}"):
            page.put(.1, y, line)
            y += .022
        page.put(.1, y + .02, f"{case['relative']['given']} - {phone(r, case['office_phone'])}")
    else:
        page.put(.2, .06, r.choice([["LIMITED TIME OFFER!", "ATTENTION BUSINESS OWNER"], ["SPECIAL PRICING FOR MEDICAL OFFICES", "Roof inspection - no cost to you", "Lunch is on us", "EXCLUSIVE INVITATION: CME Cruise"]][half]), 1.6)
        y = flow(page, .15, r.choice(["Save up to 60% on toner and office supplies this month. Call now 800-555-0199.", "Working capital of up to $250,000 for your practice in 24 hours. No credit check. Call today.", "Join us for a free dinner presentation. RSVP by Friday, space is limited.", "Get a free quote for janitorial services. Lowest prices in town, satisfaction guaranteed!"]))
        flow(page, y + .1, r.choice(["To be removed from our list call 888-555-0100.", "If you have received this fax in error or wish to opt out, call toll free.", "To stop receiving these faxes dial 1-877-555-0111 ext 3."]))
    return [page], set()
