#!/usr/bin/env python3
"""Tests tools/lib/progress.py, called from bash and from Python, into a pipe and on a terminal."""
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

root = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(root / "tools/lib"))
sys.dont_write_bytecode = True
import progress  # noqa: E402

program = str(root / "tools/lib/progress.py")
fast = {**os.environ, "GRADUS_PROGRESS_SECONDS": "0.2", "TERM": "xterm"}


def into_pipe(*arguments, text="", env=fast):
    return subprocess.run([sys.executable, program, *arguments], input=text, capture_output=True, text=True, env=env,
                          timeout=60, check=False)


def on_terminal(command, **options):
    """Returns what a command writes to a terminal on its standard error, and its exit status."""
    master, terminal = pty.openpty()
    child = subprocess.Popen(command, stderr=terminal, env=fast, **options)
    os.close(terminal)
    seen = b""
    try:
        while block := os.read(master, 4096):
            seen += block
    except OSError:  # how a terminal ends
        pass
    os.close(master)
    return seen.decode(), child.wait()


class Counts(unittest.TestCase):
    def test_the_lines_that_count(self):
        for line, far in (
            (b"[3/10] Building CXX object", (3, 10)),
            (b"[ 30%] Building CXX object", (30, 100)),
            (b"[100%] Built target", (100, 100)),
            (b"  7/940 Test  #7: Adam .....   Passed    0.01 sec", (7, 940)),
            (b"[12/12]", (12, 12)),
        ):
            self.assertEqual(progress.count(line), far, line)
        for line in (b"", b"FAILED: x.o", b"tests/x.cpp:3/10: error", b"      Start   7: Adam", b"x [3/10]", b"3 of 10"):
            self.assertIsNone(progress.count(line), line)

    def test_times(self):
        self.assertEqual([progress.spent(s) for s in (0, 59.9, 60, 3671)], ["0 s", "59 s", "1 min 00 s", "61 min 11 s"])


