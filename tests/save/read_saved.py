#!/usr/bin/env python3
"""Reads a saved file as another program would, from the description of the format, without code of gradus.

usage: read_saved.py FILE
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools/reference"))
import safetensors_reader  # noqa: E402


def crc64(data):
    """CRC-64/XZ, one bit at a time."""
    value = 2**64 - 1
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xC96C5795D7870F42 if value & 1 else 0)
    return f"{value ^ (2**64 - 1):016x}"


def main(path):
    metadata, tensors = safetensors_reader.read(path)
    file = Path(path).read_bytes()
    version = metadata["gradus"]
    data = 8 + int.from_bytes(file[:8], "little")
    zeros = file[:data].replace(metadata["checksum"].encode(), b"0" * 16, 1)
    expected_metadata = {
        "checksum": crc64(zeros),
        "data_checksum": crc64(file[data:]),
        "gradus": version,
        "optimizers": "4",
        "0.rule": "Chain{ClipNorm, AdamW, Ema}",
        "0.schedule": "Warmup{Cosine}",
        "0.schedule_settings": "Warmup{steps=5, schedule=Cosine{start=0.001, steps=100}}",
        "0.parameters": "F32",
        "0.sizes": "70",
        "1.rule": "NAdam",
        "1.parameters": "F64",
        "2.rule": "Momentum",
        "2.parameters": "BF16",
        "3.rule": "Adam",
    }
    expected_metadata |= {
        "1": {"0.rule_settings": "Chain{ClipNorm{0.5, 0}, AdamW, Ema}"},
        "2": {
            "0.rule_settings": "Chain{ClipNorm{max_norm=0.5, eps=0}, AdamW{beta1=0.9, beta2=0.999, eps=1e-08, weight_decay=0.01, "
            "eps_place=outside, bias_correction=true}, Ema{decay=0.9, begin=construction, power=0.6666666666666666}}",
            "0.spans": "floats",
            "1.spans": "",
            "0.slots": "AdamW.exp_avg F32, AdamW.exp_avg_sq F32, Ema.average F32",
            "3.slots": "exp_avg Signed8, exp_avg_sq Positive8",
        },
    }[version]
    expected_tensors = {
        "0.step": ("I64", [], [7]),
        "1.step": ("I64", [], [7]),
        "number": ("F64", [], [0.1]),
        "integers": ("I32", [2], [-1, 1_000_000]),
        "float16": ("F16", [2], [1.5, -2.0]),
        "list.0": ("U8", [1], [1]),
        "list.1": ("U8", [2], [2, 255]),
    }
    expected_kinds = {
        "0.AdamW.exp_avg": ("F32", [70]),
        "0.AdamW.exp_avg_sq": ("F32", [70]),
        "0.Ema.average": ("F32", [70]),
        "1.exp_avg": ("F64", [70]),
        "1.mu_product": ("F64", []),
        "2.momentum_buffer": ("F32", [70]),
        "2.master": ("F32", [70]),
        "3.exp_avg": ("U8", [2, 65]),
        "3.exp_avg_sq": ("U8", [2, 65]),
        "floats": ("F32", [70]),
        "doubles": ("F64", [70]),
        "bfloat16": ("BF16", [70]),
    }
    wrong = [
        f"{name}: {found.get(name)} is not {wanted}"
        for found, expected in (
            (metadata, expected_metadata),
            (tensors, expected_tensors),
            ({k: t[:2] for k, t in tensors.items()}, expected_kinds),
        )
        for name, wanted in expected.items()
        if found.get(name) != wanted
    ]
    # A master copy is what its half is the rounded copy of.
    halves = zip(tensors["2.master"][2], tensors["bfloat16"][2])
    if not all(abs(x - half) <= abs(x) * 2**-8 for x, half in halves):
        wrong.append("2.master is not what bfloat16 is a rounded copy of")
    print("\n".join(wrong) or f"{len(tensors)} tensors, {len(metadata)} texts: all as written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
