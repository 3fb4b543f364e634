#!/usr/bin/env python3
"""What each part of the reader is worth, in one run: the whole reader, rules only, and both with tesseract in place of the built-in
recogniser.

    compare.py CORPUS [--bin target/release] [--work DIR] [--generated DIR ...] [--no-end] [--only fax ...]

CORPUS holds fax/ (with truth.jsonl and score.py) and real/ (with truth.csv). Needs the program and its examples, built with
`cargo build --release --bins --examples`; tesseract is used where it is on the machine. Each document's pages are read once and kept
in DIR (a second run takes them from there); fields are then read in every way. Unless --no-end, the program itself reads everything
once more, end to end, and its processor seconds are told. --generated takes folders that `scripts/reader` makes. Standard library
only.
"""
import argparse
import importlib.util
import json
import os
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REAL = ["fax", "pdf", "eml", "letters"]
WAYS = [("whole reader", "own", []), ("rules only", "own", ["--rules-only"]), ("tesseract", "tesseract", []), ("tesseract, rules only", "tesseract", ["--rules-only"])]


def seconds(run):
    """What a call gives, and the processor seconds of the processes that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def documents(folder):
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix not in (".py", ".md", ".jsonl", ".csv"))


def keep(args, folder, out):
    """Opens documents and keeps their pages; processor seconds of those that were not kept yet, and their pages."""
    out.mkdir(parents=True, exist_ok=True)
    ran, spent = seconds(lambda: subprocess.run([args.bin / "examples/keep_pages", out, *documents(folder)], check=True, capture_output=True, text=True))
    pages = sum(int(line.split("\t")[1]) for line in ran.stdout.splitlines() if "\t" in line)
    return spent, pages


def picture(args, document, page, shot):
    """A page as the reader's recogniser saw it, as a PGM; none where it cannot be drawn."""
    order = f"{page} {shot['number']} {shot['turn']} ./{document.name}"
    handed = struct.pack("<II", 0, 0) + document.read_bytes()
    drawn = subprocess.run([args.bin / "refdesk", "__draw", order], input=handed, capture_output=True, check=False, env={"REFDESK_CORES": "1"})
    at = drawn.stdout.find(b"P5 ")
    return drawn.stdout[at:] if at >= 0 else None


def lines(tsv, wide, high):
    """tesseract's words as runs: the words of a line, parted where the gap between them is wide."""
    runs, last = [], None
    for row in tsv.splitlines()[1:]:
        cells = row.split("\t", 11)
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip() or float(cells[10]) < 0:
            continue
        key, text = cells[1:5], cells[11].strip()
        left, top, width, height = map(int, cells[6:10])
        if not (last and last[0] == key and left - last[1] < 1.3 * height):
            runs.append({"text": "", "area": [left / wide, top / high, 0, 0], "edges": [], "sure": [], "origin": "Print"})
        run = runs[-1]
        if run["text"]:
            run["text"] += " "
            run["edges"].append(run["area"][2])
            run["sure"].append(1.0)
        run["edges"] += [(left + width * i / len(text)) / wide for i in range(len(text))]
        run["sure"] += [float(cells[10]) / 100] * len(text)
        run["text"] += text
        run["area"] = [run["area"][0], min(run["area"][1], top / high), (left + width) / wide, max(run["area"][3], (top + height) / high)]
        last = (key, left + width)
    for run in runs:
        run["edges"].append(run["area"][2])
    return in_order(runs)


def in_order(runs):
    """Rows from the top, each from the left."""
    middle = lambda run: (run["area"][1] + run["area"][3]) / 2
    out, row = [], []
    for run in sorted(runs, key=middle):
        if row and abs(middle(run) - middle(row[0])) >= .5 * min(run["area"][3] - run["area"][1], row[0]["area"][3] - row[0]["area"][1]):
            out += sorted(row, key=lambda run: run["area"][0])
            row = []
        row.append(run)
    return out + sorted(row, key=lambda run: run["area"][0])


