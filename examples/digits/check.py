#!/usr/bin/env python3
"""Runs the demo as its users do: what it prints and writes, and what it says to bad input.

usage: check.py PROGRAM DIGITS.CSV
"""
import csv
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

here = pathlib.Path(__file__).resolve().parent
short = ["--steps", "60", "--repeat", "1", "--schedule", "Cosine", "--rule", "Adam", "Momentum"]
files = {"overview.svg", "steps.svg", "rates.svg", "loss.svg", "accuracy.svg", "table.md", "table.csv"}
files |= {"curves.csv"}
digits = ""
program = ""
os.environ["GRADUS_PROGRESS_SECONDS"] = "100000"  # stderr is to be empty, however slow the machine is


def demo(*arguments, **options):
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


class Demo(unittest.TestCase):
    def setUp(self):
        self.memory = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.memory.name)
        self.out = self.folder / "out"

    def tearDown(self):
        self.memory.cleanup()

    def run_short(self, *arguments):
        done = demo(*short, "--out", self.out, *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.replace(str(self.out), "OUT")

    def refuses(self, sentence, *arguments):
        done = demo(*short, "--out", self.out, *arguments)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(sentence, done.stderr)
        if self.out.is_dir():
            self.assertEqual(list(self.out.iterdir()), [])

    def file(self, text):
        path = self.folder / "digits.csv"
        path.write_bytes(text)
        return path

    # The same table on every machine: this one was made by g++ 12 on x86-64.
    def test_numbers(self):
        self.assertEqual(self.run_short(), (here / "expected.txt").read_text(encoding="utf-8"))

    def test_files(self):
        self.run_short("--threads", "1")
        texts = {f.name: f.read_bytes() for f in self.out.iterdir()}
        self.assertEqual(set(texts), files)
        for name in files:
            if name.endswith(".svg"):
                xml.etree.ElementTree.fromstring(texts[name])
        with open(self.out / "curves.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 2 * 2 * 5 * 3)  # rules, schedules, rates, samples
        self.assertEqual({r["schedule"] for r in rows}, {"Constant", "Cosine"})
        self.run_short("--threads", "3")
        self.assertEqual({f.name: f.read_bytes() for f in self.out.iterdir()}, texts)

    def test_options(self):
        first = self.run_short()
        self.assertNotEqual(self.run_short("--seed", "2"), first)
        self.assertNotEqual(self.run_short("--batch", "16"), first)
        self.run_short("--rate", "0.004", "--rule", "all")
        with open(self.out / "curves.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len({r["rule"] for r in rows}), 9)
        self.assertEqual({r["peak_rate"] for r in rows if r["schedule"] == "Cosine"}, {"0.004"})
        self.assertGreater(len({r["peak_rate"] for r in rows if r["schedule"] == "Constant"}), 4)

    def test_names_in_any_case(self):
        first = self.run_short()
        lower = ["--steps", "60", "--repeat", "1", "--schedule", "cosine", "--rule", "adam", "MOMENTUM"]
        done = demo(*lower, "--out", self.out)
        self.assertEqual(done.stdout.replace(str(self.out), "OUT"), first)

    # A folder that has the name of a file: refused before any file is replaced.
    def test_commit_is_all_or_nothing(self):
        self.run_short()
        (self.out / "table.md").unlink()
        (self.out / "table.md").mkdir()
        before = {f.name: f.read_bytes() for f in self.out.iterdir() if f.is_file()}
        done = demo(*short, "--seed", "9", "--out", self.out)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertIn("table.md: cannot be written", done.stderr)
        self.assertEqual({f.name: f.read_bytes() for f in self.out.iterdir() if f.is_file()}, before)

    def test_two_at_once(self):
        command = [program, *short, "--out", str(self.out)]
        both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(4)]
        self.assertEqual([p.wait() for p in both], [0] * 4)
        self.assertEqual({f.name for f in self.out.iterdir()}, files)

    def test_lost_output(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(
                [program, *short, "--out", self.out], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)

    def test_all_diverge(self):
        self.run_short("--rate", "1e30", "--rule", "SGD")
        self.assertIn(",nan,", (self.out / "curves.csv").read_text(encoding="utf-8"))

    def test_help(self):
        done = demo("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("schedule", "rule", "rate", "steps", "seed", "data", "out", "help"):
            self.assertIn(f"--{option}", done.stdout)

    def test_bad_options(self):
        self.refuses("--schedule", "--schedule", "Cosin")
        self.refuses("--rule", "--rule", "Adamm")
        self.refuses("--steps", "--steps", "9")
        self.refuses("--steps", "--steps", "-1")
        self.refuses("--steps", "--steps", "0100")
        self.refuses("--steps", "--steps", "1e3")
        self.refuses("--steps", "--steps", "100001")
        self.refuses("--steps", "--steps", "99999999999999999999999")
        for rate in ("0", "-1", "nan", "inf", "1e31", "x", ""):
            self.refuses("--rate", "--rate", rate)
        self.refuses("--seed", "--seed", "-1")
        self.refuses("--rows", "--rows", "50")
        self.refuses("--sched", "--sched", "Cosine")

    def test_bad_data(self):
        text = pathlib.Path(digits).read_bytes()
        lines = text.split(b"\n")
        self.refuses("missing.csv: cannot be read", "--data", self.folder / "missing.csv")
        self.refuses("cannot be read", "--data", self.folder)
        self.refuses("digits.csv: must have 1797 lines (got 0)", "--data", self.file(b""))
        self.refuses("digits.csv:890: ends in the middle of a line", "--data", self.file(text[:131100]))
        cut = b"\n".join(lines[:1000]) + b"\n"
        self.refuses("digits.csv: must have 1797 lines (got 1000)", "--data", self.file(cut))
        self.refuses("must have 1797 lines (got 1798)", "--data", self.file(text + lines[0] + b"\n"))
        for bad, sentence in (
            (b"x" + lines[6][1:], 'digits.csv:7: column 1 must be a whole number from 0 to 16 (got "x")'),
            (lines[6][:-1] + b"10", 'digits.csv:7: column 65 must be a whole number from 0 to 9 (got "10")'),
            (lines[6][:-1] + b"-1", 'column 65 must be a whole number from 0 to 9 (got "-1")'),
            (b"17" + lines[6][1:], 'column 1 must be a whole number from 0 to 16 (got "17")'),
            (b" " + lines[6], 'column 1 must be a whole number from 0 to 16 (got " 0")'),
            (b"\x1b[31m" + lines[6], 'column 1 must be a whole number from 0 to 16 (got "?[31m0")'),
            (lines[6] + b",1", "digits.csv:7: must have 65 columns (got 66)"),
            (lines[6][:10], "digits.csv:7: must have 65 columns"),
            (b"", "digits.csv:7: must have 65 columns (got 1)"),
        ):
            self.refuses(sentence, "--data", self.file(b"\n".join([*lines[:6], bad, *lines[7:]])))

    def test_other_line_ends(self):
        first = self.run_short()
        text = pathlib.Path(digits).read_bytes().replace(b"\n", b"\r\n")
        self.assertEqual(self.run_short("--data", self.file(text)), first)

    def test_unwritable_folder(self):
        block = self.file(b"")
        done = demo(*short, "--out", block / "out")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertIn("cannot be written", done.stderr)
        done = demo(*short, "--out", "/proc/out")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertIn("/proc/out: cannot be written", done.stderr)

    # What a full disk leaves: nothing, and the results of the time before.
    def test_failed_write(self):
        self.run_short()
        before = {f.name: f.read_bytes() for f in self.out.iterdir()}
        limited = ["sh", "-c", 'ulimit -f 4; trap "" XFSZ; exec "$@"', "sh", program]
        done = subprocess.run(
            [*limited, *short, "--seed", "5", "--out", self.out], capture_output=True, text=True, check=False
        )
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertIn("cannot be written", done.stderr)
        self.assertEqual({f.name: f.read_bytes() for f in self.out.iterdir()}, before)

    def test_killed(self):
        process = subprocess.Popen(
            [program, "--steps", "100000", "--out", self.out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not self.out.is_dir():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        time.sleep(0.2)
        process.kill()
        process.wait()
        self.assertEqual(list(self.out.iterdir()), [])

    def test_progress_into_a_pipe(self):
        done = demo(*short, "--out", self.out, env={**os.environ, "GRADUS_PROGRESS_SECONDS": "0.01"})
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "^training: [0-9]+ of [0-9]+, [0-9]+ s left\n")
        self.assertNotIn("\r", done.stderr)

    def test_progress_on_a_terminal(self):
        master, terminal = pty.openpty()
        process = subprocess.Popen(
            [program, *short, "--out", self.out], stdout=subprocess.DEVNULL, stderr=terminal
        )
        os.close(terminal)
        seen = b""
        try:
            while block := os.read(master, 4096):
                seen += block
        except OSError:  # how a terminal ends
            pass
        os.close(master)
        self.assertEqual(process.wait(), 0)
        self.assertIn(b"training [", seen)
        self.assertIn(b"100 %", seen)


if __name__ == "__main__":
    program, digits = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
