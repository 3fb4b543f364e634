#!/usr/bin/env python3
"""Makes the weights under assets/ocr from the models of a published package.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 numpy==2.4.6
    venv/bin/pip download --no-deps rapidocr==3.10.0
    venv/bin/python pack_models.py rapidocr-3.10.0-py3-none-any.whl ../../assets/ocr

What is done to each model, and why:
  1. Its SHA-256 is held to the one in the wheel's MODEL_LICENSES.md.
  2. Recogniser only: of the 18,710 classes (blank, 18,708 characters, space) those of the Latin script, of punctuation
     and of boxes and ticks are kept. The last matrix shrinks with them, and no stroke is taken for an ideograph.
  3. Nodes that do nothing (Identity) are left out and names are shortened: the graph is data too.
  4. Weights become int8 with one scale for each group of 64 along the row (8 bits with a scale per group lose less than
     the noise of a fax); short tensors stay float. They are expanded again when the program loads them.

The container of the weights (`*.w8`), little-endian, tensors in the order of the graph's external data:
    u8 0, u32 n, n * f32                       as they are
    u8 1, u32 n, ceil(n / 64) * f32, n * i8    value = scale of its group * i8
"""
import hashlib
import pathlib
import struct
import sys
import unicodedata
import zipfile

import numpy as np
import onnx
from onnx import external_data_helper, numpy_helper

MODELS = {
    "detect": ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "recognise": ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
}
GROUP = 64
# Tensors shorter than this are kept as float: biases, norms, the depthwise filters of the first layers.
SHORT = 2048
SIGNS = "–—‘’“”†‡•…‰€™№−≤≥≈≠→←½¼¾☐☑☒■□✓✔✘×●○◻◼"


def kept(character):
    """Whether a class stays: Latin to the end of Extended-A, and the signs that American forms print."""
    return len(character) == 1 and (0x20 <= ord(character) < 0x180 and unicodedata.category(character) != "Cc" or character in SIGNS)


def prune(model):
    """Cuts the recogniser's last layer down to the characters kept. Returns them in the order of the classes."""
    listed = next(p.value for p in model.metadata_props if p.key == "character").split("\n")
    classes = [""] + listed + [" "]
    keep = [0] + [i for i, c in enumerate(classes) if i and kept(c)]
    for tensor in model.graph.initializer:
        if tensor.dims and tensor.dims[-1] == len(classes):
            short = numpy_helper.to_array(tensor)[..., keep]
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(short), tensor.name))
    del model.metadata_props[:]
    return "".join(classes[i] for i in keep[1:])


def shorten(model):
    """Leaves out what does nothing and renames what is left."""
    graph = model.graph
    same = {}
    outputs = {o.name for o in graph.output}
    nodes = []
    for node in graph.node:
        node.input[:] = [same.get(name, name) for name in node.input]
        if node.op_type == "Identity" and node.output[0] not in outputs:
            same[node.output[0]] = node.input[0]
        else:
            nodes.append(node)
    names = {}
    fixed = outputs | {i.name for i in graph.input} | {""}

    def short(name):
        return name if name in fixed else names.setdefault(name, f"t{len(names)}")

    for node in nodes:
        node.name = ""
        node.doc_string = ""
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    for tensor in graph.initializer:
        tensor.name = short(tensor.name)
    used = {name for node in nodes for name in node.input}
    tensors = [t for t in graph.initializer if t.name in used]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(tensors)


def quantise(flat):
    """One tensor in the weights' container, and what it will be once expanded."""
    if flat.size < SHORT:
        return struct.pack("<BI", 0, flat.size) + flat.tobytes(), flat
    padded = np.pad(flat, (0, -flat.size % GROUP)).reshape(-1, GROUP)
    scale = (np.abs(padded).max(axis=1) / 127).astype("<f4")
    whole = np.rint(padded / np.where(scale == 0, 1, scale)[:, None]).astype(np.int8)
    back = (whole * scale[:, None]).reshape(-1)[: flat.size]
    return struct.pack("<BI", 1, flat.size) + scale.tobytes() + whole.reshape(-1)[: flat.size].tobytes(), back


def pack(model, name, out):
    """Writes the graph and its weights."""
    packed, offset, worst = [], 0, 0.0
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or not tensor.dims or np.prod(tensor.dims) < 8:
            continue
        # Matrices are stored [in, out]: their groups run along a row of outputs, as good as along a filter.
        flat = numpy_helper.to_array(tensor).astype("<f4").reshape(-1)
        data, back = quantise(flat)
        worst = max(worst, float(np.abs(back - flat).max() / max(np.abs(flat).max(), 1e-9)))
        packed.append(data)
        size = flat.size * 4
        tensor.raw_data = flat.tobytes()
        external_data_helper.set_external_data(tensor, location=f"{name}.onnx.data", offset=offset, length=size)
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        offset += size
    (out / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (out / f"{name}.w8").write_bytes(b"".join(packed))
    print(f"{name}: graph {(out / f'{name}.onnx').stat().st_size}, weights {(out / f'{name}.w8').stat().st_size} of {offset}, worst error {worst:.5f}")


def main():
    wheel, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    sums = []
    with zipfile.ZipFile(wheel) as archive:
        for name, (file, expected) in MODELS.items():
            raw = archive.read(f"rapidocr/models/{file}")
            got = hashlib.sha256(raw).hexdigest()
            if got != expected:
                sys.exit(f"{file}: SHA-256 {got}, expected {expected}")
            model = onnx.load_model_from_string(raw)
            if name == "recognise":
                (out / "alphabet.txt").write_text(prune(model), encoding="utf-8")
            shorten(model)
            pack(model, name, out)
        (out / "LICENSE-Apache-2.0.txt").write_bytes(archive.read("rapidocr-3.10.0.dist-info/licenses/LICENSE"))
        (out / "MODEL_LICENSES.md").write_bytes(archive.read("rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md"))
    for path in sorted(out.iterdir()):
        if path.name not in ("README.md", "SHA256SUMS"):
            sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (out / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
