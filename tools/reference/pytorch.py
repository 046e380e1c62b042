#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes what PyTorch 1.13.1 computes: pytorch_{rules,rules_fine,schedules}.txt.

  ATEN_CPU_CAPABILITY=default /usr/bin/python3 tools/reference/pytorch.py tests/data

Needs PyTorch 1.13, as in the Debian 12 package python3-torch.
"""

import argparse
import functools
import os
import pathlib
import sys
import warnings

sys.dont_write_bytecode = True  # no __pycache__ in the source tree

import draws

MADE_BY = "made by tools/reference/pytorch.py with PyTorch 1.13.1, ATEN_CPU_CAPABILITY=default"

# The calls are text, so that the data file can quote exactly what was run.
RULES = {
    "sgd": "SGD(p, lr=0.01)",
    "sgd_momentum": "SGD(p, lr=0.01, momentum=0.9)",
    "sgd_nesterov": "SGD(p, lr=0.01, momentum=0.9, nesterov=True)",
    "sgd_l2": "SGD(p, lr=0.01, weight_decay=1e-2)",
    "sgd_momentum_l2": "SGD(p, lr=0.01, momentum=0.9, weight_decay=1e-2)",
    "sgd_clip_value": "SGD(p, lr=0.01)",
    "sgd_clip_norm": "SGD(p, lr=0.01)",
    "adagrad": "Adagrad(p)",
    "adagrad_decay": "Adagrad(p, lr_decay=1e-2, initial_accumulator_value=0.1, eps=1e-7)",
    "adagrad_l2": "Adagrad(p, weight_decay=1e-2)",
    "rmsprop": "RMSprop(p)",
    "rmsprop_alpha": "RMSprop(p, alpha=0.9, eps=1e-5)",
    "rmsprop_l2": "RMSprop(p, weight_decay=1e-2)",
    "rmsprop_centered": "RMSprop(p, centered=True)",
    "rmsprop_momentum": "RMSprop(p, momentum=0.9)",
    "adam": "Adam(p)",
    "adam_eps": "Adam(p, betas=(0.8, 0.99), eps=1e-4)",
    "adam_l2": "Adam(p, weight_decay=1e-2)",
    "adam_scheduled": "Adam(p)",
    "amsgrad": "Adam(p, amsgrad=True)",
    "adamw": "AdamW(p, weight_decay=1e-2)",
    "adamw_decay": "AdamW(p, weight_decay=0.1, betas=(0.95, 0.98))",
    "adadelta": "Adadelta(p)",
    "adamax": "Adamax(p)",
    "radam": "RAdam(p)",
    "sgd_dampening": "SGD(p, lr=0.01, momentum=0.9, dampening=0.5)",
    "sgd_maximize": "SGD(p, lr=0.01, momentum=0.9, weight_decay=1e-2, maximize=True)",
    "rmsprop_centered_alpha": "RMSprop(p, alpha=0.9, eps=1e-4, centered=True)",
    "rmsprop_centered_momentum": "RMSprop(p, centered=True, momentum=0.8)",
    "rmsprop_momentum_l2": "RMSprop(p, alpha=0.9, eps=1e-5, momentum=0.5, weight_decay=1e-2)",
    "amsgrad_eps": "Adam(p, betas=(0.8, 0.9), eps=1e-4, amsgrad=True)",
    "amsgrad_decay": "AdamW(p, betas=(0.9, 0.5), weight_decay=0.1, amsgrad=True)",
    "adam_maximize": "Adam(p, weight_decay=1e-2, maximize=True)",
    "adadelta_rho": "Adadelta(p, lr=0.5, rho=0.5, eps=1e-4, weight_decay=1e-2)",
    "adamax_eps": "Adamax(p, lr=1e-3, betas=(0.8, 0.9), eps=1e-3, weight_decay=1e-2)",
    "radam_betas": "RAdam(p, betas=(0.8, 0.9), eps=1e-4, weight_decay=1e-2)",
    "radam_never": "RAdam(p, betas=(0.9, 0.5))",
    "rprop": "Rprop(p)",
    "rprop_etas": "Rprop(p, lr=1e-3, etas=(0.7, 1.3), step_sizes=(1e-4, 1e-2))",
    "asgd": "ASGD(p)",
    "asgd_decay": "ASGD(p, lr=0.1, lambd=0.1, alpha=0.6, t0=20, weight_decay=1e-2)",
    "asgd_average": "ASGD(p, lr=0.1, lambd=0.1, alpha=0.6, t0=20)",
}

# What runs before update t, in addition to the plain call above.
BEFORE_STEP = {
    "sgd_clip_value": "torch.nn.utils.clip_grad_value_(p, 0.05)",
    "sgd_clip_norm": "torch.nn.utils.clip_grad_norm_(p, max_norm=0.1)",
    "adam_scheduled": "rule.param_groups[0].update(lr=1e-3 * (t + 1) / 200)",
}

# The values that are written in place of the parameters.
WRITTEN = {"asgd_average": "rule.state[p]['ax']"}

DEFAULTS = """\
Defaults that the calls leave out:
  Adagrad lr 1e-2, lr_decay 0, initial_accumulator_value 0, eps 1e-10
  RMSprop lr 1e-2, alpha 0.99, eps 1e-8
  Adam, AMSGrad, AdamW, RAdam lr 1e-3, betas (0.9, 0.999), eps 1e-8
  Adamax lr 2e-3, betas (0.9, 0.999), eps 1e-8
  Adadelta lr 1.0, rho 0.9, eps 1e-6
  Rprop lr 1e-2, etas (0.5, 1.2), step_sizes (1e-6, 50)
  ASGD lr 1e-2, lambd 1e-4, alpha 0.75, t0 1e6
