#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes muon.txt: the steps of Muon as several systems define it, with 50 digits.

  python3 tools/reference/muon.py tests/data

Needs only Python's standard library. Every formula is written as the system has it: its momentum,
its guard of the norm, its polynomials and its scale. The systems compute the polynomials in
bfloat16, which this file does not imitate.
"""

import decimal
import pathlib
import sys
from decimal import Decimal as D

decimal.getcontext().prec = 50
STEPS = 6
LR = D("0.02")

HEAD = """\
# made by tools/reference/muon.py: Muon as each system defines it, with 50 digits
# A line: <config> <rows> <columns> <step> <parameters, row by row>
# Before step 1, element i of the parameters is ((i * i * 37 + i * 53 + 17) % 201 - 100) / 64, and
# that of the gradient of step t ((i * i * 29 + t * t * 31 + i * t * 7 + i * 61) % 199 - 99) / 256.
# The rate is 0.02.
"""

KJ = [(D("3.4445"), D("-4.7750"), D("2.0315"))] * 5
QUINTIC = [tuple(map(D, t.split())) for t in (
    "4.0848 -6.8946 2.9270", "3.9505 -6.3029 2.6377", "3.7418 -5.5913 2.3037", "2.8769 -3.1427 1.2046",
    "2.8366 -3.0525 1.2012")]
POLAR = [tuple(map(D, t.split())) for t in (
    "8.156554524902461 -22.48329292557795 15.878769915207462",
    "4.042929935166739 -2.808917465908714 0.5000178451051316",
    "3.8916678022926607 -2.772484153217685 0.5060648178503393",
    "3.285753657755655 -2.3681294933425376 0.46449024233003106",
    "2.3465413258596377 -1.7097828382687081 0.42323551169305323")]
MU = D("0.95")


def transpose(x):
    return [list(c) for c in zip(*x)]


def times(a, b):
    b = transpose(b)
    return [[sum((x * y for x, y in zip(r, c)), D(0)) for c in b] for r in a]


def combine(*terms):
    """The sum of factor * matrix."""
    return [[sum((f * m[i][j] for f, m in terms), D(0)) for j in range(len(terms[0][1][0]))]
            for i in range(len(terms[0][1]))]


def norm(x):
    return sum((v * v for r in x for v in r), D(0)).sqrt()


def orthogonal(u, triples, divisor):
    x = combine((1 / divisor(norm(u)), u))
    wide = len(x) < len(x[0])
    x = x if wide else transpose(x)
    for a, b, c in triples:
        gram = times(x, transpose(x))
        x = combine((a, x), (D(1), times(combine((b, gram), (c, times(gram, gram))), x)))
    return x if wide else transpose(x)


def jordan(b, g, n):  # Jordan's and PyTorch's, as they write it: two interpolations
    b = combine((MU, b), (1 - MU, g))
    return b, combine((1 - MU, g), (MU, b))


def summed(b, g, n):  # Moonlight, Keras
    b = combine((MU, b), (D(1), g))
    return b, combine((D(1), g), (MU, b))


def mean(b, g, n):  # Megatron, timm
    b = combine((MU, b), (1 - MU, g))
    return b, b


def plain_sum(b, g, n):  # dion
    b = combine((MU, b), (D(1), g))
    return b, b


def corrected(b, g, n):  # optax, with Nesterov
    b = combine((MU, b), (1 - MU, g))
    return b, combine((MU / (1 - MU ** (n + 1)), b), ((1 - MU) / (1 - MU**n), g))


def at_least(eps):
    return lambda size: max(size, D(eps))


def plus(eps, safety="1"):
    return lambda size: size * D(safety) + D(eps)


def adjusted(r, c):  # rows are outputs
    return max(D(1), D(r) / D(c)).sqrt()


def adjusted_inputs_first(r, c):  # W[in, out]
    return max(D(1), D(c) / D(r)).sqrt()


def match(r, c):
    return D("0.2") * D(max(r, c)).sqrt()


def spectral(r, c):
    return D(max(r, c)).sqrt()


def rms_to_rms(r, c):
    return (D(r) / D(c)).sqrt()


SYSTEMS = {  # momentum, polynomials, divisor, scale, decay
    "jordan": (jordan, KJ, plus("1e-7"), adjusted, "0"),
    "pytorch": (jordan, KJ, at_least("1e-7"), adjusted, "0.1"),
    "pytorch_match": (jordan, KJ, at_least("1e-7"), match, "0.1"),
    "moonlight": (summed, KJ, plus("1e-7"), match, "0.1"),
    "keras": (summed, KJ, plus("1e-7"), match, "0.004"),
    "optax": (corrected, KJ, plus("1e-8"), adjusted_inputs_first, "0"),
    "timm": (mean, QUINTIC, at_least("1e-7"), match, "0"),
    "megatron": (mean, QUINTIC, at_least("1e-15"), spectral, "0.01"),
    "dion": (plain_sum, POLAR, plus("1e-6", "1.02"), rms_to_rms, "0.01"),
    "nanochat": (jordan, POLAR, plus("1e-6", "1.01"), adjusted, "0"),
}


def run(system, rows, columns):
    momentum, triples, divisor, scale, decay = SYSTEMS[system]
    at = [[i * columns + j for j in range(columns)] for i in range(rows)]
    p = [[D((i * i * 37 + i * 53 + 17) % 201 - 100) / 64 for i in r] for r in at]
    b = [[D(0)] * columns for _ in range(rows)]
    for t in range(1, STEPS + 1):
        g = [[D((i * i * 29 + t * t * 31 + i * t * 7 + i * 61) % 199 - 99) / 256 for i in r] for r in at]
        b, u = momentum(b, g, t)
        o = orthogonal(u, triples, divisor)
        p = combine((1 - LR * D(decay), p), (-LR * scale(rows, columns), o))
        if t in (1, 2, STEPS):
            yield f"{system} {rows} {columns} {t} " + " ".join(f"{v:.17g}" for r in p for v in r)


def main():
    lines = [line for s in SYSTEMS for size in ((4, 3), (3, 5)) for line in run(s, *size)]
    path = pathlib.Path(sys.argv[1]) / "muon.txt"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
