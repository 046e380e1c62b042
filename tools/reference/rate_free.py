# SPDX-License-Identifier: MIT
"""The rules that need no rate, and those that need no schedule, for formulas.py.

Like element_wise.py, but with sums over all parameters. The rate is 1 unless it is given.
"""

from decimal import Decimal as D

import draws

FORMULAS = """\
Rules without a rate: d = |p - p0|, sums are over all parameters, lr 1 unless given.
dog: r starts at 1e-6 (1 + |p0|), G at 0; r = max(r, d); G += |g|^2; p -= r / sqrt(G + 1e-8) g
ldog: the same, with each half of the parameters by itself
dowg: r starts at 1e-2, v at 0; r = max(r, d); v += r^2 |g|^2; p -= r^2 / (sqrt(v) + 1e-4) g
prodigy: b1 0.9, b2 0.999, b3 sqrt(b2), eps 1e-8, d0 1e-6 = d = dmax; l = d lr; num starts at 0
  num = b3 num + d / d0 l sum(g (p0 - p)); s = b3 s + d / d0 l g; e = num / sum(|s|)
  m = b1 m + (1 - b1) d g; v = b2 v + (1 - b2) (d g)^2
  d = max(d, e) if d = d0; dmax = max(dmax, e); d = min(dmax, d growth)
  p -= l m / (sqrt(v) + d eps)
prodigy_all: lr 0.5, growth 1.02, decay 0.01, coefficient 2; l times sqrt(1 - b2^n) / (1 - b1^n); s
  with d in place of l; p = (1 - l decay) p before the step
dadapt_adam: b1 0.9, b2 0.999, b = sqrt(b2), eps 1e-8, d starts at 1e-6; l = d lr
  num = b num + (1 - b) l sum(g s / (sqrt(v) + eps)), with s and v of the step before
  m = b1 m + (1 - b1) l g; v = b2 v + (1 - b2) g^2; s = b s + (1 - b) l g
  d = max(d, num / (1 - b) / sum(|s|)); p -= m / (sqrt(v) + eps)
dadapt_sgd: d starts at 1e-6; l = d lr / |first g|; num += l sum(g s); s += l g
  d = max(d, 2 num / |s|); p = p0 - s;  dadapt_sgd_momentum: p = 0.9 p + 0.1 (p0 - s)
schedule_free_sgd: lr 0.5 min(1, n / 20), b 0.9; z = x = p at first; w = (max lr)^2
  z -= lr g; x += w / (sum of w) (z - x); p = z + b (x - z)
schedule_free_adamw: lr 1e-2, b1 0.9, b2 0.999, eps 1e-8, decay 0.1, w = n (max lr)^2
  z -= lr (g / (sqrt(v / (1 - b2^n)) + eps) + decay p), the rest as schedule_free_sgd
cocob: alpha 100; L = max(L, |g|), at first 1e-8; G += |g|; R = max(R - g (p - p0), 0); o -= g
  p = p0 + o / (L max(G + L, alpha L)) (L + R)
mechanic: adam with lr 1, delta the sum of its steps; S the sum of the s_i; e = 1e-8
  h = sum((g + 1e-2 S |g| / (|p| + e) p) delta), delta before this step
  for each b_i = 1 - 10^-i, i = 1 .. 6, with m, v, r from 0 and s_i from 1e-6
    r = b r + clip(h, -m, m) s; m = max(b m, |h| + e); v = b^2 v + h^2
    s = (1e-6 / 6 m + max(r, 0)) / (sqrt(v) + e)
  p = p0 - S delta
polyak_sgd: loss 0.75 at every step, lowest 0.25, cap 8; p -= min((loss - lowest) / |g|^2, cap) g"""

B1, B2, EPS = D(0.9), D(0.999), D(1e-8)


def zeros(start=0):
    return [D(start)] * draws.COUNT


def mean(beta, old, new):
    return [beta * x + (1 - beta) * y for x, y in zip(old, new)]


def square(values):
    return [x * x for x in values]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def norm(values):
    return dot(values, values).sqrt()


def apart(a, b):
    return [x - y for x, y in zip(a, b)]


def dog():
    start, r, total = None, None, D(0)

    def step(_, p, g):
        nonlocal start, r, total
        start = start or p
        r = max(r or D(1e-6) * (1 + norm(p)), norm(apart(p, start)))
        total += dot(g, g)
        return [x - r / (total + EPS).sqrt() * y for x, y in zip(p, g)]

    return step


def ldog():
    halves = [dog(), dog()]

    def step(n, p, g):
        cut = len(p) // 2
        return halves[0](n, p[:cut], g[:cut]) + halves[1](n, p[cut:], g[cut:])

    return step


def dowg():
    start, r, total = None, D(1e-2), D(0)

    def step(_, p, g):
        nonlocal start, r, total
        start = start or p
        r = max(r, norm(apart(p, start)))
        total += r * r * dot(g, g)
        return [x - r * r / (total.sqrt() + D(1e-4)) * y for x, y in zip(p, g)]

    return step


def prodigy(lr=1, growth="inf", decay=0, coefficient=1, corrected=False, safe=False):
    lr, growth, decay, coefficient = D(lr), D(growth), D(decay), D(coefficient)
    first, b3 = D(1e-6), B2.sqrt()
    start, m, v, s, total = None, zeros(), zeros(), zeros(), D(0)
    d = largest = first

    def step(n, p, g):
        nonlocal start, m, v, s, total, d, largest
        start = start or p
        rate = d * lr * ((1 - B2**n).sqrt() / (1 - B1**n) if corrected else 1)
        total = b3 * total + d / first * rate * dot(g, apart(start, p))
        s = [b3 * x + d / first * (d if safe else rate) * y for x, y in zip(s, g)]
        scaled = [d * x for x in g]
        m, v = mean(B1, m, scaled), mean(B2, v, square(scaled))
        estimate = coefficient * total / sum(abs(x) for x in s)
        if d == first:
            d = max(d, estimate)
        largest = max(largest, estimate)
        d = min(largest, d * growth)
        return [(1 - rate * decay) * x - rate * a / (b.sqrt() + d * EPS)
                for x, a, b in zip(p, m, v)]

    return step


