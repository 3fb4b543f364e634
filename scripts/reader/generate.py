"""Makes documents with known truth for training and measuring the reader: `generate.py OUT [--seed 1] [--each 20] [--half 0|1]`.

Writes OUT/pages/NAME.pages.json, as the example `keep_pages` does of real documents, and OUT/truth.jsonl. Half 0 has the layouts
and words that the reader may be trained on; half 1 has words, and some layouts, that are kept for measuring. Standard library only;
one seed gives one set."""

import argparse
import json
import pathlib
import random

import forms
import layouts
import letters
import page as paper
from people import case as invent

FORMS = {"lines": (layouts.lines, 2), "table": (layouts.table, 2), "captions": (layouts.captions, 2), "columns": (layouts.columns, 2), "order_print": (layouts.order_print, 2), "letter": (letters.letter, 2), "mail": (letters.mail, 2), "cover": (letters.cover, 2),
         "payer_form": (forms.payer_form, 2), "halves": (forms.halves, 2), "blank": (forms.blank, 2),
         # Kept out of training.
         "behind": (forms.behind, 1),
         "captions_below": (layouts.captions_below, 1), "heads": (layouts.heads, 1), "combs": (layouts.combs, 1), "numbered": (layouts.numbered, 1)}
KINDS = ["consult_report", "lab_result", "records_request", "auth_letter", "info_reply", "junk"]


def truth(case, shown):
    who, doc = case["patient"], case["doctor"]
    fields = {
        "patient_name": ("name", {"family": who["family"], "given": who["given"]}), "dob": ("dob", "%04d-%02d-%02d" % case["dob"]), "sex": ("sex", who["sex"]), "patient_phone": ("phone", case["phone"]), "patient_email": ("email", case["email"]),
        "patient_address": ("address", layouts.address(None, case["address"])), "referring_provider_name": ("doctor", f"{doc['given']} {doc['family']}, {case['credential']}"), "referring_npi": ("npi", case["npi"]), "referring_phone": ("office_phone", case["office_phone"]),
        "referring_fax": ("office_fax", case["office_fax"]), "referring_org": ("practice", case["practice"]), "specialty_requested": ("asked", case["specialty"]), "reason_text": ("reason", case["reason"]), "icd10": ("icd", case["icd"]), "cpt": ("cpt", case["cpt"]),
        "urgency": ("urgency", case["urgency"]), "payer": ("payer", case["payer"]), "member_id": ("member", case["member"]), "group_no": ("group", case["group"]), "auth_number": ("auth", case["auth"]),
    }
    present = {field: value for field, (key, value) in fields.items() if key in shown and value}
    absent = [field for field, (key, value) in fields.items() if key in shown and not value]
    return {"fields": present, "absent": absent, "unscored": [field for field in fields if field not in present and field not in absent],
            "provider_parts": {"family": doc["family"], "given": doc["given"]}}


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("out", type=pathlib.Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--each", type=int, default=20)
    ask.add_argument("--half", type=int, default=0)
    args = ask.parse_args()
    r = random.Random(f"{args.seed}-{args.half}")
    (args.out / "pages").mkdir(parents=True, exist_ok=True)
    jobs = [(key, make) for key, (make, halves) in FORMS.items() if halves == 2 or args.half == 1 for _ in range(args.each)]
    jobs += [(kind, None) for kind in KINDS for _ in range(max(args.each // 2, 1))]
    with open(args.out / "truth.jsonl", "w", encoding="utf-8") as file:
        for count, (key, make) in enumerate(jobs):
            case = invent(r)
            level = "digital" if key == "mail" else r.choice(["digital", "clean", "typical", "typical", "bad"])
            pages, shown = make(r, case, args.half) if make else letters.other(r, case, args.half, key)
            name = f"{'ab'[args.half]}{count:04}"
            told = truth(case, shown)
            if key == "blank":
                told.update({"absent": sorted([*told["fields"], *told["absent"]]), "fields": {}})
            row = {"file": name, "doc_type": ("unknown" if key in ("blank", "payer_form") else "referral") if make else key, "layout": key, "level": level, "container": "pages", "pages": len(pages), "alts": {}, "soft": {}, "conflicts": [], "ignore": {}, "flags": [], **told}
            if not make:
                row.update({"absent": [], "fields": {}, "unscored": list(told["fields"]) + told["absent"] + told["unscored"]})
            source = {"container": "image", "sheets": [each.sheet(r, level) for each in pages], "parts": [], "warnings": [], "locked": False}
            (args.out / "pages" / f"{name}.pages.json").write_text(json.dumps(source, ensure_ascii=False), encoding="utf-8")
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


main()
