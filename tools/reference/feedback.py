#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes feedback.txt: the rates of PyTorch 1.13.1 and of the formulas of Keras and GreedyLR for metrics.

  /usr/bin/python3 tools/reference/feedback.py tests/data

Needs PyTorch 1.13, as in the Debian 12 package python3-torch.
"""

import argparse
import math
import pathlib
import sys
import warnings

sys.dont_write_bytecode = True  # no __pycache__ in the source tree

HEADER = """\
# made by tools/reference/feedback.py: PyTorch 1.13.1, and formulas in double
# A line: <config> <metric> <rate after it>"""

COUNT = 300

# PyTorch's own calls; the rate starts at 0.1.
PYTORCH = {
    "pytorch": "ReduceLROnPlateau(o)",
    "pytorch_patience": "ReduceLROnPlateau(o, factor=0.5, patience=2, eps=1e-6)",
    "pytorch_none": "ReduceLROnPlateau(o, factor=0.9, patience=0, cooldown=2)",
    "pytorch_max": "ReduceLROnPlateau(o, 'max', factor=0.5, patience=3, threshold=0.05)",
    "pytorch_abs": "ReduceLROnPlateau(o, factor=0.7, patience=2, threshold=0.1, threshold_mode='abs')",
    "pytorch_max_abs":
        "ReduceLROnPlateau(o, 'max', patience=1, threshold=0.02, threshold_mode='abs', factor=0.8)",
    "pytorch_cooldown": "ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=5, min_lr=1e-3)",
}
# The arguments of the formulas.
KERAS = {
    "keras": dict(),
    "keras_patience": dict(factor=0.5, patience=3, min_delta=0.05),
    "keras_cooldown": dict(factor=0.5, patience=2, cooldown=3, min_lr=0.004),
    "keras_max": dict(mode="max", factor=0.7, patience=2, cooldown=1),
    "keras_none": dict(factor=0.9, patience=0),
}
GREEDY = {
    "greedy": dict(),
    "greedy_fast": dict(factor=0.7, patience=1, min_lr=0.01, max_lr=0.3, reset_start=3),
    "greedy_waits": dict(factor=0.8, patience=0, cooldown=3, warmup=2, min_lr=0.02, reset_start=2),
    "greedy_max": dict(mode="max", factor=0.9, patience=2, threshold=0.01, min_lr=0.05),
    "greedy_relative": dict(factor=0.9, patience=1, threshold=0.02, relative=True),
}


def metrics(config):
    """A noisy metric that falls (or rises, if more is better), with plateaus, a NaN and the worst infinity."""
    x, level, state = [], 2.0, sum(map(ord, config))
    for i in range(COUNT):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        noise = (state >> 40) / 2**24 - 0.5
        if i % 60 < 25:
            level *= 0.97
        x.append(level + 0.15 * noise)
        if config.endswith("abs"):
            x[-1] -= 1.0  # also below 0
    if "max" in config:
        x = [-v if config.endswith("abs") else 3 - v for v in x]
    x[40], x[100] = math.nan, -math.inf if "max" in config else math.inf
    return x


def pytorch(call, values):
    import torch
    from torch.optim.lr_scheduler import ReduceLROnPlateau

    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = eval(call, {"ReduceLROnPlateau": ReduceLROnPlateau, "o": o})
    for value in values:
        scheduler.step(value)
        yield o.param_groups[0]["lr"]


def keras(values, factor=0.1, patience=10, mode="min", min_delta=1e-4, cooldown=0, min_lr=0.0):
    rate, wait, cooling = 0.1, 0, 0
    sign = 1.0 if mode == "min" else -1.0
    best = sign * math.inf
    for value in values:
        if cooling > 0:
            cooling, wait = cooling - 1, 0
        if sign * value < sign * (best - sign * min_delta):
            best, wait = value, 0
        elif cooling <= 0:
            wait += 1
            if wait >= patience and rate > min_lr:
                rate, cooling, wait = max(rate * factor, min_lr), cooldown, 0
        yield rate


def greedy(values, mode="min", factor=0.95, patience=10, threshold=1e-6, relative=False, cooldown=0,
           warmup=0, min_lr=1e-3, max_lr=1.0, eps=1e-8, reset_start=500):
    first = rate = 0.1
    sign = 1.0 if mode == "min" else -1.0
    best, good, bad, falls_left = sign * math.inf, 0, 0, reset_start
    after_fall = after_rise = 0
    for value in values:
        if after_fall > 0:
            after_fall, good, bad = after_fall - 1, 0, 0
        elif after_rise > 0:
            after_rise, good, bad = after_rise - 1, 0, 0
        else:
            limit = best * (1 - sign * threshold) if relative else best - sign * threshold
            if sign * value < sign * limit:
                best, good, bad = value, good + 1, 0
            else:
                good, bad = 0, bad + 1
            if good > patience:
                if min(rate / factor, max_lr) - rate > eps:
                    rate = min(rate / factor, max_lr)
                falls_left, after_rise, good = reset_start, warmup, 0
            elif bad > patience:
                if rate - max(rate * factor, min_lr) > eps:
                    rate = max(rate * factor, min_lr)
                if rate <= min_lr:
                    falls_left -= 1
                    if falls_left <= 0:
                        rate, best, good, falls_left = first, sign * math.inf, 0, reset_start
                after_fall, bad = cooldown, 0
        yield rate


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    warnings.simplefilter("ignore")
    ways = [(c, lambda v, call=call: pytorch(call, v)) for c, call in PYTORCH.items()]
    ways += [(c, lambda v, a=a: keras(v, **a)) for c, a in KERAS.items()]
    ways += [(c, lambda v, a=a: greedy(v, **a)) for c, a in GREEDY.items()]
    lines = [HEADER]
    for config, way in ways:
        values = metrics(config)
        lines += [f"{config} {m!r} {r!r}" for m, r in zip(values, way(values))]
    (folder / "feedback.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
