#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes keras_schedules.txt: Keras' schedules from their formulas, in double.

  python3 tools/reference/keras.py tests/data

Needs only Python's standard library. Each formula is evaluated as in Keras, in its order and with its
way to find a cycle, but in double, while Keras computes in float.
"""

import argparse
import math
import pathlib
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree

import draws

HEADER = "made by tools/reference/keras.py: the formulas of Keras 3, evaluated in double"

NOTES = """\
A line: <config> <t> <rate>
with t the 0-based index of the update that uses the rate, Keras' `iterations`.
LearningRateScheduler: of an optimizer with the rate 0.1, in epochs of 20 updates."""

# Number of rates and call.
SCHEDULES = {
    "exponential": (100, "ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)"),
    "exponential_stairs": (
        100, "ExponentialDecay(0.1, decay_steps=10, decay_rate=0.96, staircase=True)"),
    "exponential_up": (100, "ExponentialDecay(0.1, decay_steps=7, decay_rate=1.5)"),
    "piecewise": (120, "PiecewiseConstantDecay([30, 80], [0.1, 0.05, 0.01])"),
    "piecewise_one": (40, "PiecewiseConstantDecay([10], [0.1, 0.2])"),
    "piecewise_early": (40, "PiecewiseConstantDecay([1, 2, 20], [0.4, 0.3, 0.2, 0.1])"),
    "polynomial": (130, "PolynomialDecay(0.1, 100)"),
    "polynomial_root": (130, "PolynomialDecay(0.1, 100, end_learning_rate=0.01, power=0.5)"),
    "polynomial_up": (130, "PolynomialDecay(0.01, 100, end_learning_rate=0.1, power=2.0)"),
    "polynomial_cycle": (130, "PolynomialDecay(0.1, 40, cycle=True)"),
    "polynomial_cycle_root": (
        130, "PolynomialDecay(0.1, 7, end_learning_rate=0.01, power=0.5, cycle=True)"),
    "inverse_time": (100, "InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.5)"),
    "inverse_time_slow": (100, "InverseTimeDecay(0.1, decay_steps=30, decay_rate=2.0)"),
    "inverse_time_stairs": (
        100, "InverseTimeDecay(0.1, decay_steps=30, decay_rate=0.5, staircase=True)"),
    "cosine": (130, "CosineDecay(0.1, 100)"),
    "cosine_alpha": (130, "CosineDecay(0.1, 100, alpha=0.01)"),
    "cosine_warmup": (
        130, "CosineDecay(0.0, 100, alpha=0.1, warmup_target=0.1, warmup_steps=10)"),
    "cosine_warmup_from": (130, "CosineDecay(0.02, 60, warmup_target=0.1, warmup_steps=40)"),
    "cosine_warmdown": (130, "CosineDecay(0.2, 60, warmup_target=0.1, warmup_steps=40)"),
    "restarts": (200, "CosineDecayRestarts(0.1, 10)"),
    "restarts_even": (200, "CosineDecayRestarts(0.1, 10, t_mul=1.0, m_mul=0.8, alpha=0.1)"),
    "restarts_lower": (200, "CosineDecayRestarts(0.1, 25, t_mul=2.0, m_mul=0.5, alpha=0.05)"),
    "restarts_real": (200, "CosineDecayRestarts(0.1, 10, t_mul=1.5, m_mul=0.9, alpha=0.1)"),
    "restarts_three": (130, "CosineDecayRestarts(0.1, 1, t_mul=3.0)"),
    "callback": (400, "LearningRateScheduler(lambda epoch: 0.1 * 0.5 ** epoch)"),
    "callback_rate": (
        400, "LearningRateScheduler(lambda epoch, lr: lr if epoch < 10 else lr * exp(-0.1))"),
    "callback_table": (400, "LearningRateScheduler(lambda epoch: 0.1 if epoch < 5 else 0.01)"),
}


def stairs(x, staircase):
    return math.floor(x) if staircase else x


def ExponentialDecay(initial, decay_steps, decay_rate, staircase=False):
    return lambda t: initial * decay_rate ** stairs(t / decay_steps, staircase)


def InverseTimeDecay(initial, decay_steps, decay_rate, staircase=False):
    return lambda t: initial / (1 + decay_rate * stairs(t / decay_steps, staircase))


def PiecewiseConstantDecay(boundaries, values):
    # A value lasts up to and including its boundary.
    return lambda t: values[sum(t > b for b in boundaries)]


def PolynomialDecay(initial, decay_steps, end_learning_rate=1e-4, power=1.0, cycle=False):
    def rate(t):
        if cycle:
            part = t / (decay_steps * (math.ceil(t / decay_steps) if t > 0 else 1))
        else:
            part = min(t, decay_steps) / decay_steps
        return (initial - end_learning_rate) * (1 - part) ** power + end_learning_rate

    return rate


def CosineDecay(initial, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0):
    def decay(t, start):
        wave = 0.5 * (1 + math.cos(math.pi * (t / decay_steps)))
        return start * ((1 - alpha) * wave + alpha)

    def rate(t):
        if warmup_target is None:
            return decay(min(t, decay_steps), initial)
        t = min(t, decay_steps + warmup_steps)
        if t < warmup_steps:
            return (warmup_target - initial) * (t / warmup_steps) + initial
        return decay(t - warmup_steps, warmup_target)

    return rate


def CosineDecayRestarts(initial, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
    def rate(t):
        part = t / first_decay_steps
        if t_mul == 1:
            cycle = math.floor(part)
            part -= cycle
        else:
            cycle = math.floor(math.log(1 - part * (1 - t_mul)) / math.log(t_mul))
            part = (part - (1 - t_mul**cycle) / (1 - t_mul)) / t_mul**cycle
        wave = 0.5 * m_mul**cycle * (1 + math.cos(math.pi * part))
        return initial * ((1 - alpha) * wave + alpha)

    return rate


class LearningRateScheduler:
    """Keras' callback: at the beginning of each epoch it gets the rate and sets it."""

    def __init__(self, schedule):
        self.schedule, self.rate = schedule, 0.1

    def __call__(self, t):
        if t % 20 == 0:
            told = self.schedule.__code__.co_argcount == 2
            self.rate = self.schedule(t // 20, self.rate) if told else self.schedule(t // 20)
        return self.rate


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, help="where to write: tests/data")
    directory = parser.parse_args().directory
    calls = [f"{config}: {call}" for config, (_, call) in SCHEDULES.items()]
    lines = []
    for config, (count, call) in SCHEDULES.items():
        schedule = eval(call, {**globals(), "exp": math.exp})
        lines += [f"{config} {t} {float(schedule(t)).hex()}" for t in range(count)]
    draws.write(directory / "keras_schedules.txt", [HEADER, NOTES, *calls], lines)


if __name__ == "__main__":
    main()
