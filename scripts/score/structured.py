#!/usr/bin/env python3
"""Scores what `refdesk intake --dry-run --json` read against a table of truths.

    structured.py REFDESK CORPUS [CATEGORY|FILE ...] [--errors]

CORPUS holds truth.csv (file,field,value,match,note; several rows with one field are a set) and the files that it names; a file
is told by how its path begins. For each category, what the table notes as handwriting apart: the fields' precision, recall and F1, the values invented (given where the
table says that the page has none, as a share of all values given), the documents whose kind was told, referrals taken for
something else, and other documents taken for referrals. Standard library only.
"""
import collections
import csv
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

# The truth's field: where the prediction stands, and which part of it counts.
FIELDS = {
    "patient_first": ("patient_name", "given"),
    "patient_last": ("patient_name", "family"),
    "dob": ("dob", None),
    "sex": ("sex", None),
    "mrn": ("mrn", None),
    "patient_phone": ("patient_phone", None),
    "patient_email": ("patient_email", None),
    "referrer_name": ("referring_provider_name", None),
    "referrer_org": ("referring_org", None),
    "referrer_npi": ("referring_npi", None),
    "referrer_phone": ("referring_phone", None),
    "referrer_fax": ("referring_fax", None),
    "provider_id": ("provider_id", None),
    "referred_to": ("referred_to", None),
    "service": ("service_requested", None),
    "dx_code": ("icd10", None),
    "urgency": ("urgency", None),
    "payer": ("payer", None),
    "insurance_id": ("member_id", None),
    "group": ("group_no", None),
    "plan": ("plan", None),
    "referral_id": ("referral_id", None),
    "auth_number": ("auth_number", None),
    "appt_id": ("appt_id", None),
    "appt_start": ("appt_start", None),
    "appt_status": ("appt_status", None),
    "elig_status": ("elig_status", None),
    "aaa_code": ("aaa_code", None),
    "copay_in_network": ("copay", None),
}
# Kinds under another name.
KINDS = {
    "consult_report": {"clinical_document", "referral_response"},
    "lab_result": {"clinical_document"},
    "demographic_update": {"demographic_update", "coverage"},
    "communication": {"communication", "task", "attachment"},
    "malformed": {"malformed", "hostile"},
    "unknown": {"hostile", "malformed"},
}
SEX = {"male": "M", "female": "F", "other": "X"}
APPOINTMENT = {"deleted": "cancelled", "no_show": "no-show", "accepted": "booked"}


def plain(text):
    text = "".join(c for c in unicodedata.normalize("NFD", str(text)) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def agrees(field, match, truth, found):
    if field == "sex":
        return SEX.get(truth, truth) == found
    if field == "appt_status":
        return APPOINTMENT.get(truth, truth) == found
    if match == "digits":
        digits = [re.sub(r"\D", "", text) for text in (truth, found)]
        return digits[0].lstrip("1") == digits[1].lstrip("1")
    if match == "alnum":
        return plain(truth).replace(" ", "") == plain(found).replace(" ", "")
    if match == "contains" or field in ("patient_first", "referrer_name", "referred_to"):
        wanted = plain(truth).split()
        return all(word in plain(found).split() for word in wanted) or plain(truth) in plain(found)
    if match == "number":
        return float(truth) == float(found)
    if field == "appt_start":
        return found[:16] == truth[:16]
    return plain(truth) == plain(found)


def values(read, name):
    """Every candidate of a field as text parts."""
    found = read.get("fields", {}).get(name)
    if found is None:
        return []
    value = found.get("value") if isinstance(found, dict) else found
    many = value if isinstance(value, list) else [value]
    return [each.get("value", each) if isinstance(each, dict) else each for each in many]


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    errors = "--errors" in sys.argv
    refdesk, corpus, only = arguments[0], Path(arguments[1]), tuple(arguments[2:])
    truths = collections.defaultdict(lambda: collections.defaultdict(list))
    by_hand = set()
    for row in csv.DictReader((corpus / "truth.csv").open(encoding="utf-8")):
        if not only or row["file"].startswith(only):
            truths[row["file"]][row["field"]].append((row["value"], row["match"]))
            if row["note"].startswith("handwriting"):
                by_hand.add(row["file"])
    count = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as data:
        for file, fields in sorted(truths.items()):
            category = file.split("/")[0] + (" by hand" if file in by_hand else "")
            out = subprocess.run(
                [refdesk, "--data", data, "--json", "intake", "--dry-run", str(corpus / file)],
                capture_output=True, text=True, check=False,
            )
            if re.search(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", out.stdout):
                count[category]["control bytes"] += 1
            lines = out.stdout.splitlines()
            read = json.loads(lines[0]) if lines else {}
            score(file, fields, read, count[category], errors)
    for category, c in sorted(count.items()):
        tp, fp, fn = c["tp"], c["fp"], c["fn"]
        invented = f"{c['invented']} of {c['given']} ({c['invented'] / max(c['given'], 1):.4f})"
        f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0
        print(
            f"{category:12} documents {c['documents']:3}  F1 {f1:.3f} (right {tp}, wrong {fp}, not found {fn})"
            f"  invented {invented}  kind {c['kind']}/{c['documents']}"
            f"  referrals lost {c['lost']}  made of others {c['made']}  control bytes {c['control bytes']}"
        )


def score(file, fields, read, c, errors):
    c["documents"] += 1
    kind, truth = read.get("doc_type"), fields["doc_class"][0][0]
    if kind == truth or truth in KINDS.get(kind, ()):
        c["kind"] += 1
    elif errors:
        print(f"{file}: kind {kind}, is {truth}")
    c["lost"] += truth == "referral" and kind != "referral"
    c["made"] += truth != "referral" and kind == "referral"
    for field, rows in fields.items():
        if field not in FIELDS:
            continue
        name, part = FIELDS[field]
        found = [each.get(part, "") if isinstance(each, dict) else each for each in values(read, name)]
        wanted = [row for row in rows if row[1] != "absent"]
        if not wanted:
            c["fp"] += bool(found)
            c["given"] += bool(found)
            c["invented"] += bool(found)
            if found and errors:
                print(f"{file}: {field} is absent, read {found}")
            continue
        c["given"] += bool(found)
        if [row[0] for row in wanted] == ["unknown"]:
            c["invented"] += bool(found)
            if not found:
                continue
        for value, match in wanted:
            if any(agrees(field, match, value, each) for each in found):
                c["tp"] += 1
            elif found and len(wanted) == 1:
                c["fp"] += 1
                c["fn"] += 1
                if errors:
                    print(f"{file}: {field} is {value!r}, read {found}")
            else:
                c["fn"] += 1
                if errors:
                    print(f"{file}: {field} {value!r} was not found, read {found}")


if __name__ == "__main__":
    main()
