"""Unruly letters and notes. Their sentences are of two lists; those of the second are kept out of training."""

import layouts
from wild import words as w
from wild.forms import facts, top
from wild.page import Page

KEYS = {"N": "name", "D": "dob", "S": "asked", "R": "reason", "P": "payer", "M": "member", "G": "group", "T": "phone", "A": "auth", "H": "address", "E": "email"}


def told(r, c, hand, sentence):
    """A sentence with its values in it, each marked as what it is; none where it speaks of one that there is not."""
    out = []
    for number, part in enumerate(sentence.replace("{N2}", "\0").split("{")):
        key, rest = (part[0], part[2:]) if number else (None, part)
        if key in KEYS:
            value = hand.value[KEYS[key]]
            if not value:
                return []
            if key == "N":
                value = f"{c['patient']['given']} {c['patient']['family']}"
            if key == "S":
                value = r.choice([c["specialty"], c["specialty"].lower(), value])
            out.append((KEYS[key], value))
        elif key == "a":
            out.append(str(2026 - c["dob"][0]))
        elif key == "s":
            out.append(("sex", {"F": r.choice(["woman", "female"]), "M": r.choice(["man", "male"])}[c["patient"]["sex"]]))
        elif key:
            out.append(hand.other({"d": "date", "t": "other_phone", "o": "relative", "x": "relative"}[key]))
        honorific = {"F": "Ms. ", "M": "Mr. "}[c["patient"]["sex"]] + c["patient"]["family"]
        out.append(rest.replace("\0", r.choice(["She" if c["patient"]["sex"] == "F" else "He", honorific, "The patient"])))
    return out


def sentences(r, c, hand, kind, most):
    some = w.LETTER[kind][hand.half]
    out, seen = [], set()
    for sentence in r.sample(some, min(most, len(some))):
        keys = {key for key in KEYS if "{" + key + "}" in sentence}
        said = told(r, c, hand, sentence)
        if said and not keys & seen:
            out.append(said + [" "])
            seen |= keys
    return out


def body(r, c, hand):
    said = sentences(r, c, hand, "more", 6) + sentences(r, c, hand, "others", r.randint(1, 4))
    r.shuffle(said)
    return [told(r, c, hand, r.choice(w.LETTER["open"][hand.half])) + [" "]] + said


def signed(r, c, hand, page, y):
    doc = c["doctor"]
    page.put(.1, y, r.choice(w.LETTER["close"][hand.half]))
    y += .045
    page.put(.1, y, ("doctor", r.choice([f"{doc['given']} {doc['family']}, {c['credential']}", f"Dr. {doc['given']} {doc['family']}", f"{doc['given']} {doc['family']} {c['credential']}"])))
    for line in ([r.choice(["NPI ", "NPI: "]), hand.mark("npi")], [hand.mark("practice")], [r.choice(["Ph ", "Tel: ", "Office ", ""]), hand.mark("office_phone"), r.choice(["  Fax ", " / fax ", " F "]), hand.mark("office_fax")]):
        if r.random() < .6:
            y += .018
            page.put(.1, y, *line)


def letter(r, c, hand):
    page = Page()
    y, _ = top(r, hand, page, title=False)
    page.put(.1, y, hand.other("date"))
    y += .03
    if r.random() < .7:
        for line in (c["clinic"], ", ".join(c["clinic_address"][:3]), "Fax " + layouts.phone(r, c["clinic_fax"])):
            page.put(.1, y, line)
            y += .018
        y += .01
    if r.random() < .5:
        page.put(.1, y, r.choice(["RE: ", "Re: ", "Regarding "]), *facts(r, hand)[:3])
        y += .03
    page.put(.1, y, r.choice(["Dear Colleague,", "Dear Doctor,", "To whom it may concern:", f"Dear Dr. {c['specialist']['family']},", "Hello,"]))
    y += .03
    parts = body(r, c, hand)
    cut = r.randint(1, len(parts))
    for some in (parts[:cut], parts[cut:]):
        if some:
            y = page.flow(.1, y, *[part for sentence in some for part in sentence]) + .012
    signed(r, c, hand, page, y)
    return [page]


def note(r, c, hand):
    """A hurried message: no head, few capitals."""
    page = Page()
    y = .05
    if r.random() < .5:
        for line in (f"From: {hand.other('relative')} <{hand.other('other_email')}>", f"To: {hand.other('other_email')}", f"Date: {hand.other('date')}"):
            page.put(.08, y, line)
            y += .02
    page.put(.08, y, r.choice(["Hi,", "Good morning,", "Subject: referral", "Please schedule:", "New referral below"]))
    y += .03
    if r.random() < .5:
        page.put(.08, y, *facts(r, hand))
        y += .022
        for key in r.sample(["phone", "payer", "member", "asked", "reason", "address"], r.randint(3, 5)):
            page.put(.08, y, hand.label(key).lower() + r.choice([": ", " ", " - "]), hand.mark(key))
            y += .02
    else:
        for sentence in body(r, c, hand):
            y = page.flow(.08, y, *sentence)
    page.put(.08, y + .01, r.choice(["thx", "Thanks", "Thank you!"]))
    doc = c["doctor"]
    page.put(.08, y + .03, ("doctor", f"{doc['given']} {doc['family']}, {c['credential']}"))
    page.put(.08, y + .048, hand.mark("practice"), r.choice(["  ", ", "]), hand.mark("office_phone"))
    return [page]


LETTERS = [letter, letter, note]
