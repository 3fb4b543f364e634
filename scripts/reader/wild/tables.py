"""Unruly forms of another make: rows of labels over rows of values, names and addresses in pieces, a box for each character, lists,
and answers to what was asked. All of them train."""

import layouts
from wild import words as w
from wild.forms import BLOCKS, facts, others, top
from wild.page import CHAR, Page


def heads(r, c, hand):
    """Rows of labels; beneath each its value."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    groups = [["name", "dob", "sex", "phone"], ["address", "email"], ["payer", "member", "group"], ["doctor", "npi", "office_phone", "office_fax"], ["practice", "asked"], ["reason"], ["auth"]]
    r.shuffle(groups)
    for keys in groups:
        cells = [(hand.label(key), [hand.mark(key)]) for key in keys if key not in given and r.random() < .9]
        for label, value in others(r, hand, 1):
            if len(cells) < 5 and len(str(value)) < 22:
                cells.insert(r.randint(0, len(cells)), (label, [value]))
        if not cells:
            continue
        # A column is as wide as its words, where the page has the room.
        wide = [max(len(label), sum(len(part if isinstance(part, str) else part[1]) for part in value)) + 3 for label, value in cells]
        if sum(wide) * CHAR > .93:
            cells, wide = cells[:2], wide[:2]
        x, gap = .05, r.choice([.018, .022])
        spread = min(1.6, .93 / (sum(wide) * CHAR))
        for (label, value), width in zip(cells, wide):
            page.put(x, y, label)
            page.put(x, y + gap, *([] if r.random() < .06 else value))
            x += width * CHAR * spread
        y += gap + r.choice([.024, .032])
    return [page]


def halves(r, c, hand):
    """Names and addresses in pieces behind labels of their own, for the patient and for others."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    shout = str.upper if r.random() < .4 else str
    street, town, state, zip5 = c["address"]
    style = r.choice(["colon", "above"])

    def row(cells):
        nonlocal y
        x = .05
        for label, *value in cells:
            width = sum(len(part if isinstance(part, str) else part[1]) for part in value)
            if style == "above":
                page.put(x, y, label, size=.8)
                page.put(x, y + .017, *value)
                x += max(len(label) * .8, width) * CHAR + .04
            else:
                x = page.put(x, y, label + ": ", *value) + r.choice([.02, .05])
        y += .027 if style == "colon" else .042

    def names(key, who, before=""):
        cells = [(f"{before}First Name", (key, shout(who["given"])) if key else shout(who["given"])), (f"{before}Last Name", (key, shout(who["family"])) if key else shout(who["family"]))]
        if r.random() < .4:
            cells.reverse()
        if r.random() < .3:
            cells.insert(r.choice([1, 2]), (r.choice(["MI", "Middle Initial", "Middle"]), who["middle"]))
        return cells

    def patient():
        page.put(.05, y, hand.head("patient"))
        row_after()
        row(names("name", c["patient"], r.choice(["", "", "Patient "])))
        row([(hand.label("dob"), hand.mark("dob")), (hand.label("sex"), hand.mark("sex"))])
        row([("Street", ("address", shout(street)))] if r.random() < .5 else [("Address", ("address", shout(street)))])
        row([("City", ("address", shout(town))), ("State", ("address", state)), (r.choice(["Zip", "ZIP Code", "Zip Code"]), ("address", zip5))])
        row([(hand.label("phone"), hand.mark("phone")), (hand.label("email"), hand.mark("email"))])

    def relative():
        page.put(.05, y, r.choice(["Emergency Contact", "Guarantor", "Responsible Party", "Subscriber"]))
        row_after()
        who = {"given": hand.other("relative").replace(",", "").split()[0], "family": hand.other("relative").replace(",", "").split()[-1], "middle": ""}
        row(names(None, who))
        row([("Phone", hand.other("other_phone")), ("Relationship", r.choice(["Spouse", "Self", "Mother", "Son"]))] + ([("DOB", hand.other("other_dob"))] if r.random() < .5 else []))

    def referrer():
        page.put(.05, y, hand.head("referrer"))
        row_after()
        if r.random() < .5:
            row(names("doctor", c["doctor"], r.choice(["", "Provider ", "Referrer "])))
        else:
            row([(hand.label("doctor"), hand.mark("doctor"))])
        row([(hand.label(key), hand.mark(key)) for key in ("npi", "office_phone", "office_fax") if key not in given] or [("NPI", hand.mark("npi"))])
        if "practice" not in given:
            row([(hand.label("practice"), hand.mark("practice"))])

    def rest():
        row([(hand.label("asked"), hand.mark("asked"))])
        row([(hand.label("reason"), hand.mark("reason"))])
        row([(hand.label("payer"), hand.mark("payer")), (hand.label("member"), hand.mark("member"))])

    def row_after():
        nonlocal y
        y += .025

    parts = [patient, relative, referrer, rest] if r.random() < .5 else [referrer, patient, relative, rest]
    for part in parts:
        part()
    return [page]


