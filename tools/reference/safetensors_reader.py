"""Reads a safetensors file. It was written only from the description of the format.

  8 bytes       n, the header's length, an unsigned little-endian integer
  n bytes       the header: a JSON object in UTF-8 that begins with {, spaces may follow;
                name -> {"dtype": text, "shape": [integer ...], "data_offsets": [begin, end]},
                "__metadata__" -> {text: text}; no name twice
  the rest      the data; offsets count from here, and cover all of it without gaps

https://github.com/huggingface/safetensors (README, "Format")
"""

import json
import struct
from pathlib import Path

KINDS = {  # bytes, and how struct calls it
    "BOOL": (1, "?"), "U8": (1, "B"), "I8": (1, "b"), "U16": (2, "H"), "I16": (2, "h"),
    "F16": (2, "e"), "BF16": (2, None), "U32": (4, "I"), "I32": (4, "i"), "F32": (4, "f"),
    "U64": (8, "Q"), "I64": (8, "q"), "F64": (8, "d"),
}  # fmt: skip


def once(pairs):
    """An object without repeated keys."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def numbers(kind, data):
    """The numbers of a tensor."""
    if kind == "BF16":
        halves = struct.unpack(f"<{len(data) // 2}H", data)
        return [struct.unpack("<f", struct.pack("<I", h << 16))[0] for h in halves]
    return list(struct.unpack(f"<{len(data) // KINDS[kind][0]}{KINDS[kind][1]}", data))


def read(path):
    """The metadata, and the tensors as name -> (dtype, shape, numbers)."""
    file = Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", file)
    header = file[8 : 8 + length]
    data = file[8 + length :]
    if len(header) != length or length > 100_000_000 or header[:1] != b"{":
        raise ValueError("the header's length is wrong")
    parsed = json.loads(header.decode("utf-8"), object_pairs_hook=once)
    metadata = parsed.pop("__metadata__", {})
    if not all(isinstance(x, str) for pair in metadata.items() for x in pair):
        raise ValueError("metadata are not texts")
    tensors, end_before = {}, 0
    for name, what in sorted(parsed.items(), key=lambda item: item[1]["data_offsets"]):
        kind, shape, (begin, end) = what["dtype"], what["shape"], what["data_offsets"]
        count = 1
        for n in shape:
            count *= n
        if begin != end_before or end - begin != count * KINDS[kind][0] or end > len(data):
            raise ValueError(f"{name}: offsets, shape and type do not agree")
        if begin % KINDS[kind][0] or (8 + length) % 8:
            raise ValueError(f"{name}: not aligned")
        tensors[name] = (kind, shape, numbers(kind, data[begin:end]))
        end_before = end
    if end_before != len(data):
        raise ValueError("data behind the last tensor")
    return metadata, tensors