def other(args, folder, own, out):
    """The kept pages with tesseract's words in place of the recogniser's; processor seconds and pictured pages."""
    out.mkdir(parents=True, exist_ok=True)
    spent = pages = 0
    for document in documents(folder):
        kept, to = own / f"{document.name}.pages.json", out / f"{document.name}.pages.json"
        if to.exists() or not kept.exists():
            continue
        source = json.loads(kept.read_text(encoding="utf-8"))
        for page, sheet in enumerate(source["sheets"], 1):
            drawn = picture(args, document, page, sheet["shot"]) if sheet.get("shot") else None
            if drawn is None:
                continue
            wide, high = map(int, drawn.split(b"\n", 1)[0].split()[1:3])
            with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
                file.write(drawn)
                file.flush()
                read, took = seconds(lambda: subprocess.run(["tesseract", file.name, "-", "--dpi", "200", "--psm", "4", "tsv"], capture_output=True, text=True, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"}))
            spent, pages = spent + took, pages + 1
            sheet["runs"] = lines(read.stdout, wide, high)
        to.write_text(json.dumps(source, ensure_ascii=False), encoding="utf-8")
    return spent, pages


def scorer(corpus):
    spec = importlib.util.spec_from_file_location("fax_score", corpus / "fax/score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faxes(score, truth, predictions, name):
    """A line for all documents of a set with truth.jsonl, and one for each level of damage."""
    truths = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    read = {row["file"]: row for row in map(json.loads, predictions)}
    groups = {}
    for one in truths:
        got = read.get(one["file"], {"fields": {}})
        told = score.Tally()
        for unit, fields in score.units(one, got):
            for tally in score.score_unit(unit, fields, [], "")[0].values():
                told.add(tally)
        for key in ("", one["level"]):
            tally, count, kinds = groups.setdefault(key, (score.Tally(), [0], [0]))
            tally.add(told)
            count[0] += 1
            kinds[0] += got.get("doc_type") == one["doc_type"]
    for key in sorted(groups):
        tally, count, kinds = groups[key]
        row(f"{name} {key}".strip(), count[0], tally.prf()[2], tally.cw, tally.conf, tally.fill, tally.given, f"{kinds[0] / count[0]:.3f}")


def row(name, count, f1, wrong, sure, invented, given, kinds=""):
    print(f"  {name:<22}{count:6}{f1:8.3f}{wrong:9} of {sure:<6}{100 * wrong / max(sure, 1):6.2f}%{invented:9} of {given:<6}{100 * invented / max(given, 1):6.2f}%  {kinds}")


def real(corpus, files):
    """Lines of score_real.py."""
    ran = subprocess.run([sys.executable, HERE.parent / "reader/score_real.py", corpus / "real/truth.csv", *files], capture_output=True, text=True, check=True)
    for line in ran.stdout.splitlines():
        told = re.match(r"(\w+) F1 ([\d.]+) invented [\d.]+ (\{.*)", line)
        if told and "'given'" in line:
            count = json.loads(told[3].replace("'", '"'))
            row(f"real {told[1]}", count["documents"], float(told[2]), count.get("wrong at 0.9 or more", 0), count["given"], count.get("invented", 0), count["given"])


def end_to_end(args, corpus, sets):
    """The program itself, as a clinic runs it: processor seconds and time for each document."""
    print("\nend to end, the program itself:")
    with tempfile.TemporaryDirectory() as data:
        for name, folder in sets:
            started = time.monotonic()
            files = documents(folder)
            ran, spent = seconds(lambda: subprocess.run([args.bin / "refdesk", "--data", data, "--json", "intake", "--dry-run", *files], capture_output=True, text=True, check=False))
            took = time.monotonic() - started
            print(f"  {name:<22}{len(files):6} documents, {len(ran.stdout.splitlines())} answers, {spent / len(files):.2f} processor seconds and {took / len(files):.2f} s each")
            if name == "fax":
                faxes(scorer(corpus), corpus / "fax/truth.jsonl", ran.stdout.splitlines(), name)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("corpus", type=Path)
    ask.add_argument("--bin", type=Path, default=Path("target/release"))
    ask.add_argument("--work", type=Path)
    ask.add_argument("--generated", type=Path, nargs="*", default=[])
    ask.add_argument("--no-end", action="store_true")
    ask.add_argument("--only", nargs="*")
    args = ask.parse_args()
    args.bin = args.bin.resolve()
    work = args.work or Path(tempfile.mkdtemp())
    sets = [("fax", args.corpus / "fax")] + [(f"real_{name}", args.corpus / "real" / name) for name in REAL]
    sets = [one for one in sets if not args.only or one[0] in args.only]
    engines = ["own"] + (["tesseract"] if shutil.which("tesseract") else [])
    for name, folder in sets:
        spent, pages = keep(args, folder, work / "own" / name)
        if pages:
            print(f"{name}: opened and recognised {pages} pages, {spent / pages:.2f} processor seconds a page")
        if "tesseract" in engines:
            spent, pages = other(args, folder, work / "own" / name, work / "tesseract" / name)
            if pages:
                print(f"{name}: tesseract, {pages} pictured pages, {spent / pages:.2f} processor seconds a page")
    for way, engine, options in WAYS:
        if engine not in engines:
            print(f"\n{way}: tesseract is not on this machine")
            continue
        print(f"\n{way}\n  {'':<22}{'docs':>6}{'F1':>8}{'wrong at 0.9 or more':>24}{'invented':>22}        kinds")
        files = []
        for name, _ in sets:
            ran, spent = seconds(lambda: subprocess.run([args.bin / "examples/read_folder", *options, work / engine / name], capture_output=True, text=True, check=True))
            count = len(ran.stdout.splitlines())
            if name == "fax":
                faxes(scorer(args.corpus), args.corpus / "fax/truth.jsonl", ran.stdout.splitlines(), name)
                print(f"  (fields of a document: {1000 * spent / max(count, 1):.1f} processor milliseconds)")
            else:
                files.append(work / f"{name}.jsonl")
                files[-1].write_text(ran.stdout, encoding="utf-8")
        if files:
            real(args.corpus, files)
        for folder in args.generated if engine == "own" else []:
            ran = subprocess.run([args.bin / "examples/read_folder", *options, folder / "pages"], capture_output=True, text=True, check=True)
            faxes(scorer(args.corpus), folder / "truth.jsonl", ran.stdout.splitlines(), folder.name)
    if not args.no_end:
        end_to_end(args, args.corpus, sets)


if __name__ == "__main__":
    main()
