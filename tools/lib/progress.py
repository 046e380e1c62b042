#!/usr/bin/env python3
"""Reports on standard error what a tool does and how far it is. On a terminal this is one live line; elsewhere (a pipe, a
log) it is a line at the beginning, a line per minute and a line at the end. A task of less than two seconds reports nothing,
unless it fails.

In Python:

    sys.path.insert(0, str(root / "tools/lib"))
    from progress import Progress, run

    with Progress("tools/x: measure", total=len(rows)) as progress:  # without a total it shows only the time
        for row in rows:
            measure(row)
            progress.advance()                                       # or progress.at(done, total)

    run("tools/x: build", ["cmake", "--build", folder])              # a command; its output is shown only if it fails

In bash:

    progress() { python3 tools/lib/progress.py "$@"; }
    progress "tools/x: build" -- cmake --build "$folder"             # the same; returns the exit status of the command
    progress --log "$log" "tools/x: test" -- ctest                   # the output goes to a file and is never shown
    for k in 1 2 3; do work "$k"; echo "[$k/3]"; done | progress "tools/x: work"   # other lines are shown

The progress of a command or a pipe comes from its lines: `[3/10]` of ninja and our tools, `[ 30%]` of make, `3/10 Test` of ctest.

The environment variable GRADUS_PROGRESS_SECONDS is the time between two lines in a pipe (default 60).
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

counted = re.compile(rb"\s*(?:\[(\d+)/(\d+)\]|\[ *(\d+)%\]|(\d+)/(\d+) Test )")
soon = 2  # seconds until the first report


def spent(seconds):
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def count(line):
    """Returns (done, total) if a line contains it, else None."""
    if not (found := counted.match(line)):
        return None
    ninja, ninja_total, percent, ctest, ctest_total = (None if x is None else int(x) for x in found.groups())
    if percent is not None:
        return percent, 100
    return (ninja, ninja_total) if ninja is not None else (ctest, ctest_total)


class Progress:
    """Shows the progress of a task until the end of a `with` block. All functions may be called from any thread."""

    def __init__(self, what, total=None, stream=None):
        self.what, self.done, self.total = what, 0, total
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self.every = 1 if self.live else float(os.environ.get("GRADUS_PROGRESS_SECONDS", 60))
        self.begin, self.soon = time.monotonic(), min(soon, self.every)
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.shown = 0.0  # when it was last shown
        self.ticker = threading.Thread(target=self._tick, daemon=True)

    def advance(self, by=1):
        with self.lock:
            self.done += by
        self._changed()

    def at(self, done, total=None):
        with self.lock:
            self.done = done
            self.total = total or self.total
        self._changed()

    def say(self, text):
        """Prints a separate line, for example about a failure."""
        with self.lock:
            self._put(("\r\033[K" if self.live else "") + text + "\n")

    def __enter__(self):
        self.ticker.start()
        return self

    def __exit__(self, kind, error, trace):
        self.ended.set()
        self.ticker.join()
        seconds = time.monotonic() - self.begin
        if self.live:
            self._put("\r\033[K")
        if kind is not None or seconds >= self.soon:
            self._put(f"{self.what}: {'done' if kind is None else 'stopped'}, {spent(seconds)}\n")

    def _text(self):
        far = f": {self.done} of {self.total}" if self.total else f": {self.done}" if self.done else ""
        return f"{self.what}{far}, {spent(time.monotonic() - self.begin)}"

    def _tick(self):
        if self.ended.wait(self.soon):
            return
        if not self.live:
            self._put(self.what + "\n")
        while not self.ended.wait(self.every):
            self._show()

    def _changed(self):
        now = time.monotonic()
        if self.live and now - self.begin >= self.soon and now - self.shown >= 0.1:
            self._show()

    def _show(self):
        with self.lock:
            self.shown = time.monotonic()
            if self.live:
                width = shutil.get_terminal_size().columns - 1
                self._put("\r\033[K" + self._text()[:width])
            else:
                self._put(self._text() + "\n")

    def _put(self, text):
        try:
            self.stream.write(text)
            self.stream.flush()
        except OSError:  # a terminal or a reader that is gone is no reason to stop
            pass


def follow(progress, lines, other=None, kept=None):
    """Reads the progress from lines of bytes, copies them into a file, and passes lines without progress to `other`."""
    for line in lines:
        if (far := count(line)) is not None:
            progress.at(*far)
        elif other is not None:
            other(line.decode(errors="replace").rstrip("\n"))
        if kept is not None:
            kept.write(line)
            kept.flush()


def run(what, command, log=None, **options):
    """Runs a command. Its output goes to the file `log`. Without a log it is shown if the command fails, except for the lines
    with progress. Raises subprocess.CalledProcessError if the command fails."""
    command = [str(c) for c in command]
    with open(log, "w+b") if log else tempfile.TemporaryFile() as kept:
        try:
            with Progress(what) as progress:
                with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options) as child:
                    with ends_with_us(child):
                        follow(progress, child.stdout, kept=kept)
                if child.returncode != 0:
                    raise subprocess.CalledProcessError(child.returncode, command)
        except subprocess.CalledProcessError:
            if not log:
                kept.seek(0)
                sys.stderr.flush()
                sys.stderr.buffer.writelines(line for line in kept if count(line) is None)
                sys.stderr.flush()
            raise


class ends_with_us:
    """Handles a signal that ends this process: sends it to the child first, and waits for the child."""

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, child):
        self.child = child

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            self.before = [signal.signal(s, lambda number, frame: self.child.send_signal(number)) for s in self.signals]

    def __exit__(self, *error):
        if hasattr(self, "before"):
            for number, handler in zip(self.signals, self.before):
                signal.signal(number, handler)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     usage="progress.py [--log FILE] WHAT [-- COMMAND...]")
    parser.add_argument("--log", help="where the command's output goes")
    parser.add_argument("what")
    parser.add_argument("command", nargs="*", help="without one the standard input is followed")
    arguments = parser.parse_args()
    if not arguments.command:
        with Progress(arguments.what) as progress:
            follow(progress, sys.stdin.buffer, progress.say)
        return 0
    try:
        run(arguments.what, arguments.command, arguments.log)
    except subprocess.CalledProcessError as error:
        return error.returncode if error.returncode > 0 else 128 - error.returncode
    except OSError as error:
        print(f"{arguments.what}: {error}", file=sys.stderr)
        return 127
    return 0


if __name__ == "__main__":
    sys.exit(main())
