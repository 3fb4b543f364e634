"""Scores what the reader makes of the documents of a folder against a table of truth: `score_real.py TRUTH.csv PRED.jsonl...`.

TRUTH.csv has the columns file, field, value, match; a prediction is a line of `refdesk intake --dry-run --json`. Reports, by the
document's folder, F1 of the fields that both know, values given where the table says that there is none, and kinds.
Standard library only."""
import collections
import csv
import json
import re
import sys

FIELDS = {"dob": "dob", "sex": "sex", "patient_phone": "patient_phone", "patient_email": "patient_email", "insurance_id": "member_id", "group": "group_no", "payer": "payer", "referrer_name": "referring_provider_name",
          "referrer_npi": "referring_npi", "referrer_org": "referring_org", "referrer_phone": "referring_phone", "referrer_fax": "referring_fax", "service": "specialty_requested", "dx_code": "icd10", "urgency": "urgency",
          "patient_first": "patient_name", "patient_last": "patient_name", "auth_number": "auth_number"}


def squash(raw):
    return re.sub(r"[^a-z0-9]", "", str(raw).lower())


def given(fields, name):
    item = fields.get(FIELDS[name])
    if name == "service" and not item:
        item = fields.get("service_requested")
    if isinstance(item, list):
        return [squash(x.get("value", x) if isinstance(x, dict) else x) for x in item], min([x.get("confidence", 1) for x in item if isinstance(x, dict)] or [1])
    if not item:
        return [], 0
    value, confidence = item.get("value"), item.get("confidence", 1)
    if isinstance(value, list):
        return [squash(x.get("value", x) if isinstance(x, dict) else x) for x in value], confidence
    if isinstance(value, dict):
        return [squash(value["given"] if name == "patient_first" else value["family"])], confidence
    return [squash(value)], confidence


def right(name, got, wanted, fields):
    wanted = [squash(x) for x in wanted]
    if name in ("patient_phone", "referrer_phone", "referrer_fax"):
        return any(g and (g.endswith(re.sub(r"\D", "", w)) or w.endswith(g)) for g in got for w in wanted)
    if name == "sex":
        return any(g[:1] == w[:1] for g in got for w in wanted) or got == ["x"] and wanted == ["other"]
    if name == "dx_code":
        return set(got) == set(wanted)
    if name in ("patient_first", "service", "payer", "referrer_name", "referrer_org", "patient_last"):
        also = squash((fields.get("service_requested") or {}).get("value", "")) if name == "service" else ""
        return any(g and (w in g or g in w) or w in also for g in got + [""] for w in wanted)
    return any(g == w for g in got for w in wanted)


def main():
    truth = collections.defaultdict(lambda: collections.defaultdict(list))
    kinds = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["field"] == "doc_class":
                kinds[row["file"]] = row["value"]
            elif row["field"] in FIELDS:
                truth[row["file"]][row["field"]].append((row["value"], row["match"]))
    tally = collections.defaultdict(collections.Counter)
    by_base = collections.defaultdict(list)
    for name in kinds:
        by_base[name.rsplit("/", 1)[-1]].append(name)
    for path in sys.argv[2:]:
        folder = next((x for x in ("fax", "pdf", "eml", "letters") if f"real_{x}" in path), None)
        for line in open(path, encoding="utf-8"):
            read = json.loads(line)
            names = [n for n in by_base[read["file"]] if folder is None or n.startswith(folder + "/")]
            if not names:
                continue
            name, fields = names[0], read["fields"]
            count = tally[name.split("/")[0]]
            count["documents"] += 1
            referral = kinds[name] == "referral"
            count["referral taken for something else"] += referral and read["doc_type"] not in ("referral", "unknown")
            count["taken for a referral by mistake"] += not referral and read["doc_type"] == "referral"
            print(f"{name}: {kinds[name]} -> {read['doc_type']}")
            for field, rows in truth[name].items():
                values = [v for v, match in rows if match != "absent"]
                got, sure = given(fields, field)
                if field == "urgency" and values == ["unknown"]:
                    values = []
                if not values:
                    if got:
                        count["invented"] += 1
                        count["given"] += 1
                        print(f"  invented {field}: {got} ({sure:.2f})")
                    continue
                count["present"] += 1
                if not got:
                    print(f"  missed {field}: {values}")
                    continue
                count["given"] += 1
                if right(field, got, values, fields):
                    count["right"] += 1
                else:
                    count["wrong at 0.9 or more"] += sure >= .9
                    print(f"  wrong {field}: {got} ({sure:.2f}) for {values}")
    for folder, count in tally.items():
        precision, recall = count["right"] / max(count["given"], 1), count["right"] / max(count["present"], 1)
        print(folder, f"F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}", f"invented {count['invented'] / max(count['given'], 1):.3f}", dict(count))


main()
