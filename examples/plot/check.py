#!/usr/bin/env python3
"""Runs gradus-plot as its users do: what it prints and writes, what it says to bad input, and that
what the guide shows is what it prints.

usage: check.py PROGRAM
"""
import csv
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

guide = pathlib.Path(__file__).resolve().parents[2] / "docs/guide/know-your-schedule.md"
warmup = "warmup(500) then cosine(1e-3, 1e-5, 10000)"
program = ""


def run(*arguments, **options):
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


class Plot(unittest.TestCase):
    def setUp(self):
        self.memory = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.memory.name)

    def tearDown(self):
        self.memory.cleanup()

    def shows(self, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def refuses(self, sentence, *arguments):
        done = run(*arguments, "--csv", self.folder / "out.csv")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(sentence, done.stderr)
        self.assertTrue(done.stderr.startswith("gradus-plot: "))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_guide(self):
        blocks = re.findall(r"```console\n\$ gradus-plot (.*?)\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
        self.assertGreater(len(blocks), 1)
        for command, output in blocks:
            self.assertEqual(self.shows(*shlex.split(command)), output, command)

    def test_table(self):
        out = self.shows("--height", 0, "--rows", 3, warmup)
        self.assertEqual(
            out,
            " step          rate\n"
            "    0         2e-06\n"
            " 5250   0.000543837\n"
            "10500         1e-05\n"
            "\n"
            "10500 steps: first 2e-06, last 1e-05, peak 0.001 at 499, lowest 2e-06 at 0, sum 5.301,"
            " mean 0.000504857, no jumps.\n",
        )
        self.assertEqual(self.shows("--height", 0, "--rows", 0, warmup), out.splitlines(True)[-1])

    def test_steps(self):
        self.assertIn("\n1000 steps: ", self.shows("constant(1)"))
        self.assertIn("\n7 steps: ", self.shows("--steps", 7, warmup))
        self.assertIn("No sum: more than 10000000 steps.", self.shows("--steps", 10**12, warmup))
        self.assertIn("No sum", self.shows("--steps", 2**62, warmup))

    def test_several(self):
        out = self.shows(warmup, "cosine(1e-3, 0, 10500)", warmup)
        self.assertIn("  a warmup(500) then", out)
        self.assertIn("  c warmup(500) then cosine(0.001, 1e-5, 10000) (c)\n", out)
        self.assertIn("Largest difference of b and a: 0.000998 at step 0.\n", out)
        self.assertIn("Largest difference of c and a: none.\n", out)

    def test_pictures(self):
        self.assertIn("\u28c0", self.shows(warmup))
        self.assertIn("\x1b[34m", self.shows("--colour", warmup, "1e-3"))
        self.assertTrue(self.shows("--ascii", warmup).isascii())
        self.assertIn("1e-4", self.shows("--log", warmup))
        wide = self.shows("--width", 120, "--height", 30, "--rows", 0, warmup).splitlines()
        self.assertEqual((max(map(len, wide[:-1])), len(wide)), (120, 37))

    def test_files(self):
        self.shows("--svg", self.folder / "new/a.svg", "--csv", self.folder / "a.csv", warmup, "max(1e-4, 1e-5)")
        xml.etree.ElementTree.parse(self.folder / "new/a.svg")
        with open(self.folder / "a.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0][2], "max(constant(1e-4), constant(1e-5))")
        self.assertEqual((len(rows), rows[1], rows[-1]), (10502, ["0", "2e-06", "0.0001"], ["10500", "1e-05", "0.0001"]))
        self.shows("--steps", 10**12, "--csv", self.folder / "a.csv", warmup)
        with open(self.folder / "a.csv", encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 1 + 100_001)
        self.assertEqual({f.name for f in self.folder.iterdir()}, {"new", "a.csv"})

    def test_bad_texts(self):
        self.refuses("column 1: expected a schedule, found 'cosin'; did you mean 'cosine'?\n  cosin(1)\n  ^\n", "cosin(1)")
        self.refuses("gradus::Cosine.steps must be > 0 (got 0)", "cosine(1, 0, 0)")
        self.refuses("column 1: expected", "")
        self.refuses("column", "(" * 100_000)
        self.refuses("column", warmup, warmup + " then")
        self.refuses("column", "\x1b[31m")
        self.refuses("SCHEDULE: must be 26 texts at most (got 27)", *["1"] * 27)

    def test_bad_options(self):
        self.refuses("SCHEDULE is required")
        for option, values in {
            "--steps": ("0", "-1", "010", "1e3", "x", "9223372036854775808", ""),
            "--rows": ("-1", "10001"),
            "--width": ("19", "1001"),
            "--height": ("1", "1001", "-3"),
        }.items():
            for value in values:
                self.refuses(option.strip("-"), warmup, f"{option}={value}")
        self.refuses("--colours", warmup, "--colours")

    # What cannot be written leaves nothing, and what was there before.
    def test_failed_write(self):
        self.shows("--csv", self.folder / "a.csv", "1")
        before = (self.folder / "a.csv").read_bytes()
        for bad in (self.folder, "/proc/a.svg", self.folder / "a.csv/a.svg"):
            done = run("--svg", bad, "--csv", self.folder / "a.csv", warmup)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
            self.assertIn("cannot be written", done.stderr)
        os.mkfifo(self.folder / "fifo")  # would be replaced by a file
        for option in "--svg", "--csv":
            done = run(option, self.folder / "fifo", warmup)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
            self.assertIn("cannot be written (it is neither a regular file nor a link to one)", done.stderr)
            self.assertTrue((self.folder / "fifo").is_fifo())
        (self.folder / "fifo").unlink()
        limited = ["sh", "-c", 'ulimit -f 4; trap "" XFSZ; exec "$@"', "sh", program, warmup]
        done = subprocess.run([*limited, "--csv", self.folder / "a.csv"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
        self.assertEqual([f.name for f in self.folder.iterdir()], ["a.csv"])
        self.assertEqual((self.folder / "a.csv").read_bytes(), before)

    def test_lost_output(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([program, warmup], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "gradus-plot: standard output: cannot be written\n"))

    def test_help(self):
        out = self.shows("--help")
        for option in ("steps", "rows", "width", "height", "ascii", "colour", "log", "svg", "csv", "help"):
            self.assertIn(f"--{option}", out)
        for example in re.findall(r"^  gradus-plot (.*)$", out, re.MULTILINE):
            done = run(*shlex.split(example), cwd=self.folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""), example)


if __name__ == "__main__":
    program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
