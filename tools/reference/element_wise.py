# SPDX-License-Identifier: MIT
"""The element-wise rules of papers that PyTorch does not have, for formulas.py.

Each function returns step(n, p, g), which returns the parameters after update n = 1, 2, ... All
numbers are decimals; hyper-parameters are the doubles nearest to the given numbers.
"""

from decimal import Decimal as D

import draws

FORMULAS = """\
sign(0) = 0; M = m / (1 - b1^n), V = v / (1 - b2^n); b1 0.9, b2 0.999, eps 1e-8 unless given
lion: lr 1e-3, b2 0.99, decay 0.1
  p = (1 - lr decay) p - lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g
signum: lr 1e-3; p -= lr sign(m)
adabelief: lr 1e-3, eps 1e-16; s = b2 s + (1 - b2) (g - m)^2 + eps; p -= lr M / (sqrt(S) + eps)
adabelief_before: the same with m before its update in s, and eps 1e-8
yogi: lr 1e-2, eps 1e-3, v starts at 1e-6
  v -= (1 - b2) sign(v - g^2) g^2; p -= lr M / (sqrt(V) + eps)
yogi_plain: lr 1e-2, v starts at 0; p -= lr m / (sqrt(v) + eps)
adan: lr 1e-3, b1 0.98, b2 0.92, b3 0.99, decay 0.02; d = g - previous g, 0 at n = 1
  v = b2 v + (1 - b2) d; q = b3 q + (1 - b3) (g + b2 d)^2
  p = (p - lr (M + b2 V) / (sqrt(q / (1 - b3^n)) + eps)) / (1 + lr decay)
ademamix: lr 1e-3, a rises in a straight line from 0 to 5, and 1 / log b3 in one from that of 0.9 to
  that of 0.9999, in 150 steps; at n they are as at step n - 1
  s = b3 s + (1 - b3) g; p -= lr (M + a s) / (sqrt(V) + eps)
adopt: lr 1e-2, b2 0.9999, eps 1e-6; at n = 1 only v = g^2
  u = g / max(sqrt(v), eps), clipped to (n - 1)^(1/4); m = b1 m + (1 - b1) u; p -= lr m
  v = b2 v + (1 - b2) g^2
adopt_unclipped: the same without the clip
laprop: lr 4e-4, eps 1e-15; m = b1 m + (1 - b1) g / (sqrt(V) + eps); p -= lr M
adabound: lr 1e-3, e 100 lr, c 1e-3; p -= m clip(lr sqrt(1 - b2^n) / (1 - b1^n) / (sqrt(v) + eps))
  to e (1 - 1 / (c n + 1)) and e (1 + 1 / (c n))
amsbound: the same with the largest v so far
smorms3: lr 1e-2, eps 1e-16, k starts at 1; r = 1 / (k + 1); m = (1 - r) m + r g
  v = (1 - r) v + r g^2; x = m^2 / (v + eps); p -= min(x, lr) g / (sqrt(v) + eps); k = 1 + k (1 - x)
smorms3_capped: the same with k = 1 + k (1 - min(x, lr))
qhm: lr 0.1, b1 0.999, nu 0.7; p -= lr ((1 - nu) g + nu m)
qhadam: lr 1e-3, b1 0.995, nu1 0.7, nu2 0.9
  p -= lr ((1 - nu1) g + nu1 M) / (sqrt((1 - nu2) g^2 + nu2 V) + eps)
cautious: adam with lr 1e-3, its step u times mask / max(mean of the mask, 1e-3), mask = u g > 0"""

B1, B2, EPS = D(0.9), D(0.999), D(1e-8)


def zeros(start=0):
    return [D(start)] * draws.COUNT


def mean(beta, old, new):
    return [beta * x + (1 - beta) * y for x, y in zip(old, new)]


def square(values):
    return [x * x for x in values]


def sign(x):
    return (x > 0) - (x < 0)


def clip(x, low, high):
    return max(low, min(high, x))


def lion():
    lr, b2, decay, m = D(1e-3), D(0.99), D(0.1), zeros()

    def step(_, p, g):
        nonlocal m
        c, m = mean(B1, m, g), mean(b2, m, g)
        return [(1 - lr * decay) * x - lr * sign(y) for x, y in zip(p, c)]

    return step


def signum():
    lr, m = D(1e-3), zeros()

    def step(_, p, g):
        nonlocal m
        m = mean(B1, m, g)
        return [x - lr * sign(y) for x, y in zip(p, m)]

    return step


def adabelief(eps, updated):
    lr, m, s = D(1e-3), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, s
        before, m = m, mean(B1, m, g)
        off = [x - y for x, y in zip(g, m if updated else before)]
        s = [x + eps for x in mean(B2, s, square(off))]
        return [x - lr * a / (1 - B1**n) / ((b / (1 - B2**n)).sqrt() + eps)
                for x, a, b in zip(p, m, s)]

    return step


def yogi(eps, start, corrected):
    lr, m, v = D(1e-2), zeros(), zeros(start)

    def step(n, p, g):
        nonlocal m, v
        m = mean(B1, m, g)
        v = [x - (1 - B2) * sign(x - y) * y for x, y in zip(v, square(g))]
        c1, c2 = (1 - B1**n, 1 - B2**n) if corrected else (1, 1)
        return [x - lr * a / c1 / ((b / c2).sqrt() + eps) for x, a, b in zip(p, m, v)]

    return step


