#!/usr/bin/env python3
"""Prints the options of a program in C++ whose options CLI11 reads, without compiling it.

usage: options_of.py NAME FILE.cpp

It reads the calls `add_option("--name", variable, "text")` and `add_flag`, and the text of the application.
"""
import ast
import re
import sys
import textwrap

literals = r'((?:\s*"(?:[^"\\]|\\.)*")+)'


def text_of(adjacent):
    """What adjacent string literals of C++ say."""
    return "".join(ast.literal_eval(one) for one in re.findall(r'"(?:[^"\\]|\\.)*"', adjacent))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    name, source = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
    about = re.search(rf"(?:CLI::App app[({{]|\babout =){literals}", source)
    found = re.findall(rf'add_(?:option|flag)\(\s*"([-\w]+)",\s*[\w.]+,{literals}', source)
    options = [(option, text_of(text)) for option, text in found]
    positional = [option for option, _ in options if not option.startswith("-")]
    print(text_of(about[1]).rstrip() + "\n")
    print(" ".join(["usage:", name, "[OPTION...]", *(f"{p}..." for p in positional)]) + "\n")
    for option, text in options:
        print(textwrap.fill(text, 100, initial_indent=f"  {option:14} ", subsequent_indent=" " * 17))


if __name__ == "__main__":
    main()
