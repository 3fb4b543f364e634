"""Unruly forms. Those of the second list of FORMS are kept out of training."""

import layouts
from wild import words as w
from wild.page import Page, plain

BLOCKS = {"patient": ["name", "dob", "sex", "phone", "email", "address"], "referrer": ["doctor", "npi", "practice", "office_phone", "office_fax"], "insurance": ["payer", "member", "group", "auth"], "request": ["asked", "reason"]}
WIDE = ("reason", "address", "practice")


def top(r, hand, page, title=True):
    """The head: the sender's, whose telephones and name are asked for, or the clinic's own, or none."""
    c, y = hand.c, .04
    kind = r.choice(["own", "own", "sender", "sender", "none"])
    x = r.choice([.06, .3, .5])
    where = lambda key: ", ".join(c[key][:2]) + f", {c[key][2]} {c[key][3]}"
    if kind == "own":
        page.put(x, y, c["clinic"], size=1.2)
        page.put(x, y + .018, where("clinic_address"))
        before, between = r.choice([("Phone ", "  Fax "), ("P: ", " F: "), ("Tel ", " | Fax "), ("", " (fax) "), ("Phone: ", " Fax: "), ("P ", " | F ")])
        page.put(x, y + .035, before + layouts.phone(r, c["clinic_phone"]) + between + layouts.phone(r, c["clinic_fax"]) + r.choice(["", "", "  " + hand.other("other_email")]))
    elif kind == "sender":
        page.put(x, y, hand.mark("practice"), size=1.2)
        page.put(x, y + .018, where("practice_address"))
        before, between = r.choice([("Phone ", "  Fax "), ("P: ", " F: "), ("Tel ", " | Fax "), ("", " (fax) ")])
        page.put(x, y + .035, before, hand.mark("office_phone"), between, hand.mark("office_fax"))
    y = .1 if kind != "none" else .05
    if title:
        page.put(r.choice([.06, .35]), y, r.choice(w.TITLES[hand.half]), size=1.2)
    return y + .035, kind


def chosen(r, hand, block, given):
    """The fields of a block that this form asks for; some of them are left empty."""
    keys = [key for key in BLOCKS[block] if r.random() < .82 and key not in given]
    return keys or BLOCKS[block][:1]


def others(r, hand, most):
    out = [(label, hand.other(kind)) for label, kind in r.sample(w.OTHERS, r.randint(0, most))]
    if r.random() < .3:
        out.append((r.choice(w.DATED) + r.choice([" date", " Date", " date/time", "", " on", " Date (local)"]), hand.other("date")))
    return out


def cells(r, hand, block, given, most=3):
    """Labels and values of a block, with those of others among them."""
    out = []
    for key in chosen(r, hand, block, given):
        empty = r.random() < .08
        out.append((hand.label(key), [] if empty else [hand.mark(key)], key in WIDE))
    for label, value in others(r, hand, most):
        out.insert(r.randint(0, len(out)), (label, [value] if r.random() < .9 else [], False))
    return out


