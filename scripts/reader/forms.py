"""Forms as payers and large services print them: an insurer's own name in its labels, names in halves, boxes behind their words,
words that explain what to write, and forms that nobody filled in."""

from layouts import Form, address, captions, columns, date, lines, phone, table
from page import Page


def payer_form(r, case, half):
    """Two columns with starred labels; the insurer's name is part of the label of its number."""
    form, page = Form(r, case, half), Page()
    brand = case["payer"].split(" of ")[0]
    page.put(.6, .045, r.choice(["Prior Authorization Form", "Prior Authorization Request"]), 1.2)
    page.put(.07, .08, f"Fax completed form to: {phone(r, case['clinic_fax'])}")
    page.put(.07, .1, f"If this is an URGENT request, please call {phone(r, case['clinic_phone'])}")
    page.put(.16, .13, r.choice(["PHYSICIAN INFORMATION", "REQUESTING PROVIDER"]))
    page.put(.62, .13, r.choice(["PATIENT INFORMATION", "MEMBER INFORMATION"]))
    star = r.choice(["* ", "*", ""])
    lag = r.choice([0, .003, .006])
    street, town, state, zip5 = case["address"]
    left = [("Physician Name:", "doctor"), ("NPI:", "npi"), ("Office Phone:", "office_phone"), ("Office Fax:", "office_fax"), ("Practice:", "practice")]
    right = [("Patient Name:", "name"), (f"{brand} ID:" if half == 0 else f"{brand} member #:", "member"), ("Date of Birth:", "dob"), ("Patient Phone:", "phone"), ("Gender:", "sex")]
    for x, block in ((.06, left), (.5, right)):
        y = .16
        for label, key in block:
            edge = page.put(x, y, star + label)
            page.put(edge + r.choice([.008, .02]), y + lag, form.text(key))
            y += .027
    if case["payer"] != brand:
        form.shown.discard("payer")
    else:
        form.shown.add("payer")
    y = .31
    page.put(.06, y, r.choice(["Urgency:", "Review type:"]))
    form.shown.add("urgency")
    for word in ("Routine", "Urgent", "STAT"):
        y += .016
        page.put(.06, y, f"{'☒' if (case['urgency'] or '') == word.lower() else '☐'} {word}" + (" (In checking this box, I attest that the standard time may seriously jeopardize health)" if word == "Urgent" else ""))
    if case["urgency"] == "asap":
        form.shown.discard("urgency")
    for label, key in (("Specialty requested: (please specify)", "asked"), ("Diagnosis (ICD-10): (please list all codes)", "icd"), ("Reason for referral: (attach notes if needed)", "reason"), ("Procedure codes (CPT):", "cpt")):
        y += .03
        page.put(.06, y, label)
        page.put(.08, y + .017, form.text(key))
        y += .014
    page.put(.06, y + .05, "Prescriber Signature:______________________________")
    page.put(.7, y + .05, f"Date: {date(r, (2026, r.randint(1, 9), r.randint(1, 28)))}")
    return [page], form.shown


