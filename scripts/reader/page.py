"""Pages of placed runs, and what a bad line does to them.

A page is what `keep_pages` writes of a read document: runs of text with a box and, where a picture was read, how sure each
character is. `damage` does to a page what fax machines and the recogniser do: letters mistaken for their look-alikes, spaces lost,
cells run together, boxes misread. Its rates were set by looking at pages that the recogniser had read."""

CHAR = 0.0098  # width of a character of 10 point type as a share of the page
LINE = 0.0165  # height of its line
ALIKE = {"0": "OD", "O": "0D", "1": "lI", "l": "1I", "I": "l1", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "Z": "2", "6": "G", "G": "6", "m": "rn", "e": "c", "c": "e", "n": "r", "a": "o", "o": "a", "h": "b",
         "E": "F", "V": "Y", "y": "v", "i": "l", "t": "f", "f": "t", "u": "v", "3": "8", "4": "A", "7": "1", "9": "g", "Q": "O", "K": "X"}
LEVELS = {"digital": None, "clean": (.0004, .001, .0004), "typical": (.003, .006, .002), "bad": (.018, .02, .012)}


class Page:
    def __init__(self):
        self.runs = []

    def put(self, x, y, text, size=1.0):
        """Puts text at a left edge and a line's middle; gives its right edge."""
        right = x + len(text) * CHAR * size
        if text.strip():
            self.runs.append([x, y, right, text, size])
        return right

    def sheet(self, r, level):
        rates = LEVELS[level]
        runs = self.runs if rates is None else joined(self.runs)
        skew = 0 if rates is None else r.uniform(-.002, .002)
        out = []
        for x, y, right, text, size in runs:
            sure = []
            if rates is not None:
                text, sure = damage(r, text, rates)
                if not text.strip():
                    continue
            y += skew * (x - .5) + (0 if rates is None else r.uniform(-.0012, .0012))
            height = LINE * size * .9
            right = min(right, .999)
            step = (right - x) / max(len(text), 1)
            out.append({"text": text, "area": [x, y - height / 2, right, y + height / 2], "edges": [x + step * i for i in range(len(text) + 1)], "sure": sure, "origin": "Print"})
        return {"runs": order(out)}


def order(runs):
    """Rows from the top, each from the left, as the reader of pages gives them."""
    runs.sort(key=lambda run: run["area"][1] + run["area"][3])
    out, row = [], []
    for run in runs:
        middle = (run["area"][1] + run["area"][3]) / 2
        if row and abs(middle - (row[0]["area"][1] + row[0]["area"][3]) / 2) >= .5 * min(run["area"][3] - run["area"][1], row[0]["area"][3] - row[0]["area"][1]):
            out += sorted(row, key=lambda run: run["area"][0])
            row = []
        row.append(run)
    return out + sorted(row, key=lambda run: run["area"][0])


def joined(runs):
    """Cells closer than an em are one to the recogniser."""
    out = []
    for run in sorted(runs, key=lambda run: (round(run[1], 3), run[0])):
        if out and abs(out[-1][1] - run[1]) < .002 and 0 <= run[0] - out[-1][2] < CHAR * .8:
            last = out[-1]
            last[3] += " " + run[3]
            last[2] = run[2]
        else:
            out.append(list(run))
    return out


def damage(r, text, rates):
    mistaken, unspaced, dropped = rates
    for box in ("[ ]", "[X]", "☐", "☒"):
        if box in text and r.random() < mistaken * 40:
            text = text.replace(box, {"[ ]": r.choice(["[]", "[ ]", "□", "[_]"]), "[X]": r.choice(["[×]", "[x]", "[X]", "☒"]), "☐": r.choice(["□", "[]", "☐"]), "☒": r.choice(["☒", "■", "[X]", "☑"])}[box], 1)
    out, sure = [], []
    for i, c in enumerate(text):
        if c == " ":
            if r.random() < unspaced and out and out[-1] != ":":
                continue
            out.append(c)
            sure.append(1.0)
        elif r.random() < mistaken and c in ALIKE:
            alike = r.choice(ALIKE[c]) if c != "m" else "rn"
            for a in alike:
                out.append(a)
                # The recogniser is often unsure where it errs, and now and then quite sure.
                sure.append(round(r.choice([r.uniform(.3, .8), r.uniform(.4, .9), r.uniform(.8, .99)]), 3))
        elif r.random() < dropped and not c.isalnum():
            continue
        else:
            out.append(c)
            low = r.random() < mistaken * 6
            sure.append(round(r.uniform(.5, .97), 3) if low else round(r.uniform(.985, 1.0), 3))
    return "".join(out), sure
