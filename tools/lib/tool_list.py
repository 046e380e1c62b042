"""The list of the tools, for tools/help and for the table in CONTRIBUTING.md, which tools/generate writes.

Times are for two quiet cores, without the installation of packages.
"""
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent

# Group, and in it: how to call the tool, what it does, how long it takes.
GROUPS = {
    "To try gradus": [
        ('tools/plot "cosine(0.1, 0, 1000)"', "Draws a schedule in the terminal, with a table and a summary.",
         "1 minute to build"),
        ("tools/demo", "Trains on handwritten digits with nine schedules and four rules, and draws the results.",
         "1 minute, 1 to build"),
        ("tools/playground", "Builds the playground: gradus as WebAssembly, in one page for a browser.", "half a minute"),
        ("tools/site --open", "Builds the web site into site/: guide, gallery, reference, search; --check tests its links.",
         "1 minute, then 15 s"),
    ],
    "While you work": [
        ("tools/test -R Adam", "Builds and runs the tests of one type, here of Adam.", "26 s"),
        ("tools/test", "Builds and runs every test; --preset takes another configuration.", "15 to 30 minutes"),
        ("tools/generate", "Writes what follows from the headers: gradus.hpp, the catalogue, parts of README.md.", "1 s"),
        ("tools/generate --check", "Names every file that is out of date or breaks a rule of the layout.", "1 s"),
        ("tools/check-layout", "Names every header that is in the wrong room or includes upwards.", "1 s"),
        ("tools/fuzz NAME", "Runs a fuzzer of tests/fuzz for as many draws as you choose.", "as you choose"),
        ("tools/setup", "Installs the packages that are missing (Debian); the other tools call it.", "minutes, once"),
        ("tools/example", "Builds and runs a program of examples/; other tools call it.", "1 minute to build"),
        ("tools/help", "Lists the tools.", "at once"),
    ],
    "To renew a page of figures": [
        ("tools/site --picture", "docs/schedules.svg, the picture of README.md.", "half a minute"),
        ("tools/demo --out docs/demo", "docs/demo: nine schedules and four rules on the digits.", "1 minute"),
        ("tools/headline", "docs/headline: constant rates, schedules and rules without a rate, tuned alike.", "3 minutes"),
        ("tools/convergence", "docs/convergence.md: every rule at its best rate on three problems.", "2 minutes"),
        ("tools/muon", "docs/muon.md: the speed of Muon's step, and how it learns beside AdamW.", "a minute"),
        ("tools/range-test", "docs/range-test.md: suggested rates beside the best rate of a grid.", "1 minute"),
        ("tools/search-speed", "docs/guide/search.md: what a search saves over training one by one.", "1 minute"),
        ("tools/torch-speed", "docs/guide/libtorch.md: TorchOptimizer beside libtorch's AdamW.", "2 minutes"),
        ("tools/distributed", "docs/distributed.md: bytes, time and bits of an optimizer on several processes.", "2 minutes"),
        ("tools/bench", "docs/performance.md: every rule, loops by hand, other libraries (on a quiet machine).", "some minutes"),
        ("tools/bench --only calls", "The table of small calls in docs/performance.md.", "a minute"),
        ("tools/bench --redraw", "The pictures of docs/performance.md, from its tables.", "half a minute"),
        ("tools/compile-cost", "docs/compile-cost.md: compile time and memory (on a quiet machine); --check asserts the budgets.",
         "5 minutes"),
        ("tools/house-figures", "Headers, lines and compile time, for two revisions beside each other.", "15 s a revision"),
        ("tests/package/ways.py --write", "docs/guide/install.md: every way to get gradus into a program.", "2 minutes"),
    ],
    "To test a promise": [
        ("tools/same-bits --quick", "docs/same-bits.md: the digests over compilers, flags and instruction sets.",
         "10 minutes, all: 2 hours"),
        ("tools/reliability --quick", "docs/reliability.md: kills, damages and interrupts saves and loads.",
         "1 minute, all: hours"),
        ("tools/mutants", "Puts each mended fault back and checks that its test fails; tools/mutants 04 takes some.", "half an hour"),
        ("tools/microcontroller", "docs/microcontroller.md: a Cortex-M under qemu, and the same bits.", "2 minutes"),
        ("tools/windows", "docs/windows.md: tests built with MinGW-w64, run under Wine.", "some minutes"),
        ("tools/playground --check", "Tries the playground in headless Chromium, and compares its bits with a native program's.",
         "4 minutes"),
        ("tools/release", "Checks everything and writes the files of a release into dist/.", "an hour and a half"),
    ],
}


def name_of(call):
    return call.split()[0]


def missing():
    """The tools that the list lacks, and entries without a tool, as sentences."""
    listed = {name_of(call) for entries in GROUPS.values() for call, _, _ in entries}
    there = {f"tools/{p.name}" for p in TOOLS.iterdir() if p.is_file()}
    yield from (f"tools/lib/tool_list.py: {name} is not in the list" for name in sorted(there - listed))
    yield from (f"tools/lib/tool_list.py: {name} does not exist" for name in sorted(listed - there)
                if not (TOOLS.parent / name).is_file())


def table():
    """The list as Markdown."""
    out = []
    for group, entries in GROUPS.items():
        out += [f"| {group} | | time |", "|---|---|---|"]
        out += [f"| `{call}` | {what} | {time} |" for call, what, time in entries]
        out += [""]
    return "\n".join(out).strip()
