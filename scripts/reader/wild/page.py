"""Pages of placed runs in which it is written what each character is of: the field, or nothing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from page import ALIKE, CHAR, LEVELS, LINE, order  # noqa: E402


def plain(*parts):
    """Parts, texts or (key, text), as a list of (character, key)."""
    out = []
    for part in parts:
        key, text = part if isinstance(part, tuple) else (None, part)
        out += [(c, key) for c in str(text)]
    return out


class Page:
    def __init__(self):
        self.runs = []

    def put(self, x, y, *parts, size=1.0):
        """Puts parts at a left edge and a line's middle; gives the right edge."""
        marked = plain(*parts)
        while marked and marked[-1][0] == " ":
            marked.pop()
        if marked:
            self.runs.append([x, y, marked, size])
        return x + len(marked) * CHAR * size

    def flow(self, x, y, *parts, width=90, gap=.019):
        """Breaks parts into lines; gives the place of the next line."""
        line = []
        for word in split(plain(*parts)):
            if line and len(line) + len(word) + 1 > width:
                self.runs.append([x, y, line, 1.0])
                y, line = y + gap, word
            else:
                between = line[-1][1] if line and word[0][1] == line[-1][1] else None
                line = line + [(" ", between)] + word if line else word
        if line:
            self.runs.append([x, y, line, 1.0])
        return y + gap

    def keys(self):
        return {key for run in self.runs for _, key in run[2] if key}

    def sheet(self, r, level):
        """The page as the reader gets it, and for each run the stretches of its fields."""
        rates = LEVELS[level]
        skew = 0 if rates is None else r.uniform(-.002, .002)
        runs = self.runs if rates is None else joined(self.runs)
        out = []
        for x, y, marked, size in runs:
            right = min(x + len(marked) * CHAR * size, .999)
            sure = []
            if rates is not None:
                marked, sure = damage(r, marked, rates)
            text = "".join(c for c, _ in marked)
            if not text.strip():
                continue
            y += skew * (x - .5) + (0 if rates is None else r.uniform(-.0012, .0012))
            height, step = LINE * size * .9, (right - x) / max(len(text), 1)
            out.append({"text": text, "area": [x, y - height / 2, right, y + height / 2], "edges": [x + step * i for i in range(len(text) + 1)], "sure": sure, "origin": "Print", "marks": marks(marked)})
        out = order(out)
        return {"runs": [{key: value for key, value in run.items() if key != "marks"} for run in out]}, [run["marks"] for run in out]


def split(marked):
    word = []
    for c, key in marked:
        if c == " ":
            if word:
                yield word
            word = []
        else:
            word.append((c, key))
    if word:
        yield word


def joined(runs):
    """Cells closer than an em are one to the recogniser."""
    out = []
    for x, y, marked, size in sorted(runs, key=lambda run: (round(run[1], 3), run[0])):
        if out and abs(out[-1][1] - y) < .002:
            edge = out[-1][0] + len(out[-1][2]) * CHAR * out[-1][3]
            if 0 <= x - edge < CHAR * .8:
                out[-1][2] = out[-1][2] + [(" ", None)] + marked
                continue
        out.append([x, y, list(marked), size])
    return out


def damage(r, marked, rates):
    mistaken, unspaced, dropped = rates
    out, sure = [], []
    for c, key in marked:
        if c == " ":
            if r.random() < unspaced and out and out[-1][0] != ":":
                continue
            out.append((c, key))
            sure.append(1.0)
        elif r.random() < mistaken and c in ALIKE:
            for a in "rn" if c == "m" else r.choice(ALIKE[c]):
                out.append((a, key))
                sure.append(round(r.choice([r.uniform(.3, .8), r.uniform(.4, .9), r.uniform(.8, .99)]), 3))
        elif not c.isalnum() and r.random() < dropped:
            continue
        else:
            out.append((c, key))
            sure.append(round(r.uniform(.5, .97), 3) if r.random() < mistaken * 6 else round(r.uniform(.985, 1.0), 3))
    return out, sure


def marks(marked):
    """Stretches of one key: first character, one past the last, key."""
    out = []
    for at, (_, key) in enumerate(marked):
        if key is None:
            continue
        if out and out[-1][1] == at and out[-1][2] == key:
            out[-1][1] = at + 1
        else:
            out.append([at, at + 1, key])
    return out
