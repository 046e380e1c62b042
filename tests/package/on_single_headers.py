#!/usr/bin/env python3
"""Compiles unit tests in which every header of gradus is replaced by a single header that contains it: first by the core, then
by the core with text, plots, saving and search. It checks the syntax alone; `tools/release io-header` also runs the tests.

usage: on_single_headers.py [--header core|io] [--part K/N] [--compiler COMPILER] [--jobs N] [FILE...]

Without files it compiles all unit tests, with the warnings of the suite as errors. --part 2/4 takes the second quarter of
them. On a quiet core one file takes about two seconds. Left out are the tests of headers that need another
library (adapt/, TBB, fmt), which no single header contains.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "tools/lib"))
from progress import Progress  # noqa: E402

warnings = """-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wdouble-promotion -Wold-style-cast
-Wno-subobject-linkage -Wno-unknown-warning-option -Werror""".split()
no_unit_test = re.compile(r"/tests/(adapt|compile_fail|docs|fuzz|package|reliability|support)/|/exec/(openmp|tbb)|/text/fmt")


def compile_all(header, tests, compiler, jobs):
    """Returns what does not compile, with the errors."""
    with tempfile.TemporaryDirectory() as folder, Progress(f"on_single_headers: {header}", len(tests)) as progress, \
            concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        subprocess.run([sys.executable, root / "tools/generate", "--single-header", f"{folder}/gradus.hpp", "--forward",
                        f"{folder}/include", *(["--io"] if header == "io" else [])], check=True)
        command = [compiler, "-std=c++20", *warnings, f"-I{folder}/include", f"-I{root / 'include'}", f"-I{root / 'tests'}",
                   f'-DGRADUS_TEST_DATA="{root / "tests/data"}"']
        # What all tests have in common is compiled once.
        common = pathlib.Path(folder) / "common.hpp"
        common.write_text(f'#pragma once\n#include "{folder}/gradus.hpp"\n#include "support/catch.hpp"\n', encoding="utf-8")
        subprocess.run([*command, "-w", "-x", "c++-header", common, "-o", f"{common}.gch"], check=True)

        def compiled(test):
            done = subprocess.run([*command, "-fsyntax-only", "-include", common, test], capture_output=True, text=True)
            progress.advance()
            return "" if done.returncode == 0 else f"{test.relative_to(root)} on the single header ({header}):\n{done.stderr[:3000]}"
        return [problem for problem in pool.map(compiled, tests) if problem]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--header", choices=["core", "io"], action="append", help="without it, both")
    parser.add_argument("--part", metavar="K/N", default="1/1", help="the K-th of N parts of the files")
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    tests = [f.resolve() for f in arguments.files] or [
        p for p in sorted((root / "tests").rglob("*.cpp")) if not no_unit_test.search(p.as_posix())]
    part, parts = map(int, arguments.part.split("/"))
    tests = tests[part - 1::parts]
    problems = [p for header in arguments.header or ["core", "io"]
                for p in compile_all(header, tests, arguments.compiler, arguments.jobs)]
    print("\n".join(problems) or f"{len(tests)} files compile on {' and '.join(arguments.header or ['core', 'io'])}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
