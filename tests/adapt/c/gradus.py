#!/usr/bin/env python3
"""Tests the interface for C from Python's standard library alone.

usage: gradus.py LIBRARY FOLDER    the shared library, and a folder for files
"""
import ctypes
import math
import pathlib
import sys

library = ctypes.CDLL(sys.argv[1])
path = str(pathlib.Path(sys.argv[2]) / "gradus_py_test.safetensors").encode()
Floats = ctypes.POINTER(ctypes.c_float)


class Options(ctypes.Structure):
    _fields_ = [("scale", ctypes.c_double), ("factor", ctypes.c_double), ("position", ctypes.c_int64),
                ("loss", ctypes.c_double), ("clip_norm", ctypes.c_double)]


class Result(ctypes.Structure):
    _fields_ = [("step", ctypes.c_int64), ("rate", ctypes.c_double), ("norm", ctypes.c_double)]


signatures = {  # what a function returns and takes
    "gradus_version": (ctypes.c_char_p,),
    "gradus_create": (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(Floats),
                      ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_char_p)),
    "gradus_free": (ctypes.c_int, ctypes.c_void_p),
    "gradus_step": (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(Floats), ctypes.POINTER(Floats),
                    ctypes.POINTER(Options), ctypes.POINTER(Result)),
    "gradus_default_options": (Options,),
    "gradus_rate": (ctypes.c_double, ctypes.c_void_p),
    "gradus_steps": (ctypes.c_int64, ctypes.c_void_p),
    "gradus_seek": (ctypes.c_int, ctypes.c_void_p, ctypes.c_int64),
    "gradus_state": (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_size_t)),
    "gradus_slots": (ctypes.c_size_t, ctypes.c_void_p),
    "gradus_slot_name": (ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t),
    "gradus_save": (ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    "gradus_load": (ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    "gradus_message": (ctypes.c_char_p, ctypes.c_void_p),
}
for name, (returns, *takes) in signatures.items():
    getattr(library, name).restype = returns
    getattr(library, name).argtypes = takes

sizes = (ctypes.c_size_t * 2)(7, 3)
names = (ctypes.c_char_p * 2)(b"weight", b"bias")


class Training:
    def __init__(self, rule=b"adamw(weight_decay=0.01)"):
        self.arrays = [(ctypes.c_float * n)() for n in sizes]
        self.params = (Floats * 2)(*(ctypes.cast(a, Floats) for a in self.arrays))
        self.handle = library.gradus_create(b"cosine(1e-2, 0, 100)", rule, 2, self.params, sizes, names)

    def step(self, options=None):
        grads = [(ctypes.c_float * len(a))(*(x - i for i, x in enumerate(a))) for a in self.arrays]
        pointers = (Floats * 2)(*(ctypes.cast(g, Floats) for g in grads))
        result = Result()
        status = library.gradus_step(self.handle, 2, self.params, pointers, options, ctypes.byref(result))
        assert status == 0, library.gradus_message(self.handle)
        return result

    def bytes(self):
        return [bytes(a) for a in self.arrays]


assert library.gradus_version().startswith(b"0.")
first, second = Training(), Training()
assert first.handle and second.handle, library.gradus_message(None)
for expected in range(10):
    assert first.step().step == expected
assert library.gradus_save(first.handle, path, first.params) == 0, library.gradus_message(first.handle)
for _ in range(10):
    first.step()
assert library.gradus_load(second.handle, path, second.params) == 0, library.gradus_message(second.handle)
assert library.gradus_steps(second.handle) == 10
for _ in range(10):
    second.step()
assert first.bytes() == second.bytes()
pathlib.Path(path.decode()).unlink()

size = ctypes.c_size_t()
at = library.gradus_state(first.handle, b"bias.exp_avg_sq", ctypes.byref(size))
state = (ctypes.c_float * size.value).from_address(at)
assert len(state) == 3 and all(x > 0 for x in list(state)[1:])
slots = [library.gradus_slot_name(first.handle, j) for j in range(library.gradus_slots(first.handle))]
assert slots == [b"exp_avg", b"exp_avg_sq"]

options = library.gradus_default_options()
options.clip_norm = 0.25
assert first.step(ctypes.byref(options)).norm > 0.25

# What is refused, with the sentence.
assert Training(b"adamax1").handle is None
assert b"did you mean 'Adamax'?" in library.gradus_message(None)
assert library.gradus_load(first.handle, b"no/such/file", None) == 2
assert b"no/such/file" in library.gradus_message(first.handle)
assert library.gradus_free(second.handle) == 0
assert math.isnan(library.gradus_rate(second.handle))
assert library.gradus_message(None) == b"gradus_rate.optimizer must not be used after gradus_free"
assert library.gradus_free(first.handle) == 0 and library.gradus_free(None) == 0
print("the interface for C works from Python")
