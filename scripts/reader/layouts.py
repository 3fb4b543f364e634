"""The layouts of referral forms. Each takes a random source, a case, the half of the words it may use (0: for training, 1: kept
for measuring) and gives pages. What a layout leaves out is taken out of the case's truth."""

from page import CHAR, Page
from words import BLOCKS, FOOTERS, LABELS, TITLES


def phone(r, digits):
    a, b, c = digits[:3], digits[3:6], digits[6:]
    return r.choice([f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"({a}){b}-{c}", f"{a} {b} {c}", f"1-{a}-{b}-{c}", f"{a}/{b}-{c}"])


MONTHS = "January February March April May June July August September October November December".split()


def date(r, day):
    y, m, d = day
    return r.choice([f"{m:02}/{d:02}/{y}", f"{m}/{d}/{y}", f"{m:02}-{d:02}-{y}", f"{m:02}/{d:02}/{y % 100:02}" if y < 2005 else f"{m:02}/{d:02}/{y}", f"{MONTHS[m - 1]} {d}, {y}", f"{MONTHS[m - 1][:3]} {d}, {y}", f"{d}-{MONTHS[m - 1][:3]}-{y}",
                     f"{y}-{m:02}-{d:02}", f"{m:02}.{d:02}.{y}"])


def name(r, who, form=False):
    given, family, middle = who["given"], who["family"], who["middle"]
    m = f" {middle}" if middle else ""
    return r.choice([f"{family}, {given}{m}", f"{family.upper()}, {given.upper()}{m}", f"{given}{m + '.' if m else ''} {family}", f"{given} {family}", f"{family},{given}"])


def doctor(r, case):
    d, c = case["doctor"], case["credential"]
    return r.choice([f"{d['given']} {d['family']}, {c}", f"Dr. {d['given']} {d['family']}", f"{d['family']}, {d['given']} {c}", f"{d['given']} {d['middle'] + '. ' if d['middle'] else ''}{d['family']} {c}", f"Dr. {d['given']} {d['family']}, {c}"])


def address(r, where):
    street, town, state, zip5 = where
    return f"{street}, {town}, {state} {zip5}"


def boxes(r, case, style, options=("Routine", "Urgent", "STAT")):
    on, off = {"brackets": ("[X]", "[ ]"), "squares": ("☒", "☐"), "paren": ("(X)", "( )"), "lines": ("_X_", "___")}[style]
    asked = None if case.get("blank") else {"routine": "Routine", "urgent": "Urgent", "stat": "STAT", "asap": "ASAP"}.get(case["urgency"])
    names = list(options) + (["ASAP"] if asked == "ASAP" else [])
    return [f"{on if n == asked else off} {n}" for n in names]


