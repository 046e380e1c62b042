#!/usr/bin/env python3
"""Counts the warnings of several compilers in the public headers and in the program in README.md, which is also run.

usage: compilers.py [--alone] [--write] [--jobs N] [COMPILER...]

Without compilers it takes those of the table in docs/guide/install.md that are installed. --write replaces this table. Public
are the headers for C++ that docs/versions.md names: those in the root of include/gradus, what the catalogue lists, and a few
more.
They are compiled in one unit; with --alone, each in a unit of its own, which takes some minutes for each compiler.
"""
import argparse
import concurrent.futures
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "tools/lib"))
from doc_blocks import catalogued  # noqa: E402
from progress import Progress  # noqa: E402

usual = ["g++-11", "g++-12", "clang++-16", "clang++-19", "x86_64-w64-mingw32-g++-posix"]
flags = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", f"-I{root / 'include'}"]
more = ["text/text.hpp", "text/parse_rule.hpp", "text/to_cpp.hpp", "save/save.hpp", "save/load.hpp", "save/inspect.hpp",
        "save/generator.hpp", "plot/svg.hpp", "plot/terminal.hpp", "tune/search.hpp", "tune/range_test.hpp"]
page = root / "docs/guide/install.md"


def public_headers():
    root_headers = [h.name for h in (root / "include/gradus").glob("*.hpp")]
    return sorted(f"gradus/{h}" for h in {*root_headers, *map(str, catalogued()), *more})


def warnings_of(command, text):
    """How often a compiler warns; what it does not compile ends the program."""
    done = subprocess.run([*command, "-x", "c++", "-"], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stderr}")
    if found := re.findall(r".*\bwarning: .*", done.stderr):
        print("\n".join(found), file=sys.stderr)
    return len(found)


def row(compiler, headers, alone, jobs):
    units = [[h] for h in headers] if alone else [headers]
    with Progress(f"compilers.py: {compiler}", len(units)) as progress, concurrent.futures.ThreadPoolExecutor(jobs) as pool, \
            tempfile.TemporaryDirectory() as folder:
        def warnings_in(unit):
            count = warnings_of([compiler, *flags, "-fsyntax-only"], "".join(f"#include <{header}>\n" for header in unit))
            progress.advance()
            return count
        in_headers = sum(pool.map(warnings_in, units))
        readme = re.search(r"^```cpp\n(.*?)^```", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
        if old := re.fullmatch(r"clang\+\+-1[0-6]", compiler):
            readme = readme.replace("gradus::Cosine{", "gradus::Cosine<>{")
        app, mingw = pathlib.Path(folder) / "app.exe", "mingw" in compiler
        in_program = warnings_of([compiler, *flags, "-O2", "-o", app, *(["-static"] if mingw else [])], readme)
        said = "not run"
        if not mingw or shutil.which("wine"):
            quiet = {**os.environ, "WINEDEBUG": "-all", "WINEPREFIX": f"{folder}/wine"}
            said = subprocess.run([*(["wine"] if mingw else []), app], check=True, capture_output=True, text=True, env=quiet)
            said = said.stdout.strip() + (" (under Wine)" if mingw else "")
        version = subprocess.run([compiler, "-dumpversion" if "clang" in compiler else "-dumpfullversion"], check=True, capture_output=True, text=True).stdout.strip()
        note = ", with `Cosine<>{...}`" if old else ""
        return f"| {compiler} {version} | {len(headers)} | {in_headers} | {in_program}{note} | {said} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("compilers", nargs="*", default=[c for c in usual if shutil.which(c)])
    arguments = parser.parse_args()
    headers = public_headers()
    rows = [row(c, headers, arguments.alone, arguments.jobs) for c in arguments.compilers]
    how = "each alone" if arguments.alone else "in one unit"
    table = "\n".join([f"| compiler | public headers, {how} | warnings | warnings in the program of README.md, -O2 | it prints |",
                       "|---|---|---|---|---|", *rows, "", f"Measured on {datetime.date.today()}."])
    print(table)
    if arguments.write:
        begin, end = "<!-- compilers: written by tests/package/compilers.py -->", "<!-- end: compilers -->"
        head, _, rest = page.read_text(encoding="utf-8").partition(begin)
        page.write_text(f"{head}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
