#!/usr/bin/env python3
"""Compiles the complete programs in README.md and docs/guide/*.md (cpp blocks that begin with #include), and checks that
links between the project's pages lead somewhere.

usage: check.py COMPILER
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
problems = []
programs = 0
for page in pages:
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(root)
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose):
        if not (page.parent / link).exists():
            problems.append(f"{name}: links to {link}, which does not exist")
    for block in re.finditer(r"```cpp\n(#include.*?)```", text, re.DOTALL):
        programs += 1
        command = [sys.argv[1], "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", f"-I{root}/include", "-xc++", "-"]
        done = subprocess.run(command, input=block[1], capture_output=True, text=True)
        if done.returncode != 0 or done.stderr:
            line = text[: block.start()].count("\n") + 1
            problems.append(f"{name}:{line}: the program does not compile cleanly\n{done.stderr}")
if programs == 0:
    problems.append("no program was found: has the form of the pages changed?")
print("\n".join(problems) or f"{programs} programs compile, every link leads somewhere")
sys.exit(1 if problems else 0)