def dadapt_adam():
    b, d, m, v, s, total = B2.sqrt(), D(1e-6), zeros(), zeros(), zeros(), D(0)

    def step(_, p, g):
        nonlocal d, m, v, s, total
        scaled = [x / (y.sqrt() + EPS) for x, y in zip(s, v)]
        total = b * total + (1 - b) * d * dot(g, scaled)
        moved = [d * x for x in g]
        m, v, s = mean(B1, m, moved), mean(B2, v, square(g)), mean(b, s, moved)
        d = max(d, total / (1 - b) / sum(abs(x) for x in s))
        return [x - a / (y.sqrt() + EPS) for x, a, y in zip(p, m, v)]

    return step


def dadapt_sgd(momentum):
    momentum, d, s, total, start, first = D(momentum), D(1e-6), zeros(), D(0), None, None

    def step(_, p, g):
        nonlocal d, s, total, start, first
        start, first = start or p, first or norm(g)
        rate = d / first
        total += rate * dot(g, s)
        s = [x + rate * y for x, y in zip(s, g)]
        d = max(d, 2 * total / norm(s))
        return [momentum * x + (1 - momentum) * (y - z) for x, y, z in zip(p, start, s)]

    return step


def schedule_free_sgd():
    z, x, total = None, None, D(0)

    def step(n, p, g):
        nonlocal z, x, total
        z, x = z or p, x or p
        rate = D(0.5) * min(D(1), D(n) / 20)
        total += rate**2
        z = [a - rate * b for a, b in zip(z, g)]
        x = [a + rate**2 / total * (b - a) for a, b in zip(x, z)]
        return [a + B1 * (b - a) for a, b in zip(z, x)]

    return step


def schedule_free_adamw():
    rate, decay, z, x, v, total = D(1e-2), D(0.1), None, None, zeros(), 0

    def step(n, p, g):
        nonlocal z, x, v, total
        z, x = z or p, x or p
        total += n
        v = mean(B2, v, square(g))
        z = [a - rate * (b / ((c / (1 - B2**n)).sqrt() + EPS) + decay * y)
             for a, b, c, y in zip(z, g, v, p)]
        x = [a + D(n) / total * (b - a) for a, b in zip(x, z)]
        return [a + B1 * (b - a) for a, b in zip(z, x)]

    return step


def cocob():
    alpha, start = D(100), None
    largest, total, reward, bet = zeros(1e-8), zeros(), zeros(), zeros()

    def step(_, p, g):
        nonlocal start, largest, total, reward, bet
        start = start or p
        largest = [max(x, abs(y)) for x, y in zip(largest, g)]
        total = [x + abs(y) for x, y in zip(total, g)]
        reward = [max(x - y * (a - b), D(0)) for x, y, a, b in zip(reward, g, p, start)]
        bet = apart(bet, g)
        return [a + o / (x * max(s + x, alpha * x)) * (x + r)
                for a, o, x, s, r in zip(start, bet, largest, total, reward)]

    return step


def mechanic():
    first, m, v, start, delta = D(1e-6), zeros(), zeros(), None, zeros()
    betas = [D(b) for b in (0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)]
    tuners = [[D(0), D(0), D(0), first] for _ in betas]  # m, v, r, s

    def step(n, p, g):
        nonlocal m, v, start, delta
        start = start or p
        size = sum(s for _, _, _, s in tuners)
        pull = D(1e-2) * size * norm(g) / (norm(p) + EPS)
        h = dot([x + pull * y for x, y in zip(g, p)], delta)
        for i, (b, (a, c, r, s)) in enumerate(zip(betas, tuners)):
            r = b * r + max(-a, min(h, a)) * s
            a, c = max(b * a, abs(h) + EPS), b * b * c + h * h
            tuners[i] = [a, c, r, (first / 6 * a + max(r, D(0))) / (c.sqrt() + EPS)]
        m, v = mean(B1, m, g), mean(B2, v, square(g))
        delta = [x + a / (1 - B1**n) / ((b / (1 - B2**n)).sqrt() + EPS)
                 for x, a, b in zip(delta, m, v)]
        return [x - sum(s for _, _, _, s in tuners) * y for x, y in zip(start, delta)]

    return step


def polyak_sgd(_, p, g):
    size = min((D(0.75) - D(0.25)) / dot(g, g), D(8))
    return [x - size * y for x, y in zip(p, g)]


RULES = {
    "dog": dog(),
    "ldog": ldog(),
    "dowg": dowg(),
    "prodigy": prodigy(),
    "prodigy_all": prodigy(0.5, 1.02, 0.01, 2, corrected=True, safe=True),
    "dadapt_adam": dadapt_adam(),
    "dadapt_sgd": dadapt_sgd(0),
    "dadapt_sgd_momentum": dadapt_sgd(0.9),
    "schedule_free_sgd": schedule_free_sgd(),
    "schedule_free_adamw": schedule_free_adamw(),
    "cocob": cocob(),
    "mechanic": mechanic(),
    "polyak_sgd": polyak_sgd,
}