def halves(r, case, half):
    """First and last names behind labels of their own, for the patient and, under the same labels, for others."""
    form, page = Form(r, case, half), Page()
    form.head(page, True)
    who, doc, other = case["patient"], case["doctor"], case["relative"]
    street, town, state, zip5 = case["address"]
    y0, m0, d0 = case["dob"]

    def row(y, cells):
        x = .05
        for label, value in cells:
            x = page.put(x, y, label) + r.choice([.004, .02])
            x = page.put(x, y - r.choice([0, .004]), value) + r.choice([.015, .04])

    shout = str.upper if r.random() < .5 else str
    y = .15
    page.put(.05, y, form.title("patient"))
    row(y + .03, [("First Name:", shout(who["given"])), ("Last Name:", shout(who["family"])), ("Date of Birth:", f"{m0:02}/{d0:02}/{y0}")])
    row(y + .06, [("Sex:", form.text("sex")), ("Marital Status:", "MARRIED"), ("Email Address:", form.text("email"))])
    row(y + .09, [("Address:", shout(street)), ("City:", shout(town)), ("State:", state), ("Zip Code:", zip5)])
    row(y + .12, [("Phone:", form.text("phone"))])
    y += .16
    page.put(.05, y, "Emergency Contact 1:")
    row(y + .03, [("First Name:", shout(other["given"])), ("Last Name:", shout(other["family"]))])
    row(y + .06, [("Phone:", phone(r, case["relative_phone"])), ("Relationship to Patient:", "BROTHER")])
    y += .1
    page.put(.05, y, form.title("referrer"))
    row(y + .03, [("Referrer First Name:", shout(doc["given"])), ("Referrer Last Name:", shout(doc["family"]))])
    row(y + .06, [("Referrer Practice Name:", form.text("practice"))])
    row(y + .09, [("Referrer NPI:", form.text("npi")), ("Referrer Fax:", form.text("office_fax"))])
    row(y + .12, [("Referred-to service:", form.text("asked"))])
    row(y + .15, [(form.label["reason"] + ":", form.text("reason"))])
    form.shown |= {"name", "dob", "doctor", "address"}
    return [page], form.shown


def behind(r, case, half):
    """A cover sheet whose boxes stand behind their words and whose values stand beneath their labels, a little astray."""
    form, page = Form(r, case, half), Page()
    page.put(.12, .05, "REFERRAL COVERSHEET", 1.2)
    page.put(.12, .1, "Please use this coversheet when faxing a new referral. Faxes without it will be returned unactioned.")
    astray = lambda: r.uniform(.0, .06)
    on = lambda yes: "☒" if yes else "☐"
    who, doc = case["patient"], case["doctor"]
    y0, m0, d0 = case["dob"]
    sex = who["sex"]
    cells = [("Patient First Name:", who["given"]), ("Patient Last Name:", who["family"]), ("Patient DOB (mm/dd/yyyy):", f"{m0:02}/{d0:02}/{y0}"), (f"Patient Sex: MALE {on(sex == 'M')} FEMALE {on(sex == 'F')} OTHER ☐", ""),
             ("Referrer First Name:", doc["given"]), ("Referrer Last Name:", doc["family"]), ("Referrer NPI:", form.text("npi")), ("Referrer Practice Name:", form.text("practice")),
             ("Patient mobile number:", form.text("phone")), ("Patient email:", form.text("email")), ("Referred-to Specialty:", form.text("asked")), ("Diagnosis codes (e.g. I10):", form.text("icd"))]
    y = .16
    for index, (label, value) in enumerate(cells):
        x = (.13, .49)[index % 2]
        page.put(x, y, label)
        page.put(x + astray(), y + .02 + r.uniform(-.002, .004), value)
        y += .05 if index % 2 else 0
    page.put(.13, y, "Priority: " + " ".join(f"{word} {on((case['urgency'] or '') == word.lower())}" for word in ("Routine", "Urgent", "ASAP", "STAT")))
    form.shown |= {"name", "dob", "sex", "doctor", "urgency"}
    return [page], form.shown


def blank(r, case, half):
    """A form of another layout that nobody filled in: its own words are no values."""
    empty = {**case, "blank": True}
    make = r.choice([lines, table, captions, columns] if half == 0 else [lines, table, captions, columns, behind, payer_form])
    if make in (behind, payer_form):
        empty.update({"patient": {"given": "", "family": "", "middle": "", "sex": ""}, "doctor": {"given": "", "family": "", "middle": ""}, "urgency": None, "dob": ("", "", "")})
        empty["dob"] = (0, 0, 0)
    pages, shown = make(r, empty, half)
    for page in pages:
        page.runs = [run for run in page.runs if run[3] not in ("00/00/0",)]
    return pages, shown
