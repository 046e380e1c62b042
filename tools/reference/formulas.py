#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes reference_rules.txt: rules from their formulas, with 50 digits.

  python3 tools/reference/formulas.py tests/data

Needs only Python's standard library. PyTorch 1.13 cannot be the reference: its NAdam multiplies the
momentum product by one factor too many, and it does not have the other rules.
"""

import argparse
import decimal
import pathlib
import sys
from decimal import Decimal

sys.dont_write_bytecode = True  # no __pycache__ in the source tree

import draws
import element_wise
import rate_free

HEADER = """\
made by tools/reference/formulas.py with 50 digits (Python's decimal), then rounded to double"""

FORMULAS = """\
Hyper-parameters are the doubles nearest to the numbers given. n = t + 1, m and v start at 0.
m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2
nadam (as in current PyTorch): lr 2e-3, b1 0.9, b2 0.999, eps 1e-8, psi 4e-3
  mu(n) = b1 (1 - 0.5 * 0.96^(n psi)); prod = mu(1) ... mu(n); denom = sqrt(v / (1 - b2^n)) + eps
  p -= lr (1 - mu(n)) / (1 - prod) g / denom + lr mu(n+1) / (1 - prod mu(n+1)) m / denom
lamb (You et al. 2020): lr 1e-2, b1 0.9, b2 0.999, eps 1e-6, decay 1e-2, all parameters one layer
  u = (m / (1 - b1^n)) / (sqrt(v / (1 - b2^n)) + eps) + decay p
  p -= lr trust u; trust = |p| / |u|, or 1 if either norm is 0
lars (You et al. 2017, rate outside): lr 0.5, momentum 0.9, trust 1e-3, decay 1e-2, eps 1e-8
  b = momentum b + trust |p| / (|g| + decay |p| + eps) (g + decay p); p -= lr b; b starts at 0
novograd (Ginsburg et al. 2019): lr 1e-2, b1 0.95, b2 0.98, eps 1e-8, decay 1e-3, one layer
  v = b2 v + (1 - b2) |g|^2, the first time |g|^2
  m = b1 m + g / (sqrt(v) + eps) + decay p; p -= lr m
mars (Yuan et al. 2024, AdamW): lr 3e-3, gamma 0.025, b1 0.95, b2 0.99, eps 1e-8, decay 1e-2
  c = g + gamma b1 / (1 - b1) (g - last g), the first time g; c /= |c| if |c| > 1; p -= lr decay p
  p -= lr m / (1 - b1^n) / (sqrt(v / (1 - b2^n)) + eps), m and v of c
madgrad (Defazio, Jelassi 2021): lr 1e-2, momentum 0.9, eps 1e-6; s and v start at 0
  w = lr sqrt(n); s += w g; v += w g^2; p = momentum p + (1 - momentum) (p0 - s / (cbrt(v) + eps))
ftrl (McMahan et al. 2013): lr 0.1, beta 1, l1 1e-3, l2 1e-2; z and n start at 0, n_ is n before
  n += g^2; z += g - (sqrt(n) - sqrt(n_)) / lr p
  p = 0 if |z| <= l1, else (sign(z) l1 - z) / ((beta + sqrt(n)) / lr + l2)
ftrl_keras: the same with lr 0.05, beta 0, l1 0, l2 0, and n starts at 0.1"""


class Moments:
    def __init__(self, b1, b2):
        self.b1, self.b2 = b1, b2
        self.m = [Decimal(0)] * draws.COUNT
        self.v = [Decimal(0)] * draws.COUNT

    def update(self, g):
        self.m = [self.b1 * m + (1 - self.b1) * x for m, x in zip(self.m, g)]
        self.v = [self.b2 * v + (1 - self.b2) * x * x for v, x in zip(self.v, g)]


def nadam():
    lr, b1, b2 = Decimal(2e-3), Decimal(0.9), Decimal(0.999)
    eps, psi = Decimal(1e-8), Decimal(4e-3)
    moments, product = Moments(b1, b2), Decimal(1)

    def mu(n):
        return b1 * (1 - Decimal(0.5) * Decimal(0.96) ** (n * psi))

    def step(n, p, g):
        nonlocal product
        product *= mu(n)
        moments.update(g)
        size_g = lr * (1 - mu(n)) / (1 - product)
        size_m = lr * mu(n + 1) / (1 - product * mu(n + 1))
        denom = [(v / (1 - b2**n)).sqrt() + eps for v in moments.v]
        return [x - (size_g * y + size_m * m) / d for x, y, m, d in zip(p, g, moments.m, denom)]

    return step


def lamb():
    lr, b1, b2 = Decimal(1e-2), Decimal(0.9), Decimal(0.999)
    eps, decay = Decimal(1e-6), Decimal(1e-2)
    moments = Moments(b1, b2)

    def step(n, p, g):
        moments.update(g)
        u = [(m / (1 - b1**n)) / ((v / (1 - b2**n)).sqrt() + eps) + decay * x
             for m, v, x in zip(moments.m, moments.v, p)]
        trust = norm(p) / norm(u) if norm(p) and norm(u) else 1
        return [x - lr * trust * y for x, y in zip(p, u)]

    return step


def norm(values):
    return sum(x * x for x in values).sqrt()


def lars():
    lr, momentum, trust = Decimal(0.5), Decimal(0.9), Decimal(1e-3)
    decay, eps = Decimal(1e-2), Decimal(1e-8)
    b = [Decimal(0)] * draws.COUNT

    def step(n, p, g):
        nonlocal b
        ratio = trust * norm(p) / (norm(g) + decay * norm(p) + eps)
        b = [momentum * x + ratio * (y + decay * z) for x, y, z in zip(b, g, p)]
        return [x - lr * y for x, y in zip(p, b)]

    return step


def novograd():
    lr, b1, b2 = Decimal(1e-2), Decimal(0.95), Decimal(0.98)
    eps, decay = Decimal(1e-8), Decimal(1e-3)
    m, v = [Decimal(0)] * draws.COUNT, Decimal(0)

    def step(n, p, g):
        nonlocal m, v
        v = b2 * v + (1 - b2) * norm(g) ** 2 if n > 1 else norm(g) ** 2
        m = [b1 * x + y / (v.sqrt() + eps) + decay * z for x, y, z in zip(m, g, p)]
        return [x - lr * y for x, y in zip(p, m)]

    return step


def mars():
    lr, gamma, b1, b2 = Decimal(3e-3), Decimal(0.025), Decimal(0.95), Decimal(0.99)
    eps, decay = Decimal(1e-8), Decimal(1e-2)
    moments, last = Moments(b1, b2), None

    def step(n, p, g):
        nonlocal last
        c = [x + gamma * b1 / (1 - b1) * (x - y) for x, y in zip(g, last or g)]
        last = g
        if norm(c) > 1:
            c = [x / norm(c) for x in c]
        moments.update(c)
        p = [x - lr * decay * x for x in p]
        return [x - lr * (m / (1 - b1**n)) / ((v / (1 - b2**n)).sqrt() + eps)
                for x, m, v in zip(p, moments.m, moments.v)]

    return step


def madgrad():
    lr, momentum, eps = Decimal(1e-2), Decimal(0.9), Decimal(1e-6)
    s, v, start = [Decimal(0)] * draws.COUNT, [Decimal(0)] * draws.COUNT, None

    def cube_root(x):
        return x ** (Decimal(1) / 3) if x else x

    def step(n, p, g):
        nonlocal s, v, start
        start = start or p
        weight = lr * Decimal(n).sqrt()
        s = [x + weight * y for x, y in zip(s, g)]
        v = [x + weight * y * y for x, y in zip(v, g)]
        target = [x - y / (cube_root(z) + eps) for x, y, z in zip(start, s, v)]
        return [momentum * x + (1 - momentum) * y for x, y in zip(p, target)]

    return step


def ftrl(lr, beta, l1, l2, begin):
    lr, beta, l1, l2 = Decimal(lr), Decimal(beta), Decimal(l1), Decimal(l2)
    z, n = [Decimal(0)] * draws.COUNT, [Decimal(begin)] * draws.COUNT

    def step(_, p, g):
        nonlocal z, n
        before, n = n, [x + y * y for x, y in zip(n, g)]
        z = [x + y - (a.sqrt() - b.sqrt()) / lr * w
             for x, y, a, b, w in zip(z, g, n, before, p)]
        return [Decimal(0) if abs(x) <= l1 else
                (l1.copy_sign(x) - x) / ((beta + y.sqrt()) / lr + l2) for x, y in zip(z, n)]

    return step


def rule_lines(config, step):
    start, gradients = draws.parameters_and_gradients(draws.COARSE)
    p = [Decimal(x) for x in start]
    for n, g in enumerate(gradients, start=1):
        p = step(n, p, [Decimal(x) for x in g])
        if n in draws.REPORTED:
            yield draws.line(config, "double", n, p)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, help="where to write: tests/data")
    path = parser.parse_args().directory / "reference_rules.txt"
    decimal.getcontext().prec = 50
    rules = {"nadam": nadam(), "lamb": lamb(), "lars": lars(), "novograd": novograd(),
             "mars": mars(), "madgrad": madgrad(), "ftrl": ftrl(0.1, 1, 1e-3, 1e-2, 0),
             "ftrl_keras": ftrl(0.05, 0, 0, 0, 0.1), **element_wise.RULES, **rate_free.RULES}
    lines = [line for config, step in rules.items() for line in rule_lines(config, step)]
    draws.write(path, [HEADER, draws.LINES, draws.generator(draws.COARSE), FORMULAS,
                       element_wise.FORMULAS, rate_free.FORMULAS], lines)


if __name__ == "__main__":
    main()
