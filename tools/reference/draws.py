# SPDX-License-Identifier: MIT
"""The parameters and gradients of the reference files, and the format of their lines.

The values are integers scaled by powers of two, so that a test in any language gets the same values
bit for bit, and every value is exact in float and in double. Gradients do not depend on the
parameters, so that the next gradient does not amplify a difference in one step.

There are two sets. In COARSE the parameters have the size of real ones, which hides most last-bit
differences of a step: p absorbs them, and the square of a short gradient is exact. FINE starts
close to zero, with gradients of 24 bits, so that a rounding in the wrong place is visible.
"""

import typing

STEPS = 200
COUNT = 16
SEED = 1
REPORTED = (1, 2, 3, 5, 10, 50, 100, 200)


class Set(typing.NamedTuple):
    span: int  # the integers lie in [-span, span]
    p: int  # exponents of two
    g: int


COARSE = Set(span=1000, p=-10, g=-12)
FINE = Set(span=2**24 - 1, p=-36, g=-26)

LINES = """\
A line: <config> <float|double> <step> <p[0]> ... <p[15]>
with the parameters after <step> updates (update t = <step> - 1 was the last one)."""


def generator(chosen):
    """How to make the values of a set, in words for the head of a data file."""
    return f"""\
Parameters and gradients come from one splitmix64 generator; its state is a 64-bit unsigned integer
that starts at {SEED}. One draw, modulo 2^64:
  state += 0x9e3779b97f4a7c15; z = state
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9; z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  draw = z ^ (z >> 31)
and from it the integer k = (draw mod {2 * chosen.span + 1}) - {chosen.span}.
The order of draws: first one for each parameter
  p[i] = k * 2^{chosen.p}                     i = 0 .. {COUNT - 1}
then for each update t = 0 .. {STEPS - 1} one for each gradient
  g[t][i] = k * 2^{chosen.g} * 2^(-3 * (i mod 4))
A gradient that is forced to zero uses up its draw: g[t][0] is 0 for every t, g[t][1] for odd t."""


def _integers(span):
    mask = 2**64 - 1
    state = SEED
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield (z ^ (z >> 31)) % (2 * span + 1) - span


def parameters_and_gradients(chosen):
    """The initial parameters p[i] and the gradients g[t][i], as Python floats."""
    k = _integers(chosen.span)
    p = [next(k) * 2.0**chosen.p for _ in range(COUNT)]
    g = [[next(k) * 2.0 ** (chosen.g - 3 * (i % 4)) for i in range(COUNT)] for _ in range(STEPS)]
    for t, row in enumerate(g):
        row[0] = 0.0
        if t % 2 == 1:
            row[1] = 0.0
    return p, g


def line(config, kind, step, values):
    return " ".join([config, kind, str(step), *(float(v).hex() for v in values)])


def write(path, comments, lines):
    """Writes `lines` below `comments`, each line of which becomes a `#` line."""
    head = [("# " + c).rstrip() for text in comments for c in text.splitlines()]
    with open(path, "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join([*head, *lines]) + "\n")
