"""What stands on pages beside what is asked for: lines of the machine, instructions, boxes, codes, clinical text; papers that are no
referrals, and forms that nobody filled in. Of each pair the second list is kept out of training."""

import layouts
from wild import words as w
from wild.page import Page

LINES = (["Please attach clinical notes, labs and imaging reports.", "CONFIDENTIAL: This fax contains protected health information. If received in error call the sender.", "Form 114-B rev. 03/2025", "Page 1 of 2", "Incomplete forms will be returned.", "Fax completed form with insurance card (front and back).",
          "Our staff will contact the patient within 2 business days.", "Medications: lisinopril 10 mg daily, metformin 500 mg BID", "BP 138/84  HR 72  Wt 181 lb  BMI 27.4", "PMH: HTN, hyperlipidemia, GERD", "Allergies: NKDA", "Hours: Mon-Fri 8:00 am - 5:00 pm", "Please check one:", "Records attached: [X] Office notes [ ] Labs [ ] Imaging",
          "Interpreter needed? [ ] Yes [X] No", "Signature: ______________________  Date: __________", "HPI: Symptoms began after exercise; no fever, no trauma.", "Assessment and Plan: continue current therapy.", "Thank you for the opportunity to participate in the care of your patients.", "For questions call our referral desk.",
          "Type of visit: [ ] New patient [X] Consult only [ ] Consult and treat", "For office use only: Scheduled by ____ Date ____", "* required field", "Hgb 11.2 L   WBC 7.1   Plt 244   Cr 1.4 H", "www.example-clinic.com"],
         ["Kindly enclose recent progress notes.", "This message is intended only for the addressee.", "Rev 7/24 PG1", "Do not use for emergencies. Dial 911.", "Vitals: T 98.6 P 80 R 16", "Current meds: atorvastatin, aspirin 81", "Social history: former smoker", "Transport needed: Y / N", "Completed forms are processed in the order received.",
          "Attachments: 3", "Office use: ____ verified ____ scheduled", "Follow-up instructions given to patient.", "Labs pending: TSH, ferritin", "Accommodations: wheelchair"])
BOXES = [("[X] ", "[ ] "), ("☒ ", "☐ "), ("(x) ", "( ) "), ("_X_ ", "___ ")]


TALK = (["{who} is a patient with a history of {a}, {b} and {c}.", "The {a} began {d} and has not improved.", "There is no {a} and no {b}.", "Past medical history: {a}, {b}.", "{a} was noted on {d}.", "Assessment: 1. {a} 2. {b} 3. {c}", "Plan: obtain records from {p}; follow up with {x}.", "On {d} {who} was seen by {x} for {a}.", "Family history of {a}.",
         "Labs from {d} showed no {b}.", "Imaging at {p} on {d} was read as normal.", "Surgical history: appendectomy {d}.", "We discussed {a} at length.", "I spoke with {o} by telephone at {t}.", "Insurance accepted: Medicare, Medicaid, Aetna, Cigna, Blue Cross and most PPO plans.", "Denies {a}, {b}, {c}.", "ROS: negative for {a} and {b}.",
         "Return to clinic on {d} or sooner for {a}.", "{i} {a}", "Problem list: {i} {a}; {i2} {b}", "Prior treatment by {x} at {p} ({t}).", "Copies to: {x}, {p}, {h}", "{x} reviewed the films on {d}.", "Employer: {p}, {h}"],
        ["Symptoms of {a} were first recorded on {d}.", "We excluded {b} in the past.", "{x} had suggested treatment for {c}.", "Nothing points to {a}.", "Discharged from {p} on {d} after {b}.", "Relevant history: {a} / {b} / {c}", "{o} may be contacted at {t} for records.", "Codes on file: {i} ({a})", "Billing: {h}, tel {t}"])
CHOICES = [["Cardiology", "Neurology", "Dermatology", "Urology", "GI"], ["Commercial", "Medicare", "Medicaid", "Workers Comp", "Self-pay"], ["Male", "Female"], ["M", "F"], ["M", "F", "X"], ["New patient", "Established"], ["Consult", "Procedure", "Second opinion"], ["Physical therapy", "Occupational therapy", "Speech therapy"], ["HMO", "PPO", "EPO", "Other"], ["Yes", "No"],
           ["Aetna", "Cigna", "Humana", "BCBS", "UHC", "Other"], ["Home", "Cell", "Work"], ["MD", "DO", "NP", "PA"]]


def talk(r, hand):
    """A sentence of a chart, in which things of the kinds asked for are of no account."""
    signs = lambda: r.choice(w.SIGNS[0] + w.SIGNS[hand.half])
    c = hand.c
    she = {"F": ["She", "Ms. " + c["patient"]["family"], "Patient", "The patient"], "M": ["He", "Mr. " + c["patient"]["family"], "Patient", "The patient"]}[c["patient"]["sex"]]
    code = lambda: f"{r.choice('EIJKMNRLGHD')}{r.randint(10, 99)}.{r.randint(0, 9)}"
    return r.choice(TALK[hand.half]).format(who=r.choice(she), a=signs(), b=signs(), c=signs(), d=r.choice([hand.other("date"), str(r.randint(2001, 2026)), "in " + r.choice(["March", "May", "October"])]), p=hand.other("other_practice"), x=hand.other("other_doctor"), o=hand.other("relative"), t=hand.other("other_phone"), i=code(), i2=code(), h=hand.other("other_address"))


