#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes timm_schedules.txt: timm's schedulers from their formulas.

  python3 tools/reference/timm.py tests/data

Needs only Python's standard library. Each formula is evaluated as in timm, in double, in its order and
with its way to find a cycle.
"""

import argparse
import bisect
import math
import pathlib
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree

import draws

HEADER = "made by tools/reference/timm.py: the formulas of timm 1.0"

NOTES = """\
A line: <config> <t> <rate>
with the rate that is set after step(t), and, for t = 0, that which the constructor leaves.
The optimizer's lr is 0.1. WSDLRScheduler is of timm's development branch."""

# Number of rates and call; `o` is an optimizer with lr = 0.1.
SCHEDULES = {
    "cosine": (130, "CosineLRScheduler(o, t_initial=100)"),
    "cosine_warmup": (
        130, "CosineLRScheduler(o, t_initial=100, lr_min=1e-5, warmup_t=5, warmup_lr_init=1e-4)"),
    "cosine_prefix": (
        130, "CosineLRScheduler(o, t_initial=100, lr_min=1e-5, warmup_t=5, warmup_lr_init=1e-4, "
             "warmup_prefix=True)"),
    "cosine_k": (130, "CosineLRScheduler(o, t_initial=100, lr_min=1e-3, k_decay=1.5)"),
    "cosine_cycles": (
        130, "CosineLRScheduler(o, t_initial=10, cycle_mul=2, cycle_decay=0.5, cycle_limit=3)"),
    "cosine_floor": (
        130, "CosineLRScheduler(o, t_initial=10, lr_min=0.01, cycle_mul=2, cycle_decay=0.5, "
             "cycle_limit=3)"),
    "cosine_even": (
        130, "CosineLRScheduler(o, t_initial=20, lr_min=0.01, cycle_limit=4, warmup_t=5, "
             "warmup_prefix=True)"),
    "cosine_real": (
        130, "CosineLRScheduler(o, t_initial=10, cycle_mul=1.5, cycle_decay=0.8, cycle_limit=4)"),
    "cosine_three": (130, "CosineLRScheduler(o, t_initial=1, cycle_mul=3, cycle_limit=9)"),
    "cosine_k_cycles": (
        130, "CosineLRScheduler(o, t_initial=25, lr_min=1e-3, cycle_limit=3, k_decay=2.0)"),
    "step": (130, "StepLRScheduler(o, decay_t=30, decay_rate=0.1)"),
    "step_warmup": (
        130, "StepLRScheduler(o, decay_t=30, decay_rate=0.5, warmup_t=5, warmup_lr_init=1e-3)"),
    "step_under": (
        130, "StepLRScheduler(o, decay_t=30, decay_rate=0.5, warmup_t=5, warmup_prefix=False)"),
    "step_fraction": (130, "StepLRScheduler(o, decay_t=2.4, decay_rate=0.97)"),
    "multistep": (130, "MultiStepLRScheduler(o, decay_t=[30, 60, 90], decay_rate=0.1)"),
    "multistep_warmup": (
        130, "MultiStepLRScheduler(o, decay_t=[30, 60], decay_rate=0.5, warmup_t=10, "
             "warmup_lr_init=1e-3)"),
    "multistep_under": (
        130, "MultiStepLRScheduler(o, decay_t=[30, 60], decay_rate=0.5, warmup_t=10, "
             "warmup_prefix=False)"),
    "poly": (130, "PolyLRScheduler(o, t_initial=100)"),
    "poly_warmup": (
        130, "PolyLRScheduler(o, t_initial=100, power=2.0, lr_min=1e-3, warmup_t=10)"),
    "poly_prefix": (
        130, "PolyLRScheduler(o, t_initial=100, power=1.0, lr_min=1e-3, warmup_t=10, "
             "warmup_lr_init=1e-2, warmup_prefix=True)"),
    "poly_even": (
        130, "PolyLRScheduler(o, t_initial=20, power=0.5, cycle_decay=0.5, cycle_limit=4)"),
    "poly_cycles": (
        130, "PolyLRScheduler(o, t_initial=10, power=0.9, lr_min=0.01, cycle_mul=2, "
             "cycle_decay=0.5, cycle_limit=3)"),
    "poly_k": (130, "PolyLRScheduler(o, t_initial=100, power=1.0, lr_min=1e-3, k_decay=1.5)"),
    "tanh": (130, "TanhLRScheduler(o, t_initial=100)"),
    "tanh_warmup": (
        130, "TanhLRScheduler(o, t_initial=100, lb=-5.0, ub=4.0, lr_min=1e-3, warmup_t=10)"),
    "tanh_prefix": (
        130, "TanhLRScheduler(o, t_initial=100, lr_min=1e-3, warmup_t=10, warmup_lr_init=1e-2, "
             "warmup_prefix=True)"),
    "tanh_even": (130, "TanhLRScheduler(o, t_initial=20, cycle_decay=0.5, cycle_limit=4)"),
    "tanh_cycles": (
        130, "TanhLRScheduler(o, t_initial=20, lr_min=0.01, cycle_mul=2, cycle_limit=2)"),
    "wsd": (130, "WSDLRScheduler(o, t_initial=100, decay_t=20, warmup_t=5)"),
    "wsd_cosine": (
        130, "WSDLRScheduler(o, t_initial=100, decay_t=30, lr_min=1e-3, decay_fn='cosine', "
             "warmup_t=5, warmup_lr_init=1e-2)"),
    "wsd_power": (
        130, "WSDLRScheduler(o, t_initial=100, decay_t=30, lr_min=1e-3, decay_fn='power', "
             "decay_power=2.0)"),
    "wsd_rsqrt": (
        130, "WSDLRScheduler(o, t_initial=100, decay_t=30, stable_fn='rsqrt', decay_fn='linear', "
             "warmup_t=10)"),
    "wsd_stable_power": (
        130, "WSDLRScheduler(o, t_initial=100, decay_t=30, stable_fn='power', stable_power=0.8, "
             "stable_timescale=20, decay_fn='1-sqrt')"),
}


def warmed(after, lr, warmup_t, init, prefix, target=None):
    """A straight line from init to the target, then `after`, which starts at 0 if the warmup is a prefix."""
    slope = ((lr if target is None else target) - init) / warmup_t if warmup_t else 1

    def rate(t):
        if t < warmup_t:
            return init + t * slope
        if t == 0:
            return lr  # the constructor does not change the rate
        return after(t - warmup_t if prefix else t)

    return rate


def cycle(t, t_initial, cycle_mul):
    """The index of the cycle, its length and the time in it."""
    if cycle_mul == 1:
        i = t // t_initial
        return i, t_initial, t - t_initial * i
    i = math.floor(math.log(1 - t / t_initial * (1 - cycle_mul), cycle_mul))
    begin = (1 - cycle_mul**i) / (1 - cycle_mul) * t_initial
    return i, cycle_mul**i * t_initial, t - begin


def cycles(height, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit):
    def rate(t):
        i, length, x = cycle(t, t_initial, cycle_mul)
        if i >= cycle_limit:
            return lr_min
        return lr_min + (lr * cycle_decay**i - lr_min) * height(x, length)

    return rate


def CosineLRScheduler(lr, t_initial, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1,
                      warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, k_decay=1.0):
    def height(x, length):
        return 0.5 * (1 + math.cos(math.pi * x**k_decay / length**k_decay))

    after = cycles(height, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return warmed(after, lr, warmup_t, warmup_lr_init, warmup_prefix)


def PolyLRScheduler(lr, t_initial, power=0.5, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0,
                    cycle_limit=1, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False,
                    k_decay=1.0):
    def height(x, length):
        return (1 - x**k_decay / length**k_decay) ** power

    after = cycles(height, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return warmed(after, lr, warmup_t, warmup_lr_init, warmup_prefix)


def TanhLRScheduler(lr, t_initial, lb=-7.0, ub=3.0, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0,
                    cycle_limit=1, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False):
    def height(x, length):
        part = x / length
        return 0.5 * (1 - math.tanh(lb * (1 - part) + ub * part))

    after = cycles(height, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    target = lr if warmup_prefix else after(warmup_t)
    return warmed(after, lr, warmup_t, warmup_lr_init, warmup_prefix, target)


def StepLRScheduler(lr, decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0,
                    warmup_prefix=True):
    return warmed(lambda t: lr * decay_rate ** (t // decay_t), lr, warmup_t, warmup_lr_init,
                  warmup_prefix)


def MultiStepLRScheduler(lr, decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0,
                         warmup_prefix=True):
    return warmed(lambda t: lr * decay_rate ** bisect.bisect_right(decay_t, t + 1), lr, warmup_t,
                  warmup_lr_init, warmup_prefix)


def WSDLRScheduler(lr, t_initial, decay_t, lr_min=0.0, stable_fn="constant", stable_timescale=None,
                   stable_power=0.5, decay_fn="1-sqrt", decay_power=0.5, warmup_t=0,
                   warmup_lr_init=0.0):
    powers = {"constant": 0.0, "rsqrt": -0.5, "power": -stable_power}
    decays = {
        "linear": lambda x: 1 - x,
        "1-sqrt": lambda x: 1 - math.sqrt(x),
        "cosine": lambda x: 0.5 * (1 + math.cos(math.pi * x)),
        "power": lambda x: 1 - x**decay_power,
    }
    timescale = stable_timescale or warmup_t or 1

    def after(t):
        stable = max(lr * (1 + t / timescale) ** powers[stable_fn], lr_min)
        late = t - (t_initial - decay_t)
        if late <= 0:
            return stable
        return lr_min + (stable - lr_min) * decays[decay_fn](min(late / decay_t, 1))

    return warmed(after, lr, warmup_t, warmup_lr_init, True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, help="where to write: tests/data")
    directory = parser.parse_args().directory
    calls = [f"{config}: {call}" for config, (_, call) in SCHEDULES.items()]
    lines = []
    for config, (count, call) in SCHEDULES.items():
        schedule = eval(call, {**globals(), "o": 0.1})
        lines += [f"{config} {t} {float(schedule(t)).hex()}" for t in range(count)]
    draws.write(directory / "timm_schedules.txt", [HEADER, NOTES, *calls], lines)


if __name__ == "__main__":
    main()
