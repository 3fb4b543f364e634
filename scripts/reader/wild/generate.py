"""Makes unruly documents with known truth: `python3 -m wild.generate OUT [--seed 1] [--count 300] [--half 0|1]`, from `scripts/reader`.

Writes what `generate.py` of this folder's parent writes, and OUT/marks.jsonl: for each document, page and run the stretches of
characters of each field. Half 0 trains the model; half 1 has layouts, labels and sentences that are kept for measuring. Standard
library only; one seed gives one set."""

import argparse
import json
import pathlib
import random

from wild import clutter
from wild.forms import FORMS
from wild.letters import LETTERS
from wild.people import Hand, case
from wild.tables import TABLES

NAMES = {"name": "patient_name", "dob": "dob", "sex": "sex", "phone": "patient_phone", "email": "patient_email", "address": "patient_address", "doctor": "referring_provider_name", "npi": "referring_npi", "office_phone": "referring_phone", "office_fax": "referring_fax",
         "practice": "referring_org", "asked": "specialty_requested", "reason": "reason_text", "payer": "payer", "member": "member_id", "group": "group_no", "auth": "auth_number"}


def truth(c, hand, keys):
    who, doc = c["patient"], c["doctor"]
    street, town, state, zip5 = c["address"]
    full = {"name": {"family": who["family"], "given": who["given"]}, "dob": "%04d-%02d-%02d" % c["dob"], "sex": who["sex"], "phone": c["phone"], "email": c["email"], "address": f"{street}, {town}, {state} {zip5}", "doctor": f"{doc['given']} {doc['family']}, {c['credential']}",
            "npi": c["npi"], "office_phone": c["office_phone"], "office_fax": c["office_fax"], "practice": c["practice"], "asked": c["specialty"], "reason": c["reason"], "payer": c["payer"], "member": c["member"], "group": c["group"], "auth": c["auth"]}
    present = {field: full[key] for key, field in NAMES.items() if key in keys and full[key]}
    return {"fields": present, "absent": [field for field in NAMES.values() if field not in present], "unscored": ["icd10", "cpt", "urgency"], "provider_parts": {"family": doc["family"], "given": doc["given"]}}


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("out", type=pathlib.Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--count", type=int, default=300)
    ask.add_argument("--half", type=int, default=0)
    args = ask.parse_args()
    r = random.Random(f"wild-{args.seed}-{args.half}")
    (args.out / "pages").mkdir(parents=True, exist_ok=True)
    with open(args.out / "truth.jsonl", "w", encoding="utf-8") as truths, open(args.out / "marks.jsonl", "w", encoding="utf-8") as marks:
        for count in range(args.count):
            c = case(r, args.half)
            hand = Hand(r, c, args.half)
            make = r.choice([clutter.blank, clutter.blank, clutter.paper, clutter.paper, clutter.notes, clutter.scribble]) if r.random() < .28 else r.choice(FORMS[args.half] + LETTERS + (TABLES if args.half == 0 else []))
            level = "bad" if make is clutter.scribble else r.choice(["digital", "clean", "typical", "typical", "bad"])
            pages = make(r, c, hand)
            if r.random() < .7:
                clutter.lines(r, hand, pages[0])
            name = f"w{'ab'[args.half]}{count:04}"
            read = [page.sheet(r, level) for page in pages]
            keys = set().union(*(page.keys() for page in pages))
            row = {"file": name, "doc_type": "unknown" if make in (clutter.blank, clutter.paper, clutter.notes, clutter.scribble) else "referral", "layout": make.__name__, "level": level, "container": "pages", "pages": len(pages), "alts": {}, "soft": {}, "conflicts": [], "ignore": {}, "flags": [], **truth(c, hand, keys)}
            if make in (clutter.paper, clutter.notes):
                row.update({"unscored": row["unscored"] + row["absent"], "absent": []})
            source = {"container": "image", "sheets": [sheet for sheet, _ in read], "parts": [], "warnings": [], "locked": False}
            (args.out / "pages" / f"{name}.pages.json").write_text(json.dumps(source, ensure_ascii=False), encoding="utf-8")
            truths.write(json.dumps(row, ensure_ascii=False) + "\n")
            marks.write(json.dumps({"file": name, "marks": [[[[a, b, NAMES[key]] for a, b, key in run] for run in of] for _, of in read]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