def choice(r):
    """Options that nobody ticked."""
    some, off = r.choice(CHOICES), r.choice(["[ ] ", "☐ ", "( ) ", "___ ", "", "O "])
    between = r.choice(["  ", " ", "   ", " / "]) if off else " / "
    label = r.choice(["", "", "Type: ", "Sex: ", "Gender ", "Insurance type: ", "Specialty: ", "Service: ", "Please circle: "])
    return label + between.join(off + one for one in some)


def chart(r, hand, page, y):
    """Some of a chart: a heading, sentences, lines of medicines and figures."""
    if r.random() < .6:
        page.put(.06, y, r.choice(["HPI", "History", "Progress note", "Clinical notes", "NOTES", "Assessment / Plan", "Subjective"]))
        y += .02
    width = r.choice([60, 85, 95])
    while y < .93 and r.random() < .85:
        y = page.flow(.06, y, " ".join(talk(r, hand) for _ in range(r.randint(1, 3))), width=width) + r.choice([0, .005])
    return y


def lines(r, hand, page):
    """Puts some clutter beneath everything, and the fax machine's line at the top."""
    c = hand.c
    y = max([run[1] for run in page.runs], default=.1) + .03
    if r.random() < .4:
        page.put(.05, .012, f"{r.randint(1, 12):02}/{r.randint(1, 28):02}/2026 {r.randint(7, 18):02}:{r.randint(0, 59):02}  FROM: {r.choice([c['practice'].upper(), 'FAX', layouts.phone(r, c['office_fax'])])}  TO: {c['clinic_fax']}  P.{r.randint(1, 4)}")
    some = []
    if r.random() < .5:
        on, off = r.choice(BOXES)
        asked = {"routine": "Routine", "urgent": "Urgent", "stat": "STAT"}.get(c["urgency"])
        some.append(r.choice(["Priority: ", "Urgency: ", ""]) + "  ".join((on if name == asked else off) + name for name in ("Routine", "Urgent", "STAT")))
    if r.random() < .5:
        some.append(r.choice(["ICD-10: ", "Dx: ", "Diagnosis: ", "Dx code "]) + ", ".join(c["icd"]))
    if c["cpt"] and r.random() < .4:
        some.append(r.choice(["CPT: ", "Procedure: ", "CPT code(s) "]) + ", ".join(c["cpt"]))
    some += r.sample(w_lines(hand), r.randint(0, 5)) + [choice(r) for _ in range(r.choice([0, 0, 1, 2]))]
    if r.random() < .3:
        some.append(f"{r.choice(['Sub-office: ', 'Also at ', 'Locations: ', ''])}{hand.other('other_address')}  {r.choice(['P ', 'Tel ', ''])}{hand.other('other_phone')}")
    if r.random() < .25:
        some.append("   ".join(hand.other("other_doctor") for _ in range(r.randint(2, 4))))
    r.shuffle(some)
    for line in some:
        if y < .97:
            page.put(r.choice([.06, .06, .3]), y, line)
            y += .02
    if r.random() < .35 and y < .8:
        chart(r, hand, page, y + .01)


def w_lines(hand):
    return LINES[hand.half]


def scribble(r, c, hand):
    """A hand that nobody can read, or a picture: letters that are no words."""
    page = Page()
    y = r.uniform(.03, .3)
    for _ in range(r.randint(4, 30)):
        for _ in range(r.choice([1, 1, 2])):
            words = ["".join(r.choice("etaoinshrdlucmfwypvbgk" + "ETAOINSHRDL0123457.") for _ in range(r.randint(1, 9))) for _ in range(r.randint(1, 6))]
            shape = r.choice([str, str.capitalize, str.upper, str.title])
            page.put(r.uniform(.03, .6), y, shape(" ".join(words)))
        y += r.choice([.02, .03, .04])
    if r.random() < .3:
        page.put(.1, .02, hand.other("other_doctor"), "  ", hand.other("other_phone"))
    return [page]