def adan():
    lr, b1, b2, b3, decay = D(1e-3), D(0.98), D(0.92), D(0.99), D(0.02)
    m, v, q, previous = zeros(), zeros(), zeros(), None

    def step(n, p, g):
        nonlocal m, v, q, previous
        d = [x - y for x, y in zip(g, previous or g)]
        previous = g
        m, v = mean(b1, m, g), mean(b2, v, d)
        q = mean(b3, q, square([x + b2 * y for x, y in zip(g, d)]))
        return [(x - lr * (a / (1 - b1**n) + b2 * b / (1 - b2**n))
                 / ((c / (1 - b3**n)).sqrt() + EPS)) / (1 + lr * decay)
                for x, a, b, c in zip(p, m, v, q)]

    return step


def ademamix():
    lr, steps, alpha, low, high = D(1e-3), 150, D(5), D(0.9), D(0.9999)
    m, s, v = zeros(), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, s, v
        way = min(D(1), D(n - 1) / steps)
        b3 = (1 / ((1 - way) / low.ln() + way / high.ln())).exp()
        m, s, v = mean(B1, m, g), mean(b3, s, g), mean(B2, v, square(g))
        return [x - lr * (a / (1 - B1**n) + alpha * way * b) / ((c / (1 - B2**n)).sqrt() + EPS)
                for x, a, b, c in zip(p, m, s, v)]

    return step


def adopt(clipped):
    lr, b2, eps, m, v = D(1e-2), D(0.9999), D(1e-6), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, v
        if n == 1:
            v = square(g)
            return p
        u = [x / max(y.sqrt(), eps) for x, y in zip(g, v)]
        if clipped:
            limit = D(n - 1) ** D("0.25")
            u = [clip(x, -limit, limit) for x in u]
        m, v = mean(B1, m, u), mean(b2, v, square(g))
        return [x - lr * a for x, a in zip(p, m)]

    return step


def laprop():
    lr, eps, m, v = D(4e-4), D(1e-15), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, v
        v = mean(B2, v, square(g))
        m = mean(B1, m, [x / ((y / (1 - B2**n)).sqrt() + eps) for x, y in zip(g, v)])
        return [x - lr * a / (1 - B1**n) for x, a in zip(p, m)]

    return step


def adabound(largest):
    lr, c, m, v, bound = D(1e-3), D(1e-3), zeros(), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, v, bound
        m, v = mean(B1, m, g), mean(B2, v, square(g))
        bound = [max(x, y) for x, y in zip(bound, v)] if largest else v
        size = lr * (1 - B2**n).sqrt() / (1 - B1**n)
        end = 100 * lr
        low, high = end * (1 - 1 / (c * n + 1)), end * (1 + 1 / (c * n))
        return [x - a * clip(size / (b.sqrt() + EPS), low, high) for x, a, b in zip(p, m, bound)]

    return step


def smorms3(capped):
    lr, eps, k, m, v = D(1e-2), D(1e-16), zeros(1), zeros(), zeros()

    def step(_, p, g):
        nonlocal k, m, v
        r = [1 / (x + 1) for x in k]
        m = [(1 - x) * a + x * y for x, a, y in zip(r, m, g)]
        v = [(1 - x) * a + x * y * y for x, a, y in zip(r, v, g)]
        x = [a * a / (b + eps) for a, b in zip(m, v)]
        k = [1 + a * (1 - (min(b, lr) if capped else b)) for a, b in zip(k, x)]
        return [a - min(b, lr) * y / (c.sqrt() + eps) for a, b, y, c in zip(p, x, g, v)]

    return step


def qhm():
    lr, b1, nu, m = D(0.1), D(0.999), D(0.7), zeros()

    def step(_, p, g):
        nonlocal m
        m = mean(b1, m, g)
        return [x - lr * ((1 - nu) * y + nu * a) for x, y, a in zip(p, g, m)]

    return step


def qhadam():
    lr, b1, nu1, nu2, m, v = D(1e-3), D(0.995), D(0.7), D(0.9), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, v
        m, v = mean(b1, m, g), mean(B2, v, square(g))
        return [x - lr * ((1 - nu1) * y + nu1 * a / (1 - b1**n))
                / (((1 - nu2) * y * y + nu2 * b / (1 - B2**n)).sqrt() + EPS)
                for x, y, a, b in zip(p, g, m, v)]

    return step


def cautious():
    lr, m, v = D(1e-3), zeros(), zeros()

    def step(n, p, g):
        nonlocal m, v
        m, v = mean(B1, m, g), mean(B2, v, square(g))
        u = [a / (1 - B1**n) / ((b / (1 - B2**n)).sqrt() + EPS) for a, b in zip(m, v)]
        mask = [int(x * y > 0) for x, y in zip(u, g)]
        share = max(D(sum(mask)) / len(mask), D(1e-3))
        return [x - lr * y * a / share for x, y, a in zip(p, u, mask)]

    return step


RULES = {
    "lion": lion(),
    "signum": signum(),
    "adabelief": adabelief(D(1e-16), updated=True),
    "adabelief_before": adabelief(EPS, updated=False),
    "yogi": yogi(D(1e-3), D(1e-6), corrected=True),
    "yogi_plain": yogi(EPS, 0, corrected=False),
    "adan": adan(),
    "ademamix": ademamix(),
    "adopt": adopt(clipped=True),
    "adopt_unclipped": adopt(clipped=False),
    "laprop": laprop(),
    "adabound": adabound(largest=False),
    "amsbound": adabound(largest=True),
    "smorms3": smorms3(capped=False),
    "smorms3_capped": smorms3(capped=True),
    "qhm": qhm(),
    "qhadam": qhadam(),
    "cautious": cautious(),
}
