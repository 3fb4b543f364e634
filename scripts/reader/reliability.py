"""Whether confidence means what it says: `reliability.py TRUTH.jsonl PRED.jsonl [--fields]`.

Puts every value that the reader gives into a class of confidence and prints, for each class, how many values there are, their
mean confidence and the share of them that is right; with --fields also, for each field, the share that is wrong at 0.9 or more.
TRUTH is what `generate.py` writes, PRED what `refdesk intake --dry-run --json` or `read_folder` prints. Where the truth says that a
value is absent, any value is wrong; where it says nothing, none is counted. Standard library only."""

import argparse
import collections
import json
import re
import unicodedata

EDGES = [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01]
LISTS = {"icd10", "cpt"}
# Of these, a value that shares most of its words with the truth says the same.
WORDY = {"reason_text", "patient_address", "referring_org", "payer", "specialty_requested"}
SUFFIX = {"md", "do", "np", "pa", "pac", "fnp", "fnpc", "aprn", "dnp", "cnm", "facp", "dr", "jr", "sr", "ii", "iii"}


def words(raw):
    plain = "".join(c for c in unicodedata.normalize("NFD", str(raw)) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", plain.lower().replace("'", "").replace(".", ""))


def name(raw):
    if isinstance(raw, dict):
        return words(raw.get("family", "")), words(raw.get("given", ""))
    kept = [w for w in words(raw) if w not in SUFFIX]
    return kept[-1:], kept[:-1]


def right(field, got, wanted, parts):
    if field == "patient_name":
        (a, b), (c, d) = name(got), name(wanted)
        return "".join(a) == "".join(c) and bool(b) and "".join(b).startswith("".join(d))
    if field == "referring_provider_name":
        said = words(got)
        return bool(said) and all(w in said for w in words(parts.get("family", ""))) and said[:1] != [] and words(parts.get("given", ""))[:1] == [w for w in said if w not in SUFFIX][:1]
    if field in WORDY:
        a, b = collections.Counter(words(got)), collections.Counter(words(wanted))
        shared = sum((a & b).values())
        return shared and 2 * shared / (sum(a.values()) + sum(b.values())) >= .6 or "".join(words(wanted)) in "".join(words(got))
    return "".join(words(got)) == "".join(words(wanted))


def judged(truth, fields):
    """Field, confidence and whether it is right, of every value given."""
    for field, item in fields.items():
        present, absent = truth["fields"].get(field), field in truth["absent"]
        if present is None and not absent or not item:
            continue
        if field in LISTS:
            wanted = {"".join(words(code)) for code in present or []}
            for one in item:
                yield field, one["confidence"], "".join(words(one["value"])) in wanted
            continue
        allowed = [present, *truth.get("alts", {}).get(field, [])]
        yield field, item["confidence"], present is not None and any(right(field, item["value"], one, truth.get("provider_parts", {})) for one in allowed)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("truth")
    ask.add_argument("predictions")
    ask.add_argument("--fields", action="store_true")
    args = ask.parse_args()
    with open(args.truth, encoding="utf-8") as file:
        truths = {row["file"]: row for row in map(json.loads, file)}
    classes, fields = collections.defaultdict(list), collections.defaultdict(collections.Counter)
    with open(args.predictions, encoding="utf-8") as file:
        for read in map(json.loads, file):
            truth = truths.get(read["file"])
            if truth is None or truth.get("segments"):
                continue
            for field, sure, good in judged(truth, read["fields"]):
                classes[max(edge for edge in EDGES if edge <= sure)].append((sure, good))
                fields[field]["given"] += 1
                fields[field]["sure"] += sure >= .9
                fields[field]["wrong"] += sure >= .9 and not good
    print("confidence      values   mean    right")
    for low, high in zip(EDGES, EDGES[1:]):
        rows = classes.get(low, [])
        if rows:
            print(f"{low:.2f} to {min(high, 1):.2f} {len(rows):8} {sum(sure for sure, _ in rows) / len(rows):7.3f} {sum(good for _, good in rows) / len(rows):8.3f}")
    everything = [row for rows in classes.values() for row in rows]
    sure = [good for confidence, good in everything if confidence >= .9]
    print(f"wrong at 0.9 or more: {len(sure) - sum(sure)} of {len(sure)} ({(len(sure) - sum(sure)) / max(len(sure), 1):.4f})")
    if args.fields:
        for field, count in sorted(fields.items()):
            print(f"{field:<26}{count['given']:6} given{count['sure']:6} sure{count['wrong']:4} wrong of these")


main()