def blank(r, c, hand):
    """A form that nobody filled in."""
    page = Page()
    if r.random() < .8:
        x = r.choice([.07, .2, .3])
        page.put(x, .04, c["clinic"], size=1.2)
        page.put(x, .058, hand.other("other_address"))
        before, between = r.choice([("Phone ", "  Fax "), ("P: ", " F: "), ("Tel ", " | Fax "), ("Phone: ", " Fax: ")])
        page.put(x, .075, before + layouts.phone(r, c["clinic_phone"]) + between + layouts.phone(r, c["clinic_fax"]))
    page.put(.3, .1, r.choice(w.TITLES[hand.half]), size=1.2)
    y, rule, columns = .13, r.choice(["", " ____________", ":", ": ______________", ":"]), r.choice([1, 2, 3])
    keys = r.sample(list(w.LABELS), r.randint(9, len(w.LABELS)))
    labels = [hand.label(key) for key in keys] + [label for label, _ in r.sample(w.OTHERS, 6)]
    for number, label in enumerate(labels):
        if number % 6 == 0:
            page.put(.06, y, hand.head(r.choice(list(w.HEADS))))
            y += .025
        column = number % columns
        page.put(.06 + column * .9 / columns, y, label + rule)
        y += .027 if column == columns - 1 else 0
    return [page]


def paper(r, c, hand):
    """A report, result, letter or advertisement: at most the patient's own data are asked for."""
    page = Page()
    kind = r.choice(["report", "result", "records", "approval", "junk"])
    page.put(r.choice([.1, .3]), .04, {"report": c["clinic"], "result": r.choice(["Meridian Laboratories", "Pinnacle Diagnostics", "County Imaging"]), "records": r.choice(["REQUEST FOR MEDICAL RECORDS", "Authorization for Release of Information"]), "approval": hand.mark("payer"), "junk": r.choice(["LIMITED TIME OFFER!", "ATTENTION PRACTICE OWNERS", "FREE LUNCH"])}[kind], size=1.2)
    if kind in ("report", "result", "junk"):
        page.put(.1, .06, f"{c['clinic_address'][0]}, {c['clinic_address'][1]}  Phone {layouts.phone(r, c['clinic_phone'])}  Fax {layouts.phone(r, c['clinic_fax'])}")
    y = .1
    if kind != "junk":
        page.put(.1, y, r.choice(["Patient: ", "RE: ", "Name: ", "Member: "]), hand.mark("name"), r.choice(["   DOB: ", "  Date of Birth ", "  b. "]), hand.mark("dob"))
        y += .025
    said = {"report": [f"Date of service: {hand.other('date')}", [r.choice(["Referring: ", "Referred by: ", "Referring provider: "]), hand.mark("doctor")], "Thank you for referring this patient to our clinic.", f"History: {c['reason']}.", "Exam: alert, no distress.", "Impression: as above.", "Plan: return in three months.", "Sincerely,", hand.other("other_doctor")],
            "result": [[r.choice(["Ordering: ", "Ordering provider: ", "Ordered by "]), hand.mark("doctor"), f"   Collected: {hand.other('date')}"], "Test   Result   Units   Reference Range", "Glucose  182 H  mg/dL  70-99", "Creatinine  1.9 H  mg/dL  0.6-1.2", "Hemoglobin  11.2 L  g/dL  12.0-16.0", f"Accession {hand.other('record')}", "*** End of report ***"],
            "records": ["I authorize the release of my records to:", c["clinic"], f"Fax: {layouts.phone(r, c['clinic_fax'])}", "Records requested: office notes, imaging.", "Purpose of disclosure: continuing care.", "Signature of patient: ______________ Date: ________"],
            "approval": ["NOTICE OF AUTHORIZATION", [r.choice(["Member ID: ", "ID ", "Member number "]), hand.mark("member")], [r.choice(["Authorization number: ", "Auth # ", "Reference: "]), hand.mark("auth")], f"Servicing provider: {c['clinic']}", "Approved: 3 visits", f"Valid from {hand.other('date')} to {hand.other('date')}", "This letter is not a guarantee of payment.", f"Questions? Call {hand.other('other_phone')}"],
            "junk": ["Save up to 60% on toner and office supplies. Call now 800-555-0199.", "Working capital of up to $250,000 for your practice. No credit check.", f"RSVP to {hand.other('relative')} at {hand.other('other_phone')}", "To be removed from our list call 888-555-0100."]}[kind]
    for line in said:
        if r.random() < .85:
            y = page.flow(.1, y, *([line] if isinstance(line, str) else line)) + .003
    if kind != "junk" and r.random() < .6:
        chart(r, hand, page, y)
    return [page]


def notes(r, c, hand):
    """A chart without a request: it may name the patient."""
    page = Page()
    y = .05
    if r.random() < .6:
        page.put(.1, y, r.choice(["Patient: ", "Name: ", "PATIENT NAME: ", ""]), hand.mark("name"), r.choice(["   DOB: ", "  "]), hand.mark("dob"))
        y += .03
    page.put(.1, y, r.choice(["PROGRESS NOTE", "Discharge Summary", "Office Visit", "Intake", "Medical history", hand.other("other_practice"), hand.other("other_doctor")]))
    y += .03
    for _ in range(r.randint(0, 6)):
        label, kind = r.choice(w.OTHERS) if r.random() < .6 else (r.choice(w.DATED) + r.choice([" date", " Date", "", " Date GMT"]), "date")
        page.put(r.choice([.1, .5]), y, f"{label}: {hand.other(kind)}")
        y += .022
    for _ in range(3):
        y = chart(r, hand, page, y)
    return [page]