class Form:
    """Values in the shapes that one form's hand gives them."""

    def __init__(self, r, case, half):
        self.r, self.case, self.half = r, case, half
        self.label = {key: r.choice(words[half]) for key, words in LABELS.items()}
        self.mark = r.choice(["[X]", "☒", "(X)"])
        self.style = r.choice(["brackets", "squares", "brackets", "paren"])
        self.value = {
            "name": name(r, case["patient"]), "dob": date(r, case["dob"]), "sex": self.sex(), "phone": phone(r, case["phone"]), "email": case["email"] or "", "address": address(r, case["address"]),
            "doctor": doctor(r, case), "npi": case["npi"], "practice": case["practice"] if r.random() < .8 else case["practice"].upper(), "office_phone": phone(r, case["office_phone"]), "office_fax": phone(r, case["office_fax"]),
            "asked": case["asked"], "reason": case["reason"], "icd": r.choice([", ", "; ", " / "]).join(case["icd"]), "cpt": ", ".join(case["cpt"]), "payer": case["payer"], "member": case["member"], "group": case["group"] or "", "auth": case["auth"] or "",
            "urgency": (case["urgency"] or "").upper() if r.random() < .5 else (case["urgency"] or "").capitalize(),
        }
        if case.get("blank"):
            self.value = dict.fromkeys(self.value, "")
        self.shown = set()

    def sex(self):
        sex = self.case["patient"]["sex"]
        return self.r.choice([sex, {"F": "Female", "M": "Male"}.get(sex, ""), {"F": "FEMALE", "M": "MALE"}.get(sex, "")])

    def text(self, key):
        self.shown.add(key)
        return self.value[key]

    def title(self, key):
        return self.r.choice(BLOCKS[key][self.half])

    def head(self, page, own):
        """The head of the page: the clinic's own (a form that it hands out) or the sender's."""
        r, case = self.r, self.case
        x = r.choice([.07, .3])
        if own or case.get("blank"):
            page.put(x, .045, case["clinic"], 1.3)
            page.put(x, .065, f"{address(r, case['clinic_address'])}")
            page.put(x, .082, r.choice(["Phone: {} Fax: {}", "P {} | F {}", "Tel {}  Fax {}"]).format(phone(r, case["clinic_phone"]), phone(r, case["clinic_fax"])))
        else:
            page.put(x, .045, case["practice"], 1.3)
            page.put(x, .065, address(r, case["practice_address"]))
            self.shown |= {"practice"}
        page.put(r.choice([.07, .36]), .112, r.choice(TITLES[self.half]), 1.2)
        return .14

    def distract(self, page, y):
        """People and dates of others, as forms hold them."""
        r, case = self.r, self.case
        lines = [f"Emergency contact: {name(r, case['relative'])}  Phone: {phone(r, case['relative_phone'])}", f"PCP (if different): {case['pcp']['given']} {case['pcp']['family']}, MD", f"Date: {date(r, (2026, r.randint(1, 12), r.randint(1, 28)))}",
                 f"Last office visit: {date(r, (2026, r.randint(1, 9), r.randint(1, 28)))}", f"Policy holder: {name(r, case['relative'])}  DOB: {date(r, (1950, 3, 9))}", f"Pharmacy: Walgreens  Phone: {phone(r, case['relative_phone'])}", "Interpreter needed: No", "Height: 5'7\"   Weight: 172 lb"]
        for line in r.sample(lines, r.randint(1, 4)):
            page.put(.07, y, line.split(":")[0] + ": __________" if case.get("blank") else line)
            y += .024
        return y

    def foot(self, page):
        page.put(.07, .955, self.r.choice(FOOTERS), .8)


ORDER = [("patient", ["name", "dob", "sex", "phone", "email", "address"]), ("referrer", ["doctor", "npi", "practice", "office_phone", "office_fax"]), ("insurance", ["payer", "member", "group", "auth"]), ("request", ["asked", "reason", "icd", "cpt"])]


def rows(form, keys, wide=("reason", "address", "practice")):
    """Keys in rows of one to three, long ones alone."""
    out, row = [], []
    for key in keys:
        if key in wide:
            out += [row] if row else []
            out.append([key])
            row = []
        else:
            row.append(key)
            if len(row) >= form.r.choice([1, 2, 2, 3]):
                out.append(row)
                row = []
    return out + ([row] if row else [])


def urgency(form, page, y):
    r = form.r
    if r.random() < .15:
        x = page.put(.07, y, form.label["urgency"] + ":") + .01
        page.put(x, y, form.text("urgency"))
    else:
        x = page.put(.07, y, form.label["urgency"] + (":" if r.random() < .8 else "")) + .02
        form.shown.add("urgency")
        for box in boxes(r, form.case, form.style):
            x = page.put(x, y, box) + r.choice([.02, .04])
    return y + .027


