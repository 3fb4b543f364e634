"""Reads exported FHIR (a bundle, or one a line) with another library, strictly: names, types and cardinalities of R4 (4.0.1).

Needs fhir.resources 5.1.1 (the last that is R4 itself). Prints what was read; exit 1 names what it does not accept.
"""

import importlib
import json
import sys
from collections import Counter


def read(resource):
    kind = resource["resourceType"]
    module = importlib.import_module(f"fhir.resources.{kind.lower()}")
    return getattr(module, kind)(resource, strict=True)


def bundles(path):
    text = open(path, encoding="utf-8").read()
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def main(path):
    kinds, refused = Counter(), 0
    for bundle in bundles(path):
        read(bundle)
        for entry in bundle["entry"]:
            resource = entry["resource"]
            try:
                read(resource)
                kinds[resource["resourceType"]] += 1
            except Exception as error:
                refused += 1
                print(f"{resource['resourceType']}/{resource.get('id')}: {error}", file=sys.stderr)
    print(json.dumps(dict(sorted(kinds.items()))))
    return 1 if refused else 0


if __name__ == "__main__":
    import fhir.resources

    if getattr(fhir.resources, "__fhir_version__", "") != "4.0.1":
        sys.exit("fhir.resources is not the one for R4 (4.0.1)")
    sys.exit(main(sys.argv[1]))