def combs(r, c, hand):
    """A box for each character of numbers and dates."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    gap = r.choice([" ", "  ", " | "])
    year, month, day = c["dob"]
    if r.random() < .7:
        hand.value["dob"] = r.choice([" / ", "  ", " - "]).join([gap.join(f"{month:02}"), gap.join(f"{day:02}"), gap.join(str(year))])
    for key in ("npi", "member", "group", "auth"):
        if r.random() < .8:
            hand.value[key] = gap.join(hand.value[key])
    for key in ("phone", "office_phone", "office_fax"):
        digits = c[key]
        if r.random() < .7:
            hand.value[key] = r.choice(["( {} ) {} - {}", "{} - {} - {}", "{}  {}  {}"]).format(gap.join(digits[:3]), gap.join(digits[3:6]), gap.join(digits[6:]))
    x = r.choice([.28, .34, .4])
    for block in BLOCKS:
        page.put(.06, y, hand.head(block))
        y += .026
        for key in BLOCKS[block]:
            if key in given or r.random() < .12:
                continue
            page.put(.06, y, hand.label(key) + r.choice(["", ":"]))
            page.put(x, y, hand.mark(key))
            y += .025
        for label, value in others(r, hand, 1):
            page.put(.06, y, label)
            page.put(x, y, value)
            y += .025
    return [page]


def listed(r, c, hand):
    """A list of facts, one a line, with or without a mark before each."""
    page = Page()
    y, kind = top(r, hand, page)
    given = {"practice", "office_phone", "office_fax"} if kind == "sender" else set()
    keys = [key for block in r.sample(list(BLOCKS), len(BLOCKS)) for key in BLOCKS[block] if key not in given and hand.value[key] and r.random() < .85]
    rows = [(hand.label(key), [hand.mark(key)]) for key in keys]
    for label, value in others(r, hand, 4):
        rows.insert(r.randint(0, len(rows)), (label, [value]))
    before, between = r.choice(["", "- ", "• ", "* ", "> ", "{}. ", "{}) "]), r.choice([": ", " - ", ":  ", " . . . ", " "])
    for number, (label, value) in enumerate(rows, 1):
        page.put(.07, y, before.format(number) + label + between, *value)
        y += .024
    return [page]


def reply(r, c, hand):
    """An answer to what a clinic asked for."""
    page = Page()
    y, _ = top(r, hand, page, title=False)
    page.put(.1, y, r.choice(["RESPONSE TO REQUEST FOR INFORMATION", "Re: additional information", "Requested information", "Your request for missing items"]))
    y += .03
    page.put(.1, y, r.choice(["Patient: ", "RE: ", ""]), *facts(r, hand)[:3])
    y += .03
    y = page.flow(.1, y, r.choice(["Here is what you asked for.", "As requested, please find the missing information below.", "Per your request of last week:"]))
    for key in r.sample(["payer", "member", "group", "auth", "phone", "dob", "address", "doctor", "npi", "reason"], r.randint(2, 6)):
        if hand.value[key]:
            page.put(.1, y, hand.label(key) + r.choice([": ", " "]), hand.mark(key))
            y += .023
    page.put(.1, y + .02, hand.other("relative"), r.choice([", ", " - "]), r.choice(["Referral Coordinator", "MA", "Front desk"]))
    return [page]


TABLES = [heads, heads, halves, halves, combs, listed, reply]