def lines(r, case, half):
    """Labels with a colon and the value behind, one to three on a line, under headings."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .5)
    gap = r.choice([.022, .026, .03])
    ruled = r.random() < .25
    for block, keys in ORDER:
        page.put(.07, y, form.title(block), 1.05)
        y += gap
        for row in rows(form, keys):
            x = .07
            for key in row:
                value = form.text(key)
                colon = r.choice([":", ":", ": "])
                text = f"{form.label[key]}{colon} {value}" if not ruled or value else f"{form.label[key]}{colon} ______________"
                x = page.put(x, y, text) + r.choice([.02, .03, .06])
            y += gap
        y += .008
    y = urgency(form, page, y)
    form.distract(page, y)
    form.foot(page)
    return [page], form.shown


def table(r, case, half):
    """A ruled table: a cell with the label, a cell with the value; two or four columns."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .5)
    four = r.random() < .5
    label_x = [(.07, .27), (.54, .72)] if four else [(.08, r.choice([.3, .36]))]
    gap = r.choice([.024, .028])
    colon = r.choice(["", "", ":"])
    for block, keys in ORDER:
        if r.random() < .8:
            page.put(.08, y, form.title(block))
            y += gap
        at = 0
        for key in keys:
            long = key in ("address", "reason", "practice")
            if long and at:
                at = 0
                y += gap
            lx, vx = label_x[at]
            page.put(lx, y, form.label[key] + colon)
            page.put(vx, y, form.text(key))
            at = 0 if long else (at + 1) % len(label_x)
            y += gap if at == 0 else 0
        y += gap if at else 0
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def captions(r, case, half, below=False):
    """A grid of cells with a small caption above its value, or on a line beneath it."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .6)
    for block, keys in ORDER:
        page.put(.07, y, form.title(block))
        y += .026
        for row in rows(form, keys):
            places = {1: [.07], 2: [.07, .5], 3: [.07, .39, .68]}[len(row)]
            top, bottom = (0, .016) if not below else (.017, 0)
            for x, key in zip(places, row):
                page.put(x, y + top, form.label[key], .75)
                page.put(x, y + bottom, form.text(key))
            y += .039
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def captions_below(r, case, half):
    return captions(r, case, half, True)


def columns(r, case, half):
    """Two blocks side by side."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .5)
    pairs = [(ORDER[0], ORDER[1]), (ORDER[2], ORDER[3])]
    mark = r.choice([":", ":", ""])
    for pair in pairs:
        depth = y
        for x, (block, keys) in zip((.06, .53), pair):
            down = y
            page.put(x, down, form.title(block))
            down += .025
            for key in keys:
                value = form.text(key)
                if key in ("address",) and not case.get("blank"):
                    street, town, state, zip5 = case["address"]
                    page.put(x, down, f"{form.label[key]}{mark} {street}")
                    down += .02
                    page.put(x + .1, down, f"{town}, {state} {zip5}")
                elif key == "reason" and len(value) > 30:
                    page.put(x, down, form.label[key] + mark)
                    down += .02
                    half_way = value.rfind(" ", 0, 38)
                    page.put(x, down, value[:half_way])
                    down += .02
                    page.put(x, down, value[half_way + 1:])
                elif mark:
                    page.put(x, down, f"{form.label[key]}{mark} {value}")
                else:
                    page.put(x, down, form.label[key])
                    page.put(x + .19, down, value[:26])
                    if len(value) > 26 and key not in ("icd", "cpt"):
                        form.shown.discard(key)
                down += .024
            depth = max(depth, down)
        y = depth + .015
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def heads(r, case, half):
    """Tables with a head row: several labels, and beneath them the values."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .4)
    groups = [["name", "dob", "sex", "phone"], ["address"], ["payer", "member", "group"], ["doctor", "npi", "office_phone", "office_fax"], ["practice"], ["asked", "icd", "cpt"], ["reason"], ["auth", "email"]]
    for keys in groups:
        places = [.06 + i * (.9 / len(keys)) for i in range(len(keys))]
        for x, key in zip(places, keys):
            page.put(x, y, form.label[key])
        y += .022
        for x, key in zip(places, keys):
            page.put(x, y, form.text(key)[: int(.88 / len(keys) / CHAR)])
            if len(form.text(key)) > int(.88 / len(keys) / CHAR):
                form.shown.discard(key)
        y += .03
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def combs(r, case, half):
    """Boxes for single characters."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, True)
    gap = r.choice([" ", "  "])
    y0, m0, d0 = case["dob"]
    form.value["dob"] = " / ".join([gap.join(f"{m0:02}"), gap.join(f"{d0:02}"), gap.join(str(y0))]) if r.random() < .5 else gap.join(f"{m0:02}{d0:02}{y0}")
    for key in ("npi", "member", "group"):
        form.value[key] = gap.join(form.value[key])
    for key, digits in (("phone", case["phone"]), ("office_phone", case["office_phone"]), ("office_fax", case["office_fax"])):
        form.value[key] = r.choice(["( {} ) {} - {}", "{} - {} - {}"]).format(gap.join(digits[:3]), gap.join(digits[3:6]), gap.join(digits[6:]))
    if r.random() < .4:
        form.value["name"] = gap.join(case["patient"]["family"].upper()) + "   " + gap.join(case["patient"]["given"].upper())
        form.shown.discard("name")
    for block, keys in ORDER:
        page.put(.07, y, form.title(block))
        y += .025
        for key in keys:
            value = form.text(key)
            page.put(.07, y, form.label[key])
            if key == "name" and "   " in value:
                form.shown.discard("name")
            page.put(.33, y, value)
            y += .026
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def numbered(r, case, half):
    """Numbered items down the page."""
    form, page = Form(r, case, half), Page()
    y = form.head(page, r.random() < .7)
    count = 1
    for block, keys in ORDER:
        if r.random() < .5:
            page.put(.07, y, form.title(block))
            y += .025
        for key in keys:
            page.put(.07, y, f"{count}. {form.label[key]}{r.choice([':', ':', ' -', ''])} " + ("" if r.random() < .2 else "") + form.text(key) if r.random() < .7 else f"{count}) {form.label[key]}: {form.text(key)}")
            count += 1
            y += .024
    y = urgency(form, page, y)
    form.distract(page, y)
    return [page], form.shown