def grid(r, c, hand):
    """Cells with their labels before them or above them, in one to three columns, the blocks in any order."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    blocks = list(BLOCKS)
    if r.random() < .5:
        r.shuffle(blocks)
    style, columns = r.choice(["colon", "above", "gap", "colon"]), r.choice([1, 2, 2, 3])
    mark, gap = r.choice([":", ":", " -", "", "..."]), r.choice([.02, .024, .03])
    for block in blocks:
        if r.random() < .7:
            page.put(.06, y, hand.head(block))
            y += gap
        column = 0
        for label, value, wide in cells(r, hand, block, given):
            if wide and column:
                y, column = y + gap * (2 if style == "above" else 1), 0
            x = .06 + column * .92 / columns
            if style == "above":
                page.put(x, y, label, size=.8)
                page.put(x + r.choice([0, 0, .01]), y + .016, *value)
            elif style == "gap":
                page.put(x, y, label + (mark if mark != " -" else ""))
                page.put(x + r.choice([.17, .17, .18]) * (1.3 if columns == 1 else .95), y, *value)
            else:
                page.put(x, y, label + (mark or ":") + " ", *value)
            column = 0 if wide else (column + 1) % columns
            if column == 0:
                y += gap * (1.7 if style == "above" else 1)
        if column:
            y += gap * (1.7 if style == "above" else 1)
        y += r.choice([0, .008])
    return [page]


def facts(r, hand):
    """A patient on one line, without a label for each."""
    sex = hand.mark("sex")
    some = [[hand.mark("name")], [r.choice(["DOB ", "DOB: ", "", "b. "]), hand.mark("dob")], [r.choice(["", "Sex ", "Sex: "]), sex], [r.choice(["MRN ", "MRN: ", "#"]) + hand.other("record")], [r.choice(["", "Ph ", "H: ", "Cell ", "T "]), hand.mark("phone")]]
    if r.random() < .4:
        some.insert(2, [f"({2026 - hand.c['dob'][0]} yo)"])
    kept = [some[0]] + [part for part in some[1:] if r.random() < .8]
    between = r.choice(["  ", "   ", " | ", ", ", "  /  ", " - "])
    out = []
    for part in kept:
        out += ([between] if out else []) + part
    return out


def strip(r, c, hand):
    """The patient on a line at the top; the order beneath it."""
    page = Page()
    y, kind = top(r, hand, page)
    page.put(.06, y, *facts(r, hand), size=r.choice([1, 1.1]))
    y += .02
    if r.random() < .6:
        page.put(.06, y, r.choice(["", "Addr: ", "Home: "]), hand.mark("address"))
        y += .02
    if r.random() < .7:
        between = r.choice([" ", "  ID ", " - ", " / ", "  #"])
        line = [r.choice(["Ins: ", "Insurance: ", "", "Primary: "]), hand.mark("payer"), between, hand.mark("member")]
        if hand.value["group"] and r.random() < .6:
            line += [r.choice(["  Grp ", " grp# ", " / "]), hand.mark("group")]
        page.put(.06, y, *line)
        y += .03
    given = {"name", "dob", "sex", "phone", "address", "payer", "member", "group"} | ({"practice", "office_phone", "office_fax"} if kind == "sender" else set())
    for block in r.sample(["referrer", "request", "patient"], 2) + ["request"]:
        for label, value, _ in cells(r, hand, block, given, 2):
            if not value or value[0][0] not in given:
                page.put(.06, y, label + r.choice([": ", ":  "]), *value)
                y += .023
            given |= {value[0][0]} if value and isinstance(value[0], tuple) else set()
    return [page]


def both(r, c, hand):
    """A cover with TO and FROM beside each other, then the patient, then a few words."""
    page = Page()
    page.put(.35, .05, r.choice(["FAX", "FAX COVER", "Facsimile", "REFERRAL FAX"]), size=1.4)
    left, right = (.06, .52) if r.random() < .5 else (.52, .06)
    y = .1
    to = [[r.choice(["TO: ", "To: ", "Attn: "]), c["clinic"]], [r.choice(["Fax: ", "Fax # "]) + layouts.phone(r, c["clinic_fax"])], [r.choice(["Phone: ", "Ph "]) + layouts.phone(r, c["clinic_phone"])]]
    source = [[r.choice(["FROM: ", "From: "]), hand.mark("practice")], [r.choice(["Fax: ", "Fax # "]), hand.mark("office_fax")], [r.choice(["Phone: ", "Ph "]), hand.mark("office_phone")], [r.choice(["Provider: ", "Dr: ", "Ref: "]), hand.mark("doctor")]]
    for x, lines in ((left, to), (right, source)):
        down = y
        for line in lines:
            if r.random() < .9:
                page.put(x, down, *line)
            down += .022
    y = .21
    page.put(.06, y, r.choice(["RE: ", "Re: ", "Patient: ", "Pt: "]), *facts(r, hand))
    y += .03
    page.put(.06, y, f"Date: {hand.other('date')}   Pages: {r.randint(1, 9)}")
    y += .03
    said = [r.choice(["Please schedule with ", "Refer to ", "Needs ", "For "]), hand.mark("asked"), r.choice([" for ", ". Reason: ", " - ", ": "]), hand.mark("reason"), ". "]
    said += [r.choice(["Ins: ", "Has ", "Coverage ", "Insurance "]), hand.mark("payer"), r.choice([" ", " ID ", " #", ", member "]), hand.mark("member"), "."]
    page.flow(.06, y, *said)
    return [page]


def printout(r, c, hand):
    """What a record system prints: headings, and beneath them lines without labels."""
    page = Page()
    y, _ = top(r, hand, page, title=False)
    page.put(.06, y, hand.mark("name"), size=1.2)
    y += .02
    page.put(.06, y, *facts(r, hand)[1:])
    y += .03
    blocks = [("Reason for Visit", [[hand.mark("reason")]]), (r.choice(["Insurance", "Coverage", "Primary Insurance"]), [[hand.mark("payer")], [r.choice(["", "ID ", "Member "]), hand.mark("member")], [r.choice(["Grp ", "Group "]), hand.mark("group")]]),
              (r.choice(["Ordering Provider", "Referring Provider", "Authorizing Provider"]), [[hand.mark("doctor")], [r.choice(["NPI ", "NPI: "]), hand.mark("npi")]]), (r.choice(["Contact", "Patient Contact"]), [[hand.mark("phone")], [hand.mark("address")]]),
              (r.choice(["Referral To", "Department", "Specialty"]), [[hand.mark("asked")]]), (r.choice(["PCP", "Primary Care Provider"]), [[hand.other("other_doctor")]]), (r.choice(["Guarantor", "Emergency Contact"]), [[hand.other("relative")], [hand.other("other_phone")]])]
    r.shuffle(blocks)
    x0 = x = .06
    down = y
    for number, (head, lines) in enumerate(blocks[: r.randint(4, 7)]):
        page.put(x, down, head)
        down += .02
        for line in lines:
            page.put(x + r.choice([0, .015]), down, *line)
            down += .019
        down += .012
        if number == 3 and r.random() < .4:
            x, down = .52, y
    del x0
    return [page]


def sticker(r, c, hand):
    """Held out: a label stuck on the sheet bears the patient, with no word for anything; the rest has captions."""
    page = Page()
    x, y = r.choice([.06, .55]), .05
    for line in ([hand.mark("name")], [hand.mark("dob"), "  ", hand.mark("sex"), f"  {hand.other('record')}"], [hand.mark("address")], [hand.mark("phone")]):
        page.put(x, y, *line)
        y += .018
    page.put(.06, .15, r.choice(w.TITLES[1]), size=1.3)
    y = .19
    for block in ("referrer", "request", "insurance"):
        for label, value, _ in cells(r, hand, block, set(), 1):
            page.put(.06, y, label, size=.8)
            page.put(.06, y + .016, *value)
            y += .036
    return [page]


QUESTIONS = {"name": "Who is the patient?", "dob": "When was the patient born?", "phone": "Where can we reach the patient?", "payer": "Who pays?", "member": "What number is on the card?", "doctor": "Who is asking?", "office_phone": "Your telephone?", "office_fax": "Where should the answer be faxed?",
             "practice": "Where do you practice?", "asked": "Which specialty do you need?", "reason": "What is the problem?", "npi": "Your NPI?"}


def questions(r, c, hand):
    """Held out: questions in sentences, an answer beside or beneath each."""
    page = Page()
    y, _ = top(r, hand, page)
    beneath = r.random() < .5
    for number, (key, asked) in enumerate(QUESTIONS.items(), 1):
        edge = page.put(.06, y, f"{number}. {asked}")
        page.put(.09 if beneath else edge + .02, y + (.018 if beneath else 0), hand.mark(key))
        y += .04 if beneath else .026
    return [page]


def memo(r, c, hand):
    """Held out: a memorandum with its lines at the top and facts in a list."""
    page = Page()
    y = .06
    page.put(.4, y, "MEMORANDUM", size=1.3)
    for label, value in (("TO", [c["clinic"]]), ("FROM", [hand.mark("doctor"), ", ", hand.mark("practice")]), ("DATE", [hand.other("date")]), ("SUBJECT", ["Referral of ", hand.mark("name")])):
        y += .028
        page.put(.08, y, label)
        page.put(.2, y, *value)
    y += .04
    bullet = r.choice(["- ", "* ", "• ", ""])
    for key in r.sample(["dob", "sex", "phone", "address", "payer", "member", "group", "asked", "reason", "office_fax", "office_phone", "npi"], 10):
        if hand.value[key]:
            page.put(.08, y, bullet + hand.label(key) + r.choice([" ", ": ", " = "]), hand.mark(key))
            y += .022
    return [page]


def record(r, c, hand):
    """Held out: a term on its line, its value indented on the next, no colons, blocks side by side."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    for x, blocks in ((.06, ("patient", "insurance")), (.52, ("referrer", "request"))):
        down = y
        for block in blocks:
            page.put(x, down, hand.head(block).upper())
            down += .024
            for label, value, _ in cells(r, hand, block, given, 2):
                page.put(x, down, label)
                lines = plain(*value)
                page.flow(x + .03, down + .017, *[(key, c) for c, key in lines], width=42) if lines else None
                down += .052 if len(lines) > 42 else .036
    return [page]


FORMS = ([grid, grid, grid, strip, both, printout], [sticker, questions, memo, record])
