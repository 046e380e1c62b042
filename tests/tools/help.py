#!/usr/bin/env python3
"""Tests that every tool prints its help at once, without building anything."""
import pathlib
import re
import resource
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


problems = []
for tool in sorted(p for p in (root / "tools").iterdir() if p.is_file()):
    before = processor_seconds()
    done = subprocess.run([tool, "--help"], capture_output=True, text=True, check=False)
    if done.returncode != 0 or not re.search("usage:", done.stdout, re.IGNORECASE):
        problems.append(f"{tool.name} --help does not print its usage:\n{done.stdout}{done.stderr}")
    if (seconds := processor_seconds() - before) > 1:
        problems.append(f"{tool.name} --help takes {seconds:.1f} s")

# What programs of examples/ print is read from their sources.
for tool, source in (("demo", "digits/main"), ("plot", "plot/main"), ("convergence", "convergence/main"),
                     ("headline", "headline/main"), ("range-test", "range_test/main"), ("search-speed", "digits/search_speed")):
    said = subprocess.run([root / "tools" / tool, "--help"], capture_output=True, text=True, check=False).stdout
    declared = len(re.findall(r"\badd_(?:option|flag)\(", (root / f"examples/{source}.cpp").read_text(encoding="utf-8")))
    if (shown := len(re.findall(r"^  (?:--\w|[A-Z]{3})", said, re.MULTILINE))) != declared:
        problems.append(f"{tool} --help shows {shown} of {declared} options")

print("\n".join(problems) or "every tool prints its help at once")
sys.exit(1 if problems else 0)
