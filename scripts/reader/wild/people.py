"""Invents the people, plans and reasons of unruly documents, so many that a model learns their shape and not their names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from people import FAMILY, PAYERS, PLACES, address, case as invent, number, person, word  # noqa: E402
import layouts  # noqa: E402

from wild import words as w  # noqa: E402


def coin(r, half, stems, ends):
    return r.choice(stems[0] + stems[half]) + r.choice(ends[0] + ends[half])


def someone(r, half, sex=None):
    who = person(r, sex)
    if r.random() < .6:
        who["family"] = coin(r, half, w.STEMS, w.ENDS)
        if r.random() < .12:
            who["family"] += r.choice([" ", "-"]) + word(r, FAMILY)
    if r.random() < .35:
        who["given"] = coin(r, half, w.GIVEN, w.GIVEN_ENDS)
    return who


def reason(r, half):
    text = r.choice(w.SIGNS[half] if half else w.SIGNS[0])
    for _ in range(r.choice([0, 1, 1, 2, 3])):
        more = r.choice(w.MORE[0] + w.MORE[half]).format(r.choice([2, 3, 6, 10, 2024]))
        text += r.choice([", ", " ", "; ", " - ", ", "]) + more
    return text


def case(r, half):
    c = invent(r)
    sex = r.choice("FM")
    c["patient"], c["doctor"], c["pcp"], c["relative"], c["specialist"] = someone(r, half, sex), *(someone(r, half) for _ in range(4))
    c["reason"] = reason(r, half)
    if r.random() < .5:
        c["payer"] = coin(r, half, w.STEMS, w.ENDS) + " " + r.choice(w.PLANS) if r.random() < .5 else r.choice(PAYERS)
    if r.random() < .6:
        place = r.choice([coin(r, half, w.STEMS, w.ENDS), word(r, PLACES)])
        c["practice"] = place + " " + r.choice(w.BODIES) + r.choice(["", "", "", ", PLLC", ", PA", " LLC", " Associates"])
    if c["email"]:
        c["email"] = f"{c['patient']['given']}{r.choice(['', '.', '_'])}{c['patient']['family']}{r.choice(['', r.randint(1, 99)])}@{r.choice(['gmail.com', 'yahoo.com', 'outlook.com', 'icloud.com', 'aol.com'])}".lower().replace(" ", "").replace("'", "")
    return c


class Hand:
    """How one document writes its values."""

    def __init__(self, r, c, half):
        self.r, self.c, self.half = r, c, half
        self.shout = r.random() < .35
        # Papers of other years are read too: their dates are no births for being old.
        self.year = r.choice([2026, 2026, 2025, r.randint(2000, 2024)])
        self.last_first = r.random() < .45
        street, town, state, zip5 = c["address"]
        self.value = {
            "name": self.person(c["patient"]), "dob": layouts.date(r, c["dob"]), "sex": self.sex(), "phone": layouts.phone(r, c["phone"]), "email": c["email"] or "", "address": f"{street}, {town}, {state} {zip5}",
            "doctor": layouts.doctor(r, c), "npi": c["npi"], "practice": c["practice"], "office_phone": layouts.phone(r, c["office_phone"]), "office_fax": layouts.phone(r, c["office_fax"]), "asked": c["asked"], "reason": c["reason"],
            "payer": c["payer"], "member": c["member"], "group": c["group"] or "", "auth": c["auth"] or "",
        }
        if self.shout:
            for key in ("name", "address", "practice", "payer"):
                self.value[key] = self.value[key].upper()

    def person(self, who):
        middle = f" {who['middle']}" if who["middle"] and self.r.random() < .5 else ""
        return f"{who['family']}, {who['given']}{middle}" if self.last_first else f"{who['given']}{middle} {who['family']}"

    def elsewhere(self):
        """An address of somebody else: a practice, a payer's box."""
        street, town, state, zip5 = address(self.r)
        return self.r.choice([f"{street}, {town}, {state} {zip5}", f"PO Box {self.r.randint(100, 9999)}, {town}, {state} {zip5}", f"{town}, {state} {zip5}", street + ", Suite 200"])

    def sex(self):
        sex = self.c["patient"]["sex"]
        return self.r.choice([sex, {"F": "Female", "M": "Male"}[sex], {"F": "FEMALE", "M": "MALE"}[sex]])

    def mark(self, key):
        return (key, self.value[key])

    def label(self, key):
        train, held = w.LABELS[key]
        return self.r.choice(train if self.half == 0 or self.r.random() < .4 else held)

    def head(self, key):
        return self.r.choice(w.HEADS[key][self.half])

    def other(self, kind):
        """A value that is of nobody who is asked for."""
        r, c = self.r, self.c
        return {
            "relative": lambda: self.person(someone(r, self.half)), "other_phone": lambda: layouts.phone(r, number(r)), "other_doctor": lambda: layouts.doctor(r, {"doctor": someone(r, self.half), "credential": r.choice(["MD", "DO", "NP"])}),
            "other_dob": lambda: layouts.date(r, (r.randint(1930, 1990), r.randint(1, 12), r.randint(1, 28))), "record": lambda: r.choice(["", "M", "A"]) + str(r.randint(10**5, 10**8)), "pharmacy": lambda: r.choice(["Walgreens", "CVS", "Rite Aid #2211", "Kroger Pharmacy"]),
            "employer": lambda: r.choice(["Retired", "Self", "City Schools", "Amazon", "Unemployed"]), "date": lambda: layouts.date(r, (self.year - r.choice([0, 0, 0, 1, r.randint(0, 12)]), r.randint(1, 12), r.randint(1, 28))), "other_address": lambda: self.elsewhere(), "other_email": lambda: r.choice(["referrals", "frontdesk", "office", "info", c["relative"]["given"].lower(), "fax"]) + "@" + r.choice(["clinic.example.com", c["practice"].split()[0].lower().strip(",.'") + "med.org", "healthgroup.com"]), "tax": lambda: f"{r.randint(10, 98)}-{r.randint(10**6, 10**7 - 1)}",
            "ssn": lambda: r.choice(["XXX-XX-", "***-**-"]) + str(r.randint(1000, 9999)), "language": lambda: r.choice(["English", "Spanish", "Declined", "White", "Vietnamese"]), "no": lambda: r.choice(["No", "N", "Yes"]), "marital": lambda: r.choice(["Married", "Single", "Widowed"]),
            "allergy": lambda: r.choice(["NKDA", "Penicillin", "Sulfa", "None known"]), "bin": lambda: str(r.randint(10**5, 10**6 - 1)), "other_payer": lambda: r.choice(PAYERS), "other_npi": lambda: invent(r)["npi"], "age": lambda: str(2026 - c["dob"][0]),
            "other_practice": lambda: coin(r, self.half, w.STEMS, w.ENDS) + " " + r.choice(["Hospital", "Medical Center", "Imaging", "Radiology", "Family Medicine", "Orthopedics", "Cardiology"]), "weight": lambda: f"{r.randint(98, 290)} lb",
        }[kind]()
