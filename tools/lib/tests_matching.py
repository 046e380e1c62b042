#!/usr/bin/env python3
"""Prints the files of unit tests that have a case whose name matches a regular expression, as `ctest -R` would find it.

If the expression is the name of a type that has a file of tests, as Adam has adam.cpp, that is the only one. Prints nothing
if there are more than 12 files, or if the expression also matches a test that is not a unit test.

usage: tests_matching.py REGEX
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent / "tests"
others = ["compile_fail.", "package.", "reliability.", "fuzz.", "layout", "docs", "tools.", "examples/", "compile_cost", "saved_file_in_python."]
case = re.compile(r'^(?:TEMPLATE_)?TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def names(source):
    """The names of the test cases of a file; a name may be cut in several strings."""
    for found in case.finditer(source.read_text(encoding="utf-8")):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found[1])).replace('\\"', '"')


wanted = re.compile(sys.argv[1])
elsewhere = re.compile("/(adapt|compile_fail|docs|fuzz|package|reliability|support)/|/exec/(openmp|tbb)|/text/fmt")  # or with other flags or libraries
sources = [s for s in sorted(root.rglob("*.cpp")) if not elsewhere.search(str(s))]
files = [s for s in sources if s.stem.replace("_", "") == sys.argv[1].lower()]
files = files or [s for s in sources if any(wanted.search(n) for n in names(s))]
if len(files) <= 12 and not any(wanted.search(o) for o in others):
    print(*files, sep=";")