class IntoPipe(unittest.TestCase):
    def test_a_short_command_says_nothing(self):
        done = into_pipe("tools/x: build", "--", "echo", "much")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_two_seconds_are_enough_to_say_what_it_does(self):
        env = {**fast, "GRADUS_PROGRESS_SECONDS": "60"}
        done = into_pipe("tools/x: build", "--", "sleep", "2.5", env=env)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "^tools/x: build\ntools/x: build: done, [0-9]+ s\n$")

    def test_a_long_command_says_how_far_it_is(self):
        script = "for k in 1 2 3; do echo \"[$k/3] x\"; sleep 0.5; done"
        done = into_pipe("tools/x: build", "--", "sh", "-c", script)
        lines = done.stderr.splitlines()
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(lines[0], "tools/x: build")
        self.assertRegex(done.stderr, "tools/x: build: [1-3] of 3, [0-9]+ s\n")
        self.assertRegex(lines[-1], "tools/x: build: done, [0-9]+ s")
        self.assertNotIn("\r", done.stderr)

    def test_a_line_a_minute(self):
        env = {k: v for k, v in os.environ.items() if k != "GRADUS_PROGRESS_SECONDS"}
        with subprocess.Popen([sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import progress;"
                               "print(progress.Progress('x').every)", str(root / "tools/lib")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=env) as child:
            self.assertEqual(float(child.communicate()[0]), 60)

    def test_a_command_that_fails(self):
        script = "echo '[1/2] fine'; echo 'x.cpp:1: error: no'; echo '[2/2] more'; exit 3"
        done = into_pipe("tools/x: build", "--", "sh", "-c", script)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        lines = done.stderr.splitlines()
        self.assertRegex(lines[-2], "tools/x: build: stopped, [0-9]+ s")
        self.assertEqual(lines[-1], "x.cpp:1: error: no")
        self.assertNotIn("fine", done.stderr)

    def test_a_command_that_is_not_there(self):
        done = into_pipe("tools/x: build", "--", "/nowhere/program")
        self.assertEqual(done.returncode, 127)
        self.assertIn("No such file", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_a_log_has_everything_and_nothing_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            done = into_pipe("--log", str(log), "tools/x: test", "--", "sh", "-c", "echo '[1/2] a'; echo b >&2; exit 8")
            self.assertEqual(done.returncode, 8)
            self.assertEqual(log.read_text(), "[1/2] a\nb\n")
            self.assertNotIn("b\n", done.stderr.replace("tools/x: test", ""))

    def test_a_pipe_is_followed(self):
        done = subprocess.run(["bash", "-c", 'for k in 1 2; do echo "[$k/2]"; sleep 0.8; echo bad; done | "$@"', "bash",
                               sys.executable, program, "tools/x: run"], capture_output=True, text=True, env=fast, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertRegex(done.stderr, "tools/x: run: [12] of 2, [0-9]+ s\n")
        self.assertEqual(done.stderr.count("bad\n"), 2)
        self.assertRegex(done.stderr, "tools/x: run: done, [0-9]+ s\n$")

    def test_a_signal_ends_the_command_too(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "pid"
            child = subprocess.Popen([sys.executable, program, "x", "--", "sh", "-c", f"echo $$ > {path}; exec sleep 60"],
                                     stderr=subprocess.DEVNULL, env=fast)
            while not (path.exists() and path.read_text().endswith("\n")):
                time.sleep(0.01)
            child.send_signal(signal.SIGTERM)
            self.assertEqual(child.wait(timeout=20), 128 + signal.SIGTERM)
            with self.assertRaises(ProcessLookupError):
                os.kill(int(path.read_text()), 0)


class InPython(unittest.TestCase):
    script = """
import sys, time
sys.path.insert(0, sys.argv[1])
from progress import Progress
with Progress("tools/x: measure", total=4) as p:
    for k in range(4):
        time.sleep(0.3)
        p.advance()
        if k == 1: p.say("row 1 differs")
        if k == 3 and len(sys.argv) > 2: raise SystemExit(4)
"""

    def command(self, *arguments):
        return [sys.executable, "-c", self.script, str(root / "tools/lib"), *arguments]

    def test_into_a_pipe(self):
        done = subprocess.run(self.command(), capture_output=True, text=True, env=fast, check=True)
        lines = done.stderr.splitlines()
        self.assertEqual(lines[0], "tools/x: measure")
        self.assertRegex(lines[-1], "tools/x: measure: done, [0-9]+ s")
        self.assertIn("row 1 differs", lines)
        self.assertTrue(any(" of 4, 0 s" in line for line in lines), lines)

    def test_on_a_terminal_one_live_line(self):
        seen, status = on_terminal(self.command())
        self.assertEqual(status, 0)
        self.assertRegex(seen, "\r\033\\[Ktools/x: measure: [1-4] of 4, [0-9]+ s")
        self.assertIn("\r\033[Krow 1 differs\r\n", seen)
        self.assertRegex(seen, "\r\033\\[Ktools/x: measure: done, [0-9]+ s\r\n$")
        self.assertEqual(seen.count("\n"), 2)

    def test_a_line_is_no_wider_than_the_terminal(self):
        seen, _ = on_terminal([sys.executable, program, "w" * 300, "--", "sleep", "3.5"])
        self.assertIn("w" * 79, seen)
        self.assertLess(max(len(part) for part in seen.split("\r")[:-2]), 90)

    def test_what_is_stopped_says_so(self):
        done = subprocess.run(self.command("stop"), capture_output=True, text=True, env=fast, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr, "tools/x: measure: stopped, [0-9]+ s\n$")


class ToolsTest(unittest.TestCase):
    """Tests tools/test itself, with a cmake and a ctest that only print."""

    ended = "50% tests passed, 1 tests failed out of 2"

    def run_with(self, cmake, ctest):
        with tempfile.TemporaryDirectory() as folder:
            tools = pathlib.Path(folder) / "tools"
            (tools / "lib").mkdir(parents=True)
            shutil.copy(root / "tools/test", tools)
            shutil.copy(program, tools / "lib")
            for name, script in (("setup", ""), ("cmake", cmake), ("ctest", ctest)):
                path = tools / name
                path.write_text(f"#!/bin/sh\n{script}\n")
                path.chmod(0o755)
            env = {**fast, "PATH": f"{tools}:{os.environ['PATH']}"}
            return subprocess.run([tools / "test"], capture_output=True, text=True, env=env, timeout=60, check=False)

    def test_what_passes(self):
        done = self.run_with("echo '[1/2] x.o'; sleep 2; echo '[2/2] y.o'",
                             "echo '100% tests passed, 0 tests failed out of 2'; sleep 1")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "2 passed, 0 failed"))
        self.assertRegex(done.stderr, "tools/test: build with [0-9]+ jobs: 1 of 2, ")
        self.assertRegex(done.stderr, "tools/test: test with [0-9]+ jobs\n")

    def test_a_test_that_fails(self):
        done = self.run_with("", f"echo ' 1/2 Test #1: good ... Passed 0 s'; echo 'what failed'; echo '{self.ended}'; exit 8")
        lines = done.stdout.splitlines()
        self.assertEqual((done.returncode, lines[-1]), (8, "1 passed, 1 failed"))
        self.assertIn("what failed", lines)
        self.assertNotIn("good", done.stdout)

    def test_a_build_that_fails(self):
        done = self.run_with("test $1 != --build || { echo '[1/2] x.o'; echo 'x.cpp:1: error'; exit 1; }", "echo never")
        self.assertEqual(done.returncode, 1)
        self.assertIn("x.cpp:1: error\n", done.stderr)
        self.assertRegex(done.stdout, "tools/test: failed to build with [0-9]+ jobs\n$")
        self.assertNotIn("never", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
