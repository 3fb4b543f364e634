"""Packs a list of ICD-10-CM codes, one a line, into the smallest automaton that accepts exactly those: `pack_codes.py LIST OUT`.

The list is that of CDC/NCHS (public domain), of April 2026. OUT is a row of big-endian 32-bit edges, sorted by letter within a
node: letter (8 bits), last edge of its node (1), a code ends here (1), first edge of the next node or 0 (22). The root is at edge 1.
Standard library only."""

import struct
import sys


def build(codes):
    """Nodes of the trie, equal ones shared: the form (ends, ((letter, node), ...))."""
    root = {}
    for code in codes:
        node = root
        for letter in code:
            node = node.setdefault(letter, {})
        node[""] = True
    forms = {}

    def share(node):
        form = ("" in node, tuple((letter, share(child)) for letter, child in sorted(node.items()) if letter))
        return forms.setdefault(form, form)

    return share(root)


def pack(root):
    start, order, size = {}, [], 1

    def place(node):
        nonlocal size
        if id(node) in start or not node[1]:
            return
        start[id(node)] = size
        size += len(node[1])
        order.append(node)
        for _, child in node[1]:
            place(child)

    place(root)
    edges = [0] * size
    for node in order:
        for i, (letter, child) in enumerate(node[1]):
            last = i + 1 == len(node[1])
            edges[start[id(node)] + i] = ord(letter) << 24 | last << 23 | child[0] << 22 | start.get(id(child), 0)
    return struct.pack(f">{size}I", *edges)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = (line.split()[0] for line in file if line.strip())
        codes = sorted({word.replace(".", "").upper() for word in lines if "-" not in word})
    codes = [code for code in codes if 3 <= len(code) <= 7]
    packed = pack(build(codes))
    with open(sys.argv[2], "wb") as file:
        file.write(packed)
    print(f"{len(codes)} codes, {len(packed)} bytes")


main()