PyTorch keeps ASGD's rate and factor of the average in its default type: here that of the parameters.
Within a tolerance only: sgd_clip_norm (PyTorch computes the norm in the type of the parameters)."""

# Number of rates and call; `o` is an optimizer with lr = 0.1. If the name of a config contains
# "momentum", the momentum is written, not the rate. The pages in docs/coming-from/ quote these calls.
SCHEDULES = {
    "inverse_time": (200, "LambdaLR(o, lambda t: 1 / (1 + 0.05 * t))"),
    "lambda_warmup": (40, "LambdaLR(o, lambda t: min(1, (t + 1) / 10))"),
    "lambda_drop": (40, "LambdaLR(o, lambda t: 1 if t < 10 else 0.5)"),
    "multiplicative": (100, "MultiplicativeLR(o, lambda t: 0.95)"),
    "multiplicative_steps": (100, "MultiplicativeLR(o, lambda t: 0.5 if t % 10 == 0 else 1)"),
    "multiplicative_inverse": (100, "MultiplicativeLR(o, lambda t: t / (t + 1))"),
    "step": (150, "StepLR(o, step_size=30, gamma=0.1)"),
    "step_default": (40, "StepLR(o, step_size=7)"),
    "step_half": (100, "StepLR(o, step_size=10, gamma=0.5)"),
    "multistep": (120, "MultiStepLR(o, milestones=[30, 80])"),
    "multistep_half": (100, "MultiStepLR(o, milestones=[10, 20, 60], gamma=0.5)"),
    "multistep_twice": (60, "MultiStepLR(o, milestones=[30, 30, 50], gamma=0.5)"),
    "constant_factor": (20, "ConstantLR(o, factor=1 / 3, total_iters=5)"),
    "constant_default": (20, "ConstantLR(o)"),
    "constant_tenth": (40, "ConstantLR(o, factor=0.1, total_iters=20)"),
    "linear_default": (20, "LinearLR(o)"),
    "linear_warmup": (20, "LinearLR(o, start_factor=1 / 3, total_iters=5)"),
    "linear_up": (60, "LinearLR(o, start_factor=0.2, end_factor=0.5, total_iters=50)"),
    "linear_down": (60, "LinearLR(o, start_factor=1, end_factor=0.1, total_iters=50)"),
    "exponential": (200, "ExponentialLR(o, gamma=0.95)"),
    "exponential_slow": (200, "ExponentialLR(o, gamma=0.999)"),
    "exponential_half": (60, "ExponentialLR(o, gamma=0.5)"),
    "polynomial_default": (20, "PolynomialLR(o)"),
    "polynomial_1": (60, "PolynomialLR(o, total_iters=50, power=1.0)"),
    "polynomial_2": (60, "PolynomialLR(o, total_iters=50, power=2.0)"),
    "polynomial_root": (60, "PolynomialLR(o, total_iters=50, power=0.5)"),
    "cosine": (350, "CosineAnnealingLR(o, T_max=100, eta_min=1e-5)"),
    "cosine_zero": (160, "CosineAnnealingLR(o, T_max=50)"),
    "cosine_up": (40, "CosineAnnealingLR(o, T_max=7, eta_min=0.2)"),
    "warm_restarts": (200, "CosineAnnealingWarmRestarts(o, T_0=10, T_mult=2, eta_min=1e-5)"),
    "warm_restarts_even": (100, "CosineAnnealingWarmRestarts(o, T_0=10)"),
    "warm_restarts_three": (130, "CosineAnnealingWarmRestarts(o, T_0=1, T_mult=3)"),
    "cyclic_default": (
        120, "CyclicLR(o, 1e-4, 1e-2, step_size_up=25, cycle_momentum=False)"),
    "cyclic_triangular": (
        300, "CyclicLR(o, 1e-4, 1e-2, 20, 30, mode='triangular', cycle_momentum=False)"),
    "cyclic_triangular2": (
        300, "CyclicLR(o, 1e-4, 1e-2, 20, 30, mode='triangular2', cycle_momentum=False)"),
    "cyclic_exp_range": (
        300, "CyclicLR(o, 1e-4, 1e-2, 20, 30, mode='exp_range', gamma=0.99, cycle_momentum=False)"),
    "cyclic_scaled": (
        300, "CyclicLR(o, 1e-4, 1e-2, 20, 30, scale_fn=lambda t: 1 / (1 + 0.01 * t), "
             "scale_mode='iterations', cycle_momentum=False)"),
    "cyclic_momentum": (
        300, "CyclicLR(o, 1e-4, 1e-2, 20, 30, mode='triangular2', base_momentum=0.8, "
             "max_momentum=0.9)"),
    # No more rates than steps: PyTorch accepts one call more and then overshoots the end.
    "one_cycle_cos": (
        100, "OneCycleLR(o, 0.1, 100, anneal_strategy='cos', cycle_momentum=False)"),
    "one_cycle_linear": (
        100, "OneCycleLR(o, 0.1, 100, anneal_strategy='linear', cycle_momentum=False)"),
    "one_cycle_cos_three": (
        100, "OneCycleLR(o, 0.1, 100, anneal_strategy='cos', three_phase=True, "
             "cycle_momentum=False)"),
    "one_cycle_linear_three": (
        100, "OneCycleLR(o, 0.1, 100, anneal_strategy='linear', three_phase=True, "
             "cycle_momentum=False)"),
    "one_cycle_uneven": (50, "OneCycleLR(o, 0.1, 50, pct_start=0.25, cycle_momentum=False)"),
    "one_cycle_epochs": (
        100, "OneCycleLR(o, 0.1, epochs=5, steps_per_epoch=20, div_factor=10, "
             "final_div_factor=100, cycle_momentum=False)"),
    "one_cycle_momentum": (100, "OneCycleLR(o, 0.1, 100)"),
    "one_cycle_momentum_three": (
        100, "OneCycleLR(o, 0.1, 100, anneal_strategy='linear', three_phase=True)"),
    "warmup_then_cosine": (
        101, "SequentialLR(o, [LinearLR(o, start_factor=1 / 3, total_iters=5), "
             "CosineAnnealingLR(o, T_max=95, eta_min=1e-5)], milestones=[5])"),
    "sequential_flat": (
        101, "SequentialLR(o, [ConstantLR(o, factor=1, total_iters=0), "
             "CosineAnnealingLR(o, T_max=40)], milestones=[60])"),
    "sequential_three": (
        120, "SequentialLR(o, [ConstantLR(o, factor=0.1, total_iters=20), "
             "ExponentialLR(o, gamma=0.9), StepLR(o, step_size=20)], milestones=[20, 50])"),
    "chained_constant": (
        60, "ChainedScheduler([ConstantLR(o, factor=0.1, total_iters=10), "
            "ExponentialLR(o, gamma=0.9)])"),
    "chained_warmup": (
        101, "ChainedScheduler([LinearLR(o, start_factor=0.1, total_iters=20), "
             "CosineAnnealingLR(o, T_max=100)])"),
    "chained_steps": (
        120, "ChainedScheduler([StepLR(o, step_size=30), "
             "MultiStepLR(o, milestones=[50], gamma=0.5)])"),
    "swa_cosine": (30, "SWALR(o, swa_lr=0.05)"),
    "swa_linear": (40, "SWALR(o, swa_lr=0.05, anneal_epochs=20, anneal_strategy='linear')"),
    "swa_up": (20, "SWALR(o, swa_lr=0.2, anneal_epochs=5)"),
}

SCHEDULE_NOTES = """\
A line: <config> <t> <rate>
with t the 0-based index of the update that uses the rate (read before optimizer.step()).
A config with "momentum" in its name gives the momentum in place of the rate.
The optimizer's lr is 0.1. Most of PyTorch's schedulers multiply or add to the last rate, so these
values carry the rounding errors of all steps before them: compare within a tolerance.
OneCycleLR's defaults: pct_start 0.3, div_factor 25, final_div_factor 1e4. CyclicLR's positional
arguments: base_lr, max_lr, step_size_up, step_size_down."""


def import_torch():
    # Read once, when the library is loaded: kernels without vector instructions and FMA.
    os.environ["ATEN_CPU_CAPABILITY"] = "default"
    needs = "pytorch.py needs PyTorch 1.13: Debian 12 package python3-torch and /usr/bin/python3"
    try:
        import torch
    except ImportError as error:
        sys.exit(f"{needs} ({error})")
    # Debian's 1.13.1 calls itself 1.13.0a0.
    if not torch.__version__.startswith("1.13."):
        sys.exit(f"{needs} (found {torch.__version__})")
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # deprecation notes of PyTorch's own SequentialLR
    return torch


def rule_lines(torch, values, config, call, kind, dtype):
    names = ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adadelta", "Adamax", "RAdam",
             "Rprop", "ASGD")
    torch.set_default_dtype(dtype)
    scope = {n: functools.partial(getattr(torch.optim, n), foreach=False) for n in names}
    start, gradients = draws.parameters_and_gradients(values)
    p = torch.tensor(start, dtype=dtype, requires_grad=True)
    rule = eval(call, {**scope, "p": [p]})
    for t, g in enumerate(gradients):
        p.grad = torch.tensor(g, dtype=dtype)
        eval(BEFORE_STEP.get(config, "None"), {"torch": torch, "p": p, "rule": rule, "t": t})
        rule.step()
        if t + 1 in draws.REPORTED:
            written = eval(WRITTEN.get(config, "p"), {"p": p, "rule": rule})
            yield draws.line(config, kind, t + 1, written.tolist())


def schedule_lines(torch, config, count, call):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    value = "momentum" if "momentum" in config else "lr"
    scope = {**vars(torch.optim.lr_scheduler), "SWALR": torch.optim.swa_utils.SWALR}
    schedule = eval(call, {**scope, "o": optimizer})
    for t in range(count):
        if t > 0:
            optimizer.step()
            schedule.step()
        yield f"{config} {t} {float(optimizer.param_groups[0][value]).hex()}"


def write_rules(torch, values, path):
    def described(config):
        before = f" after {BEFORE_STEP[config]}" if config in BEFORE_STEP else ""
        written = f", written: {WRITTEN[config]}" if config in WRITTEN else ""
        return f"{config}: {RULES[config]}{before}{written}"

    kinds = {"float": torch.float32, "double": torch.float64}
    lines = [line for config, call in RULES.items() for kind, dtype in kinds.items()
             for line in rule_lines(torch, values, config, call, kind, dtype)]
    comments = [MADE_BY, draws.LINES, draws.generator(values), *map(described, RULES), DEFAULTS]
    draws.write(path, comments, lines)


def write_schedules(torch, path):
    calls = [f"{config}: {call}" for config, (_, call) in SCHEDULES.items()]
    lines = [line for config, (count, call) in SCHEDULES.items()
             for line in schedule_lines(torch, config, count, call)]
    draws.write(path, [MADE_BY, SCHEDULE_NOTES, *calls], lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, help="where to write: tests/data")
    directory = parser.parse_args().directory
    torch = import_torch()
    write_rules(torch, draws.COARSE, directory / "pytorch_rules.txt")
    write_rules(torch, draws.FINE, directory / "pytorch_rules_fine.txt")
    write_schedules(torch, directory / "pytorch_schedules.txt")


if __name__ == "__main__":
    main()