def order_print(r, case, half):
    """What a record system prints of an order."""
    form, page = Form(r, case, half), Page()
    who = case["patient"]
    y0, m0, d0 = case["dob"]
    page.put(.06, .035, case["practice"], 1.1)
    page.put(.06, .052, address(r, case["practice_address"]))
    page.put(.06, .068, f"Phone: {phone(r, case['office_phone'])}   Fax: {phone(r, case['office_fax'])}")
    page.put(.06, .1, f"{who['family']}, {who['given']} {who['middle']}".strip(), 1.2)
    page.put(.06, .118, r.choice([f"MRN: {r.randint(10**6, 10**7)}   DOB: {m0}/{d0}/{y0}   Sex: {who['sex']}   Age: {2026 - y0} yrs", f"DOB {m0:02}/{d0:02}/{y0} ({2026 - y0} yo {'female' if who['sex'] == 'F' else 'male'})   MRN {r.randint(10**6, 10**7)}"]))
    page.put(.06, .136, f"{address(r, case['address'])}   {r.choice(['H', 'Home', 'Cell'])}: {phone(r, case['phone'])}")
    form.shown |= {"name", "dob", "sex", "phone", "practice", "office_phone", "office_fax"}
    y = .17
    page.put(.06, y, r.choice([f"Ambulatory Referral to {case['specialty']}", f"Referral Order: {case['specialty']}", f"External Referral - {case['specialty']} (Order #{r.randint(10**7, 10**8)})"]), 1.15)
    form.shown.add("asked")
    y += .03
    for label, key in (("Ordering provider", "doctor"), ("NPI", "npi"), ("Priority", "urgency"), ("Reason for referral", "reason"), ("Diagnosis", "icd"), ("Procedure", "cpt"), ("Primary insurance", "payer"), ("Subscriber ID", "member"), ("Group", "group"), ("Authorization number", "auth")):
        value = form.value[key]
        if key == "icd":
            value = "; ".join(f"{r.choice(['Disorder', 'Symptom', 'Finding'])} [{c}]" for c in case["icd"])
        if value:
            page.put(.06, y, f"{label}:")
            page.put(.3, y, value)
            form.shown.add(key)
        else:
            form.shown.add(key)
        y += .022
    page.put(.06, y + .01, f"Order date: {date(r, (2026, 10, r.randint(1, 28)))}   Expires: {date(r, (2027, 10, 1))}   Class: External")
    page.put(.06, y + .032, f"Electronically signed by {case['doctor']['given']} {case['doctor']['family']}, {case['credential']} on 10/{r.randint(10, 28)}/2026 at 4:12 PM")
    return [page], form.shown
